//! How much of an index's weight must be answered, and the exact value of one
//! person's index.

/// The share of an index's weight that must be answered, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MinWeight(u32);

/// One person's index, rounded to six places so that ties are ties.
///
/// Source: methods.md 2, respondent index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IndexValue(u32);

/// Millionths in one.
const MILLION: u64 = 1_000_000;

impl MinWeight {
    /// A share from 0 to 1, with six places; none if it lies outside.
    #[must_use]
    pub fn new(share: f64) -> Option<Self> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1")]
        let millionths = (share * 1e6).round() as u32;
        (0.0..=1.0).contains(&share).then_some(Self(millionths))
    }

    /// Whether answers of weight `part` of `whole` are enough. None are never enough.
    #[must_use]
    pub fn is_reached(self, part: u64, whole: u64) -> bool {
        part > 0 && part * MILLION >= whole * u64::from(self.0)
    }

    /// Whether answers of weight `part` of `whole` hold one of any items that are
    /// enough, and are enough themselves: no use of the index can tell who has
    /// them from who answered everything.
    pub(super) fn is_sure(self, part: u64, whole: u64) -> bool {
        self.is_reached(part, whole) && part * MILLION > whole * (MILLION - u64::from(self.0))
    }
}

impl Default for MinWeight {
    /// One half.
    fn default() -> Self {
        Self(500_000)
    }
}

impl IndexValue {
    /// The value in points, 0 to 100.
    #[must_use]
    pub fn points(self) -> f64 {
        f64::from(self.0) / 1e6
    }

    /// The value in millionths of a point.
    #[must_use]
    pub fn millionths(self) -> u32 {
        self.0
    }

    /// The weighted mean `sum / weight` of scores, halves away from zero.
    pub(super) fn mean(sum: u64, weight: u64) -> Self {
        let whole = 2 * weight.max(1);
        Self(u32::try_from((sum * 2 * MILLION + weight) / whole).unwrap_or(u32::MAX))
    }
}

/// The mean of several weighted means, worked out exactly and rounded once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Overall {
    /// A multiple of every weight that can be answered; none if it is too large
    /// for quick sums.
    multiple: Option<u64>,
}

impl Overall {
    /// For indexes of these weights.
    pub(super) fn new(weights: impl IntoIterator<Item = u64>) -> Self {
        let most = weights.into_iter().max().unwrap_or(1);
        let multiple = (1..=most).try_fold(1_u64, |multiple, weight| {
            let next = multiple / common(multiple, weight) * weight;
            // 100 points in millionths, of a hundred indexes, stay below 2^64.
            (next < 1 << 24).then_some(next)
        });
        Self { multiple }
    }

    /// The plain mean of the means `sum / weight` of these indexes; none of none.
    pub(super) fn mean(&self, parts: &[(u64, u64)]) -> Option<IndexValue> {
        let count = u64::try_from(parts.len()).ok().filter(|count| *count > 0)?;
        let Some(multiple) = self.multiple else {
            return Some(by_fractions(parts, count).unwrap_or_else(|| nearest(parts)));
        };
        // At most 100 points for each part, times the multiple.
        let sum: u64 = parts.iter().map(|(sum, weight)| sum * (multiple / (*weight).max(1))).sum();
        Some(IndexValue::mean(sum, multiple * count))
    }
}

/// The same one fraction after the other; none if they grow too large.
fn by_fractions(parts: &[(u64, u64)], count: u64) -> Option<IndexValue> {
    let add = |(above, below): (u128, u128), (sum, weight): &(u64, u64)| {
        let weight = u128::from((*weight).max(1));
        let shared = common(below, weight);
        let above = above
            .checked_mul(weight / shared)?
            .checked_add(u128::from(*sum).checked_mul(below / shared)?)?;
        Some((above, (below / shared).checked_mul(weight)?))
    };
    let (above, below) = parts.iter().try_fold((0, 1), add)?;
    let whole = below.checked_mul(u128::from(count))?;
    let twice = above.checked_mul(2 * u128::from(MILLION))?.checked_add(whole)?;
    u32::try_from(twice / whole.checked_mul(2)?).ok().map(IndexValue)
}

/// The same where weights are beyond all measure.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "points from 0 to 100, to six places"
)]
fn nearest(parts: &[(u64, u64)]) -> IndexValue {
    let sum: f64 = parts.iter().map(|(sum, weight)| *sum as f64 / *weight as f64).sum();
    IndexValue((sum / parts.len() as f64 * 1e6).round() as u32)
}

/// The greatest common divisor; of nought and a number, the number.
pub(super) fn common<N: Copy + PartialOrd + Default + std::ops::Rem<Output = N>>(
    mut one: N,
    mut other: N,
) -> N {
    while other > N::default() {
        (one, other) = (other, one % other);
    }
    one
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_reached_exactly() {
        let half = MinWeight::default();
        assert!(half.is_reached(1, 2) && half.is_reached(5, 10) && !half.is_reached(4, 9));
        assert!(!MinWeight::new(0.0).expect("a share").is_reached(0, 3));
        assert!(MinWeight::new(0.7).expect("a share").is_reached(7, 10));
        assert_eq!(
            [MinWeight::new(1.1), MinWeight::new(-0.1), MinWeight::new(f64::NAN)],
            [None; 3]
        );
    }

    #[test]
    fn whoever_is_sure_is_found_by_whatever_is_used() {
        // Half of the weight can miss the other half.
        assert!(!MinWeight::default().is_sure(2, 4) && MinWeight::default().is_sure(3, 4));
        let most = MinWeight::new(0.8).expect("a share");
        assert!(!most.is_sure(3, 4), "enough to meet any, but no index of their own");
        let few = MinWeight::new(0.1).expect("a share");
        assert!(!few.is_sure(9, 10) && few.is_sure(10, 10));
    }

    #[test]
    fn values_are_rounded_once_and_ties_stay_ties() {
        assert_eq!(IndexValue::mean(200, 3).millionths(), 66_666_667);
        assert_eq!(IndexValue::mean(100, 3).millionths(), 33_333_333);
        let overall = Overall::new([3, 4]);
        // 100/3 and 200/3 are 50 together, though both were rounded alone.
        assert_eq!(overall.mean(&[(100, 3), (200, 3)]), overall.mean(&[(200, 4)]));
        assert_eq!(
            overall.mean(&[(100, 3), (50, 1)]).map(IndexValue::millionths),
            Some(41_666_667)
        );
        assert_eq!(overall.mean(&[]), None);
        let large = Overall::new([1_000_000]);
        assert_eq!(large.multiple, None);
        let points = |parts: &[(u64, u64)]| large.mean(parts).map(IndexValue::points);
        assert_eq!(points(&[(100, 3), (200, 3)]), Some(50.0));
        assert_eq!(
            points(&[(100, 3), (50, 1)]),
            overall.mean(&[(100, 3), (50, 1)]).map(IndexValue::points)
        );
        // Weights whose product has more than 128 bits.
        let huge = (1..=5).map(|at| (50 * (u64::MAX / 101 - at), u64::MAX / 101 - at));
        assert_eq!(points(&huge.collect::<Vec<_>>()), Some(50.0));
    }
}
