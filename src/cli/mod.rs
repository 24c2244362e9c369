//! The command line: one binary for the service and for the survey office's
//! work. Exit 0 done, 1 refused with the reason on stderr, 2 wrong usage.

mod account;
mod audit;
mod backup;
mod ballots;
mod bounce;
mod definition;
mod demo;
mod doctor;
mod evaluate;
mod key;
mod memory;
mod methods;
mod register;
mod release;
mod serve;
mod trail;
mod typed;
mod wave;
mod xlsform;

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};

use crate::chance::Chance;
use crate::config::{Environment, Settings};
use crate::flow::{FlowError, House};
use crate::keyring::Keyring;
use crate::pages::Pages;
use crate::storage::{StorageError, Store, Tx};
use crate::time::Clock;
use crate::trail::Actor;

/// The house fact that names the folder of a database's keys.
const HOUSE_NAME: &str = "house_name";

const FIRST_STEPS: &str = "\
To look around:        soundings demo
A survey, step by step: register import, wave create, wave open, serve,
                        wave close, release build, release publish
Settings:              environment variables SOUNDINGS_…, or soundings.toml in the
                       data folder; the README lists them";

/// An independent survey of PBC groups, and the benchmarks made from it.
#[derive(Parser)]
#[command(name = "soundings", version, about, propagate_version = true, after_help = FIRST_STEPS)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes a made-up region in a fresh folder and serves it.
    Demo(demo::DemoArgs),
    /// Serves the web pages and sends the mails.
    Serve(serve::ServeArgs),
    /// Sends the mails only: for several nodes over one database.
    Worker,
    /// Brings the database to this version.
    Migrate {
        #[command(flatten)]
        output: Output,
    },
    /// Checks survey definitions and tells every fault.
    Check {
        /// Survey files.
        #[arg(required_unless_present = "schema")]
        files: Vec<PathBuf>,
        /// Prints the JSON Schema of survey files, for editors, instead.
        #[arg(long, conflicts_with_all = ["files", "json"])]
        schema: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Tells what a change of a survey definition does to each trend.
    Diff {
        /// The survey file as it was.
        old: PathBuf,
        /// The survey file as it is to be.
        new: PathBuf,
        #[command(flatten)]
        output: Output,
    },
    /// Survey files from and to the form of ODK, Kobo and Enketo.
    #[command(subcommand)]
    Xlsform(xlsform::XlsformCommand),
    /// The register of units, PCTs, PBC groups and leads.
    #[command(subcommand)]
    Register(register::RegisterCommand),
    /// What PCTs report to the SHA.
    #[command(subcommand)]
    Stocktake(register::StocktakeCommand),
    /// The life of a wave.
    #[command(subcommand)]
    Wave(wave::WaveCommand),
    /// Answers on paper or from an older system.
    #[command(subcommand)]
    Ballots(ballots::BallotsCommand),
    /// What a wave publishes.
    #[command(subcommand)]
    Release(release::ReleaseCommand),
    /// Checks that exported files give nobody away: alone, by subtraction, and
    /// together with an earlier release. Exits with 1 and the findings if they do.
    Audit(audit::AuditArgs),
    /// Counts, compares, protects and audits answers from files to files, as the
    /// service does, without a database.
    Evaluate(evaluate::EvaluateArgs),
    /// Takes in a mail that came back, from standard input: for a mail server
    /// that pipes bounces into a program.
    Bounce(bounce::BounceArgs),
    /// Copies the embedded database into a file while the service runs; without the keys.
    Backup(backup::BackupArgs),
    /// Puts a copy of the database back; the service must not run meanwhile.
    Restore(backup::RestoreArgs),
    /// Says what is set, and whether database, keys, mail server and the sender's
    /// DNS records are as they must be. Sends no mail.
    Doctor {
        #[command(flatten)]
        output: Output,
    },
    /// Writes the audit trail as CSV to standard output, once it is found whole from its
    /// first entry to its seal.
    Trail,
    /// Accounts of staff and their sign-in links.
    #[command(subcommand)]
    User(account::UserCommand),
}

/// How a command tells its outcome.
#[derive(Args, Clone, Copy)]
struct Output {
    /// Tells the outcome as JSON.
    #[arg(long)]
    json: bool,
}

impl Output {
    /// Prints the outcome for a program or for a person.
    fn tell(self, for_programs: &serde_json::Value, for_people: &str) -> Result<()> {
        if self.json { say(&format!("{for_programs:#}")) } else { say(for_people) }
    }
}

/// Prints a line. A reader who has gone away is no fault: what was done is done.
fn say(line: &str) -> Result<()> {
    match writeln!(io::stdout().lock(), "{line}") {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.context("it is done, but the outcome could not be printed"),
    }
}

/// Tells the person what is wrong; there is nobody else to tell if that fails.
fn complain(line: &str) {
    drop(writeln!(io::stderr().lock(), "{line}"));
}

/// Runs the program.
#[must_use]
pub fn run() -> ExitCode {
    let line = Line::parse();
    let environment = Environment::of_process();
    start_log(environment.log_level());
    memory::keep_in_memory();
    let outcome = match line.command {
        Command::Demo(args) => demo::run(&args, environment),
        Command::Serve(args) => serve::run(&args, environment),
        Command::Worker => serve::worker(environment),
        Command::Migrate { output } => migrate(output, environment),
        Command::Check { schema: true, .. } => definition::schema(),
        Command::Check { files, output, .. } => definition::check(&files, output),
        Command::Diff { old, new, output } => definition::diff(&old, &new, output),
        Command::Xlsform(command) => xlsform::run(command),
        Command::Register(command) => register::run(command, environment),
        Command::Stocktake(command) => register::stocktake(command, environment),
        Command::Wave(command) => wave::run(command, environment),
        Command::Ballots(command) => ballots::run(command, environment),
        Command::Release(command) => release::run(command, environment),
        Command::Audit(args) => match audit::run(&args) {
            Ok(code) => return code,
            Err(error) => Err(error),
        },
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Bounce(args) => return bounce::run(&args, environment),
        Command::Backup(args) => backup::back_up(&args, environment),
        Command::Restore(args) => backup::restore(&args, environment),
        Command::Doctor { output } => doctor::run(output, environment),
        Command::Trail => trail::run(environment),
        Command::User(command) => account::run(command, environment),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&said(&error));
            ExitCode::from(1)
        }
    }
}

/// An error with its causes; faults of files stand on lines of their own, so
/// that editors find the places.
fn said(error: &anyhow::Error) -> String {
    if let Some(FlowError::Faults(faults)) = error.downcast_ref() {
        return format!("{faults}\nsoundings: nothing was changed");
    }
    let mut said = String::new();
    for cause in error.chain() {
        let text = cause.to_string();
        if said.contains(&text) {
            continue;
        }
        if !said.is_empty() {
            said.push_str(if text.contains('\n') { ":\n" } else { ": " });
        }
        said.push_str(&text);
    }
    format!("soundings: {said}")
}

/// Our own lines from this level on. Libraries say nothing: at one level or
/// another some of them would write paths, which hold tokens, or addresses.
fn start_log(level: &str) {
    use tracing_subscriber::EnvFilter;
    let filter = EnvFilter::new(format!("off,soundings={level}"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .with_target(false);
    // A second start in one process (in tests) keeps the first log.
    drop(log.try_init());
}

/// Opens the house at its settings, the database at this version. A
/// demonstration that was made in its own year goes on in it.
fn open(environment: Environment) -> Result<House> {
    let mut house = open_at(Settings::load(environment)?, true)?;
    demo::recognise(&mut house)?;
    Ok(house)
}

/// Opens a house; brings its database to this version, or refuses another.
fn open_at(settings: Settings, migrate: bool) -> Result<House> {
    let chance = Chance::operating_system();
    make_data_folder(&settings.data)?;
    let store = Store::open(&settings.database_url)?;
    if migrate {
        store.migrate()?;
    } else {
        store.check_version()?;
    }
    let keys = settings.data.join("keys").join(house_name(&store, &chance)?);
    let keyring = Keyring::open(&settings.master_key_file, &keys, chance.clone())?;
    let pages = Arc::new(Pages::new()?);
    let house = House::new(store, keyring, Clock::system(), chance, pages, Arc::new(settings));
    Ok(house.acting(Actor::CommandLine))
}

/// The name of the folder of a database's keys, so that two databases that are
/// used from one data folder never write over each other's.
fn house_name(store: &Store, chance: &Chance) -> Result<String> {
    let new = hex::encode(chance.bytes::<4>());
    let known = |tx: &mut Tx<'_>| tx.house_fact(HOUSE_NAME);
    let named = store.write(|tx| {
        if let Some(name) = known(tx)? {
            return Ok(name);
        }
        tx.set_house_fact(HOUSE_NAME, &new)?;
        Ok(new.clone())
    });
    match named {
        // Another process was faster: its name is the one.
        Err(StorageError::Conflict { .. }) => Ok(store.read(known)?.unwrap_or(new)),
        other => Ok(other?),
    }
}

/// Makes the data folder for its owner alone: it holds keys and personal data.
fn make_data_folder(folder: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .with_context(|| format!("the data folder {} cannot be made", folder.display()))
}

fn migrate(output: Output, environment: Environment) -> Result<()> {
    let settings = Settings::load(environment)?;
    make_data_folder(&settings.data)?;
    let store = Store::open(&settings.database_url)?;
    let steps = store.migrate()?;
    let said = match steps {
        0 => format!("The {} database is at this version already.", store.kind()),
        1 => format!("The {} database took one step to this version.", store.kind()),
        _ => format!("The {} database took {steps} steps to this version.", store.kind()),
    };
    output.tell(&serde_json::json!({ "database": store.kind(), "steps": steps }), &said)
}

/// Reads a text file that a person named.
fn read_text(path: &Path) -> Result<String, FlowError> {
    let bytes = std::fs::read(path)
        .map_err(|error| FlowError::File { path: path.to_owned(), why: error.to_string() })?;
    String::from_utf8(bytes)
        .map_err(|_| FlowError::File { path: path.to_owned(), why: "it is not UTF-8 text".into() })
}
