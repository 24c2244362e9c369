//! `/results/{wave}/pct/{code}`: one PCT.

use serde::Serialize;

use super::views::{
    BandView, ChartView, FigureView, ItemGroup, ItemRow, LegendEntry, NumberRow, ScoreView,
    TrendView,
};
use crate::pages::layout::{Fact, Layout, Link};
use crate::pages::stocktake::LightView;

/// One index at one PCT, beside the region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IndexRow {
    /// Its name.
    pub label: String,
    /// The page about it.
    pub href: String,
    /// Its figures, if they are shown.
    pub score: Option<ScoreView>,
    /// The symbol instead: `[c]` or `[x]`.
    pub mark: String,
    /// What the symbol means.
    pub said: String,
    /// For example `5 of 5`.
    pub used: String,
    /// The region's score, or its symbol.
    pub region: FigureView,
    /// Where the PCT stands beside the rest, if it is shown.
    pub band: Option<BandView>,
    /// What changed since the wave before, in a word; empty where nothing is compared.
    pub change: String,
    /// The PCT among the others, as a drawing.
    pub strip: Option<String>,
}

/// A milestone as the PCT claims it and as leads experience it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClaimRow {
    /// The milestone.
    pub label: String,
    /// The page about the question, if it was asked.
    pub href: Option<String>,
    /// The claim in words.
    pub claim: String,
    /// The class that marks it.
    pub class: String,
    /// What stands instead of figures that are not shown.
    pub experienced: String,
    /// The share of leads who say so too, if it is shown.
    pub share: Option<ScoreView>,
    /// Where the share is on the line.
    pub strip: Option<String>,
    /// What may be said of the two, for example `claimed, not experienced`.
    pub flag: String,
    /// The class that marks it: `gap-more`, `gap-less`, `gap-none` or empty.
    pub flag_class: String,
    /// Claimed less experienced with its interval, for example `31.3 points, 21.7
    /// to 45.0`; none if either is missing.
    pub gap: Option<String>,
}

/// Where to act first: one measure and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActRow {
    /// What kind of thing it is, for example `Barrier`.
    pub kind: String,
    /// Its wording.
    pub label: String,
    /// The page about it.
    pub href: String,
    /// Why it stands here, in a sentence.
    pub why: String,
    /// How sure that is, in words.
    pub sure: String,
    /// Whether it is more than chance.
    pub clear: bool,
}

/// A figure that a person in the survey office asks to look at first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FlagView {
    /// The PCT's name.
    pub unit: String,
    /// Its page.
    pub unit_href: String,
    /// The measure's name.
    pub label: String,
    /// The page about it.
    pub href: String,
    /// Why, in a sentence.
    pub why: String,
    /// What the person wrote; may be empty.
    pub note: String,
}

/// `/results/{wave}/pct/{code}`: one PCT.
#[derive(Serialize)]
pub struct PctPage {
    /// What is around it.
    pub layout: Layout,
    /// The PCT's name.
    pub heading: String,
    /// The wave's title.
    pub wave: String,
    /// The region's name.
    pub region: String,
    /// What the figures come to, in plain sentences.
    pub headline: Vec<String>,
    /// Response and dates.
    pub facts: Vec<Fact>,
    /// What to keep in mind about the response, if anything.
    pub caution: Option<String>,
    /// Its traffic light in the stocktake, if it has one.
    pub light: Option<LightView>,
    /// Confirmed figures to look at first.
    pub flags: Vec<FlagView>,
    /// Where to act first; empty if nothing is shown.
    pub act: Vec<ActRow>,
    /// The indexes.
    pub indexes: Vec<IndexRow>,
    /// The wave before, by its code, if changes since then are told.
    pub since: Option<String>,
    /// The shades of a distribution, lowest score first.
    pub legend: Vec<LegendEntry>,
    /// The questions, by index.
    pub groups: Vec<ItemGroup>,
    /// The questions answered with a number.
    pub numbers: Vec<NumberRow>,
    /// The barriers shown, the most severe first, then those not shown.
    pub barriers: Vec<ItemRow>,
    /// The barriers as a chart.
    pub barrier_chart: Option<ChartView>,
    /// What counts as major, for example `serious or very serious`.
    pub major: String,
    /// The milestones as claimed and as experienced; empty without a stocktake.
    pub claims: Vec<ClaimRow>,
    /// The stocktake that the claims are from, if there is one.
    pub stocktake: Option<Link>,
    /// The indexes over waves; empty with one wave.
    pub trends: Vec<TrendView>,
    /// What is not shown and why, in one sentence.
    pub hidden: String,
}
