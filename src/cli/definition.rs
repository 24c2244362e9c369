//! `soundings check` and `soundings diff`: survey definitions.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use serde_json::{Value, json};

use crate::definition::{self, Fate, Survey, Trend};
use crate::fault::Faults;
use crate::flow::FlowError;

use super::{Output, complain, read_text, say};

/// Checks each file; tells what is sound and every fault of what is not.
pub(super) fn check(files: &[PathBuf], output: Output) -> Result<()> {
    let checked: Vec<Checked> = files.iter().map(|path| Checked::of(path)).collect();
    if output.json {
        let all: Value = checked.iter().map(Checked::for_programs).collect();
        say(&format!("{all:#}"))?;
    } else {
        for one in &checked {
            one.tell()?;
        }
    }
    match checked.iter().filter(|one| !matches!(one.found, Found::Sound(_))).count() {
        0 => Ok(()),
        1 => bail!("one file is not sound"),
        many => bail!("{many} files are not sound"),
    }
}

/// Prints the schema by which editors complete and check survey files.
pub(super) fn schema() -> Result<()> {
    say(&format!("{:#}", definition::schema()))
}

/// Tells what becomes of each trend when one file takes the place of another.
pub(super) fn diff(old: &Path, new: &Path, output: Output) -> Result<()> {
    let (old, new) = (Checked::of(old), Checked::of(new));
    let (Found::Sound(was), Found::Sound(is)) = (&old.found, &new.found) else {
        for one in [&old, &new].into_iter().filter(|one| !matches!(one.found, Found::Sound(_))) {
            one.tell()?;
        }
        bail!("only sound files can be compared");
    };
    let trends = definition::difference(was, is);
    let for_programs: Value = trends
        .iter()
        .map(|trend| {
            json!({
                "code": trend.code, "index": trend.is_index,
                "trend": trend.fate.word(), "reasons": trend.reasons,
            })
        })
        .collect();
    output.tell(&for_programs, &in_words(&trends)?)
}

/// The trends that change, one on a line, and how many there are of each kind.
fn in_words(trends: &[Trend]) -> Result<String> {
    let mut said = String::new();
    for trend in trends.iter().filter(|trend| trend.fate != Fate::Kept) {
        writeln!(said, "{:<7} {}", trend.fate.word(), trend.code)?;
        for reason in &trend.reasons {
            writeln!(said, "          {reason}")?;
        }
    }
    let many = |fate| trends.iter().filter(|trend| trend.fate == fate).count();
    write!(
        said,
        "{} trends go on, {} break, {} begin, {} end.",
        many(Fate::Kept),
        many(Fate::Broken),
        many(Fate::New),
        many(Fate::Gone)
    )?;
    Ok(said)
}

/// How many questions there are of each kind.
fn kinds(survey: &Survey) -> BTreeMap<&'static str, usize> {
    let mut kinds = BTreeMap::new();
    for question in survey.sections.iter().flat_map(|section| &section.questions) {
        *kinds.entry(question.kind.word()).or_default() += 1;
    }
    kinds
}

/// One file and what was found in it.
struct Checked {
    name: String,
    found: Found,
}

enum Found {
    Sound(Box<Survey>),
    Unreadable(FlowError),
    Faulty { source: String, faults: Faults },
}

impl Checked {
    fn of(path: &Path) -> Self {
        let name = path.display().to_string();
        let found = match read_text(path) {
            Err(error) => Found::Unreadable(error),
            Ok(source) => match definition::parse(&name, &source) {
                Ok(survey) => Found::Sound(Box::new(survey)),
                Err(faults) => Found::Faulty { source, faults },
            },
        };
        Self { name, found }
    }

    fn tell(&self) -> Result<()> {
        match &self.found {
            Found::Sound(survey) => say(&format!("{}: {}", self.name, survey.summary()))?,
            Found::Unreadable(error) => complain(&error.to_string()),
            Found::Faulty { source, faults } => {
                let colour = io::stderr().is_terminal();
                complain(definition::explain(source, faults, colour).trim_end());
            }
        }
        Ok(())
    }

    fn for_programs(&self) -> Value {
        let faults: Vec<Value> = match &self.found {
            Found::Sound(survey) => {
                return json!({
                    "file": self.name, "sound": true, "survey": survey.code,
                    "version": survey.version, "fingerprint": survey.fingerprint,
                    "mode": survey.mode.word(), "minutes": survey.minutes(),
                    "modules": survey.modules.iter().map(|m| &m.code).collect::<Vec<_>>(),
                    "sections": survey.sections.len(), "items": survey.items().count(),
                    "indexes": survey.indexes.iter().map(|i| &i.code).collect::<Vec<_>>(),
                    "kinds": kinds(survey),
                });
            }
            Found::Unreadable(error) => vec![json!({ "what": error.to_string() })],
            Found::Faulty { faults, .. } => faults
                .iter()
                .map(|fault| {
                    json!({
                        "line": fault.line, "column": fault.column,
                        "what": fault.what, "hint": fault.hint,
                    })
                })
                .collect(),
        };
        json!({ "file": self.name, "sound": false, "faults": faults })
    }
}
