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
mod claimed;
mod coded;
mod contents;
mod figure;
mod look_first;
mod make;
pub mod print;
mod rest;
mod rounding;

pub use crate::benchmark::Stat;
pub use crate::disclosure::Status;
pub use crate::register::Level;
pub use crate::statistics::{Band, ChangeLabel, Effect};
pub use crate::statistics::{Gap, GapFlag};
pub use build::BuildError;
pub use claimed::Claimed;
pub use contents::{
    About, AuditRecord, Beside, Cell, Change, Choice, ChoiceTable, ChosenOption, Contents, Figures,
    Measure, MeasureKind, Member, Org, Range, Score, Settings, Share, ShareRanges, Standing,
};
pub use figure::Figure;
pub use look_first::{Decided, Decision, LookFirst, LookReason, LookRule, ReportedBy, UnknownWord};
pub use make::{Ingredients, MakeError, make, protected};

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::benchmark::{Benchmark, Sources};
use crate::disclosure::{Past, SafeTable};
use crate::id::OrgCode;
use crate::statistics::Thresholds;

/// The version of the file format, its first promise to readers.
const FORMAT: u32 = 2;

/// A published wave.
#[derive(Debug, Clone, PartialEq)]
pub struct Release {
    contents: Contents,
    audit: Option<AuditRecord>,
    digest: String,
}

/// What is published of it is asked of the release itself.
impl Deref for Release {
    type Target = Contents;

    fn deref(&self) -> &Contents {
        &self.contents
    }
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
    root_figures: BTreeMap<String, BTreeMap<Stat, Figure>>,
    choices: Vec<ChoiceTable>,
    audit: Option<AuditRecord>,
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

impl Contents<f64> {
    /// Everything that may be published of a wave, unrounded: for whoever
    /// evaluates files of their own. `before` is the wave before.
    ///
    /// # Errors
    /// `about` is about another wave or survey than the table.
    pub fn new(
        safe: &SafeTable,
        before: Option<&SafeTable>,
        thresholds: Thresholds,
        about: About,
    ) -> Result<Self, BuildError> {
        build::check(safe, &about)?;
        let benchmark = Benchmark::new(&Sources { safe, before, thresholds });
        Ok(build::contents(safe, &benchmark, about))
    }
}

impl Release {
    /// The release of what may be published. There is no other way to make a new one.
    #[must_use]
    pub fn new(contents: &Contents<f64>) -> Self {
        Self::of(contents.rounded(), None)
    }

    /// The same release with the record of its audit.
    #[must_use]
    pub fn audited(self, record: AuditRecord) -> Self {
        Self::of(self.contents, Some(record))
    }

    /// The release as the auditor read it: without the record of its audit.
    #[must_use]
    pub fn unaudited(&self) -> Self {
        Self::of(self.contents.clone(), None)
    }

    /// The record of its audit.
    #[must_use]
    pub fn audit(&self) -> Option<&AuditRecord> {
        self.audit.as_ref()
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
        let cells = written.cells.into_iter();
        let contents = Contents {
            about: written.about,
            settings: written.settings,
            nodes: written.nodes,
            measures: written.measures,
            cells: cells.map(|cell| ((cell.org.clone(), cell.measure.clone()), cell)).collect(),
            root_figures: written.root_figures,
            choices: written.choices,
        };
        let release = Self::of(contents, written.audit);
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

    fn of(contents: Contents, audit: Option<AuditRecord>) -> Self {
        let mut release = Self { contents, audit, digest: String::new() };
        release.digest = canonical::digest(&release.written());
        release
    }

    /// Everything but the digest.
    fn written(&self) -> Value {
        let contents = &self.contents;
        let written = Written {
            format: FORMAT,
            about: contents.about.clone(),
            settings: contents.settings.clone(),
            nodes: contents.nodes.clone(),
            measures: contents.measures.clone(),
            cells: contents.cells.values().cloned().collect(),
            root_figures: contents.root_figures.clone(),
            choices: contents.choices.clone(),
            audit: self.audit.clone(),
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
        Past { wave: self.about().wave.clone(), shown }
    }

    /// SHA-256 of the rest, as 64 hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;
