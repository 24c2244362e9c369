//! How opinions lie on the five points of an item, and how they shift.

use statrs::distribution::{ContinuousCDF, Normal};

/// Points of the scale.
pub const POINTS: usize = 5;

/// A shape of opinion.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Its name.
    pub name: &'static str,
    /// The share of people at each point, the worst first.
    pub shares: [f64; POINTS],
}

/// The shapes of the study.
pub const SHAPES: [Shape; 4] = [
    Shape { name: "even", shares: [0.20, 0.20, 0.20, 0.20, 0.20] },
    Shape { name: "skewed", shares: [0.05, 0.10, 0.20, 0.35, 0.30] },
    Shape { name: "very skewed", shares: [0.02, 0.03, 0.05, 0.20, 0.70] },
    Shape { name: "split", shares: [0.10, 0.35, 0.10, 0.35, 0.10] },
];

/// A shape as cuts of a standard normal value: the higher the value, the better
/// the answer. A PCT that differs shifts the value.
#[derive(Debug, Clone)]
pub struct Opinion {
    cuts: Vec<f64>,
}

impl Opinion {
    /// The opinion of a shape.
    #[must_use]
    pub fn new(shape: &Shape) -> Self {
        let mut below = 0.0;
        let cut = |share: &f64| {
            below += share;
            Normal::standard().inverse_cdf(below)
        };
        Self { cuts: shape.shares.iter().take(POINTS - 1).map(cut).collect() }
    }

    /// The answer, 1 to 5, of a person with this value.
    #[must_use]
    pub fn answer(&self, value: f64) -> u8 {
        self.cuts.iter().map(|cut| u8::from(value > *cut)).sum::<u8>() + 1
    }

    /// The chance of each answer where values are shifted.
    #[must_use]
    pub fn chances(&self, shift: f64) -> Vec<f64> {
        let ends = self.cuts.iter().map(|cut| below(cut - shift)).chain([1.0]);
        let mut last = 0.0;
        ends.map(|end| end - std::mem::replace(&mut last, end)).collect()
    }

    /// The mean score, 0 to 100, where values are shifted.
    #[must_use]
    pub fn mean(&self, shift: f64) -> f64 {
        self.chances(shift).iter().zip(0_u8..).map(|(p, at)| 25.0 * f64::from(at) * p).sum()
    }

    /// The percentage of the two best answers where values are shifted.
    #[must_use]
    pub fn favourable(&self, shift: f64) -> f64 {
        100.0 * self.chances(shift).iter().rev().take(2).sum::<f64>()
    }

    /// The shift at which a PCT lies lower than the others by this Cliff's delta.
    #[must_use]
    pub fn shift_down(&self, delta: f64) -> f64 {
        let (mut low, mut high) = (-10.0, 0.0);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if self.delta(middle) < -delta { low = middle } else { high = middle }
        }
        f64::midpoint(low, high)
    }

    /// Cliff's delta of shifted opinions beside those that are not.
    #[must_use]
    pub fn delta(&self, shift: f64) -> f64 {
        let rest = self.chances(0.0);
        let lead = |(at, chance): (usize, &f64)| {
            let worse: f64 = rest.iter().take(at).sum();
            let better: f64 = rest.iter().skip(at + 1).sum();
            chance * (worse - better)
        };
        self.chances(shift).iter().enumerate().map(lead).sum()
    }
}

/// The standard normal distribution, by libm, which is the same everywhere.
fn below(value: f64) -> f64 {
    0.5 * libm::erfc(-value / std::f64::consts::SQRT_2)
}
