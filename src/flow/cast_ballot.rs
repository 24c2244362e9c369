//! Sends a reply: the draft goes into a sealed envelope. Knows the box and the right
//! to one place in it; who somebody is stays with [`super::admit`].

use crate::answer::Route;
use crate::ballot_box::{PublicKey, Receipt};
use crate::wave::Wave;

use super::admit::{Ticket, admit, place};
use super::visit::Visit;
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
pub fn cast_ballot(house: &House, ticket: &Ticket) -> Result<Cast, FlowError> {
    let now = house.now();
    house.store.write(|tx| {
        let (admission, voter) = admit(tx, ticket, now)?;
        let Some(draft) = voter.draft(house, tx, ticket)? else {
            if voter.has_answered() {
                return Ok(Cast::Before(Box::new(voter.wave)));
            }
            return Err(FlowError::NothingToSend);
        };
        let survey = house.survey(tx, &voter.wave)?;
        // Just what the page for checking showed: without answers to questions
        // that later answers lead past.
        let (reply, _) = Route::of(&survey, &draft).kept();
        if reply.is_empty() {
            return Err(FlowError::NothingToSend);
        }
        if reply.check_against(&survey).is_err() {
            return Ok(Cast::Unsound);
        }
        let key: PublicKey = tx.public_key(admission.wave())?;
        let envelope =
            key.seal(&admission, &reply.to_bytes(), &house.chance).map_err(|_| FlowError::Seal)?;
        tx.put_envelope(&admission, &envelope)?;
        voter.note_answered(house, tx, now)?;
        Ok(Cast::Sealed(Box::new(voter.wave)))
    })
}

/// The receipt of the visitor's envelope in the box; none if there is none.
///
/// # Errors
/// If the database fails.
pub fn receipt(house: &House, visit: &Visit) -> Result<Option<Receipt>, FlowError> {
    let place = place(&visit.invitation);
    let envelope = house.store.look(|tx| tx.envelope(&place))?;
    Ok(envelope.as_ref().map(Receipt::of))
}
