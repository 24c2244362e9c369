//! A [`crate::release::Release`] in the forms that people take it in: pages,
//! tables, files. Imports only `release` and `pages`, so that nothing can be
//! shown that was not released; rounds only with `release::print`.

pub mod chart;
pub mod files;
pub mod html;
pub mod json;
pub mod measure_file;
#[cfg(feature = "pdf")]
pub mod packs;
#[cfg(feature = "pdf")]
pub mod report;
pub mod seen;
pub mod tables;
pub mod workbook;
