//! Which place a PCT takes, and how sure of it one can be: never one without
//! the other.

use super::between::{FEWEST_PCTS, PctScore, Shrinkage, Shrunken, shrink};
use super::{Confidence, Stream};

/// Scores nearer to each other than this share a rank.
const SAME: f64 = 1e-9;

/// How often ranks are drawn.
const DRAWS: u32 = 10_000;

/// Ranks of scores: 1 + the number of higher ones, so 1 is the highest and equal
/// ones share.
///
/// Source: methods.md 5.
#[must_use]
pub fn ranks(scores: &[f64]) -> Vec<u32> {
    let higher = |own: f64| scores.iter().map(move |other| u32::from(*other > own + SAME));
    scores.iter().map(|own| 1 + higher(*own).sum::<u32>()).collect()
}

/// From which rank to which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RankRange {
    /// The best rank, the smaller number.
    pub lo: u32,
    /// The worst rank.
    pub hi: u32,
}

/// Ranks that no pairwise comparison rules out; none below five scores. `scores`
/// and the shrinkage's PCTs are in the same order.
///
/// Source: methods.md 5, after Mogstad, Romano, Shaikh & Wilhelm.
#[must_use]
pub fn pairwise_ranks(
    scores: &[f64],
    shrinkage: &Shrinkage,
    confidence: Confidence,
) -> Option<Vec<RankRange>> {
    if scores.len() < FEWEST_PCTS {
        return None;
    }
    let limit = confidence.normal_among(scores.len() as u64 - 1)?;
    let own: Vec<(f64, f64)> =
        scores.iter().copied().zip(shrinkage.pcts.iter().map(|pct| pct.variance)).collect();
    let all = u32::try_from(own.len()).ok()?;
    let higher = |one: (f64, f64), other: (f64, f64)| {
        u32::from((one.0 - other.0) / (one.1 + other.1).sqrt() > limit)
    };
    let range = |g: &(f64, f64)| RankRange {
        lo: 1 + own.iter().map(|j| higher(*j, *g)).sum::<u32>(),
        hi: all - own.iter().map(|j| higher(*g, *j)).sum::<u32>(),
    };
    Some(own.iter().map(range).collect())
}

/// The place of one PCT among all, with everything that says how sure it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    /// Its rank, 1 the highest.
    pub rank: u32,
    /// The ranks that no pairwise comparison rules out.
    pub pairwise: RankRange,
    /// The ranks of simulated draws.
    pub simulated: SimulatedRank,
    /// The score that allows for small numbers.
    pub shrunken: Shrunken,
}

/// The standings of PCTs in the order of their codes; none below five PCTs or
/// if nobody differs from the others of their PCT.
///
/// Source: methods.md 5: without a variance within there is neither a rank nor
/// its interval.
#[must_use]
pub fn standings(
    pcts: &[PctScore],
    stream: Stream,
    confidence: Confidence,
) -> Option<Vec<Standing>> {
    let scores: Vec<f64> = pcts.iter().map(|pct| pct.score).collect();
    let shrinkage = shrink(pcts)?;
    let pairwise = pairwise_ranks(&scores, &shrinkage, confidence)?;
    let simulated = simulated_ranks(&shrinkage, stream, confidence);
    let places = ranks(&scores).into_iter().zip(pairwise).zip(simulated).zip(shrinkage.pcts);
    Some(
        places
            .map(|(((rank, pairwise), simulated), shrunken)| Standing {
                rank,
                pairwise,
                simulated,
                shrunken,
            })
            .collect(),
    )
}

/// The ranks that a PCT takes when scores are drawn again and again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SimulatedRank {
    /// Where the ranks lie but for the tails.
    pub range: RankRange,
    /// What the draws say beyond that; none if no PCT differs from another.
    pub drawn: Option<Drawn>,
}

/// More of the drawn ranks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drawn {
    /// The rank in the middle.
    pub median: u32,
    /// The chance of being in the top quarter.
    pub top_quarter: f64,
    /// The chance of being in the bottom quarter.
    pub bottom_quarter: f64,
}

/// Ranks in 10 000 draws from the scores that allow for small numbers, which
/// stand in the order of the PCTs' codes.
///
/// Source: methods.md 5, after Goldstein & Spiegelhalter 1996. Without a
/// variance between PCTs every rank is possible.
#[must_use]
pub fn simulated_ranks(
    shrinkage: &Shrinkage,
    mut stream: Stream,
    confidence: Confidence,
) -> Vec<SimulatedRank> {
    let all = shrinkage.pcts.len();
    let last = u32::try_from(all).unwrap_or(u32::MAX);
    if shrinkage.tau2 <= 0.0 {
        let any = SimulatedRank { range: RankRange { lo: 1, hi: last }, drawn: None };
        return vec![any; all];
    }
    let from: Vec<(f64, f64)> =
        shrinkage.pcts.iter().map(|pct| (pct.score, (pct.own * pct.variance).sqrt())).collect();
    // How often each PCT took each rank.
    let mut taken = vec![vec![0_u32; all]; all];
    let mut drawn: Vec<(f64, usize)> = vec![(0.0, 0); all];
    for _ in 0..DRAWS {
        for (place, (slot, (score, sd))) in drawn.iter_mut().zip(&from).enumerate() {
            *slot = (score + sd * stream.next_normal(), place);
        }
        drawn.sort_unstable_by(|one, other| other.0.total_cmp(&one.0));
        let (mut rank, mut above) = (0, f64::INFINITY);
        for (position, (score, place)) in drawn.iter().enumerate() {
            if *score < above {
                (rank, above) = (position, *score);
            }
            if let Some(times) = taken.get_mut(*place).and_then(|own| own.get_mut(rank)) {
                *times += 1;
            }
        }
    }
    taken.iter().map(|times| summary(times, confidence)).collect()
}

/// Sums up how often each rank was taken.
pub(super) fn summary(times: &[u32], confidence: Confidence) -> SimulatedRank {
    let tail = tail_draws(confidence);
    let quarter = times.len().div_ceil(4);
    let share = |times: &[u32]| f64::from(times.iter().sum::<u32>()) / f64::from(DRAWS);
    SimulatedRank {
        range: RankRange { lo: rank_at(times, tail), hi: rank_at(times, DRAWS - tail) },
        drawn: Some(Drawn {
            median: rank_at(times, DRAWS / 2),
            top_quarter: share(times.get(..quarter).unwrap_or(times)),
            bottom_quarter: share(times.get(times.len() - quarter..).unwrap_or(times)),
        }),
    }
}

/// The number of draws at which the lower tail ends: 250 at 95 %.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 500")]
fn tail_draws(confidence: Confidence) -> u32 {
    (confidence.tail() * f64::from(DRAWS)).round() as u32
}

/// The rank of the draw at this place when all are sorted, from 1.
fn rank_at(times: &[u32], draw: u32) -> u32 {
    let mut so_far = 0;
    let before = times.iter().take_while(|times| {
        so_far += **times;
        so_far < draw
    });
    1 + before.map(|_| 1).sum::<u32>()
}
