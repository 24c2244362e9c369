//! A cluster: some reporting units of a region, where a region has them.

use crate::fault::Fault;
use crate::id::ClusterSlug;

use super::difference::{Noun, Value};
use super::sheet::{Columns, Row, note};

/// A cluster of reporting units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// Its code.
    pub slug: ClusterSlug,
    /// Its name for tables.
    pub name: String,
}

pub(super) const COLUMNS: Columns = Columns { needed: &["slug", "name"], optional: &[] };

pub(super) fn read(row: Row<'_>, faults: &mut Vec<Fault>) -> Option<Cluster> {
    let slug = note(faults, row.parsed("slug"));
    let name = note(faults, row.named("name"));
    Some(Cluster { slug: slug?, name: name?.to_owned() })
}

impl Noun for Cluster {
    const ONE: &'static str = "cluster";
    const MANY: &'static str = "clusters";

    fn key(&self) -> String {
        self.slug.to_string()
    }

    fn label(&self) -> String {
        format!("{} {}", self.slug, self.name)
    }

    fn values(&self) -> Vec<Value> {
        vec![Value::open("name", &self.name)]
    }
}
