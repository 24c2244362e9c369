//! Sends a reply: the draft goes into a sealed envelope. One of the two acts
//! that know both the invitation and the ballot box.

use crate::answer::Route;
use crate::ballot_box::PublicKey;
use crate::id::MailId;
use crate::invitation::{Invitation, Standing, Token};
use crate::ledger::{NewMail, Recipient, thanks_due};
use crate::letter::MailKind;
use crate::storage::Tx;
use crate::time::Moment;
use crate::wave::Wave;

use super::visit::{answering, draft_key, read_draft};
use super::{FlowError, House};

/// What casting did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cast {
    /// The reply is sealed in the box, in the place of an earlier one if there was one.
    Sealed(Box<Wave>),
    /// Some answers do not fit together; the page for checking says which.
    Unsound,
    /// The same reply was sent before (a second press of the button): nothing to do.
    Before(Box<Wave>),
}

/// Seals the draft into the wave's ballot box. When this returns `Ok`, the
/// envelope is durable.
///
/// # Errors
/// If the link is dead, the wave takes no answers, or there is nothing to send.
pub fn cast_ballot(house: &House, token: &Token) -> Result<Cast, FlowError> {
    let now = house.now();
    house.store.write(|tx| {
        let (invitation, wave) = answering(tx, token, now)?;
        let Some(sealed) = tx.draft(&invitation.id)? else {
            return match invitation.standing {
                Standing::Answered => Ok(Cast::Before(Box::new(wave))),
                _ => Err(FlowError::NothingToSend),
            };
        };
        let draft = read_draft(&draft_key(house, &wave, token)?, sealed).unwrap_or_default();
        let survey = house.survey(tx, &wave)?;
        // Just what the page for checking showed: without answers to questions
        // that later answers lead past.
        let (reply, _) = Route::of(&survey, &draft).kept();
        if reply.is_empty() {
            return Err(FlowError::NothingToSend);
        }
        if reply.check_against(&survey).is_err() {
            return Ok(Cast::Unsound);
        }
        let key: PublicKey = tx.public_key(&wave.code)?;
        let envelope = key
            .seal(&wave.code, &invitation.id, &reply.to_bytes(), &house.chance)
            .map_err(|_| FlowError::Seal)?;
        tx.put_envelope(&invitation.id, &envelope)?;
        tx.delete_draft(&invitation.id)?;
        tx.set_standing(&invitation.id, Standing::Answered)?;
        thank(house, tx, &invitation, &wave, now)?;
        Ok(Cast::Sealed(Box::new(wave)))
    })
}

/// Decides on thanks, once for an invitation. They are due with those of everybody
/// who answers on the same day, so that they tell no more than the day.
fn thank(
    house: &House,
    tx: &mut Tx<'_>,
    invitation: &Invitation,
    wave: &Wave,
    now: Moment,
) -> Result<(), FlowError> {
    let recipient = Recipient::Invitation(invitation.id);
    let (before, _) = tx.newest_mail(&recipient, MailKind::Thanks, None)?;
    let Some(due) = thanks_due(now, wave.closes).filter(|_| before == 0) else { return Ok(()) };
    Ok(tx.insert_mail(&NewMail {
        id: MailId::random(&house.chance),
        recipient,
        wave: Some(wave.code.clone()),
        kind: MailKind::Thanks,
        round: 1,
        generation: None,
        due,
    })?)
}
