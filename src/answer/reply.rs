//! The answers that one respondent has given so far.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::AnswerFault;
use crate::definition::{Item, ItemAnswer, Section, Survey};
use crate::id::ItemCode;

/// The shape of the bytes; raised when an old reader could not read them.
const VERSION: u32 = 1;

/// The answers of one reply: options by their value, and words.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Reply {
    choices: BTreeMap<ItemCode, u16>,
    texts: BTreeMap<ItemCode, String>,
}

/// A reply as it is written down. The maps are ordered, so one reply has one form.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: u32,
    choices: BTreeMap<ItemCode, u16>,
    texts: BTreeMap<ItemCode, String>,
}

/// The version alone, read before the rest, whose shape it decides.
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
    /// Written by a newer program.
    #[error("a reply of version {0} cannot be read")]
    Version(u32),
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
    /// If they are not a reply, or one of a newer version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ReplyError> {
        let age: Age = serde_json::from_slice(bytes).map_err(|_| ReplyError::Shape)?;
        if age.version != VERSION {
            return Err(ReplyError::Version(age.version));
        }
        serde_json::from_slice(bytes).map_err(|_| ReplyError::Shape)
    }

    /// The value of the option chosen.
    #[must_use]
    pub fn choice(&self, item: &ItemCode) -> Option<u16> {
        self.choices.get(item).copied()
    }

    /// The words given.
    #[must_use]
    pub fn text(&self, item: &ItemCode) -> Option<&str> {
        self.texts.get(item).map(String::as_str)
    }

    /// Every answer in words, by item.
    pub fn comments(&self) -> impl Iterator<Item = (&ItemCode, &str)> {
        self.texts.iter().map(|(item, words)| (item, words.as_str()))
    }

    /// Whether nothing has been answered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.choices.is_empty() && self.texts.is_empty()
    }

    /// Takes the form fields of one section, named by item code, a radio's value
    /// being the option's. A blank or absent field clears the item's answer;
    /// fields that name no item of the section are ignored.
    ///
    /// # Errors
    /// The fields that cannot be taken. The others are taken all the same, and
    /// the items at fault keep the answers they had.
    pub fn take_section(
        &mut self,
        survey: &Survey,
        section: &Section,
        fields: &[(String, String)],
    ) -> Result<(), Vec<AnswerFault>> {
        let mut faults = Vec::new();
        for item in items_of(survey, section) {
            let given = fields.iter().rev().find(|(name, _)| name == item.code.as_str());
            let given = given.map_or("", |(_, value)| value.as_str());
            let taken = match item.answer {
                ItemAnswer::Text(max) => self.take_text(item.code, given, max),
                ItemAnswer::Scored(_) | ItemAnswer::Choice(_) => self.take_option(&item, given),
            };
            faults.extend(taken.err());
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    fn take_option(&mut self, item: &Item<'_>, given: &str) -> Result<(), AnswerFault> {
        let given = given.trim();
        if given.is_empty() {
            self.choices.remove(item.code);
            return Ok(());
        }
        let value = given.parse().ok().filter(|value| offers(item, *value));
        let value = value.ok_or_else(|| AnswerFault::UnknownOption { item: item.code.clone() })?;
        self.choices.insert(item.code.clone(), value);
        Ok(())
    }

    fn take_text(&mut self, item: &ItemCode, given: &str, max: usize) -> Result<(), AnswerFault> {
        let words = normal_text(given);
        if words.is_empty() {
            self.texts.remove(item);
            return Ok(());
        }
        check_length(item, &words, max)?;
        self.texts.insert(item.clone(), words);
        Ok(())
    }

    /// The items of a section without an answer, in screen order. Questions
    /// answered in words are optional by nature and never among them.
    #[must_use]
    pub fn blanks(&self, survey: &Survey, section: &Section) -> Vec<ItemCode> {
        items_of(survey, section)
            .filter(|item| item.options().is_some() && !self.choices.contains_key(item.code))
            .map(|item| item.code.clone())
            .collect()
    }

    /// Whether every answer fits the survey, as it must when an envelope is opened.
    ///
    /// # Errors
    /// The answers that do not fit.
    pub fn check_against(&self, survey: &Survey) -> Result<(), Vec<AnswerFault>> {
        let items: BTreeMap<&ItemCode, Item<'_>> =
            survey.items().map(|item| (item.code, item)).collect();
        let choice = |(code, value): (&ItemCode, &u16)| match items.get(code) {
            None => Some(AnswerFault::UnknownItem { item: code.clone() }),
            Some(item) if item.options().is_none() => {
                Some(AnswerFault::WrongKind { item: code.clone() })
            }
            Some(item) => {
                (!offers(item, *value)).then(|| AnswerFault::UnknownOption { item: code.clone() })
            }
        };
        let text = |(code, words): (&ItemCode, &String)| match items.get(code).map(|i| i.answer) {
            None => Some(AnswerFault::UnknownItem { item: code.clone() }),
            Some(ItemAnswer::Text(max)) => check_length(code, words, max).err(),
            Some(_) => Some(AnswerFault::WrongKind { item: code.clone() }),
        };
        let faults: Vec<AnswerFault> = self
            .choices
            .iter()
            .filter_map(choice)
            .chain(self.texts.iter().filter_map(text))
            .collect();
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reply(…)")
    }
}

impl From<Reply> for Written {
    fn from(reply: Reply) -> Self {
        Self { version: VERSION, choices: reply.choices, texts: reply.texts }
    }
}

impl TryFrom<Written> for Reply {
    type Error = ReplyError;

    fn try_from(written: Written) -> Result<Self, ReplyError> {
        if written.version == VERSION {
            Ok(Self { choices: written.choices, texts: written.texts })
        } else {
            Err(ReplyError::Version(written.version))
        }
    }
}

/// Words as they are kept: one kind of line end, no control characters or
/// marks that turn the reading direction round, no blank ends.
#[must_use]
pub fn normal_text(given: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let clean: String = given
        .replace("\r\n", "\n")
        .chars()
        .map(|c| match c {
            '\r' => '\n',
            '\t' => ' ',
            other => other,
        })
        .filter(|c| *c == '\n' || !(c.is_control() || turns(*c)))
        .collect();
    clean.trim().to_owned()
}

fn items_of<'s>(survey: &'s Survey, section: &Section) -> impl Iterator<Item = Item<'s>> {
    survey.items().filter(|item| item.section.code == section.code)
}

fn offers(item: &Item<'_>, value: u16) -> bool {
    item.options().unwrap_or_default().iter().any(|option| option.value == value)
}

fn check_length(item: &ItemCode, words: &str, max: usize) -> Result<(), AnswerFault> {
    let got = words.chars().count();
    if got <= max { Ok(()) } else { Err(AnswerFault::TooLong { item: item.clone(), max, got }) }
}
