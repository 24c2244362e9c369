//! Among how many holders a key is split, and how many of them open the box.

use std::str::FromStr;

/// Most shares of one key.
pub const MOST_SHARES: u8 = 10;

/// Most characters of a holder's label.
const LABEL: usize = 80;

/// How many shares there are, and how many are needed: written `2of3`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShareCount {
    needed: u8,
    of: u8,
}

/// A key's holders in the order of their shares, and how many of them are needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    needed: u8,
    holders: Vec<String>,
}

/// Why a key cannot be split so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadSplit {
    /// Not `2of3` or the like.
    #[error("is not written like 2of3")]
    Form,
    /// Too few or too many.
    #[error(
        "at least 2 shares must be needed, at most as many as there are, and there are at most {MOST_SHARES}"
    )]
    Numbers,
    /// Another number of holders than of shares.
    #[error("{shares} shares need {shares} holders; {holders} are named")]
    Holders {
        /// How many shares are wanted.
        shares: u8,
        /// How many holders are named.
        holders: usize,
    },
    /// A label that cannot be printed.
    #[error("a holder's label has 1 to {LABEL} characters in one line")]
    Label,
    /// The same label twice.
    #[error("two holders are called {0:?}; give each a label of their own")]
    Twice(String),
}

impl FromStr for ShareCount {
    type Err = BadSplit;
    fn from_str(text: &str) -> Result<Self, BadSplit> {
        let (needed, of) = text.split_once("of").ok_or(BadSplit::Form)?;
        let number = |text: &str| text.trim_matches([' ', '-']).parse().map_err(|_| BadSplit::Form);
        let (needed, of) = (number(needed)?, number(of)?);
        if needed < 2 || needed > of || of > MOST_SHARES {
            return Err(BadSplit::Numbers);
        }
        Ok(Self { needed, of })
    }
}

impl Split {
    /// Checks who holds what.
    ///
    /// # Errors
    /// If the holders are not as many as the shares, or cannot be told apart.
    pub fn new(count: ShareCount, holders: &[String]) -> Result<Self, BadSplit> {
        if holders.len() != usize::from(count.of) {
            return Err(BadSplit::Holders { shares: count.of, holders: holders.len() });
        }
        let mut checked: Vec<String> = Vec::new();
        for holder in holders {
            let label = holder.trim();
            let long = label.chars().count() > LABEL;
            if label.is_empty() || long || label.chars().any(char::is_control) {
                return Err(BadSplit::Label);
            }
            if checked.iter().any(|known| known.eq_ignore_ascii_case(label)) {
                return Err(BadSplit::Twice(label.to_owned()));
            }
            checked.push(label.to_owned());
        }
        Ok(Self { needed: count.needed, holders: checked })
    }

    /// The split that was kept, checked again.
    ///
    /// # Errors
    /// As for a new one.
    pub fn kept(needed: u8, holders: &[String]) -> Result<Self, BadSplit> {
        let of = u8::try_from(holders.len()).map_err(|_| BadSplit::Numbers)?;
        Self::new(format!("{needed}of{of}").parse()?, holders)
    }

    /// How many shares are needed together.
    #[must_use]
    pub fn needed(&self) -> u8 {
        self.needed
    }

    /// How many shares there are.
    #[must_use]
    pub fn of(&self) -> usize {
        self.holders.len()
    }

    /// The holders' labels in the order of their shares.
    #[must_use]
    pub fn holders(&self) -> &[String] {
        &self.holders
    }
}
