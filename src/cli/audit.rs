//! `soundings audit`: whether files that are to be published give anybody away.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::audit::{Files, Report, audit, audit_together};

use super::{Output, complain};

/// What is audited.
#[derive(Args)]
pub(super) struct AuditArgs {
    /// The folder with release.json, figures.csv and what else is published.
    dir: PathBuf,
    /// The responses behind it, as responses.csv: then what the files must not
    /// tell is checked too.
    #[arg(long, value_name = "FILE")]
    ballots: Option<PathBuf>,
    /// An earlier release of the same wave: what the two tell together.
    #[arg(long, value_name = "DIR", requires_all = ["ballots", "earlier_ballots"])]
    earlier: Option<PathBuf>,
    /// The responses behind the earlier release.
    #[arg(long, value_name = "FILE", requires = "earlier")]
    earlier_ballots: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

/// The texts of a folder's files: one release, or one of each of several waves
/// beside tables of all of them.
struct Folder {
    releases: Vec<Vec<u8>>,
    figures: String,
    distribution: Option<String>,
    region: Option<String>,
}

impl Folder {
    fn read(dir: &Path) -> Result<Self> {
        let path = |name: &str| dir.join(name);
        let text = |name: &str| {
            std::fs::read_to_string(path(name))
                .with_context(|| format!("{} cannot be read", path(name).display()))
        };
        let if_there = |name: &str| path(name).exists().then(|| text(name)).transpose();
        let mut releases = Vec::new();
        for name in releases_in(dir)? {
            releases.push(text(&name)?.into_bytes());
        }
        Ok(Self {
            releases,
            figures: text("figures.csv")?,
            distribution: if_there("distribution.csv")?,
            region: if_there("region.csv")?,
        })
    }

    fn files<'a>(&'a self, release: &'a [u8], ballots: Option<&'a mut dyn Read>) -> Files<'a> {
        Files {
            release,
            figures: &self.figures,
            distribution: self.distribution.as_deref(),
            region: self.region.as_deref(),
            ballots,
        }
    }

    /// The release, if there is only one.
    fn only(&self) -> Result<&[u8]> {
        match self.releases.as_slice() {
            [release] => Ok(release),
            _ => {
                bail!("two releases of one wave are audited together, not folders of several waves")
            }
        }
    }
}

/// `release.json`, or each `release-WAVE.json`, by name.
fn releases_in(dir: &Path) -> Result<Vec<String>> {
    let one = "release.json".to_owned();
    if dir.join(&one).exists() {
        return Ok(vec![one]);
    }
    let entries =
        std::fs::read_dir(dir).with_context(|| format!("{} cannot be read", dir.display()))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<String> = names
        .filter(|name| {
            name.starts_with("release-")
                && Path::new(name).extension().is_some_and(|end| end == "json")
        })
        .collect();
    names.sort();
    if names.is_empty() {
        bail!("{} has no release.json", dir.display());
    }
    Ok(names)
}

pub(super) fn run(args: &AuditArgs) -> Result<ExitCode> {
    let folder = Folder::read(&args.dir)?;
    let mut reports = Vec::new();
    for release in &folder.releases {
        let mut ballots = args.ballots.as_deref().map(opened).transpose()?;
        let ballots = ballots.as_mut().map(|file| file as &mut dyn Read);
        reports.push(audit(folder.files(release, ballots)));
    }
    if let (Some(dir), Some(own), Some(now)) = (&args.earlier, &args.earlier_ballots, &args.ballots)
    {
        let earlier = Folder::read(dir)?;
        let (mut own, mut now) = (opened(own)?, opened(now)?);
        let (before, after) = (earlier.only()?, folder.only()?);
        let before = earlier.files(before, Some(&mut own));
        reports.push(audit_together(before, folder.files(after, Some(&mut now))));
    }
    tell(&reports, args)?;
    let passed = reports.iter().all(Report::passed);
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn opened(path: &Path) -> Result<BufReader<File>> {
    let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    Ok(BufReader::new(file))
}

fn tell(reports: &[Report], args: &AuditArgs) -> Result<()> {
    let findings: Vec<_> = reports.iter().flat_map(|report| &report.findings).collect();
    let tests: u64 = reports.iter().flat_map(|report| report.record.tested.values()).sum();
    let unchecked: Vec<&str> =
        reports.iter().flat_map(|report| &report.unchecked).map(String::as_str).collect();
    if !args.output.json {
        for finding in &findings {
            complain(&finding.to_string());
        }
    }
    let mut said = match findings.len() {
        0 => format!("Nothing was found in {tests} tests."),
        1 => format!("1 finding in {tests} tests: do not publish this."),
        many => format!("{many} findings in {tests} tests: do not publish this."),
    };
    if args.ballots.is_none() {
        said.push_str("\nWithout --ballots only what anybody can work out was tested.");
    }
    if !unchecked.is_empty() {
        said.push_str("\nNot recomputed: ");
        said.push_str(&unchecked.join(", "));
    }
    let records: Vec<_> = reports.iter().map(|report| &report.record).collect();
    args.output.tell(
        &serde_json::json!({ "records": records, "findings": findings, "unchecked": unchecked }),
        &said,
    )
}
