//! Work that nobody waits for in a browser: rounds and mails that are due, and
//! closings that were broken off. Any number of workers may run over one
//! database.

mod desk;
mod post;

use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::sync::watch;

use crate::flow::{self, FlowError, House, Resumed};
use crate::mail::Transport;
use crate::mail_in;
use crate::time::Moment;

use post::Post;

/// How often somebody looks whether rounds are due.
const ROUNDS: Duration = Duration::from_secs(5);
/// So often the embedded database's log is emptied, in seconds: what was deleted is then
/// in no file, and nothing shows what was written after what.
const LOG_EMPTIED: i64 = 3600;

/// Starts the work on threads of its own, until `stop` turns true.
///
/// # Errors
/// If the sender or the mail server's address cannot be used, or the journal of
/// mails cannot be opened.
pub fn start(house: House, stop: watch::Receiver<bool>) -> Result<JoinHandle<Result<()>>> {
    let sender = house.sender()?;
    let transport = Transport::open(&house.settings.mail_url)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(std::thread::available_parallelism().map_or(2, usize::from).clamp(1, 4))
        .enable_all()
        .build()
        .context("the worker's threads could not be started")?;
    let post = Post::new(house.clone(), sender, transport)?;
    Ok(std::thread::spawn(move || {
        runtime.block_on(async move {
            resume(&house).await;
            let coming_in = tokio::spawn(mail_in::run(house.clone(), stop.clone()));
            let keeping = tokio::spawn(keep_house(house, stop.clone()));
            post.run(stop).await;
            coming_in.await.context("the look for bounces failed")?;
            keeping.await.context("the housekeeping failed")
        })
    }))
}

/// What is done now and then, whether or not mails wait.
async fn keep_house(house: House, mut stop: watch::Receiver<bool>) {
    let mut counted = None;
    let mut emptied: Option<Moment> = None;
    while !*stop.borrow() {
        let today = house.now().london_date();
        if counted != Some(today) {
            match house.blocking(each_day).await {
                Ok(()) => counted = Some(today),
                Err(error) => tracing::error!(error = chain(&error), "the day's work is not done"),
            }
        }
        let now = house.now();
        if emptied.is_none_or(|before| before.plus_seconds(LOG_EMPTIED) <= now) {
            match house.blocking(|house| Ok(house.store.empty_log()?)).await {
                Ok(true) => emptied = Some(now),
                // Somebody reads: the next round tries again.
                Ok(false) => {}
                Err(error) => {
                    tracing::error!(error = chain(&error), "the database's log is not emptied");
                }
            }
        }
        if let Err(error) = house.blocking(flow::forget_old_registers).await {
            tracing::error!(error = chain(&error), "old uploads of the register are not deleted");
        }
        match house.blocking(flow::publish_due).await {
            Ok(published) => {
                for code in published {
                    tracing::info!(%code, "results are published");
                }
            }
            Err(error) => {
                tracing::error!(
                    error = chain(&error),
                    "results that are due could not be published"
                );
            }
        }
        match house.blocking(flow::decide_rounds).await {
            Ok(0) => {}
            Ok(mails) => tracing::info!(mails, "a round of mails is decided on"),
            Err(error) => {
                tracing::error!(error = chain(&error), "a round of mails could not be decided on");
            }
        }
        rest(ROUNDS, &mut stop).await;
    }
}

fn each_day(house: &House) -> Result<(), FlowError> {
    flow::count_this_morning(house)?;
    flow::forget_idle_drafts(house).map(drop)
}

async fn resume(house: &House) {
    match house.blocking(flow::resume_closings).await {
        Ok(resumed) => {
            for one in resumed {
                match one {
                    Resumed::Done(code) => {
                        tracing::info!(%code, "a closing that was broken off is done");
                    }
                    Resumed::WaitsForKey(code) => tracing::warn!(
                        %code,
                        "a closing that was broken off waits for the key: close the wave again with it"
                    ),
                }
            }
        }
        Err(error) => tracing::error!(error = chain(&error), "a closing could not be taken up"),
    }
}

/// Waits, but not when there is an order to stop; a closed channel is one too.
async fn rest(time: Duration, stop: &mut watch::Receiver<bool>) {
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        _ = stop.wait_for(|stop| *stop) => {}
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
