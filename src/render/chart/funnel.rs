//! How far PCTs lie from the region, against how many answered: a PCT with few
//! answers may lie far off by chance alone. For the SHA and the survey office;
//! no label of any PCT follows from it.
//!
//! Source: methods.md 5.

use super::marks::{KeyMark, Shape, across, key, upwards};
use super::scale::{Linear, people};
use super::svg::{Anchor, Drawing, Svg, text_width};
use crate::release::{Measure, Org, Release, Stat, print};
use crate::render::seen::{Seen, by_score, seen};

const WIDTH: f64 = 560.0;
const BOTTOM: f64 = 300.0;
/// Standard errors of the two limits: 95 % and 99.8 %.
const LIMITS: [(f64, &str); 2] = [(1.959_964, "c-limit"), (3.090_232, "c-limit c-outer")];

/// The funnel of a measure; none if the release has not what its limits are made of.
#[must_use]
pub fn funnel(release: &Release, measure: &Measure) -> Option<Svg> {
    let root = release.root()?;
    let middle = seen(release.cell(&root.code, &measure.code))?.mean.value();
    let figures = release.root_figures().get(&measure.code)?;
    let within = figures.get(&Stat::WithinVariance)?.value();
    let between = figures.get(&Stat::FunnelVariance)?.value();
    let (shown, _) = by_score(release, &measure.code);
    let most = shown.iter().map(|(_, own)| answers(own)).max()?;
    let across_scale = Linear { domain: (0.0, people(most) * 1.12), range: (40.0, WIDTH - 8.0) };
    let up = Linear { domain: (0.0, 100.0), range: (BOTTOM, 8.0) };
    let mut drawing = Drawing::new(WIDTH, 0.0);
    upwards(&mut drawing, &up, 40.0, WIDTH - 8.0);
    across(&mut drawing, &across_scale, BOTTOM, BOTTOM + 4.0, "");
    let line = up.at(middle);
    drawing.line("c-line", (40.0, line), (WIDTH - 8.0, line));
    for (errors, class) in LIMITS {
        for sign in [-1.0, 1.0] {
            let at = |step: u32| {
                let n = 2.0 + (across_scale.domain.1 - 2.0) * f64::from(step) / 60.0;
                let limit = middle + sign * errors * (within / n + between).sqrt();
                (0.0..=100.0).contains(&limit).then(|| (across_scale.at(n), up.at(limit)))
            };
            let corners: Vec<(f64, f64)> = (0..=60).filter_map(at).collect();
            drawing.path(class, &corners, false);
        }
    }
    points(&mut drawing, &shown, &across_scale, &up);
    let words = "Answers that the score rests on";
    drawing.text("c-axis", Anchor::Middle, (WIDTH / 2.0, BOTTOM + 34.0), words);
    let entries = [
        (KeyMark::Shape(Shape::Dot), "a PCT".to_owned()),
        (KeyMark::Line("c-line"), root.name.clone()),
        (KeyMark::Line("c-limit"), "95% limits".to_owned()),
        (KeyMark::Line("c-limit c-outer"), "99.8% limits".to_owned()),
    ];
    drawing.height = key(&mut drawing, BOTTOM + 46.0, (40.0, WIDTH), &entries);
    let title = format!("Scores against numbers of answers: {}", measure.label);
    let desc = format!(
        "{} PCTs around {} of {}. A PCT within the limits may lie off by its small number of answers alone. The same figures are in the table.",
        shown.len(),
        print::one(seen(release.cell(&root.code, &measure.code))?.mean),
        root.name
    );
    Some(drawing.done("funnel", &[measure.code.as_str()], title, desc))
}

fn answers(own: &Seen<'_>) -> u64 {
    own.figures.n
}

/// The PCTs; a name stands beside its dot where no other name is in the way.
fn points(drawing: &mut Drawing, shown: &[(&Org, Seen<'_>)], across: &Linear, up: &Linear) {
    let at = |own: &Seen<'_>| (across.at(people(answers(own))), up.at(own.mean.value()));
    let mut taken: Vec<[f64; 4]> = shown
        .iter()
        .map(|(_, own)| at(own))
        .map(|(x, y)| [x - 6.0, y - 6.0, x + 6.0, y + 6.0])
        .collect();
    for (org, own) in shown {
        let (x, y) = at(own);
        let said = format!("{}: {} from {} answers", org.name, print::one(own.mean), answers(own));
        let wide = text_width(&org.name) * 0.86;
        let places = [
            (Anchor::Start, x + 8.0, y + 4.0, x + 8.0),
            (Anchor::End, x - 8.0, y + 4.0, x - 8.0 - wide),
            (Anchor::Middle, x, y - 9.0, x - wide / 2.0),
            (Anchor::Middle, x, y + 19.0, x - wide / 2.0),
        ];
        let free = places.into_iter().find_map(|(anchor, x, y, left)| {
            let own = [left, y - 11.0, left + wide, y + 3.0];
            let inside = left >= 42.0 && left + wide <= WIDTH && y < BOTTOM && y > 12.0;
            (inside && !taken.iter().any(|other| overlap(&own, other)))
                .then_some((anchor, x, y, own))
        });
        drawing.group("c-one", &said, |drawing| {
            drawing.circle("c-dot", (x, y), 5.0);
            if let Some((anchor, x, y, own)) = free {
                drawing.text("c-small", anchor, (x, y), &org.name);
                taken.push(own);
            }
        });
    }
}

fn overlap(a: &[f64; 4], b: &[f64; 4]) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}
