//! When a survey is asked, and of whom: the life of a wave as states that
//! refuse wrong moves. Knows nothing of answers, keys or mails.

mod showing;

pub use showing::{Peers, Showing};

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::definition::Fingerprint;
use crate::id::{ModuleCode, WaveCode};
use crate::time::Moment;

/// What every page and mail with made-up answers says.
pub const SYNTHETIC: &str =
    "Synthetic data: groups, leads and answers are made up for demonstration.";

/// One round of a survey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wave {
    /// Its code, for example `2007-Q4`.
    pub code: WaveCode,
    /// Its title for people, for example `October to December 2007`.
    pub title: String,
    /// The definition it asks, pinned.
    pub definition: Fingerprint,
    /// The survey's modules that it asks, besides the core.
    pub modules: Vec<ModuleCode>,
    /// The value of the token `{fin_year}`.
    pub fin_year: String,
    /// From when answers are taken.
    pub opens: Moment,
    /// Until when answers are taken; once it has closed, until when they were.
    pub closes: Moment,
    /// When results are to be published; once they are, when they were.
    pub publishes: Moment,
    /// What it is for.
    pub purpose: Purpose,
    /// Whether its answers are imported from a file: nobody is asked then.
    pub imported: bool,
    /// The promise made to its leads: fewest people behind a figure.
    pub smallest: u32,
    /// The promise made to its leads: fewest PBC groups behind a figure of a PCT.
    pub smallest_groups: u32,
    /// How far it is.
    pub state: State,
}

/// When a wave is asked and told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dates {
    /// From when answers are taken.
    pub opens: Moment,
    /// Until when answers are taken.
    pub closes: Moment,
    /// When results are to be published.
    pub publishes: Moment,
}

/// What a wave is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Purpose {
    /// Real people's answers.
    Survey,
    /// A rehearsal: links may be written to a file, every page and mail says TEST.
    Test,
    /// Made-up answers for demonstration: every page says so.
    Synthetic,
}

/// How far a wave is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Being prepared; nobody was asked.
    Draft,
    /// Answers are taken.
    Open,
    /// No answer is taken any more; the count is under way.
    Closing(ClosingStep),
    /// Ballots are counted and the keys are gone.
    Closed,
    /// Its results are published.
    Released,
    /// Given up: nobody answers any more, and what had come was deleted unread.
    Cancelled,
}

/// The last step of a closing that is known to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ClosingStep {
    /// Writing has stopped; the envelopes are still sealed.
    Stopped,
    /// The list of receipts is published; the envelopes are still sealed.
    Listed,
    /// Ballots are in, envelopes and drafts are out.
    Counted,
    /// The database was rewritten without what was deleted.
    Cleaned,
}

/// A move that the state of a wave does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WaveRefusal {
    /// Only the named states allow the move.
    #[error("wave {code} is {state}; {wanted}")]
    State {
        /// The wave.
        code: WaveCode,
        /// The state it is in.
        state: State,
        /// What would have been needed.
        wanted: &'static str,
    },
    /// Its closing time has passed already.
    #[error("wave {code} closes at {}; that has passed", .closes.in_words_with_time())]
    TooLate {
        /// The wave.
        code: WaveCode,
        /// Its closing time.
        closes: Moment,
    },
    /// Its closing time has not come yet.
    #[error(
        "wave {code} takes answers until {}; to close it now, say so with --early",
        .closes.in_words_with_time()
    )]
    TooEarly {
        /// The wave.
        code: WaveCode,
        /// Its closing time.
        closes: Moment,
    },
    /// The times are not in order.
    #[error(
        "a wave opens before it closes and publishes after that; this one opens at {}, closes at {} and publishes at {}",
        .opens.in_words_with_time(),
        .closes.in_words_with_time(),
        .publishes.in_words_with_time()
    )]
    Times {
        /// Opening time given.
        opens: Moment,
        /// Closing time given.
        closes: Moment,
        /// Publication time given.
        publishes: Moment,
    },
}

impl Wave {
    /// Checks the times of a new wave.
    ///
    /// # Errors
    /// If they are not in order.
    pub fn checked(self) -> Result<Self, WaveRefusal> {
        if self.opens < self.closes && self.closes <= self.publishes {
            return Ok(self);
        }
        let Self { opens, closes, publishes, .. } = self;
        Err(WaveRefusal::Times { opens, closes, publishes })
    }

    /// Draft → open.
    ///
    /// # Errors
    /// From another state, or after its closing time.
    pub fn open(self, now: Moment) -> Result<Self, WaveRefusal> {
        if self.imported {
            return Err(self.refusal("its answers come from a file: soundings ballots import"));
        }
        if self.state != State::Draft {
            return Err(self.refusal("only a draft can be opened"));
        }
        if now >= self.closes {
            return Err(WaveRefusal::TooLate { code: self.code, closes: self.closes });
        }
        Ok(self.in_state(State::Open))
    }

    /// Other dates: all of a draft's; of an open wave a later closing, and when results come.
    ///
    /// # Errors
    /// From another state, if an open wave would close sooner than its leads were told, or
    /// if the times are not in order.
    pub fn moved(self, dates: Dates, now: Moment) -> Result<Self, WaveRefusal> {
        match self.state {
            State::Open if dates.opens != self.opens => {
                return Err(self.refusal("its opening stays as it was"));
            }
            State::Open if dates.closes < self.closes => {
                return Err(
                    self.refusal("its leads were told when it closes: it can only close later")
                );
            }
            State::Draft | State::Open => {}
            _ => return Err(self.refusal("its dates stay as they were")),
        }
        if dates.closes <= now {
            return Err(WaveRefusal::TooLate { code: self.code, closes: dates.closes });
        }
        let Dates { opens, closes, publishes } = dates;
        Self { opens, closes, publishes, ..self }.checked()
    }

    /// Draft or open → cancelled.
    ///
    /// # Errors
    /// From another state.
    pub fn cancel(self) -> Result<Self, WaveRefusal> {
        match self.state {
            State::Draft | State::Open => Ok(self.in_state(State::Cancelled)),
            State::Cancelled => Err(self.refusal("it needs no more")),
            _ => Err(self.refusal("once closing has begun a wave is counted, not cancelled")),
        }
    }

    /// Open → closing. A closing that was interrupted is taken up where it stopped.
    ///
    /// # Errors
    /// From another state, or before its closing time unless `early`.
    pub fn begin_closing(self, now: Moment, early: bool) -> Result<Self, WaveRefusal> {
        match self.state {
            State::Closing(_) => Ok(self),
            State::Open if early || now >= self.closes => {
                let closes = self.closes.min(now);
                Ok(Self { closes, ..self.in_state(State::Closing(ClosingStep::Stopped)) })
            }
            State::Open => Err(WaveRefusal::TooEarly { code: self.code, closes: self.closes }),
            _ => Err(self.refusal("only an open wave can be closed")),
        }
    }

    /// The next step of a closing; after the last one the wave is closed.
    ///
    /// # Errors
    /// If the wave is not closing.
    pub fn advance_closing(self) -> Result<Self, WaveRefusal> {
        let next = match self.state {
            State::Closing(ClosingStep::Stopped) => State::Closing(ClosingStep::Listed),
            State::Closing(ClosingStep::Listed) => State::Closing(ClosingStep::Counted),
            State::Closing(ClosingStep::Counted) => State::Closing(ClosingStep::Cleaned),
            State::Closing(ClosingStep::Cleaned) => State::Closed,
            _ => return Err(self.refusal("only a closing wave has closing steps")),
        };
        Ok(self.in_state(next))
    }

    /// Draft → closed, of a wave whose answers come from a file. Once they are in, others
    /// are put in their place only if that is said with `replace`.
    ///
    /// # Errors
    /// If its leads are asked, its time has not passed, it has its ballots, or it is
    /// released.
    pub fn import(self, now: Moment, replace: bool) -> Result<Self, WaveRefusal> {
        if !self.imported {
            return Err(self.refusal(
                "its leads are asked; answers are imported into a wave that was created with --import",
            ));
        }
        match self.state {
            State::Draft if now < self.closes => {
                Err(self.refusal("answers are imported once its closing time has passed"))
            }
            State::Draft => Ok(self.in_state(State::Closed)),
            State::Closed if replace => Ok(self),
            State::Closed => Err(self.refusal(
                "its answers are in; to put others in their place, say so with --replace",
            )),
            _ => Err(self.refusal("its answers stay as they were published")),
        }
    }

    /// Closed → released.
    ///
    /// # Errors
    /// From another state.
    pub fn release(self, now: Moment) -> Result<Self, WaveRefusal> {
        if self.state != State::Closed {
            return Err(self.refusal("only a closed wave can be published"));
        }
        Ok(Self { publishes: now, ..self.in_state(State::Released) })
    }

    /// Whether reminders may go out.
    ///
    /// # Errors
    /// If it takes no answers now.
    pub fn check_asks(&self, now: Moment) -> Result<(), WaveRefusal> {
        if self.state != State::Open {
            return Err(self.refusal("reminders go out only while a wave is open"));
        }
        if now >= self.closes {
            return Err(WaveRefusal::TooLate { code: self.code.clone(), closes: self.closes });
        }
        Ok(())
    }

    /// Whether its counts may be made into a release.
    ///
    /// # Errors
    /// If it is not closed.
    pub fn check_counted(&self) -> Result<(), WaveRefusal> {
        match self.state {
            State::Closed => Ok(()),
            State::Released => Err(self.refusal("its release stands and is not made again")),
            _ => Err(self.refusal("results are made only after it has closed")),
        }
    }

    /// Whether this wave is released, of the same purpose, and closed before another: what
    /// that one can be compared with, if the survey is the same too.
    #[must_use]
    pub fn was_released_before(&self, other: &Self) -> bool {
        self.state == State::Released && self.purpose == other.purpose && self.closes < other.closes
    }

    /// Whether answers are taken at this moment.
    #[must_use]
    pub fn takes_answers(&self, now: Moment) -> bool {
        self.state == State::Open && now >= self.opens && now < self.closes
    }

    /// Whether nobody was asked yet.
    #[must_use]
    pub fn is_draft(&self) -> bool {
        self.state == State::Draft
    }

    /// Whether its leads were or are asked, and it was not given up.
    #[must_use]
    pub fn asks_leads(&self) -> bool {
        !self.imported && !matches!(self.state, State::Draft | State::Cancelled)
    }

    /// Whether the receipts of all envelopes are published.
    #[must_use]
    pub fn has_listed_receipts(&self) -> bool {
        !self.imported
            && match self.state {
                State::Draft
                | State::Open
                | State::Closing(ClosingStep::Stopped)
                | State::Cancelled => false,
                State::Closing(_) | State::Closed | State::Released => true,
            }
    }

    /// Whether its envelopes have become ballots.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        match self.state {
            State::Draft
            | State::Open
            | State::Closing(ClosingStep::Stopped | ClosingStep::Listed)
            | State::Cancelled => false,
            State::Closing(_) | State::Closed | State::Released => true,
        }
    }

    /// Whether answers will be taken, but not yet.
    #[must_use]
    pub fn is_yet_to_open(&self, now: Moment) -> bool {
        !self.imported && matches!(self.state, State::Draft | State::Open) && now < self.opens
    }

    /// Whether it has begun and its results are not out yet.
    #[must_use]
    pub fn is_under_way(&self, now: Moment) -> bool {
        let asked = matches!(self.state, State::Open | State::Closing(_) | State::Closed);
        !self.imported && asked && now >= self.opens
    }

    fn in_state(self, state: State) -> Self {
        Self { state, ..self }
    }

    fn refusal(&self, wanted: &'static str) -> WaveRefusal {
        WaveRefusal::State { code: self.code.clone(), state: self.state, wanted }
    }
}

/// The wave nearest to a day, at most a quarter away: the one whose experience
/// a return of that day is compared with.
///
/// Source: methods.md 11.
#[must_use]
pub fn nearest(day: NaiveDate, waves: &[Wave]) -> Option<&Wave> {
    let far = |wave: &&Wave| {
        let (first, last) = (wave.opens.london_date(), wave.closes.london_date());
        (day - day.clamp(first, last.max(first))).num_days().abs()
    };
    waves.iter().min_by_key(far).filter(|wave| far(wave) <= 92)
}

/// A word that names no state or purpose.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names no state, purpose or showing of a wave")]
pub struct UnknownWord(pub String);

const STATES: [(State, &str, &str); 9] = [
    (State::Draft, "draft", "a draft"),
    (State::Open, "open", "open"),
    (State::Closing(ClosingStep::Stopped), "closing", "closing"),
    (State::Closing(ClosingStep::Listed), "closing-listed", "closing (receipts listed)"),
    (State::Closing(ClosingStep::Counted), "closing-counted", "closing (counted)"),
    (State::Closing(ClosingStep::Cleaned), "closing-cleaned", "closing (cleaned)"),
    (State::Closed, "closed", "closed"),
    (State::Released, "released", "published"),
    (State::Cancelled, "cancelled", "cancelled"),
];

impl State {
    /// The stable word for files and the database.
    #[must_use]
    pub fn word(self) -> &'static str {
        STATES.iter().find(|(state, ..)| *state == self).map_or("draft", |(_, word, _)| word)
    }
}

impl FromStr for State {
    type Err = UnknownWord;
    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        STATES
            .iter()
            .find(|(_, known, _)| *known == word)
            .map(|(state, ..)| *state)
            .ok_or_else(|| UnknownWord(word.to_owned()))
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = STATES.iter().find(|(state, ..)| state == self);
        f.write_str(said.map_or("", |(.., said)| said))
    }
}

impl Purpose {
    /// The sentence that every page and mail must carry, if any.
    #[must_use]
    pub fn notice(self) -> Option<&'static str> {
        match self {
            Self::Survey => None,
            Self::Test => Some("TEST: this wave is a rehearsal. Its answers are not results."),
            Self::Synthetic => Some(SYNTHETIC),
        }
    }

    /// The stable word for files and the database.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Survey => "survey",
            Self::Test => "test",
            Self::Synthetic => "synthetic",
        }
    }
}

impl FromStr for Purpose {
    type Err = UnknownWord;
    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        match word {
            "survey" => Ok(Self::Survey),
            "test" => Ok(Self::Test),
            "synthetic" => Ok(Self::Synthetic),
            _ => Err(UnknownWord(word.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(state: State) -> Wave {
        let at = |text: &str| text.parse::<Moment>().expect("a moment");
        Wave {
            code: "2007-Q4".parse().expect("a code"),
            title: "October to December 2007".into(),
            modules: Vec::new(),
            definition: "ab".repeat(32).parse().expect("a fingerprint"),
            fin_year: "2007/08".into(),
            opens: at("2007-11-19T09:00"),
            closes: at("2007-12-14T17:00"),
            publishes: at("2008-01-07T09:00"),
            purpose: Purpose::Survey,
            imported: false,
            smallest: 5,
            smallest_groups: 3,
            state,
        }
    }

    #[test]
    fn a_wave_lives_from_draft_to_released() {
        let draft = wave(State::Draft);
        let (opens, closes) = (draft.opens, draft.closes);
        let open = draft.open(opens).expect("opens");
        assert!(open.takes_answers(opens) && !open.takes_answers(closes));
        let closing = open.begin_closing(closes, false).expect("closes");
        assert_eq!(closing.state, State::Closing(ClosingStep::Stopped));
        let counted = closing
            .advance_closing()
            .and_then(Wave::advance_closing)
            .and_then(Wave::advance_closing)
            .and_then(Wave::advance_closing)
            .expect("four steps");
        assert_eq!(counted.state, State::Closed);
        assert_eq!(counted.release(closes).expect("is published").state, State::Released);
    }

    #[test]
    fn wrong_moves_are_refused_from_every_state() {
        for (state, ..) in STATES {
            let now = wave(state).closes;
            let before = wave(state).opens;
            assert_eq!(wave(state).open(before).is_ok(), state == State::Draft);
            let closes = matches!(state, State::Open | State::Closing(_));
            assert_eq!(wave(state).begin_closing(now, false).is_ok(), closes);
            assert_eq!(wave(state).advance_closing().is_ok(), matches!(state, State::Closing(_)));
            assert_eq!(wave(state).release(now).is_ok(), state == State::Closed);
            assert_eq!(wave(state).check_asks(before).is_ok(), state == State::Open);
            let under_way = !matches!(state, State::Draft | State::Released | State::Cancelled);
            assert_eq!(wave(state).is_under_way(before), under_way);
            assert!(!wave(state).is_under_way(before.plus_seconds(-1)));
            let goes_on = matches!(state, State::Draft | State::Open);
            assert_eq!(wave(state).cancel().is_ok(), goes_on);
            let Wave { opens, closes, publishes, .. } = wave(state);
            let later =
                Dates { opens, closes: closes.plus_days(1), publishes: publishes.plus_days(1) };
            assert_eq!(wave(state).moved(later, before).is_ok(), goes_on);
            let sooner = Dates { opens, closes: closes.plus_days(-1), publishes };
            assert_eq!(wave(state).moved(sooner, before).is_ok(), state == State::Draft);
            assert_eq!(state.word().parse(), Ok(state));
        }
    }

    #[test]
    fn the_nearest_wave_is_at_most_a_quarter_away() {
        let waves = [wave(State::Released)];
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        assert!(nearest(day("2007-12-01"), &waves).is_some());
        assert!(nearest(day("2007-08-19"), &waves).is_some());
        assert!(nearest(day("2007-08-18"), &waves).is_none());
        assert!(nearest(day("2008-03-16"), &waves).is_none());
    }

    #[test]
    fn times_out_of_order_and_moves_at_the_wrong_time_are_refused() {
        let mut crooked = wave(State::Draft);
        crooked.closes = crooked.opens;
        assert!(matches!(crooked.checked(), Err(WaveRefusal::Times { .. })));
        let late = wave(State::Draft);
        let closes = late.closes;
        assert!(matches!(late.open(closes), Err(WaveRefusal::TooLate { .. })));
        let early = wave(State::Open);
        let opens = early.opens;
        assert!(matches!(
            early.clone().begin_closing(opens, false),
            Err(WaveRefusal::TooEarly { .. })
        ));
        let cut = early.begin_closing(opens, true).expect("closes early");
        assert_eq!(cut.closes, opens);
    }
}
