//! One question: what is shown of it, and what follows from that by
//! subtraction.
//!
//! Source: methods.md 9.8, points 2 and 3.

use std::collections::BTreeSet;

use super::answers::Answers;
use super::ballots::Ballots;
use super::elimination::{Atom, Puzzle, Total};
use super::log::{Check, Log};
use super::{Case, replay};
use crate::release::{Measure, Status};

/// One question of a release: statuses and answers per node.
pub(super) struct Question<'a> {
    case: &'a Case<'a>,
    measure: &'a Measure,
    place: usize,
    pub(super) shown: Vec<bool>,
    answered: Vec<bool>,
    /// Per node, the answers that the release publishes.
    totals: Vec<Option<Answers>>,
    /// Per leaf, the true answers, where ballots are at hand.
    pub(super) truth: Option<Vec<Answers>>,
}

impl<'a> Question<'a> {
    pub(super) fn new(
        case: &'a Case<'a>,
        place: usize,
        measure: &'a Measure,
        ballots: Option<&Ballots>,
    ) -> Self {
        let statuses = case.statuses(&measure.code);
        let published = |code: &crate::id::OrgCode| {
            let figures = case.release.cell(code, &measure.code)?.figures.as_ref()?;
            Some(Answers::of(measure, figures.counts.iter().copied()))
        };
        Self {
            case,
            measure,
            place,
            shown: statuses.iter().map(|status| *status == Status::Shown).collect(),
            answered: statuses.iter().map(|status| *status != Status::Empty).collect(),
            totals: case.family.spots().map(|(_, spot)| published(&spot.code)).collect(),
            truth: ballots.map(|ballots| ballots.answers(place, measure)),
        }
    }

    pub(super) fn test(&self, ballots: Option<&Ballots>, log: &mut Log) {
        self.test_cells(ballots, log);
        self.test_rests(log);
        self.puzzle().test(self.case.limits, log, &self.measure.code);
        if let Some(truth) = &self.truth {
            let wanted = |untold| replay::of_question(self.case, truth, untold);
            replay::compare(self.case, &self.measure.code, wanted, log);
        }
    }

    fn code(&self, node: usize) -> &str {
        self.case.family.get(node).map_or("", |spot| spot.code.as_str())
    }

    /// S0 to S3 of every shown cell, and whether it was counted from the ballots.
    fn test_cells(&self, ballots: Option<&Ballots>, log: &mut Log) {
        let family = &self.case.family;
        for (node, spot) in family.spots() {
            let Some(Some(answers)) = self.totals.get(node) else { continue };
            let at = (spot.code.as_str(), self.measure.code.as_str());
            let broken = self.case.limits.breaks(answers, spot.invited, spot.groups);
            log.test(Check::Safe, broken.is_none(), at, || {
                format!("a shown cell breaks {}", broken.unwrap_or_default())
            });
            if let (Some(truth), Some(ballots)) = (&self.truth, ballots) {
                let own = Answers::sum(spot.leaves.iter().filter_map(|leaf| truth.get(*leaf)));
                log.test(Check::Ballots, own.equal(answers), at, || {
                    "the answers are not those of the ballots".to_owned()
                });
                let figures = self
                    .case
                    .release
                    .cell(&spot.code, &self.measure.code)
                    .and_then(|cell| cell.figures.as_ref());
                let outside = ballots.outside(&spot.leaves, self.place);
                let fits = figures
                    .is_some_and(|figures| figures.n_q == spot.invited.saturating_sub(outside));
                log.test(Check::Ballots, fits, at, || {
                    "N_q is not the number of invited people whom it concerns".to_owned()
                });
            }
        }
    }

    /// R1 and R2 of what remains of each shown total.
    fn test_rests(&self, log: &mut Log) {
        let family = &self.case.family;
        let rests = family.rests(&self.shown, &self.answered);
        for (node, _) in family.spots().filter(|(node, _)| !family.is_leaf(*node)) {
            let Some(Some(total)) = self.totals.get(node) else { continue };
            let below = family.shown_below(node, &self.shown);
            let parts = below.iter().filter_map(|at| self.totals.get(*at)?.as_ref());
            let rest = total.clone().and(-1, &Answers::sum(parts));
            let at = (self.code(node), self.measure.code.as_str());
            let leaves = rests.get(&node).map_or(&[][..], Vec::as_slice);
            let fits = rest.are_possible() && (rest.n() > 0) != leaves.is_empty();
            log.test(Check::Files, fits, at, || {
                "the answers published do not add up to those of the nodes below".to_owned()
            });
            if leaves.is_empty() {
                continue;
            }
            let (invited, groups) = (family.invited(leaves), family.groups(leaves));
            let broken = self.case.limits.breaks(&rest, invited, groups);
            log.test(Check::Rest, broken.is_none(), at, || {
                format!("what remains of the total breaks {}", broken.unwrap_or_default())
            });
            self.test_room(&rest, leaves, at, log);
        }
    }

    /// R2. In one tree it is exact: nothing is known of a hidden leaf but its
    /// number of people and that their answers are among those of the rest, and
    /// any so many of those could be theirs.
    fn test_room(&self, rest: &Answers, leaves: &[usize], at: (&str, &str), log: &mut Log) {
        let Some(truth) = &self.truth else { return };
        for leaf in self.unsafe_among(leaves, truth) {
            let m = truth.get(leaf).map_or(0, Answers::n);
            let room = self.case.limits.leaves_room(rest, m);
            log.test(Check::Room, room, at, || {
                "the mean of a hidden unit can be told too closely".to_owned()
            });
        }
    }

    /// The leaves whose own answers are not safe.
    pub(super) fn unsafe_among(&self, leaves: &[usize], truth: &[Answers]) -> Vec<usize> {
        let is_unsafe = |leaf: &&usize| {
            let own = truth.get(**leaf).filter(|answers| answers.n() > 0);
            let spot = self.case.family.get(**leaf);
            own.zip(spot).is_some_and(|(answers, spot)| {
                self.case.limits.breaks(answers, spot.invited, spot.groups).is_some()
            })
        };
        leaves.iter().filter(is_unsafe).copied().collect()
    }

    /// The question as an attacker sees it: the leaves with answers, and every
    /// published total.
    fn puzzle(&self) -> Puzzle {
        let family = &self.case.family;
        let atoms = family
            .spots()
            .map(|(node, spot)| Atom {
                who: node,
                answers: self.truth.as_ref().and_then(|truth| truth.get(node).cloned()),
                invited: spot.invited,
                groups: spot.groups,
            })
            .collect();
        let has_answers = |leaf: &usize| self.answered.get(*leaf) == Some(&true);
        let totals = self.totals.iter().enumerate().filter_map(|(node, answers)| {
            let atoms: BTreeSet<usize> =
                family.leaves_of(node).iter().filter(|leaf| has_answers(leaf)).copied().collect();
            Some(Total { atoms, answers: answers.clone()? })
        });
        Puzzle { atoms, totals: totals.collect() }
    }

    /// The answers that the release publishes, per node.
    pub(super) fn totals(&self) -> &[Option<Answers>] {
        &self.totals
    }
}
