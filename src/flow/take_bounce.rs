//! Takes in a message that came back: what it says is written down beside its
//! mail, and no more mails go to an address that does not work. The same message
//! twice changes nothing more, so whoever brings it may be killed at any moment.
//! Writes no address and no word of the message into a log.

use crate::invitation::Invitation;
use crate::keyring::Derived;
use crate::ledger::{Bounce, Recipient, StopCause};
use crate::letter::MailKind;
use crate::mail::{BounceAddress, News, Returned};
use crate::register::EmailAddress;
use crate::storage::{MailRow, StoppedAddress, Tx};

use super::{FlowError, House};

/// What was made of a message that came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It stands beside its mail.
    Noted(Bounce),
    /// It says nothing that concerns the ledger.
    Nothing,
    /// Its mail is no longer in the ledger, or went to an address that was
    /// corrected since.
    Outdated,
    /// It does not prove that it is about a mail of ours.
    NotOurs,
}

impl House {
    /// The addresses that bounces come back to, if they are set.
    ///
    /// # Errors
    /// If the pattern in the settings cannot be used.
    pub fn bounce_addresses(&self) -> Result<Option<BounceAddress>, FlowError> {
        let Some(pattern) = &self.settings.mail_bounce else { return Ok(None) };
        let secret = *self.keyring.derived(Derived::BounceAddresses);
        Ok(Some(BounceAddress::parse(pattern, secret)?))
    }
}

/// Takes a message in; `to` is the address that it was delivered to, if that is
/// known apart from the message.
///
/// # Errors
/// If the database fails; the message is to be brought again then.
pub fn take_bounce(house: &House, bytes: &[u8], to: Option<&str>) -> Result<Taken, FlowError> {
    let returned = match house.bounce_addresses()? {
        Some(addresses) => Returned::read(bytes, to, &addresses),
        None => Returned::forged(),
    };
    let taken = house.store.write(|tx| {
        let taken = note(house, tx, &returned)?;
        match taken {
            Taken::Noted(_) => {}
            Taken::Nothing | Taken::NotOurs => tx.count_came_back(returned.news.word())?,
            Taken::Outdated => tx.count_came_back("outdated")?,
        }
        Ok::<_, FlowError>(taken)
    })?;
    tracing::debug!(news = returned.news.word(), ?taken, "a message came back");
    Ok(taken)
}

fn note(house: &House, tx: &mut Tx<'_>, returned: &Returned) -> Result<Taken, FlowError> {
    let Some(id) = &returned.mail else { return Ok(Taken::NotOurs) };
    let (bounce, reason) = match &returned.news {
        News::Hard(reason) => (Bounce::Hard, reason.to_string()),
        News::Soft(reason) => (Bounce::Soft, reason.to_string()),
        News::Policy(reason) => (Bounce::Policy, reason.to_string()),
        News::AutoReply | News::Delivered | News::Unknown => return Ok(Taken::Nothing),
        News::Forged => return Ok(Taken::NotOurs),
    };
    let Some(mail) = tx.mail_row(id)? else { return Ok(Taken::Outdated) };
    let Some(address) = address_of(tx, &mail, returned)? else { return Ok(Taken::Outdated) };
    tx.note_bounce(id, bounce, &reason)?;
    // Whether mails go to an address is decided once: the office may let them go
    // again, and the same message must not undo that.
    let news = mail.bounce.is_none_or(|(before, _)| before != Bounce::Hard);
    if bounce == Bounce::Hard && news {
        let day = house.now().london_date();
        tx.stop_address(&StoppedAddress { address, cause: StopCause::Bounced, reason, day })?;
    }
    Ok(Taken::Noted(bounce))
}

/// The address that a mail went to; none if it is no longer known, because it
/// was corrected since or its owner is gone.
fn address_of(
    tx: &mut Tx<'_>,
    mail: &MailRow,
    returned: &Returned,
) -> Result<Option<EmailAddress>, FlowError> {
    let known: Vec<EmailAddress> = match &mail.recipient {
        Recipient::Invitation(id) => {
            tx.invitation(id)?.map(|one| addresses_of(&one, mail.kind)).unwrap_or_default()
        }
        Recipient::Account(email) => tx.account(email)?.into_iter().map(|one| one.email).collect(),
        Recipient::Idea(id) => {
            tx.network_idea(id)?.into_iter().map(|kept| kept.idea.email().clone()).collect()
        }
    };
    Ok(known.into_iter().find(|address| returned.may_have_gone_to(address)))
}

/// Those whom a mail about an invitation may have gone to, the likeliest first.
fn addresses_of(invitation: &Invitation, kind: MailKind) -> Vec<EmailAddress> {
    let lead = invitation.email.clone();
    let holder = invitation.answering().email.clone();
    match kind {
        MailKind::Invitation => vec![lead, holder],
        _ => vec![holder, lead],
    }
}
