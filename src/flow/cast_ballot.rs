//! Sends a reply: the draft goes into a sealed envelope. Knows the box and the right
//! to one place in it; who somebody is stays with [`super::admit`].

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::answer::Route;
use crate::ballot_box::{Admission, Envelope, PublicKey, Receipt};
use crate::definition::Survey;
use crate::id::WaveCode;
use crate::storage::{StorageError, Tx};
use crate::time::Moment;
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

/// The public halves of the keys of open waves: they never change and are no secret, so
/// each is read once.
#[derive(Clone, Default)]
pub(super) struct BoxKeys(Arc<Mutex<HashMap<WaveCode, PublicKey>>>);

impl BoxKeys {
    fn of(&self, tx: &mut Tx<'_>, wave: &WaveCode) -> Result<PublicKey, StorageError> {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = known().get(wave) {
            return Ok(*key);
        }
        let key = tx.public_key(wave)?;
        known().insert(wave.clone(), key);
        Ok(key)
    }
}

/// Seals the draft into the wave's ballot box. When this returns `Ok`, the
/// envelope is durable.
///
/// # Errors
/// If the link is dead, the wave takes no answers, or there is nothing to send.
pub async fn cast_ballot(house: &House, ticket: Ticket) -> Result<Cast, FlowError> {
    let now = house.now();
    for _ in 0..TURNS {
        // Sealing takes longer than putting in: nobody waits for it in the queue of
        // those who write.
        let whose = ticket.clone();
        let foreseen = move |house: &House| {
            let found = house.store.look(|tx| {
                let (admission, voter) = foresee(tx, &whose, now)?;
                found(house, tx, admission, voter)
            })?;
            prepare(house, &whose, found)
        };
        let prepared = match house.reading(foreseen).await? {
            Ok(prepared) => prepared,
            Err(cast) => return Ok(cast),
        };
        let whose = ticket.clone();
        match house.writing(move |_, tx| put_in(tx, &whose, prepared, now)).await {
            Ok(cast) => return Ok(cast),
            Err(Refused::Stale) => {}
            Err(Refused::Failed(error)) => return Err(error),
        }
    }
    let in_turn = house.writing(move |house, tx| {
        let (admission, voter) = admit(tx, &ticket, now)?;
        let found = found(house, tx, admission, voter)?;
        match prepare(house, &ticket, found)? {
            Ok(prepared) => put_in(tx, &ticket, prepared, now),
            Err(cast) => Ok(cast),
        }
    });
    in_turn.await.map_err(|refused| match refused {
        // Everything is held: nobody can have come between.
        Refused::Stale => StorageError::Busy.into(),
        Refused::Failed(error) => error,
    })
}

/// Puts an envelope in, unless what it was made of has changed since.
fn put_in(
    tx: &mut Tx<'_>,
    ticket: &Ticket,
    prepared: Prepared,
    now: Moment,
) -> Result<Cast, Refused> {
    let Prepared { admission, envelope, voter } = prepared;
    // The draft goes first: the envelope takes its place on the disk.
    if !voter.note_answered(tx, ticket, now)? {
        return Err(Refused::Stale);
    }
    tx.put_envelope(&admission, &envelope)?;
    Ok(Cast::Sealed(Box::new(voter.wave)))
}

/// Why an envelope that was prepared is not put in.
enum Refused {
    /// What it was made of has changed since.
    Stale,
    /// The database failed.
    Failed(FlowError),
}

impl From<FlowError> for Refused {
    fn from(error: FlowError) -> Self {
        Self::Failed(error)
    }
}

impl From<StorageError> for Refused {
    fn from(error: StorageError) -> Self {
        Self::Failed(error.into())
    }
}

/// What sealing needs besides the draft; neither survey nor key ever changes.
fn found(
    house: &House,
    tx: &mut Tx<'_>,
    admission: Admission,
    voter: Voter,
) -> Result<Found, FlowError> {
    let survey = house.survey(tx, &voter.wave)?;
    let key = house.box_keys.of(tx, admission.wave())?;
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
