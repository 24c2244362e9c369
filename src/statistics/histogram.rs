//! How many people gave each score.

use crate::definition::{Counts, Scale};

/// Valid answers over the distinct scores of a scale, in score order. Options
/// with the same score are one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    bins: Vec<(u8, u64)>,
    favourable: u64,
    unfavourable: u64,
}

impl Histogram {
    /// The histogram of a scale, from people per option in screen order.
    #[must_use]
    pub fn of(scale: &Scale, people: &[u64]) -> Self {
        let mut histogram = Self { bins: Vec::new(), favourable: 0, unfavourable: 0 };
        for (option, people) in scale.options.iter().zip(people) {
            if let Counts::Scored { score, favourable, unfavourable } = option.counts {
                histogram.put(score, *people);
                histogram.favourable += if favourable { *people } else { 0 };
                histogram.unfavourable += if unfavourable { *people } else { 0 };
            }
        }
        histogram
    }

    /// The histogram of answers without scores, people per band: the band's
    /// place stands for the score, and no answer is favourable or critical.
    #[must_use]
    pub fn of_bands(people: &[u64]) -> Self {
        let bins = (0..=u8::MAX).zip(people.iter().copied()).collect();
        Self { bins, favourable: 0, unfavourable: 0 }
    }

    fn put(&mut self, score: u8, people: u64) {
        match self.bins.binary_search_by_key(&score, |bin| bin.0) {
            Ok(at) => {
                if let Some(bin) = self.bins.get_mut(at) {
                    bin.1 += people;
                }
            }
            Err(at) => self.bins.insert(at, (score, people)),
        }
    }

    /// The answers of both histograms together.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        let mut sum = self.clone();
        for (score, people) in &other.bins {
            sum.put(*score, *people);
        }
        sum.favourable += other.favourable;
        sum.unfavourable += other.unfavourable;
        sum
    }

    /// The answers that are left without those of `part`; none if `part` has
    /// answers that this histogram has not.
    #[must_use]
    pub fn minus(&self, part: &Self) -> Option<Self> {
        let mut rest = self.clone();
        for (score, people) in &part.bins {
            match rest.bins.binary_search_by_key(score, |bin| bin.0) {
                Ok(at) => {
                    let bin = rest.bins.get_mut(at)?;
                    bin.1 = bin.1.checked_sub(*people)?;
                }
                Err(_) if *people == 0 => {}
                Err(_) => return None,
            }
        }
        rest.favourable = rest.favourable.checked_sub(part.favourable)?;
        rest.unfavourable = rest.unfavourable.checked_sub(part.unfavourable)?;
        Some(rest)
    }

    /// Scores and people, by score.
    #[must_use]
    pub fn bins(&self) -> &[(u8, u64)] {
        &self.bins
    }

    /// Valid answers.
    #[must_use]
    pub fn n(&self) -> u64 {
        self.bins.iter().map(|(_, people)| people).sum()
    }

    /// Most people with one score.
    #[must_use]
    pub fn largest(&self) -> u64 {
        self.bins.iter().map(|(_, people)| *people).max().unwrap_or(0)
    }

    /// All scores added up.
    #[must_use]
    pub fn sum(&self) -> u64 {
        self.bins.iter().map(|(score, people)| u64::from(*score) * people).sum()
    }

    /// All squares of scores added up.
    #[must_use]
    pub fn squares(&self) -> u64 {
        self.bins.iter().map(|(score, people)| u64::from(*score).pow(2) * people).sum()
    }

    /// Favourable answers; for a barrier, "major" ones.
    #[must_use]
    pub fn favourable(&self) -> u64 {
        self.favourable
    }

    /// Answers that name their givers if everybody gave one: rule S3.
    #[must_use]
    pub fn unfavourable(&self) -> u64 {
        self.unfavourable
    }

    /// The `people` lowest scores added up (all of them, if there are fewer).
    #[must_use]
    pub fn lowest(&self, people: u64) -> u64 {
        taken(self.bins.iter(), people)
    }

    /// The `people` highest scores added up (all of them, if there are fewer).
    #[must_use]
    pub fn highest(&self, people: u64) -> u64 {
        taken(self.bins.iter().rev(), people)
    }
}

fn taken<'a>(bins: impl Iterator<Item = &'a (u8, u64)>, mut people: u64) -> u64 {
    let mut sum = 0;
    for (score, here) in bins {
        let some = people.min(*here);
        sum += u64::from(*score) * some;
        people -= some;
    }
    sum
}
