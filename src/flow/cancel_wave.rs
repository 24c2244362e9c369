//! Gives a wave up: from the moment it is cancelled no answer is taken; envelopes and
//! drafts are deleted unread, the database is rewritten without them, and the keys are
//! destroyed. Broken off, it is taken up again.

use crate::id::WaveCode;
use crate::keyring::Secret;
use crate::trail::Act;
use crate::wave::{Dates, State, Wave};

use super::create_wave::financial_year;
use super::second::with_second;
use super::{FlowError, House, MOST_REASON, held_wave, move_wave};

/// Cancels a draft or an open wave.
///
/// # Errors
/// If closing has begun, the reason is missing or too long, or a colleague must do it.
pub fn cancel_wave(house: &House, code: &WaveCode, reason: &str) -> Result<Wave, FlowError> {
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    if reason.is_empty() || reason.chars().count() > MOST_REASON {
        return Err(FlowError::ReasonLength);
    }
    let wave = house.store.write(|tx| {
        let wave = held_wave(tx, code)?;
        let from = wave.state;
        let cancelled = wave.cancel()?;
        let asked = if from == State::Open {
            with_second(house, tx, Act::WAVE_CANCELLED, code.as_str(), "")?
        } else {
            String::new()
        };
        move_wave(tx, from, &cancelled)?;
        tx.delete_envelopes(code)?;
        tx.delete_drafts(code)?;
        tx.delete_deputies(code)?;
        tx.delete_morning_turnout(code)?;
        tx.forget_standing(code)?;
        tx.delete_mails(code)?;
        tx.delete_prepared_key(code)?;
        tx.put_cancelled(code, &reason)?;
        house.note(tx, Act::WAVE_CANCELLED, code.as_str(), &format!("{reason}{asked}"))?;
        Ok::<_, FlowError>(cancelled)
    })?;
    end(house, code)?;
    Ok(wave)
}

/// Takes up cancellings that were broken off.
///
/// # Errors
/// The first that fails.
pub(super) fn resume_cancellings(house: &House) -> Result<(), FlowError> {
    for wave in house.store.read(|tx| tx.waves())? {
        if wave.state == State::Cancelled && house.keyring.get(&wave.code, Secret::Links).is_ok() {
            end(house, &wave.code)?;
        }
    }
    Ok(())
}

/// What follows once nobody can answer any more. The links' key goes last: as long as it
/// is there, this is not done.
fn end(house: &House, code: &WaveCode) -> Result<(), FlowError> {
    house.store.clean(code)?;
    for secret in [Secret::BallotBox, Secret::Drafts, Secret::Links] {
        house.keyring.destroy(code, secret)?;
    }
    Ok(())
}

/// Why a wave was cancelled, if it was.
///
/// # Errors
/// If the database fails.
pub fn cancelled(house: &House, code: &WaveCode) -> Result<Option<String>, FlowError> {
    Ok(house.store.read(|tx| tx.cancelled(code))?)
}

/// Gives a wave other dates.
///
/// # Errors
/// If its state does not allow that, or they are not in order.
pub fn move_dates(house: &House, code: &WaveCode, dates: Dates) -> Result<Wave, FlowError> {
    let now = house.now();
    house.store.write(|tx| {
        let wave = held_wave(tx, code)?;
        let moved = wave.moved(dates, now)?;
        let moved = Wave { fin_year: financial_year(moved.opens), ..moved };
        tx.put_dates(&moved)?;
        let Wave { opens, closes, publishes, .. } = &moved;
        let detail = format!("opens {opens}, closes {closes}, results {publishes}");
        house.note(tx, Act::WAVE_MOVED, code.as_str(), &detail)?;
        Ok(moved)
    })
}
