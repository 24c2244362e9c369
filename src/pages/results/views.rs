//! What several pages of results show alike: figures, answers, charts, trends.

use serde::Serialize;

/// A published figure as it is printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FigureView {
    /// The figure, without a sign such as "%".
    pub text: String,
    /// Where it stands in the files: organisation, measure and column of
    /// `figures.csv`, parted by `/`.
    pub at: String,
}

/// From and to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RangeView {
    /// The lower end.
    pub lo: FigureView,
    /// The upper end.
    pub hi: FigureView,
}

/// A score with what belongs beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ScoreView {
    /// The score, one decimal.
    pub mean: FigureView,
    /// The published interval; none if all invited leads answered.
    pub range: Option<RangeView>,
    /// Answers that the score rests on.
    pub n: FigureView,
    /// Of how many people whom it concerns.
    pub n_q: FigureView,
    /// The percentage of favourable (major) answers; none for an index.
    pub share: Option<FigureView>,
    /// Its interval; none for an index, or if all answered.
    pub share_range: Option<RangeView>,
}

/// Where a PCT stands beside the rest, as a shape and words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BandView {
    /// The shape: a triangle up or down, or a dot.
    pub symbol: String,
    /// The words.
    pub words: String,
    /// The class that marks it: `band-up`, `band-down` or `band-line`.
    pub class: String,
}

/// A chart, finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChartView {
    /// What it shows.
    pub title: String,
    /// The drawing as markup.
    pub svg: String,
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
    /// Where the PCT stands beside the rest; none for the region.
    pub band: Option<BandView>,
    /// Its distribution as a bar, if it has answers.
    pub bars: Option<String>,
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
    /// Whether the rows are of a PCT, beside the rest.
    pub compared: bool,
}

/// A question answered with a number, at one node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NumberRow {
    /// The wording.
    pub wording: String,
    /// The page about it.
    pub href: String,
    /// What counts, for example `No case waiting`.
    pub counted: String,
    /// Answers.
    pub n: Option<FigureView>,
    /// Of how many people.
    pub n_q: Option<FigureView>,
    /// The percentage that counts, if it is shown.
    pub share: Option<FigureView>,
    /// Its interval, if it is shown and not everybody answered.
    pub range: Option<RangeView>,
    /// The region's percentage, or its symbol.
    pub region: FigureView,
    /// The symbol instead: `[c]` or `[x]`.
    pub mark: String,
    /// What the symbol means.
    pub said: String,
}

/// One wave in a trend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrendRow {
    /// The wave's code.
    pub wave: String,
    /// Its page.
    pub href: String,
    /// The score, if it is shown. Its place in the files is in that wave's.
    pub mean: Option<String>,
    /// Its interval.
    pub range: String,
    /// Answers.
    pub n: String,
    /// What may be said of the change since the wave before it, or why nothing may.
    pub change: String,
    /// The symbol instead of a score: `[c]` or `[x]`.
    pub mark: String,
}

/// A measure over waves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TrendView {
    /// The measure's name.
    pub label: String,
    /// Its page.
    pub href: String,
    /// The chart.
    pub svg: String,
    /// The waves, the earliest first.
    pub rows: Vec<TrendRow>,
}

/// An entry of a key to shades.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LegendEntry {
    /// The class of the shade.
    pub class: String,
    /// What it stands for.
    pub label: String,
}
