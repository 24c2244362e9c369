//! Getting what was deleted out of the database's files.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{PgConnection, QueryableByName, RunQueryDsl, SqliteConnection};

use super::AnyConnection;
use super::address::BUSY_TIMEOUT;
use crate::id::WaveCode;
use crate::storage::error::StorageError;

#[derive(QueryableByName)]
struct Checkpoint {
    #[diesel(sql_type = BigInt)]
    busy: i64,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// So often the log is emptied at most before it is left to a later call.
const TRIES: usize = 100;

/// Empties the log; false if somebody is in the way.
#[expect(clippy::disallowed_methods, reason = "a checkpoint has no query language")]
fn empty_log(conn: &mut SqliteConnection) -> Result<bool, StorageError> {
    let done = diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)");
    Ok(done.get_result::<Checkpoint>(conn)?.busy == 0)
}

/// Empties the log of the embedded database unless somebody is in the way: nobody who
/// writes waits for a long reader. False if it is to be tried again.
pub(super) fn empty_log_if_free(conn: &mut AnyConnection) -> Result<bool, StorageError> {
    let AnyConnection::Sqlite(conn) = conn else { return Ok(true) };
    conn.batch_execute("PRAGMA busy_timeout = 20")?;
    let emptied = empty_log(conn);
    conn.batch_execute(&format!("PRAGMA busy_timeout = {BUSY_TIMEOUT}"))?;
    emptied
}

/// Rewrites the files so that nothing deleted is left in them.
pub(super) fn clean(conn: &mut AnyConnection) -> Result<(), StorageError> {
    match conn {
        AnyConnection::Sqlite(conn) => {
            conn.batch_execute("VACUUM")?;
            // While another program is at it, SQLite does not wait.
            for _ in 0..TRIES {
                if empty_log(conn)? {
                    return Ok(());
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(StorageError::Busy)
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

/// Rows of a counted wave that must be gone, as one sum.
const ROWS_LEFT: &str = "
    (SELECT count(*) FROM envelopes JOIN invitations ON invitations.slot = envelopes.slot
        WHERE wave_code = {})
    + (SELECT count(*) FROM drafts JOIN invitations ON invitations.slot = drafts.slot
        WHERE wave_code = {})
    + (SELECT count(*) FROM deputies JOIN invitations ON invitations.id = invitation_id
        WHERE wave_code = {})
    + (SELECT count(*) FROM outbox WHERE wave_code = {})
    + (SELECT count(*) FROM morning_turnout WHERE wave_code = {})
    + (SELECT count(*) FROM invitations WHERE wave_code = {}
        AND (standing <> 'closed' OR thanks_due IS NOT NULL))";

/// Bytes of tables that have no row at all and should have none.
const BYTES_OF_POSTGRES: &str = "
    SELECT coalesce(sum(pg_relation_size(oid) + coalesce(pg_relation_size(nullif(reltoastrelid, 0)), 0)), 0)::bigint
        AS number
    FROM pg_class
    WHERE oid = 'envelopes'::regclass AND NOT EXISTS (SELECT FROM envelopes)
        OR oid = 'drafts'::regclass AND NOT EXISTS (SELECT FROM drafts)
        OR oid = 'deputies'::regclass AND NOT EXISTS (SELECT FROM deputies)";

/// How many rows and bytes are left of what had to go.
#[expect(clippy::disallowed_methods, reason = "what the files hold has no query language")]
pub(super) fn left(conn: &mut AnyConnection, wave: &WaveCode) -> Result<(u64, u64), StorageError> {
    let number = |number: i64| u64::try_from(number).unwrap_or(u64::MAX);
    // A code is letters, digits, dots, dashes and underscores.
    let rows = ROWS_LEFT.replace("{}", &format!("'{wave}'"));
    let rows = diesel::sql_query(format!("SELECT {rows} AS number"));
    match conn {
        AnyConnection::Sqlite(conn) => {
            let rows = rows.get_result::<Number>(conn)?.number;
            let free = "SELECT freelist_count * page_size AS number \
                FROM pragma_freelist_count, pragma_page_size";
            let free = diesel::sql_query(free).get_result::<Number>(conn)?.number;
            Ok((number(rows), number(free)))
        }
        AnyConnection::Postgres(conn) => {
            let rows = rows.get_result::<Number>(conn)?.number;
            let bytes = diesel::sql_query(BYTES_OF_POSTGRES).get_result::<Number>(conn)?.number;
            Ok((number(rows), number(bytes)))
        }
    }
}

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
