//! Transactions and the locks inside them, where the two databases differ.

use diesel::RunQueryDsl;
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::sql_types::Text;

use super::AnyConnection;
use super::address::Shown;
use crate::storage::error::StorageError;

/// Begins a transaction that only reads, on one picture of the data.
pub(in crate::storage) fn begin_read(conn: &mut AnyConnection) -> Result<(), StorageError> {
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
pub(in crate::storage) fn begin_write(conn: &mut AnyConnection) -> Result<(), StorageError> {
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
pub(in crate::storage) fn end(conn: &mut AnyConnection, keep: bool) -> Result<(), StorageError> {
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
pub(in crate::storage) fn hold_wave(
    conn: &mut AnyConnection,
    wave: &str,
) -> Result<(), StorageError> {
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

/// Whether a transaction that writes holds everything still by itself.
pub(in crate::storage) fn holds_all(conn: &AnyConnection) -> bool {
    matches!(conn, AnyConnection::Sqlite(_))
}

/// Holds an invitation still until this transaction ends, so that two requests
/// of one lead follow each other. Taken after the wave is held, never before.
pub(in crate::storage) fn hold_invitation(
    conn: &mut AnyConnection,
    id: &str,
) -> Result<(), StorageError> {
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
