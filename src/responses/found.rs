//! Faults as they are met, by piece and line: which line of the file that is, is
//! known when all pieces have been read.

use std::collections::BTreeMap;

use super::MOST_TOLD;
use crate::fault::{Fault, Faults};

/// A place in a piece: its number, and a line of it from 0.
pub(super) type Place = (u32, usize);

/// One fault.
pub(super) struct Finding {
    pub(super) place: Place,
    /// In characters, from 1; 0 if the whole line is meant.
    pub(super) column: usize,
    pub(super) what: String,
    pub(super) hint: String,
}

/// The first faults that one thread met, and how many there are.
#[derive(Default)]
pub(super) struct Findings {
    told: Vec<Finding>,
    all: usize,
}

/// Lines before each piece.
pub(super) struct Lines(BTreeMap<u32, usize>);

impl Findings {
    /// Takes a fault. A thread meets them in the order of the file, so the first
    /// that it meets are the first that it could tell.
    pub(super) fn add(&mut self, finding: impl FnOnce() -> Finding) {
        self.all += 1;
        if self.told.len() < MOST_TOLD {
            self.told.push(finding());
        }
    }

    pub(super) fn join(&mut self, other: Self) {
        self.told.extend(other.told);
        self.all += other.all;
    }

    /// The faults of the file, if there are any, with some of its header.
    pub(super) fn faults(
        self,
        file: &str,
        mut header: Vec<Fault>,
        lines: &Lines,
    ) -> Option<Faults> {
        let untold = self.all - self.told.len();
        header.extend(self.told.into_iter().map(|found| {
            Fault::at(file, lines.of(found.place), found.column, found.what).hint(found.hint)
        }));
        let faults = Faults::first(header, MOST_TOLD, untold);
        (!faults.is_empty()).then_some(faults)
    }
}

impl Lines {
    /// From the lines of the header and those of each piece.
    pub(super) fn new(header: usize, pieces: impl IntoIterator<Item = (u32, usize)>) -> Self {
        let pieces: BTreeMap<u32, usize> = pieces.into_iter().collect();
        let mut before = header;
        let mut begins = BTreeMap::from([(0, header)]);
        for (number, lines) in pieces {
            before += lines;
            begins.insert(number + 1, before);
        }
        Self(begins)
    }

    /// The line in the file, from 1.
    pub(super) fn of(&self, (piece, line): Place) -> usize {
        self.0.get(&piece).copied().unwrap_or(0) + line + 1
    }
}
