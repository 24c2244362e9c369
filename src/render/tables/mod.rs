//! What is published as tables in files: `figures.csv`, `distribution.csv`,
//! `region.csv`, and `datapackage.json` that describes them.
//!
//! A release is written as people print it: scores with one place, percentages
//! without. What was computed but not rounded is written with every place it
//! has, so that reading it back gives the same number.

mod datapackage;
mod distribution;
mod figures;
mod region;

pub use datapackage::{Description, Kind as TableKind, datapackage};
pub use distribution::write_distribution;
pub use figures::{columns, write_figures};
pub(in crate::render) use region::places;
pub use region::write_region;

use std::io::{self, Write};

use super::json::Table;
use crate::release::{Contents, Figure, Level};

/// A number as a table has it.
pub trait Printed: Copy {
    /// The number, with so many places if it is a published one.
    fn text(self, places: u32) -> String;
    /// A chance.
    fn chance(self) -> String;
    /// The share of two counts in percent; none of none.
    fn percent(part: u64, of: u64) -> Option<String>;
}

impl Printed for Figure {
    fn text(self, places: u32) -> String {
        let units = self.units(places);
        let (sign, size) = (if units < 0 { "-" } else { "" }, units.unsigned_abs());
        let unit = 10_u64.pow(places);
        match places {
            0 => format!("{sign}{size}"),
            _ => format!("{sign}{}.{:02$}", size / unit, size % unit, places as usize),
        }
    }

    fn chance(self) -> String {
        crate::release::print::chance(self)
    }

    fn percent(part: u64, of: u64) -> Option<String> {
        crate::release::print::percent(part, of)
    }
}

impl Printed for f64 {
    /// Every place it has.
    fn text(self, _: u32) -> String {
        // There is no nought below nought.
        format!("{}", self + 0.0)
    }

    fn chance(self) -> String {
        self.text(3)
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of people")]
    fn percent(part: u64, of: u64) -> Option<String> {
        (of > 0).then(|| (100.0 * part as f64 / of as f64).text(0))
    }
}

/// One of the tables as a text.
#[must_use]
pub fn text<N: Printed>(
    contents: &Contents<N>,
    write: impl FnOnce(&Contents<N>, bool, &mut Vec<u8>) -> io::Result<()>,
) -> String {
    let mut bytes = Vec::new();
    // Memory refuses nothing, and fields are texts.
    drop(write(contents, true, &mut bytes));
    String::from_utf8(bytes).unwrap_or_default()
}

/// Writes one line as CSV wants it (RFC 4180).
fn record<'t>(out: &mut impl Write, fields: impl Iterator<Item = &'t str>) -> io::Result<()> {
    for (place, field) in fields.enumerate() {
        if place > 0 {
            out.write_all(b",")?;
        }
        if field.contains(['"', ',', '\n', '\r']) {
            write!(out, "\"{}\"", field.replace('"', "\"\""))?;
        } else {
            out.write_all(field.as_bytes())?;
        }
    }
    out.write_all(b"\n")
}

/// The columns of a table: name, what stands in them, what they mean.
pub(in crate::render) fn columns_of(table: Table) -> Vec<(&'static str, TableKind, &'static str)> {
    let fields: &[datapackage::Field] = match table {
        Table::Figures => &datapackage::FIGURES,
        Table::Distribution => &datapackage::DISTRIBUTION,
        Table::Region => &datapackage::REGION,
    };
    fields.iter().map(|field| (field.0, field.1, field.2)).collect()
}

pub(in crate::render) fn level(level: Level) -> &'static str {
    match level {
        Level::Nation => "nation",
        Level::Region => "region",
        Level::Cluster => "cluster",
        Level::Pct => "pct",
    }
}

#[cfg(test)]
mod tests;
