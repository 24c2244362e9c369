//! Time as an argument: a clock that can stand still, and moments in whole
//! seconds UTC, because databases disagree about anything finer.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Duration, LocalResult, NaiveDate, NaiveDateTime, TimeZone, Timelike, Utc};
use chrono_tz::Europe::London;
use serde::{Deserialize, Serialize};

/// A moment in whole seconds UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Moment(DateTime<Utc>);

/// Why a text is not a moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MomentError {
    /// The text has none of the accepted shapes.
    #[error(
        "{0:?} is not a time; write 2007-12-14T17:00 (London time), 2007-12-14 (5pm London) or 2007-12-14T17:00:00Z"
    )]
    Shape(String),
    /// The London clock skipped that hour.
    #[error("{0:?} does not exist: London clocks went forward over it")]
    Skipped(String),
}

impl Moment {
    /// The moment of a UTC date and time without zone, as the databases hold it.
    #[must_use]
    pub fn from_utc(naive: NaiveDateTime) -> Self {
        Self::from(naive.and_utc())
    }

    /// The UTC date and time without zone, as the databases hold it.
    #[must_use]
    pub fn to_utc(self) -> NaiveDateTime {
        self.0.naive_utc()
    }

    /// The moment this many seconds later (earlier if negative).
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0 + Duration::seconds(seconds))
    }

    /// The moment this many days of 24 hours later.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_seconds(days * 86_400)
    }

    /// Seconds since 1970.
    #[must_use]
    pub fn unix(self) -> i64 {
        self.0.timestamp()
    }

    /// The full hour of a day by the London clock; the next one where the clock
    /// skips it.
    #[must_use]
    pub fn in_london(day: NaiveDate, hour: u32) -> Self {
        let naive = NaiveDateTime::from(day) + chrono::Duration::hours(i64::from(hour));
        Self::of_london(naive)
    }

    /// The same time of another day by the London clock.
    #[must_use]
    pub fn on_london_day(self, day: NaiveDate) -> Self {
        Self::of_london(day.and_time(self.0.with_timezone(&London).time()))
    }

    fn of_london(naive: NaiveDateTime) -> Self {
        match London.from_local_datetime(&naive) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => {
                at.with_timezone(&Utc).into()
            }
            LocalResult::None => Self::of_london(naive + chrono::Duration::hours(1)),
        }
    }

    /// The calendar date in London.
    #[must_use]
    pub fn london_date(self) -> NaiveDate {
        self.0.with_timezone(&London).date_naive()
    }

    /// The full hour by the London clock, 0 to 23.
    #[must_use]
    pub fn london_hour(self) -> u32 {
        self.0.with_timezone(&London).hour()
    }

    /// For a letter: `Friday 14 December 2007`, in London.
    #[must_use]
    pub fn in_words(self) -> String {
        self.0.with_timezone(&London).format("%A %-d %B %Y").to_string()
    }

    /// For a letter: `5pm` or `9:30am`, in London.
    #[must_use]
    pub fn clock_in_words(self) -> String {
        let local = self.0.with_timezone(&London);
        let shape = if local.minute() == 0 { "%-I%P" } else { "%-I:%M%P" };
        local.format(shape).to_string()
    }

    /// For a letter: `5pm on Friday 14 December 2007`, in London.
    #[must_use]
    pub fn in_words_with_time(self) -> String {
        format!("{} on {}", self.clock_in_words(), self.in_words())
    }

    /// For a form's field of a date and a time: `2007-12-14T17:00`, in London.
    #[must_use]
    pub fn for_a_field(self) -> String {
        self.0.with_timezone(&London).format("%Y-%m-%dT%H:%M").to_string()
    }

    /// How long there is until another moment, for a reader in a hurry: `12 days
    /// left`, `5 hours left`, `less than an hour left`; empty once it has passed.
    #[must_use]
    pub fn left_until(self, end: Self) -> String {
        let minutes = end.0.signed_duration_since(self.0).num_minutes();
        let of = |count: i64, unit: &str| {
            format!("{count} {unit}{} left", if count == 1 { "" } else { "s" })
        };
        match minutes {
            ..=-1 => String::new(),
            0..60 => "less than an hour left".to_owned(),
            60..2_880 => of(minutes / 60, "hour"),
            _ => of(minutes / 1_440, "day"),
        }
    }

    /// For a `Date:` header or a log line: RFC 3339 in UTC.
    #[must_use]
    pub fn rfc3339(self) -> String {
        self.0.format("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// The moment as chrono's type, for libraries that take one.
    #[must_use]
    pub fn to_datetime(self) -> DateTime<Utc> {
        self.0
    }
}

impl From<DateTime<Utc>> for Moment {
    fn from(at: DateTime<Utc>) -> Self {
        Self(DateTime::from_timestamp(at.timestamp(), 0).unwrap_or(at))
    }
}

impl From<Moment> for String {
    fn from(at: Moment) -> String {
        at.rfc3339()
    }
}

impl TryFrom<String> for Moment {
    type Error = MomentError;
    fn try_from(text: String) -> Result<Self, MomentError> {
        text.parse()
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

impl FromStr for Moment {
    type Err = MomentError;

    fn from_str(text: &str) -> Result<Self, MomentError> {
        if let Ok(at) = DateTime::parse_from_rfc3339(text) {
            return Ok(at.with_timezone(&Utc).into());
        }
        let naive = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M")
            .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M"))
            .or_else(|_| NaiveDateTime::parse_from_str(&format!("{text} 17:00"), "%Y-%m-%d %H:%M"))
            .map_err(|_| MomentError::Shape(text.to_owned()))?;
        match London.from_local_datetime(&naive) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => {
                Ok(at.with_timezone(&Utc).into())
            }
            LocalResult::None => Err(MomentError::Skipped(text.to_owned())),
        }
    }
}

/// Where "now" comes from.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Shifted(i64),
    Fixed(Arc<Mutex<Moment>>),
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until it is set.
    #[must_use]
    pub fn fixed(at: Moment) -> Self {
        Self(Source::Fixed(Arc::new(Mutex::new(at))))
    }

    /// The machine's clock, so many seconds later: a demonstration in its own year.
    #[must_use]
    pub fn shifted(seconds: i64) -> Self {
        Self(Source::Shifted(seconds))
    }

    /// The present moment.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the one place where the system's clock is read")]
    pub fn now(&self) -> Moment {
        match &self.0 {
            Source::System => Utc::now().into(),
            Source::Shifted(seconds) => Moment::from(Utc::now()).plus_seconds(*seconds),
            Source::Fixed(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Sets a fixed clock; the machine's clock does not move for it.
    pub fn set(&self, to: Moment) {
        if let Source::Fixed(at) = &self.0 {
            *at.lock().unwrap_or_else(PoisonError::into_inner) = to;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_alone_means_five_in_the_afternoon_in_london() {
        let summer: Moment = "2007-07-06".parse().expect("a date");
        assert_eq!(summer.rfc3339(), "2007-07-06T16:00:00Z");
        assert_eq!(summer.in_words_with_time(), "5pm on Friday 6 July 2007");
        let winter: Moment = "2007-12-14T17:00".parse().expect("a time");
        assert_eq!(winter.rfc3339(), "2007-12-14T17:00:00Z");
    }

    #[test]
    fn an_hour_that_the_clocks_skip_is_refused() {
        assert!(matches!("2007-03-25T01:30".parse::<Moment>(), Err(MomentError::Skipped(_))));
        assert!(matches!("soon".parse::<Moment>(), Err(MomentError::Shape(_))));
    }

    #[test]
    fn a_fixed_clock_stands_still_until_it_is_set() {
        let start: Moment = "2007-10-01T09:00".parse().expect("a time");
        let clock = Clock::fixed(start);
        assert_eq!(clock.now(), start);
        clock.set(start.plus_days(7));
        assert_eq!(clock.clone().now(), start.plus_days(7));
    }
}
