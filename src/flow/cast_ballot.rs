//! Sends a reply: the draft goes into a sealed envelope. Knows the box and the right
//! to one place in it; who somebody is stays with [`super::admit`].

use std::sync::Arc;

use crate::answer::Route;
use crate::ballot_box::{Admission, Envelope, PublicKey, Receipt};
use crate::definition::Survey;
use crate::storage::Tx;
use crate::wave::Wave;

use super::admit::{Ticket, Voter, admit, foresee, place};
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

/// Somebody who goes on answering in another window while they send is sealed so many
/// times beforehand; then the others wait while it is done in their turn.
const TURNS: usize = 4;

/// A draft in its envelope, which is not in the box yet.
struct Prepared {
    admission: Admission,
    envelope: Envelope,
    voter: Voter,
}

/// Somebody who may send, and what their reply is sealed with.
struct Found {
    admission: Admission,
    voter: Voter,
    survey: Arc<Survey>,
    key: PublicKey,
}

/// Seals the draft into the wave's ballot box. When this returns `Ok`, the
/// envelope is durable.
///
/// # Errors
/// If the link is dead, the wave takes no answers, or there is nothing to send.
pub fn cast_ballot(house: &House, ticket: &Ticket) -> Result<Cast, FlowError> {
    let now = house.now();
    for _ in 0..TURNS {
        // Sealing takes longer than putting in: nobody waits for it in the queue of
        // those who write.
        let found = house.store.look(|tx| {
            let (admission, voter) = foresee(tx, ticket, now)?;
            found(house, tx, admission, voter)
        })?;
        let prepared = match prepare(house, ticket, found)? {
            Ok(prepared) => prepared,
            Err(cast) => return Ok(cast),
        };
        let cast = house.store.write(|tx| {
            let (admission, voter) = admit(tx, ticket, now)?;
            if !voter.has_draft_of(&prepared.voter) {
                return Ok::<_, FlowError>(None);
            }
            tx.put_envelope(&admission, &prepared.envelope)?;
            voter.note_answered(house, tx, now)?;
            Ok(Some(Cast::Sealed(Box::new(voter.wave))))
        })?;
        if let Some(cast) = cast {
            return Ok(cast);
        }
    }
    house.store.write(|tx| {
        let (admission, voter) = admit(tx, ticket, now)?;
        let found = found(house, tx, admission, voter)?;
        let prepared = match prepare(house, ticket, found)? {
            Ok(prepared) => prepared,
            Err(cast) => return Ok(cast),
        };
        tx.put_envelope(&prepared.admission, &prepared.envelope)?;
        prepared.voter.note_answered(house, tx, now)?;
        Ok(Cast::Sealed(Box::new(prepared.voter.wave)))
    })
}

/// What sealing needs besides the draft; neither survey nor key ever changes.
fn found(
    house: &House,
    tx: &mut Tx<'_>,
    admission: Admission,
    voter: Voter,
) -> Result<Found, FlowError> {
    let survey = house.survey(tx, &voter.wave)?;
    let key = tx.public_key(admission.wave())?;
    Ok(Found { admission, voter, survey, key })
}

/// Seals what the draft holds now, or says why there is nothing to seal.
fn prepare(
    house: &House,
    ticket: &Ticket,
    found: Found,
) -> Result<Result<Prepared, Cast>, FlowError> {
    let Found { admission, voter, survey, key } = found;
    let Some(draft) = voter.draft(house, ticket)? else {
        if voter.has_answered() {
            return Ok(Err(Cast::Before(Box::new(voter.wave))));
        }
        return Err(FlowError::NothingToSend);
    };
    // Just what the page for checking showed: without answers to questions
    // that later answers lead past.
    let (reply, _) = Route::of(&survey, &draft).kept();
    if reply.is_empty() {
        return Err(FlowError::NothingToSend);
    }
    if reply.check_against(&survey).is_err() {
        return Ok(Err(Cast::Unsound));
    }
    let envelope = key
        .seal(&admission, &reply.to_bytes(), survey.sealed_size(), &house.chance)
        .map_err(|_| FlowError::Seal)?;
    Ok(Ok(Prepared { admission, envelope, voter }))
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
