//! Whether a condition can ever hold: a question that nobody can be asked is a
//! slip of its author.
//!
//! A condition is turned into alternatives, each a list of single tests that
//! must all hold. Tests of different items never disturb each other, so an
//! alternative is possible if each item alone can pass all of its tests, and if
//! the items that must have an answer can be asked, and its options offered.
//!
//! Where one number is the limit of another, the limit is believed to be no
//! hindrance: a condition is never called impossible that is not.

use std::collections::{BTreeMap, BTreeSet};

use super::Condition;
use super::catalogue::{Catalogue, Entry, Takes};
use super::kind::Amount;
use crate::id::ItemCode;

/// More steps than this are not worth waiting for: the condition is then
/// believed.
const MOST_STEPS: usize = 20_000;

/// One answer, as far as conditions can tell answers apart. Words and the ways
/// out of a number are options of no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Given<'g> {
    Nothing,
    Options(&'g [u16]),
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
    Is(u16),
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
        let mut open = None;
        for (item, tests) in &by_item {
            let Some(entry) = self.catalogue.entry(item) else { continue };
            let is_settled = asked.contains(item);
            if !is_settled && tests.iter().all(|test| test.passes(Given::Nothing)) {
                continue;
            }
            if !can_pass(&entry.takes, tests) {
                return false;
            }
            if !is_settled && (entry.asked_if.is_some() || !entry.offered_if.is_empty()) {
                open = open.or(Some((*item, entry, tests)));
            }
        }
        let Some((item, entry, its_tests)) = open else { return true };
        let asked: BTreeSet<&'c ItemCode> = asked.iter().copied().chain([item]).collect();
        let together: Vec<&Condition> = entry.asked_if.iter().collect();
        if entry.offered_if.is_empty() {
            return self.all(&together, tests, &asked);
        }
        offers(entry, its_tests).into_iter().any(|value| {
            let pinned = Test { item, check: Check::Is(value), holds: true };
            let tests: Vec<Test<'c>> = tests.iter().cloned().chain([pinned]).collect();
            let offered = entry.offered_if.get(&value);
            let together: Vec<&Condition> = together.iter().copied().chain(offered).collect();
            self.all(&together, &tests, &asked)
        })
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

/// The options of an item that an answer which passes its tests may hold.
fn offers(entry: &Entry, tests: &[&Test<'_>]) -> Vec<u16> {
    let pinned = |value: u16| {
        let mut tests: Vec<Test<'_>> = tests.iter().map(|test| (*test).clone()).collect();
        tests.extend(tests.first().map(|test| Test {
            item: test.item,
            check: Check::Is(value),
            holds: true,
        }));
        can_pass(&entry.takes, &tests.iter().collect::<Vec<_>>())
    };
    let all = match &entry.takes {
        Takes::One { values, .. } => values.clone(),
        Takes::Several { values, alone, .. } => [values.as_slice(), alone].concat(),
        Takes::Number { .. } | Takes::Words => Vec::new(),
    };
    all.into_iter().filter(|value| pinned(*value)).collect()
}

impl Test<'_> {
    fn passes(&self, given: Given<'_>) -> bool {
        let found = match (&self.check, given) {
            (Check::Chosen(values), Given::Options(chosen)) => {
                chosen.iter().any(|value| values.contains(value))
            }
            (Check::Is(value), Given::Options(chosen)) => chosen.contains(value),
            (Check::Within(from, to), Given::Amount(amount)) => {
                from.is_none_or(|from| from <= amount) && to.is_none_or(|to| amount <= to)
            }
            (Check::Answered, given) => given != Given::Nothing,
            _ => false,
        };
        found == self.holds
    }

    /// Whether it asks for one of some options, of which this is one.
    fn wants(&self, value: u16) -> bool {
        self.holds && self.passes(Given::Options(&[value]))
    }
}

/// Whether one item has an answer, not a blank, that passes all its tests.
fn can_pass(takes: &Takes, tests: &[&Test<'_>]) -> bool {
    let pass = |given: Given<'_>| tests.iter().all(|test| test.passes(given));
    let one_of = |values: &[u16]| values.iter().any(|value| pass(Given::Options(&[*value])));
    match takes {
        Takes::One { values, .. } => one_of(values),
        Takes::Several { values, alone, most, .. } => {
            let free: Vec<u16> = values
                .iter()
                .copied()
                .filter(|value| !alone.contains(value))
                .filter(|value| {
                    let fails = |test: &&&Test<'_>| !test.holds;
                    tests.iter().filter(fails).all(|test| test.passes(Given::Options(&[*value])))
                })
                .collect();
            one_of(alone) || some_pass(&free, *most, &mut Vec::new(), tests)
        }
        Takes::Words => pass(Given::Options(&[])),
        Takes::Number { min, max, ways_out, .. } => {
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
                || (*ways_out && pass(Given::Options(&[])))
        }
    }
}

/// Whether at most so many of these options, with those chosen so far, pass: for
/// each test that is not passed yet one option is added that passes it.
fn some_pass(free: &[u16], most: usize, chosen: &mut Vec<u16>, tests: &[&Test<'_>]) -> bool {
    let missing = tests.iter().find(|test| !test.passes(Given::Options(chosen)));
    match missing {
        None if !chosen.is_empty() => true,
        _ if chosen.len() == most => false,
        missing => free.iter().any(|value| {
            if missing.is_some_and(|test| !test.wants(*value)) || chosen.contains(value) {
                return false;
            }
            chosen.push(*value);
            let found = some_pass(free, most, chosen, tests);
            chosen.pop();
            found
        }),
    }
}
