//! Every published figure, computed again from the published answers.
//!
//! To have one more column checked, give it a value in [`of_item`] or
//! [`of_index`].
//!
//! Source: methods.md 2, 3 and 9.8, point 1.

use std::collections::BTreeMap;

use super::Case;
use super::ballots::{Ballots, is_question, real};
use crate::definition::{AnswerOption, Counts, Direction, Scale};
use crate::release::{Figures, Measure, MeasureKind};
use crate::statistics::{
    Confidence, Histogram, Interval, MeanEstimate, ShareEstimate, mean_estimate, share_estimate,
};

/// Figures by the names of their columns; none where a figure is not defined.
pub(super) type Expected = BTreeMap<&'static str, Option<f64>>;

/// The figures of a shown cell that follow from what is published (and, of an
/// index, from the ballots if there are any); none if it cannot be computed.
fn figures(
    case: &Case<'_>,
    node: usize,
    place: usize,
    ballots: Option<&Ballots>,
) -> Option<Expected> {
    let measure = case.release.measures().get(place)?;
    let org = &case.family.get(node)?.code;
    let figures = case.release.cell(org, &measure.code)?.figures.as_ref()?;
    if is_question(measure) {
        of_item(case, measure, figures)
    } else if measure.kind == MeasureKind::Index {
        of_index(case, node, place, figures, ballots)
    } else {
        None
    }
}

/// The figures of every shown cell: per node, per measure.
pub(super) fn all(case: &Case<'_>, ballots: Option<&Ballots>) -> Vec<Vec<Option<Expected>>> {
    let places = 0..case.release.measures().len();
    let of = |node| places.clone().map(|place| figures(case, node, place, ballots)).collect();
    case.family.spots().map(|(node, _)| of(node)).collect()
}

/// The same figures as the release's own file has them.
pub(super) fn published(measure: &Measure, figures: &Figures) -> Expected {
    let mut all = Expected::from([
        ("n", Some(real_of(figures.n))),
        ("N_q", Some(real_of(figures.n_q))),
        ("mean", Some(figures.mean.value())),
        ("sd", figures.sd.map(|sd| sd.value())),
    ]);
    let mut put = |[lo, hi]: [&'static str; 2], range: Option<crate::release::Range>| {
        all.insert(lo, range.map(|range| range.lo.value()));
        all.insert(hi, range.map(|range| range.hi.value()));
    };
    put(["ci_lo", "ci_hi"], Some(figures.reply));
    put(["proc_lo", "proc_hi"], figures.process);
    put(["nr_lo", "nr_hi"], Some(figures.bounds));
    if let Some(share) = figures.share {
        put(["pct_lo", "pct_hi"], Some(share.reply));
        put(["pct_proc_lo", "pct_proc_hi"], Some(share.process));
        all.insert(share_column(measure), Some(share.percent.value()));
    }
    if measure.kind == MeasureKind::Index {
        all.insert("items_used", Some(real_of(figures.used.len() as u64)));
        all.insert("n_star", Some(real_of(figures.n)));
    }
    all
}

fn share_column(measure: &Measure) -> &'static str {
    if measure.kind == MeasureKind::Barrier { "pct_major" } else { "pct_fav" }
}

fn of_item(case: &Case<'_>, measure: &Measure, figures: &Figures) -> Option<Expected> {
    let answers = Histogram::of(&scale(measure), &figures.counts);
    let (n, population) = (answers.n(), figures.n_q);
    let mean = mean_estimate(&answers, population, case.confidence)?;
    let share = share_estimate(answers.favourable(), n, population, case.confidence)?;
    let mut all = Expected::from([
        ("n", Some(real_of(n))),
        ("N_q", Some(real_of(population))),
        ("mean", Some(mean.mean)),
        ("sd", mean.sd),
        (share_column(measure), Some(share.percent)),
    ]);
    put_mean(&mut all, &mean);
    put_share(&mut all, &share);
    Some(all)
}

fn put(all: &mut Expected, [lo, hi]: [&'static str; 2], interval: Option<Interval>) {
    all.insert(lo, interval.map(|interval| interval.lo));
    all.insert(hi, interval.map(|interval| interval.hi));
}

fn put_mean(all: &mut Expected, mean: &MeanEstimate) {
    put(all, ["ci_lo", "ci_hi"], Some(mean.reply));
    put(all, ["proc_lo", "proc_hi"], mean.process);
    put(all, ["nr_lo", "nr_hi"], Some(mean.bounds));
}

fn put_share(all: &mut Expected, share: &ShareEstimate) {
    put(all, ["pct_lo", "pct_hi"], Some(share.reply));
    put(all, ["pct_proc_lo", "pct_proc_hi"], Some(share.process));
}

/// The index is the weighted mean of the released means and nothing else. Its
/// error comes from whole replies: without ballots nobody can recompute it.
fn of_index(
    case: &Case<'_>,
    node: usize,
    place: usize,
    figures: &Figures,
    ballots: Option<&Ballots>,
) -> Option<Expected> {
    let spot = case.family.get(node)?;
    let measure = case.release.measures().get(place)?;
    let mut parts = Vec::new();
    for member in &measure.members {
        let item = case.release.measure(member.item.as_str())?;
        let Some(cell) = case.release.cell(&spot.code, &item.code)?.figures.as_ref() else {
            continue;
        };
        let answers = Histogram::of(&scale(item), &cell.counts);
        parts.push((f64::from(member.weight), mean_estimate(&answers, cell.n_q, case.confidence)?));
    }
    let total: f64 = parts.iter().map(|(weight, _)| weight).sum();
    let mean_of = |figure: fn(&MeanEstimate) -> f64| -> f64 {
        parts.iter().map(|(weight, mean)| weight * figure(mean)).sum::<f64>() / total
    };
    let index = mean_of(|mean| mean.mean);
    let bounds = Interval { lo: mean_of(|m| m.bounds.lo), hi: mean_of(|m| m.bounds.hi) };
    let mut all = Expected::from([
        ("N_q", Some(real_of(spot.invited))),
        ("mean", Some(index)),
        ("sd", None),
        ("items_used", Some(real_of(parts.len() as u64))),
    ]);
    put(&mut all, ["nr_lo", "nr_hi"], Some(bounds));
    let Some(ballots) = ballots else {
        all.insert("n", Some(real_of(figures.n)));
        all.insert("n_star", Some(real_of(figures.n)));
        return Some(all);
    };
    let sums = ballots.index(node, place);
    let people = sums.n_star;
    all.insert("n", Some(real_of(people)));
    all.insert("n_star", Some(real_of(people)));
    let (reply, process) =
        intervals(index, bounds, people, sums.squares, spot.invited, case.confidence);
    put(&mut all, ["ci_lo", "ci_hi"], Some(reply));
    put(&mut all, ["proc_lo", "proc_hi"], process);
    Some(all)
}

/// The two intervals of an index from its people and their squared influences.
fn intervals(
    index: f64,
    bounds: Interval,
    people: u64,
    squares: f64,
    invited: u64,
    confidence: Confidence,
) -> (Interval, Option<Interval>) {
    let n = real_of(people);
    // u_i = n* times the influence; se² = Σ u_i² / (n*(n* − 1)).
    let se = if people < 2 { 0.0 } else { (n * squares / (n - 1.0)).sqrt() };
    match confidence.student(people.saturating_sub(1)).filter(|_| se > 1e-9) {
        None => (bounds, None),
        Some(t) => {
            let around = |half: f64| Interval { lo: index - half, hi: index + half };
            let missing = (1.0 - n / real_of(invited)).max(0.0).sqrt();
            let process = around(t * se).within(Interval { lo: 0.0, hi: 100.0 });
            (around(t * se * missing).within(bounds), Some(process))
        }
    }
}

fn real_of(count: u64) -> f64 {
    real(i64::try_from(count).unwrap_or(i64::MAX))
}

/// The scale of a published measure.
fn scale(measure: &Measure) -> Scale {
    let severe = measure.kind == MeasureKind::Barrier;
    let options = measure.options.iter().map(|option| {
        let counts = match option.score {
            Some(score) => Counts::Scored {
                score,
                favourable: option.counted,
                unfavourable: option.unfavourable,
            },
            None => Counts::DontKnow,
        };
        AnswerOption::new(option.value, option.label.clone(), counts)
    });
    Scale {
        direction: if severe { Direction::Barrier } else { Direction::Progress },
        options: options.collect(),
    }
}
