//! The pages of published results. Every figure arrives printed, and a cell
//! that is not shown arrives without one.

mod chosen;
mod measure;
mod number;
mod overview;
mod pct;
mod samples;
mod summary;
mod views;

pub use chosen::{ChosenRow, ChosenTable};
pub use measure::{MeasurePage, MeasureUnitRow, OptionRow, SpreadRow};
pub use number::{BandRow, NumberPage, NumberUnit};
pub use overview::{
    BarrierRow, CellView, ChangeRow, Choice as OverviewChoice, Choices, ClaimCell, ClaimsRow,
    HeadView, OverviewPage, OverviewRow, ProposalView,
};
pub use pct::{ActRow, ClaimRow, FlagView, IndexRow, PctPage};
pub use summary::{OwnPct, SaidRow, SummaryPage};
pub use views::{
    BandView, ChartView, FigureView, ItemGroup, ItemRow, LegendEntry, NumberRow, RangeView,
    ScoreView, TrendRow, TrendView,
};

use serde::Serialize;

use super::layout::{Frame, Layout, Link};
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
