//! `/results/{wave}/measure/{code}`: one question or index, every PCT.

use super::words;
use crate::pages::{Frame, Link, MeasurePage, MeasureUnitRow, OptionRow};
use crate::release::{Choice, Measure, MeasureKind, Org, Release, print};
use crate::render::chart;

/// The page of a measure; none if the release has none of this code.
#[must_use]
pub fn measure(release: &Release, code: &str, frame: &Frame) -> Option<MeasurePage> {
    let measure = release.measure(code).filter(|measure| has_page(measure))?;
    let root = release.root()?;
    let heading = measure.label.clone();
    let mut leaves: Vec<&Org> = release.leaves().collect();
    let mean = |org: &Org| words::figures(release.cell(&org.code, code)).map(|f| f.mean);
    leaves.sort_by(|a, b| mean(b).cmp(&mean(a)).then_with(|| a.name.cmp(&b.name)));
    let cells = leaves.iter().filter_map(|org| release.cell(&org.code, code));
    let share_head = match measure.kind {
        MeasureKind::Item => "Favourable",
        MeasureKind::Barrier => "Major",
        MeasureKind::Index | MeasureKind::Overall | MeasureKind::Number | MeasureKind::Rate => "",
    };
    let members = measure.members.iter().filter_map(|member| release.measure(member.item.as_str()));
    Some(MeasurePage {
        layout: words::layout(release, frame, &heading).trail(words::trail(release)),
        heading,
        stem: measure.stem.clone(),
        code: measure.code.clone(),
        kind: kind(measure),
        direction: direction(measure).to_owned(),
        wave: release.about().wave_title.clone(),
        options: options(release, root, measure),
        share_head: share_head.to_owned(),
        members: members
            .map(|item| {
                let label = item.label.clone();
                Link::new(label, words::measure_href(release, &item.code))
            })
            .collect(),
        units: leaves.iter().map(|org| unit_row(release, org, root, code)).collect(),
        total: unit_row(release, root, root, code),
        hidden: words::hidden(cells, "PCTs"),
    })
}

/// Whether a measure has scores to show.
fn has_page(measure: &Measure) -> bool {
    measure.kind.is_question() || measure.kind.is_index()
}

fn kind(measure: &Measure) -> String {
    match (measure.kind, measure.members.len()) {
        (MeasureKind::Index, 1) => "Index of one question".to_owned(),
        (MeasureKind::Index, members) => format!("Index of {members} questions"),
        (MeasureKind::Item, _) => format!("Question in the section \"{}\"", measure.section),
        (MeasureKind::Barrier, _) => format!("Barrier in the section \"{}\"", measure.section),
        (MeasureKind::Overall | MeasureKind::Number | MeasureKind::Rate, _) => measure.stem.clone(),
    }
}

fn direction(measure: &Measure) -> &'static str {
    if measure.severity {
        "Scores run from 0 to 100, and 100 is the most severe. Major is the share of leads who chose one of the answers marked as counted."
    } else if measure.kind == MeasureKind::Index {
        "The index is the mean of the scores of its questions. It runs from 0 to 100, and 100 is best."
    } else {
        "Scores run from 0 to 100, and 100 is best. Favourable is the share of leads who chose one of the answers marked as counted."
    }
}

/// The options in screen order, with the region's answers if those are shown.
fn options(release: &Release, root: &Org, measure: &Measure) -> Vec<OptionRow> {
    let shown = words::figures(release.cell(&root.code, &measure.code));
    let row = |(place, option): (usize, &Choice)| {
        let count = shown
            .filter(|_| option.score.is_some())
            .and_then(|figures| Some((*figures.counts.get(place)?, figures.n)));
        OptionRow {
            label: option.label.clone(),
            score: option.score.map_or_else(|| "not scored".to_owned(), |score| score.to_string()),
            counted: option.counted,
            count: count.map(|(count, _)| count),
            percent: count.and_then(|(count, n)| Some(format!("{}%", print::percent(count, n)?))),
            class: option.score.map(|s| chart::shade(s, measure.severity)).unwrap_or_default(),
            width: count.map(|(count, n)| chart::share_width(count, n)),
        }
    };
    measure.options.iter().enumerate().map(row).collect()
}

fn unit_row(release: &Release, org: &Org, root: &Org, code: &str) -> MeasureUnitRow {
    let cell = release.cell(&org.code, code);
    let shown = words::figures(cell);
    let (mark, said) = words::mark(cell);
    let is_root = org.code == root.code;
    let of_region = words::figures(release.cell(&root.code, code)).map(|f| f.mean);
    MeasureUnitRow {
        name: org.name.clone(),
        href: if is_root { words::wave_href(release) } else { words::pct_href(release, org) },
        score: shown.map(words::score),
        mark,
        said,
        strip: shown.map(|f| {
            if is_root {
                chart::root_strip(f.mean, f.reply)
            } else {
                chart::strip(f.mean, f.reply, of_region)
            }
        }),
    }
}
