//! What counting needs to know of a survey, laid out for a loop over bytes.

use super::weight::{MinWeight, Overall, common};
use crate::definition::{Column, Counts, Direction, Survey};

/// No score: blank, not asked, a way out or an answer without order.
pub(super) const NONE: u8 = u8::MAX;

/// What counting needs to know of a survey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) min_weight: MinWeight,
    /// Per column of the ballot: how many options it has.
    pub(super) options: Vec<u8>,
    /// Slots per column: not asked, blank, then the options.
    pub(super) width: usize,
    /// Per column and slot: its score, or [`NONE`].
    pub(super) scores: Vec<u8>,
    /// The columns that stand in any index, in the ballot's order.
    pub(super) used: Vec<usize>,
    pub(super) indexes: Vec<IndexShape>,
    /// Items of which pairs are counted together, as places in `used`: those of
    /// all progress indexes, then those of all others.
    pub(super) families: [Vec<usize>; 2],
    pub(super) overall: Overall,
    /// The columns of barriers.
    pub(super) barriers: Vec<usize>,
}

/// One index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct IndexShape {
    /// Its items: places in `used`, and weights.
    pub(super) items: Vec<(usize, u32)>,
    /// All its weight.
    pub(super) weight: u64,
    /// Every weighted sum of scores is a multiple of this.
    pub(super) step: u64,
    /// Whether 100 is the good end of all its items: it then counts in the
    /// overall index.
    pub(super) is_progress: bool,
}

impl Shape {
    pub(super) fn of(survey: &Survey, min_weight: MinWeight) -> Self {
        let columns: Vec<Column<'_>> = survey.columns().collect();
        let most = columns.iter().map(|column| column.options.len()).max().unwrap_or(0);
        let width = (most + 2).next_power_of_two();
        let mut scores = vec![NONE; columns.len() * width];
        for (slots, column) in scores.chunks_exact_mut(width).zip(&columns) {
            for (slot, option) in slots.iter_mut().skip(2).zip(column.options) {
                *slot = score(option.counts);
            }
        }
        let place = |code| columns.iter().position(|column| column.code == code);
        let mut used: Vec<usize> = survey
            .indexes
            .iter()
            .flat_map(|index| index.items.iter().filter_map(|(code, _)| place(code)))
            .collect();
        used.sort_unstable();
        used.dedup();
        let indexes: Vec<IndexShape> = survey
            .indexes
            .iter()
            .map(|index| {
                let items: Vec<(usize, u32)> = index
                    .items
                    .iter()
                    .filter_map(|(code, weight)| Some((place(code)?, *weight)))
                    .collect();
                let of = |(column, weight): &(usize, u32)| {
                    let slots = scores.chunks_exact(width).nth(*column).unwrap_or_default();
                    let scores = slots.iter().filter(|score| **score != NONE);
                    scores
                        .fold(0, |step, score| common(step, u64::from(*score) * u64::from(*weight)))
                };
                IndexShape {
                    weight: items.iter().map(|(_, weight)| u64::from(*weight)).sum(),
                    step: items.iter().map(of).fold(0, common).max(1),
                    is_progress: items.iter().all(|(column, _)| {
                        columns
                            .get(*column)
                            .is_some_and(|column| is_of(column, Direction::Progress))
                    }),
                    items: items
                        .into_iter()
                        .filter_map(|(column, weight)| {
                            Some((used.binary_search(&column).ok()?, weight))
                        })
                        .collect(),
                }
            })
            .collect();
        let family = |is_progress: bool| {
            let of_kind = indexes.iter().filter(|index| index.is_progress == is_progress);
            let mut items: Vec<usize> =
                of_kind.flat_map(|index| index.items.iter().map(|(item, _)| *item)).collect();
            items.sort_unstable();
            items.dedup();
            items
        };
        let progress = indexes.iter().filter(|index| index.is_progress);
        Self {
            min_weight,
            options: columns
                .iter()
                .map(|column| u8::try_from(column.options.len()).unwrap_or(u8::MAX - 2))
                .collect(),
            width,
            used,
            families: [family(true), family(false)],
            overall: Overall::new(progress.map(|index| index.weight)),
            barriers: columns
                .iter()
                .enumerate()
                .filter(|(_, column)| is_of(column, Direction::Barrier))
                .map(|(place, _)| place)
                .collect(),
            scores,
            indexes,
        }
    }

    /// The family of an index, and where its items stand in it.
    pub(super) fn family_of(&self, index: &IndexShape) -> (usize, Vec<usize>) {
        let family = usize::from(!index.is_progress);
        let all = self.families.get(family).map_or(&[][..], Vec::as_slice);
        let places = index.items.iter().filter_map(|(item, _)| all.binary_search(item).ok());
        (family, places.collect())
    }
}

fn is_of(column: &Column<'_>, direction: Direction) -> bool {
    column.scale().is_some_and(|scale| scale.direction == direction)
}

fn score(counts: Counts) -> u8 {
    match counts {
        Counts::Scored { score, .. } => score,
        Counts::Plain | Counts::Band { .. } | Counts::DontKnow | Counts::NotApplicable => NONE,
    }
}
