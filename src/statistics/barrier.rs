//! Which barriers weigh most, and which go with low progress: what to fix first.
//!
//! An association is across leads, the same person answering both: it is not a
//! cause, and whoever shows it says so.

use std::cmp::Ordering;

use super::pair::whole;
use super::tail::normal_both;
use super::{Confidence, Histogram, Interval, Thresholds, real};

/// A barrier's answers, ready to be put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Severity<'a> {
    /// The barrier's code.
    pub code: &'a str,
    /// Valid answers.
    pub n: u64,
    /// Their severities added up.
    pub total: u64,
    /// How many find it major.
    pub major: u64,
}

impl<'a> Severity<'a> {
    /// What counts of a histogram.
    #[must_use]
    pub fn of(code: &'a str, answers: &Histogram) -> Self {
        Self { code, n: answers.n(), total: answers.sum(), major: answers.favourable() }
    }
}

/// Puts barriers in order: by mean severity, then by the share that finds them
/// major, both from the top, then by code. Those without answers come last.
///
/// Source: methods.md 8; means are compared as fractions.
pub fn order(barriers: &mut [Severity<'_>]) {
    barriers.sort_by(|one, other| {
        let silent = (one.n == 0).cmp(&(other.n == 0));
        let mean = descending((one.total, one.n), (other.total, other.n));
        let major = descending((one.major, one.n), (other.major, other.n));
        silent.then(mean).then(major).then_with(|| one.code.cmp(other.code))
    });
}

/// The greater fraction first.
fn descending(one: (u64, u64), other: (u64, u64)) -> Ordering {
    let cross = |above: u64, below: u64| u128::from(above) * u128::from(below);
    cross(other.0, one.1).cmp(&cross(one.0, other.1))
}

/// One bar of a Pareto chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar<'a> {
    /// The barrier's code.
    pub code: &'a str,
    /// People who find it major.
    pub major: u64,
    /// Their share of all "major" answers, in percent.
    pub share: f64,
    /// That share with those of the bars before it, in percent.
    pub running: f64,
}

/// The barriers by how many find them major, from the top, equal ones by code;
/// nothing if nobody does.
#[must_use]
pub fn pareto<'a>(barriers: &[Severity<'a>]) -> Vec<Bar<'a>> {
    let all: u64 = barriers.iter().map(|barrier| barrier.major).sum();
    if all == 0 {
        return Vec::new();
    }
    let mut sorted = barriers.to_vec();
    sorted.sort_by(|one, other| other.major.cmp(&one.major).then_with(|| one.code.cmp(other.code)));
    let mut so_far = 0;
    let bar = |barrier: Severity<'a>| {
        so_far += barrier.major;
        let percent = |part: u64| 100.0 * real(part) / real(all);
        let (share, running) = (percent(barrier.major), percent(so_far));
        Bar { code: barrier.code, major: barrier.major, share, running }
    };
    sorted.into_iter().map(bar).collect()
}

/// How two figures of the same people go together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Association {
    /// People with both figures.
    pub n: u64,
    /// Spearman's rank correlation.
    pub rho: f64,
    /// Its interval.
    pub interval: Interval,
    /// The chance of a correlation at least as strong if there were none.
    pub p: f64,
    /// Kendall's tau-b.
    pub tau_b: f64,
}

/// The association over a table: one row per severity from the lowest, one column
/// per index value from the lowest, each cell the number of people. None below
/// four people or if one of the two does not vary. That `n` is large enough to
/// be told is up to whoever calls.
///
/// Source: methods.md 8: Spearman's ρ as Pearson's on midranks, its interval of
/// Bonett & Wright 2000; Kendall 1945 for τ with ties. Ranks are doubled, so all
/// sums are whole numbers.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "exact until it is divided")]
pub fn association(table: &[Vec<u64>], confidence: Confidence) -> Option<Association> {
    let rows: Vec<i128> =
        table.iter().map(|row| row.iter().map(|n| i128::from(whole(*n))).sum()).collect();
    let width = table.iter().map(Vec::len).max()?;
    let cell = |row: &Vec<u64>, at: usize| i128::from(row.get(at).copied().unwrap_or(0));
    let columns: Vec<i128> =
        (0..width).map(|at| table.iter().map(|row| cell(row, at)).sum()).collect();
    let n: i128 = rows.iter().sum();
    let (of_rows, of_columns) = (centred(&rows), centred(&columns));
    let squares = |people: &[i128], ranks: &[i128]| -> i128 {
        people.iter().zip(ranks).map(|(people, rank)| people * rank * rank).sum()
    };
    let (first, second) = (squares(&rows, &of_rows), squares(&columns, &of_columns));
    if n < 4 || first == 0 || second == 0 {
        return None;
    }
    let product: i128 = table
        .iter()
        .zip(&of_rows)
        .flat_map(|(row, rank)| row.iter().zip(&of_columns).map(move |cell| (rank, cell)))
        .map(|(rank, (people, other))| i128::from(*people) * rank * other)
        .sum();
    let rho = (product as f64 / (first as f64 * second as f64).sqrt()).clamp(-1.0, 1.0);
    let n = u64::try_from(n).ok()?;
    let (interval, p) = of_rho(rho, n, confidence);
    Some(Association { n, rho, interval, p, tau_b: tau_b(table, &rows, &columns) })
}

/// Interval and p of Spearman's ρ over `n` people, at least four.
///
/// Source: Bonett & Wright 2000; p from Fisher's transformation.
#[must_use]
pub fn of_rho(rho: f64, n: u64, confidence: Confidence) -> (Interval, f64) {
    let free = real(n.saturating_sub(3));
    let middle = libm::atanh(rho);
    let half = confidence.normal() * ((1.0 + rho * rho / 2.0) / free).sqrt();
    let interval = Interval { lo: libm::tanh(middle - half), hi: libm::tanh(middle + half) };
    (interval, normal_both(middle * free.sqrt()))
}

/// Doubled midranks less their mean: whole numbers that add up to nought.
fn centred(people: &[i128]) -> Vec<i128> {
    let all: i128 = people.iter().sum();
    let mut below = 0;
    let rank = |here: &i128| {
        let rank = 2 * below + here - all;
        below += here;
        rank
    };
    people.iter().map(rank).collect()
}

/// Kendall's τ-b: concordant less discordant pairs over the root of the pairs
/// untied on either side.
#[expect(clippy::cast_precision_loss, reason = "exact until it is divided")]
fn tau_b(table: &[Vec<u64>], rows: &[i128], columns: &[i128]) -> f64 {
    // People in the rows so far: left of a column and in it or left of it.
    let mut before = vec![0_i128; columns.len()];
    let mut surplus: i128 = 0;
    for row in table {
        let all: i128 = before.iter().sum();
        let mut left = 0;
        for (people, above) in row.iter().zip(&before) {
            let right = all - left - above;
            surplus += i128::from(*people) * (left - right);
            left += above;
        }
        for (people, above) in row.iter().zip(&mut before) {
            *above += i128::from(*people);
        }
    }
    let n: i128 = rows.iter().sum();
    let pairs = |people: &[i128]| -> i128 { people.iter().map(|t| t * (t - 1) / 2).sum() };
    let all = n * (n - 1) / 2;
    let (first, second) = (all - pairs(rows), all - pairs(columns));
    surplus as f64 / (first as f64 * second as f64).sqrt()
}

/// How much there is to gain from a barrier: 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Priority {
    /// Mean severity times how strongly it goes with low progress.
    pub value: f64,
    /// The same at the ends of the correlation's interval.
    pub interval: Interval,
    /// Whether the correlation is negative beyond chance.
    pub supported: bool,
}

/// The priority of a barrier of this mean severity, with the correlation's q
/// among all barriers.
///
/// Source: methods.md 8.
#[must_use]
pub fn priority(
    severity: f64,
    rho: f64,
    of_rho: Interval,
    q: f64,
    thresholds: Thresholds,
) -> Priority {
    let at = |rho: f64| severity * (-rho).max(0.0);
    Priority {
        value: at(rho),
        interval: Interval { lo: at(of_rho.hi), hi: at(of_rho.lo) },
        supported: thresholds.is_sure(q) && rho < 0.0,
    }
}
