//! Typesets a report as PDF: texts, tables and charts in, bytes out.
//!
//! Knows nothing of surveys: what stands in a report, and what may, is decided
//! by whoever fills it. A crate of its own because its typesetter is dear to
//! build and never changes with the rest.
//!
//! The PDF is tagged (PDF/UA-1, ISO 14289-1), has bookmarks and page numbers,
//! and is the same to the byte for the same [`Report`]: the day on it is the
//! report's, never today.

#![forbid(unsafe_code)]
#![deny(missing_docs, clippy::pedantic)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod report;
mod typeset;

pub use report::{Align, Below, Block, Chart, Column, Day, Report, Row, Section, Table};
pub use typeset::{Press, PressError};

#[cfg(test)]
mod tests;
