//! The report about one PCT.

use report_pdf::{Block, Section};

use super::{blocks, said, words};
use crate::pages::StocktakeColumn;
use crate::release::{Measure, Org, Release, Status};

fn section(title: &str, new_page: bool, blocks: impl IntoIterator<Item = Block>) -> Section {
    Section { title: title.to_owned(), new_page, blocks: blocks.into_iter().collect() }
}

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
            section("At a glance", false, [Block::Lead(nothing)]),
            section("Reported and experienced", false, claims),
        ];
    }
    let mut glance = vec![Block::Lead(words::headline(release, org))];
    glance.extend(said(words::caution(org)));
    glance.extend(blocks::indexes(release, org, root));
    glance.push(Block::Note(words::hidden(cells())));
    let mut questions = Vec::new();
    for (title, items) in blocks::by_index(release) {
        questions.push(Block::Heading(title.to_owned()));
        questions.extend(blocks::questions(release, org, root, &items, "Favour-\nable, %"));
    }
    let barriers: Vec<&Measure> = blocks::barriers(release, org);
    let severe = blocks::questions(release, org, root, &barriers, "Major,\n%");
    let order = Block::Text("The most severe first. 100 is the most severe.".to_owned());
    let barriers = severe.into_iter().flat_map(|table| [order.clone(), table]);
    vec![
        section("At a glance", false, glance),
        section("Reported and experienced", false, claims),
        section("Questions", true, questions),
        section("Barriers", true, barriers),
    ]
}
