//! The whole way from counts to a release in one call.

use std::collections::BTreeMap;

use super::{About, BuildError, Release};
use crate::definition::Survey;
use crate::disclosure::{Past, ProtectError, Rule, protect};
use crate::id::OrgCode;
use crate::register::Tree;
use crate::statistics::{Confidence, Table, TableError};
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
    #[error(transparent)]
    Table(#[from] TableError),
    /// The rule over time forbids it.
    #[error(transparent)]
    Protect(#[from] ProtectError),
    /// The text about the release is about something else.
    #[error(transparent)]
    Build(#[from] BuildError),
}

/// Makes a release: table of counts, protection, rounding.
///
/// # Errors
/// The counts do not belong together, the wave has been released, or `about`
/// is about another wave or survey.
pub fn make(from: &Ingredients<'_>, about: About) -> Result<Release, MakeError> {
    let table =
        Table::new(from.survey, from.tree, from.tally, from.invited, from.groups, from.confidence)?;
    let safe = protect(&table, from.rule, &about.wave, from.past)?;
    Ok(Release::build(&safe, about)?)
}
