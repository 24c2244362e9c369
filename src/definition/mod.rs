//! What is asked: a survey file becomes a [`Survey`], or all its faults with
//! line and column.
//!
//! The format is taught in `survey_definitions/README.md`. Reading walks the
//! TOML tree itself instead of deserializing, because serde stops at the first
//! fault and an author wants to see all of them.
//!
//! This room must never know who is asked, when, or what anybody answered.

mod difference;
mod explain;
mod fingerprint;
mod options;
mod parse;
mod reading;
mod survey;
mod table;
mod tokens;

pub use difference::{Fate, Trend, difference};
pub use explain::explain;
pub use fingerprint::{Fingerprint, FingerprintError};
pub use parse::parse;
pub use survey::{
    AnswerOption, Consent, Counts, Direction, Index, Item, ItemAnswer, Kind, Question, Row, Scale,
    Section, Survey, Texts,
};
pub use tokens::{TOKEN_NAMES, Tokens, fill};

#[cfg(test)]
mod tests;
