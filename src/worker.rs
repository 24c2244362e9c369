//! Work that nobody waits for in a browser: mails that are due, and closings
//! that were broken off. Any number of workers may run over one database.

use std::time::Duration;

use anyhow::Result;
use tokio::sync::watch;

use crate::flow::{self, FlowError, House, SendOutcome};
use crate::mail::{Sender, Transport};

const IDLE: Duration = Duration::from_secs(2);
const AFTER_A_FAILURE: Duration = Duration::from_secs(15);

/// Sends what is due until `stop` turns true.
///
/// # Errors
/// If the sender or the mail server's address cannot be used.
pub async fn run(house: House, mut stop: watch::Receiver<bool>) -> Result<()> {
    let sender = Sender::parse(&house.settings.mail_from)?;
    let transport = Transport::open(&house.settings.mail_url)?;
    resume(&house).await;
    let mut counted = None;
    while !*stop.borrow() {
        let today = house.now().london_date();
        if counted != Some(today) {
            match house.blocking(flow::count_this_morning).await {
                Ok(()) => counted = Some(today),
                Err(error) => tracing::error!(error = chain(&error), "the units were not counted"),
            }
        }
        let rest = match flow::send_one(&house, &sender, &transport).await {
            Ok(SendOutcome::NothingDue) => IDLE,
            Ok(outcome) => {
                tracing::debug!(?outcome, "a mail");
                if outcome == SendOutcome::Postponed {
                    tracing::warn!("a mail could not be handed on; it will be tried again");
                }
                Duration::ZERO
            }
            Err(error) => {
                tracing::error!(error = chain(&error), "the mail worker failed and goes on");
                AFTER_A_FAILURE
            }
        };
        if !rest.is_zero() {
            // A stop order ends the rest at once; a closed channel is a stop order too.
            tokio::select! {
                () = tokio::time::sleep(rest) => {}
                changed = stop.changed() => if changed.is_err() { break },
            }
        }
    }
    Ok(())
}

async fn resume(house: &House) {
    match house.blocking(flow::resume_closings).await {
        Ok(resumed) => {
            for code in resumed {
                tracing::info!(%code, "a closing that was broken off is done");
            }
        }
        Err(error) => tracing::error!(error = chain(&error), "a closing could not be taken up"),
    }
}

/// An error with its causes, in one line.
fn chain(error: &FlowError) -> String {
    let mut said = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        said = format!("{said}: {inner}");
        cause = inner.source();
    }
    said
}
