//! Which cells the rule hides, worked out a second time: slowly, from the words
//! of methods.md 9.4 and 9.5, sharing nothing with the code that hid them.

use std::cmp::Reverse;

use super::Case;
use super::answers::Answers;
use super::ballots::{Ballots, IndexSums, members};
use super::log::{Check, Log};
use crate::release::{Level, Status};

/// What decides about one measure.
struct Plan<'a> {
    case: &'a Case<'a>,
    /// People per node.
    people: Vec<i64>,
    status: Vec<Status>,
    /// Whether a group of leaves may be known together.
    may_be_known: &'a dyn Fn(&[usize]) -> bool,
}

/// How many PBC groups stand behind a unit that does not tell, because fewer
/// than k people answered there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Untold {
    /// None.
    Fewest,
    /// As many as are wanted.
    Enough,
}

/// The statuses of a question, from the true answers per leaf.
pub(super) fn of_question(case: &Case<'_>, truth: &[Answers], untold: Untold) -> Vec<Status> {
    let sum = |leaves: &[usize]| Answers::sum(leaves.iter().filter_map(|leaf| truth.get(*leaf)));
    let is_safe = |leaves: &[usize]| {
        let (invited, groups) = (case.family.invited(leaves), groups(case, leaves, untold));
        case.limits.breaks(&sum(leaves), invited, groups).is_none()
    };
    let may_be_known = |leaves: &[usize]| {
        let total = sum(leaves);
        is_safe(leaves)
            && leaves
                .iter()
                .filter(|leaf| !is_safe(std::slice::from_ref(*leaf)))
                .all(|leaf| case.limits.leaves_room(&total, truth.get(*leaf).map_or(0, Answers::n)))
    };
    let nodes = || case.family.spots().map(|(_, spot)| spot.leaves.as_slice());
    let people: Vec<i64> = nodes().map(|leaves| sum(leaves).n()).collect();
    let primary = nodes().zip(&people).map(|(leaves, n)| match n {
        0 => Status::Empty,
        _ if is_safe(leaves) => Status::Shown,
        _ => Status::Hidden,
    });
    let status = primary.collect();
    Plan { case, people, status, may_be_known: &may_be_known }.run()
}

fn groups(case: &Case<'_>, leaves: &[usize], untold: Untold) -> Option<u64> {
    match untold {
        Untold::Enough => case.family.groups(leaves),
        Untold::Fewest => Some(case.family.fewest_groups(leaves)),
    }
}

/// The statuses of an index, from the ballots and the items that are shown.
pub(super) fn of_index(
    case: &Case<'_>,
    place: usize,
    ballots: &Ballots,
    untold: Untold,
) -> Vec<Status> {
    let members = members(case.release).get(place).cloned().unwrap_or_default();
    let shown: Vec<Vec<bool>> = members
        .iter()
        .map(|(item, _)| {
            let code = case.release.measures().get(*item).map_or("", |item| item.code.as_str());
            case.statuses(code).iter().map(|status| *status == Status::Shown).collect()
        })
        .collect();
    let whole: u64 = members.iter().map(|(_, weight)| u64::from(*weight)).sum();
    let is_available = |node: usize| {
        let own = members.iter().zip(&shown).filter(|(_, shown)| shown.get(node) == Some(&true));
        case.limits.is_enough_weight(own.map(|((_, weight), _)| u64::from(*weight)).sum(), whole)
    };
    let sums = |leaves: &[usize]| {
        leaves.iter().map(|leaf| ballots.index(*leaf, place)).fold(
            IndexSums::default(),
            |sum, more| IndexSums {
                people: sum.people + more.people,
                answered: sum.answered + more.answered,
                ..sum
            },
        )
    };
    let n = |leaves: &[usize]| i64::try_from(sums(leaves).people).unwrap_or(i64::MAX);
    let may_be_known = |leaves: &[usize]| {
        n(leaves) >= case.limits.k() && !case.limits.has_few_groups(groups(case, leaves, untold))
    };
    let nodes = || case.family.spots().map(|(node, spot)| (node, spot.leaves.as_slice()));
    let people: Vec<i64> = nodes().map(|(_, leaves)| n(leaves)).collect();
    let primary = nodes().zip(&people).map(|((node, leaves), n)| match n {
        0 => Status::Empty,
        _ if is_available(node) && may_be_known(leaves) => Status::Shown,
        _ => Status::Hidden,
    });
    let status = primary.collect();
    let mut status = Plan { case, people, status, may_be_known: &may_be_known }.run();
    for ((_, leaves), status) in nodes().zip(&mut status) {
        // Some answered, though nobody enough to have an index.
        if *status == Status::Empty && sums(leaves).answered > 0 {
            *status = Status::Hidden;
        }
    }
    status
}

/// Notes every cell whose status is not the one that the rule gives it. Where
/// that depends on numbers of PBC groups that are not told, nothing is said.
pub(super) fn compare(
    case: &Case<'_>,
    measure: &str,
    wanted: impl Fn(Untold) -> Vec<Status>,
    log: &mut Log,
) {
    let (wanted, other) = (wanted(Untold::Fewest), wanted(Untold::Enough));
    if wanted != other {
        return;
    }
    let found = case.statuses(measure);
    for ((_, spot), (wanted, found)) in case.family.spots().zip(wanted.into_iter().zip(found)) {
        log.test(Check::Status, wanted == found, (spot.code.as_str(), measure), || {
            format!("the rule gives the cell {}, the release {}", wanted.code(), found.code())
        });
    }
}

impl Plan<'_> {
    fn is(&self, node: usize, status: Status) -> bool {
        self.status.get(node) == Some(&status)
    }

    fn n(&self, node: usize) -> i64 {
        self.people.get(node).copied().unwrap_or(0)
    }

    fn set(&mut self, node: usize, status: Status) {
        if let Some(at) = self.status.get_mut(node) {
            *at = status;
        }
    }

    fn cost(&self, node: usize) -> u64 {
        self.case.family.get(node).map_or(0, |spot| match spot.level {
            Level::Pct => 2,
            Level::Cluster => 1,
            Level::Region => 100,
            Level::Nation => 1000,
        })
    }

    /// The first shown node that tells too much of what is hidden under it.
    fn failing(&self) -> Option<usize> {
        let shown: Vec<bool> = self.status.iter().map(|status| *status == Status::Shown).collect();
        let answered: Vec<bool> =
            self.status.iter().map(|status| *status != Status::Empty).collect();
        let rests = self.case.family.rests(&shown, &answered);
        rests
            .into_iter()
            .filter(|(_, leaves)| !(self.may_be_known)(leaves))
            .map(|(node, _)| node)
            .min_by_key(|node| (Reverse(self.case.family.depth(*node)), *node))
    }

    fn run(mut self) -> Vec<Status> {
        let family = &self.case.family;
        let mut secondary = Vec::new();
        while let Some(top) = self.failing() {
            let mut actions = vec![(self.cost(top), self.n(top), top, vec![top])];
            for leaf in family.leaves_of(top) {
                if !self.is(*leaf, Status::Shown) {
                    continue;
                }
                let between: Vec<usize> = (0..family.len())
                    .filter(|node| {
                        *node != top
                            && self.is(*node, Status::Shown)
                            && family.is_within(*leaf, *node)
                            && family.is_within(*node, top)
                    })
                    .collect();
                let cost = between.iter().map(|node| self.cost(*node)).sum();
                actions.push((cost, self.n(*leaf), *leaf, between));
            }
            let Some((.., hide)) = actions.into_iter().min() else { break };
            for node in hide {
                self.set(node, Status::Hidden);
                secondary.push(node);
            }
        }
        secondary.sort_by_key(|node| (Reverse(self.cost(*node)), Reverse(self.n(*node)), *node));
        for node in secondary {
            self.set(node, Status::Shown);
            if self.failing().is_some() {
                self.set(node, Status::Hidden);
            }
        }
        self.status
    }
}
