//! Who may sign in, and what their role lets them see.

use std::fmt;
use std::str::FromStr;

use crate::id::UnitSlug;
use crate::register::EmailAddress;

/// What somebody may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The survey office: its administrator.
    Office,
    /// The survey office's clerk: everything of a wave's every day, and not what opens,
    /// closes or publishes one, nor who has an account.
    Clerk,
    /// The SHA's commissioning team.
    Sha,
    /// One PCT.
    Pct,
    /// The local medical committee: published results only.
    Lmc,
}

/// A word that names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a role; choose office, clerk, sha, pct or lmc")]
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

/// How far a session has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// A code is still to come: it opens nothing.
    CodeWanted,
    /// It opens what the account may see.
    Open,
}

/// A word that names no stage.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a stage of a session")]
pub struct UnknownStage(pub String);

impl Stage {
    /// The stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::CodeWanted => "code",
            Self::Open => "open",
        }
    }
}

impl FromStr for Stage {
    type Err = UnknownStage;
    fn from_str(word: &str) -> Result<Self, UnknownStage> {
        match word {
            "code" => Ok(Self::CodeWanted),
            "open" => Ok(Self::Open),
            _ => Err(UnknownStage(word.to_owned())),
        }
    }
}

impl Role {
    /// The stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Clerk => "clerk",
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
            Self::Clerk => "survey office clerk",
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
            "clerk" => Ok(Self::Clerk),
            "sha" => Ok(Self::Sha),
            "pct" => Ok(Self::Pct),
            "lmc" => Ok(Self::Lmc),
            _ => Err(UnknownRole(word.to_owned())),
        }
    }
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [Self::Office, Self::Clerk, Self::Sha, Self::Pct, Self::Lmc];

    /// Whether somebody of this role works in the survey office.
    #[must_use]
    pub fn is_of_office(self) -> bool {
        matches!(self, Self::Office | Self::Clerk)
    }

    /// Whether the packs of all PCTs in one file are for this role.
    #[must_use]
    pub fn sees_packs(self) -> bool {
        self.is_of_office() || self == Self::Sha
    }

    /// Whether what PCTs report is shown to this role.
    #[must_use]
    pub fn sees_stocktake(self) -> bool {
        self.is_of_office() || matches!(self, Self::Sha | Self::Pct)
    }
}
