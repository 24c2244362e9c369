//! The rule of the smallest group. To make it stricter, change this file and
//! its properties, nothing else.

use crate::statistics::Histogram;

/// The rule as somebody set it, not yet checked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RuleSettings {
    /// Smallest group of respondents: 3 or more.
    pub k: u32,
    /// Colluding respondents allowed for: 0 to 2.
    pub coalition: u32,
    /// Least width, in points, of what can be worked out about a hidden cell: 0 to 50.
    pub width: u32,
    /// PBC groups that respondents must come from; 0 switches the rule off.
    pub min_groups: u32,
    /// Share of an index's weight that its shown items must have: 0 to 1.
    pub min_weight: f64,
}

impl Default for RuleSettings {
    /// Source: methods.md 0 and 15.
    fn default() -> Self {
        Self { k: 5, coalition: 1, width: 25, min_groups: 3, min_weight: 0.5 }
    }
}

/// Why a rule is refused.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum RuleError {
    /// Fewer than three people protect nobody.
    #[error("k is {0}; a group needs at least 3 people")]
    Group(u32),
    /// More colluding respondents than the method covers.
    #[error("coalition is {0}; 0 to 2 are possible")]
    Coalition(u32),
    /// Wider than half the scale.
    #[error("width is {0}; 0 to 50 points are possible")]
    Width(u32),
    /// Not a share.
    #[error("min_weight is {0}; it must lie between 0 and 1")]
    Weight(f64),
}

/// A checked rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule(RuleSettings);

/// A set of respondents, as the rule sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Their answers.
    pub answers: Histogram,
    /// How many people were invited where they are.
    pub invited: u64,
    /// How many PBC groups respondents there come from.
    pub groups: u64,
}

impl Rule {
    /// A checked rule.
    ///
    /// # Errors
    /// Every setting that lies outside what methods.md 0 allows.
    pub fn new(settings: RuleSettings) -> Result<Self, Vec<RuleError>> {
        let mut errors = Vec::new();
        if settings.k < 3 {
            errors.push(RuleError::Group(settings.k));
        }
        if settings.coalition > 2 {
            errors.push(RuleError::Coalition(settings.coalition));
        }
        if settings.width > 50 {
            errors.push(RuleError::Width(settings.width));
        }
        if !(0.0..=1.0).contains(&settings.min_weight) {
            errors.push(RuleError::Weight(settings.min_weight));
        }
        if errors.is_empty() { Ok(Self(settings)) } else { Err(errors) }
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> RuleSettings {
        self.0
    }

    /// Whether figures about these respondents may stand alone.
    ///
    /// Source: methods.md 9.2 (S1 to S3) and 15 (S0).
    #[must_use]
    pub fn is_safe(&self, group: &Group) -> bool {
        let n = group.answers.n();
        let all_but_few = n.saturating_sub(1 + u64::from(self.0.coalition));
        let all_critical = n == group.invited && group.answers.unfavourable() == n;
        self.is_large(n, group.groups) && group.answers.largest() <= all_but_few && !all_critical
    }

    /// Whether so many people from so many PBC groups are enough: S0 and S1.
    #[must_use]
    pub fn is_large(&self, people: u64, groups: u64) -> bool {
        people >= u64::from(self.0.k) && groups >= u64::from(self.0.min_groups)
    }

    /// Whether participation of so many may be told exactly.
    #[must_use]
    pub fn may_tell(&self, responded: u64) -> bool {
        responded == 0 || responded >= u64::from(self.0.k)
    }

    /// R2: whether `hidden` people, who are among those who gave `answers`,
    /// could have a mean anywhere in a range at least as wide as the rule wants.
    ///
    /// Source: methods.md 9.3.
    #[must_use]
    pub fn leaves_room(&self, answers: &Histogram, hidden: u64) -> bool {
        let span = answers.highest(hidden) - answers.lowest(hidden);
        span >= u64::from(self.0.width) * hidden
    }

    /// Whether items of weight `shown` out of `all` make an index.
    #[must_use]
    pub fn is_enough_weight(&self, shown: u64, all: u64) -> bool {
        // In millionths, so that 0.7 of 10 is 7 and not a little more.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a checked share, 0 to 1"
        )]
        let share = (self.0.min_weight * 1e6).round() as u64;
        shown > 0 && shown * 1_000_000 >= all * share
    }
}

impl Default for Rule {
    /// The rule of methods.md.
    fn default() -> Self {
        Self(RuleSettings::default())
    }
}
