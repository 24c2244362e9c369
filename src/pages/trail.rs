//! `/office/trail`: who did what when.

use serde::Serialize;

use super::layout::{Frame, Layout, Link};
use super::template::Page;

/// One entry of the trail.
#[derive(Serialize)]
pub struct TrailRow {
    /// Its number.
    pub number: i64,
    /// When, in words.
    pub at: String,
    /// Who.
    pub who: String,
    /// What was done.
    pub what: String,
    /// What it is about; may be empty.
    pub about: String,
    /// What more there is to say; may be empty.
    pub detail: String,
}

/// The audit trail, the newest first.
#[derive(Serialize)]
pub struct TrailPage {
    /// What is around it.
    pub layout: Layout,
    /// Whether the chain is whole, in a sentence.
    pub whole: Option<String>,
    /// Where it is broken, in a sentence.
    pub broken: Option<String>,
    /// The entries of this page.
    pub rows: Vec<TrailRow>,
    /// The way to older ones.
    pub older: Option<Link>,
    /// The way back to the newest.
    pub newest: Option<Link>,
    /// The file with all of them.
    pub file: String,
}

impl Page for TrailPage {
    const TEMPLATE: &'static str = "office/trail";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |broken: Option<&str>, rows, more: bool| Self {
            layout: Frame::sample()
                .at("/office")
                .page("Audit trail")
                .trail(vec![Link::new("Survey office", "/office")])
                .wide(),
            whole: broken.is_none().then(|| "The chain is whole: 2 entries.".to_owned()),
            broken: broken.map(str::to_owned),
            rows,
            older: more.then(|| Link::new("Older entries", "/office/trail?before=17")),
            newest: more.then(|| Link::new("Newest entries", "/office/trail")),
            file: "/office/trail/trail.csv".to_owned(),
        };
        let row = |number, about: &str, detail: &str| TrailRow {
            number,
            at: "10am on Tuesday 20 November 2007".to_owned(),
            who: "ann@office.example.org".to_owned(),
            what: "Wave opened".to_owned(),
            about: about.to_owned(),
            detail: detail.to_owned(),
        };
        vec![
            page(None, vec![row(2, "2007-Q4", "162 leads asked"), row(1, "", "<b>")], true),
            page(Some("Entry 2 or one before it was changed."), Vec::new(), false),
        ]
    }
}
