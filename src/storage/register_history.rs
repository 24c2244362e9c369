//! The history of the register, the way back from its last change, and files that wait
//! to become the next one.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::id::{GroupSlug, UploadId};
use crate::register::{Event, Uploaded};
use crate::time::Moment;

use super::error::read;
use super::schema::{house, register_before, register_changes, register_events, register_uploads};
use super::{StorageError, Tx};

/// The fact of the house that holds the number of the last change.
const LAST: &str = "register_change";

/// One change of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterChange {
    /// From 1, in the order of the changes.
    pub number: i64,
    /// When.
    pub at: Moment,
    /// Who: an account's address, or what acted without one.
    pub actor: String,
    /// What was done, in a sentence.
    pub about: String,
}

/// The register before the last change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterBefore {
    /// The number of that change.
    pub change: i64,
    /// Until when it can be undone.
    pub good_until: Moment,
    /// The register, packed. Holds addresses.
    pub packed: String,
    /// The digest of the register after it.
    pub digest: String,
}

/// An event with the change that it was part of.
pub type DatedEvent = (RegisterChange, Event);

type EventRow = (i64, i32, String, String, String, String, String);
type ChangeRow = (i64, NaiveDateTime, String, String);

fn change_of((number, at, actor, about): ChangeRow) -> RegisterChange {
    RegisterChange { number, at: Moment::from_utc(at), actor, about }
}

fn event_of((_, _, turn, noun, code, name, detail): EventRow) -> Result<Event, StorageError> {
    Ok(Event {
        turn: read("what happened in the register", &turn)?,
        noun: read("to what it happened", &noun)?,
        code,
        name,
        detail,
    })
}

impl Tx<'_> {
    /// Holds the register still until this transaction ends, and gives the number that
    /// its next change has.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn hold_register(&mut self) -> Result<i64, StorageError> {
        // Writing to the row makes others wait, on either database.
        diesel::update(house::table.find(LAST))
            .set(house::value.eq(house::value))
            .execute(self.conn)?;
        let last = self.house_fact(LAST)?.unwrap_or_default();
        Ok(read::<i64>("the number of the register's last change", &last)?.saturating_add(1))
    }

    /// Writes down a change of the register that is held, and forgets the way back from
    /// the one before.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn insert_register_change(
        &mut self,
        change: &RegisterChange,
        events: &[Event],
    ) -> Result<(), StorageError> {
        self.set_house_fact(LAST, &change.number.to_string())?;
        diesel::delete(register_before::table).execute(self.conn)?;
        diesel::insert_into(register_changes::table)
            .values((
                register_changes::number.eq(change.number),
                register_changes::changed_at.eq(change.at.to_utc()),
                register_changes::actor.eq(&change.actor),
                register_changes::about.eq(&change.about),
            ))
            .execute(self.conn)?;
        for (place, event) in (0_i32..).zip(events) {
            diesel::insert_into(register_events::table)
                .values((
                    register_events::change.eq(change.number),
                    register_events::place.eq(place),
                    register_events::turn.eq(event.turn.word()),
                    register_events::noun.eq(event.noun.word()),
                    register_events::code.eq(&event.code),
                    register_events::name.eq(&event.name),
                    register_events::detail.eq(&event.detail),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// What happened in the register, the newest first: of one group, or of all.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn register_events(
        &mut self,
        group: Option<&GroupSlug>,
        skip: u32,
        most: u32,
    ) -> Result<Vec<DatedEvent>, StorageError> {
        let (skip, most) = (i64::from(skip), i64::from(most));
        let order = (register_events::change.desc(), register_events::place.asc());
        let rows: Vec<EventRow> = match group {
            Some(group) => register_events::table
                .filter(register_events::code.eq(group.as_str()))
                .filter(register_events::noun.eq_any(["group", "lead"]))
                .order(order)
                .offset(skip)
                .limit(most)
                .load(self.conn)?,
            None => register_events::table.order(order).offset(skip).limit(most).load(self.conn)?,
        };
        let mut numbers: Vec<i64> = rows.iter().map(|row| row.0).collect();
        numbers.dedup();
        let changes: Vec<ChangeRow> = register_changes::table
            .filter(register_changes::number.eq_any(&numbers))
            .load(self.conn)?;
        let missing = || StorageError::Corrupt {
            what: "the register's history",
            why: "an event has no change".to_owned(),
        };
        rows.into_iter()
            .map(|row| {
                let change = changes.iter().find(|change| change.0 == row.0);
                let change = change.cloned().ok_or_else(missing)?;
                Ok((change_of(change), event_of(row)?))
            })
            .collect()
    }

    /// The last change of the register, if there was one.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn last_register_change(&mut self) -> Result<Option<RegisterChange>, StorageError> {
        let row = register_changes::table
            .order(register_changes::number.desc())
            .first::<ChangeRow>(self.conn)
            .optional()?;
        Ok(row.map(change_of))
    }

    /// Keeps the way back from the last change.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn keep_register_before(&mut self, before: &RegisterBefore) -> Result<(), StorageError> {
        diesel::insert_into(register_before::table)
            .values((
                register_before::change.eq(before.change),
                register_before::good_until.eq(before.good_until.to_utc()),
                register_before::packed.eq(&before.packed),
                register_before::digest.eq(&before.digest),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// The way back from the last change, if there is one at this moment.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn register_before(&mut self, now: Moment) -> Result<Option<RegisterBefore>, StorageError> {
        type Row = (i64, NaiveDateTime, String, String);
        let row = register_before::table
            .filter(register_before::good_until.gt(now.to_utc()))
            .first::<Row>(self.conn)
            .optional()?;
        Ok(row.map(|(change, good_until, packed, digest)| RegisterBefore {
            change,
            good_until: Moment::from_utc(good_until),
            packed,
            digest,
        }))
    }

    /// Keeps files that wait to be confirmed.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn keep_upload(
        &mut self,
        id: &UploadId,
        files: &[Uploaded],
        good_until: Moment,
    ) -> Result<(), StorageError> {
        for (place, file) in (0_i32..).zip(files) {
            diesel::insert_into(register_uploads::table)
                .values((
                    register_uploads::id.eq(id.to_string()),
                    register_uploads::place.eq(place),
                    register_uploads::name.eq(&file.name),
                    register_uploads::bytes.eq(&file.bytes),
                    register_uploads::good_until.eq(good_until.to_utc()),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// The files of an upload; none if its time has passed or it was used.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn upload(&mut self, id: &UploadId, now: Moment) -> Result<Vec<Uploaded>, StorageError> {
        let rows: Vec<(String, Vec<u8>)> = register_uploads::table
            .filter(register_uploads::id.eq(id.to_string()))
            .filter(register_uploads::good_until.gt(now.to_utc()))
            .order(register_uploads::place)
            .select((register_uploads::name, register_uploads::bytes))
            .load(self.conn)?;
        Ok(rows.into_iter().map(|(name, bytes)| Uploaded { name, bytes }).collect())
    }

    /// Deletes an upload; none is no fault.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn delete_upload(&mut self, id: &UploadId) -> Result<(), StorageError> {
        diesel::delete(register_uploads::table.filter(register_uploads::id.eq(id.to_string())))
            .execute(self.conn)?;
        Ok(())
    }

    /// Whether there are uploads or ways back whose time has passed.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn has_old_registers(&mut self, now: Moment) -> Result<bool, StorageError> {
        let uploads: i64 = register_uploads::table
            .filter(register_uploads::good_until.le(now.to_utc()))
            .count()
            .get_result(self.conn)?;
        let before: i64 = register_before::table
            .filter(register_before::good_until.le(now.to_utc()))
            .count()
            .get_result(self.conn)?;
        Ok(uploads + before > 0)
    }

    /// Deletes uploads and ways back whose time has passed; says how many rows.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn forget_old_registers(&mut self, now: Moment) -> Result<usize, StorageError> {
        let uploads = register_uploads::table.filter(register_uploads::good_until.le(now.to_utc()));
        let before = register_before::table.filter(register_before::good_until.le(now.to_utc()));
        Ok(diesel::delete(uploads).execute(self.conn)?
            + diesel::delete(before).execute(self.conn)?)
    }
}
