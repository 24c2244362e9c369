//! The whole way from counts to a release in one call.

use std::collections::BTreeMap;

use super::{About, BuildError, Contents, Release};
use crate::definition::Survey;
use crate::disclosure::{Past, ProtectError, Rule, SafeTable, protect};
use crate::id::{OrgCode, WaveCode};
use crate::register::Tree;
use crate::statistics::{Confidence, Table, TableError, Thresholds};
use crate::tabulation::Tally;

/// Everything that a release is made of.
#[derive(Debug, Clone, Copy)]
pub struct Ingredients<'a> {
    /// The survey that was asked.
    pub survey: &'a Survey,
    /// The tree of organisations.
    pub tree: &'a Tree,
    /// The counted ballots.
    pub tally: &'a Tally,
    /// Invited people per leaf.
    pub invited: &'a BTreeMap<OrgCode, u32>,
    /// PBC groups among the respondents, per leaf; from the invitations, never from ballots.
    pub groups: &'a BTreeMap<OrgCode, u32>,
    /// What may be shown.
    pub rule: &'a Rule,
    /// How sure the intervals are.
    pub confidence: Confidence,
    /// What was released before.
    pub past: &'a [Past],
}

/// Why no release was made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MakeError {
    /// The counts do not belong together.
    #[error("{}", sentences(.0))]
    Table(Vec<TableError>),
    /// The rule over time forbids it.
    #[error(transparent)]
    Protect(#[from] ProtectError),
    /// The text about the release is about something else.
    #[error(transparent)]
    Build(#[from] BuildError),
}

/// What may be shown of a wave: the table of its counts, protected.
///
/// # Errors
/// The counts do not belong together, or the wave has been released.
pub fn protected(from: &Ingredients<'_>, wave: &WaveCode) -> Result<SafeTable, MakeError> {
    let table =
        Table::new(from.survey, from.tree, from.tally, from.invited, from.groups, from.confidence)
            .map_err(MakeError::Table)?;
    Ok(protect(&table, from.rule, wave, from.past)?)
}

/// Makes a release: table of counts, protection, comparison, rounding.
///
/// # Errors
/// The counts do not belong together, the wave has been released, or `about`
/// is about another wave or survey.
pub fn make(
    from: &Ingredients<'_>,
    before: Option<&SafeTable>,
    thresholds: Thresholds,
    about: About,
) -> Result<Release, MakeError> {
    let safe = protected(from, &about.wave)?;
    Ok(Release::new(&Contents::new(&safe, before, thresholds, about)?))
}

fn sentences(errors: &[TableError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}
