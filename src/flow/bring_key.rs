//! Brings the key of a wave's box back from where it is, and rehearses it.

use chrono::NaiveDate;

use crate::ballot_box::{BoxKey, PublicKey, rehearse};
use crate::custody::{Custody, Fingerprint, HeldKey, HeldKeyFault, fingerprint, put_together};
use crate::id::WaveCode;
use crate::keyring::Secret;
use crate::storage::Tx;
use crate::trail::Act;
use crate::wave::{ClosingStep, State, Wave, WaveRefusal};

use super::{FlowError, House, the_wave};

/// What may be said of a wave's key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyStatus {
    /// The fingerprint of its public half.
    pub fingerprint: Fingerprint,
    /// Where its private half is, or was until the wave was counted.
    pub custody: Custody,
    /// Whether there is something that only it opens.
    pub sealed: bool,
    /// The day on which it last opened a dummy envelope, if that is known.
    pub rehearsed_on: Option<NaiveDate>,
}

/// What may be said of a wave's key; nothing before it is opened, or if its answers are
/// imported.
///
/// # Errors
/// If there is no such wave.
pub fn key_status(house: &House, code: &WaveCode) -> Result<Option<KeyStatus>, FlowError> {
    house.store.read(|tx| {
        let wave = the_wave(tx, code)?;
        key_status_in(tx, &wave)
    })
}

/// The fingerprint of the key to which a wave's replies are sealed.
///
/// # Errors
/// If the wave was not opened.
pub fn key_fingerprint(house: &House, code: &WaveCode) -> Result<Fingerprint, FlowError> {
    house.store.look(|tx| Ok(fingerprint(&tx.public_key(code)?)))
}

pub(super) fn key_status_in(tx: &mut Tx<'_>, wave: &Wave) -> Result<Option<KeyStatus>, FlowError> {
    if matches!(wave.state, State::Draft | State::Cancelled) || wave.imported {
        return Ok(None);
    }
    let fingerprint = fingerprint(&tx.public_key(&wave.code)?);
    let (custody, rehearsed_on) = tx.custody(&wave.code)?;
    Ok(Some(KeyStatus { fingerprint, custody, sealed: is_sealed(wave.state), rehearsed_on }))
}

/// Opens a dummy envelope with the key of a wave whose envelopes are sealed, and
/// writes down the day. Changes nothing else.
///
/// # Errors
/// If the wave has no sealed envelopes, or what was given is not its key.
pub fn rehearse_key(
    house: &House,
    code: &WaveCode,
    held: &HeldKey,
) -> Result<KeyStatus, FlowError> {
    let wave = house.store.read(|tx| the_wave(tx, code))?;
    if !is_sealed(wave.state) {
        return Err(WaveRefusal::State {
            code: wave.code,
            state: wave.state,
            wanted: "its key is rehearsed only while answers are sealed",
        }
        .into());
    }
    box_key(house, code, held)?;
    house
        .store
        .write(|tx| {
            tx.set_rehearsed(code, house.now().london_date())?;
            house.note(tx, Act::KEY_REHEARSED, code.as_str(), "")?;
            let wave = the_wave(tx, code)?;
            key_status_in(tx, &wave)
        })?
        .ok_or_else(|| FlowError::NoWave(code.clone()))
}

/// Whether the key is still needed to count.
pub(super) fn is_sealed(state: State) -> bool {
    matches!(state, State::Open | State::Closing(ClosingStep::Stopped | ClosingStep::Listed))
}

/// The key of the wave's box, after it has opened a dummy: a key of another box
/// would find every envelope spoiled.
pub(super) fn box_key(house: &House, code: &WaveCode, held: &HeldKey) -> Result<BoxKey, FlowError> {
    let (custody, public) =
        house.store.read(|tx| Ok::<_, FlowError>((tx.custody(code)?.0, tx.public_key(code)?)))?;
    let opens = |key: &BoxKey, public: &PublicKey| rehearse(key, public, code, &house.chance);
    if let (Custody::Server, HeldKey::OnServer) = (&custody, held) {
        let key = BoxKey::from_bytes(&*house.keyring.get(code, Secret::BallotBox)?);
        opens(&key, &public).map_err(|_| FlowError::WrongKey(code.clone()))?;
        return Ok(key);
    }
    let key = put_together(code, &custody, &public, held)?;
    opens(&key, &public).map_err(|_| HeldKeyFault::NotTheKey(code.clone()))?;
    Ok(key)
}
