//! What to say beside a figure when many did not answer, or few were asked.

use super::real;

/// The percentage of invited people who responded: a count, so it has no
/// interval. None if nobody was invited.
#[must_use]
pub fn response_rate(responded: u64, invited: u64) -> Option<f64> {
    (invited > 0).then(|| 100.0 * real(responded) / real(invited))
}

/// What the response rate calls for.
///
/// Source: methods.md 10.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Caution {
    /// From 50 % to below 70 %.
    SomeSilent,
    /// Below 50 %.
    MostSilent,
}

/// Below so many answers a figure is called small.
const FEW: u64 = 10;

impl Caution {
    /// The caution for a rate; none from 70 % on, or if nobody was invited.
    #[must_use]
    pub fn of(responded: u64, invited: u64) -> Option<Self> {
        let percent = u128::from(responded) * 100;
        let at_least = |rate: u128| percent >= rate * u128::from(invited);
        match () {
            () if at_least(70) => None,
            () if at_least(50) => Some(Self::SomeSilent),
            () => Some(Self::MostSilent),
        }
    }

    /// The words beside the figure.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::SomeSilent => "some leads did not answer; bounds shown",
            Self::MostSilent => "treat with caution: fewer than half answered",
        }
    }
}

/// The words beside a figure from few answers; none from ten on.
#[must_use]
pub fn few_answers(n: u64) -> Option<&'static str> {
    (n < FEW).then_some("small number of answers")
}
