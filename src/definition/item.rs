//! Items, the things that are answered one by one, and columns, the things that
//! are counted.

use super::Condition;
use super::kind::{AnswerOption, Choices, Kind, Number, Row, RowAnswers, Scale, Tick};
use super::survey::{Question, Section};
use crate::id::ItemCode;

/// One thing to answer: a question or a row of a grid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Item<'s> {
    /// Its code.
    pub code: &'s ItemCode,
    /// Its wording (for a row: the row's label).
    pub wording: &'s str,
    /// The grid's wording, if it is a row.
    pub stem: Option<&'s str>,
    /// The section it stands in.
    pub section: &'s Section,
    /// Who is asked it: the conditions of its section, its question and its row.
    pub conditions: [Option<&'s Condition>; 3],
    /// How it is answered.
    pub answer: ItemAnswer<'s>,
}

/// How an item is answered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ItemAnswer<'s> {
    /// On a scale with scores.
    Scored(&'s Scale),
    /// One of a list without order.
    Choice(&'s [AnswerOption]),
    /// Several of a list without order.
    Several(&'s Choices),
    /// With a number.
    Number(&'s Number),
    /// In the respondent's words, at most this many characters.
    Text(usize),
}

/// One thing to count: an item, or one option of a question with several answers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column<'s> {
    /// Its code: the item's, or that of the option's own column.
    pub code: &'s ItemCode,
    /// The item whose answer it counts.
    pub item: Item<'s>,
    /// What a ballot can hold in it.
    pub options: &'s [AnswerOption],
    /// The option that it counts, of a question with several answers.
    pub tick: Option<u16>,
}

impl Question {
    /// Whether itself, one of its rows or one of its options depends on other
    /// answers.
    #[must_use]
    pub fn has_conditions(&self) -> bool {
        let some = |options: &[AnswerOption]| options.iter().any(|one| one.show_if.is_some());
        let inside = match &self.kind {
            Kind::Rating(scale) => some(&scale.options),
            Kind::Choice(options) => some(options),
            Kind::Choices(choices) => some(&choices.options),
            Kind::Number(number) => some(&number.options),
            Kind::Text { .. } => false,
            Kind::Grid(grid) => {
                let options = match &grid.answers {
                    RowAnswers::Scored(scale) => &scale.options,
                    RowAnswers::Plain(options) => options,
                };
                some(options) || grid.rows.iter().any(|row| row.show_if.is_some())
            }
        };
        self.show_if.is_some() || inside
    }

    /// The question's items: itself, or a grid's rows.
    #[must_use]
    pub fn items<'s>(&'s self, section: &'s Section) -> Vec<Item<'s>> {
        let conditions = [section.show_if.as_ref(), self.show_if.as_ref(), None];
        let own = |answer| {
            let (code, wording) = (&self.code, self.wording.as_str());
            vec![Item { code, wording, stem: None, section, conditions, answer }]
        };
        match &self.kind {
            Kind::Rating(scale) => own(ItemAnswer::Scored(scale)),
            Kind::Choice(options) => own(ItemAnswer::Choice(options)),
            Kind::Choices(choices) => own(ItemAnswer::Several(choices)),
            Kind::Number(number) => own(ItemAnswer::Number(number)),
            Kind::Text { max_chars } => own(ItemAnswer::Text(*max_chars)),
            Kind::Grid(grid) => {
                let answer = match &grid.answers {
                    RowAnswers::Scored(scale) => ItemAnswer::Scored(scale),
                    RowAnswers::Plain(options) => ItemAnswer::Choice(options),
                };
                let [section_if, question_if, _] = conditions;
                let row = |row: &'s Row| Item {
                    code: &row.code,
                    wording: &row.label,
                    stem: Some(self.wording.as_str()),
                    section,
                    conditions: [section_if, question_if, row.show_if.as_ref()],
                    answer,
                };
                grid.rows.iter().map(row).collect()
            }
        }
    }
}

impl<'s> Item<'s> {
    /// The options among which the answer is, ways out included; none if it is
    /// answered in words. For a number these are its bands and its ways out.
    #[must_use]
    pub fn options(&self) -> Option<&'s [AnswerOption]> {
        match self.answer {
            ItemAnswer::Scored(scale) => Some(&scale.options),
            ItemAnswer::Choice(options) => Some(options),
            ItemAnswer::Several(choices) => Some(&choices.options),
            ItemAnswer::Number(number) => Some(&number.options),
            ItemAnswer::Text(_) => None,
        }
    }

    /// The scale, if it has scores.
    #[must_use]
    pub fn scale(&self) -> Option<&'s Scale> {
        match self.answer {
            ItemAnswer::Scored(scale) => Some(scale),
            _ => None,
        }
    }

    /// What is counted of it: nothing of an answer in words.
    #[must_use]
    pub fn columns(self) -> Vec<Column<'s>> {
        let own = |options| vec![Column { code: self.code, item: self, options, tick: None }];
        match self.answer {
            ItemAnswer::Several(choices) => {
                let column = |tick: &'s Tick| Column {
                    code: &tick.code,
                    item: self,
                    options: &choices.tick_options,
                    tick: Some(tick.value),
                };
                choices.ticks.iter().map(column).collect()
            }
            _ => self.options().map(own).unwrap_or_default(),
        }
    }
}

impl<'s> Column<'s> {
    /// The scale, if it has scores.
    #[must_use]
    pub fn scale(&self) -> Option<&'s Scale> {
        self.item.scale()
    }
}
