//! The first line of `responses.csv`: what each of its columns is.

use std::collections::BTreeSet;

use crate::definition::{ItemAnswer, Survey};
use crate::fault::{Fault, nearest};
use crate::register::place::place;

use super::cut::quoted_rows;

/// Columns that say whose response it is.
const WHOSE: [(&str, Role); 3] = [("wave", Role::Wave), ("org", Role::Org), ("resp", Role::Resp)];

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The wave.
    Wave,
    /// The organisation.
    Org,
    /// The response's own name.
    Resp,
    /// Answers: the column of the ballot.
    Answer(usize),
    /// Words of respondents, which are not counted, or what nobody knows.
    Nothing,
}

/// The first line.
#[derive(Debug, Default)]
pub(super) struct Header {
    /// Each column's name and what it holds.
    pub(super) columns: Vec<(String, Role)>,
    /// What is wrong with it.
    pub(super) faults: Vec<Fault>,
    /// Line ends before the row that follows.
    pub(super) lines: usize,
}

impl Header {
    /// Takes the header off the file's first piece.
    pub(super) fn take(file: &str, text: &mut Vec<u8>, survey: &Survey) -> Self {
        if text.starts_with("\u{feff}".as_bytes()) {
            text.drain(.."\u{feff}".len());
        }
        let Some((cells, end)) = quoted_rows(text).next() else {
            let fault = Fault::of_file(file, "is empty")
                .hint("the first line is wave,org,resp and the items' codes");
            return Self { faults: vec![fault], ..Self::default() };
        };
        let rest = text.split_off(end.min(text.len()));
        let raw = String::from_utf8_lossy(text).into_owned();
        *text = rest;
        let names = cells.iter().map(|cell| String::from_utf8_lossy(cell).trim().to_owned());
        let mut header = Self { lines: raw.matches('\n').count(), ..Self::default() };
        header.fill(file, &raw, names.collect(), survey);
        header
    }

    fn fill(&mut self, file: &str, raw: &str, names: Vec<String>, survey: &Survey) {
        let asked = survey.columns().enumerate();
        let answers = asked.map(|(place, column)| (column.code.as_str(), Role::Answer(place)));
        let wanted: Vec<(&str, Role)> = WHOSE.into_iter().chain(answers).collect();
        let has: BTreeSet<String> = names.iter().cloned().collect();
        let missing = || wanted.iter().filter(|(code, _)| !has.contains(*code));
        for (at, name) in names.into_iter().enumerate() {
            let known = wanted.iter().find(|(code, _)| *code == name).map(|(_, role)| *role);
            let fault = |what: String| {
                let (line, column) = place(raw, 0, at);
                Fault::at(file, line, column, what)
            };
            let role = if self.columns.iter().any(|(other, _)| *other == name) {
                let what = format!("the column {name} stands here a second time");
                self.faults.push(fault(what).hint("leave one of them out"));
                Role::Nothing
            } else if let Some(role) = known {
                role
            } else {
                if !is_words(survey, &name) {
                    let what = format!("the column {name:?} is not known to the survey");
                    self.faults.push(fault(what).hint(instead(
                        survey,
                        &name,
                        missing().map(|(code, _)| *code),
                    )));
                }
                Role::Nothing
            };
            self.columns.push((name, role));
        }
        let (line, _) = place(raw, 0, 0);
        let faults = missing().map(|(code, role)| {
            Fault::at(file, line, 0, format!("the column {code} is missing")).hint(match role {
                Role::Answer(_) => {
                    "every item has a column; leave the cells of one not asked empty"
                }
                _ => "the first columns are wave,org,resp",
            })
        });
        self.faults.extend(faults);
    }
}

fn is_words(survey: &Survey, name: &str) -> bool {
    let mut items = survey.items().filter(|item| item.code.as_str() == name);
    items.any(|item| matches!(item.answer, ItemAnswer::Text(_)))
}

fn instead<'m>(survey: &Survey, name: &str, missing: impl Iterator<Item = &'m str>) -> String {
    let several = survey.items().find_map(|item| match item.answer {
        ItemAnswer::Several(choices) if item.code.as_str() == name => Some(choices),
        _ => None,
    });
    if let Some(choices) = several {
        let ticks: Vec<&str> = choices.ticks.iter().map(|tick| tick.code.as_str()).collect();
        return format!("it has several answers, each with a column: {}", ticks.join(", "));
    }
    match nearest(name, missing) {
        Some(near) => format!("did you mean {near:?}?"),
        None => "leave the column out, or evaluate with the survey that has it".to_owned(),
    }
}
