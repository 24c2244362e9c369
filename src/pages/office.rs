//! The survey office's pages: where each wave stands. They hold counts, never an answer.

use serde::Serialize;

use super::layout::{Fact, Frame, Layout, Link};
use super::template::Page;

/// One wave in the office's list.
#[derive(Clone, Serialize)]
pub struct OfficeWaveRow {
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Its state in words.
    pub state: String,
    /// Whether answers are taken now: marks the state's tag.
    pub open: bool,
    /// When it opens or opened.
    pub opens: String,
    /// When it closes or closed.
    pub closes: String,
    /// How many were invited.
    pub invited: u64,
    /// How many have answered.
    pub answered: u64,
    /// That as a percentage, for example `62%`, or a dash.
    pub percent: String,
    /// The page about it.
    pub href: String,
    /// Its results, if they are published.
    pub results: Option<String>,
}

/// Where the mails stand.
#[derive(Clone, Serialize)]
pub struct MailCounts {
    /// Not sent yet.
    pub waiting: u64,
    /// Sent.
    pub sent: u64,
    /// Given up after the last attempt.
    pub failed: u64,
}

/// Something to do.
#[derive(Clone, Serialize)]
pub struct ToDoView {
    /// What.
    pub words: String,
    /// The page to do it on.
    pub href: String,
    /// Why.
    pub why: String,
}

/// `/office`: what is to be done, and all waves at a glance.
#[derive(Serialize)]
pub struct OfficePage {
    /// What is around it.
    pub layout: Layout,
    /// What is to be done now, the most pressing first.
    pub to_do: Vec<ToDoView>,
    /// The office's other rooms that are open to the reader.
    pub rooms: Vec<Link>,
    /// The waves, the newest first.
    pub waves: Vec<OfficeWaveRow>,
    /// Where the mails stand.
    pub mail: MailCounts,
    /// Where the mails can be read, if they are kept in a folder on this machine.
    pub outbox: Option<String>,
    /// What the register holds, for example `PCTs: 13`.
    pub register: Vec<Fact>,
    /// The stocktakes held.
    pub stocktakes: Vec<Link>,
}

/// How many of a reporting unit have answered.
#[derive(Clone, Serialize)]
pub struct UnitTurnout {
    /// The unit's name.
    pub name: String,
    /// How many were invited.
    pub invited: u64,
    /// How many have answered.
    pub answered: u64,
    /// That as a percentage, for example `62%`, or a dash.
    pub percent: String,
}

/// What the office is told about a wave's key. Never a key, a share or a passphrase.
#[derive(Clone, Serialize)]
pub struct KeyView {
    /// Its fingerprint, when it was rehearsed, and the like.
    pub facts: Vec<Fact>,
    /// Where it is, as a sentence.
    pub place: String,
    /// What is held outside the server, a line each.
    pub holders: Vec<String>,
    /// Whether there are answers that only it opens.
    pub sealed: bool,
    /// Whether a closing was broken off and waits for it.
    pub waits: bool,
}

/// `/office/waves/{code}`: how far one wave is.
#[derive(Serialize)]
pub struct OfficeWavePage {
    /// What is around it.
    pub layout: Layout,
    /// What was just done.
    pub done: Option<String>,
    /// Why it was cancelled, if it was.
    pub cancelled: Option<String>,
    /// What can be done now; the first is the next step.
    pub acts: Vec<Link>,
    /// The wave's title.
    pub heading: String,
    /// Its code.
    pub code: String,
    /// Its state in words.
    pub state: String,
    /// Whether answers are taken now.
    pub open: bool,
    /// Its dates and the like.
    pub facts: Vec<Fact>,
    /// Turnout per reporting unit, by name.
    pub units: Vec<UnitTurnout>,
    /// The day at whose beginning the units were counted; none once it has closed.
    pub morning: Option<String>,
    /// Turnout of all together, now.
    pub total: UnitTurnout,
    /// Where its mails stand.
    pub mail: MailCounts,
    /// Its results, if they are published.
    pub results: Option<String>,
    /// What it asks: the preview and the paper version.
    pub asks: Vec<Link>,
    /// About its key; none before it is opened.
    pub key: Option<KeyView>,
}

fn sample_wave(state: &str, open: bool, results: Option<&str>) -> OfficeWaveRow {
    OfficeWaveRow {
        code: "2007-Q4".to_owned(),
        title: "October to December 2007".to_owned(),
        state: state.to_owned(),
        open,
        opens: "Monday 19 November 2007".to_owned(),
        closes: "Friday 14 December 2007".to_owned(),
        invited: 162,
        answered: 101,
        percent: "62%".to_owned(),
        href: "/office/waves/2007-Q4".to_owned(),
        results: results.map(str::to_owned),
    }
}

fn waves_to_do(waves: &[OfficeWaveRow]) -> Vec<ToDoView> {
    let of = |wave: &OfficeWaveRow| ToDoView {
        words: format!("Close {} <now>", wave.title),
        href: format!("{}/close", wave.href),
        why: "Answers were taken until yesterday.".to_owned(),
    };
    waves.iter().map(of).collect()
}

impl Page for OfficePage {
    const TEMPLATE: &'static str = "office/index";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |waves: Vec<OfficeWaveRow>, outbox: Option<&str>, stocktakes| Self {
            layout: Frame::sample().at("/office").page("Survey office").wide(),
            to_do: waves_to_do(&waves),
            rooms: vec![Link::new("Audit trail", "/office/trail")],
            waves,
            mail: MailCounts { waiting: 3, sent: 159, failed: 1 },
            outbox: outbox.map(str::to_owned),
            register: vec![
                Fact::new("Reporting units", "13"),
                Fact::new("PBC groups", "81"),
                Fact::new("Leads", "162"),
            ],
            stocktakes,
        };
        vec![
            page(
                vec![
                    sample_wave("open", true, None),
                    sample_wave("published", false, Some("/results/2007-Q3")),
                ],
                Some("/outbox"),
                vec![Link::new("15 June 2007", "/stocktake/2007-06-15")],
            ),
            page(Vec::new(), None, Vec::new()),
        ]
    }
}

impl Page for OfficeWavePage {
    const TEMPLATE: &'static str = "office/wave";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let turnout = |name: &str, invited, answered, percent: &str| UnitTurnout {
            name: name.to_owned(),
            invited,
            answered,
            percent: percent.to_owned(),
        };
        let page = |open: bool, units: Vec<UnitTurnout>, results: Option<&str>| Self {
            layout: Frame::sample()
                .at("/office")
                .page("October to December 2007")
                .trail(vec![Link::new("Survey office", "/office")])
                .wide(),
            done: open.then(|| "The wave is open.".to_owned()),
            cancelled: (!open).then(|| "<The questions were wrong>".to_owned()),
            acts: Vec::from_iter(
                open.then(|| Link::new("Close the wave", "/office/waves/2007-Q4/close")),
            ),
            heading: "October to December 2007".to_owned(),
            code: "2007-Q4".to_owned(),
            state: if open { "open" } else { "published" }.to_owned(),
            open,
            facts: vec![
                Fact::new("Opens", "9am on Monday 19 November 2007"),
                Fact::new("Closes", "5pm on Friday 14 December 2007"),
            ],
            units,
            morning: open.then(|| "Wednesday 28 November 2007".to_owned()),
            total: turnout("All", 162, 101, "62%"),
            mail: MailCounts { waiting: 0, sent: 162, failed: 0 },
            results: results.map(str::to_owned),
            asks: vec![Link::new(
                "Preview of the survey",
                "/office/surveys/0/preview?wave=2007-Q4",
            )],
            key: None,
        };
        let key = |holders: &[&str], sealed, waits| {
            Some(KeyView {
                facts: vec![
                    Fact::new("Fingerprint", "6668 7aad f862 bd77 6c8f c18b 8e9f 8e20"),
                    Fact::new("Last rehearsed", "19 November 2007"),
                ],
                place: if holders.is_empty() {
                    "The key is on the server."
                } else {
                    "The key is in 2 shares."
                }
                .to_owned(),
                holders: holders.iter().map(|holder| (*holder).to_owned()).collect(),
                sealed,
                waits,
            })
        };
        let holders = ["share 1 of 2: Chair of the LMC", "share 2 of 2: <Clerk>"];
        vec![
            Self {
                key: key(&[], true, false),
                ..page(
                    true,
                    vec![turnout("Bedfordshire", 14, 9, "64%"), turnout("Luton", 6, 0, "0%")],
                    None,
                )
            },
            Self { key: key(&holders, true, true), ..page(true, Vec::new(), None) },
            Self {
                key: key(&holders, false, false),
                ..page(false, Vec::new(), Some("/results/2007-Q4"))
            },
        ]
    }
}
