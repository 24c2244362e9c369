//! The marks that all charts are made of. What a mark means is told by its
//! shape, never by its colour alone: a dot is a PCT of which no reliable
//! difference is known, a triangle up or down one above or below the rest, a
//! diamond the region.

use super::scale::Linear;
use super::svg::{Anchor, Drawing, number, text_width};
use crate::release::{Band, Range};

/// The shape of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Dot,
    Up,
    Down,
    Diamond,
}

impl Shape {
    /// The shape that says where a PCT stands.
    pub(super) fn of(band: Option<Band>) -> Self {
        match band {
            Some(Band::Above) => Self::Up,
            Some(Band::Below) => Self::Down,
            Some(Band::InLine | Band::NotEnoughResponses) | None => Self::Dot,
        }
    }
}

pub(super) fn symbol(drawing: &mut Drawing, shape: Shape, (x, y): (f64, f64), radius: f64) {
    let wide = radius * 1.15;
    match shape {
        Shape::Dot => drawing.circle("c-dot", (x, y), radius),
        Shape::Up => {
            let corners = [(x, y - wide), (x + wide, y + radius), (x - wide, y + radius)];
            drawing.path("c-dot c-apart", &corners, true);
        }
        Shape::Down => {
            let corners = [(x, y + wide), (x + wide, y - radius), (x - wide, y - radius)];
            drawing.path("c-dot c-apart", &corners, true);
        }
        Shape::Diamond => {
            let tall = radius * 1.3;
            let corners = [(x, y - tall), (x + tall, y), (x, y + tall), (x - tall, y)];
            drawing.path("c-region", &corners, true);
        }
    }
}

/// An interval with ends, at a height.
pub(super) fn interval(drawing: &mut Drawing, class: &str, scale: &Linear, y: f64, range: Range) {
    let (from, to) = (scale.at(range.lo.value()), scale.at(range.hi.value()));
    drawing.line(class, (from, y), (to, y));
    for end in [from, to] {
        drawing.line(class, (end, y - 4.0), (end, y + 4.0));
    }
}

/// Grid lines of a scale that runs from left to right, with their values below.
pub(super) fn across(drawing: &mut Drawing, scale: &Linear, top: f64, bottom: f64, sign: &str) {
    for tick in scale.ticks(4) {
        let x = scale.at(tick);
        drawing.line("c-grid", (x, top), (x, bottom));
        let value = format!("{}{sign}", number(tick));
        drawing.text("c-axis", Anchor::Middle, (x, bottom + 15.0), &value);
    }
}

/// Grid lines of a scale that runs upwards, with their values to the left.
pub(super) fn upwards(drawing: &mut Drawing, scale: &Linear, left: f64, right: f64) {
    for tick in scale.ticks(4) {
        let y = scale.at(tick);
        drawing.line("c-grid", (left, y), (right, y));
        drawing.text("c-axis", Anchor::End, (left - 6.0, y + 4.0), &number(tick));
    }
}

/// What stands in a key before its words.
#[derive(Debug, Clone, Copy)]
pub(super) enum KeyMark {
    Shape(Shape),
    /// A line of this class, lying.
    Line(&'static str),
    /// A line of this class, standing.
    Standing(&'static str),
    /// A field of this class.
    Field(&'static str),
}

/// The key, from a height on, in as many lines as it needs; where it ends.
pub(super) fn key(
    drawing: &mut Drawing,
    top: f64,
    (left, right): (f64, f64),
    entries: &[(KeyMark, String)],
) -> f64 {
    const LINE: f64 = 20.0;
    let (mut x, mut y) = (left, top + 12.0);
    for (mark, words) in entries {
        let width = 30.0 + text_width(words) + 14.0;
        if x > left && x + width > right + 14.0 {
            (x, y) = (left, y + LINE);
        }
        let (middle, line) = ((x + 11.0, y - 4.5), y - 4.5);
        match mark {
            KeyMark::Shape(shape) => symbol(drawing, *shape, middle, 5.0),
            KeyMark::Line(class) => drawing.line(class, (x, line), (x + 22.0, line)),
            KeyMark::Standing(class) => {
                drawing.line(class, (x + 11.0, line - 8.0), (x + 11.0, line + 8.0));
            }
            KeyMark::Field(class) => drawing.rect(class, (x, line - 6.0), (22.0, 12.0)),
        }
        drawing.text("c-key", Anchor::Start, (x + 28.0, y), words);
        x += width;
    }
    y + 8.0
}
