//! `soundings register` and `soundings stocktake`.

use std::path::PathBuf;

use anyhow::{Result, bail};
use chrono::NaiveDate;
use clap::Subcommand;
use serde_json::json;

use crate::config::Environment;
use crate::flow::{self, RegisterFiles};

use super::{Output, open, read_text};

#[derive(Subcommand)]
pub(super) enum RegisterCommand {
    /// Makes the register held equal to the files of a folder, and shows what changes.
    Import {
        /// Folder with pcts.csv, reporting-units.csv, consortia.csv, leads.csv and,
        /// where there are clusters, clusters.csv.
        folder: PathBuf,
        /// Shows what would change and changes nothing.
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Subcommand)]
pub(super) enum StocktakeCommand {
    /// Keeps a stocktake table as the snapshot of its day.
    Import {
        /// The table.
        file: PathBuf,
        /// The day it shows, for example 2007-06-15.
        #[arg(long, value_name = "DATE", value_parser = day)]
        as_at: NaiveDate,
        #[command(flatten)]
        output: Output,
    },
}

fn day(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|_| "write a day of the calendar like 2007-06-15".to_owned())
}

pub(super) fn run(command: RegisterCommand, environment: Environment) -> Result<()> {
    let RegisterCommand::Import { folder, dry_run, output } = command;
    if !folder.is_dir() {
        bail!("{} is not a folder", folder.display());
    }
    let files = RegisterFiles::read(&folder)?;
    let house = open(environment)?;
    let difference = flow::load_register(&house, &files, dry_run)?;
    let ended = match (difference.is_empty(), dry_run) {
        (true, _) => "",
        (false, true) => "\nNothing was changed: this was a dry run.",
        (false, false) => "\nThe register is changed.",
    };
    output.tell(
        &json!({ "changed": !difference.is_empty() && !dry_run, "difference": difference.to_string() }),
        &format!("{difference}{ended}"),
    )
}

pub(super) fn stocktake(command: StocktakeCommand, environment: Environment) -> Result<()> {
    let StocktakeCommand::Import { file, as_at, output } = command;
    let text = read_text(&file)?;
    let house = open(environment)?;
    let returns = flow::load_stocktake(&house, &file.display().to_string(), &text, as_at)?;
    output.tell(
        &json!({ "as_at": as_at, "returns": returns.len() }),
        &format!("{} returns of {as_at} are kept.", returns.len()),
    )
}
