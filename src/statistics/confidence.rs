//! How sure an interval is, and the quantiles that follow from it.

use statrs::distribution::{ContinuousCDF, FisherSnedecor, Normal, StudentsT};

/// The chance that an interval covers what it is about, two-sided: 0.90 to 0.999.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confidence {
    level: f64,
    normal: f64,
}

/// A confidence outside 0.90 to 0.999.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("confidence is {0}; it must lie between 0.90 and 0.999")]
pub struct ConfidenceError(pub f64);

/// Above this many degrees of freedom the expansions are more exact than the library.
pub(super) const LARGE: f64 = 10_000.0;

impl Confidence {
    /// A checked confidence.
    ///
    /// # Errors
    /// It lies outside 0.90 to 0.999.
    pub fn new(level: f64) -> Result<Self, ConfidenceError> {
        if !(0.90..=0.999).contains(&level) {
            return Err(ConfidenceError(level));
        }
        let normal = Normal::standard().inverse_cdf(f64::midpoint(1.0, level));
        Ok(Self { level, normal })
    }

    /// The level, for example 0.95.
    #[must_use]
    pub fn level(self) -> f64 {
        self.level
    }

    /// The two-sided standard normal quantile, 1.959964 at 0.95.
    #[must_use]
    pub fn normal(self) -> f64 {
        self.normal
    }

    /// The chance beyond either end, 0.025 at 0.95.
    #[must_use]
    pub fn tail(self) -> f64 {
        f64::midpoint(1.0, -self.level)
    }

    /// The standard normal quantile when the chance beyond either end is shared
    /// by `among` comparisons; none without a comparison.
    ///
    /// Source: Bonferroni, as methods.md 5 has it for pairwise rank ranges.
    #[must_use]
    pub fn normal_among(self, among: u64) -> Option<f64> {
        (among > 0).then(|| -Normal::standard().inverse_cdf(self.tail() / super::real(among)))
    }

    /// The two-sided Student-t quantile; none without a degree of freedom.
    #[must_use]
    pub fn student(self, freedom: u64) -> Option<f64> {
        self.student_at(super::real(freedom))
    }

    /// The two-sided Student-t quantile for degrees of freedom that need not be
    /// whole; none unless they are positive.
    ///
    /// Source: methods.md 0. Above 10 000 degrees of freedom the expansion
    /// about the normal quantile (Fisher 1926) replaces the library, which is
    /// wrong there by up to 6e-5.
    #[must_use]
    pub fn student_at(self, freedom: f64) -> Option<f64> {
        if freedom > LARGE {
            let z = self.normal;
            let first = (z.powi(3) + z) / (4.0 * freedom);
            let second =
                (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / (96.0 * freedom * freedom);
            return Some(z + first + second);
        }
        let t = StudentsT::new(0.0, 1.0, freedom).ok()?;
        Some(t.inverse_cdf(1.0 - self.tail()))
    }

    /// The lower and the upper quantile of Fisher's F; none without degrees of
    /// freedom.
    #[must_use]
    pub fn fisher(self, above: u64, below: u64) -> Option<(f64, f64)> {
        let f = FisherSnedecor::new(super::real(above), super::real(below)).ok()?;
        Some((f.inverse_cdf(self.tail()), f.inverse_cdf(1.0 - self.tail())))
    }
}

impl Default for Confidence {
    /// 95 %.
    fn default() -> Self {
        Self { level: 0.95, normal: Normal::standard().inverse_cdf(0.975) }
    }
}
