//! One reply, sealed to the wave's public key so that nobody can read it before
//! the wave closes.
//!
//! Source: RFC 9180 (HPKE), base mode, X25519 with HKDF-SHA256 and
//! ChaCha20-Poly1305.

use std::fmt;

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::chance::Chance;
use crate::id::WaveCode;
use crate::padding::{Size, pad, unpad};

use super::place::{Admission, Place};

const VERSION: u8 = 1;
const ENCAPPED: usize = 32;

/// The half of a wave's key that seals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

/// The half of a wave's key that opens. Lives only until the count.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct BoxKey([u8; 32]);

/// A sealed reply: version, encapsulated key, ciphertext.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope(Vec<u8>);

/// An envelope that does not open with the wave's key, or not to a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the envelope is spoiled")]
pub struct SpoiledEnvelope;

impl BoxKey {
    /// A new pair.
    #[must_use]
    pub fn generate(chance: &Chance) -> (Self, PublicKey) {
        let seed = chance.secret();
        let (private, public) = X25519HkdfSha256::derive_keypair(&*seed);
        let bytes: Zeroizing<[u8; 32]> = Zeroizing::new(private.to_bytes().into());
        (Self::from_bytes(&bytes), PublicKey(public.to_bytes().into()))
    }

    /// The key from its bytes, as the key ring keeps them.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(*bytes)
    }

    /// The bytes, for the key ring and for what is handed out.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// The reply in an envelope.
    ///
    /// # Errors
    /// If it was sealed to another key, for another place or wave, or changed.
    pub fn open(
        &self,
        wave: &WaveCode,
        place: &Place,
        envelope: &Envelope,
    ) -> Result<Zeroizing<Vec<u8>>, SpoiledEnvelope> {
        let Some((&VERSION, rest)) = envelope.0.split_first() else {
            return Err(SpoiledEnvelope);
        };
        let (encapped, sealed) = rest.split_at_checked(ENCAPPED).ok_or(SpoiledEnvelope)?;
        let private = <X25519HkdfSha256 as Kem>::PrivateKey::from_bytes(&self.0)
            .map_err(|_| SpoiledEnvelope)?;
        let encapped = <X25519HkdfSha256 as Kem>::EncappedKey::from_bytes(encapped)
            .map_err(|_| SpoiledEnvelope)?;
        let padded = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &OpModeR::Base,
            &private,
            &encapped,
            wave.as_str().as_bytes(),
            sealed,
            place.as_bytes(),
        )
        .map_err(|_| SpoiledEnvelope)?;
        let padded = Zeroizing::new(padded);
        unpad(&padded).map(|content| Zeroizing::new(content.to_vec())).map_err(|_| SpoiledEnvelope)
    }
}

impl PublicKey {
    /// The key from its bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, free to show.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Seals a reply, padded to the size of its survey, for the place that somebody is
    /// admitted to.
    ///
    /// # Errors
    /// If the key is not a point that can be sealed to.
    pub fn seal(
        &self,
        admission: &Admission,
        reply: &[u8],
        size: Size,
        chance: &Chance,
    ) -> Result<Envelope, SpoiledEnvelope> {
        let public = <X25519HkdfSha256 as Kem>::PublicKey::from_bytes(&self.0)
            .map_err(|_| SpoiledEnvelope)?;
        let (encapped, sealed) =
            hpke::single_shot_seal::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256, _>(
                &OpModeS::Base,
                &public,
                admission.wave().as_str().as_bytes(),
                &Zeroizing::new(pad(reply, size)),
                admission.place().as_bytes(),
                &mut chance.rng(),
            )
            .map_err(|_| SpoiledEnvelope)?;
        Ok(Envelope([&[VERSION][..], &encapped.to_bytes(), &sealed].concat()))
    }
}

impl Envelope {
    /// The envelope from stored bytes.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Seals a dummy and opens it again, so that a key that cannot open is found
/// when a wave opens and not when it closes.
///
/// # Errors
/// If the pair does not belong together.
pub fn rehearse(
    key: &BoxKey,
    public: &PublicKey,
    wave: &WaveCode,
    chance: &Chance,
) -> Result<(), SpoiledEnvelope> {
    let dummy = Admission::to(wave.clone(), Place::random(chance));
    let envelope = public.seal(&dummy, b"rehearsal", Size::for_longest(0), chance)?;
    match key.open(wave, dummy.place(), &envelope)?.as_slice() {
        b"rehearsal" => Ok(()),
        _ => Err(SpoiledEnvelope),
    }
}

impl fmt::Debug for BoxKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BoxKey(…)")
    }
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Envelope(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONGEST: usize = 10_000;

    fn wave(code: &str) -> WaveCode {
        code.parse().expect("a code")
    }

    #[test]
    fn an_envelope_opens_only_with_its_key_for_its_invitation_and_wave() {
        let chance = Chance::seeded(11);
        let (key, public) = BoxKey::generate(&chance);
        let (stranger, _) = BoxKey::generate(&chance);
        let (mine, yours) = (Place::random(&chance), Place::random(&chance));
        let admission = Admission::to(wave("W1"), mine);
        let envelope = public
            .seal(&admission, b"my answers", Size::for_longest(LONGEST), &chance)
            .expect("sealed");
        let opened = key.open(&wave("W1"), &mine, &envelope).expect("opened");
        assert_eq!(opened.as_slice(), b"my answers");
        assert!(key.open(&wave("W1"), &yours, &envelope).is_err());
        assert!(key.open(&wave("W2"), &mine, &envelope).is_err());
        assert!(stranger.open(&wave("W1"), &mine, &envelope).is_err());
        for at in [0, 5, 60] {
            let mut bytes = envelope.as_bytes().to_vec();
            bytes[at] ^= 1;
            assert!(key.open(&wave("W1"), &mine, &Envelope::from_bytes(bytes)).is_err());
        }
    }

    #[test]
    fn envelopes_have_one_size_and_never_repeat() {
        let chance = Chance::seeded(12);
        let (_, public) = BoxKey::generate(&chance);
        let admission = Admission::to(wave("W1"), Place::random(&chance));
        let one =
            public.seal(&admission, b"", Size::for_longest(LONGEST), &chance).expect("sealed");
        let two = public
            .seal(&admission, &[b'x'; 9000], Size::for_longest(LONGEST), &chance)
            .expect("sealed");
        assert_eq!(one.as_bytes().len(), two.as_bytes().len());
        let again =
            public.seal(&admission, b"", Size::for_longest(LONGEST), &chance).expect("sealed");
        assert_ne!(one, again);
    }

    #[test]
    fn a_rehearsal_finds_a_pair_that_does_not_belong_together() {
        let chance = Chance::seeded(13);
        let (key, public) = BoxKey::generate(&chance);
        let (_, other) = BoxKey::generate(&chance);
        assert!(rehearse(&key, &public, &wave("W1"), &chance).is_ok());
        assert!(rehearse(&key, &other, &wave("W1"), &chance).is_err());
    }
}
