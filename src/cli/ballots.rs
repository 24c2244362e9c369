//! `soundings ballots`: import answers from paper or an older system, and give them back.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Subcommand;
use serde_json::json;

use crate::config::Environment;
use crate::flow::{self, AskedPeople};
use crate::id::WaveCode;
use crate::register::NamedText;

use super::{Output, open};

#[derive(Subcommand)]
pub(super) enum BallotsCommand {
    /// Reads answers into a wave that was created with --import, and closes it.
    ///
    /// The file has a line for each response: wave,org,resp and a column for each
    /// question, with the option's value, NA, DK or nothing. Every fault is told with its
    /// line, and then nothing is read in. Columns of words are left out. The names of
    /// responses and their order are not kept.
    Import {
        /// The wave.
        #[arg(long)]
        wave: WaveCode,
        /// The answers.
        file: PathBuf,
        /// Whom the wave asked: wave,org,name,level,parent,invited,groups; else the leads
        /// of the register.
        #[arg(long, value_name = "FILE")]
        orgs: Option<PathBuf>,
        /// Puts these answers in the place of those that are in, as long as nothing of
        /// them is published.
        #[arg(long)]
        replace: bool,
        /// Checks the files and changes nothing.
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Writes imported answers into a file of the same shape, under random names.
    Export {
        /// The wave.
        #[arg(long)]
        wave: WaveCode,
        /// The file to write.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        output: Output,
    },
}

pub(super) fn run(command: BallotsCommand, environment: Environment) -> Result<()> {
    match command {
        BallotsCommand::Import { wave, file, orgs, replace, dry_run, output } => {
            let name = file.display().to_string();
            let answers = File::open(&file).with_context(|| format!("{name} cannot be read"))?;
            let orgs = orgs.map(|orgs| read(&orgs)).transpose()?;
            let people = match &orgs {
                Some((name, text)) => AskedPeople::Orgs(NamedText { name, text }),
                None => AskedPeople::Register,
            };
            let house = open(environment)?;
            let imported =
                flow::import_ballots(&house, &wave, &name, answers, people, replace, dry_run)?;
            let flow::Imported { ballots, units, invited, .. } = imported;
            let found = format!(
                "{ballots} ballots of {units} reporting units; {invited} people were invited."
            );
            let ended = if dry_run {
                "Nothing was changed: this was a dry run.".to_owned()
            } else {
                format!("Wave {wave} is closed. Next: soundings release build {wave}")
            };
            output.tell(
                &json!({ "wave": wave, "ballots": ballots, "units": units,
                         "invited": invited, "changed": !dry_run }),
                &format!("{found}\n{ended}"),
            )
        }
        BallotsCommand::Export { wave, out, output } => {
            let house = open(environment)?;
            let written = export(&house, &wave, &out)?;
            output.tell(
                &json!({ "wave": wave, "ballots": written, "file": out.display().to_string() }),
                &format!("{written} ballots are in {}.", out.display()),
            )
        }
    }
}

fn read(file: &Path) -> Result<(String, Vec<u8>)> {
    let name = file.display().to_string();
    let text = std::fs::read(file).with_context(|| format!("{name} cannot be read"))?;
    Ok((name, text))
}

/// Writes the whole file or none: it gets its name when it is complete.
fn export(house: &flow::House, wave: &WaveCode, out: &Path) -> Result<usize> {
    let cannot = || format!("{} cannot be written", out.display());
    let mut beside = out.as_os_str().to_owned();
    beside.push(".part");
    let file = File::create(&beside).with_context(cannot)?;
    let written = flow::export_ballots(house, wave, BufWriter::new(file)).inspect_err(|_| {
        // Half a file is no file; what cannot be removed is named as what it is.
        let _left = std::fs::remove_file(&beside);
    })?;
    std::fs::rename(&beside, out).with_context(cannot)?;
    Ok(written)
}
