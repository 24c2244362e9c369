//! Writers of the embedded database commit together. SQLite takes one writer at a
//! time and waits for the disk at each commit; those who queue up meanwhile share
//! the next wait. Each act runs by itself in a savepoint, as if it were alone, and
//! nobody hears that theirs is done before it is on disk.
//!
//! Who can wait without a thread of their own leaves the act as a [`Job`]: one thread
//! runs all that have come meanwhile. Others act on their own thread in turn.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Receiver;
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

impl Desk {
    /// The batch that the next act is in.
    fn open(
        &mut self,
        connect: impl FnOnce() -> Result<Held, StorageError>,
    ) -> Result<u64, StorageError> {
        if self.open.is_none() {
            let mut conn = connect()?;
            begin_write(&mut conn)?;
            self.open = Some(conn);
            self.batch += 1;
            self.acts = 0;
        }
        self.acts += 1;
        Ok(self.batch)
    }
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
        let batch = desk.open(connect)?;
        let Some(conn) = &mut desk.open else {
            return Err(StorageError::Busy.into());
        };
        let outcome = catch_unwind(AssertUnwindSafe(|| in_savepoint(conn, act)));
        if let Err(why) = whole(conn, &outcome) {
            self.undo(&mut desk, why);
        } else {
            self.commit_unless_awaited(&mut desk);
        }
        match outcome {
            Ok(Ok(value)) => match self.wait(desk, batch) {
                Ok(()) => Ok(value),
                Err(why) => Err(StorageError::from(why).into()),
            },
            Ok(Err(Stopped::Refused(error))) => Err(error),
            Ok(Err(Stopped::Broken(error))) => Err(error.into()),
            Err(panic) => {
                drop(desk);
                resume_unwind(panic)
            }
        }
    }

    /// Runs all jobs as they come, until none can come any more.
    pub(super) fn run_all(
        &self,
        connect: impl Fn() -> Result<Held, StorageError>,
        jobs: &Receiver<Job>,
    ) {
        while let Ok(first) = jobs.recv() {
            self.run(&connect, first, jobs);
        }
    }

    /// Runs a job and those that have come meanwhile; comes back when they are on disk, or
    /// undone, and everybody was told.
    pub(super) fn run(
        &self,
        connect: impl FnOnce() -> Result<Held, StorageError>,
        first: Job,
        waiting: &Receiver<Job>,
    ) {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let mut desk = self.desk();
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        let batch = match desk.open(connect) {
            Ok(batch) => batch,
            Err(error) => {
                let ended = first(Err(error));
                return (ended.tell)(Ok(()));
            }
        };
        let mut tell = Vec::new();
        let mut next = Some(first);
        let mut whole = Ok(());
        while let (Some(job), Ok(())) = (next.take(), &whole) {
            let Some(conn) = &mut desk.open else { break };
            let ended = job(Ok(conn));
            tell.push(ended.tell);
            whole = ended.whole;
            if whole.is_ok() && desk.acts < MOST {
                next = waiting.try_recv().ok().or_else(|| {
                    // Whoever is about to bring the next goes first: fewer waits for the disk.
                    std::thread::yield_now();
                    waiting.try_recv().ok()
                });
                desk.acts += usize::from(next.is_some());
            }
        }
        match whole {
            Ok(()) => self.commit_unless_awaited(&mut desk),
            Err(why) => self.undo(&mut desk, why),
        }
        let done = self.wait(desk, batch);
        for tell in tell {
            tell(done.clone());
        }
    }

    /// Waits until a batch is on disk.
    fn wait(&self, mut desk: MutexGuard<'_, Desk>, batch: u64) -> Result<(), Undone> {
        while desk.ended < batch {
            desk = self.news.wait(desk).unwrap_or_else(PoisonError::into_inner);
        }
        desk.undone.get(&batch).cloned().map_or(Ok(()), Err)
    }

    /// Commits, unless somebody stands at the desk who will.
    fn commit_unless_awaited(&self, desk: &mut Desk) {
        if desk.acts >= MOST || self.waiting.load(Ordering::SeqCst) == 0 {
            self.commit(desk);
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

impl From<Undone> for StorageError {
    fn from(why: Undone) -> Self {
        match why {
            Undone::Busy => Self::Busy,
            Undone::Unavailable(why) => Self::Unavailable(why),
        }
    }
}

/// An act of somebody who is told when it is done: given the connection, or why there
/// is none.
pub(super) type Job = Box<dyn FnOnce(Result<&mut AnyConnection, StorageError>) -> Ended + Send>;

/// An act that was run.
pub(super) struct Ended {
    /// Whether the batch can go on.
    whole: Result<(), Undone>,
    /// Tells how it ended, once it is known what became of the batch.
    tell: Box<dyn FnOnce(Result<(), Undone>) + Send>,
}

/// An act as a job. If it dies, nobody is told: whoever waits hears that by itself.
pub(super) fn job<T: Send + 'static, E: From<StorageError> + Send + 'static>(
    act: impl FnOnce(&mut AnyConnection) -> Result<T, E> + Send + 'static,
    tell: impl FnOnce(Result<T, E>) + Send + 'static,
) -> Job {
    Box::new(move |conn| {
        let conn = match conn {
            Ok(conn) => conn,
            Err(error) => {
                return Ended { whole: Ok(()), tell: Box::new(|_| tell(Err(error.into()))) };
            }
        };
        let outcome = catch_unwind(AssertUnwindSafe(|| in_savepoint(conn, act)));
        let whole = whole(conn, &outcome);
        let tell: Box<dyn FnOnce(Result<(), Undone>) + Send> = match outcome {
            Ok(Ok(value)) => Box::new(|done| match done {
                Ok(()) => tell(Ok(value)),
                Err(why) => tell(Err(StorageError::from(why).into())),
            }),
            Ok(Err(Stopped::Refused(error))) => Box::new(|_| tell(Err(error))),
            Ok(Err(Stopped::Broken(error))) => Box::new(|_| tell(Err(error.into()))),
            Err(_) => Box::new(|_| drop(tell)),
        };
        Ended { whole, tell }
    })
}

/// Whether the batch can go on after an act; what a refused one did is undone.
fn whole<T, E>(
    conn: &mut AnyConnection,
    outcome: &std::thread::Result<Result<T, Stopped<E>>>,
) -> Result<(), Undone> {
    match outcome {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(Stopped::Refused(_))) | Err(_) => set_back(conn),
        Ok(Err(Stopped::Broken(error))) => Err(undone(error)),
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
    use std::sync::mpsc::{Sender, channel};

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

    /// Leaves a note as a job; what `act` does after it decides how that ends.
    fn leave(
        pools: &Pools,
        number: i32,
        told: &Sender<(i32, bool)>,
        act: impl FnOnce(&mut AnyConnection) -> Result<(), StorageError> + Send + 'static,
    ) {
        let told = told.clone();
        let whole = move |conn: &mut AnyConnection| {
            conn.batch_execute(&format!("INSERT INTO notes VALUES ({number})"))?;
            act(conn)
        };
        let tell = move |done: Result<(), StorageError>| {
            told.send((number, done.is_ok())).expect("somebody who hears");
        };
        pools.write_soon(whole, tell);
    }

    #[test]
    fn jobs_and_those_who_wait_share_the_disk_and_each_hears_what_became_of_theirs() {
        let (_folder, pools) = pools();
        let (told, hears) = channel();
        for number in 100..200 {
            leave(&pools, number, &told, move |_| match number % 4 {
                0 => Err(StorageError::Busy),
                1 => panic!("a fault"),
                _ => Ok(()),
            });
        }
        let done =
            at_once(&pools, |number| put(&pools, &format!("INSERT INTO notes VALUES ({number})")));
        assert!(done.iter().all(|done| *done));
        drop(told);
        let known: BTreeMap<i32, bool> = hears.iter().collect();
        // Whoever died says nothing.
        assert_eq!(known.len(), 75);
        assert!(known.iter().all(|(number, done)| *done == (number % 4 > 1)));
        assert_eq!(rows(&pools), 40 + 50);
    }

    #[test]
    fn jobs_of_a_lost_batch_hear_that_they_are_not_done() {
        let (_folder, pools) = pools();
        let (told, hears) = channel();
        for number in 100..200 {
            let last = number == 150;
            leave(&pools, number, &told, move |conn| {
                // Ends the transaction of all.
                if last { Ok(conn.batch_execute("ROLLBACK")?) } else { Ok(()) }
            });
        }
        drop(told);
        let known: BTreeMap<i32, bool> = hears.iter().collect();
        assert_eq!((known.len(), known.get(&150)), (100, Some(&false)));
        let done = known.values().filter(|done| **done).count();
        assert_eq!(rows(&pools), i64::try_from(done).expect("a few"));
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
