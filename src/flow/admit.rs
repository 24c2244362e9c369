//! Admits somebody to the ballot box: the border between the people's side and the
//! answers' side. This act knows who may answer and gives out the right to one
//! place in the box; what happens with that right needs no name. `ballot_box/place.rs`
//! says what would change with blinded credentials.

use crate::answer::Reply;
use crate::ballot_box::{Admission, Place};
use crate::invitation::{Invitation, Standing, Token};
use crate::ledger::thanks_due;
use crate::storage::Tx;
use crate::time::Moment;
use crate::wave::Wave;

use super::visit::{Answering, answering, draft_key, read_draft, seen_answering};
use super::{FlowError, House};

/// What a respondent comes with. Casting passes it on and never looks into it.
pub type Ticket = Token;

/// Somebody who may answer, as the people's side knows them.
pub(super) struct Voter {
    invitation: Invitation,
    /// What they may answer.
    pub(super) wave: Wave,
    sealed_draft: Option<Vec<u8>>,
}

/// Finds out whether this link may answer now, and admits whoever holds it. Their
/// invitation is held still until the transaction ends.
///
/// # Errors
/// If the link is dead or handed over, or the wave takes no answers now.
pub(super) fn admit(
    tx: &mut Tx<'_>,
    ticket: &Ticket,
    now: Moment,
) -> Result<(Admission, Voter), FlowError> {
    Ok(admitted(answering(tx, ticket, now)?))
}

/// The same while nothing is held, to prepare an envelope: whoever puts it into the
/// box is admitted once more.
///
/// # Errors
/// As [`admit`].
pub(super) fn foresee(
    tx: &mut Tx<'_>,
    ticket: &Ticket,
    now: Moment,
) -> Result<(Admission, Voter), FlowError> {
    Ok(admitted(seen_answering(tx, ticket, now)?))
}

fn admitted(answering: Answering) -> (Admission, Voter) {
    let Answering { invitation, wave, draft } = answering;
    let admission = Admission::to(wave.code.clone(), place(&invitation));
    (admission, Voter { invitation, wave, sealed_draft: draft })
}

/// The place in the box that belongs to an invitation.
pub(super) fn place(invitation: &Invitation) -> Place {
    Place::from_bytes(*invitation.id.as_bytes())
}

impl Voter {
    /// Whether an envelope is in the box already.
    pub(super) fn has_answered(&self) -> bool {
        self.invitation.standing == Standing::Answered
    }

    /// The answers so far; none if there is no draft.
    ///
    /// # Errors
    /// If a key fails.
    pub(super) fn draft(&self, house: &House, ticket: &Ticket) -> Result<Option<Reply>, FlowError> {
        let Some(sealed) = self.sealed_draft.clone() else { return Ok(None) };
        let key = draft_key(house, &self.wave, ticket)?;
        Ok(Some(read_draft(&key, sealed).unwrap_or_default()))
    }

    /// Notes that an envelope is in the box: the draft goes, no reminder comes, and
    /// thanks are decided on. This is also where whoever was only foreseen is
    /// admitted: false, if they may not answer any more or have another draft now; then
    /// everything that this did has to be undone.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn note_answered(
        &self,
        tx: &mut Tx<'_>,
        ticket: &Ticket,
        now: Moment,
    ) -> Result<bool, FlowError> {
        let (id, wave) = (&self.invitation.id, &self.wave.code);
        tx.hold_wave_and_invitation(wave, id)?;
        // No two sealed drafts are alike, even of the same answers.
        let Some(draft) = &self.sealed_draft else { return Ok(false) };
        if !tx.take_draft(id, draft)? {
            return Ok(false);
        }
        // Thanks are due with those of everybody who answers on the same day, so that
        // they tell no more than the day.
        let due = thanks_due(now, self.wave.closes);
        Ok(tx.note_answered(id, wave, &ticket.hash(), self.invitation.holder(), due)?)
    }
}
