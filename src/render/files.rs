//! The files that a release is downloaded and exported as.

use super::tables::{self, Description, datapackage};
use super::workbook::{BookError, workbook, workbook_of};
use crate::pages::StocktakeColumn;
use crate::release::{Org, Release};

/// A file that could not be made: a fault of the program.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The workbook.
    #[error(transparent)]
    Book(#[from] BookError),
    /// A report.
    #[cfg(feature = "pdf")]
    #[error(transparent)]
    Report(#[from] report_pdf::PressError),
    /// All packs together.
    #[cfg(feature = "pdf")]
    #[error(transparent)]
    Packs(#[from] super::packs::PackError),
    /// The program was built without what makes PDF.
    #[error("this program was built without PDF; build it with: cargo build --release")]
    NoPdf,
    /// The release has no such PCT, or no top.
    #[error("the release is of no such organisation")]
    NoOrg,
}

/// A file with its name and its media type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum File {
    /// One row per node and measure.
    Figures,
    /// Answers per option.
    Distribution,
    /// Figures of the root as a whole.
    Region,
    /// What the columns mean.
    DataPackage,
    /// The release itself.
    Release,
    /// A workbook for people.
    Workbook,
    /// The report about the whole.
    Report,
    /// A report and a workbook about the whole and each PCT, in one file.
    Packs,
}

/// A file about one PCT, named after it: `luton.pdf`, `luton.xlsx`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PctFile {
    /// Its report.
    Report,
    /// Its workbook.
    Workbook,
}

impl PctFile {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Report, Self::Workbook];

    /// The file of this name, with the code in it.
    #[must_use]
    pub fn named(name: &str) -> Option<(Self, &str)> {
        Self::ALL.into_iter().find_map(|file| Some((file, name.strip_suffix(file.ending())?)))
    }

    /// Its name.
    #[must_use]
    pub fn name(self, org: &Org) -> String {
        format!("{}{}", org.code, self.ending())
    }

    fn ending(self) -> &'static str {
        match self {
            Self::Report => ".pdf",
            Self::Workbook => ".xlsx",
        }
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Report => PDF,
            Self::Workbook => XLSX,
        }
    }

    /// What is in it.
    ///
    /// # Errors
    /// [`FileError`]
    pub fn bytes(
        self,
        release: &Release,
        code: &str,
        stocktake: Option<&StocktakeColumn>,
    ) -> Result<Vec<u8>, FileError> {
        let org = release.leaves().find(|org| org.code.as_str() == code).ok_or(FileError::NoOrg)?;
        match self {
            Self::Report => report(release, org, stocktake),
            Self::Workbook => Ok(workbook_of(release, org, stocktake)?),
        }
    }
}

const PDF: &str = "application/pdf";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

#[cfg(feature = "pdf")]
fn report(
    release: &Release,
    org: &Org,
    stocktake: Option<&StocktakeColumn>,
) -> Result<Vec<u8>, FileError> {
    Ok(super::report::pdf(&report_pdf::Press::new(), release, org, stocktake)?)
}

#[cfg(not(feature = "pdf"))]
fn report(_: &Release, _: &Org, _: Option<&StocktakeColumn>) -> Result<Vec<u8>, FileError> {
    Err(FileError::NoPdf)
}

#[cfg(feature = "pdf")]
fn packs(release: &Release, stocktake: Option<&StocktakeColumn>) -> Result<Vec<u8>, FileError> {
    Ok(super::packs::packs(release, stocktake)?)
}

#[cfg(not(feature = "pdf"))]
fn packs(_: &Release, _: Option<&StocktakeColumn>) -> Result<Vec<u8>, FileError> {
    Err(FileError::NoPdf)
}

impl File {
    /// Every file, the tables first.
    pub const ALL: [Self; 8] = [
        Self::Figures,
        Self::Distribution,
        Self::Region,
        Self::DataPackage,
        Self::Release,
        Self::Workbook,
        Self::Report,
        Self::Packs,
    ];

    /// The file of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|file| file.name() == name)
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Figures => "figures.csv",
            Self::Distribution => "distribution.csv",
            Self::Region => "region.csv",
            Self::DataPackage => "datapackage.json",
            Self::Release => "release.json",
            Self::Workbook => "workbook.xlsx",
            Self::Report => "report.pdf",
            Self::Packs => "packs.zip",
        }
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Figures | Self::Distribution | Self::Region => "text/csv; charset=utf-8",
            Self::DataPackage | Self::Release => "application/json",
            Self::Workbook => XLSX,
            Self::Report => PDF,
            Self::Packs => "application/zip",
        }
    }

    /// Whether its bytes depend on the stocktake that its reader may see.
    #[must_use]
    pub fn shows_stocktake(self) -> bool {
        matches!(self, Self::Workbook | Self::Report | Self::Packs)
    }

    /// Whether it is made with PDF, which a program can be built without.
    #[must_use]
    pub fn needs_pdf(self) -> bool {
        matches!(self, Self::Report | Self::Packs)
    }

    /// What is in it; with the stocktake's claims where it has a place for them.
    ///
    /// # Errors
    /// [`FileError`]
    pub fn bytes(
        self,
        release: &Release,
        stocktake: Option<&StocktakeColumn>,
    ) -> Result<Vec<u8>, FileError> {
        Ok(match self {
            Self::Figures => tables::text(release, tables::write_figures).into_bytes(),
            Self::Distribution => tables::text(release, tables::write_distribution).into_bytes(),
            Self::Region => tables::text(release, tables::write_region).into_bytes(),
            Self::DataPackage => {
                let waves = vec![(release.about().wave.as_str(), release.digest())];
                datapackage(release, &Description { waves, full: false }).into_bytes()
            }
            Self::Release => release.to_bytes(),
            Self::Workbook => workbook(release, stocktake)?,
            Self::Report => report(release, release.root().ok_or(FileError::NoOrg)?, stocktake)?,
            Self::Packs => packs(release, stocktake)?,
        })
    }
}
