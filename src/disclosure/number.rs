//! Questions answered with a number, banded before anything is counted.
//!
//! Source: methods.md 15.

use super::safe::NumberFigures;
use crate::definition::{Counts, ItemAnswer, Number, Survey};
use crate::id::ItemCode;
use crate::statistics::{Confidence, Histogram, share_estimate};
use crate::tabulation::ItemCounts;

/// The answers of one node to one such question.
pub(super) struct NumberCell {
    /// People per band, without scores.
    pub(super) answers: Histogram,
    /// People within the favourable bands; none if no band is called so.
    favourable: Option<u64>,
    population: u64,
}

/// Every such question of a survey, in screen order: its place in the ballot,
/// its bands and its code.
pub(super) fn columns(survey: &Survey) -> Vec<(usize, &Number, &ItemCode)> {
    let columns = survey.columns().enumerate();
    columns
        .filter_map(|(place, column)| match column.item.answer {
            ItemAnswer::Number(number) => Some((place, number, column.code)),
            _ => None,
        })
        .collect()
}

impl NumberCell {
    pub(super) fn new(number: &Number, counts: &ItemCounts, invited: u64) -> Self {
        let mut bands = Vec::new();
        let (mut favourable, mut outside) = (None, counts.not_asked);
        for (option, people) in number.options.iter().zip(&counts.options) {
            match option.counts {
                Counts::Band { favourable: good } => {
                    bands.push(*people);
                    if good {
                        favourable = Some(favourable.unwrap_or(0) + *people);
                    }
                }
                Counts::NotApplicable => outside += people,
                Counts::Scored { .. } | Counts::Plain | Counts::DontKnow => {}
            }
        }
        let population = invited.saturating_sub(outside);
        Self { answers: Histogram::of_bands(&bands), favourable, population }
    }

    /// The figures, where they may be shown.
    pub(super) fn figures(&self, confidence: Confidence) -> NumberFigures {
        let (n, population) = (self.answers.n(), self.population);
        let share =
            self.favourable.and_then(|people| share_estimate(people, n, population, confidence));
        NumberFigures { n, population, share }
    }
}
