//! `soundings evaluate`: the counting, statistics, disclosure control and release
//! of the service, from files to files, without a database.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::num::NonZero;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::audit::{Files, audit};
use crate::definition::{self, Survey, Tokens, fill};
use crate::disclosure::SafeTable;
use crate::id::ModuleCode;
use crate::register::NamedText;
use crate::release::{About, Contents, Ingredients, Release, Status, protected};
use crate::render::tables::{
    Description, Printed, datapackage, write_distribution, write_figures, write_region,
};
use crate::responses::{self, Asked, WaveOrgs, check_people, read_orgs};
use crate::tabulation::Tally;
use crate::wave::Purpose;

use super::methods::Methods;
use super::{Output, complain, read_text};

#[derive(Args)]
pub(super) struct EvaluateArgs {
    /// The survey definition.
    #[arg(long, value_name = "FILE")]
    survey: PathBuf,
    /// Whom the waves asked: wave,org,name,level,parent,invited[,groups].
    #[arg(long, value_name = "FILE")]
    orgs: PathBuf,
    /// What they answered: wave,org,resp and a column for each question.
    #[arg(long, value_name = "FILE")]
    responses: PathBuf,
    /// The folder to write into.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// How figures are written.
    #[arg(long, value_enum, default_value_t = Precision::Published)]
    precision: Precision,
    /// Settings of the methods, as in `k=5,min_groups=0`.
    #[arg(long, value_name = "NAME=VALUE", value_delimiter = ',')]
    set: Vec<String>,
    /// The modules of the survey that were asked; else all of it.
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    modules: Option<Vec<ModuleCode>>,
    /// The financial year that questions name.
    #[arg(long, value_name = "TEXT", default_value = "the financial year")]
    fin_year: String,
    #[command(flatten)]
    output: Output,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Precision {
    /// Rounded as a release is.
    Published,
    /// With every place they were computed with, of released cells only.
    Full,
}

/// A wave that was evaluated.
struct Evaluated {
    contents: Contents<f64>,
    release: Release,
}

pub(super) fn run(args: &EvaluateArgs) -> Result<()> {
    let survey = survey(args)?;
    let mut methods = Methods::read(&args.set)?;
    let orgs = std::fs::read(&args.orgs)
        .with_context(|| format!("{} cannot be read", args.orgs.display()))?;
    let name = args.orgs.display().to_string();
    let waves =
        read_orgs(NamedText { name: &name, text: &orgs }).map_err(|all| anyhow!("{all}"))?;
    if waves.iter().any(|wave| wave.groups.is_none()) {
        if methods.wants_groups {
            bail!("{name} has no column groups: add it, or leave min_groups out");
        }
        if methods.rule.settings().min_groups > 0 {
            complain(&format!("{name} has no column groups: min_groups is 0"));
        }
        methods = methods.without_groups()?;
    }
    let asked = Asked {
        survey: &survey,
        waves: &waves,
        min_weight: methods.rule.min_weight(),
        threads: std::thread::available_parallelism().map_or(1, NonZero::get),
    };
    let responses = args.responses.display().to_string();
    let tallies = responses::count(&responses, opened(&args.responses)?, &asked)
        .map_err(|all| anyhow!("{all}"))?;
    check_people(&name, &waves, &tallies, methods.rule.settings().min_groups > 0)
        .map_err(|all| anyhow!("{all}"))?;
    let mut before: Option<SafeTable> = None;
    let mut all = Vec::new();
    for (wave, tally) in waves.iter().zip(&tallies) {
        let safe = safe_table(&survey, wave, tally, methods)?;
        let about = about(&survey, wave, args, methods);
        let contents = Contents::new(&safe, before.as_ref(), methods.thresholds, about)?;
        let release = audited(&contents, args)?;
        all.push(Evaluated { contents, release });
        before = Some(safe);
    }
    write_all(&all, args)?;
    tell(&all, args)
}

fn survey(args: &EvaluateArgs) -> Result<Survey> {
    let name = args.survey.display().to_string();
    let source = read_text(&args.survey)?;
    let survey = definition::parse(&name, &source)
        .map_err(|faults| anyhow!("{}", definition::explain(&source, &faults, false).trim_end()))?;
    match &args.modules {
        Some(modules) => Ok(survey.with_modules(modules)?),
        None => Ok(survey),
    }
}

fn opened(path: &Path) -> Result<BufReader<File>> {
    let file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    Ok(BufReader::with_capacity(1 << 20, file))
}

fn safe_table(
    survey: &Survey,
    wave: &WaveOrgs,
    tally: &Tally,
    methods: Methods,
) -> Result<SafeTable> {
    let none = BTreeMap::new();
    let ingredients = Ingredients {
        survey,
        tree: &wave.tree,
        tally,
        invited: &wave.invited,
        groups: wave.groups.as_ref().unwrap_or(&none),
        rule: &methods.rule,
        confidence: methods.confidence,
        past: &[],
    };
    protected(&ingredients, &wave.wave).with_context(|| format!("wave {}", wave.wave))
}

fn about(survey: &Survey, wave: &WaveOrgs, args: &EvaluateArgs, methods: Methods) -> About {
    let rule = methods.rule.settings();
    let tokens = Tokens::for_everybody(&args.fin_year, rule.k, rule.min_groups);
    About {
        wave: wave.wave.clone(),
        wave_title: wave.wave.to_string(),
        survey: survey.code.clone(),
        survey_title: fill(&survey.title, &tokens),
        survey_version: survey.version.clone(),
        fingerprint: survey.fingerprint.to_string(),
        purpose: Purpose::Survey,
        fin_year: args.fin_year.clone(),
        opened: String::new(),
        closed: String::new(),
        imported: false,
    }
}

/// The release with the record of its audit; the audit reads the tables as they
/// are to be written.
fn audited(contents: &Contents<f64>, args: &EvaluateArgs) -> Result<Release> {
    let release = Release::new(contents);
    let tables = match args.precision {
        Precision::Published => Tables::of(&[&*release])?,
        Precision::Full => Tables::of(&[contents])?,
    };
    let mut ballots = opened(&args.responses)?;
    let report = audit(Files {
        release: &release.to_bytes(),
        figures: &tables.figures,
        distribution: Some(&tables.distribution),
        region: Some(&tables.region),
        ballots: Some(&mut ballots as &mut dyn Read),
    });
    if !report.passed() {
        for finding in &report.findings {
            complain(&finding.to_string());
        }
        bail!(
            "wave {}: these files would tell too much; nothing was written",
            contents.about().wave
        );
    }
    Ok(release.audited(report.record))
}

/// The tables of some waves, one after the other.
struct Tables {
    figures: String,
    distribution: String,
    region: String,
}

impl Tables {
    fn of<N: Printed>(waves: &[&Contents<N>]) -> Result<Self> {
        let (mut figures, mut distribution, mut region) = (Vec::new(), Vec::new(), Vec::new());
        for (place, contents) in waves.iter().enumerate() {
            let header = place == 0;
            write_figures(contents, header, &mut figures)?;
            write_distribution(contents, header, &mut distribution)?;
            write_region(contents, header, &mut region)?;
        }
        Ok(Self {
            figures: String::from_utf8(figures)?,
            distribution: String::from_utf8(distribution)?,
            region: String::from_utf8(region)?,
        })
    }
}

fn write_all(all: &[Evaluated], args: &EvaluateArgs) -> Result<()> {
    let Some(last) = all.last() else { bail!("there is no wave to evaluate") };
    let full = args.precision == Precision::Full;
    let tables = if full {
        Tables::of(&all.iter().map(|one| &one.contents).collect::<Vec<_>>())?
    } else {
        Tables::of(&all.iter().map(|one| &*one.release).collect::<Vec<_>>())?
    };
    let waves =
        all.iter().map(|one| (one.release.about().wave.as_str(), one.release.digest())).collect();
    let package = datapackage(&last.contents, &Description { waves, full });
    std::fs::create_dir_all(&args.out)
        .with_context(|| format!("{} cannot be made", args.out.display()))?;
    let write = |name: &str, bytes: &[u8]| -> Result<()> {
        let path = args.out.join(name);
        std::fs::write(&path, bytes)
            .with_context(|| format!("{} cannot be written", path.display()))
    };
    write("figures.csv", tables.figures.as_bytes())?;
    write("distribution.csv", tables.distribution.as_bytes())?;
    write("region.csv", tables.region.as_bytes())?;
    write("datapackage.json", package.as_bytes())?;
    for one in all {
        write(&release_name(one, all.len()), &one.release.to_bytes())?;
    }
    Ok(())
}

/// `release.json`; where there are several waves, one for each.
fn release_name(one: &Evaluated, waves: usize) -> String {
    match waves {
        1 => "release.json".to_owned(),
        _ => format!("release-{}.json", one.release.about().wave),
    }
}

fn tell(all: &[Evaluated], args: &EvaluateArgs) -> Result<()> {
    let of = |one: &Evaluated, status| one.release.cells().filter(|c| c.status == status).count();
    let counts = |one: &Evaluated| {
        [Status::Shown, Status::Hidden, Status::Empty].map(|status| of(one, status))
    };
    let waves: Vec<serde_json::Value> = all
        .iter()
        .map(|one| {
            let [shown, hidden, empty] = counts(one);
            let (wave, digest) = (&one.release.about().wave, one.release.digest());
            json!({ "wave": wave, "digest": digest, "shown": shown, "hidden": hidden, "empty": empty })
        })
        .collect();
    let lines: Vec<String> = all
        .iter()
        .map(|one| {
            let [shown, hidden, empty] = counts(one);
            format!(
                "Wave {}: {shown} cells shown, {hidden} not shown to protect anonymity, {empty} without answers; audit passed",
                one.release.about().wave
            )
        })
        .collect();
    let out = args.out.display();
    args.output.tell(
        &json!({ "out": out.to_string(), "waves": waves }),
        &format!("{}\nWritten to {out}", lines.join("\n")),
    )
}
