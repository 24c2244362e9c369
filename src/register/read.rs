//! The register's files become a [`Register`], or all their faults at once.

use std::collections::{BTreeMap, BTreeSet};

use crate::fault::{Fault, Faults};

use super::sheet::{Columns, Row, Sheet, suggest};
use super::{Lead, Register, cluster, group, lead, pct, unit};

/// A file's contents under the name that its faults will carry.
#[derive(Debug, Clone, Copy)]
pub struct NamedText<'a> {
    /// The file as the person named it.
    pub name: &'a str,
    /// Its bytes; whether they are text is for [`read`] to find out.
    pub text: &'a [u8],
}

/// The rows of a workbook's sheet under the name that its faults will carry.
#[derive(Debug, Clone, Copy)]
pub struct NamedRows<'a> {
    /// The sheet as the person named it.
    pub name: &'a str,
    /// Its rows that hold anything with their numbers, all of one width, headings first.
    pub rows: &'a [(usize, Vec<String>)],
}

/// One table of a register, wherever it stands.
#[derive(Debug, Clone, Copy)]
pub enum Given<'a> {
    /// In a CSV file.
    Text(NamedText<'a>),
    /// In a workbook.
    Rows(NamedRows<'a>),
}

impl<'a> From<NamedText<'a>> for Given<'a> {
    fn from(text: NamedText<'a>) -> Self {
        Self::Text(text)
    }
}

impl<'a> Given<'a> {
    fn name(self) -> &'a str {
        match self {
            Self::Text(text) => text.name,
            Self::Rows(rows) => rows.name,
        }
    }
}

/// The tables of a register.
#[derive(Debug, Clone, Copy)]
pub struct Files<'a> {
    /// `clusters.csv`, where the region has clusters.
    pub clusters: Option<Given<'a>>,
    /// `pcts.csv`.
    pub pcts: Given<'a>,
    /// `reporting-units.csv`.
    pub units: Given<'a>,
    /// `consortia.csv`.
    pub groups: Given<'a>,
    /// `leads.csv`.
    pub leads: Given<'a>,
}

/// Reads a register.
///
/// # Errors
/// Every fault of every file, references between files included.
pub fn read(files: &Files<'_>) -> Result<Register, Faults> {
    let mut faults = Vec::new();
    let clusters = files.clusters.and_then(|file| sheet(file, cluster::COLUMNS, &mut faults));
    let pcts = sheet(files.pcts, pct::COLUMNS, &mut faults);
    let units = sheet(files.units, unit::COLUMNS, &mut faults);
    let groups = sheet(files.groups, group::COLUMNS, &mut faults);
    let leads = sheet(files.leads, lead::COLUMNS, &mut faults);

    let register = Register {
        clusters: rows(clusters.as_ref(), "slug", cluster::read, &mut faults),
        pcts: rows(pcts.as_ref(), "ods_code", pct::read, &mut faults),
        units: rows(units.as_ref(), "unit_slug", unit::read, &mut faults),
        groups: rows(groups.as_ref(), "slug", group::read, &mut faults),
        leads: leads.as_ref().map(|sheet| read_leads(sheet, &mut faults)).unwrap_or_default(),
    };

    if let Some(units) = &units {
        match files.clusters {
            None => no_clusters(units, &mut faults),
            Some(file) => {
                Reference { column: "cluster", to: file.name(), noun: "cluster" }.check(
                    units,
                    clusters.as_ref(),
                    "slug",
                    &mut faults,
                );
            }
        }
        unit_codes_apart_from_clusters(units, clusters.as_ref(), &mut faults);
        if let Some(pcts) = &pcts {
            each_pct_in_one_unit(pcts, units, files.pcts.name(), &mut faults);
        }
    }
    if let Some(groups) = &groups {
        Reference { column: "pct_code", to: files.pcts.name(), noun: "PCT" }.check(
            groups,
            pcts.as_ref(),
            "ods_code",
            &mut faults,
        );
    }
    if let Some(leads) = &leads {
        Reference { column: "consortium_slug", to: files.groups.name(), noun: "PBC group" }.check(
            leads,
            groups.as_ref(),
            "slug",
            &mut faults,
        );
    }
    if faults.is_empty() { Ok(register.sorted()) } else { Err(Faults::new(faults)) }
}

fn sheet<'t>(given: Given<'t>, columns: Columns, faults: &mut Vec<Fault>) -> Option<Sheet<'t>> {
    match given {
        Given::Text(file) => Sheet::read(file.name, file.text, columns, faults),
        Given::Rows(sheet) => Sheet::of_rows(sheet.name, sheet.rows, columns, faults),
    }
}

fn rows<T>(
    sheet: Option<&Sheet<'_>>,
    code: &str,
    read: impl Fn(Row<'_>, &mut Vec<Fault>) -> Option<T>,
    faults: &mut Vec<Fault>,
) -> Vec<T> {
    let mut found = Vec::new();
    let mut first = BTreeMap::new();
    for row in sheet.iter().flat_map(|sheet| sheet.rows()) {
        found.extend(read(row, faults));
        let text = row.text(code);
        // Codes that differ in letter case alone would be one code to a reader.
        match first.get(&text.to_lowercase()) {
            Some(before) if !text.is_empty() => {
                let line = Row::line(*before);
                faults.push(row.fault(code, format!("{text} is already on line {line}")));
            }
            _ => {
                first.insert(text.to_lowercase(), row);
            }
        }
    }
    found
}

fn read_leads(sheet: &Sheet<'_>, faults: &mut Vec<Fault>) -> Vec<Lead> {
    let mut found = Vec::new();
    let mut first = BTreeMap::new();
    for row in sheet.rows() {
        let Some(lead) = lead::read(row, faults) else { continue };
        if let Some(before) = first.insert(lead.key(), row) {
            let line = Row::line(before);
            let what = format!("this address is already on line {line} for the same PBC group");
            faults.push(row.fault("email", what).hint("a lead is asked once for a group"));
        }
        found.push(lead);
    }
    found
}

/// A column whose texts are codes of another file.
struct Reference<'a> {
    column: &'static str,
    to: &'a str,
    noun: &'static str,
}

impl Reference<'_> {
    fn check(&self, from: &Sheet<'_>, to: Option<&Sheet<'_>>, code: &str, faults: &mut Vec<Fault>) {
        // Without the other file's sheet its own faults are enough to read.
        let Some(known) = to.map(|sheet| sheet.mentions(code)) else { return };
        for row in from.rows() {
            let text = row.text(self.column);
            if !text.is_empty() {
                faults.extend(self.fault(row, text, &known));
            }
        }
    }

    fn fault(&self, row: Row<'_>, text: &str, known: &BTreeSet<String>) -> Option<Fault> {
        let what = || format!("the {} {text:?} is not in {}", self.noun, self.to);
        (!known.contains(text)).then(|| suggest(row.fault(self.column, what()), text, known))
    }
}

fn no_clusters(units: &Sheet<'_>, faults: &mut Vec<Fault>) {
    let named = units.rows().filter(|row| !row.text("cluster").is_empty());
    faults.extend(named.map(|row| {
        row.fault(
            "cluster",
            format!("names the cluster {:?}, but there is no clusters.csv", row.text("cluster")),
        )
        .hint("add clusters.csv with the columns slug,name, or leave the cell empty")
    }));
}

fn unit_codes_apart_from_clusters(
    units: &Sheet<'_>,
    clusters: Option<&Sheet<'_>>,
    faults: &mut Vec<Fault>,
) {
    let taken = clusters.map(|sheet| sheet.mentions("slug")).unwrap_or_default();
    let both = units.rows().filter(|row| taken.contains(row.text("unit_slug")));
    faults.extend(both.map(|row| {
        row.fault("unit_slug", format!("{} is also the code of a cluster", row.text("unit_slug")))
    }));
}

fn each_pct_in_one_unit(
    pcts: &Sheet<'_>,
    units: &Sheet<'_>,
    pcts_file: &str,
    faults: &mut Vec<Fault>,
) {
    let known = pcts.mentions("ods_code");
    let reference = Reference { column: "pct_codes", to: pcts_file, noun: "PCT" };
    let mut homes: BTreeMap<&str, usize> = BTreeMap::new();
    for row in units.rows() {
        for code in row.text("pct_codes").split(';').map(str::trim).filter(|code| !code.is_empty())
        {
            faults.extend(reference.fault(row, code, &known));
            if let Some(line) = homes.insert(code, row.line()) {
                let what =
                    format!("the PCT {code} is already in the reporting unit on line {line}");
                faults.push(row.fault("pct_codes", what));
            }
        }
    }
    // A broken row of units may well be the home that is missed.
    let mentioned: BTreeSet<String> = units
        .mentions("pct_codes")
        .iter()
        .flat_map(|codes| codes.split(';').map(|code| code.trim().to_owned()))
        .collect();
    for row in pcts.rows() {
        let code = row.text("ods_code");
        if !code.is_empty() && !mentioned.contains(code) {
            let what = format!("the PCT {code} is in no reporting unit");
            faults.push(row.fault("ods_code", what).hint("name it in pct_codes of one unit"));
        }
    }
}
