//! What must be kept of an index: enough for its standard error and for the
//! number of people behind it, whichever of its items are used in the end.

use std::collections::BTreeMap;

use super::weight::IndexValue;

/// The counts of one index.
///
/// Source: methods.md 12 (item pairs, histogram of the respondent index). Which
/// items each person answered is kept as counts of patterns, because the number
/// of people with an answer to *some* of the items cannot be had from the pairs.
/// People who answered so much that every use of the index counts them stand
/// under the pattern of all items: patterns then are few, however many people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexCounts {
    pub(super) width: usize,
    pub(super) patterns: BTreeMap<Vec<bool>, u64>,
    pub(super) pairs: Vec<PairSums>,
    pub(super) values: BTreeMap<IndexValue, u64>,
}

/// Sums over the people who answered both items of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PairSums {
    /// How many people.
    pub both: u64,
    /// Their scores on the first item, added up.
    pub first: u64,
    /// Their scores on the second.
    pub second: u64,
    /// Their products of the two.
    pub product: u64,
}

impl PairSums {
    /// The sums of two items among those of all pairs.
    pub(super) fn of(pairs: &[Self], first: usize, second: usize) -> Self {
        let (low, high) = if first <= second { (first, second) } else { (second, first) };
        let sums = pairs.get(high * (high + 1) / 2 + low).copied().unwrap_or_default();
        if first <= second { sums } else { Self { first: sums.second, second: sums.first, ..sums } }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.both += other.both;
        self.first += other.first;
        self.second += other.second;
        self.product += other.product;
    }
}

impl IndexCounts {
    /// How many items the index has.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// The sums of items `first` and `second`, places in the index from 0; the
    /// two may be the same.
    #[must_use]
    pub fn pair(&self, first: usize, second: usize) -> PairSums {
        PairSums::of(&self.pairs, first, second)
    }

    /// How many people answered in a way that `wanted` accepts; it sees which
    /// items a person answered. What it asks must be what can be asked of an
    /// index: whether enough of it is answered, or any of as many items as are
    /// enough. Who answered more than that stands as if they had answered all.
    pub fn people(&self, wanted: impl Fn(&[bool]) -> bool) -> u64 {
        self.patterns.iter().filter(|(pattern, _)| wanted(pattern)).map(|(_, people)| people).sum()
    }

    /// People by their own index, for those who answered enough to have one.
    #[must_use]
    pub fn values(&self) -> &BTreeMap<IndexValue, u64> {
        &self.values
    }
}
