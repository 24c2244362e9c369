//! Where a wave stands, for the office: counts only. While a wave is open, the
//! units' counts are those of the last morning, so that nobody can watch a
//! single answer come in.

use chrono::NaiveDate;

use crate::id::WaveCode;
use crate::storage::{CountsByUnit, OutboxCounts, StandingCounts, Turnout, Tx};
use crate::wave::{State, Wave};

use super::bring_key::key_status_in;
use super::{FlowError, House, KeyStatus, held_wave, the_wave};

/// Where a wave stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaveStatus {
    /// The wave.
    pub wave: Wave,
    /// All its leads, now.
    pub total: StandingCounts,
    /// By unit: as of `morning` while the wave is open, for good after that.
    pub units: CountsByUnit,
    /// The day at whose beginning the units were counted; none once counted for good.
    pub morning: Option<NaiveDate>,
    /// How far its mails are.
    pub mails: OutboxCounts,
    /// What may be said of its key; nothing before it is opened.
    pub key: Option<KeyStatus>,
}

/// Where a wave stands.
///
/// # Errors
/// If there is no such wave.
pub fn wave_status(house: &House, code: &WaveCode) -> Result<WaveStatus, FlowError> {
    house.store.read(|tx| {
        let wave = the_wave(tx, code)?;
        status(tx, wave)
    })
}

/// Where every wave stands, the newest first.
///
/// # Errors
/// If the database fails.
pub fn wave_statuses(house: &House) -> Result<Vec<WaveStatus>, FlowError> {
    house.store.read(|tx| tx.waves()?.into_iter().map(|wave| status(tx, wave)).collect())
}

/// Counts the units of open waves once a day.
///
/// # Errors
/// If the database fails.
pub fn count_this_morning(house: &House) -> Result<(), FlowError> {
    let today = house.now().london_date();
    house.store.write(|tx| {
        for wave in tx.waves()?.into_iter().filter(|wave| wave.state == State::Open) {
            // It may have begun to close since it was listed.
            let still_open = held_wave(tx, &wave.code)?.state == State::Open;
            let counted = tx.morning_turnout(&wave.code)?.map(|(day, _)| day);
            if still_open && counted != Some(today) {
                let counts = tx.standing_counts(&wave.code)?;
                tx.put_morning_turnout(&wave.code, today, &counts)?;
            }
        }
        Ok(())
    })
}

fn status(tx: &mut Tx<'_>, wave: Wave) -> Result<WaveStatus, FlowError> {
    let mails = tx.outbox_counts(&wave.code)?;
    let key = key_status_in(tx, &wave)?;
    let turnout = tx.turnout(&wave.code)?;
    if !turnout.is_empty() {
        let counts = |row: Turnout| {
            let Turnout { unit, invited, answered, .. } = row;
            (unit, StandingCounts { invited, answered, declined: 0 })
        };
        let units: CountsByUnit = turnout.into_iter().map(counts).collect();
        return Ok(WaveStatus { wave, total: sum(&units), units, morning: None, mails, key });
    }
    let total = sum(&tx.standing_counts(&wave.code)?);
    let (morning, units) = match tx.morning_turnout(&wave.code)? {
        Some((day, units)) => (Some(day), units),
        None => (None, CountsByUnit::new()),
    };
    Ok(WaveStatus { wave, total, units, morning, mails, key })
}

fn sum(units: &CountsByUnit) -> StandingCounts {
    units.values().fold(StandingCounts::default(), |sum, unit| StandingCounts {
        invited: sum.invited + unit.invited,
        answered: sum.answered + unit.answered,
        declined: sum.declined + unit.declined,
    })
}
