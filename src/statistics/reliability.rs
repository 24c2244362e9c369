//! Whether the items of an index measure one thing. For the whole only: it
//! comes from single replies, and who calls keeps to the fewest that may be
//! summed up so.

use num_rational::BigRational;
use num_traits::{ToPrimitive, Zero};

use super::{Confidence, Interval};

/// Cronbach's alpha.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reliability {
    /// Alpha: 1 at best; negative if items contradict one another.
    pub alpha: f64,
    /// Its interval.
    pub interval: Interval,
}

impl Reliability {
    /// Whether to say that the items do not form a scale.
    #[must_use]
    pub fn is_no_scale(&self) -> bool {
        self.alpha < 0.0
    }
}

/// Sums over the people who answered every item of a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompleteSums {
    /// How many people.
    pub people: u64,
    /// Their scores on each item, added up.
    pub sums: Vec<u64>,
    /// Their products of each two items (and of each with itself), added up: one
    /// row per item.
    pub products: Vec<Vec<u64>>,
}

/// Alpha; none below two items or two people, or if the sums of people's scores
/// do not differ.
///
/// Source: Cronbach 1951; the interval of Feldt, Woodruff & Salih 1987. From
/// whole numbers up to the quantiles.
#[must_use]
pub fn reliability(sums: &CompleteSums, confidence: Confidence) -> Option<Reliability> {
    let items = sums.sums.len() as u64;
    if items < 2 || sums.people < 2 {
        return None;
    }
    // n(n−1) times each covariance is a whole number.
    let n = i128::from(sums.people);
    let own: i128 = sums
        .sums
        .iter()
        .zip(&sums.products)
        .enumerate()
        .map(|(at, (sum, row))| {
            n * i128::from(row.get(at).copied().unwrap_or(0)) - i128::from(*sum).pow(2)
        })
        .sum();
    let products: i128 = sums.products.iter().flatten().map(|product| i128::from(*product)).sum();
    let total: i128 = sums.sums.iter().map(|sum| i128::from(*sum)).sum();
    let all = n * products - total.pow(2);
    if all.is_zero() {
        return None;
    }
    let unlike = BigRational::new(own.into(), all.into());
    let one = BigRational::from_integer(1.into());
    let factor = BigRational::new(items.into(), (items - 1).into());
    let alpha = factor * (&one - unlike);
    let short = (one - &alpha).to_f64()?;
    let freedom = sums.people - 1;
    let (low, high) = confidence.fisher(freedom, freedom * (items - 1))?;
    let interval = Interval { lo: 1.0 - short * high, hi: 1.0 - short * low };
    Some(Reliability { alpha: alpha.to_f64()?, interval })
}
