//! Reads the register's files and makes what is held equal to them: all or nothing.

use std::path::Path;

use crate::fault::{Fault, Faults};
use crate::register::{self, Difference, Files, Given, NamedText};
use crate::trail::Act;

use super::change_register::{Replacement, held_register};
use super::{FlowError, House};

/// One file's name and bytes.
type NamedBytes = (String, Vec<u8>);

/// The register's files as they are on disk.
#[derive(Debug, Clone)]
pub struct RegisterFiles {
    clusters: Option<NamedBytes>,
    pcts: NamedBytes,
    units: NamedBytes,
    groups: NamedBytes,
    leads: NamedBytes,
}

impl RegisterFiles {
    /// Reads the files from a folder.
    ///
    /// # Errors
    /// Every file that cannot be read, at once.
    pub fn read(folder: &Path) -> Result<Self, FlowError> {
        let mut faults = Vec::new();
        let mut file = |name: &str| {
            let path = folder.join(name);
            let shown = path.display().to_string();
            let bytes = std::fs::read(&path).unwrap_or_else(|error| {
                faults.push(Fault::of_file(&shown, format!("cannot be read: {error}")));
                Vec::new()
            });
            (shown, bytes)
        };
        let has_clusters = folder.join("clusters.csv").exists();
        let read = Self {
            clusters: has_clusters.then(|| file("clusters.csv")),
            pcts: file("pcts.csv"),
            units: file("reporting-units.csv"),
            groups: file("consortia.csv"),
            leads: file("leads.csv"),
        };
        if faults.is_empty() { Ok(read) } else { Err(Faults::new(faults).into()) }
    }

    /// The East of England's, as they come with the program: for demonstrations.
    #[must_use]
    pub fn of_the_east_of_england() -> Self {
        macro_rules! held {
            ($name:literal) => {
                (
                    $name.to_owned(),
                    include_bytes!(concat!(
                        "../../survey_definitions/east-of-england/register/",
                        $name
                    ))
                    .to_vec(),
                )
            };
        }
        Self {
            clusters: None,
            pcts: held!("pcts.csv"),
            units: held!("reporting-units.csv"),
            groups: held!("consortia.csv"),
            leads: held!("leads.csv"),
        }
    }

    fn named((name, text): &NamedBytes) -> Given<'_> {
        NamedText { name, text }.into()
    }
}

/// Makes the register held equal to the files; says what that changed.
///
/// # Errors
/// Every fault of the files; nothing is changed then.
pub fn load_register(
    house: &House,
    files: &RegisterFiles,
    dry_run: bool,
) -> Result<Difference, FlowError> {
    let new = register::read(&Files {
        clusters: files.clusters.as_ref().map(RegisterFiles::named),
        pcts: RegisterFiles::named(&files.pcts),
        units: RegisterFiles::named(&files.units),
        groups: RegisterFiles::named(&files.groups),
        leads: RegisterFiles::named(&files.leads),
    })?;
    house.store.write(|tx| {
        let (number, held) = held_register(tx)?;
        let difference = register::difference(&held, &new);
        if !dry_run && !difference.is_empty() {
            let events = register::events(&difference);
            let about = "Import of a folder of files".to_owned();
            let act = Act::REGISTER_LOADED;
            Replacement { number, act, held: &held, new: &new, about, events }.make(house, tx)?;
        }
        Ok(difference)
    })
}
