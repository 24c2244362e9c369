//! Where the private half of a wave's key is: words about it, never the key.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::ballot_box::PublicKey;
use crate::custody::{Custody, Split};
use crate::id::WaveCode;

use super::error::{count_of, read, stored_count};
use super::schema::{custody, prepared_keys};
use super::{StorageError, Tx};

const WHAT: &str = "where a wave's key is";

fn corrupt(why: &dyn ToString) -> StorageError {
    StorageError::Corrupt { what: WHAT, why: why.to_string() }
}

/// The columns of where a key is.
fn written(at: &Custody) -> Result<(&'static str, i32, String), StorageError> {
    let (needed, held) = match at {
        Custody::Server => (0, Vec::new()),
        Custody::File { name } => (0, vec![name.clone()]),
        Custody::Shares(split) => (split.needed(), split.holders().to_vec()),
    };
    let held = serde_json::to_string(&held).map_err(|why| corrupt(&why))?;
    Ok((at.word(), stored_count(needed.into()), held))
}

/// Where a key is, from the columns.
fn read_back(kind: &str, needed: i32, held: &str) -> Result<Custody, StorageError> {
    let mut held: Vec<String> = serde_json::from_str(held).map_err(|why| corrupt(&why))?;
    match (kind, held.len()) {
        ("server", 0) => Ok(Custody::Server),
        ("file", 1) => Ok(Custody::File { name: held.swap_remove(0) }),
        ("shares", _) => {
            let needed = u8::try_from(count_of(WHAT, needed)?).map_err(|why| corrupt(&why))?;
            Ok(Custody::Shares(Split::kept(needed, &held).map_err(|why| corrupt(&why))?))
        }
        _ => Err(corrupt(&format!("{kind:?} is no way to keep a key"))),
    }
}

impl Tx<'_> {
    /// Keeps the public half of a key that was handed out for a draft, in the place of an
    /// earlier one.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn put_prepared_key(
        &mut self,
        wave: &WaveCode,
        public: &PublicKey,
        at: &Custody,
    ) -> Result<(), StorageError> {
        self.delete_prepared_key(wave)?;
        let (kind, needed, held) = written(at)?;
        diesel::insert_into(prepared_keys::table)
            .values((
                prepared_keys::wave_code.eq(wave.as_str()),
                prepared_keys::public_key.eq(public.as_bytes().as_slice()),
                prepared_keys::kind.eq(kind),
                prepared_keys::needed.eq(needed),
                prepared_keys::held.eq(held),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// The public half of the key that was handed out for a draft, and to whom.
    ///
    /// # Errors
    /// If the database refuses or the row cannot be read.
    pub fn prepared_key(
        &mut self,
        wave: &WaveCode,
    ) -> Result<Option<(PublicKey, Custody)>, StorageError> {
        type Row = (String, Vec<u8>, String, i32, String);
        let row: Option<Row> =
            prepared_keys::table.find(wave.as_str()).get_result(self.conn).optional()?;
        let Some((_, public, kind, needed, held)) = row else { return Ok(None) };
        let public: [u8; 32] =
            public.try_into().map_err(|_| corrupt(&"its public half has a wrong size"))?;
        Ok(Some((PublicKey::from_bytes(public), read_back(&kind, needed, &held)?)))
    }

    /// Forgets it.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn delete_prepared_key(&mut self, wave: &WaveCode) -> Result<(), StorageError> {
        diesel::delete(prepared_keys::table.find(wave.as_str())).execute(self.conn)?;
        Ok(())
    }

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
        let (kind, needed, held) = written(at)?;
        diesel::insert_into(custody::table)
            .values((
                custody::wave_code.eq(wave.as_str()),
                custody::kind.eq(kind),
                custody::needed.eq(needed),
                custody::held.eq(held),
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
        let at = read_back(&kind, needed, &held)?;
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
