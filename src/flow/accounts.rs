//! The survey office sees to who may sign in: adds accounts, changes what they see,
//! and ends them. In the browser the last administrator stays.

use chrono::NaiveDate;

use crate::account::{Account, Role};
use crate::id::UnitSlug;
use crate::register::EmailAddress;
use crate::storage::{Pin, Tx};
use crate::trail::{Act, Actor};

use super::session::alive;
use super::{FlowError, House};

/// Why an account stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountRefusal {
    /// Nobody could see to accounts any more.
    #[error("this is the last administrator of the survey office: add another first")]
    LastAdministrator,
    /// There is one with this address.
    #[error("there is an account of that address already")]
    Exists,
    /// A PCT's account belongs to a unit.
    #[error("an account of the role pct needs --unit CODE, its reporting unit")]
    UnitNeeded,
    /// The unit is not in the register.
    #[error("there is no reporting unit {unit}; there are: {}", .known.join(", "))]
    UnknownUnit {
        /// The unit asked for.
        unit: UnitSlug,
        /// Those of the register.
        known: Vec<String>,
    },
    /// Only PCTs have units.
    #[error("a reporting unit goes with the role pct only")]
    UnitOfNobody,
    /// One's own second step is taken away with a code, not by the office.
    #[error("your own second step is taken away on your own page, with a code")]
    OwnSecondStep,
}

/// An account as the office sees it.
#[derive(Debug, Clone)]
pub struct AccountEntry {
    /// Who, and what they may see.
    pub account: Account,
    /// The name of their unit.
    pub unit: Option<String>,
    /// Whether a code is asked for when they sign in.
    pub second_step: bool,
    /// The day of their last sign-in.
    pub last_sign_in: Option<NaiveDate>,
    /// How many sessions are open.
    pub sessions: usize,
    /// How many tokens of programs there are.
    pub tokens: usize,
    /// The account at an identity provider that opens it.
    pub pin: Option<Pin>,
}

/// Every account, by address.
///
/// # Errors
/// If the database fails.
pub fn accounts(house: &House) -> Result<Vec<AccountEntry>, FlowError> {
    let alive = alive(house);
    house.store.read(|tx| {
        let (sessions, tokens) = (tx.open_sessions(alive)?, tx.api_tokens()?);
        let (days, steps, mut pins) = (tx.last_sign_ins()?, tx.second_steps()?, tx.pins()?);
        let mut entries = Vec::new();
        for account in tx.accounts()? {
            let key = account.email.key();
            let unit = match &account.unit {
                None => None,
                Some(slug) => Some(tx.unit_label(slug)?.unwrap_or_else(|| slug.to_string())),
            };
            entries.push(AccountEntry {
                unit,
                second_step: steps.contains(&key),
                last_sign_in: days.get(&key).copied(),
                sessions: sessions.get(&key).copied().unwrap_or(0),
                tokens: tokens.get(&key).copied().unwrap_or(0),
                pin: pins.remove(&key),
                account,
            });
        }
        Ok(entries)
    })
}

/// The units that an account of a PCT can belong to, with their names.
///
/// # Errors
/// If the database fails.
pub fn units_for_accounts(house: &House) -> Result<Vec<(UnitSlug, String)>, FlowError> {
    let register = house.store.read(|tx| tx.register())?;
    Ok(register.units.into_iter().map(|unit| (unit.slug, unit.label)).collect())
}

fn check_unit(tx: &mut Tx<'_>, account: &Account) -> Result<(), FlowError> {
    match (account.role, &account.unit) {
        (Role::Pct, None) => Err(AccountRefusal::UnitNeeded.into()),
        (Role::Pct, Some(unit)) => {
            let register = tx.register()?;
            if register.units.iter().any(|known| known.slug == *unit) {
                return Ok(());
            }
            let known = register.units.iter().map(|unit| unit.slug.to_string()).collect();
            Err(AccountRefusal::UnknownUnit { unit: unit.clone(), known }.into())
        }
        (_, Some(_)) => Err(AccountRefusal::UnitOfNobody.into()),
        (_, None) => Ok(()),
    }
}

/// Refuses if nobody could see to accounts after this administrator.
fn check_not_last(house: &House, tx: &mut Tx<'_>, account: &Account) -> Result<(), FlowError> {
    // Whoever may run commands on the server can always add another.
    let by_command = house.actor == Actor::CommandLine;
    if account.role == Role::Office && !by_command && tx.hold_administrators()? < 2 {
        return Err(AccountRefusal::LastAdministrator.into());
    }
    Ok(())
}

/// Their role and unit, for the audit trail.
fn in_words(account: &Account) -> String {
    let unit = account.unit.as_ref().map_or(String::new(), |unit| format!(" {unit}"));
    format!("{}{unit}", account.role.word())
}

/// Adds an account.
///
/// # Errors
/// If there is one with that address, or its unit does not fit.
pub fn add_account(house: &House, new: &Account) -> Result<(), FlowError> {
    house.store.write(|tx| {
        check_unit(tx, new)?;
        if tx.account(&new.email)?.is_some() {
            return Err(AccountRefusal::Exists.into());
        }
        tx.put_account(new)?;
        Ok(house.note(tx, Act::ACCOUNT_PUT, new.email.expose(), &in_words(new))?)
    })
}

/// Changes the role and unit of an account, which ends its sessions and tokens;
/// `false` if it was so already.
///
/// # Errors
/// If there is none, its unit does not fit, or it is that of the last administrator.
pub fn change_account(house: &House, new: &Account) -> Result<bool, FlowError> {
    house.store.write(|tx| {
        check_unit(tx, new)?;
        let old = tx.account(&new.email)?.ok_or(FlowError::NoAccount)?;
        if old.role == new.role && old.unit == new.unit {
            return Ok(false);
        }
        if new.role != Role::Office {
            check_not_last(house, tx, &old)?;
        }
        tx.put_account(new)?;
        let detail = format!("{}, before: {}", in_words(new), in_words(&old));
        house.note(tx, Act::ACCOUNT_PUT, new.email.expose(), &detail)?;
        Ok(true)
    })
}

/// Adds an account, or changes the one that there is.
///
/// # Errors
/// As [`add_account`] and [`change_account`].
pub fn put_account(house: &House, new: &Account) -> Result<(), FlowError> {
    match add_account(house, new) {
        Err(FlowError::Account(AccountRefusal::Exists)) => change_account(house, new).map(drop),
        other => other,
    }
}

/// Removes an account; its sessions, links and tokens end.
///
/// # Errors
/// If there is none, or it is that of the last administrator.
pub fn remove_account(house: &House, email: &EmailAddress) -> Result<(), FlowError> {
    house.store.write(|tx| {
        let old = tx.account(email)?.ok_or(FlowError::NoAccount)?;
        check_not_last(house, tx, &old)?;
        if !tx.remove_account(email)? {
            return Err(FlowError::NoAccount);
        }
        Ok(house.note(tx, Act::ACCOUNT_REMOVED, email.expose(), &in_words(&old))?)
    })
}
