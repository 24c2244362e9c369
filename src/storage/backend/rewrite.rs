//! Getting what was deleted out of the database's files.

use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{PgConnection, QueryableByName, RunQueryDsl};

use super::AnyConnection;
use crate::storage::error::StorageError;

#[derive(QueryableByName)]
struct Checkpoint {
    #[diesel(sql_type = BigInt)]
    busy: i64,
}

/// Rewrites the files so that nothing deleted is left in them.
pub(super) fn clean(conn: &mut AnyConnection) -> Result<(), StorageError> {
    match conn {
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

/// Columns of the tables that hold what must be gone, with an expression that
/// changes nothing.
const REWRITTEN: [(&str, &str, &str); 7] = [
    ("drafts", "sealed", "bytea USING sealed || ''::bytea"),
    ("envelopes", "sealed", "bytea USING sealed || ''::bytea"),
    ("deputies", "generation", "integer USING generation + 0"),
    ("invitations", "standing", "text USING standing || ''"),
    ("outbox", "state", "text USING state || ''"),
    ("morning_turnout", "as_of", "text USING as_of || ''"),
    // Nothing of it goes, but its order of arrival must.
    ("network_ideas", "words", "text USING words || ''"),
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
    for table in ["invitations", "outbox", "ballots", "comments", "numbers", "network_ideas"] {
        conn.batch_execute(&format!("CLUSTER {table} USING {table}_pkey"))?;
    }
    Ok(())
}
