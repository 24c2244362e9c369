//! Mails: a letter with its facts as a subject, a text part and an HTML part.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use handlebars::html_escape;
use serde::Serialize;

use crate::letter::{Filled, Part};

use super::cut::{Cut, Own, marker};
use super::template::{PageError, Pages};

/// The HTML parts of letters of one shape each, rendered once.
#[derive(Default)]
pub(super) struct Shapes(Mutex<HashMap<Shape, Option<Arc<Cut>>>>);

/// What is where in a letter, without its words.
type Shape = Vec<u8>;

/// More shapes than all letters of a house have at a time.
const MOST_SHAPES: usize = 256;

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
    href: Option<&'l str>,
}

impl Pages {
    /// A letter as a mail. The notice about rehearsals stands before its text
    /// and in its subject, whatever the letter says.
    ///
    /// # Errors
    /// If the template asks for something that the context has not.
    pub fn mail(&self, letter: &Filled, notice: Option<&str>) -> Result<MailText, PageError> {
        Ok(MailText {
            subject: letter.subject.clone(),
            text: text(letter, notice),
            html: self.mail_html(letter, notice)?,
        })
    }

    /// The HTML part. Thousands of letters have the same shape: it is rendered once,
    /// and what each says is put into its places.
    fn mail_html(&self, letter: &Filled, notice: Option<&str>) -> Result<String, PageError> {
        let own = own(letter, notice);
        let shape = shape(letter, notice);
        let known = self.shapes.lock().get(&shape).cloned();
        let cut = if let Some(known) = known {
            known
        } else {
            let made = self.shape(letter, notice, own.len())?.map(Arc::new);
            let mut shapes = self.shapes.lock();
            if shapes.len() >= MOST_SHAPES {
                shapes.clear();
            }
            shapes.insert(shape, made.clone());
            made
        };
        if let Some(cut) = cut {
            let words: Vec<String> = own.iter().map(|word| html_escape(word)).collect();
            let mut html = String::with_capacity(4096);
            cut.join(&Own { words: &words, switches: &[] }, &mut html);
            return Ok(html);
        }
        self.letter(&view(letter, notice, &own))
    }

    /// The HTML part with a marker in the place of each word; none if there are more
    /// words than markers.
    fn shape(
        &self,
        letter: &Filled,
        notice: Option<&str>,
        words: usize,
    ) -> Result<Option<Cut>, PageError> {
        let Some(markers) = (0..words).map(marker).collect::<Option<Vec<String>>>() else {
            return Ok(None);
        };
        Ok(Cut::new(&self.letter(&view(letter, notice, &markers))?, &[]))
    }
}

impl Shapes {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Shape, Option<Arc<Cut>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Paragraphs, lines and parts, each as a letter.
fn shape(letter: &Filled, notice: Option<&str>) -> Shape {
    let mut shape = vec![if notice.is_some() { b'N' } else { b'-' }];
    for lines in &letter.paragraphs {
        shape.push(b'P');
        for parts in lines {
            shape.push(b'L');
            shape.extend(parts.iter().map(|part| match part {
                Part::Words(_) => b'w',
                Part::Link(_) | Part::Address(_) => b'a',
            }));
        }
    }
    shape
}

/// What a letter says, in the order of its places: the subject, the notice, and of
/// each part its text and where it leads.
fn own(letter: &Filled, notice: Option<&str>) -> Vec<String> {
    let mut own = vec![letter.subject.clone(), notice.unwrap_or_default().to_owned()];
    for part in letter.paragraphs.iter().flatten().flatten() {
        own.push(part.text().to_owned());
        match part {
            Part::Words(_) => {}
            Part::Link(link) => own.push(link.clone()),
            Part::Address(address) => own.push(format!("mailto:{address}")),
        }
    }
    own
}

/// The context of the template with these words in their places.
fn view<'w>(letter: &Filled, notice: Option<&str>, own: &'w [String]) -> LetterView<'w> {
    let mut words = own.iter().map(String::as_str);
    let mut next = || words.next().unwrap_or_default();
    let subject = next();
    let said = next();
    let mut part = |part: &Part| {
        let text = next();
        let href = match part {
            Part::Words(_) => None,
            Part::Link(_) | Part::Address(_) => Some(next()),
        };
        PartView { text, href }
    };
    let mut line = |parts: &Vec<Part>| parts.iter().map(&mut part).collect();
    let paragraph = |lines: &Vec<Vec<Part>>| lines.iter().map(&mut line).collect();
    LetterView {
        subject,
        notice: notice.map(|_| said),
        paragraphs: letter.paragraphs.iter().map(paragraph).collect(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A letter whose every part says this.
    fn letter(says: &str) -> Filled {
        let words = || Part::Words(says.to_owned());
        let link = || Part::Link(says.to_owned());
        let address = || Part::Address(says.to_owned());
        Filled {
            subject: says.to_owned(),
            paragraphs: vec![
                vec![vec![words()]],
                vec![vec![words(), link(), words()], vec![address()], vec![words()]],
            ],
        }
    }

    #[test]
    fn a_letter_put_together_is_the_letter_rendered() {
        let pages = Pages::new().expect("templates");
        for says in ["plain", "<b>&\"'", "{{subject}}", "\u{e000}\u{e001}", "Grüße 👩‍⚕️"]
        {
            for notice in [None, Some("TEST: <nothing>")] {
                let letter = letter(says);
                let own = own(&letter, notice);
                let whole = pages.letter(&view(&letter, notice, &own)).expect("rendered");
                // Once as the first of its shape, and once as another of it.
                for _ in 0..2 {
                    assert_eq!(pages.mail_html(&letter, notice).expect("made"), whole, "{says}");
                }
            }
        }
    }
}
