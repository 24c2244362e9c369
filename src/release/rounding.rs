//! Computed figures become published ones: rounded here and nowhere else.
//!
//! What follows from published counts keeps six places. What comes from whole
//! replies (an index's error and everything made with it, correlations, the
//! comparison of indexes) keeps as few as methods.md 9.7 allows, here and not
//! only on screens: nobody may work backwards from the release's own file.

use std::collections::BTreeMap;

use super::{
    Beside, Cell, Change, Contents, Figure, Figures, Range, Score, Share, ShareRanges, Standing,
};
use crate::benchmark::Stat;
use crate::id::OrgCode;
use crate::release::MeasureKind;

impl Contents<f64> {
    /// What is published of it.
    pub(super) fn rounded(&self) -> Contents<Figure> {
        let kinds: BTreeMap<&str, MeasureKind> =
            self.measures.iter().map(|measure| (measure.code.as_str(), measure.kind)).collect();
        let kind = |code: &str| kinds.get(code).copied().unwrap_or(MeasureKind::Index);
        let cell = |(key, cell): (&(OrgCode, String), &Cell<f64>)| {
            let (org, measure) = key.clone();
            let figures = cell.figures.as_ref().map(|figures| rounded(figures, kind(&measure)));
            (key.clone(), Cell { org, measure, status: cell.status, figures })
        };
        let stats = |(code, stats): (&String, &BTreeMap<Stat, f64>)| {
            let stats = stats.iter().map(|(stat, v)| (*stat, of_stat(*stat, *v, kind(code))));
            (code.clone(), stats.collect())
        };
        Contents {
            about: self.about.clone(),
            settings: self.settings.clone(),
            nodes: self.nodes.clone(),
            measures: self.measures.clone(),
            cells: self.cells.iter().map(cell).collect(),
            root_figures: self.root_figures.iter().map(stats).collect(),
            choices: self.choices.clone(),
        }
    }
}

type Rounding = fn(f64) -> Figure;

/// How a figure that comes from the errors of a measure's scores is rounded.
fn of_errors(kind: MeasureKind) -> Rounding {
    if kind.is_index() { Figure::nearest_tenth } else { Figure::nearest }
}

fn range(range: Range<f64>, round: Rounding) -> Range {
    Range { lo: round(range.lo), hi: round(range.hi) }
}

fn rounded(figures: &Figures<f64>, kind: MeasureKind) -> Figures {
    let errors = of_errors(kind);
    Figures {
        n: figures.n,
        n_q: figures.n_q,
        score: figures.score.as_ref().map(|score| Score {
            mean: Figure::nearest(score.mean),
            sd: score.sd.map(Figure::nearest),
            se: score.se.map(Figure::nearest_tenth),
            bounds: range(score.bounds, Figure::nearest),
            reply: range(score.reply, errors),
            process: score.process.map(|process| range(process, errors)),
        }),
        share: figures.share.as_ref().map(|share| Share {
            percent: Figure::nearest(share.percent),
            unsure: share.unsure.map(|unsure| ShareRanges {
                bounds: range(unsure.bounds, Figure::nearest),
                reply: range(unsure.reply, Figure::nearest),
                process: range(unsure.process, Figure::nearest),
            }),
        }),
        used: figures.used.clone(),
        counts: figures.counts.clone(),
        beside: figures.beside.as_ref().map(|beside| Beside {
            delta: Figure::to_places(beside.delta, 2),
            interval: beside.interval.map(|interval| range(interval, hundredths)),
            p: Figure::chance(beside.p),
            q: Figure::chance(beside.q),
            band: beside.band,
            effect: beside.effect,
        }),
        standing: figures.standing.as_ref().map(|standing| Standing {
            rank: standing.rank,
            rank_lo: standing.rank_lo,
            rank_hi: standing.rank_hi,
            sim_rank_lo: standing.sim_rank_lo,
            sim_rank_hi: standing.sim_rank_hi,
            top_quarter: standing.top_quarter.map(hundredths),
            bottom_quarter: standing.bottom_quarter.map(hundredths),
            eb: errors(standing.eb),
            eb_se: errors(standing.eb_se),
        }),
        change: figures.change.as_ref().map(|change| Change {
            from: change.from.clone(),
            difference: Figure::nearest(change.difference),
            interval: change.interval.map(|interval| range(interval, errors)),
            p: change.p.map(Figure::chance),
            q: change.q.map(Figure::chance),
            label: change.label,
        }),
    }
}

fn hundredths(value: f64) -> Figure {
    Figure::to_places(value, 2)
}

/// Source: methods.md 9.7.
fn of_stat(stat: Stat, value: f64, kind: MeasureKind) -> Figure {
    match stat {
        Stat::Alpha
        | Stat::AlphaLo
        | Stat::AlphaHi
        | Stat::Rho
        | Stat::RhoLo
        | Stat::RhoHi
        | Stat::TauB => hundredths(value),
        Stat::RhoP | Stat::RhoQ | Stat::KruskalP => Figure::chance(value),
        Stat::Priority | Stat::PriorityLo | Stat::PriorityHi => Figure::nearest_tenth(value),
        Stat::WithinVariance
        | Stat::HeterogeneityQ
        | Stat::BetweenVariance
        | Stat::ShrinkageMean
        | Stat::FunnelDispersion
        | Stat::FunnelVariance => of_errors(kind)(value),
        _ => Figure::nearest(value),
    }
}
