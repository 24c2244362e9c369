//! Whether a condition can ever hold: a question that nobody can be asked is a
//! slip of its author.
//!
//! A condition is turned into alternatives, each a list of single tests that
//! must all hold. Tests of different items never disturb each other, so an
//! alternative is possible if each item alone can pass all of its tests, and if
//! the items that must have an answer can be asked themselves.

use std::collections::{BTreeMap, BTreeSet};

use super::Condition;
use super::catalogue::{Catalogue, Takes};
use super::kind::Amount;
use crate::id::ItemCode;

/// More steps than this are not worth waiting for: the condition is then
/// believed.
const MOST_STEPS: usize = 20_000;

/// One answer, as far as conditions can tell answers apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Given {
    Nothing,
    Option(u16),
    Amount(Amount),
}

/// A single test of one item, or that it fails.
#[derive(Debug, Clone)]
struct Test<'c> {
    item: &'c ItemCode,
    check: Check<'c>,
    holds: bool,
}

#[derive(Debug, Clone)]
enum Check<'c> {
    Chosen(&'c BTreeSet<u16>),
    Within(Option<Amount>, Option<Amount>),
    Answered,
}

/// Tests that must all hold.
type Alternative<'c> = Vec<Test<'c>>;

/// Whether some answers make all the conditions hold.
pub(super) fn is_possible(conditions: &[&Condition], catalogue: &Catalogue) -> bool {
    Search { catalogue, steps: MOST_STEPS }.all(conditions, &[], &BTreeSet::new())
}

/// Whether a condition holds whatever is answered.
pub(super) fn is_certain(condition: &Condition, catalogue: &Catalogue) -> bool {
    let opposite = Condition::Not(Box::new(condition.clone()));
    !is_possible(&[&opposite], catalogue)
}

struct Search<'s> {
    catalogue: &'s Catalogue,
    steps: usize,
}

impl<'s> Search<'s> {
    /// Whether the conditions can hold together with these tests. `asked` are
    /// the items whose own conditions are among them already.
    fn all<'c>(
        &mut self,
        conditions: &[&'c Condition],
        tests: &[Test<'c>],
        asked: &BTreeSet<&'c ItemCode>,
    ) -> bool
    where
        's: 'c,
    {
        let Some((first, rest)) = conditions.split_first() else {
            return self.tests(tests, asked);
        };
        let Some(alternatives) = self.alternatives(first, true) else { return true };
        alternatives.into_iter().any(|alternative| {
            let together: Vec<Test<'c>> = tests.iter().cloned().chain(alternative).collect();
            self.steps = self.steps.saturating_sub(together.len());
            self.steps == 0 || self.all(rest, &together, asked)
        })
    }

    fn tests<'c>(&mut self, tests: &[Test<'c>], asked: &BTreeSet<&'c ItemCode>) -> bool
    where
        's: 'c,
    {
        let mut by_item: BTreeMap<&'c ItemCode, Vec<&Test<'c>>> = BTreeMap::new();
        for test in tests {
            by_item.entry(test.item).or_default().push(test);
        }
        let mut must_be_asked = None;
        for (item, tests) in &by_item {
            let Some(entry) = self.catalogue.entry(item) else { continue };
            if !can_pass(&entry.takes, tests) {
                return false;
            }
            let blank_passes = tests.iter().all(|test| test.passes(Given::Nothing));
            if !blank_passes && !asked.contains(item) {
                must_be_asked = must_be_asked.or(entry.asked_if.as_ref().map(|c| (*item, c)));
            }
        }
        match must_be_asked {
            None => true,
            Some((item, condition)) => {
                let mut asked = asked.clone();
                asked.insert(item);
                self.all(&[condition], tests, &asked)
            }
        }
    }

    /// The alternatives of a condition, or of its opposite; none if too many.
    fn alternatives<'c>(
        &self,
        condition: &'c Condition,
        holds: bool,
    ) -> Option<Vec<Alternative<'c>>> {
        let each = |items: &'c [ItemCode], check: Check<'c>| {
            let one = |item| Test { item, check: check.clone(), holds };
            // Of several items one is enough to hold, all are needed to fail.
            if holds {
                items.iter().map(|item| vec![one(item)]).collect()
            } else {
                vec![items.iter().map(one).collect()]
            }
        };
        match condition {
            Condition::Chosen { items, values } => Some(each(items, Check::Chosen(values))),
            Condition::Answered { items } => Some(each(items, Check::Answered)),
            Condition::Within { item, from, to } => {
                Some(vec![vec![Test { item, check: Check::Within(*from, *to), holds }]])
            }
            Condition::Not(inner) => self.alternatives(inner, !holds),
            Condition::All(parts) if holds => self.product(parts, holds),
            Condition::Any(parts) if !holds => self.product(parts, holds),
            Condition::All(parts) | Condition::Any(parts) => {
                let lists: Option<Vec<_>> =
                    parts.iter().map(|part| self.alternatives(part, holds)).collect();
                lists.map(|lists| lists.concat())
            }
        }
    }

    fn product<'c>(&self, parts: &'c [Condition], holds: bool) -> Option<Vec<Alternative<'c>>> {
        let mut all: Vec<Alternative<'c>> = vec![Vec::new()];
        for part in parts {
            let more = self.alternatives(part, holds)?;
            if all.len() * more.len() > MOST_STEPS {
                return None;
            }
            all = all
                .iter()
                .flat_map(|first| {
                    more.iter().map(|second| first.iter().chain(second).cloned().collect())
                })
                .collect();
        }
        Some(all)
    }
}

impl Test<'_> {
    fn passes(&self, given: Given) -> bool {
        let found = match (&self.check, given) {
            (Check::Chosen(values), Given::Option(value)) => values.contains(&value),
            (Check::Within(from, to), Given::Amount(amount)) => {
                from.is_none_or(|from| from <= amount) && to.is_none_or(|to| amount <= to)
            }
            (Check::Answered, given) => given != Given::Nothing,
            _ => false,
        };
        found == self.holds
    }
}

/// Whether one item has an answer that passes all its tests.
fn can_pass(takes: &Takes, tests: &[&Test<'_>]) -> bool {
    let pass = |given: Given| tests.iter().all(|test| test.passes(given));
    let options = |values: &[u16]| values.iter().any(|value| pass(Given::Option(*value)));
    pass(Given::Nothing)
        || match takes {
            Takes::One { values, .. } => options(values),
            // Several answers can pass several tests: only one alone must be possible.
            Takes::Several { values, .. } => tests.iter().all(|test| {
                test.passes(Given::Nothing)
                    || values.iter().any(|value| test.passes(Given::Option(*value)))
            }),
            Takes::Words => pass(Given::Option(0)),
            Takes::Number { min, max, .. } => {
                let inside = |amount: &Amount| {
                    min.is_none_or(|min| min <= *amount) && max.is_none_or(|max| *amount <= max)
                };
                let edges = tests.iter().flat_map(|test| match test.check {
                    Check::Within(from, to) => [from, to],
                    _ => [None, None],
                });
                let mut amounts: Vec<Amount> = edges
                    .flatten()
                    .flat_map(|edge| [edge - 1, edge, edge + 1])
                    .chain([*min, *max].into_iter().flatten())
                    .collect();
                amounts.push(0);
                amounts.iter().filter(|amount| inside(amount)).any(|a| pass(Given::Amount(*a)))
                    // A way out, for example "Don't know".
                    || pass(Given::Option(0))
            }
        }
}
