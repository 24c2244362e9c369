//! What the survey office decides is to be looked at first.

use crate::id::WaveCode;
use crate::release::{Decided, LookFirst};
use crate::trail::Act;

use super::{FlowError, House, the_wave};

/// A note beside a decision is no longer than this, in characters.
pub const MOST_NOTE: usize = 300;

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
        let Decided { unit, rule, measure, decision, .. } = decided;
        let detail = format!("{unit} {measure} ({}): {}", rule.word(), decision.word());
        house.note(tx, Act::LOOK_FIRST_DECIDED, code.as_str(), &detail)?;
        Ok(true)
    })
}
