//! `soundings check`: survey definitions.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::definition;

use super::{complain, read_text, say};

/// Checks each file; tells what is sound and every fault of what is not.
pub(super) fn check(files: &[PathBuf]) -> Result<()> {
    let colour = io::stderr().is_terminal();
    let mut bad = 0;
    for path in files {
        let name = path.display().to_string();
        let source = match read_text(path) {
            Ok(source) => source,
            Err(error) => {
                complain(&error.to_string());
                bad += 1;
                continue;
            }
        };
        match definition::parse(&name, &source) {
            Ok(survey) => say(&format!("{name}: {}", survey.summary()))?,
            Err(faults) => {
                complain(definition::explain(&source, &faults, colour).trim_end());
                bad += 1;
            }
        }
    }
    match bad {
        0 => Ok(()),
        1 => bail!("one file is not sound"),
        many => bail!("{many} files are not sound"),
    }
}
