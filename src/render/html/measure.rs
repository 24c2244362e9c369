//! `/results/{wave}/measure/{code}`: one question or index, every PCT.

use super::{Around, Eyes, trends, words};
use crate::pages::{Link, MeasurePage, MeasureUnitRow, OptionRow, SpreadRow};
use crate::release::{Choice, Figure, Measure, MeasureKind, Org, Release, print};
use crate::render::chart;
use crate::render::seen::{by_score, seen};

/// The page of a measure; none if the release has none of this code.
#[must_use]
pub fn measure(release: &Release, code: &str, around: &Around<'_>) -> Option<MeasurePage> {
    let measure = release.measure(code).filter(|measure| has_page(measure))?;
    let root = release.root()?;
    let heading = measure.label.clone();
    let (shown, hidden) = by_score(release, code);
    let leaves = || shown.iter().map(|(org, _)| *org).chain(hidden.iter().copied());
    let cells = leaves().filter_map(|org| release.cell(&org.code, code));
    let share_head = match measure.kind {
        MeasureKind::Item => "Favourable",
        MeasureKind::Barrier => "Major",
        MeasureKind::Index | MeasureKind::Overall | MeasureKind::Number | MeasureKind::Rate => "",
    };
    let members = measure.members.iter().filter_map(|member| release.measure(member.item.as_str()));
    let units: Vec<MeasureUnitRow> =
        leaves().map(|org| unit_row(release, around, org, measure)).collect();
    let spread = chart::distributions(release, measure);
    let ranked = units.iter().any(|unit| unit.rank.is_some());
    let since = words::since(release);
    // Answers, score, interval and band; then what there is besides.
    let more = [!share_head.is_empty(), ranked, ranked, since.is_some()];
    let columns = 4 + more.into_iter().filter(|there| *there).count();
    Some(MeasurePage {
        layout: words::layout(release, around.frame, &heading).trail(words::trail(release, around)),
        heading,
        stem: measure.stem.clone(),
        code: measure.code.clone(),
        kind: kind(measure),
        direction: direction(measure).to_owned(),
        wave: release.about().wave_title.clone(),
        since,
        options: options(release, root, measure),
        share_head: share_head.to_owned(),
        members: members
            .map(|item| {
                let label = item.label.clone();
                Link::new(label, words::measure_href(release, &item.code))
            })
            .collect(),
        caterpillar: chart::caterpillar(release, measure).as_ref().map(words::chart_view),
        ranked,
        columns,
        units,
        total: unit_row(release, around, root, measure),
        hidden: words::hidden(cells, "PCTs"),
        funnel: chart::funnel(release, measure)
            .filter(|_| matches!(around.eyes, Eyes::Sha | Eyes::Office))
            .as_ref()
            .map(words::chart_view),
        spread_heads: spread
            .iter()
            .flat_map(|_| scored(measure))
            .map(|(_, option)| option.label.clone())
            .collect(),
        spread_rows: if spread.is_some() {
            spread_rows(release, root, measure)
        } else {
            Vec::new()
        },
        spread: spread.as_ref().map(words::chart_view),
        trend: trends::trend(&around.waves(release), root, measure),
        download: Link::new(
            format!("{}-{code}.csv", release.about().wave),
            format!("{}/figures.csv", words::measure_href(release, code)),
        ),
    })
}

/// The options with a score and their places.
fn scored(measure: &Measure) -> impl Iterator<Item = (usize, &Choice)> {
    measure.options.iter().enumerate().filter(|(_, option)| option.score.is_some())
}

fn spread_rows(release: &Release, root: &Org, measure: &Measure) -> Vec<SpreadRow> {
    let of_root = seen(release.cell(&root.code, &measure.code)).map(|own| (root, own));
    let (shown, _) = by_score(release, &measure.code);
    let row = |(org, own): (&Org, crate::render::seen::Seen<'_>)| SpreadRow {
        name: org.name.clone(),
        counts: scored(measure)
            .map(|(place, _)| own.figures.counts.get(place).copied().unwrap_or(0))
            .collect(),
        n: own.figures.n,
    };
    of_root.into_iter().chain(shown).map(row).collect()
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
    let shown = seen(release.cell(&root.code, &measure.code));
    let row = |(place, option): (usize, &Choice)| {
        let count = shown
            .filter(|_| option.score.is_some())
            .and_then(|own| Some((*own.figures.counts.get(place)?, own.figures.n)));
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

fn unit_row(
    release: &Release,
    around: &Around<'_>,
    org: &Org,
    measure: &Measure,
) -> MeasureUnitRow {
    let code = measure.code.as_str();
    let cell = release.cell(&org.code, code);
    let shown = seen(cell);
    let (mark, said) = words::mark(cell);
    let figure = |column: &str, text: String| words::figure(org, code, column, text);
    let standing = shown.and_then(|own| own.figures.standing);
    let beside = shown.and_then(|own| own.figures.beside);
    MeasureUnitRow {
        name: org.name.clone(),
        href: around.href(release, org),
        score: shown.as_ref().map(|own| words::score(org, measure, own)),
        mark,
        said,
        band: words::band(measure, shown.as_ref()),
        delta: beside.map(|beside| figure("delta", two(beside.delta))),
        rank: standing.map(|of| figure("rank", of.rank.to_string())),
        rank_lo: standing.map(|of| figure("sim_rank_lo", of.sim_rank_lo.to_string())),
        rank_hi: standing.map(|of| figure("sim_rank_hi", of.sim_rank_hi.to_string())),
        eb: standing.map(|of| figure("eb", print::one(of.eb))),
        change: shown.as_ref().map(chart::change_words).unwrap_or_default(),
    }
}

/// Two decimal places, as a delta has them.
///
/// Source: methods.md 9.7.
fn two(figure: Figure) -> String {
    let hundredths = figure.units(2);
    let sign = if hundredths < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", hundredths.abs() / 100, hundredths.abs() % 100)
}
