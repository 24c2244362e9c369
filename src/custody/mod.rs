//! Where the private half of a wave's key is while the wave is open: on the
//! server, in a file that a passphrase opens, or in shares of which some are
//! needed together. Makes what is handed out and reads what is given back.
//!
//! Must never know an answer, an invitation, or more of a holder than the label
//! that the office gave them. Files and terminals are the shell's; nothing here
//! shows a key, a share or a passphrase in `Debug` or in an error.
//!
//! Whatever the way, a key that comes back counts as the key only after it has
//! opened a dummy envelope: see [`crate::ballot_box::rehearse`].

mod fingerprint;
mod given;
mod key_file;
mod page;
mod share;
mod split;
#[cfg(test)]
mod tests;
mod words;

pub use fingerprint::{Fingerprint, fingerprint};
pub use given::{HeldKey, HeldKeyFault, put_together};
pub use key_file::{LEAST_CHARACTERS, LEAST_DIFFERENT, Passphrase, WeakPassphrase, seal_key_file};
pub use page::SharePage;
pub use share::{Share, deal};
pub use split::{BadSplit, MOST_SHARES, ShareCount, Split};
pub use words::{ShareFault, WORD_LINES, WORDS_IN_LINE, WordLine};

/// Where the private half of a wave's key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Custody {
    /// On the server, wrapped by the master key.
    Server,
    /// In a file that left the server.
    File {
        /// The file's name when it was made, without its folder.
        name: String,
    },
    /// With several holders, of whom some are needed together.
    Shares(Split),
}

impl Custody {
    /// The stable word for files and the database.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::File { .. } => "file",
            Self::Shares(_) => "shares",
        }
    }

    /// Whether closing needs something that is not on the server.
    #[must_use]
    pub fn is_elsewhere(&self) -> bool {
        *self != Self::Server
    }

    /// What is held outside the server, one line each: what its holders destroy
    /// once the wave is closed.
    #[must_use]
    pub fn holders(&self) -> Vec<String> {
        match self {
            Self::Server => Vec::new(),
            Self::File { name } => vec![format!("the key file {name} and its passphrase")],
            Self::Shares(split) => {
                let of = split.of();
                let line = |(number, holder)| format!("share {number} of {of}: {holder}");
                (1_usize..).zip(split.holders()).map(line).collect()
            }
        }
    }

    /// Where the key is, as the end of "The key is …".
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::Server => "on the server, wrapped by its master key".to_owned(),
            Self::File { name } => format!("in the file {name}, which a passphrase opens"),
            Self::Shares(split) => format!(
                "in {} shares, of which any {} together open the box",
                split.of(),
                split.needed()
            ),
        }
    }

    /// The same with who holds it.
    #[must_use]
    pub fn with_holders(&self) -> String {
        match self {
            Self::Server | Self::File { .. } => self.in_words(),
            Self::Shares(split) => {
                format!("{}; held by: {}", self.in_words(), split.holders().join("; "))
            }
        }
    }
}
