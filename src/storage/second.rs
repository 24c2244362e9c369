//! What one of the office asked a colleague to do.

use diesel::prelude::*;

use crate::register::EmailAddress;
use crate::time::Moment;
use crate::trail::Act;

use super::error::read;
use super::schema::seconds;
use super::{StorageError, Tx};

type Row = (String, String, String, String, chrono::NaiveDateTime);

/// What one of the office asked a colleague to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedSecond {
    /// What is to be done.
    pub act: Act,
    /// To which wave.
    pub about: String,
    /// In which form: for example the digest of the release that is to be published.
    pub form: String,
    /// Who asked.
    pub by: EmailAddress,
    /// When.
    pub at: Moment,
}

/// The request; none for an act of another version.
fn asked((act, about, form, by, at): Row) -> Result<Option<AskedSecond>, StorageError> {
    let Some(act) = Act::of(&act) else { return Ok(None) };
    let by = read("who asked a colleague", &by)?;
    Ok(Some(AskedSecond { act, about, form, by, at: Moment::from_utc(at) }))
}

impl Tx<'_> {
    /// Keeps a request, in the place of an earlier one for the same act.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn put_second(&mut self, new: &AskedSecond) -> Result<(), StorageError> {
        self.delete_second(new.act, &new.about)?;
        self.attempt(|conn| {
            diesel::insert_into(seconds::table)
                .values((
                    seconds::act.eq(new.act.word()),
                    seconds::about.eq(&new.about),
                    seconds::form.eq(&new.form),
                    seconds::asked_by.eq(new.by.expose()),
                    seconds::asked_at.eq(new.at.to_utc()),
                ))
                .execute(conn)
        })?;
        Ok(())
    }

    /// The request for an act.
    ///
    /// # Errors
    /// If the database refuses or the row cannot be read.
    pub fn second(&mut self, act: Act, about: &str) -> Result<Option<AskedSecond>, StorageError> {
        let row: Option<Row> =
            seconds::table.find((act.word(), about)).get_result(self.conn).optional()?;
        row.map_or(Ok(None), asked)
    }

    /// All requests, the oldest first.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn seconds(&mut self) -> Result<Vec<AskedSecond>, StorageError> {
        let rows: Vec<Row> = seconds::table.order(seconds::asked_at).load(self.conn)?;
        rows.into_iter().filter_map(|row| asked(row).transpose()).collect()
    }

    /// Forgets a request; `false` if there was none.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn delete_second(&mut self, act: Act, about: &str) -> Result<bool, StorageError> {
        Ok(diesel::delete(seconds::table.find((act.word(), about))).execute(self.conn)? == 1)
    }
}
