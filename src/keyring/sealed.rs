//! Small secrets that rest in the database, sealed by a secret of the house that does
//! not.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use super::{Derived, Keyring};

/// Bytes of the nonce in front.
const NONCE: usize = 24;

impl Keyring {
    /// Seals a secret; it opens only for what it is about.
    #[must_use]
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "fails only for contents of 256 GiB"
    )]
    pub fn seal(&self, what: Derived, about: &str, secret: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE] = self.chance.bytes();
        let sealed = XChaCha20Poly1305::new((&*self.derived(what)).into())
            .encrypt(XNonce::from_slice(&nonce), Payload { msg: secret, aad: about.as_bytes() })
            .expect("a secret is short");
        [&nonce[..], &sealed].concat()
    }

    /// Opens what was sealed; nothing if it was sealed by another key, for something
    /// else, or is damaged.
    #[must_use]
    pub fn unseal(&self, what: Derived, about: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
        XChaCha20Poly1305::new((&*self.derived(what)).into())
            .decrypt(XNonce::from_slice(nonce), Payload { msg: sealed, aad: about.as_bytes() })
            .ok()
            .map(Zeroizing::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;

    #[test]
    fn what_is_sealed_opens_only_for_what_it_is_about_and_unchanged() {
        let place = tempfile::tempdir().expect("a folder");
        let keyring = |name: &str| {
            let folder = place.path().join(name);
            Keyring::open(&folder.join("master.key"), &folder, Chance::seeded(7)).expect("keys")
        };
        let keys = keyring("one");
        let sealed = keys.seal(Derived::SecondSteps, "ann", b"secret");
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
        let opened = |keys: &Keyring, what, about, sealed: &[u8]| {
            keys.unseal(what, about, sealed).map(|bytes| bytes.to_vec())
        };
        let of = Derived::SecondSteps;
        assert_eq!(opened(&keys, of, "ann", &sealed).as_deref(), Some(&b"secret"[..]));
        assert_eq!(opened(&keys, of, "ben", &sealed), None);
        assert_eq!(opened(&keys, Derived::RecoveryCodes, "ann", &sealed), None);
        let mut damaged = sealed.clone();
        damaged[30] ^= 1;
        assert_eq!(opened(&keys, of, "ann", &damaged), None);
        assert_eq!(opened(&keys, of, "ann", &sealed[..20]), None);
        let other = Keyring::open(
            &place.path().join("two.key"),
            &place.path().join("two"),
            Chance::seeded(8),
        );
        assert_eq!(opened(&other.expect("keys"), of, "ann", &sealed), None);
    }
}
