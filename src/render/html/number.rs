//! `/results/{wave}/measure/{code}` of a question that is answered with a number.

use super::{Around, words};
use crate::pages::{BandRow, Link, NumberPage, NumberUnit};
use crate::release::{Figure, MeasureKind, Org, Release, Status};

/// The page of a number with bands that count; none if the release has none of this code.
#[must_use]
pub fn number(release: &Release, code: &str, around: &Around<'_>) -> Option<NumberPage> {
    let measure = release.measure(code).filter(|of| of.kind == MeasureKind::Number)?;
    let root = release.root()?;
    let share = |org: &Org| -> Option<Figure> {
        let cell = release.cell(&org.code, code).filter(|cell| cell.status == Status::Shown)?;
        Some(cell.figures.as_ref()?.share?.percent)
    };
    let mut leaves: Vec<&Org> = release.leaves().collect();
    leaves.sort_by(|a, b| share(b).cmp(&share(a)).then_with(|| a.name.cmp(&b.name)));
    let unit = |org: &Org| {
        Some(NumberUnit {
            name: org.name.clone(),
            href: around.href(release, org),
            row: words::number_row(release, org, measure)?,
        })
    };
    let total = unit(root)?;
    let cells = leaves.iter().filter_map(|org| release.cell(&org.code, code));
    Some(NumberPage {
        layout: words::layout(release, around.frame, &measure.label)
            .trail(words::trail(release, around)),
        heading: measure.label.clone(),
        code: measure.code.clone(),
        section: measure.section.clone(),
        wave: release.about().wave_title.clone(),
        counted: total.row.counted.clone(),
        bands: measure
            .options
            .iter()
            .map(|option| BandRow { label: option.label.clone(), counted: option.counted })
            .collect(),
        hidden: words::hidden(cells, "PCTs"),
        units: leaves.into_iter().filter_map(unit).collect(),
        total,
        download: Link::new(
            format!("{}-{code}.csv", release.about().wave),
            format!("{}/figures.csv", words::measure_href(release, code)),
        ),
    })
}
