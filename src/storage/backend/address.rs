//! Where the database is, and a connection to it whose settings are read back.

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection};

use super::AnyConnection;
use crate::storage::error::StorageError;

/// Set on every SQLite connection and read back: name, value to set, value read.
///
/// WAL with `synchronous=FULL` keeps what was acknowledged through a power cut;
/// `secure_delete` leaves no deleted answer in free pages; `temp_store` keeps
/// sorting out of files; the cache, in KB, holds the drafts of a busy hour.
///
/// The log is written over from its start at each checkpoint and keeps its length, up to
/// this limit in bytes: where a file need not grow, waiting for the disk takes half as
/// long. Until it is written over it holds what was deleted and shows what was written
/// after what, so it is emptied each hour ([`super::Pools::empty_log`]) and at every
/// closing.
const PRAGMAS: [(&str, &str, &str); 9] = [
    ("busy_timeout", BUSY_TIMEOUT, BUSY_TIMEOUT),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", "2"),
    ("secure_delete", "ON", "1"),
    ("foreign_keys", "ON", "1"),
    ("temp_store", "MEMORY", "2"),
    ("trusted_schema", "OFF", "0"),
    ("journal_size_limit", "20971520", "20971520"),
    ("cache_size", "-16000", "-16000"),
];

/// How long a connection waits for others, in milliseconds.
pub(super) const BUSY_TIMEOUT: &str = "5000";

/// Set on every SQLite connection for speed alone; no promise rests on it: pages that
/// many write to go from the log into the file once for so many of them, which is 16 MB.
const FOR_SPEED: [(&str, &str); 1] = [("wal_autocheckpoint", "4000")];

/// PostgreSQL's settings without which an acknowledged answer could be lost.
const POSTGRES_SETTINGS: [(&str, &[&str], &str); 3] = [
    ("synchronous_commit", &["on", "local", "remote_write", "remote_apply"], "on"),
    ("fsync", &["on"], "on"),
    ("full_page_writes", &["on"], "on"),
];

/// Where the database is.
#[derive(Clone)]
pub(super) enum Address {
    Sqlite(String),
    Postgres(String),
}

impl Address {
    pub(super) fn parse(url: &str) -> Result<Self, StorageError> {
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
    pub(super) fn alone(&self) -> Result<Option<std::fs::File>, StorageError> {
        let Self::Sqlite(file) = self else { return Ok(None) };
        let path = format!("{file}.lock");
        let named = |why: std::io::Error| StorageError::Unavailable(format!("{path}: {why}"));
        make_private(&path).map_err(named)?;
        let lock = std::fs::OpenOptions::new().write(true).open(&path).map_err(named)?;
        lock.lock().map_err(named)?;
        Ok(Some(lock))
    }

    pub(super) fn connect(&self) -> Result<AnyConnection, StorageError> {
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

/// Makes a database file that is not there yet, for its owner alone; SQLite
/// gives the files beside it the same mode.
pub(super) fn make_private(file: &str) -> std::io::Result<()> {
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
pub(super) struct Shown {
    #[diesel(sql_type = Text)]
    pub(super) value: String,
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
    for (name, set) in FOR_SPEED {
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
    fn every_connection_of_a_file_has_the_settings_that_the_promises_need() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("s.db").display());
        let address = Address::parse(&url).expect("an address");
        for _ in 0..2 {
            let Ok(AnyConnection::Sqlite(mut conn)) = address.connect() else {
                panic!("no connection to {url}");
            };
            for (name, _, wanted) in PRAGMAS {
                assert_eq!(show(&mut conn, name).expect(name), wanted, "{name}");
            }
        }
    }

    #[test]
    fn a_password_that_would_be_cut_apart_is_refused_unread() {
        for wrong in
            ["postgres://u:secret/x@h/d", "postgres://u:a@secret@h/d", "postgres://u:%z@h/d"]
        {
            assert!(matches!(Address::parse(wrong), Err(StorageError::Password)), "{wrong}");
        }
        assert!(matches!(Address::parse("postgres://u:a%2Fb@h/d"), Ok(Address::Postgres(_))));
    }
}
