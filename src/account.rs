//! Who may sign in, and what their role lets them see.

use std::fmt;
use std::str::FromStr;

use crate::id::UnitSlug;
use crate::register::EmailAddress;

/// What somebody may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The survey office.
    Office,
    /// The SHA's commissioning team.
    Sha,
    /// One PCT.
    Pct,
    /// The local medical committee: published results only.
    Lmc,
}

/// A word that names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a role; choose office, sha, pct or lmc")]
pub struct UnknownRole(pub String);

/// Somebody who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The address that names the account.
    pub email: EmailAddress,
    /// What they may see.
    pub role: Role,
    /// For the role PCT: their own reporting unit.
    pub unit: Option<UnitSlug>,
}

impl Role {
    /// The stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Sha => "sha",
            Self::Pct => "pct",
            Self::Lmc => "lmc",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Office => "survey office",
            Self::Sha => "SHA",
            Self::Pct => "PCT",
            Self::Lmc => "LMC",
        })
    }
}

impl FromStr for Role {
    type Err = UnknownRole;
    fn from_str(word: &str) -> Result<Self, UnknownRole> {
        match word {
            "office" => Ok(Self::Office),
            "sha" => Ok(Self::Sha),
            "pct" => Ok(Self::Pct),
            "lmc" => Ok(Self::Lmc),
            _ => Err(UnknownRole(word.to_owned())),
        }
    }
}

impl Role {
    /// Whether the survey office's own pages are open to this role.
    #[must_use]
    pub fn sees_office(self) -> bool {
        self == Self::Office
    }

    /// Whether published results are open to this role.
    #[must_use]
    pub fn sees_results(self) -> bool {
        matches!(self, Self::Office | Self::Sha | Self::Pct | Self::Lmc)
    }

    /// Whether the packs of all PCTs in one file are for this role.
    #[must_use]
    pub fn sees_packs(self) -> bool {
        matches!(self, Self::Office | Self::Sha)
    }

    /// Whether the stocktake is open to this role.
    #[must_use]
    pub fn sees_stocktake(self) -> bool {
        matches!(self, Self::Office | Self::Sha | Self::Pct)
    }
}
