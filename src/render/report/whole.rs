//! The report about the whole: its PCTs side by side.

use report_pdf::{Block, Column, Row, Section, Table};

use super::{blocks, said, section, words};
use crate::pages::StocktakeColumn;
use crate::release::{Band, GapFlag, Measure, MeasureKind, Org, Release, Stat, print};
use crate::render::chart;
use crate::render::html::headline;

pub(super) fn sections(
    release: &Release,
    root: &Org,
    stocktake: Option<&StocktakeColumn>,
) -> Vec<Section> {
    let mut leaves: Vec<&Org> = release.leaves().collect();
    leaves.sort_by(|a, b| a.name.cmp(&b.name));
    let indexed = leaves
        .iter()
        .flat_map(|org| release.indexes().filter_map(|index| release.cell(&org.code, &index.code)));
    let mut glance = vec![Block::Lead(headline::of_region(release, root).join(" "))];
    glance.extend(said(words::caution(root)));
    glance.extend(blocks::indexes(release, root, None));
    let mut side = vec![Block::Text(
        "▲ better than the rest of the region, ▼ worse, both beyond chance and of some size; no sign: no reliable difference was found.".to_owned(),
    )];
    side.push(side_by_side(release, root, &leaves, stocktake));
    side.push(Block::Note(words::hidden(indexed)));
    let mut questions = Vec::new();
    for (title, items) in blocks::by_index(release) {
        questions.push(Block::Heading(title.to_owned()));
        questions.extend(blocks::questions(release, root, None, &items, "Favour-\nable, %"));
    }
    let claims = stocktake.and_then(|stocktake| claims(release, &leaves, stocktake));
    let scores = release.indexes().filter_map(|index| chart::caterpillar(release, index));
    vec![
        section("At a glance", glance),
        section("PCTs side by side", side),
        section("PCTs in order of score", scores.map(|svg| blocks::chart(&svg, 60))),
        section("Barriers", barriers(release, root)),
        section("Reported and experienced", claims),
        section("Questions", questions),
    ]
}

/// A score with the sign of its band.
fn signed(release: &Release, org: &Org, index: &Measure) -> String {
    let cell = release.cell(&org.code, &index.code);
    let band = words::figures(cell).and_then(|figures| figures.beside).map(|beside| beside.band);
    let sign = match (band, index.severity) {
        (Some(Band::Above), false) | (Some(Band::Below), true) => "▲ ",
        (Some(Band::Below), false) | (Some(Band::Above), true) => "▼ ",
        _ => "",
    };
    format!("{sign}{}", words::score(cell))
}

fn side_by_side(
    release: &Release,
    root: &Org,
    leaves: &[&Org],
    stocktake: Option<&StocktakeColumn>,
) -> Block {
    let mut columns = vec![blocks::wide("PCT", 2)];
    if stocktake.is_some() {
        columns.push(blocks::short("Stock-\ntake"));
    }
    columns.push(blocks::number("Answered"));
    let index = |index: &Measure| Column { share: 1, ..blocks::number(&index.label) };
    columns.extend(release.indexes().map(index));
    let row = |org: &&Org| {
        let mut row = vec![org.name.clone()];
        if let Some(stocktake) = stocktake {
            let unit = stocktake.units.get(org.code.as_str());
            row.push(unit.map(|unit| unit.light.word.clone()).unwrap_or_default());
        }
        let few = || format!("<{} of {}", release.settings().k, org.invited);
        row.push(org.responded.map_or_else(few, |count| format!("{count} of {}", org.invited)));
        row.extend(release.indexes().map(|index| signed(release, org, index)));
        row
    };
    let rows: Vec<Row> = leaves.iter().chain([&root]).map(row).map(Row::from).collect();
    // A region of some dozen PCTs fits a page, a nation does not.
    let together = rows.len() <= 25;
    Block::Table(Table { caption: String::new(), columns, rows, totals: 1, together })
}

/// Barriers with how strongly each goes with slow progress.
///
/// Source: methods.md 8.
fn barriers(release: &Release, root: &Org) -> Vec<Block> {
    let columns = vec![
        blocks::wide("Barrier, the most severe first", 1),
        blocks::number("Severity"),
        blocks::number("Interval"),
        blocks::number("Major, %"),
        blocks::number("n of N"),
        blocks::number("Priority"),
        blocks::number("Interval"),
    ];
    let row = |measure: &&Measure| {
        let cell = release.cell(&root.code, &measure.code);
        let shown = words::figures(cell);
        let stats = release.root_figures().get(&measure.code);
        let stat = |stat: Stat| stats.and_then(|stats| stats.get(&stat)).copied().map(print::one);
        let range = stat(Stat::PriorityLo).zip(stat(Stat::PriorityHi));
        let share = shown.and_then(|figures| figures.share);
        vec![
            measure.label.clone(),
            words::score(cell),
            shown.map(words::points).unwrap_or_default(),
            share.map(|share| print::whole(share.percent)).unwrap_or_default(),
            shown.map(|figures| format!("{} of {}", figures.n, figures.n_q)).unwrap_or_default(),
            stat(Stat::Priority).unwrap_or_default(),
            range.map(|(lo, hi)| format!("{lo} to {hi}")).unwrap_or_default(),
        ]
    };
    let measures = blocks::barriers(release, root);
    let Some(table) = blocks::table("", columns, measures.iter().map(row)) else {
        return Vec::new();
    };
    let note = "Priority: severity times how strongly a barrier goes with slow progress. That two things go together does not say that one causes the other.";
    let chart = chart::barriers(release, root).map(|svg| blocks::chart(&svg, 65));
    chart.into_iter().chain([table, Block::Note(note.to_owned())]).collect()
}

/// PCTs and milestones: what was said of each.
fn claims(release: &Release, leaves: &[&Org], stocktake: &StocktakeColumn) -> Option<Block> {
    let first = leaves.iter().find_map(|org| stocktake.units.get(org.code.as_str()))?;
    let asked = |item: &str| release.measure(item).is_some_and(|it| it.kind == MeasureKind::Item);
    let milestones: Vec<(&str, &str)> = first
        .claims
        .iter()
        .filter(|claim| asked(&claim.item))
        .map(|claim| (claim.label.as_str(), claim.item.as_str()))
        .collect();
    let mut columns = vec![blocks::wide("PCT", 2)];
    columns.extend(milestones.iter().map(|(label, _)| blocks::wide(*label, 2)));
    let cell = |org: &Org, item: &str| {
        let unit = stocktake.units.get(org.code.as_str());
        let claim = unit.and_then(|unit| unit.claims.iter().find(|claim| claim.item == item));
        let Some(claim) = claim else { return String::new() };
        match release.claimed(&org.code, item, claim.percent).flag {
            GapFlag::NotEnoughResponses => words::mark(release.cell(&org.code, item)).to_owned(),
            flag => flag.words().to_owned(),
        }
    };
    let row = |org: &&Org| {
        let mut row = vec![org.name.clone()];
        row.extend(milestones.iter().map(|(_, item)| cell(org, item)));
        row
    };
    let caption = format!(
        "What PCTs reported in the stocktake of {} beside what their leads experience",
        stocktake.date
    );
    let rows = leaves.iter().map(row);
    if milestones.is_empty() { None } else { blocks::table(&caption, columns, rows) }
}
