//! What a release holds, in the words of the tables made from it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Figure;
use crate::disclosure::Status;
use crate::id::{ItemCode, OrgCode, SurveyCode, WaveCode};
use crate::register::Level;
use crate::wave::Purpose;

/// What the release is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The wave's code.
    pub wave: WaveCode,
    /// The wave's title.
    pub wave_title: String,
    /// The survey's code.
    pub survey: SurveyCode,
    /// The survey's title.
    pub survey_title: String,
    /// The survey's version.
    pub survey_version: String,
    /// The definition's fingerprint.
    pub fingerprint: String,
    /// What the wave was for; if not for real answers, every page says so.
    pub purpose: Purpose,
    /// The financial year that its questions name.
    pub fin_year: String,
    /// When the wave opened, as text for readers.
    pub opened: String,
    /// When it closed.
    pub closed: String,
}

/// The rule and the confidence that the figures were made with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Smallest group of respondents.
    pub k: u32,
    /// Colluding respondents allowed for.
    pub coalition: u32,
    /// Least width of what a reader can work out about a hidden cell, in points.
    pub width: u32,
    /// PBC groups that respondents of a leaf must come from.
    pub min_groups: u32,
    /// Share of an index's weight that its shown items must have, 0 to 1.
    pub min_weight: Figure,
    /// Confidence of every interval.
    pub confidence: Figure,
}

/// One node of the tree, with its participation. Participation is not an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Org {
    /// Its code; for a leaf the unit's slug.
    pub code: OrgCode,
    /// Its name for tables.
    pub name: String,
    /// How high it stands.
    pub level: Level,
    /// The node above, none for the root.
    pub parent: Option<OrgCode>,
    /// How many were invited.
    pub invited: u64,
    /// How many responded; none says "fewer than k, but some".
    pub responded: Option<u64>,
    /// PBC groups among the respondents, where that may be said.
    pub groups: Option<u64>,
}

/// What a measure measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MeasureKind {
    /// A scored question where 100 is best.
    Item,
    /// A scored question where 100 is the most severe.
    Barrier,
    /// A weighted mean of scored questions.
    Index,
}

impl MeasureKind {
    /// The kind as files write it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Barrier => "barrier",
            Self::Index => "index",
        }
    }
}

/// One row of a table of results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// The item's or the index's code.
    pub code: String,
    /// What it measures. Tells the direction too.
    pub kind: MeasureKind,
    /// Whether 100 is the most severe (always for a barrier; for an index, if its items are barriers).
    pub severity: bool,
    /// The item's wording, the row's label, or the index's name.
    pub label: String,
    /// The grid's wording above a row; what an index covers; else empty.
    pub stem: String,
    /// Title of the section it stands in; empty for an index.
    pub section: String,
    /// The options in screen order; none for an index.
    pub options: Vec<Choice>,
    /// The items of an index, with weights; none for an item.
    pub members: Vec<Member>,
}

/// One option of a scored question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The value that stands for it in files.
    pub value: u16,
    /// Its label on the screen.
    pub label: String,
    /// Its score; none for "does not apply" and "don't know".
    pub score: Option<u8>,
    /// Whether it counts as favourable (for a barrier: as major).
    pub counted: bool,
    /// Whether it names its givers if everybody who was invited gave such an
    /// answer (methods.md 9.2, S3).
    pub unfavourable: bool,
}

/// One item of an index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The item.
    pub item: ItemCode,
    /// Its weight.
    pub weight: u32,
}

/// One measure at one node. A cell that is not shown carries no figure of any kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// The node.
    pub org: OrgCode,
    /// The measure's code.
    pub measure: String,
    /// Whether it is shown.
    pub status: Status,
    /// Its figures, if it is shown.
    pub figures: Option<Figures>,
}

/// From and to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range {
    /// The lower end.
    pub lo: Figure,
    /// The upper end.
    pub hi: Figure,
}

/// The figures of a shown cell; none is "not defined".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Valid answers (for an index: people with an answer to any item used).
    pub n: u64,
    /// Invited people whom the item concerns; for an index, invited people.
    pub n_q: u64,
    /// The mean score, or the index.
    pub mean: Figure,
    /// The standard deviation; none for an index or one answer.
    pub sd: Option<Figure>,
    /// Standard error of an index; none for an item.
    pub se: Option<Figure>,
    /// Where the figure must lie whatever the others would have said.
    pub bounds: Range,
    /// The published "95% interval" for the figure had all answered.
    pub reply: Range,
    /// The interval for comparisons, as in the download.
    pub process: Option<Range>,
    /// The share of favourable (major) answers; none for an index.
    pub share: Option<Share>,
    /// The items that an index used, by code; none for an item.
    pub used: Vec<ItemCode>,
    /// Answers per option, in the order of the measure's options; scored options only, 0 for the others; none for an index.
    pub counts: Vec<u64>,
}

/// A percentage of valid answers: `pct_fav` of an item, `pct_major` of a barrier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The percentage.
    pub percent: Figure,
    /// Where it must lie whatever the others would have said.
    pub bounds: Range,
    /// The published interval.
    pub reply: Range,
    /// The interval for comparisons.
    pub process: Range,
}

/// What is kept of an audit: which release, how much was tested, the outcome.
/// It holds no answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRecord {
    /// The digest of the release that was audited; empty if there was none to read.
    pub release: String,
    /// Tests made, by what they are about.
    pub tested: BTreeMap<String, u64>,
    /// Whether nothing was found.
    pub passed: bool,
}
