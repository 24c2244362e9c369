//! Transactions and the locks inside them, where the two databases differ.

use diesel::RunQueryDsl;
use diesel::connection::{AnsiTransactionManager, TransactionManager};

use super::AnyConnection;
use super::kept::{Bind, Kept};
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
    struct HoldWave;
    let words = &["SELECT 1 FROM waves WHERE code = ", " FOR SHARE"];
    hold(conn, Kept::<HoldWave, 1>::new(words, [Bind::Text(wave)])).map(drop)
}

/// Holds what [`hold_wave`] and [`hold_invitation`] hold, for the link with this hash;
/// false if there is no such link.
pub(in crate::storage) fn hold_by_link(
    conn: &mut AnyConnection,
    hash: &[u8],
) -> Result<bool, StorageError> {
    struct HoldWave;
    struct HoldInvitation;
    const OF_LEAD: &str = "SELECT 1 FROM waves WHERE code = (SELECT wave_code FROM invitations \
         WHERE token_hash = ";
    const OF_DEPUTY: &str = " UNION SELECT wave_code FROM invitations JOIN deputies \
         ON invitation_id = invitations.id WHERE deputies.token_hash = ";
    let hash = Bind::Bytes(hash);
    let wave = Kept::<HoldWave, 2>::new(&[OF_LEAD, OF_DEPUTY, ") FOR SHARE"], [hash, hash]);
    let words = &[
        "SELECT 1 FROM invitations WHERE id = (SELECT id FROM invitations WHERE token_hash = ",
        " UNION SELECT invitation_id FROM deputies WHERE token_hash = ",
        ") FOR NO KEY UPDATE",
    ];
    let invitation = Kept::<HoldInvitation, 2>::new(words, [hash, hash]);
    Ok(hold(conn, wave)? && hold(conn, invitation)?)
}

/// Holds rows on a server; whether there are any.
fn hold<Name: 'static, const BINDS: usize>(
    conn: &mut AnyConnection,
    rows: Kept<'_, Name, BINDS>,
) -> Result<bool, StorageError> {
    match conn {
        AnyConnection::Sqlite(_) => Ok(true),
        AnyConnection::Postgres(conn) => Ok(rows.execute(conn)? > 0),
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
    struct HoldInvitation;
    let words = &["SELECT 1 FROM invitations WHERE id = ", " FOR NO KEY UPDATE"];
    hold(conn, Kept::<HoldInvitation, 1>::new(words, [Bind::Text(id)])).map(drop)
}
