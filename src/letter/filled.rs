//! A letter with the facts of one mail in the place of its tokens.

use std::collections::BTreeMap;
use std::fmt;

use super::parse::Piece;
use super::{Letter, LetterToken};

/// What the tokens of one mail stand for.
#[derive(Clone, Default)]
pub struct Values(BTreeMap<LetterToken, String>);

/// A letter to one reader. Not for logs: it holds a name and a link.
#[derive(Clone, PartialEq, Eq)]
pub struct Filled {
    /// The subject, one line.
    pub subject: String,
    /// Paragraphs of lines of parts.
    pub paragraphs: Vec<Vec<Vec<Part>>>,
}

/// A part of a line.
#[derive(Clone, PartialEq, Eq)]
pub enum Part {
    /// Words.
    Words(String),
    /// The address of a page, shown in full.
    Link(String),
    /// An address to write to.
    Address(String),
}

impl Part {
    /// What a reader sees.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Words(text) | Self::Link(text) | Self::Address(text) => text,
        }
    }
}

impl Values {
    /// The same with one more value.
    #[must_use]
    pub fn with(mut self, token: LetterToken, value: impl Into<String>) -> Self {
        self.0.insert(token, value.into());
        self
    }

    fn get(&self, token: LetterToken) -> &str {
        self.0.get(&token).map_or("", String::as_str)
    }
}

impl Letter {
    /// The letter with these values. A line of which nothing is left is left
    /// out; so is a paragraph.
    #[must_use]
    pub fn fill(&self, values: &Values) -> Filled {
        let subject: String = self.subject.iter().map(|piece| part(piece, values)).fold(
            String::new(),
            |mut subject, part| {
                subject.push_str(part.text());
                subject
            },
        );
        let line = |pieces: &Vec<Piece>| {
            let parts: Vec<Part> = pieces
                .iter()
                .map(|piece| part(piece, values))
                .filter(|part| !part.text().is_empty())
                .collect();
            let blank = parts.iter().all(|part| part.text().trim().is_empty());
            (!blank).then_some(parts)
        };
        let paragraphs =
            self.paragraphs.iter().map(|lines| lines.iter().filter_map(line).flat_map(broken));
        Filled {
            // A header is one line: whatever white space a name brings becomes one space.
            subject: subject.split_whitespace().collect::<Vec<_>>().join(" "),
            paragraphs: paragraphs
                .map(Iterator::collect)
                .filter(|lines: &Vec<_>| !lines.is_empty())
                .collect(),
        }
    }
}

/// A line of which a part brings line ends of its own, as several lines.
fn broken(line: Vec<Part>) -> Vec<Vec<Part>> {
    let mut lines = vec![Vec::new()];
    for part in line {
        match part {
            Part::Words(words) if words.contains('\n') => {
                for (at, words) in words.split('\n').enumerate() {
                    if at > 0 {
                        lines.push(Vec::new());
                    }
                    if let (Some(last), false) = (lines.last_mut(), words.is_empty()) {
                        last.push(Part::Words(words.to_owned()));
                    }
                }
            }
            whole => {
                if let Some(last) = lines.last_mut() {
                    last.push(whole);
                }
            }
        }
    }
    lines
}

fn part(piece: &Piece, values: &Values) -> Part {
    match piece {
        Piece::Words(words) => Part::Words(words.clone()),
        Piece::Token(token) => {
            let value = values.get(*token).to_owned();
            match token {
                LetterToken::ContactEmail => Part::Address(value),
                // Staff have no link for this; they write.
                LetterToken::OptOutLink if !value.contains("://") => Part::Address(value),
                token if token.is_link() => Part::Link(value),
                _ => Part::Words(value),
            }
        }
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl fmt::Debug for Filled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Filled(…)")
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Part(…)")
    }
}
