//! A lead asks a colleague to answer in their place, and takes it back. One
//! invitation stays one vote: its sealed reply stays in the box until whoever
//! holds it now sends another.

use crate::id::MailId;
use crate::invitation::{Deputy, LinkSecret, MOST_DEPUTIES, Opener, Standing, Token};
use crate::keyring::Secret;
use crate::ledger::{NewMail, Recipient};
use crate::letter::MailKind;
use crate::register::{EmailAddress, PersonName};

use super::visit::held_entry;
use super::{FlowError, House};

/// Why a lead or a deputy is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DeputyRefusal {
    /// The lead asked a colleague, whose link answers instead of this one.
    #[error("somebody else was asked to answer with this invitation")]
    HandedOver,
    /// A deputy's link, taken back by the lead.
    #[error("the lead has taken the invitation back")]
    TakenBack,
    /// A deputy wanted what only the lead may do.
    #[error("only the lead may name somebody who answers instead")]
    OnlyTheLead,
    /// The lead has named colleague after colleague.
    #[error("too many colleagues were named with one invitation")]
    TooMany,
}

/// Gives the invitation to a colleague: they get a link of their own by mail, and
/// what the lead only saved is deleted. The same colleague twice is no fault.
///
/// # Errors
/// If the link is dead or not the lead's, the wave takes no answers, somebody else
/// was asked already, or too many were.
pub fn name_deputy(
    house: &House,
    token: &Token,
    name: &PersonName,
    email: &EmailAddress,
) -> Result<(), FlowError> {
    let now = house.now();
    house.store.write(|tx| {
        let entry = held_entry(tx, token, now)?;
        let (invitation, wave) = (&entry.invitation, &entry.wave);
        if entry.opener != Opener::Lead {
            return Err(DeputyRefusal::OnlyTheLead.into());
        }
        match &invitation.deputy {
            Some(deputy) if deputy.is(name, email) => return Ok(()),
            Some(_) => return Err(DeputyRefusal::HandedOver.into()),
            None => {}
        }
        if invitation.last_generation.saturating_sub(invitation.generation) >= MOST_DEPUTIES {
            return Err(DeputyRefusal::TooMany.into());
        }
        let generation = invitation.last_generation + 1;
        let deputy = Deputy { name: name.clone(), email: email.clone(), generation };
        let secret = LinkSecret::from_bytes(&*house.keyring.get(&wave.code, Secret::Links)?);
        let hash = secret.token(&invitation.id, generation).hash();
        tx.insert_deputy(&invitation.id, &deputy, &hash)?;
        tx.delete_draft(&invitation.id)?;
        if invitation.standing == Standing::Declined {
            tx.set_standing(&invitation.id, Standing::Asked)?;
        }
        tx.insert_mail(&NewMail {
            id: MailId::random(&house.chance),
            recipient: Recipient::Invitation(invitation.id),
            wave: Some(wave.code.clone()),
            kind: MailKind::Deputy,
            round: generation,
            generation: Some(generation),
            due: now,
        })?;
        Ok(())
    })
}

/// Gives the invitation back to the lead: the deputy's link opens nothing any more,
/// and what they only saved is deleted. A deputy of another generation than the
/// one shown to the lead stays: the button was pressed on an old page.
///
/// # Errors
/// If the link is dead or not the lead's, or the wave takes no answers.
pub fn take_back(house: &House, token: &Token, generation: u16) -> Result<(), FlowError> {
    let now = house.now();
    house.store.write(|tx| {
        let entry = held_entry(tx, token, now)?;
        if entry.opener != Opener::Lead {
            return Err(DeputyRefusal::OnlyTheLead.into());
        }
        let id = &entry.invitation.id;
        if entry.invitation.deputy.as_ref().is_some_and(|one| one.generation == generation) {
            tx.delete_deputy(&entry.wave.code, id)?;
            tx.delete_draft(id)?;
            if entry.invitation.standing == Standing::Declined {
                // It was the deputy who did not want to.
                tx.set_standing(id, Standing::Asked)?;
            }
        }
        Ok(())
    })
}
