//! What leads said, in plain English: for the leads themselves, and for everybody where
//! the office wants that.

use serde::Serialize;

use super::NOTICE;
use super::views::{FigureView, RangeView};
use crate::pages::layout::{Fact, Frame, Layout, Link};
use crate::pages::template::Page;

/// A sentence around one figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SaidRow {
    /// What it is about: a question, a barrier or an index.
    pub label: String,
    /// The page about it, if the reader may open it.
    pub href: Option<String>,
    /// The figure.
    pub figure: FigureView,
    /// Its 95 % interval, unless everybody answered.
    pub range: Option<RangeView>,
    /// What stands behind it, for example `%` or ` points`.
    pub unit: String,
    /// What more is to be said, for example `up by 4.1 points`; may be empty.
    pub more: String,
}

/// The reader's own PCT.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OwnPct {
    /// Its name.
    pub name: String,
    /// What its figures come to, in plain sentences.
    pub headline: Vec<String>,
    /// Its page.
    pub href: String,
}

/// `/r/…` and `/summary/{wave}`: what leads said.
#[derive(Serialize)]
pub struct SummaryPage {
    /// What is around it.
    pub layout: Layout,
    /// The wave's title.
    pub wave: String,
    /// The region's name.
    pub region: String,
    /// Response and dates.
    pub facts: Vec<Fact>,
    /// What to keep in mind about the response, if anything.
    pub caution: Option<String>,
    /// The reader's own PCT; none for everybody.
    pub own: Option<OwnPct>,
    /// The questions with the most favourable answers.
    pub well: Vec<SaidRow>,
    /// Those with the fewest.
    pub slow: Vec<SaidRow>,
    /// What most leads call a major barrier.
    pub barriers: Vec<SaidRow>,
    /// What counts as major.
    pub major: String,
    /// The wave before, if changes are told.
    pub since: Option<String>,
    /// What has clearly changed.
    pub changes: Vec<SaidRow>,
    /// All results, if the reader may open them.
    pub results: Option<Link>,
    /// The ways to what leads wrote, if anything of it is published.
    pub words: Vec<Link>,
    /// The smallest number of people behind a figure.
    pub smallest: String,
}

impl Page for SummaryPage {
    const TEMPLATE: &'static str = "results/summary";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let row = |label: &str, text: &str, more: &str, href: Option<&str>| SaidRow {
            label: label.to_owned(),
            href: href.map(str::to_owned),
            figure: FigureView { text: text.to_owned(), at: "eoe/MS_INC/pct_fav".to_owned() },
            range: None,
            unit: "%".to_owned(),
            more: more.to_owned(),
        };
        let page = |own: bool| Self {
            layout: Frame::sample_outside()
                .page("What leads said: Autumn 2007")
                .notice(Some(NOTICE))
                .themed(),
            wave: "Autumn 2007".to_owned(),
            region: "East of England".to_owned(),
            facts: vec![Fact::new("Answered", "118 of 162 leads (73%)")],
            caution: own.then(|| "Some leads did not answer.".to_owned()),
            own: own.then(|| OwnPct {
                name: "Luton".to_owned(),
                headline: vec!["Below the rest of the East of England on decisions.".to_owned()],
                href: "/results/2007-Q4/pct/luton".to_owned(),
            }),
            well: vec![row("An incentive scheme is agreed", "71", "", own.then_some("/x"))],
            slow: vec![row("Decisions come within the agreed time", "18", "", None)],
            barriers: vec![row("Activity data are late or wrong", "64", "", None)],
            major: "\"Serious\" or \"Very serious\"".to_owned(),
            since: own.then(|| "2007-Q3".to_owned()),
            changes: Vec::new(),
            results: own.then(|| Link::new("All results of the region", "/results/2007-Q4")),
            words: own
                .then(|| Link::new("In their own words", "/results/2007-Q4/comments"))
                .into_iter()
                .collect(),
            smallest: "5".to_owned(),
        };
        vec![page(true), page(false)]
    }
}
