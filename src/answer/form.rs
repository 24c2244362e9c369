//! A form as a browser sent it, taken into a reply item by item.
//!
//! A field is named by its item's code. Names that begin with a dash are the
//! form's own, because no code begins with one.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use super::reply::{check_number, check_several};
use super::{Answer, AnswerFault, Reply, Route, Wrong};
use crate::definition::{
    AmountError, AnswerOption, Choices, Item, ItemAnswer, Number, Section, Survey, read_amount,
};
use crate::id::ItemCode;
use crate::plain_text;

/// Before an item's code: the words beside an option ("please say").
pub const OTHER: &str = "-other-";
/// Before an item's code: a way out of a number, for example "Don't know".
pub const WAY_OUT: &str = "-out-";
/// Before an item's code: the unusual number that the respondent confirms.
pub const CONFIRM: &str = "-sure-";
/// The field that names the items on the form with the edition of each answer.
pub const EDITIONS: &str = "-editions";

/// The fields of one section.
pub struct Form<'f> {
    fields: &'f [(String, String)],
    editions: Option<BTreeMap<&'f str, &'f str>>,
    seed: &'f [u8; 32],
}

/// What a form says of an item: no answer, or one with words beside it.
type Given = Option<(Answer, Option<String>)>;

/// A short mark of the answer that a reply has to an item, which a form carries
/// so that a later answer from another window is noticed. The seed is secret,
/// so that the mark tells nothing.
fn edition(seed: &[u8; 32], reply: &Reply, item: &ItemCode) -> String {
    edition_of(seed, item, reply.answer(item), reply.other(item))
}

/// The value of the field [`EDITIONS`] for these items.
#[must_use]
pub fn editions<'i>(
    seed: &[u8; 32],
    reply: &Reply,
    items: impl IntoIterator<Item = &'i ItemCode>,
) -> String {
    let pairs = items.into_iter().map(|item| format!("{item}:{}", edition(seed, reply, item)));
    pairs.collect::<Vec<_>>().join(" ")
}

fn edition_of(
    seed: &[u8; 32],
    item: &ItemCode,
    answer: Option<&Answer>,
    other: Option<&str>,
) -> String {
    let Some(answer) = answer else { return "0".to_owned() };
    let digest = Sha256::new()
        .chain_update(b"soundings edition 1")
        .chain_update(seed)
        .chain_update(item.as_str())
        .chain_update(serde_json::to_vec(&(answer, other)).unwrap_or_default())
        .finalize();
    hex::encode(digest.get(..4).unwrap_or_default())
}

impl<'f> Form<'f> {
    /// The fields as they came. The seed is that of [`edition`].
    #[must_use]
    pub fn new(fields: &'f [(String, String)], seed: &'f [u8; 32]) -> Self {
        let named = fields.iter().find(|(name, _)| name == EDITIONS);
        let editions = named
            .map(|(_, value)| value.split(' ').filter_map(|pair| pair.split_once(':')).collect());
        Self { fields, editions, seed }
    }

    /// Whether the form had this item. A form that does not say is believed to
    /// have had all.
    #[must_use]
    pub fn had(&self, item: &ItemCode) -> bool {
        self.editions.as_ref().is_none_or(|editions| editions.contains_key(item.as_str()))
    }

    /// The last value of a field, empty if there is none.
    #[must_use]
    pub fn field(&self, name: &str) -> &'f str {
        let found = self.fields.iter().rev().find(|(field, _)| field == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    fn own(&self, prefix: &str, item: &ItemCode) -> &'f str {
        let found = self
            .fields
            .iter()
            .rev()
            .find(|(field, _)| field.strip_prefix(prefix) == Some(item.as_str()));
        found.map_or("", |(_, value)| value.as_str())
    }

    /// The editions for the same form after its answers were taken: where
    /// another window was faster the form keeps the edition it has seen, so that
    /// its reader will be asked.
    #[must_use]
    pub fn next_editions(
        &self,
        reply: &Reply,
        section: &Section,
        faults: &[AnswerFault],
    ) -> String {
        let seen = |item: &ItemCode| self.editions.as_ref()?.get(item.as_str()).copied();
        let faster = |item: &ItemCode| {
            faults.iter().any(|fault| fault.item == *item && fault.what == Wrong::ChangedElsewhere)
        };
        let items = section.items().filter(|item| self.had(item.code)).map(|item| item.code);
        let pairs = items.map(|item| match seen(item).filter(|_| faster(item)) {
            Some(edition) => format!("{item}:{edition}"),
            None => format!("{item}:{}", edition(self.seed, reply, item)),
        });
        pairs.collect::<Vec<_>>().join(" ")
    }

    /// Takes the answers to a section's items into a reply. A blank or absent
    /// field clears the item's answer; fields that name no item of the section
    /// are ignored, and so are items that the form did not have.
    ///
    /// # Errors
    /// The answers that cannot be taken. The others are taken all the same, and
    /// the items at fault keep the answers they had.
    pub fn take(
        &self,
        reply: &mut Reply,
        survey: &Survey,
        section: &Section,
    ) -> Result<(), Vec<AnswerFault>> {
        let mut faults = Vec::new();
        for item in section.items().filter(|item| self.had(item.code)) {
            let taken = self.read(&item, reply, survey);
            let taken = taken.and_then(|given| self.put(reply, &item, given));
            faults.extend(taken.err().map(|what| AnswerFault::of(item.code, what)));
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    /// Puts an answer into the reply, unless another window was faster.
    fn put(&self, reply: &mut Reply, item: &Item<'_>, given: Given) -> Result<(), Wrong> {
        let code = item.code;
        let stored = edition(self.seed, reply, code);
        let (answer, other) = given.as_ref().map_or((None, None), |(a, o)| (Some(a), o.as_deref()));
        let new = edition_of(self.seed, code, answer, other);
        if new == stored {
            return Ok(());
        }
        let seen = self.editions.as_ref().and_then(|editions| editions.get(code.as_str()));
        if let Some(seen) = seen.filter(|seen| **seen != stored) {
            // What this form left as it was may be newer elsewhere.
            return if *seen == new { Ok(()) } else { Err(Wrong::ChangedElsewhere) };
        }
        match given {
            Some((answer, other)) => reply.put(code.clone(), answer, other),
            None => reply.clear(code),
        }
        Ok(())
    }

    fn read(&self, item: &Item<'_>, reply: &Reply, survey: &Survey) -> Result<Given, Wrong> {
        match item.answer {
            ItemAnswer::Text(max) => self.read_text(item, max),
            ItemAnswer::Scored(_) | ItemAnswer::Choice(_) => self.read_one(item),
            ItemAnswer::Several(choices) => self.read_several(item, choices),
            ItemAnswer::Number(number) => self.read_number(item, number, reply, survey),
        }
    }

    fn read_text(&self, item: &Item<'_>, max: usize) -> Result<Given, Wrong> {
        let words = plain_text::normal(self.field(item.code.as_str()));
        let got = words.chars().count();
        match got {
            0 => Ok(None),
            got if got > max => Err(Wrong::TooLong { max, got }),
            _ => Ok(Some((Answer::Words(words), None))),
        }
    }

    /// An option that is no longer offered, because answers on the same form
    /// changed, is taken all the same: the route leaves it out, and nothing is
    /// lost if they change back.
    fn read_one(&self, item: &Item<'_>) -> Result<Given, Wrong> {
        let options = item.options().unwrap_or_default();
        let given = self.field(item.code.as_str()).trim();
        let words = plain_text::normal(self.own(OTHER, item.code));
        let option = if given.is_empty() {
            // Words beside "Other" choose it.
            options.iter().find(|option| option.other.is_some() && !words.is_empty())
        } else {
            let value = given.parse::<u16>().ok();
            let found = options.iter().find(|option| Some(option.value) == value);
            Some(found.ok_or(Wrong::UnknownOption)?)
        };
        let Some(option) = option else { return Ok(None) };
        let other = words_beside(option, words)?;
        Ok(Some((Answer::One(option.value), other)))
    }

    fn read_several(&self, item: &Item<'_>, choices: &Choices) -> Result<Given, Wrong> {
        let mut values = BTreeSet::new();
        let named = self.fields.iter().filter(|(name, _)| name == item.code.as_str());
        for given in named.map(|(_, value)| value.trim()).filter(|value| !value.is_empty()) {
            let value = given.parse::<u16>().ok();
            let found = choices.options.iter().find(|option| Some(option.value) == value);
            values.insert(found.ok_or(Wrong::UnknownOption)?.value);
        }
        let mut words = plain_text::normal(self.own(OTHER, item.code));
        let mut other = None;
        if let Some(option) = choices.options.iter().find(|option| option.other.is_some()) {
            if values.is_empty() && !words.is_empty() {
                values.insert(option.value);
            }
            if values.contains(&option.value) {
                other = words_beside(option, std::mem::take(&mut words))?;
            }
        }
        check_several(choices, &values)?;
        Ok((!values.is_empty()).then_some((Answer::Several(values), other)))
    }

    fn read_number(
        &self,
        item: &Item<'_>,
        number: &Number,
        reply: &Reply,
        survey: &Survey,
    ) -> Result<Given, Wrong> {
        let given = self.field(item.code.as_str()).trim();
        let way_out = self.own(WAY_OUT, item.code).trim();
        if given.is_empty() {
            if way_out.is_empty() {
                return Ok(None);
            }
            let value = way_out.parse::<u16>().ok();
            let found = number.ways_out().find(|option| Some(option.value) == value);
            return Ok(Some((Answer::One(found.ok_or(Wrong::UnknownOption)?.value), None)));
        }
        let amount = read_amount(given, number.decimals).map_err(|why| match why {
            AmountError::NotANumber => Wrong::NotANumber,
            AmountError::TooPrecise(places) => Wrong::TooPrecise { places },
            AmountError::TooLarge => {
                Wrong::TooHigh { most: crate::definition::widest(number.decimals), by: None }
            }
        })?;
        if !way_out.is_empty() {
            return Err(Wrong::NumberAndWayOut);
        }
        check_number(number, amount, &Route::of(survey, reply))?;
        let usual = number.usual_min.is_none_or(|least| least <= amount)
            && number.usual_max.is_none_or(|most| amount <= most);
        let known = reply.answer(item.code) == Some(&Answer::Amount(amount));
        let confirmed = read_amount(self.own(CONFIRM, item.code), number.decimals) == Ok(amount);
        if usual || known || confirmed {
            Ok(Some((Answer::Amount(amount), None)))
        } else {
            Err(Wrong::Unusual { amount })
        }
    }
}

/// The words beside an option, if it has room for some.
fn words_beside(option: &AnswerOption, words: String) -> Result<Option<String>, Wrong> {
    let Some(max) = option.other else { return Ok(None) };
    let got = words.chars().count();
    if got > max {
        return Err(Wrong::OtherTooLong { max, got });
    }
    Ok((!words.is_empty()).then_some(words))
}
