//! A section of a survey as the questions of a form. Wording, options and order
//! come from the definition; what is chosen or written comes from the reply, or,
//! where an answer could not be taken, from the form as it was sent.

use std::collections::{BTreeMap, BTreeSet};

use super::respondent::{
    ConfirmView, GridRow, GridView, NumberView, OptionView, OtherView, QuestionView, RadiosView,
    TextView, TicksView,
};
use crate::answer::{Answer, CONFIRM, OTHER, Reply, Route, WAY_OUT};
use crate::definition::{
    AnswerOption, Grid, Item, ItemAnswer, Kind, Number, Question, RowAnswers, Section,
};
use crate::id::ItemCode;

/// What fills a form.
pub struct Filled<'f> {
    /// The answers so far.
    pub reply: &'f Reply,
    /// The questions that they lead to.
    pub route: &'f Route<'f>,
    /// What is wrong with the answers just given.
    pub faults: &'f BTreeMap<ItemCode, Fault>,
    /// The fields just sent: shown again for answers that could not be taken.
    pub sent: &'f [(String, String)],
    /// Fills the tokens of a text.
    pub fill: &'f dyn Fn(&str) -> String,
    /// This respondent's order of a shuffled grid's rows: places from 0.
    pub row_order: &'f dyn Fn(usize) -> Vec<usize>,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// In a sentence.
    pub said: String,
    /// The number that can be confirmed, in figures, and the words for that.
    pub confirm: Option<(String, String)>,
}

/// The questions of a section that are asked, as a form shows them.
#[must_use]
pub fn questions(section: &Section, filled: &Filled<'_>) -> Vec<QuestionView> {
    section.questions.iter().filter_map(|question| view(question, section, filled)).collect()
}

/// A question as a form shows it; none if it is not asked.
pub(super) fn view(
    question: &Question,
    section: &Section,
    filled: &Filled<'_>,
) -> Option<QuestionView> {
    let items: Vec<Item<'_>> =
        question.items(section).into_iter().filter(|item| filled.route.asks(item.code)).collect();
    let first = items.first()?;
    let code = &question.code;
    let mut view = QuestionView {
        name: code.to_string(),
        id: code.to_string(),
        wording: (filled.fill)(&question.wording),
        help: (filled.fill)(&question.help),
        error: filled.faults.get(code).map(|fault| fault.said.clone()),
        offers: offers(first, filled.route),
        radios: None,
        ticks: None,
        number: None,
        grid: None,
        text: None,
    };
    match (&question.kind, first.answer) {
        (Kind::Grid(grid), _) => {
            let grid = grid_view(grid, filled);
            view.id = grid.rows.first().map_or_else(|| view.id.clone(), |row| row.id.clone());
            view.grid = Some(grid);
        }
        (_, ItemAnswer::Scored(scale)) => view.radios = Some(radios(code, &scale.options, filled)),
        (_, ItemAnswer::Choice(options)) => view.radios = Some(radios(code, options, filled)),
        (_, ItemAnswer::Several(choices)) => {
            let RadiosView { options } = radios(code, &choices.options, filled);
            view.ticks = Some(TicksView {
                options,
                most: choices.most.unwrap_or(0),
                all: choices.most.is_none(),
            });
        }
        (_, ItemAnswer::Number(number)) => view.number = Some(number_view(code, number, filled)),
        (_, ItemAnswer::Text(max_chars)) => {
            let value = filled.words(code);
            view.text = Some(TextView { value, max_chars, lines: 5 });
        }
    }
    Some(view)
}

/// The values offered, where earlier answers decide which of them are.
#[must_use]
pub fn offers(item: &Item<'_>, route: &Route<'_>) -> String {
    let options = item.options().unwrap_or_default();
    if options.iter().all(|option| option.show_if.is_none()) {
        return String::new();
    }
    let offered = options.iter().filter(|option| route.offers(option));
    offered.map(|option| option.value.to_string()).collect::<Vec<_>>().join(",")
}

fn grid_view(grid: &Grid, filled: &Filled<'_>) -> GridView {
    let options = match &grid.answers {
        RowAnswers::Scored(scale) => &scale.options,
        RowAnswers::Plain(options) => options,
    };
    let order = if grid.shuffled {
        (filled.row_order)(grid.rows.len())
    } else {
        (0..grid.rows.len()).collect()
    };
    let rows = order.iter().filter_map(|place| grid.rows.get(*place));
    let rows = rows.filter(|row| filled.route.asks(&row.code)).map(|row| GridRow {
        name: row.code.to_string(),
        id: row.code.to_string(),
        label: (filled.fill)(&row.label),
        help: (filled.fill)(&row.help),
        error: filled.faults.get(&row.code).map(|fault| fault.said.clone()),
        options: radios(&row.code, options, filled).options,
    });
    GridView {
        rows: rows.collect(),
        heads: options.iter().map(|option| (filled.fill)(&option.label)).collect(),
        columns: format!("grid-{}", options.len()),
    }
}

fn radios(code: &ItemCode, options: &[AnswerOption], filled: &Filled<'_>) -> RadiosView {
    let chosen = filled.chosen(code, code.as_str());
    let mut inside_before = false;
    let mut divided_before = false;
    let offered = options.iter().filter(|option| filled.route.offers(option));
    let options = offered.enumerate().map(|(place, option)| {
        let way_out = !option.counts.is_valid();
        let divided = way_out && inside_before && !divided_before;
        inside_before |= !way_out;
        divided_before |= divided;
        let id = if place == 0 { code.to_string() } else { format!("{code}-{}", place + 1) };
        let other = option.other.map(|max_chars| OtherView {
            name: format!("{OTHER}{code}"),
            id: format!("{id}-other"),
            value: filled.other(code),
            max_chars,
        });
        OptionView {
            value: option.value.to_string(),
            label: (filled.fill)(&option.label),
            checked: chosen.contains(&option.value),
            divided,
            way_out,
            exclusive: option.exclusive,
            other,
            id,
        }
    });
    RadiosView { options: options.collect() }
}

fn number_view(code: &ItemCode, number: &Number, filled: &Filled<'_>) -> NumberView {
    let fault = filled.faults.get(code);
    let chosen = filled.chosen(code, &format!("{WAY_OUT}{code}"));
    let value = match filled.reply.answer(code) {
        _ if fault.is_some() => filled.field(code.as_str()).to_owned(),
        Some(Answer::Amount(amount)) => number.figures(*amount),
        _ => String::new(),
    };
    let longest = number.usual_max.unwrap_or(9_999);
    NumberView {
        value,
        unit: (filled.fill)(&number.unit),
        decimal: number.decimals > 0,
        width: number.figures(longest).len().clamp(2, 10) + usize::from(number.decimals),
        out_name: format!("{WAY_OUT}{code}"),
        ways_out: number
            .ways_out()
            .map(|option| OptionView {
                id: format!("{code}-{}", option.value),
                value: option.value.to_string(),
                label: (filled.fill)(&option.label),
                checked: chosen.contains(&option.value),
                divided: false,
                way_out: true,
                exclusive: false,
                other: None,
            })
            .collect(),
        confirm: fault.and_then(|fault| fault.confirm.clone()).map(|(value, label)| ConfirmView {
            name: format!("{CONFIRM}{code}"),
            id: format!("{code}-sure"),
            value,
            label,
        }),
    }
}

impl Filled<'_> {
    /// The last value of a field just sent.
    fn field(&self, name: &str) -> &str {
        let found = self.sent.iter().rev().find(|(field, _)| field == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// The options chosen: those just sent in a field if they could not be taken.
    fn chosen(&self, item: &ItemCode, field: &str) -> BTreeSet<u16> {
        if self.faults.contains_key(item) {
            let sent = self.sent.iter().filter(|(name, _)| name == field);
            return sent.filter_map(|(_, value)| value.trim().parse().ok()).collect();
        }
        self.reply.answer(item).map(|answer| answer.options().collect()).unwrap_or_default()
    }

    fn words(&self, item: &ItemCode) -> String {
        match self.reply.answer(item) {
            _ if self.faults.contains_key(item) => self.field(item.as_str()).to_owned(),
            Some(Answer::Words(words)) => words.clone(),
            _ => String::new(),
        }
    }

    fn other(&self, item: &ItemCode) -> String {
        if self.faults.contains_key(item) {
            return self.field(&format!("{OTHER}{item}")).to_owned();
        }
        self.reply.other(item).unwrap_or_default().to_owned()
    }
}

#[cfg(test)]
mod tests;
