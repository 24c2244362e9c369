//! Nothing is published before the auditor has read the finished files.

use std::io::{self, Read};

use crate::answer::Marks;
use crate::audit::{Files, audit};
use crate::ballot_box::Ballot;
use crate::definition::{Column, Counts, Survey};
use crate::release::{AuditRecord, Release};
use crate::render::tables::{text, write_distribution, write_figures, write_region};

use super::FlowError;

/// Audits the files of a release, with the ballots that it was made from where
/// they are at hand.
///
/// # Errors
/// Everything that was found.
pub(super) fn audit_release(
    release: &Release,
    made_from: Option<(&Survey, &[Ballot])>,
) -> Result<AuditRecord, FlowError> {
    let mut responses = made_from.map(|(survey, ballots)| Responses::new(release, survey, ballots));
    let (bytes, figures) = (release.to_bytes(), text(release, write_figures));
    let (distribution, region) = (text(release, write_distribution), text(release, write_region));
    let report = audit(Files {
        release: &bytes,
        figures: &figures,
        distribution: Some(&distribution),
        region: Some(&region),
        ballots: responses.as_mut().map(|text| text as &mut dyn Read),
    });
    if report.passed() { Ok(report.record) } else { Err(FlowError::Audit(report.findings)) }
}

/// Ballots in the form of responses.csv, written line by line as they are read,
/// so that a large wave is never held as text.
struct Responses<'a> {
    wave: &'a str,
    columns: Vec<Column<'a>>,
    ballots: std::slice::Iter<'a, Ballot>,
    line: String,
    read: usize,
}

impl<'a> Responses<'a> {
    fn new(release: &'a Release, survey: &'a Survey, ballots: &'a [Ballot]) -> Self {
        let columns: Vec<Column<'a>> = survey.columns().collect();
        let mut line = "wave,org,resp".to_owned();
        for column in &columns {
            line.push(',');
            line.push_str(column.code.as_str());
        }
        line.push('\n');
        let wave = release.about().wave.as_str();
        Self { wave, columns, ballots: ballots.iter(), line, read: 0 }
    }

    fn write(&mut self, ballot: &Ballot) {
        self.line.clear();
        self.read = 0;
        self.line.push_str(self.wave);
        for part in [ballot.unit.to_string(), ballot.id.to_string()] {
            self.line.push(',');
            self.line.push_str(&part);
        }
        for (column, mark) in self.columns.iter().zip(ballot.marks.as_bytes()) {
            self.line.push(',');
            let option = usize::from(*mark).checked_sub(1).and_then(|at| column.options.get(at));
            match option.map(|option| (option.counts, option.value)) {
                None if *mark == Marks::NOT_ASKED => self.line.push_str("NA"),
                None => {}
                Some((Counts::NotApplicable, _)) => self.line.push_str("NA"),
                Some((Counts::DontKnow, _)) => self.line.push_str("DK"),
                Some((_, value)) => self.line.push_str(&value.to_string()),
            }
        }
        self.line.push('\n');
    }
}

impl Read for Responses<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.read == self.line.len() {
            match self.ballots.next() {
                Some(ballot) => self.write(ballot),
                None => return Ok(0),
            }
        }
        let mut rest = self.line.as_bytes().get(self.read..).unwrap_or_default();
        let taken = rest.read(into)?;
        self.read += taken;
        Ok(taken)
    }
}
