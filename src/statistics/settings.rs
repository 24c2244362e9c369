//! From what size on a difference is worth a word: the settings of section 0
//! of methods.md that this room needs.

use num_rational::BigRational;

/// A limit in points (or as a share), exact to a millionth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Limit(i64);

const MILLION: i64 = 1_000_000;

impl Limit {
    /// The limit nearest to a number between -1000 and 1000; none beyond.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "at most 10^9, checked before")]
    pub fn new(limit: f64) -> Option<Self> {
        #[expect(clippy::cast_precision_loss, reason = "a million is exact")]
        let millionths = (limit * MILLION as f64).round();
        (limit.abs() <= 1000.0).then_some(Self(millionths as i64))
    }

    /// The limit in millionths.
    #[must_use]
    pub fn millionths(self) -> i64 {
        self.0
    }

    /// The limit as a fraction.
    #[must_use]
    pub fn exact(self) -> BigRational {
        BigRational::new(self.0.into(), MILLION.into())
    }

    /// Whether `part`/`whole` (with a positive whole) is at least the limit.
    #[must_use]
    pub(super) fn reached_by(self, part: i128, whole: i128) -> bool {
        // Both sides stay below 2^127: counts of people stay below 2^50.
        part.saturating_mul(MILLION.into()) >= whole.saturating_mul(self.0.into())
    }
}

/// From what size on differences are named.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    fdr: f64,
    delta: Limit,
    change: Limit,
    gap: Limit,
}

/// A threshold outside its range.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("{name} is {value}; it must lie between {lowest} and {highest}")]
pub struct ThresholdError {
    /// The setting's name.
    pub name: &'static str,
    /// What was asked for.
    pub value: f64,
    /// The least that is allowed.
    pub lowest: f64,
    /// The most that is allowed.
    pub highest: f64,
}

impl Thresholds {
    /// Checked thresholds: `fdr` is the false discovery rate (0.01 to 0.20),
    /// `material_delta` a Cliff's delta (0 to 0.5), `material_change` (0 to 25)
    /// and `gap_margin` (0 to 100) are points.
    ///
    /// # Errors
    /// One of them lies outside its range.
    pub fn new(
        fdr: f64,
        material_delta: f64,
        material_change: f64,
        gap_margin: f64,
    ) -> Result<Self, ThresholdError> {
        let within = |name, value: f64, lowest, highest| {
            let error = ThresholdError { name, value, lowest, highest };
            if value >= lowest && value <= highest {
                Limit::new(value).ok_or(error)
            } else {
                Err(error)
            }
        };
        within("fdr", fdr, 0.01, 0.20)?;
        Ok(Self {
            fdr,
            delta: within("material_delta", material_delta, 0.0, 0.5)?,
            change: within("material_change", material_change, 0.0, 25.0)?,
            gap: within("gap_margin", gap_margin, 0.0, 100.0)?,
        })
    }

    /// The share of false ones that is accepted among the differences named.
    #[must_use]
    pub fn fdr(self) -> f64 {
        self.fdr
    }

    /// Whether a p or q is small enough. What is above the rate by less than the
    /// precision of figures is on it: an exact p of 1/20 is.
    #[must_use]
    pub fn is_sure(self, q: f64) -> bool {
        q <= self.fdr * (1.0 + 1e-9)
    }

    /// The Cliff's delta from which on a PCT stands above or below the rest.
    #[must_use]
    pub fn material_delta(self) -> Limit {
        self.delta
    }

    /// The change in points from which on a measure has improved or worsened.
    #[must_use]
    pub fn material_change(self) -> Limit {
        self.change
    }

    /// The points between claim and experience from which on they differ.
    #[must_use]
    pub fn gap_margin(self) -> Limit {
        self.gap
    }
}

impl Default for Thresholds {
    /// 0.05, 0.147, 2.5 points, 25 points.
    fn default() -> Self {
        Self {
            fdr: 0.05,
            delta: Limit(147_000),
            change: Limit(2_500_000),
            gap: Limit(25 * MILLION),
        }
    }
}
