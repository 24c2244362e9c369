//! What is left of a reply in a ballot: one byte for each column.

use std::fmt;

use super::{Answer, Reply, Route};
use crate::definition::{Column, ItemAnswer, Survey};
use crate::id::ItemCode;

/// The options chosen, one byte per [`Survey::columns`] in that order: 0 for
/// blank, 1 + i for option i in screen order, [`Marks::NOT_ASKED`] where the
/// item does not concern the respondent.
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
    /// The mark of an item that does not concern the respondent: their earlier
    /// answers lead past it.
    pub const NOT_ASKED: u8 = u8::MAX;

    /// The marks of a reply; an answer that the survey does not know is blank
    /// (see [`Reply::check_against`]).
    #[must_use]
    pub fn of(reply: &Reply, survey: &Survey) -> Self {
        let route = Route::of(survey, reply);
        let mark = |column: Column<'_>| {
            let Some(answer) = route.answer(column.item.code) else {
                let beside = route.is_beside_the_point(&column.item);
                return if beside { Self::NOT_ASKED } else { 0 };
            };
            let place = place(&column, answer);
            place.and_then(|place| u8::try_from(place + 1).ok()).unwrap_or(0)
        };
        Self(survey.columns().map(mark).collect())
    }

    /// The marks from their bytes.
    ///
    /// # Errors
    /// If they do not fit the survey.
    pub fn from_bytes(bytes: Vec<u8>, survey: &Survey) -> Result<Self, MarksError> {
        let wanted = survey.columns().count();
        if bytes.len() != wanted {
            return Err(MarksError::Length { wanted, got: bytes.len() });
        }
        for (column, byte) in survey.columns().zip(&bytes) {
            if *byte != Self::NOT_ASKED && usize::from(*byte) > column.options.len() {
                return Err(MarksError::UnknownOption { item: column.code.clone() });
            }
        }
        Ok(Self(bytes))
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The option chosen in a column, both counted from 0; `None` for blank, not
    /// asked, or a column beyond the last.
    #[must_use]
    pub fn get(&self, column: usize) -> Option<usize> {
        let mark = *self.0.get(column)?;
        if mark == Self::NOT_ASKED { None } else { usize::from(mark).checked_sub(1) }
    }
}

/// The place of an answer among the options of a column.
fn place(column: &Column<'_>, answer: &Answer) -> Option<usize> {
    match (answer, column.item.answer, column.tick) {
        (Answer::Several(chosen), ItemAnswer::Several(_), Some(tick)) => {
            // The options of such a column are: chosen, not chosen, the ways out.
            let way_out = |place: &usize| {
                column.options.get(*place).is_some_and(|option| chosen.contains(&option.value))
            };
            let found = (2..column.options.len()).find(way_out);
            found.or(Some(usize::from(!chosen.contains(&tick))))
        }
        (Answer::Amount(amount), ItemAnswer::Number(number), _) => Some(number.band(*amount)),
        (Answer::One(value), _, _) => {
            column.options.iter().position(|option| option.value == *value)
        }
        _ => None,
    }
}

impl fmt::Debug for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Marks({} columns)", self.0.len())
    }
}
