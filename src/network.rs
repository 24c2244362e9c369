//! What somebody shares with the PBC leads network, known to the office by their own and
//! their group's name: the one thing here that is not anonymous. Everybody reads the words;
//! the names only where their writer wanted that. Must never know an
//! invitation, an answer or a time.

use std::fmt;

use crate::id::IdeaId;
use crate::plain_text;
use crate::register::{EmailAddress, EmailError, NameError, PersonName};
use crate::wave::Purpose;

/// Most characters of an idea.
pub const MOST_WORDS: usize = 1000;
/// Most characters of a group's name as somebody types it.
const MOST_OF_GROUP: usize = 120;

/// An idea that works somewhere, with who says so.
#[derive(Clone, PartialEq, Eq)]
pub struct Idea {
    words: String,
    group: String,
    name: PersonName,
    email: EmailAddress,
}

/// An idea as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptIdea {
    /// Its random id.
    pub id: IdeaId,
    /// What was shared, as it was written.
    pub idea: Idea,
    /// Whether its writer wants name and group to stand with it.
    pub named: bool,
    /// What the office made of the words, if it changed them.
    pub edited: Option<String>,
    /// Whether everybody can read it.
    pub published: bool,
    /// What the wave was for during which it came: tells rehearsals apart.
    pub purpose: Purpose,
}

/// An idea as everybody reads it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PublicIdea {
    /// The words.
    pub words: String,
    /// Who shares it, and of which group; none unless the writer wanted that.
    pub by: Option<(String, String)>,
}

/// What is wrong with an idea as somebody typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdeaFault {
    /// The idea itself.
    Words(TextFault),
    /// The group's name.
    Group(TextFault),
    /// Who shares it.
    Name(NameError),
    /// Where its wording can be checked.
    Email(EmailError),
}

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFault {
    /// Nothing was given.
    Empty,
    /// It is too long, in characters.
    TooLong {
        /// What is allowed.
        max: usize,
        /// What was given.
        got: usize,
    },
}

/// Checks the words of an idea as somebody of the office mended them.
///
/// # Errors
/// If there are none, or too many.
pub fn mended(given: &str) -> Result<String, TextFault> {
    text(given, MOST_WORDS)
}

fn text(given: &str, max: usize) -> Result<String, TextFault> {
    let text = plain_text::normal(given);
    match text.chars().count() {
        0 => Err(TextFault::Empty),
        got if got > max => Err(TextFault::TooLong { max, got }),
        _ => Ok(text),
    }
}

impl Idea {
    /// Checks an idea as somebody typed it.
    ///
    /// # Errors
    /// Every fault at once, in the order of the form.
    pub fn typed(
        words: &str,
        group: &str,
        name: &str,
        email: &str,
    ) -> Result<Self, Vec<IdeaFault>> {
        let words = text(words, MOST_WORDS).map_err(IdeaFault::Words);
        let group = text(group, MOST_OF_GROUP).map_err(IdeaFault::Group);
        let name = name.parse().map_err(IdeaFault::Name);
        let email = email.parse().map_err(IdeaFault::Email);
        match (words, group, name, email) {
            (Ok(words), Ok(group), Ok(name), Ok(email)) => {
                // A name is one line.
                let group = group.split_whitespace().collect::<Vec<_>>().join(" ");
                Ok(Self { words, group, name, email })
            }
            (words, group, name, email) => {
                let faults = [words.err(), group.err(), name.err(), email.err()];
                Err(faults.into_iter().flatten().collect())
            }
        }
    }

    /// What works.
    #[must_use]
    pub fn words(&self) -> &str {
        &self.words
    }

    /// The group where it works, as its writer calls it.
    #[must_use]
    pub fn group(&self) -> &str {
        &self.group
    }

    /// Who shares it.
    #[must_use]
    pub fn name(&self) -> &PersonName {
        &self.name
    }

    /// Where its wording can be checked.
    #[must_use]
    pub fn email(&self) -> &EmailAddress {
        &self.email
    }
}

impl KeptIdea {
    /// The words as they are to be read.
    #[must_use]
    pub fn words(&self) -> &str {
        self.edited.as_deref().unwrap_or(&self.idea.words)
    }

    /// Whether it may be published: what was typed to try the form out may not.
    #[must_use]
    pub fn may_be_published(&self) -> bool {
        self.purpose != Purpose::Test
    }

    /// The idea as everybody reads it; none unless it is published.
    #[must_use]
    pub fn shown(&self) -> Option<PublicIdea> {
        let by = || (self.idea.name.expose().to_owned(), self.idea.group.clone());
        (self.published && self.may_be_published())
            .then(|| PublicIdea { words: self.words().to_owned(), by: self.named.then(by) })
    }
}

impl fmt::Debug for KeptIdea {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeptIdea(…)")
    }
}

impl fmt::Debug for Idea {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Idea(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_idea_is_kept_as_it_was_meant() {
        let idea = Idea::typed(" One\r\nTwo\u{0} ", "Lea \n Valley", "Dr Fen", "fen@example.org");
        let idea = idea.expect("an idea");
        assert_eq!((idea.words(), idea.group()), ("One\nTwo", "Lea Valley"));
        assert_eq!(format!("{idea:?}"), "Idea(…)");
        // As it comes back from where it is kept.
        let again =
            Idea::typed(idea.words(), idea.group(), idea.name().expose(), idea.email().expose());
        assert_eq!(again, Ok(idea));
    }

    #[test]
    fn an_idea_shows_names_only_if_wanted_and_nothing_before_it_is_published() {
        let idea = Idea::typed("It works", "Lea Valley", "Dr Fen", "fen@example.org");
        let kept = KeptIdea {
            id: "00".repeat(16).parse().expect("an id"),
            idea: idea.expect("an idea"),
            named: false,
            edited: None,
            published: false,
            purpose: Purpose::Survey,
        };
        assert_eq!(kept.shown(), None);
        let out = KeptIdea { published: true, ..kept };
        assert_eq!(out.shown(), Some(PublicIdea { words: "It works".to_owned(), by: None }));
        let named = KeptIdea { named: true, edited: Some("It does".to_owned()), ..out };
        let shown = named.shown().expect("an idea");
        let by = ("Dr Fen".to_owned(), "Lea Valley".to_owned());
        assert_eq!((shown.words.as_str(), shown.by), ("It does", Some(by)));
        assert_eq!(named.idea.words(), "It works");
        assert_eq!(KeptIdea { purpose: Purpose::Test, ..named }.shown(), None);
        assert_eq!(mended(" \n"), Err(TextFault::Empty));
    }

    #[test]
    fn every_fault_is_named_at_once_and_the_limit_counts_characters() {
        let faults = Idea::typed("\u{0}", " ", "", "nobody").expect_err("faults");
        assert_eq!(
            faults,
            [
                IdeaFault::Words(TextFault::Empty),
                IdeaFault::Group(TextFault::Empty),
                IdeaFault::Name(NameError::Empty),
                IdeaFault::Email(EmailError::AtSigns(0)),
            ]
        );
        let idea = |words: &str| Idea::typed(words, "Lea", "Dr Fen", "fen@example.org");
        assert!(idea(&"é".repeat(MOST_WORDS)).is_ok());
        let long = IdeaFault::Words(TextFault::TooLong { max: MOST_WORDS, got: MOST_WORDS + 1 });
        assert_eq!(idea(&"é".repeat(MOST_WORDS + 1)), Err(vec![long]));
    }
}
