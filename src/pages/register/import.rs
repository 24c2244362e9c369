//! The register from files: the form, its faults, and what an import would change.

use serde::Serialize;

use crate::pages::layout::Hidden;
use crate::pages::respondent::Prompt;

use super::{Frame, Layout, Link, Page};

/// A fault of an upload.
#[derive(Clone, Serialize)]
pub struct FaultRow {
    /// File or sheet.
    pub file: String,
    /// The place in it, or nothing.
    pub place: String,
    /// What is wrong.
    pub what: String,
    /// What would be right, or nothing.
    pub remedy: String,
}

/// A table with its columns.
#[derive(Clone, Serialize)]
pub struct TableColumns {
    /// The name of its sheet or file.
    pub name: String,
    /// What it is about.
    pub about: String,
    /// Its columns.
    pub columns: String,
}

/// `/office/register/import`: asks for files.
#[derive(Serialize)]
pub struct RegisterImportPage {
    /// What is around it.
    pub layout: Layout,
    /// The error summary.
    pub errors: Vec<Prompt>,
    /// What is wrong with the files that were sent.
    pub faults: Vec<FaultRow>,
    /// Faults that are not shown, if there are any.
    pub more: Option<String>,
    /// What a workbook or the files hold.
    pub tables: Vec<TableColumns>,
    /// Whether a register is held already.
    pub held: bool,
}

/// How much of one kind is new, changed, gone and the same.
#[derive(Clone, Serialize)]
pub struct CountsRow {
    /// The kind.
    pub name: String,
    /// New.
    pub added: usize,
    /// Changed.
    pub changed: usize,
    /// Gone.
    pub gone: usize,
    /// The same.
    pub same: usize,
}

/// One thing that would be different.
#[derive(Clone, Serialize)]
pub struct ChangeView {
    /// `New`, `Changed` or `Gone`.
    pub how: String,
    /// What.
    pub name: String,
    /// More of it, such as the group of a lead.
    pub note: String,
    /// Which values change, each in words.
    pub details: Vec<String>,
}

/// What would be different of one kind.
#[derive(Clone, Serialize)]
pub struct ChangedNoun {
    /// The kind, for several.
    pub heading: String,
    /// Each.
    pub changes: Vec<ChangeView>,
    /// Those that are not shown, if there are any.
    pub more: Option<String>,
}

/// What an import would change.
#[derive(Serialize)]
pub struct RegisterPreviewPage {
    /// What is around it.
    pub layout: Layout,
    /// Whether the register changed since the preview before this one.
    pub moved: bool,
    /// Whether nothing would change.
    pub nothing: bool,
    /// What was read and what not, each in a sentence.
    pub notes: Vec<String>,
    /// What the change means, each in a sentence.
    pub means: Vec<String>,
    /// What to think of before, each in a sentence.
    pub warnings: Vec<String>,
    /// How much of each kind.
    pub counts: Vec<CountsRow>,
    /// What would be different.
    pub nouns: Vec<ChangedNoun>,
    /// Fields that go with the forms.
    pub hidden: Vec<Hidden>,
}

impl ChangedNoun {
    /// Changes for samples.
    pub(super) fn samples() -> Vec<Self> {
        let change = |how: &str, details: &[&str]| ChangeView {
            how: how.to_owned(),
            name: "Dr <Sample>, GP chair".to_owned(),
            note: "Lea & Valley".to_owned(),
            details: details.iter().map(|one| (*one).to_owned()).collect(),
        };
        vec![Self {
            heading: "Leads".to_owned(),
            more: Some("7 more are not shown.".to_owned()),
            changes: vec![
                change("New", &[]),
                change("Changed", &["role: GP becomes chair"]),
                change("Gone", &[]),
            ],
        }]
    }
}

impl Page for RegisterImportPage {
    const TEMPLATE: &'static str = "office/register_import";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |faults: Vec<FaultRow>, more: Option<&str>| Self {
            layout: Frame::sample().at("/office").page("Import the register").trail(vec![
                Link::new("Survey office", "/office"),
                Link::new("Register", "/office/register"),
            ]),
            errors: faults
                .first()
                .map(|_| Prompt { href: "#faults".to_owned(), text: "2 faults".to_owned() })
                .into_iter()
                .collect(),
            held: faults.is_empty(),
            faults,
            more: more.map(str::to_owned),
            tables: vec![TableColumns {
                name: "leads".to_owned(),
                about: "Who is asked".to_owned(),
                columns: "consortium_slug, name, role, email".to_owned(),
            }],
        };
        let fault = |place: &str, remedy: &str| FaultRow {
            file: "sheet leads".to_owned(),
            place: place.to_owned(),
            what: "role is <empty>".to_owned(),
            remedy: remedy.to_owned(),
        };
        vec![
            page(Vec::new(), None),
            page(vec![fault("C5", "write it"), fault("", "")], Some("7 more are not shown.")),
        ]
    }
}

impl Page for RegisterPreviewPage {
    const TEMPLATE: &'static str = "office/register_preview";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |nothing, moved| {
            let some = |text: &str| if nothing { Vec::new() } else { vec![text.to_owned()] };
            Self {
                layout: Frame::sample().at("/office").page("What the import changes").trail(vec![
                    Link::new("Survey office", "/office"),
                    Link::new("Register", "/office/register"),
                ]),
                moved,
                nothing,
                notes: some("The sheet “Notes” was not read."),
                means: some("1 lead will no longer be invited."),
                warnings: some("A wave is open."),
                counts: vec![CountsRow {
                    name: "Leads".to_owned(),
                    added: 1,
                    changed: 1,
                    gone: 1,
                    same: 160,
                }],
                nouns: if nothing { Vec::new() } else { ChangedNoun::samples() },
                hidden: vec![Hidden { name: "-upload".to_owned(), value: "sample".to_owned() }],
            }
        };
        vec![page(false, false), page(false, true), page(true, false)]
    }
}
