//! An Excel workbook as rows of text with their numbers. What a sheet shows is read;
//! nothing in it is calculated. Limits keep a small file from filling the memory.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use calamine::{Data, DataRef, Reader as _, Xlsx};
use zip::ZipArchive;

use crate::fault::{Fault, Faults};

/// Larger than this, in bytes without compression, is no register.
const LARGEST: u64 = 32 * 1024 * 1024;
/// More rows, columns or characters than these neither.
const MOST_ROWS: u32 = 20_000;
const MOST_COLUMNS: u32 = 100;
const MOST_CHARACTERS: usize = 8 * 1024 * 1024;

/// A sheet: its rows that hold anything, all of one width, with their numbers from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BookSheet {
    pub(super) name: String,
    pub(super) rows: Vec<(usize, Vec<String>)>,
}

/// Reads every sheet of a workbook.
///
/// # Errors
/// If it is none, is too large, or shows errors where values should be.
pub(super) fn sheets(file: &str, bytes: &[u8]) -> Result<Vec<BookSheet>, Faults> {
    let broken = |what: String| {
        let hint = "save it in Excel as a workbook (.xlsx)";
        Faults::new(vec![Fault::of_file(file, what).hint(hint)])
    };
    check_size(bytes).map_err(broken)?;
    // The reader of workbooks may stop at one that contradicts itself.
    let read = std::panic::catch_unwind(|| read(file, bytes));
    let read = read.unwrap_or_else(|_| Err("it breaks off or contradicts itself".to_owned()));
    let (sheets, faults) = read.map_err(|why| broken(format!("no workbook can be read: {why}")))?;
    if faults.is_empty() { Ok(sheets) } else { Err(Faults::new(faults)) }
}

/// Unpacks everything once without keeping it: what a file says of its own size is
/// not to be believed.
fn check_size(bytes: &[u8]) -> Result<(), String> {
    let none = |_| "it is no Excel workbook".to_owned();
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(none)?;
    let mut left = LARGEST;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(none)?;
        let taken = std::io::copy(&mut part.take(left + 1), &mut std::io::sink());
        let taken = taken.map_err(|_| "it breaks off or contradicts itself".to_owned())?;
        left = left
            .checked_sub(taken)
            .ok_or_else(|| format!("unpacked it is larger than {} MB", LARGEST / (1024 * 1024)))?;
    }
    Ok(())
}

type Cells = BTreeMap<u32, BTreeMap<u32, String>>;

fn read(file: &str, bytes: &[u8]) -> Result<(Vec<BookSheet>, Vec<Fault>), String> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
    let (mut sheets, mut faults) = (Vec::new(), Vec::new());
    let mut room = MOST_CHARACTERS;
    for name in book.sheet_names() {
        let mut cells = Cells::new();
        let reader = book.worksheet_cells_reader(&name);
        // A sheet that is a chart has no cells.
        let Ok(mut reader) = reader else { continue };
        while let Some(cell) = reader.next_cell().map_err(|error| error.to_string())? {
            let (row, column) = cell.get_position();
            let Some(text) = shown(cell.get_value()) else { continue };
            if row >= MOST_ROWS || column >= MOST_COLUMNS {
                let place = cell_name(row as usize + 1, column as usize + 1);
                return Err(format!(
                    "the cell {place} of the sheet {name} is beyond {MOST_ROWS} rows and {MOST_COLUMNS} columns"
                ));
            }
            room = room.checked_sub(text.len()).ok_or("there is too much text in it")?;
            if matches!(cell.get_value(), DataRef::Error(_)) {
                let at = (row as usize + 1, column as usize + 1);
                let what = format!("the cell shows an error: {text}");
                faults.push(
                    Fault::at(&sheet_name(&name), at.0, at.1, what).hint("write its value there"),
                );
            }
            cells.entry(row).or_default().insert(column, text);
        }
        sheets.push(BookSheet { rows: rows(cells), name });
    }
    if sheets.is_empty() {
        return Err(format!("{file} has no sheet"));
    }
    Ok((sheets, faults))
}

/// How a fault names a sheet.
pub(super) fn sheet_name(name: &str) -> String {
    format!("sheet {name}")
}

fn rows(cells: Cells) -> Vec<(usize, Vec<String>)> {
    let width = cells.values().filter_map(|row| row.keys().next_back()).max();
    let width = width.map_or(0, |last| *last as usize + 1);
    let row = |(number, cells): (u32, BTreeMap<u32, String>)| {
        let mut row = vec![String::new(); width];
        for (column, text) in cells {
            if let Some(cell) = row.get_mut(column as usize) {
                *cell = text;
            }
        }
        (number as usize + 1, row)
    };
    cells.into_iter().map(row).collect()
}

/// What a person sees in a cell; none if it is empty.
fn shown(value: &DataRef<'_>) -> Option<String> {
    let text = match value {
        DataRef::Empty => return None,
        DataRef::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        DataRef::DateTime(when) => {
            let (year, month, day, ..) = when.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTimeIso(when) => when.chars().take(10).collect(),
        // A cell has room for a space that nobody sees where a web page was copied from.
        DataRef::String(text) => text.replace('\u{a0}', " "),
        DataRef::SharedString(text) => text.replace('\u{a0}', " "),
        other => Data::from(other.clone()).to_string(),
    };
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// How a spreadsheet names a cell, row and column from 1: `C5`.
#[must_use]
pub fn cell_name(row: usize, column: usize) -> String {
    let mut rest = column;
    let mut letters = String::new();
    while rest > 0 {
        let place = u8::try_from((rest - 1) % 26).unwrap_or_default();
        letters.insert(0, char::from(b'A' + place));
        rest = (rest - 1) / 26;
    }
    format!("{letters}{row}")
}

#[cfg(test)]
mod tests {
    use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

    use super::*;

    #[test]
    fn cells_are_read_as_they_are_seen_and_nothing_is_calculated() {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.set_name("Leads").expect("a name");
        sheet.write(1, 1, "name").expect("a cell");
        sheet.write(1, 2, "size").expect("a cell");
        sheet.write(3, 1, " Dora\u{a0}Fen ").expect("a cell");
        sheet.write(3, 2, 30_300).expect("a cell");
        let day = ExcelDateTime::from_ymd(2007, 9, 1).expect("a day");
        sheet
            .write_with_format(4, 1, &day, &Format::new().set_num_format("d/m/yyyy"))
            .expect("a cell");
        sheet.write(4, 2, Formula::new("=1+1").set_result("7")).expect("a cell");
        sheet.write(5, 1, true).expect("a cell");
        let bytes = book.save_to_buffer().expect("a workbook");
        let sheets = sheets("r.xlsx", &bytes).expect("a workbook");
        let row = |number, name: &str, size: &str| {
            (number, vec![String::new(), name.to_owned(), size.to_owned()])
        };
        assert_eq!(
            sheets,
            [BookSheet {
                name: "Leads".to_owned(),
                rows: vec![
                    row(2, "name", "size"),
                    row(4, "Dora Fen", "30300"),
                    row(5, "2007-09-01", "7"),
                    row(6, "yes", ""),
                ]
            }]
        );
    }

    #[test]
    fn what_is_no_workbook_or_far_too_large_is_refused() {
        for bytes in [&b""[..], b"PK\x03\x04", b"name,role\n"] {
            let faults = sheets("r.xlsx", bytes).expect_err("no workbook");
            assert!(faults.to_string().contains("no Excel workbook"), "{faults}");
        }
        let mut book = Workbook::new();
        book.add_worksheet().write(0, 101, "far out").expect("a cell");
        let bytes = book.save_to_buffer().expect("a workbook");
        let faults = sheets("r.xlsx", &bytes).expect_err("too wide");
        assert!(faults.to_string().contains("the cell CX1 of the sheet Sheet1"), "{faults}");
    }

    #[test]
    fn a_small_file_that_unpacks_to_very_much_is_refused() {
        use std::io::Write as _;
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let packed = zip::write::SimpleFileOptions::default()
            .compression_method(zip::CompressionMethod::Deflated);
        archive.start_file("xl/workbook.xml", packed).expect("a part");
        for _ in 0..40 {
            archive.write_all(&vec![b' '; 1024 * 1024]).expect("room");
        }
        let bytes = archive.finish().expect("an archive").into_inner();
        assert!(bytes.len() < 100_000);
        let faults = sheets("r.xlsx", &bytes).expect_err("too large");
        assert!(faults.to_string().contains("larger than 32 MB"), "{faults}");
    }

    #[test]
    fn cells_are_named_as_spreadsheets_name_them() {
        assert_eq!([cell_name(5, 3), cell_name(1, 27)], ["C5", "AA1"]);
    }
}
