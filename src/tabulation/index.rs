//! What must be kept of an index: enough for its standard error and for the
//! number of people behind it, whichever of its items are used in the end.

use std::collections::BTreeMap;

/// The counts of one index.
///
/// Source: methods.md 12 (item pairs). Which items each person answered is
/// kept as counts of patterns, because the number of people with an answer to
/// *some* of the items cannot be had from the pairs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexCounts {
    width: usize,
    patterns: BTreeMap<Vec<bool>, u64>,
    pairs: Vec<PairSums>,
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

impl IndexCounts {
    pub(super) fn nought(width: usize) -> Self {
        Self {
            width,
            patterns: BTreeMap::new(),
            pairs: vec![PairSums::default(); width * (width + 1) / 2],
        }
    }

    /// Counts one person's scores on the items of the index.
    pub(super) fn add(&mut self, scores: &[Option<u8>]) {
        let pattern: Vec<bool> = scores.iter().map(Option::is_some).collect();
        *self.patterns.entry(pattern).or_default() += 1;
        let mut pairs = self.pairs.iter_mut();
        for (at, second) in scores.iter().enumerate() {
            for first in scores.iter().take(at + 1) {
                let Some(pair) = pairs.next() else { return };
                if let (Some(first), Some(second)) = (first, second) {
                    let (first, second) = (u64::from(*first), u64::from(*second));
                    pair.both += 1;
                    pair.first += first;
                    pair.second += second;
                    pair.product += first * second;
                }
            }
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for (pattern, people) in &other.patterns {
            *self.patterns.entry(pattern.clone()).or_default() += people;
        }
        for (mine, theirs) in self.pairs.iter_mut().zip(&other.pairs) {
            mine.both += theirs.both;
            mine.first += theirs.first;
            mine.second += theirs.second;
            mine.product += theirs.product;
        }
    }

    /// How many items the index has.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// The sums of items `first` and `second`, places in the index from 0; the
    /// two may be the same.
    #[must_use]
    pub fn pair(&self, first: usize, second: usize) -> PairSums {
        let (low, high) = if first <= second { (first, second) } else { (second, first) };
        let sums = self.pairs.get(high * (high + 1) / 2 + low).copied().unwrap_or_default();
        if first <= second {
            sums
        } else {
            PairSums { first: sums.second, second: sums.first, ..sums }
        }
    }

    /// How many people answered in a way that `wanted` accepts; it sees which
    /// items a person answered.
    pub fn people(&self, wanted: impl Fn(&[bool]) -> bool) -> u64 {
        self.patterns.iter().filter(|(pattern, _)| wanted(pattern)).map(|(_, people)| people).sum()
    }
}
