//! Mails: a letter with its facts as a subject, a text part and an HTML part.

use serde::Serialize;

use crate::letter::{Filled, Part};

use super::template::{PageError, Pages};

/// A mail's parts. Not for logs: they hold a name and a personal link.
#[derive(Clone, PartialEq, Eq)]
pub struct MailText {
    /// The subject, one line.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// The HTML part's context.
#[derive(Serialize)]
pub(super) struct LetterView<'l> {
    subject: &'l str,
    notice: Option<&'l str>,
    paragraphs: Vec<Vec<Vec<PartView<'l>>>>,
}

#[derive(Serialize)]
struct PartView<'l> {
    text: &'l str,
    href: Option<String>,
}

impl Pages {
    /// A letter as a mail. The notice about rehearsals stands before its text
    /// and in its subject, whatever the letter says.
    ///
    /// # Errors
    /// If the template asks for something that the context has not.
    pub fn mail(&self, letter: &Filled, notice: Option<&str>) -> Result<MailText, PageError> {
        let paragraphs = letter
            .paragraphs
            .iter()
            .map(|lines| lines.iter().map(|parts| parts.iter().map(view).collect()).collect());
        let view =
            LetterView { subject: &letter.subject, notice, paragraphs: paragraphs.collect() };
        Ok(MailText {
            subject: letter.subject.clone(),
            text: text(letter, notice),
            html: self.letter(&view)?,
        })
    }
}

fn view(part: &Part) -> PartView<'_> {
    let href = match part {
        Part::Words(_) => None,
        Part::Link(link) => Some(link.clone()),
        Part::Address(address) => Some(format!("mailto:{address}")),
    };
    PartView { text: part.text(), href }
}

fn text(letter: &Filled, notice: Option<&str>) -> String {
    let mut text = notice.map(|notice| format!("{notice}\n\n")).unwrap_or_default();
    for (at, lines) in letter.paragraphs.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        for parts in lines {
            text.extend(parts.iter().map(Part::text));
            text.push('\n');
        }
    }
    text
}
