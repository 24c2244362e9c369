//! A PCT's figure with its interval on a line from 0 to 100, among the other
//! PCTs as small ticks, beside the region's.

use super::marks::{KeyMark, Shape, across, interval, key, symbol};
use super::scale::{Linear, place};
use super::svg::{Anchor, Drawing, Svg, lines};
use crate::release::{Figure, Measure, Org, Range, Release, print};
use crate::render::seen::{Seen, by_score, seen};

const WIDTH: f64 = 320.0;
/// Free room at both ends of the line, for a mark that lies on an end. The
/// axis above the strips in tables keeps the same room: see the style sheet.
const MARGIN: f64 = 8.0;
const HEIGHT: f64 = 36.0;

/// What is drawn on one line.
struct Line<'a> {
    dot: Figure,
    range: Range,
    shape: Shape,
    others: Vec<(&'a Org, Figure)>,
    region: Option<Figure>,
}

/// The strip of a PCT (or of the region itself) on a measure; none if that is not shown.
#[must_use]
pub fn strip(release: &Release, org: &Org, measure: &Measure) -> Option<Svg> {
    let own = seen(release.cell(&org.code, &measure.code))?;
    let line = score_line(release, org, own, measure);
    let title = format!("{}: {} on a line from 0 to 100", org.name, measure.label);
    let unit = (print::one as fn(Figure) -> String, "");
    Some(one(&line, &[measure.code.as_str(), org.code.as_str()], title, release, unit))
}

/// The strip of a PCT's share of favourable answers to a question.
#[must_use]
pub fn share_strip(release: &Release, org: &Org, measure: &Measure) -> Option<Svg> {
    let share = |org: &Org| {
        seen(release.cell(&org.code, &measure.code)).and_then(|seen: Seen<'_>| seen.share)
    };
    let (dot, range) = share(org)?;
    let others = release.leaves().filter(|other| other.code != org.code);
    let line = Line {
        dot,
        range,
        shape: Shape::Dot,
        others: others.filter_map(|other| Some((other, share(other)?.0))).collect(),
        region: release.root().and_then(share).map(|(percent, _)| percent),
    };
    let title = format!("{}: share of leads on a line from 0% to 100%", org.name);
    let parts = ["share", measure.code.as_str(), org.code.as_str()];
    Some(one(&line, &parts, title, release, (print::whole, "%")))
}

/// All progress indexes of a PCT (or of the region itself) under each other, with
/// names and a key: for paper.
#[must_use]
pub fn strips(release: &Release, org: &Org) -> Option<Svg> {
    const LABELS: f64 = 190.0;
    let rows: Vec<(&Measure, Seen<'_>)> = release
        .indexes()
        .filter_map(|index| Some((index, seen(release.cell(&org.code, &index.code))?)))
        .collect();
    rows.first()?;
    let width = 560.0;
    let scale = Linear::score(LABELS + 16.0, width - 56.0);
    let mut drawing = Drawing::new(width, 0.0);
    let mut top = 0.0;
    for (index, own) in &rows {
        let label = lines(&index.label, LABELS);
        let height = (17.0 * place(label.len()) + 8.0).max(34.0);
        let y = top + height / 2.0;
        for (number, words) in label.iter().enumerate() {
            let below = 17.0 * (place(number) - (place(label.len()) - 1.0) / 2.0);
            drawing.text("c-label", Anchor::End, (LABELS, y + 5.0 + below), words);
        }
        let line = score_line(release, org, *own, index);
        draw(&mut drawing, &line, &scale, (top + 3.0, top + height - 3.0), (print::one, ""));
        drawing.text("c-value", Anchor::End, (width, y + 5.0), &print::one(own.mean));
        top += height;
    }
    across(&mut drawing, &scale, top, top + 4.0, "");
    drawing.height = key(&mut drawing, top + 28.0, (0.0, width), &entries(release, org));
    let said: Vec<String> = rows.iter().map(|(index, own)| of(&index.label, own)).collect();
    let title = match release.root() {
        Some(root) if root.code == org.code => format!("Indexes of {} and of its PCTs", org.name),
        _ => format!("Indexes of {} among the other PCTs", org.name),
    };
    Some(drawing.done("strips", &[org.code.as_str()], title, said.join(" ")))
}

fn of(label: &str, own: &Seen<'_>) -> String {
    let [mean, lo, hi] = [own.mean, own.reply.lo, own.reply.hi].map(print::one);
    format!("{label}: {mean}, 95% interval {lo} to {hi}.")
}

fn entries(release: &Release, org: &Org) -> Vec<(KeyMark, String)> {
    let own = format!("{} with its 95% interval", org.name);
    let root = release.root();
    if root.is_some_and(|root| root.code == org.code) {
        let pct = (KeyMark::Standing("c-other"), "a PCT".to_owned());
        return vec![(KeyMark::Shape(Shape::Diamond), own), pct];
    }
    vec![
        (KeyMark::Shape(Shape::Dot), own),
        (KeyMark::Shape(Shape::Up), "above the rest".to_owned()),
        (KeyMark::Shape(Shape::Down), "below the rest".to_owned()),
        (KeyMark::Standing("c-other"), "another PCT".to_owned()),
        (KeyMark::Standing("c-line"), root.map(|root| root.name.clone()).unwrap_or_default()),
    ]
}

fn score_line<'a>(release: &'a Release, org: &Org, own: Seen<'_>, measure: &Measure) -> Line<'a> {
    let root = release.root();
    let is_root = root.is_some_and(|root| root.code == org.code);
    let (others, _) = by_score(release, &measure.code);
    let others = others.into_iter().filter(|(other, _)| other.code != org.code);
    let region = root.and_then(|root| seen(release.cell(&root.code, &measure.code)));
    Line {
        dot: own.mean,
        range: own.reply,
        shape: if is_root { Shape::Diamond } else { Shape::of(own.band()) },
        others: others.map(|(other, seen)| (other, seen.mean)).collect(),
        region: region.filter(|_| !is_root).map(|seen| seen.mean),
    }
}

type Unit = (fn(Figure) -> String, &'static str);

fn one(line: &Line<'_>, parts: &[&str], title: String, release: &Release, unit: Unit) -> Svg {
    let mut drawing = Drawing::new(WIDTH, HEIGHT);
    let scale = Linear::score(MARGIN, WIDTH - MARGIN);
    for tick in scale.ticks(4) {
        let x = scale.at(tick);
        drawing.line("c-grid", (x, 0.0), (x, HEIGHT));
    }
    let root = release.root();
    let print = |figure| format!("{}{}", unit.0(figure), unit.1);
    let mut desc = format!(
        "{}, 95% interval {} to {}",
        print(line.dot),
        print(line.range.lo),
        print(line.range.hi)
    );
    if let (Some(region), Some(root)) = (line.region, root) {
        desc = format!("{desc}; {} {}", root.name, print(region));
    }
    let scores = || line.others.iter().map(|(_, figure)| *figure);
    if let (Some(low), Some(high)) = (scores().min(), scores().max()) {
        desc = format!("{desc}; other PCTs {} to {}", print(low), print(high));
    }
    desc.push('.');
    draw(&mut drawing, line, &scale, (0.0, HEIGHT), unit);
    drawing.done("strip", parts, title, desc)
}

fn draw(
    drawing: &mut Drawing,
    line: &Line<'_>,
    scale: &Linear,
    (top, bottom): (f64, f64),
    (print, sign): Unit,
) {
    let y = f64::midpoint(top, bottom);
    drawing.line("c-rule", (scale.range.0, y), (scale.range.1, y));
    for (other, figure) in &line.others {
        let x = scale.at(figure.value());
        let said = format!("{}: {}{sign}", other.name, print(*figure));
        drawing.group("c-one", &said, |drawing| {
            drawing.line("c-other", (x, y - 7.0), (x, y + 7.0));
        });
    }
    if let Some(region) = line.region {
        let x = scale.at(region.value());
        drawing.line("c-line", (x, top), (x, bottom));
    }
    let class = if line.shape == Shape::Diamond { "c-range c-region-range" } else { "c-range" };
    interval(drawing, class, scale, y, line.range);
    symbol(drawing, line.shape, (scale.at(line.dot.value()), y), 6.0);
}
