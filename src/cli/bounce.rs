//! `soundings bounce`: a mail server pipes each message into it that comes to a
//! bounce address. Exits as mail servers understand it: 0 taken, also if it is
//! none of ours or cannot be read, because there must be no bounce of a bounce;
//! 75 bring it again later, for everything that is wrong on our side.
//!
//! Source: the exit codes of sysexits.h; pipe(8) of Postfix.

use std::io::{self, Read};
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};
use clap::Args;

use crate::config::{Environment, Settings};
use crate::flow;
use crate::mail::MOST_BYTES;

use super::{complain, open_at, said};

/// Bring it again later.
const EX_TEMPFAIL: u8 = 75;

#[derive(Args)]
pub(super) struct BounceArgs {
    /// The address that the message was delivered to; else it is looked for in
    /// the message.
    #[arg(long, value_name = "ADDRESS")]
    to: Option<String>,
}

pub(super) fn run(args: &BounceArgs, environment: Environment) -> ExitCode {
    match take(args.to.clone(), environment) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&said(&error));
            ExitCode::from(EX_TEMPFAIL)
        }
    }
}

fn take(to: Option<String>, environment: Environment) -> Result<()> {
    let message = message(io::stdin().lock()).context("the message could not be read")?;
    // The service brings the database to its version, not each message.
    let house = open_at(Settings::load(environment)?, false)?;
    let taking = std::thread::spawn(move || flow::take_bounce(&house, &message, to.as_deref()));
    match taking.join() {
        Ok(taken) => taken.map(drop).map_err(|error| anyhow!(error)),
        // Whatever is in it that stops the program would stop it again.
        Err(_) => Ok(()),
    }
}

/// As much of a message as is looked at. The rest is read all the same: a mail
/// server may take a pipe that closes early for a failure.
fn message(mut from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.by_ref().take(MOST_BYTES as u64).read_to_end(&mut bytes)?;
    io::copy(&mut from, &mut io::sink())?;
    Ok(bytes)
}
