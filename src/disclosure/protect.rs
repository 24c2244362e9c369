//! From every count to the figures that may be shown.

use std::collections::BTreeMap;

use super::Status;
use super::frame::Frame;
use super::judges::{IndexNode, IndexPeople, Question};
use super::rule::{Group, Rule};
use super::suppress::suppress;
use crate::definition::{Index, Item, Survey};
use crate::id::{ItemCode, OrgCode, WaveCode};
use crate::register::Node;
use crate::statistics::{
    Confidence, IndexEstimate, ItemCell, MeanEstimate, OrgFacts, Part, ShareEstimate, Table,
    index_estimate, mean_estimate, share_estimate,
};

/// A cell after protection: figures exist only where they may be shown.
#[derive(Debug, Clone, PartialEq)]
pub enum Protected<T> {
    /// May be shown.
    Shown(T),
    /// Hidden for confidentiality.
    Hidden,
    /// No answers.
    Empty,
}

/// A release that was published before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// Its wave.
    pub wave: WaveCode,
}

/// Why nothing can be protected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProtectError {
    /// The wave has a release; a second could be subtracted from it.
    #[error("wave {0} has been released; a second release could be subtracted from the first")]
    Released(WaveCode),
}

/// The figures of one item at one node.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemFigures {
    /// Valid answers.
    pub n: u64,
    /// Invited people whom the item concerns.
    pub population: u64,
    /// The mean score.
    pub mean: MeanEstimate,
    /// The favourable (major) share.
    pub share: ShareEstimate,
    /// Valid answers per option in screen order; nought for the ways out.
    pub counts: Vec<u64>,
}

/// The figures of one index at one node.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexFigures {
    /// Invited people.
    pub invited: u64,
    /// The index.
    pub estimate: IndexEstimate,
    /// The items that it uses, in the index's order.
    pub used: Vec<ItemCode>,
}

/// One node of a safe table.
#[derive(Debug, Clone, PartialEq)]
pub struct SafeOrg {
    /// The node.
    pub node: Node,
    /// Invited people.
    pub invited: u64,
    /// Responses; none where there are some, but fewer than the rule's k.
    pub responded: Option<u64>,
    /// PBC groups among the respondents, where `responded` is told.
    pub groups: Option<u64>,
    /// Scored items in screen order.
    pub items: Vec<Protected<ItemFigures>>,
    /// Indexes in the survey's order.
    pub indexes: Vec<Protected<IndexFigures>>,
}

/// What may be shown of a wave, and nothing else. Only [`protect`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct SafeTable {
    wave: WaveCode,
    survey: Survey,
    rule: Rule,
    confidence: Confidence,
    orgs: Vec<SafeOrg>,
}

impl<T> Protected<T> {
    /// The status of the cell.
    #[must_use]
    pub fn status(&self) -> Status {
        match self {
            Self::Shown(_) => Status::Shown,
            Self::Hidden => Status::Hidden,
            Self::Empty => Status::Empty,
        }
    }

    /// The figures, if they may be shown.
    #[must_use]
    pub fn shown(&self) -> Option<&T> {
        match self {
            Self::Shown(figures) => Some(figures),
            Self::Hidden | Self::Empty => None,
        }
    }

    /// The figures under a status. Without figures nothing is shown.
    fn of(status: Status, figures: impl FnOnce() -> Option<T>) -> Self {
        match status {
            Status::Shown => figures().map_or(Self::Hidden, Self::Shown),
            Status::Hidden => Self::Hidden,
            Status::Empty => Self::Empty,
        }
    }
}

impl SafeTable {
    /// The wave.
    #[must_use]
    pub fn wave(&self) -> &WaveCode {
        &self.wave
    }

    /// The survey that was asked.
    #[must_use]
    pub fn survey(&self) -> &Survey {
        &self.survey
    }

    /// The rule that was applied.
    #[must_use]
    pub fn rule(&self) -> &Rule {
        &self.rule
    }

    /// The confidence of the intervals.
    #[must_use]
    pub fn confidence(&self) -> Confidence {
        self.confidence
    }

    /// Every node, by code.
    #[must_use]
    pub fn orgs(&self) -> &[SafeOrg] {
        &self.orgs
    }
}

/// Applies the rule to every cell of a wave's table, so that no hidden cell can
/// be worked out from the shown ones.
///
/// `past` are the releases published so far. One release per wave is the whole
/// rule over time at present: different waves are different unknowns and need no
/// joint audit (methods.md 9.6).
///
/// # Errors
/// The wave has been released before.
pub fn protect(
    table: &Table<'_>,
    rule: &Rule,
    wave: &WaveCode,
    past: &[Past],
) -> Result<SafeTable, ProtectError> {
    if past.iter().any(|release| &release.wave == wave) {
        return Err(ProtectError::Released(wave.clone()));
    }
    let work = Work { table, rule, frame: Frame::new(table.tree()), items: table.items() };
    let items: Vec<Column> = (0..work.items.len()).map(|item| work.item(item)).collect();
    let by_code: BTreeMap<&ItemCode, usize> =
        work.items.iter().enumerate().map(|(place, item)| (item.code, place)).collect();
    let indexes: Vec<IndexColumn> = table
        .survey()
        .indexes
        .iter()
        .enumerate()
        .map(|(place, index)| work.index(place, index, &items, &by_code))
        .collect();
    let orgs =
        table.orgs().enumerate().map(|(at, facts)| work.org(at, facts, &items, &indexes)).collect();
    Ok(SafeTable {
        wave: wave.clone(),
        survey: table.survey().clone(),
        rule: *rule,
        confidence: table.confidence(),
        orgs,
    })
}

/// The statuses of one measure, per node in the frame's order.
type Column = Vec<Status>;

/// One index: its statuses, and per node the items that it may use.
struct IndexColumn {
    status: Column,
    parts: Vec<Vec<Usable>>,
}

/// An item that an index may use at some node.
#[derive(Clone, Copy)]
struct Usable {
    /// Its place in the index.
    place: usize,
    /// Its place among the scored items.
    item: usize,
    weight: u32,
}

struct Work<'a, 't> {
    table: &'a Table<'t>,
    rule: &'a Rule,
    frame: Frame,
    items: Vec<Item<'t>>,
}

impl Work<'_, '_> {
    fn item(&self, item: usize) -> Column {
        let groups = self
            .table
            .orgs()
            .filter_map(|facts| {
                self.table.cell(&facts.node.code, item).map(|cell| Group {
                    answers: cell.answers.clone(),
                    invited: facts.invited,
                    groups: facts.groups,
                })
            })
            .collect();
        match Question::new(self.rule, &self.frame, groups) {
            Some(question) => suppress(&self.frame, &question),
            // A table has a cell for every node; were one missing, nothing is shown.
            None => vec![Status::Hidden; self.frame.len()],
        }
    }

    fn index(
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
        let mut status = suppress(&self.frame, &IndexPeople { rule: self.rule, nodes });
        for (status, answered) in status.iter_mut().zip(answered) {
            // Some answered, though nobody enough of the items.
            if answered && *status == Status::Empty {
                *status = Status::Hidden;
            }
        }
        IndexColumn { status, parts }
    }

    fn org(
        &self,
        at: usize,
        facts: &OrgFacts,
        items: &[Column],
        indexes: &[IndexColumn],
    ) -> SafeOrg {
        let code = &facts.node.code;
        let status = |column: &Column| column.get(at).copied().unwrap_or(Status::Hidden);
        let tell = self.rule.may_tell(facts.responded);
        SafeOrg {
            node: facts.node.clone(),
            invited: facts.invited,
            responded: tell.then_some(facts.responded),
            groups: tell.then_some(facts.groups),
            items: items
                .iter()
                .enumerate()
                .map(|(item, column)| {
                    Protected::of(status(column), || {
                        self.item_figures(self.table.cell(code, item)?)
                    })
                })
                .collect(),
            indexes: indexes
                .iter()
                .enumerate()
                .map(|(index, column)| {
                    Protected::of(status(&column.status), || {
                        self.index_figures(facts, index, column.parts.get(at)?)
                    })
                })
                .collect(),
        }
    }

    fn item_figures(&self, cell: &ItemCell) -> Option<ItemFigures> {
        let (n, population, sure) = (cell.answers.n(), cell.population, self.table.confidence());
        Some(ItemFigures {
            n,
            population,
            mean: mean_estimate(&cell.answers, population, sure)?,
            share: share_estimate(cell.answers.favourable(), n, population, sure)?,
            counts: cell.counts.clone(),
        })
    }

    fn index_figures(
        &self,
        facts: &OrgFacts,
        index: usize,
        usable: &[Usable],
    ) -> Option<IndexFigures> {
        let (org, sure): (&OrgCode, Confidence) = (&facts.node.code, self.table.confidence());
        let mut parts = Vec::new();
        let mut used = Vec::new();
        for part in usable {
            let cell = self.table.cell(org, part.item)?;
            let mean = mean_estimate(&cell.answers, cell.population, sure)?;
            parts.push(Part { place: part.place, weight: part.weight, mean });
            used.push(self.items.get(part.item)?.code.clone());
        }
        let counts = self.table.index(org, index)?;
        let estimate = index_estimate(counts, &parts, facts.invited, sure)?;
        Some(IndexFigures { invited: facts.invited, estimate, used })
    }
}
