//! What the figures are worth on regions like ours: whether intervals cover the
//! truth, how often bands flag a PCT rightly and wrongly, what suppression costs.
//!
//! ```sh
//! cargo run --release --example simulation_study > src/statistics/simulation.md
//! ```
//!
//! Regions follow from the seed and their number alone, and what they add up to
//! are whole numbers: the same page comes out on any machine and any number of
//! cores. Each goes the way of a release, from ballots through counts and the
//! rule of the smallest group to comparisons. The page says what is simulated; it
//! is part of the documentation of `soundings::statistics`.

#![warn(clippy::pedantic)]

mod bands;
mod cells;
mod opinion;
mod region;
mod report;
mod sums;

use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};

use soundings::statistics::{Stream, fnv_1a};
use sums::Sums;

/// The seed of the study.
const SEED: u64 = 20_071_122;
/// Regions of each part: the same number of every shape, rate and place of the
/// PCT that differs.
const REGIONS: usize = 2_080;
/// The standard deviation of shifts where all PCTs differ.
const SPREAD: f64 = 0.4;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

fn main() -> Outcome<()> {
    println!("{}", report::page(&study(REGIONS)?, REGIONS).trim_end());
    Ok(())
}

/// Everything that so many regions add up to.
fn study(regions: usize) -> Outcome<Sums> {
    let (cells, bands) = (cells::Setting::new()?, bands::Setting::new()?);
    let next = AtomicUsize::new(0);
    let work = || {
        let mut own = Sums::default();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= regions {
                return Ok(own);
            }
            own.absorb(&cells.region(number)?);
            own.absorb(&bands.region(number)?);
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let parts: Vec<Outcome<Sums>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let broken = |_| Err("a thread was broken off".into());
        workers.into_iter().map(|worker| worker.join().unwrap_or_else(broken)).collect()
    });
    let mut all = Sums::default();
    for part in parts {
        all.merge(&part?);
    }
    Ok(all)
}

/// The random stream of a region.
fn stream(part: &str, number: usize) -> Stream {
    Stream::new(fnv_1a(format!("{SEED}|{part}|{number}").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sums::Table;

    #[test]
    fn a_study_is_the_same_twice_and_its_intervals_cover() {
        let study = || super::study(20).expect("a study");
        let sums = study();
        assert_eq!(sums, study());
        for column in 0..cells::COVERED {
            let all = (Table::Shown, cells::INDEX, column);
            let share = sums.share(all).expect("cells").value;
            assert!((0.88..=1.0).contains(&share), "column {column} covers {share}");
        }
        // All that could be flagged are equal.
        let flags = sums.share((Table::FalseFlags, opinion::SHAPES.len(), 0)).expect("cells");
        assert!(flags.value < 0.05, "{flags:?}");
        let page = report::page(&sums, 20);
        assert_eq!(page.matches("\n## ").count(), 7, "{page}");
    }

    #[test]
    fn a_shift_down_is_the_delta_that_was_asked_for() {
        for shape in &opinion::SHAPES {
            let opinion = opinion::Opinion::new(shape);
            assert!((opinion.mean(0.0) - mean(&shape.shares)).abs() < 1e-9, "{}", shape.name);
            for delta in bands::DELTAS {
                let found = opinion.delta(opinion.shift_down(delta));
                assert!((found + delta).abs() < 1e-9, "{}: {found} for {delta}", shape.name);
            }
        }
    }

    fn mean(shares: &[f64]) -> f64 {
        shares.iter().zip([0.0, 25.0, 50.0, 75.0, 100.0]).map(|(share, score)| share * score).sum()
    }
}
