//! Closes a wave and counts it. One of the two acts that know both the
//! invitations and the ballot box, and the last moment at which anything joins
//! them. Every step is safe to repeat: a closing that was broken off is taken
//! up where it stopped.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::answer::Reply;
use crate::ballot_box::{
    BoxKey, ClosingRecord, Counted, KeyEnd, Receipt, UnitCount, by_unit, count, digest_of_ballots,
};
use crate::custody::{Custody, HeldKey, HeldKeyFault};
use crate::id::{GroupSlug, UnitSlug, WaveCode};
use crate::invitation::{Invitation, Standing};
use crate::keyring::Secret;
use crate::storage::{StorageError, Turnout, Tx};
use crate::trail::Act;
use crate::wave::{ClosingStep, State, Wave};

use super::bring_key::{box_key, is_sealed};
use super::cancel_wave::resume_cancellings;
use super::second::with_second;
use super::{FlowError, House, move_wave, the_wave};

/// Opening is told about every so many envelopes.
const TELL_EVERY: usize = 500;

/// What is told while a wave closes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closing {
    /// Answers are no longer taken.
    Stopped,
    /// The receipts of all envelopes are published.
    Listed {
        /// How many.
        envelopes: usize,
    },
    /// So many envelopes are opened.
    Opening {
        /// So far.
        opened: usize,
        /// In all.
        of: usize,
    },
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

/// A closing that was broken off and was taken up again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resumed {
    /// It is done.
    Done(WaveCode),
    /// It stopped before the count and waits for a key that is not on the server.
    WaitsForKey(WaveCode),
}

/// Closes a wave, step by step; tells each step once it is done. The key is
/// needed until the envelopes are counted.
///
/// # Errors
/// If the wave is not open or its time has not come (unless `early`), what was
/// given is not its key, or a step fails; calling again goes on from there.
pub fn close_wave(
    house: &House,
    code: &WaveCode,
    early: bool,
    held: &HeldKey,
    mut tell: impl FnMut(Closing),
) -> Result<Wave, FlowError> {
    let now = house.now();
    let found = house.store.read(|tx| the_wave(tx, code))?;
    let sealed = is_sealed(found.state);
    found.begin_closing(now, early)?;
    // Before anything is stopped, let alone destroyed.
    let mut key = if sealed { Some(box_key(house, code, held)?) } else { None };
    let mut wave = house.store.write(|tx| {
        let wave = the_wave(tx, code)?;
        let from = wave.state;
        let closing = wave.begin_closing(now, early)?;
        if closing.state != from {
            let asked = with_second(house, tx, Act::WAVE_CLOSING, code.as_str(), "")?;
            move_wave(tx, from, &closing)?;
            house.note(tx, Act::WAVE_CLOSING, code.as_str(), asked.trim())?;
        }
        Ok::<_, FlowError>(closing)
    })?;
    tell(Closing::Stopped);
    loop {
        let State::Closing(step) = wave.state else { return Ok(wave) };
        let told = match step {
            ClosingStep::Stopped => {
                let (next, told) = list_receipts(house, wave)?;
                wave = next;
                told
            }
            ClosingStep::Listed => {
                // It is there, because a wave never goes back to being sealed; after
                // the count nothing needs it any more.
                let key = key.take().ok_or(StorageError::Busy)?;
                let (next, told) = count_wave(house, wave, &key, &mut tell)?;
                wave = next;
                told
            }
            ClosingStep::Counted => {
                let cleaned = house.store.clean(code)?;
                wave = advance(house, wave, |record| record.cleaned = Some(cleaned))?;
                Closing::Cleaned
            }
            ClosingStep::Cleaned => {
                let keys = destroy_keys(house, code)?;
                wave = advance(house, wave, |record| record.keys = keys)?;
                Closing::KeysDestroyed
            }
        };
        tell(told);
    }
}

/// Takes up every closing that was broken off. One whose envelopes are still
/// sealed and whose key is elsewhere waits for its holders.
///
/// # Errors
/// The first closing's that fails.
pub fn resume_closings(house: &House) -> Result<Vec<Resumed>, FlowError> {
    resume_cancellings(house)?;
    let waves = house.store.read(|tx| tx.waves())?;
    let mut resumed = Vec::new();
    for wave in waves.into_iter().filter(|wave| matches!(wave.state, State::Closing(_))) {
        match close_wave(house, &wave.code, true, &HeldKey::OnServer, |_| {}) {
            Ok(_) => resumed.push(Resumed::Done(wave.code)),
            Err(FlowError::HeldKey(HeldKeyFault::Waits { .. })) => {
                resumed.push(Resumed::WaitsForKey(wave.code));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(resumed)
}

/// Moves on, and keeps in the closing record what the step found.
fn advance(
    house: &House,
    wave: Wave,
    note: impl FnOnce(&mut ClosingRecord),
) -> Result<Wave, FlowError> {
    house.store.write(|tx| {
        let from = wave.state;
        let next = wave.advance_closing()?;
        move_wave(tx, from, &next)?;
        // A closing that an older version began has none.
        if let Some(mut record) = tx.closing_record(&next.code)? {
            note(&mut record);
            tx.put_closing_record(&record)?;
        }
        if next.is_counted() && next.state == State::Closed {
            house.note(tx, Act::WAVE_CLOSED, next.code.as_str(), "")?;
        }
        Ok(next)
    })
}

/// Publishes the receipts of all envelopes before any is opened.
fn list_receipts(house: &House, wave: Wave) -> Result<(Wave, Closing), FlowError> {
    let mut list = Vec::new();
    house.store.read(|tx| {
        tx.each_envelope(&wave.code, |_, _, envelope| list.push(Receipt::of(&envelope)))
    })?;
    let next = house.store.write(|tx| {
        let from = wave.state;
        let next = wave.advance_closing()?;
        move_wave(tx, from, &next)?;
        tx.insert_receipts(&next.code, &list)?;
        Ok::<_, FlowError>(next)
    })?;
    Ok((next, Closing::Listed { envelopes: list.len() }))
}

/// Destroys the keys that this house holds, and says what became of each.
fn destroy_keys(house: &House, code: &WaveCode) -> Result<Vec<KeyEnd>, FlowError> {
    let (custody, _) = house.store.read(|tx| tx.custody(code))?;
    let mut ends = Vec::new();
    for secret in [Secret::BallotBox, Secret::Drafts, Secret::Links] {
        if secret == Secret::BallotBox && custody != Custody::Server {
            let (key, holders) = (secret.to_string(), custody.holders());
            ends.push(KeyEnd { key, destroyed: false, holders });
            continue;
        }
        house.keyring.destroy(code, secret)?;
        ends.push(KeyEnd { key: secret.to_string(), destroyed: true, holders: Vec::new() });
    }
    Ok(ends)
}

/// Opens and counts in memory, then swaps envelopes for ballots in one transaction.
fn count_wave(
    house: &House,
    wave: Wave,
    key: &BoxKey,
    tell: &mut impl FnMut(Closing),
) -> Result<(Wave, Closing), FlowError> {
    let (survey, opened) = house.store.read(|tx| {
        let survey = house.survey(tx, &wave)?;
        let of = tx.receipts(&wave.code)?.len();
        let mut opened = Vec::with_capacity(of);
        tx.each_envelope(&wave.code, |place, unit, envelope| {
            let reply = key.open(&wave.code, &place, &envelope).ok();
            opened.push((unit, reply.and_then(|bytes| Reply::from_bytes(&bytes).ok())));
            if opened.len().is_multiple_of(TELL_EVERY) {
                tell(Closing::Opening { opened: opened.len(), of });
            }
        })?;
        Ok::<_, FlowError>((survey, opened))
    })?;
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
        let record = record(house, tx, &next, &counted, &turnout)?;
        if let Some((unit, UnitCount { envelopes, ballots, spoiled })) = record.uneven() {
            let (wave, unit, counted) = (code.clone(), unit.to_string(), ballots + spoiled);
            return Err(FlowError::Count { wave, unit, counted, envelopes });
        }
        tx.put_closing_record(&record)?;
        tx.delete_envelopes(&code)?;
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

/// What is known of a closing once its envelopes are counted and still there.
fn record(
    house: &House,
    tx: &mut Tx<'_>,
    wave: &Wave,
    counted: &Counted,
    turnout: &[Turnout],
) -> Result<ClosingRecord, FlowError> {
    let envelopes = tx.envelope_counts(&wave.code)?;
    let number = |many: usize| u32::try_from(many).unwrap_or(u32::MAX);
    Ok(ClosingRecord {
        wave: wave.code.clone(),
        day: house.now().london_date(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        definition: wave.definition.to_string(),
        key: hex::encode(Sha256::digest(tx.public_key(&wave.code)?.as_bytes())),
        invited: turnout.iter().map(|unit| unit.invited).sum(),
        envelopes: envelopes.values().sum(),
        receipts: hex::encode(Receipt::digest_of(&tx.receipts(&wave.code)?)),
        units: by_unit(&envelopes, counted),
        comments: number(counted.comments.len()),
        numbers: number(counted.numbers.len()),
        ballots: digest_of_ballots(&counted.ballots),
        cleaned: None,
        keys: Vec::new(),
    })
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
