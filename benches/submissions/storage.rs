//! Storage alone: sixteen writers, on as many threads as the service has workers, seal
//! drafts into the box, in this process; beside them one writer that commits one row
//! after the other and waits for the disk each time.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::available_parallelism;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, ExpressionMethods, RunQueryDsl, SqliteConnection};
use soundings::flow::{self, Cast};
use soundings::invitation::Token;

use crate::Outcome;
use crate::load::middle_and_end;
use crate::place::{Place, SECTION, answers};
use crate::process::cpu;
use crate::syncs::Count;

/// How many cast at once.
pub const WRITERS: usize = 16;

diesel::table! {
    replies (id) {
        id -> BigInt,
        answers -> Binary,
        about -> Text,
    }
}

/// What one round showed.
#[derive(Clone, Copy, Default)]
pub struct Round {
    pub per_second: f64,
    /// Median and 99th percentile.
    pub each: (Duration, Duration),
    /// Processor time for one.
    pub cpu: Option<Duration>,
    /// Waits for the disk for one.
    pub syncs: Option<f64>,
}

impl Round {
    /// Runs something that gives the time of each act.
    fn of(syncs: Option<&Count>, act: impl FnOnce() -> Outcome<Vec<Duration>>) -> Outcome<Self> {
        let now = || (cpu(std::process::id()), syncs.and_then(Count::now));
        let before = now();
        let begun = Instant::now();
        let times = act()?;
        let lasted = begun.elapsed();
        let after = now();
        let acts = u32::try_from(times.len())?.max(1);
        Ok(Self {
            per_second: f64::from(acts) / lasted.as_secs_f64(),
            each: middle_and_end(times),
            cpu: before.0.zip(after.0).map(|(before, after)| (after - before) / acts),
            syncs: before.1.zip(after.1).and_then(|(before, after)| {
                Some(f64::from(u32::try_from(after - before).ok()?) / f64::from(acts))
            }),
        })
    }

    /// The better of two rounds.
    pub fn better(self, other: Self) -> Self {
        if other.per_second > self.per_second { other } else { self }
    }
}

/// Does something for each token with all writers, until the time is over; the
/// tokens that are left.
fn with_all<F>(
    tokens: &[Token],
    length: Duration,
    act: impl Fn(usize, Token) -> F + Clone + Send + 'static,
) -> Outcome<(Vec<Duration>, &[Token])>
where
    F: Future<Output = Outcome<()>> + Send,
{
    let next = Arc::new(AtomicUsize::new(0));
    let all: Arc<[Token]> = tokens.into();
    let until = Instant::now() + length;
    let one = |next: Arc<AtomicUsize>, tokens: Arc<[Token]>| {
        let act = act.clone();
        async move {
            let mut times = Vec::new();
            while Instant::now() < until {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(token) = tokens.get(place) else { break };
                let begun = Instant::now();
                act(place, token.clone()).await?;
                times.push(begun.elapsed());
            }
            Outcome::Ok(times)
        }
    };
    let workers = available_parallelism()?.get().clamp(1, 4);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(workers).build()?;
    let times = runtime.block_on(async {
        let writers: Vec<_> =
            (0..WRITERS).map(|_| tokio::spawn(one(Arc::clone(&next), Arc::clone(&all)))).collect();
        let mut times = Vec::new();
        for writer in writers {
            times.extend(writer.await??);
        }
        Outcome::Ok(times)
    })?;
    let left = tokens.get(times.len()..).unwrap_or_default();
    Ok((times, left))
}

const AS_LONG_AS_IT_TAKES: Duration = Duration::from_secs(3600);

/// Answers the form for everybody and sends nothing.
pub fn save_all(place: &Place, syncs: Option<&Count>) -> Outcome<Round> {
    let house = place.house()?.clone();
    let save = move |number: usize, token: Token| {
        let house = house.clone();
        async move {
            let fields = Arc::new(answers(number));
            let saved = flow::save_section(&house, token, SECTION.to_owned(), fields).await?;
            if saved.taken.faults.is_empty() {
                Ok(())
            } else {
                Err("an answer was not taken".into())
            }
        }
    };
    Round::of(syncs, || Ok(with_all(&place.tokens, AS_LONG_AS_IT_TAKES, save)?.0))
}

fn cast_some<'t>(
    place: &Place,
    syncs: Option<&Count>,
    tokens: &'t [Token],
    length: Duration,
) -> Outcome<(Round, &'t [Token])> {
    let house = place.house()?.clone();
    let mut left = tokens;
    let cast = move |_, token: Token| {
        let house = house.clone();
        async move {
            match flow::cast_ballot(&house, token).await? {
                Cast::Sealed(_) => Ok(()),
                other => Err(format!("a reply was not sealed: {other:?}").into()),
            }
        }
    };
    let round = Round::of(syncs, || {
        let (times, rest) = with_all(tokens, length, cast)?;
        left = rest;
        Ok(times)
    })?;
    Ok((round, left))
}

fn bare_commits(folder: &Path, syncs: Option<&Count>, length: Duration) -> Outcome<Round> {
    let file = folder.join("bare.db").display().to_string();
    let mut conn = SqliteConnection::establish(&file)?;
    conn.batch_execute(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; DROP TABLE IF EXISTS replies; \
         CREATE TABLE replies (id INTEGER PRIMARY KEY, answers BLOB NOT NULL, about TEXT NOT NULL)",
    )?;
    let about = "x".repeat(200);
    let until = Instant::now() + length;
    Round::of(syncs, || {
        let mut times = Vec::new();
        for id in 0_i64.. {
            if Instant::now() >= until {
                break;
            }
            let begun = Instant::now();
            diesel::insert_into(replies::table)
                .values((
                    replies::id.eq(id),
                    replies::answers.eq(&[3_u8; 30][..]),
                    replies::about.eq(&about),
                ))
                .execute(&mut conn)?;
            times.push(begun.elapsed());
        }
        Ok(times)
    })
}

/// Casting beside bare commits, in turns; then casts what is left. Everybody's
/// draft must be there.
pub fn turns(place: &Place, syncs: Option<&Count>, length: Duration) -> Outcome<(Round, Round)> {
    let bare = |length| bare_commits(place.folder(), syncs, length);
    let (tokens, warm_up) = (&place.tokens, length / 4);
    bare(warm_up)?;
    let (_, left) = cast_some(place, syncs, tokens, warm_up)?;
    let a = bare(length)?;
    // Half for each round: a fast house must not run out in the first.
    let (half, other) = left.split_at(left.len() / 2);
    let (b, rest) = cast_some(place, syncs, half, length)?;
    let (second, others) = cast_some(place, syncs, other, length)?;
    let better_a = a.better(bare(length)?);
    for left in [rest, others] {
        cast_some(place, syncs, left, AS_LONG_AS_IT_TAKES)?;
    }
    Ok((better_a, b.better(second)))
}
