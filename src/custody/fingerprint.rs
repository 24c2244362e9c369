//! What people compare to see that a reply is sealed to the key they were told
//! of: the beginning of the SHA-256 of the public half.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::ballot_box::PublicKey;

/// The fingerprint of the public half of a wave's key, free to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint([u8; 16]);

/// The fingerprint of a public key: 128 bits, so that nobody can make another
/// key with the same one.
///
/// Source: FIPS 180-4 (SHA-256), its first 16 bytes.
#[must_use]
pub fn fingerprint(key: &PublicKey) -> Fingerprint {
    let digest: [u8; 32] = Sha256::digest(key.as_bytes()).into();
    let mut first = [0; 16];
    first.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    Fingerprint(first)
}

impl Fingerprint {
    /// Its first 8 bytes: enough to tell a share of one wave from one of another.
    pub(super) fn mark(&self) -> [u8; 8] {
        let mut mark = [0; 8];
        mark.iter_mut().zip(self.0).for_each(|(to, from)| *to = from);
        mark
    }
}

impl fmt::Display for Fingerprint {
    /// Eight groups of four hexadecimal digits, to be read aloud.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, pair) in self.0.chunks(2).enumerate() {
            let blank = if number == 0 { "" } else { " " };
            write!(f, "{blank}{}", hex::encode(pair))?;
        }
        Ok(())
    }
}
