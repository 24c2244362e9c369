//! How PCTs differ among themselves. Only of PCTs whose cells may be shown, and
//! of at least five: a quartile or a shrinkage mean that used a hidden PCT would
//! tell of it. Whoever calls takes care of that, and of the order: by code.

use std::collections::BTreeMap;

use super::real;
use super::tail::chi_squared_above;

/// Fewest PCTs that are summed up.
pub const FEWEST_PCTS: usize = 5;

/// The score of one PCT on a measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PctScore {
    /// The mean or the index, in points.
    pub score: f64,
    /// Valid answers, or for an index the people behind it.
    pub n: u64,
    /// The variance among answers (for an index n times its squared standard
    /// error), in squared points; none for one answer.
    pub variance: Option<f64>,
}

/// The scores of PCTs in order, each counted once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The mean of the scores.
    pub mean: f64,
    /// The lowest score.
    pub lowest: f64,
    /// A quarter of the way up.
    pub lower_quartile: f64,
    /// Halfway.
    pub median: f64,
    /// Three quarters of the way up.
    pub upper_quartile: f64,
    /// The highest score.
    pub highest: f64,
}

/// Mean and quartiles of scores; none below five.
///
/// Source: methods.md 5; quartiles by linear interpolation at 1 + (K−1)p (type 7
/// of Hyndman & Fan 1996).
#[must_use]
pub fn spread(scores: &[f64]) -> Option<Spread> {
    if scores.len() < FEWEST_PCTS {
        return None;
    }
    let mut sorted = scores.to_vec();
    sorted.sort_by(f64::total_cmp);
    Some(Spread {
        mean: mean(scores),
        lowest: *sorted.first()?,
        lower_quartile: quarter(&sorted, 1)?,
        median: quarter(&sorted, 2)?,
        upper_quartile: quarter(&sorted, 3)?,
        highest: *sorted.last()?,
    })
}

fn mean(scores: &[f64]) -> f64 {
    scores.iter().sum::<f64>() / real(scores.len() as u64)
}

/// The value so many quarters of the way up.
fn quarter(sorted: &[f64], quarters: usize) -> Option<f64> {
    let way = quarters * sorted.len().checked_sub(1)?;
    let below = *sorted.get(way / 4)?;
    let above = sorted.get(way / 4 + 1).copied().unwrap_or(below);
    Some(below + real((way % 4) as u64) / 4.0 * (above - below))
}

/// The variance within PCTs, pooled: Σ(n−1)s² / Σ(n−1); none below five PCTs or
/// if nobody differs from the others of their PCT.
#[must_use]
pub fn pooled_variance(pcts: &[PctScore]) -> Option<f64> {
    let spread = |pct: &PctScore| pct.variance.map(|v| (real(pct.n.saturating_sub(1)), v));
    let squares: f64 = pcts.iter().filter_map(spread).map(|(freedom, v)| freedom * v).sum();
    let freedom: f64 = pcts.iter().filter_map(spread).map(|(freedom, _)| freedom).sum();
    (pcts.len() >= FEWEST_PCTS && squares > 0.0).then(|| squares / freedom)
}

/// Whether answers differ between PCTs at all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heterogeneity {
    /// Kruskal and Wallis's H, corrected for ties.
    pub h: f64,
    /// The chance of an H at least as large.
    pub p: f64,
}

/// Kruskal and Wallis's test over the histograms (score, people) of PCTs; none
/// below five PCTs with answers or if all answers are equal.
///
/// Source: Kruskal & Wallis 1952. Written as (N−1)·Σ(S²/n)/Σc² over centred
/// doubled ranks c with their sums S per PCT, whole numbers: the correction for
/// ties is in it, and nothing cancels.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "exact until it is divided")]
pub fn kruskal_wallis<S: Ord + Copy>(pcts: &[Vec<(S, u64)>]) -> Option<Heterogeneity> {
    let mut sizes: BTreeMap<S, i128> = BTreeMap::new();
    for (score, people) in pcts.iter().flatten() {
        *sizes.entry(*score).or_default() += i128::from(*people);
    }
    let all: i128 = sizes.values().sum();
    let mut below = 0;
    let mut squares = 0;
    let mut ranks: BTreeMap<S, i128> = BTreeMap::new();
    for (score, size) in sizes {
        let centred = 2 * below + size - all;
        squares += size * centred * centred;
        below += size;
        ranks.insert(score, centred);
    }
    let groups: Vec<(i128, i128)> = pcts
        .iter()
        .map(|pct| {
            let sum = |(score, people): &(S, u64)| {
                i128::from(*people) * ranks.get(score).copied().unwrap_or(0)
            };
            (pct.iter().map(|(_, people)| i128::from(*people)).sum(), pct.iter().map(sum).sum())
        })
        .filter(|(n, _)| *n > 0)
        .collect();
    if groups.len() < FEWEST_PCTS || squares == 0 {
        return None;
    }
    let between: f64 = groups.iter().map(|(n, sum)| (sum * sum) as f64 / *n as f64).sum();
    let h = (all - 1) as f64 * between / squares as f64;
    let p = chi_squared_above(h, groups.len() as u64 - 1)?;
    Some(Heterogeneity { h, p })
}

/// How much of the variance of answers lies between PCTs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Intraclass {
    /// The answers per PCT, averaged so that unequal numbers count right.
    pub n0: f64,
    /// The intraclass correlation; may be negative, then shown as 0.
    pub icc: f64,
}

/// The intraclass correlation; none below five PCTs or without a variance within.
///
/// Source: one-way analysis of variance, (MSB − σ²) / (MSB + (n₀ − 1)σ²).
#[must_use]
pub fn intraclass(pcts: &[PctScore]) -> Option<Intraclass> {
    let within = pooled_variance(pcts)?;
    let all: f64 = pcts.iter().map(|pct| real(pct.n)).sum();
    let middle = pcts.iter().map(|pct| real(pct.n) * pct.score).sum::<f64>() / all;
    let others = real(pcts.len() as u64 - 1);
    let between = pcts.iter().map(|pct| real(pct.n) * (pct.score - middle).powi(2)).sum::<f64>();
    let between = between / others;
    let squares: f64 = pcts.iter().map(|pct| real(pct.n).powi(2)).sum();
    let n0 = (all - squares / all) / others;
    Some(Intraclass { n0, icc: (between - within) / (between + (n0 - 1.0) * within) })
}

/// Scores that allow for small numbers: each drawn towards the middle by as much
/// as its own numbers are too few to speak.
#[derive(Debug, Clone, PartialEq)]
pub struct Shrinkage {
    /// The heterogeneity statistic of DerSimonian and Laird.
    pub q: f64,
    /// The variance between PCTs, in squared points; nought if none shows.
    pub tau2: f64,
    /// The middle towards which scores are drawn.
    pub middle: f64,
    /// Per PCT, in the order given.
    pub pcts: Vec<Shrunken>,
}

/// One score that allows for small numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shrunken {
    /// The score, in points.
    pub score: f64,
    /// Its standard error, in points.
    pub se: f64,
    /// How much of the PCT's own score is in it, 0 to 1.
    pub own: f64,
    /// The variance of the PCT's own score, in squared points.
    pub variance: f64,
}

/// Empirical Bayes scores; none below five PCTs or without a variance within.
///
/// Source: methods.md 5: normal–normal, with the moment estimate of DerSimonian &
/// Laird 1986.
#[must_use]
pub fn shrink(pcts: &[PctScore]) -> Option<Shrinkage> {
    let within = pooled_variance(pcts)?;
    let own: Vec<(f64, f64)> =
        pcts.iter().map(|pct| (pct.score, within / real(pct.n.max(1)))).collect();
    let weights: f64 = own.iter().map(|(_, v)| 1.0 / v).sum();
    let squares: f64 = own.iter().map(|(_, v)| 1.0 / (v * v)).sum();
    let fixed = own.iter().map(|(y, v)| y / v).sum::<f64>() / weights;
    let q: f64 = own.iter().map(|(y, v)| (y - fixed).powi(2) / v).sum();
    let others = real(pcts.len() as u64 - 1);
    let tau2 = ((q - others) / (weights - squares / weights)).max(0.0);
    let precision: f64 = own.iter().map(|(_, v)| 1.0 / (v + tau2)).sum();
    let middle = own.iter().map(|(y, v)| y / (v + tau2)).sum::<f64>() / precision;
    let pcts = own
        .into_iter()
        .map(|(y, variance)| {
            let own = tau2 / (tau2 + variance);
            let se = (own * variance + (1.0 - own).powi(2) / precision).sqrt();
            Shrunken { score: own * y + (1.0 - own) * middle, se, own, variance }
        })
        .collect();
    Some(Shrinkage { q, tau2, middle, pcts })
}
