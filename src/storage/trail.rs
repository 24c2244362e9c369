//! The audit trail at rest: rows are put in and never changed, and triggers hold
//! anybody to that who comes by another way.

use diesel::prelude::*;

use crate::time::Moment;
use crate::trail::{Act, Entry, Link};

use super::error::read;
use super::schema::trail;
use super::{StorageError, Tx};

/// The fact of the house that says how the trail ends.
const END: &str = "trail-end";

type Row = (i64, chrono::NaiveDateTime, String, String, String, String, Vec<u8>);

fn entry((number, at, who, act, about, detail, link): Row) -> Result<(Entry, Link), StorageError> {
    let link: [u8; 32] = link.try_into().map_err(|_| StorageError::Corrupt {
        what: "the audit trail",
        why: format!("entry {number} has no whole hash"),
    })?;
    let at = Moment::from_utc(at);
    Ok((Entry { number, at, who, act, about, detail }, Link::new(link)))
}

/// How the trail ends, sealed by the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedEnd {
    /// The last entry's number.
    pub number: i64,
    /// Its link.
    pub link: Link,
    /// The seal over both.
    pub seal: String,
}

impl Tx<'_> {
    /// How the trail ends; none before its first entry. Nobody else adds to it until
    /// this transaction ends.
    ///
    /// # Errors
    /// If the database refuses or the fact cannot be read.
    pub fn held_trail_end(&mut self) -> Result<Option<SealedEnd>, StorageError> {
        // On a server others may write at the same time: a change of the row that
        // changes nothing keeps them waiting.
        use super::schema::house;
        diesel::update(house::table.find(END)).set(house::name.eq(END)).execute(self.conn)?;
        self.trail_end()
    }

    /// How the trail ends; none before its first entry.
    ///
    /// # Errors
    /// If the database refuses or the fact cannot be read.
    pub fn trail_end(&mut self) -> Result<Option<SealedEnd>, StorageError> {
        let Some(text) = self.house_fact(END)? else { return Ok(None) };
        let mut parts = text.split(' ');
        let mut part = || parts.next().unwrap_or_default();
        Ok(Some(SealedEnd {
            number: read("the end of the audit trail", part())?,
            link: read("the end of the audit trail", part())?,
            seal: part().to_owned(),
        }))
    }

    /// Adds an entry with the new end.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if somebody else made the very first entry meanwhile.
    pub fn insert_trail_entry(
        &mut self,
        entry: &Entry,
        end: &SealedEnd,
    ) -> Result<(), StorageError> {
        self.attempt(|conn| {
            diesel::insert_into(trail::table)
                .values((
                    trail::number.eq(entry.number),
                    trail::at.eq(entry.at.to_utc()),
                    trail::who.eq(&entry.who),
                    trail::act.eq(&entry.act),
                    trail::about.eq(&entry.about),
                    trail::detail.eq(&entry.detail),
                    trail::link.eq(end.link.as_bytes().as_slice()),
                ))
                .execute(conn)
        })?;
        self.set_house_fact(END, &format!("{} {} {}", end.number, end.link, end.seal))
    }

    /// At most `most` entries after a number, in their order.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn trail_after(
        &mut self,
        number: i64,
        most: i64,
    ) -> Result<Vec<(Entry, Link)>, StorageError> {
        let rows: Vec<Row> = trail::table
            .filter(trail::number.gt(number))
            .order(trail::number)
            .limit(most)
            .load(self.conn)?;
        rows.into_iter().map(entry).collect()
    }

    /// At most `most` entries before a number, the newest first.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn trail_before(
        &mut self,
        number: i64,
        most: i64,
    ) -> Result<Vec<(Entry, Link)>, StorageError> {
        let rows: Vec<Row> = trail::table
            .filter(trail::number.lt(number))
            .order(trail::number.desc())
            .limit(most)
            .load(self.conn)?;
        rows.into_iter().map(entry).collect()
    }

    /// The newest entry of an act about something, if there is one.
    ///
    /// # Errors
    /// If the database refuses or the row cannot be read.
    pub fn last_of(&mut self, act: Act, about: &str) -> Result<Option<Entry>, StorageError> {
        let row: Option<Row> = trail::table
            .filter(trail::act.eq(act.word()))
            .filter(trail::about.eq(about))
            .order(trail::number.desc())
            .first(self.conn)
            .optional()?;
        Ok(row.map(entry).transpose()?.map(|(entry, _)| entry))
    }
}
