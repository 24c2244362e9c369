//! What a PCT's figures look like beside the others', from the published answers
//! alone: the comparison with the rest, the rank, the score that allows for small
//! numbers, and the figures of the root as a whole.
//!
//! Source: methods.md 4, 5 and 9.8, point 1.

use std::collections::BTreeMap;

use super::Case;
use super::recompute::{Expected, scale};
use crate::definition::Direction;
use crate::release::{Band, Level, Measure, Stat};
use crate::statistics::{
    Answers, Histogram, PctScore, Stream, against_rest, intraclass, kruskal_wallis, mean_estimate,
    place_all, pooled_variance, shrink, spread, standings,
};

/// The published answers of a question, per node; none where it is not shown.
fn answers(case: &Case<'_>, measure: &Measure) -> Vec<Option<(Histogram, u64)>> {
    let scale = scale(measure);
    let of = |code| {
        let figures = case.release.cell(code, &measure.code)?.figures.as_ref()?;
        Some((Histogram::of(&scale, &figures.counts), figures.n_q))
    };
    case.family.spots().map(|(_, spot)| of(&spot.code)).collect()
}

/// The nodes that are PCTs and shown, with what is summed up of them.
fn scores(case: &Case<'_>, answers: &[Option<(Histogram, u64)>]) -> (Vec<usize>, Vec<PctScore>) {
    case.family
        .spots()
        .filter(|(_, spot)| spot.level == Level::Pct)
        .filter_map(|(node, _)| {
            let (histogram, population) = answers.get(node)?.as_ref()?;
            let mean = mean_estimate(histogram, *population, case.confidence)?;
            let variance = mean.sd.map(|sd| sd * sd);
            Some((node, PctScore { score: mean.mean, n: mean.n, variance }))
        })
        .unzip()
}

/// Per node: the figures that come from comparing it with others.
pub(super) fn of_question(case: &Case<'_>, measure: &Measure) -> Vec<Expected> {
    let answers = answers(case, measure);
    let (nodes, scores) = scores(case, &answers);
    let root = answers.get(case.family.root()).and_then(Option::as_ref);
    let pairs: Vec<_> =
        nodes.iter().map(|node| against_rest(&answers.get(*node)?.as_ref()?.0, &root?.0)).collect();
    let placed = place_all(&pairs, Answers::Item, case.thresholds, case.confidence);
    let wave = case.release.about().wave.as_str();
    let stream = Stream::of_measure(wave, &measure.code);
    let standings = standings(&scores, stream, case.confidence);
    let mut all: Vec<Expected> = case.family.spots().map(|_| nothing()).collect();
    for (at, node) in nodes.iter().enumerate() {
        let Some(expected) = all.get_mut(*node) else { continue };
        if let Some(placed) = placed.get(at).and_then(Option::as_ref) {
            let delta = &placed.comparison.delta;
            expected.insert("delta", Some(delta.value()));
            expected.insert("delta_lo", delta.interval.map(|interval| interval.lo));
            expected.insert("delta_hi", delta.interval.map(|interval| interval.hi));
            expected.insert("p", Some(placed.comparison.p));
            expected.insert("q", Some(placed.q));
            expected.insert("band", Some(band_number(placed.band)));
        }
        if let Some(standing) = standings.as_ref().and_then(|all| all.get(at)) {
            expected.extend([
                ("rank", Some(f64::from(standing.rank))),
                ("rank_lo", Some(f64::from(standing.pairwise.lo))),
                ("rank_hi", Some(f64::from(standing.pairwise.hi))),
                ("sim_rank_lo", Some(f64::from(standing.simulated.range.lo))),
                ("sim_rank_hi", Some(f64::from(standing.simulated.range.hi))),
                ("eb", Some(standing.shrunken.score)),
                ("eb_se", Some(standing.shrunken.se)),
            ]);
        }
    }
    all
}

/// A band as the number that stands for it among figures.
pub(super) fn band_number(band: Band) -> f64 {
    match band {
        Band::NotEnoughResponses => 0.0,
        Band::Below => 1.0,
        Band::InLine => 2.0,
        Band::Above => 3.0,
    }
}

/// The number of the band that these words say.
pub(super) fn number_of_words(words: &str, direction: Direction) -> Option<f64> {
    let bands = [Band::NotEnoughResponses, Band::Below, Band::InLine, Band::Above];
    bands.into_iter().find(|band| band.words(direction) == words).map(band_number)
}

/// No comparison of any kind.
fn nothing() -> Expected {
    const COLUMNS: [&str; 13] = [
        "delta",
        "delta_lo",
        "delta_hi",
        "p",
        "q",
        "band",
        "rank",
        "rank_lo",
        "rank_hi",
        "sim_rank_lo",
        "sim_rank_hi",
        "eb",
        "eb_se",
    ];
    COLUMNS.into_iter().map(|column| (column, None)).collect()
}

/// Figures of the root as a whole that follow from the published answers.
pub(super) fn of_root(case: &Case<'_>, measure: &Measure) -> BTreeMap<Stat, Option<f64>> {
    let answers = answers(case, measure);
    let (nodes, scores) = scores(case, &answers);
    let only: Vec<f64> = scores.iter().map(|pct| pct.score).collect();
    let (spread, shrinkage) = (spread(&only), shrink(&scores));
    let histograms: Vec<Vec<(u8, u64)>> = nodes
        .iter()
        .filter_map(|node| Some(answers.get(*node)?.as_ref()?.0.bins().to_vec()))
        .collect();
    let varies = pooled_variance(&scores);
    let kruskal = varies.and_then(|_| kruskal_wallis(&histograms));
    let root = answers.get(case.family.root()).and_then(Option::as_ref);
    let mean = root.and_then(|(answers, n_q)| mean_estimate(answers, *n_q, case.confidence));
    #[expect(clippy::cast_precision_loss, reason = "a number of PCTs")]
    let pcts = scores.len() as f64;
    BTreeMap::from([
        (Stat::Pcts, spread.map(|_| pcts)),
        (Stat::Mean, spread.and(mean).map(|mean| mean.mean)),
        (Stat::MeanOfPcts, spread.map(|spread| spread.mean)),
        (Stat::LowerQuartile, spread.map(|spread| spread.lower_quartile)),
        (Stat::Median, spread.map(|spread| spread.median)),
        (Stat::UpperQuartile, spread.map(|spread| spread.upper_quartile)),
        (Stat::WithinVariance, varies),
        (Stat::KruskalH, kruskal.map(|found| found.h)),
        (Stat::KruskalP, kruskal.map(|found| found.p)),
        (Stat::Intraclass, intraclass(&scores).map(|found| found.icc)),
        (Stat::HeterogeneityQ, shrinkage.as_ref().map(|found| found.q)),
        (Stat::BetweenVariance, shrinkage.as_ref().map(|found| found.tau2)),
        (Stat::ShrinkageMean, shrinkage.as_ref().map(|found| found.middle)),
    ])
}
