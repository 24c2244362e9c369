//! The files that a release is downloaded and exported as.

use super::tables::{self, Description, datapackage};
use super::workbook::{BookError, workbook};
use crate::pages::StocktakeColumn;
use crate::release::Release;

/// A file that could not be made: a fault of the program.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The workbook.
    #[error(transparent)]
    Book(#[from] BookError),
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
}

impl File {
    /// Every file, the tables first.
    pub const ALL: [Self; 6] = [
        Self::Figures,
        Self::Distribution,
        Self::Region,
        Self::DataPackage,
        Self::Release,
        Self::Workbook,
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
        }
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Figures | Self::Distribution | Self::Region => "text/csv; charset=utf-8",
            Self::DataPackage | Self::Release => "application/json",
            Self::Workbook => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// Whether its bytes depend on the stocktake that its reader may see.
    #[must_use]
    pub fn shows_stocktake(self) -> bool {
        self == Self::Workbook
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
        })
    }
}
