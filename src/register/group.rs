//! A PBC group: the practices that commission together, and whose leads answer.

use chrono::NaiveDate;

use crate::fault::Fault;
use crate::id::{GroupSlug, PctCode};

use super::difference::{Noun, Value};
use super::sheet::{Columns, MOST_NAME, MOST_REMARK, Row, note};

/// A PBC group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PbcGroup {
    /// Its code.
    pub slug: GroupSlug,
    /// Its name.
    pub name: String,
    /// The PCT it works with.
    pub pct: PctCode,
    /// How many practices it has, if known.
    pub practices: Option<u32>,
    /// How many patients they have, if known.
    pub population: Option<u32>,
    /// What it is in law, in words.
    pub legal_form: String,
    /// When that was so: a year, a month or a day as the file has it, or nothing.
    pub as_at: String,
    /// Where the facts come from.
    pub source: String,
    /// Whether the group is made up.
    pub synthetic: bool,
}

pub(super) const COLUMNS: Columns = Columns {
    needed: &["slug", "name", "pct_code"],
    optional: &["practices", "population", "legal_form", "as_at", "source", "synthetic"],
};

pub(super) fn read(row: Row<'_>, faults: &mut Vec<Fault>) -> Option<PbcGroup> {
    let slug = note(faults, row.parsed("slug"));
    let name = note(faults, row.named("name"));
    let pct = note(faults, row.parsed("pct_code"));
    let practices = note(faults, row.whole_number("practices"));
    let population = note(faults, row.whole_number("population"));
    let legal_form = note(faults, row.at_most("legal_form", MOST_NAME));
    let as_at = note(faults, day_month_or_year(row));
    let source = note(faults, row.at_most("source", MOST_REMARK));
    let synthetic = note(faults, row.yes("synthetic"));
    Some(PbcGroup {
        slug: slug?,
        name: name?.to_owned(),
        pct: pct?,
        practices: practices?,
        population: population?,
        legal_form: legal_form?.to_owned(),
        as_at: as_at?.to_owned(),
        source: source?.to_owned(),
        synthetic: synthetic?,
    })
}

fn day_month_or_year(row: Row<'_>) -> Result<&str, Fault> {
    let text = row.text("as_at");
    let day = match text.len() {
        0 => return Ok(text),
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        _ => text.to_owned(),
    };
    match NaiveDate::parse_from_str(&day, "%Y-%m-%d") {
        Ok(date) if date.to_string() == day => Ok(text),
        _ => Err(row
            .fault("as_at", format!("as_at is {text:?}, not a date"))
            .hint("write 2007-09-01, 2007-09 or 2007")),
    }
}

impl Noun for PbcGroup {
    const ONE: &'static str = "PBC group";
    const MANY: &'static str = "PBC groups";

    fn key(&self) -> String {
        self.slug.to_string()
    }

    fn label(&self) -> String {
        format!("{} {}", self.slug, self.name)
    }

    fn values(&self) -> Vec<Value> {
        vec![
            Value::open("name", &self.name),
            Value::open("PCT", self.pct.as_str()),
            Value::number("practices", self.practices),
            Value::number("population", self.population),
            Value::open("legal form", &self.legal_form),
            Value::open("as at", &self.as_at),
            Value::open("source", &self.source),
            Value::yes("synthetic", self.synthetic),
        ]
    }
}
