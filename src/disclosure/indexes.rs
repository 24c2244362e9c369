//! Indexes and the overall index: shown where their items are and where enough
//! people stand behind them.
//!
//! Source: methods.md 2 and 9.5.

use std::collections::BTreeMap;

use super::Status;
use super::judges::{IndexNode, IndexPeople};
use super::protect::{Column, Work};
use super::safe::{IndexFigures, OverallFigures};
use super::suppress::suppress;
use crate::definition::{Direction, Index};
use crate::id::{ItemCode, OrgCode};
use crate::statistics::{Confidence, OrgFacts, Part, index_estimate, mean_estimate};

/// One index: its statuses, and per node the items that it may use.
pub(super) struct IndexColumn {
    pub(super) status: Column,
    pub(super) parts: Vec<Vec<Usable>>,
}

/// An item that an index may use at some node.
#[derive(Clone, Copy)]
pub(super) struct Usable {
    /// Its place in the index.
    place: usize,
    /// Its place among the scored items.
    item: usize,
    weight: u32,
}

impl Work<'_, '_> {
    pub(super) fn index(
        &self,
        place: usize,
        index: &Index,
        items: &[Column],
        by_code: &BTreeMap<&ItemCode, usize>,
    ) -> IndexColumn {
        let all: u64 = index.items.iter().map(|(_, weight)| u64::from(*weight)).sum();
        let usable: Vec<Usable> = index
            .items
            .iter()
            .enumerate()
            .filter_map(|(place, (code, weight))| {
                by_code.get(code).map(|item| Usable { place, item: *item, weight: *weight })
            })
            .collect();
        let shown_at = |node: usize, part: &Usable| {
            items.get(part.item).and_then(|column| column.get(node)) == Some(&Status::Shown)
        };
        let parts: Vec<Vec<Usable>> = (0..self.frame.len())
            .map(|node| usable.iter().filter(|part| shown_at(node, part)).copied().collect())
            .collect();
        let weight_of = |answered: &[bool]| -> u64 {
            index
                .items
                .iter()
                .zip(answered)
                .filter(|(_, answered)| **answered)
                .map(|((_, weight), _)| u64::from(*weight))
                .sum()
        };
        let mut nodes = Vec::new();
        let mut answered = Vec::new();
        for (facts, parts) in self.table.orgs().zip(&parts) {
            let counts = self.table.index(&facts.node.code, place);
            let people = |wanted: &dyn Fn(&[bool]) -> bool| counts.map_or(0, |c| c.people(wanted));
            let weight = parts.iter().map(|part| u64::from(part.weight)).sum();
            answered.push(people(&|answered| answered.contains(&true)) > 0);
            nodes.push(IndexNode {
                people: people(&|answered| self.rule.is_enough_weight(weight_of(answered), all)),
                groups: facts.groups,
                available: self.rule.is_enough_weight(weight, all),
            });
        }
        let status = self.index_statuses(nodes, &answered);
        IndexColumn { status, parts }
    }

    pub(super) fn index_figures(
        &self,
        facts: &OrgFacts,
        index: usize,
        usable: &[Usable],
    ) -> Option<IndexFigures> {
        let (org, sure): (&OrgCode, Confidence) = (&facts.node.code, self.table.confidence());
        let (parts, used): (Vec<Part>, Vec<ItemCode>) =
            self.parts(facts, usable)?.into_iter().unzip();
        let counts = self.table.index(org, index)?;
        let estimate = index_estimate(counts, &parts, facts.invited, sure)?;
        let values = counts.values().clone();
        Some(IndexFigures { invited: facts.invited, estimate, used, values })
    }

    /// The progress indexes, by their places, and the items of all of them in
    /// the ballot's order.
    fn progress(&self) -> (Vec<usize>, Vec<&ItemCode>) {
        let survey = self.table.survey();
        let is_progress = |code: &ItemCode| {
            let item = self.items.iter().find(|item| item.code == code);
            let scale = item.and_then(|item| item.scale());
            scale.is_some_and(|scale| scale.direction == Direction::Progress)
        };
        let indexes = survey.indexes.iter().enumerate();
        let (places, indexes): (Vec<usize>, Vec<&Index>) = indexes
            .filter(|(_, index)| index.items.iter().all(|(code, _)| is_progress(code)))
            .unzip();
        let within = |code: &ItemCode| {
            indexes.iter().any(|index| index.items.iter().any(|(own, _)| own == code))
        };
        (places, survey.items().map(|item| item.code).filter(|code| within(code)).collect())
    }

    /// The statuses of the overall index: shown only where every progress index
    /// is, and where enough people have an overall index of their own.
    pub(super) fn overall(&self, indexes: &[IndexColumn]) -> Option<Column> {
        let (places, _) = self.progress();
        let columns: Vec<&IndexColumn> = places.iter().filter_map(|at| indexes.get(*at)).collect();
        if columns.is_empty() {
            return None;
        }
        let is_shown =
            |at: usize| columns.iter().all(|column| column.status.get(at) == Some(&Status::Shown));
        let mut nodes = Vec::new();
        let mut answered = Vec::new();
        for (at, facts) in self.table.orgs().enumerate() {
            let counts = self.table.overall(&facts.node.code);
            answered
                .push(counts.is_some_and(|counts| counts.people(|own| own.contains(&true)) > 0));
            nodes.push(IndexNode {
                people: counts.map_or(0, |counts| counts.values().values().sum()),
                groups: facts.groups,
                available: is_shown(at),
            });
        }
        Some(self.index_statuses(nodes, &answered))
    }

    pub(super) fn overall_figures(
        &self,
        at: usize,
        facts: &OrgFacts,
        indexes: &[IndexColumn],
    ) -> Option<OverallFigures> {
        let (places, items) = self.progress();
        let mut domains = Vec::new();
        for place in places {
            let index = self.table.survey().indexes.get(place)?;
            let mut parts = self.parts(facts, indexes.get(place)?.parts.get(at)?)?;
            for (part, code) in &mut parts {
                part.place = items.iter().position(|item| *item == &*code)?;
            }
            domains.push((index.code.clone(), parts));
        }
        let counts = self.table.overall(&facts.node.code)?.clone();
        Some(OverallFigures { invited: facts.invited, counts, domains })
    }

    /// The statuses of an index, judged by its people.
    fn index_statuses(&self, nodes: Vec<IndexNode>, answered: &[bool]) -> Column {
        let mut status = suppress(&self.frame, &IndexPeople { rule: self.rule, nodes });
        for (status, answered) in status.iter_mut().zip(answered) {
            // Some answered, though nobody enough of the items.
            if *answered && *status == Status::Empty {
                *status = Status::Hidden;
            }
        }
        status
    }

    /// The items that an index uses at a node, with their means.
    fn parts(&self, facts: &OrgFacts, usable: &[Usable]) -> Option<Vec<(Part, ItemCode)>> {
        let part = |part: &Usable| {
            let cell = self.table.cell(&facts.node.code, part.item)?;
            let mean = mean_estimate(&cell.answers, cell.population, self.table.confidence())?;
            let code = self.items.get(part.item)?.code.clone();
            Some((Part { place: part.place, weight: part.weight, mean }, code))
        };
        usable.iter().map(part).collect()
    }
}
