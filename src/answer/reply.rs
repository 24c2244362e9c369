//! The answers that one respondent has given so far.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{AnswerFault, Route, Wrong, written};
use crate::definition::{Amount, Choices, Item, ItemAnswer, Limit, Number, Section, Survey};
use crate::id::ItemCode;

/// The shape of the bytes; raised when an old reader could not read them.
const VERSION: u32 = 2;

/// The answers of one reply.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Reply {
    answers: BTreeMap<ItemCode, Answer>,
    /// Words beside an option ("please say").
    others: BTreeMap<ItemCode, String>,
}

/// The answer to one item.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// One option, by its value; for a number one of its ways out.
    One(u16),
    /// Several options, by their values; never none.
    Several(BTreeSet<u16>),
    /// A number, in units of its last decimal place.
    Amount(#[serde(serialize_with = "written::amount")] Amount),
    /// The respondent's own words.
    Words(String),
}

/// A reply as it is written down. The maps are ordered, so one reply has one form.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u32,
    answers: BTreeMap<ItemCode, Answer>,
    others: BTreeMap<ItemCode, String>,
}

/// A reply of the first version, which knew options and words only. A wave may
/// have been open while the program was renewed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct First {
    #[serde(rename = "version")]
    _version: u32,
    choices: BTreeMap<ItemCode, u16>,
    texts: BTreeMap<ItemCode, String>,
}

/// The version alone: looked at where the rest has not the shape of today.
#[derive(Deserialize)]
struct Age {
    version: u32,
}

/// Why bytes are not a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReplyError {
    /// Not the JSON of a reply. The reason is left out: it could quote an answer.
    #[error("the bytes are not a reply")]
    Shape,
    /// Written by another version of the program.
    #[error("a reply of version {0} cannot be read")]
    Version(u32),
}

impl Answer {
    /// The options chosen.
    pub fn options(&self) -> impl Iterator<Item = u16> + '_ {
        let (one, several) = match self {
            Self::One(value) => (Some(*value), None),
            Self::Several(values) => (None, Some(values)),
            Self::Amount(_) | Self::Words(_) => (None, None),
        };
        one.into_iter().chain(several.into_iter().flatten().copied())
    }

    /// Whether an option is chosen that has words beside it.
    #[must_use]
    pub fn has_other(&self, item: &Item<'_>) -> bool {
        room_beside(item, self).is_some()
    }
}

impl Reply {
    /// The reply as canonical JSON.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // Maps with text keys and plain values always have a JSON form.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The reply from its bytes.
    ///
    /// # Errors
    /// If they are not a reply, or one of another version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ReplyError> {
        serde_json::from_slice(bytes).or_else(|_| {
            let age: Age = serde_json::from_slice(bytes).map_err(|_| ReplyError::Shape)?;
            match age.version {
                1 => serde_json::from_slice::<First>(bytes)
                    .map(Self::from)
                    .map_err(|_| ReplyError::Shape),
                VERSION => Err(ReplyError::Shape),
                other => Err(ReplyError::Version(other)),
            }
        })
    }

    /// The answer to an item.
    #[must_use]
    pub fn answer(&self, item: &ItemCode) -> Option<&Answer> {
        self.answers.get(item)
    }

    /// The words beside the option chosen.
    #[must_use]
    pub fn other(&self, item: &ItemCode) -> Option<&str> {
        self.others.get(item).map(String::as_str)
    }

    /// Everything in words, by item: answers in words, and words beside options.
    pub fn comments(&self) -> impl Iterator<Item = (&ItemCode, &str)> {
        let words = self.answers.iter().filter_map(|(item, answer)| match answer {
            Answer::Words(words) => Some((item, words.as_str())),
            _ => None,
        });
        words.chain(self.others.iter().map(|(item, words)| (item, words.as_str())))
    }

    /// Every number, by item.
    pub fn amounts(&self) -> impl Iterator<Item = (&ItemCode, Amount)> {
        self.answers.iter().filter_map(|(item, answer)| match answer {
            Answer::Amount(amount) => Some((item, *amount)),
            _ => None,
        })
    }

    /// Whether nothing has been answered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    /// Puts an answer in the place of the one before.
    pub(super) fn put(&mut self, item: ItemCode, answer: Answer, other: Option<String>) {
        match other {
            Some(words) => self.others.insert(item.clone(), words),
            None => self.others.remove(&item),
        };
        self.answers.insert(item, answer);
    }

    /// Takes an answer away.
    pub(super) fn clear(&mut self, item: &ItemCode) {
        self.answers.remove(item);
        self.others.remove(item);
    }

    /// Halves the longest words and says whose they are, for a place that holds
    /// only so much; none if no words are left that could be shorter.
    pub fn shorten_longest(&mut self) -> Option<ItemCode> {
        let (item, words) = self.comments().max_by_key(|(_, words)| words.len())?;
        let half = words.chars().count() / 2;
        let (item, words) = (item.clone(), words.chars().take(half).collect::<String>());
        let words = words.trim_end().to_owned();
        if words.is_empty() {
            return None;
        }
        match self.answers.get_mut(&item) {
            Some(Answer::Words(answer)) => *answer = words,
            _ => drop(self.others.insert(item.clone(), words)),
        }
        Some(item)
    }

    /// The items of a section that are asked and have no answer, in screen
    /// order. Questions answered in words are optional by nature and never
    /// among them.
    #[must_use]
    pub fn blanks(&self, survey: &Survey, section: &Section) -> Vec<ItemCode> {
        let route = Route::of(survey, self);
        section
            .items()
            .filter(|item| item.options().is_some() && route.asks(item.code))
            .filter(|item| route.answer(item.code).is_none())
            .map(|item| item.code.clone())
            .collect()
    }

    /// Whether every answer fits the survey and belongs to an item that is
    /// asked, as it must when an envelope is sealed and when it is opened.
    ///
    /// # Errors
    /// The answers that do not fit.
    pub fn check_against(&self, survey: &Survey) -> Result<(), Vec<AnswerFault>> {
        let items: BTreeMap<&ItemCode, Item<'_>> =
            survey.items().map(|item| (item.code, item)).collect();
        let route = Route::of(survey, self);
        let mut faults = Vec::new();
        for (code, answer) in &self.answers {
            let checked = match items.get(code) {
                Some(item) if route.asks(code) => check(item, answer, &route),
                _ => Err(Wrong::NotAsked),
            };
            faults.extend(checked.err().map(|what| AnswerFault::of(code, what)));
        }
        for (code, words) in &self.others {
            let room = items.get(code).and_then(|item| room_beside(item, self.answer(code)?));
            let got = words.chars().count();
            let what = match room {
                None => Wrong::WrongKind,
                Some(max) if got > max => Wrong::OtherTooLong { max, got },
                Some(_) => continue,
            };
            faults.push(AnswerFault::of(code, what));
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

/// How many characters there is room for beside the option chosen.
fn room_beside(item: &Item<'_>, answer: &Answer) -> Option<usize> {
    let options = item.options()?;
    let chosen = |value| options.iter().find(|option| option.value == value);
    answer.options().filter_map(chosen).find_map(|option| option.other)
}

fn check(item: &Item<'_>, answer: &Answer, route: &Route<'_>) -> Result<(), Wrong> {
    let offered = |value: u16| {
        let options = item.options().unwrap_or_default();
        let found = options.iter().find(|option| option.value == value);
        found.filter(|option| route.offers(option)).ok_or(Wrong::UnknownOption)
    };
    match (item.answer, answer) {
        (ItemAnswer::Scored(_) | ItemAnswer::Choice(_), Answer::One(value)) => {
            offered(*value).map(drop)
        }
        (ItemAnswer::Several(choices), Answer::Several(values)) => {
            for value in values {
                offered(*value)?;
            }
            check_several(choices, values)
        }
        (ItemAnswer::Number(_), Answer::One(value)) => {
            let way_out = offered(*value)?;
            if way_out.counts.is_valid() { Err(Wrong::UnknownOption) } else { Ok(()) }
        }
        (ItemAnswer::Number(number), Answer::Amount(amount)) => {
            check_number(number, *amount, route)
        }
        (ItemAnswer::Text(max), Answer::Words(words)) => {
            let got = words.chars().count();
            if got <= max { Ok(()) } else { Err(Wrong::TooLong { max, got }) }
        }
        _ => Err(Wrong::WrongKind),
    }
}

pub(super) fn check_several(choices: &Choices, values: &BTreeSet<u16>) -> Result<(), Wrong> {
    let alone = choices.exclusive().into_iter().find(|value| values.contains(value));
    if let Some(value) = alone.filter(|_| values.len() > 1) {
        return Err(Wrong::Exclusive { value });
    }
    match choices.most {
        Some(most) if values.len() > most => Err(Wrong::TooMany { most, got: values.len() }),
        _ => Ok(()),
    }
}

/// Whether a number is in its range, of which another answer may be an end.
pub(super) fn check_number(
    number: &Number,
    amount: Amount,
    route: &Route<'_>,
) -> Result<(), Wrong> {
    let end = |limit: &Limit| match limit {
        Limit::Fixed(amount) => Some((*amount, None)),
        Limit::Answer(code) => match route.answer(code) {
            Some(Answer::Amount(amount)) => Some((*amount, Some(code.clone()))),
            _ => None,
        },
    };
    if let Some((least, by)) = end(&number.min).filter(|(least, _)| amount < *least) {
        return Err(Wrong::TooLow { least, by });
    }
    if let Some((most, by)) = end(&number.max).filter(|(most, _)| amount > *most) {
        return Err(Wrong::TooHigh { most, by });
    }
    Ok(())
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reply(…)")
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answer(…)")
    }
}

impl From<Reply> for Written {
    fn from(reply: Reply) -> Self {
        Self { version: VERSION, answers: reply.answers, others: reply.others }
    }
}

impl From<First> for Reply {
    fn from(first: First) -> Self {
        let choices = first.choices.into_iter().map(|(item, value)| (item, Answer::One(value)));
        let texts = first.texts.into_iter().map(|(item, words)| (item, Answer::Words(words)));
        Self { answers: choices.chain(texts).collect(), others: BTreeMap::new() }
    }
}

impl TryFrom<Written> for Reply {
    type Error = ReplyError;

    fn try_from(written: Written) -> Result<Self, ReplyError> {
        if written.version == VERSION {
            Ok(Self { answers: written.answers, others: written.others })
        } else {
            Err(ReplyError::Version(written.version))
        }
    }
}
