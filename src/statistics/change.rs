//! What changed from one wave to another.
//!
//! Waves are anonymous and never linked by person. The same leads answer again,
//! so the two figures move together by an unknown amount; leaving that out makes
//! the difference look less sure than it is. Tests here are conservative (not if
//! views reverse person by person).

use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive};
use serde::{Deserialize, Serialize};

use super::tail::student_both;
use super::{
    Confidence, IndexEstimate, Interval, Limit, MeanEstimate, ShareEstimate, Thresholds, real,
};
use crate::definition::Direction;

/// A figure of one wave, as the comparison with another needs it.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// The mean or the index in points, without rounding.
    pub score: BigRational,
    /// Valid answers, or for an index the people behind it.
    pub n: u64,
    /// The variance of the score in squared points; none for one answer.
    pub variance: Option<f64>,
}

impl Sample {
    /// The sample behind a mean.
    #[must_use]
    pub fn of_mean(mean: &MeanEstimate) -> Self {
        Self {
            score: BigRational::new(mean.total.into(), mean.n.max(1).into()),
            n: mean.n,
            variance: mean.sd.map(|sd| sd * sd / real(mean.n)),
        }
    }

    /// The sample behind an index with its exact value, which is to be compared
    /// only if both waves used the same items.
    #[must_use]
    pub fn of_index(estimate: &IndexEstimate, exact: BigRational) -> Self {
        let variance = estimate.se.map(|se| se * se);
        Self { score: exact, n: estimate.people, variance }
    }
}

/// A difference between two waves, in points.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Later less earlier.
    pub difference: f64,
    /// The same without rounding.
    pub exact: BigRational,
    /// The test; none for a single answer or if nobody differs.
    pub test: Option<ChangeTest>,
}

/// How sure a difference is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChangeTest {
    /// The interval of the difference, in points.
    pub interval: Interval,
    /// Welch's degrees of freedom.
    pub freedom: f64,
    /// The chance of a difference at least as large if nothing had changed.
    pub p: f64,
}

/// The change of a mean or an index.
///
/// Source: Welch 1947, with the process variances of methods.md 3.
#[must_use]
pub fn change(before: &Sample, after: &Sample, confidence: Confidence) -> Option<Change> {
    let exact = &after.score - &before.score;
    let difference = exact.to_f64()?;
    let test = welch(difference, before, after, confidence);
    Some(Change { difference, exact, test })
}

fn welch(
    difference: f64,
    before: &Sample,
    after: &Sample,
    confidence: Confidence,
) -> Option<ChangeTest> {
    let (v1, v2) = before.variance.zip(after.variance)?;
    let v = v1 + v2;
    if v <= 0.0 {
        return None;
    }
    // One answer leaves no degree of freedom, and then there is no quantile.
    let part = |v: f64, n: u64| v * v / real(n.saturating_sub(1));
    let freedom = v * v / (part(v1, before.n) + part(v2, after.n));
    let error = v.sqrt();
    let interval = super::mean::around(difference, confidence.student_at(freedom)? * error);
    Some(ChangeTest { interval, freedom, p: student_both(difference / error, freedom)? })
}

/// The change of a percentage, in percentage points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ShareChange {
    /// Later less earlier.
    pub difference: f64,
    /// Its interval.
    pub interval: Interval,
}

/// The change of a percentage.
///
/// Source: Newcombe 1998, method 10: from the two Wilson intervals.
#[must_use]
pub fn share_change(before: &ShareEstimate, after: &ShareEstimate) -> ShareChange {
    let difference = after.percent - before.percent;
    let below = (after.percent - after.process.lo).hypot(before.process.hi - before.percent);
    let above = (after.process.hi - after.percent).hypot(before.percent - before.process.lo);
    ShareChange {
        difference,
        interval: Interval { lo: difference - below, hi: difference + above },
    }
}

/// What may be said of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeLabel {
    /// Reliably and materially better.
    Improved,
    /// Reliably and materially worse.
    Worsened,
    /// Neither.
    NoClearChange,
}

impl ChangeLabel {
    /// The label in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Improved => "improved",
            Self::Worsened => "worsened",
            Self::NoClearChange => "no clear change",
        }
    }
}

/// The label of a change. `q` is the change's q among all PCTs, or its p for a
/// cluster or the whole; for barriers less is better.
///
/// Source: methods.md 7; the size is compared without rounding.
#[must_use]
pub fn change_label(
    change: &Change,
    q: Option<f64>,
    thresholds: Thresholds,
    direction: Direction,
) -> ChangeLabel {
    let sure = q.is_some_and(|q| thresholds.is_sure(q));
    let material = change.exact.abs() >= Limit::exact(thresholds.material_change());
    let upward = change.exact.is_positive();
    match (upward, direction) {
        _ if !sure || !material || change.test.is_none() => ChangeLabel::NoClearChange,
        (true, Direction::Progress) | (false, Direction::Barrier) => ChangeLabel::Improved,
        (false, Direction::Progress) | (true, Direction::Barrier) => ChangeLabel::Worsened,
    }
}
