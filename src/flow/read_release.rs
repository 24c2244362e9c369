//! Reads what stands beside a release: the stocktake of its time.

use chrono::NaiveDate;

use crate::pages::StocktakeColumn;
use crate::storage::{StorageError, Tx};
use crate::wave::Wave;

/// The day of a stocktake in words.
#[must_use]
pub fn stocktake_day(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// The page about the stocktake of a day.
#[must_use]
pub fn stocktake_href(day: NaiveDate) -> String {
    format!("/stocktake/{day}")
}

/// The day of the stocktake nearest to a wave, at most a quarter away.
///
/// Source: methods.md 11.
fn nearest_day(days: &[NaiveDate], wave: &Wave) -> Option<NaiveDate> {
    let (first, last) = (wave.opens.london_date(), wave.closes.london_date());
    let far = |day: &NaiveDate| (*day - (*day).clamp(first, last.max(first))).num_days().abs();
    days.iter().copied().min_by_key(far).filter(|day| far(day) <= 92)
}

/// The stocktake nearest to a wave, at most a quarter away, for whoever may see one.
///
/// # Errors
/// If the database refuses.
pub fn stocktake_beside(
    tx: &mut Tx<'_>,
    wave: &Wave,
) -> Result<Option<StocktakeColumn>, StorageError> {
    let Some(day) = nearest_day(&tx.stocktake_days()?, wave) else { return Ok(None) };
    let returns = tx.stocktake(day)?;
    Ok(Some(StocktakeColumn::of(&stocktake_day(day), &stocktake_href(day), &returns)))
}
