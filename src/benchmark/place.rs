//! Each PCT beside the rest of the root, and among all PCTs.

use super::Sources;
use super::column::{Column, Kind};
use crate::disclosure::SafeTable;
use crate::statistics::{self, Pair, Placed, Standing, Stream, place_all};

/// Per node: where a PCT stands beside the rest of the root. The rest is the
/// root without the PCT, both shown; every other PCT that is shown is in the
/// same family of tests.
pub(super) fn placed(
    column: &Column<'_>,
    pcts: &[usize],
    root: Option<usize>,
    sources: &Sources<'_>,
) -> Vec<Option<Placed>> {
    let mut all = vec![None; column.cells.len()];
    let people = |at: usize| column.cells.get(at)?.as_ref().map(|seen| seen.people);
    let Some(whole) = root.and_then(people) else { return all };
    let pairs: Vec<Option<Pair>> =
        pcts.iter().map(|at| people(*at)?.against_rest_of(whole)).collect();
    let sure = sources.safe.confidence();
    let placed = place_all(&pairs, column.answers(), sources.thresholds, sure);
    spread_out(&mut all, pcts, placed);
    all
}

/// Per node: where a PCT stands among the PCTs that are shown.
pub(super) fn standings(
    column: &Column<'_>,
    pcts: &[usize],
    safe: &SafeTable,
) -> Vec<Option<Standing>> {
    let mut all = vec![None; column.cells.len()];
    if column.measured.kind == Kind::Number {
        return all;
    }
    let score = |at: &usize| Some((*at, column.cells.get(*at)?.as_ref()?.pct_score()?));
    let (shown, scores): (Vec<usize>, Vec<_>) = pcts.iter().filter_map(score).unzip();
    let stream = Stream::of_measure(safe.wave().as_str(), &column.measured.code);
    if let Some(found) = statistics::standings(&scores, stream, safe.confidence()) {
        spread_out(&mut all, &shown, found.into_iter().map(Some));
    }
    all
}

fn spread_out<T>(
    all: &mut [Option<T>],
    places: &[usize],
    found: impl IntoIterator<Item = Option<T>>,
) {
    for (at, one) in places.iter().zip(found) {
        if let Some(slot) = all.get_mut(*at) {
            *slot = one;
        }
    }
}
