//! Every published figure, computed again from the published answers.
//!
//! To have one more column checked, give it a value in [`of_item`] or
//! [`of_index`].
//!
//! Source: methods.md 2, 3 and 9.8, point 1.

use std::collections::BTreeMap;

use super::Case;
use super::ballots::{Ballots, is_question, real};
use super::beside;
use crate::definition::{AnswerOption, Counts, Direction, Scale};
use crate::release::{Change, Figure, Figures, Measure, MeasureKind, Range, Standing};
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
    let mut all: Vec<Vec<Option<Expected>>> =
        case.family.spots().map(|(node, _)| of(node)).collect();
    for (place, measure) in case.release.measures().iter().enumerate() {
        if is_question(measure) {
            for (cells, more) in all.iter_mut().zip(beside::of_question(case, measure)) {
                if let Some(Some(expected)) = cells.get_mut(place) {
                    expected.extend(more);
                }
            }
        }
    }
    all
}

/// The same figures as the release's own file has them.
pub(super) fn published(measure: &Measure, figures: &Figures) -> Expected {
    let mut all =
        Expected::from([("n", Some(real_of(figures.n))), ("N_q", Some(real_of(figures.n_q)))]);
    let value = |figure: Option<Figure>| figure.map(Figure::value);
    let mut put = |[lo, hi]: [&'static str; 2], range: Option<Range>| {
        all.insert(lo, value(range.map(|range| range.lo)));
        all.insert(hi, value(range.map(|range| range.hi)));
    };
    let score = figures.score.as_ref();
    put(["ci_lo", "ci_hi"], score.map(|score| score.reply));
    put(["proc_lo", "proc_hi"], score.and_then(|score| score.process));
    let of_number = figures.share.as_ref().filter(|_| measure.kind == MeasureKind::Number);
    let of_number = of_number.and_then(|share| Some(share.unsure?.bounds));
    put(["nr_lo", "nr_hi"], score.map(|score| score.bounds).or(of_number));
    if let Some(unsure) = figures.share.as_ref().and_then(|share| share.unsure) {
        put(["pct_lo", "pct_hi"], Some(unsure.reply));
        put(["pct_proc_lo", "pct_proc_hi"], Some(unsure.process));
    }
    let beside = figures.beside.as_ref();
    put(["delta_lo", "delta_hi"], beside.and_then(|beside| beside.interval));
    all.insert("mean", value(score.map(|score| score.mean)));
    all.insert("sd", value(score.and_then(|score| score.sd)));
    all.insert("delta", value(beside.map(|beside| beside.delta)));
    all.insert("p", value(beside.map(|beside| beside.p)));
    all.insert("q", value(beside.map(|beside| beside.q)));
    all.insert("band", beside.map(|beside| beside::band_number(beside.band)));
    let change = figures.change.as_ref();
    put_change(&mut all, change);
    if let Some(share) = figures.share {
        all.insert(share_column(measure), Some(share.percent.value()));
    }
    let standing = figures.standing.as_ref();
    let mut place = |column, rank: fn(&Standing) -> u32| {
        all.insert(column, standing.map(|standing| f64::from(rank(standing))));
    };
    place("rank", |standing| standing.rank);
    place("rank_lo", |standing| standing.rank_lo);
    place("rank_hi", |standing| standing.rank_hi);
    place("sim_rank_lo", |standing| standing.sim_rank_lo);
    place("sim_rank_hi", |standing| standing.sim_rank_hi);
    all.insert("eb", value(standing.map(|standing| standing.eb)));
    all.insert("eb_se", value(standing.map(|standing| standing.eb_se)));
    if measure.kind.is_index() {
        all.insert("items_used", Some(real_of(figures.used.len() as u64)));
        all.insert("n_star", Some(real_of(figures.n)));
    }
    all
}

fn put_change(all: &mut Expected, change: Option<&Change>) {
    let value = |figure: Option<Figure>| figure.map(Figure::value);
    let interval = change.and_then(|change| change.interval);
    all.extend([
        ("change", value(change.map(|change| change.difference))),
        ("change_lo", value(interval.map(|interval| interval.lo))),
        ("change_hi", value(interval.map(|interval| interval.hi))),
        ("change_p", value(change.and_then(|change| change.p))),
        ("change_q", value(change.and_then(|change| change.q))),
    ]);
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
pub(super) fn scale(measure: &Measure) -> Scale {
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
