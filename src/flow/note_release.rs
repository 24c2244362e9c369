//! Says something about published results. Ballots never change after closing, so a
//! release cannot be made anew with other people in it: what is wrong with published
//! figures is said beside them, and they stay.
//!
//! Source: methods.md 9.6.

use crate::id::WaveCode;
use crate::trail::Act;
use crate::wave::State;

use super::{FlowError, House, the_wave};

/// A note is no longer than this, in characters.
pub const MOST_WORDS: usize = 1000;

/// Keeps a note, which from now on stands above the results of a wave, below the notes
/// before it. It cannot be taken back either. The same words again are no second note.
///
/// # Errors
/// If the wave is not published, or there are no words or too many.
pub fn note_release(house: &House, code: &WaveCode, words: &str) -> Result<(), FlowError> {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() || words.chars().count() > MOST_WORDS {
        return Err(FlowError::NoteLength);
    }
    let now = house.now();
    house.store.write(|tx| {
        if the_wave(tx, code)?.state != State::Released {
            return Err(FlowError::NotPublished(code.clone()));
        }
        if tx.release_notes(code)?.iter().any(|note| note.words == words) {
            return Ok(());
        }
        tx.add_release_note(code, now, &words)?;
        Ok(house.note(tx, Act::RELEASE_NOTED, code.as_str(), &words)?)
    })
}
