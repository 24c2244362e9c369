//! `soundings backup` and `restore`: a copy of the embedded database, and putting one
//! back. Never the keys: whoever has both can open envelopes.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::json;

use crate::config::{Environment, Settings};
use crate::storage::Store;

use super::{Output, open};

#[derive(Args)]
pub(super) struct BackupArgs {
    /// The file to write; it must not be there yet.
    file: PathBuf,
    #[command(flatten)]
    output: Output,
}

#[derive(Args)]
pub(super) struct RestoreArgs {
    /// A file that `soundings backup` wrote.
    file: PathBuf,
    /// Puts it in the place of the database that is there, which is kept under
    /// another name.
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    output: Output,
}

pub(super) fn back_up(args: &BackupArgs, environment: Environment) -> Result<()> {
    let house = open(environment)?;
    house.store.back_up(&args.file)?;
    let file = args.file.display();
    args.output.tell(
        &json!({ "file": file.to_string() }),
        &format!(
            "The database is copied to {file}. The keys are not in it: keep a copy of the folder {} elsewhere, never together with it.",
            house.settings.data.join("keys").display()
        ),
    )
}

pub(super) fn restore(args: &RestoreArgs, environment: Environment) -> Result<()> {
    let settings = Settings::load(environment)?;
    std::fs::create_dir_all(&settings.data)
        .with_context(|| format!("{} cannot be made", settings.data.display()))?;
    if Store::is_there(&settings.database_url) && !args.replace {
        bail!(
            "there is a database already. Stop the service, then say --replace; what is there is kept under another name"
        );
    }
    let aside = Store::restore(&settings.database_url, &args.file)?;
    let store = Store::open(&settings.database_url)?;
    store.migrate()?;
    let kept = aside.map_or_else(String::new, |aside| {
        format!(" The one before is {}; delete it when you no longer need it.", aside.display())
    });
    args.output.tell(
        &json!({ "file": args.file.display().to_string() }),
        &format!(
            "The database is that of {}.{kept} What was sent or answered since that copy is not in it; mails whose time has passed wait in /office/mail for a person.",
            args.file.display()
        ),
    )
}
