//! Funnel charts: how far a PCT may lie from the middle by its small numbers
//! alone. For the SHA's chart only; no label follows from them.

use statrs::distribution::{ContinuousCDF, Normal};

use super::between::{PctScore, pooled_variance};
use super::mean::around;
use super::{Interval, SCALE, real};

/// Limits about the middle, in points or percent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FunnelLimits {
    /// At 95 %: 1.96 standard errors.
    pub inner: Interval,
    /// At 99.8 %: 3.09 standard errors.
    pub outer: Interval,
}

impl FunnelLimits {
    fn about(middle: f64, error: f64) -> Self {
        let standard = Normal::standard();
        let at = |p: f64| around(middle, standard.inverse_cdf(p) * error);
        Self { inner: at(0.975), outer: at(0.999) }
    }
}

/// The funnel of a mean or an index.
#[derive(Debug, Clone, PartialEq)]
pub struct MeanFunnel {
    /// How much more PCTs spread than their numbers explain: 1 if not at all.
    pub dispersion: f64,
    /// The variance between PCTs that follows, in squared points.
    pub tau2: f64,
    /// Per PCT: how many standard errors it lies from the middle.
    pub z: Vec<f64>,
    /// Per PCT: its limits.
    pub limits: Vec<FunnelLimits>,
}

/// The funnel about `middle`, the figure of the whole; none below five PCTs or
/// without a variance within.
///
/// Source: Spiegelhalter 2005: additive over-dispersion, a tenth of the values
/// Winsorised at each end.
#[must_use]
pub fn mean_funnel(pcts: &[PctScore], middle: f64) -> Option<MeanFunnel> {
    let within = pooled_variance(pcts)?;
    let variances: Vec<f64> = pcts.iter().map(|pct| within / real(pct.n.max(1))).collect();
    let z: Vec<f64> = pcts
        .iter()
        .zip(&variances)
        .map(|(pct, variance)| (pct.score - middle) / variance.sqrt())
        .collect();
    let all = real(pcts.len() as u64);
    let dispersion = winsorised(&z).iter().map(|z| z * z).sum::<f64>() / all;
    let weights: f64 = variances.iter().map(|v| 1.0 / v).sum();
    let squares: f64 = variances.iter().map(|v| 1.0 / (v * v)).sum();
    let tau2 = ((all * dispersion - (all - 1.0)) / (weights - squares / weights)).max(0.0);
    let limits = variances.iter().map(|v| FunnelLimits::about(middle, (v + tau2).sqrt())).collect();
    Some(MeanFunnel { dispersion, tau2, z, limits })
}

/// The values in order, a tenth at each end drawn in to the next one.
fn winsorised(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let tenth = sorted.len() / 10;
    let inside = sorted.get(tenth..sorted.len() - tenth).unwrap_or(&[]);
    let ends = inside.first().copied().zip(inside.last().copied());
    let (low, high) = ends.unwrap_or((0.0, 0.0));
    sorted.into_iter().map(|value| value.clamp(low, high)).collect()
}

/// The limits of a percentage from `n` answers, about `part` of `whole` in all;
/// none without answers.
///
/// Source: Spiegelhalter 2005; the funnel of the score interval, cut at 0 and 100.
#[must_use]
pub fn share_funnel(part: u64, whole: u64, n: u64) -> Option<FunnelLimits> {
    if n == 0 || whole == 0 || part > whole {
        return None;
    }
    let middle = real(part) / real(whole);
    let error = (middle * (1.0 - middle) / real(n)).sqrt();
    let limits = FunnelLimits::about(100.0 * middle, 100.0 * error);
    Some(FunnelLimits { inner: limits.inner.within(SCALE), outer: limits.outer.within(SCALE) })
}
