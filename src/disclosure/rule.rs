//! The rule of the smallest group. To make it stricter, change this file and
//! its properties, nothing else.

use crate::statistics::Histogram;
use crate::tabulation::MinWeight;

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
    /// Fewest people behind a figure that is made from whole replies, such as a
    /// correlation: 20 or more. There are such figures for the root only.
    pub n_microdata: u32,
}

impl Default for RuleSettings {
    /// Source: methods.md 0 and 15.
    fn default() -> Self {
        Self { k: 5, coalition: 1, width: 25, min_groups: 3, min_weight: 0.5, n_microdata: 30 }
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
    /// Too few people for a figure that is made from whole replies.
    #[error("n_microdata is {0}; it must be at least 20")]
    Microdata(u32),
}

/// A checked rule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    settings: RuleSettings,
    #[cfg(test)]
    off: Option<Part>,
}

/// A part of the rule: what tests switch off to see that the auditor notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// S0: enough PBC groups.
    Groups,
    /// S1: enough people.
    People,
    /// S2: not unanimous, nor all but a few.
    Mixed,
    /// S3: not everybody who was invited, and all critical.
    Critical,
    /// R1: what remains of a shown total is safe.
    Rest,
    /// R2: what is hidden could have many means.
    Room,
    /// An index stands on enough people with an index of their own.
    Index,
    /// What was hidden in vain is shown again.
    Restoring,
    /// The dearest first.
    RestoringOrder,
}

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
        if settings.n_microdata < 20 {
            errors.push(RuleError::Microdata(settings.n_microdata));
        }
        if errors.is_empty() { Ok(Self::of(settings)) } else { Err(errors) }
    }

    const fn of(settings: RuleSettings) -> Self {
        Self {
            settings,
            #[cfg(test)]
            off: None,
        }
    }

    /// Whether the rule has this part. It always has, but for tests.
    #[cfg(not(test))]
    #[expect(clippy::unused_self, reason = "in tests a part can be missing")]
    pub(super) const fn has(self, _: Part) -> bool {
        true
    }

    /// Whether the rule has this part.
    #[cfg(test)]
    pub(super) fn has(self, part: Part) -> bool {
        self.off != Some(part)
    }

    /// The rule without one of its parts.
    #[cfg(test)]
    pub(crate) fn without(self, part: Part) -> Self {
        Self { off: Some(part), ..self }
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> RuleSettings {
        self.settings
    }

    /// Whether figures about these respondents may stand alone.
    ///
    /// Source: methods.md 9.2 (S1 to S3) and 15 (S0).
    #[must_use]
    pub fn is_safe(&self, group: &Group) -> bool {
        let n = group.answers.n();
        let mixed = self.is_mixed(n, group.answers.largest());
        let critical = n == group.invited && group.answers.unfavourable() == n;
        self.is_large(n, group.groups) && mixed && !(critical && self.has(Part::Critical))
    }

    /// S2: whether so many of `n` people who gave the same answer leave enough
    /// others, so that nobody's answer follows from there being nobody else.
    #[must_use]
    pub fn is_mixed(&self, n: u64, largest: u64) -> bool {
        let all_but_few = n.saturating_sub(1 + u64::from(self.settings.coalition));
        largest <= all_but_few || !self.has(Part::Mixed)
    }

    /// Whether so many people are enough for a count of them.
    #[must_use]
    pub fn is_enough(&self, people: u64) -> bool {
        people >= u64::from(self.settings.k)
    }

    /// Whether people who differ between two releases may be known together:
    /// the subtraction of the two shows their answers and nobody else's.
    ///
    /// As [`Rule::is_safe`], but everybody among them is known to have answered,
    /// and nothing is known of their PBC groups.
    ///
    /// Source: methods.md 9.6.
    #[must_use]
    pub fn is_safe_difference(&self, answers: &Histogram) -> bool {
        let (invited, groups) = (answers.n(), u64::MAX);
        answers.n() == 0 || self.is_safe(&Group { answers: answers.clone(), invited, groups })
    }

    /// Whether so many people from so many PBC groups are enough: S0 and S1.
    #[must_use]
    pub fn is_large(&self, people: u64, groups: u64) -> bool {
        (self.is_enough(people) || !self.has(Part::People))
            && (groups >= u64::from(self.settings.min_groups) || !self.has(Part::Groups))
    }

    /// Whether a figure made from the whole replies of so many people may be
    /// published, for the root alone.
    ///
    /// Source: methods.md 9.7.
    #[must_use]
    pub fn is_enough_for_microdata(&self, people: u64) -> bool {
        people >= u64::from(self.settings.n_microdata)
    }

    /// Whether participation of so many may be told exactly.
    #[must_use]
    pub fn may_tell(&self, responded: u64) -> bool {
        responded == 0 || self.is_enough(responded)
    }

    /// R2: whether `hidden` people, who are among those who gave `answers`,
    /// could have a mean anywhere in a range at least as wide as the rule wants.
    ///
    /// Source: methods.md 9.3.
    #[must_use]
    pub fn leaves_room(&self, answers: &Histogram, hidden: u64) -> bool {
        let span = answers.highest(hidden) - answers.lowest(hidden);
        span >= u64::from(self.settings.width) * hidden || !self.has(Part::Room)
    }

    /// Whether items of weight `shown` out of `all` make an index.
    #[must_use]
    pub fn is_enough_weight(&self, shown: u64, all: u64) -> bool {
        self.min_weight().is_reached(shown, all)
    }

    /// The share of an index's weight that must be shown, and that a person must
    /// answer to have an index of their own.
    #[must_use]
    pub fn min_weight(&self) -> MinWeight {
        MinWeight::new(self.settings.min_weight).unwrap_or_default()
    }
}

impl Default for Rule {
    /// The rule of methods.md.
    fn default() -> Self {
        Self::of(RuleSettings::default())
    }
}
