//! Makes and rehearses the key pair of a wave's ballot box. Apart from
//! `open_wave`, because no act but casting and counting may know both people
//! and envelopes.

use crate::ballot_box::{BoxKey, PublicKey, rehearse};
use crate::id::WaveCode;
use crate::keyring::Secret;

use super::{FlowError, House};

/// Makes the pair, shows that it opens what it seals, and keeps the private half.
///
/// # Errors
/// If the rehearsal fails or the key cannot be kept.
pub(super) fn prepare_ballot_box(house: &House, wave: &WaveCode) -> Result<PublicKey, FlowError> {
    let (key, public) = BoxKey::generate(&house.chance);
    house.keyring.keep(wave, Secret::BallotBox, key.expose())?;
    // What is rehearsed is the key as it will be found at closing.
    let kept = BoxKey::from_bytes(*house.keyring.get(wave, Secret::BallotBox)?);
    rehearse(&kept, &public, wave, &house.chance).map_err(|_| FlowError::Rehearsal)?;
    Ok(public)
}
