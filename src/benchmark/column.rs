//! One measure, whatever kind it is of: a cell per node, with what comparisons
//! need of it.

use std::collections::BTreeMap;

use crate::definition::{Direction, Fingerprint, Index, Item, ItemAnswer};
use crate::disclosure::{
    IndexFigures, ItemFigures, NumberFigures, OverallFigures, Protected, SafeOrg, SafeTable,
};
use crate::id::{IndexCode, ItemCode};
use crate::statistics::{
    Answers, Domain, Histogram, IndexEstimate, Interval, MeanEstimate, Pair, Part, PctScore,
    Sample, ShareEstimate, against_rest, exact_index, exact_overall, overall_estimate,
};
use crate::tabulation::IndexValue;

/// What a measure measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A question with scores.
    Item,
    /// A question answered with a number, counted in bands.
    Number,
    /// A weighted mean of questions.
    Index,
    /// The mean of all progress indexes.
    Overall,
}

/// A measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// The item's or the index's code; `OVERALL` for the overall index.
    pub code: String,
    /// What it measures.
    pub kind: Kind,
    /// Whether a high score is good or severe.
    pub direction: Direction,
}

/// The code of the overall index.
pub(super) const OVERALL: &str = "OVERALL";

/// The figures of a node by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// Valid answers; for an index, people with an answer to any item used.
    pub n: u64,
    /// Invited people whom it concerns.
    pub population: u64,
    /// The mean score or the index; none for a number.
    pub score: Option<ScoreFigures>,
    /// The share of favourable (major) answers, or of numbers in favourable
    /// bands; none for an index, or if no answer is called so.
    pub share: Option<ShareEstimate>,
    /// The items that an index uses, in its order; none for a question.
    pub used: Vec<ItemCode>,
    /// Answers per option in screen order; none for an index or a number.
    pub counts: Vec<u64>,
}

/// A score with what is not known about it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoreFigures {
    /// The score, in points.
    pub mean: f64,
    /// The standard deviation; none for an index or one answer.
    pub sd: Option<f64>,
    /// The standard error of an index; none for a question or one person.
    pub se: Option<f64>,
    /// Where the score must lie whatever the others would have said.
    pub bounds: Interval,
    /// Where it would lie, had all invited people answered.
    pub reply: Interval,
    /// For comparisons.
    pub process: Option<Interval>,
}

/// What a comparison sees of a cell.
#[derive(Debug, Clone, Copy)]
pub(super) enum People<'a> {
    /// By score.
    Answers(&'a Histogram),
    /// By their own index.
    Values(&'a BTreeMap<IndexValue, u64>),
    /// Not at all: numbers have no scores.
    None,
}

/// A shown cell.
pub(super) struct Seen<'a> {
    pub(super) figures: Figures,
    pub(super) people: People<'a>,
    /// The score as the comparison with another wave needs it.
    pub(super) sample: Option<Sample>,
    /// What must be the same in both waves.
    pub(super) made_of: Vec<(IndexCode, ItemCode, u32)>,
}

/// A measure with its cells per node; none where nothing is shown.
pub(super) struct Column<'a> {
    pub(super) measured: Measured,
    /// The identity of its questions, in order.
    line: Vec<Fingerprint>,
    pub(super) cells: Vec<Option<Seen<'a>>>,
}

impl Column<'_> {
    /// Whether this measure goes on from an earlier wave's: the same questions
    /// put in the same way. (What an index is made of is asked of each node.)
    pub(super) fn continues(&self, earlier: &Self) -> bool {
        self.measured == earlier.measured && self.line == earlier.line
    }

    pub(super) fn answers(&self) -> Answers {
        match self.measured.kind {
            Kind::Item | Kind::Number => Answers::Item,
            Kind::Index | Kind::Overall => Answers::Index,
        }
    }
}

impl People<'_> {
    /// These people beside the rest of the whole.
    pub(super) fn against_rest_of(self, whole: Self) -> Option<Pair> {
        match (self, whole) {
            (Self::Answers(part), People::Answers(whole)) => against_rest(part, whole),
            (Self::Values(part), People::Values(whole)) => {
                let mut rest = whole.clone();
                for (value, people) in part {
                    let all = rest.get_mut(value)?;
                    *all = all.checked_sub(*people)?;
                }
                Pair::new(part.iter().map(|(value, people)| (*value, *people)), rest)
            }
            _ => None,
        }
    }
}

impl Seen<'_> {
    /// The score as summaries over PCTs need it.
    pub(super) fn pct_score(&self) -> Option<PctScore> {
        let score = self.figures.score?;
        #[expect(clippy::cast_precision_loss, reason = "counts of people")]
        let n = self.figures.n as f64;
        let variance = score.sd.map(|sd| sd * sd).or_else(|| score.se.map(|se| n * se * se));
        Some(PctScore { score: score.mean, n: self.figures.n, variance })
    }
}

/// Every measure of a safe table.
pub(super) fn columns(safe: &SafeTable) -> Vec<Column<'_>> {
    let survey = safe.survey();
    let mode = survey.mode;
    let mut columns = Vec::new();
    let (mut scored, mut numbers) = (0, 0);
    for item in survey.items() {
        let line = vec![Fingerprint::of_item(&item, mode)];
        let measured =
            |kind| Measured { code: item.code.to_string(), kind, direction: good(&item) };
        if let Some(cells) =
            item.scale().map(|_| per_org(safe, |org| org.items.get(scored), of_item))
        {
            columns.push(Column { measured: measured(Kind::Item), line, cells });
            scored += 1;
        } else if matches!(item.answer, ItemAnswer::Number(_)) {
            let cells = per_org(safe, |org| org.numbers.get(numbers), of_number);
            columns.push(Column { measured: measured(Kind::Number), line, cells });
            numbers += 1;
        }
    }
    let line = |index: &Index| -> Vec<Fingerprint> {
        let items = index.items.iter().filter_map(|(code, _)| survey.item(code));
        items.map(|item| Fingerprint::of_item(&item, mode)).collect()
    };
    for (place, index) in survey.indexes.iter().enumerate() {
        let orgs = safe.orgs().iter();
        let cells = orgs.map(|org| of_index(safe, org, index, org.indexes.get(place)?.shown()?));
        columns.push(Column {
            measured: Measured {
                code: index.code.to_string(),
                kind: Kind::Index,
                direction: direction(safe, index),
            },
            line: line(index),
            cells: cells.collect(),
        });
    }
    if safe.orgs().iter().any(|org| org.overall.is_some()) {
        let progress = survey.indexes.iter().filter(|i| direction(safe, i) == Direction::Progress);
        let orgs = safe.orgs().iter();
        let cells = orgs.map(|org| of_overall(safe, org.overall.as_ref()?.shown()?));
        columns.push(Column {
            measured: Measured {
                code: OVERALL.to_owned(),
                kind: Kind::Overall,
                direction: Direction::Progress,
            },
            line: progress.flat_map(line).collect(),
            cells: cells.collect(),
        });
    }
    columns
}

fn per_org<'a, T>(
    safe: &'a SafeTable,
    cell: impl Fn(&'a SafeOrg) -> Option<&'a Protected<T>>,
    seen: impl Fn(&'a T) -> Seen<'a>,
) -> Vec<Option<Seen<'a>>>
where
    T: 'a,
{
    safe.orgs().iter().map(|org| cell(org)?.shown().map(&seen)).collect()
}

fn good(item: &Item<'_>) -> Direction {
    item.scale().map_or(Direction::Progress, |scale| scale.direction)
}

/// An index with a barrier in it is one of barriers.
fn direction(safe: &SafeTable, index: &Index) -> Direction {
    let items = index.items.iter().filter_map(|(code, _)| safe.survey().item(code));
    let mut directions = items.map(|item| good(&item));
    let severe = directions.any(|direction| direction == Direction::Barrier);
    if severe { Direction::Barrier } else { Direction::Progress }
}

fn of_item(cell: &ItemFigures) -> Seen<'_> {
    let MeanEstimate { mean, sd, bounds, reply, process, .. } = cell.mean;
    Seen {
        figures: Figures {
            n: cell.n,
            population: cell.population,
            score: Some(ScoreFigures { mean, sd, se: None, bounds, reply, process }),
            share: Some(cell.share),
            used: Vec::new(),
            counts: cell.counts.clone(),
        },
        people: People::Answers(&cell.answers),
        sample: Some(Sample::of_mean(&cell.mean)),
        made_of: Vec::new(),
    }
}

fn of_number(cell: &NumberFigures) -> Seen<'_> {
    Seen {
        figures: Figures {
            n: cell.n,
            population: cell.population,
            score: None,
            share: cell.share,
            used: Vec::new(),
            counts: Vec::new(),
        },
        people: People::None,
        sample: None,
        made_of: Vec::new(),
    }
}

fn of_index<'a>(
    safe: &'a SafeTable,
    org: &'a SafeOrg,
    index: &Index,
    cell: &'a IndexFigures,
) -> Option<Seen<'a>> {
    let weighed = |code: &ItemCode| index.items.iter().find(|(own, _)| own == code);
    let used: Option<Vec<(ItemCode, u32)>> =
        cell.used.iter().map(|code| weighed(code).cloned()).collect();
    let used = used?;
    let parts: Option<Vec<Part>> = used
        .iter()
        .map(|(code, weight)| {
            let mean = shown_mean(safe, org, code)?;
            Some(Part { place: 0, weight: *weight, mean })
        })
        .collect();
    Some(Seen {
        figures: index_figures(&cell.estimate, cell.invited, cell.used.clone()),
        people: People::Values(&cell.values),
        sample: Some(Sample::of_index(&cell.estimate, exact_index(&parts?)?)),
        made_of: used.into_iter().map(|(item, w)| (index.code.clone(), item, w)).collect(),
    })
}

fn shown_mean(safe: &SafeTable, org: &SafeOrg, code: &ItemCode) -> Option<MeanEstimate> {
    let mut scored = safe.survey().items().filter(|item| item.scale().is_some());
    let place = scored.position(|item| item.code == code)?;
    Some(org.items.get(place)?.shown()?.mean)
}

fn of_overall<'a>(safe: &'a SafeTable, cell: &'a OverallFigures) -> Option<Seen<'a>> {
    let domain = |parts: &[(Part, ItemCode)]| Domain {
        weight: 1,
        parts: parts.iter().map(|(part, _)| *part).collect(),
    };
    let domains: Vec<Domain> = cell.domains.iter().map(|(_, parts)| domain(parts)).collect();
    let estimate = overall_estimate(&cell.counts, &domains, cell.invited, safe.confidence())?;
    let weighed = |(index, parts): &(IndexCode, Vec<(Part, ItemCode)>)| {
        let items = parts.iter();
        let one = |(part, item): &(Part, ItemCode)| (index.clone(), item.clone(), part.weight);
        items.map(one).collect::<Vec<_>>()
    };
    let made_of: Vec<_> = cell.domains.iter().flat_map(weighed).collect();
    let used = made_of.iter().map(|(_, item, _)| item.clone()).collect();
    Some(Seen {
        figures: index_figures(&estimate, cell.invited, used),
        people: People::Values(cell.counts.values()),
        sample: Some(Sample::of_index(&estimate, exact_overall(&domains)?)),
        made_of,
    })
}

fn index_figures(estimate: &IndexEstimate, invited: u64, used: Vec<ItemCode>) -> Figures {
    let IndexEstimate { people, index, se, bounds, reply, process } = *estimate;
    Figures {
        n: people,
        population: invited,
        score: Some(ScoreFigures { mean: index, sd: None, se, bounds, reply, process }),
        share: None,
        used,
        counts: Vec::new(),
    }
}
