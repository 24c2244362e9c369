//! A table that a person saved as CSV or in a workbook: its cells by column name, and
//! the place of each, so that a fault can say where it is. Knows no nouns.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::str::FromStr;

use crate::fault::{Fault, nearest};
use crate::spreadsheet::unguarded;

use super::guard::is_unseen;
use super::place::{ends_in_quotes, line_and_column, place};

/// Most characters of the name of an organisation or of a role.
pub(crate) const MOST_NAME: usize = 160;
/// Most characters of a remark, such as where the facts come from.
pub(crate) const MOST_REMARK: usize = 2_000;

/// The columns that a kind of file may have.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Columns {
    /// Must be there.
    pub(crate) needed: &'static [&'static str],
    /// May be left out.
    pub(crate) optional: &'static [&'static str],
}

impl Columns {
    /// All of them, in the order in which files are written.
    pub(crate) fn all(self) -> impl Iterator<Item = &'static str> {
        self.needed.iter().chain(self.optional).copied()
    }
}

/// Where the cells of a sheet came from, so that each can be found again.
#[derive(Debug, Clone, Copy)]
enum Origin<'t> {
    /// The text of a CSV file: a place is a line and a character in it.
    Text(&'t str),
    /// A workbook: a place is a row and a column.
    Workbook,
}

impl Origin<'_> {
    /// Row and column of a cell of a record that begins here, both from 1.
    fn place(self, from: usize, cell: usize) -> (usize, usize) {
        match self {
            Self::Text(text) => place(text, from, cell),
            Self::Workbook => (from, cell + 1),
        }
    }
}

/// A file whose header is sound.
#[derive(Debug)]
pub(crate) struct Sheet<'t> {
    file: &'t str,
    origin: Origin<'t>,
    columns: Vec<(&'static str, usize)>,
    whole: Vec<Line>,
    broken: Vec<Line>,
}

/// One record, and the byte where reading it began or its row in a workbook.
#[derive(Debug)]
struct Line {
    cells: csv::StringRecord,
    from: usize,
}

impl<'t> Sheet<'t> {
    /// Reads a file. Faults of the header leave no sheet; rows with too few or
    /// too many cells, or with control characters, are noted and left out.
    pub(crate) fn read(
        file: &'t str,
        bytes: &'t [u8],
        columns: Columns,
        faults: &mut Vec<Fault>,
    ) -> Option<Self> {
        let text = note(faults, decode(file, bytes))?;
        let lines = records(text).map(|(cells, from)| Line { cells: plain(&cells), from });
        Self::of_lines(file, Origin::Text(text), lines, columns, faults)
    }

    /// The same of rows with their numbers, all of one width.
    pub(crate) fn of_rows(
        file: &'t str,
        rows: &[(usize, Vec<String>)],
        columns: Columns,
        faults: &mut Vec<Fault>,
    ) -> Option<Self> {
        let lines = rows.iter().map(|(number, cells)| {
            let cells: csv::StringRecord = cells.iter().map(|cell| cell.trim()).collect();
            Line { cells: plain(&cells), from: *number }
        });
        Self::of_lines(file, Origin::Workbook, lines, columns, faults)
    }

    fn of_lines(
        file: &'t str,
        origin: Origin<'t>,
        mut lines: impl Iterator<Item = Line>,
        columns: Columns,
        faults: &mut Vec<Fault>,
    ) -> Option<Self> {
        let Some(header) = lines.next() else {
            faults.push(
                Fault::of_file(file, "is empty")
                    .hint(format!("the first line is {}", columns.needed.join(","))),
            );
            return None;
        };
        let columns = find_columns(file, origin, &header, columns, faults)?;
        let mut sheet = Self { file, origin, columns, whole: Vec::new(), broken: Vec::new() };
        for line in lines {
            let found = sheet.faults_of(&line, header.cells.len());
            if found.is_empty() {
                sheet.whole.push(line);
            } else {
                faults.extend(found);
                sheet.broken.push(line);
            }
        }
        Some(sheet)
    }

    /// Each sound row.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.whole.iter().map(|line| Row { sheet: self, line })
    }

    /// The texts of a column in every row, broken ones too: one fault in a row
    /// must not make a fault of each reference to it.
    pub(crate) fn mentions(&self, column: &str) -> BTreeSet<String> {
        let Some(index) = self.index(column) else { return BTreeSet::new() };
        self.whole
            .iter()
            .chain(&self.broken)
            .filter_map(|line| line.cells.get(index))
            .map(str::to_owned)
            .collect()
    }

    /// Whether the file has this column.
    pub(crate) fn has(&self, column: &str) -> bool {
        self.index(column).is_some()
    }

    fn index(&self, column: &str) -> Option<usize> {
        self.columns.iter().find(|(name, _)| *name == column).map(|(_, index)| *index)
    }

    fn faults_of(&self, line: &Line, width: usize) -> Vec<Fault> {
        let at = |cell| self.origin.place(line.from, cell);
        if let Origin::Text(text) = self.origin
            && let Some((row, column)) = ends_in_quotes(text, line.from)
        {
            let fault =
                Fault::at(self.file, row, column, "a quotation mark is opened and never closed");
            return vec![fault.hint("write \" inside a quoted cell as \"\"")];
        }
        if line.cells.len() != width {
            let what = format!("has {} cells; the header has {width}", line.cells.len());
            let fault = Fault::at(self.file, at(0).0, 0, what);
            return vec![fault.hint("put a cell that contains a comma in quotation marks")];
        }
        line.cells
            .iter()
            .enumerate()
            // A place is looked for in the text from its beginning: only where it is told.
            .filter_map(|(cell, text)| {
                text.chars().find(|c| is_unseen(*c)).map(|found| (at(cell), found))
            })
            .map(|((row, column), c)| {
                let what = format!("the cell contains {c:?}, a character that cannot be seen");
                Fault::at(self.file, row, column, what).hint("a cell is one line of plain text")
            })
            .collect()
    }
}

/// One sound row of a sheet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'s> {
    sheet: &'s Sheet<'s>,
    line: &'s Line,
}

impl<'s> Row<'s> {
    /// The cell's text without outer spaces; empty if the file has no such column.
    pub(crate) fn text(self, column: &str) -> &'s str {
        self.sheet.index(column).and_then(|index| self.line.cells.get(index)).unwrap_or_default()
    }

    /// A fault of this cell.
    pub(crate) fn fault(self, column: &str, what: impl Into<String>) -> Fault {
        let cell = self.sheet.index(column).unwrap_or_default();
        let (line, column) = self.sheet.origin.place(self.line.from, cell);
        Fault::at(self.sheet.file, line, column, what)
    }

    /// The number of the row's first line.
    pub(crate) fn line(self) -> usize {
        self.sheet.origin.place(self.line.from, 0).0
    }

    /// The text, which must not be empty.
    ///
    /// # Errors
    /// The fault.
    pub(crate) fn filled(self, column: &str) -> Result<&'s str, Fault> {
        match self.text(column) {
            "" => Err(self.fault(column, format!("{column} is empty"))),
            text => Ok(text),
        }
    }

    /// The text, which must not be longer than this.
    ///
    /// # Errors
    /// The fault.
    pub(crate) fn at_most(self, column: &str, most: usize) -> Result<&'s str, Fault> {
        let text = self.text(column);
        match text.chars().count() {
            length if length > most => {
                let what = format!("{column} has {length} characters");
                Err(self.fault(column, what).hint(format!("write at most {most}")))
            }
            _ => Ok(text),
        }
    }

    /// A name of something: not empty, and short enough to be read.
    ///
    /// # Errors
    /// The fault.
    pub(crate) fn named(self, column: &str) -> Result<&'s str, Fault> {
        self.filled(column)?;
        self.at_most(column, MOST_NAME)
    }

    /// The text as a value of its own type. The fault does not repeat the text:
    /// it may be personal.
    ///
    /// # Errors
    /// The fault.
    pub(crate) fn parsed<T: FromStr<Err: Display>>(self, column: &str) -> Result<T, Fault> {
        self.text(column)
            .parse()
            .map_err(|why: T::Err| self.fault(column, format!("{column} {why}")))
    }

    /// A whole number, none if the cell is empty.
    ///
    /// # Errors
    /// The fault.
    pub(crate) fn whole_number(self, column: &str) -> Result<Option<u32>, Fault> {
        match self.text(column) {
            "" => Ok(None),
            text if text.bytes().all(|b| b.is_ascii_digit()) && text.parse::<u32>().is_ok() => {
                Ok(text.parse().ok())
            }
            text => Err(self
                .fault(column, format!("{column} is {text:?}, not a whole number"))
                .hint("digits only, without commas or spaces; empty if not known")),
        }
    }

    /// `yes`, or `no` or nothing.
    ///
    /// # Errors
    /// The fault.
    pub(crate) fn yes(self, column: &str) -> Result<bool, Fault> {
        match self.text(column).to_ascii_lowercase().as_str() {
            "yes" => Ok(true),
            "no" | "" => Ok(false),
            _ => Err(self
                .fault(column, format!("{column} is {:?}", self.text(column)))
                .hint("write yes or no")),
        }
    }
}

/// The value, or none and its fault added to the others.
pub(crate) fn note<T>(faults: &mut Vec<Fault>, found: Result<T, Fault>) -> Option<T> {
    found.map_err(|fault| faults.push(fault)).ok()
}

/// A fault with "did you mean", where something near is known.
pub(crate) fn suggest(fault: Fault, text: &str, known: &BTreeSet<String>) -> Fault {
    match nearest(text, known.iter().map(String::as_str)) {
        Some(near) => fault.hint(format!("did you mean {near:?}?")),
        None => fault,
    }
}

/// The same cells without what was put before them against formulas.
fn plain(cells: &csv::StringRecord) -> csv::StringRecord {
    cells.iter().map(unguarded).collect()
}

fn decode<'t>(file: &str, bytes: &'t [u8]) -> Result<&'t str, Fault> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Err(error) => {
            let sound = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let sound = std::str::from_utf8(sound).unwrap_or_default();
            let (line, column) = line_and_column(sound, sound.len());
            Err(Fault::at(file, line, column, "the file is not UTF-8 text from here on")
                .hint("save it as \"CSV UTF-8\""))
        }
    }
}

/// Each record with the byte where reading it began, which may be a blank line before it.
pub(super) fn records(text: &str) -> impl Iterator<Item = (csv::StringRecord, usize)> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes())
        .into_records()
        .filter_map(|record| {
            // Reading sound UTF-8 from memory with flexible rows cannot fail.
            let cells = record.ok()?;
            let from = cells.position().map_or(0, csv::Position::byte);
            Some((cells, usize::try_from(from).unwrap_or_default()))
        })
}

fn find_columns(
    file: &str,
    origin: Origin<'_>,
    header: &Line,
    columns: Columns,
    faults: &mut Vec<Fault>,
) -> Option<Vec<(&'static str, usize)>> {
    let before = faults.len();
    let mut found: Vec<(&'static str, usize)> = Vec::new();
    for (index, title) in header.cells.iter().enumerate() {
        let (line, column) = origin.place(header.from, index);
        let fault = |what: String| Fault::at(file, line, column, what);
        match columns.all().find(|name| name.eq_ignore_ascii_case(title)) {
            Some(name) if found.iter().any(|(other, _)| *other == name) => {
                faults.push(fault(format!("the column {name} stands here a second time")));
            }
            Some(name) => found.push((name, index)),
            None if title.is_empty() => {
                faults.push(
                    fault("a column without a heading".to_owned())
                        .hint("give it one of the known headings, or take it out"),
                );
            }
            None => {
                let names: BTreeSet<String> = columns.all().map(str::to_owned).collect();
                let unknown = fault(format!("the column {title:?} is not known"));
                faults.push(suggest(unknown, title, &names));
            }
        }
    }
    for name in columns.needed {
        if !found.iter().any(|(other, _)| other == name) {
            let (line, _) = origin.place(header.from, 0);
            faults.push(
                Fault::at(file, line, 0, format!("the column {name} is missing"))
                    .hint(format!("the first line is {}", columns.needed.join(","))),
            );
        }
    }
    (faults.len() == before).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: Columns = Columns { needed: &["code", "name"], optional: &["size"] };

    fn faults(text: &[u8]) -> Vec<String> {
        let mut faults = Vec::new();
        Sheet::read("f.csv", text, COLUMNS, &mut faults);
        faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_byte_order_mark_blank_lines_and_any_line_end_are_taken_as_they_come() {
        for text in ["\u{feff}CODE,name\r\n\r\na, Ä \r\n", "code,name\n\n\na,Ä", "code,name\ra,Ä\r"]
        {
            let mut faults = Vec::new();
            let sheet =
                Sheet::read("f.csv", text.as_bytes(), COLUMNS, &mut faults).expect("a sheet");
            let names: Vec<&str> = sheet.rows().map(|row| row.text("name")).collect();
            assert_eq!((names, faults), (vec!["Ä"], vec![]), "{text:?}");
        }
    }

    #[test]
    fn the_place_of_a_cell_counts_characters_and_knows_quotation_marks() {
        let text = "code,name,size\r\n\r\n\"ä,\"\"ö\",Ü,x\r\n";
        let mut faults = Vec::new();
        let sheet = Sheet::read("f.csv", text.as_bytes(), COLUMNS, &mut faults).expect("a sheet");
        let row = sheet.rows().next().expect("a row");
        assert_eq!(row.text("code"), "ä,\"ö");
        let fault = row.whole_number("size").expect_err("not a number");
        assert_eq!((fault.line, fault.column), (3, 11));
    }

    #[test]
    fn every_fault_of_a_header_is_named() {
        let found = faults(b"code,nmae,code,size\n");
        assert_eq!(
            found,
            [
                "f.csv:1:6: the column \"nmae\" is not known\n    hint: did you mean \"name\"?",
                "f.csv:1:11: the column code stands here a second time",
                "f.csv:1: the column name is missing\n    hint: the first line is code,name",
            ]
        );
        assert!(faults(b"").concat().contains("is empty"));
    }

    #[test]
    fn a_row_of_the_wrong_width_or_with_hidden_characters_is_a_fault_at_its_place() {
        let found = faults("code,name\na\nb,\"two\nlines\"\nc,d,e\nf,\u{202e}g\n".as_bytes());
        assert_eq!(found.len(), 4);
        assert!(found[0].starts_with("f.csv:2: has 1 cells; the header has 2"), "{found:?}");
        assert!(found[1].starts_with("f.csv:3:3: the cell contains '\\n'"), "{found:?}");
        assert!(found[2].starts_with("f.csv:5: has 3 cells"), "{found:?}");
        assert!(found[3].starts_with("f.csv:6:3: the cell contains '\\u{202e}'"), "{found:?}");
    }

    #[test]
    fn a_quotation_mark_without_its_partner_is_shown_where_it_opens() {
        let found = faults(b"code,name\na,b\nc,\"d\ne,f\n");
        assert!(found[0].starts_with("f.csv:3:3: a quotation mark is opened"), "{found:?}");
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_shown_where_they_stand() {
        let found = faults(b"code,name\na,Caf\xe9\n");
        assert!(found[0].starts_with("f.csv:2:6: the file is not UTF-8"), "{found:?}");
    }
}
