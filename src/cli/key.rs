//! A wave's key on the command line: where it is to be, how it is given back,
//! and what is said about it.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::config::Environment;
use crate::custody::{
    Custody, HeldKey, HeldKeyFault, LEAST_CHARACTERS, LEAST_DIFFERENT, Passphrase, Share,
    ShareCount, Split,
};
use crate::flow::{self, KeyPlan, KeyStatus};
use crate::id::WaveCode;
use crate::keyring::read_secret;

use super::typed::Typed;
use super::{Output, complain};

/// Where a key can be.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum KeyKind {
    /// On the server, wrapped by its master key.
    Server,
    /// In a file that a passphrase opens, and nowhere else.
    File,
    /// In shares for several holders, and nowhere else.
    Shares,
}

/// Where the key of a wave that is opened is to be.
#[derive(Args)]
pub(super) struct PlanArgs {
    /// Where the key that opens the answers is until the wave is closed.
    #[arg(long, value_enum, default_value = "server")]
    key: KeyKind,
    /// With --key file: the file to make, outside the data folder.
    #[arg(long, value_name = "FILE", required_if_eq("key", "file"))]
    key_file: Option<PathBuf>,
    /// A file whose first line is the passphrase; - for standard input. Without
    /// it the passphrase is asked for.
    #[arg(long, value_name = "FILE", requires = "key_file")]
    passphrase_file: Option<PathBuf>,
    /// With --key shares: how many are needed of how many, such as 2of3.
    #[arg(long, value_name = "KofN", required_if_eq("key", "shares"))]
    shares: Option<ShareCount>,
    /// With --key shares: who holds them, in their order, commas between.
    #[arg(
        long,
        value_name = "LABEL",
        value_delimiter = ',',
        required_if_eq("key", "shares"),
        num_args = 1
    )]
    holders: Vec<String>,
    /// With --key shares: the folder to write them into, outside the data folder.
    #[arg(long, value_name = "DIR", required_if_eq("key", "shares"))]
    out: Option<PathBuf>,
}

/// How the key of a wave is given back, if it is not on the server.
#[derive(Args)]
pub(super) struct GivenArgs {
    /// The wave's key file.
    #[arg(long, value_name = "FILE", conflicts_with = "shares")]
    key_file: Option<PathBuf>,
    /// A file whose first line is the passphrase; - for standard input. Without
    /// it the passphrase is asked for.
    #[arg(long, value_name = "FILE", requires = "key_file")]
    passphrase_file: Option<PathBuf>,
    /// The file of a share; - to type its words. Give as many as are needed.
    #[arg(long = "share", value_name = "FILE")]
    shares: Vec<PathBuf>,
}

impl PlanArgs {
    /// What is wanted; asks for a passphrase if there must be one.
    pub(super) fn plan(self) -> Result<KeyPlan> {
        let Self { key, key_file, passphrase_file, shares, holders, out } = self;
        if key != KeyKind::File && key_file.is_some() {
            bail!("--key-file goes with --key file");
        }
        if key != KeyKind::Shares && (shares.is_some() || out.is_some() || !holders.is_empty()) {
            bail!("--shares, --holders and --out go with --key shares");
        }
        match (key, key_file, shares, out) {
            (KeyKind::File, Some(path), ..) => {
                let passphrase = new_passphrase(passphrase_file.as_deref())?;
                Ok(KeyPlan::File { path, passphrase })
            }
            (KeyKind::Shares, _, Some(count), Some(folder)) => {
                Ok(KeyPlan::Shares { split: Split::new(count, &holders)?, folder })
            }
            _ => Ok(KeyPlan::Server),
        }
    }
}

impl GivenArgs {
    /// The key as it is given back. Words are asked for where somebody is there
    /// to type them; what is not given at all, the act itself misses.
    pub(super) fn given(&self, status: Option<&KeyStatus>) -> Result<HeldKey> {
        if let Some(file) = &self.key_file {
            let bytes = read_secret(file)?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let phrase = match &self.passphrase_file {
                Some(file) => first_line(file)?,
                None => asked("Passphrase of the key file: ")?,
            };
            return Ok(HeldKey::File { text, passphrase: Passphrase::given(&phrase) });
        }
        let mut typed = Typed::new()?;
        if !self.shares.is_empty() {
            let shares = self.shares.iter().map(|file| share(file, &mut typed));
            return Ok(HeldKey::Shares(shares.collect::<Result<_>>()?));
        }
        match status {
            Some(KeyStatus { sealed: true, custody: Custody::Shares(split), .. })
                if io::stdin().is_terminal() =>
            {
                complain(&format!(
                    "{} shares are needed. Type their words; four letters of each are enough.",
                    split.needed()
                ));
                let shares = (0..split.needed()).map(|_| typed.share());
                Ok(HeldKey::Shares(shares.collect::<Result<_>>()?))
            }
            _ => Ok(HeldKey::OnServer),
        }
    }
}

fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// A share from its file, or typed.
fn share(file: &Path, typed: &mut Typed) -> Result<Share> {
    if is_standard_input(file) {
        return typed.share();
    }
    let bytes = read_secret(file)?;
    let text = std::str::from_utf8(&bytes).ok();
    let text = text.with_context(|| format!("{} is not UTF-8 text", file.display()))?;
    Share::read(text).map_err(HeldKeyFault::from).with_context(|| file.display().to_string())
}

fn first_line(file: &Path) -> Result<Zeroizing<String>> {
    if is_standard_input(file) {
        return Typed::new()?.line()?.context("standard input holds no passphrase");
    }
    let bytes = read_secret(file)?;
    let text = std::str::from_utf8(&bytes).ok();
    let text = text.with_context(|| format!("{} is not UTF-8 text", file.display()))?;
    Ok(Zeroizing::new(text.lines().next().unwrap_or_default().to_owned()))
}

fn asked(prompt: &str) -> Result<Zeroizing<String>> {
    rpassword::prompt_password(prompt).map(Zeroizing::new).context(
        "there is no terminal to ask for the passphrase; give it with --passphrase-file FILE",
    )
}

/// A passphrase for a new file: asked for twice, so that a slip shuts nobody out.
fn new_passphrase(file: Option<&Path>) -> Result<Passphrase> {
    if let Some(file) = file {
        return Ok(Passphrase::chosen(&first_line(file)?)?);
    }
    complain(&format!(
        "The passphrase needs at least {LEAST_CHARACTERS} characters, {LEAST_DIFFERENT} of them different; four or five words that do not belong together are good."
    ));
    let phrase = asked("Passphrase of the new key file: ")?;
    let chosen = Passphrase::chosen(&phrase)?;
    if *asked("The same again: ")? != *phrase {
        bail!("the two passphrases differ; nothing was changed");
    }
    Ok(chosen)
}

/// What may be said of a key, in lines.
pub(super) fn said(key: &KeyStatus) -> String {
    let was = if key.sealed { "is" } else { "was" };
    let rehearsed = match key.rehearsed_on {
        Some(day) => format!("\nIt last opened a dummy envelope on {}.", day.format("%-d %B %Y")),
        None => String::new(),
    };
    format!(
        "Its key {was} {}.\nFingerprint of the key: {}{rehearsed}",
        key.custody.with_holders(),
        key.fingerprint
    )
}

/// The same for programs.
pub(super) fn facts(key: Option<&KeyStatus>) -> Value {
    key.map_or(Value::Null, |key| {
        json!({
            "kept": key.custody.word(), "fingerprint": key.fingerprint.to_string(),
            "rehearsed_on": key.rehearsed_on.map(|day| day.to_string()),
            "held_elsewhere": key.custody.holders(),
        })
    })
}

/// Opens a wave, and says what the office does with its key.
pub(super) fn open(
    code: &WaveCode,
    plan: PlanArgs,
    output: Output,
    environment: Environment,
) -> Result<()> {
    let opened = flow::open_wave(&super::open(environment)?, code, &plan.plan()?)?;
    let files: Vec<String> = opened.files.iter().map(|file| file.display().to_string()).collect();
    output.tell(
        &json!({ "wave": code, "invited": opened.invited,
                 "key": facts(Some(&opened.key)), "files": files }),
        &format!(
            "Wave {code} is open. {} invitations are queued; they go out while soundings serve runs.\n{}\n{}",
            opened.invited,
            said(&opened.key),
            next_steps(code, &opened.key.custody, &files)
        ),
    )
}

/// Tries the key of a wave.
pub(super) fn rehearse(
    code: &WaveCode,
    given: &GivenArgs,
    output: Output,
    environment: Environment,
) -> Result<()> {
    let house = super::open(environment)?;
    let held = given.given(flow::key_status(&house, code)?.as_ref())?;
    let status = flow::rehearse_key(&house, code, &held)?;
    output.tell(
        &json!({ "wave": code, "key": facts(Some(&status)) }),
        &format!(
            "A dummy envelope of wave {code} opens with this key. No answer was touched.\n{}",
            said(&status)
        ),
    )
}

/// Each on a line of its own.
fn listed(lines: &[String]) -> String {
    format!("\n  {}", lines.join("\n  "))
}

/// What the office does now that a wave is open, depending on where its key is.
fn next_steps(code: &WaveCode, custody: &Custody, files: &[String]) -> String {
    let files = listed(files);
    match custody {
        Custody::Server => "Whoever has this machine's keys and its database could open the answers before closing: keep the keys folder out of the database's backups. With --key file or --key shares the key would not be here at all.".to_owned(),
        Custody::File { .. } => format!(
            "Made:{files}\nTake this file off this machine, keep a copy of it in a second place, and the passphrase apart from both. Without them nobody can ever count this wave.\nTry it now and then: soundings wave rehearse {code} --key-file FILE"
        ),
        Custody::Shares(split) => format!(
            "Made:{files}\nHand each to its holder on paper or on a stick, not by mail, and remove it from this machine. With fewer than {} of them nobody can ever count this wave.\nTry them now and then: soundings wave rehearse {code} {}",
            split.needed(),
            vec!["--share FILE"; usize::from(split.needed())].join(" ")
        ),
    }
}

/// What holders have to destroy once a wave is closed.
pub(super) fn to_destroy(custody: &Custody) -> String {
    let held = listed(&custody.holders());
    match custody {
        Custody::Server => String::new(),
        _ => format!("To be destroyed now by those who hold it, every copy:{held}\n"),
    }
}
