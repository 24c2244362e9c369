//! The way into the ballot box: a place for one envelope, and the right to fill it.
//!
//! This is the border between the people's side and the answers' side as a type.
//! The box takes an [`Admission`] and an envelope and asks nothing else; whoever
//! admits (`flow/admit.rs`) checks that somebody may answer, and is the only one
//! that knows who. Today it makes the place of the invitation's random id, so that
//! a second envelope replaces the first, declining takes it out, and the count
//! finds the unit. The mail side and the box, watched together while the wave is
//! open, could therefore still tell who has an envelope, though not what is in it.
//!
//! A later level can put blinded credentials in front of the same box (RFC 9474,
//! blind RSA signatures; RFC 9577 shows them in use). Then:
//!
//! - the lead's browser makes a random place, blinds it and has it signed once under
//!   the link, with a key of the lead's unit; that needs script in the browser, so
//!   the way of today stays for those who have none, and the promise says which;
//! - `flow/admit.rs` checks the signature in place of the link and makes the
//!   admission of the place that was signed, with the unit that the key stands for;
//! - an envelope keeps its place and its unit, because no join leads to the
//!   invitation any more: `envelopes` gains the column, the count loses its join;
//! - "has answered" becomes "has had a place signed": who asks for a signature and
//!   sends nothing counts as answered for reminders, and withdrawing needs the place,
//!   which the lead's browser or receipt has to keep;
//! - nothing else changes: sealing, receipts, closing, counting and the ballots are
//!   the same, because they know places and not people.

use std::fmt;

use crate::id::WaveCode;

pub use crate::id::PlaceId as Place;

/// The right to put one envelope into the box of one wave, in the place of the one
/// that was there. Whoever holds it was found to be somebody who may answer.
pub struct Admission {
    wave: WaveCode,
    place: Place,
}

impl Admission {
    /// Admits to one place of one wave's box.
    #[must_use]
    pub fn to(wave: WaveCode, place: Place) -> Self {
        Self { wave, place }
    }

    /// The wave.
    #[must_use]
    pub fn wave(&self) -> &WaveCode {
        &self.wave
    }

    /// The place.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.place
    }
}

impl fmt::Debug for Admission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Admission({}, …)", self.wave)
    }
}
