//! `soundings release`: build, publish, export.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::{Subcommand, ValueEnum};
use serde_json::json;

use crate::config::Environment;
use crate::flow::{self, ReadRelease};
use crate::id::WaveCode;
use crate::release::{Release, Status};
use crate::render::files::{File, FileError, PctFile};

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
    /// Publishes a release. Cannot be undone.
    Publish {
        /// The wave.
        code: WaveCode,
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
        ReleaseCommand::Publish { code, output } => {
            let wave = flow::publish_release(&open(environment)?, &code)?;
            output.tell(
                &json!({ "wave": wave.code, "state": wave.state.word() }),
                &format!("The results of wave {code} are published."),
            )
        }
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
                flow::read_release(&house, &code, true)?;
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
