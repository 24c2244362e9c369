//! A release as JSON for programs: the tables with a name for every figure,
//! and what they are of. Made of the same rows as the files, so that the two
//! cannot differ.

use serde_json::{Map, Value, json};

use super::tables::{self, TableKind};
use crate::release::{Measure, Org, Release};
use crate::spreadsheet::unguarded;

/// A table that programs read row by row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// One row per node and measure.
    Figures,
    /// Answers per option.
    Distribution,
    /// Figures of the root as a whole.
    Region,
}

/// Which rows are wanted; none wants all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// The node's code.
    pub org: Option<String>,
    /// The measure's code.
    pub measure: Option<String>,
}

impl Table {
    /// Its name in addresses and answers.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Figures => "figures",
            Self::Distribution => "distribution",
            Self::Region => "region",
        }
    }

    /// The rows that are wanted, each with a value for every column.
    #[must_use]
    pub fn rows(self, release: &Release, filter: &Filter) -> Vec<Value> {
        let text = match self {
            Self::Figures => tables::text(release, tables::write_figures),
            Self::Distribution => tables::text(release, tables::write_distribution),
            Self::Region => tables::text(release, tables::write_region),
        };
        let columns = tables::columns_of(self);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let rows = reader.records().filter_map(Result::ok).map(|record| {
            let values = columns.iter().zip(record.iter());
            let values =
                values.map(|((name, kind, _), text)| ((*name).to_owned(), value(*kind, text)));
            values.collect::<Map<String, Value>>()
        });
        let is = |row: &Map<String, Value>, column: &str, wanted: &Option<String>| {
            wanted
                .as_ref()
                .is_none_or(|wanted| row.get(column).is_some_and(|value| value == wanted))
        };
        rows.filter(|row| is(row, "org", &filter.org) && is(row, "measure", &filter.measure))
            .map(Value::Object)
            .collect()
    }

    /// What a row holds, as a JSON schema.
    #[must_use]
    pub fn schema(self) -> Value {
        let columns = tables::columns_of(self);
        let property = |kind: TableKind, meaning: &str| match kind {
            TableKind::Text | TableKind::Chance => {
                json!({ "type": ["string", "null"], "description": meaning })
            }
            TableKind::Whole => json!({ "type": ["integer", "null"], "description": meaning }),
            TableKind::Number => json!({ "type": ["number", "null"], "description": meaning }),
        };
        let properties: Map<String, Value> = columns
            .iter()
            .map(|(name, kind, meaning)| ((*name).to_owned(), property(*kind, meaning)))
            .collect();
        let names: Vec<&str> = columns.iter().map(|(name, ..)| *name).collect();
        json!({
            "type": "object", "properties": properties, "required": names,
            "additionalProperties": false,
        })
    }
}

/// What stands in a field of a table; what is empty is nothing.
fn value(kind: TableKind, text: &str) -> Value {
    if text.is_empty() {
        return Value::Null;
    }
    match kind {
        TableKind::Whole => text.parse::<i64>().map_or(Value::Null, Value::from),
        TableKind::Number => text.parse::<f64>().map_or(Value::Null, Value::from),
        TableKind::Text | TableKind::Chance => Value::from(unguarded(text)),
    }
}

/// What a release is of, and how it was made.
#[must_use]
pub fn about(release: &Release) -> Value {
    let (about, settings) = (release.about(), release.settings());
    let root = release.root();
    json!({
        "wave": about.wave,
        "title": about.wave_title,
        "survey": about.survey,
        "survey_title": about.survey_title,
        "survey_version": about.survey_version,
        "fingerprint": about.fingerprint,
        "purpose": about.purpose.word(),
        "fin_year": about.fin_year,
        "opened": about.opened,
        "closed": about.closed,
        "digest": release.digest(),
        "invited": root.map(|org| org.invited),
        "responded": root.and_then(|org| org.responded),
        "smallest_group": settings.k,
        "smallest_groups": settings.min_groups,
        "confidence": settings.confidence,
        "fdr": settings.fdr,
        "material_delta": settings.material_delta,
        "material_change": settings.material_change,
        "gap_margin": settings.gap_margin,
    })
}

/// The nodes, by code.
#[must_use]
pub fn orgs(release: &Release) -> Vec<Value> {
    let org = |org: &Org| {
        json!({
            "code": org.code, "name": org.name, "level": tables::level(org.level),
            "parent": org.parent, "invited": org.invited, "responded": org.responded,
            "groups": org.groups,
        })
    };
    release.nodes().iter().map(org).collect()
}

/// The measures, in their order.
#[must_use]
pub fn measures(release: &Release) -> Vec<Value> {
    let measure = |measure: &Measure| {
        let options: Vec<Value> = measure
            .options
            .iter()
            .map(|option| {
                json!({
                    "value": option.value, "label": option.label, "score": option.score,
                    "counted": option.counted,
                })
            })
            .collect();
        let members: Vec<Value> = measure
            .members
            .iter()
            .map(|member| json!({ "item": member.item, "weight": member.weight }))
            .collect();
        json!({
            "code": measure.code, "kind": measure.kind.code(), "severity": measure.severity,
            "label": measure.label, "stem": measure.stem, "section": measure.section,
            "options": options, "members": members,
        })
    };
    release.measures().iter().map(measure).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::sample::release;
    use crate::render::tables::{text, write_figures};

    #[test]
    fn a_row_has_what_the_table_has_and_nothing_where_that_is_empty() {
        let release = release();
        let rows = Table::Figures.rows(&release, &Filter::default());
        let table = text(&*release, write_figures);
        let mut reader = csv::Reader::from_reader(table.as_bytes());
        let heads = reader.headers().expect("heads").clone();
        let records: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
        assert_eq!(rows.len(), records.len());
        for (row, record) in rows.iter().zip(&records) {
            for (head, text) in heads.iter().zip(record) {
                match &row[head] {
                    Value::Null => assert_eq!(text, "", "{head}"),
                    Value::String(value) => assert_eq!(text.trim_start_matches('\''), value),
                    Value::Number(value) => {
                        assert!(
                            (value.as_f64().expect("a number") - text.parse::<f64>().expect("one"))
                                .abs()
                                < 1e-12
                        );
                    }
                    other => panic!("{other}"),
                }
            }
        }
        // What a spreadsheet would take for a formula is a plain name to a program.
        assert_eq!(rows[0]["name"], "-Unit a");
    }

    #[test]
    fn rows_are_picked_by_node_and_measure() {
        let release = release();
        let org = Some("eoe".to_owned());
        let measure = Some("OVERALL".to_owned());
        let rows = Table::Figures.rows(&release, &Filter { org, measure });
        assert_eq!(rows.len(), 1);
        assert_eq!((&rows[0]["org"], &rows[0]["measure"]), (&json!("eoe"), &json!("OVERALL")));
    }
}
