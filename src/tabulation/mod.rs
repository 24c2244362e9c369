//! Ballots become counts: exact whole numbers per reporting unit, and nothing else.
//!
//! A tally of a million ballots is as small as a tally of ten, tallies of parts
//! add up to the tally of the whole, and no ballot is needed afterwards. This
//! room knows no means, no percentages and no rule of what may be shown.

mod index;

pub use index::{IndexCounts, PairSums};

use std::collections::BTreeMap;

use crate::answer::Marks;
use crate::definition::{Counts, Survey};
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
    /// The other tally counts another survey.
    #[error("two tallies of different surveys cannot be added")]
    OtherSurvey,
}

/// The counts of a wave, leaf by leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    shape: Shape,
    leaves: BTreeMap<OrgCode, LeafCounts>,
}

/// What counting needs to know of a survey.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Shape {
    /// Per item of the ballot, per option: its score, if it has one.
    scores: Vec<Vec<Option<u8>>>,
    /// Per index: the places of its items in the ballot.
    indexes: Vec<Vec<usize>>,
}

/// The counts of one leaf, or of several added up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeafCounts {
    responded: u64,
    empty: u64,
    items: Vec<ItemCounts>,
    indexes: Vec<IndexCounts>,
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
    /// A tally at nought for these leaves.
    #[must_use]
    pub fn new(survey: &Survey, leaves: impl IntoIterator<Item = OrgCode>) -> Self {
        let shape = Shape::of(survey);
        let leaves = leaves.into_iter().map(|leaf| (leaf, shape.nought())).collect();
        Self { shape, leaves }
    }

    /// Counts one ballot, the bytes of its [`Marks`].
    ///
    /// A ballot without any scored answer is not a response: it is counted
    /// apart and none of its marks counts.
    ///
    /// # Errors
    /// The leaf is unknown, or the marks do not fit the survey; nothing is
    /// counted then.
    pub fn add(&mut self, leaf: &OrgCode, marks: &[u8]) -> Result<(), TallyError> {
        let scores = self.shape.read(marks)?;
        let counts =
            self.leaves.get_mut(leaf).ok_or_else(|| TallyError::UnknownLeaf(leaf.clone()))?;
        if scores.iter().all(Option::is_none) {
            counts.empty += 1;
            return Ok(());
        }
        counts.responded += 1;
        for (item, mark) in counts.items.iter_mut().zip(marks) {
            let place = usize::from(*mark).checked_sub(1);
            match place.and_then(|at| item.options.get_mut(at)) {
                Some(option) => *option += 1,
                None if *mark == Marks::NOT_ASKED => item.not_asked += 1,
                None => item.blank += 1,
            }
        }
        for (index, places) in counts.indexes.iter_mut().zip(&self.shape.indexes) {
            let answers: Vec<Option<u8>> =
                places.iter().map(|at| scores.get(*at).copied().flatten()).collect();
            index.add(&answers);
        }
        Ok(())
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
        Ok(())
    }

    /// The counts of these leaves together; leaves without a tally add nothing.
    #[must_use]
    pub fn sum<'a>(&self, leaves: impl IntoIterator<Item = &'a OrgCode>) -> LeafCounts {
        let mut sum = self.shape.nought();
        for leaf in leaves {
            if let Some(counts) = self.leaves.get(leaf) {
                sum.merge(counts);
            }
        }
        sum
    }

    /// The leaves, by code.
    pub fn leaves(&self) -> impl Iterator<Item = (&OrgCode, &LeafCounts)> {
        self.leaves.iter()
    }

    /// Whether the tally counts ballots of this survey: the same items with the
    /// same scores, the same indexes.
    #[must_use]
    pub fn counts(&self, survey: &Survey) -> bool {
        self.shape == Shape::of(survey)
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

    fn merge(&mut self, other: &Self) {
        self.responded += other.responded;
        self.empty += other.empty;
        for (mine, theirs) in self.items.iter_mut().zip(&other.items) {
            mine.blank += theirs.blank;
            mine.not_asked += theirs.not_asked;
            for (option, more) in mine.options.iter_mut().zip(&theirs.options) {
                *option += more;
            }
        }
        for (mine, theirs) in self.indexes.iter_mut().zip(&other.indexes) {
            mine.merge(theirs);
        }
    }
}

impl Shape {
    fn of(survey: &Survey) -> Self {
        let columns: Vec<_> = survey.columns().collect();
        let scores = columns
            .iter()
            .map(|column| column.options.iter().map(|option| score(option.counts)).collect())
            .collect();
        let indexes = survey
            .indexes
            .iter()
            .map(|index| {
                index
                    .items
                    .iter()
                    .filter_map(|(code, _)| columns.iter().position(|column| column.code == code))
                    .collect()
            })
            .collect();
        Self { scores, indexes }
    }

    fn nought(&self) -> LeafCounts {
        LeafCounts {
            responded: 0,
            empty: 0,
            items: self
                .scores
                .iter()
                .map(|options| ItemCounts {
                    blank: 0,
                    not_asked: 0,
                    options: vec![0; options.len()],
                })
                .collect(),
            indexes: self.indexes.iter().map(|places| IndexCounts::nought(places.len())).collect(),
        }
    }

    /// The score behind each mark, none where the mark has none.
    fn read(&self, marks: &[u8]) -> Result<Vec<Option<u8>>, TallyError> {
        if marks.len() != self.scores.len() {
            return Err(TallyError::Length { found: marks.len(), wanted: self.scores.len() });
        }
        let read =
            |(item, (mark, options)): (usize, (&u8, &Vec<Option<u8>>))| match usize::from(*mark)
                .checked_sub(1)
            {
                None => Ok(None),
                Some(_) if *mark == Marks::NOT_ASKED => Ok(None),
                Some(at) => options.get(at).copied().ok_or(TallyError::Mark {
                    item,
                    mark: *mark,
                    options: options.len(),
                }),
            };
        marks.iter().zip(&self.scores).enumerate().map(read).collect()
    }
}

fn score(counts: Counts) -> Option<u8> {
    match counts {
        Counts::Scored { score, .. } => Some(score),
        Counts::Plain | Counts::Band { .. } | Counts::DontKnow | Counts::NotApplicable => None,
    }
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
