//! From what may be shown to what is published, not rounded yet.

use std::collections::BTreeMap;

use super::{
    About, Beside, Cell, Change, Choice, ChoiceTable, ChosenOption, Contents, Figure, Figures,
    Measure, MeasureKind, Member, Org, Range, Score, Settings, Share, ShareRanges, Standing,
};
use crate::benchmark::{Benchmark, MeasureFigures, Moved, OrgFigures, ScoreFigures};
use crate::definition::{
    AnswerOption, Counts, Direction, Index, Item, ItemAnswer, Survey, Tokens, fill,
};
use crate::disclosure::{ChoiceFigures, SafeOrg, SafeTable, Status};
use crate::statistics::{self, Interval, Limit, Placed, ShareEstimate};

/// The code of the response rate among the measures.
const RESPONSE: &str = "RESPONSE";

/// Why a release cannot be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// The table is of another wave than the text about it.
    #[error("the table is of another wave than the release")]
    OtherWave,
    /// The table is of another survey than the text about it.
    #[error("the table is of another survey than the release")]
    OtherSurvey,
}

pub(super) fn check(safe: &SafeTable, about: &About) -> Result<(), BuildError> {
    if safe.wave() != &about.wave {
        return Err(BuildError::OtherWave);
    }
    let survey = safe.survey();
    if survey.code != about.survey || survey.fingerprint.to_string() != about.fingerprint {
        return Err(BuildError::OtherSurvey);
    }
    Ok(())
}

/// Everything that may be published, unrounded.
pub(super) fn contents(safe: &SafeTable, benchmark: &Benchmark, about: About) -> Contents<f64> {
    let nodes: Vec<Org> = safe.orgs().iter().map(org).collect();
    let measures = measures(safe, benchmark, &about);
    let mut cells = BTreeMap::new();
    for (measure, figures) in measures.iter().zip(&benchmark.measures) {
        for ((org, status), of) in safe.statuses(&measure.code).zip(&figures.orgs) {
            let (org, measure) = (org.clone(), measure.code.clone());
            let figures = figures_of(of);
            let cell = Cell { org: org.clone(), measure: measure.clone(), status, figures };
            cells.insert((org, measure), cell);
        }
    }
    for org in &nodes {
        let cell = rate(org);
        cells.insert((cell.org.clone(), cell.measure.clone()), cell);
    }
    let root_figures = benchmark
        .measures
        .iter()
        .filter(|measure| !measure.summary.is_empty())
        .map(|measure| (measure.measured.code.clone(), measure.summary.clone()))
        .collect();
    Contents {
        settings: settings(safe, benchmark),
        choices: choices(safe, &about),
        about,
        nodes,
        measures,
        cells,
        root_figures,
    }
}

fn settings(safe: &SafeTable, benchmark: &Benchmark) -> Settings {
    let (rule, thresholds) = (safe.rule().settings(), benchmark.thresholds);
    #[expect(clippy::cast_precision_loss, reason = "at most a hundred million")]
    let limit = |limit: Limit| Figure::nearest(limit.millionths() as f64 / 1e6);
    Settings {
        k: rule.k,
        coalition: rule.coalition,
        width: rule.width,
        min_groups: rule.min_groups,
        min_weight: Figure::nearest(rule.min_weight),
        n_microdata: rule.n_microdata,
        confidence: Figure::nearest(safe.confidence().level()),
        fdr: Figure::nearest(thresholds.fdr()),
        material_delta: limit(thresholds.material_delta()),
        material_change: limit(thresholds.material_change()),
        gap_margin: limit(thresholds.gap_margin()),
    }
}

fn org(safe: &SafeOrg) -> Org {
    Org {
        code: safe.node.code.clone(),
        name: safe.node.name.clone(),
        level: safe.node.level,
        parent: safe.node.parent.clone(),
        invited: safe.invited,
        responded: safe.responded,
        groups: safe.groups,
    }
}

/// The measures in the benchmark's order, then the response rate. Their texts
/// have the tokens filled with words that suit every lead.
fn measures(safe: &SafeTable, benchmark: &Benchmark, about: &About) -> Vec<Measure> {
    let survey = safe.survey();
    let tokens = tokens(safe, about);
    let of = |measure: &MeasureFigures| {
        let code = &measure.measured.code;
        let index = || survey.indexes.iter().find(|index| index.code.as_str() == code);
        match survey.items().find(|item| item.code.as_str() == code) {
            Some(item) => of_item(&item),
            None => index().map_or_else(|| overall(code), |index| of_index(survey, index)),
        }
    };
    let all = benchmark.measures.iter().map(of).chain([response_rate()]);
    all.map(|measure| filled(measure, &tokens)).collect()
}

fn tokens(safe: &SafeTable, about: &About) -> Tokens {
    let rule = safe.rule().settings();
    Tokens::for_everybody(&about.fin_year, rule.k, rule.min_groups)
}

fn overall(code: &str) -> Measure {
    Measure {
        code: code.to_owned(),
        kind: MeasureKind::Overall,
        severity: false,
        label: "Overall progress".to_owned(),
        stem: "The mean of all progress indexes".to_owned(),
        section: String::new(),
        options: Vec::new(),
        members: Vec::new(),
    }
}

fn response_rate() -> Measure {
    Measure {
        code: RESPONSE.to_owned(),
        kind: MeasureKind::Rate,
        severity: false,
        label: "Response rate".to_owned(),
        stem: "Invited people who responded, in percent".to_owned(),
        section: String::new(),
        options: Vec::new(),
        members: Vec::new(),
    }
}

/// Participation is no answer; only fewer than k are not told exactly.
fn rate(org: &Org) -> Cell<f64> {
    let figures = org.responded.zip(response_percent(org)).map(|(responded, percent)| Figures {
        n: responded,
        n_q: org.invited,
        score: None,
        share: Some(Share { percent, unsure: None }),
        used: Vec::new(),
        counts: Vec::new(),
        beside: None,
        standing: None,
        change: None,
    });
    let status = match (&figures, org.invited) {
        (Some(_), _) => Status::Shown,
        (None, 0) => Status::Empty,
        (None, _) => Status::Hidden,
    };
    Cell { org: org.code.clone(), measure: RESPONSE.to_owned(), status, figures }
}

fn response_percent(org: &Org) -> Option<f64> {
    statistics::response_rate(org.responded?, org.invited)
}

/// Choices without order, of the root alone.
fn choices(safe: &SafeTable, about: &About) -> Vec<ChoiceTable> {
    let (survey, tokens) = (safe.survey(), tokens(safe, about));
    let table = |figures: &ChoiceFigures| {
        let item = survey.item(&figures.item)?;
        let options: &[AnswerOption] = match item.answer {
            ItemAnswer::Several(choices) => &choices.options,
            _ => item.options().unwrap_or_default(),
        };
        let label = |value: u16| {
            let option = options.iter().find(|option| option.value == value);
            option.map(|option| fill(&option.label, &tokens)).unwrap_or_default()
        };
        let option = |(value, people): &(u16, u64)| ChosenOption {
            value: *value,
            label: label(*value),
            people: *people,
        };
        Some(ChoiceTable {
            item: figures.item.clone(),
            label: fill(item.wording, &tokens),
            section: fill(&item.section.title, &tokens),
            several: matches!(item.answer, ItemAnswer::Several(_)),
            options: figures.options.iter().map(option).collect(),
            others: figures.others,
            n: figures.n,
        })
    };
    safe.root().choices.iter().filter_map(table).collect()
}

fn filled(mut measure: Measure, tokens: &Tokens) -> Measure {
    let texts = [&mut measure.label, &mut measure.stem, &mut measure.section];
    let labels = measure.options.iter_mut().map(|option| &mut option.label);
    for text in texts.into_iter().chain(labels) {
        *text = fill(text, tokens);
    }
    measure
}

fn of_item(item: &Item<'_>) -> Measure {
    let severity = item.scale().is_some_and(|scale| scale.direction == Direction::Barrier);
    let kind = match item.answer {
        ItemAnswer::Number(_) => MeasureKind::Number,
        _ if severity => MeasureKind::Barrier,
        _ => MeasureKind::Item,
    };
    let option = |option: &AnswerOption| {
        let (score, counted, unfavourable) = match option.counts {
            Counts::Scored { score, favourable, unfavourable } => {
                (Some(score), favourable, unfavourable)
            }
            Counts::Band { favourable } => (None, favourable, false),
            Counts::Plain | Counts::DontKnow | Counts::NotApplicable => (None, false, false),
        };
        let (value, label) = (option.value, option.label.clone());
        let outside = option.counts == Counts::NotApplicable;
        Choice { value, label, score, counted, outside, unfavourable }
    };
    Measure {
        code: item.code.to_string(),
        kind,
        severity,
        label: item.wording.to_owned(),
        stem: item.stem.unwrap_or_default().to_owned(),
        section: item.section.title.clone(),
        options: item.options().unwrap_or_default().iter().map(option).collect(),
        members: Vec::new(),
    }
}

fn of_index(survey: &Survey, index: &Index) -> Measure {
    let barrier = |code| {
        survey
            .item(code)
            .and_then(|item| item.scale())
            .is_some_and(|scale| scale.direction == Direction::Barrier)
    };
    Measure {
        code: index.code.to_string(),
        kind: MeasureKind::Index,
        severity: index.items.iter().any(|(code, _)| barrier(code)),
        label: index.label.clone(),
        stem: index.about.clone(),
        section: String::new(),
        options: Vec::new(),
        members: index
            .items
            .iter()
            .map(|(item, weight)| Member { item: item.clone(), weight: *weight })
            .collect(),
    }
}

fn figures_of(of: &OrgFigures) -> Option<Figures<f64>> {
    let own = of.figures.as_ref()?;
    Some(Figures {
        n: own.n,
        n_q: own.population,
        score: own.score.as_ref().map(score),
        share: own.share.as_ref().map(share),
        used: own.used.clone(),
        counts: own.counts.clone(),
        beside: of.placed.as_ref().map(beside),
        standing: of.standing.as_ref().map(standing),
        change: of.moved.as_ref().map(change),
    })
}

fn score(own: &ScoreFigures) -> Score<f64> {
    let ScoreFigures { mean, sd, se, bounds, reply, process } = *own;
    let (bounds, reply, process) = (range(bounds), range(reply), process.map(range));
    Score { mean, sd, se, bounds, reply, process }
}

fn share(estimate: &ShareEstimate) -> Share<f64> {
    let ShareEstimate { percent, bounds, reply, process } = *estimate;
    let (bounds, reply, process) = (range(bounds), range(reply), range(process));
    Share { percent, unsure: Some(ShareRanges { bounds, reply, process }) }
}

fn beside(placed: &Placed) -> Beside<f64> {
    let Placed { comparison, q, band } = placed;
    Beside {
        delta: comparison.delta.value(),
        interval: comparison.delta.interval.map(range),
        p: comparison.p,
        q: *q,
        band: *band,
        effect: comparison.delta.effect(),
    }
}

fn standing(of: &statistics::Standing) -> Standing<f64> {
    Standing {
        rank: of.rank,
        rank_lo: of.pairwise.lo,
        rank_hi: of.pairwise.hi,
        sim_rank_lo: of.simulated.range.lo,
        sim_rank_hi: of.simulated.range.hi,
        top_quarter: of.simulated.drawn.map(|drawn| drawn.top_quarter),
        bottom_quarter: of.simulated.drawn.map(|drawn| drawn.bottom_quarter),
        eb: of.shrunken.score,
        eb_se: of.shrunken.se,
    }
}

fn change(moved: &Moved) -> Change<f64> {
    Change {
        from: moved.from.clone(),
        difference: moved.difference,
        interval: moved.interval.map(range),
        p: moved.p,
        q: moved.q,
        label: moved.label,
    }
}

fn range(interval: Interval) -> Range<f64> {
    Range { lo: interval.lo, hi: interval.hi }
}
