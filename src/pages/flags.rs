//! `/office/waves/{wave}/flags`: what is to be looked at first, all of it in one list.

use serde::Serialize;

use super::layout::{Layout, Link};
use super::release_desk::sample_layout;
use super::respondent::Prompt;
use super::results::{FlagView, OverviewChoice, ProposalView};
use super::template::Page;

/// One proposal with the form that decides it.
#[derive(Clone, Serialize)]
pub struct FlagRow {
    /// What is proposed, and what was decided.
    pub proposal: ProposalView,
    /// `to decide`, `confirmed` or `dismissed`.
    pub state: String,
    /// Whether it is still to be decided: marks the tag.
    pub open: bool,
    /// What is wrong with the note, if anything.
    pub error: Option<String>,
}

/// The proposals about one PCT.
#[derive(Clone, Serialize)]
pub struct FlagGroup {
    /// The PCT.
    pub name: String,
    /// Its page of results.
    pub href: String,
    /// Its proposals.
    pub rows: Vec<FlagRow>,
}

/// All proposals of a wave.
#[derive(Serialize)]
pub struct FlagsPage {
    /// What is around it.
    pub layout: Layout,
    /// The wave's title.
    pub wave: String,
    /// What was just done, if anything.
    pub done: Option<String>,
    /// What is wrong, if anything.
    pub errors: Vec<Prompt>,
    /// How many are decided, in a sentence.
    pub progress: String,
    /// Which of them are shown.
    pub filters: Vec<OverviewChoice>,
    /// Which are shown, as the forms say it.
    pub show: String,
    /// They, by PCT.
    pub groups: Vec<FlagGroup>,
    /// Why there are none, if so.
    pub none: Option<String>,
    /// Where the forms go.
    pub action: String,
    /// The longest note, in characters.
    pub most: usize,
    /// Help on this.
    pub help: Link,
}

impl Page for FlagsPage {
    const TEMPLATE: &'static str = "office/flags";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let row = |id: &str, decided: &str, error: Option<&str>| FlagRow {
            proposal: ProposalView {
                id: id.to_owned(),
                flag: FlagView {
                    unit: "Luton".to_owned(),
                    unit_href: "/results/2007-Q4/pct/luton".to_owned(),
                    label: "Milestones".to_owned(),
                    href: "/results/2007-Q4/measure/IDX_MIL".to_owned(),
                    why: "The score is 31.0; the rest of the region has 52.4.".to_owned(),
                    note: "Ask at the <review>".to_owned(),
                },
                unit: "luton".to_owned(),
                rule: "low-index".to_owned(),
                measure: "IDX_MIL".to_owned(),
                decided: decided.to_owned(),
            },
            state: if decided.is_empty() { "to decide" } else { "confirmed" }.to_owned(),
            open: decided.is_empty(),
            error: error.map(str::to_owned),
        };
        let page = |groups: Vec<FlagGroup>, error: Option<&str>| Self {
            layout: sample_layout("Look here first"),
            wave: "October to December 2007".to_owned(),
            done: error.map(|_| "Confirmed: Luton, Milestones.".to_owned()),
            errors: error
                .map(|text| Prompt { href: "#look-2".to_owned(), text: text.to_owned() })
                .into_iter()
                .collect(),
            progress: "1 of 2 is decided.".to_owned(),
            filters: vec![OverviewChoice {
                label: "All (2)".to_owned(),
                href: "/office/waves/2007-Q4/flags".to_owned(),
                current: true,
            }],
            show: "open".to_owned(),
            none: groups.is_empty().then(|| "The rules propose nothing.".to_owned()),
            groups,
            action: "/office/waves/2007-Q4/flags".to_owned(),
            most: 300,
            help: Link::new("Help with flags", "/office/help/flags"),
        };
        let group = |error| FlagGroup {
            name: "Luton".to_owned(),
            href: "/results/2007-Q4/pct/luton".to_owned(),
            rows: vec![
                row("look-1", "Confirmed by ann@office.example.org", None),
                row("look-2", "", error),
            ],
        };
        vec![
            page(vec![group(None)], None),
            page(vec![group(Some("Too long"))], Some("Too long")),
            page(Vec::new(), None),
        ]
    }
}
