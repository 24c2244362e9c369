//! The second step of a sign-in: six digits from an app on a telephone. Its secret
//! rests sealed, a code works once, and after a few wrong ones nothing is compared for
//! a while.

use std::fmt;

use sha2::{Digest, Sha256};
use totp_rs::{Algorithm, Builder, Totp};
use zeroize::Zeroizing;

use crate::account::{Account, Stage};
use crate::keyring::Derived;
use crate::register::EmailAddress;
use crate::storage::{SecondStep, StorageError, Tx};
use crate::trail::Act;

use super::session::{Begun, alive, begin};
use super::sign_in::SessionSecret;
use super::{FlowError, House};

/// So many wrong codes an account has in [`LOCKED_MINUTES`].
pub const MOST_WRONG: usize = 5;
/// How long a wrong code counts.
pub const LOCKED_MINUTES: i64 = 15;
/// How many recovery codes there are.
const RECOVERY_CODES: usize = 10;
/// Letters and digits that are not mistaken for each other.
///
/// Source: Crockford's Base32.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Characters of a recovery code: 50 random bits.
const RECOVERY_LENGTH: usize = 10;

/// Why a second step is not set up, or not taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SecondStepRefusal {
    /// The account's role has no use for one.
    #[error("a second step is for accounts of the survey office")]
    NotForRole,
    /// There is one.
    #[error("the account has a second step")]
    OnAlready,
    /// There is none, or none that was begun.
    #[error("the account has no second step")]
    None,
    /// The sealed secret does not open: another master key is in use.
    #[error(
        "the second step does not open with the master key in use; put the right key back, or reset it: soundings user reset-second-step EMAIL"
    )]
    Unreadable,
}

/// How it stands with an account's second step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondStepState {
    /// There is none.
    Off,
    /// It is asked for at every sign-in.
    On {
        /// Recovery codes that were not used.
        codes_left: usize,
    },
}

/// What an app has to learn.
#[derive(Clone)]
pub struct Enrolment {
    /// The secret in letters and digits, in groups of four.
    pub secret: Zeroizing<String>,
    /// The same as an address that apps read from a picture.
    pub address: Zeroizing<String>,
}

impl fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Enrolment(…)")
    }
}

/// What became of a code.
#[derive(Debug, Clone)]
pub enum Tried<T> {
    /// It is right.
    Right(T),
    /// It is wrong, was used before, or is too old.
    Wrong,
    /// Too many were wrong: it was not looked at.
    Locked,
}

fn unlocked(house: &House, email: &EmailAddress, step: &SecondStep) -> Result<Totp, FlowError> {
    let secret = house
        .keyring
        .unseal(Derived::SecondSteps, &email.key(), &step.sealed)
        .ok_or(SecondStepRefusal::Unreadable)?;
    // The name of the house would be cut at a colon by apps.
    let issuer = house.settings.office.name.replace(':', " ");
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(30)
        .with_secret(secret.as_slice())
        .with_issuer(Some(format!("Soundings, {issuer}")))
        .with_account_name(email.expose().replace(':', " "))
        .build()
        .map_err(|_| SecondStepRefusal::Unreadable.into())
}

/// The hash of a recovery code as somebody typed it.
fn recovery_hash(house: &House, typed: &str) -> [u8; 32] {
    let plain: String = typed
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    Sha256::new()
        .chain_update(b"soundings recovery code 1")
        .chain_update(*house.keyring.derived(Derived::RecoveryCodes))
        .chain_update(plain.as_bytes())
        .finalize()
        .into()
}

/// New recovery codes, to be shown once: `ABCDE-12345`.
fn recovery_codes(house: &House) -> Vec<Zeroizing<String>> {
    let letter = || {
        let letter = ALPHABET.get(house.chance.below(ALPHABET.len()));
        char::from(letter.copied().unwrap_or(b'0'))
    };
    let code = || {
        let mut text: String = (0..RECOVERY_LENGTH).map(|_| letter()).collect();
        text.insert(RECOVERY_LENGTH / 2, '-');
        Zeroizing::new(text)
    };
    (0..RECOVERY_CODES).map(|_| code()).collect()
}

/// Whether a code is right; a right one is used up, a wrong one counts.
fn try_code(
    house: &House,
    tx: &mut Tx<'_>,
    email: &EmailAddress,
    step: &SecondStep,
    typed: &str,
) -> Result<Tried<SecondStep>, FlowError> {
    let now = house.now();
    let since = now.plus_seconds(-LOCKED_MINUTES * 60);
    let mut next = step.clone();
    next.wrong.retain(|at| *at > since);
    if next.wrong.len() >= MOST_WRONG {
        return Ok(Tried::Locked);
    }
    let totp = unlocked(house, email, step)?;
    let typed: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let seconds = u64::try_from(now.unix()).unwrap_or(0);
    let of_app = totp.check(&typed, seconds).and_then(|at| i64::try_from(at).ok());
    let right = match of_app {
        // A code was seen by whoever looked over a shoulder: it works once.
        Some(at) if at > step.last_step => {
            next.last_step = at;
            true
        }
        Some(_) => false,
        None => step.confirmed && tx.use_recovery_code(email, &recovery_hash(house, &typed))?,
    };
    if right {
        next.wrong.clear();
    } else {
        next.wrong.push(now);
        if next.wrong.len() == MOST_WRONG {
            house.note(tx, Act::SECOND_STEP_LOCKED, email.expose(), "")?;
        }
    }
    // Two at once would otherwise count as one.
    if !tx.move_second_step(email, step, &next)? {
        return Err(StorageError::Busy.into());
    }
    Ok(if right { Tried::Right(next) } else { Tried::Wrong })
}

/// The second step that is asked for.
fn confirmed(tx: &mut Tx<'_>, email: &EmailAddress) -> Result<SecondStep, FlowError> {
    let step = tx.second_step(email)?.filter(|step| step.confirmed);
    step.ok_or_else(|| SecondStepRefusal::None.into())
}

/// How it stands with an account's second step.
///
/// # Errors
/// If the database fails.
pub fn second_step_state(
    house: &House,
    email: &EmailAddress,
) -> Result<SecondStepState, FlowError> {
    house.store.read(|tx| {
        let on = tx.second_step(email)?.is_some_and(|step| step.confirmed);
        if !on {
            return Ok(SecondStepState::Off);
        }
        Ok(SecondStepState::On { codes_left: tx.recovery_codes_left(email)? })
    })
}

/// Makes a secret for an app; it is asked for only when a code was typed.
///
/// # Errors
/// If the role has no use for one, or there is one.
pub fn begin_second_step(house: &House, account: &Account) -> Result<(), FlowError> {
    if !account.role.is_of_office() {
        return Err(SecondStepRefusal::NotForRole.into());
    }
    let secret = Zeroizing::new(house.chance.bytes::<20>());
    let email = &account.email;
    let sealed = house.keyring.seal(Derived::SecondSteps, &email.key(), &*secret);
    house.store.write(|tx| {
        if tx.second_step(email)?.is_some_and(|step| step.confirmed) {
            return Err(SecondStepRefusal::OnAlready.into());
        }
        Ok(tx.begin_second_step(email, &sealed)?)
    })
}

/// What an app has to learn, if a second step was begun and is not confirmed.
///
/// # Errors
/// If there is none, or it is confirmed: then it is not shown again.
pub fn enrolment(house: &House, email: &EmailAddress) -> Result<Enrolment, FlowError> {
    let step = house.store.look(|tx| tx.second_step(email))?.ok_or(SecondStepRefusal::None)?;
    if step.confirmed {
        return Err(SecondStepRefusal::OnAlready.into());
    }
    let totp = unlocked(house, email, &step)?;
    let address = totp.to_url().map_err(|_| SecondStepRefusal::Unreadable)?;
    let plain = Zeroizing::new(totp.secret().to_base32());
    let mut secret = Zeroizing::new(String::new());
    for (at, letter) in plain.chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            secret.push(' ');
        }
        secret.push(letter);
    }
    Ok(Enrolment { secret, address: Zeroizing::new(address) })
}

/// Switches a second step on by a code of the app; gives the recovery codes, which are
/// told once and stored nowhere.
///
/// # Errors
/// If none was begun, or there is one.
pub fn confirm_second_step(
    house: &House,
    email: &EmailAddress,
    typed: &str,
) -> Result<Tried<Vec<Zeroizing<String>>>, FlowError> {
    let codes = recovery_codes(house);
    let hashes: Vec<_> = codes.iter().map(|code| recovery_hash(house, code)).collect();
    house.store.write(|tx| {
        let step = tx.second_step(email)?.ok_or(SecondStepRefusal::None)?;
        if step.confirmed {
            return Err(SecondStepRefusal::OnAlready.into());
        }
        let tried = try_code(house, tx, email, &step, typed)?;
        Ok(match tried {
            Tried::Wrong => Tried::Wrong,
            Tried::Locked => Tried::Locked,
            Tried::Right(step) => {
                let on = SecondStep { confirmed: true, ..step.clone() };
                if !tx.move_second_step(email, &step, &on)? {
                    return Err(StorageError::Busy.into());
                }
                tx.put_recovery_codes(email, &hashes)?;
                house.note(tx, Act::SECOND_STEP_ON, email.expose(), "")?;
                Tried::Right(codes)
            }
        })
    })
}

/// Takes a second step away, by a code or a recovery code.
///
/// # Errors
/// If there is none.
pub fn remove_second_step(
    house: &House,
    email: &EmailAddress,
    typed: &str,
) -> Result<Tried<()>, FlowError> {
    house.store.write(|tx| {
        let step = confirmed(tx, email)?;
        Ok(match try_code(house, tx, email, &step, typed)? {
            Tried::Wrong => Tried::Wrong,
            Tried::Locked => Tried::Locked,
            Tried::Right(_) => {
                tx.remove_second_step(email)?;
                house.note(tx, Act::SECOND_STEP_OFF, email.expose(), "")?;
                Tried::Right(())
            }
        })
    })
}

/// Takes the second step of somebody away who has lost it, and ends their sessions.
///
/// # Errors
/// If there is no such account, or it has none.
pub fn reset_second_step(house: &House, email: &EmailAddress) -> Result<(), FlowError> {
    house.store.write(|tx| {
        tx.account(email)?.ok_or(FlowError::NoAccount)?;
        if !tx.remove_second_step(email)? {
            return Err(SecondStepRefusal::None.into());
        }
        tx.delete_sessions_of(email)?;
        Ok(house.note(tx, Act::SECOND_STEP_RESET, email.expose(), "")?)
    })
}

/// Opens a session that waits for a code: it goes, and one with another secret comes.
///
/// # Errors
/// If the session does not wait for a code, or not any more.
pub fn pass_second_step(
    house: &House,
    waiting: &SessionSecret,
    typed: &str,
) -> Result<Tried<Begun>, FlowError> {
    let alive = alive(house);
    house.store.write(|tx| {
        let held = tx.session(&waiting.hash(), alive)?;
        let held = held.filter(|held| held.stage == Stage::CodeWanted);
        let account = held.ok_or(FlowError::DeadSignIn)?.account;
        // It may have been reset meanwhile: whoever waits begins again.
        let step = tx.second_step(&account.email)?.filter(|step| step.confirmed);
        let step = step.ok_or(FlowError::DeadSignIn)?;
        Ok(match try_code(house, tx, &account.email, &step, typed)? {
            Tried::Wrong => Tried::Wrong,
            Tried::Locked => Tried::Locked,
            Tried::Right(_) => {
                if !tx.delete_session(&waiting.hash())? {
                    return Err(FlowError::DeadSignIn);
                }
                Tried::Right(begin(house, tx, account, Stage::Open)?)
            }
        })
    })
}

/// Whether a session waits for a code.
///
/// # Errors
/// If the database fails.
pub fn waits_for_code(house: &House, session: &SessionSecret) -> Result<bool, FlowError> {
    let alive = alive(house);
    let held = house.store.look(|tx| tx.session(&session.hash(), alive))?;
    Ok(held.is_some_and(|held| held.stage == Stage::CodeWanted))
}
