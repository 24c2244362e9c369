//! Figures of answers that are no scores: bands of numbers, and choices.

use super::real;
use crate::definition::{AnswerOption, Counts};

/// How many answers lie in the favourable bands of a number, and how many in any
/// band, from people per option in screen order: what
/// [`share_estimate`](super::share_estimate) needs.
#[must_use]
pub fn in_good_bands(options: &[AnswerOption], people: &[u64]) -> (u64, u64) {
    options.iter().zip(people).fold((0, 0), |(good, all), (option, people)| match option.counts {
        Counts::Band { favourable: true } => (good + people, all + people),
        Counts::Band { favourable: false } => (good, all + people),
        Counts::Scored { .. } | Counts::Plain | Counts::DontKnow | Counts::NotApplicable => {
            (good, all)
        }
    })
}

/// A place among ordered bands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BandRange {
    /// The band of the lower neighbour, from 0.
    pub lower: usize,
    /// The band of the upper neighbour, mostly the same.
    pub upper: usize,
}

/// Median and quartiles of numbers that were counted in bands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BandQuartiles {
    /// Where a quarter of the answers lies below.
    pub lower: BandRange,
    /// Where half of them does.
    pub median: BandRange,
    /// Where three quarters do.
    pub upper: BandRange,
}

/// The bands in which the quartiles lie, from people per band in order; none
/// without answers. For the whole only; that enough answered to tell is up to
/// whoever calls.
///
/// Source: methods.md 15 and 5: the two neighbours of the place 1 + (n−1)p (type
/// 7 of Hyndman & Fan 1996). Inside a band nothing is known, so nothing is
/// interpolated.
#[must_use]
pub fn band_quartiles(people: &[u64]) -> Option<BandQuartiles> {
    let places: u128 = people.iter().map(|n| u128::from(*n)).sum::<u128>().checked_sub(1)?;
    let at = |quarters: u128| {
        let way = quarters * places;
        Some(BandRange {
            lower: band_of(people, way / 4)?,
            upper: band_of(people, way.div_ceil(4))?,
        })
    };
    Some(BandQuartiles { lower: at(1)?, median: at(2)?, upper: at(3)? })
}

/// The band of the answer at this place, from 0.
fn band_of(people: &[u64], place: u128) -> Option<usize> {
    let mut below = 0;
    people.iter().position(|n| {
        below += u128::from(*n);
        place < below
    })
}

/// The percentage of answers that chose each option, of a question without
/// order; with several answers they add up to more than 100. None without
/// answers.
#[must_use]
pub fn choice_shares(people: &[u64], answered: u64) -> Option<Vec<f64>> {
    let share = |chose: &u64| 100.0 * real(*chose) / real(answered);
    (answered > 0).then(|| people.iter().map(share).collect())
}
