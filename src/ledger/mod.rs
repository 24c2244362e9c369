//! What is written down about mails: to whom, why, how far, and when the next
//! step is. Decides when a round goes, when a mail is too late to go by itself,
//! and when everything must stop. Must never know what anybody answered.

mod round;

pub use round::{
    Round, RoundState, UnknownRoundState, good_until, is_too_many, schedule, thanks_due,
};

use std::fmt;
use std::str::FromStr;

use crate::id::{IdeaId, InvitationId, MailId, WaveCode};
use crate::letter::MailKind;
use crate::register::EmailAddress;
use crate::time::Moment;

/// How far a mail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MailState {
    /// To be sent when due.
    Queued,
    /// A worker has it.
    Claimed,
    /// The receiving server took it.
    Sent,
    /// Refused for good.
    Refused,
    /// Twice nobody knows whether it went: a person decides.
    Parked,
    /// Its time has passed before it could go: a person decides.
    Held,
    /// No longer wanted when its turn came.
    Cancelled,
}

/// Whose mail it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recipient {
    /// Whoever holds an invitation, or its lead.
    Invitation(InvitationId),
    /// A staff account.
    Account(EmailAddress),
    /// Whoever shared an idea with the network.
    Idea(IdeaId),
}

/// A mail that is decided on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMail {
    /// Its random id: makes its Message-ID.
    pub id: MailId,
    /// Whose it is.
    pub recipient: Recipient,
    /// The wave it belongs to.
    pub wave: Option<WaveCode>,
    /// What it says.
    pub kind: MailKind,
    /// One recipient gets one mail of each kind and round.
    pub round: u16,
    /// The link it carries; none: that of whoever holds the invitation then.
    pub generation: Option<u16>,
    /// When it is to go.
    pub due: Moment,
}

/// What became of a mail that a worker had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// The receiving server took it.
    Sent,
    /// Refused for good, with the reason.
    Refused(String),
    /// Not taken now, with the reason: tried again later.
    Later(String),
    /// Nobody knows: tried once more, then parked.
    Unknown(String),
    /// It was never handed over: back into the queue as it was.
    NotBegun,
    /// Nothing of its doing holds it up; from this moment on again, with the reason.
    Wait(Moment, Option<String>),
    /// No longer wanted, with the reason.
    Cancelled(&'static str),
    /// Too late to go by itself.
    Held,
}

/// Why mails wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PauseCause {
    /// Somebody said so.
    Office,
    /// More mails went than were planned.
    Brake,
}

/// Which mails wait.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PauseScope {
    /// All.
    Everything,
    /// Those of a wave.
    Wave(WaveCode),
}

impl PauseScope {
    /// The wave that it is about; nothing for all mails.
    #[must_use]
    pub fn about(&self) -> &str {
        match self {
            Self::Everything => "",
            Self::Wave(code) => code.as_str(),
        }
    }
}

/// A pause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// Which mails wait.
    pub scope: PauseScope,
    /// Why.
    pub cause: PauseCause,
    /// The same in a sentence.
    pub reason: String,
    /// Since when.
    pub since: Moment,
}

/// Why no mails go to an address any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopCause {
    /// Its owner wants none.
    Asked,
    /// A mail came back for good.
    Bounced,
}

/// What came back about a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bounce {
    /// The address does not work.
    Hard,
    /// The address may work later.
    Soft,
    /// The mail was not wanted there; the address may be good.
    Policy,
}

/// A word that names nothing here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no word of the mail ledger")]
pub struct UnknownWord(pub String);

/// Twice as long after each try, up to an hour, with some chance in it so that a
/// thousand mails do not come back in one second. In seconds.
#[must_use]
pub fn backoff(attempts: i32, chance: i64) -> i64 {
    let longest = 30 * (1_i64 << attempts.clamp(0, 7));
    longest.min(3600) + chance.rem_euclid(30)
}

/// After so many tries in vain a mail is given up.
pub const MOST_ATTEMPTS: i32 = 12;

// Each of these is kept as a stable word.
macro_rules! words {
    ($kind:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $kind {
            /// The stable word for the database.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl FromStr for $kind {
            type Err = UnknownWord;
            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(UnknownWord(word.to_owned())),
                }
            }
        }
    };
}

words!(MailState {
    Queued = "queued",
    Claimed = "claimed",
    Sent = "sent",
    Refused = "refused",
    Parked = "parked",
    Held = "held",
    Cancelled = "cancelled",
});
words!(PauseCause { Office = "office", Brake = "brake" });
words!(StopCause { Asked = "asked", Bounced = "bounced" });
words!(Bounce { Hard = "hard", Soft = "soft", Policy = "policy" });

impl Recipient {
    /// The stable key for the database.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Invitation(id) => format!("invitation:{id}"),
            Self::Account(email) => format!("account:{}", email.key()),
            Self::Idea(id) => format!("idea:{id}"),
        }
    }
}

impl FromStr for Recipient {
    type Err = UnknownWord;
    fn from_str(key: &str) -> Result<Self, UnknownWord> {
        let unknown = || UnknownWord(key.split(':').next().unwrap_or_default().to_owned());
        let (sort, id) = key.split_once(':').ok_or_else(unknown)?;
        match sort {
            "invitation" => id.parse().map(Self::Invitation).map_err(|_| unknown()),
            "account" => id.parse().map(Self::Account).map_err(|_| unknown()),
            "idea" => id.parse().map(Self::Idea).map_err(|_| unknown()),
            _ => Err(unknown()),
        }
    }
}

impl PauseScope {
    /// The stable key for the database.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::Everything => "all".to_owned(),
            Self::Wave(code) => format!("wave:{code}"),
        }
    }
}

impl FromStr for PauseScope {
    type Err = UnknownWord;
    fn from_str(key: &str) -> Result<Self, UnknownWord> {
        let code = key.strip_prefix("wave:").and_then(|code| code.parse().ok());
        match code {
            _ if key == "all" => Ok(Self::Everything),
            Some(code) => Ok(Self::Wave(code)),
            None => Err(UnknownWord(key.to_owned())),
        }
    }
}

impl fmt::Display for MailState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Queued => "waiting",
            Self::Claimed => "on its way",
            Self::Sent => "sent",
            Self::Refused => "refused",
            Self::Parked => "in doubt",
            Self::Held => "held",
            Self::Cancelled => "cancelled",
        })
    }
}

#[cfg(test)]
mod tests;
