//! Admits somebody to the ballot box: the border between the people's side and the
//! answers' side. This act knows who may answer and gives out the right to one
//! place in the box; what happens with that right needs no name. `ballot_box/place.rs`
//! says what would change with blinded credentials.

use crate::answer::Reply;
use crate::ballot_box::{Admission, Place};
use crate::id::MailId;
use crate::invitation::{Invitation, Standing, Token};
use crate::ledger::{NewMail, Recipient, thanks_due};
use crate::letter::MailKind;
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

    /// Whether the answers so far are still those that were seen before. No two
    /// sealed drafts are alike, even of the same answers.
    pub(super) fn has_draft_of(&self, before: &Self) -> bool {
        self.sealed_draft == before.sealed_draft
    }

    /// Notes that an envelope is in the box: the draft goes, no reminder comes, and
    /// thanks are decided on.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) fn note_answered(
        &self,
        house: &House,
        tx: &mut Tx<'_>,
        now: Moment,
    ) -> Result<(), FlowError> {
        tx.delete_draft(&self.invitation.id)?;
        tx.set_standing(&self.invitation.id, Standing::Answered)?;
        self.thank(house, tx, now)
    }

    /// Decides on thanks, once for an invitation. They are due with those of
    /// everybody who answers on the same day, so that they tell no more than the day.
    fn thank(&self, house: &House, tx: &mut Tx<'_>, now: Moment) -> Result<(), FlowError> {
        let Some(due) = thanks_due(now, self.wave.closes) else { return Ok(()) };
        Ok(tx.insert_mail_once(&NewMail {
            id: MailId::random(&house.chance),
            recipient: Recipient::Invitation(self.invitation.id),
            wave: Some(self.wave.code.clone()),
            kind: MailKind::Thanks,
            round: 1,
            generation: None,
            due,
        })?)
    }
}
