//! The percentage of answers that are favourable, or of barriers that are major.

use super::{Confidence, Interval, SCALE, real};

/// A percentage with its intervals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareEstimate {
    /// The percentage of valid answers.
    pub percent: f64,
    /// Where it must lie whatever the others would have said.
    pub bounds: Interval,
    /// Where it would lie, had all invited people answered.
    pub reply: Interval,
    /// For comparisons.
    pub process: Interval,
}

/// `part` of `n` answers from a population of `population`; none without an
/// answer, or with more answers than people.
///
/// Source: methods.md 2 and 3; Wilson 1927; for the finite population the
/// effective number n(N−1)/(N−n) of O'Neill 2021.
#[must_use]
pub fn share_estimate(
    part: u64,
    n: u64,
    population: u64,
    confidence: Confidence,
) -> Option<ShareEstimate> {
    if n == 0 || n > population {
        return None;
    }
    let z = confidence.normal();
    let percent = 100.0 * real(part) / real(n);
    let silent = population.saturating_sub(n);
    let bounds = Interval {
        lo: real(100 * part) / real(population),
        hi: real(100 * (part + silent)) / real(population),
    };
    let reply = if silent == 0 {
        Interval { lo: percent, hi: percent }
    } else {
        let effective = real(n) * real(population - 1) / real(silent);
        wilson(part, n, effective, z).within(bounds)
    };
    Some(ShareEstimate { percent, bounds, reply, process: wilson(part, n, real(n), z) })
}

/// Wilson's score interval of `part`/`n` in percent, as if from `effective` answers.
fn wilson(part: u64, n: u64, effective: f64, z: f64) -> Interval {
    let p = real(part) / real(n);
    let z2 = z * z;
    let middle = p + z2 / (2.0 * effective);
    let half = z * (p * (1.0 - p) / effective + z2 / (4.0 * effective * effective)).sqrt();
    let whole = 1.0 + z2 / effective;
    // At 0 of n and n of n one end is exact, and rounding must not move it.
    Interval {
        lo: if part == 0 { 0.0 } else { 100.0 * (middle - half) / whole },
        hi: if part == n { 100.0 } else { 100.0 * (middle + half) / whole },
    }
    .within(SCALE)
}
