//! Sheets on their way out: rows by heading, and the losses at their cells.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::super::loss::Loss;

/// A sheet under its headings.
#[derive(Debug, Default)]
pub(super) struct Page {
    name: &'static str,
    /// The headings in order; those after the fixed ones appear if they are used.
    headings: &'static [&'static str],
    fixed: usize,
    rows: Vec<BTreeMap<&'static str, String>>,
    losses: Vec<Spot>,
}

/// A loss at a cell, before it is known which columns there are.
#[derive(Debug)]
struct Spot {
    /// From 1 for the first row under the headings; 0 for the whole column.
    row: usize,
    key: &'static str,
    what: String,
    why: String,
}

/// A row that is being filled in.
pub(super) struct Line<'p> {
    page: &'p mut Page,
}

impl Page {
    pub(super) fn new(name: &'static str, headings: &'static [&'static str], fixed: usize) -> Self {
        Self { name, headings, fixed, rows: Vec::new(), losses: Vec::new() }
    }

    /// Begins a row.
    pub(super) fn line(&mut self) -> Line<'_> {
        self.rows.push(BTreeMap::new());
        Line { page: self }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// A loss of a whole column; of the whole sheet if it has no such column.
    pub(super) fn lose(
        &mut self,
        key: &'static str,
        what: impl Into<String>,
        why: impl Into<String>,
    ) {
        self.losses.push(Spot { row: 0, key, what: what.into(), why: why.into() });
    }

    /// Whether a column has anything in it.
    pub(super) fn uses(&self, key: &str) -> bool {
        self.rows.iter().any(|row| row.contains_key(key))
    }

    fn columns(&self) -> Vec<&'static str> {
        let used = |at: usize, key: &str| at < self.fixed || self.uses(key);
        let headings = self.headings.iter().enumerate();
        headings.filter(|(at, key)| used(*at, key)).map(|(_, key)| *key).collect()
    }

    /// The losses at their places.
    pub(super) fn losses(&self) -> Vec<Loss> {
        let columns = self.columns();
        let told = self.losses.iter().map(|spot| {
            let column = columns.iter().position(|key| *key == spot.key).map_or(0, |at| at + 1);
            Loss {
                sheet: self.name.to_owned(),
                // The headings stand in row 1.
                row: if spot.row == 0 {
                    0
                } else {
                    u32::try_from(spot.row + 1).unwrap_or(u32::MAX)
                },
                column: u32::try_from(column).unwrap_or_default(),
                heading: if column == 0 { String::new() } else { spot.key.to_owned() },
                what: spot.what.clone(),
                why: spot.why.clone(),
            }
        });
        told.collect()
    }

    fn write(&self, book: &mut Workbook) -> Result<(), XlsxError> {
        let bold = Format::new().set_bold();
        let sheet = book.add_worksheet();
        sheet.set_name(self.name)?;
        sheet.set_freeze_panes(1, 0)?;
        let columns = self.columns();
        for (at, key) in (0_u16..).zip(&columns) {
            sheet.write_string_with_format(0, at, *key, &bold)?;
            let wide = matches!(*key, "label" | "hint" | "relevant" | "constraint" | "about");
            sheet.set_column_width(at, if wide { 48 } else { 18 })?;
        }
        for (number, row) in (1_u32..).zip(&self.rows) {
            for (at, key) in (0_u16..).zip(&columns) {
                if let Some(text) = row.get(key) {
                    sheet.write_string(number, at, text)?;
                }
            }
        }
        Ok(())
    }
}

impl Line<'_> {
    /// Fills a cell; an empty text leaves it empty.
    pub(super) fn set(&mut self, key: &'static str, text: impl Into<String>) -> &mut Self {
        let text = text.into();
        if let Some(row) = self.page.rows.last_mut()
            && !text.is_empty()
        {
            row.insert(key, text);
        }
        self
    }

    /// A loss at a cell of this row.
    pub(super) fn lose(
        &mut self,
        key: &'static str,
        what: impl Into<String>,
        why: impl Into<String>,
    ) -> &mut Self {
        let row = self.page.rows.len();
        self.page.losses.push(Spot { row, key, what: what.into(), why: why.into() });
        self
    }

    /// Fills a cell of a column that is our own, which others pass over.
    pub(super) fn own(
        &mut self,
        key: &'static str,
        text: impl Into<String>,
        why: &str,
    ) -> &mut Self {
        let text = text.into();
        if !text.is_empty() {
            self.lose(key, "other programs pass over this column", why);
            self.set(key, text);
        }
        self
    }
}

/// The bytes of a workbook of these sheets. The same survey gives the same bytes.
pub(super) fn bytes(pages: &[&Page]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let long_ago = rust_xlsxwriter::ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&long_ago));
    for page in pages {
        page.write(&mut book)?;
    }
    book.save_to_buffer()
}
