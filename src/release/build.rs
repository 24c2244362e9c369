//! From what may be shown to what is published: figures are rounded, and only
//! here.

use super::{
    About, Cell, Choice, Figure, Figures, Measure, MeasureKind, Member, Org, Range, Settings, Share,
};
use crate::definition::{Counts, Direction, Index, Item, Scale, Survey, Tokens, fill};
use crate::disclosure::{IndexFigures, ItemFigures, SafeOrg, SafeTable};
use crate::statistics::{Interval, ShareEstimate};

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

pub(super) fn settings(safe: &SafeTable) -> Settings {
    let rule = safe.rule().settings();
    Settings {
        k: rule.k,
        coalition: rule.coalition,
        width: rule.width,
        min_groups: rule.min_groups,
        min_weight: Figure::nearest(rule.min_weight),
        confidence: Figure::nearest(safe.confidence().level()),
    }
}

pub(super) fn org(safe: &SafeOrg) -> Org {
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

/// Scored items in screen order, then the indexes: the order of a safe table.
/// Their texts have the tokens filled with words that suit every lead.
pub(super) fn measures(safe: &SafeTable, about: &About) -> Vec<Measure> {
    let (survey, rule) = (safe.survey(), safe.rule().settings());
    let tokens = Tokens::for_everybody(&about.fin_year, rule.k, rule.min_groups);
    let scored = survey.items().filter_map(|item| item.scale().map(|scale| (item, scale)));
    let items = scored.map(|(item, scale)| of_item(&item, scale));
    let indexes = survey.indexes.iter().map(|index| of_index(survey, index));
    items.chain(indexes).map(|measure| filled(measure, &tokens)).collect()
}

fn filled(mut measure: Measure, tokens: &Tokens) -> Measure {
    let texts = [&mut measure.label, &mut measure.stem, &mut measure.section];
    let labels = measure.options.iter_mut().map(|option| &mut option.label);
    for text in texts.into_iter().chain(labels) {
        *text = fill(text, tokens);
    }
    measure
}

fn of_item(item: &Item<'_>, scale: &Scale) -> Measure {
    let severity = scale.direction == Direction::Barrier;
    Measure {
        code: item.code.to_string(),
        kind: if severity { MeasureKind::Barrier } else { MeasureKind::Item },
        severity,
        label: item.wording.to_owned(),
        stem: item.stem.unwrap_or_default().to_owned(),
        section: item.section.title.clone(),
        options: scale
            .options
            .iter()
            .map(|option| {
                let (score, counted, unfavourable) = match option.counts {
                    Counts::Scored { score, favourable, unfavourable } => {
                        (Some(score), favourable, unfavourable)
                    }
                    Counts::Plain
                    | Counts::Band { .. }
                    | Counts::DontKnow
                    | Counts::NotApplicable => (None, false, false),
                };
                let (value, label) = (option.value, option.label.clone());
                Choice { value, label, score, counted, unfavourable }
            })
            .collect(),
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

/// The cells of a node, in the order of the measures.
pub(super) fn cells(org: &SafeOrg, measures: &[Measure]) -> Vec<Cell> {
    let items = org.items.iter().map(|cell| (cell.status(), cell.shown().map(item_figures)));
    let indexes = org.indexes.iter().map(|cell| (cell.status(), cell.shown().map(index_figures)));
    items
        .chain(indexes)
        .zip(measures)
        .map(|((status, figures), measure)| Cell {
            org: org.node.code.clone(),
            measure: measure.code.clone(),
            status,
            figures,
        })
        .collect()
}

fn item_figures(cell: &ItemFigures) -> Figures {
    Figures {
        n: cell.n,
        n_q: cell.population,
        mean: Figure::nearest(cell.mean.mean),
        sd: cell.mean.sd.map(Figure::nearest),
        se: None,
        bounds: range(cell.mean.bounds),
        reply: range(cell.mean.reply),
        process: cell.mean.process.map(range),
        share: Some(share(&cell.share)),
        used: Vec::new(),
        counts: cell.counts.clone(),
    }
}

/// Index and bounds are functions of published means. The standard error comes
/// from whole replies and is published to one place only, and so are the ends
/// of the intervals made with it.
///
/// Source: methods.md 9.7.
fn index_figures(cell: &IndexFigures) -> Figures {
    let tenths = |interval: Interval| Range {
        lo: Figure::nearest_tenth(interval.lo),
        hi: Figure::nearest_tenth(interval.hi),
    };
    Figures {
        n: cell.estimate.people,
        n_q: cell.invited,
        mean: Figure::nearest(cell.estimate.index),
        sd: None,
        se: cell.estimate.se.map(Figure::nearest_tenth),
        bounds: range(cell.estimate.bounds),
        reply: tenths(cell.estimate.reply),
        process: cell.estimate.process.map(tenths),
        share: None,
        used: cell.used.clone(),
        counts: Vec::new(),
    }
}

fn share(estimate: &ShareEstimate) -> Share {
    Share {
        percent: Figure::nearest(estimate.percent),
        bounds: range(estimate.bounds),
        reply: range(estimate.reply),
        process: range(estimate.process),
    }
}

fn range(interval: Interval) -> Range {
    Range { lo: Figure::nearest(interval.lo), hi: Figure::nearest(interval.hi) }
}
