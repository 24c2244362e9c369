//! A letter as the office writes it becomes a checked one, or all its faults.

use std::fmt;

use super::{LetterToken, MailKind};
use crate::fault::nearest;
use crate::plain_text;

/// Most characters of a subject: more is cut off on a phone.
pub const MOST_SUBJECT: usize = 150;
/// Most characters of a text.
pub const MOST_BODY: usize = 5_000;

/// A letter as somebody wrote it: plain words with tokens like `{{name}}`, a
/// blank line between paragraphs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// The subject, one line.
    pub subject: String,
    /// The text.
    pub body: String,
}

/// A letter without faults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub(super) subject: Vec<Piece>,
    /// Paragraphs, each of lines.
    pub(super) paragraphs: Vec<Vec<Vec<Piece>>>,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Words(String),
    Token(LetterToken),
}

/// What is wrong with a letter, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetterFault {
    /// There is no subject.
    NoSubject,
    /// There is no text.
    NoBody,
    /// The subject is too long, in characters.
    SubjectTooLong(usize),
    /// The text is too long, in characters.
    BodyTooLong(usize),
    /// A token is not known, or not for this kind of mail.
    UnknownToken {
        /// Line of the text from 1; 0 is the subject.
        line: usize,
        /// What stands between the braces.
        name: String,
        /// The one that was probably meant.
        meant: Option<&'static str>,
    },
    /// Braces that hold no token.
    Braces {
        /// Line of the text from 1; 0 is the subject.
        line: usize,
    },
    /// A link stands in the subject.
    LinkInSubject(LetterToken),
    /// A token is missing without which the mail is of no use.
    Missing(LetterToken),
}

impl LetterFault {
    /// Whether it concerns the subject, not the text.
    #[must_use]
    pub fn is_of_subject(&self) -> bool {
        match self {
            Self::NoSubject | Self::SubjectTooLong(_) | Self::LinkInSubject(_) => true,
            Self::UnknownToken { line, .. } | Self::Braces { line } => *line == 0,
            Self::NoBody | Self::BodyTooLong(_) | Self::Missing(_) => false,
        }
    }
}

impl fmt::Display for LetterFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = |line: usize| match line {
            0 => "In the subject".to_owned(),
            line => format!("In line {line}"),
        };
        match self {
            Self::NoSubject => write!(f, "Write a subject"),
            Self::NoBody => write!(f, "Write the text of the mail"),
            Self::SubjectTooLong(got) => {
                write!(f, "The subject has {got} characters; {MOST_SUBJECT} fit")
            }
            Self::BodyTooLong(got) => write!(f, "The text has {got} characters; {MOST_BODY} fit"),
            Self::UnknownToken { line, name, meant: Some(meant) } => {
                write!(
                    f,
                    "{}, {{{{{name}}}}} is not known here; did you mean {{{{{meant}}}}}?",
                    place(*line)
                )
            }
            Self::UnknownToken { line, name, meant: None } => write!(
                f,
                "{}, {{{{{name}}}}} is not known here; choose one of the list",
                place(*line)
            ),
            Self::Braces { line } => {
                write!(f, "{}, braces stand alone; a token is written {{{{name}}}}", place(*line))
            }
            Self::LinkInSubject(token) => write!(
                f,
                "A link has no place in a subject; move {{{{{}}}}} into the text",
                token.name()
            ),
            Self::Missing(token) => {
                write!(f, "The text needs {{{{{}}}}}: {}", token.name(), token.means())
            }
        }
    }
}

impl Letter {
    /// Checks a letter of a kind.
    ///
    /// # Errors
    /// Every fault at once, in reading order.
    pub fn parse(kind: MailKind, written: &Written) -> Result<Self, Vec<LetterFault>> {
        let mut faults = Vec::new();
        let subject = plain_text::normal(&written.subject);
        let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
        let body = plain_text::normal(&written.body);
        match subject.chars().count() {
            0 => faults.push(LetterFault::NoSubject),
            got if got > MOST_SUBJECT => faults.push(LetterFault::SubjectTooLong(got)),
            _ => {}
        }
        let subject = pieces(kind, 0, &subject, &mut faults);
        for piece in &subject {
            if let Piece::Token(token) = piece
                && token.is_link()
            {
                faults.push(LetterFault::LinkInSubject(*token));
            }
        }
        match body.chars().count() {
            0 => faults.push(LetterFault::NoBody),
            got if got > MOST_BODY => faults.push(LetterFault::BodyTooLong(got)),
            _ => {}
        }
        let mut paragraphs: Vec<Vec<Vec<Piece>>> = vec![Vec::new()];
        for (at, line) in body.lines().enumerate() {
            if line.trim().is_empty() {
                paragraphs.push(Vec::new());
            } else if let Some(paragraph) = paragraphs.last_mut() {
                paragraph.push(pieces(kind, at + 1, line.trim_end(), &mut faults));
            }
        }
        paragraphs.retain(|paragraph| !paragraph.is_empty());
        let has = |token: LetterToken| {
            paragraphs.iter().flatten().flatten().any(|piece| *piece == Piece::Token(token))
        };
        if !paragraphs.is_empty() {
            let missing = kind.needs().iter().filter(|token| !has(**token));
            faults.extend(missing.map(|token| LetterFault::Missing(*token)));
        }
        if faults.is_empty() { Ok(Self { subject, paragraphs }) } else { Err(faults) }
    }
}

/// The pieces of a line; what is wrong with it goes to the faults.
fn pieces(kind: MailKind, line: usize, text: &str, faults: &mut Vec<LetterFault>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, tail)) = after.split_once("}}") else { break };
        words(before, line, &mut pieces, faults);
        let name = name.trim();
        match LetterToken::named(name).filter(|token| kind.tokens().contains(token)) {
            Some(token) => pieces.push(Piece::Token(token)),
            None => faults.push(LetterFault::UnknownToken {
                line,
                name: name.chars().take(40).collect(),
                meant: nearest(name, kind.tokens().iter().map(|token| token.name())),
            }),
        }
        rest = tail;
    }
    words(rest, line, &mut pieces, faults);
    pieces
}

fn words(text: &str, line: usize, pieces: &mut Vec<Piece>, faults: &mut Vec<LetterFault>) {
    if text.contains(['{', '}']) {
        faults.push(LetterFault::Braces { line });
    }
    if !text.is_empty() {
        pieces.push(Piece::Words(text.to_owned()));
    }
}
