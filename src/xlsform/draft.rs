//! A survey on its way from a form to a file: like a [`crate::definition::Survey`],
//! but with the rows that its parts came from, and not yet checked.

use super::condition::Condition;

/// The survey.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub(super) code: String,
    pub(super) title: String,
    pub(super) version: String,
    pub(super) mode: Option<String>,
    pub(super) welcome: String,
    pub(super) thanks: String,
    /// Code and title.
    pub(super) modules: Vec<(String, String)>,
    pub(super) sections: Vec<DraftSection>,
    pub(super) indexes: Vec<DraftIndex>,
    /// The item and the value that agrees.
    pub(super) consent: Option<(String, u16)>,
}

/// One screen.
#[derive(Debug, Clone, Default)]
pub(super) struct DraftSection {
    pub(super) row: u32,
    pub(super) code: String,
    pub(super) title: String,
    pub(super) intro: String,
    pub(super) module: Option<String>,
    pub(super) show_if: Option<Condition>,
    pub(super) questions: Vec<DraftQuestion>,
}

/// One question.
#[derive(Debug, Clone)]
pub(super) struct DraftQuestion {
    pub(super) row: u32,
    /// Its name in the form.
    pub(super) name: String,
    pub(super) code: String,
    pub(super) ask: String,
    pub(super) help: String,
    pub(super) show_if: Option<Condition>,
    pub(super) kind: DraftKind,
}

/// What it takes.
#[derive(Debug, Clone)]
pub(super) enum DraftKind {
    One(Answers),
    Several {
        answers: Answers,
        most: Option<u32>,
    },
    Grid {
        answers: Answers,
        rows: Vec<DraftRow>,
        shuffle: bool,
    },
    Number(DraftNumber),
    /// `told`: the form itself says how long a text may be.
    Text {
        max_chars: u32,
        told: bool,
    },
}

/// The answers to choose from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Answers {
    /// The list's name in the form.
    pub(super) list: String,
    /// Whether they make a scale.
    pub(super) scored: bool,
    pub(super) barrier: bool,
    pub(super) options: Vec<DraftOption>,
    /// How many of them stand in the list itself; the others are extra answers.
    pub(super) own: usize,
    /// Options that come from an earlier question: its code, and of a grid the
    /// values that bring a row in.
    pub(super) from: Option<(String, Vec<u16>)>,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DraftOption {
    /// Its name in the form.
    pub(super) name: String,
    pub(super) value: u16,
    pub(super) label: String,
    pub(super) score: Option<u8>,
    pub(super) counts: Option<&'static str>,
    pub(super) favourable: Option<bool>,
    pub(super) unfavourable: Option<bool>,
    pub(super) exclusive: bool,
    pub(super) other: Option<u32>,
}

/// A row of a grid.
#[derive(Debug, Clone)]
pub(super) struct DraftRow {
    pub(super) row: u32,
    pub(super) code: String,
    pub(super) label: String,
    pub(super) help: String,
    pub(super) show_if: Option<Condition>,
}

/// A number. Amounts are kept as they are to be written.
#[derive(Debug, Clone, Default)]
pub(super) struct DraftNumber {
    pub(super) unit: String,
    pub(super) decimals: u8,
    pub(super) min: Option<End>,
    pub(super) max: Option<End>,
    pub(super) usual_min: Option<String>,
    pub(super) usual_max: Option<String>,
    /// The bands as a TOML list.
    pub(super) bands: Option<String>,
    pub(super) also: Vec<DraftOption>,
}

/// An end of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    Amount(String),
    /// The answer to an earlier question, by code.
    Answer(String),
}

/// An index.
#[derive(Debug, Clone, Default)]
pub(super) struct DraftIndex {
    pub(super) code: String,
    pub(super) label: String,
    pub(super) about: String,
    pub(super) items: Vec<(String, u32)>,
}
