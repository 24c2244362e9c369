//! Words of respondents: shown for the root alone, read by a person first, and
//! in an order that has nothing to do with when they came.
//!
//! Source: methods.md 9.10.

use super::rule::Rule;

/// Fewest comments on one question of which any may be published.
pub const FEWEST_COMMENTS: u64 = 10;

/// A comment from which a person has removed names, places and whatever tells
/// who wrote it. Making one says that this was done.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadComment(String);

/// The comments on one question that may be published, in the order of their
/// own words.
#[derive(Clone, PartialEq, Eq)]
pub struct SafeComments(Vec<String>);

/// How many people touched on a theme at a node, where that may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    /// People with it.
    pub with: u64,
    /// People without it.
    pub without: u64,
}

impl ReadComment {
    /// The words that are left after a person read and mended them; none if
    /// nothing is left.
    #[must_use]
    pub fn new(words: &str) -> Option<Self> {
        let words = words.trim();
        (!words.is_empty()).then(|| Self(words.to_owned()))
    }
}

impl SafeComments {
    /// The comments on one question that may be published, of `given` comments
    /// at the root; none if those are too few.
    #[must_use]
    pub fn new(given: u64, read: Vec<ReadComment>) -> Option<Self> {
        let mut words: Vec<String> = read.into_iter().map(|comment| comment.0).collect();
        words.sort();
        (given >= FEWEST_COMMENTS).then_some(Self(words))
    }

    /// The words.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl Theme {
    /// Whether these counts may be told: enough people with the theme, and
    /// enough without it.
    #[must_use]
    pub fn may_be_told(self, rule: &Rule) -> bool {
        rule.is_enough(self.with) && rule.is_enough(self.without)
    }

    /// Per part of the root, in the order given: the counts, if those of all
    /// parts may be told; else none for any part, because what a hidden part
    /// says could be subtracted.
    #[must_use]
    pub fn of_parts(parts: &[Self], rule: &Rule) -> Option<Vec<Self>> {
        parts.iter().all(|part| part.may_be_told(rule)).then(|| parts.to_vec())
    }
}

impl std::fmt::Debug for ReadComment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReadComment(…)")
    }
}

impl std::fmt::Debug for SafeComments {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SafeComments({})", self.0.len())
    }
}
