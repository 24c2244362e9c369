//! What goes out of a wave's comments, question by question, and what stays back and why.
//!
//! Source: methods.md 9.10.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::HeldComment;
use super::reading::{Decided, Decision, Readers, Reading};
use super::theme::Theme;
use crate::disclosure::{self, FEWEST_COMMENTS, Rule, SafeComments};
use crate::id::ItemCode;

/// An open question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its code.
    pub item: ItemCode,
    /// Its wording.
    pub wording: String,
}

/// How many comments of a question are kept back, by reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HeldBack {
    /// Nobody has read them.
    pub unread: usize,
    /// One has read them, and another must agree.
    pub waiting: usize,
    /// A reader decided so.
    pub withheld: usize,
    /// Their writers did not agree to be quoted.
    pub unquoted: usize,
}

/// What happens to the comments on one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Going {
    /// The question.
    pub question: Question,
    /// How many comments were given.
    pub given: usize,
    /// What goes out; none if too few were given for any to go out.
    pub safe: Option<SafeComments>,
    /// How many would go out if enough had been given.
    pub ready: usize,
    /// What stays back.
    pub held: HeldBack,
    /// What is told of the themes.
    pub themes: Vec<(Theme, Told)>,
}

/// Whether the count of a theme is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// So many of the comments on the question.
    Count(u64),
    /// Too few have it, or too few do not.
    TooFew,
    /// Not every comment on the question was read, so that nobody knows.
    NotYet,
}

/// What is published of a wave's comments. Comes from [`PublishedComments::of`] alone, and
/// from where that was kept.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedComments {
    /// The questions of which anything is told, in the order of the survey.
    pub questions: Vec<PublishedQuestion>,
}

/// What is published of one question.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedQuestion {
    /// Its code.
    pub item: String,
    /// Its wording.
    pub wording: String,
    /// How many comments were given.
    pub given: u64,
    /// The comments, in the order of their words.
    pub comments: Vec<String>,
    /// The themes that may be told.
    pub themes: Vec<PublishedTheme>,
}

/// How many of the comments on a question are about a theme.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedTheme {
    /// What it is.
    pub words: String,
    /// How many.
    pub with: u64,
}

/// What would go out now, by question in the order of the survey. Each person gives one
/// comment on a question at most, so comments are people.
#[must_use]
pub fn going(
    questions: &[Question],
    comments: &[HeldComment],
    themes: &[Theme],
    readers: Readers,
    rule: &Rule,
) -> Vec<Going> {
    let of = |question: &Question| {
        let own: Vec<&HeldComment> =
            comments.iter().filter(|comment| comment.item == question.item).collect();
        let mut held = HeldBack::default();
        let mut ready = Vec::new();
        for comment in &own {
            match comment.reading(readers) {
                Reading::Unread => held.unread += 1,
                Reading::Waits(_) => held.waiting += 1,
                // Asked again at the last door, whatever was decided.
                Reading::Settled(_) if !comment.quotable => held.unquoted += 1,
                settled @ Reading::Settled(decided) => match settled.to_publish() {
                    Some(read) => ready.push(read),
                    None => count_kept_back(&mut held, decided),
                },
            }
        }
        let (given, count) = (own.len(), ready.len());
        Going {
            question: question.clone(),
            given,
            ready: count,
            safe: SafeComments::new(given as u64, ready),
            themes: themes.iter().map(|one| (one.clone(), told(one, &own, held, rule))).collect(),
            held,
        }
    };
    questions.iter().map(of).collect()
}

fn count_kept_back(held: &mut HeldBack, decided: &Decided) {
    match decided.decision {
        Decision::Unquoted => held.unquoted += 1,
        Decision::Withhold(_) | Decision::Publish(_) => held.withheld += 1,
    }
}

fn told(theme: &Theme, own: &[&HeldComment], held: HeldBack, rule: &Rule) -> Told {
    let has = |comment: &&&HeldComment| comment.themes.contains(&theme.code);
    let with = own.iter().filter(has).count() as u64;
    let count = disclosure::Theme { with, without: own.len() as u64 - with };
    if held.unread + held.waiting > 0 {
        Told::NotYet
    } else if own.len() as u64 >= FEWEST_COMMENTS && count.may_be_told(rule) {
        Told::Count(with)
    } else {
        Told::TooFew
    }
}

impl PublishedComments {
    /// What goes out, without anything of what stays back.
    #[must_use]
    pub fn of(going: &[Going]) -> Self {
        let question = |one: &Going| {
            let safe = one.safe.as_ref()?;
            let comments: Vec<String> = safe.iter().map(str::to_owned).collect();
            let themes: Vec<PublishedTheme> = one
                .themes
                .iter()
                .filter_map(|(theme, told)| match told {
                    Told::Count(with) => {
                        Some(PublishedTheme { words: theme.words.clone(), with: *with })
                    }
                    Told::TooFew | Told::NotYet => None,
                })
                .collect();
            (!comments.is_empty()).then(|| PublishedQuestion {
                item: one.question.item.to_string(),
                wording: one.question.wording.clone(),
                given: one.given as u64,
                comments,
                themes,
            })
        };
        Self { questions: going.iter().filter_map(question).collect() }
    }

    /// Whether nothing goes out.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.questions.is_empty()
    }

    /// How many comments go out.
    #[must_use]
    pub fn count(&self) -> usize {
        self.questions.iter().map(|question| question.comments.len()).sum()
    }

    /// A short mark of exactly this, so that nobody confirms what they have not seen.
    #[must_use]
    pub fn mark(&self) -> String {
        let mut digest = Sha256::new();
        let mut part = |text: &str| {
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text);
        };
        for question in &self.questions {
            part(&question.item);
            part(&question.wording);
            part(&question.given.to_string());
            part(&question.comments.len().to_string());
            question.comments.iter().for_each(|words| part(words));
            part(&question.themes.len().to_string());
            for theme in &question.themes {
                part(&theme.words);
                part(&theme.with.to_string());
            }
        }
        hex::encode(digest.finalize()).chars().take(32).collect()
    }
}

impl std::fmt::Debug for PublishedComments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PublishedComments({})", self.count())
    }
}
