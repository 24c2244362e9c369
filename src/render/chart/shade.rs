//! Shades: classes of the style sheet for scores and answers. The numbers
//! themselves always stand beside a shade.

use crate::pages::LegendEntry;
use crate::release::Figure;

/// A length in percent, to a tenth, never outside the line.
fn length(percent: f64) -> String {
    format!("{:.1}%", percent.clamp(0.0, 100.0))
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

#[cfg(test)]
mod tests {
    use super::*;
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
}
