//! Two people for what cannot be undone, where the house wants that: one of the office
//! asks, a colleague does it. Whoever runs commands on the server is not held up, and
//! stands in the audit trail.

use crate::account::Role;
use crate::storage::{AskedSecond, StorageError, Tx};
use crate::trail::{Act, Actor};

use super::{FlowError, House};

/// A request is good for so many days.
const DAYS: i64 = 7;

/// How far it is with two people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Second {
    /// One is enough.
    NotNeeded,
    /// Nobody has asked for this yet.
    ToAsk,
    /// Whoever looks has asked: a colleague must do it.
    Waits(AskedSecond),
    /// A colleague asked: whoever looks may do it.
    MayDo(AskedSecond),
}

impl Second {
    /// Whether whoever looks may do it now.
    #[must_use]
    pub fn may_do(&self) -> bool {
        matches!(self, Self::NotNeeded | Self::MayDo(_))
    }
}

fn of(
    house: &House,
    tx: &mut Tx<'_>,
    act: Act,
    about: &str,
    form: &str,
) -> Result<Second, StorageError> {
    let Actor::Account(who) = &house.actor else { return Ok(Second::NotNeeded) };
    if !house.settings.two_people {
        return Ok(Second::NotNeeded);
    }
    let since = house.now().plus_days(-DAYS);
    let asked = tx.second(act, about)?.filter(|asked| asked.form == form && asked.at > since);
    // Whoever asked must still be one of those who may.
    let counts = match &asked {
        Some(asked) => tx.account(&asked.by)?.is_some_and(|account| account.role == Role::Office),
        None => false,
    };
    Ok(match asked.filter(|_| counts) {
        None => Second::ToAsk,
        Some(asked) if asked.by == *who => Second::Waits(asked),
        Some(asked) => Second::MayDo(asked),
    })
}

/// How far it is with two people for an act in this form.
///
/// # Errors
/// If the database refuses.
pub fn second(house: &House, act: Act, about: &str, form: &str) -> Result<Second, FlowError> {
    Ok(house.store.read(|tx| of(house, tx, act, about, form))?)
}

/// Asks a colleague to do something, in the place of an earlier request for it.
///
/// # Errors
/// If the database refuses.
pub fn ask_second(house: &House, act: Act, about: &str, form: &str) -> Result<(), FlowError> {
    let Actor::Account(by) = house.actor.clone() else { return Ok(()) };
    let (about, form) = (about.to_owned(), form.to_owned());
    let asked = AskedSecond { act, about, form, by, at: house.now() };
    Ok(house.store.write(|tx| {
        tx.put_second(&asked)?;
        house.note(tx, Act::SECOND_ASKED, &asked.about, act.word())
    })?)
}

/// Takes a request back; `false` if there was none.
///
/// # Errors
/// If the database refuses.
pub fn take_back_second(house: &House, act: Act, about: &str) -> Result<bool, FlowError> {
    Ok(house.store.write(|tx| {
        let known = tx.delete_second(act, about)?;
        if known {
            house.note(tx, Act::SECOND_TAKEN_BACK, about, act.word())?;
        }
        Ok::<_, StorageError>(known)
    })?)
}

/// Everything that colleagues were asked to do and have not done.
///
/// # Errors
/// If the database refuses.
pub fn asked_seconds(house: &House) -> Result<Vec<AskedSecond>, FlowError> {
    let since = house.now().plus_days(-DAYS);
    let mut all = house.store.read(|tx| tx.seconds())?;
    all.retain(|asked| asked.at > since);
    Ok(all)
}

/// Refuses an act that needs a colleague, in the transaction that does it; uses the
/// request up. Says who asked, for the trail.
pub(super) fn with_second(
    house: &House,
    tx: &mut Tx<'_>,
    act: Act,
    about: &str,
    form: &str,
) -> Result<String, FlowError> {
    match of(house, tx, act, about, form)? {
        Second::NotNeeded => Ok(String::new()),
        Second::ToAsk | Second::Waits(_) => Err(FlowError::SecondNeeded),
        Second::MayDo(asked) => {
            tx.delete_second(act, about)?;
            Ok(format!(" (asked for by {})", asked.by.expose()))
        }
    }
}
