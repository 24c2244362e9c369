//! Answers as the auditor counts them, and the rule as it reads it: its own
//! reading of methods.md 9.2 and 9.3, so that a slip in the code that hides
//! cells is not repeated here.

use std::collections::BTreeMap;

use crate::release::{Measure, Settings};

/// Answers to one question by score. Signed, because answers that are worked
/// out by subtraction may turn out below nought when files are wrong.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) struct Answers {
    by_score: BTreeMap<u8, i64>,
    critical: i64,
}

impl Answers {
    /// The answers of people per option of a measure.
    pub(super) fn of(measure: &Measure, people: impl IntoIterator<Item = u64>) -> Self {
        let mut answers = Self::default();
        for (option, people) in measure.options.iter().zip(people) {
            let people = i64::try_from(people).unwrap_or(i64::MAX);
            if let Some(score) = option.score {
                answers.add(score, option.unfavourable, people);
            }
        }
        answers
    }

    fn add(&mut self, score: u8, critical: bool, people: i64) {
        *self.by_score.entry(score).or_default() += people;
        self.critical += if critical { people } else { 0 };
    }

    /// These answers and `times` the others.
    pub(super) fn and(mut self, times: i64, others: &Self) -> Self {
        for (score, people) in &others.by_score {
            *self.by_score.entry(*score).or_default() += times * people;
        }
        self.critical += times * others.critical;
        self
    }

    /// All answers added up.
    pub(super) fn sum<'a>(all: impl IntoIterator<Item = &'a Self>) -> Self {
        all.into_iter().fold(Self::default(), |sum, more| sum.and(1, more))
    }

    pub(super) fn n(&self) -> i64 {
        self.by_score.values().sum()
    }

    /// Whether some people gave them: a count below nought is nobody's.
    pub(super) fn are_possible(&self) -> bool {
        let mut counts = self.by_score.values().chain([&self.critical]);
        counts.all(|people| *people >= 0)
    }

    /// The same people gave the same answers: scores that nobody gave do not count.
    pub(super) fn equal(&self, other: &Self) -> bool {
        let rest = self.clone().and(-1, other);
        rest.critical == 0 && rest.by_score.values().all(|people| *people == 0)
    }

    /// Scores, then the critical answers: what the elimination carries along.
    pub(super) fn counts(&self) -> impl Iterator<Item = (Option<u8>, i64)> {
        let scores = self.by_score.iter().map(|(score, people)| (Some(*score), *people));
        scores.chain([(None, self.critical)])
    }

    /// Answers from what [`Answers::counts`] gave.
    pub(super) fn from_counts(counts: impl IntoIterator<Item = (Option<u8>, i64)>) -> Self {
        let mut answers = Self::default();
        for (score, people) in counts {
            match score {
                Some(score) => *answers.by_score.entry(score).or_default() += people,
                None => answers.critical += people,
            }
        }
        answers
    }

    /// The people per score, by score.
    pub(super) fn by_score(&self) -> &BTreeMap<u8, i64> {
        &self.by_score
    }

    /// The mean of the `m` highest less the mean of the `m` lowest, times `m`.
    fn span(&self, m: i64) -> i64 {
        let take = |bins: &mut dyn Iterator<Item = (&u8, &i64)>| {
            let mut left = m;
            let mut sum = 0;
            for (score, people) in bins {
                let some = left.min(*people).max(0);
                sum += i64::from(*score) * some;
                left -= some;
            }
            sum
        };
        take(&mut self.by_score.iter().rev()) - take(&mut self.by_score.iter())
    }
}

/// The rule that a release was made with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    k: i64,
    coalition: i64,
    width: i64,
    min_groups: u64,
    min_weight: f64,
}

impl Limits {
    pub(super) fn of(settings: &Settings) -> Self {
        Self {
            k: i64::from(settings.k),
            coalition: i64::from(settings.coalition),
            width: i64::from(settings.width),
            min_groups: u64::from(settings.min_groups),
            min_weight: settings.min_weight.value(),
        }
    }

    /// Whether so many people are too few, but not nobody.
    pub(super) fn is_few(&self, people: i64) -> bool {
        people != 0 && people < self.k
    }

    /// Fewest people.
    pub(super) fn k(&self) -> i64 {
        self.k
    }

    /// Least width in points.
    pub(super) fn width(&self) -> i64 {
        self.width
    }

    /// The first of S0 to S3 that answers break; none if they are safe. Where
    /// the number of groups is not told, S0 cannot be judged.
    pub(super) fn breaks(
        &self,
        answers: &Answers,
        invited: u64,
        groups: Option<u64>,
    ) -> Option<&'static str> {
        let n = answers.n();
        let most = answers.by_score.values().max().copied().unwrap_or(0);
        if self.has_few_groups(groups) {
            Some("S0")
        } else if n < self.k {
            Some("S1")
        } else if most > n - 1 - self.coalition {
            Some("S2")
        } else if i64::try_from(invited) == Ok(n) && answers.critical == n {
            Some("S3")
        } else {
            None
        }
    }

    /// Whether respondents come from too few PBC groups, as far as is told.
    pub(super) fn has_few_groups(&self, groups: Option<u64>) -> bool {
        groups.is_some_and(|groups| groups < self.min_groups)
    }

    /// R2: whether `m` of the people who gave these answers could have had means
    /// far enough apart.
    pub(super) fn leaves_room(&self, answers: &Answers, m: i64) -> bool {
        answers.span(m) >= self.width * m
    }

    /// Whether items of weight `part` make an index of weight `whole`.
    pub(super) fn is_enough_weight(&self, part: u64, whole: u64) -> bool {
        // Weights are whole and the share has six places: in millionths it is exact.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1")]
        let share = (self.min_weight * 1e6).round() as u64;
        part > 0 && part * 1_000_000 >= whole * share
    }
}
