//! Every count of a wave, for every node of the tree: what disclosure control
//! judges. Nothing in it may be shown before that.

use std::collections::BTreeMap;

use super::{Confidence, Histogram};
use crate::definition::{Counts, Direction, Item, Scale, Survey};
use crate::id::{ItemCode, OrgCode};
use crate::register::{Level, Node, Tree};
use crate::tabulation::{
    Complete, IndexCounts, IndexValue, ItemCounts, LeafCounts, MinWeight, Tally,
};

/// Why counts, tree and invitations do not belong together.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// The tally counts another survey.
    #[error("the ballots were counted for another survey")]
    OtherSurvey,
    /// Ballots were counted for a unit that is no leaf of the tree.
    #[error("ballots were counted for {0}, which is no reporting unit in the tree")]
    UnknownLeaf(OrgCode),
    /// More people answered an item than were invited and concerned by it.
    #[error("{org}: {n} answers to {item}, but {population} people could answer")]
    TooManyAnswers {
        /// Where.
        org: OrgCode,
        /// The item.
        item: ItemCode,
        /// Valid answers.
        n: u64,
        /// Invited people less those whom the item does not concern.
        population: u64,
    },
    /// More people responded than were invited.
    #[error("{org}: {responded} responses from {invited} invited people")]
    TooManyResponses {
        /// Where.
        org: OrgCode,
        /// Responses.
        responded: u64,
        /// Invited people.
        invited: u64,
    },
}

/// One node with its participation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgFacts {
    /// The node.
    pub node: Node,
    /// Invited people.
    pub invited: u64,
    /// Responses.
    pub responded: u64,
    /// PBC groups among the respondents.
    pub groups: u64,
}

/// The answers of one node to one scored item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemCell {
    /// Valid answers by score.
    pub answers: Histogram,
    /// Invited people less those whom the item does not concern.
    pub population: u64,
    /// Valid answers per option in screen order; nought for the ways out.
    pub counts: Vec<u64>,
}

/// The counts of one node.
#[derive(Debug, Clone, PartialEq, Eq)]
struct NodeCounts {
    facts: OrgFacts,
    counts: Vec<ItemCounts>,
    items: Vec<ItemCell>,
    indexes: Vec<IndexCounts>,
    overall: Option<IndexCounts>,
}

/// Every count of a wave, node by node.
#[derive(Debug, Clone, PartialEq)]
pub struct Table<'a> {
    survey: &'a Survey,
    tree: &'a Tree,
    confidence: Confidence,
    nodes: BTreeMap<OrgCode, NodeCounts>,
    min_weight: MinWeight,
    complete: Vec<Complete>,
    barriers: Vec<(ItemCode, BTreeMap<IndexValue, Vec<u64>>)>,
}

impl<'a> Table<'a> {
    /// The table of a wave. `invited` and `groups` (PBC groups among the
    /// respondents) are per leaf; a leaf without an entry has none.
    ///
    /// # Errors
    /// The parts do not belong together, or more people answered than could: every
    /// such node and item at once.
    pub fn new(
        survey: &'a Survey,
        tree: &'a Tree,
        tally: &Tally,
        invited: &BTreeMap<OrgCode, u32>,
        groups: &BTreeMap<OrgCode, u32>,
        confidence: Confidence,
    ) -> Result<Self, Vec<TableError>> {
        if !tally.counts(survey) {
            return Err(vec![TableError::OtherSurvey]);
        }
        let leaves: Vec<&OrgCode> = tree.leaves().map(|node| &node.code).collect();
        let strangers = tally.leaves().filter(|(code, _)| !leaves.contains(code));
        let mut errors: Vec<TableError> =
            strangers.map(|(code, _)| TableError::UnknownLeaf(code.clone())).collect();
        let mut nodes = BTreeMap::new();
        for node in tree.nodes() {
            let under: Vec<&OrgCode> =
                leaves.iter().copied().filter(|leaf| tree.is_within(leaf, &node.code)).collect();
            let counts = tally.sum(under.iter().copied());
            let facts = OrgFacts {
                node: node.clone(),
                invited: total(&under, invited),
                responded: counts.responded(),
                groups: total(&under, groups),
            };
            nodes.insert(node.code.clone(), NodeCounts::new(survey, facts, &counts, &mut errors));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let barriers = scored(survey)
            .into_iter()
            .filter(|(_, _, scale)| scale.direction == Direction::Barrier)
            .map(|(place, item, _)| (item.code.clone(), tally.barrier(place)))
            .collect();
        let (min_weight, complete) = (tally.min_weight(), tally.complete().to_vec());
        Ok(Self { survey, tree, confidence, nodes, min_weight, complete, barriers })
    }

    /// The survey that was asked.
    #[must_use]
    pub fn survey(&self) -> &'a Survey {
        self.survey
    }

    /// The tree that the table covers.
    #[must_use]
    pub fn tree(&self) -> &'a Tree {
        self.tree
    }

    /// The confidence of intervals made from the table.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// The scored items, in the order of [`Table::cell`].
    #[must_use]
    pub fn items(&self) -> Vec<Item<'a>> {
        scored(self.survey).into_iter().map(|(_, item, _)| item).collect()
    }

    /// Every node's participation, by code.
    pub fn orgs(&self) -> impl Iterator<Item = &OrgFacts> {
        self.nodes.values().map(|node| &node.facts)
    }

    /// The answers of a node to the scored item at this place.
    #[must_use]
    pub fn cell(&self, org: &OrgCode, item: usize) -> Option<&ItemCell> {
        self.nodes.get(org)?.items.get(item)
    }

    /// The counts of a node in the column at this place of the ballot.
    #[must_use]
    pub fn counts(&self, org: &OrgCode, column: usize) -> Option<&ItemCounts> {
        self.nodes.get(org)?.counts.get(column)
    }

    /// The counts of a node for the index at this place of the survey.
    #[must_use]
    pub fn index(&self, org: &OrgCode, index: usize) -> Option<&IndexCounts> {
        self.nodes.get(org)?.indexes.get(index)
    }

    /// The counts of a node for the items of all progress indexes as one.
    #[must_use]
    pub fn overall(&self, org: &OrgCode) -> Option<&IndexCounts> {
        self.nodes.get(org)?.overall.as_ref()
    }

    /// The share of an index's weight that a person had to answer to have one.
    #[must_use]
    pub fn min_weight(&self) -> MinWeight {
        self.min_weight
    }

    /// Per index of the survey: the people of all units who answered all its items.
    #[must_use]
    pub fn complete(&self) -> &[Complete] {
        &self.complete
    }

    /// Per barrier: the people of all units by their own overall index and by the
    /// option that they chose.
    #[must_use]
    pub fn barriers(&self) -> &[(ItemCode, BTreeMap<IndexValue, Vec<u64>>)] {
        &self.barriers
    }
}

impl NodeCounts {
    fn new(
        survey: &Survey,
        facts: OrgFacts,
        counts: &LeafCounts,
        errors: &mut Vec<TableError>,
    ) -> Self {
        let org = &facts.node.code;
        if facts.node.level == Level::Pct && facts.responded > facts.invited {
            errors.push(TableError::TooManyResponses {
                org: org.clone(),
                responded: facts.responded,
                invited: facts.invited,
            });
        }
        let mut items = Vec::new();
        for (place, item, scale) in scored(survey) {
            let Some(people) = counts.items().get(place) else { continue };
            let cell = ItemCell::new(scale, people, facts.invited);
            if cell.answers.n() > cell.population {
                errors.push(TableError::TooManyAnswers {
                    org: org.clone(),
                    item: item.code.clone(),
                    n: cell.answers.n(),
                    population: cell.population,
                });
            }
            items.push(cell);
        }
        let indexes = counts.indexes().to_vec();
        let overall = counts.overall().cloned();
        Self { items, indexes, overall, counts: counts.items().to_vec(), facts }
    }
}

impl ItemCell {
    /// Source: methods.md 1: "does not apply" leaves the item's population, and
    /// so does everybody whose earlier answers say that the item does not.
    fn new(scale: &Scale, counts: &ItemCounts, invited: u64) -> Self {
        let people = &counts.options;
        let mut outside = counts.not_asked;
        let counts = scale
            .options
            .iter()
            .zip(people)
            .map(|(option, people)| match option.counts {
                Counts::Scored { .. } => *people,
                Counts::NotApplicable => {
                    outside += people;
                    0
                }
                Counts::Plain | Counts::Band { .. } | Counts::DontKnow => 0,
            })
            .collect();
        let population = invited.saturating_sub(outside);
        Self { answers: Histogram::of(scale, people), population, counts }
    }
}

/// The scored items with their places in the ballot.
fn scored(survey: &Survey) -> Vec<(usize, Item<'_>, &Scale)> {
    survey
        .columns()
        .enumerate()
        .filter_map(|(place, column)| column.scale().map(|scale| (place, column.item, scale)))
        .collect()
}

fn total(leaves: &[&OrgCode], per_leaf: &BTreeMap<OrgCode, u32>) -> u64 {
    leaves.iter().filter_map(|leaf| per_leaf.get(*leaf)).copied().map(u64::from).sum()
}
