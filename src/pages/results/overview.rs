//! `/results/{wave}`: the region and its PCTs.

use serde::Serialize;

use super::chosen::ChosenTable;
use super::pct::FlagView;
use super::views::{
    BandView, ChartView, FigureView, ItemGroup, LegendEntry, NumberRow, RangeView, ScoreView,
    TrendView,
};
use crate::pages::layout::{Fact, Layout, Link};
use crate::pages::stocktake::LightView;

/// The head of a column by which the table can be sorted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeadView {
    /// What the column holds.
    pub label: String,
    /// The page about it, if it has one.
    pub href: Option<String>,
    /// The same page in the order of this column.
    pub sort: String,
    /// Whether it is in this order now, for `aria-sort`: `ascending`,
    /// `descending` or empty.
    pub sorted: String,
}

/// One choice of several, as a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What it says.
    pub label: String,
    /// Where it goes.
    pub href: String,
    /// Whether it is what is shown.
    pub current: bool,
}

/// The choice of a cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choices {
    /// All PCTs, then each cluster.
    pub clusters: Vec<Choice>,
}

/// One cell of the overview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellView {
    /// The score, if it is shown.
    pub mean: Option<FigureView>,
    /// The class of its shade, `heat-1` (0 to 19) to `heat-5` (80 to 100).
    pub class: String,
    /// The symbol instead: `[c]` or `[x]`.
    pub mark: String,
    /// What the symbol means.
    pub said: String,
    /// Where the PCT stands beside the rest; none for the region.
    pub band: Option<BandView>,
    /// An arrow and a word where the score has clearly changed; else empty.
    pub change: String,
}

/// One row of the overview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OverviewRow {
    /// The node's name.
    pub name: String,
    /// The page about it; none for the region.
    pub href: Option<String>,
    /// Its traffic light in the stocktake, if it has one.
    pub light: Option<LightView>,
    /// For example `12` or `fewer than 5`.
    pub responded: FigureView,
    /// How many were invited.
    pub invited: FigureView,
    /// Its indexes, in the order of the heads.
    pub cells: Vec<CellView>,
}

/// A clear change since the wave before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangeRow {
    /// The node's name.
    pub name: String,
    /// The page about it.
    pub href: String,
    /// The index.
    pub index: String,
    /// An arrow and a word.
    pub words: String,
    /// Later less earlier, in points.
    pub difference: FigureView,
    /// Its interval.
    pub lo: FigureView,
    /// Its interval.
    pub hi: FigureView,
}

/// A milestone of a PCT: claim beside experience.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClaimCell {
    /// The symbol.
    pub symbol: String,
    /// What it says.
    pub words: String,
    /// The class that marks it.
    pub class: String,
    /// The claim, for example `Yes`.
    pub claim: String,
    /// The share of leads who say so, in percent, if it is shown.
    pub share: Option<FigureView>,
}

/// The milestones of a PCT.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClaimsRow {
    /// The PCT's name.
    pub name: String,
    /// The page about it.
    pub href: String,
    /// Its milestones, in the order of the heads.
    pub cells: Vec<ClaimCell>,
}

/// A barrier in the region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BarrierRow {
    /// Its place by severity.
    pub place: usize,
    /// Its wording.
    pub label: String,
    /// The page about it.
    pub href: String,
    /// Its figures.
    pub score: ScoreView,
    /// Its share of all answers that call a barrier major, in whole percent.
    pub of_all: Option<FigureView>,
    /// That share with those of all barriers that more people call major.
    pub running: Option<FigureView>,
    /// Priority, from 0 to 100, if it is defined.
    pub priority: Option<FigureView>,
    /// Its interval.
    pub priority_range: Option<RangeView>,
    /// Whether the barrier goes with slow progress beyond chance, in words.
    pub supported: String,
}

/// A figure that a rule proposes to look at first; the office decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProposalView {
    /// A name of its own on the page.
    pub id: String,
    /// What it is about.
    pub flag: FlagView,
    /// The PCT's code, for the form.
    pub unit: String,
    /// The rule's word, for the form.
    pub rule: String,
    /// The measure's code, for the form.
    pub measure: String,
    /// What was decided and by whom, in a sentence; empty if nothing was yet.
    pub decided: String,
}

/// `/results/{wave}`: the region and its PCTs.
#[derive(Serialize)]
pub struct OverviewPage {
    /// What is around it.
    pub layout: Layout,
    /// The wave's title.
    pub heading: String,
    /// The region's name.
    pub region: String,
    /// What the figures come to, in plain sentences.
    pub headline: Vec<String>,
    /// Its dates and the like.
    pub facts: Vec<Fact>,
    /// What to keep in mind about the response, if anything.
    pub caution: Option<String>,
    /// The heads of the columns: PCT, stocktake if there is one, response.
    pub name_head: HeadView,
    /// The stocktake's column, if there is one.
    pub light_head: Option<HeadView>,
    /// The column of responses.
    pub answered_head: HeadView,
    /// The indexes as heads of columns.
    pub heads: Vec<HeadView>,
    /// The choice of a cluster, if the region has clusters.
    pub choices: Option<Choices>,
    /// The PCTs, in the order chosen.
    pub rows: Vec<OverviewRow>,
    /// The region as a whole.
    pub total: OverviewRow,
    /// The stocktake that the lights are from, if there is one.
    pub stocktake: Option<Link>,
    /// What is not shown, in one sentence.
    pub hidden: String,
    /// The shades of the table, lowest first.
    pub heat: Vec<LegendEntry>,
    /// The wave before, by its code, if changes since then are told.
    pub since: Option<String>,
    /// The clear changes.
    pub changes: Vec<ChangeRow>,
    /// What is said of changes if there are none.
    pub no_change: String,
    /// Confirmed figures to look at first.
    pub flags: Vec<FlagView>,
    /// What the rules propose: for the survey office alone.
    pub proposals: Vec<ProposalView>,
    /// Where a decision is sent; none unless the office looks.
    pub decide: Option<String>,
    /// The milestones as heads; empty without a stocktake.
    pub claim_heads: Vec<Link>,
    /// The milestones, PCT by PCT.
    pub claims: Vec<ClaimsRow>,
    /// The barriers, the most severe first.
    pub barriers: Vec<BarrierRow>,
    /// The barriers as a chart.
    pub barrier_chart: Option<ChartView>,
    /// Questions whose answers have no order.
    pub chosen: Vec<ChosenTable>,
    /// What counts as major, for example `serious or very serious`.
    pub major: String,
    /// The shades of a distribution, lowest score first.
    pub legend: Vec<LegendEntry>,
    /// The region's answers, by index.
    pub groups: Vec<ItemGroup>,
    /// The questions answered with a number.
    pub numbers: Vec<NumberRow>,
    /// The region's indexes over waves; empty with one wave.
    pub trends: Vec<TrendView>,
    /// The ways to what leads wrote, if anything of it is published.
    pub words: Vec<Link>,
    /// Files to take away.
    pub downloads: Vec<Link>,
}
