//! Shares with the error that comes from having simulated so many regions only.

use std::collections::BTreeMap;

/// A figure of the study: its table, row and column.
pub type Place = (Table, usize, usize);

/// The tables of the study.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// Coverage over all cells with an answer.
    Cells,
    /// Coverage over shown cells.
    Shown,
    /// Coverage for the index.
    Index,
    /// Bands where no PCT differs.
    FalseFlags,
    /// Bands where one PCT differs.
    Power,
    /// Rank intervals.
    Ranks,
    /// Hidden cells.
    Hidden,
}

/// What one region adds: per figure, how often something was so, out of how often.
#[derive(Debug, Default)]
pub struct Seen(BTreeMap<Place, (u64, u64)>);

impl Seen {
    /// Adds one case.
    pub fn note(&mut self, place: Place, so: bool) {
        self.add(place, u64::from(so), 1);
    }

    /// Adds `part` of `whole`.
    pub fn add(&mut self, place: Place, part: u64, whole: u64) {
        let (parts, wholes) = self.0.entry(place).or_default();
        *parts += part;
        *wholes += whole;
    }
}

/// Sums over regions. They are whole numbers, so that the order of regions does
/// not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums(BTreeMap<Place, Sum>);

/// Sums of parts, of wholes and of their products, over regions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sum {
    part: u64,
    whole: u64,
    part_part: u64,
    part_whole: u64,
    whole_whole: u64,
}

/// A share (or a mean) with its Monte Carlo standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// The share.
    pub value: f64,
    /// Its standard error.
    pub error: f64,
    /// Cases behind it.
    pub cases: u64,
}

impl Sums {
    /// Adds a region.
    pub fn absorb(&mut self, region: &Seen) {
        for (place, (part, whole)) in &region.0 {
            let sum = self.0.entry(*place).or_default();
            sum.plus(&Sum {
                part: *part,
                whole: *whole,
                part_part: part * part,
                part_whole: part * whole,
                whole_whole: whole * whole,
            });
        }
    }

    /// Adds other regions.
    pub fn merge(&mut self, other: &Self) {
        for (place, sum) in &other.0 {
            self.0.entry(*place).or_default().plus(sum);
        }
    }

    /// A figure; none without a case.
    ///
    /// Source: the error of a ratio over regions as clusters (Cochran 1977, 6.3):
    /// cells of one region are not independent of each other.
    #[must_use]
    pub fn share(&self, place: Place) -> Option<Share> {
        let sum = self.0.get(&place).filter(|sum| sum.whole > 0)?;
        let whole = real(sum.whole);
        let value = real(sum.part) / whole;
        let squares = real(sum.part_part) - 2.0 * value * real(sum.part_whole)
            + value * value * real(sum.whole_whole);
        Some(Share { value, error: squares.max(0.0).sqrt() / whole, cases: sum.whole })
    }
}

impl Sum {
    fn plus(&mut self, other: &Self) {
        self.part += other.part;
        self.whole += other.whole;
        self.part_part += other.part_part;
        self.part_whole += other.part_whole;
        self.whole_whole += other.whole_whole;
    }
}

/// A count as a number.
#[expect(clippy::cast_precision_loss, reason = "counts of cells are far below 2^53")]
pub fn real(count: u64) -> f64 {
    count as f64
}
