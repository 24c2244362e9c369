//! A stocktake file becomes returns, or all its faults at once.

use std::collections::{BTreeMap, BTreeSet};

use crate::fault::{Fault, Faults};
use crate::id::UnitSlug;
use crate::register::ReportingUnit;
use crate::register::sheet::{Columns, Row, Sheet, note, suggest};

use super::{Claim, Light, Return};

const COLUMNS: Columns = Columns {
    needed: &[
        "PCT",
        "incentive agreed",
        "information agreed",
        "governance agreed",
        "budget signed off",
        "plans signed off",
    ],
    optional: &["traffic_light"],
};

/// Reads the returns in the order of the file. A reporting unit is recognised by
/// its label or its slug in any letter case; one without a row has no return.
///
/// # Errors
/// Every fault of the file.
pub fn read(
    file: &str,
    text: impl AsRef<[u8]>,
    units: &[ReportingUnit],
) -> Result<Vec<Return>, Faults> {
    let mut faults = Vec::new();
    let sheet = Sheet::read(file, text.as_ref(), COLUMNS, &mut faults);
    let mut returns = Vec::new();
    let mut first = BTreeMap::new();
    for row in sheet.iter().flat_map(Sheet::rows) {
        let Some(found) = read_row(row, units, &mut faults) else { continue };
        if let Some(line) = first.insert(found.unit.clone(), row.line()) {
            let what = format!("{} already has a return on line {line}", row.text("PCT"));
            faults.push(row.fault("PCT", what));
        }
        returns.push(found);
    }
    if faults.is_empty() { Ok(returns) } else { Err(Faults::new(faults)) }
}

fn read_row(row: Row<'_>, units: &[ReportingUnit], faults: &mut Vec<Fault>) -> Option<Return> {
    let mut claim = |column| note(faults, claim(row, column));
    let incentive = claim("incentive agreed");
    let information = claim("information agreed");
    let governance = claim("governance agreed");
    let budget = claim("budget signed off");
    let plans = claim("plans signed off");
    let published = note(faults, published(row));
    let unit = note(faults, unit(row, units));
    Some(Return {
        unit: unit?,
        incentive: incentive?,
        information: information?,
        governance: governance?,
        budget: budget?,
        plans: plans?,
        published: published?,
    })
}

fn claim(row: Row<'_>, column: &str) -> Result<Claim, Fault> {
    row.parsed(column)
        .map_err(|fault| fault.hint("write yes, no, a share such as 75%, or nothing if not known"))
}

fn published(row: Row<'_>) -> Result<Option<Light>, Fault> {
    match row.text("traffic_light") {
        "" => Ok(None),
        _ => row
            .parsed("traffic_light")
            .map(Some)
            .map_err(|fault| fault.hint("write G, A or R, or nothing")),
    }
}

fn unit(row: Row<'_>, units: &[ReportingUnit]) -> Result<UnitSlug, Fault> {
    let text = row.filled("PCT")?;
    let same = |other: &str| other.to_lowercase() == text.to_lowercase();
    let found = units.iter().find(|unit| same(&unit.label) || same(unit.slug.as_str()));
    found.map(|unit| unit.slug.clone()).ok_or_else(|| {
        let known: BTreeSet<String> = units.iter().map(|unit| unit.label.clone()).collect();
        let what = format!("{text:?} is not a reporting unit of the register");
        suggest(row.fault("PCT", what), text, &known)
    })
}
