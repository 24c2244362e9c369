//! One PCT against the rest of the whole: are the answers placed higher, by how
//! much, and is that worth a word?

use serde::{Deserialize, Serialize};

use super::exact::{exact_p, float};
use super::pair::{Pair, whole};
use super::tail::normal_both;
use super::{Confidence, Histogram, Interval, Limit, Thresholds};
use crate::definition::Direction;

/// What the scores are: it decides up to which size p is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answers {
    /// To one item: a few scores with many ties.
    Item,
    /// Respondents' indexes: many different scores.
    Index,
}

impl Answers {
    /// Source: methods.md 4.
    fn few_enough(self, pair: &Pair) -> bool {
        let smaller = pair.first().min(pair.second());
        match self {
            Self::Item => smaller <= 60,
            Self::Index => smaller <= 20 && pair.both() <= 2000,
        }
    }
}

/// How a first group's answers lie beside a second's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// Twice the rank sum of the first group.
    pub rank_sum: i64,
    /// What that is on average when the groups do not differ.
    pub expected: i64,
    /// The chance of a rank sum this far off, two-sided.
    pub p: f64,
    /// Whether `p` is exact, not from the normal curve.
    pub exact: bool,
    /// The effect.
    pub delta: Delta,
}

/// Cliff's delta: the share of pairs in which the first group's answer scores
/// higher less the share in which it scores lower, -1 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Delta {
    /// Pairs scoring higher less pairs scoring lower.
    pub dominance: i64,
    /// All pairs.
    pub pairs: i64,
    /// Its interval; none below two answers in a group or if all are equal.
    pub interval: Option<Interval>,
}

/// The usual words for an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Below 0.147.
    Negligible,
    /// Below 0.33.
    Small,
    /// Below 0.474.
    Medium,
    /// From there on.
    Large,
}

impl Effect {
    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Negligible => "negligible",
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
        }
    }
}

impl Delta {
    /// The value, from -1 to 1.
    #[must_use]
    pub fn value(&self) -> f64 {
        float(self.dominance) / float(self.pairs)
    }

    /// Its size in words.
    ///
    /// Source: Romano et al. 2006 (0.147, 0.33, 0.474), compared in whole numbers.
    #[must_use]
    pub fn effect(&self) -> Effect {
        let below = |thousandths: i128| {
            i128::from(self.dominance).abs() * 1000 < thousandths * i128::from(self.pairs)
        };
        match () {
            () if below(147) => Effect::Negligible,
            () if below(330) => Effect::Small,
            () if below(474) => Effect::Medium,
            () => Effect::Large,
        }
    }

    fn at_least(&self, limit: Limit) -> bool {
        limit.reached_by(self.dominance.into(), self.pairs.into())
    }

    fn at_most_minus(&self, limit: Limit) -> bool {
        limit.reached_by((-self.dominance).into(), self.pairs.into())
    }
}

/// Compares the answers of two groups.
///
/// Source: methods.md 4. p: exact (Streitberg & Röhmel 1986) up to its sizes,
/// else the normal curve with the variance of tied ranks and without a
/// continuity correction. A scale of so many points that the exact p would take
/// longer than a moment has the normal one too.
#[must_use]
pub fn compare(pair: &Pair, answers: Answers, confidence: Confidence) -> Comparison {
    let exact = answers.few_enough(pair).then(|| exact_p(pair)).flatten();
    Comparison {
        rank_sum: pair.doubled_rank_sum(),
        expected: pair.expected_rank_sum(),
        p: exact.unwrap_or_else(|| normal_p(pair)),
        exact: exact.is_some(),
        delta: cliffs_delta(pair, confidence),
    }
}

/// The two-sided chance of the rank sum by the normal curve; 1 if all are tied.
///
/// Source: Mann & Whitney 1947, with the variance of tied ranks.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "exact until it is divided")]
pub fn normal_p(pair: &Pair) -> f64 {
    let all = i128::from(pair.both());
    let cubes: i128 =
        pair.sizes().iter().map(|size| i128::from(*size)).map(|size| size.pow(3) - size).sum();
    // Twelve times the variance over n₁n₂/(N(N−1)).
    let spread = all.pow(3) - all - cubes;
    if spread == 0 {
        return 1.0;
    }
    let doubled = pair.doubled_rank_sum() - pair.expected_rank_sum();
    let per_pair = spread as f64 / (all * (all - 1)) as f64;
    let variance = float(pair.first()) * float(pair.second()) / 12.0 * per_pair;
    normal_both(float(doubled) / 2.0 / variance.sqrt())
}

/// Cliff's delta with its interval.
///
/// Source: Cliff 1996; the interval with the consistent variance of Feng & Cliff
/// 2004, as methods.md 4 writes it.
#[must_use]
pub fn cliffs_delta(pair: &Pair, confidence: Confidence) -> Delta {
    let dominance = pair.dominance();
    let pairs = pair.first() * pair.second();
    Delta { dominance, pairs, interval: delta_interval(pair, confidence) }
}

fn delta_interval(pair: &Pair, confidence: Confidence) -> Option<Interval> {
    let (n1, n2) = (float(pair.first()), float(pair.second()));
    if pair.first() < 2 || pair.second() < 2 {
        return None;
    }
    let pairs = n1 * n2;
    let delta = float(pair.dominance()) / pairs;
    // One way in every pair.
    let down = pair.dominance() == -pair.first() * pair.second();
    let up = pair.dominance() == pair.first() * pair.second();
    let d = if up || down { delta * (pairs - 1.0) / pairs } else { delta };
    let s = variance(pair, d);
    if s == 0.0 {
        return None;
    }
    let freedom = u64::try_from(pair.both() - 2).ok()?;
    let t = confidence.student(freedom)?;
    let rest = (1.0 - d) * (1.0 + d);
    let whole = rest + t * t * s;
    if whole <= 0.0 {
        return None;
    }
    let half = t * s.sqrt() * (rest * rest + t * t * s).sqrt();
    let end = |half: f64| (d * rest + half) / whole;
    Some(Interval {
        lo: if down { -1.0 } else { end(-half) },
        hi: if up { 1.0 } else { end(half) },
    })
}

/// The consistent variance of delta about `d`.
fn variance(pair: &Pair, d: f64) -> f64 {
    let (n1, n2) = (float(pair.first()), float(pair.second()));
    let squares = |people: Vec<u64>, leads: Vec<i64>, others: f64| -> f64 {
        let each = people.into_iter().zip(leads);
        each.map(|(people, lead)| super::real(people) * (float(lead) / others - d).powi(2)).sum()
    };
    let first = pair.ties().iter().map(|tie| tie.first).collect();
    let second = pair.ties().iter().map(|tie| tie.second).collect();
    let of_first = squares(first, pair.leads_of_first(), n2) / (n1 - 1.0);
    let of_second = squares(second, pair.leads_over_second(), n1) / (n2 - 1.0);
    let equal: i64 = pair.ties().iter().map(|tie| whole(tie.first) * whole(tie.second)).sum();
    let unequal = pair.first() * pair.second() - equal;
    let higher = i64::midpoint(unequal, pair.dominance());
    let of_pairs = float(higher) * (1.0 - d).powi(2)
        + float(unequal - higher) * (1.0 + d).powi(2)
        + float(equal) * d * d;
    let of_pairs = of_pairs / ((n1 - 1.0) * (n2 - 1.0));
    ((n2 - 1.0) * of_first + (n1 - 1.0) * of_second + of_pairs) / (n1 * n2)
}

/// Where a PCT stands beside the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Its cell may not be shown.
    NotEnoughResponses,
    /// Reliably and materially higher.
    Above,
    /// Reliably and materially lower.
    Below,
    /// No reliable difference found: never "the same".
    InLine,
}

impl Band {
    /// The band in words; for barriers a high score is severe.
    #[must_use]
    pub fn words(self, direction: Direction) -> &'static str {
        match (self, direction) {
            (Self::NotEnoughResponses, _) => "not enough responses",
            (Self::InLine, _) => "in line",
            (Self::Above, Direction::Progress) => "above",
            (Self::Below, Direction::Progress) => "below",
            (Self::Above, Direction::Barrier) => "more severe than the rest",
            (Self::Below, Direction::Barrier) => "less severe than the rest",
        }
    }
}

/// A comparison among those of all PCTs on one measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Placed {
    /// The comparison with the rest.
    pub comparison: Comparison,
    /// Its p among those of all PCTs (Benjamini–Hochberg).
    pub q: f64,
    /// Where the PCT stands.
    pub band: Band,
}

/// Compares every PCT whose cell may be shown with the rest of the whole; none
/// for one that has no answers or leaves no rest.
#[must_use]
pub fn place_all(
    pairs: &[Option<Pair>],
    answers: Answers,
    thresholds: Thresholds,
    confidence: Confidence,
) -> Vec<Option<Placed>> {
    let comparisons: Vec<Option<Comparison>> = pairs
        .iter()
        .map(|pair| pair.as_ref().map(|pair| compare(pair, answers, confidence)))
        .collect();
    let p: Vec<f64> = comparisons.iter().flatten().map(|comparison| comparison.p).collect();
    let mut q = benjamini_hochberg(&p).into_iter();
    let mut place = |comparison: Comparison| {
        let q = q.next()?;
        Some(Placed { comparison, q, band: band(q, &comparison.delta, thresholds) })
    };
    comparisons.into_iter().map(|comparison| comparison.and_then(&mut place)).collect()
}

/// The band of a cell that may be shown.
///
/// Source: methods.md 4.
#[must_use]
pub fn band(q: f64, delta: &Delta, thresholds: Thresholds) -> Band {
    let sure = thresholds.is_sure(q);
    // With a threshold of nought the sign still decides.
    match delta.dominance.signum() {
        1 if sure && delta.at_least(thresholds.material_delta()) => Band::Above,
        -1 if sure && delta.at_most_minus(thresholds.material_delta()) => Band::Below,
        _ => Band::InLine,
    }
}

/// p-values of one family, each adjusted so that those at most `fdr` have no
/// more than that share of false ones among them; in the order given.
///
/// Source: Benjamini & Hochberg 1995: q₍ᵢ₎ = min over j ≥ i of min(1, K·p₍ⱼ₎/j).
#[must_use]
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<(usize, f64)> = p.iter().copied().enumerate().collect();
    order.sort_by(|one, other| one.1.total_cmp(&other.1));
    let all = super::real(order.len() as u64);
    let mut least = 1.0_f64;
    let mut adjusted: Vec<(usize, f64)> = order
        .iter()
        .enumerate()
        .rev()
        .map(|(below, (place, p))| {
            // At the last place exactly 1, so that no q is below its p.
            least = least.min(all / super::real(below as u64 + 1) * p);
            (*place, least)
        })
        .collect();
    adjusted.sort_by_key(|(place, _)| *place);
    adjusted.into_iter().map(|(_, q)| q).collect()
}

/// The pair of a part and what is left of the whole without it; none if either
/// has no answers, or the part is none of the whole.
#[must_use]
pub fn against_rest(part: &Histogram, whole: &Histogram) -> Option<Pair> {
    let rest = whole.minus(part)?;
    Pair::new(part.bins().iter().copied(), rest.bins().iter().copied())
}
