//! Sends one mail that is due, for a demonstration and for tests: claim it, write
//! it, hand it on, write down what became of it. The worker does the same with
//! many at once.

use crate::ledger::Ended;
use crate::mail::{Delivery, Sender, Transport};

use super::claim_mail::{claim_mails, record_mails};
use super::write_mail::write_mail;
use super::{FlowError, House};

/// What one call did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendOutcome {
    /// No mail was due.
    NothingDue,
    /// One was handed on.
    Sent,
    /// One was no longer wanted, or too late.
    Cancelled,
    /// One was refused for good.
    Refused,
    /// One could not be handed on now and will be tried again.
    Postponed,
}

const HOLDER: &str = "by hand";

/// Sends at most one mail.
///
/// # Errors
/// If the database or a key fails; the claim then ends by itself.
pub async fn send_one(
    house: &House,
    sender: &Sender,
    transport: &Transport,
) -> Result<SendOutcome, FlowError> {
    let prepared = loop {
        let found = house.blocking(|house| claim_mails(house, HOLDER, 1)).await?;
        match found.mails.into_iter().next() {
            Some(prepared) => break prepared,
            None if found.ended > 0 => return Ok(SendOutcome::Cancelled),
            None if found.more => {}
            None => return Ok(SendOutcome::NothingDue),
        }
    };
    let ended = match write_mail(house, sender, &prepared) {
        // This one cannot be written; the others still go.
        Err(why @ (FlowError::Page(_) | FlowError::Mail(_))) => Ended::Refused(why.to_string()),
        Err(other) => return Err(other),
        Ok(mail) => match transport.send(&mail).await {
            Delivery::Taken => Ended::Sent,
            Delivery::Refused(said) => Ended::Refused(said.to_string()),
            Delivery::Later { said, .. } => Ended::Later(said.to_string()),
            Delivery::Unknown => Ended::Unknown("the line broke".to_owned()),
        },
    };
    let outcome = match &ended {
        Ended::Sent => SendOutcome::Sent,
        Ended::Refused(_) => SendOutcome::Refused,
        _ => SendOutcome::Postponed,
    };
    let ended = prepared.ended(ended);
    house.blocking(move |house| record_mails(house, &[ended])).await?;
    Ok(outcome)
}
