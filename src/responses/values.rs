//! What a cell of one column stands for.

use crate::answer::Marks;
use crate::definition::{Column, Counts};

/// Stands for no answer at all; no option has this mark.
pub(super) const WRONG: u8 = u8::MAX - 1;

/// The texts that a column's cells may have, and the mark that each becomes.
pub(super) struct Values {
    short: Vec<u8>,
    longer: Vec<(String, u8)>,
    listed: String,
}

impl Values {
    /// The option's value, `NA` and `DK`, or nothing.
    pub(super) fn of(column: &Column<'_>) -> Self {
        let marks = || (1..WRONG).zip(column.options);
        let way_out = |counts: Counts| {
            marks().find(|(_, option)| option.counts == counts).map(|(mark, _)| mark)
        };
        let mut values = Self {
            short: vec![WRONG; 256],
            longer: vec![
                ("NA".to_owned(), way_out(Counts::NotApplicable).unwrap_or(Marks::NOT_ASKED)),
                ("DK".to_owned(), way_out(Counts::DontKnow).unwrap_or(0)),
            ],
            listed: marks()
                .flat_map(|(_, option)| [option.value.to_string(), ", ".to_owned()])
                .collect(),
        };
        for (mark, option) in marks() {
            let text = option.value.to_string();
            match text.as_bytes() {
                [one] => values.set(*one, mark),
                _ => values.longer.push((text, mark)),
            }
        }
        values.set(b' ', 0);
        values
    }

    fn set(&mut self, byte: u8, mark: u8) {
        if let Some(slot) = self.short.get_mut(usize::from(byte)) {
            *slot = mark;
        }
    }

    /// The mark of a cell, or [`WRONG`].
    pub(super) fn mark(&self, cell: &[u8]) -> u8 {
        match cell {
            [] => 0,
            [one] => self.short.get(usize::from(*one)).copied().unwrap_or(WRONG),
            _ => self.search(cell.trim_ascii()),
        }
    }

    fn search(&self, cell: &[u8]) -> u8 {
        if cell.len() < 2 {
            return self.mark(cell);
        }
        let found = self.longer.iter().find(|(text, _)| text.as_bytes() == cell);
        found.map_or(WRONG, |(_, mark)| *mark)
    }

    /// What a cell may hold, in words.
    pub(super) fn in_words(&self) -> String {
        format!("write {}NA, DK or nothing", self.listed)
    }
}
