//! What can be wrong with an answer. The facts only, never the answer itself
//! (but for limits that another answer sets).

use crate::definition::Amount;
use crate::id::ItemCode;

/// One answer that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{item}: {what}")]
pub struct AnswerFault {
    /// The item that it belongs to.
    pub item: ItemCode,
    /// What is wrong.
    pub what: Wrong,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// The survey has no such item, or does not ask it of this respondent.
    #[error("is not asked")]
    NotAsked,
    /// The item has no such option.
    #[error("has no such option")]
    UnknownOption,
    /// The item is answered in another way: words for options, or the like.
    #[error("is answered in another way")]
    WrongKind,
    /// More words than the item takes.
    #[error("takes {max} characters, not {got}")]
    TooLong {
        /// Most characters.
        max: usize,
        /// Characters given.
        got: usize,
    },
    /// More words beside "Other" than there is room for.
    #[error("takes {max} characters beside an option, not {got}")]
    OtherTooLong {
        /// Most characters.
        max: usize,
        /// Characters given.
        got: usize,
    },
    /// More options than may be chosen.
    #[error("takes {most} options, not {got}")]
    TooMany {
        /// Most options.
        most: usize,
        /// Options given.
        got: usize,
    },
    /// An option that stands alone was chosen together with another.
    #[error("option {value} goes with no other")]
    Exclusive {
        /// The option that stands alone.
        value: u16,
    },
    /// Not a number.
    #[error("takes a number")]
    NotANumber,
    /// More decimal places than are taken.
    #[error("takes {places} decimal places")]
    TooPrecise {
        /// Most decimal places.
        places: u8,
    },
    /// Less than the least that is taken.
    #[error("takes {least} or more")]
    TooLow {
        /// The least.
        least: Amount,
        /// The item whose answer sets it, if one does.
        by: Option<ItemCode>,
    },
    /// More than the most that is taken.
    #[error("takes {most} or less")]
    TooHigh {
        /// The most.
        most: Amount,
        /// The item whose answer sets it, if one does.
        by: Option<ItemCode>,
    },
    /// Unusual, and not confirmed.
    #[error("is unusual and wants to be confirmed")]
    Unusual {
        /// The number given.
        amount: Amount,
    },
    /// Both a number and a way out.
    #[error("has both a number and a way out")]
    NumberAndWayOut,
    /// Answered in another way by another window since this form was made.
    #[error("was changed in another window")]
    ChangedElsewhere,
}

impl AnswerFault {
    /// A fault of an item.
    #[must_use]
    pub fn of(item: &ItemCode, what: Wrong) -> Self {
        Self { item: item.clone(), what }
    }
}
