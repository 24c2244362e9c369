//! What is left of a reply in a ballot: one byte for each countable item.

use std::fmt;

use super::Reply;
use crate::definition::Survey;
use crate::id::ItemCode;

/// The options chosen, one byte per [`Survey::countable_items`] in that order:
/// 0 for blank, 1 + i for option i in screen order.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Marks(Vec<u8>);

/// Why bytes are not the marks of a survey.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MarksError {
    /// Not one byte per countable item.
    #[error("{got} marks for {wanted} items")]
    Length {
        /// Countable items of the survey.
        wanted: usize,
        /// Bytes given.
        got: usize,
    },
    /// A byte beyond the last option.
    #[error("a mark of {item} stands for no option")]
    UnknownOption {
        /// The item.
        item: ItemCode,
    },
}

impl Marks {
    /// The marks of a reply; an answer that the survey does not know is blank
    /// (see [`Reply::check_against`]).
    #[must_use]
    pub fn of(reply: &Reply, survey: &Survey) -> Self {
        let mark = |item: crate::definition::Item<'_>| {
            let value = reply.choice(item.code)?;
            let place = item.options()?.iter().position(|option| option.value == value)?;
            u8::try_from(place + 1).ok()
        };
        Self(survey.countable_items().map(|item| mark(item).unwrap_or(0)).collect())
    }

    /// The marks from their bytes.
    ///
    /// # Errors
    /// If they do not fit the survey.
    pub fn from_bytes(bytes: Vec<u8>, survey: &Survey) -> Result<Self, MarksError> {
        let wanted = survey.countable_items().count();
        if bytes.len() != wanted {
            return Err(MarksError::Length { wanted, got: bytes.len() });
        }
        for (item, byte) in survey.countable_items().zip(&bytes) {
            if usize::from(*byte) > item.options().unwrap_or_default().len() {
                return Err(MarksError::UnknownOption { item: item.code.clone() });
            }
        }
        Ok(Self(bytes))
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The option chosen for a countable item, both counted from 0; `None` for
    /// blank or for an item beyond the last.
    #[must_use]
    pub fn get(&self, item: usize) -> Option<usize> {
        usize::from(*self.0.get(item)?).checked_sub(1)
    }
}

impl fmt::Debug for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Marks({} items)", self.0.len())
    }
}
