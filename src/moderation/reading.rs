//! What readers decide about a comment, and whether enough of them agree. Nothing goes out
//! that its writer did not allow, and under the rule of two nothing on which two people of
//! the office do not agree word for word.

use std::fmt;
use std::str::FromStr;

use crate::disclosure::ReadComment;
use crate::plain_text;
use crate::register::EmailAddress;

/// Most characters of a text that is to be published.
pub const MOST_TEXT: usize = 4_000;
/// Most characters of a reason for keeping a comment back.
pub const MOST_REASON: usize = 300;

/// How many people of the office must agree on what is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// One is enough.
    One,
    /// Two, on the same words.
    Two,
}

/// What a reader wants done with a comment.
#[derive(Clone, PartialEq, Eq)]
pub enum Decision {
    /// These words are published.
    Publish(String),
    /// It is kept back, for this reason.
    Withhold(String),
    /// It was read; its writer does not want to be quoted.
    Unquoted,
}

/// A decision with those who made it.
#[derive(Clone, PartialEq, Eq)]
pub struct Decided {
    /// What was decided.
    pub decision: Decision,
    /// Who decided it.
    pub first: EmailAddress,
    /// Who agreed, if somebody else did.
    pub second: Option<EmailAddress>,
}

/// How far the reading of a comment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading<'d> {
    /// Nobody has decided anything.
    Unread,
    /// One has decided to publish, and somebody else must agree.
    Waits(&'d Decided),
    /// Nothing is to be done.
    Settled(&'d Decided),
}

/// What is wrong with a decision as somebody typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadingFault {
    /// Nothing was chosen.
    NoChoice,
    /// There are no words to publish.
    NoText,
    /// The words are too long; how many characters they have.
    LongText(usize),
    /// No reason for keeping it back.
    NoReason,
    /// The reason is too long; how many characters it has.
    LongReason(usize),
    /// Its writer did not agree to be quoted.
    NotQuotable,
}

/// Why a decision is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReadingRefusal {
    /// Its writer did not agree to be quoted.
    #[error("the writer of this comment did not agree to be quoted")]
    NotQuotable,
    /// The comments of the wave are published.
    #[error("the comments of this wave are published; take them down first")]
    Published,
    /// Somebody else decided since the page was opened.
    #[error("somebody else has decided about this comment meanwhile")]
    Changed,
}

impl Decision {
    /// A decision as a form says it: `publish` with a text, `withhold` with a reason, or
    /// `unquoted`.
    ///
    /// # Errors
    /// The faults of what was chosen.
    pub fn typed(
        word: &str,
        text: &str,
        reason: &str,
        quotable: bool,
    ) -> Result<Self, ReadingFault> {
        let (text, reason) = (plain_text::normal(text), plain_text::normal(reason));
        let length = |text: &str| text.chars().count();
        match word {
            "publish" if !quotable => Err(ReadingFault::NotQuotable),
            "publish" if text.is_empty() => Err(ReadingFault::NoText),
            "publish" if length(&text) > MOST_TEXT => Err(ReadingFault::LongText(length(&text))),
            "publish" => Ok(Self::Publish(text)),
            "withhold" if reason.is_empty() => Err(ReadingFault::NoReason),
            "withhold" if length(&reason) > MOST_REASON => {
                Err(ReadingFault::LongReason(length(&reason)))
            }
            "withhold" => Ok(Self::Withhold(reason)),
            "unquoted" if !quotable => Ok(Self::Unquoted),
            _ => Err(ReadingFault::NoChoice),
        }
    }

    /// The decision as it is kept: a word, and words.
    ///
    /// # Errors
    /// If they are no decision.
    pub fn kept(word: &str, words: &str) -> Result<Self, UnknownDecision> {
        match word {
            "publish" => Ok(Self::Publish(words.to_owned())),
            "withhold" => Ok(Self::Withhold(words.to_owned())),
            "unquoted" => Ok(Self::Unquoted),
            other => Err(UnknownDecision(other.to_owned())),
        }
    }

    /// The stable word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Publish(_) => "publish",
            Self::Withhold(_) => "withhold",
            Self::Unquoted => "unquoted",
        }
    }

    /// The words to be published, or the reason for keeping it back.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::Publish(words) | Self::Withhold(words) => words,
            Self::Unquoted => "",
        }
    }
}

/// A word that names no decision.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no decision about a comment")]
pub struct UnknownDecision(String);

impl Decided {
    /// What holds after somebody decided: agreement with what is there, or a decision in
    /// its place, about which everybody else is to be asked anew.
    ///
    /// # Errors
    /// If the writer may not be quoted.
    pub fn after(
        before: Option<&Self>,
        decision: Decision,
        by: &EmailAddress,
        quotable: bool,
    ) -> Result<Self, ReadingRefusal> {
        if matches!(decision, Decision::Publish(_)) && !quotable {
            return Err(ReadingRefusal::NotQuotable);
        }
        match before {
            Some(before) if before.decision == decision => {
                let mut agreed = before.clone();
                if agreed.second.is_none() && agreed.first.key() != by.key() {
                    agreed.second = Some(by.clone());
                }
                Ok(agreed)
            }
            _ => Ok(Self { decision, first: by.clone(), second: None }),
        }
    }

    /// Whether this person is among those who decided.
    #[must_use]
    pub fn is_by(&self, who: &EmailAddress) -> bool {
        let same = |other: &EmailAddress| other.key() == who.key();
        same(&self.first) || self.second.as_ref().is_some_and(same)
    }
}

impl<'d> Reading<'d> {
    /// How far a reading is, where so many must agree.
    #[must_use]
    pub fn of(decided: Option<&'d Decided>, readers: Readers) -> Self {
        match decided {
            None => Self::Unread,
            Some(one) => match one.decision {
                Decision::Publish(_) if readers == Readers::Two && one.second.is_none() => {
                    Self::Waits(one)
                }
                // To keep something back, one person is enough.
                _ => Self::Settled(one),
            },
        }
    }

    /// The comment as it may be published; none unless it was decided so by enough people.
    #[must_use]
    pub fn to_publish(self) -> Option<ReadComment> {
        match self {
            Self::Settled(Decided { decision: Decision::Publish(words), .. }) => {
                ReadComment::new(words)
            }
            Self::Settled(_) | Self::Waits(_) | Self::Unread => None,
        }
    }

    /// Whether somebody has still to read it, this person perhaps.
    #[must_use]
    pub fn is_open_to(self, who: &EmailAddress) -> bool {
        match self {
            Self::Unread => true,
            Self::Waits(decided) => !decided.is_by(who),
            Self::Settled(_) => false,
        }
    }
}

impl FromStr for Readers {
    type Err = NotReaders;

    fn from_str(text: &str) -> Result<Self, NotReaders> {
        match text {
            "1" => Ok(Self::One),
            "2" => Ok(Self::Two),
            other => Err(NotReaders(other.to_owned())),
        }
    }
}

/// Neither one reader nor two.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?}; write 1 or 2")]
pub struct NotReaders(String);

impl fmt::Display for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::One => "1",
            Self::Two => "2",
        })
    }
}

impl fmt::Debug for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Decision({}, …)", self.word())
    }
}

impl fmt::Debug for Decided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Decided({:?}, {} of 2)", self.decision, 1 + usize::from(self.second.is_some()))
    }
}
