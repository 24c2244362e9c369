//! The sender's half of the key exchange that seals an envelope: the same mechanism as
//! that of the library, which opens what is sealed here, with the X25519 of OpenSSL.
//! It takes half the time, and everybody who sends waits for it.
//!
//! Source: RFC 9180, section 4.1, `Encap` of DHKEM(X25519, HKDF-SHA256).

use hpke::kdf::{HkdfSha256, extract_and_expand};
use hpke::kem::{SharedSecret, X25519HkdfSha256};
use hpke::rand_core::{CryptoRng, RngCore};
use hpke::{Deserializable, HpkeError, Kem, Serializable};
use openssl::derive::Deriver;
use openssl::error::ErrorStack;
use openssl::pkey::{Id, PKey};
use zeroize::Zeroizing;

/// The mechanism with the faster exchange.
pub(super) struct Sender;

/// What an ephemeral key gives with the recipient's: its public half, and the secret.
type Exchanged = (Vec<u8>, Zeroizing<[u8; 32]>);

fn exchange(ephemeral: &[u8; 32], recipient: &[u8]) -> Result<Exchanged, ErrorStack> {
    let ephemeral = PKey::private_key_from_raw_bytes(ephemeral, Id::X25519)?;
    let recipient = PKey::public_key_from_raw_bytes(recipient, Id::X25519)?;
    let mut exchange = Deriver::new(&ephemeral)?;
    exchange.set_peer(&recipient)?;
    let mut secret = Zeroizing::new([0; 32]);
    // Refuses a point that gives nothing but zeroes.
    exchange.derive(&mut *secret)?;
    Ok((ephemeral.raw_public_key()?, secret))
}

impl Kem for Sender {
    type PublicKey = <X25519HkdfSha256 as Kem>::PublicKey;
    type PrivateKey = <X25519HkdfSha256 as Kem>::PrivateKey;
    type EncappedKey = <X25519HkdfSha256 as Kem>::EncappedKey;
    type NSecret = <X25519HkdfSha256 as Kem>::NSecret;
    const KEM_ID: u16 = X25519HkdfSha256::KEM_ID;

    fn sk_to_pk(private: &Self::PrivateKey) -> Self::PublicKey {
        X25519HkdfSha256::sk_to_pk(private)
    }

    fn derive_keypair(seed: &[u8]) -> (Self::PrivateKey, Self::PublicKey) {
        X25519HkdfSha256::derive_keypair(seed)
    }

    fn decap(
        private: &Self::PrivateKey,
        sender: Option<&Self::PublicKey>,
        encapped: &Self::EncappedKey,
    ) -> Result<SharedSecret<Self>, HpkeError> {
        let secret = X25519HkdfSha256::decap(private, sender, encapped)?;
        Ok(SharedSecret(secret.0))
    }

    fn encap<R: CryptoRng + RngCore>(
        recipient: &Self::PublicKey,
        sender: Option<(&Self::PrivateKey, &Self::PublicKey)>,
        chance: &mut R,
    ) -> Result<(SharedSecret<Self>, Self::EncappedKey), HpkeError> {
        // Whoever sends a reply has no key of their own.
        if sender.is_some() {
            return Err(HpkeError::EncapError);
        }
        let recipient = recipient.to_bytes();
        let mut seed = Zeroizing::new([0; 32]);
        chance.fill_bytes(&mut *seed);
        let (encapped, exchanged) =
            exchange(&seed, &recipient).map_err(|_| HpkeError::EncapError)?;
        let [high, low] = Self::KEM_ID.to_be_bytes();
        let suite = [b'K', b'E', b'M', high, low];
        let context = [&encapped[..], &recipient].concat();
        let mut secret = SharedSecret::default();
        extract_and_expand::<HkdfSha256>(&*exchanged, &suite, &context, &mut secret.0)
            .map_err(|_| HpkeError::EncapError)?;
        Ok((secret, Self::EncappedKey::from_bytes(&encapped)?))
    }
}
