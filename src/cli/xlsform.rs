//! `soundings xlsform`: survey files from and to the form that ODK, Kobo and
//! Enketo share.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use serde_json::{Value, json};

use crate::definition;
use crate::fault::Faults;
use crate::flow::FlowError;
use crate::xlsform::{self, Loss};

use super::{Output, complain, read_text, say};

#[derive(Subcommand)]
pub(super) enum XlsformCommand {
    /// Makes a survey file of an XLSForm, and tells what did not carry over.
    Import {
        /// The form: an .xlsx, .xls or .ods file.
        file: PathBuf,
        /// Where the survey file goes; without it, it is printed.
        #[arg(long)]
        out: Option<PathBuf>,
        /// The language to take of a form in several.
        #[arg(long)]
        language: Option<String>,
        /// Writes over a file that is there.
        #[arg(long)]
        force: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Makes an XLSForm of a survey file, and tells what did not carry over.
    Export {
        /// The survey file.
        survey: PathBuf,
        /// Where the form goes: an .xlsx file.
        #[arg(long)]
        out: PathBuf,
        /// Writes over a file that is there.
        #[arg(long)]
        force: bool,
        #[command(flatten)]
        output: Output,
    },
}

pub(super) fn run(command: XlsformCommand) -> Result<()> {
    match command {
        XlsformCommand::Import { file, out, language, force, output } => {
            let target = Target { path: out, force };
            import(&file, &target, language.as_deref(), output)
        }
        XlsformCommand::Export { survey, out, force, output } => {
            export(&survey, &Target { path: Some(out), force }, output)
        }
    }
}

/// Where the result goes, if not to the terminal.
struct Target {
    path: Option<PathBuf>,
    force: bool,
}

fn import(file: &Path, target: &Target, language: Option<&str>, output: Output) -> Result<()> {
    target.is_free()?;
    let name = file.display().to_string();
    let bytes = std::fs::read(file)
        .map_err(|error| FlowError::File { path: file.to_owned(), why: error.to_string() })?;
    // A broken workbook is told as a fault; what its reader says of itself is for programmers.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| {}));
    let imported = xlsform::import(&bytes, &name, language);
    std::panic::set_hook(hook);
    let imported = match imported {
        Ok(imported) => imported,
        Err(faults) => return refuse(&name, &faults, output, "no survey file was made of it"),
    };
    target.write(imported.toml.as_bytes())?;
    tell_losses(&imported.losses);
    if !output.json {
        return match &target.path {
            Some(path) => say(&format!("{} is made of {name}.", path.display())),
            None => say(imported.toml.trim_end()),
        };
    }
    let mut told = json!({ "file": name, "sound": true, "losses": imported.losses });
    if target.path.is_none()
        && let Some(told) = told.as_object_mut()
    {
        told.insert("toml".to_owned(), Value::String(imported.toml));
    }
    say(&format!("{told:#}"))
}

fn export(file: &Path, target: &Target, output: Output) -> Result<()> {
    target.is_free()?;
    let name = file.display().to_string();
    let source = read_text(file)?;
    let survey = match definition::parse(&name, &source) {
        Ok(survey) => survey,
        Err(faults) => return refuse(&name, &faults, output, "no form was made of it"),
    };
    let (bytes, losses) = xlsform::export(&survey).context("the workbook cannot be made")?;
    target.write(&bytes)?;
    tell_losses(&losses);
    let path = target.path.as_deref().map(|path| path.display().to_string()).unwrap_or_default();
    let said = format!("{path} is made of {name}.");
    output.tell(&json!({ "file": name, "sound": true, "losses": losses }), &said)
}

/// Tells why nothing sound came out.
fn refuse(name: &str, faults: &Faults, output: Output, outcome: &str) -> Result<()> {
    if output.json {
        let faults: Vec<Value> = faults
            .iter()
            .map(|fault| {
                json!({
                    "place": fault.file, "line": fault.line,
                    "what": fault.what, "hint": fault.hint,
                })
            })
            .collect();
        say(&format!("{:#}", json!({ "file": name, "sound": false, "faults": faults })))?;
    } else {
        complain(&faults.to_string());
    }
    bail!("{name} is not sound; {outcome}")
}

/// The losses on the side, so that a survey file can go through a pipe.
fn tell_losses(losses: &[Loss]) {
    let lines = xlsform::summary(losses);
    for line in &lines {
        complain(line);
    }
    complain(&match losses.len() {
        0 => "Everything carried over.".to_owned(),
        1 => "One thing did not carry over as it was.".to_owned(),
        count if count == lines.len() => format!("{count} things did not carry over as they were."),
        count => format!(
            "{count} things did not carry over as they were, told in {} lines.",
            lines.len()
        ),
    });
}

impl Target {
    /// Refuses to write over a file, before any work is done.
    fn is_free(&self) -> Result<()> {
        match &self.path {
            Some(path) if !self.force && path.exists() => {
                bail!("{} is there already; --force writes over it", path.display())
            }
            _ => Ok(()),
        }
    }

    fn write(&self, bytes: &[u8]) -> Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        let mut open = OpenOptions::new();
        open.write(true);
        if self.force {
            open.create(true).truncate(true);
        } else {
            // A file that somebody made in the meantime stays, too.
            open.create_new(true);
        }
        open.open(path)
            .and_then(|mut file| file.write_all(bytes))
            .with_context(|| format!("{} cannot be written", path.display()))
    }
}
