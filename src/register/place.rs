//! Where a cell stands in the text of a CSV file. Knows nothing of what it says.

/// Where reading one cell stands.
#[derive(Clone, Copy, PartialEq)]
enum Within {
    Start,
    Plain,
    Quoted,
    Closing,
}

/// The byte where each cell of a record begins, and whether the last one is
/// still quoted when the text ends.
///
/// DESIGN: the csv crate gives the place of a record, not of a cell. This walk
/// follows its rules for quotation marks, and a property test holds them together.
fn cell_starts(text: &str, from: usize) -> (Vec<usize>, bool) {
    let rest = text.get(from..).unwrap_or_default();
    let begin = text.len() - rest.trim_start_matches(['\r', '\n']).len();
    let mut starts = vec![begin];
    let mut within = Within::Start;
    for (at, c) in text.get(begin..).unwrap_or_default().char_indices() {
        within = match (within, c) {
            (Within::Quoted, '"') => Within::Closing,
            (Within::Start | Within::Closing, '"') | (Within::Quoted, _) => Within::Quoted,
            (_, '\r' | '\n') => return (starts, false),
            (_, ',') => {
                starts.push(begin + at + 1);
                Within::Start
            }
            _ => Within::Plain,
        };
    }
    (starts, within == Within::Quoted)
}

/// Line and column of a cell, both from 1, the column in characters.
pub(crate) fn place(text: &str, from: usize, cell: usize) -> (usize, usize) {
    let (starts, _) = cell_starts(text, from);
    let at = starts.get(cell).or_else(|| starts.last()).copied().unwrap_or(from);
    line_and_column(text, at)
}

/// Where the cell begins whose quotation mark is never closed, if a record has one.
pub(crate) fn ends_in_quotes(text: &str, from: usize) -> Option<(usize, usize)> {
    let (starts, open) = cell_starts(text, from);
    starts.last().filter(|_| open).map(|at| line_and_column(text, *at))
}

/// Line and column of a byte, both from 1, the column in characters.
pub(super) fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let ends = before.replace("\r\n", "\n").matches(['\n', '\r']).count();
    let last = before.rsplit(['\n', '\r']).next().unwrap_or_default();
    (ends + 1, last.chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::register::sheet::records;

    #[test]
    fn every_line_end_counts_once() {
        assert_eq!(line_and_column("a\r\nb\nc\rd", 7), (4, 1));
        assert_eq!(line_and_column("é,x", 3), (1, 3));
    }

    proptest! {
        #[test]
        fn the_walk_over_cells_agrees_with_the_csv_crate(text in "[ab,\"\r\n é]{0,60}") {
            for (cells, from) in records(&text) {
                let (starts, _) = cell_starts(&text, from);
                prop_assert_eq!(starts.len(), cells.len(), "{:?} at {}", text, from);
            }
        }
    }
}
