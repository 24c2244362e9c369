//! Where a value lies on paper: scales as plain values.

/// Values on a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Linear {
    /// The values at the two ends.
    pub domain: (f64, f64),
    /// Where the two ends lie.
    pub range: (f64, f64),
}

impl Linear {
    /// Scores from 0 to 100 between two places.
    #[must_use]
    pub fn score(from: f64, to: f64) -> Self {
        Self { domain: (0.0, 100.0), range: (from, to) }
    }

    /// Where a value lies; what is outside lies at the end.
    #[must_use]
    pub fn at(&self, value: f64) -> f64 {
        let ((low, high), (from, to)) = (self.domain, self.range);
        let share = if high > low { ((value - low) / (high - low)).clamp(0.0, 1.0) } else { 0.5 };
        from + share * (to - from)
    }

    /// Round values to mark, about so many, both ends of the domain within reach.
    #[must_use]
    pub fn ticks(&self, about: u32) -> Vec<f64> {
        let (low, high) = self.domain;
        let step = round_step((high - low) / f64::from(about.max(1)));
        let first = (low / step).ceil();
        let count = ((high / step).floor() - first).clamp(0.0, 50.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 50")]
        let count = count as u32;
        (0..=count).map(|place| (first + f64::from(place)) * step).collect()
    }
}

/// The smallest of 1, 2, 2.5 and 5 times a power of ten that is not less.
fn round_step(step: f64) -> f64 {
    if step <= 0.0 || !step.is_finite() {
        return 1.0;
    }
    let power = 10_f64.powf(step.log10().floor());
    let times = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|times| times * power >= step - 1e-9);
    times.unwrap_or(10.0) * power
}

/// Equal places side by side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bands {
    /// Where the first begins.
    pub from: f64,
    /// How large each is.
    pub size: f64,
}

impl Bands {
    /// So many places between two ends.
    #[must_use]
    pub fn between(from: f64, to: f64, count: usize) -> Self {
        Self { from, size: (to - from) / place(count.max(1)) }
    }

    /// The middle of a place.
    #[must_use]
    pub fn middle(&self, number: usize) -> f64 {
        self.from + (place(number) + 0.5) * self.size
    }
}

/// A count as a length.
#[expect(clippy::cast_precision_loss, reason = "numbers of rows, far below 2^53")]
pub(super) fn place(count: usize) -> f64 {
    count as f64
}

/// A number of people as a length.
#[expect(clippy::cast_precision_loss, reason = "numbers of people, far below 2^53")]
pub(super) fn people(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_lies_between_the_ends_and_never_outside() {
        let scale = Linear::score(10.0, 210.0);
        let at = [-5.0, 0.0, 25.0, 100.0, 140.0].map(|value| scale.at(value));
        assert!(at.iter().zip([10.0, 10.0, 60.0, 210.0, 210.0]).all(|(a, b)| (a - b).abs() < 1e-9));
        let down = Linear { domain: (0.0, 100.0), range: (100.0, 0.0) };
        assert!((down.at(25.0) - 75.0).abs() < 1e-9);
        let point = Linear { domain: (5.0, 5.0), range: (0.0, 10.0) };
        assert!((point.at(5.0) - 5.0).abs() < 1e-9);
    }

    #[test]
    fn ticks_are_round_and_inside() {
        let ticks =
            |low, high, about| Linear { domain: (low, high), range: (0.0, 1.0) }.ticks(about);
        assert_eq!(ticks(0.0, 100.0, 4), [0.0, 25.0, 50.0, 75.0, 100.0]);
        assert_eq!(ticks(0.0, 33.0, 5), [0.0, 10.0, 20.0, 30.0]);
        assert_eq!(ticks(0.0, 7.0, 4), [0.0, 2.0, 4.0, 6.0]);
        assert_eq!(ticks(3.0, 3.0, 4), [3.0]);
    }

    #[test]
    fn bands_share_the_place_equally() {
        let bands = Bands::between(0.0, 90.0, 3);
        let middles = [15.0, 45.0, 75.0];
        let near = |(n, at): (usize, &f64)| (bands.middle(n) - at).abs() < 1e-9;
        assert!(middles.iter().enumerate().all(near));
    }
}
