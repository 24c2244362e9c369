//! Where the private half of a wave's key is: words about it, never the key.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::custody::{Custody, Split};
use crate::id::WaveCode;

use super::error::{count_of, read, stored_count};
use super::schema::custody;
use super::{StorageError, Tx};

const WHAT: &str = "where a wave's key is";

fn corrupt(why: &dyn ToString) -> StorageError {
    StorageError::Corrupt { what: WHAT, why: why.to_string() }
}

impl Tx<'_> {
    /// Keeps where a wave's key is, and that it opened a dummy on this day.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn insert_custody(
        &mut self,
        wave: &WaveCode,
        at: &Custody,
        rehearsed_on: NaiveDate,
    ) -> Result<(), StorageError> {
        let (needed, held) = match at {
            Custody::Server => (0, Vec::new()),
            Custody::File { name } => (0, vec![name.clone()]),
            Custody::Shares(split) => (split.needed(), split.holders().to_vec()),
        };
        diesel::insert_into(custody::table)
            .values((
                custody::wave_code.eq(wave.as_str()),
                custody::kind.eq(at.word()),
                custody::needed.eq(stored_count(needed.into())),
                custody::held.eq(serde_json::to_string(&held).map_err(|why| corrupt(&why))?),
                custody::rehearsed_on.eq(rehearsed_on.to_string()),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Where a wave's key is, and on which day it last opened a dummy; that is
    /// not known of waves that were opened before there was a choice.
    ///
    /// # Errors
    /// If the database refuses or the row cannot be read.
    pub fn custody(
        &mut self,
        wave: &WaveCode,
    ) -> Result<(Custody, Option<NaiveDate>), StorageError> {
        type Row = (String, i32, String, String);
        let columns = (custody::kind, custody::needed, custody::held, custody::rehearsed_on);
        let row = custody::table.find(wave.as_str()).select(columns);
        let Some((kind, needed, held, day)) = row.get_result::<Row>(self.conn).optional()? else {
            return Ok((Custody::Server, None));
        };
        let mut held: Vec<String> = serde_json::from_str(&held).map_err(|why| corrupt(&why))?;
        let at = match (kind.as_str(), held.len()) {
            ("server", 0) => Custody::Server,
            ("file", 1) => Custody::File { name: held.swap_remove(0) },
            ("shares", _) => {
                let needed = u8::try_from(count_of(WHAT, needed)?).map_err(|why| corrupt(&why))?;
                Custody::Shares(Split::kept(needed, &held).map_err(|why| corrupt(&why))?)
            }
            _ => return Err(corrupt(&format!("{kind:?} is no way to keep a key"))),
        };
        Ok((at, Some(read("the day of a rehearsal", &day)?)))
    }

    /// Writes down that a wave's key opened a dummy on this day.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn set_rehearsed(&mut self, wave: &WaveCode, day: NaiveDate) -> Result<(), StorageError> {
        let changed = diesel::update(custody::table.find(wave.as_str()))
            .set(custody::rehearsed_on.eq(day.to_string()))
            .execute(self.conn)?;
        if changed == 0 {
            self.insert_custody(wave, &Custody::Server, day)?;
        }
        Ok(())
    }
}
