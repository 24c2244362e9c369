//! The pages of published results. Every figure arrives printed, and a cell
//! that is not shown arrives without one.

use serde::Serialize;

use super::layout::{Fact, Frame, Layout, Link};
use super::stocktake::LightView;
use super::template::Page;

/// A released wave in the list.
#[derive(Clone, Serialize)]
pub struct ReleasedWave {
    /// Its title.
    pub title: String,
    /// Its results.
    pub href: String,
    /// When it closed, in words.
    pub closed: String,
    /// When its results were published, in words.
    pub published: String,
    /// For example `118 of 162`.
    pub answered: String,
}

/// The wave that takes answers now.
#[derive(Clone, Serialize)]
pub struct OpenWave {
    /// Its title.
    pub title: String,
    /// When it closes, in words.
    pub closes: String,
}

/// `/results`: the released waves.
#[derive(Serialize)]
pub struct ResultsIndexPage {
    /// What is around it.
    pub layout: Layout,
    /// The released waves, the newest first.
    pub waves: Vec<ReleasedWave>,
    /// The wave that takes answers now, if any.
    pub open: Option<OpenWave>,
    /// The stocktakes held.
    pub stocktakes: Vec<Link>,
}

/// A score with what belongs beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScoreView {
    /// The score, one decimal.
    pub mean: String,
    /// The interval, for example `63.1 to 74.4`; says so if all invited leads answered.
    pub range: String,
    /// Answers that the score rests on.
    pub n: u64,
    /// Of how many people whom it concerns.
    pub n_q: u64,
    /// The share of favourable (major) answers, for example `69%`; none for an index.
    pub share: Option<String>,
    /// The interval of the share, for example `55% to 78%`; says so if all answered; none for an index.
    pub share_range: Option<String>,
}

/// The place of a score on a line from 0 to 100: lengths in percent of its width.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Strip {
    /// Where the interval begins.
    pub lo: String,
    /// Where it ends.
    pub hi: String,
    /// Where the score is.
    pub dot: String,
    /// Where the comparator is, if there is one.
    pub line: Option<String>,
    /// Whether the score is the comparator itself: drawn as a diamond.
    pub root: bool,
}

/// One cell of the overview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellView {
    /// The score, if it is shown.
    pub mean: Option<String>,
    /// The class of its shade, `heat-1` (0 to 19) to `heat-5` (80 to 100).
    pub class: String,
    /// The symbol instead: `[c]` or `[x]`.
    pub mark: String,
    /// What the symbol means.
    pub said: String,
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
    pub responded: String,
    /// How many were invited.
    pub invited: u64,
    /// Its indexes, in the order of the heads.
    pub cells: Vec<CellView>,
}

/// A piece of a distribution's bar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BarSegment {
    /// Where it begins, in percent of the width.
    pub x: String,
    /// How wide it is, in percent of the width.
    pub width: String,
    /// The class of its shade, `dist-1` (lowest score) to `dist-5`.
    pub class: String,
    /// For example `Very good: 3`.
    pub said: String,
}

/// One question at one node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ItemRow {
    /// The wording.
    pub wording: String,
    /// The page about it.
    pub href: String,
    /// Its figures, if they are shown.
    pub score: Option<ScoreView>,
    /// The symbol instead: `[c]` or `[x]`.
    pub mark: String,
    /// What the symbol means.
    pub said: String,
    /// Its distribution, in order of score.
    pub bars: Vec<BarSegment>,
    /// The distribution in words, for example `Very good 3, Fairly good 5`.
    pub counts: String,
}

/// Questions that stand together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ItemGroup {
    /// The index's name, or `Other questions`.
    pub title: String,
    /// What it covers; may be empty.
    pub about: String,
    /// Its questions.
    pub items: Vec<ItemRow>,
}

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
    pub region: String,
    /// Where both are on the line.
    pub strip: Option<Strip>,
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
    /// The share of leads who say so too, for example `62%`, or a symbol.
    pub experienced: String,
    /// Its interval, if it is shown, for example `48% to 75%`.
    pub range: Option<String>,
    /// Where the share is on the line.
    pub strip: Option<Strip>,
    /// What may be said of the two, for example `claimed, not experienced`.
    pub flag: String,
    /// The class that marks it: `gap-more`, `gap-less`, `gap-none` or empty.
    pub flag_class: String,
    /// Claimed less experienced with its interval, for example `31.3 points, 21.7
    /// to 45.0`; none if either is missing.
    pub gap: Option<String>,
}

/// An entry of the key to the shades of a distribution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LegendEntry {
    /// The class of the shade.
    pub class: String,
    /// What it stands for.
    pub label: String,
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
    /// Its dates and the like.
    pub facts: Vec<Fact>,
    /// What to keep in mind about the response, if anything.
    pub caution: Option<String>,
    /// The indexes as heads of columns, each a link to its page.
    pub heads: Vec<Link>,
    /// The PCTs, by name.
    pub rows: Vec<OverviewRow>,
    /// The region as a whole.
    pub total: OverviewRow,
    /// The stocktake that the lights are from, if there is one.
    pub stocktake: Option<Link>,
    /// What is not shown, in one sentence.
    pub hidden: String,
    /// The shades of the table, lowest first.
    pub heat: Vec<LegendEntry>,
    /// The shades of a distribution, lowest score first.
    pub legend: Vec<LegendEntry>,
    /// The region's answers, by index.
    pub groups: Vec<ItemGroup>,
    /// The region's barriers, the most severe first.
    pub barriers: Vec<ItemRow>,
    /// What counts as major, for example `serious or very serious`.
    pub major: String,
    /// Files to take away.
    pub downloads: Vec<Link>,
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
    /// Response and dates.
    pub facts: Vec<Fact>,
    /// What to keep in mind about the response, if anything.
    pub caution: Option<String>,
    /// Its traffic light in the stocktake, if it has one.
    pub light: Option<LightView>,
    /// The indexes.
    pub indexes: Vec<IndexRow>,
    /// The shades of a distribution, lowest score first.
    pub legend: Vec<LegendEntry>,
    /// The questions, by index.
    pub groups: Vec<ItemGroup>,
    /// The barriers shown, the most severe first, then those not shown.
    pub barriers: Vec<ItemRow>,
    /// What counts as major, for example `serious or very serious`.
    pub major: String,
    /// The milestones as claimed and as experienced; empty without a stocktake.
    pub claims: Vec<ClaimRow>,
    /// The stocktake that the claims are from, if there is one.
    pub stocktake: Option<Link>,
    /// What is not shown, in one sentence.
    pub hidden: String,
}

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
    pub href: String,
    /// Its figures, if they are shown.
    pub score: Option<ScoreView>,
    /// The symbol instead: `[c]` or `[x]`.
    pub mark: String,
    /// What the symbol means.
    pub said: String,
    /// Where it is on the line.
    pub strip: Option<Strip>,
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
    /// The options in screen order; none for an index.
    pub options: Vec<OptionRow>,
    /// The head of the options' mark: `Favourable` or `Major`; empty for an index.
    pub share_head: String,
    /// The questions of an index; none for a question.
    pub members: Vec<Link>,
    /// The PCTs shown, the highest score first, then those not shown.
    pub units: Vec<MeasureUnitRow>,
    /// The region.
    pub total: MeasureUnitRow,
    /// What is not shown, in one sentence.
    pub hidden: String,
}

mod samples;

const NOTICE: &str = "Synthetic data: groups, leads and answers are made up for demonstration.";

impl Page for ResultsIndexPage {
    const TEMPLATE: &'static str = "results/index";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let layout = || Frame::sample().at("/results").page("Results").notice(Some(NOTICE));
        vec![
            Self {
                layout: layout(),
                waves: vec![ReleasedWave {
                    title: "July to September 2007".to_owned(),
                    href: "/results/2007-Q3".to_owned(),
                    closed: "Friday 28 September 2007".to_owned(),
                    published: "Monday 8 October 2007".to_owned(),
                    answered: "118 of 162".to_owned(),
                }],
                open: Some(OpenWave {
                    title: "October to December 2007".to_owned(),
                    closes: "5pm on Friday 14 December 2007".to_owned(),
                }),
                stocktakes: vec![Link::new("15 June 2007", "/stocktake/2007-06-15")],
            },
            Self { layout: layout(), waves: Vec::new(), open: None, stocktakes: Vec::new() },
        ]
    }
}
