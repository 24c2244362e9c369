//! One of several shares of a wave's key. Fewer than the needed number tell
//! nothing about it.
//!
//! Source: A. Shamir, How to share a secret, Communications of the ACM 22
//! (1979), byte by byte over GF(256), with coefficients from the whole field.

use std::fmt;

use vsss_rs::Gf256;
use zeroize::{Zeroize, Zeroizing};

use crate::ballot_box::{BoxKey, PublicKey};
use crate::chance::Chance;

use super::split::MOST_SHARES;
use super::words::{BYTES, bytes_of, read_lines, write_lines};
use super::{Fingerprint, ShareFault, Split, WordLine, fingerprint};

/// One share of a wave's key.
pub struct Share {
    number: u8,
    needed: u8,
    mark: [u8; 8],
    part: Zeroizing<[u8; 32]>,
}

/// Splits a key among its holders: one share for each, in their order.
#[must_use]
#[expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a split has at least two needed of at most ten shares: the library takes that"
)]
pub fn deal(key: &BoxKey, public: &PublicKey, split: &Split, chance: &Chance) -> Vec<Share> {
    // The library leaves behind in memory the polynomial of the last byte only:
    // that byte is none of the key's.
    let mut secret = Zeroizing::new([0; 33]);
    secret.iter_mut().zip(key.expose()).for_each(|(to, from)| *to = *from);
    let dealt = Gf256::split_bytes(
        usize::from(split.needed()),
        split.of(),
        secret.as_slice(),
        chance.rng(),
    );
    let mut dealt = dealt.expect("a split that was checked");
    let mark = fingerprint(public).mark();
    let shares = dealt.iter().filter_map(|bytes| {
        let (number, rest) = bytes.split_first()?;
        let mut part = Zeroizing::new([0; 32]);
        part.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        Some(Share { number: *number, needed: split.needed(), mark, part })
    });
    let shares = shares.collect();
    dealt.zeroize();
    shares
}

/// The secret that these shares make; anything if they do not belong together.
pub(super) fn combine(shares: &[&Share]) -> Option<BoxKey> {
    let mut given: Vec<Vec<u8>> = shares
        .iter()
        .map(|share| {
            let mut bytes = Vec::with_capacity(33);
            bytes.push(share.number);
            bytes.extend_from_slice(share.part.as_slice());
            bytes
        })
        .collect();
    let combined = Gf256::combine_bytes(&given).map(Zeroizing::new);
    given.zeroize();
    let bytes: &[u8; 32] = combined.as_ref().ok()?.as_slice().try_into().ok()?;
    Some(BoxKey::from_bytes(bytes))
}

impl Share {
    /// Which of the shares it is, from 1.
    #[must_use]
    pub fn number(&self) -> u8 {
        self.number
    }

    /// How many shares open the box together.
    #[must_use]
    pub fn needed(&self) -> u8 {
        self.needed
    }

    /// Whether it is a share of the key with this fingerprint.
    #[must_use]
    pub fn is_of(&self, print: &Fingerprint) -> bool {
        self.mark == print.mark()
    }

    /// Reads a share's printed page, or its words alone: in any case, with any
    /// blanks, each word whole or by its first letters, four at least.
    ///
    /// # Errors
    /// The first line that is not as it was printed.
    pub fn read(text: &str) -> Result<Self, ShareFault> {
        Self::of_lines(&read_lines(text)?)
    }

    /// The share of lines that were read one by one.
    ///
    /// # Errors
    /// If they are not a share.
    pub fn of_lines(lines: &[WordLine]) -> Result<Self, ShareFault> {
        let bytes = bytes_of(lines)?;
        let (head, rest) = bytes.split_first().ok_or(ShareFault::NoShare)?;
        let (mark, rest) = rest.split_first_chunk::<8>().ok_or(ShareFault::NoShare)?;
        let (needed, number) = (head >> 4, head & 0x0f);
        let numbers = 1..=MOST_SHARES;
        if needed < 2 || !numbers.contains(&needed) || !numbers.contains(&number) {
            return Err(ShareFault::NoShare);
        }
        let mut part = Zeroizing::new([0; 32]);
        part.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        Ok(Self { number, needed, mark: *mark, part })
    }

    /// Its words, one text for each line.
    #[must_use]
    pub fn words(&self) -> Vec<Zeroizing<String>> {
        let head = [self.needed << 4 | self.number];
        let mut bytes = Zeroizing::new([0; BYTES]);
        let parts = head.iter().chain(&self.mark).chain(self.part.iter());
        bytes.iter_mut().zip(parts).for_each(|(to, from)| *to = *from);
        write_lines(&bytes)
    }
}

impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Share({}, …)", self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_alone_takes_every_value_that_of_the_key_itself_too() {
        let chance = Chance::seeded(9);
        let (key, public) = BoxKey::generate(&chance);
        let split = Split::kept(2, &["a".to_owned(), "b".to_owned()]).expect("a split");
        let mut seen = vec![[0_u32; 256]; 32];
        let rounds = 4000;
        for _ in 0..rounds {
            let share = deal(&key, &public, &split, &chance).swap_remove(1);
            for (at, byte) in share.part.iter().enumerate() {
                seen[at][usize::from(*byte)] += 1;
            }
        }
        // A library that draws coefficients from 1 on never gives a byte of the
        // key itself: that is how another one let keys be found (RUSTSEC-2024-0398).
        let own: u32 =
            key.expose().iter().zip(&seen).map(|(byte, at)| at[usize::from(*byte)]).sum();
        let expected = rounds * 32 / 256;
        assert!(own.abs_diff(expected) < expected / 4, "{own} of {expected}");
        assert!(seen.iter().flatten().all(|times| (1..50).contains(times)));
    }
}
