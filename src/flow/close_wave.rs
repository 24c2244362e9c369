//! Closes a wave and counts it. One of the two acts that know both the
//! invitations and the ballot box, and the last moment at which anything joins
//! them. Every step is safe to repeat: a closing that was broken off is taken
//! up where it stopped.

use std::collections::{BTreeMap, BTreeSet};

use crate::answer::Reply;
use crate::ballot_box::{BoxKey, count, rehearse};
use crate::id::{GroupSlug, UnitSlug, WaveCode};
use crate::invitation::{Invitation, Standing};
use crate::keyring::Secret;
use crate::storage::{Turnout, Tx};
use crate::wave::{ClosingStep, State, Wave};

use super::{FlowError, House, move_wave, the_wave};

/// What is told while a wave closes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closing {
    /// Answers are no longer taken.
    Stopped,
    /// The envelopes are opened and counted.
    Counted {
        /// Ballots that count.
        ballots: usize,
        /// Envelopes that gave no valid reply.
        spoiled: u32,
    },
    /// What was deleted is out of the database's files.
    Cleaned,
    /// The keys are destroyed; nothing can be opened any more.
    KeysDestroyed,
}

/// Closes a wave, step by step; tells each step once it is done.
///
/// # Errors
/// If the wave is not open or its time has not come (unless `early`), or a step
/// fails; calling again goes on from there.
pub fn close_wave(
    house: &House,
    code: &WaveCode,
    early: bool,
    mut tell: impl FnMut(Closing),
) -> Result<Wave, FlowError> {
    let now = house.now();
    let mut wave = house.store.write(|tx| {
        let wave = the_wave(tx, code)?;
        let from = wave.state;
        let closing = wave.begin_closing(now, early)?;
        if closing.state == State::Closing(ClosingStep::Stopped) {
            // Before anything is stopped, let alone destroyed.
            box_key(house, tx, code)?;
        }
        if closing.state != from {
            move_wave(tx, from, &closing)?;
        }
        Ok::<_, FlowError>(closing)
    })?;
    tell(Closing::Stopped);
    loop {
        let State::Closing(step) = wave.state else { return Ok(wave) };
        let told = match step {
            ClosingStep::Stopped => {
                let (next, told) = count_wave(house, wave)?;
                wave = next;
                told
            }
            ClosingStep::Counted => {
                house.store.clean()?;
                wave = advance(house, wave)?;
                Closing::Cleaned
            }
            ClosingStep::Cleaned => {
                house.keyring.destroy(code, Secret::BallotBox)?;
                house.keyring.destroy(code, Secret::Drafts)?;
                house.keyring.destroy(code, Secret::Links)?;
                wave = advance(house, wave)?;
                Closing::KeysDestroyed
            }
        };
        tell(told);
    }
}

/// Takes up every closing that was broken off.
///
/// # Errors
/// The first closing's that fails.
pub fn resume_closings(house: &House) -> Result<Vec<WaveCode>, FlowError> {
    let waves = house.store.read(|tx| tx.waves())?;
    let mut resumed = Vec::new();
    for wave in waves.into_iter().filter(|wave| matches!(wave.state, State::Closing(_))) {
        close_wave(house, &wave.code, true, |_| {})?;
        resumed.push(wave.code);
    }
    Ok(resumed)
}

fn advance(house: &House, wave: Wave) -> Result<Wave, FlowError> {
    house.store.write(|tx| {
        let from = wave.state;
        let next = wave.advance_closing()?;
        move_wave(tx, from, &next)?;
        Ok(next)
    })
}

/// The key of the wave's box, after it has opened a dummy: a key of another box
/// would find every envelope spoiled.
fn box_key(house: &House, tx: &mut Tx<'_>, code: &WaveCode) -> Result<BoxKey, FlowError> {
    let key = BoxKey::from_bytes(*house.keyring.get(code, Secret::BallotBox)?);
    rehearse(&key, &tx.public_key(code)?, code, &house.chance)
        .map_err(|_| FlowError::WrongKey(code.clone()))?;
    Ok(key)
}

/// Opens and counts in memory, then swaps envelopes for ballots in one transaction.
fn count_wave(house: &House, wave: Wave) -> Result<(Wave, Closing), FlowError> {
    let (key, survey, envelopes) = house.store.read(|tx| {
        let key = box_key(house, tx, &wave.code)?;
        let survey = house.survey(tx, &wave)?;
        Ok::<_, FlowError>((key, survey, tx.envelopes(&wave.code)?))
    })?;
    let opened = envelopes.into_iter().map(|(invitation, unit, envelope)| {
        let reply = key.open(&wave.code, &invitation, &envelope).ok();
        (unit, reply.and_then(|bytes| Reply::from_bytes(&bytes).ok()))
    });
    let counted = count(opened, &survey, &house.chance);
    let told = Closing::Counted {
        ballots: counted.ballots.len(),
        spoiled: counted.spoiled.values().sum(),
    };
    let next = house.store.write(|tx| {
        let from = wave.state;
        let code = wave.code.clone();
        let next = wave.advance_closing()?;
        move_wave(tx, from, &next)?;
        let turnout = turnout(&tx.invitations(&code)?);
        tx.insert_counted(&code, &counted)?;
        let mut per_unit = counted.spoiled.clone();
        for ballot in &counted.ballots {
            *per_unit.entry(ballot.unit.clone()).or_default() += 1;
        }
        check(&code, &per_unit, &tx.delete_envelopes(&code)?)?;
        tx.delete_drafts(&code)?;
        tx.delete_deputies(&code)?;
        tx.insert_turnout(&code, &turnout)?;
        tx.delete_morning_turnout(&code)?;
        tx.forget_standing(&code)?;
        tx.delete_mails(&code)?;
        Ok::<_, FlowError>(next)
    })?;
    Ok((next, told))
}

/// Ballots and spoiled envelopes must be the envelopes of the box, unit by unit.
fn check(
    wave: &WaveCode,
    counted: &BTreeMap<UnitSlug, u32>,
    envelopes: &BTreeMap<UnitSlug, u32>,
) -> Result<(), FlowError> {
    for unit in counted.keys().chain(envelopes.keys()) {
        let of = |counts: &BTreeMap<UnitSlug, u32>| counts.get(unit).copied().unwrap_or(0);
        if of(counted) != of(envelopes) {
            return Err(FlowError::Count {
                wave: wave.clone(),
                unit: unit.to_string(),
                counted: of(counted),
                envelopes: of(envelopes),
            });
        }
    }
    Ok(())
}

/// All that stays of who answered: numbers by unit. By group they would still
/// name people, because a group has two leads.
fn turnout(roster: &[Invitation]) -> Vec<Turnout> {
    let mut units: BTreeMap<UnitSlug, (u32, u32, BTreeSet<&GroupSlug>)> = BTreeMap::new();
    for invitation in roster {
        let (invited, answered, groups) = units.entry(invitation.unit.clone()).or_default();
        *invited += 1;
        if invitation.standing == Standing::Answered {
            *answered += 1;
            groups.insert(&invitation.group);
        }
    }
    let row = |(unit, (invited, answered, groups)): (_, (_, _, BTreeSet<_>))| Turnout {
        unit,
        invited,
        answered,
        groups: u32::try_from(groups.len()).unwrap_or(u32::MAX),
    };
    units.into_iter().map(row).collect()
}
