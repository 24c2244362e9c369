//! Sessions of staff: begun by a sign-in, ended by the clock, by signing out and by
//! whoever may change the account. One that waits for a code opens nothing.

use crate::account::{Account, Stage};
use crate::config::SecondStepRule;
use crate::register::EmailAddress;
use crate::storage::{Alive, HeldSession, StorageError, Tx};
use crate::time::Moment;
use crate::trail::Act;

use super::sign_in::SessionSecret;
use super::{FlowError, House};

/// A session ends so many hours after it began, however much it is used.
pub const SESSION_HOURS: i64 = 12;
/// A code is waited for so long.
const CODE_MINUTES: i64 = 10;
/// That a session is used is written down this often: reading stays cheap.
const NOTED_EVERY: i64 = 60;

/// Somebody who is signed in, or whose link was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their account.
    pub account: Account,
    /// The name of their own unit, for the role PCT.
    pub unit: Option<String>,
    /// Whether they have to set up a second step before anything else opens.
    pub must_enrol: bool,
}

/// A session that was just begun.
#[derive(Debug, Clone)]
pub struct Begun {
    /// The secret for the cookie.
    pub secret: SessionSecret,
    /// Whose it is.
    pub account: Account,
    /// Whether it waits for a code and opens nothing until then.
    pub code_wanted: bool,
}

/// Somebody's session in use.
#[derive(Debug, Clone)]
pub struct InUse {
    /// Who.
    pub person: Person,
    /// Whether [`touch_session`] should be called for it.
    pub to_note: bool,
}

/// Which sessions have not ended.
pub(super) fn alive(house: &House) -> Alive {
    let now = house.now();
    let idle = i64::from(house.settings.session_idle_minutes) * 60;
    Alive { now, idle_since: now.plus_seconds(-idle) }
}

/// Who an account is, for the frame of pages.
pub(super) fn person(
    house: &House,
    tx: &mut Tx<'_>,
    account: Account,
) -> Result<Person, StorageError> {
    let unit = match &account.unit {
        None => None,
        Some(slug) => Some(tx.unit_label(slug)?.unwrap_or_else(|| slug.to_string())),
    };
    let required = house.settings.second_step == SecondStepRule::Required;
    let must_enrol = required && account.role.is_of_office() && !has_second_step(tx, &account)?;
    Ok(Person { account, unit, must_enrol })
}

fn has_second_step(tx: &mut Tx<'_>, account: &Account) -> Result<bool, StorageError> {
    Ok(tx.second_step(&account.email)?.is_some_and(|step| step.confirmed))
}

/// Begins a session for somebody who proved who they are by one thing. With a second
/// step it waits for a code.
pub(super) fn enter(
    house: &House,
    tx: &mut Tx<'_>,
    account: Account,
) -> Result<Begun, StorageError> {
    if has_second_step(tx, &account)? {
        begin(house, tx, account, Stage::CodeWanted)
    } else {
        begin(house, tx, account, Stage::Open)
    }
}

/// Begins a session, always with a new secret.
pub(super) fn begin(
    house: &House,
    tx: &mut Tx<'_>,
    account: Account,
    stage: Stage,
) -> Result<Begun, StorageError> {
    let (now, secret) = (house.now(), SessionSecret::random(house));
    let lasts = match stage {
        Stage::Open => SESSION_HOURS * 3600,
        Stage::CodeWanted => CODE_MINUTES * 60,
    };
    tx.insert_session(&secret.hash(), &account.email, stage, (now, now.plus_seconds(lasts)))?;
    if stage == Stage::Open {
        tx.note_sign_in(&account.email, now.london_date())?;
    }
    Ok(Begun { secret, account, code_wanted: stage == Stage::CodeWanted })
}

/// Who is signed in with this session, if anybody.
///
/// # Errors
/// If the database fails.
pub fn signed_in(house: &House, session: &SessionSecret) -> Result<Option<InUse>, FlowError> {
    let alive = alive(house);
    // Asked for every page: a statement, and another for the name of a PCT's unit.
    let held = house.store.look(|tx| tx.session(&session.hash(), alive))?;
    let Some(held) = held.filter(|held| held.stage == Stage::Open) else { return Ok(None) };
    let to_note = held.seen.plus_seconds(NOTED_EVERY) <= alive.now;
    let person = house.store.look(|tx| person(house, tx, held.account))?;
    Ok(Some(InUse { person, to_note }))
}

/// Notes that a session is used, so that it does not end for being left alone.
///
/// # Errors
/// If the database fails.
pub fn touch_session(house: &House, session: &SessionSecret) -> Result<(), FlowError> {
    let now = house.now();
    Ok(house.store.write(|tx| tx.touch_session(&session.hash(), now))?)
}

/// Ends a session.
///
/// # Errors
/// If the database fails.
pub fn end_session(house: &House, session: &SessionSecret) -> Result<(), FlowError> {
    house.store.write(|tx| Ok(tx.delete_session(&session.hash()).map(drop)?))
}

/// An open session of an account, for its owner to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionView {
    /// When it began.
    pub begun: Moment,
    /// When it was used last, to the minute or so.
    pub seen: Moment,
}

/// The open sessions of an account, the last used first.
///
/// # Errors
/// If the database fails.
pub fn sessions_of(house: &House, email: &EmailAddress) -> Result<Vec<SessionView>, FlowError> {
    let alive = alive(house);
    let held = house.store.look(|tx| tx.sessions_of(email, alive))?;
    let open = held.iter().filter(|held| held.stage == Stage::Open);
    Ok(open.map(|&HeldSession { begun, seen, .. }| SessionView { begun, seen }).collect())
}

/// Ends every session of an account; says how many there were.
///
/// # Errors
/// If there is no such account.
pub fn sign_out_everywhere(house: &House, email: &EmailAddress) -> Result<usize, FlowError> {
    house.store.write(|tx| {
        tx.account(email)?.ok_or(FlowError::NoAccount)?;
        let ended = tx.delete_sessions_of(email)?;
        house.note(
            tx,
            Act::SIGNED_OUT_EVERYWHERE,
            email.expose(),
            &format!("sessions: {ended}"),
        )?;
        Ok(ended)
    })
}
