//! Barriers in order of severity, each with its interval and the region's line.

use super::marks::{KeyMark, Shape, across, interval, key, symbol};
use super::scale::{Linear, place};
use super::svg::{Anchor, Drawing, Svg};
use crate::release::{Measure, MeasureKind, Org, Release, print};
use crate::render::seen::{Seen, seen};

const WIDTH: f64 = 560.0;
const ROW: f64 = 40.0;

/// The barriers that are shown of a node, the most severe first; those with one
/// severity in order of the share that calls them major, then by code.
///
/// Source: methods.md 8.
#[must_use]
pub fn by_severity<'r>(release: &'r Release, org: &Org) -> Vec<(&'r Measure, Seen<'r>)> {
    let mut rows: Vec<(&Measure, Seen<'_>)> = release
        .items()
        .filter(|item| item.kind == MeasureKind::Barrier)
        .filter_map(|item| Some((item, seen(release.cell(&org.code, &item.code))?)))
        .collect();
    let key = |own: &Seen<'_>| (own.mean, own.share.map(|(percent, _)| percent));
    rows.sort_by(|(a, of_a), (b, of_b)| key(of_b).cmp(&key(of_a)).then(a.code.cmp(&b.code)));
    rows
}

/// The chart of them; none if no barrier is shown.
#[must_use]
pub fn barriers(release: &Release, org: &Org) -> Option<Svg> {
    let rows = by_severity(release, org);
    rows.first()?;
    let root = release.root()?;
    let is_root = root.code == org.code;
    let scale = Linear::score(8.0, WIDTH - 56.0);
    let bottom = place(rows.len()) * ROW + 4.0;
    let mut drawing = Drawing::new(WIDTH, 0.0);
    across(&mut drawing, &scale, 0.0, bottom, "");
    for (number, (barrier, own)) in rows.iter().enumerate() {
        let top = place(number) * ROW;
        let y = top + 27.0;
        let [mean, lo, hi] = [own.mean, own.reply.lo, own.reply.hi].map(print::one);
        let region = seen(release.cell(&root.code, &barrier.code)).filter(|_| !is_root);
        let said = format!("{}: {mean}, {lo} to {hi}", barrier.label);
        drawing.group("c-one", &said, |drawing| {
            drawing.text("c-label c-halo", Anchor::Start, (8.0, top + 15.0), &barrier.label);
            if let Some(region) = region {
                let x = scale.at(region.mean.value());
                drawing.line("c-line", (x, top + 18.0), (x, top + 36.0));
            }
            interval(drawing, "c-range", &scale, y, own.reply);
            let shape = Shape::of(own.band());
            symbol(drawing, shape, (scale.at(own.mean.value()), y), 5.5);
            drawing.text("c-value", Anchor::End, (WIDTH, y + 5.0), &mean);
        });
    }
    let mut entries = vec![(KeyMark::Shape(Shape::Dot), "severity, 100 the worst".to_owned())];
    if !is_root {
        entries.push((KeyMark::Shape(Shape::Up), "more severe than the rest".to_owned()));
        entries.push((KeyMark::Shape(Shape::Down), "less severe than the rest".to_owned()));
        entries.push((KeyMark::Standing("c-line"), root.name.clone()));
    }
    entries.push((KeyMark::Line("c-range"), "95% interval".to_owned()));
    drawing.height = key(&mut drawing, bottom + 26.0, (8.0, WIDTH), &entries);
    let title = format!("Barriers in {}, the most severe first", org.name);
    let said: Vec<String> = rows
        .iter()
        .take(3)
        .map(|(barrier, own)| format!("{} {}", barrier.label, print::one(own.mean)))
        .collect();
    let desc = format!("First: {}. The same figures are in the table.", said.join(", "));
    Some(drawing.done("barriers", &[org.code.as_str()], title, desc))
}
