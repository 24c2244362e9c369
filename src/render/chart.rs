//! Places and shades of charts: figures become lengths in percent of a width
//! and classes of the style sheet. The numbers themselves always stand beside a
//! chart in words, so nothing here is the only way to read a figure.

use crate::pages::{BarSegment, LegendEntry, Strip};
use crate::release::{Figure, Measure, Range};

/// A length in percent, to a tenth, never outside the line.
fn length(percent: f64) -> String {
    format!("{:.1}%", percent.clamp(0.0, 100.0))
}

/// A score with its interval on a line from 0 to 100, beside a comparator if there is one.
#[must_use]
pub fn strip(dot: Figure, range: Range, line: Option<Figure>) -> Strip {
    Strip {
        lo: length(range.lo.value()),
        hi: length(range.hi.value()),
        dot: length(dot.value()),
        line: line.map(|figure| length(figure.value())),
        root: false,
    }
}

/// The comparator itself on the line.
#[must_use]
pub fn root_strip(dot: Figure, range: Range) -> Strip {
    Strip { root: true, ..strip(dot, range, None) }
}

/// The class of a table cell's shade: five steps of 20 points, 5 the good end.
#[must_use]
pub fn heat(score: Figure, severity: bool) -> String {
    let steps = (1_i64..5).filter(|step| score.tenths() >= step * 200).count();
    format!("heat-{}", if severity { 5 - steps } else { 1 + steps })
}

/// The key to [`heat`], the lowest scores first.
#[must_use]
pub fn heat_legend() -> Vec<LegendEntry> {
    entries("heat", ["under 20", "20 to 39.9", "40 to 59.9", "60 to 79.9", "80 and over"])
}

/// The key to the shades of a distribution, the worst answer first.
#[must_use]
pub fn shade_legend() -> Vec<LegendEntry> {
    entries("dist", ["Worst answer", "Second worst", "Middle", "Second best", "Best answer"])
}

fn entries(prefix: &str, labels: [&str; 5]) -> Vec<LegendEntry> {
    let entry = |(place, label): (usize, &str)| LegendEntry {
        class: format!("{prefix}-{}", place + 1),
        label: label.to_owned(),
    };
    labels.into_iter().enumerate().map(entry).collect()
}

/// The class of an option's shade: 1 for the worst answer, 5 for the best.
#[must_use]
pub fn shade(score: u8, severity: bool) -> String {
    let good = if severity { 100_u8.saturating_sub(score) } else { score };
    let step = match good {
        0..=12 => 1,
        13..=37 => 2,
        38..=62 => 3,
        63..=87 => 4,
        _ => 5,
    };
    format!("dist-{step}")
}

/// The width of `count` of `of`, in percent.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "numbers of people, far below 2^53")]
pub fn share_width(count: u64, of: u64) -> String {
    length(if of == 0 { 0.0 } else { 100.0 * count as f64 / of as f64 })
}

/// A distribution as pieces of a bar, the worst answers first. Options that
/// nobody chose have no piece.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "numbers of people, far below 2^53")]
pub fn bars(measure: &Measure, counts: &[u64]) -> Vec<BarSegment> {
    let mut scored: Vec<(u8, &str, u64)> = measure
        .options
        .iter()
        .zip(counts)
        .filter_map(|(option, count)| Some((option.score?, option.label.as_str(), *count)))
        .filter(|(.., count)| *count > 0)
        .collect();
    scored.sort_by_key(
        |(score, ..)| if measure.severity { 100_u8.saturating_sub(*score) } else { *score },
    );
    let all: u64 = scored.iter().map(|(.., count)| count).sum();
    let percent = |count: u64| 100.0 * count as f64 / all as f64;
    let mut before = 0;
    let piece = |(score, label, count): (u8, &str, u64)| {
        let x = length(percent(before));
        before += count;
        BarSegment {
            x,
            width: length(percent(count)),
            class: shade(score, measure.severity),
            said: format!("{label}: {count}"),
        }
    };
    scored.into_iter().map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::release::{Choice, MeasureKind};

    fn measure(severity: bool) -> Measure {
        let option = |value, label: &str, score| Choice {
            outside: false,
            value,
            label: label.to_owned(),
            score,
            counted: false,
            unfavourable: false,
        };
        Measure {
            code: "Q".to_owned(),
            kind: if severity { MeasureKind::Barrier } else { MeasureKind::Item },
            severity,
            label: String::new(),
            stem: String::new(),
            section: String::new(),
            options: vec![
                option(1, "High", Some(100)),
                option(2, "Middle", Some(50)),
                option(3, "Low", Some(0)),
                option(98, "Don't know", None),
            ],
            members: Vec::new(),
        }
    }

    #[test]
    fn a_bar_is_full_begins_with_the_worst_answers_and_leaves_out_who_gave_no_score() {
        let pieces = bars(&measure(false), &[2, 0, 6, 5]);
        let said: Vec<_> = pieces
            .iter()
            .map(|p| (p.said.as_str(), p.x.as_str(), p.width.as_str(), p.class.as_str()))
            .collect();
        assert_eq!(
            said,
            [("Low: 6", "0.0%", "75.0%", "dist-1"), ("High: 2", "75.0%", "25.0%", "dist-5")]
        );
        let severe = bars(&measure(true), &[2, 0, 6, 5]);
        assert_eq!(
            severe.first().map(|p| (p.said.as_str(), p.class.as_str())),
            Some(("High: 2", "dist-1"))
        );
        assert!(bars(&measure(false), &[0, 0, 0, 9]).is_empty());
    }

    #[test]
    fn shades_change_at_the_printed_limits_and_turn_round_for_severity() {
        let class = |score: f64, severity| heat(Figure::nearest(score), severity);
        let seen: Vec<String> =
            [0.0, 19.94, 19.95, 60.0, 100.0].into_iter().map(|s| class(s, false)).collect();
        assert_eq!(seen, ["heat-1", "heat-1", "heat-2", "heat-4", "heat-5"]);
        assert_eq!(
            (class(0.0, true), class(100.0, true)),
            ("heat-5".to_owned(), "heat-1".to_owned())
        );
    }

    #[test]
    fn a_strip_stays_on_its_line() {
        let figure = Figure::nearest;
        let strip =
            strip(figure(50.0), Range { lo: figure(-3.0), hi: figure(104.0) }, Some(figure(62.26)));
        assert_eq!((strip.lo.as_str(), strip.hi.as_str()), ("0.0%", "100.0%"));
        assert_eq!((strip.dot.as_str(), strip.line.as_deref()), ("50.0%", Some("62.3%")));
    }
}
