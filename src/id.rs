//! Typed names and ids, so that one kind of code can never be passed for another.
//!
//! Two families: *codes* are chosen by people (a wave, a unit, an item) and are
//! readable; *random ids* are 128 bits from [`crate::chance`], carry neither
//! time nor order, and name rows that concern people.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::chance::Chance;

/// Why a text is not a code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Nothing was given.
    #[error("is empty")]
    Empty,
    /// More than 64 characters.
    #[error("is longer than 64 characters")]
    TooLong,
    /// A character outside `A-Z a-z 0-9 - _ .`, or a first character that is not a letter or digit.
    #[error(
        "contains {0:?}; letters, digits, '-', '_' and '.' are allowed, a letter or digit first"
    )]
    Character(char),
}

fn check_code(text: &str) -> Result<(), CodeError> {
    let first = text.chars().next().ok_or(CodeError::Empty)?;
    if text.len() > 64 {
        return Err(CodeError::TooLong);
    }
    if !first.is_ascii_alphanumeric() {
        return Err(CodeError::Character(first));
    }
    match text.chars().find(|c| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))) {
        Some(c) => Err(CodeError::Character(c)),
        None => Ok(()),
    }
}

macro_rules! code {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The code as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl FromStr for $name {
            type Err = CodeError;
            fn from_str(text: &str) -> Result<Self, CodeError> {
                check_code(text)?;
                Ok(Self(text.to_owned()))
            }
        }
        impl TryFrom<String> for $name {
            type Error = CodeError;
            fn try_from(text: String) -> Result<Self, CodeError> {
                check_code(&text)?;
                Ok(Self(text))
            }
        }
        impl From<$name> for String {
            fn from(code: $name) -> String {
                code.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

code!(
    /// A wave, for example `2007-Q4`.
    WaveCode
);
code!(
    /// A reporting unit, for example `ne-essex`: the leaves of the results.
    UnitSlug
);
code!(
    /// A PBC group, for example `north-herts`.
    GroupSlug
);
code!(
    /// A statutory PCT by its ODS code, for example `5GC`.
    PctCode
);
code!(
    /// A cluster of reporting units between unit and region.
    ClusterSlug
);
code!(
    /// Any organisation in the tree of results; for a leaf, its unit's slug.
    OrgCode
);
code!(
    /// A survey by its own code, for example `pbc-east-of-england`.
    SurveyCode
);
code!(
    /// A question or a row of a grid, for example `MS_INC`.
    ItemCode
);
code!(
    /// A part of a survey that some waves ask, for example `R1`.
    ModuleCode
);
code!(
    /// An index, for example `IDX_MIL`.
    IndexCode
);

impl From<UnitSlug> for OrgCode {
    fn from(unit: UnitSlug) -> Self {
        Self(unit.0)
    }
}

impl From<ClusterSlug> for OrgCode {
    fn from(cluster: ClusterSlug) -> Self {
        Self(cluster.0)
    }
}

impl From<&UnitSlug> for OrgCode {
    fn from(unit: &UnitSlug) -> Self {
        Self(unit.0.clone())
    }
}

/// Why a text is not a random id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id has 32 hexadecimal digits")]
pub struct IdError;

macro_rules! random_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// A new id: 128 random bits, no time and no order in them.
            #[must_use]
            pub fn random(chance: &Chance) -> Self {
                Self(chance.bytes())
            }
            /// The id's bytes.
            #[must_use]
            pub fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
            /// The id of these bytes.
            #[must_use]
            pub fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }
            /// A number made of the id: as random as it is, never negative.
            #[must_use]
            pub fn slot(&self) -> i64 {
                let first = self.0.first_chunk().copied().unwrap_or_default();
                i64::from_be_bytes(first) & i64::MAX
            }
        }
        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                let mut bytes = [0; 16];
                hex::decode_to_slice(text, &mut bytes).map_err(|_| IdError)?;
                Ok(Self(bytes))
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex::encode(self.0))
            }
        }
    };
}

random_id!(
    /// One row of the register of leads.
    LeadId
);
random_id!(
    /// One invitation: the right of one lead to answer one wave once.
    InvitationId
);
random_id!(
    /// A place for one envelope in a ballot box. Today made of an invitation's id.
    PlaceId
);
random_id!(
    /// One mail in the outbox.
    MailId
);
random_id!(
    /// One ballot. Made at closing, from no other id.
    BallotId
);
random_id!(
    /// One free-text comment. Made at closing, from no other id.
    CommentId
);

random_id!(
    /// One number apart from its ballot. Made at closing, from no other id.
    NumberId
);

random_id!(
    /// One idea shared with the PBC leads network.
    IdeaId
);

random_id!(
    /// Files of the register that wait to be confirmed.
    UploadId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_checked_when_it_is_made() {
        assert_eq!("2007-Q4".parse::<WaveCode>().map(String::from), Ok("2007-Q4".into()));
        assert_eq!("".parse::<UnitSlug>(), Err(CodeError::Empty));
        assert_eq!("a b".parse::<UnitSlug>(), Err(CodeError::Character(' ')));
        assert_eq!("../x".parse::<WaveCode>(), Err(CodeError::Character('.')));
        assert_eq!("x".repeat(65).parse::<ItemCode>(), Err(CodeError::TooLong));
    }

    #[test]
    fn a_random_id_survives_its_text() {
        let id = InvitationId::random(&Chance::seeded(7));
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("xyz".parse::<BallotId>(), Err(IdError));
    }
}
