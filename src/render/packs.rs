//! All packs in one file: a report and a workbook about the whole and about
//! each PCT. Files stand in it in the order of their names and carry the day on
//! which the wave closed, so that the same release gives the same bytes.

use std::io::{Cursor, Write as _};

use chrono::Datelike as _;
use report_pdf::{Press, PressError};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::report;
use super::workbook::{BookError, day_of, workbook, workbook_of};
use crate::pages::StocktakeColumn;
use crate::release::{Org, Release};

/// The packs could not be put together: a fault of the program.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// A report.
    #[error(transparent)]
    Report(#[from] PressError),
    /// A workbook.
    #[error(transparent)]
    Book(#[from] BookError),
    /// The file around them.
    #[error("the packs could not be put into one file")]
    Zip(#[from] ZipError),
    /// Writing into it.
    #[error("the packs could not be put into one file")]
    Write(#[from] std::io::Error),
}

/// The packs of a release.
///
/// # Errors
/// [`PackError`]
pub fn packs(release: &Release, stocktake: Option<&StocktakeColumn>) -> Result<Vec<u8>, PackError> {
    let press = Press::new();
    let mut orgs: Vec<&Org> = release.root().into_iter().chain(release.leaves()).collect();
    orgs.sort_by(|a, b| a.code.cmp(&b.code));
    let wave = &release.about().wave;
    let day = day_of(release).and_then(|day| {
        let year = u16::try_from(day.year()).ok()?;
        let (month, day) = (u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
        DateTime::from_date_and_time(year, month, day, 0, 0, 0).ok()
    });
    // Workbooks and reports are compressed already.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(day.unwrap_or_default())
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for org in orgs {
        let book = if org.parent.is_none() {
            workbook(release, stocktake)?
        } else {
            workbook_of(release, org, stocktake)?
        };
        let pdf = report::pdf(&press, release, org, stocktake)?;
        for (end, bytes) in [("pdf", pdf), ("xlsx", book)] {
            zip.start_file(format!("{wave}-{}.{end}", org.code), options)?;
            zip.write_all(&bytes)?;
        }
    }
    Ok(zip.finish()?.into_inner())
}
