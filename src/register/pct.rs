//! A statutory PCT.

use crate::fault::Fault;
use crate::id::PctCode;

use super::difference::{Noun, Value};
use super::sheet::{Columns, MOST_NAME, MOST_REMARK, Row, note};

/// A statutory PCT.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pct {
    /// Its ODS code.
    pub code: PctCode,
    /// Its full name.
    pub name: String,
    /// Its name for tables; the full name if the file gives none.
    pub short_name: String,
    /// People in its area or on its lists, as `source` says.
    pub population: Option<u32>,
    /// Where the facts come from.
    pub source: String,
}

pub(super) const COLUMNS: Columns = Columns {
    needed: &["ods_code", "name"],
    optional: &["short_name", "registered_population", "source"],
};

pub(super) fn read(row: Row<'_>, faults: &mut Vec<Fault>) -> Option<Pct> {
    let code = note(faults, row.parsed("ods_code"));
    let name = note(faults, row.named("name"));
    let population = note(faults, row.whole_number("registered_population"));
    let short = note(faults, row.at_most("short_name", MOST_NAME));
    let source = note(faults, row.at_most("source", MOST_REMARK));
    let name = name?.to_owned();
    let short = short?;
    Some(Pct {
        code: code?,
        short_name: if short.is_empty() { name.clone() } else { short.to_owned() },
        name,
        population: population?,
        source: source?.to_owned(),
    })
}

impl Noun for Pct {
    const ONE: &'static str = "PCT";
    const MANY: &'static str = "PCTs";

    fn key(&self) -> String {
        self.code.to_string()
    }

    fn label(&self) -> String {
        format!("{} {}", self.code, self.name)
    }

    fn values(&self) -> Vec<Value> {
        vec![
            Value::open("name", &self.name),
            Value::open("short name", &self.short_name),
            Value::number("population", self.population),
            Value::open("source", &self.source),
        ]
    }
}
