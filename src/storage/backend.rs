//! Which database this is: URL to connection, pools, settings, locks. The ONLY
//! room that tells SQLite and PostgreSQL apart.

mod address;
mod copy;
mod kept;
mod rewrite;
mod together;
mod transaction;

pub(super) use copy::restore;
pub(super) use kept::{Bind, Kept};
pub(super) use transaction::{
    begin_read, end, hold_by_link, hold_invitation, hold_wave, holds_all,
};

use transaction::begin_write;

use std::ops::{Deref, DerefMut};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::r2d2::{ManageConnection, Pool, PooledConnection};
use diesel::{PgConnection, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::ballot_box::Cleaned;
use crate::id::WaveCode;

use super::error::StorageError;
use address::Address;
use together::{Job, Together, job};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// A connection to either database.
#[derive(diesel::MultiConnection)]
pub(super) enum AnyConnection {
    /// The embedded one.
    Sqlite(SqliteConnection),
    /// The shared one.
    Postgres(PgConnection),
}

/// Runs a query of a hot path on the connection itself: through
/// [`AnyConnection`] its text would be written anew each time, even where the
/// statement is kept.
macro_rules! directly {
    ($any:expr, $conn:ident => $query:expr) => {
        match $any {
            $crate::storage::backend::AnyConnection::Sqlite($conn) => $query,
            $crate::storage::backend::AnyConnection::Postgres($conn) => $query,
        }
    };
}
pub(super) use directly;

pub(super) struct Connector(Address);

/// A connection of a pool, and when it was last seen that the server is there; never, if
/// something on it has failed since.
pub(super) struct Pooled {
    conn: AnyConnection,
    seen: Option<Instant>,
}

/// A server that was there so shortly ago is not asked again: that would be every second
/// statement of a lead's page.
const STILL_THERE: Duration = Duration::from_secs(1);

impl ManageConnection for Connector {
    type Connection = Pooled;
    type Error = StorageError;

    fn connect(&self) -> Result<Pooled, StorageError> {
        Ok(Pooled { conn: self.0.connect()?, seen: Some(Instant::now()) })
    }

    fn is_valid(&self, pooled: &mut Pooled) -> Result<(), StorageError> {
        if let AnyConnection::Postgres(conn) = &mut pooled.conn
            && pooled.seen.is_none_or(|seen| seen.elapsed() > STILL_THERE)
        {
            conn.batch_execute("SELECT 1")?;
            pooled.seen = Some(Instant::now());
        }
        Ok(())
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        use diesel::connection::TransactionManagerStatus;
        let status = match &mut pooled.conn {
            AnyConnection::Sqlite(conn) => {
                AnsiTransactionManager::transaction_manager_status_mut(conn)
            }
            AnyConnection::Postgres(conn) => {
                AnsiTransactionManager::transaction_manager_status_mut(conn)
            }
        };
        std::thread::panicking()
            || match status {
                TransactionManagerStatus::InError => true,
                TransactionManagerStatus::Valid(valid) => valid.transaction_depth().is_some(),
            }
    }
}

/// A connection that is held; back in its pool when it is dropped.
pub(super) struct Held(PooledConnection<Connector>);

impl Held {
    /// What came of something on this connection: if it failed, whoever takes the
    /// connection next looks first whether the server is there.
    pub(super) fn heed<T, E>(&mut self, outcome: Result<T, E>) -> Result<T, E> {
        if outcome.is_err() {
            self.0.seen = None;
        }
        outcome
    }
}

impl Deref for Held {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.0.conn
    }
}

impl DerefMut for Held {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.0.conn
    }
}

/// The pools of one database.
#[derive(Clone)]
pub(super) struct Pools {
    address: Address,
    writers: Pool<Connector>,
    readers: Pool<Connector>,
    /// Where the writers of an embedded database meet.
    together: Option<Arc<Meeting>>,
}

/// Where the writers of an embedded database meet, and the way to the one thread that
/// writes for those who do not wait on a thread of their own.
#[derive(Default)]
struct Meeting {
    place: Arc<Together>,
    jobs: OnceLock<Option<Sender<Job>>>,
}

impl Pools {
    /// Opens the pools after one connection has shown that it works.
    pub(super) fn open(url: &str) -> Result<Self, StorageError> {
        let address = Address::parse(url)?;
        let alone = address.alone()?;
        drop(address.connect()?);
        drop(alone);
        let pool = |most: u32| {
            Pool::builder()
                .max_size(most)
                .min_idle(Some(1))
                .connection_timeout(Duration::from_secs(10))
                .error_handler(Box::new(diesel::r2d2::NopErrorHandler))
                .build(Connector(address.clone()))
                .map_err(|error| StorageError::Unavailable(error.to_string()))
        };
        let (writers, readers) = match &address {
            // SQLite takes one writer at a time: a queue of our own is fairer than its lock.
            Address::Sqlite(_) => (pool(1)?, pool(4)?),
            Address::Postgres(_) => {
                let shared = pool(8)?;
                (shared.clone(), shared)
            }
        };
        let together = matches!(address, Address::Sqlite(_)).then(Arc::default);
        Ok(Self { address, writers, readers, together })
    }

    /// Runs an act in one transaction: all of it is durable when this returns `Ok`,
    /// none of it otherwise.
    pub(super) fn write<T, E: From<StorageError>>(
        &self,
        act: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
    ) -> Result<T, E> {
        if let Some(together) = &self.together {
            return together.place.write(|| self.writer(), act);
        }
        let mut conn = Self::begun(|| self.writer(), begin_write)?;
        let outcome = act(&mut conn);
        match conn.heed(outcome) {
            Ok(value) => {
                let kept = end(&mut conn, true);
                if let Err(error) = conn.heed(kept) {
                    // The commit was refused: nothing of it may stay open on the connection.
                    drop(end(&mut conn, false));
                    return Err(error.into());
                }
                Ok(value)
            }
            Err(error) => {
                end(&mut conn, false)?;
                Err(error)
            }
        }
    }

    /// The same without a thread that waits: `tell` hears of it when it is durable, or
    /// undone. On a server the act is run here and now.
    pub(super) fn write_soon<T: Send + 'static, E: From<StorageError> + Send + 'static>(
        &self,
        act: impl FnOnce(&mut AnyConnection) -> Result<T, E> + Send + 'static,
        tell: impl FnOnce(Result<T, E>) + Send + 'static,
    ) {
        let Some(meeting) = &self.together else { return tell(self.write(act)) };
        let jobs = meeting.jobs.get_or_init(|| {
            let (jobs, waiting) = channel();
            let (place, writers) = (Arc::clone(&meeting.place), self.writers.clone());
            // Ends when the last way to it is gone.
            let thread = std::thread::Builder::new().name("writer".to_owned());
            let begun = thread.spawn(move || place.run_all(|| Self::take(&writers), &waiting));
            begun.ok().map(|_| jobs)
        });
        let job = job(act, tell);
        let left = match jobs {
            Some(jobs) => jobs.send(job).err().map(|error| error.0),
            None => Some(job),
        };
        // No thread could be had: this one will do.
        if let Some(job) = left {
            meeting.place.run(|| self.writer(), job, &channel().1);
        }
    }

    /// A connection on which a transaction has begun. Where a server went away and came
    /// back, another connection is taken once.
    pub(super) fn begun(
        take: impl Fn() -> Result<Held, StorageError>,
        begin: fn(&mut AnyConnection) -> Result<(), StorageError>,
    ) -> Result<Held, StorageError> {
        let mut conn = take()?;
        let outcome = begin(&mut conn);
        if conn.heed(outcome).is_err() {
            drop(conn);
            conn = take()?;
            begin(&mut conn)?;
        }
        Ok(conn)
    }

    pub(super) fn reader(&self) -> Result<Held, StorageError> {
        Self::take(&self.readers)
    }

    pub(super) fn writer(&self) -> Result<Held, StorageError> {
        Self::take(&self.writers)
    }

    fn take(pool: &Pool<Connector>) -> Result<Held, StorageError> {
        pool.get().map(Held).map_err(|error| StorageError::Unavailable(error.to_string()))
    }

    pub(super) fn is_embedded(&self) -> bool {
        matches!(self.address, Address::Sqlite(_))
    }

    /// The database's kind in a word, for people.
    pub(super) fn kind(&self) -> &'static str {
        match self.address {
            Address::Sqlite(_) => "SQLite",
            Address::Postgres(_) => "PostgreSQL",
        }
    }

    /// Runs the migrations that are missing; says how many.
    pub(super) fn migrate(&self) -> Result<usize, StorageError> {
        let failed = |error: &dyn std::fmt::Display| StorageError::Migration(error.to_string());
        let alone = self.address.alone()?;
        let mut conn = self.writer()?;
        let done = match &mut *conn {
            AnyConnection::Sqlite(conn) => {
                conn.run_pending_migrations(SQLITE).map(|done| done.len()).map_err(|e| failed(&e))
            }
            AnyConnection::Postgres(conn) => {
                // Two nodes may start at once: the second waits here.
                conn.batch_execute("SELECT pg_advisory_lock(7305)")?;
                let done = conn
                    .run_pending_migrations(POSTGRES)
                    .map(|done| done.len())
                    .map_err(|e| failed(&e));
                conn.batch_execute("SELECT pg_advisory_unlock(7305)")?;
                done
            }
        };
        drop(alone);
        done
    }

    /// How many migrations are missing.
    pub(super) fn pending(&self) -> Result<usize, StorageError> {
        let mut conn = self.reader()?;
        let failed = |error: &dyn std::fmt::Display| StorageError::Migration(error.to_string());
        match &mut *conn {
            AnyConnection::Sqlite(conn) => {
                conn.pending_migrations(SQLITE).map(|left| left.len()).map_err(|e| failed(&e))
            }
            AnyConnection::Postgres(conn) => {
                conn.pending_migrations(POSTGRES).map(|left| left.len()).map_err(|e| failed(&e))
            }
        }
    }

    /// How many migrations this program knows.
    #[cfg(test)]
    pub(super) fn known() -> (usize, usize) {
        use diesel::migration::MigrationSource;
        let sqlite = MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE);
        let postgres = MigrationSource::<diesel::pg::Pg>::migrations(&POSTGRES);
        (sqlite.map_or(0, |list| list.len()), postgres.map_or(0, |list| list.len()))
    }

    /// Whether there is a database at an address of a file; true of a server.
    pub(super) fn is_there(url: &str) -> bool {
        match Address::parse(url) {
            Ok(Address::Sqlite(file)) => std::path::Path::new(&file).exists(),
            _ => true,
        }
    }

    /// Puts what the log holds into the embedded database's file and leaves it empty,
    /// unless somebody is in the way; a server has a log of its own.
    pub(super) fn empty_log(&self) -> Result<bool, StorageError> {
        rewrite::empty_log_if_free(&mut *self.writer()?)
    }

    /// Rewrites the files so that nothing deleted is left in them, and looks what is.
    pub(super) fn clean(&self, wave: &WaveCode) -> Result<Cleaned, StorageError> {
        let mut conn = self.writer()?;
        rewrite::clean(&mut conn)?;
        let (rows_left, bytes_left) = rewrite::left(&mut conn, wave)?;
        Ok(Cleaned { database: self.kind().to_owned(), rows_left, bytes_left })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_folders_hold_the_same_number_of_steps() {
        let (sqlite, postgres) = Pools::known();
        assert!(sqlite > 0);
        assert_eq!(sqlite, postgres);
    }
}
