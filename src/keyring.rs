//! Keys outside the database and its backups: a master key in a file of its
//! own, and for each wave secrets wrapped by it. Knows names and bytes, not
//! what a key opens.

mod handed_out;
mod sealed;

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::chance::Chance;
use crate::id::WaveCode;

pub use handed_out::{HandedOut, read_secret};

/// The keys of this house.
#[derive(Clone)]
pub struct Keyring {
    folder: PathBuf,
    master: Zeroizing<[u8; 32]>,
    chance: Chance,
    at_hand: Arc<Mutex<AtHand>>,
}

/// Secrets that were just used.
type AtHand = BTreeMap<(WaveCode, Secret), (Instant, Zeroizing<[u8; 32]>)>;

/// How long a secret stays at hand: as long as a destroyed one can outlive its
/// file in the memory of another process.
pub const AT_HAND: Duration = Duration::from_secs(1);

/// Bytes of a wrapped secret: nonce, secret, tag.
const WRAPPED: usize = 24 + 32 + 16;

/// What a wave's secret is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Secret {
    /// Makes the personal links.
    Links,
    /// Opens the drafts, together with a link.
    Drafts,
    /// Opens the envelopes.
    BallotBox,
}

/// What a secret of the house is for that is made from the master key and lasts
/// as long as it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derived {
    /// Proves links that end all mails to an address.
    StopLinks,
    /// Proves envelope senders, to which mails come back.
    BounceAddresses,
    /// Makes the links by which staff sign in.
    SignInLinks,
    /// Proves the links by which leads see results.
    ResultsLinks,
    /// Seals the end of the audit trail.
    Trail,
    /// Seals the secrets of second steps.
    SecondSteps,
    /// Makes the hashes of recovery codes.
    RecoveryCodes,
}

/// What can go wrong with a key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The secret was never made here, or is destroyed.
    #[error("the {0} of wave {1} is not on this machine")]
    Missing(Secret, WaveCode),
    /// The file does not open with this master key.
    #[error("the key file {} does not open with the master key in use", .0.display())]
    Wrong(PathBuf),
    /// The master key's file holds something else.
    #[error("the master key {} does not hold 64 hexadecimal digits; put the right file back", .0.display())]
    Malformed(PathBuf),
    /// Others than the owner may read the master key.
    #[error("the master key {} can be read by others; set its mode to 0600", .0.display())]
    Exposed(PathBuf),
    /// A file that is to leave this machine would go into every copy of the data.
    #[error(
        "{} is in the data folder, which is copied for backups; put what holds the key elsewhere, best on a stick",
        .0.display()
    )]
    InData(PathBuf),
    /// A file is there already.
    #[error("{} is there already and is not written over; it may hold the key of another wave", .0.display())]
    Taken(PathBuf),
    /// The file system refused.
    #[error("the key file {} cannot be used: {source}", .path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Links => "link secret",
            Self::Drafts => "draft secret",
            Self::BallotBox => "ballot box key",
        })
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> KeyError + '_ {
    move |source| KeyError::File { path: path.to_owned(), source }
}

impl Keyring {
    /// Opens the key ring; the master key is made if there is none yet.
    ///
    /// # Errors
    /// If a file cannot be used, or others may read the master key.
    pub fn open(master_file: &Path, folder: &Path, chance: Chance) -> Result<Self, KeyError> {
        fs::create_dir_all(folder).map_err(at(folder))?;
        if let Some(parent) = master_file.parent() {
            fs::create_dir_all(parent).map_err(at(parent))?;
        }
        let master = match fs::read(master_file) {
            Ok(bytes) => {
                check_private(master_file)?;
                let bytes = Zeroizing::new(bytes);
                let mut key = Zeroizing::new([0; 32]);
                hex::decode_to_slice(bytes.trim_ascii(), &mut *key)
                    .map_err(|_| KeyError::Malformed(master_file.to_owned()))?;
                key
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let key = chance.secret();
                let digits = Zeroizing::new(hex::encode(key.as_slice()));
                if make_once(master_file, digits.as_bytes(), &chance)? {
                    key
                } else {
                    // Another process was faster: its key is the one.
                    return Self::open(master_file, folder, chance);
                }
            }
            Err(error) => return Err(at(master_file)(error)),
        };
        Ok(Self { folder: folder.to_owned(), master, chance, at_hand: Arc::default() })
    }

    fn path(&self, wave: &WaveCode, secret: Secret) -> PathBuf {
        let kind = match secret {
            Secret::Links => "links",
            Secret::Drafts => "drafts",
            Secret::BallotBox => "box",
        };
        self.folder.join(format!("{wave}.{kind}.key"))
    }

    /// A secret of the house.
    ///
    /// Source: RFC 5869 (HKDF with SHA-256).
    #[must_use]
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "32 bytes are never too many"
    )]
    pub fn derived(&self, what: Derived) -> Zeroizing<[u8; 32]> {
        let info: &[u8] = match what {
            Derived::StopLinks => b"soundings stop links",
            Derived::BounceAddresses => b"soundings bounce addresses",
            Derived::SignInLinks => b"soundings sign-in links",
            Derived::ResultsLinks => b"soundings results links",
            Derived::Trail => b"soundings audit trail",
            Derived::SecondSteps => b"soundings second steps",
            Derived::RecoveryCodes => b"soundings recovery codes",
        };
        let mut secret = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(None, &*self.master).expand(info, &mut *secret).expect("32 bytes");
        secret
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.master).into())
    }

    /// Keeps a wave's secret, wrapped by the master key, durably.
    ///
    /// # Errors
    /// If the file cannot be written.
    #[expect(
        clippy::expect_used,
        clippy::missing_panics_doc,
        reason = "fails only for contents of 256 GiB"
    )]
    pub fn keep(&self, wave: &WaveCode, secret: Secret, bytes: &[u8; 32]) -> Result<(), KeyError> {
        self.at_hand().remove(&(wave.clone(), secret));
        let path = self.path(wave, secret);
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        let nonce: [u8; 24] = self.chance.bytes();
        let wrapped = self
            .cipher()
            .encrypt(XNonce::from_slice(&nonce), Payload { msg: bytes, aad: name })
            .expect("a key is short");
        self.put_aside(&path)?;
        let mark = path.with_extension("destroyed");
        if mark.exists() {
            fs::remove_file(&mark).map_err(at(&mark))?;
        }
        write_durably(&path, &[&nonce[..], &wrapped].concat())
    }

    /// A key that is there already is never written over: it may be that of a
    /// copy of the database, opened from the same folder.
    fn put_aside(&self, path: &Path) -> Result<(), KeyError> {
        if !path.exists() {
            return Ok(());
        }
        let aside =
            path.with_extension(format!("replaced-{}", hex::encode(self.chance.bytes::<4>())));
        fs::rename(path, &aside).map_err(at(path))?;
        tracing::warn!(file = %aside.display(), "a key that was there already was put aside");
        sync_folder(path)
    }

    /// A wave's secret.
    ///
    /// # Errors
    /// If it is gone, or the master key is not the one that wrapped it.
    pub fn get(&self, wave: &WaveCode, secret: Secret) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        let path = self.path(wave, secret);
        let mut buffer = [0; WRAPPED + 1];
        let length = match File::open(&path).and_then(|mut file| file.read(&mut buffer)) {
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(KeyError::Missing(secret, wave.clone()));
            }
            Err(error) => return Err(at(&path)(error)),
        };
        let stored = buffer.get(..length).unwrap_or_default();
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        let open = || {
            let (nonce, wrapped) = stored.split_at_checked(24)?;
            let opened = self
                .cipher()
                .decrypt(XNonce::from_slice(nonce), Payload { msg: wrapped, aad: name })
                .ok()?;
            let opened = Zeroizing::new(opened);
            let mut secret = Zeroizing::new([0; 32]);
            secret.copy_from_slice(opened.get(..32).filter(|_| opened.len() == 32)?);
            Some(secret)
        };
        open().ok_or_else(|| KeyError::Wrong(path.clone()))
    }

    fn at_hand(&self) -> MutexGuard<'_, AtHand> {
        self.at_hand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A wave's secret for work that asks for it over and over: read from its
    /// file at most once in [`AT_HAND`]. Whoever calls this also calls
    /// [`Self::let_go`] now and then.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn get_often(
        &self,
        wave: &WaveCode,
        secret: Secret,
    ) -> Result<Zeroizing<[u8; 32]>, KeyError> {
        let name = (wave.clone(), secret);
        if let Some((since, key)) = self.at_hand().get(&name)
            && since.elapsed() < AT_HAND
        {
            return Ok(key.clone());
        }
        let key = self.get(wave, secret)?;
        self.at_hand().insert(name, (Instant::now(), key.clone()));
        Ok(key)
    }

    /// Overwrites in memory the secrets that were at hand long enough.
    pub fn let_go(&self) {
        self.at_hand().retain(|_, (since, _)| since.elapsed() < AT_HAND);
    }

    /// Overwrites and removes a wave's secret, and leaves a mark that it was.
    /// Doing so twice is no fault; not having had it is, because then it may
    /// still be on another machine.
    ///
    /// # Errors
    /// If the secret never was here, or its file cannot be removed.
    pub fn destroy(&self, wave: &WaveCode, secret: Secret) -> Result<(), KeyError> {
        self.at_hand().remove(&(wave.clone(), secret));
        let path = self.path(wave, secret);
        let mark = path.with_extension("destroyed");
        let length = match fs::metadata(&path) {
            Ok(about) => about.len(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return if mark.exists() {
                    Ok(())
                } else {
                    Err(KeyError::Missing(secret, wave.clone()))
                };
            }
            Err(error) => return Err(at(&path)(error)),
        };
        write_durably(&mark, b"")?;
        let mut file = OpenOptions::new().write(true).open(&path).map_err(at(&path))?;
        let noise: [u8; 32] = self.chance.bytes();
        let mut left = usize::try_from(length).unwrap_or(0);
        while left > 0 {
            let part = noise.get(..left.min(noise.len())).unwrap_or(&noise);
            file.write_all(part).map_err(at(&path))?;
            left -= part.len();
        }
        file.sync_all().map_err(at(&path))?;
        fs::remove_file(&path).map_err(at(&path))?;
        sync_folder(&path)
    }
}

/// Makes a file that must be made by one process alone; `false` if it is there.
fn make_once(path: &Path, bytes: &[u8], chance: &Chance) -> Result<bool, KeyError> {
    let beside = path.with_extension(hex::encode(chance.bytes::<8>()));
    write_durably(&beside, bytes)?;
    let linked = fs::hard_link(&beside, path);
    fs::remove_file(&beside).map_err(at(&beside))?;
    match linked {
        Ok(()) => sync_folder(path).map(|()| true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(at(path)(error)),
    }
}

fn write_durably(path: &Path, bytes: &[u8]) -> Result<(), KeyError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside).map_err(at(&beside))?;
    file.write_all(bytes).map_err(at(&beside))?;
    file.sync_all().map_err(at(&beside))?;
    fs::rename(&beside, path).map_err(at(path))?;
    sync_folder(path)
}

fn sync_folder(path: &Path) -> Result<(), KeyError> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))
}

#[cfg(unix)]
fn check_private(path: &Path) -> Result<(), KeyError> {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).map_err(at(path))?.permissions().mode();
    if mode.trailing_zeros() >= 6 { Ok(()) } else { Err(KeyError::Exposed(path.to_owned())) }
}

#[cfg(not(unix))]
fn check_private(_path: &Path) -> Result<(), KeyError> {
    Ok(())
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyring(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(folder: &Path) -> Result<Keyring, KeyError> {
        Keyring::open(&folder.join("master.key"), &folder.join("keys"), Chance::operating_system())
    }

    #[test]
    fn a_secret_is_kept_wrapped_and_destroyed_for_good() {
        let folder = tempfile::tempdir().expect("a folder");
        let wave: WaveCode = "2007-Q4".parse().expect("a code");
        let keys = ring(folder.path()).expect("a ring");
        keys.keep(&wave, Secret::Links, &[7; 32]).expect("kept");
        let again = ring(folder.path()).expect("the same ring");
        assert_eq!(*again.get(&wave, Secret::Links).expect("read"), [7; 32]);
        assert!(matches!(again.get(&wave, Secret::BallotBox), Err(KeyError::Missing(..))));
        let stored = fs::read(keys.path(&wave, Secret::Links)).expect("a file");
        assert!(!stored.windows(8).any(|part| part == [7; 8]));
        keys.destroy(&wave, Secret::Links).expect("destroyed");
        keys.destroy(&wave, Secret::Links).expect("twice is no fault");
        assert!(matches!(keys.destroy(&wave, Secret::Drafts), Err(KeyError::Missing(..))));
        assert!(matches!(again.get(&wave, Secret::Links), Err(KeyError::Missing(..))));
        keys.keep(&wave, Secret::Links, &[8; 32]).expect("kept again");
        keys.keep(&wave, Secret::Links, &[9; 32]).expect("kept beside");
        let names = fs::read_dir(folder.path().join("keys")).expect("the folder");
        let aside = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().contains("replaced");
        assert_eq!(names.flatten().filter(aside).count(), 1, "nothing is written over");
        assert_eq!(*keys.get(&wave, Secret::Links).expect("the newest"), [9; 32]);
    }

    #[test]
    fn a_secret_at_hand_is_gone_when_it_is_destroyed_and_when_it_is_not_used() {
        let folder = tempfile::tempdir().expect("a folder");
        let wave: WaveCode = "W1".parse().expect("a code");
        let keys = ring(folder.path()).expect("a ring");
        keys.keep(&wave, Secret::Drafts, &[7; 32]).expect("kept");
        let again = keys.clone();
        assert_eq!(*again.get_often(&wave, Secret::Drafts).expect("read"), [7; 32]);
        fs::remove_file(keys.path(&wave, Secret::Drafts)).expect("taken away");
        assert_eq!(*again.get_often(&wave, Secret::Drafts).expect("at hand"), [7; 32]);
        let long_ago = Instant::now().checked_sub(AT_HAND).expect("a machine that runs");
        for (since, _) in keys.at_hand().values_mut() {
            *since = long_ago;
        }
        assert!(matches!(again.get_often(&wave, Secret::Drafts), Err(KeyError::Missing(..))));
        keys.let_go();
        assert!(again.at_hand().is_empty());
        keys.keep(&wave, Secret::Drafts, &[8; 32]).expect("kept again");
        assert_eq!(*again.get_often(&wave, Secret::Drafts).expect("read"), [8; 32]);
        keys.destroy(&wave, Secret::Drafts).expect("destroyed");
        assert!(matches!(again.get_often(&wave, Secret::Drafts), Err(KeyError::Missing(..))));
    }

    #[test]
    fn another_master_key_opens_nothing_and_an_exposed_one_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let wave: WaveCode = "W1".parse().expect("a code");
        ring(folder.path())
            .expect("a ring")
            .keep(&wave, Secret::BallotBox, &[1; 32])
            .expect("kept");
        let master = folder.path().join("master.key");
        fs::remove_file(&master).expect("removed");
        let other = ring(folder.path()).expect("a new master key");
        assert!(matches!(other.get(&wave, Secret::BallotBox), Err(KeyError::Wrong(_))));
        let mut open = fs::metadata(&master).expect("a file").permissions();
        std::os::unix::fs::PermissionsExt::set_mode(&mut open, 0o644);
        fs::set_permissions(&master, open).expect("mode set");
        assert!(matches!(ring(folder.path()), Err(KeyError::Exposed(_))));
    }
}
