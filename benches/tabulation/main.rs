//! What counting ballots costs: 1,000,000 ballots of 40 items from 150 units,
//! beside a plain loop over the same bytes, polars and DuckDB.
//!
//! ```sh
//! scripts/setup benches                     # once: polars and DuckDB, into .venv
//! cargo bench --bench tabulation            # a table
//! cargo bench --bench tabulation -- --json  # the same for a program
//! ```
//!
//! *Cells* counts each answer of each unit, with a survey that has no index: what
//! a database would do with `group by`. *Everything* also keeps what indexes and
//! their errors, comparisons, reliability and priorities are made from: six
//! indexes over 30 items, 465 pairs of them, and ten barriers. The *plain loop*
//! adds one to a table of 32-bit numbers for each byte on one core and checks
//! nothing. *CSV* reads the same ballots from responses.csv, as `soundings
//! evaluate` does, with every check; the memory is that of a process that counts
//! it once. polars and DuckDB count the cells alone and check nothing, each with
//! the best of several plans (`peers.py`). The better of five rounds each, after
//! a warm-up. Nothing else should run meanwhile. No limit is enforced here: speed
//! is not a test.

mod csv;
mod peers;

use std::path::Path;
use std::time::Instant;

use peers::Peer;
use soundings::chance::Chance;
use soundings::definition::{Survey, parse};
use soundings::tabulation::{Batch, Tally};

const BALLOTS: usize = 1_000_000;
const ITEMS: usize = 40;
const UNITS: usize = 150;
const ROUNDS: usize = 5;
/// Ballots of a batch: so many are held at once for each thread.
const BATCH: usize = 65_536;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// What was counted, on how many threads, in how many seconds.
type Row = (&'static str, usize, f64);

fn main() -> Outcome<()> {
    let words: Vec<String> = std::env::args().collect();
    if let Some(at) = words.iter().position(|word| word == csv::ONCE) {
        csv::once(Path::new(&words[at + 1]));
        return Ok(());
    }
    let batches = batches();
    let mut rows: Vec<Row> = vec![("plain loop", 1, best(|| plain(&batches)))];
    for (name, indexes) in [("cells", false), ("everything", true)] {
        let survey = survey(indexes);
        for threads in [1, 2] {
            rows.push((name, threads, best(|| counted(&survey, &batches, threads))));
        }
    }
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("responses.csv");
    csv::write(&path, &batches)?;
    let waves = csv::waves();
    for (name, indexes) in [("CSV, cells", false), ("CSV, everything", true)] {
        let survey = survey(indexes);
        for threads in [1, 2] {
            rows.push((name, threads, best(|| csv::counted(&path, &survey, &waves, threads))));
        }
    }
    let kilobytes = csv::memory(&path)?;
    let answers = answers(&batches);
    drop(batches);
    let peers = peers::measured(&path, ROUNDS);
    if let Some(peer) = peers.iter().find(|peer| peer.answers != answers) {
        return Err(format!("{} counted {} answers, not {answers}", peer.name, peer.answers).into());
    }
    if words.iter().any(|word| word == "--json") {
        print_json(&rows, kilobytes, &peers);
    } else {
        print_table(&rows, kilobytes, &peers);
    }
    Ok(())
}

fn print_json(rows: &[Row], kilobytes: Option<u64>, peers: &[Peer]) {
    let own = rows.iter().map(|(name, threads, seconds)| {
        serde_json::json!({ "name": name, "threads": threads, "seconds": seconds })
    });
    let others = peers.iter().map(|peer| {
        serde_json::json!({
            "name": peer.name, "threads": 2, "seconds": peer.seconds, "plan": peer.plan
        })
    });
    println!(
        "{:#}",
        serde_json::json!({
            "ballots": BALLOTS, "items": ITEMS, "units": UNITS, "kilobytes": kilobytes,
            "rows": own.collect::<Vec<_>>(), "peers": others.collect::<Vec<_>>(),
        })
    );
}

fn print_table(rows: &[Row], kilobytes: Option<u64>, peers: &[Peer]) {
    for (name, threads, seconds) in rows {
        println!("{name:<36} {threads} threads  {seconds:.3} s");
    }
    let memory = kilobytes
        .map_or("not measured".to_owned(), |kilobytes| format!("{} MB at most", kilobytes / 1000));
    println!("{:<36} 2 threads  {memory}", "CSV, everything: memory");
    if peers.is_empty() {
        println!("polars and DuckDB: not measured (scripts/setup benches installs them)");
    }
    for peer in peers {
        println!("{:<36} 2 threads  {:.3} s  {}", peer.name, peer.seconds, peer.plan);
        let from_csv = peer.name.ends_with("CSV");
        let own = rows.iter().filter(|(name, threads, _)| {
            *threads == 2 && name.starts_with("CSV") == from_csv && !name.starts_with("plain")
        });
        for (name, _, seconds) in own {
            println!("    {:.1} times the time of {name}", peer.seconds / seconds);
        }
    }
}

/// The survey: 40 questions on one scale, of which 30 stand in six indexes.
fn survey(indexes: bool) -> Survey {
    let mut text = "format = 1\ncode = \"many\"\ntitle = \"Many\"\nversion = \"1\"\n\
         [texts]\nwelcome = \"Welcome.\"\nthanks = \"Thanks.\"\n"
        .to_owned();
    for (scale, more) in [("GOOD", ""), ("BAD", "direction = \"barrier\"\n")] {
        text.push_str(&format!("[scales.{scale}]\n{more}options = [\n"));
        for point in 1..=5 {
            text.push_str(&format!(
                "{{ value = {point}, label = \"Point {point}\", score = {} }},\n",
                25 * (point - 1)
            ));
        }
        text.push_str("]\n");
    }
    text.push_str("[[sections]]\ncode = \"all\"\ntitle = \"All\"\n");
    for item in 0..ITEMS {
        let scale = if item < 30 { "GOOD" } else { "BAD" };
        text.push_str(&format!(
            "[[sections.questions]]\ncode = \"Q{item}\"\nask = \"What of {item}?\"\nkind = \"rating\"\nscale = \"{scale}\"\n"
        ));
    }
    for index in 0..if indexes { 6 } else { 0 } {
        let items: Vec<String> = (0..5).map(|at| format!("\"Q{}\"", 5 * index + at)).collect();
        text.push_str(&format!(
            "[[indexes]]\ncode = \"IDX_{index}\"\nlabel = \"Index {index}\"\nitems = [{}]\n",
            items.join(", ")
        ));
    }
    match parse("many.toml", &text) {
        Ok(survey) => survey,
        Err(faults) => panic!("{faults}\n{text}"),
    }
}

/// The code of a unit.
fn unit(leaf: usize) -> String {
    format!("u{leaf:03}")
}

/// Answers that are given at all.
fn answers(batches: &[Batch]) -> u64 {
    let ballots = batches.iter().flat_map(|batch| batch.ballots(ITEMS));
    ballots.map(|(_, marks)| marks.iter().filter(|mark| **mark > 0).count() as u64).sum()
}

/// Seeded ballots: units of uneven sizes, three in a hundred answers missing.
fn batches() -> Vec<Batch> {
    let chance = Chance::seeded(42);
    let mut bytes: Vec<u8> = Vec::new();
    let mut next = move || {
        if bytes.is_empty() {
            bytes.extend(chance.bytes::<4096>());
        }
        bytes.pop().unwrap_or(0)
    };
    let mut batches = Vec::new();
    let mut left = BALLOTS;
    while left > 0 {
        let mut batch = Batch::with_capacity(BATCH, ITEMS);
        for _ in 0..BATCH.min(left) {
            let one = usize::from(next()) * 256 + usize::from(next());
            let other = usize::from(next()) * 256 + usize::from(next());
            let leaf = one.min(other) * UNITS / 65_536;
            let mut marks = [0; ITEMS];
            for mark in &mut marks {
                let byte = next();
                *mark = if byte < 8 { 0 } else { 1 + (byte % 5).max(next() % 4) };
            }
            batch.push(leaf, &marks);
        }
        left -= batch.len();
        batches.push(batch);
    }
    batches
}

fn counted(survey: &Survey, batches: &[Batch], threads: usize) -> u64 {
    let units = (0..UNITS).map(|leaf| unit(leaf).parse().unwrap_or_else(|_| panic!("a code")));
    let mut tally = Tally::new(survey, units);
    if let Err(error) = tally.count_all(batches, threads) {
        panic!("{error}");
    }
    tally.leaves().map(|(_, counts)| counts.responded()).sum()
}

fn plain(batches: &[Batch]) -> u64 {
    let mut table = vec![0_u32; UNITS * ITEMS * 8];
    for batch in batches {
        for (leaf, marks) in batch.ballots(ITEMS) {
            let cells = table[leaf * ITEMS * 8..(leaf + 1) * ITEMS * 8].chunks_exact_mut(8);
            for (cell, mark) in cells.zip(marks) {
                cell[usize::from(*mark & 7)] += 1;
            }
        }
    }
    table.iter().map(|people| u64::from(*people)).sum()
}

/// The best of some rounds, in seconds.
fn best(round: impl Fn() -> u64) -> f64 {
    std::hint::black_box(round());
    let seconds = (0..ROUNDS).map(|_| {
        let start = Instant::now();
        std::hint::black_box(round());
        start.elapsed().as_secs_f64()
    });
    seconds.fold(f64::INFINITY, f64::min)
}
