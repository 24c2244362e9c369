//! Who exists: clusters, PCTs, reporting units, PBC groups and their leads, read
//! from the files that the survey office keeps. Must never know what is asked,
//! when, or who has answered.

mod cluster;
mod difference;
mod edit;
mod group;
mod guard;
mod history;
mod lead;
mod pct;
mod person;
pub(crate) mod place;
mod read;
pub(crate) mod sheet;
mod table;
mod tree;
mod typed;
mod unit;
mod upload;
mod workbook;
mod write;

use std::fmt;

pub use cluster::Cluster;
pub use difference::{Changed, ChangedField, Changes, Difference, difference};
pub use edit::{Edit, EditRefusal};
pub use group::PbcGroup;
pub use history::{Event, NounKind, Turn, UnknownWord, events, events_of_merger};
pub use lead::Lead;
pub use pct::Pct;
pub use person::{EmailAddress, EmailError, NameError, PersonName};
pub use read::{Files, Given, NamedRows, NamedText, read};
pub use table::TableKind;
pub use tree::{Level, Node, Tree, TreeError};
pub use typed::{FieldFault, FieldWhy, TypedGroup, TypedLead};
pub use unit::ReportingUnit;
pub use upload::{ReadUpload, Uploaded, is_workbook, read_upload};
pub use workbook::cell_name;
pub use write::{BookError, book, csv, digest, pack, unpack};

use crate::id::{GroupSlug, OrgCode, PctCode};

/// All organisations and leads. From [`read`] every reference leads somewhere
/// and each list is in the order of its codes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Register {
    /// Clusters; none in a region that has no such level.
    pub clusters: Vec<Cluster>,
    /// Statutory PCTs.
    pub pcts: Vec<Pct>,
    /// Reporting units: each PCT is in exactly one.
    pub units: Vec<ReportingUnit>,
    /// PBC groups.
    pub groups: Vec<PbcGroup>,
    /// Leads; a group may have none.
    pub leads: Vec<Lead>,
}

impl Register {
    /// The same register with each list in the order of its codes.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.clusters.sort_by(|a, b| a.slug.cmp(&b.slug));
        self.pcts.sort_by(|a, b| a.code.cmp(&b.code));
        self.units.sort_by(|a, b| a.slug.cmp(&b.slug));
        for unit in &mut self.units {
            unit.pcts.sort();
        }
        self.groups.sort_by(|a, b| a.slug.cmp(&b.slug));
        self.leads.sort_by_cached_key(Lead::key);
        self
    }

    /// The PBC group of this code.
    #[must_use]
    pub fn group(&self, slug: &GroupSlug) -> Option<&PbcGroup> {
        self.groups.iter().find(|group| group.slug == *slug)
    }

    /// The PCT of this code.
    #[must_use]
    pub fn pct(&self, code: &PctCode) -> Option<&Pct> {
        self.pcts.iter().find(|pct| pct.code == *code)
    }

    /// The reporting unit that this PCT reports in.
    #[must_use]
    pub fn unit_of_pct(&self, code: &PctCode) -> Option<&ReportingUnit> {
        self.units.iter().find(|unit| unit.pcts.contains(code))
    }

    /// The reporting unit that this PBC group's answers count for.
    #[must_use]
    pub fn unit_of_group(&self, slug: &GroupSlug) -> Option<&ReportingUnit> {
        self.unit_of_pct(&self.group(slug)?.pct)
    }

    /// The tree of results: the region, its clusters if any, its reporting units.
    ///
    /// # Errors
    /// The region's code is also the code of a cluster or a unit, or the
    /// register did not come from [`read`].
    pub fn tree(&self, region: &OrgCode, region_name: &str) -> Result<Tree, Vec<TreeError>> {
        let root = Node {
            code: region.clone(),
            name: region_name.to_owned(),
            level: Level::Region,
            parent: None,
        };
        let clusters = self.clusters.iter().map(|cluster| Node {
            code: cluster.slug.clone().into(),
            name: cluster.name.clone(),
            level: Level::Cluster,
            parent: Some(region.clone()),
        });
        let units = self.units.iter().map(|unit| Node {
            code: OrgCode::from(&unit.slug),
            name: unit.label.clone(),
            level: Level::Pct,
            parent: Some(unit.cluster.clone().map_or_else(|| region.clone(), OrgCode::from)),
        });
        Tree::new(std::iter::once(root).chain(clusters).chain(units))
    }

    /// How much there is of each.
    #[must_use]
    pub fn counts(&self) -> Counts {
        Counts {
            clusters: self.clusters.len(),
            pcts: self.pcts.len(),
            units: self.units.len(),
            groups: self.groups.len(),
            leads: self.leads.len(),
        }
    }
}

/// How much of each a register holds. Displays as `14 PCTs, 13 reporting units, …`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Clusters.
    pub clusters: usize,
    /// PCTs.
    pub pcts: usize,
    /// Reporting units.
    pub units: usize,
    /// PBC groups.
    pub groups: usize,
    /// Leads.
    pub leads: usize,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.clusters > 0 {
            write!(f, "{} clusters, ", self.clusters)?;
        }
        let Self { pcts, units, groups, leads, .. } = self;
        write!(f, "{pcts} PCTs, {units} reporting units, {groups} PBC groups, {leads} leads")
    }
}

#[cfg(test)]
pub(crate) use tests::sample;

#[cfg(test)]
mod tests;
