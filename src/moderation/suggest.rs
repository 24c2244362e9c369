//! What the program suggests to take out of a comment: parts of the words, with what would
//! stand in their place. A suggestion is for a person, who reads the whole comment: what
//! tells who wrote it is not always a name.

use std::ops::Range;

use super::known::KnownNames;
use super::patterns;
use crate::register::Register;

/// What a part of a comment seems to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Somebody's name.
    Name,
    /// A PBC group.
    Group,
    /// A PCT, a unit, a cluster or a part of the country.
    Place,
    /// A practice, a clinic or a hospital.
    Practice,
    /// An e-mail address.
    Email,
    /// A web address.
    Web,
    /// A telephone number.
    Telephone,
    /// A patient's number.
    NhsNumber,
    /// A postcode.
    Postcode,
    /// A street with a number.
    Address,
    /// Another long number.
    Number,
}

impl Kind {
    /// What it is, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Group => "group",
            Self::Place => "place",
            Self::Practice => "practice",
            Self::Email => "e-mail address",
            Self::Web => "web address",
            Self::Telephone => "telephone number",
            Self::NhsNumber => "NHS number",
            Self::Postcode => "postcode",
            Self::Address => "address",
            Self::Number => "number",
        }
    }
}

/// A part of a comment that had better be taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Which bytes of the words.
    pub range: Range<usize>,
    /// What it seems to be.
    pub kind: Kind,
}

/// A piece of a comment, in the order of the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'w> {
    /// The words as they were written.
    pub words: &'w str,
    /// What they seem to be, if they had better be taken out.
    pub kind: Option<Kind>,
}

/// Finds what had better be taken out of comments.
#[derive(Debug, Clone, Default)]
pub struct Finder {
    known: KnownNames,
}

impl Finder {
    /// One that knows the names of a register.
    #[must_use]
    pub fn of(register: &Register) -> Self {
        Self { known: KnownNames::of(register) }
    }

    /// What had better be taken out, in the order of the words; no two overlap.
    #[must_use]
    pub fn suggestions(&self, words: &str) -> Vec<Suggestion> {
        let mut found = self.known.found_in(words);
        found.extend(patterns::found_in(words));
        // The longer one of two that begin together says more of what it is.
        found.sort_by_key(|one| (one.range.start, std::cmp::Reverse(one.range.end), one.kind));
        let mut apart: Vec<Suggestion> = Vec::new();
        for one in found {
            match apart.last_mut() {
                Some(last) if one.range.start < last.range.end => {
                    last.range.end = last.range.end.max(one.range.end);
                }
                _ => apart.push(one),
            }
        }
        apart
    }

    /// The words in pieces: what may stay, and what had better go.
    #[must_use]
    pub fn pieces<'w>(&self, words: &'w str) -> Vec<Piece<'w>> {
        let mut pieces = Vec::new();
        let mut at = 0;
        let mut piece = |range: Range<usize>, kind| {
            let words = words.get(range).unwrap_or_default();
            if !words.is_empty() {
                pieces.push(Piece { words, kind });
            }
        };
        for Suggestion { range, kind } in self.suggestions(words) {
            piece(at..range.start, None);
            piece(range.clone(), Some(kind));
            at = range.end;
        }
        piece(at..words.len(), None);
        pieces
    }

    /// The words with what they are in the place of what had better go.
    #[must_use]
    pub fn redacted(&self, words: &str) -> String {
        let text = |piece: &Piece<'_>| match piece.kind {
            Some(kind) => format!("[{}]", kind.words()),
            None => piece.words.to_owned(),
        };
        self.pieces(words).iter().map(text).collect()
    }
}
