//! The survey as the rest of the house sees it: checked, and nothing in it that
//! a later step must check again.

use crate::id::{IndexCode, ItemCode, ModuleCode, SurveyCode};

use super::item::{Column, Item, ItemAnswer};
use super::kind::Kind;
use super::{AnswerOption, Condition, Fingerprint};
use crate::padding::Size;

/// Bytes around the answers of a reply that is written down.
const AROUND: usize = 128;

/// A checked survey definition, or as much of it as one wave asks.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// The survey's own code.
    pub code: SurveyCode,
    /// Its title, as respondents see it.
    pub title: String,
    /// Its version, as the author wrote it.
    pub version: String,
    /// How the answers are collected.
    pub mode: Mode,
    /// Texts of pages that are not questions.
    pub texts: Texts,
    /// The modules, of which each wave asks some.
    pub modules: Vec<Module>,
    /// The sections in screen order.
    pub sections: Vec<Section>,
    /// The indexes in order of display.
    pub indexes: Vec<Index>,
    /// The answer by which respondents agree to have their words quoted.
    pub consent: Option<Consent>,
    /// Identity of the whole definition, all modules included.
    pub fingerprint: Fingerprint,
}

/// How answers are collected. The same words read out or written by hand are
/// another question: a change of mode starts new trends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// On the web, by the respondents themselves.
    #[default]
    Web,
    /// On paper.
    Paper,
    /// By an interviewer.
    Interview,
}

/// A part of the survey that is asked in some waves only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// Stable code, by which a wave chooses it.
    pub code: ModuleCode,
    /// What it is about.
    pub title: String,
}

/// A wave asks for a module that the survey does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the survey has no module {0}")]
pub struct UnknownModule(pub ModuleCode);

/// The answer that allows a respondent's words to be quoted. It must be known
/// when the words are parted from the other answers, because afterwards
/// nothing joins them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// The question, one without order.
    pub item: ItemCode,
    /// The value of the option that agrees.
    pub value: u16,
}

/// Texts that the author writes beside the questions. Tokens are still in them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Texts {
    /// The first screen: thanks, promise, how long it takes.
    pub welcome: String,
    /// Under the heading of the page after sending.
    pub thanks: String,
}

/// One screen of questions.
#[derive(Debug, Clone, PartialEq)]
pub struct Section {
    /// Short code, part of the address `/answer/{section}`.
    pub code: ItemCode,
    /// Heading.
    pub title: String,
    /// Text under the heading; may be empty.
    pub intro: String,
    /// The module it belongs to; none if every wave asks it.
    pub module: Option<ModuleCode>,
    /// Who is asked; none means everybody.
    pub show_if: Option<Condition>,
    /// The questions in screen order.
    pub questions: Vec<Question>,
}

/// One question as it stands on the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The question's code. A grid's rows have codes of their own.
    pub code: ItemCode,
    /// The exact wording, tokens included.
    pub wording: String,
    /// On-screen help; may be empty.
    pub help: String,
    /// Who is asked; none means everybody who is asked the section.
    pub show_if: Option<Condition>,
    /// What kind of answer it takes.
    pub kind: Kind,
}

/// An index: a weighted mean of scored items.
#[derive(Debug, Clone, PartialEq)]
pub struct Index {
    /// Stable code.
    pub code: IndexCode,
    /// Name for tables.
    pub label: String,
    /// One sentence that says what it covers; may be empty.
    pub about: String,
    /// Items with their weights (whole numbers, 1 or more).
    pub items: Vec<(ItemCode, u32)>,
}

impl Survey {
    /// The survey as a wave asks it: the core and these modules.
    ///
    /// # Errors
    /// The first module that the survey does not have.
    pub fn with_modules(&self, chosen: &[ModuleCode]) -> Result<Self, UnknownModule> {
        let known = |code: &&ModuleCode| self.modules.iter().any(|module| module.code == **code);
        if let Some(unknown) = chosen.iter().find(|code| !known(code)) {
            return Err(UnknownModule(unknown.clone()));
        }
        let is_asked = |module: &Option<ModuleCode>| {
            module.as_ref().is_none_or(|module| chosen.contains(module))
        };
        let mut survey = self.clone();
        survey.modules.retain(|module| chosen.contains(&module.code));
        survey.sections.retain(|section| is_asked(&section.module));
        Ok(survey)
    }

    /// The one size of everything sealed of this survey's replies.
    #[must_use]
    pub fn sealed_size(&self) -> Size {
        Size::for_longest(AROUND + longest_reply(self.items()))
    }

    /// Every item in screen order, a grid's rows one by one.
    pub fn items(&self) -> impl Iterator<Item = Item<'_>> {
        self.sections.iter().flat_map(Section::items)
    }

    /// The items of every question of which anything depends on other answers, in
    /// screen order.
    pub fn items_with_conditions(&self) -> impl Iterator<Item = Item<'_>> {
        self.sections.iter().flat_map(|section| {
            let questions = section.questions.iter();
            let some = questions.filter(|one| section.show_if.is_some() || one.has_conditions());
            some.flat_map(|question| question.items(section))
        })
    }

    /// What is counted, in screen order: the order of the bytes in a ballot.
    pub fn columns(&self) -> impl Iterator<Item = Column<'_>> {
        self.items().flat_map(Item::columns)
    }

    /// The item of this code.
    #[must_use]
    pub fn item(&self, code: &ItemCode) -> Option<Item<'_>> {
        self.items().find(|item| item.code == code)
    }

    /// One line for people: what it holds and its fingerprint.
    #[must_use]
    pub fn summary(&self) -> String {
        let of = |count: usize, one: &str, many: &str| {
            format!("{count} {}", if count == 1 { one } else { many })
        };
        let modules = match self.modules.len() {
            0 => String::new(),
            count => format!("{}, ", of(count, "module", "modules")),
        };
        format!(
            "{} {}: {}, {}, {modules}{}; fingerprint {}",
            self.code,
            self.version,
            of(self.sections.len(), "section", "sections"),
            of(self.items().count(), "item", "items"),
            of(self.indexes.len(), "index", "indexes"),
            self.fingerprint.short(),
        )
    }

    /// The section of this code, with its place from 0.
    #[must_use]
    pub fn section(&self, code: &str) -> Option<(usize, &Section)> {
        self.sections.iter().enumerate().find(|(_, section)| section.code.as_str() == code)
    }
}

impl Mode {
    /// The word in a survey file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Web => "web",
            Self::Paper => "paper",
            Self::Interview => "interview",
        }
    }
}

impl Section {
    /// The section's items in screen order.
    pub fn items(&self) -> impl Iterator<Item = Item<'_>> {
        self.questions.iter().flat_map(|question| question.items(self))
    }
}

/// The most bytes that answers to these items take when they are written down.
pub(super) fn longest_reply<'i>(items: impl Iterator<Item = Item<'i>>) -> usize {
    let other = |options: &[AnswerOption]| {
        4 * options.iter().filter_map(|option| option.other).max().unwrap_or(0)
    };
    // As JSON: quotes, colon, comma, and a value of five digits or four bytes a character.
    let size = |item: Item<'_>| {
        let answer = match item.answer {
            ItemAnswer::Scored(_) => 5,
            ItemAnswer::Choice(options) => 5 + other(options),
            ItemAnswer::Several(choices) => 6 * choices.options.len() + other(&choices.options),
            ItemAnswer::Number(_) => 30,
            ItemAnswer::Text(max_chars) => 4 * max_chars,
        };
        2 * (item.code.as_str().len() + 6) + answer
    };
    items.map(size).sum()
}
