//! When results come out: at one minute for everybody, decided after they were looked
//! at. Until then the office sees them, and whoever it let see them by name of their
//! office and with a reason, which is published with the results.

use crate::id::WaveCode;
use crate::register::EmailAddress;
use crate::storage::{EarlyAccess, StorageError, Tx};
use crate::time::Moment;
use crate::trail::Act;
use crate::wave::{Peers, Showing, State, Wave};

use super::second::with_second;
use super::{FlowError, House, held_wave, move_wave, publish_release, the_wave};

/// Most characters of a reason.
pub const MOST_REASON: usize = 200;

/// Decides when a release that is made is published: at `at`, or when the wave said that
/// its results come. Everybody sees them from that moment.
///
/// # Errors
/// If there is no release to publish, or the moment has passed.
pub fn plan_release(house: &House, code: &WaveCode, at: Option<Moment>) -> Result<Wave, FlowError> {
    let now = house.now();
    house.store.write(|tx| {
        let wave = held_wave(tx, code)?;
        let at = at.unwrap_or(wave.publishes);
        if at <= now {
            return Err(FlowError::PlanPassed(at));
        }
        wave.clone().release(now)?;
        if !tx.plan_release(code, Some(at))? {
            return Err(FlowError::NoRelease(code.clone()));
        }
        let digest = tx.release(code)?.map(|(release, _)| release.digest().to_owned());
        let form = format!("{} {at}", digest.unwrap_or_default());
        let asked = with_second(house, tx, Act::RELEASE_PLANNED, code.as_str(), &form)?;
        let from = wave.state;
        let planned = Wave { publishes: at, ..wave };
        move_wave(tx, from, &planned)?;
        house.note(tx, Act::RELEASE_PLANNED, code.as_str(), &format!("{at}{asked}"))?;
        Ok(planned)
    })
}

/// Takes that decision back.
///
/// # Errors
/// If there is no release to publish.
pub fn unplan_release(house: &House, code: &WaveCode) -> Result<(), FlowError> {
    house.store.write(|tx| {
        the_wave(tx, code)?;
        let known = tx.plan_release(code, None)?;
        if !known {
            return Err(FlowError::NoRelease(code.clone()));
        }
        Ok(house.note(tx, Act::RELEASE_UNPLANNED, code.as_str(), "")?)
    })
}

/// When a wave's release is to be published, if that is decided and it is not.
///
/// # Errors
/// If the database refuses.
pub fn release_plan(house: &House, code: &WaveCode) -> Result<Option<Moment>, FlowError> {
    Ok(house.store.read(|tx| tx.release_plan(code))?)
}

/// Publishes what is due. Says which waves.
///
/// # Errors
/// The first that cannot be published; it stays due, and the others are published.
pub fn publish_due(house: &House) -> Result<Vec<WaveCode>, FlowError> {
    let now = house.now();
    let due = house.store.read(|tx| tx.releases_due(now))?;
    let (mut published, mut failed) = (Vec::new(), None);
    for code in due {
        match publish_release(house, &code) {
            Ok(_) => published.push(code),
            // Another worker was faster.
            Err(FlowError::Wave(_) | FlowError::Storage(StorageError::Busy)) => {}
            Err(error) => failed = failed.or(Some(error)),
        }
    }
    failed.map_or(Ok(published), Err)
}

/// Changes how a wave's results are shown; none leaves it as it is.
///
/// # Errors
/// If peers are to be shown otherwise once results are published.
pub fn set_showing(
    house: &House,
    code: &WaveCode,
    peers: Option<Peers>,
    public_summary: Option<bool>,
) -> Result<Showing, FlowError> {
    house.store.write(|tx| {
        let wave = held_wave(tx, code)?;
        let before = tx.showing(code)?;
        let after = Showing {
            peers: peers.unwrap_or(before.peers),
            public_summary: public_summary.unwrap_or(before.public_summary),
        };
        if wave.state == State::Released && after.peers != before.peers {
            return Err(FlowError::PeersStay(code.clone()));
        }
        if after != before {
            tx.put_showing(code, after)?;
            let summary = if after.public_summary { "public" } else { "not public" };
            let detail = format!("peers {}; summary {summary}", after.peers.word());
            house.note(tx, Act::WAVE_SHOWN, code.as_str(), &detail)?;
        }
        Ok(after)
    })
}

/// How a wave's results are shown.
///
/// # Errors
/// If the database refuses.
pub fn showing(house: &House, code: &WaveCode) -> Result<Showing, FlowError> {
    Ok(house.store.read(|tx| tx.showing(code))?)
}

/// The published waves whose summary anybody may read, the newest first.
///
/// # Errors
/// If the database refuses.
pub fn public_summaries(house: &House) -> Result<Vec<Wave>, FlowError> {
    house.store.read(|tx| {
        let mut open = Vec::new();
        for wave in tx.waves()?.into_iter().filter(|wave| wave.state == State::Released) {
            if tx.showing(&wave.code)?.public_summary {
                open.push(wave);
            }
        }
        Ok(open)
    })
}

/// Lets an account see a wave's results before their publication, for a reason that is
/// published with them.
///
/// # Errors
/// If there is no such account, it sees no results anyway, the results are published, or
/// it was let before.
pub fn grant_early(
    house: &House,
    code: &WaveCode,
    email: &EmailAddress,
    reason: &str,
) -> Result<(), FlowError> {
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    if reason.is_empty() || reason.chars().count() > MOST_REASON {
        return Err(FlowError::ReasonLength);
    }
    let now = house.now();
    house.store.write(|tx| {
        let wave = held_wave(tx, code)?;
        if wave.state == State::Released {
            return Err(FlowError::PublishedAlready(code.clone()));
        }
        let account = tx.account(email)?.ok_or(FlowError::NoAccount)?;
        let unit = account.unit.as_ref().map(|unit| format!(" {unit}")).unwrap_or_default();
        let access = EarlyAccess {
            email: account.email.clone(),
            who: format!("{}{unit}", account.role),
            reason: reason.clone(),
            granted: now,
            withdrawn: None,
            seen: None,
        };
        tx.grant_early(code, &access).map_err(|error| match error {
            StorageError::Conflict { .. } => FlowError::GrantedAlready(code.clone()),
            other => FlowError::from(other),
        })?;
        let detail = format!("{}: {reason}", account.email.expose());
        Ok(house.note(tx, Act::EARLY_GRANTED, code.as_str(), &detail)?)
    })
}

/// Ends that. What was granted stays in the list.
///
/// # Errors
/// If the account has no early access to this wave's results.
pub fn withdraw_early(
    house: &House,
    code: &WaveCode,
    email: &EmailAddress,
) -> Result<(), FlowError> {
    let now = house.now();
    house.store.write(|tx| {
        let ended = tx.withdraw_early(code, email, now)?;
        if !ended {
            return Err(FlowError::NotGranted(code.clone()));
        }
        Ok(house.note(tx, Act::EARLY_WITHDRAWN, code.as_str(), email.expose())?)
    })
}

/// Everybody who was let see a wave's results before their publication.
///
/// # Errors
/// If there is no such wave.
pub fn early_access(house: &House, code: &WaveCode) -> Result<Vec<EarlyAccess>, FlowError> {
    house.store.read(|tx| {
        the_wave(tx, code)?;
        Ok(tx.early_access(code)?)
    })
}

/// Whether an account may see a wave's results now though they are not published; that it
/// looked is kept.
pub(super) fn sees_early(
    tx: &mut Tx<'_>,
    code: &WaveCode,
    email: &EmailAddress,
) -> Result<bool, StorageError> {
    let mut granted = tx.early_access(code)?.into_iter();
    Ok(granted.any(|one| one.email == *email && one.withdrawn.is_none()))
}
