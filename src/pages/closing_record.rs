//! `/office/waves/{wave}/record`: how a wave was closed, on one page to print and file.

use serde::Serialize;

use super::layout::{Fact, Frame, Layout};
use super::template::Page;

/// How a wave was closed.
#[derive(Serialize)]
pub struct ClosingRecordPage {
    /// What is around it, the way back included.
    pub layout: Layout,
    /// The wave's title.
    pub wave: String,
    /// Numbers, in the order of the closing.
    pub counts: Vec<Fact>,
    /// The count, unit by unit.
    pub units: Vec<RecordUnit>,
    /// All units together.
    pub total: RecordUnit,
    /// Fingerprints and digests.
    pub digests: Vec<Fact>,
    /// What was found after cleaning; none before.
    pub cleaned: Option<String>,
    /// What became of the keys; empty before they were destroyed.
    pub keys: Vec<Fact>,
    /// What others than this house have still to destroy.
    pub to_destroy: Vec<String>,
    /// What no longer fits the record, if anything.
    pub doubts: Vec<String>,
}

/// The count of one unit.
#[derive(Serialize)]
pub struct RecordUnit {
    /// Its name.
    pub name: String,
    /// Envelopes.
    pub envelopes: u32,
    /// Ballots.
    pub ballots: u32,
    /// Spoiled envelopes.
    pub spoiled: u32,
}

impl Page for ClosingRecordPage {
    const TEMPLATE: &'static str = "office/closing_record";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let unit = |name: &str, ballots, spoiled| RecordUnit {
            name: name.to_owned(),
            envelopes: ballots + spoiled,
            ballots,
            spoiled,
        };
        let page = |done: bool| Self {
            layout: Frame::sample()
                .page("Closing record")
                .back("October to December 2007", "/office/waves/2007-Q4"),
            wave: "October to December 2007".to_owned(),
            counts: vec![Fact::new("Counted on", "14 December 2007"), Fact::new("Invited", "162")],
            units: vec![unit("Bedfordshire", 12, 0), unit("<Another> PCT", 9, 1)],
            total: unit("All", 21, 1),
            digests: vec![Fact::new("Ballots (SHA-256)", "ab".repeat(32))],
            cleaned: done.then(|| "SQLite: nothing is left.".to_owned()),
            keys: Vec::from_iter(done.then(|| Fact::new("link secret", "destroyed"))),
            to_destroy: Vec::from_iter(done.then(|| "Share 1: <the chair>".to_owned())),
            doubts: Vec::from_iter((!done).then(|| "The ballots are not those.".to_owned())),
        };
        vec![page(true), page(false)]
    }
}
