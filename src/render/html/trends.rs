//! Measures over waves, as a chart with its table beside it.

use super::words;
use crate::pages::{TrendRow, TrendView};
use crate::release::{Measure, Org, Release, print};
use crate::render::chart::{self, change_words, joined};
use crate::render::seen::seen;

/// The trend of a measure at a node; none with fewer than two waves, or where
/// nothing is shown.
pub(super) fn trend(waves: &[&Release], org: &Org, measure: &Measure) -> Option<TrendView> {
    let last = waves.last()?;
    let svg = chart::trend(waves, org, measure)?;
    let row = |(number, wave): (usize, &&Release)| {
        let cell = wave.cell(&org.code, &measure.code);
        let own = seen(cell);
        let before = number.checked_sub(1).and_then(|before| waves.get(before));
        let shown_before =
            before.is_some_and(|wave| seen(wave.cell(&org.code, &measure.code)).is_some());
        let change = match &own {
            Some(seen) if joined(waves, own, number) => change_words(seen),
            Some(_) if shown_before => "not compared: asked or made up differently".to_owned(),
            Some(_) | None => String::new(),
        };
        TrendRow {
            wave: wave.about().wave.to_string(),
            href: match wave.node(&org.code) {
                Some(org) if org.parent.is_some() => words::pct_href(wave, org),
                _ => words::wave_href(wave),
            },
            mean: own.map(|own| print::one(own.mean)),
            range: own
                .map(|own| format!("{} to {}", print::one(own.reply.lo), print::one(own.reply.hi)))
                .unwrap_or_default(),
            n: own
                .map(|own| format!("{} of {}", own.figures.n, own.figures.n_q))
                .unwrap_or_default(),
            change,
            mark: words::mark(cell).0,
        }
    };
    Some(TrendView {
        label: measure.label.clone(),
        href: words::measure_href(last, &measure.code),
        svg: svg.inline(),
        rows: waves.iter().enumerate().map(row).collect(),
    })
}

/// The trends of the progress indexes at a node.
pub(super) fn indexes(waves: &[&Release], org: &Org) -> Vec<TrendView> {
    let Some(last) = waves.last() else { return Vec::new() };
    let progress = last.indexes().filter(|index| !index.severity);
    progress.filter_map(|index| trend(waves, org, index)).collect()
}
