//! Nothing is published before the auditor has read the finished files.

use crate::answer::Marks;
use crate::audit::{Files, audit};
use crate::ballot_box::Ballot;
use crate::definition::{Counts, Survey};
use crate::release::{AuditRecord, Release};
use crate::render::figures::figures_csv;

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
    let responses = made_from.map(|(survey, ballots)| responses(release, survey, ballots));
    let mut responses = responses.as_deref().map(str::as_bytes);
    let (bytes, figures) = (release.to_bytes(), figures_csv(release));
    let report = audit(Files {
        release: &bytes,
        figures: &figures,
        distribution: None,
        region: None,
        ballots: responses.as_mut().map(|text| text as &mut dyn std::io::Read),
    });
    if report.passed() { Ok(report.record) } else { Err(FlowError::Audit(report.findings)) }
}

/// Ballots in the form of responses.csv.
fn responses(release: &Release, survey: &Survey, ballots: &[Ballot]) -> String {
    let columns: Vec<_> = survey.columns().collect();
    let mut text = "wave,org,resp".to_owned();
    for column in &columns {
        text.push(',');
        text.push_str(column.code.as_str());
    }
    text.push('\n');
    for ballot in ballots {
        text.push_str(release.about().wave.as_str());
        for part in [ballot.unit.to_string(), ballot.id.to_string()] {
            text.push(',');
            text.push_str(&part);
        }
        for (column, mark) in columns.iter().zip(ballot.marks.as_bytes()) {
            text.push(',');
            let option = usize::from(*mark).checked_sub(1).and_then(|at| column.options.get(at));
            match option.map(|option| (option.counts, option.value)) {
                None if *mark == Marks::NOT_ASKED => text.push_str("NA"),
                None => {}
                Some((Counts::NotApplicable, _)) => text.push_str("NA"),
                Some((Counts::DontKnow, _)) => text.push_str("DK"),
                Some((_, value)) => text.push_str(&value.to_string()),
            }
        }
        text.push('\n');
    }
    text
}
