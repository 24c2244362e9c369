//! All PCTs on one measure: each score with its interval, the highest first,
//! beside the region's line.

use super::marks::{KeyMark, Shape, across, interval, key, symbol};
use super::scale::{Linear, place};
use super::svg::{Anchor, Drawing, Svg, lines, text_width};
use crate::release::{Band, Measure, Org, Release, print};
use crate::render::seen::{Seen, by_score, seen};

const WIDTH: f64 = 560.0;
const ROW: f64 = 24.0;

/// The PCTs on a measure; none if no PCT's score is shown.
#[must_use]
pub fn caterpillar(release: &Release, measure: &Measure) -> Option<Svg> {
    let (shown, hidden) = by_score(release, &measure.code);
    let root = release.root()?;
    let of_root = seen(release.cell(&root.code, &measure.code));
    let names = || shown.iter().map(|(org, _)| org.name.as_str()).chain([root.name.as_str()]);
    let labels = names().map(text_width).fold(60.0, f64::max) + 12.0;
    shown.first()?;
    let scale = Linear::score(labels + 8.0, WIDTH - 56.0);
    let rows = place(shown.len() + usize::from(of_root.is_some()));
    let bottom = rows * ROW + 4.0;
    let mut drawing = Drawing::new(WIDTH, 0.0);
    across(&mut drawing, &scale, 0.0, bottom, "");
    if let Some(region) = of_root {
        let x = scale.at(region.mean.value());
        drawing.line("c-line", (x, 0.0), (x, bottom));
    }
    let all = of_root.map(|seen| (root, seen)).into_iter().chain(shown.iter().copied());
    for (number, (org, own)) in all.enumerate() {
        let y = (place(number) + 0.5) * ROW + 2.0;
        row(&mut drawing, &scale, (labels, y), (org, own), org.code == root.code, measure);
    }
    let mut y = bottom + 22.0;
    y = key(&mut drawing, y + 4.0, (0.0, WIDTH), &entries(root, &shown, measure));
    if !hidden.is_empty() {
        for line in lines(&not_shown(&hidden), WIDTH) {
            y += 17.0;
            drawing.text("c-note", Anchor::Start, (0.0, y), &line);
        }
        y += 6.0;
    }
    drawing.height = y;
    let title = format!("PCTs in order of score: {}", measure.label);
    let desc = in_words(root, of_root, &shown, measure);
    Some(drawing.done("caterpillar", &[measure.code.as_str()], title, desc))
}

/// The sentence about PCTs that are not drawn.
pub(super) fn not_shown(hidden: &[&Org]) -> String {
    let names: Vec<&str> = hidden.iter().map(|org| org.name.as_str()).collect();
    format!("Not shown, to protect anonymity, or without answers: {}.", names.join(", "))
}

fn row(
    drawing: &mut Drawing,
    scale: &Linear,
    (labels, y): (f64, f64),
    (org, own): (&Org, Seen<'_>),
    is_root: bool,
    measure: &Measure,
) {
    let [mean, lo, hi] = [own.mean, own.reply.lo, own.reply.hi].map(print::one);
    let band = own.band().map(|band| format!("; {}", band.words(measure.direction())));
    let said = format!("{}: {mean}, {lo} to {hi}{}", org.name, band.unwrap_or_default());
    drawing.group("c-one", &said, |drawing| {
        let class = if is_root { "c-label c-strong" } else { "c-label" };
        drawing.text(class, Anchor::End, (labels, y + 5.0), &org.name);
        let class = if is_root { "c-range c-region-range" } else { "c-range" };
        interval(drawing, class, scale, y, own.reply);
        let shape = if is_root { Shape::Diamond } else { Shape::of(own.band()) };
        symbol(drawing, shape, (scale.at(own.mean.value()), y), 5.5);
        drawing.text("c-value", Anchor::End, (WIDTH, y + 5.0), &mean);
    });
}

fn entries(root: &Org, shown: &[(&Org, Seen<'_>)], measure: &Measure) -> Vec<(KeyMark, String)> {
    let is = |band| shown.iter().any(|(_, own)| own.band() == Some(band));
    let words = |band: Band| band.words(measure.direction());
    let rest = |band| {
        let words = words(band);
        if words.contains("rest") { words.to_owned() } else { format!("{words} the rest") }
    };
    let mut entries =
        vec![(KeyMark::Shape(Shape::Dot), "no reliable difference from the rest".to_owned())];
    for (band, shape) in [(Band::Above, Shape::Up), (Band::Below, Shape::Down)] {
        if is(band) {
            entries.push((KeyMark::Shape(shape), rest(band)));
        }
    }
    entries.push((KeyMark::Line("c-range"), "95% interval".to_owned()));
    entries.push((KeyMark::Standing("c-line"), root.name.clone()));
    entries
}

fn in_words(
    root: &Org,
    of_root: Option<Seen<'_>>,
    shown: &[(&Org, Seen<'_>)],
    measure: &Measure,
) -> String {
    let mut said = Vec::new();
    if let Some(region) = of_root {
        said.push(format!("{}: {}.", root.name, print::one(region.mean)));
    }
    if let (Some((high, most)), Some((low, least))) = (shown.first(), shown.last()) {
        let [most, least] = [most.mean, least.mean].map(print::one);
        said.push(format!("Scores run from {least} ({}) to {most} ({}).", low.name, high.name));
    }
    for band in [Band::Above, Band::Below] {
        let names: Vec<&str> = shown
            .iter()
            .filter(|(_, own)| own.band() == Some(band))
            .map(|(org, _)| org.name.as_str())
            .collect();
        if !names.is_empty() {
            let words = band.words(measure.direction());
            let words = if words.contains("rest") { words } else { &format!("{words} the rest") };
            said.push(format!("{}: {words}.", names.join(", ")));
        }
    }
    if said.len() < 3 {
        said.push("No PCT differs reliably from the rest.".to_owned());
    }
    said.push("The same figures are in the table.".to_owned());
    said.join(" ")
}
