//! A wave's key as a file that a passphrase opens: in the format of the public
//! tool `age`, so that its holder can look into it without this program.
//!
//! Source: C2SP age-encryption.org/v1, recipient stanza `scrypt`. The random
//! numbers in it are the library's own, from the operating system.

use std::collections::BTreeSet;
use std::fmt;
use std::io::Read as _;

use age::secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::ballot_box::BoxKey;
use crate::id::WaveCode;

use super::{Fingerprint, HeldKeyFault};

/// Fewest characters of a passphrase.
pub const LEAST_CHARACTERS: usize = 15;

/// Fewest different characters of a passphrase.
pub const LEAST_DIFFERENT: usize = 8;

/// Work of a guess at the passphrase: 2^17 blocks of 1 KiB, 128 MiB of memory.
///
/// Source: OWASP, Password Storage Cheat Sheet, scrypt.
const WORK: u8 = 17;

/// Most work that a file given back may ask of us: 1 GiB.
const MOST_WORK: u8 = 20;

/// Room for the contents of a key file.
const ROOM: usize = 1024;

/// What opens a key file.
pub struct Passphrase(SecretString);

/// A passphrase that could be guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the passphrase is too weak: it needs at least {LEAST_CHARACTERS} characters, {LEAST_DIFFERENT} of them different; four or five words that do not belong together are good"
)]
pub struct WeakPassphrase;

impl Passphrase {
    /// A passphrase for a new file.
    ///
    /// # Errors
    /// If it is too weak.
    pub fn chosen(text: &str) -> Result<Self, WeakPassphrase> {
        let different: BTreeSet<char> = text.chars().collect();
        if text.chars().count() < LEAST_CHARACTERS || different.len() < LEAST_DIFFERENT {
            return Err(WeakPassphrase);
        }
        Ok(Self::given(text))
    }

    /// The passphrase of a file that is there.
    #[must_use]
    pub fn given(text: &str) -> Self {
        Self(SecretString::from(text))
    }

    /// The same once more, for what is read back.
    #[must_use]
    pub fn again(&self) -> Self {
        Self(self.secret())
    }

    fn secret(&self) -> SecretString {
        SecretString::from(self.0.expose_secret())
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

/// The file's text, sealed by the passphrase; takes about a second.
///
/// # Errors
/// If the library refuses.
pub fn seal_key_file(
    key: &BoxKey,
    wave: &WaveCode,
    print: &Fingerprint,
    passphrase: &Passphrase,
) -> Result<String, HeldKeyFault> {
    let mut recipient = age::scrypt::Recipient::new(passphrase.secret());
    recipient.set_work_factor(WORK);
    let mut digits = Zeroizing::new([0; 64]);
    hex::encode_to_slice(key.expose(), &mut *digits).map_err(|_| HeldKeyFault::Unsealed)?;
    let mut text = Zeroizing::new(Vec::with_capacity(ROOM));
    text.extend_from_slice(b"The private key of a wave of Soundings\nwave ");
    text.extend_from_slice(wave.as_str().as_bytes());
    text.extend_from_slice(format!("\nfingerprint {print}\nkey ").as_bytes());
    text.extend_from_slice(&*digits);
    text.push(b'\n');
    age::encrypt_and_armor(&recipient, &text).map_err(|_| HeldKeyFault::Unsealed)
}

/// The key in a file's text.
pub(super) fn open_key_file(
    wave: &WaveCode,
    text: &str,
    passphrase: &Passphrase,
) -> Result<BoxKey, HeldKeyFault> {
    let armour = age::armor::ArmoredReader::new(text.trim_start().as_bytes());
    let sealed = age::Decryptor::new_buffered(armour).map_err(|_| HeldKeyFault::NoKeyFile)?;
    if !sealed.is_scrypt() {
        return Err(HeldKeyFault::NoKeyFile);
    }
    let mut identity = age::scrypt::Identity::new(passphrase.secret());
    identity.set_max_work_factor(MOST_WORK);
    let opened = sealed.decrypt(std::iter::once(&identity as &dyn age::Identity));
    let opened = opened.map_err(|why| match why {
        age::DecryptError::DecryptionFailed
        | age::DecryptError::KeyDecryptionFailed
        | age::DecryptError::NoMatchingKeys => HeldKeyFault::WrongPassphrase,
        _ => HeldKeyFault::NoKeyFile,
    })?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(ROOM));
    let most = u64::try_from(ROOM).unwrap_or(u64::MAX) - 32;
    opened.take(most).read_to_end(&mut bytes).map_err(|_| HeldKeyFault::NoKeyFile)?;
    let line = |name: &[u8]| bytes.split(|byte| *byte == b'\n').find_map(|l| l.strip_prefix(name));
    if line(b"wave ") != Some(wave.as_str().as_bytes()) {
        return Err(HeldKeyFault::FileOfOtherWave);
    }
    let mut key = Zeroizing::new([0; 32]);
    let digits = line(b"key ").ok_or(HeldKeyFault::NoKeyFile)?;
    hex::decode_to_slice(digits, &mut *key).map_err(|_| HeldKeyFault::NoKeyFile)?;
    Ok(BoxKey::from_bytes(&key))
}
