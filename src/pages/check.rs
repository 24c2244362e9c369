//! A reply as the rows of the page on which a lead checks it: just what would be
//! sealed, and what would not.

use super::respondent::{CheckRow, CheckSection};
use crate::answer::{Answer, Reply, Route};
use crate::definition::{Item, ItemAnswer, Section, Survey};

/// All answers by section, of the questions that are asked.
/// `section_href` gives the address of a section's form.
#[must_use]
pub fn summary(
    survey: &Survey,
    reply: &Reply,
    fill: &dyn Fn(&str) -> String,
    section_href: &dyn Fn(&Section) -> String,
) -> Vec<CheckSection> {
    let route = Route::of(survey, reply);
    let sections = survey.sections.iter().map(|section| {
        let asked = section.items().filter(|item| route.asks(item.code));
        let rows = asked.map(|item| {
            let other = reply.other(item.code);
            let lines = route.answer(item.code).map(|answer| lines(&item, answer, other, fill));
            let lines = lines.filter(|lines| !lines.is_empty());
            row(section, &item, lines, fill, section_href)
        });
        CheckSection { title: fill(&section.title), rows: rows.collect() }
    });
    sections.filter(|section| !section.rows.is_empty()).collect()
}

/// A row for every question there is, without answers, by section.
pub(super) fn every_row(
    survey: &Survey,
    fill: &dyn Fn(&str) -> String,
    section_href: &dyn Fn(&Section) -> String,
) -> Vec<CheckSection> {
    let sections = survey.sections.iter().map(|section| {
        let rows = section.items().map(|item| row(section, &item, None, fill, section_href));
        CheckSection { title: fill(&section.title), rows: rows.collect() }
    });
    sections.collect()
}

/// The row of a question, with its answer if it has one.
fn row(
    section: &Section,
    item: &Item<'_>,
    lines: Option<Vec<String>>,
    fill: &dyn Fn(&str) -> String,
    section_href: &dyn Fn(&Section) -> String,
) -> CheckRow {
    CheckRow {
        question: fill(item.wording),
        blank: lines.is_none(),
        answer: lines.unwrap_or_else(|| vec!["Not answered".to_owned()]),
        change: format!("{}#{}", section_href(section), item.code),
    }
}

/// An answer in words, a line for each option chosen.
pub fn lines(
    item: &Item<'_>,
    answer: &Answer,
    other: Option<&str>,
    fill: &dyn Fn(&str) -> String,
) -> Vec<String> {
    match (answer, item.answer) {
        (Answer::Words(words), _) => vec![words.clone()],
        (Answer::Amount(amount), ItemAnswer::Number(number)) => vec![number.with_unit(*amount)],
        _ => {
            // In screen order, whatever the order of the values.
            let chosen: Vec<u16> = answer.options().collect();
            let options = item.options().unwrap_or_default().iter();
            options
                .filter(|option| chosen.contains(&option.value))
                .map(|option| match other.filter(|_| option.other.is_some()) {
                    Some(words) => format!("{}: {words}", fill(&option.label)),
                    None => fill(&option.label),
                })
                .collect()
        }
    }
}
