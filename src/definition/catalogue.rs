//! The items read so far, as later conditions may ask about them: what they
//! take, and when they are asked.

use std::collections::{BTreeMap, BTreeSet};

use super::Condition;
use super::amount::{AmountError, read_amount};
use super::expression::{Check, Comparison, Expression, Placed};
use super::item::{Item, ItemAnswer};
use super::kind::{Amount, Limit};
use crate::fault::nearest;
use crate::id::{ItemCode, ModuleCode};

/// What an item takes as an answer.
#[derive(Debug, Clone)]
pub(super) enum Takes {
    /// One option; those of a scale are in order.
    One { values: Vec<u16>, ordered: Vec<u16> },
    /// Several options: so many of those in `values`, or one that stands `alone`.
    Several { values: Vec<u16>, labels: Vec<String>, alone: Vec<u16>, most: usize },
    /// A number, or a way out if there is one.
    Number { decimals: u8, min: Option<Amount>, max: Option<Amount>, ways_out: bool },
    /// Words.
    Words,
}

/// An item that conditions can ask about.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) label: String,
    pub(super) takes: Takes,
    pub(super) module: Option<ModuleCode>,
    /// When it is asked; none means always.
    pub(super) asked_if: Option<Condition>,
    /// Options that only some are offered, and to whom.
    pub(super) offered_if: BTreeMap<u16, Condition>,
}

/// A code of the file, whether or not it has been read yet.
#[derive(Debug, Clone, Default)]
pub(super) struct Announced {
    /// The code of its question: its own, or that of the grid it is a row of.
    pub(super) question: String,
    /// The text of its own condition, if it has one.
    pub(super) show_if: String,
}

/// The items read so far, and the codes that are still to come.
#[derive(Default)]
pub(super) struct Catalogue {
    items: BTreeMap<ItemCode, Entry>,
    grids: BTreeMap<String, Vec<ItemCode>>,
    announced: BTreeMap<String, Announced>,
    faulty: BTreeSet<String>,
}

/// Who writes a condition: the code of the question and the module it is in.
pub(super) struct Asker<'a> {
    pub(super) code: &'a str,
    pub(super) module: Option<&'a ModuleCode>,
}

/// A fault of a condition: where in its text, what, and what to do.
pub(super) type Slip = (usize, String, String);

/// Why there is no item to ask about; none if its own faults were told, which
/// are the cause.
pub(super) type Refusal = Option<Slip>;

impl Catalogue {
    pub(super) fn announce(&mut self, code: String, announced: Announced) {
        self.announced.insert(code, announced);
    }

    /// Adds a question's items once it is read.
    pub(super) fn add(&mut self, code: &ItemCode, items: &[Item<'_>], ordered: usize) {
        if items.iter().any(|item| item.stem.is_some()) {
            let rows = items.iter().map(|item| item.code.clone()).collect();
            self.grids.insert(code.to_string(), rows);
        }
        for item in items {
            let parts: Vec<Condition> =
                item.conditions.iter().flatten().copied().cloned().collect();
            let entry = Entry {
                label: item.wording.to_owned(),
                takes: Takes::of(item, ordered),
                module: item.section.module.clone(),
                asked_if: (!parts.is_empty()).then_some(Condition::All(parts)),
                offered_if: item
                    .options()
                    .unwrap_or_default()
                    .iter()
                    .filter_map(|option| Some((option.value, option.show_if.clone()?)))
                    .collect(),
            };
            self.items.insert(item.code.clone(), entry);
        }
    }

    /// Marks codes whose question has faults, so that these alone are told and
    /// not all that hangs on them.
    pub(super) fn give_up(&mut self, codes: impl IntoIterator<Item = String>) {
        self.faulty.extend(codes);
    }

    /// Whether a code belongs to a question with faults.
    pub(super) fn is_faulty(&self, code: &str) -> bool {
        self.faulty.contains(code)
    }

    pub(super) fn entry(&self, code: &ItemCode) -> Option<&Entry> {
        self.items.get(code)
    }

    /// The rows of a grid.
    pub(super) fn rows(&self, grid: &str) -> Option<&[ItemCode]> {
        self.grids.get(grid).map(Vec::as_slice)
    }

    /// The condition that an expression means.
    pub(super) fn resolve(
        &self,
        expression: &Expression,
        asker: &Asker<'_>,
    ) -> Result<Condition, Vec<Slip>> {
        let list = |parts: &[Expression]| {
            let (mut good, mut slips) = (Vec::new(), Vec::new());
            for part in parts {
                match self.resolve(part, asker) {
                    Ok(condition) => good.push(condition),
                    Err(more) => slips.extend(more),
                }
            }
            if good.len() == parts.len() { Ok(good) } else { Err(slips) }
        };
        match expression {
            Expression::Not(inner) => {
                self.resolve(inner, asker).map(|inner| Condition::Not(Box::new(inner)))
            }
            Expression::All(parts) => list(parts).map(Condition::All),
            Expression::Any(parts) => list(parts).map(Condition::Any),
            Expression::Test { any_row, item, check } => self
                .find(item, *any_row, asker)
                .map_err(Vec::from_iter)
                .and_then(|(items, takes)| {
                    meaning(item, *any_row, items, takes, check).map_err(|slip| vec![slip])
                }),
        }
    }

    /// The item of a code that an asker may ask about.
    pub(super) fn one(&self, item: &Placed<String>, asker: &Asker<'_>) -> Result<&Entry, Refusal> {
        self.find(item, false, asker).and_then(|(items, _)| {
            items.first().and_then(|code| self.entry(code)).ok_or_else(|| self.unknown(item, asker))
        })
    }

    fn find(
        &self,
        item: &Placed<String>,
        any_row: bool,
        asker: &Asker<'_>,
    ) -> Result<(Vec<ItemCode>, &Takes), Refusal> {
        let name = item.what.as_str();
        let items = match (self.grids.get(name), any_row) {
            (Some(rows), true) => rows.clone(),
            (Some(_), false) => {
                let what = format!("{name} is a grid, its rows have the answers");
                let hint = format!("write `any {name} row …`, or name one row");
                return Err(Some((item.at, what, hint)));
            }
            (None, true) if self.items.keys().any(|code| code.as_str() == name) => {
                let hint = format!("write `{name} …` without `any` and `row`");
                return Err(Some((item.at, format!("{name} has no rows"), hint)));
            }
            (None, _) => name.parse().into_iter().collect(),
        };
        let entry = items.first().and_then(|code| self.items.get(code));
        let entry = entry.ok_or_else(|| self.unknown(item, asker))?;
        if let Some(module) = entry.module.as_ref().filter(|module| asker.module != Some(module)) {
            let what = format!("{name} is asked in waves with the module {module} only");
            let hint = "ask about items of the core or of the same module".to_owned();
            return Err(Some((item.at, what, hint)));
        }
        Ok((items, &entry.takes))
    }

    fn unknown(&self, item: &Placed<String>, asker: &Asker<'_>) -> Refusal {
        let name = item.what.as_str();
        if name == asker.code {
            let what = format!("{name} asks about its own answer");
            return Some((item.at, what, "ask about an earlier question".to_owned()));
        }
        if self.is_faulty(name) {
            return None;
        }
        let Some(later) = self.announced.get(name) else {
            let names = self.announced.keys().map(String::as_str);
            let hint = match nearest(name, names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "ask about a question or a row of this file, by code".to_owned(),
            };
            return Some((item.at, format!("there is no item {name:?}"), hint));
        };
        if later.question == asker.code {
            let what = format!("{name} is a row of this same question");
            return Some((item.at, what, "ask about an earlier question".to_owned()));
        }
        let mentions = |text: &str, code: &str| {
            text.split(|c: char| !(c.is_ascii_alphanumeric() || "_.-".contains(c)))
                .any(|word| word == code)
        };
        let what = if mentions(&later.show_if, asker.code) {
            format!("{} and {name} wait for each other", asker.code)
        } else {
            format!("{name} comes later")
        };
        Some((item.at, what, "name an earlier question, or move this one below it".to_owned()))
    }
}

impl Takes {
    /// `ordered` is how many of the options belong to the scale itself.
    fn of(item: &Item<'_>, ordered: usize) -> Self {
        let options = item.options().unwrap_or_default();
        let values: Vec<u16> = options.iter().map(|option| option.value).collect();
        match item.answer {
            ItemAnswer::Scored(_) => {
                let own = options.iter().take(ordered).filter(|option| option.counts.is_valid());
                Self::One { ordered: own.map(|option| option.value).collect(), values }
            }
            ItemAnswer::Choice(_) => Self::One { values, ordered: Vec::new() },
            ItemAnswer::Several(choices) => {
                let valid = || options.iter().filter(|option| option.counts.is_valid());
                Self::Several {
                    values: valid().map(|option| option.value).collect(),
                    labels: valid().map(|option| option.label.clone()).collect(),
                    alone: choices.exclusive().into_iter().collect(),
                    most: choices.most.unwrap_or(usize::MAX),
                }
            }
            ItemAnswer::Number(number) => {
                let fixed = |limit: &Limit| match limit {
                    Limit::Fixed(amount) => Some(*amount),
                    Limit::Answer(_) => None,
                };
                Self::Number {
                    decimals: number.decimals,
                    min: fixed(&number.min),
                    max: fixed(&number.max),
                    ways_out: number.ways_out().next().is_some(),
                }
            }
            ItemAnswer::Text(_) => Self::Words,
        }
    }
}

impl Comparison {
    fn fits(self, left: u16, right: u16) -> bool {
        match self {
            Self::Equal => left == right,
            Self::Unequal => left != right,
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::More => left > right,
            Self::AtLeast => left >= right,
        }
    }

    fn is_of_order(self) -> bool {
        !matches!(self, Self::Equal | Self::Unequal)
    }
}

/// What a check of one item, or of any row of a grid, means.
fn meaning(
    item: &Placed<String>,
    any_row: bool,
    items: Vec<ItemCode>,
    takes: &Takes,
    check: &Check,
) -> Result<Condition, Slip> {
    match (takes, check) {
        (_, Check::NotEmpty) => Ok(Condition::Answered { items }),
        (Takes::Words, _) => Err((
            item.at,
            format!("{} is answered in words", item.what),
            format!("ask whether `{} not empty`", item.what),
        )),
        (Takes::One { values, .. } | Takes::Several { values, .. }, Check::In(list)) => {
            let wanted: Result<BTreeSet<u16>, Slip> =
                list.iter().map(|value| option_value(item, values, value)).collect();
            Ok(Condition::Chosen { items, values: wanted? })
        }
        (Takes::One { values, ordered }, Check::Compare(how, value)) => {
            let ordered = (!ordered.is_empty()).then_some(ordered);
            let chosen = chosen_values(item, any_row, values, ordered, *how, value)?;
            let condition = Condition::Chosen { items, values: chosen };
            Ok(if *how == Comparison::Unequal && !any_row {
                Condition::Not(Box::new(condition))
            } else {
                condition
            })
        }
        (Takes::Several { values, .. }, Check::Compare(how, value)) => {
            let chosen = chosen_values(item, false, values, None, *how, value)?;
            let condition = Condition::Chosen { items, values: chosen };
            Ok(if *how == Comparison::Unequal {
                Condition::Not(Box::new(condition))
            } else {
                condition
            })
        }
        (Takes::Number { decimals, .. }, Check::In(list)) => {
            let amounts: Result<Vec<Amount>, Slip> =
                list.iter().map(|value| amount(item, *decimals, value)).collect();
            let parts = amounts?.into_iter().map(|amount| exactly(&items, amount));
            Ok(Condition::Any(parts.collect()))
        }
        (Takes::Number { decimals, .. }, Check::Compare(how, value)) => {
            let amount = amount(item, *decimals, value)?;
            let within = |from, to| Ok(within(&items, from, to));
            match how {
                Comparison::Equal => Ok(exactly(&items, amount)),
                Comparison::Unequal => Ok(Condition::Not(Box::new(exactly(&items, amount)))),
                Comparison::Less => within(None, Some(amount - 1)),
                Comparison::AtMost => within(None, Some(amount)),
                Comparison::More => within(Some(amount + 1), None),
                Comparison::AtLeast => within(Some(amount), None),
            }
        }
    }
}

/// The values that a comparison picks. Without rows "is not" is the opposite of
/// "is", so that it holds for a blank too; of rows it means another answer.
fn chosen_values(
    item: &Placed<String>,
    any_row: bool,
    values: &[u16],
    ordered: Option<&Vec<u16>>,
    how: Comparison,
    value: &Placed<String>,
) -> Result<BTreeSet<u16>, Slip> {
    let wanted = option_value(item, values, value)?;
    match ordered {
        None if how.is_of_order() => Err((
            item.at,
            format!("the options of {} have no order", item.what),
            format!("write `{} = {wanted}` or `{} in ({wanted})`", item.what, item.what),
        )),
        Some(ordered) if how.is_of_order() => {
            let chosen: BTreeSet<u16> =
                ordered.iter().copied().filter(|value| how.fits(*value, wanted)).collect();
            if chosen.is_empty() {
                return Err((
                    value.at,
                    format!("no answer on the scale of {} fits", item.what),
                    "nobody could ever be asked: ask for more or for less".to_owned(),
                ));
            }
            Ok(chosen)
        }
        _ if any_row && how == Comparison::Unequal => {
            Ok(values.iter().copied().filter(|value| *value != wanted).collect())
        }
        _ => Ok(BTreeSet::from([wanted])),
    }
}

fn option_value(
    item: &Placed<String>,
    values: &[u16],
    value: &Placed<String>,
) -> Result<u16, Slip> {
    let number = value.what.parse().ok().filter(|number| values.contains(number));
    number.ok_or_else(|| {
        let known: Vec<String> = values.iter().map(ToString::to_string).collect();
        (
            value.at,
            format!("{} has no option {}", item.what, value.what),
            format!("its options are {}", known.join(", ")),
        )
    })
}

fn amount(item: &Placed<String>, decimals: u8, value: &Placed<String>) -> Result<Amount, Slip> {
    read_amount(&value.what, decimals).map_err(|why| {
        let hint = match decimals {
            0 => format!("{} is answered with a whole number", item.what),
            1 => format!("{} is answered with a number of one decimal place", item.what),
            _ => format!("{} is answered with a number of {decimals} decimal places", item.what),
        };
        let what = match why {
            AmountError::TooPrecise(0) => format!("{} is no whole number", value.what),
            _ => format!("{} {why}", value.what),
        };
        (value.at, what, hint)
    })
}

fn within(items: &[ItemCode], from: Option<Amount>, to: Option<Amount>) -> Condition {
    let part = |item: &ItemCode| Condition::Within { item: item.clone(), from, to };
    match items {
        [only] => part(only),
        several => Condition::Any(several.iter().map(part).collect()),
    }
}

fn exactly(items: &[ItemCode], amount: Amount) -> Condition {
    within(items, Some(amount), Some(amount))
}
