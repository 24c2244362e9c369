//! The region without one PCT, from published figures: what a PCT is held against.
//!
//! Source: methods.md 4 and 9.5: both the root and the PCT are released, so that
//! their difference tells nothing new.

use super::{Measure, MeasureKind, Release};
use crate::id::OrgCode;

impl Release {
    /// The score of all respondents outside a PCT, in points: of a question, or of
    /// an index made of the items that the PCT's own index uses. None where
    /// either side is not shown, or nobody else answered.
    #[must_use]
    pub fn rest(&self, org: &OrgCode, measure: &Measure) -> Option<f64> {
        match measure.kind {
            MeasureKind::Item | MeasureKind::Barrier => self.rest_of_item(org, measure),
            MeasureKind::Index => self.rest_of_index(org, measure),
            MeasureKind::Overall | MeasureKind::Number | MeasureKind::Rate => None,
        }
    }

    fn rest_of_item(&self, org: &OrgCode, item: &Measure) -> Option<f64> {
        let own = self.shown_figures(org, &item.code)?;
        let whole = self.shown_figures(&self.root()?.code, &item.code)?;
        let (mut sum, mut people) = (0_u64, 0_u64);
        for (option, (whole, own)) in item.options.iter().zip(whole.counts.iter().zip(&own.counts))
        {
            let Some(score) = option.score else { continue };
            let others = whole.checked_sub(*own)?;
            sum += u64::from(score) * others;
            people += others;
        }
        #[expect(clippy::cast_precision_loss, reason = "numbers of people, far below 2^53")]
        (people > 0).then(|| sum as f64 / people as f64)
    }

    fn rest_of_index(&self, org: &OrgCode, index: &Measure) -> Option<f64> {
        let own = self.shown_figures(org, &index.code)?;
        let (mut sum, mut weights) = (0.0, 0.0);
        for member in index.members.iter().filter(|member| own.used.contains(&member.item)) {
            let item = self.measure(member.item.as_str())?;
            let weight = f64::from(member.weight);
            sum += weight * self.rest_of_item(org, item)?;
            weights += weight;
        }
        (weights > 0.0).then(|| sum / weights)
    }
}
