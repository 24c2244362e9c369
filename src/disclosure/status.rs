//! The three things that can be said of a cell.

use serde::{Deserialize, Serialize};

/// Whether a cell is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Status {
    /// Shown with all its figures.
    #[serde(rename = "ok")]
    Shown,
    /// Hidden for confidentiality. Why is never said.
    #[serde(rename = "c")]
    Hidden,
    /// There are no answers.
    #[serde(rename = "x")]
    Empty,
}

impl Status {
    /// The status as files write it: `ok`, `c` or `x`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Shown => "ok",
            Self::Hidden => "c",
            Self::Empty => "x",
        }
    }
}
