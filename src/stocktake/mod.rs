//! What PCTs report to the SHA: which building blocks they have agreed with
//! their PBC groups, and the traffic light that follows. Must never know what
//! leads answer; the comparison of the two belongs to whoever has both.

mod light;
mod read;

use std::fmt;
use std::str::FromStr;

pub use light::{Basis, Colour, Computed, light};
pub use read::read;

use crate::id::UnitSlug;

/// A share in whole percent, from 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(u8);

impl Percent {
    /// The share, if it is no more than 100.
    #[must_use]
    pub fn new(percent: u8) -> Option<Self> {
        (percent <= 100).then_some(Self(percent))
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }
}

/// What a PCT says of one building block. Displays as the file writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Claim {
    /// Agreed.
    Yes,
    /// Not agreed.
    No,
    /// Agreed in part, as the table prints it: of what, it does not say.
    Part(Percent),
    /// Nothing said.
    Blank,
}

impl Claim {
    /// Whether it counts as agreed: only a plain yes does.
    #[must_use]
    pub fn is_agreed(self) -> bool {
        self == Self::Yes
    }
}

/// Why a text is not a claim.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is {0:?}, not a claim")]
pub struct ClaimError(String);

impl FromStr for Claim {
    type Err = ClaimError;

    fn from_str(text: &str) -> Result<Self, ClaimError> {
        let part = |text: &str| {
            let digits = text.strip_suffix('%')?.trim_end();
            let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            digits.parse().ok().filter(|_| plain).and_then(Percent::new)
        };
        match text.to_lowercase().as_str() {
            "yes" => Ok(Self::Yes),
            "no" => Ok(Self::No),
            "" => Ok(Self::Blank),
            other => part(other).map(Self::Part).ok_or_else(|| ClaimError(text.to_owned())),
        }
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Yes => f.pad("yes"),
            Self::No => f.pad("no"),
            Self::Part(percent) => write!(f, "{}%", percent.0),
            Self::Blank => f.pad(""),
        }
    }
}

/// A light as it was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Light {
    /// G.
    Green,
    /// A.
    Amber,
    /// R.
    Red,
}

impl Light {
    /// The letter that the file has for it.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            Self::Green => "G",
            Self::Amber => "A",
            Self::Red => "R",
        }
    }
}

/// Why a text is not a light.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is {0:?}, not a light")]
pub struct LightError(String);

impl FromStr for Light {
    type Err = LightError;

    fn from_str(text: &str) -> Result<Self, LightError> {
        match text.to_lowercase().as_str() {
            "g" | "green" => Ok(Self::Green),
            "a" | "amber" => Ok(Self::Amber),
            "r" | "red" => Ok(Self::Red),
            _ => Err(LightError(text.to_owned())),
        }
    }
}

impl From<Light> for Colour {
    fn from(light: Light) -> Self {
        match light {
            Light::Green => Self::Green,
            Light::Amber => Self::Amber,
            Light::Red => Self::Red,
        }
    }
}

/// What one reporting unit returned: an organisational fact, never suppressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Return {
    /// Whose return it is.
    pub unit: UnitSlug,
    /// An incentive scheme for practices is agreed.
    pub incentive: Claim,
    /// What information practices get is agreed.
    pub information: Claim,
    /// How decisions are made is agreed.
    pub governance: Claim,
    /// Indicative budgets are signed off.
    pub budget: Claim,
    /// The groups' plans are signed off; never counts for the light.
    pub plans: Claim,
    /// The light that was printed beside the return, if one was.
    pub published: Option<Light>,
}

#[cfg(test)]
mod tests;
