//! `/office/waves/{wave}/release`: where the office builds, checks and publishes results.

use serde::Serialize;

use super::layout::{Fact, Frame, Layout, Link};
use super::template::Page;

/// What was tested before a release could be kept.
#[derive(Clone, Serialize)]
pub struct TestedRow {
    /// What, in a sentence.
    pub what: String,
    /// How often.
    pub times: String,
}

/// How much of one PCT is shown.
#[derive(Clone, Serialize)]
pub struct ShownUnit {
    /// Its name.
    pub name: String,
    /// Leads asked.
    pub invited: String,
    /// Leads who answered, or that they are too few to say.
    pub answered: String,
    /// PBC groups that answers came from, where that may be said.
    pub groups: String,
    /// Figures shown of all, for example `41 of 60`.
    pub figures: String,
    /// What that comes to, in words.
    pub said: String,
}

/// A release that is built.
#[derive(Clone, Serialize)]
pub struct BuiltView {
    /// When it was built, and the like.
    pub facts: Vec<Fact>,
    /// Its digest.
    pub digest: String,
    /// What the auditor says, in a sentence or two.
    pub audit: String,
    /// What it tested.
    pub tested: Vec<TestedRow>,
    /// How much is shown and hidden.
    pub figures: Vec<Fact>,
    /// The smallest group behind a figure, in a sentence.
    pub rule: String,
    /// The PCTs by name.
    pub units: Vec<ShownUnit>,
    /// The results as the office sees them.
    pub results: String,
    /// The choice of other eyes.
    pub look_as: String,
    /// How many proposals are decided, in a sentence.
    pub flags: String,
    /// Where they are decided.
    pub flags_href: String,
}

/// What a colleague asked for.
#[derive(Clone, Serialize)]
pub struct AskedView {
    /// Who asked for what, in a sentence.
    pub told: String,
    /// What happens next, in a sentence.
    pub next: String,
    /// The act, as the form that takes the request back names it.
    pub act: String,
    /// The page on which it is done; none for whoever asked.
    pub go: Option<Link>,
    /// The moment, for the form that sets it; none if `go` leads on.
    pub at: Option<String>,
}

/// How publication stands.
#[derive(Clone, Serialize)]
pub struct PublicationView {
    /// In a sentence.
    pub told: String,
    /// Who may do it, if the reader may not.
    pub not_you: Option<String>,
    /// What a colleague asked for.
    pub asked: Vec<AskedView>,
    /// The page that sets the minute.
    pub plan: Option<Link>,
    /// Where a form goes that takes the minute back.
    pub unplan: Option<String>,
    /// The page that publishes at once.
    pub publish: Option<String>,
    /// Where the form goes that sets a minute asked for.
    pub set: String,
    /// Where the form goes that takes a request back.
    pub take_back: String,
    /// Which release is looked at.
    pub digest: String,
}

/// The button that builds.
#[derive(Clone, Serialize)]
pub struct BuildView {
    /// Where its form goes.
    pub action: String,
    /// Whether there is a release already.
    pub again: bool,
    /// What building again undoes, if anything.
    pub loses: Option<String>,
}

/// Where a wave's release stands.
#[derive(Serialize)]
pub struct ReleaseDeskPage {
    /// What is around it.
    pub layout: Layout,
    /// The wave's title.
    pub wave: String,
    /// What was just done, if anything.
    pub done: Option<String>,
    /// What could not be done, if anything.
    pub failed: Option<String>,
    /// What the auditor found, if it refused.
    pub findings: Vec<String>,
    /// How far it is, in a word or two.
    pub state: String,
    /// Whether there is something to do: marks the tag.
    pub open: bool,
    /// The same in a sentence.
    pub told: String,
    /// The button that builds, where that is possible.
    pub build: Option<BuildView>,
    /// The release, once it is built.
    pub built: Option<BuiltView>,
    /// Its publication.
    pub publication: Option<PublicationView>,
    /// How it is shown, in sentences.
    pub showing: Vec<String>,
    /// Where that is changed.
    pub change_showing: Option<String>,
    /// Who saw it early, in a sentence.
    pub early: String,
    /// Where that is changed.
    pub change_early: Option<String>,
    /// What the office said beside it.
    pub notes: Vec<Fact>,
    /// Where a note is added.
    pub note: Option<String>,
    /// Help on all this.
    pub help: Link,
}

impl Page for ReleaseDeskPage {
    const TEMPLATE: &'static str = "office/release";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        vec![sample_early(), sample_built(), sample_published()]
    }
}

const BASE: &str = "/office/waves/2007-Q4/release";

/// What is around each sample page about a release.
pub(super) fn sample_layout(title: &str) -> Layout {
    Frame::sample().at("/office").page(title).trail(vec![
        Link::new("Survey office", "/office"),
        Link::new("October to December 2007", "/office/waves/2007-Q4"),
    ])
}

fn sample_early() -> ReleaseDeskPage {
    ReleaseDeskPage {
        layout: sample_layout("Release"),
        wave: "October to December 2007".to_owned(),
        done: None,
        failed: None,
        findings: Vec::new(),
        state: "not closed".to_owned(),
        open: false,
        told: "The wave closes at 5pm on Friday 14 December 2007.".to_owned(),
        build: None,
        built: None,
        publication: None,
        showing: Vec::new(),
        change_showing: None,
        early: String::new(),
        change_early: None,
        notes: Vec::new(),
        note: None,
        help: Link::new("Help with releases", "/office/help/releases"),
    }
}

fn sample_built() -> ReleaseDeskPage {
    let unit = |name: &str, answered: &str, said: &str| ShownUnit {
        name: name.to_owned(),
        invited: "14".to_owned(),
        answered: answered.to_owned(),
        groups: "4".to_owned(),
        figures: "41 of 60".to_owned(),
        said: said.to_owned(),
    };
    let asked = |may: bool| AskedView {
        told: "ann@office.example.org asked for publication at 9am on Monday 7 January 2008."
            .to_owned(),
        next: "You may set it.".to_owned(),
        act: "release.planned".to_owned(),
        go: (!may).then(|| Link::new("Look and publish", format!("{BASE}/publish"))),
        at: may.then(|| "2008-01-07T09:00:00Z".to_owned()),
    };
    ReleaseDeskPage {
        done: Some("The release is built.".to_owned()),
        failed: Some("The release was built again since you looked.".to_owned()),
        findings: vec!["A <shown> cell: Luton, MS_INC: 3 people".to_owned()],
        state: "built".to_owned(),
        open: true,
        told: "Only the office sees it.".to_owned(),
        build: Some(BuildView {
            action: format!("{BASE}/build"),
            again: true,
            loses: Some("The planned minute is dropped.".to_owned()),
        }),
        built: Some(BuiltView {
            facts: vec![Fact::new("Built", "9am on Monday 17 December 2007")],
            digest: "ab12".repeat(16),
            audit: "The auditor made 12,345 tests and found nothing.".to_owned(),
            tested: vec![TestedRow {
                what: "The files are whole".to_owned(),
                times: "12,345".to_owned(),
            }],
            figures: vec![Fact::new("Figures shown", "512")],
            rule: "At least 5 people from 3 PBC groups.".to_owned(),
            units: vec![
                unit("Luton", "12", "shown"),
                unit(&"A very long name ".repeat(6), "fewer than 5", "nothing shown"),
            ],
            results: "/results/2007-Q4".to_owned(),
            look_as: format!("{BASE}/as"),
            flags: "12 of 20 are decided.".to_owned(),
            flags_href: "/office/waves/2007-Q4/flags".to_owned(),
        }),
        publication: Some(PublicationView {
            told: "It is not decided when it is published.".to_owned(),
            not_you: Some("Only an administrator publishes.".to_owned()),
            asked: vec![asked(true), asked(false)],
            plan: Some(Link::new("Set the minute", format!("{BASE}/plan"))),
            unplan: Some(format!("{BASE}/unplan")),
            publish: Some(format!("{BASE}/publish")),
            set: format!("{BASE}/plan"),
            take_back: format!("{BASE}/take-back"),
            digest: "ab12".repeat(16),
        }),
        showing: vec!["PCTs see each other by name.".to_owned()],
        change_showing: Some(format!("{BASE}/showing")),
        early: "Nobody but the office sees it before.".to_owned(),
        change_early: Some(format!("{BASE}/early")),
        ..sample_early()
    }
}

fn sample_published() -> ReleaseDeskPage {
    ReleaseDeskPage {
        done: None,
        failed: None,
        findings: Vec::new(),
        state: "published".to_owned(),
        open: false,
        told: "Published at 9am on Monday 7 January 2008.".to_owned(),
        build: None,
        publication: None,
        notes: vec![Fact::new("Monday 14 January 2008", "One <group> was counted twice.")],
        note: Some(format!("{BASE}/note")),
        ..sample_built()
    }
}
