//! The register in the browser: who is there, one PBC group, forms, and pages that say
//! what will happen. Everything on them is for the survey office alone.

mod forms;
mod history;
mod import;

use serde::Serialize;

use super::layout::{Fact, Frame, Layout, Link};
use super::template::Page;

pub use forms::{MergePage, RegisterConfirmPage, RegisterFormPage, SelectOption, SelectView};
pub use history::{EventView, HistoryChange, RegisterHistoryPage};
pub use import::{
    ChangeView, ChangedNoun, CountsRow, FaultRow, RegisterImportPage, RegisterPreviewPage,
    TableColumns,
};

/// A lead as the office sees them.
#[derive(Clone, Serialize)]
pub struct RegisterLead {
    /// Their name.
    pub name: String,
    /// What they do.
    pub role: String,
    /// Where they are written to.
    pub email: String,
    /// Why mails do not reach them, if they do not.
    pub trouble: Option<String>,
    /// Where they are changed.
    pub change: String,
    /// Where they are taken out.
    pub remove: String,
}

/// A PBC group in the list.
#[derive(Clone, Serialize)]
pub struct RegisterGroup {
    /// Its name.
    pub name: String,
    /// Its code.
    pub slug: String,
    /// Its page.
    pub href: String,
    /// How many practices, or a dash.
    pub practices: String,
    /// How many patients, or a dash.
    pub population: String,
    /// Its leads.
    pub leads: Vec<RegisterLead>,
}

/// A reporting unit with its groups.
#[derive(Clone, Serialize)]
pub struct RegisterUnit {
    /// The id of its heading.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its PCTs and counts in words.
    pub about: String,
    /// Its groups, as far as they were looked for.
    pub groups: Vec<RegisterGroup>,
}

/// Something that somebody has to mend.
#[derive(Clone, Serialize)]
pub struct Mend {
    /// What.
    pub what: String,
    /// Where.
    pub link: Link,
}

/// The last change.
#[derive(Clone, Serialize)]
pub struct LastChange {
    /// What was done.
    pub about: String,
    /// By whom and when.
    pub by: String,
    /// Where it is undone, if it can be.
    pub undo: Option<String>,
}

/// `/office/register`: who is there.
#[derive(Serialize)]
pub struct RegisterPage {
    /// What is around it.
    pub layout: Layout,
    /// What was just done.
    pub done: Option<String>,
    /// What could not be done.
    pub failed: Option<String>,
    /// Whether nobody is there yet.
    pub empty: bool,
    /// How many of each.
    pub facts: Vec<Fact>,
    /// What has to be mended.
    pub mend: Vec<Mend>,
    /// The last change.
    pub last: Option<LastChange>,
    /// What is looked for.
    pub q: String,
    /// The unit that is looked at.
    pub unit: SelectView,
    /// How many groups were found, if not all are shown.
    pub found: Option<String>,
    /// The units that have such groups.
    pub units: Vec<RegisterUnit>,
    /// The files of the register.
    pub files: Vec<Link>,
}

/// `/office/register/groups/{slug}`: one PBC group.
#[derive(Serialize)]
pub struct RegisterGroupPage {
    /// What is around it.
    pub layout: Layout,
    /// What was just done.
    pub done: Option<String>,
    /// What could not be done.
    pub failed: Option<String>,
    /// Its name.
    pub name: String,
    /// What is known of it.
    pub facts: Vec<Fact>,
    /// Its leads.
    pub leads: Vec<RegisterLead>,
    /// The address of this page, under which its forms are.
    pub at: String,
    /// Its history, the newest first.
    pub changes: Vec<HistoryChange>,
    /// Where all of its history is, if that is not all.
    pub more: Option<String>,
}

impl RegisterLead {
    /// A lead for samples.
    fn sample(name: &str, trouble: Option<&str>) -> Self {
        Self {
            name: name.to_owned(),
            role: "GP <chair>".to_owned(),
            email: "sample@example.org".to_owned(),
            trouble: trouble.map(str::to_owned),
            change: "/office/register/groups/lea/leads/0011223344556677".to_owned(),
            remove: "/office/register/groups/lea/leads/0011223344556677/remove".to_owned(),
        }
    }
}

impl Page for RegisterPage {
    const TEMPLATE: &'static str = "office/register";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let layout =
            || Frame::sample().at("/office").page("Register").back("Survey office", "/office");
        let unit = SelectView::sample("unit", None);
        let group = |name: &str, leads| RegisterGroup {
            name: name.to_owned(),
            slug: "lea-valley".to_owned(),
            href: "/office/register/groups/lea-valley".to_owned(),
            practices: "5".to_owned(),
            population: "30,300".to_owned(),
            leads,
        };
        let leads = vec![
            RegisterLead::sample("Dr <Sample>", None),
            RegisterLead::sample("Dr O'Lead", Some("the last invitation came back")),
        ];
        let full = Self {
            layout: layout(),
            done: Some("It is done.".to_owned()),
            failed: Some("It is not done.".to_owned()),
            empty: false,
            facts: vec![Fact::new("PBC groups", "2"), Fact::new("Leads", "2")],
            mend: vec![Mend {
                what: "1 lead is not reached by mails".to_owned(),
                link: Link::new("See to mails", "/office/mail"),
            }],
            last: Some(LastChange {
                about: "Import of leads".to_owned(),
                by: "office@example.org, 20 November 2007".to_owned(),
                undo: Some("/office/register/undo".to_owned()),
            }),
            q: "<lea>".to_owned(),
            unit,
            found: Some("2 of 81 PBC groups".to_owned()),
            units: vec![RegisterUnit {
                id: "unit-luton".to_owned(),
                name: "Luton".to_owned(),
                about: "5GC Luton Teaching PCT".to_owned(),
                groups: vec![group("Lea & Valley <PBC> Group", leads), group("North", Vec::new())],
            }],
            files: vec![Link::new("leads.csv", "/office/register/export/leads.csv")],
        };
        let empty = Self {
            layout: layout(),
            done: None,
            failed: None,
            empty: true,
            facts: Vec::new(),
            mend: Vec::new(),
            last: None,
            q: String::new(),
            unit: SelectView::sample("unit", None),
            found: None,
            units: Vec::new(),
            files: Vec::new(),
        };
        let nobody = Self {
            layout: layout(),
            done: None,
            failed: None,
            found: Some("No PBC group".to_owned()),
            units: Vec::new(),
            last: Some(LastChange {
                about: "Import of leads".to_owned(),
                by: "command line, 20 November 2007".to_owned(),
                undo: None,
            }),
            mend: Vec::new(),
            unit: SelectView::sample("unit", None),
            facts: full.facts.clone(),
            q: "none".to_owned(),
            files: full.files.clone(),
            empty: false,
        };
        vec![full, empty, nobody]
    }
}

impl Page for RegisterGroupPage {
    const TEMPLATE: &'static str = "office/register_group";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |leads, changes, more: Option<&str>| Self {
            layout: Frame::sample().at("/office").page("Lea & Valley <PBC> Group").trail(vec![
                Link::new("Survey office", "/office"),
                Link::new("Register", "/office/register"),
            ]),
            done: None,
            failed: None,
            name: "Lea & Valley <PBC> Group".to_owned(),
            facts: vec![Fact::new("Code", "lea-valley"), Fact::new("PCT", "Luton")],
            leads,
            at: "/office/register/groups/lea-valley".to_owned(),
            changes,
            more: more.map(str::to_owned),
        };
        let leads = vec![
            RegisterLead::sample("Dr <Sample>", None),
            RegisterLead::sample("Dr O'Lead", Some("no mails go there: came back")),
        ];
        vec![
            page(leads, HistoryChange::samples(), Some("/office/register/history?group=lea")),
            page(Vec::new(), Vec::new(), None),
        ]
    }
}
