//! The outbox: which mail goes to whom and how far it is. Holds no link and no
//! text; mails are made when they are sent.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::id::{InvitationId, MailId, WaveCode};
use crate::ledger::{Bounce, MailState, NewMail, Recipient, good_until};
use crate::letter::MailKind;
use crate::time::Moment;

use super::error::read;
use super::schema::outbox;
use super::{StorageError, Tx, backend};

/// How many mails are how far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OutboxCounts {
    /// Not yet sent, or being sent.
    pub waiting: u32,
    /// Taken by the receiving server.
    pub sent: u32,
    /// Refused for good.
    pub refused: u32,
    /// For a person to decide: nobody knows whether they went.
    pub parked: u32,
    /// For a person to decide: their time has passed.
    pub held: u32,
    /// No longer wanted.
    pub cancelled: u32,
    /// Of those sent, came back for good.
    pub bounced: u32,
}

impl OutboxCounts {
    fn add(&mut self, state: MailState, number: u32) {
        match state {
            MailState::Queued | MailState::Claimed => self.waiting += number,
            MailState::Sent => self.sent += number,
            MailState::Refused => self.refused += number,
            MailState::Parked => self.parked += number,
            MailState::Held => self.held += number,
            MailState::Cancelled => self.cancelled += number,
        }
    }
}

/// A mail as the office sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailRow {
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
    /// How far it is.
    pub state: MailState,
    /// When it was or is to go.
    pub due: Moment,
    /// Why it stands where it stands.
    pub reason: Option<String>,
    /// What came back, and why.
    pub bounce: Option<(Bounce, String)>,
}

fn number(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

pub(super) fn round_of(stored: i32) -> Result<u16, StorageError> {
    u16::try_from(stored)
        .map_err(|why| StorageError::Corrupt { what: "a mail's round", why: why.to_string() })
}

type Row = (
    String,
    String,
    Option<String>,
    String,
    i32,
    String,
    NaiveDateTime,
    Option<String>,
    Option<String>,
    Option<String>,
);

fn row(row: Row) -> Result<MailRow, StorageError> {
    let (id, recipient, wave, kind, round, state, due, reason, bounce, why) = row;
    let bounce = bounce
        .map(|bounce| Ok::<_, StorageError>((read("a bounce", &bounce)?, why.unwrap_or_default())));
    Ok(MailRow {
        id: read("a mail's id", &id)?,
        recipient: read("a mail's recipient", &recipient)?,
        wave: wave.map(|wave| read("a wave's code", &wave)).transpose()?,
        kind: read("a mail's kind", &kind)?,
        round: round_of(round)?,
        state: read("a mail's state", &state)?,
        due: Moment::from_utc(due),
        reason,
        bounce: bounce.transpose()?,
    })
}

const ROW: (
    outbox::id,
    outbox::recipient,
    outbox::wave_code,
    outbox::kind,
    outbox::round,
    outbox::state,
    outbox::due_at,
    outbox::reason,
    outbox::bounce,
    outbox::bounce_reason,
) = (
    outbox::id,
    outbox::recipient,
    outbox::wave_code,
    outbox::kind,
    outbox::round,
    outbox::state,
    outbox::due_at,
    outbox::reason,
    outbox::bounce,
    outbox::bounce_reason,
);

/// The columns of a mail that is decided on.
macro_rules! new_row {
    ($new:expr) => {{
        let new: &NewMail = $new;
        let invitation = match &new.recipient {
            Recipient::Invitation(id) => Some(id.to_string()),
            Recipient::Account(_) | Recipient::Idea(_) => None,
        };
        (
            outbox::id.eq(new.id.to_string()),
            outbox::recipient.eq(new.recipient.key()),
            outbox::wave_code.eq(new.wave.as_ref().map(WaveCode::as_str)),
            outbox::invitation_id.eq(invitation),
            outbox::kind.eq(new.kind.word()),
            outbox::round.eq(i32::from(new.round)),
            outbox::generation.eq(new.generation.map(i32::from)),
            outbox::state.eq(MailState::Queued.word()),
            outbox::due_at.eq(new.due.to_utc()),
            outbox::good_until.eq(good_until(new.kind, new.due).to_utc()),
            outbox::fence.eq(0),
            outbox::attempts.eq(0),
            outbox::unknowns.eq(0),
        )
    }};
}

impl Tx<'_> {
    /// Decides that a mail is to go. The same mail twice is refused.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if it was decided before.
    pub fn insert_mail(&mut self, new: &NewMail) -> Result<(), StorageError> {
        self.attempt(|conn| {
            backend::directly!(conn, conn => {
                diesel::insert_into(outbox::table).values(new_row!(new)).execute(conn)
            })
        })?;
        Ok(())
    }

    /// Decides that a mail is to go, unless the same was decided on before.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn insert_mail_once(&mut self, new: &NewMail) -> Result<(), StorageError> {
        backend::directly!(self.conn, conn => {
            diesel::insert_into(outbox::table)
                .values(new_row!(new))
                .on_conflict_do_nothing()
                .execute(conn)
        })?;
        Ok(())
    }

    /// The highest round of a kind of mail to one recipient, and when the newest
    /// with this link (with any, if none is named) was due.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn newest_mail(
        &mut self,
        recipient: &Recipient,
        kind: MailKind,
        generation: Option<u16>,
    ) -> Result<(u16, Option<Moment>), StorageError> {
        let rows: Vec<(i32, Option<i32>, NaiveDateTime)> = outbox::table
            .filter(outbox::recipient.eq(recipient.key()))
            .filter(outbox::kind.eq(kind.word()))
            .select((outbox::round, outbox::generation, outbox::due_at))
            .load(self.conn)?;
        let round = rows.iter().map(|(round, ..)| *round).max().unwrap_or(0);
        let wanted = generation.map(i32::from);
        let due = rows.iter().filter(|(_, link, _)| wanted.is_none() || *link == wanted);
        Ok((round_of(round)?, due.map(|(.., due)| Moment::from_utc(*due)).max()))
    }

    /// How many invitations and reminders of a wave have not gone yet.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn rounds_waiting(&mut self, wave: &WaveCode) -> Result<u32, StorageError> {
        let kinds: Vec<&str> =
            MailKind::ALL.into_iter().filter(|kind| kind.is_round()).map(MailKind::word).collect();
        let states = [MailState::Queued.word(), MailState::Claimed.word()];
        let waiting: i64 = outbox::table
            .filter(outbox::wave_code.eq(wave.as_str()))
            .filter(outbox::kind.eq_any(kinds))
            .filter(outbox::state.eq_any(states))
            .count()
            .first(self.conn)?;
        Ok(number(waiting))
    }

    /// Deletes a wave's mails and rounds: who was reminded tells who had not
    /// answered.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn delete_mails(&mut self, wave: &WaveCode) -> Result<(), StorageError> {
        diesel::delete(outbox::table.filter(outbox::wave_code.eq(wave.as_str())))
            .execute(self.conn)?;
        self.delete_rounds(wave)
    }

    /// How many mails of a wave (of none: of those without one) are how far, by
    /// kind and round.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn outbox_by_round(
        &mut self,
        wave: Option<&WaveCode>,
    ) -> Result<BTreeMap<(MailKind, u16), OutboxCounts>, StorageError> {
        type Count = (String, i32, String, Option<String>, i64);
        let columns =
            (outbox::kind, outbox::round, outbox::state, outbox::bounce, diesel::dsl::count_star());
        let by = (outbox::kind, outbox::round, outbox::state, outbox::bounce);
        let rows: Vec<Count> = match wave {
            Some(wave) => outbox::table
                .filter(outbox::wave_code.eq(wave.as_str()))
                .group_by(by)
                .select(columns)
                .load(self.conn)?,
            None => outbox::table
                .filter(outbox::wave_code.is_null())
                .group_by(by)
                .select(columns)
                .load(self.conn)?,
        };
        let mut counts: BTreeMap<_, OutboxCounts> = BTreeMap::new();
        for (kind, round, state, bounce, count) in rows {
            let kind: MailKind = read("a mail's kind", &kind)?;
            let of_round = counts.entry((kind, round_of(round)?)).or_default();
            of_round.add(read("a mail's state", &state)?, number(count));
            if bounce.as_deref() == Some(Bounce::Hard.word()) {
                of_round.bounced += number(count);
            }
        }
        Ok(counts)
    }

    /// How many mails of a wave are how far.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn outbox_counts(&mut self, wave: &WaveCode) -> Result<OutboxCounts, StorageError> {
        let mut all = OutboxCounts::default();
        for counts in self.outbox_by_round(Some(wave))?.values() {
            all.waiting += counts.waiting;
            all.sent += counts.sent;
            all.refused += counts.refused;
            all.parked += counts.parked;
            all.held += counts.held;
            all.cancelled += counts.cancelled;
            all.bounced += counts.bounced;
        }
        Ok(all)
    }

    /// Mails that somebody in the office should look at: refused, in doubt, held
    /// or come back; at most so many, the latest due first. Never thanks: who gets
    /// them has answered.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn troubled_mails(&mut self, most: u32) -> Result<Vec<MailRow>, StorageError> {
        let states = [MailState::Refused, MailState::Parked, MailState::Held];
        let rows: Vec<Row> = outbox::table
            .filter(
                outbox::state.eq_any(states.map(MailState::word)).or(outbox::bounce.is_not_null()),
            )
            .filter(outbox::settled.eq(false))
            .filter(outbox::kind.ne(MailKind::Thanks.word()))
            .order((outbox::due_at.desc(), outbox::id))
            .limit(most.into())
            .select(ROW)
            .load(self.conn)?;
        rows.into_iter().map(row).collect()
    }

    /// The mail of this id.
    ///
    /// # Errors
    /// If the database refuses or the row cannot be read.
    pub fn mail_row(&mut self, id: &MailId) -> Result<Option<MailRow>, StorageError> {
        let found = outbox::table.find(id.to_string()).select(ROW).first::<Row>(self.conn);
        found.optional()?.map(row).transpose()
    }

    /// Every mail of an invitation.
    ///
    /// # Errors
    /// If the database refuses or the row cannot be read.
    pub fn mails_of_invitation(&mut self, id: &InvitationId) -> Result<Vec<MailRow>, StorageError> {
        let rows: Vec<Row> = outbox::table
            .filter(outbox::recipient.eq(Recipient::Invitation(*id).key()))
            .select(ROW)
            .load(self.conn)?;
        rows.into_iter().map(row).collect()
    }

    /// A person decides on a mail that stands still: it goes from `due` on, with
    /// a new term and its tries forgotten; `false` if it does not stand still.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn send_after_all(
        &mut self,
        id: &MailId,
        kind: MailKind,
        due: Moment,
    ) -> Result<bool, StorageError> {
        let states = [MailState::Parked, MailState::Held, MailState::Refused];
        let changed = diesel::update(
            outbox::table
                .filter(outbox::id.eq(id.to_string()))
                .filter(outbox::state.eq_any(states.map(MailState::word))),
        )
        .set((
            outbox::state.eq(MailState::Queued.word()),
            outbox::due_at.eq(due.to_utc()),
            outbox::good_until.eq(good_until(kind, due).to_utc()),
            outbox::attempts.eq(0),
            outbox::unknowns.eq(0),
            outbox::reason.eq(None::<String>),
            outbox::bounce.eq(None::<String>),
            outbox::bounce_reason.eq(None::<String>),
        ))
        .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// A person decides that a mail in doubt did go, or that one that stands
    /// still or waits shall not go; `false` if that cannot be said of it now.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn settle_mail(&mut self, id: &MailId, to: MailState) -> Result<bool, StorageError> {
        let from: &[MailState] = match to {
            MailState::Sent => &[MailState::Parked],
            MailState::Cancelled => {
                &[MailState::Queued, MailState::Parked, MailState::Held, MailState::Refused]
            }
            _ => &[],
        };
        let from: Vec<&str> = from.iter().map(|state| state.word()).collect();
        let changed = diesel::update(
            outbox::table.filter(outbox::id.eq(id.to_string())).filter(outbox::state.eq_any(from)),
        )
        .set((outbox::state.eq(to.word()), outbox::reason.eq(Some("decided in the office"))))
        .execute(self.conn)?;
        Ok(changed == 1)
    }

    /// Takes back the mails of a round that still wait; says how many.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn cancel_round(
        &mut self,
        wave: &WaveCode,
        kind: MailKind,
        round: u16,
    ) -> Result<usize, StorageError> {
        Ok(diesel::update(
            outbox::table
                .filter(outbox::wave_code.eq(wave.as_str()))
                .filter(outbox::kind.eq(kind.word()))
                .filter(outbox::round.eq(i32::from(round)))
                .filter(
                    outbox::state.eq_any([MailState::Queued, MailState::Held].map(MailState::word)),
                ),
        )
        .set((
            outbox::state.eq(MailState::Cancelled.word()),
            outbox::reason.eq(Some("the round was cancelled in the office")),
        ))
        .execute(self.conn)?)
    }

    /// Writes down what came back about a mail; `false` if there is no such mail.
    /// A hard bounce is never made milder.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn note_bounce(
        &mut self,
        id: &MailId,
        bounce: Bounce,
        reason: &str,
    ) -> Result<bool, StorageError> {
        let Some(mail) = self.mail_row(id)? else { return Ok(false) };
        if mail.bounce.is_some_and(|(before, _)| before == Bounce::Hard) {
            return Ok(true);
        }
        diesel::update(outbox::table.find(id.to_string()))
            .set((outbox::bounce.eq(Some(bounce.word())), outbox::bounce_reason.eq(Some(reason))))
            .execute(self.conn)?;
        Ok(true)
    }
}
