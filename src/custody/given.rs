//! What somebody gives back to open a wave's box, and why it may not do.

use std::fmt;

use crate::ballot_box::{BoxKey, PublicKey};
use crate::id::WaveCode;

use super::key_file::open_key_file;
use super::share::combine;
use super::{Custody, Passphrase, Share, ShareFault, Split, fingerprint};

/// What somebody gives to open a wave's box.
pub enum HeldKey {
    /// Nothing: the key is on the server.
    OnServer,
    /// A key file and its passphrase.
    File {
        /// The file's text.
        text: String,
        /// What opens it.
        passphrase: Passphrase,
    },
    /// Shares, in any order.
    Shares(Vec<Share>),
}

/// Why what was given is not the key. Names no word and no part of a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeldKeyFault {
    /// The key is elsewhere and was not given.
    #[error("the key of wave {wave} is not on the server: it is {}. {}", .custody.with_holders(), how(.custody))]
    Waits {
        /// The wave.
        wave: WaveCode,
        /// Where its key is.
        custody: Custody,
    },
    /// A file or a share was given, and the key is on the server.
    #[error("the key of wave {0} is on the server: it needs neither a file nor shares")]
    OnServer(WaveCode),
    /// The passphrase does not open the file.
    #[error("the passphrase does not open this key file")]
    WrongPassphrase,
    /// The file is something else, or damaged.
    #[error("this is not a key file, or it is damaged")]
    NoKeyFile,
    /// The file is of another wave.
    #[error("this is the key file of another wave")]
    FileOfOtherWave,
    /// The words of a share are not as they were printed.
    #[error("a share cannot be read: {0}")]
    Share(#[from] ShareFault),
    /// A share of another key.
    #[error(
        "share {0} belongs to another wave: compare the fingerprint on its page with that of the wave"
    )]
    ShareOfOtherWave(u8),
    /// The same share twice.
    #[error("share {0} was given twice")]
    ShareTwice(u8),
    /// Fewer shares than needed.
    #[error("{given} of the {needed} shares that are needed were given")]
    TooFewShares {
        /// How many are needed.
        needed: u8,
        /// How many were given.
        given: usize,
    },
    /// It is a key, but not that of the box.
    #[error("what was given does not open the box of wave {0}; nothing was changed")]
    NotTheKey(WaveCode),
    /// The library refused to seal.
    #[error("the key file could not be made")]
    Unsealed,
}

fn how(custody: &Custody) -> String {
    match custody {
        Custody::Server => String::new(),
        Custody::File { .. } => "Give it with --key-file FILE".to_owned(),
        Custody::Shares(split) => {
            let shares = vec!["--share FILE"; usize::from(split.needed())].join(" ");
            format!("Give {} of them with {shares}", split.needed())
        }
    }
}

/// The key from what was given, for a wave whose key is not on the server. It is
/// the key of the box only if it passes a rehearsal.
///
/// # Errors
/// If it was not given, or what was given is something else.
pub fn put_together(
    wave: &WaveCode,
    custody: &Custody,
    public: &PublicKey,
    held: &HeldKey,
) -> Result<BoxKey, HeldKeyFault> {
    match (custody, held) {
        (Custody::Server, _) => Err(HeldKeyFault::OnServer(wave.clone())),
        (Custody::File { .. }, HeldKey::File { text, passphrase }) => {
            open_key_file(wave, text, passphrase)
        }
        (Custody::Shares(split), HeldKey::Shares(shares)) => of_shares(wave, split, public, shares),
        _ => Err(HeldKeyFault::Waits { wave: wave.clone(), custody: custody.clone() }),
    }
}

fn of_shares(
    wave: &WaveCode,
    split: &Split,
    public: &PublicKey,
    shares: &[Share],
) -> Result<BoxKey, HeldKeyFault> {
    let print = fingerprint(public);
    let mut different: Vec<&Share> = Vec::new();
    for share in shares {
        if !share.is_of(&print) || share.needed() != split.needed() {
            return Err(HeldKeyFault::ShareOfOtherWave(share.number()));
        }
        if different.iter().any(|known| known.number() == share.number()) {
            return Err(HeldKeyFault::ShareTwice(share.number()));
        }
        different.push(share);
    }
    if different.len() < usize::from(split.needed()) {
        return Err(HeldKeyFault::TooFewShares { needed: split.needed(), given: different.len() });
    }
    combine(&different).ok_or_else(|| HeldKeyFault::NotTheKey(wave.clone()))
}

impl fmt::Debug for HeldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnServer => f.write_str("OnServer"),
            Self::File { .. } => f.write_str("File(…)"),
            Self::Shares(shares) => write!(f, "Shares({} of them)", shares.len()),
        }
    }
}
