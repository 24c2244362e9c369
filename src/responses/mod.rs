//! Answers that come as files: `orgs.csv` says whom a wave asked, `responses.csv`
//! what they answered. They become trees and tallies, or all their faults at
//! once, and with a fault nothing is counted.
//!
//! Responses pass by once, in pieces and on several cores; what grows with their
//! number is sixteen bytes each, by which a second one of the same name is seen.
//! This room knows no figures and no rule of what may be shown. The auditor reads
//! the same file by itself (`audit/ballots.rs`), so that one mistake is not made
//! twice.

mod cells;
mod count;
mod cut;
mod explain;
mod family;
mod found;
mod header;
mod orgs;
mod people;
mod seen;
mod values;

use std::collections::BTreeMap;

pub use cells::Cells;
pub use count::{Asked, count, take};
pub use orgs::read_orgs;
pub use people::check_people;

use crate::id::{OrgCode, WaveCode};
use crate::register::Tree;

/// Faults that are told of one file; the others are counted.
const MOST_TOLD: usize = 100;

/// Whom one wave asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaveOrgs {
    /// The wave.
    pub wave: WaveCode,
    /// Its organisations.
    pub tree: Tree,
    /// Invited people, per leaf.
    pub invited: BTreeMap<OrgCode, u32>,
    /// PBC groups among the respondents, per leaf; none if the file does not say.
    pub groups: Option<BTreeMap<OrgCode, u32>>,
}

#[cfg(test)]
mod tests;
