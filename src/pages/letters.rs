//! The office's pages about letters: what each kind of mail says, an editor with
//! a preview, and every version.

use serde::Serialize;

use crate::letter::{Filled, Part};

use super::layout::{Fact, Frame, Hidden, Layout, Link};
use super::respondent::Prompt;
use super::template::Page;

/// One kind of mail in the list.
#[derive(Clone, Serialize)]
pub struct LetterRow {
    /// Its name.
    pub name: String,
    /// The page about it.
    pub href: String,
    /// What its subject is.
    pub subject: String,
    /// Who changed it when; none if it is the usual text.
    pub changed: Option<String>,
    /// Whether it can be changed, in a sentence.
    pub stage: String,
}

/// `/office/letters` and `/office/waves/{wave}/letters`: the kinds of mail.
#[derive(Serialize)]
pub struct LettersPage {
    /// What is around it.
    pub layout: Layout,
    /// The page's heading.
    pub heading: String,
    /// Whether these letters belong to a wave.
    pub of_wave: bool,
    /// The letters.
    pub letters: Vec<LetterRow>,
    /// The other letters.
    pub others: Link,
}

/// A field of the editor with all that is wrong with it.
#[derive(Clone, Default, Serialize)]
pub struct LetterField {
    /// What is written so far.
    pub value: String,
    /// What is wrong with it.
    pub errors: Vec<String>,
}

/// A choice of a list.
#[derive(Clone, Serialize)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What it says.
    pub label: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

/// A part of a line of a mail.
#[derive(Clone, Serialize)]
pub struct PreviewPart {
    /// What it says.
    pub text: String,
    /// Whether a mail program makes it a link.
    pub link: bool,
}

/// A letter as one reader gets it, but for its links.
#[derive(Clone, Serialize)]
pub struct PreviewView {
    /// The subject.
    pub subject: String,
    /// The sentence that stands before every mail of a rehearsal.
    pub notice: Option<String>,
    /// Paragraphs of lines of parts.
    pub paragraphs: Vec<Vec<Vec<PreviewPart>>>,
}

/// One version of a letter.
#[derive(Clone, Serialize)]
pub struct VersionRow {
    /// Which, for example `Version 2`.
    pub name: String,
    /// Who saved it when, or that it is the usual text.
    pub saved: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
    /// Whether it is the one that counts.
    pub counts: bool,
    /// Its number, for the form that brings it back.
    pub number: String,
}

/// What somebody else saved while this reader was writing.
#[derive(Clone, Serialize)]
pub struct Meanwhile {
    /// Who saved when.
    pub saved: String,
    /// The subject.
    pub subject: String,
    /// The text.
    pub body: String,
}

/// `…/letters/{kind}`: the editor.
#[derive(Serialize)]
pub struct LetterPage {
    /// What is around it.
    pub layout: Layout,
    /// The wave's title, if it belongs to one.
    pub caption: String,
    /// The kind of mail.
    pub heading: String,
    /// What was just done, if anything.
    pub done: Option<String>,
    /// What could not be done, if anything.
    pub failed: Option<String>,
    /// What somebody else saved meanwhile.
    pub meanwhile: Option<Meanwhile>,
    /// What is wrong with the letter.
    pub errors: Vec<Prompt>,
    /// Whether it can be changed, in a sentence.
    pub stage: String,
    /// Whether it can be changed.
    pub open: bool,
    /// The subject.
    pub subject: LetterField,
    /// The text.
    pub body: LetterField,
    /// Most characters of the text.
    pub most: usize,
    /// The tokens with what they stand for.
    pub tokens: Vec<Fact>,
    /// The tokens without which it would be of no use.
    pub needs: String,
    /// The groups in whose place it can be read.
    pub groups: Vec<Choice>,
    /// What it looks like.
    pub preview: Option<PreviewView>,
    /// Where the form is sent to be saved.
    pub action: String,
    /// Where it is sent for a preview.
    pub look: String,
    /// Where it is sent for a test mail.
    pub test: String,
    /// To whom a test mail goes.
    pub test_to: String,
    /// Fields that go with it.
    pub hidden: Vec<Hidden>,
    /// Every version, the newest first.
    pub versions: Vec<VersionRow>,
    /// Where a form is sent that brings a version back.
    pub bring_back: String,
}

impl PreviewView {
    /// The view of a filled letter.
    #[must_use]
    pub fn of(letter: &Filled, notice: Option<&str>) -> Self {
        let part = |part: &Part| PreviewPart {
            text: part.text().to_owned(),
            link: !matches!(part, Part::Words(_)),
        };
        let line = |line: &Vec<Part>| line.iter().map(part).collect();
        let paragraphs = letter.paragraphs.iter();
        Self {
            subject: letter.subject.clone(),
            notice: notice.map(str::to_owned),
            paragraphs: paragraphs.map(|lines| lines.iter().map(line).collect()).collect(),
        }
    }
}

impl Page for LettersPage {
    const TEMPLATE: &'static str = "office/letters";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let row = |name: &str, changed: Option<&str>, stage: &str| LetterRow {
            name: name.to_owned(),
            href: "/office/waves/2007-Q4/letters/invitation".to_owned(),
            subject: "How is PBC going for {{group}}?".to_owned(),
            changed: changed.map(str::to_owned),
            stage: stage.to_owned(),
        };
        let changed = "ann@office.example.org, 9am on Monday 19 November 2007";
        let layout = || Frame::sample().at("/office").page("Letters").wide();
        vec![
            Self {
                layout: layout(),
                heading: "Letters of October to December 2007".to_owned(),
                of_wave: true,
                letters: vec![
                    row("Invitation", Some(changed), "It went at 9am on Monday 19 November 2007."),
                    row("Reminder", None, "Nothing of it has gone yet."),
                ],
                others: Link::new("Letters that belong to no wave", "/office/letters"),
            },
            Self {
                layout: layout(),
                heading: "Letters".to_owned(),
                of_wave: false,
                letters: vec![row("Sign-in", None, "It goes whenever somebody asks for it.")],
                others: Link::new("Survey office", "/office"),
            },
        ]
    }
}

fn sample_preview() -> PreviewView {
    let words = |text: &str| PreviewPart { text: text.to_owned(), link: false };
    let link = |text: &str| PreviewPart { text: text.to_owned(), link: true };
    PreviewView {
        subject: "How is PBC going for Lea & Valley <PBC> Group?".to_owned(),
        notice: Some("TEST: this wave is a rehearsal.".to_owned()),
        paragraphs: vec![
            vec![vec![words("Dear Dr Sample")]],
            vec![
                vec![words("Start here: "), link("https://survey.example.org/s/…")],
                vec![words("Thank you")],
            ],
        ],
    }
}

impl Page for LetterPage {
    const TEMPLATE: &'static str = "office/letter";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let version = |number: &str, counts| VersionRow {
            name: if number == "0" { "Usual text".to_owned() } else { format!("Version {number}") },
            saved: "ann@office.example.org, 9am on Monday 19 November 2007".to_owned(),
            subject: "How is PBC going for {{group}}?".to_owned(),
            body: "Dear {{name}}\n\nStart here: {{link}} <another>".to_owned(),
            counts,
            number: number.to_owned(),
        };
        let open = || Self {
            layout: Frame::sample().at("/office").page("Invitation"),
            caption: "October to December 2007".to_owned(),
            heading: "Invitation".to_owned(),
            done: Some("Saved.".to_owned()),
            failed: None,
            meanwhile: None,
            errors: Vec::new(),
            stage: "Nothing of it has gone yet.".to_owned(),
            open: true,
            subject: LetterField { value: "For {{group}} <another>".to_owned(), errors: vec![] },
            body: LetterField { value: "Dear {{name}}".to_owned(), errors: vec![] },
            most: 5_000,
            tokens: vec![Fact::new("{{name}}", "the reader's name")],
            needs: "{{link}}, {{opt_out_link}}".to_owned(),
            groups: vec![
                Choice { value: "lea".to_owned(), label: "Lea Valley".to_owned(), chosen: true },
                Choice { value: "ouse".to_owned(), label: "Ouse".to_owned(), chosen: false },
            ],
            preview: Some(sample_preview()),
            action: "/office/waves/2007-Q4/letters/invitation".to_owned(),
            look: "/office/waves/2007-Q4/letters/invitation/preview".to_owned(),
            test: "/office/waves/2007-Q4/letters/invitation/test".to_owned(),
            test_to: "ann@office.example.org".to_owned(),
            hidden: vec![Hidden { name: "-seen".to_owned(), value: "1".to_owned() }],
            versions: vec![version("1", true), version("0", false)],
            bring_back: "/office/waves/2007-Q4/letters/invitation/bring-back".to_owned(),
        };
        let wrong = "Write a subject";
        vec![
            open(),
            Self {
                done: None,
                failed: Some("The mail server said: 550 no".to_owned()),
                meanwhile: Some(Meanwhile {
                    saved: "bea@office.example.org, 10am on Monday 19 November 2007".to_owned(),
                    subject: "Another".to_owned(),
                    body: "Dear {{name}} <another>".to_owned(),
                }),
                errors: vec![Prompt { href: "#subject".to_owned(), text: wrong.to_owned() }],
                subject: LetterField { value: String::new(), errors: vec![wrong.to_owned()] },
                preview: None,
                groups: Vec::new(),
                ..open()
            },
            Self {
                open: false,
                done: None,
                stage: "It went at 9am on Monday 19 November 2007.".to_owned(),
                ..open()
            },
        ]
    }
}
