//! A mail to a lead was refused or came back, and the office knows the right
//! address: the invitation goes there with a new link. The old link may lie in a
//! stranger's mailbox, so it opens nothing any more.

use std::fmt;

use crate::id::MailId;
use crate::invitation::{LinkSecret, Standing};
use crate::keyring::Secret;
use crate::ledger::{NewMail, Recipient, StopCause};
use crate::letter::MailKind;
use crate::register::{EmailAddress, Event};
use crate::storage::StorageError;
use crate::trail::Act;

use super::change_register::{held_register, write_down};
use super::see_to_mails::{is_leads, is_trouble};
use super::{FlowError, House, held_wave};

/// What a correction did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Corrected {
    /// Whether the invitation goes out again.
    pub invited_again: bool,
    /// Whether answers were deleted that were saved with the old link and not sent.
    pub draft_deleted: bool,
    /// Whether the register had the old address, too, and has the new one now.
    pub register: bool,
}

/// Why an address is not corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressRefusal {
    /// It is the address that there is.
    Same,
    /// No mails go to it.
    Stopped(StopCause),
    /// Another lead of the group has it.
    OfAnother,
    /// The mail is not one to a lead whose wave takes answers.
    NotNow,
}

impl fmt::Display for AddressRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Same => "it is the same address",
            Self::Stopped(_) => "no mails go to that address",
            Self::OfAnother => "another lead of the group has that address",
            Self::NotNow => "the mail is not one to a lead whose wave takes answers",
        })
    }
}

impl std::error::Error for AddressRefusal {}

/// Corrects the address of the lead to whom a mail went.
///
/// # Errors
/// [`FlowError::Address`] if it cannot be that one; nothing is changed then.
pub fn correct_address(
    house: &House,
    mail: &MailId,
    new: &EmailAddress,
) -> Result<Corrected, FlowError> {
    let now = house.now();
    house.store.write(|tx| {
        let row = tx.mail_row(mail)?.ok_or(FlowError::NoMail)?;
        let (Some(code), Recipient::Invitation(id)) = (&row.wave, &row.recipient) else {
            return Err(AddressRefusal::NotNow.into());
        };
        let wave = held_wave(tx, code)?;
        tx.hold_invitation(id)?;
        let invitation = tx.invitation(id)?.ok_or(FlowError::NoMail)?;
        if wave.check_asks(now).is_err() || !is_leads(&invitation, row.kind) {
            return Err(AddressRefusal::NotNow.into());
        }
        if invitation.email.key() == new.key() {
            return Err(AddressRefusal::Same.into());
        }
        if let Some(stopped) = tx.stopped(new)? {
            return Err(AddressRefusal::Stopped(stopped.cause).into());
        }
        // Before the register changes under it, so that the history has the lead's name.
        let (number, before) = held_register(tx)?;
        let register = match tx.correct_lead(&invitation.group, &invitation.email, new) {
            Err(StorageError::Conflict { .. }) => return Err(AddressRefusal::OfAnother.into()),
            other => other?,
        };
        if let Some(lead) = before.lead(&invitation.group, &invitation.email.key())
            && register
        {
            let about = format!("The address of a lead of {} corrected", invitation.group_name);
            write_down(house, tx, number, &about, &[Event::of_address(lead)])?;
        }
        let generation = invitation.last_generation.saturating_add(1);
        let secret = LinkSecret::from_bytes(&*house.keyring.get(code, Secret::Links)?);
        let hash = secret.token(id, generation).hash();
        tx.readdress_invitation(code, id, new, (generation, &hash))?;
        // What was saved with the old link can be read with that link alone. A
        // colleague who answers instead keeps theirs.
        let draft_deleted = invitation.deputy.is_none() && tx.draft(id)?.is_some();
        if draft_deleted {
            tx.delete_draft(id)?;
        }
        for one in tx.mails_of_invitation(id)? {
            if one.id == *mail || is_trouble(&one) && one.kind != MailKind::Deputy {
                tx.leave_mail(&one.id)?;
            }
        }
        let invited_again = invitation.standing == Standing::Asked && invitation.deputy.is_none();
        if invited_again {
            let recipient = Recipient::Invitation(*id);
            let (round, _) = tx.newest_mail(&recipient, MailKind::Invitation, None)?;
            tx.insert_mail(&NewMail {
                id: MailId::random(&house.chance),
                recipient,
                wave: Some(code.clone()),
                kind: MailKind::Invitation,
                round: round.saturating_add(1),
                generation: None,
                due: now,
            })?;
        }
        house.note(tx, Act::ADDRESS_CORRECTED, code.as_str(), &invitation.group_name)?;
        Ok(Corrected { invited_again, draft_deleted, register })
    })
}
