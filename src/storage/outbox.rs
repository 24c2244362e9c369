//! The outbox: which mail goes to whom, claimed by one worker at a time. Holds
//! no link and no text; mails are made when they are sent.

use diesel::prelude::*;

use crate::id::{InvitationId, MailId, WaveCode};
use crate::invitation::MailKind;
use crate::time::Moment;

use super::error::read;
use super::invitation::generation_of;
use super::schema::outbox;
use super::{StorageError, Tx};

/// How far a mail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailState {
    /// To be sent when due.
    Queued,
    /// A worker has it.
    Claimed,
    /// The receiving server took it.
    Sent,
    /// Refused for good.
    Refused,
    /// Twice nobody knows whether it went: a person decides.
    Parked,
    /// No longer wanted when its turn came.
    Cancelled,
}

/// A mail that this worker alone may send until its lease ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The mail.
    pub id: MailId,
    /// Whose it is.
    pub invitation: InvitationId,
    /// What it says.
    pub kind: MailKind,
    /// The link it carries; none: that of whoever holds the invitation.
    pub generation: Option<u16>,
    /// Proof of this claim; an older one changes nothing.
    pub fence: i64,
    /// Tries that ended without an answer so far.
    pub attempts: i32,
}

/// How many mails are how far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OutboxCounts {
    /// Not yet sent, or being sent.
    pub waiting: u32,
    /// Taken by the receiving server.
    pub sent: u32,
    /// Refused for good.
    pub refused: u32,
    /// For a person to decide.
    pub parked: u32,
    /// No longer wanted.
    pub cancelled: u32,
}

impl MailState {
    fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Claimed => "claimed",
            Self::Sent => "sent",
            Self::Refused => "refused",
            Self::Parked => "parked",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Tx<'_> {
    /// Decides that a mail of a kind and round is to go, with the link of a
    /// generation or else of whoever holds the invitation then. The same mail
    /// twice is refused.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if it was decided before.
    pub fn insert_mail(
        &mut self,
        id: &MailId,
        wave: &WaveCode,
        invitation: &InvitationId,
        (kind, round, generation): (MailKind, u16, Option<u16>),
        due: Moment,
    ) -> Result<(), StorageError> {
        self.attempt(|conn| {
            diesel::insert_into(outbox::table)
                .values((
                    outbox::id.eq(id.to_string()),
                    outbox::wave_code.eq(wave.as_str()),
                    outbox::invitation_id.eq(invitation.to_string()),
                    outbox::kind.eq(kind.word()),
                    outbox::round.eq(i32::from(round)),
                    outbox::state.eq(MailState::Queued.word()),
                    outbox::due_at.eq(due.to_utc()),
                    outbox::fence.eq(0),
                    outbox::attempts.eq(0),
                    outbox::unknowns.eq(0),
                    outbox::generation.eq(generation.map(i32::from)),
                ))
                .execute(conn)
        })?;
        Ok(())
    }

    /// The highest round of a kind of mail in a wave; 0 if there was none.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn last_round(&mut self, wave: &WaveCode, kind: MailKind) -> Result<u16, StorageError> {
        let last: Option<i32> = outbox::table
            .filter(outbox::wave_code.eq(wave.as_str()))
            .filter(outbox::kind.eq(kind.word()))
            .select(diesel::dsl::max(outbox::round))
            .get_result(self.conn)?;
        Ok(last.and_then(|round| u16::try_from(round).ok()).unwrap_or(0))
    }

    /// The highest round of a kind of mail to one invitation (0 if there was none),
    /// and when the newest with this link was due.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn newest_mail(
        &mut self,
        invitation: &InvitationId,
        kind: MailKind,
        generation: u16,
    ) -> Result<(u16, Option<Moment>), StorageError> {
        let sent = || {
            outbox::table
                .filter(outbox::invitation_id.eq(invitation.to_string()))
                .filter(outbox::kind.eq(kind.word()))
        };
        let round: Option<i32> = sent().select(diesel::dsl::max(outbox::round)).first(self.conn)?;
        let due: Option<chrono::NaiveDateTime> = sent()
            .filter(outbox::generation.eq(i32::from(generation)))
            .select(diesel::dsl::max(outbox::due_at))
            .first(self.conn)?;
        let round = round.and_then(|round| u16::try_from(round).ok()).unwrap_or(0);
        Ok((round, due.map(Moment::from_utc)))
    }

    /// How many invitations and reminders of a wave have not gone yet.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn rounds_waiting(&mut self, wave: &WaveCode) -> Result<u32, StorageError> {
        let rounds = [MailKind::Invitation.word(), MailKind::Reminder.word()];
        let states = [MailState::Queued.word(), MailState::Claimed.word()];
        let waiting: i64 = outbox::table
            .filter(outbox::wave_code.eq(wave.as_str()))
            .filter(outbox::kind.eq_any(rounds))
            .filter(outbox::state.eq_any(states))
            .count()
            .first(self.conn)?;
        Ok(u32::try_from(waiting).unwrap_or(u32::MAX))
    }

    /// Claims one mail that is due, for as long as the lease lasts. Ids are
    /// random, so mails go out in random order.
    ///
    /// # Errors
    /// If the database refuses or the row cannot be read.
    pub fn claim_mail(
        &mut self,
        now: Moment,
        lease_until: Moment,
    ) -> Result<Option<Claimed>, StorageError> {
        type Row = (String, String, String, i64, i32, Option<i32>);
        let due: Option<Row> = outbox::table
            .filter(outbox::state.eq(MailState::Queued.word()))
            .filter(outbox::due_at.le(now.to_utc()))
            .order(outbox::id)
            .select((
                outbox::id,
                outbox::invitation_id,
                outbox::kind,
                outbox::fence,
                outbox::attempts,
                outbox::generation,
            ))
            .first(self.conn)
            .optional()?;
        let Some((id, invitation, kind, fence, attempts, generation)) = due else {
            return Ok(None);
        };
        let won = diesel::update(
            outbox::table
                .filter(outbox::id.eq(&id))
                .filter(outbox::state.eq(MailState::Queued.word()))
                .filter(outbox::fence.eq(fence)),
        )
        .set((
            outbox::state.eq(MailState::Claimed.word()),
            outbox::fence.eq(fence + 1),
            outbox::lease_until.eq(lease_until.to_utc()),
        ))
        .execute(self.conn)?;
        if won == 0 {
            return Err(StorageError::Busy);
        }
        Ok(Some(Claimed {
            id: read("a mail's id", &id)?,
            invitation: read("an invitation's id", &invitation)?,
            kind: read("a mail's kind", &kind)?,
            generation: generation.map(generation_of).transpose()?,
            fence: fence + 1,
            attempts,
        }))
    }

    /// Ends a claim; `false` if the claim was no longer ours.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn end_claim(
        &mut self,
        claim: &Claimed,
        state: MailState,
        reason: Option<&str>,
    ) -> Result<bool, StorageError> {
        let ended = diesel::update(
            outbox::table
                .filter(outbox::id.eq(claim.id.to_string()))
                .filter(outbox::state.eq(MailState::Claimed.word()))
                .filter(outbox::fence.eq(claim.fence)),
        )
        .set((
            outbox::state.eq(state.word()),
            outbox::lease_until.eq(None::<chrono::NaiveDateTime>),
            outbox::reason.eq(reason),
        ))
        .execute(self.conn)?;
        Ok(ended == 1)
    }

    /// Puts a claimed mail back, to be tried again from `due` on.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn postpone_mail(
        &mut self,
        claim: &Claimed,
        due: Moment,
        reason: &str,
    ) -> Result<bool, StorageError> {
        let put_back = diesel::update(
            outbox::table
                .filter(outbox::id.eq(claim.id.to_string()))
                .filter(outbox::state.eq(MailState::Claimed.word()))
                .filter(outbox::fence.eq(claim.fence)),
        )
        .set((
            outbox::state.eq(MailState::Queued.word()),
            outbox::lease_until.eq(None::<chrono::NaiveDateTime>),
            outbox::due_at.eq(due.to_utc()),
            outbox::attempts.eq(outbox::attempts + 1),
            outbox::reason.eq(Some(reason)),
        ))
        .execute(self.conn)?;
        Ok(put_back == 1)
    }

    /// Takes back claims whose lease has ended: the worker died, and nobody
    /// knows whether the mail went. It is tried once more under the same
    /// Message-ID; the second time it is parked for a person.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn end_expired_leases(&mut self, now: Moment) -> Result<usize, StorageError> {
        let expired = || {
            outbox::table
                .filter(outbox::state.eq(MailState::Claimed.word()))
                .filter(outbox::lease_until.lt(now.to_utc()))
        };
        let reason = Some("the program stopped while this mail was on its way");
        let parked = diesel::update(expired().filter(outbox::unknowns.ge(1)))
            .set((outbox::state.eq(MailState::Parked.word()), outbox::reason.eq(reason)))
            .execute(self.conn)?;
        let again = diesel::update(expired())
            .set((
                outbox::state.eq(MailState::Queued.word()),
                outbox::unknowns.eq(outbox::unknowns + 1),
                outbox::reason.eq(reason),
            ))
            .execute(self.conn)?;
        Ok(parked + again)
    }

    /// Deletes a wave's mails: who was reminded tells who had not answered.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn delete_mails(&mut self, wave: &WaveCode) -> Result<(), StorageError> {
        diesel::delete(outbox::table.filter(outbox::wave_code.eq(wave.as_str())))
            .execute(self.conn)?;
        Ok(())
    }

    /// How many mails of a wave are how far.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn outbox_counts(&mut self, wave: &WaveCode) -> Result<OutboxCounts, StorageError> {
        let rows: Vec<(String, i64)> = outbox::table
            .filter(outbox::wave_code.eq(wave.as_str()))
            .group_by(outbox::state)
            .select((outbox::state, diesel::dsl::count_star()))
            .load(self.conn)?;
        let mut counts = OutboxCounts::default();
        for (state, number) in rows {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            match state.as_str() {
                "queued" | "claimed" => counts.waiting += number,
                "sent" => counts.sent += number,
                "refused" => counts.refused += number,
                "parked" => counts.parked += number,
                "cancelled" => counts.cancelled += number,
                other => {
                    return Err(StorageError::Corrupt {
                        what: "a mail's state",
                        why: format!("{other:?} is no state"),
                    });
                }
            }
        }
        Ok(counts)
    }
}
