//! `/results/{wave}/measure/{code}`: one question or index, all PCTs.

use serde::Serialize;

use super::views::{BandView, ChartView, FigureView, ScoreView, TrendView};
use crate::pages::layout::{Layout, Link};

/// One option of a question, with the region's answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OptionRow {
    /// Its label.
    pub label: String,
    /// Its score, or what it means that it has none.
    pub score: String,
    /// Whether it counts as favourable (as major, for a barrier).
    pub counted: bool,
    /// How many in the region chose it; none if that is not shown.
    pub count: Option<u64>,
    /// That as a percentage of valid answers.
    pub percent: Option<String>,
    /// The class of its shade; empty if it has no score.
    pub class: String,
    /// The percentage as a width.
    pub width: Option<String>,
}

/// One node in the table of a measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MeasureUnitRow {
    /// The node's name.
    pub name: String,
    /// The page about it.
    pub href: Option<String>,
    /// Its figures, if they are shown.
    pub score: Option<ScoreView>,
    /// The symbol instead: `[c]` or `[x]`.
    pub mark: String,
    /// What the symbol means.
    pub said: String,
    /// Where it stands beside the rest; none for the region.
    pub band: Option<BandView>,
    /// Cliff's delta beside the rest; none for the region.
    pub delta: Option<FigureView>,
    /// Its rank, the highest score first; none below five PCTs.
    pub rank: Option<FigureView>,
    /// The best rank that is likely.
    pub rank_lo: Option<FigureView>,
    /// The worst rank that is likely.
    pub rank_hi: Option<FigureView>,
    /// The score allowing for small numbers.
    pub eb: Option<FigureView>,
    /// What changed since the wave before, in a word; empty where nothing is compared.
    pub change: String,
}

/// The answers of a node, option by option.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpreadRow {
    /// The node's name.
    pub name: String,
    /// People per scored option, in screen order.
    pub counts: Vec<u64>,
    /// All of them.
    pub n: u64,
}

/// `/results/{wave}/measure/{code}`: one question or index, all PCTs.
#[derive(Serialize)]
pub struct MeasurePage {
    /// What is around it.
    pub layout: Layout,
    /// The wording, or the index's name.
    pub heading: String,
    /// The grid's question, or what an index covers; may be empty.
    pub stem: String,
    /// Its code.
    pub code: String,
    /// What it is, for example `Question in the section "Roles"`.
    pub kind: String,
    /// Which end of the scale is the good one, in a sentence.
    pub direction: String,
    /// The wave's title.
    pub wave: String,
    /// The wave before, by its code, if changes since then are told.
    pub since: Option<String>,
    /// The options in screen order; none for an index.
    pub options: Vec<OptionRow>,
    /// The head of the options' mark: `Favourable` or `Major`; empty for an index.
    pub share_head: String,
    /// The questions of an index; none for a question.
    pub members: Vec<Link>,
    /// All PCTs with their intervals, as a chart.
    pub caterpillar: Option<ChartView>,
    /// The PCTs shown, the highest score first, then those not shown.
    pub units: Vec<MeasureUnitRow>,
    /// The region.
    pub total: MeasureUnitRow,
    /// Whether ranks are told.
    pub ranked: bool,
    /// Columns of the table beside the names.
    pub columns: usize,
    /// What is not shown, in one sentence.
    pub hidden: String,
    /// Scores against numbers of answers: for the SHA and the survey office alone.
    pub funnel: Option<ChartView>,
    /// The answers of every PCT, as a chart.
    pub spread: Option<ChartView>,
    /// The heads of the table of answers: the scored options in screen order.
    pub spread_heads: Vec<String>,
    /// The table of answers.
    pub spread_rows: Vec<SpreadRow>,
    /// The region over waves; none with one wave.
    pub trend: Option<TrendView>,
    /// Where its figures can be taken away.
    pub download: Link,
}
