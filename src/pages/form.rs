//! A section of a survey as the questions of a form, and a reply as the rows of
//! the page for checking. Wording, options and order come from the definition;
//! what is chosen or written comes from the reply.

use std::collections::BTreeMap;

use super::respondent::{
    CheckRow, CheckSection, GridRow, GridView, OptionView, QuestionView, RadiosView, TextView,
};
use crate::definition::{AnswerOption, Counts, Kind, Question, Section, Survey};
use crate::id::ItemCode;

/// What fills a form: answers so far, faults of the last attempt, tokens and order of rows.
pub struct Filled<'f> {
    /// The value chosen for an item.
    pub chosen: &'f dyn Fn(&ItemCode) -> Option<u16>,
    /// The text written for an item.
    pub written: &'f dyn Fn(&ItemCode) -> Option<String>,
    /// What is wrong with the answer just given to an item, in a sentence.
    pub faults: &'f BTreeMap<ItemCode, String>,
    /// Fills the tokens of a text.
    pub fill: &'f dyn Fn(&str) -> String,
    /// This respondent's order of a shuffled grid's rows: places from 0.
    pub row_order: &'f dyn Fn(&ItemCode, usize) -> Vec<usize>,
}

/// The questions of a section as a form shows them.
#[must_use]
pub fn questions(section: &Section, filled: &Filled<'_>) -> Vec<QuestionView> {
    section.questions.iter().map(|question| view(question, filled)).collect()
}

fn view(question: &Question, filled: &Filled<'_>) -> QuestionView {
    let code = &question.code;
    let mut view = QuestionView {
        name: code.to_string(),
        id: code.to_string(),
        wording: (filled.fill)(&question.wording),
        help: (filled.fill)(&question.help),
        error: filled.faults.get(code).cloned(),
        radios: None,
        grid: None,
        text: None,
    };
    match &question.kind {
        Kind::Rating(scale) => view.radios = Some(radios(code, &scale.options, filled)),
        Kind::Choice(options) => view.radios = Some(radios(code, options, filled)),
        Kind::Text { max_chars } => {
            view.text = Some(TextView {
                value: (filled.written)(code).unwrap_or_default(),
                max_chars: *max_chars,
                lines: 5,
            });
        }
        Kind::Grid { scale, rows, shuffled } => {
            let order = if *shuffled {
                (filled.row_order)(code, rows.len())
            } else {
                (0..rows.len()).collect()
            };
            let rows = order.iter().filter_map(|place| rows.get(*place)).map(|row| GridRow {
                name: row.code.to_string(),
                id: row.code.to_string(),
                label: (filled.fill)(&row.label),
                help: (filled.fill)(&row.help),
                error: filled.faults.get(&row.code).cloned(),
                options: radios(&row.code, &scale.options, filled).options,
            });
            let rows: Vec<GridRow> = rows.collect();
            view.id = rows.first().map_or_else(|| view.id.clone(), |row| row.id.clone());
            view.grid = Some(GridView {
                rows,
                heads: scale.options.iter().map(|option| (filled.fill)(&option.label)).collect(),
                columns: format!("grid-{}", scale.options.len()),
            });
        }
    }
    view
}

fn radios(code: &ItemCode, options: &[AnswerOption], filled: &Filled<'_>) -> RadiosView {
    let chosen = (filled.chosen)(code);
    let outside =
        |option: &AnswerOption| matches!(option.counts, Counts::DontKnow | Counts::NotApplicable);
    let mut inside_before = false;
    let mut divided_before = false;
    let options = options.iter().enumerate().map(|(place, option)| {
        let way_out = outside(option);
        let divided = way_out && inside_before && !divided_before;
        inside_before |= !way_out;
        divided_before |= divided;
        OptionView {
            id: if place == 0 { code.to_string() } else { format!("{code}-{}", place + 1) },
            value: option.value.to_string(),
            label: (filled.fill)(&option.label),
            checked: chosen == Some(option.value),
            divided,
            way_out,
        }
    });
    RadiosView { options: options.collect() }
}

/// All answers by section, for the page on which a lead checks them.
/// `section_href` gives the address of a section's form.
#[must_use]
pub fn summary(
    survey: &Survey,
    filled: &Filled<'_>,
    section_href: &dyn Fn(&Section) -> String,
) -> Vec<CheckSection> {
    let sections = survey.sections.iter().map(|section| CheckSection {
        title: (filled.fill)(&section.title),
        rows: section
            .questions
            .iter()
            .flat_map(|question| question.items(section))
            .map(|item| {
                let answer = match item.options() {
                    Some(options) => (filled.chosen)(item.code)
                        .and_then(|value| options.iter().find(|option| option.value == value))
                        .map(|option| (filled.fill)(&option.label)),
                    None => (filled.written)(item.code).filter(|text| !text.is_empty()),
                };
                CheckRow {
                    question: (filled.fill)(item.wording),
                    blank: answer.is_none(),
                    answer: answer.unwrap_or_else(|| "Not answered".to_owned()),
                    change: format!("{}#{}", section_href(section), item.code),
                }
            })
            .collect(),
    });
    sections.collect()
}

#[cfg(test)]
mod tests;
