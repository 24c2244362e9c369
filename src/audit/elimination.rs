//! What can be combined from published totals, by exact elimination: whatever
//! an attacker adds and subtracts is a combination of the rows made here.
//!
//! Source: methods.md 9.8, point 3. Needed where groups overlap or releases are
//! stacked; in one tree it finds what the residuals find.

use std::collections::{BTreeMap, BTreeSet};

use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::answers::{Answers, Limits};
use super::log::{Check, Log};

/// People about whom a total tells something together: a leaf, or the part of a
/// leaf that two releases treat alike.
pub(super) struct Atom {
    /// Who they are. The same people before and after a change have one number.
    pub(super) who: usize,
    /// Their answers; none if only the files are known.
    pub(super) answers: Option<Answers>,
    pub(super) invited: u64,
    pub(super) groups: Option<u64>,
}

/// A published total: some atoms and the answers of all of them.
pub(super) struct Total {
    pub(super) atoms: BTreeSet<usize>,
    pub(super) answers: Answers,
}

/// One question as an attacker sees it.
pub(super) struct Puzzle {
    pub(super) atoms: Vec<Atom>,
    pub(super) totals: Vec<Total>,
}

/// Most sets of small groups that are looked at one by one. More of them are
/// refused: what cannot be checked cannot be published.
const MOST_SETS: usize = 200_000;

/// Atoms that the same totals hold: no combination tells them apart.
struct Class {
    atoms: Vec<usize>,
    /// People; none if that is not known.
    n: Option<i64>,
}

/// A row of the reduced matrix: coefficients of classes, and the same
/// combination of the published answers.
#[derive(Clone)]
struct Row {
    classes: BTreeMap<usize, BigRational>,
    answers: BTreeMap<Option<u8>, BigRational>,
}

impl Puzzle {
    /// Tests that no combination of totals lies within few people, and that all
    /// groups which can be told apart are safe.
    pub(super) fn test(&self, limits: Limits, log: &mut Log, measure: &str) {
        let classes = self.classes(limits);
        let rows = reduced(self.rows(&classes));
        for row in &rows {
            self.test_row(row, &classes, limits, log, measure);
        }
        self.test_sets(&rows, &classes, limits, log, measure);
    }

    /// The classes, those of few people last, so that a row which begins with
    /// one of them holds no other.
    fn classes(&self, limits: Limits) -> Vec<Class> {
        let mut by_totals: BTreeMap<Vec<usize>, Vec<usize>> = BTreeMap::new();
        for atom in 0..self.atoms.len() {
            let totals = self.totals.iter().enumerate();
            let within: Vec<usize> =
                totals.filter(|(_, total)| total.atoms.contains(&atom)).map(|(at, _)| at).collect();
            if !within.is_empty() {
                by_totals.entry(within).or_default().push(atom);
            }
        }
        let mut classes: Vec<Class> = by_totals
            .into_values()
            .map(|atoms| {
                let n = atoms.iter().map(|atom| self.n(*atom)).sum();
                Class { atoms, n }
            })
            .collect();
        classes.retain(|class| class.n != Some(0));
        classes.sort_by_key(|class| class.n.is_some_and(|n| limits.is_few(n)));
        classes
    }

    fn n(&self, atom: usize) -> Option<i64> {
        self.atoms.get(atom)?.answers.as_ref().map(Answers::n)
    }

    fn rows(&self, classes: &[Class]) -> Vec<Row> {
        let mut totals: Vec<&Total> = self.totals.iter().collect();
        // Small totals first: the rows of a tree then stay short.
        totals.sort_by_key(|total| total.atoms.len());
        let whole = |count: i64| BigRational::from_integer(count.into());
        totals
            .into_iter()
            .map(|total| Row {
                classes: classes
                    .iter()
                    .enumerate()
                    .filter(|(_, class)| class.atoms.iter().any(|atom| total.atoms.contains(atom)))
                    .map(|(at, _)| (at, BigRational::one()))
                    .collect(),
                answers: total.answers.counts().map(|(score, n)| (score, whole(n))).collect(),
            })
            .collect()
    }

    /// A row with equal coefficients is the total of a group that readers can
    /// work out: it must be safe. If some are subtracted from others, those
    /// added and those subtracted must each be safe.
    fn test_row(&self, row: &Row, classes: &[Class], limits: Limits, log: &mut Log, measure: &str) {
        let Some(unit) = row.classes.values().next().map(Signed::abs) else {
            let nothing = row.answers.values().all(Zero::is_zero);
            return log.test(Check::Files, nothing, ("", measure), || {
                "the published totals contradict each other".to_owned()
            });
        };
        if row.classes.values().any(|factor| factor.abs() != unit) {
            return;
        }
        let side = |positive: bool| -> Vec<usize> {
            row.classes
                .iter()
                .filter(|(_, factor)| factor.is_positive() == positive)
                .filter_map(|(class, _)| classes.get(*class))
                .flat_map(|class| class.atoms.clone())
                .collect()
        };
        let (plus, minus) = (side(true), side(false));
        let derived = if minus.is_empty() { whole_answers(row, &unit) } else { None };
        for atoms in [plus, minus].into_iter().filter(|atoms| !atoms.is_empty()) {
            let known = || -> Option<Vec<&Answers>> {
                atoms.iter().map(|atom| self.atoms.get(*atom)?.answers.as_ref()).collect()
            };
            let Some(answers) = derived.clone().or_else(|| known().map(Answers::sum)) else {
                continue;
            };
            let own = || atoms.iter().filter_map(|atom| self.atoms.get(*atom));
            let invited = own().map(|atom| atom.invited).sum();
            let groups = own().map(|atom| atom.groups).sum();
            let broken = limits.breaks(&answers, invited, groups);
            log.test(Check::Combination, broken.is_none(), ("", measure), || {
                let rule = broken.unwrap_or_default();
                format!("a combination of published totals is a group that breaks {rule}")
            });
        }
    }

    /// No combination may lie within fewer than k people.
    fn test_sets(
        &self,
        rows: &[Row],
        classes: &[Class],
        limits: Limits,
        log: &mut Log,
        measure: &str,
    ) {
        let is_small = |class: &usize| {
            classes.get(*class).and_then(|class| class.n).is_some_and(|n| limits.is_few(n))
        };
        // Rows that begin with a small class span every combination of them.
        let within: Vec<Row> = rows
            .iter()
            .filter(|row| row.classes.keys().next().is_some_and(is_small))
            .cloned()
            .collect();
        let mut found = None;
        if !within.is_empty() {
            let touched: BTreeSet<usize> =
                within.iter().flat_map(|row| row.classes.keys().copied()).collect();
            let mut left = MOST_SETS;
            let touched: Vec<usize> = touched.into_iter().collect();
            found =
                self.lies_within(&within, classes, &touched, &mut Vec::new(), limits, &mut left);
            if found.is_none() && left == 0 {
                found = Some("too many small groups to check one by one");
            }
        }
        log.test(Check::Combination, found.is_none(), ("", measure), || {
            found.unwrap_or_default().to_owned()
        });
    }

    /// Looks for a set of small classes, together fewer than k people, that holds
    /// a whole combination.
    fn lies_within(
        &self,
        rows: &[Row],
        classes: &[Class],
        open: &[usize],
        set: &mut Vec<usize>,
        limits: Limits,
        left: &mut usize,
    ) -> Option<&'static str> {
        if *left == 0 {
            return None;
        }
        *left -= 1;
        if !set.is_empty() && rank_outside(rows, set) < rows.len() {
            return Some("a combination of published totals lies within fewer than k people");
        }
        for (at, class) in open.iter().enumerate() {
            set.push(*class);
            if self.people(classes, set) < limits.k() {
                let rest = open.get(at + 1..).unwrap_or_default();
                if let Some(found) = self.lies_within(rows, classes, rest, set, limits, left) {
                    return Some(found);
                }
            }
            set.pop();
        }
        None
    }

    /// The people of some classes, each counted once.
    fn people(&self, classes: &[Class], set: &[usize]) -> i64 {
        let atoms = set.iter().filter_map(|at| classes.get(*at)).flat_map(|class| &class.atoms);
        let by_who: BTreeMap<usize, i64> =
            atoms.filter_map(|atom| Some((self.atoms.get(*atom)?.who, self.n(*atom)?))).collect();
        by_who.values().sum()
    }
}

fn whole_answers(row: &Row, size: &BigRational) -> Option<Answers> {
    let counts = row.answers.iter().map(|(score, count)| {
        let count = count / size;
        count.is_integer().then(|| count.to_integer().to_i64()).flatten().map(|n| (*score, n))
    });
    counts.collect::<Option<Vec<_>>>().map(Answers::from_counts)
}

/// The reduced rows of a matrix, each with its first class as pivot, which no
/// other row holds. Rows without classes are kept where they have answers.
fn reduced(rows: Vec<Row>) -> Vec<Row> {
    let mut done: Vec<Row> = Vec::new();
    let mut by_pivot: BTreeMap<usize, usize> = BTreeMap::new();
    let mut empty = Vec::new();
    for mut row in rows {
        let met: Vec<(usize, BigRational)> = row
            .classes
            .iter()
            .filter_map(|(class, factor)| Some((*by_pivot.get(class)?, factor.clone())))
            .collect();
        for (at, factor) in met {
            if let Some(other) = done.get(at) {
                row.subtract(&factor, other);
            }
        }
        let Some((pivot, first)) = row.classes.first_key_value().map(|(at, f)| (*at, f.clone()))
        else {
            empty.push(row);
            continue;
        };
        row.divide(&first);
        for other in &mut done {
            if let Some(factor) = other.classes.get(&pivot).cloned() {
                other.subtract(&factor, &row);
            }
        }
        by_pivot.insert(pivot, done.len());
        done.push(row);
    }
    done.extend(empty);
    done
}

/// The rank of rows without the columns in `set`.
fn rank_outside(rows: &[Row], set: &[usize]) -> usize {
    let without = rows.iter().map(|row| {
        let mut row = row.clone();
        row.answers.clear();
        row.classes.retain(|class, _| !set.contains(class));
        row
    });
    reduced(without.collect()).iter().filter(|row| !row.classes.is_empty()).count()
}

impl Row {
    fn subtract(&mut self, factor: &BigRational, other: &Self) {
        subtract(&mut self.classes, factor, &other.classes);
        subtract(&mut self.answers, factor, &other.answers);
    }

    fn divide(&mut self, by: &BigRational) {
        for factor in self.classes.values_mut().chain(self.answers.values_mut()) {
            *factor /= by;
        }
    }
}

fn subtract<K: Ord + Clone>(
    from: &mut BTreeMap<K, BigRational>,
    factor: &BigRational,
    other: &BTreeMap<K, BigRational>,
) {
    for (key, value) in other {
        let at = from.entry(key.clone()).or_insert_with(BigRational::zero);
        *at -= factor * value;
        if at.is_zero() {
            from.remove(key);
        }
    }
}
