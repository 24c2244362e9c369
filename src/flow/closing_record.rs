//! How a wave was closed, for whoever asks later, and the receipts that were published
//! then. Changes nothing.

use crate::ballot_box::{ClosingRecord, Receipt, digest_of_ballots};
use crate::id::WaveCode;
use crate::wave::Wave;

use super::{FlowError, House, the_wave};

/// A closing record, compared with what the database holds today.
#[derive(Debug, Clone)]
pub struct CheckedRecord {
    /// The wave.
    pub wave: Wave,
    /// The record.
    pub record: ClosingRecord,
    /// Whether the ballots are still those that were counted.
    pub ballots_match: bool,
    /// Whether the receipts are still those that were published.
    pub receipts_match: bool,
}

/// How a wave was closed, checked against its ballots and receipts.
///
/// # Errors
/// If there is no such wave or no record of its closing.
pub fn closing_record(house: &House, code: &WaveCode) -> Result<CheckedRecord, FlowError> {
    house.store.read(|tx| {
        let wave = the_wave(tx, code)?;
        let record = tx.closing_record(code)?.ok_or_else(|| FlowError::NoRecord(code.clone()))?;
        let survey = house.survey(tx, &wave)?;
        let ballots_match = digest_of_ballots(&tx.ballots(code, &survey)?) == record.ballots;
        let receipts = Receipt::digest_of(&tx.receipts(code)?);
        let receipts_match = hex::encode(receipts) == record.receipts;
        Ok(CheckedRecord { wave, record, ballots_match, receipts_match })
    })
}

/// The receipts that were published when a wave closed; none before that.
///
/// # Errors
/// If there is no such wave.
pub fn receipts(house: &House, code: &WaveCode) -> Result<(Wave, Option<Vec<Receipt>>), FlowError> {
    house.store.read(|tx| {
        let wave = the_wave(tx, code)?;
        let list = if wave.has_listed_receipts() { Some(tx.receipts(code)?) } else { None };
        Ok((wave, list))
    })
}
