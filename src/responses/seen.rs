//! Which responses came before: sixteen bytes each, whatever they are called.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::found::Place;

/// Shelves by the first bits of a name, each looked through by itself.
const SHELVES: usize = 64;
/// Bits of the place beside the name: 24 for the piece, 24 for its line.
const PLACE: u32 = 48;

/// The responses that one thread has seen: of each 80 bits of its name's hash
/// and its place.
///
/// DESIGN: two different names of a million are taken for one with a chance of
/// 4 in 10^13; the names themselves would need memory without limit.
pub(super) struct Seen(Vec<Vec<u128>>);

impl Default for Seen {
    fn default() -> Self {
        Self(vec![Vec::new(); SHELVES])
    }
}

impl Seen {
    /// Notes a response of a wave and leaf, which stand for themselves by number.
    pub(super) fn note(&mut self, wave: usize, leaf: usize, resp: &[u8], place: Place) {
        let half = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            (salt, wave, leaf, resp).hash(&mut hasher);
            hasher.finish()
        };
        let name = (u128::from(half(0)) << 64) | u128::from(half(1));
        let (piece, line) = place;
        let line = u128::try_from(line).unwrap_or(u128::MAX).min((1 << 24) - 1);
        let entry = (name >> PLACE << PLACE) | (u128::from(piece.min((1 << 24) - 1)) << 24) | line;
        let first_bits = usize::try_from(name >> 122).unwrap_or(0);
        if let Some(shelf) = self.0.get_mut(first_bits) {
            shelf.push(entry);
        }
    }

    /// Every response that came again, with the place where it came first.
    pub(super) fn again(parts: &[Self], threads: usize) -> Vec<(Place, Place)> {
        let threads = threads.max(1);
        let search = |from: usize| {
            let shelves = (from..SHELVES).step_by(threads);
            shelves.flat_map(|shelf| repeated(parts, shelf)).collect::<Vec<_>>()
        };
        std::thread::scope(|scope| {
            let workers: Vec<_> =
                (0..threads).map(|from| scope.spawn(move || search(from))).collect();
            // A thread that breaks off leaves its shelves to this one.
            let found = workers.into_iter().enumerate();
            found
                .flat_map(|(from, worker)| worker.join().unwrap_or_else(|_| search(from)))
                .collect()
        })
    }
}

fn repeated(parts: &[Seen], shelf: usize) -> Vec<(Place, Place)> {
    let own = parts.iter().filter_map(|part| part.0.get(shelf));
    let mut all: Vec<u128> = own.flatten().copied().collect();
    all.sort_unstable();
    let mut found = Vec::new();
    for same in all.chunk_by(|one, other| one >> PLACE == other >> PLACE) {
        if let [first, again @ ..] = same {
            found.extend(again.iter().map(|entry| (place(*entry), place(*first))));
        }
    }
    found
}

fn place(entry: u128) -> Place {
    let part = |shift: u32| u32::try_from((entry >> shift) & ((1 << 24) - 1)).unwrap_or(0);
    (part(24), usize::try_from(part(0)).unwrap_or(0))
}
