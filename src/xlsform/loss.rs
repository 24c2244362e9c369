//! What did not carry over, told like a compiler's note: where, what, why.

use std::fmt;

use serde::Serialize;

use super::workbook::letters;

/// One thing that is not in the result as it was in the source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Loss {
    /// The sheet.
    pub sheet: String,
    /// The row, from 1; 0 if the whole column or sheet is meant.
    pub row: u32,
    /// The column, from 1; 0 if the whole row or sheet is meant.
    pub column: u32,
    /// The column's heading; empty if the whole row or sheet is meant.
    pub heading: String,
    /// What is lost or changed.
    pub what: String,
    /// Why, or what was done instead.
    pub why: String,
}

impl Loss {
    /// The place as a person finds it: `survey!C12 (relevant)`.
    #[must_use]
    pub fn place(&self) -> String {
        let Self { sheet, row, column, heading, .. } = self;
        match (row, column) {
            (0, 0) => sheet.clone(),
            (0, column) => format!("{sheet}!{} ({heading})", letters(*column)),
            (row, 0) => format!("{sheet}!{row}"),
            (row, column) => format!("{sheet}!{}{row} ({heading})", letters(*column)),
        }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; {}", self.place(), self.what, self.why)
    }
}

/// The losses in order of place, those that differ in their row alone told once.
#[must_use]
pub fn summary(losses: &[Loss]) -> Vec<String> {
    let mut groups: Vec<(&Loss, Vec<u32>)> = Vec::new();
    for loss in losses {
        let same = |other: &Loss| {
            (&other.sheet, other.column, &other.what, &other.why)
                == (&loss.sheet, loss.column, &loss.what, &loss.why)
        };
        match groups.iter_mut().find(|(first, _)| same(first)) {
            Some((_, rows)) if loss.row > 0 => rows.push(loss.row),
            Some(_) => {}
            None => groups.push((loss, vec![loss.row])),
        }
    }
    groups.iter().map(|(first, rows)| told(first, rows)).collect()
}

fn told(loss: &Loss, rows: &[u32]) -> String {
    if rows.len() < 2 {
        return loss.to_string();
    }
    let column = match loss.column {
        0 => String::new(),
        column => format!("!{} ({})", letters(column), loss.heading),
    };
    format!("{}{column}, rows {}: {}; {}", loss.sheet, spans(rows), loss.what, loss.why)
}

/// Row numbers as a person lists them: `4, 6 to 9`.
fn spans(rows: &[u32]) -> String {
    let mut spans: Vec<(u32, u32)> = Vec::new();
    for row in rows {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == *row || *last == *row => *last = *row,
            _ => spans.push((*row, *row)),
        }
    }
    let words = spans.iter().map(|(first, last)| match last - first {
        0 => first.to_string(),
        1 => format!("{first}, {last}"),
        _ => format!("{first} to {last}"),
    });
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loss(row: u32, what: &str) -> Loss {
        Loss {
            sheet: "survey".into(),
            row,
            column: 6,
            heading: "required".into(),
            what: what.into(),
            why: "nothing is required".into(),
        }
    }

    #[test]
    fn a_loss_names_its_place() {
        let one = loss(4, "\"yes\" is not kept");
        assert_eq!(
            one.to_string(),
            "survey!F4 (required): \"yes\" is not kept; nothing is required"
        );
        assert_eq!(Loss { row: 0, ..one.clone() }.place(), "survey!F (required)");
        assert_eq!(Loss { row: 0, column: 0, ..one.clone() }.place(), "survey");
        assert_eq!(Loss { column: 0, ..one }.place(), "survey!4");
    }

    #[test]
    fn the_same_loss_in_many_rows_is_told_once() {
        let losses: Vec<Loss> = [4, 6, 7, 8, 11, 12].map(|row| loss(row, "gone")).into();
        assert_eq!(
            summary(&losses),
            ["survey!F (required), rows 4, 6 to 8, 11, 12: gone; nothing is required"]
        );
    }
}
