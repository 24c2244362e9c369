//! What can be wrong with an answer. The facts only, never the answer itself.

use crate::id::ItemCode;

/// One answer that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerFault {
    /// The survey has no such item.
    #[error("there is no item {item}")]
    UnknownItem {
        /// The code that names nothing.
        item: ItemCode,
    },
    /// The item has no such option.
    #[error("{item} has no such option")]
    UnknownOption {
        /// The item.
        item: ItemCode,
    },
    /// The item is answered the other way: words for options, or options for words.
    #[error("{item} is answered in another way")]
    WrongKind {
        /// The item.
        item: ItemCode,
    },
    /// More words than the item takes.
    #[error("{item} takes {max} characters, not {got}")]
    TooLong {
        /// The item.
        item: ItemCode,
        /// Most characters.
        max: usize,
        /// Characters given.
        got: usize,
    },
}

impl AnswerFault {
    /// The item that the fault belongs to.
    #[must_use]
    pub fn item(&self) -> &ItemCode {
        match self {
            Self::UnknownItem { item }
            | Self::UnknownOption { item }
            | Self::WrongKind { item }
            | Self::TooLong { item, .. } => item,
        }
    }
}
