//! A workbook as rows of text with their places, whatever program wrote it.
//! Knows nothing of forms.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{Data, Reader as _, Sheets, open_workbook_auto_from_rs};

use crate::fault::{Fault, Faults};

/// Larger files than this, in bytes, are no questionnaires.
const LARGEST: usize = 20 * 1024 * 1024;
/// More rows or columns than these are no questionnaire either, and a single
/// cell far out must not take the memory of all cells before it.
const MOST_ROWS: u32 = 20_000;
const MOST_COLUMNS: u32 = 500;

/// A workbook: its sheets in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Workbook {
    pub(super) sheets: Vec<Sheet>,
}

/// A sheet: its headings, and the rows under them that hold anything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Sheet {
    pub(super) name: String,
    /// The headings as they are written, by column from 1.
    pub(super) headings: BTreeMap<u32, String>,
    pub(super) rows: Vec<SheetRow>,
}

/// A row that holds something.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct SheetRow {
    /// Its number in the sheet, from 1.
    pub(super) number: u32,
    /// What stands in it, by column from 1; never an empty text.
    pub(super) cells: BTreeMap<u32, String>,
}

type Cells = BTreeMap<u32, BTreeMap<u32, String>>;

impl Workbook {
    /// Reads a workbook of any of the kinds that office programs write.
    pub(super) fn read(bytes: &[u8], file: &str) -> Result<Self, Faults> {
        if bytes.len() > LARGEST {
            return Err(broken(file, "the file is larger than 20 MB"));
        }
        // The reader of old workbooks stops the program at some broken files.
        let read = std::panic::catch_unwind(|| sheets_of(bytes));
        let read = read.unwrap_or_else(|_| Err("it breaks off or contradicts itself".to_owned()));
        let sheets = read.map_err(|why| broken(file, format!("no workbook can be read: {why}")))?;
        Ok(Self { sheets })
    }

    /// The sheet of this name, letter case and spaces around it aside.
    pub(super) fn sheet(&self, name: &str) -> Option<&Sheet> {
        self.sheets.iter().find(|sheet| sheet.name.trim().eq_ignore_ascii_case(name))
    }
}

impl Sheet {
    /// The first row that holds anything has the headings.
    fn of(name: String, cells: Cells) -> Self {
        let mut rows = cells.into_iter();
        let headings = rows.next().map(|(_, headings)| headings).unwrap_or_default();
        let headings = headings.into_iter().map(|(at, text)| (at + 1, text)).collect();
        let rows = rows.map(|(number, cells)| SheetRow {
            number: number + 1,
            cells: cells.into_iter().map(|(at, text)| (at + 1, text)).collect(),
        });
        Self { name, headings, rows: rows.collect() }
    }
}

fn sheets_of(bytes: &[u8]) -> Result<Vec<Sheet>, String> {
    let mut book =
        open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let mut sheets = Vec::new();
    for name in book.sheet_names() {
        let mut cells = Cells::new();
        match &mut book {
            // Cell by cell: a range has room for all that stand before the last.
            Sheets::Xlsx(book) => {
                let reader = book.worksheet_cells_reader(&name);
                let mut reader = reader.map_err(|error| error.to_string())?;
                while let Some(cell) = reader.next_cell().map_err(|error| error.to_string())? {
                    let (row, column) = cell.get_position();
                    keep(&mut cells, row, column, &Data::from(cell.get_value().clone()))?;
                }
            }
            other => {
                let range = other.worksheet_range(&name).map_err(|error| error.to_string())?;
                let (top, left) = range.start().unwrap_or_default();
                for (row, column, value) in range.used_cells() {
                    let row = top.saturating_add(u32::try_from(row).unwrap_or(u32::MAX));
                    let column = left.saturating_add(u32::try_from(column).unwrap_or(u32::MAX));
                    keep(&mut cells, row, column, value)?;
                }
            }
        }
        sheets.push(Sheet::of(name, cells));
    }
    Ok(sheets)
}

fn broken(file: &str, what: impl Into<String>) -> Faults {
    let hint = "an XLSForm is an .xlsx, .xls or .ods file with a sheet called survey";
    Faults::new(vec![Fault::of_file(file, what).hint(hint)])
}

fn keep(cells: &mut Cells, row: u32, column: u32, value: &Data) -> Result<(), String> {
    let Some(text) = text_of(value) else { return Ok(()) };
    if row >= MOST_ROWS || column >= MOST_COLUMNS {
        let place = format!("{}{}", letters(column.saturating_add(1)), row.saturating_add(1));
        return Err(format!(
            "the cell {place} is beyond the {MOST_ROWS} rows and {MOST_COLUMNS} columns of a form"
        ));
    }
    cells.entry(row).or_default().insert(column, text);
    Ok(())
}

/// What a person sees in a cell; none if it is empty.
fn text_of(value: &Data) -> Option<String> {
    let text = match value {
        Data::Empty => return None,
        Data::Bool(true) => "yes".to_owned(),
        Data::Bool(false) => "no".to_owned(),
        // A whole number that was typed into a sheet is kept as one with decimals.
        Data::Float(number) => number.to_string(),
        Data::DateTime(when) => when.as_f64().to_string(),
        other => other.to_string(),
    };
    // Line ends of every kind become one; other control characters are noise.
    let text: String = text
        .replace("\r\n", "\n")
        .replace(['\r', '\u{2028}', '\u{2029}'], "\n")
        .replace('\u{a0}', " ")
        .chars()
        .filter(|c| *c == '\n' || *c == '\t' || !c.is_control())
        .collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The letters of a column, from 1: `A`, `Z`, `AA`.
pub(super) fn letters(column: u32) -> String {
    let mut rest = column;
    let mut letters = String::new();
    while rest > 0 {
        let place = (rest - 1) % 26;
        letters.insert(0, char::from(b'A' + u8::try_from(place).unwrap_or_default()));
        rest = (rest - 1) / 26;
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_office_programs_name_them() {
        assert_eq!([1, 26, 27, 52, 703].map(letters), ["A", "Z", "AA", "AZ", "AAA"]);
    }
}
