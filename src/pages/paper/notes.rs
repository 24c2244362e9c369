//! What the web form decides by itself, in words for somebody with a pen: who
//! answers a question, and where it goes on.

use std::collections::{BTreeMap, BTreeSet};

use super::letter;
use crate::definition::{
    Amount, AnswerOption, Condition, Item, ItemAnswer, Kind, Question, Section, Survey,
};
use crate::id::ItemCode;

/// An answer that decides where it goes on.
#[derive(Clone, Copy)]
pub(super) enum Given {
    /// This option alone.
    Option(u16),
    /// This number.
    Amount(Amount),
}

/// The words of one survey's notes.
pub(super) struct Words<'w> {
    fill: &'w dyn Fn(&str) -> String,
    /// The questions in order: the first has number 1.
    questions: Vec<(&'w Section, &'w Question)>,
    items: BTreeMap<&'w ItemCode, Item<'w>>,
    /// The number of each item, a row with its letter.
    numbers: BTreeMap<&'w ItemCode, String>,
}

/// `A`, `A or B`, `A, B or C`.
pub(super) fn list(parts: &[String], word: &str) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

impl<'w> Words<'w> {
    pub(super) fn new(survey: &'w Survey, fill: &'w dyn Fn(&str) -> String) -> Self {
        let sections = survey.sections.iter();
        let questions: Vec<(&Section, &Question)> = sections
            .flat_map(|section| section.questions.iter().map(move |question| (section, question)))
            .collect();
        let mut numbers = BTreeMap::new();
        for (place, (_, question)) in questions.iter().enumerate() {
            let number = (place + 1).to_string();
            if let Kind::Grid(grid) = &question.kind {
                let rows = grid.rows.iter().enumerate();
                numbers
                    .extend(rows.map(|(row, it)| (&it.code, format!("{number}{}", letter(row)))));
            }
            numbers.insert(&question.code, number);
        }
        let items = survey.items().map(|item| (item.code, item)).collect();
        Self { fill, questions, items, numbers }
    }

    /// `question 7`, or the end.
    pub(super) fn place(&self, number: usize) -> String {
        if number > self.questions.len() {
            "the end".to_owned()
        } else {
            format!("question {number}")
        }
    }

    /// `question 7` or `question 7b`.
    pub(super) fn reference(&self, item: &ItemCode) -> String {
        self.numbers.get(item).map_or_else(String::new, |number| format!("question {number}"))
    }

    /// Who answers something, in a sentence.
    pub(super) fn only_if(&self, condition: &Condition, what: &str) -> String {
        match condition {
            Condition::Not(inner) => format!("Leave {what} out if {}.", self.said(inner, true)),
            _ => format!("Only if {}.", self.said(condition, true)),
        }
    }

    /// Which of the options are offered, in a sentence, if one rule holds for all
    /// that depend on earlier answers.
    pub(super) fn offered(&self, options: &[AnswerOption]) -> Option<String> {
        let rules = options.iter().filter_map(|option| option.show_if.as_ref());
        let rules = rules.map(|rule| match rule {
            Condition::Chosen { items, values } => Some((items, values)),
            _ => None,
        });
        let rules: Vec<(&Vec<ItemCode>, &BTreeSet<u16>)> = rules.collect::<Option<_>>()?;
        let (first_items, first_values) = *rules.first()?;
        let question = self.question_of(first_items.first()?)?;
        let of_rows = matches!(question.1.kind, Kind::Grid(_));
        let alike = rules.iter().all(|(items, values)| {
            let [item] = items.as_slice() else { return false };
            self.question_of(item).is_some_and(|(place, _)| place == question.0)
                && (!of_rows || *values == first_values)
        });
        let place = self.place(question.0 + 1);
        match (alike, of_rows) {
            (false, _) => None,
            (true, false) => Some(format!("Only what you ticked in {place}.")),
            (true, true) => {
                let labels = self.labels(first_items, first_values);
                Some(format!("Only among those with {labels} in {place}."))
            }
        }
    }

    /// Where whoever answers a question so goes on, if that is not the next one.
    pub(super) fn go_on(&self, number: usize, given: Given) -> String {
        let Some((_, asked)) = number.checked_sub(1).and_then(|at| self.questions.get(at)) else {
            return String::new();
        };
        let passed = |(section, question): &&(&Section, &Question)| {
            let conditions = [section.show_if.as_ref(), question.show_if.as_ref()];
            let parts = conditions.into_iter().flatten();
            parts
                .map(|condition| decides(condition, &asked.code, given))
                .any(|it| it == Some(false))
        };
        match self.questions.iter().skip(number).take_while(passed).count() {
            0 => String::new(),
            passed => self.place(number + passed + 1),
        }
    }

    fn question_of(&self, item: &ItemCode) -> Option<(usize, &'w Question)> {
        let mut all = self.questions.iter().enumerate();
        all.find_map(|(place, (section, question))| {
            let has = question.items(section).iter().any(|one| one.code == item);
            has.then_some((place, *question))
        })
    }

    /// A condition, or its opposite, after "if".
    fn said(&self, condition: &Condition, holds: bool) -> String {
        match condition {
            Condition::Not(inner) => self.said(inner, !holds),
            Condition::All(parts) => self.joined(parts, holds, holds),
            Condition::Any(parts) => self.joined(parts, holds, !holds),
            Condition::Chosen { items, values } => self.chosen(items, values, holds),
            Condition::Within { item, from, to } => self.within(item, *from, *to, holds),
            Condition::Answered { items } => self.answered(items, holds),
        }
    }

    fn joined(&self, parts: &[Condition], holds: bool, all: bool) -> String {
        let mut said: Vec<String> = Vec::new();
        let mut answered: Vec<ItemCode> = Vec::new();
        let mut several = false;
        for part in parts {
            match part {
                // "… in question 35, 37 or 38", not three times the same words.
                Condition::Answered { items } if all != holds => {
                    answered.extend(items.iter().cloned());
                }
                Condition::All(inner) | Condition::Any(inner) if inner.len() > 1 => {
                    several = true;
                    let same = matches!(part, Condition::All(_)) == holds;
                    let word = if same { "both" } else { "either" };
                    said.push(format!("{word} {}", self.said(part, holds)));
                }
                _ => said.push(self.said(part, holds)),
            }
        }
        if !answered.is_empty() {
            said.push(self.answered(&answered, holds));
        }
        let word = if all { "and" } else { "or" };
        if several { said.join(&format!(", {word} ")) } else { list(&said, word) }
    }

    fn labels(&self, items: &[ItemCode], values: &BTreeSet<u16>) -> String {
        let item = items.first().and_then(|item| self.items.get(item));
        let options = item.and_then(Item::options).unwrap_or_default();
        let chosen = options.iter().filter(|option| values.contains(&option.value));
        let labels: Vec<String> =
            chosen.map(|option| format!("\"{}\"", (self.fill)(&option.label))).collect();
        list(&labels, "or")
    }

    /// All rows of one grid: its number.
    fn whole_grid(&self, items: &[ItemCode]) -> Option<usize> {
        let (place, question) = self.question_of(items.first()?)?;
        match &question.kind {
            Kind::Grid(grid) if items.len() > 1 => {
                let rows = grid.rows.iter().all(|row| items.contains(&row.code));
                (rows && grid.rows.len() == items.len()).then_some(place + 1)
            }
            _ => None,
        }
    }

    fn references(&self, items: &[ItemCode], word: &str) -> String {
        let numbers: Vec<String> =
            items.iter().filter_map(|item| self.numbers.get(item).cloned()).collect();
        let questions = if word == "and" && numbers.len() > 1 { "questions" } else { "question" };
        format!("{questions} {}", list(&numbers, word))
    }

    fn chosen(&self, items: &[ItemCode], values: &BTreeSet<u16>, holds: bool) -> String {
        let labels = self.labels(items, values);
        let item = items.first().and_then(|item| self.items.get(item));
        let (did, did_not, to) = match item.map(|item| item.answer) {
            Some(ItemAnswer::Several(_) | ItemAnswer::Number(_)) => ("ticked", "tick", "in"),
            _ => ("answered", "answer", "to"),
        };
        match (self.whole_grid(items), holds) {
            (Some(number), true) => {
                format!("you {did} {labels} {to} any part of question {number}")
            }
            (Some(number), false) => {
                format!("you {did} {labels} {to} no part of question {number}")
            }
            (None, true) => format!("you {did} {labels} {to} {}", self.references(items, "or")),
            (None, false) => {
                format!("you did not {did_not} {labels} {to} {}", self.references(items, "or"))
            }
        }
    }

    fn within(
        &self,
        item: &ItemCode,
        from: Option<Amount>,
        to: Option<Amount>,
        holds: bool,
    ) -> String {
        let figures = |amount: Amount| match self.items.get(item).map(|item| item.answer) {
            Some(ItemAnswer::Number(number)) => number.figures(amount),
            _ => amount.to_string(),
        };
        let range = match (from, to) {
            (Some(1), None) => "more than 0".to_owned(),
            (Some(from), None) => format!("{} or more", figures(from)),
            (None, Some(to)) => format!("{} or less", figures(to)),
            (Some(from), Some(to)) if from == to => figures(from),
            (Some(from), Some(to)) => format!("from {} to {}", figures(from), figures(to)),
            (None, None) => "any".to_owned(),
        };
        let is = if holds { "is" } else { "is not" };
        format!("your number in {} {is} {range}", self.reference(item))
    }

    fn answered(&self, items: &[ItemCode], holds: bool) -> String {
        let words = items.iter().filter_map(|item| self.items.get(item));
        let in_words = words.clone().all(|item| matches!(item.answer, ItemAnswer::Text(_)));
        let any = match self.whole_grid(items) {
            Some(number) if holds => format!("any part of question {number}"),
            Some(number) => format!("all of question {number}"),
            None => self.references(items, if holds { "or" } else { "and" }),
        };
        match (holds, in_words) {
            (true, true) => format!("you wrote something in {any}"),
            (true, false) => format!("you answered {any}"),
            (false, _) => format!("you left {any} empty"),
        }
    }
}

/// What a condition says after one answer; none if it asks about anything else.
fn decides(condition: &Condition, asked: &ItemCode, given: Given) -> Option<bool> {
    if !condition.items().into_iter().all(|item| item == asked) {
        return None;
    }
    let each = |parts: &[Condition]| -> Option<Vec<bool>> {
        parts.iter().map(|part| decides(part, asked, given)).collect()
    };
    match (condition, given) {
        (Condition::Not(inner), _) => decides(inner, asked, given).map(|holds| !holds),
        (Condition::All(parts), _) => each(parts).map(|parts| !parts.contains(&false)),
        (Condition::Any(parts), _) => each(parts).map(|parts| parts.contains(&true)),
        (Condition::Answered { .. }, _) => Some(true),
        (Condition::Chosen { values, .. }, Given::Option(value)) => Some(values.contains(&value)),
        (Condition::Within { from, to, .. }, Given::Amount(amount)) => {
            Some(from.is_none_or(|from| from <= amount) && to.is_none_or(|to| amount <= to))
        }
        (Condition::Chosen { .. } | Condition::Within { .. }, _) => Some(false),
    }
}
