//! What was published, for ever.
//!
//! A release is made only from a [`crate::disclosure::SafeTable`]; everything
//! that anybody sees is rendered from it. It must never know how a figure was
//! hidden or what a hidden figure is.
//!
//! Its canonical bytes are JSON with sorted keys, whole numbers as they are and
//! figures with six decimals, halves away from zero (errors and intervals of an
//! index, which come from whole replies: one decimal, methods.md 9.7). `digest`
//! is the SHA-256 of the rest. Storage keeps these bytes; [`Release::from_bytes`]
//! reads them back and refuses any others.

mod build;
mod canonical;
mod contents;
mod figure;
mod make;
pub mod print;

pub use crate::disclosure::Status;
pub use crate::register::Level;
pub use build::BuildError;
pub use contents::{
    About, AuditRecord, Cell, Choice, Figures, Measure, MeasureKind, Member, Org, Range, Settings,
    Share,
};
pub use figure::Figure;
pub use make::{Ingredients, MakeError, make};

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::disclosure::{Past, SafeTable};
use crate::id::OrgCode;

/// The version of the file format, its first promise to readers.
const FORMAT: u32 = 1;

/// A published wave.
#[derive(Debug, Clone, PartialEq)]
pub struct Release {
    about: About,
    settings: Settings,
    nodes: Vec<Org>,
    measures: Vec<Measure>,
    cells: BTreeMap<(OrgCode, String), Cell>,
    digest: String,
}

/// A release as it is written down, without its digest.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: u32,
    about: About,
    settings: Settings,
    nodes: Vec<Org>,
    measures: Vec<Measure>,
    cells: Vec<Cell>,
}

/// Why bytes are not a release.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Not JSON, or not the parts of a release.
    #[error("not a release")]
    Form(#[from] serde_json::Error),
    /// A format that this version does not know.
    #[error("a release of format {0}; this version reads format {FORMAT}")]
    Format(u32),
    /// The digest is missing or another one.
    #[error("the digest does not fit the contents: the release was changed or damaged")]
    Digest,
    /// A cell that is not shown carries figures, or a shown one none.
    #[error("the cell of {org} and {measure} is not as its status says")]
    Cell {
        /// The node.
        org: OrgCode,
        /// The measure.
        measure: String,
    },
}

impl Release {
    /// The release of a safe table. There is no other way to make a new one.
    ///
    /// # Errors
    /// `about` is about another wave or survey than the table.
    pub fn build(safe: &SafeTable, about: About) -> Result<Self, BuildError> {
        build::check(safe, &about)?;
        let measures = build::measures(safe, &about);
        let cells = safe.orgs().iter().flat_map(|org| build::cells(org, &measures)).collect();
        let nodes = safe.orgs().iter().map(build::org).collect();
        let settings = build::settings(safe);
        Ok(Self::of(Written { format: FORMAT, about, settings, nodes, measures, cells }))
    }

    /// Reads a release back from its canonical bytes.
    ///
    /// # Errors
    /// The bytes are no release, or not the one that was written.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ReadError> {
        let mut value: Value = serde_json::from_slice(bytes)?;
        let digest = value
            .as_object_mut()
            .and_then(|map| map.remove(canonical::DIGEST))
            .and_then(|digest| digest.as_str().map(str::to_owned))
            .ok_or(ReadError::Digest)?;
        let written: Written = serde_json::from_value(value)?;
        if written.format != FORMAT {
            return Err(ReadError::Format(written.format));
        }
        if let Some(cell) = written
            .cells
            .iter()
            .find(|cell| cell.figures.is_some() != (cell.status == Status::Shown))
        {
            return Err(ReadError::Cell { org: cell.org.clone(), measure: cell.measure.clone() });
        }
        let release = Self::of(written);
        // Over the bytes too: a second text of the same release is not what was written.
        if release.digest != digest || release.to_bytes() != bytes {
            return Err(ReadError::Digest);
        }
        Ok(release)
    }

    /// The canonical bytes: what is stored, published and compared.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut value = self.written();
        if let Some(map) = value.as_object_mut() {
            map.insert(canonical::DIGEST.to_owned(), Value::from(self.digest.as_str()));
        }
        canonical::text(&value).into_bytes()
    }

    fn of(written: Written) -> Self {
        let cells = written
            .cells
            .into_iter()
            .map(|cell| ((cell.org.clone(), cell.measure.clone()), cell))
            .collect();
        let mut release = Self {
            about: written.about,
            settings: written.settings,
            nodes: written.nodes,
            measures: written.measures,
            cells,
            digest: String::new(),
        };
        release.digest = canonical::digest(&release.written());
        release
    }

    /// Everything but the digest.
    fn written(&self) -> Value {
        let written = Written {
            format: FORMAT,
            about: self.about.clone(),
            settings: self.settings.clone(),
            nodes: self.nodes.clone(),
            measures: self.measures.clone(),
            cells: self.cells.values().cloned().collect(),
        };
        // Plain structs with text keys; there is nothing in them to refuse.
        serde_json::to_value(written).unwrap_or_default()
    }

    /// What disclosure control must know of this release when it makes the next.
    #[must_use]
    pub fn as_past(&self) -> Past {
        let mut shown: BTreeMap<String, BTreeSet<OrgCode>> = BTreeMap::new();
        for cell in self.cells().filter(|cell| cell.status == Status::Shown) {
            shown.entry(cell.measure.clone()).or_default().insert(cell.org.clone());
        }
        Past { wave: self.about.wave.clone(), shown }
    }

    /// What it is of.
    #[must_use]
    pub fn about(&self) -> &About {
        &self.about
    }

    /// The settings it was made with.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// SHA-256 of the rest, as 64 hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Every node, by code.
    #[must_use]
    pub fn nodes(&self) -> &[Org] {
        &self.nodes
    }

    /// The reporting units, by code.
    pub fn leaves(&self) -> impl Iterator<Item = &Org> {
        self.nodes.iter().filter(|org| org.level == Level::Pct)
    }

    /// The top node. Every release has one.
    #[must_use]
    pub fn root(&self) -> Option<&Org> {
        self.nodes.iter().find(|org| org.parent.is_none())
    }

    /// The node of this code.
    #[must_use]
    pub fn node(&self, code: &OrgCode) -> Option<&Org> {
        self.nodes.iter().find(|org| &org.code == code)
    }

    /// Every measure: items in screen order, then indexes.
    #[must_use]
    pub fn measures(&self) -> &[Measure] {
        &self.measures
    }

    /// The measure of this code.
    #[must_use]
    pub fn measure(&self, code: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.code == code)
    }

    /// The indexes in order of display.
    pub fn indexes(&self) -> impl Iterator<Item = &Measure> {
        self.measures.iter().filter(|measure| measure.kind == MeasureKind::Index)
    }

    /// The items, barriers included, in screen order.
    pub fn items(&self) -> impl Iterator<Item = &Measure> {
        self.measures.iter().filter(|measure| measure.kind != MeasureKind::Index)
    }

    /// The cell of a node and a measure; every node has one for every measure.
    #[must_use]
    pub fn cell(&self, org: &OrgCode, measure: &str) -> Option<&Cell> {
        self.cells.get(&(org.clone(), measure.to_owned()))
    }

    /// Every cell, by node and measure.
    pub fn cells(&self) -> impl Iterator<Item = &Cell> {
        self.cells.values()
    }
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
