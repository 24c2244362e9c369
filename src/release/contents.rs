//! What a release holds, in the words of the tables made from it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Figure;
use crate::benchmark::Stat;
use crate::definition::Direction;
use crate::disclosure::Status;
use crate::id::{ItemCode, OrgCode, SurveyCode, WaveCode};
use crate::register::Level;
use crate::statistics::{Band, ChangeLabel, Effect, ThresholdError, Thresholds};
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
    /// Whether its answers were imported, from paper or an older system.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub imported: bool,
}

impl About {
    /// Where the answers come from, if not from this house's own form.
    #[must_use]
    pub fn source(&self) -> Option<&'static str> {
        self.imported.then_some("imported, from paper or an older system")
    }
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
    /// Fewest people behind a figure that is made from whole replies.
    pub n_microdata: u32,
    /// Confidence of every interval.
    pub confidence: Figure,
    /// The share of false ones that is accepted among the differences named.
    pub fdr: Figure,
    /// The Cliff's delta from which on a PCT stands above or below the rest.
    pub material_delta: Figure,
    /// The change in points from which on a measure has improved or worsened.
    pub material_change: Figure,
    /// The points between claim and experience from which on they differ.
    pub gap_margin: Figure,
}

impl Settings {
    /// The sizes from which on differences were named.
    ///
    /// # Errors
    /// One of them lies outside what methods.md 0 allows.
    pub fn thresholds(&self) -> Result<Thresholds, ThresholdError> {
        Thresholds::new(
            self.fdr.value(),
            self.material_delta.value(),
            self.material_change.value(),
            self.gap_margin.value(),
        )
    }
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
    /// The mean of all progress indexes.
    Overall,
    /// A question answered with a number, counted in bands.
    Number,
    /// The share of invited people who responded.
    Rate,
}

impl MeasureKind {
    /// The kind as files write it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::Barrier => "barrier",
            Self::Index => "index",
            Self::Overall => "overall",
            Self::Number => "number",
            Self::Rate => "rate",
        }
    }

    /// Whether it is a question with scores.
    #[must_use]
    pub fn is_question(self) -> bool {
        matches!(self, Self::Item | Self::Barrier)
    }

    /// Whether it is made of other measures' figures.
    #[must_use]
    pub fn is_index(self) -> bool {
        matches!(self, Self::Index | Self::Overall)
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

impl Measure {
    /// Which end of the scores is the good one.
    #[must_use]
    pub fn direction(&self) -> Direction {
        if self.severity { Direction::Barrier } else { Direction::Progress }
    }
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
    /// Whether it says that the question does not concern whoever chose it.
    pub outside: bool,
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
pub struct Cell<N = Figure> {
    /// The node.
    pub org: OrgCode,
    /// The measure's code.
    pub measure: String,
    /// Whether it is shown.
    pub status: Status,
    /// Its figures, if it is shown.
    pub figures: Option<Figures<N>>,
}

/// From and to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Range<N = Figure> {
    /// The lower end.
    pub lo: N,
    /// The upper end.
    pub hi: N,
}

/// The figures of a shown cell; none is "not defined".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures<N = Figure> {
    /// Valid answers (for an index: people with an answer to any item used; for
    /// a rate: people who responded).
    pub n: u64,
    /// Invited people whom the item concerns; for an index or a rate, invited people.
    pub n_q: u64,
    /// The mean score, or the index; none for a number or a rate.
    pub score: Option<Score<N>>,
    /// The share of favourable (major) answers, of numbers in favourable bands,
    /// or of invited people who responded; none for an index.
    pub share: Option<Share<N>>,
    /// The items that an index used, by code; none for an item.
    pub used: Vec<ItemCode>,
    /// Answers per option, in the order of the measure's options; scored options only, 0 for the others; none for an index.
    pub counts: Vec<u64>,
    /// Beside the rest of the root; PCTs only.
    pub beside: Option<Beside<N>>,
    /// Among all PCTs; PCTs only, from five on.
    pub standing: Option<Standing<N>>,
    /// Against the wave before, where both show the same measure.
    pub change: Option<Change<N>>,
}

/// A score in points, with what is not known about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score<N = Figure> {
    /// The mean score, or the index.
    pub mean: N,
    /// The standard deviation; none for an index or one answer.
    pub sd: Option<N>,
    /// Standard error of an index; none for an item.
    pub se: Option<N>,
    /// Where the figure must lie whatever the others would have said.
    pub bounds: Range<N>,
    /// The published "95% interval" for the figure had all answered.
    pub reply: Range<N>,
    /// The interval for comparisons, as in the download.
    pub process: Option<Range<N>>,
}

/// A percentage: `pct_fav` of an item, `pct_major` of a barrier. A rate counts
/// people and has no interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share<N = Figure> {
    /// The percentage.
    pub percent: N,
    /// What is not known about it; none for a rate.
    pub unsure: Option<ShareRanges<N>>,
}

/// The intervals of a percentage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareRanges<N = Figure> {
    /// Where it must lie.
    pub bounds: Range<N>,
    /// The published interval.
    pub reply: Range<N>,
    /// The interval for comparisons.
    pub process: Range<N>,
}

/// A PCT beside the rest of the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside<N = Figure> {
    /// Cliff's delta, from -1 to 1: how much more often an answer of the PCT is
    /// higher than one of the rest than lower.
    pub delta: N,
    /// Its interval; none for a single answer or if all answers are equal.
    pub interval: Option<Range<N>>,
    /// The chance of a difference at least as large if there were none; in a
    /// release nought stands for less than 0.001, as in every chance.
    pub p: N,
    /// The same among all PCTs.
    pub q: N,
    /// Where the PCT stands.
    pub band: Band,
    /// The size of delta in words.
    pub effect: Effect,
}

/// A PCT among all PCTs that are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing<N = Figure> {
    /// Its rank: 1 for the highest score.
    pub rank: u32,
    /// The best rank that no pairwise comparison rules out.
    pub rank_lo: u32,
    /// The worst.
    pub rank_hi: u32,
    /// The published interval of its rank, from simulated draws: the best.
    pub sim_rank_lo: u32,
    /// The worst.
    pub sim_rank_hi: u32,
    /// The chance of being in the top quarter; none if no PCT differs.
    pub top_quarter: Option<N>,
    /// The chance of being in the bottom quarter.
    pub bottom_quarter: Option<N>,
    /// The score allowing for small numbers, in points.
    pub eb: N,
    /// Its standard error, in points.
    pub eb_se: N,
}

/// What changed since the wave before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change<N = Figure> {
    /// The wave before.
    pub from: WaveCode,
    /// Later less earlier, in points (of a number's share: percentage points).
    pub difference: N,
    /// Its interval; none for a single answer or if nobody differs.
    pub interval: Option<Range<N>>,
    /// The chance of a difference at least as large if nothing had changed.
    pub p: Option<N>,
    /// The same among all PCTs; PCTs only.
    pub q: Option<N>,
    /// What may be said of it; none for a number.
    pub label: Option<ChangeLabel>,
}

/// A question whose options have no order: of the root alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceTable {
    /// The question.
    pub item: ItemCode,
    /// Its wording.
    pub label: String,
    /// Title of the section it stands in.
    pub section: String,
    /// Whether people could choose several.
    pub several: bool,
    /// The options that enough people chose, in screen order; none at all if the
    /// question may not be shown.
    pub options: Vec<ChosenOption>,
    /// Choices of all other options together; none if they are too few.
    pub others: Option<u64>,
    /// Everybody who answered; none if that would tell what is left out.
    pub n: Option<u64>,
}

/// One option that enough people chose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChosenOption {
    /// The value that stands for it in files.
    pub value: u16,
    /// Its label on the screen.
    pub label: String,
    /// How many chose it.
    pub people: u64,
}

/// Everything that is published of a wave, with figures as [`Figure`] in a
/// release, or as they were computed, for analysts who evaluate files.
#[derive(Debug, Clone, PartialEq)]
pub struct Contents<N = Figure> {
    pub(super) about: About,
    pub(super) settings: Settings,
    pub(super) nodes: Vec<Org>,
    pub(super) measures: Vec<Measure>,
    pub(super) cells: BTreeMap<(OrgCode, String), Cell<N>>,
    pub(super) root_figures: BTreeMap<String, BTreeMap<Stat, N>>,
    pub(super) choices: Vec<ChoiceTable>,
}

impl<N> Contents<N> {
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

    /// Every measure: questions in screen order, then indexes, then the overall
    /// index, then the response rate.
    #[must_use]
    pub fn measures(&self) -> &[Measure] {
        &self.measures
    }

    /// The measure of this code.
    #[must_use]
    pub fn measure(&self, code: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.code == code)
    }

    /// The indexes in order of display, without the overall one.
    pub fn indexes(&self) -> impl Iterator<Item = &Measure> {
        self.measures.iter().filter(|measure| measure.kind == MeasureKind::Index)
    }

    /// The scored questions, barriers included, in screen order.
    pub fn items(&self) -> impl Iterator<Item = &Measure> {
        self.measures.iter().filter(|measure| measure.kind.is_question())
    }

    /// The cell of a node and a measure; every node has one for every measure.
    #[must_use]
    pub fn cell(&self, org: &OrgCode, measure: &str) -> Option<&Cell<N>> {
        self.cells.get(&(org.clone(), measure.to_owned()))
    }

    /// Every cell, by node and measure.
    pub fn cells(&self) -> impl Iterator<Item = &Cell<N>> {
        self.cells.values()
    }

    /// The figures of the root as a whole, per measure.
    #[must_use]
    pub fn root_figures(&self) -> &BTreeMap<String, BTreeMap<Stat, N>> {
        &self.root_figures
    }

    /// The questions whose options have no order.
    #[must_use]
    pub fn choices(&self) -> &[ChoiceTable] {
        &self.choices
    }
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
