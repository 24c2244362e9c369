//! One page for every act of the office: what will happen, what is asked for, whether a
//! colleague is needed, and the button. The same shape everywhere, so that nobody presses
//! a button without having been told.

use serde::Serialize;

use super::fields::{AreaView, FieldView};
use super::layout::{Fact, Frame, Hidden, Layout, Link};
use super::respondent::Prompt;
use super::template::Page;

/// A choice of one or several.
#[derive(Clone, Serialize)]
pub struct ChoicesView {
    /// Its name and the beginning of its HTML ids.
    pub id: String,
    /// What is asked.
    pub legend: String,
    /// On-screen help, if any.
    pub hint: Option<String>,
    /// `radio` or `checkbox`.
    pub kind: String,
    /// Whether it is `radio`.
    pub is_radio: bool,
    /// What can be chosen.
    pub options: Vec<ChoiceView>,
    /// What is wrong with it, if anything.
    pub error: Option<String>,
}

/// Something that can be chosen.
#[derive(Clone, Serialize)]
pub struct ChoiceView {
    /// Its HTML id.
    pub id: String,
    /// Its value.
    pub value: String,
    /// What it says.
    pub label: String,
    /// More about it, if there is more to say.
    pub hint: Option<String>,
    /// Whether it is chosen.
    pub checked: bool,
}

/// A field for files.
#[derive(Clone, Serialize)]
pub struct FileView {
    /// Its name and HTML id.
    pub id: String,
    /// Its label.
    pub label: String,
    /// On-screen help, if any.
    pub hint: Option<String>,
    /// Whether several may be chosen.
    pub several: bool,
    /// What is wrong with it, if anything.
    pub error: Option<String>,
}

/// A field of an act: one of these.
#[derive(Clone, Default, Serialize)]
pub struct ActField {
    /// One line.
    pub line: Option<FieldView>,
    /// Several lines.
    pub area: Option<AreaView>,
    /// A choice.
    pub choices: Option<ChoicesView>,
    /// Files.
    pub file: Option<FileView>,
}

impl From<FieldView> for ActField {
    fn from(line: FieldView) -> Self {
        Self { line: Some(line), ..Self::default() }
    }
}

impl From<AreaView> for ActField {
    fn from(area: AreaView) -> Self {
        Self { area: Some(area), ..Self::default() }
    }
}

impl From<ChoicesView> for ActField {
    fn from(choices: ChoicesView) -> Self {
        Self { choices: Some(choices), ..Self::default() }
    }
}

impl From<FileView> for ActField {
    fn from(file: FileView) -> Self {
        Self { file: Some(file), ..Self::default() }
    }
}

impl ActField {
    /// The line of the error summary, if something is wrong with it.
    #[must_use]
    pub fn problem(&self) -> Option<Prompt> {
        let of = |id: &str, error: &Option<String>| {
            error.clone().map(|text| Prompt { href: format!("#{id}"), text })
        };
        if let Some(choices) = &self.choices {
            let first = choices.options.first().map_or("", |option| option.id.as_str());
            return of(first, &choices.error);
        }
        if let Some(file) = &self.file {
            return of(&file.id, &file.error);
        }
        let line = self.line.as_ref().and_then(FieldView::problem);
        line.or_else(|| self.area.as_ref().and_then(AreaView::problem))
    }
}

/// A table of finished words.
#[derive(Clone, Serialize)]
pub struct PlainTable {
    /// Its HTML id.
    pub id: String,
    /// What it shows.
    pub caption: String,
    /// The heads of its columns.
    pub heads: Vec<String>,
    /// Its rows; the first cell names the row.
    pub rows: Vec<PlainRow>,
}

/// A row of it.
#[derive(Clone, Serialize)]
pub struct PlainRow {
    /// What it is about.
    pub name: String,
    /// The other cells.
    pub cells: Vec<String>,
}

/// A list under a heading.
#[derive(Clone, Serialize)]
pub struct PlainList {
    /// The heading.
    pub heading: String,
    /// Its lines.
    pub items: Vec<String>,
}

/// A month of a calendar.
#[derive(Clone, Serialize)]
pub struct MonthView {
    /// Its HTML id.
    pub id: String,
    /// Its name, for example `December 2007`.
    pub name: String,
    /// Its weeks, from Monday to Sunday.
    pub weeks: Vec<Vec<DayView>>,
}

/// A day of it; without a number where another month's day would stand.
#[derive(Clone, Serialize)]
pub struct DayView {
    /// The day of the month.
    pub number: String,
    /// What happens on it.
    pub marks: Vec<String>,
    /// Whether answers are taken on it.
    pub open: bool,
    /// Whether it is a Saturday or Sunday.
    pub weekend: bool,
}

/// Whether a colleague is needed.
#[derive(Clone, Serialize)]
pub struct SecondView {
    /// What is to be known about it.
    pub told: String,
    /// The button that asks a colleague.
    pub ask: Option<String>,
    /// The button that takes the request back.
    pub take_back: Option<String>,
    /// What the forms of both carry.
    pub hidden: Vec<Hidden>,
}

/// Something that is handed out, once.
#[derive(Clone, Serialize)]
pub struct HandedView {
    /// Its HTML id.
    pub id: String,
    /// The name of the file to keep it in.
    pub name: String,
    /// Who holds it.
    pub holder: String,
    /// The text.
    pub text: String,
    /// The same as an address with the text in it.
    pub href: String,
}

/// A page of an act.
#[derive(Serialize)]
pub struct ActPage {
    /// What is around it.
    pub layout: Layout,
    /// What it is about, above the heading.
    pub caption: String,
    /// What is to be done.
    pub heading: String,
    /// What is wrong with what was sent.
    pub errors: Vec<Prompt>,
    /// What will happen, a paragraph each.
    pub told: Vec<String>,
    /// What cannot be undone.
    pub warning: Option<String>,
    /// Facts to look at first.
    pub facts: Vec<Fact>,
    /// Lists to look at first.
    pub lists: Vec<PlainList>,
    /// Tables to look at first.
    pub tables: Vec<PlainTable>,
    /// The months that it spans.
    pub months: Vec<MonthView>,
    /// What is handed out.
    pub handed: Vec<HandedView>,
    /// What is asked for.
    pub fields: Vec<ActField>,
    /// Whether a colleague is needed.
    pub second: Option<SecondView>,
    /// The button; none if it cannot be pressed now.
    pub button: Option<String>,
    /// Whether the button does what cannot be undone.
    pub grave: bool,
    /// Where the form is sent.
    pub action: String,
    /// Whether files go with it.
    pub files: bool,
    /// What it carries unseen.
    pub hidden: Vec<Hidden>,
    /// Other ways on.
    pub links: Vec<Link>,
    /// Whether the page looks again by itself.
    pub again: bool,
}

impl ActPage {
    /// A page with nothing but its heading.
    #[must_use]
    pub fn new(layout: Layout, caption: &str, heading: &str) -> Self {
        Self {
            layout,
            caption: caption.to_owned(),
            heading: heading.to_owned(),
            errors: Vec::new(),
            told: Vec::new(),
            warning: None,
            facts: Vec::new(),
            lists: Vec::new(),
            tables: Vec::new(),
            months: Vec::new(),
            handed: Vec::new(),
            fields: Vec::new(),
            second: None,
            button: None,
            grave: false,
            action: String::new(),
            files: false,
            hidden: Vec::new(),
            links: Vec::new(),
            again: false,
        }
    }

    /// With these fields, and what is wrong with them above.
    #[must_use]
    pub fn asking(mut self, fields: Vec<ActField>) -> Self {
        self.errors.extend(fields.iter().filter_map(ActField::problem));
        self.files = fields.iter().any(|field| field.file.is_some());
        self.fields = fields;
        if !self.errors.is_empty() {
            self.layout.title = format!("Error: {}", self.layout.title);
        }
        self
    }

    /// With a button and where it leads.
    #[must_use]
    pub fn button(mut self, words: &str, action: &str) -> Self {
        self.button = Some(words.to_owned());
        action.clone_into(&mut self.action);
        self
    }
}

impl Page for ActPage {
    const TEMPLATE: &'static str = "office/act";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    #[expect(clippy::too_many_lines, reason = "one sample shows every part of the page")]
    fn samples() -> Vec<Self> {
        let layout = || Frame::sample().at("/office").page("Act").back("Back", "/office");
        let choice = |id: &str, hint: Option<&str>| ChoiceView {
            id: id.to_owned(),
            value: id.to_owned(),
            label: "On the <server>".to_owned(),
            hint: hint.map(str::to_owned),
            checked: hint.is_some(),
        };
        let choices = |kind: &str, error: Option<&str>| ChoicesView {
            id: format!("key-{kind}"),
            legend: "Where is the key kept?".to_owned(),
            hint: error.map(str::to_owned),
            kind: kind.to_owned(),
            is_radio: kind == "radio",
            options: vec![
                choice(&format!("{kind}-1"), Some("Simplest.")),
                choice(&format!("{kind}-2"), None),
            ],
            error: error.map(str::to_owned),
        };
        let file = |id: &str, several, error: Option<&str>| FileView {
            id: id.to_owned(),
            label: "Key file".to_owned(),
            hint: error.map(str::to_owned),
            several,
            error: error.map(str::to_owned),
        };
        let area = AreaView {
            id: "reason".to_owned(),
            label: "Why?".to_owned(),
            hint: None,
            max_chars: 200,
            value: "<b>".to_owned(),
            error: None,
        };
        let day = |number: &str, marks: &[&str], open, weekend| DayView {
            number: number.to_owned(),
            marks: marks.iter().map(|mark| (*mark).to_owned()).collect(),
            open,
            weekend,
        };
        let second = |ask: bool| SecondView {
            told: "Two people are needed for this.".to_owned(),
            ask: ask.then(|| "Ask a colleague".to_owned()),
            take_back: (!ask).then(|| "Take it back".to_owned()),
            hidden: vec![Hidden { name: "act".to_owned(), value: "wave.opened".to_owned() }],
        };
        let full = Self {
            told: vec!["162 leads get a mail.".to_owned()],
            warning: Some("This cannot be undone.".to_owned()),
            facts: vec![Fact::new("Leads", "162")],
            lists: vec![PlainList {
                heading: "Groups without a lead".to_owned(),
                items: vec!["<Avocet>".to_owned()],
            }],
            tables: vec![PlainTable {
                id: "table-forecast".to_owned(),
                caption: "Who could be shown".to_owned(),
                heads: vec!["PCT".to_owned(), "60%".to_owned()],
                rows: vec![PlainRow { name: "Luton".to_owned(), cells: vec!["hidden".to_owned()] }],
            }],
            months: vec![MonthView {
                id: "month-2007-12".to_owned(),
                name: "December 2007".to_owned(),
                weeks: vec![vec![
                    day("", &[], false, false),
                    day("4", &[], false, false),
                    day("5", &["Opens", "Invitations"], true, false),
                    day("6", &[], true, false),
                    day("7", &[], true, false),
                    day("8", &[], true, true),
                    day("9", &[], true, true),
                ]],
            }],
            handed: vec![HandedView {
                id: "handed-1".to_owned(),
                name: "2007-Q4-share-1-of-3.txt".to_owned(),
                holder: "<The clerk>".to_owned(),
                text: "1: apple".to_owned(),
                href: "data:text/plain;base64,MTogYXBwbGU=".to_owned(),
            }],
            second: Some(second(true)),
            links: vec![Link::new("Another way", "/office")],
            again: true,
            ..Self::new(layout(), "2007-Q4", "Open the wave")
        }
        .asking(vec![
            FieldView::text("code", "Code").hint("For example 2007-Q4.").into(),
            area.into(),
            choices("radio", Some("Choose one")).into(),
            choices("checkbox", None).into(),
            file("key", true, Some("Choose the file")).into(),
            file("other", false, None).into(),
        ])
        .button("Open", "/office/waves/2007-Q4/open");
        let plain = Self {
            second: Some(second(false)),
            hidden: vec![Hidden { name: "-once".to_owned(), value: "1".to_owned() }],
            ..Self::new(layout(), "", "Close the wave")
        };
        let grave = Self { grave: true, ..Self::new(layout(), "", "Cancel") }
            .button("Cancel the wave", "/office/waves/2007-Q4/cancel");
        vec![full, plain, grave]
    }
}
