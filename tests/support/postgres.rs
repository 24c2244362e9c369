//! Databases of the private PostgreSQL that scripts/test starts: one for each
//! test, gone when the test is over.

use std::sync::atomic::{AtomicU32, Ordering};

use diesel::connection::SimpleConnection;
use diesel::result::{DatabaseErrorKind, Error};
use diesel::{Connection, PgConnection};

/// An empty database of its own; dropped with this value.
#[derive(Debug)]
pub struct PostgresDatabase {
    /// Where the database is, for `SOUNDINGS_DATABASE_URL`.
    pub url: String,
    server: String,
    name: String,
}

/// Makes a new, empty database.
///
/// # Panics
/// Without a server: a missing server is a failure, not a skipped test.
pub fn fresh_database() -> PostgresDatabase {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let server = server_url();
    let mut connection = PgConnection::establish(&server)
        .expect("the PostgreSQL of SOUNDINGS_TEST_POSTGRES_URL answers");
    loop {
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("soundings_{}_{number}", std::process::id());
        // template0 is never connected to, so tests can copy it at the same time.
        match connection.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0")) {
            Ok(()) => return PostgresDatabase { url: with_name(&server, &name), server, name },
            Err(error) => assert!(is_taken(&error), "CREATE DATABASE {name}: {error}"),
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the address of the test server is no setting of the service"
)]
fn server_url() -> String {
    std::env::var("SOUNDINGS_TEST_POSTGRES_URL").unwrap_or_else(|_| {
        panic!(
            "SOUNDINGS_TEST_POSTGRES_URL is not set: run scripts/test, which starts a PostgreSQL"
        )
    })
}

/// Left by a process that was killed and had the same number.
fn is_taken(error: &Error) -> bool {
    match error {
        Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => true,
        Error::DatabaseError(_, facts) => facts.message().ends_with("already exists"),
        _ => false,
    }
}

/// The server's address with another database in it.
fn with_name(server: &str, name: &str) -> String {
    let (address, options) = match server.split_once('?') {
        Some((address, options)) => (address, format!("?{options}")),
        None => (server, String::new()),
    };
    let (host, _) = address.rsplit_once('/').expect("an address ends in /database");
    format!("{host}/{name}{options}")
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        // The cluster goes when the tests end; a database left over does no harm.
        if let Ok(mut connection) = PgConnection::establish(&self.server) {
            let _ = connection.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
        }
    }
}
