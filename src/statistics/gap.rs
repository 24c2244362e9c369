//! What a PCT claims beside what its leads experience.
//!
//! Leads are counted on one side and consortia on the other, and whoever shows
//! the gap says so.

use super::{Interval, ShareEstimate, Thresholds, real};

/// A claim less the matching experience, in percentage points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gap {
    /// The percentage of consortia that the PCT returned as agreed.
    pub claimed: f64,
    /// Claimed less experienced.
    pub gap: f64,
    /// The same with the ends of the experience's reply interval: the claim is
    /// about these consortia, so how they might have answered is the doubt.
    pub interval: Interval,
    /// What may be said of it.
    pub flag: GapFlag,
}

/// What may be said of claim and experience.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum GapFlag {
    /// The cell of the matching item may not be shown.
    NotEnoughResponses,
    /// The PCT returned nothing on this.
    NoReturn,
    /// Claimed by far more than is experienced.
    ClaimedNotExperienced,
    /// Experienced by far more than is claimed.
    ExperiencedNotClaimed,
    /// Neither.
    Consistent,
}

impl GapFlag {
    /// The flag in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NotEnoughResponses => "not enough responses",
            Self::NoReturn => "no return",
            Self::ClaimedNotExperienced => "claimed, not experienced",
            Self::ExperiencedNotClaimed => "experienced, not claimed",
            Self::Consistent => "consistent",
        }
    }
}

/// Consortia of a return: how many are agreed, of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreed {
    /// Consortia with an agreement.
    pub agreed: u64,
    /// All consortia of the PCT.
    pub consortia: u64,
}

impl Agreed {
    /// Checked counts: at least one consortium, and no more agreed than there are.
    #[must_use]
    pub fn new(agreed: u64, consortia: u64) -> Option<Self> {
        (consortia > 0 && agreed <= consortia).then_some(Self { agreed, consortia })
    }
}

/// The experience on the item that matches a claim: so many favourable of so
/// many valid answers, with their estimate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Experience {
    /// Favourable answers; neutral ones are not.
    pub favourable: u64,
    /// Valid answers.
    pub n: u64,
    /// The favourable percentage with its reply interval.
    pub share: ShareEstimate,
}

/// The gap between a claim and an experience.
///
/// Source: methods.md 11. Whether the gap reaches the margin is decided in whole
/// numbers.
#[must_use]
pub fn gap(claim: Agreed, experience: &Experience, thresholds: Thresholds) -> Gap {
    let claimed = 100.0 * real(claim.agreed) / real(claim.consortia);
    let interval = Interval {
        lo: claimed - experience.share.reply.hi,
        hi: claimed - experience.share.reply.lo,
    };
    let (n, consortia) = (i128::from(experience.n), i128::from(claim.consortia));
    let points =
        100 * (i128::from(claim.agreed) * n - i128::from(experience.favourable) * consortia);
    let reached = |points: i128| thresholds.gap_margin().reached_by(points, n * consortia);
    let flag = if reached(points) && interval.lo > 0.0 {
        GapFlag::ClaimedNotExperienced
    } else if reached(-points) && interval.hi < 0.0 {
        GapFlag::ExperiencedNotClaimed
    } else {
        GapFlag::Consistent
    };
    Gap { claimed, gap: claimed - experience.share.percent, interval, flag }
}

/// The flag where claim or experience may be missing: none of either for a cell
/// that may not be shown, or a PCT that returned nothing.
#[must_use]
pub fn gap_flag(
    claim: Option<Agreed>,
    experience: Option<&Experience>,
    thresholds: Thresholds,
) -> GapFlag {
    match (claim, experience) {
        (_, None) => GapFlag::NotEnoughResponses,
        (None, Some(_)) => GapFlag::NoReturn,
        (Some(claim), Some(experience)) => gap(claim, experience, thresholds).flag,
    }
}
