//! Two groups' answers side by side, merged in score order: all that a
//! comparison needs of them.

use std::collections::BTreeMap;

/// How many of each group gave one score; at least one did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tie {
    /// People of the first group.
    pub first: u64,
    /// People of the second.
    pub second: u64,
}

impl Tie {
    fn both(self) -> i64 {
        whole(self.first) + whole(self.second)
    }
}

/// The answers of two groups with at least one person each, in score order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    ties: Vec<Tie>,
    first: i64,
    second: i64,
}

/// A count as a signed number. Counts are people, far below 2^53.
pub(super) fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl Pair {
    /// Merges two histograms of (score, people), in whatever order they are; none
    /// if one of the groups is empty.
    #[must_use]
    pub fn new<S: Ord>(
        first: impl IntoIterator<Item = (S, u64)>,
        second: impl IntoIterator<Item = (S, u64)>,
    ) -> Option<Self> {
        let mut ties: BTreeMap<S, Tie> = BTreeMap::new();
        let nobody = Tie { first: 0, second: 0 };
        for (score, people) in first {
            ties.entry(score).or_insert(nobody).first += people;
        }
        for (score, people) in second {
            ties.entry(score).or_insert(nobody).second += people;
        }
        let ties: Vec<Tie> = ties.into_values().filter(|tie| tie.both() > 0).collect();
        let first = ties.iter().map(|tie| whole(tie.first)).sum();
        let second = ties.iter().map(|tie| whole(tie.second)).sum();
        (first > 0 && second > 0).then_some(Self { ties, first, second })
    }

    /// The scores that somebody gave, from the lowest, without their values.
    #[must_use]
    pub fn ties(&self) -> &[Tie] {
        &self.ties
    }

    /// People of the first group.
    #[must_use]
    pub fn first(&self) -> i64 {
        self.first
    }

    /// People of the second group.
    #[must_use]
    pub fn second(&self) -> i64 {
        self.second
    }

    /// People of both groups.
    #[must_use]
    pub fn both(&self) -> i64 {
        self.first + self.second
    }

    /// People of both groups per score.
    #[must_use]
    pub fn sizes(&self) -> Vec<i64> {
        self.ties.iter().map(|tie| tie.both()).collect()
    }

    /// Twice the rank that everybody with a score shares: a whole number.
    #[must_use]
    pub fn doubled_ranks(&self) -> Vec<i64> {
        let mut below = 0;
        self.ties
            .iter()
            .map(|tie| {
                let rank = 2 * below + tie.both() + 1;
                below += tie.both();
                rank
            })
            .collect()
    }

    /// Twice the sum of the first group's ranks.
    #[must_use]
    pub fn doubled_rank_sum(&self) -> i64 {
        self.ties.iter().zip(self.doubled_ranks()).map(|(tie, rank)| whole(tie.first) * rank).sum()
    }

    /// What [`Pair::doubled_rank_sum`] is on average when the groups do not differ.
    #[must_use]
    pub fn expected_rank_sum(&self) -> i64 {
        self.first * (self.both() + 1)
    }

    /// Per score: how many of the second group lie below, less those above.
    #[must_use]
    pub fn leads_of_first(&self) -> Vec<i64> {
        leads(self.ties.iter().map(|tie| whole(tie.second)), self.second)
    }

    /// Per score: how many of the first group lie above, less those below.
    #[must_use]
    pub fn leads_over_second(&self) -> Vec<i64> {
        leads(self.ties.iter().map(|tie| whole(tie.first)), self.first)
            .into_iter()
            .map(|lead| -lead)
            .collect()
    }

    /// Pairs of one from each group in which the first group's scores higher,
    /// less those in which it scores lower.
    #[must_use]
    pub fn dominance(&self) -> i64 {
        self.ties.iter().zip(self.leads_of_first()).map(|(tie, lead)| whole(tie.first) * lead).sum()
    }
}

/// Per score: people of a group below it less those above it.
fn leads(people: impl Iterator<Item = i64>, all: i64) -> Vec<i64> {
    let mut below = 0;
    people
        .map(|here| {
            let lead = below - (all - below - here);
            below += here;
            lead
        })
        .collect()
}
