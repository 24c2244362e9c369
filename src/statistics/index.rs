//! An index: the weighted mean of the means that may be used.

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
    /// The item's place in the index, from 0.
    pub place: usize,
    /// Its weight.
    pub weight: u32,
    /// Its mean and bounds.
    pub mean: MeanEstimate,
}

/// The index over `parts`, for `invited` people; none without parts or people.
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
    let people =
        counts.people(|answered| parts.iter().any(|part| answered.get(part.place) == Some(&true)));
    if people == 0 {
        return None;
    }
    let index = weighted(parts, |mean| mean.mean);
    let bounds =
        Interval { lo: weighted(parts, |m| m.bounds.lo), hi: weighted(parts, |m| m.bounds.hi) };
    let se = standard_error(counts, parts, people);
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

fn weighted(parts: &[Part], figure: impl Fn(&MeanEstimate) -> f64) -> f64 {
    let total: f64 = parts.iter().map(|part| f64::from(part.weight)).sum();
    parts.iter().map(|part| f64::from(part.weight) * figure(&part.mean)).sum::<f64>() / total
}

/// `√(n*/(n*−1) · Σ_q Σ_r ω_q ω_r c_qr / (n_q n_r))`, where `c_qr` is the sum over
/// people who answered both q and r of `(y_q − m_q)(y_r − m_r)`; none for one person.
///
/// Each `c_qr · n_q · n_r` is a whole number, so nothing cancels.
#[expect(clippy::cast_precision_loss, reason = "exact until it is divided")]
fn standard_error(counts: &IndexCounts, parts: &[Part], people: u64) -> Option<f64> {
    if people < 2 {
        return None;
    }
    let total: f64 = parts.iter().map(|part| f64::from(part.weight)).sum();
    let (mut sum, mut size) = (0.0, 0.0_f64);
    for q in parts {
        for r in parts {
            let own_q = counts.pair(q.place, q.place);
            let own_r = counts.pair(r.place, r.place);
            let pair = counts.pair(q.place, r.place);
            let (n_q, n_r) = (i128::from(own_q.both), i128::from(own_r.both));
            let (t_q, t_r) = (i128::from(own_q.first), i128::from(own_r.first));
            let cross = n_q * n_r * i128::from(pair.product)
                - n_q * t_r * i128::from(pair.first)
                - n_r * t_q * i128::from(pair.second)
                + i128::from(pair.both) * t_q * t_r;
            if cross != 0 {
                let weight = f64::from(q.weight) * f64::from(r.weight) / (total * total);
                let term = weight * cross as f64 / ((n_q * n_r) as f64).powi(2);
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
