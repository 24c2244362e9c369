//! Claims on mails: one worker at a time, proved by its name and a fencing
//! number, until its lease ends.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::id::{MailId, WaveCode};
use crate::ledger::{Ended, MOST_ATTEMPTS, MailState, PauseScope, Recipient};
use crate::letter::MailKind;
use crate::time::Moment;

use super::error::read;
use super::invitation::generation_of;
use super::outbox::round_of;
use super::schema::outbox;
use super::{StorageError, Tx};

/// A mail whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueMail {
    /// The mail.
    pub id: MailId,
    /// Whose it is.
    pub recipient: Recipient,
    /// Its wave.
    pub wave: Option<WaveCode>,
    /// What it says.
    pub kind: MailKind,
    /// Which time.
    pub round: u16,
    /// The link it carries; none: that of whoever holds the invitation.
    pub generation: Option<u16>,
    /// After this a person decides.
    pub good_until: Moment,
    /// Tries that ended without being taken so far.
    pub attempts: i32,
}

/// Proof that a worker alone may send a mail until its lease ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The mail.
    pub id: MailId,
    /// An older number changes nothing.
    pub fence: i64,
}

const INTERRUPTED: &str = "the program stopped while this mail was on its way";

/// A mail is with whoever claimed it last, also when the lease has ended and it is
/// back in the queue: the next claim raises the fence.
const WITH_ITS_HOLDER: [&str; 2] = [MailState::Claimed.word(), MailState::Queued.word()];

impl Tx<'_> {
    /// Mails whose time has come and that nothing holds up, at most so many. Ids
    /// are random, so mails go out in random order.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn due_mails(
        &mut self,
        now: Moment,
        paused: &[PauseScope],
        most: u32,
    ) -> Result<Vec<DueMail>, StorageError> {
        type Row = (String, String, Option<String>, String, i32, Option<i32>, NaiveDateTime, i32);
        if paused.contains(&PauseScope::Everything) {
            return Ok(Vec::new());
        }
        let waves: Vec<String> = paused
            .iter()
            .filter_map(|scope| match scope {
                PauseScope::Wave(code) => Some(code.to_string()),
                PauseScope::Everything => None,
            })
            .collect();
        let columns = (
            outbox::id,
            outbox::recipient,
            outbox::wave_code,
            outbox::kind,
            outbox::round,
            outbox::generation,
            outbox::good_until,
            outbox::attempts,
        );
        let due = outbox::table
            .filter(outbox::state.eq(MailState::Queued.word()))
            .filter(outbox::due_at.le(now.to_utc()))
            .order(outbox::id)
            .limit(most.into())
            .select(columns);
        let rows: Vec<Row> = if waves.is_empty() {
            due.load(self.conn)?
        } else {
            let others = outbox::wave_code.is_null().or(outbox::wave_code.ne_all(waves));
            due.filter(others).load(self.conn)?
        };
        rows.into_iter()
            .map(|(id, recipient, wave, kind, round, generation, good_until, attempts)| {
                Ok(DueMail {
                    id: read("a mail's id", &id)?,
                    recipient: read("a mail's recipient", &recipient)?,
                    wave: wave.map(|wave| read("a wave's code", &wave)).transpose()?,
                    kind: read("a mail's kind", &kind)?,
                    round: round_of(round)?,
                    generation: generation.map(generation_of).transpose()?,
                    good_until: Moment::from_utc(good_until),
                    attempts,
                })
            })
            .collect()
    }

    /// Claims queued mails for as long as the lease lasts; those that another
    /// worker got first are left out.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn claim_mails(
        &mut self,
        ids: &[MailId],
        holder: &str,
        lease_until: Moment,
    ) -> Result<Vec<Claim>, StorageError> {
        let ids: Vec<String> = ids.iter().map(MailId::to_string).collect();
        let won: Vec<(String, i64)> = diesel::update(
            outbox::table
                .filter(outbox::id.eq_any(ids))
                .filter(outbox::state.eq(MailState::Queued.word())),
        )
        .set((
            outbox::state.eq(MailState::Claimed.word()),
            outbox::fence.eq(outbox::fence + 1),
            outbox::holder.eq(Some(holder)),
            outbox::lease_until.eq(Some(lease_until.to_utc())),
        ))
        .returning((outbox::id, outbox::fence))
        .get_results(self.conn)?;
        won.into_iter()
            .map(|(id, fence)| Ok(Claim { id: read("a mail's id", &id)?, fence }))
            .collect()
    }

    /// Ends a claim, also one whose lease ended if nobody has claimed the mail
    /// since: then nothing about it is in doubt any more. `false` if somebody has.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn end_claim(
        &mut self,
        claim: &Claim,
        ended: &Ended,
        again: Moment,
    ) -> Result<bool, StorageError> {
        let row: Option<(String, i32, i32)> = outbox::table
            .filter(outbox::id.eq(claim.id.to_string()))
            .filter(outbox::fence.eq(claim.fence))
            .filter(outbox::state.eq_any(WITH_ITS_HOLDER))
            .select((outbox::state, outbox::attempts, outbox::unknowns))
            .first(self.conn)
            .optional()?;
        let Some((state, attempts, unknowns)) = row else { return Ok(false) };
        let in_doubt = i32::from(state == MailState::Queued.word());
        self.end(&claim.id, (attempts, (unknowns - in_doubt).max(0)), ended, again)?;
        Ok(true)
    }

    /// Ends the claims of mails that were taken, also those whose lease ended if
    /// nobody has claimed them since. Says how many it ended.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn end_sent(&mut self, claims: &[Claim]) -> Result<usize, StorageError> {
        let mut by_fence: BTreeMap<i64, Vec<String>> = BTreeMap::new();
        for claim in claims {
            by_fence.entry(claim.fence).or_default().push(claim.id.to_string());
        }
        let mut ended = 0;
        for (fence, ids) in by_fence {
            ended += diesel::update(
                outbox::table
                    .filter(outbox::id.eq_any(ids))
                    .filter(outbox::fence.eq(fence))
                    .filter(outbox::state.eq_any(WITH_ITS_HOLDER)),
            )
            .set((
                outbox::state.eq(MailState::Sent.word()),
                outbox::holder.eq(None::<String>),
                outbox::lease_until.eq(None::<NaiveDateTime>),
                outbox::reason.eq(None::<String>),
            ))
            .execute(self.conn)?;
        }
        Ok(ended)
    }

    fn end(
        &mut self,
        id: &MailId,
        (attempts, unknowns): (i32, i32),
        ended: &Ended,
        again: Moment,
    ) -> Result<(), StorageError> {
        use MailState as S;
        let (state, reason, attempts, unknowns) = match ended {
            Ended::Sent => (S::Sent, None, attempts, unknowns),
            Ended::Refused(why) => (S::Refused, Some(why.as_str()), attempts, unknowns),
            Ended::Later(why) if attempts + 1 >= MOST_ATTEMPTS => {
                (S::Refused, Some(why.as_str()), attempts + 1, unknowns)
            }
            Ended::Later(why) => (S::Queued, Some(why.as_str()), attempts + 1, unknowns),
            Ended::Unknown(why) if unknowns > 0 => {
                (S::Parked, Some(why.as_str()), attempts, unknowns + 1)
            }
            Ended::Unknown(why) => (S::Queued, Some(why.as_str()), attempts, unknowns + 1),
            Ended::NotBegun => (S::Queued, None, attempts, unknowns),
            Ended::Wait(_, why) => (S::Queued, why.as_deref(), attempts, unknowns),
            Ended::Cancelled(why) => (S::Cancelled, Some(*why), attempts, unknowns),
            Ended::Held => (S::Held, Some("its time has passed"), attempts, unknowns),
        };
        let ends = (
            outbox::state.eq(state.word()),
            outbox::holder.eq(None::<String>),
            outbox::lease_until.eq(None::<NaiveDateTime>),
            outbox::attempts.eq(attempts),
            outbox::unknowns.eq(unknowns),
            outbox::reason.eq(reason),
        );
        let mail = diesel::update(outbox::table.find(id.to_string()));
        if state == S::Queued {
            mail.set((ends, outbox::due_at.eq(again.to_utc()))).execute(self.conn)?;
        } else {
            mail.set(ends).execute(self.conn)?;
        }
        Ok(())
    }

    /// Ends mails that nobody has claimed: their turn came and went.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn end_queued(
        &mut self,
        mail: &DueMail,
        ended: &Ended,
        again: Moment,
    ) -> Result<(), StorageError> {
        let row: Option<(i32, i32)> = outbox::table
            .find(mail.id.to_string())
            .filter(outbox::state.eq(MailState::Queued.word()))
            .select((outbox::attempts, outbox::unknowns))
            .first(self.conn)
            .optional()?;
        match row {
            Some(row) => self.end(&mail.id, row, ended, again),
            None => Ok(()),
        }
    }

    /// Takes back claims whose lease has ended: whoever held them is dead or
    /// frozen, and nobody knows whether the mails went. Each rests until `again`,
    /// in case the holder wakes up and says so; then it is tried once more under
    /// the same Message-ID. The second time it is parked for a person.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn end_expired_leases(
        &mut self,
        now: Moment,
        again: Moment,
    ) -> Result<usize, StorageError> {
        let rows: Vec<(String, i32, i32)> = outbox::table
            .filter(outbox::state.eq(MailState::Claimed.word()))
            .filter(outbox::lease_until.lt(now.to_utc()))
            .select((outbox::id, outbox::attempts, outbox::unknowns))
            .load(self.conn)?;
        let ended = Ended::Unknown(INTERRUPTED.to_owned());
        for (id, attempts, unknowns) in &rows {
            self.end(&read("a mail's id", id)?, (*attempts, *unknowns), &ended, again)?;
        }
        Ok(rows.len())
    }

    /// Takes back the claims of a worker that is known to be dead: `fate` says
    /// what became of a mail, as far as the worker wrote it down.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn end_claims_of(
        &mut self,
        holder: &str,
        now: Moment,
        fate: &dyn Fn(&Claim) -> Ended,
    ) -> Result<Vec<(Claim, Ended)>, StorageError> {
        let rows: Vec<(String, i64, i32, i32)> = outbox::table
            .filter(outbox::state.eq(MailState::Claimed.word()))
            .filter(outbox::holder.eq(holder))
            .select((outbox::id, outbox::fence, outbox::attempts, outbox::unknowns))
            .load(self.conn)?;
        let mut all = Vec::new();
        for (id, fence, attempts, unknowns) in rows {
            let claim = Claim { id: read("a mail's id", &id)?, fence };
            let ended = fate(&claim);
            self.end(&claim.id, (attempts, unknowns), &ended, now)?;
            all.push((claim, ended));
        }
        Ok(all)
    }
}
