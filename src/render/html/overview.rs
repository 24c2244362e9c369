//! `/results/{wave}`: the region, and its PCTs side by side.

use super::words;
use crate::pages::{CellView, Frame, Link, OverviewPage, OverviewRow, StocktakeColumn};
use crate::release::{Measure, Org, Release, print};
use crate::render::chart;

/// The overview of a release, the stocktake's lights beside it. `downloads` are
/// the names of the files that can be taken away.
///
/// Source of what is said about the response: methods.md 10.
#[must_use]
pub fn overview(
    release: &Release,
    frame: &Frame,
    stocktake: Option<&StocktakeColumn>,
    downloads: &[&str],
) -> Option<OverviewPage> {
    let root = release.root()?;
    let about = release.about();
    let mut leaves: Vec<&Org> = release.leaves().collect();
    leaves.sort_by(|a, b| a.name.cmp(&b.name));
    let indexed = leaves
        .iter()
        .flat_map(|org| release.indexes().filter_map(|index| release.cell(&org.code, &index.code)));
    Some(OverviewPage {
        layout: words::layout(release, frame, &about.wave_title)
            .trail(vec![Link::new("Results", "/results")]),
        heading: about.wave_title.clone(),
        region: root.name.clone(),
        facts: words::facts(release, root),
        caution: words::caution(root),
        heads: release
            .indexes()
            .map(|index| Link::new(&index.label, words::measure_href(release, &index.code)))
            .collect(),
        rows: leaves
            .iter()
            .map(|org| OverviewRow {
                href: Some(words::pct_href(release, org)),
                light: stocktake
                    .and_then(|column| column.units.get(org.code.as_str()))
                    .map(|unit| unit.light.clone()),
                ..row(release, org)
            })
            .collect(),
        total: row(release, root),
        stocktake: stocktake.map(|column| Link::new(&column.date, &column.href)),
        hidden: words::hidden(indexed, "index scores of PCTs"),
        heat: chart::heat_legend(),
        legend: chart::shade_legend(),
        groups: words::groups(release, root),
        barriers: words::barriers(release, root),
        major: words::major(release),
        downloads: downloads
            .iter()
            .map(|name| Link::new(*name, format!("{}/download/{name}", words::wave_href(release))))
            .collect(),
    })
}

fn row(release: &Release, org: &Org) -> OverviewRow {
    let cell = |index: &Measure| {
        let cell = release.cell(&org.code, &index.code);
        let shown = words::figures(cell);
        let (mark, said) = words::mark(cell);
        let class =
            shown.map_or_else(|| "heat-none".to_owned(), |f| chart::heat(f.mean, index.severity));
        CellView { mean: shown.map(|f| print::one(f.mean)), class, mark, said }
    };
    OverviewRow {
        name: org.name.clone(),
        href: None,
        light: None,
        responded: words::responded(release, org),
        invited: org.invited,
        cells: release.indexes().map(cell).collect(),
    }
}
