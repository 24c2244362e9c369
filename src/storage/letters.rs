//! Letters as the office wrote them, every version; and the addresses to which no
//! mail goes any more.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use crate::id::WaveCode;
use crate::ledger::StopCause;
use crate::letter::{MailKind, Written};
use crate::register::EmailAddress;
use crate::time::Moment;

use super::error::{count_of, read, stored_count};
use super::schema::{letters, stopped_addresses};
use super::{StorageError, Tx};

/// One version of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterVersion {
    /// From 1; the highest one counts.
    pub version: u32,
    /// What was written.
    pub written: Written,
    /// Who saved it.
    pub saved_by: EmailAddress,
    /// When.
    pub saved: Moment,
}

/// An address to which no mail goes any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoppedAddress {
    /// The address, in lower case.
    pub address: EmailAddress,
    /// Why.
    pub cause: StopCause,
    /// The same in a sentence.
    pub reason: String,
    /// Since which day.
    pub day: NaiveDate,
}

/// What a letter without a wave is kept under.
fn key(wave: Option<&WaveCode>) -> &str {
    wave.map_or("", WaveCode::as_str)
}

impl Tx<'_> {
    /// Every version of a letter that the office wrote, the newest first.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn letter_versions(
        &mut self,
        wave: Option<&WaveCode>,
        kind: MailKind,
    ) -> Result<Vec<LetterVersion>, StorageError> {
        type Row = (i32, String, String, String, NaiveDateTime);
        let rows: Vec<Row> = letters::table
            .filter(letters::wave_code.eq(key(wave)))
            .filter(letters::kind.eq(kind.word()))
            .order(letters::version.desc())
            .select((
                letters::version,
                letters::subject,
                letters::body,
                letters::saved_by,
                letters::saved_at,
            ))
            .load(self.conn)?;
        rows.into_iter()
            .map(|(version, subject, body, by, saved)| {
                Ok(LetterVersion {
                    version: count_of("a letter's version", version)?,
                    written: Written { subject, body },
                    saved_by: read("an account's address", &by)?,
                    saved: Moment::from_utc(saved),
                })
            })
            .collect()
    }

    /// What a mail of this kind says in this wave: as the office wrote it last, or
    /// as usual.
    ///
    /// # Errors
    /// If the database refuses or the row cannot be read.
    pub fn written_letter(
        &mut self,
        wave: Option<&WaveCode>,
        kind: MailKind,
    ) -> Result<Written, StorageError> {
        let newest: Option<(String, String)> = letters::table
            .filter(letters::wave_code.eq(key(wave)))
            .filter(letters::kind.eq(kind.word()))
            .order(letters::version.desc())
            .select((letters::subject, letters::body))
            .first(self.conn)
            .optional()?;
        Ok(newest.map_or_else(|| kind.usual(), |(subject, body)| Written { subject, body }))
    }

    /// Keeps a new version of a letter.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if somebody saved the same version first.
    pub fn insert_letter(
        &mut self,
        wave: Option<&WaveCode>,
        kind: MailKind,
        new: &LetterVersion,
    ) -> Result<(), StorageError> {
        self.attempt(|conn| {
            diesel::insert_into(letters::table)
                .values((
                    letters::wave_code.eq(key(wave)),
                    letters::kind.eq(kind.word()),
                    letters::version.eq(stored_count(new.version)),
                    letters::subject.eq(&new.written.subject),
                    letters::body.eq(&new.written.body),
                    letters::saved_by.eq(new.saved_by.key()),
                    letters::saved_at.eq(new.saved.to_utc()),
                ))
                .execute(conn)
        })?;
        Ok(())
    }

    /// Lets no mail go to an address any more. That its owner wants none is never
    /// forgotten for a bounce.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn stop_address(&mut self, new: &StoppedAddress) -> Result<(), StorageError> {
        let values = (
            stopped_addresses::cause.eq(new.cause.word()),
            stopped_addresses::reason.eq(&new.reason),
            stopped_addresses::day.eq(new.day.to_string()),
        );
        match self.stopped(&new.address)? {
            Some(before) if before.cause == StopCause::Asked => {}
            Some(_) => {
                diesel::update(stopped_addresses::table.find(new.address.key()))
                    .set(values)
                    .execute(self.conn)?;
            }
            None => {
                diesel::insert_into(stopped_addresses::table)
                    .values((stopped_addresses::email_key.eq(new.address.key()), values))
                    .execute(self.conn)?;
            }
        }
        Ok(())
    }

    /// Lets mails go to an address again; `false` if they did already.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn start_address(&mut self, address: &EmailAddress) -> Result<bool, StorageError> {
        let gone = diesel::delete(stopped_addresses::table.find(address.key()));
        Ok(gone.execute(self.conn)? == 1)
    }

    /// Whether and why no mail goes to an address.
    ///
    /// # Errors
    /// If the database refuses or the row cannot be read.
    pub fn stopped(
        &mut self,
        address: &EmailAddress,
    ) -> Result<Option<StoppedAddress>, StorageError> {
        let found: Option<StoppedRow> =
            stopped_addresses::table.find(address.key()).first(self.conn).optional()?;
        found.map(stopped_address).transpose()
    }

    /// Every address to which no mail goes.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn stopped_addresses(&mut self) -> Result<Vec<StoppedAddress>, StorageError> {
        let mut rows: Vec<StoppedRow> = stopped_addresses::table.load(self.conn)?;
        rows.sort();
        rows.into_iter().map(stopped_address).collect()
    }
}

type StoppedRow = (String, String, String, String);

fn stopped_address(
    (address, cause, reason, day): StoppedRow,
) -> Result<StoppedAddress, StorageError> {
    Ok(StoppedAddress {
        address: read("a stopped address", &address)?,
        cause: read("a stop's cause", &cause)?,
        reason,
        day: read("a stop's day", &day)?,
    })
}
