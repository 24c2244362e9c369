//! The report about one PCT.

use report_pdf::{Block, Section};

use super::{blocks, said, section, words};
use crate::pages::StocktakeColumn;
use crate::release::{Measure, Org, Release, Status};
use crate::render::chart;
use crate::render::html::{act, headline};

pub(super) fn sections(
    release: &Release,
    org: &Org,
    stocktake: Option<&StocktakeColumn>,
) -> Vec<Section> {
    let root = release.root();
    let measures = || release.items().chain(release.indexes());
    let cells = || measures().filter_map(|measure| release.cell(&org.code, &measure.code));
    let claims = stocktake.and_then(|stocktake| blocks::claims(release, org, stocktake));
    if !cells().any(|cell| cell.status == Status::Shown) {
        let nothing =
            format!("No result of {} is shown for this wave, to protect anonymity.", org.name);
        return vec![
            section("At a glance", [Block::Lead(nothing)]),
            section("Reported and experienced", claims),
        ];
    }
    let region = root.map(|root| root.name.as_str()).unwrap_or_default();
    let mut glance = vec![Block::Lead(headline::of_pct(release, org, region).join(" "))];
    glance.extend(said(words::caution(org)));
    glance.extend(chart::strips(release, org).map(|svg| blocks::chart(&svg, 85)));
    glance.extend(blocks::indexes(release, org, root));
    glance.push(Block::Note(words::hidden(cells())));
    let of_org = stocktake.and_then(|column| column.units.get(org.code.as_str()));
    let claimed = of_org.map(|unit| unit.claims.as_slice()).unwrap_or_default();
    let act = blocks::act(act::rows(release, org, claimed));
    let mut questions = Vec::new();
    for (title, items) in blocks::by_index(release) {
        questions.push(Block::Heading(title.to_owned()));
        questions.extend(blocks::questions(release, org, root, &items, "Favour-\nable, %"));
    }
    let mut barriers = Vec::new();
    barriers.extend(chart::barriers(release, org).map(|svg| blocks::chart(&svg, 62)));
    let measures: Vec<&Measure> = blocks::barriers(release, org);
    barriers.extend(blocks::questions(release, org, root, &measures, "Major,\n%"));
    vec![
        section("At a glance", glance),
        section("Where to act first", act),
        section("Reported and experienced", claims),
        section("Barriers", barriers),
        section("Questions", questions),
    ]
}
