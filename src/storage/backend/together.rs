//! Writers of the embedded database commit together. SQLite takes one writer at a
//! time and waits for the disk at each commit; those who queue up meanwhile share
//! the next wait. Each act runs by itself in a savepoint, as if it were alone, and
//! nobody hears that theirs is done before it is on disk.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use diesel::RunQueryDsl;
use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};

use super::kept::Kept;
use super::transaction::{begin_write, end};
use super::{AnyConnection, Held};
use crate::storage::error::StorageError;

/// So many acts share a commit at most: the first of them waits for the last.
const MOST: usize = 32;
/// So many failed commits are remembered for those who are still to hear of them.
const REMEMBERED: usize = 64;

/// The place where writers meet.
#[derive(Default)]
pub(super) struct Together {
    desk: Mutex<Desk>,
    news: Condvar,
    /// Writers in front of the desk.
    waiting: AtomicUsize,
}

#[derive(Default)]
struct Desk {
    /// The connection of the batch that is open, if one is.
    open: Option<Held>,
    /// The number of the newest batch.
    batch: u64,
    /// Acts in it.
    acts: usize,
    /// All batches up to this one are committed or undone.
    ended: u64,
    /// Why, of those that were undone.
    undone: BTreeMap<u64, Undone>,
}

/// Why a batch was undone, for each of its acts.
#[derive(Clone)]
enum Undone {
    Busy,
    Unavailable(String),
}

impl Together {
    fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs an act in the batch that is open, or opens one; comes back when it is on
    /// disk, or undone.
    pub(super) fn write<T, E: From<StorageError>>(
        &self,
        connect: impl FnOnce() -> Result<Held, StorageError>,
        act: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
    ) -> Result<T, E> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let mut desk = self.desk();
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        if desk.open.is_none() {
            let mut conn = connect()?;
            begin_write(&mut conn)?;
            desk.open = Some(conn);
            desk.batch += 1;
            desk.acts = 0;
        }
        let batch = desk.batch;
        desk.acts += 1;
        let Some(conn) = &mut desk.open else {
            return Err(StorageError::Busy.into());
        };
        let outcome = catch_unwind(AssertUnwindSafe(|| in_savepoint(conn, act)));
        let whole = match &outcome {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(Stopped::Refused(_))) | Err(_) => set_back(conn),
            Ok(Err(Stopped::Broken(error))) => Err(undone(error)),
        };
        if let Err(why) = whole {
            self.undo(&mut desk, why);
        } else if desk.acts >= MOST || self.waiting.load(Ordering::SeqCst) == 0 {
            self.commit(&mut desk);
        }
        match outcome {
            Ok(Ok(value)) => self.wait(desk, batch).map(|()| value).map_err(E::from),
            Ok(Err(Stopped::Refused(error))) => Err(error),
            Ok(Err(Stopped::Broken(error))) => Err(error.into()),
            Err(panic) => {
                drop(desk);
                resume_unwind(panic)
            }
        }
    }

    /// Waits until a batch is on disk.
    fn wait(&self, mut desk: MutexGuard<'_, Desk>, batch: u64) -> Result<(), StorageError> {
        while desk.ended < batch {
            desk = self.news.wait(desk).unwrap_or_else(PoisonError::into_inner);
        }
        match desk.undone.get(&batch) {
            None => Ok(()),
            Some(Undone::Busy) => Err(StorageError::Busy),
            Some(Undone::Unavailable(why)) => Err(StorageError::Unavailable(why.clone())),
        }
    }

    fn commit(&self, desk: &mut Desk) {
        let Some(conn) = &mut desk.open else { return };
        match end(conn, true) {
            Ok(()) => {
                desk.open = None;
                self.close(desk);
            }
            Err(error) => self.undo(desk, undone(&error)),
        }
    }

    fn undo(&self, desk: &mut Desk, why: Undone) {
        if let Some(mut conn) = desk.open.take() {
            // If this fails too, the pool throws the connection away.
            drop(end(&mut conn, false));
        }
        desk.undone.insert(desk.batch, why);
        while desk.undone.len() > REMEMBERED {
            desk.undone.pop_first();
        }
        self.close(desk);
    }

    fn close(&self, desk: &mut Desk) {
        desk.ended = desk.batch;
        self.news.notify_all();
    }
}

/// Names of the words around an act.
struct Begun;
struct Done;

/// What stopped an act.
enum Stopped<E> {
    /// Its own refusal; the batch goes on without it.
    Refused(E),
    /// The database; the batch cannot go on.
    Broken(StorageError),
}

fn in_savepoint<T, E>(
    conn: &mut AnyConnection,
    act: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, Stopped<E>> {
    let broken = |error: diesel::result::Error| Stopped::Broken(error.into());
    let AnyConnection::Sqlite(sqlite) = conn else {
        return Err(Stopped::Broken(StorageError::Busy));
    };
    // Not through diesel's own savepoints, whose words are read anew each time.
    Kept::<Begun, 0>::new(&["SAVEPOINT act"], []).execute(sqlite).map_err(broken)?;
    let value = act(conn).map_err(Stopped::Refused)?;
    let AnyConnection::Sqlite(sqlite) = conn else {
        return Err(Stopped::Broken(StorageError::Busy));
    };
    Kept::<Done, 0>::new(&["RELEASE act"], []).execute(sqlite).map_err(broken)?;
    Ok(value)
}

/// Undoes what a refused act has done, and what it left open.
fn set_back(conn: &mut AnyConnection) -> Result<(), Undone> {
    let AnyConnection::Sqlite(conn) = conn else { return Err(Undone::Busy) };
    let depth = |conn: &mut diesel::SqliteConnection| {
        AnsiTransactionManager::transaction_manager_status_mut(conn)
            .transaction_depth()
            .ok()
            .flatten()
            .map_or(0, u32::from)
    };
    while depth(conn) > 1 {
        AnsiTransactionManager::rollback_transaction(conn)
            .map_err(|error| undone(&error.into()))?;
    }
    if depth(conn) != 1 {
        return Err(Undone::Busy);
    }
    let back = conn.batch_execute("ROLLBACK TO act; RELEASE act");
    back.map_err(|error| undone(&error.into()))
}

fn undone(error: &StorageError) -> Undone {
    match error {
        StorageError::Busy => Undone::Busy,
        other => Undone::Unavailable(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use diesel::connection::SimpleConnection;
    use diesel::sql_types::BigInt;
    use diesel::{QueryableByName, RunQueryDsl};
    use tempfile::TempDir;

    use super::super::Pools;
    use super::*;

    #[derive(QueryableByName)]
    struct Rows {
        #[diesel(sql_type = BigInt)]
        rows: i64,
    }

    fn pools() -> (TempDir, Pools) {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("s.db").display());
        let pools = Pools::open(&url).expect("a database");
        put(&pools, "CREATE TABLE notes (note INTEGER PRIMARY KEY)").expect("a table");
        (folder, pools)
    }

    fn put(pools: &Pools, sql: &str) -> Result<(), StorageError> {
        pools.write(|conn| Ok(conn.batch_execute(sql)?))
    }

    #[expect(clippy::disallowed_methods, reason = "a table of this test alone")]
    fn rows(pools: &Pools) -> i64 {
        let mut conn = pools.reader().expect("a connection");
        let sql = "SELECT count(*) AS rows FROM notes";
        diesel::sql_query(sql).get_result::<Rows>(&mut *conn).expect("a number").rows
    }

    /// Many acts at once: what `act` says of each number is what it returns.
    fn at_once(pools: &Pools, act: impl Fn(i32) -> Result<(), StorageError> + Sync) -> Vec<bool> {
        let barrier = Barrier::new(40);
        std::thread::scope(|scope| {
            let all: Vec<_> = (0..40)
                .map(|number| {
                    let (barrier, act) = (&barrier, &act);
                    scope.spawn(move || {
                        barrier.wait();
                        act(number).is_ok()
                    })
                })
                .collect();
            let _ = pools;
            all.into_iter().map(|one| one.join().unwrap_or(false)).collect()
        })
    }

    #[test]
    fn what_is_written_together_is_all_there() {
        let (_folder, pools) = pools();
        let done =
            at_once(&pools, |number| put(&pools, &format!("INSERT INTO notes VALUES ({number})")));
        assert!(done.iter().all(|done| *done));
        assert_eq!(rows(&pools), 40);
    }

    #[test]
    fn one_that_refuses_or_panics_takes_nothing_with_it() {
        let (_folder, pools) = pools();
        let done = at_once(&pools, |number| {
            pools.write(|conn| {
                conn.batch_execute(&format!("INSERT INTO notes VALUES ({number})"))?;
                match number % 4 {
                    // Refuses after it has written.
                    0 => Err(StorageError::Busy),
                    // A rule of the database refuses.
                    1 => Ok(conn.batch_execute(&format!("INSERT INTO notes VALUES ({number})"))?),
                    2 => panic!("a fault"),
                    _ => Ok(()),
                }
            })
        });
        let good = (0..40).filter(|number| number % 4 == 3).count();
        assert_eq!(done.iter().filter(|done| **done).count(), good);
        assert_eq!(rows(&pools), i64::try_from(good).expect("a few"));
        put(&pools, "INSERT INTO notes VALUES (100)").expect("it goes on");
    }

    #[test]
    fn when_the_whole_is_lost_nobody_is_told_that_it_is_done() {
        let (_folder, pools) = pools();
        let done = at_once(&pools, |number| {
            // One of them ends the transaction of all.
            let end = if number == 20 { "; ROLLBACK" } else { "" };
            put(&pools, &format!("INSERT INTO notes VALUES ({number}){end}"))
        });
        let told = done.iter().filter(|done| **done).count();
        assert!(!done[20]);
        assert_eq!(rows(&pools), i64::try_from(told).expect("a few"));
        put(&pools, "INSERT INTO notes VALUES (100)").expect("it goes on");
    }
}
