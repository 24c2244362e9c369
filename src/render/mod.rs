//! A [`crate::release::Release`] in the forms that people take it in: pages,
//! tables, files. Imports only `release` and `pages`, so that nothing can be
//! shown that was not released; rounds only with `release::print`.

pub mod chart;
pub mod files;
pub mod html;
pub mod json;
#[cfg(feature = "pdf")]
pub mod packs;
#[cfg(feature = "pdf")]
pub mod report;
pub mod tables;
pub mod workbook;
