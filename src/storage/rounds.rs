//! Rounds of mails, pauses, and how many went in a minute.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::id::WaveCode;
use crate::ledger::{Pause, PauseScope, Round, RoundState};
use crate::letter::MailKind;
use crate::time::Moment;

use super::error::{count_of, read, stored_count};
use super::outbox::round_of;
use super::schema::{mail_minutes, mail_pauses, mail_rounds};
use super::{StorageError, Tx};

type Row = (String, String, i32, NaiveDateTime, String, i32, i32);

fn round((wave, kind, number, due, state, planned, gone): Row) -> Result<Round, StorageError> {
    Ok(Round {
        wave: read("a wave's code", &wave)?,
        kind: read("a mail's kind", &kind)?,
        number: round_of(number)?,
        due: Moment::from_utc(due),
        state: read("a round's state", &state)?,
        planned: count_of("a round's mails", planned)?,
        gone: count_of("a round's mails", gone)?,
    })
}

/// The rows of one round.
macro_rules! one_round {
    ($wave:expr, $kind:expr, $number:expr) => {
        mail_rounds::table
            .filter(mail_rounds::wave_code.eq($wave.as_str()))
            .filter(mail_rounds::kind.eq($kind.word()))
            .filter(mail_rounds::round.eq(i32::from($number)))
    };
}

impl Tx<'_> {
    /// Keeps a round, in the place of what was planned for it before.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn put_round(&mut self, new: &Round) -> Result<(), StorageError> {
        let values = (
            mail_rounds::due_at.eq(new.due.to_utc()),
            mail_rounds::state.eq(new.state.word()),
            mail_rounds::planned.eq(stored_count(new.planned)),
            mail_rounds::gone.eq(stored_count(new.gone)),
        );
        let changed = diesel::update(one_round!(new.wave, new.kind, new.number))
            .set(values)
            .execute(self.conn)?;
        if changed == 0 {
            diesel::insert_into(mail_rounds::table)
                .values((
                    mail_rounds::wave_code.eq(new.wave.as_str()),
                    mail_rounds::kind.eq(new.kind.word()),
                    mail_rounds::round.eq(i32::from(new.number)),
                    values,
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// The rounds of a wave, by time.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn rounds(&mut self, wave: &WaveCode) -> Result<Vec<Round>, StorageError> {
        let rows: Vec<Row> =
            mail_rounds::table.filter(mail_rounds::wave_code.eq(wave.as_str())).load(self.conn)?;
        let mut all = rows.into_iter().map(round).collect::<Result<Vec<_>, _>>()?;
        all.sort_by_key(|round| (round.due, round.kind, round.number));
        Ok(all)
    }

    /// Rounds whose time has come and that nobody has decided on.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn due_rounds(&mut self, now: Moment) -> Result<Vec<Round>, StorageError> {
        let rows: Vec<Row> = mail_rounds::table
            .filter(mail_rounds::state.eq(RoundState::Planned.word()))
            .filter(mail_rounds::due_at.le(now.to_utc()))
            .load(self.conn)?;
        rows.into_iter().map(round).collect()
    }

    /// Counts mails of a round that were handed over, or perhaps were; the round
    /// with its new count, if there is one.
    ///
    /// # Errors
    /// If the database refuses or the row cannot be read.
    pub fn count_gone(
        &mut self,
        (wave, kind, number): (&WaveCode, MailKind, u16),
        more: u32,
    ) -> Result<Option<Round>, StorageError> {
        diesel::update(one_round!(wave, kind, number))
            .set(mail_rounds::gone.eq(mail_rounds::gone + stored_count(more)))
            .execute(self.conn)?;
        let found = one_round!(wave, kind, number).first::<Row>(self.conn).optional()?;
        found.map(round).transpose()
    }

    /// Deletes the rounds of a wave.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn delete_rounds(&mut self, wave: &WaveCode) -> Result<(), StorageError> {
        diesel::delete(mail_rounds::table.filter(mail_rounds::wave_code.eq(wave.as_str())))
            .execute(self.conn)?;
        Ok(())
    }

    /// What waits, and why.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn pauses(&mut self) -> Result<Vec<Pause>, StorageError> {
        let rows: Vec<(String, String, String, NaiveDateTime)> =
            mail_pauses::table.load(self.conn)?;
        rows.into_iter()
            .map(|(scope, cause, reason, since)| {
                Ok(Pause {
                    scope: read("a pause", &scope)?,
                    cause: read("a pause's cause", &cause)?,
                    reason,
                    since: Moment::from_utc(since),
                })
            })
            .collect()
    }

    /// Lets mails wait; a pause that is there already stays as it is.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn put_pause(&mut self, new: &Pause) -> Result<(), StorageError> {
        let known: i64 = mail_pauses::table
            .filter(mail_pauses::scope.eq(new.scope.key()))
            .count()
            .first(self.conn)?;
        if known == 0 {
            diesel::insert_into(mail_pauses::table)
                .values((
                    mail_pauses::scope.eq(new.scope.key()),
                    mail_pauses::cause.eq(new.cause.word()),
                    mail_pauses::reason.eq(&new.reason),
                    mail_pauses::since.eq(new.since.to_utc()),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// Lets mails go on; `false` if they did not wait.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn delete_pause(&mut self, scope: &PauseScope) -> Result<bool, StorageError> {
        Ok(diesel::delete(mail_pauses::table.find(scope.key())).execute(self.conn)? == 1)
    }

    /// How many mails went, or were claimed to go, in this minute to a domain.
    ///
    /// # Errors
    /// If the database refuses or the row cannot be read.
    pub fn mails_in_minute(&mut self, minute: i64, domain: &str) -> Result<u32, StorageError> {
        let mails: Option<i32> = mail_minutes::table
            .find((minute, domain))
            .select(mail_minutes::mails)
            .first(self.conn)
            .optional()?;
        count_of("a minute's mails", mails.unwrap_or(0))
    }

    /// Counts mails of this minute to a domain, and forgets minutes long past.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn count_in_minute(
        &mut self,
        minute: i64,
        domain: &str,
        more: u32,
    ) -> Result<(), StorageError> {
        let changed = diesel::update(mail_minutes::table.find((minute, domain)))
            .set(mail_minutes::mails.eq(mail_minutes::mails + stored_count(more)))
            .execute(self.conn)?;
        if changed == 0 {
            diesel::delete(mail_minutes::table.filter(mail_minutes::minute.lt(minute - 60)))
                .execute(self.conn)?;
            // Two workers may begin the minute at once: the second counts on.
            let inserted = self.attempt(|conn| {
                diesel::insert_into(mail_minutes::table)
                    .values((
                        mail_minutes::minute.eq(minute),
                        mail_minutes::domain.eq(domain),
                        mail_minutes::mails.eq(stored_count(more)),
                    ))
                    .execute(conn)
            });
            match inserted {
                Err(StorageError::Conflict { .. }) => {
                    diesel::update(mail_minutes::table.find((minute, domain)))
                        .set(mail_minutes::mails.eq(mail_minutes::mails + stored_count(more)))
                        .execute(self.conn)?;
                }
                other => drop(other?),
            }
        }
        Ok(())
    }
}
