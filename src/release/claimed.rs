//! What a PCT reports beside what its leads experience, from published figures.
//!
//! Source: methods.md 11.

use super::{Release, Status};
use crate::id::OrgCode;
use crate::statistics::{Agreed, Experience, Gap, GapFlag, Interval, ShareEstimate, gap, gap_flag};

/// A claim beside the matching experience.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Claimed {
    /// What may be said of the two.
    pub flag: GapFlag,
    /// The gap; none if either is missing.
    pub gap: Option<Gap>,
}

impl Release {
    /// A PCT's claim that so many percent of its groups have agreed, beside the
    /// share of its leads who say so; no claim for a PCT that returned nothing.
    #[must_use]
    pub fn claimed(&self, org: &OrgCode, item: &str, percent: Option<u8>) -> Claimed {
        let claim = percent.and_then(|percent| Agreed::new(u64::from(percent), 100));
        let experience = self.experience(org, item);
        let thresholds = self.settings().thresholds().unwrap_or_default();
        let both = claim.zip(experience.as_ref());
        Claimed {
            flag: gap_flag(claim, experience.as_ref(), thresholds),
            gap: both.map(|(claim, experience)| gap(claim, experience, thresholds)),
        }
    }

    fn experience(&self, org: &OrgCode, item: &str) -> Option<Experience> {
        let measure = self.measure(item)?;
        let cell = self.cell(org, item).filter(|cell| cell.status == Status::Shown)?;
        let figures = cell.figures.as_ref()?;
        let share = figures.share?;
        let unsure = share.unsure?;
        let counted = measure.options.iter().zip(&figures.counts);
        let interval =
            |range: super::Range| Interval { lo: range.lo.value(), hi: range.hi.value() };
        Some(Experience {
            favourable: counted.filter(|(option, _)| option.counted).map(|(_, n)| n).sum(),
            n: figures.n,
            share: ShareEstimate {
                percent: share.percent.value(),
                bounds: interval(unsure.bounds),
                reply: interval(unsure.reply),
                process: interval(unsure.process),
            },
        })
    }
}
