//! The database, sealed: the only room that knows diesel. Core types go in and
//! come out; rows, SQL and the kind of database stay here.
//!
//! [`Store::read`] and [`Store::write`] run a closure in one transaction on a
//! [`Tx`]; what can be asked of the database are the methods of `Tx`, one file
//! per noun.

mod account;
mod answered;
mod backend;
mod ballot_box;
mod came_back;
mod claims;
mod comments;
mod custody;
mod deputy;
mod error;
mod house;
mod invitation;
mod letters;
mod look_first;
mod network;
mod outbox;
mod register;
mod register_history;
mod release;
mod rounds;
mod schema;
mod second;
mod second_step;
mod session;
mod settled;
mod showing;
mod stocktake;
mod trail;
mod wave;

pub use account::AccountOfLink;
pub use ballot_box::Loose;
pub use claims::{Claim, DueMail};
pub use error::StorageError;
pub use invitation::{CountsByUnit, OpenedByLink, StandingCounts, Turnout};
pub use letters::{LetterVersion, StoppedAddress};
pub use outbox::{MailRow, OutboxCounts};
pub use register_history::{DatedEvent, RegisterBefore, RegisterChange};
pub use release::ReleaseNote;
pub use second::AskedSecond;
pub use second_step::{Pin, SecondStep};
pub use session::{Alive, HeldSession};
pub use showing::EarlyAccess;
pub use trail::SealedEnd;

use std::path::{Path, PathBuf};

use diesel::Connection;

use crate::ballot_box::Cleaned;
use crate::id::WaveCode;

use backend::{AnyConnection, Pools};

/// The database.
#[derive(Clone)]
pub struct Store {
    pools: Pools,
}

/// One transaction.
pub struct Tx<'c> {
    conn: &'c mut AnyConnection,
}

impl Store {
    /// Opens the database at `sqlite:FILE` or `postgres://…` and checks its settings.
    ///
    /// # Errors
    /// If the address is wrong, the database is out of reach, or a setting on
    /// which a promise rests cannot be had.
    pub fn open(url: &str) -> Result<Self, StorageError> {
        Ok(Self { pools: Pools::open(url)? })
    }

    /// Brings the tables to this version; says how many steps that took.
    ///
    /// # Errors
    /// If a step fails; it is then undone.
    pub fn migrate(&self) -> Result<usize, StorageError> {
        self.pools.migrate()
    }

    /// Refuses a database that is not at this version.
    ///
    /// # Errors
    /// If steps are missing or the database is out of reach.
    pub fn check_version(&self) -> Result<(), StorageError> {
        match self.pools.pending()? {
            0 => Ok(()),
            behind => Err(StorageError::Outdated { behind }),
        }
    }

    /// Copies the embedded database into a new file while it is in use, durably.
    ///
    /// # Errors
    /// If the file is there already or cannot be written, or the database is on a
    /// server, which makes its own backups.
    pub fn back_up(&self, to: &Path) -> Result<(), StorageError> {
        self.pools.back_up(to)
    }

    /// Puts a copy in the place of the database at this address; gives back where the
    /// one before is now. Nobody may use the database meanwhile.
    ///
    /// # Errors
    /// If the file is no backup, or cannot be put there.
    pub fn restore(url: &str, from: &Path) -> Result<Option<PathBuf>, StorageError> {
        backend::restore(url, from)
    }

    /// Whether there is a database at this address already.
    #[must_use]
    pub fn is_there(url: &str) -> bool {
        Pools::is_there(url)
    }

    /// Whether the database is a file of this machine, read without a server.
    #[must_use]
    pub fn is_embedded(&self) -> bool {
        self.pools.is_embedded()
    }

    /// `SQLite` or `PostgreSQL`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.pools.kind()
    }

    /// Runs a closure that only reads, on one consistent picture.
    ///
    /// # Errors
    /// The closure's own, or the database's.
    pub fn read<T, E>(&self, act: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StorageError>,
    {
        let mut conn = Pools::begun(|| self.pools.reader(), backend::begin_read)?;
        let outcome = act(&mut Tx { conn: &mut conn });
        let outcome = conn.heed(outcome);
        backend::end(&mut conn, false)?;
        outcome
    }

    /// Runs a closure that reads by one statement, which is one picture by
    /// itself, or what never changes.
    ///
    /// # Errors
    /// The closure's own, or the database's.
    pub fn look<T, E>(&self, act: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StorageError>,
    {
        let mut conn = self.pools.reader()?;
        let outcome = act(&mut Tx { conn: &mut conn });
        conn.heed(outcome)
    }

    /// Runs a closure in one transaction: all of it is durable when this
    /// returns `Ok`, none of it otherwise.
    ///
    /// # Errors
    /// The closure's own, or the database's.
    pub fn write<T, E>(&self, act: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E>
    where
        E: From<StorageError>,
    {
        self.pools.write(|conn| act(&mut Tx { conn }))
    }

    /// The same without a thread that waits: `tell` hears of it when it is durable, or
    /// not done. If it dies, `tell` is dropped.
    pub fn write_soon<T, E>(
        &self,
        act: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        tell: impl FnOnce(Result<T, E>) + Send + 'static,
    ) where
        T: Send + 'static,
        E: From<StorageError> + Send + 'static,
    {
        self.pools.write_soon(|conn| act(&mut Tx { conn }), tell);
    }

    /// Leaves nothing in the embedded database's log: what was deleted or replaced is then
    /// in no file of it. False if somebody is in the way: try again later. On a server
    /// nothing is done.
    ///
    /// # Errors
    /// If the database has no room.
    pub fn empty_log(&self) -> Result<bool, StorageError> {
        self.pools.empty_log()
    }

    /// Rewrites the database without what was deleted after a count, and looks
    /// whether anything of the wave is left that had to go.
    ///
    /// # Errors
    /// If the database is busy or has no room, or something is left; calling again is
    /// safe.
    pub fn clean(&self, wave: &WaveCode) -> Result<Cleaned, StorageError> {
        let cleaned = self.pools.clean(wave)?;
        if cleaned.is_clean() {
            return Ok(cleaned);
        }
        let Cleaned { rows_left, bytes_left, .. } = cleaned;
        let why = format!("{rows_left} rows and {bytes_left} bytes are left of what had to go");
        Err(StorageError::Corrupt { what: "the database after cleaning", why })
    }
}

impl Tx<'_> {
    /// Tries a statement that a rule may refuse, without spoiling the
    /// transaction around it (PostgreSQL would refuse everything after).
    fn attempt<T>(
        &mut self,
        act: impl FnOnce(&mut AnyConnection) -> Result<T, diesel::result::Error>,
    ) -> Result<T, StorageError> {
        self.conn.transaction(act).map_err(StorageError::from)
    }
}
