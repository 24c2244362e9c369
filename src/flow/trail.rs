//! Writes down who did what, and follows what is written.

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::keyring::Derived;
use crate::storage::{SealedEnd, StorageError, Tx};
use crate::trail::{Act, Broken, Entry, Link, follow};

use super::{FlowError, House};

/// As many entries are read at once.
const PIECE: i64 = 1000;

impl House {
    /// Writes an act down in the transaction that does it: both are kept, or neither.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn note(
        &self,
        tx: &mut Tx<'_>,
        act: Act,
        about: &str,
        detail: &str,
    ) -> Result<(), StorageError> {
        let end = tx.held_trail_end()?;
        let (last, before) = end.map_or((0, Link::default()), |end| (end.number, end.link));
        let entry = Entry {
            number: last + 1,
            at: self.now(),
            who: self.actor.name().to_owned(),
            act: act.word().to_owned(),
            about: about.to_owned(),
            detail: detail.to_owned(),
        };
        let link = entry.link(before);
        let end = SealedEnd { number: entry.number, link, seal: seal(self, entry.number, link) };
        tx.insert_trail_entry(&entry, &end)
    }
}

/// What only the holder of the master key can make of the trail's end.
fn seal(house: &House, number: i64, link: Link) -> String {
    let key = house.keyring.derived(Derived::Trail);
    let made = Hmac::<Sha256>::new_from_slice(&*key).map(|mac| {
        mac.chain_update(number.to_be_bytes()).chain_update(link.as_bytes()).finalize().into_bytes()
    });
    // A key of any length is taken.
    made.map(hex::encode).unwrap_or_default()
}

/// Follows the whole trail, from its first entry to its seal; says how many there are.
///
/// # Errors
/// [`FlowError::Trail`] where it is broken first.
pub fn check_trail(house: &House) -> Result<i64, FlowError> {
    house.store.read(|tx| {
        let mut at = (0, Link::default());
        let mut trail = Vec::new();
        loop {
            let piece = tx.trail_after(at.0, PIECE)?;
            let Some((entry, link)) = piece.last() else { break };
            at = (entry.number, *link);
            trail.extend(piece);
        }
        let (found, link) = follow(trail.iter().map(|(entry, link)| (entry, *link)))?;
        match tx.trail_end()? {
            None if found == 0 => Ok(0),
            None => Err(Broken::End { found, sealed: 0 }.into()),
            Some(end) if (end.number, end.link) != (found, link) => {
                Err(Broken::End { found, sealed: end.number }.into())
            }
            Some(end) if end.seal != seal(house, found, link) => Err(Broken::Seal.into()),
            Some(_) => Ok(found),
        }
    })
}

/// The entries of one page, the newest first: those before `before`, or the newest.
///
/// # Errors
/// If the database fails.
pub fn trail_page(house: &House, before: Option<i64>, most: i64) -> Result<Vec<Entry>, FlowError> {
    let rows = house.store.read(|tx| tx.trail_before(before.unwrap_or(i64::MAX), most))?;
    Ok(rows.into_iter().map(|(entry, _)| entry).collect())
}

/// The whole trail with its links, from the beginning.
///
/// # Errors
/// If the database fails.
pub fn whole_trail(house: &House) -> Result<Vec<(Entry, Link)>, FlowError> {
    house.store.read(|tx| {
        let mut trail: Vec<(Entry, Link)> = Vec::new();
        loop {
            let last = trail.last().map_or(0, |(entry, _)| entry.number);
            let piece = tx.trail_after(last, PIECE)?;
            if piece.is_empty() {
                return Ok(trail);
            }
            trail.extend(piece);
        }
    })
}
