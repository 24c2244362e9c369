//! A draft rests under a key made from the link, so the server can read it only
//! while the person who holds the link is there.

use std::fmt;

use chacha20::cipher::consts::U10;
use chacha20::hchacha;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::chance::Chance;
use crate::padding::{pad, unpad};

/// The key of one draft.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct DraftKey([u8; 32]);

/// The bytes are not a draft of this link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the draft cannot be read with this link")]
pub struct UnreadableDraft;

impl DraftKey {
    pub(super) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The content encrypted, padded to one size, without any time.
    #[must_use]
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "fails only for contents of 256 GiB"
    )]
    pub fn seal(&self, content: &[u8], chance: &Chance) -> Vec<u8> {
        let nonce: [u8; 24] = chance.bytes();
        let sealed = XChaCha20Poly1305::new((&self.0).into())
            .encrypt(XNonce::from_slice(&nonce), pad(content).as_slice())
            .expect("a draft is short");
        [&nonce[..], &sealed].concat()
    }

    /// The content again.
    ///
    /// ring opens it, in half the time that sealing takes: a draft is opened for
    /// every page of the form. It knows the cipher without the long nonce; that
    /// is made from it by a key of its own for each nonce.
    ///
    /// Source: draft-irtf-cfrg-xchacha-03, section 2.3.
    ///
    /// # Errors
    /// If the bytes were sealed for another link or were changed.
    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, UnreadableDraft> {
        let (nonce, sealed) = sealed.split_first_chunk::<24>().ok_or(UnreadableDraft)?;
        let (first, last) = nonce.split_at(16);
        let own: Zeroizing<[u8; 32]> =
            Zeroizing::new(hchacha::<U10>((&self.0).into(), first.into()).into());
        let key =
            UnboundKey::new(&CHACHA20_POLY1305, own.as_slice()).map_err(|_| UnreadableDraft)?;
        let mut short = [0; 12];
        for (to, from) in short.iter_mut().skip(4).zip(last) {
            *to = *from;
        }
        let mut padded = sealed.to_vec();
        let opened = LessSafeKey::new(key)
            .open_in_place(Nonce::assume_unique_for_key(short), Aad::empty(), &mut padded)
            .map_err(|_| UnreadableDraft)?;
        unpad(opened).map(<[u8]>::to_vec).map_err(|_| UnreadableDraft)
    }
}

impl fmt::Debug for DraftKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DraftKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_opens_for_its_own_link_only_and_has_one_size() {
        let chance = Chance::seeded(5);
        let (own, other) = (DraftKey([1; 32]), DraftKey([2; 32]));
        let short = own.seal(b"a", &chance);
        let long = own.seal(&[b'x'; 5000], &chance);
        assert_eq!(short.len(), long.len());
        assert_eq!(own.open(&short).as_deref(), Ok(&b"a"[..]));
        assert_eq!(other.open(&short), Err(UnreadableDraft));
        let mut changed = short;
        if let Some(byte) = changed.get_mut(40) {
            *byte ^= 1;
        }
        assert_eq!(own.open(&changed), Err(UnreadableDraft));
        assert_eq!(own.open(b"short"), Err(UnreadableDraft));
    }
}
