//! Some ballots of one leaf, turned from rows into columns, so that sums over
//! pairs of items run along bytes that lie side by side.

use super::shape::{IndexShape, NONE, Shape};

/// Most ballots of a block: sums of products of scores stay far inside 32 bits.
pub(super) const MOST: usize = 256;

/// People whose numbers are taken at once.
const STEP: usize = 32;

/// Up to [`MOST`] responses.
#[derive(Default)]
pub(super) struct Block {
    /// Per item in any index, per person: the score, nought where there is none.
    scores: Vec<Vec<i16>>,
    /// The same: one where there is a score.
    given: Vec<Vec<i16>>,
}

/// Sums over the people of a block who answered both items of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Sums {
    pub(super) both: u64,
    pub(super) first: u64,
    pub(super) second: u64,
    pub(super) product: u64,
}

impl Block {
    /// The block of these ballots, all of them responses: every item that stands
    /// in any index.
    pub(super) fn fill(&mut self, shape: &Shape, rows: &[&[u8]]) {
        self.take(shape, rows, shape.used.iter().copied());
    }

    /// The block of these ballots with the items of one index, in its order.
    pub(super) fn fill_items(&mut self, shape: &Shape, rows: &[&[u8]], index: &IndexShape) {
        let items = index.items.iter().filter_map(|(item, _)| shape.used.get(*item).copied());
        self.take(shape, rows, items);
    }

    fn take(&mut self, shape: &Shape, rows: &[&[u8]], items: impl Iterator<Item = usize>) {
        let items: Vec<usize> = items.collect();
        self.scores.resize_with(items.len(), Vec::new);
        self.given.resize_with(items.len(), Vec::new);
        let columns = self.scores.iter_mut().zip(&mut self.given);
        for ((scores, given), column) in columns.zip(&items) {
            let of = shape.scores.chunks_exact(shape.width).nth(*column).unwrap_or_default();
            scores.clear();
            given.clear();
            for row in rows {
                let slot = row.get(*column).map_or(0, |mark| slot(*mark));
                let score = of.get(slot).copied().unwrap_or(NONE);
                scores.push(if score == NONE { 0 } else { i16::from(score) });
                given.push(i16::from(score != NONE));
            }
            // Nought adds nothing, and whole steps have no rest to be taken one by one.
            let whole = rows.len().next_multiple_of(STEP);
            scores.resize(whole, 0);
            given.resize(whole, 0);
        }
    }

    /// The sums of a pair of items.
    pub(super) fn pair(&self, first: usize, second: usize) -> Sums {
        let (Some(y), Some(m)) = (self.scores.get(first), self.given.get(first)) else {
            return Sums::default();
        };
        let (Some(z), Some(l)) = (self.scores.get(second), self.given.get(second)) else {
            return Sums::default();
        };
        Sums { both: dot(m, l), first: dot(y, l), second: dot(m, z), product: dot(y, z) }
    }

    /// The scores of an item, added up.
    pub(super) fn sum(&self, item: usize) -> u64 {
        let scores = self.scores.get(item).map_or(&[][..], Vec::as_slice);
        scores.iter().map(|score| u64::from(score.unsigned_abs())).sum()
    }

    /// The products of the scores of two items, added up.
    pub(super) fn product(&self, first: usize, second: usize) -> u64 {
        let pair = self.scores.get(first).zip(self.scores.get(second));
        pair.map_or(0, |(one, other)| dot(one, other))
    }

    /// The scores of an item, and who gave one.
    pub(super) fn item(&self, item: usize) -> (&[i16], &[i16]) {
        (
            self.scores.get(item).map_or(&[][..], Vec::as_slice),
            self.given.get(item).map_or(&[][..], Vec::as_slice),
        )
    }
}

/// The slot of a mark: not asked, blank, then the options.
pub(super) fn slot(mark: u8) -> usize {
    usize::from(mark.wrapping_add(1))
}

/// A sum of products. Written so that compilers make it a few instructions for
/// eight numbers at once.
fn dot(one: &[i16], other: &[i16]) -> u64 {
    let sum: i32 = one.iter().zip(other).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum();
    u64::try_from(sum).unwrap_or(0)
}
