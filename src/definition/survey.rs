//! The survey as the rest of the house sees it: checked, flat where counting
//! wants it flat, and nothing in it that a later step must check again.

use crate::id::{IndexCode, ItemCode, SurveyCode};

use super::Fingerprint;

/// A checked survey definition.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// The survey's own code.
    pub code: SurveyCode,
    /// Its title, as respondents see it.
    pub title: String,
    /// Its version, as the author wrote it.
    pub version: String,
    /// Texts of pages that are not questions.
    pub texts: Texts,
    /// The sections in screen order.
    pub sections: Vec<Section>,
    /// The indexes in order of display.
    pub indexes: Vec<Index>,
    /// The answer by which respondents agree to have their words quoted.
    pub consent: Option<Consent>,
    /// Identity of the whole definition.
    pub fingerprint: Fingerprint,
}

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
    /// What kind of answer it takes.
    pub kind: Kind,
}

/// What kind of answer a question takes.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// One of an ordered list of scored options (and the ways out).
    Rating(Scale),
    /// The same scale for each row; each row is an item.
    Grid {
        /// The scale that all rows share.
        scale: Scale,
        /// The rows, in the file's order.
        rows: Vec<Row>,
        /// Whether each respondent sees the rows in an order of their own.
        shuffled: bool,
    },
    /// One of a list without order.
    Choice(Vec<AnswerOption>),
    /// Words of the respondent's own.
    Text {
        /// Most characters accepted.
        max_chars: usize,
    },
}

/// A row of a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The row's own item code.
    pub code: ItemCode,
    /// The row's label.
    pub label: String,
    /// On-screen help; may be empty.
    pub help: String,
}

/// Which end of the scores is the good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// 100 is best.
    Progress,
    /// 100 is the most severe.
    Barrier,
}

/// The options of a rating, in screen order, ways out included.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// Which end is the good one.
    pub direction: Direction,
    /// Options in screen order.
    pub options: Vec<AnswerOption>,
}

/// One option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerOption {
    /// The stable value that stands for it in files and forms.
    pub value: u16,
    /// Its label on the screen.
    pub label: String,
    /// How it counts.
    pub counts: Counts,
}

/// How an option counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// A valid answer on the scale.
    Scored {
        /// 0 to 100.
        score: u8,
        /// Favourable for progress items; "major" for barriers.
        favourable: bool,
        /// Unfavourable in the sense of rule S3: among the two worst answers of
        /// a progress item, or the two most severe of a barrier.
        unfavourable: bool,
    },
    /// A valid answer of a question without order.
    Plain,
    /// The person has a view we did not get.
    DontKnow,
    /// The item does not concern the person: leaves the item's population.
    NotApplicable,
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

/// One countable or readable thing: a question or a row of a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Item<'s> {
    /// Its code.
    pub code: &'s ItemCode,
    /// Its wording (for a row: the row's label).
    pub wording: &'s str,
    /// The grid's wording, if it is a row.
    pub stem: Option<&'s str>,
    /// The section it stands in.
    pub section: &'s Section,
    /// How it is answered.
    pub answer: ItemAnswer<'s>,
}

/// How an item is answered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ItemAnswer<'s> {
    /// On a scale with scores.
    Scored(&'s Scale),
    /// One of a list without order.
    Choice(&'s [AnswerOption]),
    /// In the respondent's words, at most this many characters.
    Text(usize),
}

impl Survey {
    /// Every item in screen order, a grid's rows one by one.
    pub fn items(&self) -> impl Iterator<Item = Item<'_>> {
        self.sections.iter().flat_map(|section| {
            section.questions.iter().flat_map(move |question| question.items(section))
        })
    }

    /// The items whose answers are options, in screen order: the order of the
    /// bytes in a ballot.
    pub fn countable_items(&self) -> impl Iterator<Item = Item<'_>> {
        self.items().filter(|item| item.options().is_some())
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
        format!(
            "{} {}: {}, {}, {}; fingerprint {}",
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

impl Question {
    /// The question's items: itself, or a grid's rows.
    #[must_use]
    pub fn items<'s>(&'s self, section: &'s Section) -> Vec<Item<'s>> {
        let own = |answer| {
            vec![Item { code: &self.code, wording: &self.wording, stem: None, section, answer }]
        };
        match &self.kind {
            Kind::Rating(scale) => own(ItemAnswer::Scored(scale)),
            Kind::Choice(options) => own(ItemAnswer::Choice(options)),
            Kind::Text { max_chars } => own(ItemAnswer::Text(*max_chars)),
            Kind::Grid { scale, rows, .. } => rows
                .iter()
                .map(|row| Item {
                    code: &row.code,
                    wording: &row.label,
                    stem: Some(&self.wording),
                    section,
                    answer: ItemAnswer::Scored(scale),
                })
                .collect(),
        }
    }
}

impl<'s> Item<'s> {
    /// The options, unless it is answered in words.
    #[must_use]
    pub fn options(&self) -> Option<&'s [AnswerOption]> {
        match self.answer {
            ItemAnswer::Scored(scale) => Some(&scale.options),
            ItemAnswer::Choice(options) => Some(options),
            ItemAnswer::Text(_) => None,
        }
    }

    /// The scale, if it has scores.
    #[must_use]
    pub fn scale(&self) -> Option<&'s Scale> {
        match self.answer {
            ItemAnswer::Scored(scale) => Some(scale),
            _ => None,
        }
    }
}
