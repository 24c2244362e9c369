//! Which database this is: URL to connection, pools, settings. The ONLY file
//! that tells SQLite and PostgreSQL apart.

use std::time::Duration;

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::r2d2::{ManageConnection, Pool, PooledConnection};
use diesel::sql_types::{BigInt, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::error::StorageError;

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

/// Set on every SQLite connection and read back: name, value to set, value read.
///
/// WAL with `synchronous=FULL` keeps what was acknowledged through a power cut;
/// `secure_delete` leaves no deleted answer in free pages; `temp_store` keeps
/// sorting out of files; the size limit empties the log at each checkpoint.
const PRAGMAS: [(&str, &str, &str); 8] = [
    ("busy_timeout", "5000", "5000"),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", "2"),
    ("secure_delete", "ON", "1"),
    ("foreign_keys", "ON", "1"),
    ("temp_store", "MEMORY", "2"),
    ("trusted_schema", "OFF", "0"),
    ("journal_size_limit", "0", "0"),
];

/// PostgreSQL's settings without which an acknowledged answer could be lost.
const POSTGRES_SETTINGS: [(&str, &[&str], &str); 3] = [
    ("synchronous_commit", &["on", "local", "remote_write", "remote_apply"], "on"),
    ("fsync", &["on"], "on"),
    ("full_page_writes", &["on"], "on"),
];

/// Where the database is.
#[derive(Clone)]
enum Address {
    Sqlite(String),
    Postgres(String),
}

impl Address {
    fn parse(url: &str) -> Result<Self, StorageError> {
        if let Some(file) = url.strip_prefix("sqlite:") {
            let file = file.strip_prefix("//").unwrap_or(file);
            if !file.is_empty() && !file.starts_with(':') {
                return Ok(Self::Sqlite(file.to_owned()));
            }
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return if is_encoded(url) {
                Ok(Self::Postgres(url.to_owned()))
            } else {
                Err(StorageError::Password)
            };
        }
        // A password never goes into a message.
        let shown = url.split([':', '@']).next().unwrap_or_default();
        Err(StorageError::Url(shown.to_owned()))
    }

    /// Keeps other processes out while an embedded database is made: SQLite
    /// itself refuses the second instead of letting it wait.
    fn alone(&self) -> Result<Option<std::fs::File>, StorageError> {
        let Self::Sqlite(file) = self else { return Ok(None) };
        let path = format!("{file}.lock");
        let named = |why: std::io::Error| StorageError::Unavailable(format!("{path}: {why}"));
        make_private(&path).map_err(named)?;
        let lock = std::fs::OpenOptions::new().write(true).open(&path).map_err(named)?;
        lock.lock().map_err(named)?;
        Ok(Some(lock))
    }

    fn connect(&self) -> Result<AnyConnection, StorageError> {
        let reason = |error: diesel::ConnectionError| match error {
            diesel::ConnectionError::BadConnection(why) => {
                why.split_whitespace().collect::<Vec<_>>().join(" ")
            }
            other => other.to_string(),
        };
        match self {
            Self::Sqlite(file) => {
                let named = |why: String| StorageError::Unavailable(format!("{file}: {why}"));
                make_private(file).map_err(|why| named(why.to_string()))?;
                let mut conn =
                    SqliteConnection::establish(file).map_err(|error| named(reason(error)))?;
                prepare_sqlite(&mut conn).map_err(|error| match error {
                    StorageError::Unavailable(why) => named(why),
                    other => other,
                })?;
                Ok(AnyConnection::Sqlite(conn))
            }
            Self::Postgres(url) => {
                let mut conn = PgConnection::establish(url).map_err(|error| {
                    StorageError::Unavailable(without_password(url, &reason(error)))
                })?;
                check_postgres(&mut conn)?;
                Ok(AnyConnection::Postgres(conn))
            }
        }
    }
}

#[derive(QueryableByName)]
struct Checkpoint {
    #[diesel(sql_type = BigInt)]
    busy: i64,
}

/// Makes a database file that is not there yet, for its owner alone; SQLite
/// gives the files beside it the same mode.
fn make_private(file: &str) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(file) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        other => other.map(drop),
    }
}

/// Whether the name and password in an address have only characters that may
/// stand there: libpq would cut the address elsewhere than we do, and print a part.
fn is_encoded(url: &str) -> bool {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let Some((user, _)) = rest.rsplit_once('@') else { return true };
    let bytes = user.as_bytes();
    bytes.iter().enumerate().all(|(at, byte)| match byte {
        b'%' => bytes.get(at + 1..at + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit)),
        _ => byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:".contains(byte),
    })
}

/// libpq quotes the part of an address that it cannot read.
fn without_password(url: &str, why: &str) -> String {
    let user = url.split_once("://").and_then(|(_, rest)| rest.rsplit_once('@'));
    match user.and_then(|(user, _)| user.split_once(':')) {
        Some((_, password)) if !password.is_empty() => why.replace(password, "…"),
        _ => why.to_owned(),
    }
}

#[derive(QueryableByName)]
struct Shown {
    #[diesel(sql_type = Text)]
    value: String,
}

#[expect(clippy::disallowed_methods, reason = "settings of a connection have no query language")]
fn show(conn: &mut SqliteConnection, name: &str) -> Result<String, StorageError> {
    let column = if name == "busy_timeout" { "timeout" } else { name };
    let sql = format!("SELECT CAST({column} AS TEXT) AS value FROM pragma_{name}");
    Ok(diesel::sql_query(sql).get_result::<Shown>(conn)?.value)
}

fn prepare_sqlite(conn: &mut SqliteConnection) -> Result<(), StorageError> {
    for (name, set, _) in PRAGMAS {
        conn.batch_execute(&format!("PRAGMA {name} = {set}"))?;
    }
    for (name, _, wanted) in PRAGMAS {
        let found = show(conn, name)?;
        if found != wanted {
            return Err(StorageError::Setting { name, found, wanted });
        }
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "settings of a connection have no query language")]
fn check_postgres(conn: &mut PgConnection) -> Result<(), StorageError> {
    for (name, allowed, wanted) in POSTGRES_SETTINGS {
        let sql = format!("SELECT current_setting('{name}') AS value");
        let found = diesel::sql_query(sql).get_result::<Shown>(conn)?.value;
        if !allowed.contains(&found.as_str()) {
            return Err(StorageError::Setting { name, found, wanted });
        }
    }
    Ok(())
}

pub(super) struct Connector(Address);

impl ManageConnection for Connector {
    type Connection = AnyConnection;
    type Error = StorageError;

    fn connect(&self) -> Result<AnyConnection, StorageError> {
        self.0.connect()
    }

    fn is_valid(&self, conn: &mut AnyConnection) -> Result<(), StorageError> {
        match conn {
            AnyConnection::Sqlite(_) => Ok(()),
            AnyConnection::Postgres(conn) => Ok(conn.batch_execute("SELECT 1")?),
        }
    }

    fn has_broken(&self, conn: &mut AnyConnection) -> bool {
        use diesel::connection::TransactionManagerStatus;
        let status = match conn {
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

type Held = PooledConnection<Connector>;

/// The pools of one database.
#[derive(Clone)]
pub(super) struct Pools {
    address: Address,
    writers: Pool<Connector>,
    readers: Pool<Connector>,
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
        Ok(Self { address, writers, readers })
    }

    pub(super) fn reader(&self) -> Result<Held, StorageError> {
        Self::take(&self.readers)
    }

    pub(super) fn writer(&self) -> Result<Held, StorageError> {
        Self::take(&self.writers)
    }

    fn take(pool: &Pool<Connector>) -> Result<Held, StorageError> {
        pool.get().map_err(|error| StorageError::Unavailable(error.to_string()))
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

    /// Rewrites the files so that nothing deleted is left in them.
    pub(super) fn clean(&self) -> Result<(), StorageError> {
        let mut conn = self.writer()?;
        match &mut *conn {
            AnyConnection::Sqlite(conn) => {
                conn.batch_execute("VACUUM")?;
                #[expect(clippy::disallowed_methods, reason = "a checkpoint has no query language")]
                let done = diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)")
                    .get_result::<Checkpoint>(conn)?;
                if done.busy == 0 { Ok(()) } else { Err(StorageError::Busy) }
            }
            AnyConnection::Postgres(conn) => {
                // A reader elsewhere may hold a table: then later, not for ever.
                conn.batch_execute("SET lock_timeout = '5s'")?;
                let cleaned = rewrite_postgres(conn);
                conn.batch_execute("RESET lock_timeout")?;
                cleaned
            }
        }
    }
}

/// Columns of the tables that hold what must be gone, with an expression that
/// changes nothing.
const REWRITTEN: [(&str, &str, &str); 5] = [
    ("drafts", "sealed", "bytea USING sealed || ''::bytea"),
    ("envelopes", "sealed", "bytea USING sealed || ''::bytea"),
    ("invitations", "standing", "text USING standing || ''"),
    ("outbox", "state", "text USING state || ''"),
    ("morning_turnout", "as_of", "text USING as_of || ''"),
];

/// Rewrites the tables without dead rows, in an order that tells nothing.
fn rewrite_postgres(conn: &mut PgConnection) -> Result<(), StorageError> {
    // VACUUM FULL and CLUSTER keep dead rows that an old snapshot anywhere could
    // still see; a change of type keeps none.
    for (table, column, kind) in REWRITTEN {
        conn.batch_execute(&format!("ALTER TABLE {table} ALTER COLUMN {column} TYPE {kind}"))?;
    }
    // In the order of their random ids, which is no order at all: an update
    // moves a row, so the order kept would tell who answered when.
    for table in ["invitations", "outbox", "ballots", "comments"] {
        conn.batch_execute(&format!("CLUSTER {table} USING {table}_pkey"))?;
    }
    Ok(())
}

/// Begins a transaction that only reads, on one picture of the data.
pub(super) fn begin_read(conn: &mut AnyConnection) -> Result<(), StorageError> {
    match conn {
        AnyConnection::Sqlite(conn) => AnsiTransactionManager::begin_transaction(conn)?,
        AnyConnection::Postgres(conn) => AnsiTransactionManager::begin_transaction_sql(
            conn,
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        )?,
    }
    Ok(())
}

/// Begins a transaction that will write.
pub(super) fn begin_write(conn: &mut AnyConnection) -> Result<(), StorageError> {
    match conn {
        // A deferred transaction that reads before it writes can fail at once
        // when another writer came between: take the lock first.
        AnyConnection::Sqlite(conn) => {
            AnsiTransactionManager::begin_transaction_sql(conn, "BEGIN IMMEDIATE")?;
        }
        AnyConnection::Postgres(conn) => AnsiTransactionManager::begin_transaction(conn)?,
    }
    Ok(())
}

/// Ends a transaction begun by [`begin_read`] or [`begin_write`].
pub(super) fn end(conn: &mut AnyConnection, keep: bool) -> Result<(), StorageError> {
    macro_rules! end {
        ($conn:expr) => {
            if keep {
                AnsiTransactionManager::commit_transaction($conn)
            } else {
                AnsiTransactionManager::rollback_transaction($conn)
            }
        };
    }
    match conn {
        AnyConnection::Sqlite(conn) => end!(conn)?,
        AnyConnection::Postgres(conn) => end!(conn)?,
    }
    Ok(())
}

/// Holds a wave's state still until this transaction ends: closing waits for
/// submissions in flight, and a submission after it sees the new state.
/// SQLite has one writer at a time, so nothing can come between there.
pub(super) fn hold_wave(conn: &mut AnyConnection, wave: &str) -> Result<(), StorageError> {
    match conn {
        AnyConnection::Sqlite(_) => Ok(()),
        AnyConnection::Postgres(conn) => {
            #[expect(
                clippy::disallowed_methods,
                reason = "a shared row lock exists on one backend only"
            )]
            let held =
                diesel::sql_query("SELECT code AS value FROM waves WHERE code = $1 FOR SHARE")
                    .bind::<Text, _>(wave)
                    .load::<Shown>(conn)?;
            drop(held);
            Ok(())
        }
    }
}

/// Holds an invitation still until this transaction ends, so that two requests
/// of one lead follow each other. Taken after the wave is held, never before.
pub(super) fn hold_invitation(conn: &mut AnyConnection, id: &str) -> Result<(), StorageError> {
    match conn {
        AnyConnection::Sqlite(_) => Ok(()),
        AnyConnection::Postgres(conn) => {
            #[expect(clippy::disallowed_methods, reason = "a row lock exists on one backend only")]
            let held = diesel::sql_query(
                "SELECT id AS value FROM invitations WHERE id = $1 FOR NO KEY UPDATE",
            )
            .bind::<Text, _>(id)
            .load::<Shown>(conn)?;
            drop(held);
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_known_databases_are_taken() {
        assert!(matches!(Address::parse("sqlite:a/b.db"), Ok(Address::Sqlite(f)) if f == "a/b.db"));
        assert!(matches!(Address::parse("sqlite:///a.db"), Ok(Address::Sqlite(f)) if f == "/a.db"));
        assert!(matches!(Address::parse("postgresql://h/d"), Ok(Address::Postgres(_))));
        for wrong in
            ["", "sqlite:", "sqlite::memory:", "mysql://u:secret@h/d", "postgre://h/d", "x.db"]
        {
            let Err(error) = Address::parse(wrong) else { panic!("{wrong} was taken") };
            assert!(!error.to_string().contains("secret"));
        }
    }

    #[test]
    fn both_folders_hold_the_same_number_of_steps() {
        let (sqlite, postgres) = Pools::known();
        assert!(sqlite > 0);
        assert_eq!(sqlite, postgres);
    }
}
