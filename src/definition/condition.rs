//! Who is asked: a condition over earlier answers, checked when the file was read.

use std::collections::BTreeSet;
use std::fmt;

use super::kind::Amount;
use crate::id::ItemCode;

/// A condition over the answers to earlier items. Codes, values and order were
/// checked when the survey was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// One of these items is answered with one of these options.
    Chosen {
        /// One item, or all rows of a grid.
        items: Vec<ItemCode>,
        /// The values of the options.
        values: BTreeSet<u16>,
    },
    /// A number in this range, both ends included.
    Within {
        /// The item.
        item: ItemCode,
        /// The least, if there is one.
        from: Option<Amount>,
        /// The most, if there is one.
        to: Option<Amount>,
    },
    /// One of these items has an answer of any kind.
    Answered {
        /// One item, or all rows of a grid.
        items: Vec<ItemCode>,
    },
    /// The condition does not hold.
    Not(Box<Condition>),
    /// All of them hold.
    All(Vec<Condition>),
    /// At least one of them holds.
    Any(Vec<Condition>),
}

impl Condition {
    /// Every item that it asks about.
    #[must_use]
    pub fn items(&self) -> BTreeSet<&ItemCode> {
        match self {
            Self::Chosen { items, .. } | Self::Answered { items } => items.iter().collect(),
            Self::Within { item, .. } => BTreeSet::from([item]),
            Self::Not(inner) => inner.items(),
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().flat_map(Condition::items).collect()
            }
        }
    }
}

impl fmt::Display for Condition {
    /// One form for one meaning as far as that is easy, for fingerprints.
    /// Amounts are in units of their last decimal place.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, items: &[ItemCode]| {
            let names: Vec<&str> = items.iter().map(ItemCode::as_str).collect();
            write!(f, "{}", names.join("|"))
        };
        match self {
            Self::Chosen { items, values } => {
                list(f, items)?;
                let values: Vec<String> = values.iter().map(ToString::to_string).collect();
                write!(f, " in ({})", values.join(","))
            }
            Self::Within { item, from, to } => match (from, to) {
                (Some(from), Some(to)) if from == to => write!(f, "{item} = {from}"),
                (Some(from), Some(to)) => write!(f, "{item} from {from} to {to}"),
                (Some(from), None) => write!(f, "{item} >= {from}"),
                (None, Some(to)) => write!(f, "{item} <= {to}"),
                (None, None) => write!(f, "{item} is a number"),
            },
            Self::Answered { items } => {
                list(f, items)?;
                f.write_str(" not empty")
            }
            Self::Not(inner) => write!(f, "not ({inner})"),
            Self::All(parts) => joined(f, parts, " and "),
            Self::Any(parts) => joined(f, parts, " or "),
        }
    }
}

fn joined(f: &mut fmt::Formatter<'_>, parts: &[Condition], word: &str) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        f.write_str(if at == 0 { "(" } else { word })?;
        write!(f, "{part}")?;
    }
    f.write_str(")")
}
