//! Ballots become counts: exact whole numbers per reporting unit, and nothing else.
//!
//! A tally of a million ballots is as small as a tally of ten, tallies of parts
//! add up to the tally of the whole, and no ballot is needed afterwards. This
//! room knows no means, no percentages and no rule of what may be shown.

mod batch;
mod block;
mod counter;
mod index;
mod shape;
mod weight;

pub use batch::Batch;
pub use counter::{Complete, LeafTally};
pub use index::{IndexCounts, PairSums};
pub use weight::{IndexValue, MinWeight};

use std::collections::BTreeMap;

use counter::{Desk, Whole};
use shape::Shape;

use crate::answer::Marks;
use crate::definition::Survey;
use crate::id::OrgCode;

/// Why a ballot or a tally cannot be added.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TallyError {
    /// The ballot names a unit that the tally was not made for.
    #[error("{0} is no reporting unit of this wave")]
    UnknownLeaf(OrgCode),
    /// The ballot has more or fewer marks than the survey has items.
    #[error("a ballot of {found} marks where the survey has {wanted} items")]
    Length {
        /// Marks in the ballot.
        found: usize,
        /// Items of the survey.
        wanted: usize,
    },
    /// A mark beyond the item's options.
    #[error("mark {mark} at item {item}, which has {options} options")]
    Mark {
        /// The item's place in the ballot, from 0.
        item: usize,
        /// The mark.
        mark: u8,
        /// The number of options.
        options: usize,
    },
    /// A batch whose marks are not one for each item of each ballot.
    #[error("{marks} marks for {ballots} ballots where the survey has {columns} items")]
    Batch {
        /// Marks in the batch.
        marks: usize,
        /// Its ballots.
        ballots: usize,
        /// Items of the survey.
        columns: usize,
    },
    /// A batch names a leaf by a place that the tally does not have.
    #[error("the tally has no leaf at place {0}")]
    NoPlace(usize),
    /// A thread ended without its part.
    #[error("the counting was broken off")]
    BrokenOff,
    /// The other tally counts another survey.
    #[error("two tallies of different surveys cannot be added")]
    OtherSurvey,
}

/// The counts of a wave, leaf by leaf, and what is counted for all together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    shape: Shape,
    leaves: BTreeMap<OrgCode, LeafTally>,
    whole: Whole,
}

/// The counts of one leaf, or of several added up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeafCounts {
    responded: u64,
    empty: u64,
    items: Vec<ItemCounts>,
    indexes: Vec<IndexCounts>,
    overall: Option<IndexCounts>,
}

/// How often each option of one item was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemCounts {
    /// People who left the item blank.
    pub blank: u64,
    /// People whom the item does not concern, by their earlier answers.
    pub not_asked: u64,
    /// People per option, in screen order.
    pub options: Vec<u64>,
}

impl Tally {
    /// A tally at nought for these leaves. An index of a person's own needs half
    /// of the index's weight.
    #[must_use]
    pub fn new(survey: &Survey, leaves: impl IntoIterator<Item = OrgCode>) -> Self {
        Self::with_min_weight(survey, leaves, MinWeight::default())
    }

    /// A tally at nought where an index needs this share of its weight.
    #[must_use]
    pub fn with_min_weight(
        survey: &Survey,
        leaves: impl IntoIterator<Item = OrgCode>,
        min_weight: MinWeight,
    ) -> Self {
        Self::nought(&Shape::of(survey, min_weight), leaves)
    }

    fn nought(shape: &Shape, leaves: impl IntoIterator<Item = OrgCode>) -> Self {
        let leaves = leaves.into_iter().map(|leaf| (leaf, LeafTally::nought(shape))).collect();
        Self { whole: Whole::nought(shape), leaves, shape: shape.clone() }
    }

    /// Counts one ballot, the bytes of its [`Marks`]. For many, see
    /// [`Tally::count`].
    ///
    /// A ballot without any scored answer is not a response: it is counted
    /// apart and none of its marks counts.
    ///
    /// # Errors
    /// The leaf is unknown, or the marks do not fit the survey; nothing is
    /// counted then.
    pub fn add(&mut self, leaf: &OrgCode, marks: &[u8]) -> Result<(), TallyError> {
        self.check(marks)?;
        let counts =
            self.leaves.get_mut(leaf).ok_or_else(|| TallyError::UnknownLeaf(leaf.clone()))?;
        counts.count(&self.shape, &mut self.whole, &mut Desk::default(), &[marks]);
        Ok(())
    }

    /// The place of a leaf, by which batches name it.
    #[must_use]
    pub fn place(&self, leaf: &OrgCode) -> Option<usize> {
        self.leaves.keys().position(|code| code == leaf)
    }

    fn check(&self, marks: &[u8]) -> Result<(), TallyError> {
        let options = &self.shape.options;
        if marks.len() != options.len() {
            return Err(TallyError::Length { found: marks.len(), wanted: options.len() });
        }
        // Not asked is 255: one more is nought.
        let fits = |(mark, options): (&u8, &u8)| mark.wrapping_add(1) <= *options + 1;
        if marks.iter().zip(options).fold(true, |all, pair| all & fits(pair)) {
            return Ok(());
        }
        let misfit = marks.iter().zip(options).enumerate().find(|(_, pair)| !fits(*pair));
        let (item, (mark, options)) = misfit.unwrap_or((0, (&Marks::NOT_ASKED, &0)));
        Err(TallyError::Mark { item, mark: *mark, options: usize::from(*options) })
    }

    /// Adds another tally of the same survey, whatever its leaves.
    ///
    /// # Errors
    /// The other tally counts another survey.
    pub fn merge(&mut self, other: &Self) -> Result<(), TallyError> {
        if self.shape != other.shape {
            return Err(TallyError::OtherSurvey);
        }
        for (leaf, counts) in &other.leaves {
            match self.leaves.get_mut(leaf) {
                Some(mine) => mine.merge(counts),
                None => {
                    self.leaves.insert(leaf.clone(), counts.clone());
                }
            }
        }
        self.whole.merge(&other.whole);
        Ok(())
    }

    /// The counts of these leaves together; leaves without a tally add nothing.
    #[must_use]
    pub fn sum<'a>(&self, leaves: impl IntoIterator<Item = &'a OrgCode>) -> LeafCounts {
        let mut sum = LeafTally::nought(&self.shape);
        for leaf in leaves {
            if let Some(counts) = self.leaves.get(leaf) {
                sum.merge(counts);
            }
        }
        sum.counts(&self.shape)
    }

    /// The leaves, by code.
    pub fn leaves(&self) -> impl Iterator<Item = (&OrgCode, &LeafTally)> {
        self.leaves.iter()
    }

    /// Per index, over all leaves: people who answered all its items.
    #[must_use]
    pub fn complete(&self) -> &[Complete] {
        &self.whole.complete
    }

    /// Of a barrier, over all leaves: people by the value of their overall index
    /// and by the option that they chose (in screen order, ways out at nought).
    /// The barrier is named by its column in the ballot.
    ///
    /// Source: methods.md 8 and 12.
    #[must_use]
    pub fn barrier(&self, column: usize) -> BTreeMap<IndexValue, Vec<u64>> {
        let Some(at) = self.shape.barriers.iter().position(|barrier| *barrier == column) else {
            return BTreeMap::new();
        };
        let options = self.shape.options.get(column).copied().unwrap_or(0);
        let width = self.shape.width;
        let scores = self.shape.scores.chunks_exact(width).nth(column).unwrap_or_default();
        let of = |counts: &Vec<u64>| -> Vec<u64> {
            let own = counts.chunks_exact(width).nth(at).unwrap_or_default();
            let chosen = own.iter().zip(scores).skip(2).take(usize::from(options));
            chosen.map(|(people, score)| if *score == shape::NONE { 0 } else { *people }).collect()
        };
        let all = self.whole.barriers.iter().map(|(value, counts)| (*value, of(counts)));
        all.filter(|(_, people)| people.iter().any(|people| *people > 0)).collect()
    }

    /// The share of an index's weight that a person must have answered.
    #[must_use]
    pub fn min_weight(&self) -> MinWeight {
        self.shape.min_weight
    }

    /// Whether the tally counts ballots of this survey: the same items with the
    /// same scores, the same indexes.
    #[must_use]
    pub fn counts(&self, survey: &Survey) -> bool {
        self.shape == Shape::of(survey, self.shape.min_weight)
    }
}

impl LeafCounts {
    /// Ballots with at least one scored answer.
    #[must_use]
    pub fn responded(&self) -> u64 {
        self.responded
    }

    /// Ballots without any: not responses.
    #[must_use]
    pub fn empty(&self) -> u64 {
        self.empty
    }

    /// The countable items, in the order of the ballot.
    #[must_use]
    pub fn items(&self) -> &[ItemCounts] {
        &self.items
    }

    /// The indexes, in the survey's order.
    #[must_use]
    pub fn indexes(&self) -> &[IndexCounts] {
        &self.indexes
    }

    /// All items of the progress indexes as one: what the overall index stands
    /// on. None if there is no such index.
    #[must_use]
    pub fn overall(&self) -> Option<&IndexCounts> {
        self.overall.as_ref()
    }
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
