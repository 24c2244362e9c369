//! What lies beside a release on its pages: the waves before it, and what the
//! survey office decided is to be looked at first.

use crate::id::WaveCode;
use crate::release::{Decided, LookFirst, Release};
use crate::wave::State;

use super::{FlowError, House, the_wave};

/// A note beside a decision is no longer than this, in characters.
pub const MOST_NOTE: usize = 300;

/// The published releases of the same survey before a wave, the earliest first,
/// and the decisions on what its release proposes.
///
/// # Errors
/// If there is no such wave or the database refuses.
pub fn beside_release(
    house: &House,
    code: &WaveCode,
    release: &Release,
) -> Result<(Vec<Release>, Vec<Decided>), FlowError> {
    house.store.read(|tx| {
        let wave = the_wave(tx, code)?;
        let mut waves = tx.waves()?;
        waves.retain(|other| {
            let released = other.state == State::Released && other.closes < wave.closes;
            released && other.purpose == wave.purpose
        });
        waves.sort_by_key(|other| other.closes);
        let mut past = Vec::new();
        for before in waves {
            if let Some((other, Some(_))) = tx.release(&before.code)?
                && other.about().survey == release.about().survey
            {
                past.push(other);
            }
        }
        Ok((past, tx.decided(code)?))
    })
}

/// Keeps what a person decided of a figure that the rules propose; `false` if
/// they do not propose it.
///
/// # Errors
/// If there is no such wave or the database refuses.
pub fn decide_look_first(
    house: &House,
    code: &WaveCode,
    proposals: &[LookFirst],
    decided: &Decided,
) -> Result<bool, FlowError> {
    if !proposals.iter().any(|proposal| decided.is_about(proposal)) {
        return Ok(false);
    }
    house.store.write(|tx| {
        the_wave(tx, code)?;
        tx.put_decided(code, decided)?;
        Ok(true)
    })
}
