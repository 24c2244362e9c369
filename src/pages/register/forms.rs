//! Forms of the register, and pages that say what a button will do before it does it.

use serde::Serialize;

use crate::pages::fields::FieldView;
use crate::pages::layout::Hidden;
use crate::pages::respondent::Prompt;

use super::{ChangedNoun, Frame, Layout, Link, Page};

/// One entry of a list to choose from.
#[derive(Clone, Serialize)]
pub struct SelectOption {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Whether it is chosen.
    pub selected: bool,
}

/// A list to choose one from.
#[derive(Clone, Serialize)]
pub struct SelectView {
    /// Its name and HTML id.
    pub id: String,
    /// Its label.
    pub label: String,
    /// On-screen help, if any.
    pub hint: Option<String>,
    /// What is wrong with it, if anything.
    pub error: Option<String>,
    /// What can be chosen.
    pub options: Vec<SelectOption>,
}

impl SelectView {
    /// A list of values with their labels.
    #[must_use]
    pub fn new(id: &str, label: &str, options: Vec<(String, String)>, chosen: &str) -> Self {
        let option = |(value, label): (String, String)| SelectOption {
            selected: value == chosen,
            value,
            label,
        };
        Self {
            id: id.to_owned(),
            label: label.to_owned(),
            hint: None,
            error: None,
            options: options.into_iter().map(option).collect(),
        }
    }

    /// The line of the error summary, if there is one.
    #[must_use]
    pub fn problem(&self) -> Option<Prompt> {
        let text = self.error.clone()?;
        Some(Prompt { href: format!("#{}", self.id), text })
    }

    /// A list for samples.
    pub(super) fn sample(id: &str, error: Option<&str>) -> Self {
        let options = [("", "All"), ("luton", "Luton"), ("x", "<Another>")]
            .map(|(value, label)| (value.to_owned(), label.to_owned()));
        let error = error.map(str::to_owned);
        let hint = error.is_some().then(|| "Help".to_owned());
        Self { hint, error, ..Self::new(id, "Reporting unit", options.to_vec(), "luton") }
    }
}

/// A form with which something is added or changed.
#[derive(Serialize)]
pub struct RegisterFormPage {
    /// What is around it.
    pub layout: Layout,
    /// What it is for.
    pub heading: String,
    /// What to know before, each in a paragraph.
    pub notes: Vec<String>,
    /// Fields before the list.
    pub fields: Vec<FieldView>,
    /// A list to choose from, if there is one.
    pub select: Option<SelectView>,
    /// Fields after it.
    pub rest: Vec<FieldView>,
    /// What is wrong with them.
    pub errors: Vec<Prompt>,
    /// Where it is sent.
    pub action: String,
    /// Fields that go with it.
    pub hidden: Vec<Hidden>,
    /// What the button says.
    pub button: String,
    /// The way out of it.
    pub cancel: String,
}

/// Into which group another one goes.
#[derive(Serialize)]
pub struct MergePage {
    /// What is around it.
    pub layout: Layout,
    /// Which group goes.
    pub name: String,
    /// Where it can go.
    pub into: SelectView,
    /// The address of this page.
    pub action: String,
    /// The way out of it.
    pub cancel: String,
}

/// What a button will do, and the button.
#[derive(Serialize)]
pub struct RegisterConfirmPage {
    /// What is around it.
    pub layout: Layout,
    /// The question.
    pub heading: String,
    /// What will happen, each in a sentence.
    pub says: Vec<String>,
    /// What would be different after it, where that is told one by one.
    pub nouns: Vec<ChangedNoun>,
    /// Where the form is sent.
    pub action: String,
    /// Fields that go with it.
    pub hidden: Vec<Hidden>,
    /// What the button says.
    pub button: String,
    /// The way out of it.
    pub cancel: String,
}

fn trail() -> Vec<Link> {
    vec![Link::new("Survey office", "/office"), Link::new("Register", "/office/register")]
}

fn hidden() -> Vec<Hidden> {
    vec![Hidden { name: "-seen".to_owned(), value: "sample".to_owned() }]
}

impl Page for RegisterFormPage {
    const TEMPLATE: &'static str = "office/register_form";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |error: Option<&str>, select: Option<SelectView>| {
            let name = FieldView::text("name", "Name").sent("<Lea>", error.map(str::to_owned));
            let rest = FieldView::text("practices", "Practices").hint("Digits only");
            let problems = [name.problem(), select.as_ref().and_then(SelectView::problem)];
            Self {
                layout: Frame::sample().at("/office").page("Add a PBC group").trail(trail()),
                heading: "Add a PBC group".to_owned(),
                notes: vec!["A wave that is open keeps the leads that it has.".to_owned()],
                errors: problems.into_iter().flatten().collect(),
                fields: vec![name],
                select,
                rest: vec![rest],
                action: "/office/register/new-group".to_owned(),
                hidden: hidden(),
                button: "Add it".to_owned(),
                cancel: "/office/register".to_owned(),
            }
        };
        vec![
            page(None, None),
            page(Some("Enter a name"), Some(SelectView::sample("pct", Some("Choose a PCT")))),
            page(None, Some(SelectView::sample("pct", None))),
        ]
    }
}

impl Page for MergePage {
    const TEMPLATE: &'static str = "office/register_merge";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        vec![Self {
            layout: Frame::sample().at("/office").page("Merge Lea <Valley>").trail(trail()),
            name: "Lea <Valley>".to_owned(),
            into: SelectView::sample("into", None),
            action: "/office/register/groups/lea-valley/merge".to_owned(),
            cancel: "/office/register/groups/lea-valley".to_owned(),
        }]
    }
}

impl Page for RegisterConfirmPage {
    const TEMPLATE: &'static str = "office/register_confirm";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |nouns| Self {
            layout: Frame::sample().at("/office").page("Take out Dr <Sample>?").trail(trail()),
            heading: "Take out Dr <Sample>?".to_owned(),
            says: vec!["They are not invited to the next wave.".to_owned()],
            nouns,
            action: "/office/register/undo".to_owned(),
            hidden: hidden(),
            button: "Take them out".to_owned(),
            cancel: "/office/register".to_owned(),
        };
        vec![page(Vec::new()), page(ChangedNoun::samples())]
    }
}
