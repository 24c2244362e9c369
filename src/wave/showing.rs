//! How the results of a wave are shown to those who may see them.

use std::str::FromStr;

use super::UnknownWord;

/// How the results of a wave are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Showing {
    /// How PCTs, LMC and leads see other PCTs.
    pub peers: Peers,
    /// Whether anybody may read the summary.
    pub public_summary: bool,
}

/// How PCTs, LMC and leads see other PCTs than their own. The SHA and the survey office
/// see names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Peers {
    /// By name.
    #[default]
    Named,
    /// By a letter that is another in each wave.
    Coded,
}

impl Peers {
    /// The stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Coded => "coded",
        }
    }
}

impl FromStr for Peers {
    type Err = UnknownWord;
    fn from_str(word: &str) -> Result<Self, UnknownWord> {
        match word {
            "named" => Ok(Self::Named),
            "coded" => Ok(Self::Coded),
            _ => Err(UnknownWord(word.to_owned())),
        }
    }
}
