//! The chance of something at least as far out: what p-values are made of.
//!
//! Always the tail itself, never one less the rest, which loses every digit of
//! a small chance.

use statrs::distribution::{ChiSquared, ContinuousCDF, StudentsT};

use super::confidence::LARGE;

/// The chance of a standard normal value at least as far from nought as `z`, on
/// either side.
///
/// Source: erfc(|z|/√2). The error function is libm's, exact to the last digits
/// where that of statrs is to ten.
#[must_use]
pub fn normal_both(z: f64) -> f64 {
    libm::erfc(z.abs() * std::f64::consts::FRAC_1_SQRT_2)
}

/// The same of Student's t with `freedom` degrees of freedom, which need not be
/// whole; none unless they are positive.
///
/// Source: methods.md 0. Above 10 000 degrees of freedom the library loses up to
/// eight digits, so `t` is turned into the normal value of the same tail (Hill
/// 1970, algorithm 395, with the terms that reach ten digits there).
#[must_use]
pub fn student_both(t: f64, freedom: f64) -> Option<f64> {
    if freedom.is_nan() || freedom <= 0.0 || t.is_nan() {
        return None;
    }
    if freedom > LARGE {
        // From here on nothing is left of the tail.
        let t = t.abs().min(1e100);
        return Some(normal_both(as_normal(t, freedom)));
    }
    let student = StudentsT::new(0.0, 1.0, freedom).ok()?;
    Some((2.0 * student.sf(t.abs())).min(1.0))
}

/// The standard normal value with the tail of `t`.
fn as_normal(t: f64, freedom: f64) -> f64 {
    let a = freedom - 0.5;
    let b = 48.0 * a * a;
    let square = a * (t * t / freedom).ln_1p();
    let z = square.sqrt();
    z + z * (square + 3.0) / b - 0.4 * z * square.powi(3) / (b * b)
}

/// The chance of a chi-squared value of at least `x` with `freedom` degrees of
/// freedom; none without one.
#[must_use]
pub fn chi_squared_above(x: f64, freedom: u64) -> Option<f64> {
    let chi = ChiSquared::new(super::real(freedom)).ok()?;
    (!x.is_nan()).then(|| chi.sf(x.max(0.0)))
}
