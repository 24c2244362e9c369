//! A register as files again: what is written here reads back as the same register,
//! and nothing in it is taken for a formula by a spreadsheet.

use chrono::{Datelike as _, NaiveDate};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use sha2::{Digest as _, Sha256};

use crate::fault::Faults;
use crate::id::{ClusterSlug, PctCode};
use crate::spreadsheet::guarded;

use super::read::{Files, Given, NamedText, read};
use super::{Register, TableKind};

/// A workbook of the register could not be made: a fault of the program.
#[derive(Debug, thiserror::Error)]
#[error("the workbook of the register could not be made: {0}")]
pub struct BookError(#[from] XlsxError);

/// What stands in a cell.
enum Cell {
    Words(String),
    Number(Option<u32>),
}

impl Cell {
    fn words(text: impl Into<String>) -> Self {
        Self::Words(text.into())
    }

    fn yes(yes: bool) -> Self {
        Self::words(if yes { "yes" } else { "no" })
    }

    fn text(&self) -> String {
        match self {
            Self::Words(words) => words.clone(),
            Self::Number(number) => number.map(|n| n.to_string()).unwrap_or_default(),
        }
    }
}

/// The cells of a table in the order of its columns.
fn rows(register: &Register, kind: TableKind) -> Vec<Vec<Cell>> {
    use Cell::Number;
    let words = |text: &str| Cell::words(text);
    match kind {
        TableKind::Clusters => {
            let row = |one: &super::Cluster| vec![words(one.slug.as_str()), words(&one.name)];
            register.clusters.iter().map(row).collect()
        }
        TableKind::Pcts => {
            let row = |pct: &super::Pct| {
                vec![
                    words(pct.code.as_str()),
                    words(&pct.name),
                    words(&pct.short_name),
                    Number(pct.population),
                    words(&pct.source),
                ]
            };
            register.pcts.iter().map(row).collect()
        }
        TableKind::Units => {
            let row = |unit: &super::ReportingUnit| {
                let pcts: Vec<&str> = unit.pcts.iter().map(PctCode::as_str).collect();
                vec![
                    words(unit.slug.as_str()),
                    words(&unit.label),
                    words(&pcts.join(";")),
                    words(unit.cluster.as_ref().map_or("", ClusterSlug::as_str)),
                ]
            };
            register.units.iter().map(row).collect()
        }
        TableKind::Groups => {
            let row = |group: &super::PbcGroup| {
                vec![
                    words(group.slug.as_str()),
                    words(&group.name),
                    words(group.pct.as_str()),
                    Number(group.practices),
                    Number(group.population),
                    words(&group.legal_form),
                    words(&group.as_at),
                    words(&group.source),
                    Cell::yes(group.synthetic),
                ]
            };
            register.groups.iter().map(row).collect()
        }
        TableKind::Leads => {
            let row = |lead: &super::Lead| {
                vec![
                    words(lead.group.as_str()),
                    words(lead.name.expose()),
                    words(&lead.role),
                    words(lead.email.expose()),
                    Cell::yes(lead.synthetic),
                ]
            };
            register.leads.iter().map(row).collect()
        }
    }
}

/// One table of the register as CSV.
#[must_use]
pub fn csv(register: &Register, kind: TableKind) -> String {
    let mut out = csv::WriterBuilder::new().from_writer(Vec::new());
    // Memory refuses nothing, and each row has the width of the header.
    drop(out.write_record(kind.columns()));
    for row in rows(register, kind) {
        drop(out.write_record(row.iter().map(|cell| guarded(&cell.text()).into_owned())));
    }
    let bytes = out.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// The whole register as a workbook: a sheet for each table that has anything in it,
/// and for each that must be there.
///
/// # Errors
/// If a text is longer than a cell may be.
pub fn book(register: &Register, day: NaiveDate) -> Result<Vec<u8>, BookError> {
    let mut book = Workbook::new();
    let created = ExcelDateTime::from_ymd(
        u16::try_from(day.year()).unwrap_or(2000),
        u8::try_from(day.month()).unwrap_or(1),
        u8::try_from(day.day()).unwrap_or(1),
    )?;
    book.set_properties(
        &DocProperties::new()
            .set_title("Register of PBC groups")
            .set_author("Soundings")
            .set_creation_datetime(&created),
    );
    for kind in TableKind::ALL {
        if kind != TableKind::Clusters || !register.clusters.is_empty() {
            write_sheet(book.add_worksheet(), register, kind)?;
        }
    }
    Ok(book.save_to_buffer()?)
}

/// Wide enough to read, and no wider.
fn width(column: &str) -> f64 {
    match column {
        "name" | "email" | "stocktake_label" => 36.0,
        "source" => 50.0,
        "slug" | "consortium_slug" | "legal_form" | "role" => 28.0,
        _ => 18.0,
    }
}

fn write_sheet(
    sheet: &mut Worksheet,
    register: &Register,
    kind: TableKind,
) -> Result<(), XlsxError> {
    let head = Format::new().set_bold();
    // A cell of text that stays text when somebody edits it.
    let text = Format::new().set_num_format("@").set_quote_prefix();
    sheet.set_name(kind.word())?;
    sheet.set_freeze_panes(1, 0)?;
    for (at, column) in (0..).zip(kind.columns()) {
        sheet.set_column_width(at, width(column))?;
        sheet.write_string_with_format(0, at, column, &head)?;
    }
    for (row, cells) in (1..).zip(rows(register, kind)) {
        for (at, cell) in (0..).zip(&cells) {
            match cell {
                Cell::Words(words) if words.is_empty() => {}
                Cell::Words(words) => {
                    sheet.write_string_with_format(row, at, guarded(words), &text)?;
                }
                Cell::Number(number) => {
                    if let Some(number) = number {
                        sheet.write_number(row, at, *number)?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// The whole register as one text that [`unpack`] reads.
#[must_use]
pub fn pack(register: &Register) -> String {
    let tables: serde_json::Map<String, serde_json::Value> = TableKind::ALL
        .into_iter()
        .map(|kind| (kind.word().to_owned(), csv(register, kind).into()))
        .collect();
    serde_json::Value::Object(tables).to_string()
}

/// The register of a text that [`pack`] wrote.
///
/// # Errors
/// Every fault in it, if it was damaged or the rules have become stricter since.
pub fn unpack(packed: &str) -> Result<Register, Faults> {
    let tables: serde_json::Value = serde_json::from_str(packed).unwrap_or_default();
    let table = |kind: TableKind| {
        let text = tables.get(kind.word()).and_then(serde_json::Value::as_str).unwrap_or_default();
        Given::from(NamedText { name: kind.word(), text: text.as_bytes() })
    };
    read(&Files {
        clusters: Some(table(TableKind::Clusters)),
        pcts: table(TableKind::Pcts),
        units: table(TableKind::Units),
        groups: table(TableKind::Groups),
        leads: table(TableKind::Leads),
    })
}

/// A number for a register's contents: two registers that differ have different ones.
#[must_use]
pub fn digest(register: &Register) -> String {
    hex::encode(Sha256::digest(pack(register).as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::sample;

    #[test]
    fn what_is_packed_is_unpacked_as_it_was() {
        let mut register = sample();
        register.groups[0].name = "=HYPERLINK(\"http://example.org\")".to_owned();
        register.groups[0].legal_form = "''@SUM(1,2)".to_owned();
        register.leads[0].role = "'tis a \"chair\", they say".to_owned();
        assert_eq!(unpack(&pack(&register)), Ok(register.clone()));
        let groups = csv(&register, TableKind::Groups);
        assert!(groups.contains("\"'=HYPERLINK("), "{groups}");
        assert!(groups.contains("\"'''@SUM(1,2)\""), "{groups}");
        assert!(csv(&register, TableKind::Leads).contains("\"'tis a \"\"chair\"\", they say\""));
    }

    #[test]
    fn a_digest_tells_registers_apart() {
        let mut other = sample();
        assert_eq!(digest(&other), digest(&sample()));
        other.leads[1].role.push('s');
        assert_ne!(digest(&other), digest(&sample()));
    }

    #[test]
    fn a_damaged_pack_is_refused() {
        assert!(unpack("{").is_err());
        assert!(unpack("{\"pcts\":\"x\"}").is_err());
    }
}
