//! Staff sessions; of their secrets only hashes.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::account::{Account, Stage};
use crate::register::EmailAddress;
use crate::time::Moment;

use super::account::{COLUMNS, Row, account, counted};
use super::error::read;
use super::schema::{accounts, sessions};
use super::{StorageError, Tx};

/// A session as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldSession {
    /// Whose it is.
    pub account: Account,
    /// What it waits for.
    pub stage: Stage,
    /// When it began.
    pub begun: Moment,
    /// When it was used last, to the minute or so.
    pub seen: Moment,
}

/// Sessions that have not ended: now, and used after the other moment.
#[derive(Debug, Clone, Copy)]
pub struct Alive {
    /// The present moment.
    pub now: Moment,
    /// Who used a session last at this moment or before is taken to have gone.
    pub idle_since: Moment,
}

type SessionRow = (Row, String, chrono::NaiveDateTime, chrono::NaiveDateTime);

fn held((of, stage, begun, seen): SessionRow) -> Result<HeldSession, StorageError> {
    Ok(HeldSession {
        account: account(of)?,
        stage: read("a session's stage", &stage)?,
        begun: Moment::from_utc(begun),
        seen: Moment::from_utc(seen),
    })
}

impl Tx<'_> {
    /// Keeps the hash of a session that begins now; sessions that ended are cleared
    /// away.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn insert_session(
        &mut self,
        hash: &[u8; 32],
        email: &EmailAddress,
        stage: Stage,
        (now, expires): (Moment, Moment),
    ) -> Result<(), StorageError> {
        diesel::delete(sessions::table.filter(sessions::expires_at.le(now.to_utc())))
            .execute(self.conn)?;
        diesel::insert_into(sessions::table)
            .values((
                sessions::hash.eq(hash.as_slice()),
                sessions::email.eq(email.key()),
                sessions::stage.eq(stage.word()),
                sessions::begun_at.eq(now.to_utc()),
                sessions::seen_at.eq(now.to_utc()),
                sessions::expires_at.eq(expires.to_utc()),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// The session of this secret, if it has not ended.
    ///
    /// # Errors
    /// If the database refuses or the row cannot be read.
    pub fn session(
        &mut self,
        hash: &[u8; 32],
        alive: Alive,
    ) -> Result<Option<HeldSession>, StorageError> {
        sessions::table
            .inner_join(accounts::table.on(accounts::email.eq(sessions::email)))
            .filter(sessions::hash.eq(hash.as_slice()))
            .filter(sessions::expires_at.gt(alive.now.to_utc()))
            .filter(sessions::seen_at.gt(alive.idle_since.to_utc()))
            .select((COLUMNS, sessions::stage, sessions::begun_at, sessions::seen_at))
            .get_result::<SessionRow>(self.conn)
            .optional()?
            .map(held)
            .transpose()
    }

    /// The sessions of an account that have not ended, the last used first.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn sessions_of(
        &mut self,
        email: &EmailAddress,
        alive: Alive,
    ) -> Result<Vec<HeldSession>, StorageError> {
        let rows: Vec<SessionRow> = sessions::table
            .inner_join(accounts::table.on(accounts::email.eq(sessions::email)))
            .filter(sessions::email.eq(email.key()))
            .filter(sessions::expires_at.gt(alive.now.to_utc()))
            .filter(sessions::seen_at.gt(alive.idle_since.to_utc()))
            .select((COLUMNS, sessions::stage, sessions::begun_at, sessions::seen_at))
            .order((sessions::seen_at.desc(), sessions::begun_at.desc()))
            .load(self.conn)?;
        rows.into_iter().map(held).collect()
    }

    /// How many sessions each account has that are open and have not ended, by the key
    /// of its address.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn open_sessions(&mut self, alive: Alive) -> Result<HashMap<String, usize>, StorageError> {
        let of: Vec<String> = sessions::table
            .filter(sessions::expires_at.gt(alive.now.to_utc()))
            .filter(sessions::seen_at.gt(alive.idle_since.to_utc()))
            .filter(sessions::stage.eq(Stage::Open.word()))
            .select(sessions::email)
            .load(self.conn)?;
        Ok(counted(of))
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn touch_session(&mut self, hash: &[u8; 32], now: Moment) -> Result<(), StorageError> {
        let older = sessions::table
            .filter(sessions::hash.eq(hash.as_slice()))
            .filter(sessions::seen_at.lt(now.to_utc()));
        diesel::update(older).set(sessions::seen_at.eq(now.to_utc())).execute(self.conn)?;
        Ok(())
    }

    /// Ends a session; `false` if there was none.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn delete_session(&mut self, hash: &[u8; 32]) -> Result<bool, StorageError> {
        Ok(diesel::delete(sessions::table.find(hash.as_slice())).execute(self.conn)? == 1)
    }

    /// Ends every session of an account; says how many there were.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn delete_sessions_of(&mut self, email: &EmailAddress) -> Result<usize, StorageError> {
        let of = sessions::table.filter(sessions::email.eq(email.key()));
        Ok(diesel::delete(of).execute(self.conn)?)
    }
}
