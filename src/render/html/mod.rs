//! A release as pages for people: the region, one PCT, one measure.
//!
//! Each function takes the release, what is around a page, and (finished) the
//! stocktake to show beside it; it fills the contexts of [`crate::pages`].

mod measure;
mod overview;
mod pct;
mod words;

pub use measure::measure;
pub use overview::overview;
pub use pct::pct;

#[cfg(test)]
mod tests;
