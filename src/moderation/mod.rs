//! What a person does with the comments of a counted wave before anybody else may read
//! them: looks at what the program suggests to take out, mends the words or keeps them
//! back, says what they are about; and what then goes out, by question.
//!
//! Knows a comment's words, its question and whether its writer may be quoted. Must never
//! know a unit, a group, a role, a ballot or a day: comments have none.
//!
//! What goes out is kept apart from releases and stands in none of their bytes: a release
//! never changes, and a comment that gives somebody away after all must be taken down.
//!
//! Source: methods.md 9.10.

mod folded;
mod known;
mod patterns;
mod publication;
mod reading;
mod suggest;
mod theme;

pub use known::KnownNames;
pub use publication::{
    Going, HeldBack, PublishedComments, PublishedQuestion, PublishedTheme, Question, Told, going,
};
pub use reading::{
    Decided, Decision, MOST_REASON, MOST_TEXT, Readers, Reading, ReadingFault, ReadingRefusal,
};
pub use suggest::{Finder, Kind, Piece, Suggestion};
pub use theme::{MOST_THEMES, Theme, ThemeCode, ThemeFault};

use crate::id::{CommentId, ItemCode};

/// A comment as it was given, with what was done about it so far.
#[derive(Clone, PartialEq, Eq)]
pub struct HeldComment {
    /// Its random id, made at closing.
    pub id: CommentId,
    /// The question it answers.
    pub item: ItemCode,
    /// The words as they were written.
    pub words: String,
    /// Whether its writer agreed to be quoted.
    pub quotable: bool,
    /// What was decided, if anything was.
    pub decided: Option<Decided>,
    /// What it is about, in the order of the codes.
    pub themes: Vec<ThemeCode>,
}

impl HeldComment {
    /// How far its reading is, where so many must agree.
    #[must_use]
    pub fn reading(&self, readers: Readers) -> Reading<'_> {
        Reading::of(self.decided.as_ref(), readers)
    }
}

impl std::fmt::Debug for HeldComment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HeldComment(…)")
    }
}

#[cfg(test)]
mod tests;
