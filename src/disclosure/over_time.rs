//! Releases over time: what was published before, and whether a second release
//! of a wave could be subtracted from the first.
//!
//! Different waves are different unknowns. Within one wave a second release is a
//! correction, or adds a partition of the tree; it is made only if the people
//! who differ are safe together wherever both releases show a figure. That the
//! two releases stacked tell no more than that, the auditor checks on the
//! finished files.
//!
//! Source: methods.md 9.6.

use std::collections::{BTreeMap, BTreeSet};

use super::rule::Rule;
use crate::definition::{Counts, Survey};
use crate::id::{OrgCode, WaveCode};
use crate::register::Tree;
use crate::statistics::Histogram;

/// A release that was published before: its wave, and which cells it showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// Its wave.
    pub wave: WaveCode,
    /// Per measure, the nodes whose cell was shown.
    pub shown: BTreeMap<String, BTreeSet<OrgCode>>,
}

/// What differs between the ballots of two releases of a wave.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Correction {
    leaves: BTreeMap<OrgCode, Differences>,
}

/// What differs in one leaf.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Differences {
    /// Per column of the ballot.
    columns: Vec<Difference>,
    /// Per index: people with another answer to any of its items.
    indexes: Vec<u64>,
}

/// What differs in one column: answers per option that only the new release
/// counts (of people added or changed), and that only the old one counts (of
/// people removed or changed).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Difference {
    /// People with another mark of any kind.
    people: u64,
    gained: Vec<u64>,
    lost: Vec<u64>,
}

/// A measure of which two releases together would tell too much.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exposed {
    /// The measure.
    pub measure: String,
    /// A node that both releases show.
    pub org: OrgCode,
}

/// One ballot of a release: where it counts, and its marks.
pub type Cast<'b> = (&'b OrgCode, &'b [u8]);

impl Correction {
    /// What differs between two sets of ballots, each by whatever names a ballot
    /// in both. A ballot that counts elsewhere was removed here and added there.
    #[must_use]
    pub fn between<K: Ord>(
        survey: &Survey,
        old: &BTreeMap<K, Cast<'_>>,
        new: &BTreeMap<K, Cast<'_>>,
    ) -> Self {
        let columns: Vec<_> = survey.columns().collect();
        let is_response = |marks: &[u8]| {
            columns.iter().zip(marks).any(|(column, mark)| {
                let option =
                    usize::from(*mark).checked_sub(1).and_then(|at| column.options.get(at));
                option.is_some_and(|option| matches!(option.counts, Counts::Scored { .. }))
            })
        };
        let mut correction = Self::default();
        let keys: BTreeSet<&K> = old.keys().chain(new.keys()).collect();
        for key in keys {
            let counted = |from: &BTreeMap<K, Cast<'_>>| {
                from.get(key)
                    .filter(|(_, marks)| is_response(marks))
                    .map(|(leaf, marks)| ((*leaf).clone(), marks.to_vec()))
            };
            let (before, after) = (counted(old), counted(new));
            match (&before, &after) {
                (Some((here, was)), Some((there, is))) if here == there => {
                    correction.note(survey, here, Some(was), Some(is));
                }
                _ => {
                    if let Some((here, was)) = &before {
                        correction.note(survey, here, Some(was), None);
                    }
                    if let Some((there, is)) = &after {
                        correction.note(survey, there, None, Some(is));
                    }
                }
            }
        }
        correction
    }

    fn note(
        &mut self,
        survey: &Survey,
        leaf: &OrgCode,
        was: Option<&Vec<u8>>,
        is: Option<&Vec<u8>>,
    ) {
        let at = self.leaves.entry(leaf.clone()).or_default();
        let columns: Vec<_> = survey.columns().collect();
        at.columns.resize_with(columns.len(), Difference::default);
        at.indexes.resize(survey.indexes.len(), 0);
        let mark =
            |of: Option<&Vec<u8>>, place: usize| of.and_then(|marks| marks.get(place)).copied();
        for (place, difference) in at.columns.iter_mut().enumerate() {
            let (before, after) = (mark(was, place), mark(is, place));
            if before != after {
                let width = columns.get(place).map_or(0, |column| column.options.len());
                difference.people += 1;
                count(&mut difference.lost, before, width);
                count(&mut difference.gained, after, width);
            }
        }
        for (index, people) in survey.indexes.iter().zip(&mut at.indexes) {
            let differs = index.items.iter().any(|(code, _)| {
                let place = columns.iter().position(|column| column.code == code);
                place.is_some_and(|place| mark(was, place) != mark(is, place))
            });
            *people += u64::from(differs);
        }
    }

    /// Every measure and node where two releases together would tell too much:
    /// at a node that both show, less the nodes below it that both show, the
    /// people who differ are nobody or safe.
    ///
    /// The answers gained and those lost must each be safe, not only together:
    /// a single answer that is lost would stand in the difference as a count
    /// below nought, however many others are gained.
    pub(super) fn exposes(
        &self,
        survey: &Survey,
        tree: &Tree,
        rule: &Rule,
        both: impl Fn(&str) -> BTreeSet<OrgCode>,
    ) -> Vec<Exposed> {
        let mut found = Vec::new();
        for (place, column) in survey.columns().enumerate() {
            let measure = column.code.as_str();
            for (org, leaves) in differing(tree, &both(measure)) {
                let sum = |side: fn(&Difference) -> &Vec<u64>| {
                    let mut people = vec![0; column.options.len()];
                    let parts =
                        leaves.iter().filter_map(|leaf| self.leaves.get(leaf)?.columns.get(place));
                    for part in parts {
                        for (sum, more) in people.iter_mut().zip(side(part)) {
                            *sum += more;
                        }
                    }
                    match column.scale() {
                        Some(scale) => Histogram::of(scale, &people),
                        None => Histogram::of_bands(&people),
                    }
                };
                let (gained, lost) = (sum(|part| &part.gained), sum(|part| &part.lost));
                if !rule.is_safe_difference(&gained) || !rule.is_safe_difference(&lost) {
                    found.push(Exposed { measure: measure.to_owned(), org });
                }
            }
            // Of the root, choices and the numbers of those who did not answer
            // are shown too.
            let differ = self.leaves.values().filter_map(|leaf| leaf.columns.get(place));
            let people: u64 = differ.map(|part| part.people).sum();
            if people > 0 && !rule.is_enough(people) {
                let org = tree.root().code.clone();
                found.push(Exposed { measure: measure.to_owned(), org });
            }
        }
        for (place, index) in survey.indexes.iter().enumerate() {
            for (org, leaves) in differing(tree, &both(index.code.as_str())) {
                let parts =
                    leaves.iter().filter_map(|leaf| self.leaves.get(leaf)?.indexes.get(place));
                let people: u64 = parts.sum();
                if people > 0 && !rule.is_enough(people) {
                    found.push(Exposed { measure: index.code.to_string(), org });
                }
            }
        }
        found.sort();
        found.dedup();
        found
    }
}

fn count(people: &mut Vec<u64>, mark: Option<u8>, options: usize) {
    people.resize(options, 0);
    let place = mark.and_then(|mark| usize::from(mark).checked_sub(1));
    if let Some(people) = place.and_then(|place| people.get_mut(place)) {
        *people += 1;
    }
}

/// Each node that both releases show, with the leaves at or under it of which no
/// lower such node tells.
fn differing(tree: &Tree, both: &BTreeSet<OrgCode>) -> BTreeMap<OrgCode, Vec<OrgCode>> {
    let mut found: BTreeMap<OrgCode, Vec<OrgCode>> = BTreeMap::new();
    for leaf in tree.leaves() {
        let mut at = Some(&leaf.code);
        while let Some(here) = at {
            if both.contains(here) {
                found.entry(here.clone()).or_default().push(leaf.code.clone());
                break;
            }
            at = tree.get(here).and_then(|node| node.parent.as_ref());
        }
    }
    found
}
