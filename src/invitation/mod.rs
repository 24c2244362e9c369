//! The right to answer once: who was asked, by which secret link, and who is
//! due which mail. Must never know what anybody answered.

mod deputy;
mod draft;
mod results_link;
mod token;

pub use deputy::{Addressee, Deputy, DeputyFault, MOST_DEPUTIES, Opener};
pub use draft::{DraftKey, UnreadableDraft};
pub use results_link::ResultsLink;
pub use token::{DraftSecret, LinkSecret, NotAToken, StopToken, Token, TokenHash};

use std::str::FromStr;

use crate::id::{GroupSlug, InvitationId, UnitSlug, WaveCode};
use crate::letter::MailKind;
use crate::register::{EmailAddress, PersonName};

/// One row of the roster that was frozen when its wave opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its random id.
    pub id: InvitationId,
    /// The wave it belongs to.
    pub wave: WaveCode,
    /// The reporting unit that its answer will count for.
    pub unit: UnitSlug,
    /// What the form calls the PCT (the token `{pct}`).
    pub pct_name: String,
    /// The lead's PBC group.
    pub group: GroupSlug,
    /// What the form calls the group (the token `{group}`).
    pub group_name: String,
    /// Who is asked.
    pub name: PersonName,
    /// Where the mail goes.
    pub email: EmailAddress,
    /// Which of the invitation's links is the lead's own.
    pub generation: u16,
    /// The highest generation of a link that was given out; none is used twice.
    pub last_generation: u16,
    /// Where it stands.
    pub standing: Standing,
    /// Who answers in the lead's place, if anybody.
    pub deputy: Option<Deputy>,
}

/// Where an invitation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Asked, not yet answered.
    Asked,
    /// A sealed envelope is in the box.
    Answered,
    /// The lead said no.
    Declined,
    /// The wave has closed; who answered is forgotten.
    Closed,
}

impl Standing {
    /// The stable word for the database.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Answered => "answered",
            Self::Declined => "declined",
            Self::Closed => "closed",
        }
    }

    /// Whether a mail of this kind should still go to somebody who stands here.
    /// Asked again at the moment of sending.
    #[must_use]
    pub fn is_due(self, kind: MailKind) -> bool {
        match kind {
            MailKind::Invitation | MailKind::Reminder | MailKind::LastCall => self == Self::Asked,
            MailKind::Thanks => self == Self::Answered,
            // The lead's own reply may be in the box already.
            MailKind::Deputy => matches!(self, Self::Asked | Self::Answered),
            // Whoever has replied may want to change that.
            MailKind::LostLink => self != Self::Closed,
            MailKind::Results => self == Self::Closed,
            // These belong to no invitation.
            MailKind::SignIn | MailKind::Network => false,
        }
    }
}

/// A word that names no standing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names no standing of an invitation")]
pub struct UnknownWord(pub String);

impl FromStr for Standing {
    type Err = UnknownWord;
    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        match word {
            "asked" => Ok(Self::Asked),
            "answered" => Ok(Self::Answered),
            "declined" => Ok(Self::Declined),
            "closed" => Ok(Self::Closed),
            _ => Err(UnknownWord(word.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_somebody_who_was_asked_and_has_not_replied_is_due_a_mail() {
        for standing in [Standing::Asked, Standing::Answered, Standing::Declined, Standing::Closed]
        {
            assert_eq!(standing.is_due(MailKind::Reminder), standing == Standing::Asked);
            assert_eq!(standing.word().parse(), Ok(standing));
        }
    }
}
