//! A draft rests under a key made from the link, so the server can read it only
//! while the person who holds the link is there.

use std::fmt;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::chance::Chance;
use crate::padding::{Size, pad, unpad};

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

    fn cipher(&self) -> LessSafeKey {
        #[expect(clippy::expect_used, reason = "the cipher takes keys of 32 bytes")]
        let key = UnboundKey::new(&AES_256_GCM, &self.0).expect("a key of 32 bytes");
        LessSafeKey::new(key)
    }

    /// The content encrypted, padded to the size of its survey, without any time.
    ///
    /// AES-256-GCM: a draft is opened for every page of the form, and processors
    /// do this cipher themselves. A random nonce is long enough, because one
    /// key seals one lead's draft only: 2^32 times would be too often.
    ///
    /// Source: NIST SP 800-38D, section 8.3.
    #[must_use]
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "fails only for contents of 64 GiB"
    )]
    pub fn seal(&self, content: &[u8], size: Size, chance: &Chance) -> Vec<u8> {
        let nonce: [u8; NONCE_LEN] = chance.bytes();
        let mut padded = pad(content, size);
        let tag = self
            .cipher()
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::empty(),
                &mut padded,
            )
            .expect("a draft is short");
        [&nonce[..], &padded, tag.as_ref()].concat()
    }

    /// The content again.
    ///
    /// # Errors
    /// If the bytes were sealed for another link or were changed.
    pub fn open(&self, mut sealed: Vec<u8>) -> Result<Vec<u8>, UnreadableDraft> {
        let (nonce, padded) = sealed.split_first_chunk_mut::<NONCE_LEN>().ok_or(UnreadableDraft)?;
        let opened = self
            .cipher()
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::empty(), padded)
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

    const LONGEST: usize = 10_000;

    #[test]
    fn a_draft_opens_for_its_own_link_only_and_has_one_size() {
        let chance = Chance::seeded(5);
        let (own, other) = (DraftKey([1; 32]), DraftKey([2; 32]));
        let short = own.seal(b"a", Size::for_longest(LONGEST), &chance);
        let long = own.seal(&[b'x'; 5000], Size::for_longest(LONGEST), &chance);
        assert_eq!(short.len(), long.len());
        assert_eq!(own.open(short.clone()).as_deref(), Ok(&b"a"[..]));
        assert_eq!(other.open(short.clone()), Err(UnreadableDraft));
        let mut changed = short;
        if let Some(byte) = changed.get_mut(40) {
            *byte ^= 1;
        }
        assert_eq!(own.open(changed), Err(UnreadableDraft));
        assert_eq!(own.open(b"short".to_vec()), Err(UnreadableDraft));
    }
}
