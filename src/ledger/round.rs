//! Rounds: a kind of mail that goes to everybody it concerns at one time.

use std::str::FromStr;

use crate::id::WaveCode;
use crate::letter::MailKind;
use crate::time::Moment;
use crate::wave::Wave;

/// A kind of mail to everybody it concerns, at one time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// The wave.
    pub wave: WaveCode,
    /// What the mails say.
    pub kind: MailKind,
    /// Which time this kind goes, from 1.
    pub number: u16,
    /// When it goes.
    pub due: Moment,
    /// How far it is.
    pub state: RoundState,
    /// How many mails were decided on; 0 before.
    pub planned: u32,
    /// How many were handed over, or perhaps were.
    pub gone: u32,
}

/// How far a round is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundState {
    /// Who gets a mail is decided when it is due.
    Planned,
    /// The mails are in the outbox.
    Decided,
    /// Somebody said that it shall not go.
    Skipped,
}

/// A word that names no state of a round.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names no state of a round of mails")]
pub struct UnknownRoundState(pub String);

impl RoundState {
    /// The stable word for the database.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Decided => "decided",
            Self::Skipped => "skipped",
        }
    }
}

impl FromStr for RoundState {
    type Err = UnknownRoundState;
    fn from_str(word: &str) -> Result<Self, UnknownRoundState> {
        match word {
            "planned" => Ok(Self::Planned),
            "decided" => Ok(Self::Decided),
            "skipped" => Ok(Self::Skipped),
            _ => Err(UnknownRoundState(word.to_owned())),
        }
    }
}

/// The days after opening on which the reminder goes.
const REMINDER_AFTER: i64 = 7;

/// When a wave's mails go: the invitation at opening, a reminder a week later,
/// a last call on the day before closing, each at the hour of opening by the
/// London clock. What would come too close to the next is left out.
#[must_use]
pub fn schedule(wave: &Wave) -> Vec<(MailKind, Moment)> {
    let opens = wave.opens.london_date();
    let last_day = wave.closes.london_date().pred_opt().unwrap_or(opens);
    let last = wave.opens.on_london_day(last_day);
    let reminder_day = opens + chrono::Duration::days(REMINDER_AFTER);
    let mut rounds = vec![(MailKind::Invitation, wave.opens)];
    if reminder_day < last_day {
        rounds.push((MailKind::Reminder, wave.opens.on_london_day(reminder_day)));
    }
    if last > wave.opens {
        rounds.push((MailKind::LastCall, last));
    }
    rounds
}

/// The hour at which thanks go. All of a day go together, so that no mail's time
/// tells when somebody answered.
const THANKS_HOUR: u32 = 18;

/// When somebody who answers now is thanked; never after closing, when the mail
/// would promise what is over.
#[must_use]
pub fn thanks_due(now: Moment, closes: Moment) -> Option<Moment> {
    let today = Moment::in_london(now.london_date(), THANKS_HOUR);
    let due = if now < today {
        today
    } else {
        Moment::in_london(now.london_date().succ_opt()?, THANKS_HOUR)
    };
    // An hour is enough for a mail to arrive and be of use.
    (due.plus_seconds(3600) <= closes).then_some(due)
}

/// Until when a mail that was due may still go by itself: after a long outage,
/// or from a backup, a person decides.
#[must_use]
pub fn good_until(kind: MailKind, due: Moment) -> Moment {
    let minutes = match kind {
        // The link in it works for ten minutes from when it was asked for.
        MailKind::SignIn => 9,
        MailKind::LostLink => 6 * 60,
        MailKind::LastCall => 12 * 60,
        _ => 24 * 60,
    };
    due.plus_seconds(minutes * 60)
}

/// Whether more mails of a round went than 1.02 times as many as were planned:
/// something is wrong, and everything stops.
#[must_use]
pub fn is_too_many(planned: u32, gone: u32) -> bool {
    u64::from(gone) * 100 > u64::from(planned) * 102 && gone > planned + 1
}
