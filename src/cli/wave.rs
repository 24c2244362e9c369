//! `soundings wave`: create, open, remind, rehearse, close, status, links.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use indicatif::ProgressBar;
use serde_json::json;

use crate::config::Environment;
use crate::custody::Custody;
use crate::definition;
use crate::flow::{self, Closing, FlowError, NewWave};
use crate::id::{ModuleCode, WaveCode};
use crate::time::Moment;
use crate::wave::{Peers, Purpose, State, Wave};

use super::key::{self, GivenArgs, PlanArgs};
use super::{Output, complain, open, read_text};

#[derive(Subcommand)]
pub(super) enum WaveCommand {
    /// Prepares a wave; nobody is asked yet.
    Create {
        /// The survey definition.
        #[arg(long, value_name = "FILE")]
        survey: PathBuf,
        /// Its code, for example 2007-Q4.
        #[arg(long)]
        code: WaveCode,
        /// Its title; the code if not given.
        #[arg(long)]
        title: Option<String>,
        /// A module of the survey to ask besides the core; may be given several times.
        #[arg(long = "module", value_name = "CODE")]
        modules: Vec<ModuleCode>,
        /// From when answers are taken (London time), for example 2007-11-19T09:00.
        #[arg(long, value_name = "TIME")]
        opens: Moment,
        /// Until when.
        #[arg(long, value_name = "TIME")]
        closes: Moment,
        /// When results come; two weeks after closing if not given.
        #[arg(long, value_name = "TIME")]
        publishes: Option<Moment>,
        /// A rehearsal: every page and mail says TEST, and links may be written out.
        #[arg(long)]
        test: bool,
        /// Nobody is asked: answers come from a file, by `soundings ballots import`.
        #[arg(long)]
        import: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Freezes the roster, makes keys and links, and queues the invitations.
    ///
    /// Answers are sealed; the key that opens them is kept in one of three ways.
    /// On the server it is at hand, also for somebody who takes the whole
    /// machine. In a key file it needs the file and its passphrase. In shares
    /// it needs several people. What is lost cannot be replaced: without its key
    /// a wave is never counted.
    Open {
        /// The wave.
        code: WaveCode,
        #[command(flatten)]
        plan: PlanArgs,
        #[command(flatten)]
        output: Output,
    },
    /// Queues a reminder to everybody who has not replied.
    Remind {
        /// The wave.
        code: WaveCode,
        #[command(flatten)]
        output: Output,
    },
    /// Opens a dummy envelope with the wave's key, to see that it would do.
    Rehearse {
        /// The wave.
        code: WaveCode,
        #[command(flatten)]
        given: GivenArgs,
        #[command(flatten)]
        output: Output,
    },
    /// Counts the answers and destroys the keys. Cannot be undone.
    ///
    /// Broken off, it goes on when it is called again; until the answers are
    /// counted a key that is not on the server must be given again.
    Close {
        /// The wave.
        code: WaveCode,
        #[command(flatten)]
        given: GivenArgs,
        /// Closes before its time.
        #[arg(long)]
        early: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Changes how the results of a wave are shown.
    Set {
        /// The wave.
        code: WaveCode,
        /// How PCTs, the LMC and leads see other PCTs: named, or coded with letters that
        /// are others in each wave. Whoever knows how many leads each PCT has may still
        /// tell some apart. Not changed once results are published.
        #[arg(long, value_name = "named|coded")]
        peers: Option<Peers>,
        /// Whether anybody may read the summary: on or off, at any time.
        #[arg(long, value_name = "on|off", value_parser = on_or_off)]
        public_summary: Option<bool>,
        #[command(flatten)]
        output: Output,
    },
    /// Where a wave stands.
    Status {
        /// The wave.
        code: WaveCode,
        #[command(flatten)]
        output: Output,
    },
    /// Writes out the personal links of a test wave.
    Links {
        /// The wave.
        code: WaveCode,
        /// The file to write: address, tab, link on each line.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        output: Output,
    },
}

pub(super) fn run(command: WaveCommand, environment: Environment) -> Result<()> {
    match command {
        WaveCommand::Create {
            survey,
            code,
            title,
            modules,
            opens,
            closes,
            publishes,
            test,
            import,
            output,
        } => {
            let source = read_text(&survey)?;
            let new = NewWave {
                code,
                title,
                modules,
                survey_file: survey.display().to_string(),
                survey_source: source,
                opens,
                closes,
                publishes,
                purpose: if test { Purpose::Test } else { Purpose::Survey },
                imported: import,
            };
            create(&new, output, environment)
        }
        WaveCommand::Open { code, plan, output } => key::open(&code, plan, output, environment),
        WaveCommand::Rehearse { code, given, output } => {
            key::rehearse(&code, &given, output, environment)
        }
        WaveCommand::Remind { code, output } => {
            let reminded = flow::remind_wave(&open(environment)?, &code)?;
            output.tell(
                &json!({ "wave": code, "reminders": reminded }),
                &format!(
                    "{reminded} reminders are queued; they go out while soundings serve runs."
                ),
            )
        }
        WaveCommand::Close { code, given, early, output } => {
            close(&code, &given, early, output, environment)
        }
        WaveCommand::Set { code, peers, public_summary, output } => {
            let after = flow::set_showing(&open(environment)?, &code, peers, public_summary)?;
            let summary = if after.public_summary {
                "Anybody may read the summary once results are published."
            } else {
                "The summary is for those who see results."
            };
            output.tell(
                &json!({ "wave": code, "peers": after.peers.word(),
                         "public_summary": after.public_summary }),
                &format!("PCTs are {} to each other in wave {code}. {summary}", after.peers.word()),
            )
        }
        WaveCommand::Status { code, output } => status(&code, output, environment),
        WaveCommand::Links { code, out, output } => {
            let house = open(environment)?;
            let wave = house.store.read(|tx| tx.wave(&code))?;
            if let Some(wave) = wave.filter(|wave| wave.state != State::Open) {
                bail!("wave {code} is {}; there are links only while it is open", wave.state);
            }
            let links = flow::personal_links(&house, &code)?;
            let mut text = String::new();
            for one in &links {
                writeln!(text, "{}\t{}", one.address, one.link)?;
            }
            write_private(&out, &text)
                .with_context(|| format!("{} cannot be written", out.display()))?;
            output.tell(
                &json!({ "wave": code, "links": links.len(), "file": out.display().to_string() }),
                &format!("{} links are in {}.", links.len(), out.display()),
            )
        }
    }
}

fn on_or_off(text: &str) -> Result<bool, String> {
    match text {
        "on" => Ok(true),
        "off" => Ok(false),
        _ => Err("write on or off".to_owned()),
    }
}

/// Writes a file that only its owner can read: links are secrets.
fn write_private(path: &std::path::Path, text: &str) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

fn create(new: &NewWave, output: Output, environment: Environment) -> Result<()> {
    let house = open(environment)?;
    let wave = match flow::create_wave(&house, new) {
        Err(FlowError::Faults(faults)) => {
            let colour = io::stderr().is_terminal();
            complain(definition::explain(&new.survey_source, &faults, colour).trim_end());
            bail!("the survey definition is not sound; no wave was created")
        }
        other => other?,
    };
    output.tell(
        &json!({ "wave": wave.code, "definition": wave.definition.to_string() }),
        &format!(
            "Wave {} is prepared: from {} until {}. {}",
            wave.code,
            wave.opens.in_words_with_time(),
            wave.closes.in_words_with_time(),
            if wave.imported {
                format!(
                    "Bring its answers with: soundings ballots import --wave {} FILE",
                    wave.code
                )
            } else {
                format!("Open it with: soundings wave open {}", wave.code)
            },
        ),
    )
}

fn close(
    code: &WaveCode,
    given: &GivenArgs,
    early: bool,
    output: Output,
    environment: Environment,
) -> Result<()> {
    let house = open(environment)?;
    // Nobody is asked for a key in vain.
    if let Some(wave) = house.store.read(|tx| tx.wave(code))? {
        wave.begin_closing(house.now(), early).map_err(FlowError::from)?;
    }
    let status = flow::key_status(&house, code)?;
    let held = given.given(status.as_ref())?;
    // Draws nothing where nobody watches.
    let bar = if output.json || !io::stderr().is_terminal() {
        ProgressBar::hidden()
    } else {
        ProgressBar::new(5)
    };
    bar.enable_steady_tick(Duration::from_millis(200));
    let mut steps = Vec::new();
    flow::close_wave(&house, code, early, &held, |step| match step {
        Closing::Opening { opened, of } => bar.set_message(format!("{opened} of {of} opened")),
        step => {
            bar.inc(1);
            steps.push(step);
        }
    })?;
    bar.finish_and_clear();
    let mut counted = (0, 0);
    let mut said = String::new();
    for step in &steps {
        let line = match step {
            Closing::Stopped => "Answers are no longer taken.".to_owned(),
            Closing::Listed { envelopes } => {
                format!("The receipts of {envelopes} envelopes are published.")
            }
            Closing::Opening { .. } => continue,
            Closing::Counted { ballots, spoiled } => {
                counted = (*ballots, *spoiled);
                format!("{ballots} ballots are counted, {spoiled} envelopes were spoiled.")
            }
            Closing::Cleaned => "The database holds no envelope any more.".to_owned(),
            Closing::KeysDestroyed => "The keys are destroyed.".to_owned(),
        };
        writeln!(said, "{line}")?;
    }
    let custody = status.map_or(Custody::Server, |status| status.custody);
    said.push_str(&key::to_destroy(&custody));
    write!(said, "Wave {code} is closed. Next: soundings release build {code}")?;
    output.tell(
        &json!({ "wave": code, "ballots": counted.0, "spoiled": counted.1,
                 "to_destroy": custody.holders() }),
        &said,
    )
}

/// Its code, and its title if it has one of its own.
fn name(wave: &Wave) -> String {
    if wave.title == wave.code.as_str() {
        format!("Wave {}", wave.code)
    } else {
        format!("Wave {} ({})", wave.code, wave.title)
    }
}

fn status(code: &WaveCode, output: Output, environment: Environment) -> Result<()> {
    let house = open(environment)?;
    let flow::WaveStatus { wave, total, mails, key, .. } = flow::wave_status(&house, code)?;
    let mut about_key = key.as_ref().map_or(String::new(), |key| format!("\n{}", key::said(key)));
    if matches!(wave.state, State::Closing(_))
        && key.as_ref().is_some_and(|key| key.sealed && key.custody.is_elsewhere())
    {
        about_key.push_str(
            "\nIts closing was broken off and waits for the key: close it again with it.",
        );
    }
    let (invited, answered) = (total.invited, total.answered);
    let about_mails = match wave.state {
        State::Draft if wave.imported => "Its answers are to come from a file.".to_owned(),
        _ if wave.imported => "Its answers came from a file; no mails were sent.".to_owned(),
        State::Draft => "No mail is queued before it is opened.".to_owned(),
        State::Open | State::Closing(_) => format!(
            "Mails: {} sent, {} waiting, {} refused, {} for a person to decide.",
            mails.sent, mails.waiting, mails.refused, mails.parked,
        ),
        State::Cancelled => "Its mails were taken back when it was cancelled.".to_owned(),
        State::Closed | State::Released => {
            "The list of its mails was destroyed when it was counted.".to_owned()
        }
    };
    output.tell(
        &json!({
            "wave": wave.code, "state": wave.state.word(), "opens": wave.opens,
            "closes": wave.closes, "invited": invited, "answered": answered,
            "key": key::facts(key.as_ref()),
            "mails": { "waiting": mails.waiting, "sent": mails.sent, "refused": mails.refused,
                       "parked": mails.parked, "cancelled": mails.cancelled },
        }),
        &format!(
            "{} is {}.\nFrom {} until {}.\n{invited} leads invited, {answered} answered.\n{about_mails}{about_key}",
            name(&wave),
            wave.state,
            wave.opens.in_words_with_time(),
            wave.closes.in_words_with_time(),
        ),
    )
}
