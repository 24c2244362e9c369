//! Where each PCT stands: beside the rest of the root, among all PCTs, and
//! against the wave before; and what the root as a whole is like.
//!
//! Everything here is made from [`SafeTable`]s and from nothing else, so that no
//! comparison, rank or quartile can be of, or include, a cell that is hidden.
//! It must never know what a hidden cell holds, and it rounds nothing: releases
//! do that.
//!
//! Source: methods.md 4 to 8 and 9.5.

mod column;
mod moved;
mod place;
mod summary;

pub use column::{Figures, Kind, Measured, ScoreFigures};
pub use moved::Moved;
pub use summary::{Stat, Summary};

use column::Column;

use crate::disclosure::SafeTable;
use crate::id::OrgCode;
use crate::register::Level;
use crate::statistics::{Placed, Standing, Thresholds};

/// What is compared.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// The wave.
    pub safe: &'a SafeTable,
    /// The wave before it, of the same survey.
    pub before: Option<&'a SafeTable>,
    /// From what size on a difference is named.
    pub thresholds: Thresholds,
}

/// Every measure of a wave with the figures of every node that may be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Benchmark {
    /// From what size on a difference was named.
    pub thresholds: Thresholds,
    /// Scored items and numbers in screen order, then the indexes, then the
    /// overall index.
    pub measures: Vec<MeasureFigures>,
}

/// One measure.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureFigures {
    /// What it measures.
    pub measured: Measured,
    /// Per node of the safe table, by code.
    pub orgs: Vec<OrgFigures>,
    /// The root and its PCTs as a whole.
    pub summary: Summary,
}

/// One measure at one node.
#[derive(Debug, Clone, PartialEq)]
pub struct OrgFigures {
    /// The node.
    pub org: OrgCode,
    /// Its own figures; none if they may not be shown.
    pub figures: Option<Figures>,
    /// Beside the rest of the root; PCTs only.
    pub placed: Option<Placed>,
    /// Among all PCTs; PCTs only.
    pub standing: Option<Standing>,
    /// Against the wave before.
    pub moved: Option<Moved>,
}

impl Benchmark {
    /// Compares everything that may be shown.
    #[must_use]
    pub fn new(sources: &Sources<'_>) -> Self {
        let safe = sources.safe;
        let columns = column::columns(safe);
        let before: Vec<Column<'_>> = sources.before.map(column::columns).unwrap_or_default();
        let associations = summary::associations(safe);
        let measures = columns
            .iter()
            .map(|column| {
                let pcts = places_of_pcts(safe);
                let placed = place::placed(column, &pcts, root_of(safe), sources);
                let standings = place::standings(column, &pcts, safe);
                let earlier = before.iter().find(|earlier| column.continues(earlier));
                let moved = moved::moved(column, earlier, sources);
                let summary = summary::of_column(column, &pcts, &associations, sources);
                let all = column.cells.iter().zip(placed).zip(standings).zip(moved);
                let orgs = safe.orgs().iter().zip(all).map(|(org, all)| {
                    let (((cell, placed), standing), moved) = all;
                    let figures = cell.as_ref().map(|cell| cell.figures.clone());
                    let org = org.node.code.clone();
                    OrgFigures { org, figures, placed, standing, moved }
                });
                MeasureFigures { measured: column.measured.clone(), orgs: orgs.collect(), summary }
            })
            .collect();
        Self { thresholds: sources.thresholds, measures }
    }
}

/// The places of the PCTs among the nodes.
fn places_of_pcts(safe: &SafeTable) -> Vec<usize> {
    let orgs = safe.orgs().iter().enumerate();
    orgs.filter(|(_, org)| org.node.level == Level::Pct).map(|(at, _)| at).collect()
}

fn root_of(safe: &SafeTable) -> Option<usize> {
    safe.orgs().iter().position(|org| org.node.parent.is_none())
}
