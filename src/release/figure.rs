//! One published figure: a decimal with six places, exact from here on.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A figure in millionths. Everything that is printed is rounded from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "f64", into = "f64")]
pub struct Figure(i64);

/// Millionths in one.
const MILLION: i64 = 1_000_000;
/// Further than this from a tie, a computed figure is not one.
///
/// Shares of whole numbers are exact to 1e-13, and those that are no tie lie
/// further off for any number of people there could be.
const TIE: f64 = 1e-11;

impl Figure {
    /// The figure nearest to a computed value, halves away from zero.
    ///
    /// Where six places would look like a tie of what is printed (`14.550000`
    /// for one place, `12.500000` for none) though the value is not one, the
    /// figure steps one millionth towards the value, so that rounding twice
    /// never differs from rounding once.
    #[must_use]
    pub fn nearest(value: f64) -> Self {
        Self::beside_ties(value, &[MILLION / 10, MILLION])
    }

    /// The figure nearest to a value, that looks like a tie of rounding to one of
    /// these units only if the value is one.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "figures are percentages and scores, far inside both ranges"
    )]
    fn beside_ties(value: f64, units: &[i64]) -> Self {
        let millionths = (value * MILLION as f64).round() as i64;
        let gap = value - millionths as f64 / MILLION as f64;
        let looks_tied = units.iter().any(|unit| (millionths % unit).abs() == unit / 2);
        if looks_tied && gap.abs() > TIE {
            return Self(millionths + if gap > 0.0 { 1 } else { -1 });
        }
        Self(millionths)
    }

    /// The figure nearest to a computed value with one place, halves away from zero.
    #[must_use]
    pub fn nearest_tenth(value: f64) -> Self {
        Self::to_places(value, 1)
    }

    /// The figure nearest to a computed value with so many places (at most six),
    /// halves away from zero.
    #[must_use]
    pub fn to_places(value: f64, places: u32) -> Self {
        let unit = MILLION / 10_i64.pow(places.min(6));
        Self(rounded(Self::beside_ties(value, &[unit]).0, unit) * unit)
    }

    /// A chance with three places; nought stands for less than 0.001.
    #[must_use]
    pub fn chance(p: f64) -> Self {
        if p < 0.001 { Self(0) } else { Self::to_places(p, 3) }
    }

    /// The figure as a number, for charts.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    pub fn value(self) -> f64 {
        self.0 as f64 / MILLION as f64
    }

    /// The figure in whole units of so many places (at most six), halves away
    /// from zero.
    #[must_use]
    pub fn units(self, places: u32) -> i64 {
        rounded(self.0, MILLION / 10_i64.pow(places.min(6)))
    }

    /// The figure in whole tenths, halves away from zero.
    #[must_use]
    pub fn tenths(self) -> i64 {
        self.units(1)
    }

    /// The figure in whole numbers, halves away from zero.
    #[must_use]
    pub fn whole(self) -> i64 {
        self.units(0)
    }
}

/// `number / unit`, halves away from zero.
fn rounded(number: i64, unit: i64) -> i64 {
    let half = unit / 2;
    // A unit of one has no halves.
    if number < 0 { (number - half) / unit } else { (number + half) / unit }
}

impl From<f64> for Figure {
    fn from(value: f64) -> Self {
        Self::nearest(value)
    }
}

impl From<Figure> for f64 {
    fn from(figure: Figure) -> Self {
        figure.value()
    }
}

impl fmt::Display for Figure {
    /// All six places, as in the canonical file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}", self.value())
    }
}
