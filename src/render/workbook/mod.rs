//! A release as a workbook for people who work with tables: a cover that says
//! what it is, contents with links, and one sheet per view. Numbers are numbers,
//! rounded as everywhere; what is not shown is `[c]` or `[x]` with a note; there
//! are no formulas. The same release gives the same bytes.

mod cover;
mod sheet;
mod views;
mod write;

use chrono::NaiveDate;

use crate::pages::StocktakeColumn;
use crate::release::{Level, Org, Release};

/// The workbook could not be put together: a fault of the program.
#[derive(Debug, thiserror::Error)]
#[error("the workbook could not be written")]
pub struct BookError(#[from] rust_xlsxwriter::XlsxError);

/// What a workbook is of.
struct View<'a> {
    release: &'a Release,
    /// The nodes in it, the highest first.
    orgs: Vec<&'a Org>,
    /// The stocktake beside it, for whoever may see one.
    stocktake: Option<&'a StocktakeColumn>,
    /// The node that it is about.
    about: Option<&'a Org>,
}

/// The workbook of the whole release, with the claims of a stocktake if there is one.
///
/// # Errors
/// [`BookError`]
pub fn workbook(
    release: &Release,
    stocktake: Option<&StocktakeColumn>,
) -> Result<Vec<u8>, BookError> {
    let orgs = in_order(release, |_| true);
    bytes(&View { release, orgs, stocktake, about: release.root() })
}

/// The workbook of one node beside the whole.
///
/// # Errors
/// [`BookError`]
pub fn workbook_of(
    release: &Release,
    org: &Org,
    stocktake: Option<&StocktakeColumn>,
) -> Result<Vec<u8>, BookError> {
    let orgs = in_order(release, |one| one.parent.is_none() || one.code == org.code);
    bytes(&View { release, orgs, stocktake, about: Some(org) })
}

/// The day on which a wave closed, from the words that the release has for it:
/// the only day that files made of it may carry.
#[must_use]
pub fn day_of(release: &Release) -> Option<NaiveDate> {
    let mut words: Vec<&str> = release.about().closed.split_whitespace().rev().take(3).collect();
    words.reverse();
    NaiveDate::parse_from_str(&words.join(" "), "%d %B %Y").ok()
}

fn in_order(release: &Release, wanted: impl Fn(&Org) -> bool) -> Vec<&Org> {
    let mut orgs: Vec<&Org> = release.nodes().iter().filter(|org| wanted(org)).collect();
    let height = |level: Level| match level {
        Level::Nation => 0,
        Level::Region => 1,
        Level::Cluster => 2,
        Level::Pct => 3,
    };
    orgs.sort_by_key(|org| (height(org.level), org.name.as_str()));
    orgs
}

fn bytes(view: &View<'_>) -> Result<Vec<u8>, BookError> {
    let sheets = views::all(view);
    Ok(write::book(&cover::cover(view, &sheets), &sheets, day_of(view.release))?)
}

#[cfg(test)]
mod tests;
