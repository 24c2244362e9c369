//! Surveys in the form that other programs share: an XLSForm, the workbook that
//! ODK, Kobo and Enketo read, becomes a survey file, and a survey becomes one.
//!
//! The two formats were made for different ends, so each way has losses. None
//! is silent: a [`Loss`] names the sheet, the row and the column, what is lost
//! and why. What an import writes has passed [`crate::definition::parse`].
//!
//! On the way out, what XLSForm has no column for (scores, ways out, bands,
//! modules, indexes) goes into columns and sheets of our own, which XLSForm
//! allows and which the way in reads back.
//!
//! This room must never know who is asked, when, or what anybody answered, and
//! it never touches a file: bytes come in, bytes go out.

mod carrier;
mod columns;
mod condition;
mod draft;
mod export;
mod extras;
mod grid;
mod import;
mod lists;
mod literals;
mod loss;
mod mend;
mod questions;
mod range;
mod relevant;
mod row_type;
mod sections;
mod tree;
mod words;
mod workbook;
mod write;
mod xpath;

pub use export::{ExportError, export};
pub use import::{Imported, import};
pub use loss::{Loss, summary};

#[cfg(test)]
mod tests;
