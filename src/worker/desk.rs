//! The desk over which all mails of one process go: its name in the ledger, its
//! journal, and what is known of the mail server's mood.

use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::flow::{self, FlowError, House};
use crate::ledger::Ended;
use crate::mail::{Journal, Left, Mark};
use crate::storage::Claim;
use crate::time::Moment;

/// What the lines of one process share.
pub(super) struct Desk {
    house: House,
    journal: Journal,
    open: Mutex<usize>,
    trouble: Mutex<Weather>,
}

/// How long nobody asks the mail server for anything.
#[derive(Default)]
struct Weather {
    /// How often in a row it was out of reach.
    times: i32,
    until: Option<Moment>,
}

const INTERRUPTED: &str = "the program stopped while this mail was on its way";

/// Where the journals of this data folder are.
fn folder(house: &House) -> PathBuf {
    house.settings.data.join("mail")
}

impl Desk {
    /// A new desk.
    ///
    /// # Errors
    /// If its journal cannot be made.
    pub(super) fn new(house: House) -> io::Result<Self> {
        let journal = Journal::open(&folder(&house), &house.chance)?;
        Ok(Self { house, journal, open: Mutex::default(), trouble: Mutex::default() })
    }

    /// What the ledger calls this process.
    pub(super) fn name(&self) -> &str {
        self.journal.name()
    }

    fn open(&self) -> MutexGuard<'_, usize> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn weather(&self) -> MutexGuard<'_, Weather> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The message is about to go.
    pub(super) fn begun(&self, claim: &Claim) {
        let mut open = self.open();
        *open += 1;
        if let Err(error) = self.journal.begun(&claim.id, claim.fence) {
            tracing::error!(%error, "the journal of mails cannot be written");
        }
    }

    /// The server has answered to a message that was begun.
    pub(super) fn answered(&self, claim: &Claim, mark: Mark) {
        if let Err(error) = self.journal.ended(&claim.id, claim.fence, mark) {
            tracing::error!(%error, "the journal of mails cannot be written");
        }
    }

    /// The ledger holds what became of so many mails that were begun. When none is
    /// left, the journal begins anew.
    pub(super) fn recorded(&self, begun: usize) {
        let mut open = self.open();
        *open = open.saturating_sub(begun);
        if *open == 0
            && begun > 0
            && let Err(error) = self.journal.forget_all()
        {
            tracing::error!(%error, "the journal of mails cannot be emptied");
        }
    }

    /// Until when the mail server is left alone, if it is.
    pub(super) fn closed_until(&self) -> Option<Moment> {
        let now = self.house.now();
        self.weather().until.filter(|until| *until > now)
    }

    /// The mail server is out of reach, or unwilling whatever the mail.
    pub(super) fn server_failed(&self) -> Moment {
        let now = self.house.now();
        let mut weather = self.weather();
        match weather.until {
            // Another line has met the same trouble.
            Some(until) if until > now => until,
            _ => {
                // One broken line says little; a server that stays away is left in peace.
                let longest = (2_i64 << weather.times.clamp(0, 8)).min(300);
                let chance = i64::try_from(self.house.chance.below(3)).unwrap_or(0);
                let until = now.plus_seconds(longest + chance);
                *weather = Weather { times: weather.times + 1, until: Some(until) };
                until
            }
        }
    }

    /// The mail server answers again.
    pub(super) fn server_works(&self) {
        let mut weather = self.weather();
        if weather.times > 0 {
            *weather = Weather::default();
        }
    }

    /// Settles the mails of processes of this folder that are dead: what they wrote
    /// down is believed, what they had not begun goes back into the queue.
    pub(super) fn bury_the_dead(house: &House) -> Result<usize, FlowError> {
        let left = Journal::of_the_dead(&folder(house))
            .map_err(|error| FlowError::File { path: folder(house), why: error.to_string() })?;
        let mut settled = 0;
        for dead in left {
            settled += flow::bury_worker(house, dead.name(), &|claim| fate(&dead, claim))?;
            if let Err(error) = dead.remove() {
                tracing::error!(%error, "the journal of a dead process cannot be removed");
            }
        }
        Ok(settled)
    }
}

/// What became of a mail that a dead process had claimed.
fn fate(dead: &Left, claim: &Claim) -> Ended {
    let mut mails = dead.mails().iter();
    match mails.find(|mail| mail.id == claim.id && mail.fence == claim.fence) {
        None => Ended::NotBegun,
        Some(begun) => match begun.mark {
            Some(Mark::Taken) => Ended::Sent,
            // Why is not known any more; it is soon tried again.
            Some(Mark::NotTaken) => Ended::NotBegun,
            None => Ended::Unknown(INTERRUPTED.to_owned()),
        },
    }
}
