//! What the root is like as a whole: how its PCTs lie among themselves, whether
//! the items of an index belong together, and which barriers go with slow
//! progress.
//!
//! Source: methods.md 5, 6, 8 and 15.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::column::{Column, Kind, People};
use super::{Sources, root_of};
use crate::definition::{Counts, Direction};
use crate::disclosure::{BarrierTable, SafeTable, Unanswered};
use crate::statistics::{
    Association, BandRange, CompleteSums, FEWEST_PCTS, Heterogeneity, PctScore, Severity,
    Shrinkage, Spread, association, benjamini_hochberg, intraclass, kruskal_wallis, mean_funnel,
    order, pareto, pooled_variance, priority, reliability, shrink, spread,
};
use crate::tabulation::Complete;

macro_rules! stats {
    ($($(#[doc = $says:literal])+ $stat:ident = $code:literal,)+) => {
        /// A figure of the root as a whole, on one measure.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum Stat {
            $($(#[doc = $says])+ #[serde(rename = $code)] $stat,)+
        }

        impl Stat {
            /// Every one, in the order in which they are written.
            pub const ALL: &[Self] = &[$(Self::$stat),+];

            /// The figure's name in files.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$stat => $code,)+ }
            }

            /// What it says, in one sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$stat => concat!($($says),+).trim_ascii(),)+ }
            }
        }
    };
}

stats! {
    /// PCTs that are shown.
    Pcts = "pcts",
    /// The score of all respondents together.
    Mean = "mean",
    /// The mean of the PCTs' scores, each counted once.
    MeanOfPcts = "mean_of_pcts",
    /// A quarter of the PCTs score less.
    LowerQuartile = "lower_quartile",
    /// Half of the PCTs score less.
    Median = "median",
    /// Three quarters of the PCTs score less.
    UpperQuartile = "upper_quartile",
    /// The variance of answers within PCTs, in squared points.
    WithinVariance = "within_variance",
    /// Kruskal and Wallis's H.
    KruskalH = "kruskal_h",
    /// The chance of an H at least as large if PCTs did not differ.
    KruskalP = "kruskal_p",
    /// Answers per PCT, averaged for the intraclass correlation.
    AnswersPerPct = "answers_per_pct",
    /// The share of the variance of answers that lies between PCTs.
    Intraclass = "intraclass",
    /// DerSimonian and Laird's Q.
    HeterogeneityQ = "heterogeneity_q",
    /// The variance between PCTs, in squared points.
    BetweenVariance = "between_variance",
    /// The middle towards which small PCTs' scores are drawn.
    ShrinkageMean = "shrinkage_mean",
    /// How much more PCTs spread than their numbers explain.
    FunnelDispersion = "funnel_dispersion",
    /// The variance between PCTs that the funnel allows for, in squared points.
    FunnelVariance = "funnel_variance",
    /// Cronbach's alpha.
    Alpha = "alpha",
    /// Lower end of its interval.
    AlphaLo = "alpha_lo",
    /// Upper end of its interval.
    AlphaHi = "alpha_hi",
    /// The barrier's place by severity, 1 the most severe.
    SeverityOrder = "severity_order",
    /// Answers that call the barrier major.
    Major = "major",
    /// Their share of all such answers, in percent.
    MajorShare = "major_share",
    /// That share with those of all barriers that more people call major.
    MajorRunning = "major_running",
    /// Spearman's correlation of the barrier with overall progress.
    Rho = "rho",
    /// Lower end of its interval.
    RhoLo = "rho_lo",
    /// Upper end of its interval.
    RhoHi = "rho_hi",
    /// The chance of a correlation at least as strong if there were none.
    RhoP = "rho_p",
    /// The same among all barriers.
    RhoQ = "rho_q",
    /// Kendall's tau-b of the same.
    TauB = "tau_b",
    /// Mean severity times how strongly the barrier goes with slow progress.
    Priority = "priority",
    /// Lower end of its interval.
    PriorityLo = "priority_lo",
    /// Upper end of its interval.
    PriorityHi = "priority_hi",
    /// 1 if the correlation is negative beyond chance, else 0.
    PrioritySupported = "priority_supported",
    /// The band in which a quarter of the numbers lie or end, by its value.
    LowerQuartileBand = "lower_quartile_band",
    /// The band of the middle number.
    MedianBand = "median_band",
    /// The band in which three quarters end.
    UpperQuartileBand = "upper_quartile_band",
    /// People whom the question does not concern.
    NotApplicable = "not_applicable",
    /// People who do not know.
    DontKnow = "dont_know",
    /// People who left it blank.
    Blank = "blank",
}

/// The figures of the root as a whole on one measure; those that are not defined
/// are left out.
pub type Summary = BTreeMap<Stat, f64>;

/// A barrier's part in the root's picture.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Associated {
    association: Association,
    q: f64,
}

/// Per barrier that is shown of the root: how it goes with overall progress.
pub(super) fn associations(safe: &SafeTable) -> BTreeMap<String, Associated> {
    let found: Vec<(String, Association)> = safe
        .root()
        .barriers
        .iter()
        .filter_map(|(item, table)| {
            let table = by_severity(safe, item.as_str(), table.as_ref()?)?;
            Some((item.to_string(), association(&table, safe.confidence())?))
        })
        .collect();
    let p: Vec<f64> = found.iter().map(|(_, association)| association.p).collect();
    let adjusted = benjamini_hochberg(&p).into_iter();
    found
        .into_iter()
        .zip(adjusted)
        .map(|((code, association), q)| (code, Associated { association, q }))
        .collect()
}

/// One row per severity from the lowest, one column per index value from the
/// lowest; options of one severity are one.
fn by_severity(safe: &SafeTable, code: &str, table: &BarrierTable) -> Option<Vec<Vec<u64>>> {
    let item = safe.survey().items().find(|item| item.code.as_str() == code)?;
    let mut rows: BTreeMap<u8, Vec<u64>> = BTreeMap::new();
    for (place, option) in item.scale()?.options.iter().enumerate() {
        let Counts::Scored { score, .. } = option.counts else { continue };
        let row = rows.entry(score).or_insert_with(|| vec![0; table.len()]);
        for (sum, people) in row.iter_mut().zip(table.values()) {
            *sum += people.get(place).copied().unwrap_or(0);
        }
    }
    Some(rows.into_values().collect())
}

/// The figures of the root on one measure; none if it may not be shown there.
pub(super) fn of_column(
    column: &Column<'_>,
    pcts: &[usize],
    associations: &BTreeMap<String, Associated>,
    sources: &Sources<'_>,
) -> Summary {
    let safe = sources.safe;
    let code = column.measured.code.as_str();
    let mut summary = Summary::new();
    let Some(root) = root_of(safe).and_then(|at| column.cells.get(at)?.as_ref()) else {
        return summary;
    };
    let unanswered = safe.root().unanswered.iter().find(|one| one.item.as_str() == code);
    if let Some(unanswered) = unanswered {
        of_unanswered(&mut summary, unanswered);
    }
    if column.measured.kind == Kind::Number {
        of_bands(&mut summary, safe, code);
        return summary;
    }
    let mean = root.figures.score.map(|score| score.mean);
    let shown = || pcts.iter().filter_map(|at| column.cells.get(*at)?.as_ref());
    let scores: Vec<PctScore> = shown().filter_map(|seen| seen.pct_score()).collect();
    if scores.len() >= FEWEST_PCTS {
        put(&mut summary, Stat::Mean, mean);
        put(&mut summary, Stat::Pcts, Some(whole(scores.len() as u64)));
    }
    of_scores(&mut summary, &scores, mean);
    if column.measured.kind == Kind::Item {
        let answers = |people| match people {
            People::Answers(answers) => answers.bins().to_vec(),
            People::Values(_) | People::None => Vec::new(),
        };
        let histograms: Vec<_> = shown().map(|seen| answers(seen.people)).collect();
        of_answers(&mut summary, &histograms, &scores);
    }
    if column.measured.direction == Direction::Barrier && column.measured.kind == Kind::Item {
        of_barrier(&mut summary, code, associations.get(code), sources);
    }
    if column.measured.kind == Kind::Index {
        of_index(&mut summary, code, safe);
    }
    summary
}

fn put(summary: &mut Summary, stat: Stat, value: Option<f64>) {
    summary.extend(value.map(|value| (stat, value)));
}

#[expect(clippy::cast_precision_loss, reason = "counts of people and of PCTs")]
fn whole(count: u64) -> f64 {
    count as f64
}

fn of_unanswered(summary: &mut Summary, unanswered: &Unanswered) {
    put(summary, Stat::NotApplicable, unanswered.not_applicable.map(whole));
    put(summary, Stat::DontKnow, unanswered.dont_know.map(whole));
    put(summary, Stat::Blank, unanswered.blank.map(whole));
}

fn of_bands(summary: &mut Summary, safe: &SafeTable, code: &str) {
    let found = safe.root().numbers.iter().find(|(item, _)| item.as_str() == code);
    let item = safe.survey().items().find(|item| item.code.as_str() == code);
    let (Some((_, Some(quartiles))), Some(options)) = (found, item.and_then(|item| item.options()))
    else {
        return;
    };
    // Between two bands the lower one is told: the number lies in it or ends it.
    let band = |range: BandRange| options.get(range.lower).map(|band| f64::from(band.value));
    put(summary, Stat::LowerQuartileBand, band(quartiles.lower));
    put(summary, Stat::MedianBand, band(quartiles.median));
    put(summary, Stat::UpperQuartileBand, band(quartiles.upper));
}

fn of_scores(summary: &mut Summary, scores: &[PctScore], root: Option<f64>) {
    let only: Vec<f64> = scores.iter().map(|pct| pct.score).collect();
    if let Some(Spread { mean, lower_quartile, median, upper_quartile, .. }) = spread(&only) {
        summary.extend([
            (Stat::MeanOfPcts, mean),
            (Stat::LowerQuartile, lower_quartile),
            (Stat::Median, median),
            (Stat::UpperQuartile, upper_quartile),
        ]);
    }
    put(summary, Stat::WithinVariance, pooled_variance(scores));
    if let Some(Shrinkage { q, tau2, middle, .. }) = shrink(scores) {
        summary.extend([
            (Stat::HeterogeneityQ, q),
            (Stat::BetweenVariance, tau2),
            (Stat::ShrinkageMean, middle),
        ]);
    }
    if let Some(funnel) = root.and_then(|middle| mean_funnel(scores, middle)) {
        summary.insert(Stat::FunnelDispersion, funnel.dispersion);
        summary.insert(Stat::FunnelVariance, funnel.tau2);
    }
}

fn of_answers(summary: &mut Summary, answers: &[Vec<(u8, u64)>], scores: &[PctScore]) {
    // Without a variance within there is nothing to set the differences against.
    if pooled_variance(scores).is_none() {
        return;
    }
    if let Some(Heterogeneity { h, p }) = kruskal_wallis(answers) {
        summary.insert(Stat::KruskalH, h);
        summary.insert(Stat::KruskalP, p);
    }
    if let Some(found) = intraclass(scores) {
        summary.insert(Stat::AnswersPerPct, found.n0);
        summary.insert(Stat::Intraclass, found.icc);
    }
}

/// Of enough complete replies; which of its items the index uses does not matter.
///
/// Source: methods.md 6 and 9.7.
fn of_index(summary: &mut Summary, code: &str, safe: &SafeTable) {
    let indexes = safe.survey().indexes.iter().enumerate();
    let Some((place, _)) = indexes.into_iter().find(|(_, index)| index.code.as_str() == code)
    else {
        return;
    };
    let complete = safe.root().complete.get(place).and_then(Option::as_ref);
    let Some(sums) = complete.map(complete_sums) else { return };
    if let Some(found) = reliability(&sums, safe.confidence()) {
        summary.extend([
            (Stat::Alpha, found.alpha),
            (Stat::AlphaLo, found.interval.lo),
            (Stat::AlphaHi, found.interval.hi),
        ]);
    }
}

fn complete_sums(complete: &Complete) -> CompleteSums {
    let width = complete.sums.len();
    let product = |one: usize, other: usize| {
        let (low, high) = (one.min(other), one.max(other));
        complete.products.get(high * (high + 1) / 2 + low).copied().unwrap_or(0)
    };
    let row = |one| (0..width).map(|other| product(one, other)).collect();
    CompleteSums {
        people: complete.people,
        sums: complete.sums.clone(),
        products: (0..width).map(row).collect(),
    }
}

fn of_barrier(
    summary: &mut Summary,
    code: &str,
    associated: Option<&Associated>,
    sources: &Sources<'_>,
) {
    let safe = sources.safe;
    let Some(root) = root_of(safe).and_then(|at| safe.orgs().get(at)) else { return };
    let scored = safe.survey().items().filter(|item| item.scale().is_some());
    let shown: Vec<_> = scored
        .zip(&root.items)
        .filter(|(item, _)| item.scale().is_some_and(|scale| scale.direction == Direction::Barrier))
        .filter_map(|(item, cell)| Some((item.code.as_str(), cell.shown()?)))
        .collect();
    let Some((_, own)) = shown.iter().find(|(barrier, _)| *barrier == code) else { return };
    let mut ordered: Vec<Severity<'_>> =
        shown.iter().map(|(code, cell)| Severity::of(code, &cell.answers)).collect();
    order(&mut ordered);
    let place = ordered.iter().position(|barrier| barrier.code == code);
    put(summary, Stat::SeverityOrder, place.map(|place| whole(place as u64 + 1)));
    if let Some(bar) = pareto(&ordered).into_iter().find(|bar| bar.code == code) {
        summary.extend([
            (Stat::Major, whole(bar.major)),
            (Stat::MajorShare, bar.share),
            (Stat::MajorRunning, bar.running),
        ]);
    }
    let Some(Associated { association, q }) = associated else { return };
    let Association { rho, interval, p, tau_b, .. } = *association;
    let found = priority(own.mean.mean, rho, interval, *q, sources.thresholds);
    summary.extend([
        (Stat::Rho, rho),
        (Stat::RhoLo, interval.lo),
        (Stat::RhoHi, interval.hi),
        (Stat::RhoP, p),
        (Stat::RhoQ, *q),
        (Stat::TauB, tau_b),
        (Stat::Priority, found.value),
        (Stat::PriorityLo, found.interval.lo),
        (Stat::PriorityHi, found.interval.hi),
        (Stat::PrioritySupported, if found.supported { 1.0 } else { 0.0 }),
    ]);
}
