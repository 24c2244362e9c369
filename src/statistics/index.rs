//! An index: the weighted mean of the means that may be used.

use num_rational::BigRational;
use num_traits::ToPrimitive;

use super::{Confidence, Interval, MeanEstimate, SCALE, real};
use crate::tabulation::IndexCounts;

/// An index with its standard error and intervals.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IndexEstimate {
    /// People with at least one valid answer to the items used.
    pub people: u64,
    /// The index.
    pub index: f64,
    /// Its linearised standard error; none for one person.
    pub se: Option<f64>,
    /// Where the index must lie whatever the others would have said.
    pub bounds: Interval,
    /// Where it would lie, had all invited people answered.
    pub reply: Interval,
    /// For comparisons; none for one person or without spread.
    pub process: Option<Interval>,
}

/// One item that an index uses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Part {
    /// The item's place in the counts, from 0.
    pub place: usize,
    /// Its weight.
    pub weight: u32,
    /// Its mean and bounds.
    pub mean: MeanEstimate,
}

/// One domain of the overall index: the parts of its own index, and its weight.
#[derive(Debug, Clone, PartialEq)]
pub struct Domain {
    /// The domain's weight.
    pub weight: u32,
    /// The items that its index uses.
    pub parts: Vec<Part>,
}

/// A part with its weight in the whole as a fraction.
struct Share<'a> {
    part: &'a Part,
    weight: u64,
    of: u64,
}

impl Share<'_> {
    fn real(&self) -> f64 {
        real(self.weight) / real(self.of)
    }
}

/// The index over `parts`, for `invited` people; none without parts, weights or
/// people.
///
/// Source: methods.md 2 (aggregate index, Taylor linearisation as in Lumley's
/// survey package) and 3.
#[must_use]
pub fn index_estimate(
    counts: &IndexCounts,
    parts: &[Part],
    invited: u64,
    confidence: Confidence,
) -> Option<IndexEstimate> {
    estimate(counts, &shares(parts, 1, 1)?, invited, confidence)
}

/// The overall index: the weighted mean of the indexes of all progress domains;
/// none if one of them has none. `counts` are over the items of all of them.
///
/// Source: methods.md 2: ω is the product of the weights of domain and item.
#[must_use]
pub fn overall_estimate(
    counts: &IndexCounts,
    domains: &[Domain],
    invited: u64,
    confidence: Confidence,
) -> Option<IndexEstimate> {
    estimate(counts, &all_shares(domains)?, invited, confidence)
}

/// The index over `parts` without any rounding; none without parts or weights.
#[must_use]
pub fn exact_index(parts: &[Part]) -> Option<BigRational> {
    shares(parts, 1, 1).map(|shares| exact(&shares, own_mean))
}

/// The overall index without any rounding; none if one of the domains has none.
#[must_use]
pub fn exact_overall(domains: &[Domain]) -> Option<BigRational> {
    all_shares(domains).map(|shares| exact(&shares, own_mean))
}

fn all_shares(domains: &[Domain]) -> Option<Vec<Share<'_>>> {
    let all: u64 = domains.iter().map(|domain| u64::from(domain.weight)).sum();
    let each = domains.iter().map(|domain| shares(&domain.parts, domain.weight.into(), all));
    let shares: Vec<Vec<Share<'_>>> = each.collect::<Option<_>>()?;
    if shares.is_empty() {
        return None;
    }
    Some(shares.into_iter().flatten().collect())
}

/// The parts' weights, `weight`/`of` in all; none if they add up to nothing.
fn shares<'p>(parts: &'p [Part], weight: u64, of: u64) -> Option<Vec<Share<'p>>> {
    let total: u64 = parts.iter().map(|part| u64::from(part.weight)).sum();
    let of = total * of;
    let share = |part: &'p Part| Share { weight: weight * u64::from(part.weight), of, part };
    (of > 0).then(|| parts.iter().map(share).collect())
}

fn estimate(
    counts: &IndexCounts,
    shares: &[Share<'_>],
    invited: u64,
    confidence: Confidence,
) -> Option<IndexEstimate> {
    let used = |answered: &[bool]| {
        shares.iter().any(|share| answered.get(share.part.place) == Some(&true))
    };
    let people = counts.people(used);
    if people == 0 {
        return None;
    }
    let index = nearest(shares, own_mean)?;
    let silent = |mean: &MeanEstimate| mean.population.saturating_sub(mean.n);
    let bounds = Interval {
        lo: nearest(shares, |mean| (mean.total, mean.population))?,
        hi: nearest(shares, |mean| (mean.total + 100 * silent(mean), mean.population))?,
    };
    let se = standard_error(counts, shares, people);
    let spread = se.filter(|se| *se > 0.0).zip(confidence.student(people - 1));
    let (reply, process) = match spread {
        None => (bounds, None),
        Some((se, t)) => {
            let missing = (1.0 - real(people) / real(invited)).max(0.0);
            let reply = super::mean::around(index, t * se * missing.sqrt());
            let process = super::mean::around(index, t * se);
            (reply.within(bounds), Some(process.within(SCALE)))
        }
    };
    Some(IndexEstimate { people, index, se, bounds, reply, process })
}

fn own_mean(mean: &MeanEstimate) -> (u64, u64) {
    (mean.total, mean.n)
}

/// The weighted mean of a figure that is a fraction of whole numbers.
fn exact(shares: &[Share<'_>], figure: impl Fn(&MeanEstimate) -> (u64, u64)) -> BigRational {
    shares
        .iter()
        .map(|share| {
            let (above, below) = figure(&share.part.mean);
            let weight = BigRational::new(share.weight.into(), share.of.into());
            weight * BigRational::new(above.into(), below.max(1).into())
        })
        .sum()
}

/// The same as the number next to it, so that a tie of its rounding stays one.
fn nearest(shares: &[Share<'_>], figure: impl Fn(&MeanEstimate) -> (u64, u64)) -> Option<f64> {
    exact(shares, figure).to_f64()
}

/// `√(n*/(n*−1) · Σ_q Σ_r ω_q ω_r c_qr / (n_q n_r))`, where `c_qr` is the sum over
/// people who answered both q and r of `(y_q − m_q)(y_r − m_r)`; none for one person.
///
/// Each `c_qr · n_q · n_r` is a whole number, so nothing cancels.
#[expect(clippy::cast_precision_loss, reason = "exact until it is divided")]
fn standard_error(counts: &IndexCounts, shares: &[Share<'_>], people: u64) -> Option<f64> {
    if people < 2 {
        return None;
    }
    let (mut sum, mut size) = (0.0, 0.0_f64);
    for q in shares {
        for r in shares {
            let own_q = counts.pair(q.part.place, q.part.place);
            let own_r = counts.pair(r.part.place, r.part.place);
            let pair = counts.pair(q.part.place, r.part.place);
            let (n_q, n_r) = (i128::from(own_q.both), i128::from(own_r.both));
            let (t_q, t_r) = (i128::from(own_q.first), i128::from(own_r.first));
            let cross = n_q * n_r * i128::from(pair.product)
                - n_q * t_r * i128::from(pair.first)
                - n_r * t_q * i128::from(pair.second)
                + i128::from(pair.both) * t_q * t_r;
            if cross != 0 {
                let term = q.real() * r.real() * cross as f64 / ((n_q * n_r) as f64).powi(2);
                sum += term;
                size += term.abs();
            }
        }
    }
    // A sum of squares: what is this small beside its terms is rounding, and
    // the people do not differ.
    let squares = if sum <= size * 1e-12 { 0.0 } else { sum };
    Some((squares * real(people) / real(people - 1)).sqrt())
}
