//! How answers are spread over the options: a bar in pieces, the worst answers
//! first, with the number of people in each piece that has room for it.

use super::marks::{KeyMark, key};
use super::scale::{people, place};
use super::shade::shade;
use super::svg::{Anchor, Drawing, Svg, text_width};
use crate::release::{Measure, Org, Release};
use crate::render::seen::{Seen, by_score, seen};

const WIDTH: f64 = 320.0;
const BAR: f64 = 22.0;

/// The answers of a node to a question; none for an index or a hidden cell.
#[must_use]
pub fn distribution(release: &Release, org: &Org, measure: &Measure) -> Option<Svg> {
    let own = seen(release.cell(&org.code, &measure.code))?;
    let pieces = pieces(measure, &own.figures.counts);
    if pieces.is_empty() {
        return None;
    }
    let mut drawing = Drawing::new(WIDTH, BAR);
    bar(&mut drawing, &pieces, (0.0, 0.0), WIDTH);
    let title = format!("{}: answers to \"{}\"", org.name, measure.label);
    let parts = [measure.code.as_str(), org.code.as_str()];
    Some(drawing.done("distribution", &parts, title, in_words(&pieces)))
}

/// The answers of the region and of every PCT that is shown, in order of score.
#[must_use]
pub fn distributions(release: &Release, measure: &Measure) -> Option<Svg> {
    let root = release.root()?;
    let of_root = seen(release.cell(&root.code, &measure.code)).map(|own| (root, own));
    let (shown, _) = by_score(release, &measure.code);
    let rows: Vec<(&Org, Seen<'_>)> = of_root.into_iter().chain(shown).collect();
    rows.iter().find(|(_, own)| own.figures.counts.iter().any(|count| *count > 0))?;
    let labels = rows.iter().map(|(org, _)| text_width(&org.name)).fold(60.0, f64::max) + 12.0;
    let (width, row) = (560.0, BAR + 6.0);
    let mut drawing = Drawing::new(width, 0.0);
    for (number, (org, own)) in rows.iter().enumerate() {
        let y = place(number) * row;
        let pieces = pieces(measure, &own.figures.counts);
        let class = if org.code == root.code { "c-label c-strong" } else { "c-label" };
        drawing.text(class, Anchor::End, (labels, y + 16.0), &org.name);
        bar(&mut drawing, &pieces, (labels + 8.0, y), width - labels - 52.0);
        let n = own.figures.n.to_string();
        drawing.text("c-value", Anchor::End, (width, y + 16.0), &n);
    }
    let top = place(rows.len()) * row + 8.0;
    drawing.height = key(&mut drawing, top, (0.0, width), &entries(measure));
    let title = format!("Answers of each PCT: {}", measure.label);
    let desc = "Each bar holds all scored answers, the worst first; the numbers are people, and the last number of a row is all of them. The same numbers are in the table.";
    Some(drawing.done("distributions", &[measure.code.as_str()], title, desc.to_owned()))
}

const FIELDS: [&str; 5] = ["c-dist-1", "c-dist-2", "c-dist-3", "c-dist-4", "c-dist-5"];

/// The shades that a question's options have, each with its options.
fn entries(measure: &Measure) -> Vec<(KeyMark, String)> {
    let of = |class: &'static str| {
        let own: Vec<&str> = measure
            .options
            .iter()
            .filter(|option| {
                let step = option.score.map(|score| shade(score, measure.severity));
                step.is_some_and(|step| class.ends_with(&step))
            })
            .map(|option| option.label.as_str())
            .collect();
        (!own.is_empty()).then(|| (KeyMark::Field(class), own.join(" or ")))
    };
    FIELDS.into_iter().filter_map(of).collect()
}

/// A piece of a bar.
struct Piece {
    step: String,
    label: String,
    count: u64,
}

fn pieces(measure: &Measure, counts: &[u64]) -> Vec<Piece> {
    let mut scored: Vec<(u8, Piece)> = measure
        .options
        .iter()
        .zip(counts)
        .filter(|(_, count)| **count > 0)
        .filter_map(|(option, count)| {
            let score = option.score?;
            let step = shade(score, measure.severity);
            Some((score, Piece { step, label: option.label.clone(), count: *count }))
        })
        .collect();
    scored.sort_by_key(
        |(score, _)| {
            if measure.severity { 100_u8.saturating_sub(*score) } else { *score }
        },
    );
    scored.into_iter().map(|(_, piece)| piece).collect()
}

fn bar(drawing: &mut Drawing, pieces: &[Piece], (left, top): (f64, f64), width: f64) {
    let all: u64 = pieces.iter().map(|piece| piece.count).sum();
    let mut before = 0;
    for piece in pieces {
        let from = left + width * people(before) / people(all.max(1));
        let wide = width * people(piece.count) / people(all.max(1));
        before += piece.count;
        let said = format!("{}: {}", piece.label, piece.count);
        drawing.group("c-one", &said, |drawing| {
            drawing.rect(&format!("c-{}", piece.step), (from, top), (wide, BAR));
            let count = piece.count.to_string();
            if text_width(&count) + 6.0 <= wide {
                let at = (from + wide / 2.0, top + 16.0);
                drawing.text(&format!("c-on-{}", piece.step), Anchor::Middle, at, &count);
            }
        });
    }
}

fn in_words(pieces: &[Piece]) -> String {
    let said: Vec<String> =
        pieces.iter().map(|piece| format!("{} {}", piece.label, piece.count)).collect();
    format!("{}.", said.join(", "))
}
