//! `soundings release`: build, publish, export.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::{Subcommand, ValueEnum};
use serde_json::json;

use crate::config::Environment;
use crate::flow::{self, ReadRelease};
use crate::id::WaveCode;
use crate::register::EmailAddress;
use crate::release::{Release, Status};
use crate::render::files::{File, FileError, PctFile};
use crate::storage::EarlyAccess;
use crate::time::Moment;

use super::{Output, complain, open};

#[derive(Subcommand)]
pub(super) enum ReleaseCommand {
    /// Makes the release of a closed wave, for the office to look at.
    Build {
        /// The wave.
        code: WaveCode,
        #[command(flatten)]
        output: Output,
    },
    /// Publishes a release, now or at one minute for everybody. Cannot be undone once it
    /// is out.
    Publish {
        /// The wave.
        code: WaveCode,
        /// Publishes at this time (London time), for example 2008-01-07T09:00, while
        /// soundings serve runs.
        #[arg(long, value_name = "TIME", conflicts_with_all = ["as_planned", "not_yet"])]
        at: Option<Moment>,
        /// Publishes at the time that the wave was created with.
        #[arg(long, conflicts_with = "not_yet")]
        as_planned: bool,
        /// Takes such a time back.
        #[arg(long)]
        not_yet: bool,
        #[command(flatten)]
        output: Output,
    },
    /// Says something about published results, above them on every page. Figures that
    /// were published never change; a note cannot be taken back.
    Note {
        /// The wave.
        code: WaveCode,
        /// The note, in one paragraph.
        words: String,
        #[command(flatten)]
        output: Output,
    },
    /// Lets an account see results before their publication. That it was given, to which
    /// role and why, is published with them.
    Grant {
        /// The wave.
        code: WaveCode,
        /// The account.
        email: EmailAddress,
        /// Why, in a few words without names.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        output: Output,
    },
    /// Ends that before publication.
    Withdraw {
        /// The wave.
        code: WaveCode,
        /// The account.
        email: EmailAddress,
        #[command(flatten)]
        output: Output,
    },
    /// Who was let see results before their publication, and when they first looked.
    Access {
        /// The wave.
        code: WaveCode,
        #[command(flatten)]
        output: Output,
    },
    /// Writes a release into files.
    Export {
        /// The wave.
        code: WaveCode,
        /// The folder to write into.
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Which files.
        #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Format::Csv, Format::Json])]
        format: Vec<Format>,
        #[command(flatten)]
        output: Output,
    },
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// figures.csv, distribution.csv and region.csv with datapackage.json
    Csv,
    /// release.json
    Json,
    /// workbook.xlsx and one workbook for each PCT
    Xlsx,
    /// report.pdf, one report for each PCT, and packs.zip with all of them
    Pdf,
    /// The pages of results; they are served, and not written into files
    Html,
}

impl Format {
    fn of(file: File) -> Self {
        match file {
            File::Figures | File::Distribution | File::Region | File::DataPackage => Self::Csv,
            File::Release => Self::Json,
            File::Workbook => Self::Xlsx,
            File::Report | File::Packs => Self::Pdf,
        }
    }
}

impl Format {
    fn of_pct(file: PctFile) -> Self {
        match file {
            PctFile::Report => Self::Pdf,
            PctFile::Workbook => Self::Xlsx,
        }
    }
}

pub(super) fn run(command: ReleaseCommand, environment: Environment) -> Result<()> {
    match command {
        ReleaseCommand::Build { code, output } => {
            let release = flow::build_release(&open(environment)?, &code)?;
            tell_built(&release, output)
        }
        ReleaseCommand::Publish { code, at, as_planned, not_yet, output } => {
            let house = open(environment)?;
            if not_yet {
                flow::unplan_release(&house, &code)?;
                return output.tell(
                    &json!({ "wave": code, "planned": null }),
                    &format!("The results of wave {code} wait until somebody publishes them."),
                );
            }
            if as_planned || at.is_some() {
                let wave = flow::plan_release(&house, &code, at)?;
                return output.tell(
                    &json!({ "wave": code, "planned": wave.publishes }),
                    &format!(
                        "The results of wave {code} are published at {}, for everybody, while soundings serve runs. Until then: soundings release publish {code} --not-yet",
                        wave.publishes.in_words_with_time()
                    ),
                );
            }
            let wave = flow::publish_release(&house, &code)?;
            output.tell(
                &json!({ "wave": wave.code, "state": wave.state.word() }),
                &format!("The results of wave {code} are published."),
            )
        }
        ReleaseCommand::Grant { code, email, reason, output } => {
            flow::grant_early(&open(environment)?, &code, &email, &reason)?;
            output.tell(
                &json!({ "wave": code, "granted": true }),
                &format!(
                    "{} may see the results of wave {code} now. That is published with them.",
                    email.expose()
                ),
            )
        }
        ReleaseCommand::Withdraw { code, email, output } => {
            flow::withdraw_early(&open(environment)?, &code, &email)?;
            output.tell(
                &json!({ "wave": code, "withdrawn": true }),
                &format!("{} waits like everybody else.", email.expose()),
            )
        }
        ReleaseCommand::Access { code, output } => access(&code, output, environment),
        ReleaseCommand::Note { code, words, output } => {
            flow::note_release(&open(environment)?, &code, &words)?;
            output.tell(
                &json!({ "wave": code, "noted": true }),
                &format!("The note stands above the results of wave {code}."),
            )
        }
        ReleaseCommand::Export { code, out, format, output } => {
            if format.contains(&Format::Html) {
                bail!(
                    "pages are not written into files: sign in at the service, or take report.pdf (--format pdf)"
                );
            }
            if format.contains(&Format::Pdf) && !cfg!(feature = "pdf") {
                return Err(FileError::NoPdf.into());
            }
            let house = open(environment)?;
            let ReadRelease { release, published, stocktake, .. } =
                flow::read_release(&house, &code, flow::Early::Office)?;
            if !published {
                complain("These results are not published yet.");
            }
            std::fs::create_dir_all(&out)
                .with_context(|| format!("{} cannot be made", out.display()))?;
            let mut files = Vec::new();
            for file in File::ALL.into_iter().filter(|file| format.contains(&Format::of(*file))) {
                let path = out.join(file.name());
                std::fs::write(&path, file.bytes(&release, stocktake.as_deref())?)
                    .with_context(|| format!("{} cannot be written", path.display()))?;
                files.push(path.display().to_string());
            }
            let of_pcts =
                PctFile::ALL.into_iter().filter(|file| format.contains(&Format::of_pct(*file)));
            for file in of_pcts {
                for org in release.leaves() {
                    let path = out.join(file.name(org));
                    let bytes = file.bytes(&release, org.code.as_str(), stocktake.as_deref())?;
                    std::fs::write(&path, bytes)
                        .with_context(|| format!("{} cannot be written", path.display()))?;
                    files.push(path.display().to_string());
                }
            }
            output.tell(
                &json!({ "wave": code, "published": published, "files": files }),
                &files.join("\n"),
            )
        }
    }
}

fn access(code: &WaveCode, output: Output, environment: Environment) -> Result<()> {
    let all = flow::early_access(&open(environment)?, code)?;
    let rows: Vec<_> = all
        .iter()
        .map(|one| {
            json!({ "email": one.email.expose(), "who": one.who, "reason": one.reason,
                    "granted": one.granted, "withdrawn": one.withdrawn, "seen": one.seen })
        })
        .collect();
    let said = |one: &EarlyAccess| {
        let when = |moment: Option<Moment>, word: &str| {
            moment.map_or(String::new(), |at| format!(", {word} {}", at.in_words_with_time()))
        };
        format!(
            "{} ({}): {}; granted {}{}{}",
            one.email.expose(),
            one.who,
            one.reason,
            one.granted.in_words_with_time(),
            when(one.seen, "first looked"),
            when(one.withdrawn, "withdrawn"),
        )
    };
    let lines: Vec<String> = all.iter().map(said).collect();
    let nobody = || "Nobody was let see these results before their publication.".to_owned();
    let text = if lines.is_empty() { nobody() } else { lines.join("\n") };
    output.tell(&json!({ "wave": code, "access": rows }), &text)
}

fn tell_built(release: &Release, output: Output) -> Result<()> {
    let of = |status: Status| release.cells().filter(|cell| cell.status == status).count();
    let (shown, hidden, empty) = (of(Status::Shown), of(Status::Hidden), of(Status::Empty));
    let code = &release.about().wave;
    output.tell(
        &json!({ "wave": code, "digest": release.digest(), "shown": shown, "hidden": hidden, "empty": empty }),
        &format!(
            "The release of wave {code} is built: {shown} figures shown, {hidden} not shown to protect anonymity, {empty} without answers.\nDigest {}\nLook at it in the office, then: soundings release publish {code}",
            release.digest()
        ),
    )
}
