//! What a change of a survey does to its trends. An item's line goes on only as
//! long as its wording, its options, their scores and its kind stay what they
//! were; a changed item starts a new line.

use std::collections::BTreeSet;

use super::Fingerprint;
use super::amount::widest;
use super::item::{Item, ItemAnswer};
use super::kind::{Limit, Number};
use super::survey::{Index, Mode, Survey};
use crate::id::ItemCode;

/// What becomes of a trend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// The line goes on.
    Kept,
    /// The old line ends and a new one begins under the same code.
    Broken,
    /// A line begins.
    New,
    /// A line ends.
    Gone,
}

/// One trend and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trend {
    /// The item's or the index's code.
    pub code: String,
    /// Whether it is an index.
    pub is_index: bool,
    /// What becomes of it.
    pub fate: Fate,
    /// What changed, in the survey's words; none unless it is broken.
    pub reasons: Vec<String>,
}

impl Fate {
    /// The word for people and programs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Broken => "broken",
            Self::New => "new",
            Self::Gone => "gone",
        }
    }
}

/// What the change from `old` to `new` does to each trend: items first, in the
/// order of the new survey, then indexes; what is gone comes last of each.
#[must_use]
pub fn difference(old: &Survey, new: &Survey) -> Vec<Trend> {
    let (before, after): (Vec<Item<'_>>, Vec<Item<'_>>) =
        (old.items().collect(), new.items().collect());
    let items = fates(
        &before,
        &after,
        |item| item.code.to_string(),
        |was, is| item_reasons((was, old.mode), (is, new.mode)),
    );
    let broken: BTreeSet<String> = items
        .iter()
        .filter(|(_, fate, _)| *fate == Fate::Broken)
        .map(|(code, ..)| code.clone())
        .collect();
    let indexes = fates(
        &old.indexes,
        &new.indexes,
        |index| index.code.to_string(),
        |was, is| index_reasons(was, is, &broken),
    );
    let trend = |is_index| {
        move |(code, fate, reasons): (String, Fate, Vec<String>)| Trend {
            code,
            is_index,
            fate,
            reasons,
        }
    };
    items.into_iter().map(trend(false)).chain(indexes.into_iter().map(trend(true))).collect()
}

/// Pairs two lists by code and says what became of each entry.
fn fates<T>(
    before: &[T],
    after: &[T],
    code: impl Fn(&T) -> String,
    reasons: impl Fn(&T, &T) -> Vec<String>,
) -> Vec<(String, Fate, Vec<String>)> {
    let of = |list: &[T], wanted: &str| list.iter().position(|entry| code(entry) == wanted);
    let mut all = Vec::new();
    for entry in after {
        let name = code(entry);
        let was = of(before, &name).and_then(|at| before.get(at));
        let (fate, reasons) = match was.map(|was| reasons(was, entry)) {
            None => (Fate::New, Vec::new()),
            Some(none) if none.is_empty() => (Fate::Kept, none),
            Some(some) => (Fate::Broken, some),
        };
        all.push((name, fate, reasons));
    }
    let gone = before.iter().map(&code).filter(|name| of(after, name).is_none());
    all.extend(gone.map(|name| (name, Fate::Gone, Vec::new())));
    all
}

/// What changed of an item; nothing if its identity is the same.
fn item_reasons(
    (was, old_mode): (&Item<'_>, Mode),
    (is, new_mode): (&Item<'_>, Mode),
) -> Vec<String> {
    if Fingerprint::of_item(was, old_mode) == Fingerprint::of_item(is, new_mode) {
        return Vec::new();
    }
    let mut reasons = Vec::new();
    if old_mode != new_mode {
        let (old, new) = (old_mode.word(), new_mode.word());
        reasons.push(format!("the mode was {old:?}, is {new:?}"));
    }
    if was.wording != is.wording {
        reasons.push(format!("the wording was {:?}, is {:?}", was.wording, is.wording));
    }
    if was.stem != is.stem {
        reasons.push("the wording above the rows changed".to_owned());
    }
    if was.conditions != is.conditions {
        reasons.push(format!("it was asked {}, is asked {}", base(was), base(is)));
    }
    match (was.answer, is.answer) {
        (ItemAnswer::Text(was), ItemAnswer::Text(is)) if was != is => {
            reasons.push(format!("{was} characters were allowed, now {is}"));
        }
        (ItemAnswer::Number(before), ItemAnswer::Number(after)) => {
            let of_numbers = number_reasons(before, after);
            // Other units and other ends show in the words of every band.
            if of_numbers.is_empty() {
                reasons.extend(option_reasons(was, is));
            }
            reasons.extend(of_numbers);
        }
        (ItemAnswer::Several(before), ItemAnswer::Several(after)) => {
            if before.most != after.most {
                let most =
                    |most: Option<usize>| most.map_or("any number".into(), |n| n.to_string());
                reasons.push(format!(
                    "the most that could be chosen was {}, is {}",
                    most(before.most),
                    most(after.most)
                ));
            }
            reasons.extend(option_reasons(was, is));
        }
        (ItemAnswer::Scored(_), ItemAnswer::Scored(_))
        | (ItemAnswer::Choice(_), ItemAnswer::Choice(_)) => reasons.extend(option_reasons(was, is)),
        (ItemAnswer::Text(_), ItemAnswer::Text(_)) => {}
        _ => reasons.push("it is answered in another way".to_owned()),
    }
    if let (Some(was), Some(is)) = (was.scale(), is.scale())
        && was.direction != is.direction
    {
        reasons.push("the good end of its scale changed sides".to_owned());
    }
    if reasons.is_empty() {
        reasons.push("the order of its options changed".to_owned());
    }
    reasons
}

/// Who is asked an item, in words.
fn base(item: &Item<'_>) -> String {
    let parts: Vec<String> = item.conditions.iter().flatten().map(ToString::to_string).collect();
    if parts.is_empty() { "of everybody".to_owned() } else { format!("if {}", parts.join(" and ")) }
}

/// What changed of a number: its units, its range, its bands.
fn number_reasons(was: &Number, is: &Number) -> Vec<String> {
    let mut reasons = Vec::new();
    if was.unit != is.unit {
        reasons.push(format!("the unit was {:?}, is {:?}", was.unit, is.unit));
    }
    if was.decimals != is.decimals {
        reasons.push(format!("{} decimal places were taken, now {}", was.decimals, is.decimals));
    }
    let range = |number: &Number| {
        let end = |limit: &Limit| match limit {
            Limit::Fixed(amount) if amount.abs() == widest(number.decimals) => "any".to_owned(),
            Limit::Fixed(amount) => number.figures(*amount),
            Limit::Answer(item) => item.to_string(),
        };
        format!("{} to {}", end(&number.min), end(&number.max))
    };
    if range(was) != range(is) {
        reasons.push(format!("it took {}, takes {}", range(was), range(is)));
    }
    let ends = |number: &Number| {
        let ends: Vec<String> = number.ends.iter().map(|end| number.figures(*end)).collect();
        if ends.is_empty() { "nowhere".to_owned() } else { format!("at {}", ends.join(", ")) }
    };
    if ends(was) != ends(is) {
        reasons.push(format!("its bands ended {}, end {}", ends(was), ends(is)));
    }
    reasons
}

fn option_reasons(was: &Item<'_>, is: &Item<'_>) -> Vec<String> {
    let (before, after) = (was.options().unwrap_or_default(), is.options().unwrap_or_default());
    let mut reasons = Vec::new();
    for option in before {
        match after.iter().find(|other| other.value == option.value) {
            None => reasons.push(format!("the option {:?} is gone", option.label)),
            Some(other) => {
                if other.label != option.label {
                    reasons.push(format!("{:?} is now {:?}", option.label, other.label));
                }
                if other.counts != option.counts {
                    reasons.push(format!("{:?} counts in another way", option.label));
                }
                if other.other.is_some() != option.other.is_some() {
                    reasons.push(format!("the text beside {:?} came or went", option.label));
                }
                if (other.exclusive, &other.show_if) != (option.exclusive, &option.show_if) {
                    reasons.push(format!("{:?} can be chosen by others than before", option.label));
                }
            }
        }
    }
    let fresh = after.iter().filter(|o| before.iter().all(|other| other.value != o.value));
    reasons.extend(fresh.map(|option| format!("the option {:?} is new", option.label)));
    reasons
}

/// What changed of an index: its items, their weights, or what one of them asks.
fn index_reasons(was: &Index, is: &Index, broken: &BTreeSet<String>) -> Vec<String> {
    let weight = |index: &Index, code: &ItemCode| {
        index.items.iter().find(|(item, _)| item == code).map(|(_, weight)| *weight)
    };
    let mut reasons = Vec::new();
    for (item, before) in &was.items {
        match weight(is, item) {
            None => reasons.push(format!("{item} is no longer in it")),
            Some(now) if now != *before => {
                reasons.push(format!("{item} weighed {before}, now {now}"));
            }
            Some(_) if broken.contains(item.as_str()) => {
                reasons.push(format!("{item} is not what it was"));
            }
            Some(_) => {}
        }
    }
    let fresh = is.items.iter().filter(|(item, _)| weight(was, item).is_none());
    reasons.extend(fresh.map(|(item, _)| format!("{item} is new in it")));
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::parse;

    const EAST: &str = include_str!("../../survey_definitions/east-of-england/survey.toml");

    fn survey(source: &str) -> Survey {
        parse("survey.toml", source).expect("a sound survey")
    }

    /// What becomes of the trends after replacements, those that are kept left out.
    fn changed(replacements: &[(&str, &str)]) -> Vec<(String, Fate, String)> {
        let mut source = EAST.to_owned();
        for (from, to) in replacements {
            assert!(source.contains(from), "nothing to replace: {from}");
            source = source.replacen(from, to, 1);
        }
        difference(&survey(EAST), &survey(&source))
            .into_iter()
            .filter(|trend| trend.fate != Fate::Kept)
            .map(|trend| (trend.code, trend.fate, trend.reasons.join("; ")))
            .collect()
    }

    #[test]
    fn a_change_of_the_file_that_no_reader_sees_keeps_every_trend() {
        assert_eq!(changed(&[("# Answers that many", "#   Answers, that many")]), []);
        assert_eq!(changed(&[("version = \"draft-1\"", "version = \"2\"")]), []);
        let all = difference(&survey(EAST), &survey(EAST));
        let survey = survey(EAST);
        assert_eq!(all.len(), survey.items().count() + survey.indexes.len());
        assert!(all.iter().all(|trend| trend.fate == Fate::Kept && trend.reasons.is_empty()));
    }

    #[test]
    fn another_wording_breaks_the_item_and_every_index_it_is_in() {
        let was = "How would you rate the speed with which that data reaches you?";
        let trends = changed(&[(was, "How quickly does that data reach you?")]);
        let codes: Vec<(&str, Fate)> =
            trends.iter().map(|(code, fate, _)| (code.as_str(), *fate)).collect();
        assert_eq!(codes, [("INF_TIME", Fate::Broken), ("IDX_INF", Fate::Broken)]);
        assert!(trends[0].2.contains("How quickly"), "{trends:?}");
        assert_eq!(trends[1].2, "INF_TIME is not what it was");
    }

    #[test]
    fn another_code_ends_one_line_and_begins_another() {
        let trends = changed(&[("code = \"ENT_SUP\"", "code = \"ENT_SUP2\"")]);
        let codes: Vec<(&str, Fate)> =
            trends.iter().map(|(code, fate, _)| (code.as_str(), *fate)).collect();
        assert_eq!(codes, [("ENT_SUP2", Fate::New), ("ENT_SUP", Fate::Gone)]);
    }

    #[test]
    fn another_label_of_a_shared_scale_breaks_all_that_use_it() {
        let trends = changed(&[("\"Strongly support\"", "\"Fully support\"")]);
        assert_eq!(trends.len(), 1);
        assert_eq!(trends[0].2, "\"Strongly support\" is now \"Fully support\"");
    }
}
