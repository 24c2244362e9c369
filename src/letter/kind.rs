//! The kinds of mail.

use std::fmt;
use std::str::FromStr;

use super::{LetterToken, Written};

/// Why a mail is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MailKind {
    /// The first mail of a wave, with the link.
    Invitation,
    /// A later mail with the same link, to those who have not answered.
    Reminder,
    /// The same on the day before closing.
    LastCall,
    /// To somebody whose answers are sealed.
    Thanks,
    /// The results are out.
    Results,
    /// The link once more, for somebody who has lost it.
    LostLink,
    /// The first mail to a colleague who answers in the lead's place.
    Deputy,
    /// A link by which staff sign in.
    SignIn,
    /// To somebody who shared an idea with the network.
    Network,
}

/// A word that names no kind of mail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names no kind of mail")]
pub struct UnknownKind(pub String);

/// Kind, stable word, name for people, and the letter that is sent until the
/// office writes another: the first line is its subject.
const KINDS: [(MailKind, &str, &str, &str); 9] = [
    (
        MailKind::Invitation,
        "invitation",
        "Invitation",
        include_str!("../../templates/mail/invitation.txt"),
    ),
    (MailKind::Reminder, "reminder", "Reminder", include_str!("../../templates/mail/reminder.txt")),
    (
        MailKind::LastCall,
        "last-call",
        "Last call",
        include_str!("../../templates/mail/last_call.txt"),
    ),
    (MailKind::Thanks, "thanks", "Thank you", include_str!("../../templates/mail/thanks.txt")),
    (
        MailKind::Results,
        "results",
        "Results published",
        include_str!("../../templates/mail/results.txt"),
    ),
    (
        MailKind::LostLink,
        "lost-link",
        "Lost link",
        include_str!("../../templates/mail/lost_link.txt"),
    ),
    (MailKind::Deputy, "deputy", "Deputy", include_str!("../../templates/mail/deputy.txt")),
    (MailKind::SignIn, "sign-in", "Sign-in", include_str!("../../templates/mail/sign_in.txt")),
    (
        MailKind::Network,
        "network",
        "Idea for the network",
        include_str!("../../templates/mail/network.txt"),
    ),
];

impl MailKind {
    /// Every kind, in the order of a wave's life.
    pub const ALL: [Self; 9] = [
        Self::Invitation,
        Self::Reminder,
        Self::LastCall,
        Self::Thanks,
        Self::Results,
        Self::LostLink,
        Self::Deputy,
        Self::SignIn,
        Self::Network,
    ];

    fn entry(self) -> (&'static str, &'static str, &'static str) {
        let found = KINDS.iter().find(|(kind, ..)| *kind == self);
        found.map_or(("", "", ""), |(_, word, name, text)| (word, name, text))
    }

    /// The stable word for the database and for addresses.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.entry().0
    }

    /// The letter that is sent until the office writes another.
    #[must_use]
    pub fn usual(self) -> Written {
        let (subject, body) = self.entry().2.split_once('\n').unwrap_or_default();
        Written { subject: subject.to_owned(), body: body.trim().to_owned() }
    }

    /// Whether it goes to many people at a time that is known beforehand.
    #[must_use]
    pub fn is_round(self) -> bool {
        matches!(self, Self::Invitation | Self::Reminder | Self::LastCall | Self::Results)
    }

    /// Whether it belongs to a wave, and so has a letter of the wave's own.
    #[must_use]
    pub fn is_of_wave(self) -> bool {
        !matches!(self, Self::SignIn | Self::Network)
    }

    /// Whether it goes even to somebody who wants no mails: they, or a colleague
    /// with their address at hand, asked for just this one.
    #[must_use]
    pub fn was_asked_for(self) -> bool {
        matches!(self, Self::LostLink | Self::SignIn | Self::Network)
    }

    /// Whether its text offers that no more mails come.
    #[must_use]
    pub fn offers_to_stop(self) -> bool {
        self.tokens().contains(&LetterToken::OptOutLink)
    }

    /// What its text may hold.
    #[must_use]
    pub fn tokens(self) -> &'static [LetterToken] {
        use LetterToken as T;
        match self {
            Self::Invitation | Self::Reminder | Self::LastCall | Self::Thanks => &[
                T::Name,
                T::Group,
                T::Pct,
                T::Region,
                T::Wave,
                T::Link,
                T::CloseDate,
                T::CloseTime,
                T::PublishDate,
                T::Smallest,
                T::SmallestGroups,
                T::InPlaceOf,
                T::ContactEmail,
                T::OptOutLink,
                T::Team,
            ],
            Self::LostLink => &[
                T::Name,
                T::Group,
                T::Pct,
                T::Region,
                T::Wave,
                T::Link,
                T::CloseDate,
                T::CloseTime,
                T::PublishDate,
                T::ContactEmail,
                T::Team,
            ],
            Self::Deputy => &[
                T::Name,
                T::Lead,
                T::Group,
                T::Pct,
                T::Region,
                T::Wave,
                T::Link,
                T::CloseDate,
                T::CloseTime,
                T::PublishDate,
                T::Smallest,
                T::SmallestGroups,
                T::ContactEmail,
                T::OptOutLink,
                T::Team,
            ],
            Self::Results => &[
                T::Name,
                T::Pct,
                T::Region,
                T::Wave,
                T::ResultsLink,
                T::ContactEmail,
                T::OptOutLink,
                T::Team,
            ],
            Self::SignIn => &[T::Region, T::Link, T::Minutes, T::ContactEmail, T::Team],
            Self::Network => &[T::Name, T::Group, T::Region, T::Words, T::ContactEmail, T::Team],
        }
    }

    /// Without which its text would be of no use.
    #[must_use]
    pub fn needs(self) -> &'static [LetterToken] {
        use LetterToken as T;
        match self {
            Self::Invitation | Self::Reminder | Self::LastCall | Self::Deputy => {
                &[T::Link, T::OptOutLink]
            }
            Self::LostLink | Self::SignIn => &[T::Link],
            Self::Results => &[T::ResultsLink, T::OptOutLink],
            Self::Network => &[T::Words],
            Self::Thanks => &[],
        }
    }
}

impl fmt::Display for MailKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.entry().1)
    }
}

impl FromStr for MailKind {
    type Err = UnknownKind;
    fn from_str(word: &str) -> Result<Self, UnknownKind> {
        let found = KINDS.iter().find(|(_, known, ..)| *known == word);
        found.map(|(kind, ..)| *kind).ok_or_else(|| UnknownKind(word.to_owned()))
    }
}
