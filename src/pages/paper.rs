//! The paper version of a survey: every question numbered through, boxes to
//! tick, lines to write on, and in plain English what the web form decides by
//! itself. Knows nobody who answers.

use serde::Serialize;

use super::layout::{Layout, paragraphs};
use crate::definition::{
    AnswerOption, Choices, Condition, Grid, Kind, Limit, Number, Question, RowAnswers, Survey,
    Tokens, fill, widest,
};

use notes::{Given, Words, list};

mod notes;
mod samples;
#[cfg(test)]
mod tests;

/// Characters of handwriting that a line has room for.
const LINE: usize = 70;
/// Lines for words, whatever their limit.
const LINES: std::ops::RangeInclusive<usize> = 3..=12;

/// A longer list of boxes stands in two columns.
const MOST_IN_A_COLUMN: usize = 9;

/// A survey for print.
#[derive(Serialize)]
pub struct PaperPage {
    /// What is around it on the screen; nothing of it is printed but the notice.
    pub layout: Layout,
    /// The survey's title.
    pub heading: String,
    /// The wave or the modules that it is for; may be empty.
    pub about: String,
    /// The author's welcome text, tokens filled in.
    pub welcome: Vec<String>,
    /// How long it takes, in minutes.
    pub minutes: u32,
    /// By when it must be back; none if no wave says.
    pub back_by: Option<String>,
    /// The sections in order.
    pub sections: Vec<PaperSection>,
}

/// One section on paper.
#[derive(Serialize)]
pub struct PaperSection {
    /// Its heading.
    pub title: String,
    /// The text under it.
    pub intro: Vec<String>,
    /// Who answers it; may be empty.
    pub note: String,
    /// Its questions.
    pub questions: Vec<PaperQuestion>,
}

/// One question on paper. At most one of `options`, `number`, `grid` and `lines`
/// is its main part; a number has its ways out in `options`.
#[derive(Clone, Serialize)]
pub struct PaperQuestion {
    /// Its number.
    pub number: usize,
    /// The wording.
    pub wording: String,
    /// On-screen help, which serves on paper too; may be empty.
    pub help: String,
    /// Who answers it; may be empty.
    pub note: String,
    /// How it is answered, where that is not one tick; may be empty.
    pub how: String,
    /// Whether it takes the whole width.
    pub wide: bool,
    /// Whether its boxes stand in two columns.
    pub long: bool,
    /// The boxes for the figures of a number.
    pub figures: Option<PaperNumber>,
    /// Boxes to tick.
    pub options: Vec<PaperOption>,
    /// Rows with the same answers.
    pub grid: Option<PaperGrid>,
    /// Lines to write on, counted from 1.
    pub lines: Vec<usize>,
}

/// A box to tick.
#[derive(Clone, Serialize)]
pub struct PaperOption {
    /// Its label.
    pub label: String,
    /// Who may tick it; may be empty.
    pub note: String,
    /// Whether it is the first way out of the question.
    pub apart: bool,
    /// Whether there is room for words beside it.
    pub words: bool,
    /// Where whoever ticks it goes on, for example `question 11`; may be empty.
    pub go_on: String,
}

/// Boxes for figures.
#[derive(Clone, Serialize)]
pub struct PaperNumber {
    /// A box for each figure before the point, counted from 1.
    pub whole: Vec<usize>,
    /// A box for each figure after it.
    pub part: Vec<usize>,
    /// What is counted; may be empty.
    pub unit: String,
    /// Where whoever writes 0 goes on; may be empty.
    pub zero: String,
}

/// Rows with the same answers.
#[derive(Clone, Serialize)]
pub struct PaperGrid {
    /// The answers.
    pub heads: Vec<String>,
    /// The rows.
    pub rows: Vec<PaperRow>,
}

/// One row of a grid.
#[derive(Clone, Serialize)]
pub struct PaperRow {
    /// Its letter.
    pub letter: String,
    /// Its label.
    pub label: String,
    /// What helps to understand it; may be empty.
    pub help: String,
    /// Who answers it; may be empty.
    pub note: String,
    /// A box for each answer, counted from 1.
    pub boxes: Vec<usize>,
}

impl PaperPage {
    /// The paper version of a survey as a wave asks it.
    #[must_use]
    pub fn of(
        layout: Layout,
        survey: &Survey,
        tokens: &Tokens,
        about: String,
        back_by: Option<String>,
    ) -> Self {
        let fill = |text: &str| fill(text, tokens);
        let maker = Maker { survey, words: Words::new(survey, &fill), fill: &fill };
        Self {
            layout,
            heading: fill(&survey.title),
            about,
            welcome: paragraphs(&fill(&survey.texts.welcome)),
            minutes: survey.minutes(),
            back_by,
            sections: maker.sections(),
        }
    }
}

/// The letter of a row: a to z, then figures.
fn letter(place: usize) -> String {
    let letter = u8::try_from(place).ok().and_then(|place| b'a'.checked_add(place));
    match letter.filter(u8::is_ascii_lowercase) {
        Some(letter) => char::from(letter).to_string(),
        None => (place + 1).to_string(),
    }
}

fn count(number: usize) -> Vec<usize> {
    (1..=number).collect()
}

struct Maker<'m> {
    survey: &'m Survey,
    words: Words<'m>,
    fill: &'m dyn Fn(&str) -> String,
}

impl Maker<'_> {
    fn sections(&self) -> Vec<PaperSection> {
        let mut number = 0;
        let section = |section: &crate::definition::Section| {
            let questions = section.questions.iter().map(|question| {
                number += 1;
                self.question(number, question)
            });
            let questions: Vec<PaperQuestion> = questions.collect();
            let after = questions.last().map_or(0, |question| question.number);
            let note = section.show_if.as_ref().map(|condition| {
                format!(
                    "{} If not, go on to {}.",
                    self.words.only_if(condition, "this part"),
                    self.words.place(after + 1)
                )
            });
            PaperSection {
                title: (self.fill)(&section.title),
                intro: paragraphs(&(self.fill)(&section.intro)),
                note: note.unwrap_or_default(),
                questions,
            }
        };
        self.survey.sections.iter().map(section).collect()
    }

    fn note(&self, condition: Option<&Condition>, what: &str) -> String {
        condition.map(|condition| self.words.only_if(condition, what)).unwrap_or_default()
    }

    fn question(&self, number: usize, question: &Question) -> PaperQuestion {
        let mut paper = PaperQuestion {
            number,
            wording: (self.fill)(&question.wording),
            help: (self.fill)(&question.help),
            note: self.note(question.show_if.as_ref(), "this question"),
            how: String::new(),
            wide: matches!(question.kind, Kind::Grid(_) | Kind::Text { .. }),
            long: false,
            figures: None,
            options: Vec::new(),
            grid: None,
            lines: Vec::new(),
        };
        let go_on = |option: &AnswerOption| self.words.go_on(number, Given::Option(option.value));
        match &question.kind {
            Kind::Rating(scale) => paper.options = self.options(&scale.options, &go_on),
            Kind::Choice(options) => {
                paper.how = self.words.offered(options).unwrap_or_default();
                paper.options = self.options(options, &go_on);
            }
            Kind::Choices(choices) => {
                let alone = |option: &AnswerOption| {
                    if option.exclusive { go_on(option) } else { String::new() }
                };
                paper.how = self.how_many(choices);
                paper.options = self.options(&choices.options, &alone);
            }
            Kind::Number(given) => {
                let ways_out: Vec<AnswerOption> = given.ways_out().cloned().collect();
                paper.how = self.limits(given);
                paper.figures = Some(self.figures(number, given));
                paper.options = self.options(&ways_out, &go_on);
            }
            Kind::Grid(grid) => {
                paper.how.push_str("Tick one box in each row.");
                paper.grid = Some(self.grid(grid));
            }
            Kind::Text { max_chars } => {
                let lines = max_chars.div_ceil(LINE).clamp(*LINES.start(), *LINES.end());
                paper.lines = count(lines);
            }
        }
        paper.long = paper.options.len() > MOST_IN_A_COLUMN;
        paper.wide |= paper.long;
        paper
    }

    fn options(
        &self,
        options: &[AnswerOption],
        go_on: &dyn Fn(&AnswerOption) -> String,
    ) -> Vec<PaperOption> {
        let each = self.words.offered(options).is_none();
        let first_out = options.iter().position(|option| !option.counts.is_valid());
        let paper = |(place, option): (usize, &AnswerOption)| PaperOption {
            label: (self.fill)(&option.label),
            note: match &option.show_if {
                Some(condition) if each => self.words.only_if(condition, "this box"),
                _ => String::new(),
            },
            apart: first_out == Some(place) && place > 0,
            words: option.other.is_some(),
            go_on: go_on(option),
        };
        options.iter().enumerate().map(paper).collect()
    }

    fn how_many(&self, choices: &Choices) -> String {
        let mut how: Vec<String> = self.words.offered(&choices.options).into_iter().collect();
        how.push(match choices.most {
            Some(most) => format!("Tick up to {most} boxes."),
            None => "Tick all boxes that apply.".to_owned(),
        });
        let alone = choices.options.iter().filter(|option| option.exclusive);
        let alone: Vec<String> =
            alone.map(|option| format!("\"{}\"", (self.fill)(&option.label))).collect();
        if !alone.is_empty() {
            let goes = if alone.len() == 1 { "goes" } else { "go" };
            how.push(format!("{} {goes} with no other.", list(&alone, "and")));
        }
        how.join(" ")
    }

    fn figures(&self, number: usize, given: &Number) -> PaperNumber {
        let widest = given.usual_max.unwrap_or(match given.max {
            Limit::Fixed(most) if most < widest(given.decimals) => most,
            _ => 9_999 * 10_i64.pow(u32::from(given.decimals)),
        });
        let figures = given.figures(widest);
        let whole = figures.split('.').next().map_or(1, str::len);
        PaperNumber {
            whole: count(whole),
            part: count(usize::from(given.decimals)),
            unit: (self.fill)(&given.unit),
            zero: self.words.go_on(number, Given::Amount(0)),
        }
    }

    fn limits(&self, given: &Number) -> String {
        let end = |limit: &Limit, widest: i64| match limit {
            Limit::Fixed(amount) if *amount == widest => None,
            Limit::Fixed(amount) => Some(given.with_unit(*amount)),
            Limit::Answer(item) => Some(format!("your number in {}", self.words.reference(item))),
        };
        let widest = widest(given.decimals);
        // That nothing is less than none needs no saying.
        let least = match given.min {
            Limit::Fixed(0) => None,
            _ => end(&given.min, -widest),
        };
        match (least, end(&given.max, widest)) {
            (None, None) => String::new(),
            (Some(least), None) => format!("Not less than {least}."),
            (None, Some(most)) => format!("Not more than {most}."),
            (Some(least), Some(most)) => format!("From {least} to {most}."),
        }
    }

    fn grid(&self, grid: &Grid) -> PaperGrid {
        let options = match &grid.answers {
            RowAnswers::Scored(scale) => &scale.options,
            RowAnswers::Plain(options) => options,
        };
        let rows = grid.rows.iter().enumerate().map(|(place, row)| PaperRow {
            letter: letter(place),
            label: (self.fill)(&row.label),
            help: (self.fill)(&row.help),
            note: self.note(row.show_if.as_ref(), "this row"),
            boxes: count(options.len()),
        });
        PaperGrid {
            rows: rows.collect(),
            heads: options.iter().map(|option| (self.fill)(&option.label)).collect(),
        }
    }
}
