//! The mean score of one organisation on one item.

use super::{Confidence, Histogram, Interval, SCALE, real};

/// A mean with its spread and its intervals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeanEstimate {
    /// Valid answers.
    pub n: u64,
    /// Their scores added up: with `n` the mean without rounding.
    pub total: u64,
    /// Invited people whom the item concerns.
    pub population: u64,
    /// The mean score.
    pub mean: f64,
    /// The standard deviation; none for one answer.
    pub sd: Option<f64>,
    /// Where the mean must lie whatever the others would have said.
    pub bounds: Interval,
    /// Where it would lie, had all invited people answered.
    pub reply: Interval,
    /// For comparisons; none for one answer or for equal answers.
    pub process: Option<Interval>,
}

/// The mean of `answers` from a population of `population` invited people; none
/// without an answer, or with more answers than people.
///
/// Source: methods.md 2 and 3. Mean and bounds are single divisions of whole
/// numbers. Reply interval: Student-t with finite population correction
/// (Cochran 1977), cut at the bounds. Process interval: Student-t, cut at the
/// ends of the scale.
#[must_use]
pub fn mean_estimate(
    answers: &Histogram,
    population: u64,
    confidence: Confidence,
) -> Option<MeanEstimate> {
    let n = answers.n();
    if n == 0 || n > population {
        return None;
    }
    let mean = real(answers.sum()) / real(n);
    let bounds = mean_bounds(answers, population);
    let variance = variance(answers);
    let spread = variance.filter(|v| *v > 0.0).zip(confidence.student(n - 1));
    let (reply, process) = match spread {
        None => (bounds, None),
        Some((variance, t)) => {
            let missing = 1.0 - real(n) / real(population);
            let reply = around(mean, t * (missing * variance / real(n)).sqrt());
            let process = around(mean, t * (variance / real(n)).sqrt());
            (reply.within(bounds), Some(process.within(SCALE)))
        }
    };
    let (total, sd) = (answers.sum(), variance.map(f64::sqrt));
    Some(MeanEstimate { n, total, population, mean, sd, bounds, reply, process })
}

/// Mean if all others had scored 0, and if all had scored 100.
///
/// Source: methods.md 3.1.
fn mean_bounds(answers: &Histogram, population: u64) -> Interval {
    let sum = answers.sum();
    let silent = population.saturating_sub(answers.n());
    Interval { lo: real(sum) / real(population), hi: real(sum + 100 * silent) / real(population) }
}

/// The sample variance from whole numbers: (n·Σy² − (Σy)²) / (n(n−1)); none
/// below two answers.
#[expect(clippy::cast_precision_loss, reason = "the numerator is exact before the division")]
fn variance(answers: &Histogram) -> Option<f64> {
    let n = u128::from(answers.n());
    if n < 2 {
        return None;
    }
    let numerator = n * u128::from(answers.squares()) - u128::from(answers.sum()).pow(2);
    Some(numerator as f64 / (n * (n - 1)) as f64)
}

/// A symmetric interval.
pub(super) fn around(middle: f64, half: f64) -> Interval {
    Interval { lo: middle - half, hi: middle + half }
}
