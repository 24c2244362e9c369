//! How likely a rank sum this far from the expected one is when the labels of
//! two groups are dealt at random: exactly, without the normal curve.
//!
//! Which deals count is decided in whole numbers. Their chances are products of
//! binomials, scaled so that neither a million people nor a single one leaves
//! the range of a float; sums have no subtraction in them.

use super::pair::{Pair, whole};

/// Most ways to fill all but two ties that are looked at one by one: those of
/// six ties and a group of 60, or the tables of methods.md 4 for five.
const MOST_TABLES: i64 = 635_376;

/// Most ties that are walked through, one call inside the other: as many as an
/// item has scores.
const MOST_TIES: usize = 101;

/// Most additions for a table of sums, less than a second: more than any index
/// takes of which methods.md 4 wants the exact chance.
const MOST_STEPS: i64 = 1_000_000_000;

/// The chance that the doubled rank sum of the smaller group lies at least as
/// far from its expectation as it does; none if that is too much to count.
///
/// Source: Mann & Whitney 1947; with ties, Streitberg & Röhmel 1986.
#[must_use]
pub(super) fn exact_p(pair: &Pair) -> Option<f64> {
    let distance = (pair.doubled_rank_sum() - pair.expected_rank_sum()).abs();
    if distance == 0 {
        return Some(1.0);
    }
    let smaller = pair.first().min(pair.second());
    let expected = smaller * (pair.both() + 1);
    let deal = Deal {
        sizes: pair.sizes(),
        ranks: pair.doubled_ranks(),
        dealt: smaller,
        low: expected - distance,
        high: expected + distance,
    };
    let extreme = if deal.sizes.len() <= MOST_TIES && deal.tables() <= MOST_TABLES {
        deal.by_tables()
    } else if deal.steps() <= MOST_STEPS {
        deal.by_sums()
    } else {
        return None;
    };
    // All deals, on the scale of the extreme ones.
    let all = deal.weights(pair.both()).last().copied()?;
    Some((extreme / all).min(1.0))
}

/// Labels of the smaller group dealt among ties of these sizes.
pub(super) struct Deal {
    sizes: Vec<i64>,
    ranks: Vec<i64>,
    dealt: i64,
    low: i64,
    high: i64,
}

impl Deal {
    /// In how many ways all ties but the last two can be filled.
    pub(super) fn tables(&self) -> i64 {
        let free = whole(self.sizes.len() as u64) - 2;
        let mut ways: i64 = 1;
        for one in 1..=free {
            // Stays whole at each step: a binomial.
            ways = ways.saturating_mul(self.dealt + one) / one;
            if ways > MOST_TABLES {
                return ways;
            }
        }
        ways
    }

    /// About how many additions [`Deal::by_sums`] makes.
    fn steps(&self) -> i64 {
        let (lowest, unit) = self.grid();
        let row = self.dealt.saturating_mul(self.dealt) / 2;
        self.sizes.iter().zip(&self.ranks).fold(0_i64, |steps, (size, rank)| {
            let width = (rank - lowest) / unit;
            steps.saturating_add(row.saturating_mul(width).saturating_mul(*size.min(&self.dealt)))
        })
    }

    /// Ways to deal 0, 1, 2 … labels among `size` people, each label scaled by
    /// the share of labels among all people.
    fn weights(&self, size: i64) -> Vec<f64> {
        let all: i64 = self.sizes.iter().sum();
        let share = float(self.dealt) / float(all);
        let mut weight = 1.0;
        (0..=self.dealt)
            .map(|labels| {
                let here = weight;
                weight *= float((size - labels).max(0)) * share / float(labels + 1);
                here
            })
            .collect()
    }

    /// Fills the ties one after the other. The last two are not walked through:
    /// with a number of labels left for both, the extreme fillings are those
    /// with few labels in the first of them, or many.
    pub(super) fn by_tables(&self) -> f64 {
        let mut ties: Vec<Filling> = self
            .sizes
            .iter()
            .zip(&self.ranks)
            .map(|(size, rank)| Filling { rank: *rank, weights: self.weights(*size) })
            .collect();
        let (Some(last), Some(before)) = (ties.pop(), ties.pop()) else {
            return 0.0;
        };
        let ends: Vec<End> = (0..=self.dealt).map(|left| End::new(&before, &last, left)).collect();
        let ending = Ending { ends, upper: last.rank, step: last.rank - before.rank, deal: self };
        walk(&ties, self.dealt, 0, 1.0, &ending)
    }

    /// Works through the ties with the chances of every (labels, sum) so far.
    pub(super) fn by_sums(&self) -> f64 {
        let (lowest, unit) = self.grid();
        let widths: Vec<usize> =
            self.ranks.iter().map(|rank| index((rank - lowest) / unit)).collect();
        let dealt = index(self.dealt);
        let widest = widths.last().copied().unwrap_or(0);
        let mut rows: Vec<Vec<f64>> =
            (0..=dealt).map(|labels| vec![0.0; labels * widest + 1]).collect();
        if let Some(start) = rows.first_mut().and_then(|row| row.first_mut()) {
            *start = 1.0;
        }
        let mut reached = 0;
        for (size, width) in self.sizes.iter().zip(widths) {
            let weights = self.weights(*size);
            // From the most labels down, so that each tie is counted once.
            for labels in (1..=dealt).rev() {
                let (fewer, row) = rows.split_at_mut(labels);
                let Some(row) = row.first_mut() else { continue };
                let most = labels.min(index(*size));
                for (here, weight) in weights.iter().enumerate().take(most + 1).skip(1) {
                    let from = fewer.get(labels - here).map_or(&[][..], Vec::as_slice);
                    let to = row.iter_mut().skip(here * width);
                    let some = (labels - here) * reached + 1;
                    for (to, from) in to.zip(from.iter().take(some)) {
                        *to += weight * from;
                    }
                }
            }
            reached = width;
        }
        let sums = rows.last().map_or(&[][..], Vec::as_slice);
        let mut sum = self.dealt * lowest;
        let mut extreme = 0.0;
        for chance in sums {
            if sum <= self.low || sum >= self.high {
                extreme += chance;
            }
            sum += unit;
        }
        extreme
    }

    /// The lowest rank and what the ranks' differences from it have in common.
    fn grid(&self) -> (i64, i64) {
        let lowest = self.ranks.first().copied().unwrap_or(0);
        let unit = self.ranks.iter().fold(0, |unit, rank| common_divisor(unit, rank - lowest));
        (lowest, unit.max(1))
    }
}

fn common_divisor(mut a: i64, mut b: i64) -> i64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// One tie: its doubled rank and the ways to put labels into it.
struct Filling {
    rank: i64,
    weights: Vec<f64>,
}

/// For a number of labels left for the last two ties: ways with fewer than so
/// many of them in the first of the two, and with at least so many.
struct End {
    fewer: Vec<f64>,
    least: Vec<f64>,
}

impl End {
    fn new(before: &Filling, last: &Filling, left: i64) -> Self {
        let ways: Vec<f64> = before
            .weights
            .iter()
            .zip(last.weights.iter().take(index(left) + 1).rev())
            .map(|(one, other)| one * other)
            .collect();
        Self {
            fewer: sums(ways.iter()),
            least: sums(ways.iter().rev()).into_iter().rev().collect(),
        }
    }
}

/// Sums of the first 0, 1, 2 … ways.
fn sums<'a>(ways: impl Iterator<Item = &'a f64>) -> Vec<f64> {
    let mut sum = 0.0;
    let mut sums = vec![sum];
    for way in ways {
        sum += way;
        sums.push(sum);
    }
    sums
}

/// The last two ties for every number of labels left.
struct Ending<'a> {
    ends: Vec<End>,
    upper: i64,
    step: i64,
    deal: &'a Deal,
}

impl Ending<'_> {
    /// The ways in which the sum ends outside.
    fn extreme(&self, left: i64, sum: i64) -> f64 {
        let Some(end) = self.ends.get(index(left)) else { return 0.0 };
        // All labels in the last tie give the greatest sum; each one moved to
        // the tie before takes a step off it.
        let greatest = sum + left * self.upper;
        let above = (greatest - self.deal.high).div_euclid(self.step);
        let below = -(self.deal.low - greatest).div_euclid(self.step);
        let fewer = end.fewer.get(index((above + 1).clamp(0, left + 1)));
        let least = end.least.get(index(below.clamp(0, left + 1)));
        fewer.copied().unwrap_or(0.0) + least.copied().unwrap_or(0.0)
    }
}

fn walk(ties: &[Filling], left: i64, sum: i64, weight: f64, ending: &Ending<'_>) -> f64 {
    let Some((tie, rest)) = ties.split_first() else {
        return weight * ending.extreme(left, sum);
    };
    let mut extreme = 0.0;
    for (here, ways) in (0..=left).zip(&tie.weights) {
        if *ways == 0.0 {
            break;
        }
        extreme += walk(rest, left - here, sum + here * tie.rank, weight * ways, ending);
    }
    extreme
}

/// A count that is not negative as an index.
fn index(count: i64) -> usize {
    usize::try_from(count).unwrap_or(0)
}

#[expect(clippy::cast_precision_loss, reason = "counts of people are far below 2^53")]
pub(super) fn float(count: i64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests;
