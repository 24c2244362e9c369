//! What happened in the register.

use serde::Serialize;

use super::{Frame, Layout, Link, Page, SelectView};

/// One thing that happened to one.
#[derive(Clone, Serialize)]
pub struct EventView {
    /// What: `Joined`, `Left`, `Changed` or `Merged`.
    pub turn: String,
    /// To what: `PBC group`, `lead`.
    pub noun: String,
    /// Its name.
    pub name: String,
    /// The group of a lead, or nothing.
    pub group: Option<String>,
    /// More in words, or nothing.
    pub detail: String,
    /// The page of the group, if there is one.
    pub href: Option<String>,
}

/// One change with what it meant.
#[derive(Clone, Serialize)]
pub struct HistoryChange {
    /// What was done.
    pub about: String,
    /// By whom and when.
    pub by: String,
    /// What it meant for each.
    pub events: Vec<EventView>,
}

/// `/office/register/history`.
#[derive(Serialize)]
pub struct RegisterHistoryPage {
    /// What is around it.
    pub layout: Layout,
    /// The group that is looked at, or all.
    pub group: SelectView,
    /// The changes, the newest first.
    pub changes: Vec<HistoryChange>,
    /// What came after these.
    pub newer: Option<String>,
    /// What came before these.
    pub older: Option<String>,
}

impl HistoryChange {
    /// Changes for samples.
    pub(super) fn samples() -> Vec<Self> {
        let event = |turn: &str, noun: &str, detail: &str, href: Option<&str>| EventView {
            turn: turn.to_owned(),
            noun: noun.to_owned(),
            name: "Dr <Sample>, GP chair".to_owned(),
            group: href.map(|_| "lea-valley".to_owned()),
            detail: detail.to_owned(),
            href: href.map(str::to_owned),
        };
        vec![Self {
            about: "Import of leads".to_owned(),
            by: "office@example.org, 20 November 2007".to_owned(),
            events: vec![
                event("Joined", "lead", "", Some("/office/register/groups/lea-valley")),
                event("Changed", "PBC group", "practices \"5\" becomes \"6\"", None),
            ],
        }]
    }
}

impl Page for RegisterHistoryPage {
    const TEMPLATE: &'static str = "office/register_history";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |changes, way: Option<&str>| Self {
            layout: Frame::sample().at("/office").page("History of the register").trail(vec![
                Link::new("Survey office", "/office"),
                Link::new("Register", "/office/register"),
            ]),
            group: SelectView::sample("group", None),
            changes,
            newer: way.map(str::to_owned),
            older: way.map(str::to_owned),
        };
        vec![
            page(HistoryChange::samples(), Some("/office/register/history?page=1")),
            page(Vec::new(), None),
        ]
    }
}
