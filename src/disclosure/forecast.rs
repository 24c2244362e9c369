//! Whether a PCT could be shown if so many of its leads answered: told before a wave is
//! opened. A forecast from the register alone; it knows no answer.

use super::rule::Rule;

/// The chance that at least `needed` PBC groups are among those who answered, if
/// `answering` of the leads of groups with so many leads each answer, any of them as
/// likely as any other.
///
/// Source: the hypergeometric distribution; ways to choose are counted group by group.
#[must_use]
pub fn chance_of_groups(leads: &[u32], answering: u32, needed: u32) -> f64 {
    let most = usize::try_from(answering).unwrap_or(usize::MAX);
    let all: usize = leads.iter().map(|group| *group as usize).sum();
    let most = most.min(all);
    // ways[j][r]: ways to choose r leads of the groups so far from exactly j groups.
    let mut ways = vec![vec![1.0]];
    for group in leads {
        let size = *group as usize;
        let mut next = vec![vec![0.0; most + 1]; ways.len() + 1];
        for (j, of_groups) in ways.iter().enumerate() {
            for (r, before) in of_groups.iter().enumerate().filter(|(_, before)| **before > 0.0) {
                for chosen in 0..=size.min(most - r) {
                    let to = j + usize::from(chosen > 0);
                    let more = before * choose(size, chosen);
                    if let Some(cell) = next.get_mut(to).and_then(|row| row.get_mut(r + chosen)) {
                        *cell += more;
                    }
                }
            }
        }
        ways = next;
    }
    let of = |row: &Vec<f64>| row.get(most).copied().unwrap_or_default();
    let every: f64 = ways.iter().map(of).sum();
    let enough: f64 = ways.iter().skip(needed as usize).map(of).sum();
    if every > 0.0 { enough / every } else { 0.0 }
}

fn choose(of: usize, chosen: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "numbers of leads are small")]
    (0..chosen).map(|i| (of - i) as f64 / (i + 1) as f64).product()
}

/// What is to be expected of a PCT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forecast {
    /// It can be shown, in nine of ten cases or more.
    Shown,
    /// It depends on who answers.
    Perhaps,
    /// It is hidden, in nine of ten cases or more.
    Hidden,
}

impl Forecast {
    /// Of a PCT whose groups have so many leads, at a response rate in percent.
    #[must_use]
    pub fn of(leads: &[u32], percent: u32, rule: &Rule) -> Self {
        let all: u32 = leads.iter().sum();
        // Half a lead does not answer.
        let answering = all * percent / 100;
        if !rule.is_enough(answering.into()) {
            return Self::Hidden;
        }
        match chance_of_groups(leads, answering, rule.settings().min_groups) {
            chance if chance >= 0.9 => Self::Shown,
            chance if chance <= 0.1 => Self::Hidden,
            _ => Self::Perhaps,
        }
    }

    /// In a word or two.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Perhaps => "perhaps",
            Self::Hidden => "hidden",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Forecast, chance_of_groups};
    use crate::disclosure::{Rule, RuleSettings};

    #[test]
    fn three_of_four_leads_of_two_groups_are_always_of_both() {
        assert!((chance_of_groups(&[2, 2], 3, 2) - 1.0).abs() < 1e-12);
        // Two of four: 6 ways, of which 2 are of one group.
        assert!((chance_of_groups(&[2, 2], 2, 2) - 4.0 / 6.0).abs() < 1e-12);
        assert!(chance_of_groups(&[], 0, 1).abs() < 1e-12);
    }

    #[test]
    fn a_pct_of_two_groups_is_hidden_whoever_answers() {
        let rule = Rule::new(RuleSettings::default()).expect("a rule");
        assert_eq!(Forecast::of(&[2, 2], 100, &rule), Forecast::Hidden);
        assert_eq!(Forecast::of(&[2; 12], 73, &rule), Forecast::Shown);
        assert_eq!(Forecast::of(&[2; 12], 10, &rule), Forecast::Hidden);
    }

    proptest! {
        #[test]
        fn more_answers_never_lessen_the_chance(
            leads in prop::collection::vec(1_u32..5, 1..8),
            answering in 0_u32..20,
            needed in 1_u32..6,
        ) {
            let all: u32 = leads.iter().sum();
            let fewer = chance_of_groups(&leads, answering.min(all), needed);
            let more = chance_of_groups(&leads, (answering + 1).min(all), needed);
            prop_assert!((0.0..=1.0 + 1e-9).contains(&fewer));
            prop_assert!(more + 1e-9 >= fewer);
        }
    }
}
