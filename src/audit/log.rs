//! What was tested and what was found.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::release::AuditRecord;

/// What a test is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Check {
    /// The files can be read, are whole and say the same.
    Files,
    /// A cell that is not shown carries no figure anywhere.
    Hidden,
    /// A figure follows from the published answers.
    Figures,
    /// What is published was counted from the ballots.
    Ballots,
    /// S0 to S3 of a shown cell.
    Safe,
    /// R1: what remains of a shown total.
    Rest,
    /// R2, and the bounds of a hidden mean.
    Room,
    /// No combination of published totals lies within few people.
    Combination,
    /// What an index stands on.
    Index,
    /// Each cell has the status that the rule gives it.
    Status,
}

/// One thing that is wrong. It names places and rules, never an answer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// What was tested.
    pub check: Check,
    /// The wave, where one is meant.
    pub wave: String,
    /// The organisation, where one is meant.
    pub org: String,
    /// The measure, where one is meant.
    pub measure: String,
    /// What is wrong.
    pub what: String,
}

/// The outcome of an audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What is kept of it.
    pub record: AuditRecord,
    /// Everything that is wrong.
    pub findings: Vec<Finding>,
    /// Columns of figures.csv with figures that the auditor did not recompute.
    pub unchecked: Vec<String>,
}

/// The running account.
#[derive(Default)]
pub(super) struct Log {
    pub(super) wave: String,
    tested: BTreeMap<Check, u64>,
    findings: Vec<Finding>,
    unchecked: std::collections::BTreeSet<String>,
}

impl Log {
    /// Counts a test; notes what is wrong if it failed.
    pub(super) fn test(
        &mut self,
        check: Check,
        passed: bool,
        at: (&str, &str),
        what: impl FnOnce() -> String,
    ) {
        *self.tested.entry(check).or_default() += 1;
        if !passed {
            let (org, measure) = (at.0.to_owned(), at.1.to_owned());
            self.findings.push(Finding {
                check,
                wave: self.wave.clone(),
                org,
                measure,
                what: what(),
            });
        }
    }

    /// Notes a fault of a file.
    pub(super) fn fault(&mut self, what: impl Into<String>) {
        self.test(Check::Files, false, ("", ""), || what.into());
    }

    /// Notes a column with figures that nobody recomputes.
    pub(super) fn leave_unchecked(&mut self, column: &str) {
        if !self.unchecked.contains(column) {
            self.unchecked.insert(column.to_owned());
        }
    }

    pub(super) fn report(mut self, digest: &str) -> Report {
        self.findings.sort();
        self.findings.dedup();
        let tested = self.tested.into_iter().map(|(check, times)| (check.code().into(), times));
        Report {
            record: AuditRecord {
                release: digest.to_owned(),
                tested: tested.collect(),
                passed: self.findings.is_empty(),
            },
            findings: self.findings,
            unchecked: self.unchecked.into_iter().collect(),
        }
    }
}

impl Check {
    /// The check as records name it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Files => "files",
            Self::Hidden => "hidden",
            Self::Figures => "figures",
            Self::Ballots => "ballots",
            Self::Safe => "safe",
            Self::Rest => "rest",
            Self::Room => "room",
            Self::Combination => "combination",
            Self::Index => "index",
            Self::Status => "status",
        }
    }
}

impl Report {
    /// Whether the files may be published.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.record.passed
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place: Vec<&str> = [&self.wave, &self.org, &self.measure]
            .into_iter()
            .map(String::as_str)
            .filter(|part| !part.is_empty())
            .collect();
        write!(
            f,
            "{}: {}{}{}",
            self.check.code(),
            place.join(" "),
            if place.is_empty() { "" } else { ": " },
            self.what
        )
    }
}
