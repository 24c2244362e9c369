//! Reads a stocktake table and keeps it as a snapshot of its day.

use chrono::NaiveDate;

use crate::stocktake::{self, Return};
use crate::storage::StorageError;
use crate::trail::Act;

use super::{FlowError, House};

/// Keeps the returns of a day.
///
/// # Errors
/// Every fault of the file, or if that day has returns already: a snapshot is
/// never changed.
pub fn load_stocktake(
    house: &House,
    file: &str,
    text: &str,
    as_at: NaiveDate,
) -> Result<Vec<Return>, FlowError> {
    house.store.write(|tx| {
        let returns = stocktake::read(file, text, &tx.register()?.units)?;
        tx.insert_stocktake(as_at, &returns).map_err(|error| match error {
            StorageError::Conflict { .. } => FlowError::StocktakeExists(as_at),
            other => other.into(),
        })?;
        house.note(tx, Act::STOCKTAKE_LOADED, &as_at.to_string(), "")?;
        Ok(returns)
    })
}
