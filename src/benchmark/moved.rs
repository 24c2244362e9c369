//! What changed since the wave before.

use super::Sources;
use super::column::{Column, Seen};
use crate::id::WaveCode;
use crate::register::Level;
use crate::statistics::{
    Change, ChangeLabel, Interval, benjamini_hochberg, change, change_label, share_change,
};

/// A difference between two waves.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// The wave before.
    pub from: WaveCode,
    /// Later less earlier, in points (for a number in percentage points).
    pub difference: f64,
    /// Its interval; none for a single answer or if nobody differs.
    pub interval: Option<Interval>,
    /// The chance of a difference at least as large if nothing had changed;
    /// none without an interval, and for a number.
    pub p: Option<f64>,
    /// The same among all PCTs; PCTs only.
    pub q: Option<f64>,
    /// What may be said of it; none for a number.
    pub label: Option<ChangeLabel>,
}

enum Difference {
    Score(Change),
    Share(f64, Interval),
}

/// Per node: what changed since an earlier wave's measure, where both show it
/// and are made of the same.
pub(super) fn moved(
    column: &Column<'_>,
    earlier: Option<&Column<'_>>,
    sources: &Sources<'_>,
) -> Vec<Option<Moved>> {
    let (Some(earlier), Some(before)) = (earlier, sources.before) else {
        return column.cells.iter().map(|_| None).collect();
    };
    let orgs = sources.safe.orgs();
    let differences: Vec<Option<Difference>> = orgs
        .iter()
        .zip(&column.cells)
        .map(|(org, cell)| {
            let place = before.orgs().iter().position(|old| old.node.code == org.node.code)?;
            difference(earlier.cells.get(place)?.as_ref()?, cell.as_ref()?, sources)
        })
        .collect();
    let p_of = |difference: &Option<Difference>| match difference {
        Some(Difference::Score(change)) => change.test.map(|test| test.p),
        Some(Difference::Share(..)) | None => None,
    };
    let is_pct: Vec<bool> = orgs.iter().map(|org| org.node.level == Level::Pct).collect();
    let of_pcts = |(difference, is_pct): (&Option<Difference>, &bool)| {
        if *is_pct { p_of(difference) } else { None }
    };
    let p: Vec<f64> = differences.iter().zip(&is_pct).filter_map(of_pcts).collect();
    let mut adjusted = benjamini_hochberg(&p).into_iter();
    let q: Vec<Option<f64>> = differences
        .iter()
        .zip(&is_pct)
        .map(|pair| of_pcts(pair).and_then(|_| adjusted.next()))
        .collect();
    let direction = column.measured.direction;
    differences
        .into_iter()
        .zip(is_pct)
        .zip(q)
        .map(|((difference, is_pct), q)| {
            let from = before.wave().clone();
            Some(match difference? {
                Difference::Share(difference, interval) => {
                    let interval = Some(interval);
                    Moved { from, difference, interval, p: None, q: None, label: None }
                }
                Difference::Score(change) => {
                    let p = change.test.map(|test| test.p);
                    let sure = if is_pct { q } else { p };
                    let label = change_label(&change, sure, sources.thresholds, direction);
                    let interval = change.test.map(|test| test.interval);
                    let difference = change.difference;
                    Moved { from, difference, interval, p, q, label: Some(label) }
                }
            })
        })
        .collect()
}

fn difference(before: &Seen<'_>, after: &Seen<'_>, sources: &Sources<'_>) -> Option<Difference> {
    if before.made_of != after.made_of {
        return None;
    }
    if let (Some(before), Some(after)) = (&before.sample, &after.sample) {
        return change(before, after, sources.safe.confidence()).map(Difference::Score);
    }
    let change = share_change(before.figures.share.as_ref()?, after.figures.share.as_ref()?);
    Some(Difference::Share(change.difference, change.interval))
}
