//! A node's score over waves, beside the region's. Two waves are joined only
//! where the later release says what changed since the earlier: where a
//! question was changed, or an index was made of other questions, the line is
//! broken, and a wave that is not shown leaves a gap.

use super::marks::{KeyMark, Shape, key, symbol, upwards};
use super::scale::{Bands, Linear};
use super::svg::{Anchor, Drawing, Svg};
use crate::release::{ChangeLabel, Measure, Org, Release, print};
use crate::render::seen::{Seen, seen};

const WIDTH: f64 = 320.0;
const LEFT: f64 = 34.0;
const BOTTOM: f64 = 150.0;

/// The trend of a measure at a node over these waves, the earliest first; none
/// with fewer than two waves, or if no wave shows the node.
#[must_use]
pub fn trend(waves: &[&Release], org: &Org, measure: &Measure) -> Option<Svg> {
    let last = waves.last()?;
    let root = last.root()?;
    let is_root = root.code == org.code;
    let of = |org: &Org| -> Vec<Option<Seen<'_>>> {
        waves.iter().map(|wave| seen(wave.cell(&org.code, &measure.code))).collect()
    };
    let own = of(org);
    if waves.len() < 2 || own.iter().flatten().next().is_none() {
        return None;
    }
    let up = Linear { domain: (0.0, 100.0), range: (BOTTOM, 10.0) };
    let bands = Bands::between(LEFT, WIDTH - 4.0, waves.len());
    let mut drawing = Drawing::new(WIDTH, 0.0);
    upwards(&mut drawing, &up, LEFT, WIDTH - 4.0);
    for (number, wave) in waves.iter().enumerate() {
        let x = bands.middle(number);
        drawing.text("c-axis", Anchor::Middle, (x, BOTTOM + 17.0), wave.about().wave.as_str());
    }
    let joined = |seen: Option<Seen<'_>>, number: usize| joined(waves, seen, number);
    if !is_root {
        run(&mut drawing, &of(root), &bands, &up, (true, &joined));
    }
    for (number, seen) in own.iter().enumerate() {
        let x = bands.middle(number);
        match seen {
            Some(seen) => whisker(&mut drawing, x, &up, seen),
            None => drawing.text("c-note", Anchor::Middle, (x, BOTTOM - 6.0), "[c]"),
        }
        let before = number.checked_sub(1).and_then(|before| own.get(before));
        if matches!(before, Some(Some(_))) && seen.is_some() && !joined(*seen, number) {
            let middle = x - bands.size / 2.0;
            drawing.line("c-break", (middle, 10.0), (middle, BOTTOM));
            drawing.text("c-note", Anchor::Middle, (middle, 20.0), "changed");
        }
    }
    run(&mut drawing, &own, &bands, &up, (is_root, &joined));
    let mut entries = Vec::new();
    if !is_root {
        entries.push((KeyMark::Shape(Shape::Dot), org.name.clone()));
    }
    entries.push((KeyMark::Shape(Shape::Diamond), root.name.clone()));
    drawing.height = key(&mut drawing, BOTTOM + 28.0, (LEFT, WIDTH), &entries);
    let title = format!("{} over waves: {}", org.name, measure.label);
    let parts = [measure.code.as_str(), org.code.as_str()];
    Some(drawing.done("trend", &parts, title, in_words(waves, &own)))
}

/// Whether a wave's figure may be joined to the one before.
pub(crate) fn joined(waves: &[&Release], seen: Option<Seen<'_>>, number: usize) -> bool {
    let before = number.checked_sub(1).and_then(|before| waves.get(before));
    let from = seen.and_then(|seen| seen.figures.change.as_ref());
    before.zip(from).is_some_and(|(before, change)| change.from == before.about().wave)
}

/// What may be said of a change, in a word with a sign; empty where nothing is compared.
pub(crate) fn change_words(seen: &Seen<'_>) -> String {
    let change = seen.figures.change.as_ref();
    let Some((change, label)) = change.and_then(|change| Some((change, change.label?))) else {
        return String::new();
    };
    let arrow = match label {
        ChangeLabel::NoClearChange => return label.words().to_owned(),
        ChangeLabel::Improved | ChangeLabel::Worsened if change.difference.tenths() > 0 => "↑",
        ChangeLabel::Improved | ChangeLabel::Worsened => "↓",
    };
    format!("{arrow} {}", label.words())
}

fn whisker(drawing: &mut Drawing, x: f64, up: &Linear, seen: &Seen<'_>) {
    let (low, high) = (up.at(seen.reply.lo.value()), up.at(seen.reply.hi.value()));
    drawing.line("c-range c-thin", (x, low), (x, high));
    for end in [low, high] {
        drawing.line("c-range c-thin", (x - 4.0, end), (x + 4.0, end));
    }
}

type Joined<'a> = &'a dyn Fn(Option<Seen<'_>>, usize) -> bool;

fn run(
    drawing: &mut Drawing,
    all: &[Option<Seen<'_>>],
    bands: &Bands,
    up: &Linear,
    (is_root, joined): (bool, Joined<'_>),
) {
    let (line, shape) =
        if is_root { ("c-trend c-of-region", Shape::Diamond) } else { ("c-trend", Shape::Dot) };
    let at = |number: usize, seen: &Seen<'_>| (bands.middle(number), up.at(seen.mean.value()));
    for (number, pair) in all.windows(2).enumerate() {
        let [before, after] = pair else { continue };
        if let (Some(before), Some(seen)) = (before, after)
            && joined(*after, number + 1)
        {
            drawing.line(line, at(number, before), at(number + 1, seen));
        }
    }
    for (number, seen) in all.iter().enumerate() {
        if let Some(seen) = seen {
            symbol(drawing, shape, at(number, seen), 4.5);
        }
    }
}

fn in_words(waves: &[&Release], own: &[Option<Seen<'_>>]) -> String {
    let one = |(number, (wave, seen)): (usize, (&&Release, &Option<Seen<'_>>))| {
        let code = &wave.about().wave;
        match seen {
            None => format!("{code}: not shown."),
            Some(of) if number > 0 && joined(waves, *seen, number) => {
                let said = change_words(of);
                let said = if said.is_empty() { said } else { format!(", {said}") };
                format!("{code}: {}{said}.", print::one(of.mean))
            }
            Some(of) => format!("{code}: {}.", print::one(of.mean)),
        }
    };
    waves.iter().zip(own).enumerate().map(one).collect::<Vec<_>>().join(" ")
}
