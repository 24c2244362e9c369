//! What stands on a sheet, before any of it is written.

use crate::release::{Cell, Figure, Status, print};

/// One view.
pub(super) struct Sheet {
    /// Its name on the tab, at most 31 letters.
    pub(super) name: &'static str,
    /// What it shows, in one sentence.
    pub(super) about: String,
    /// The columns.
    pub(super) heads: Vec<Head>,
    /// How many of the first columns stay in sight.
    pub(super) fixed: u16,
    /// The rows, each with an entry per column.
    pub(super) rows: Vec<Vec<Entry>>,
}

/// The head of a column.
pub(super) struct Head {
    pub(super) text: String,
    /// In letters.
    pub(super) width: u16,
    /// What the column means, for the note at its head; may be empty.
    pub(super) note: &'static str,
}

impl Head {
    pub(super) fn new(text: impl Into<String>, width: u16, note: &'static str) -> Self {
        Self { text: text.into(), width, note }
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Entry {
    /// Nothing: the figure does not apply.
    Nothing,
    /// Words, never a formula.
    Words(String),
    /// A number with so many places.
    Number(f64, u32),
    /// Not shown, to protect anonymity.
    Hidden,
    /// No answers.
    Empty,
}

impl Entry {
    pub(super) fn words(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Nothing } else { Self::Words(text) }
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of people")]
    pub(super) fn count(count: u64) -> Self {
        Self::Number(count as f64, 0)
    }

    /// A figure as it is printed with so many places, at most three.
    #[expect(clippy::cast_precision_loss, reason = "figures are far below 2^53")]
    pub(super) fn figure(figure: Option<Figure>, places: u32) -> Self {
        let unit = 10_u32.pow(places);
        let number = |figure: Figure| figure.units(places) as f64 / f64::from(unit);
        figure.map_or(Self::Nothing, |figure| Self::Number(number(figure), places))
    }

    /// A chance, or the words that it is less than one in a thousand.
    pub(super) fn chance(chance: Option<Figure>) -> Self {
        match chance {
            Some(chance) if chance.units(3) < 1 => Self::Words(print::chance(chance)),
            other => Self::figure(other, 3),
        }
    }

    /// The mark of a cell that shows no figure.
    pub(super) fn mark(cell: Option<&Cell>) -> Self {
        match cell.map(|cell| cell.status) {
            Some(Status::Hidden) => Self::Hidden,
            Some(Status::Shown) => Self::Nothing,
            Some(Status::Empty) | None => Self::Empty,
        }
    }
}
