//! A reporting unit: a row of the stocktake and a leaf of the results, usually
//! one PCT, for Herts two.

use crate::fault::Fault;
use crate::id::{ClusterSlug, PctCode, UnitSlug};

use super::difference::{Noun, Value};
use super::sheet::{Columns, Row, note};

/// A reporting unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportingUnit {
    /// Its code.
    pub slug: UnitSlug,
    /// Its name as the stocktake prints it.
    pub label: String,
    /// The PCTs that report as one.
    pub pcts: Vec<PctCode>,
    /// The cluster it stands in, where the region has clusters.
    pub cluster: Option<ClusterSlug>,
}

pub(super) const COLUMNS: Columns =
    Columns { needed: &["unit_slug", "stocktake_label", "pct_codes"], optional: &["cluster"] };

pub(super) fn read(row: Row<'_>, faults: &mut Vec<Fault>) -> Option<ReportingUnit> {
    let slug = note(faults, row.parsed("unit_slug"));
    let label = note(faults, row.named("stocktake_label"));
    let pcts = note(faults, pct_codes(row));
    let cluster = match row.text("cluster") {
        "" => Some(None),
        _ => note(faults, row.parsed("cluster")).map(Some),
    };
    Some(ReportingUnit { slug: slug?, label: label?.to_owned(), pcts: pcts?, cluster: cluster? })
}

fn pct_codes(row: Row<'_>) -> Result<Vec<PctCode>, Fault> {
    row.filled("pct_codes")?
        .split(';')
        .map(|code| {
            code.trim().parse().map_err(|why| {
                row.fault("pct_codes", format!("the PCT code {:?} {why}", code.trim()))
                    .hint("separate several codes by ;")
            })
        })
        .collect()
}

impl Noun for ReportingUnit {
    const ONE: &'static str = "reporting unit";
    const MANY: &'static str = "reporting units";

    fn key(&self) -> String {
        self.slug.to_string()
    }

    fn label(&self) -> String {
        format!("{} {}", self.slug, self.label)
    }

    fn values(&self) -> Vec<Value> {
        let pcts: Vec<&str> = self.pcts.iter().map(PctCode::as_str).collect();
        vec![
            Value::open("label", &self.label),
            Value::open("PCTs", &pcts.join(";")),
            Value::open("cluster", self.cluster.as_ref().map_or("", ClusterSlug::as_str)),
        ]
    }
}
