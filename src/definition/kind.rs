//! The kinds of question, and the options that answers are counted by.

use std::collections::BTreeSet;

use super::Condition;
use crate::id::ItemCode;

/// What kind of answer a question takes.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// One of an ordered list of scored options (and the ways out).
    Rating(Scale),
    /// The same answers for each row; each row is an item.
    Grid(Grid),
    /// One of a list without order.
    Choice(Vec<AnswerOption>),
    /// Several of a list without order.
    Choices(Choices),
    /// A number.
    Number(Number),
    /// Words of the respondent's own.
    Text {
        /// Most characters accepted.
        max_chars: usize,
    },
}

/// A question of several rows that share their answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// The answers that all rows share.
    pub answers: RowAnswers,
    /// The rows, in the file's order.
    pub rows: Vec<Row>,
    /// Whether each respondent sees the rows in an order of their own.
    pub shuffled: bool,
}

/// What each row of a grid is answered with.
#[derive(Debug, Clone, PartialEq)]
pub enum RowAnswers {
    /// One of a scale.
    Scored(Scale),
    /// One of a list without order.
    Plain(Vec<AnswerOption>),
}

/// A row of a grid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The row's own item code.
    pub code: ItemCode,
    /// The row's label.
    pub label: String,
    /// On-screen help; may be empty.
    pub help: String,
    /// Who is asked; none means everybody who is asked the grid.
    pub show_if: Option<Condition>,
}

/// Several of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices {
    /// The options in screen order, ways out included.
    pub options: Vec<AnswerOption>,
    /// Most that may be chosen; none means any number.
    pub most: Option<usize>,
    /// What is counted: one column for each option that is no way out.
    pub ticks: Vec<Tick>,
    /// The options of each of those columns: chosen, not chosen, the ways out.
    pub tick_options: Vec<AnswerOption>,
}

/// The column that counts one option of a question with several answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// The column's code: the question's, an underscore and the option's value.
    pub code: ItemCode,
    /// The option's value.
    pub value: u16,
}

/// A number, in whole units of its last decimal place: with one decimal, 12.5
/// is 125.
pub type Amount = i64;

/// A question answered with a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// What is counted, for example `cases`; may be empty.
    pub unit: String,
    /// Decimal places, 0 to 3.
    pub decimals: u8,
    /// The least that is taken.
    pub min: Limit,
    /// The most that is taken.
    pub max: Limit,
    /// Less than this is taken only when the respondent confirms it.
    pub usual_min: Option<Amount>,
    /// More than this is taken only when the respondent confirms it.
    pub usual_max: Option<Amount>,
    /// The upper ends of the bands in rising order; the last band has none.
    pub ends: Vec<Amount>,
    /// The bands as options, then the ways out: what is counted.
    pub options: Vec<AnswerOption>,
}

/// The end of a number's range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Limit {
    /// Always the same.
    Fixed(Amount),
    /// The number given to an earlier question of the same decimals; no limit
    /// while that has none.
    Answer(ItemCode),
}

/// Which end of the scores is the good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// 100 is best.
    Progress,
    /// 100 is the most severe.
    Barrier,
}

/// The options of a rating, in screen order, ways out included.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// Which end is the good one.
    pub direction: Direction,
    /// Options in screen order.
    pub options: Vec<AnswerOption>,
}

/// One option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerOption {
    /// The stable value that stands for it in files and forms.
    pub value: u16,
    /// Its label on the screen.
    pub label: String,
    /// How it counts.
    pub counts: Counts,
    /// Most characters of the text beside it ("please say"); none if it has none.
    pub other: Option<usize>,
    /// Whether it cannot be chosen together with another.
    pub exclusive: bool,
    /// Who is offered it; none means everybody who is asked the question.
    pub show_if: Option<Condition>,
}

/// How an option counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counts {
    /// A valid answer on the scale.
    Scored {
        /// 0 to 100.
        score: u8,
        /// Favourable for progress items; "major" for barriers.
        favourable: bool,
        /// Unfavourable in the sense of rule S3: among the two worst answers of
        /// a progress item, or the two most severe of a barrier.
        unfavourable: bool,
    },
    /// A valid answer of a question without order.
    Plain,
    /// A number in this band.
    Band {
        /// Whether it is one of the good bands.
        favourable: bool,
    },
    /// The person has a view we did not get.
    DontKnow,
    /// The item does not concern the person: leaves the item's population.
    NotApplicable,
}

impl Kind {
    /// The word in a survey file.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Rating(_) => "rating",
            Self::Grid(_) => "grid",
            Self::Choice(_) => "choice",
            Self::Choices(_) => "choices",
            Self::Number(_) => "number",
            Self::Text { .. } => "text",
        }
    }
}

impl Counts {
    /// Whether it is an answer in the sense of the question, not a way out of it.
    #[must_use]
    pub fn is_valid(self) -> bool {
        !matches!(self, Self::DontKnow | Self::NotApplicable)
    }
}

impl AnswerOption {
    /// An option with nothing special to it.
    pub fn new(value: u16, label: impl Into<String>, counts: Counts) -> Self {
        Self { value, label: label.into(), counts, other: None, exclusive: false, show_if: None }
    }
}

impl Number {
    /// The least and the most that the scale of a number has room for: twelve
    /// digits before the point.
    pub const WIDEST: i64 = 999_999_999_999;

    /// The place of the band of an amount among [`Number::options`].
    #[must_use]
    pub fn band(&self, amount: Amount) -> usize {
        self.ends.partition_point(|end| *end < amount)
    }

    /// The ways out.
    pub fn ways_out(&self) -> impl Iterator<Item = &AnswerOption> {
        self.options.iter().filter(|option| !option.counts.is_valid())
    }

    /// An amount in figures, for example `12.5`.
    #[must_use]
    pub fn figures(&self, amount: Amount) -> String {
        let sign = if amount < 0 { "-" } else { "" };
        let scale = 10_u64.pow(u32::from(self.decimals));
        let (whole, part) = (amount.unsigned_abs() / scale, amount.unsigned_abs() % scale);
        if part == 0 {
            return format!("{sign}{whole}");
        }
        let places = usize::from(self.decimals);
        let part = format!("{part:0places$}");
        format!("{sign}{whole}.{}", part.trim_end_matches('0'))
    }

    /// An amount in figures with its unit, for example `12.5 days`.
    #[must_use]
    pub fn with_unit(&self, amount: Amount) -> String {
        let figures = self.figures(amount);
        match self.unit.as_str() {
            "" => figures,
            "%" => format!("{figures}%"),
            unit if figures == "1" => format!("1 {}", super::amount::of_one(unit)),
            unit => format!("{figures} {unit}"),
        }
    }
}

impl Choices {
    /// The values of the options that cannot be chosen together with another.
    #[must_use]
    pub fn exclusive(&self) -> BTreeSet<u16> {
        self.options.iter().filter(|option| option.exclusive).map(|option| option.value).collect()
    }
}
