//! What is asked: a survey file becomes a [`Survey`], or all its faults with
//! line and column.
//!
//! The format is taught in `survey_definitions/README.md`. Reading walks the
//! TOML tree itself instead of deserializing, because serde stops at the first
//! fault and an author wants to see all of them.
//!
//! This room must never know who is asked, when, or what anybody answered.

mod amount;
mod catalogue;
mod condition;
mod difference;
mod explain;
mod expression;
mod fingerprint;
mod format;
mod item;
mod keys;
mod kind;
mod minutes;
mod numbers;
mod options;
mod parse;
mod possible;
mod questions;
mod reading;
mod schema;
mod shelf;
mod spelling;
mod survey;
mod syntax;
mod table;
mod tokens;

pub use amount::{AmountError, read_amount, widest};
pub use condition::Condition;
pub use difference::{Fate, Trend, difference};
pub use explain::explain;
pub use fingerprint::{Fingerprint, FingerprintError};
pub use item::{Column, Item, ItemAnswer};
pub use kind::{
    Amount, AnswerOption, Choices, Counts, Direction, Grid, Kind, Limit, Number, Row, RowAnswers,
    Scale, Tick,
};
pub use parse::parse;
pub use schema::schema;
pub use survey::{Consent, Index, Mode, Module, Question, Section, Survey, Texts, UnknownModule};
pub use tokens::{TOKEN_NAMES, Tokens, fill};

#[cfg(test)]
mod tests;
