//! From every count to the figures that may be shown.

use std::collections::{BTreeMap, BTreeSet};

use super::Status;
use super::frame::Frame;
use super::indexes::IndexColumn;
use super::judges::Question;
use super::number::NumberCell;
use super::over_time::{Correction, Exposed, Past};
use super::root::root_figures;
use super::rule::{Group, Rule};
use super::safe::{ItemFigures, Protected, SafeOrg, SafeTable};
use super::suppress::suppress;
use crate::definition::Item;
use crate::id::{ItemCode, OrgCode, WaveCode};
use crate::statistics::{ItemCell, OrgFacts, Table, mean_estimate, share_estimate};

/// Why nothing can be protected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProtectError {
    /// The wave has a release; a second could be subtracted from it.
    #[error("wave {0} has been released; a second release could be subtracted from the first")]
    Released(WaveCode),
    /// The ballots were counted for indexes that need another share of their weight.
    #[error("the ballots were counted with another least weight of an index than the rule's")]
    MinWeight,
    /// What differs from a release that was published could be worked out.
    #[error(
        "the correction of wave {wave} would tell too few people apart: {} figures, the first {}",
        .exposed.len(), first(.exposed)
    )]
    Correction {
        /// The wave.
        wave: WaveCode,
        /// Every measure and node where that is so.
        exposed: Vec<Exposed>,
    },
}

fn first(exposed: &[Exposed]) -> String {
    exposed.first().map(|at| format!("{} at {}", at.measure, at.org)).unwrap_or_default()
}

/// Applies the rule to every cell of a wave's table, so that no hidden cell can
/// be worked out from the shown ones.
///
/// `past` are the releases published so far. There is one release per wave:
/// different waves are different unknowns and need no joint check (methods.md 9.6).
///
/// # Errors
/// The wave has been released before, or the table was counted with another
/// `min_weight`.
pub fn protect(
    table: &Table<'_>,
    rule: &Rule,
    wave: &WaveCode,
    past: &[Past],
) -> Result<SafeTable, ProtectError> {
    if past.iter().any(|release| &release.wave == wave) {
        return Err(ProtectError::Released(wave.clone()));
    }
    protected(table, rule, wave)
}

/// The same for another release of a wave: a correction, or the same ballots
/// with another partition of the tree. `before` are all its releases so far,
/// each with what differs from its ballots to those of the table.
///
/// # Errors
/// Somebody's answers could be told by subtracting the releases. Then publish a
/// note and keep the figures.
pub fn protect_correction(
    table: &Table<'_>,
    rule: &Rule,
    wave: &WaveCode,
    before: &[(Past, Correction)],
) -> Result<SafeTable, ProtectError> {
    let safe = protected(table, rule, wave)?;
    for (past, correction) in before {
        let both = |measure: &str| -> BTreeSet<OrgCode> {
            let mut now = safe.shown(measure);
            now.retain(|org| past.shown.get(measure).is_some_and(|then| then.contains(org)));
            now
        };
        let exposed = correction.exposes(table.survey(), table.tree(), rule, both);
        if !exposed.is_empty() {
            return Err(ProtectError::Correction { wave: wave.clone(), exposed });
        }
    }
    Ok(safe)
}

fn protected(table: &Table<'_>, rule: &Rule, wave: &WaveCode) -> Result<SafeTable, ProtectError> {
    if table.min_weight() != rule.min_weight() {
        return Err(ProtectError::MinWeight);
    }
    let work = Work { table, rule, frame: Frame::new(table.tree()), items: table.items() };
    let items: Vec<Column> = (0..work.items.len()).map(|item| work.item(item)).collect();
    let numbers: Vec<NumberColumn> = work.numbers();
    let by_code: BTreeMap<&ItemCode, usize> =
        work.items.iter().enumerate().map(|(place, item)| (item.code, place)).collect();
    let indexes: Vec<IndexColumn> = table
        .survey()
        .indexes
        .iter()
        .enumerate()
        .map(|(place, index)| work.index(place, index, &items, &by_code))
        .collect();
    let overall = work.overall(&indexes);
    let root_at = table.orgs().position(|facts| facts.node.parent.is_none());
    let number_codes = super::number::columns(table.survey());
    let shown_of_root = |code: &ItemCode| {
        let number = || number_codes.iter().position(|(_, _, own)| *own == code);
        let column = match by_code.get(code) {
            Some(place) => items.get(*place),
            None => number().and_then(|place| numbers.get(place)).map(|column| &column.status),
        };
        column.zip(root_at).and_then(|(column, at)| column.get(at)) == Some(&Status::Shown)
    };
    let root = root_figures(table, rule, shown_of_root);
    let columns = Columns { items, numbers, indexes, overall };
    Ok(SafeTable {
        wave: wave.clone(),
        survey: table.survey().clone(),
        rule: *rule,
        confidence: table.confidence(),
        orgs: table.orgs().enumerate().map(|(at, facts)| work.org(at, facts, &columns)).collect(),
        root,
    })
}

/// Every measure with its statuses.
struct Columns {
    items: Vec<Column>,
    numbers: Vec<NumberColumn>,
    indexes: Vec<IndexColumn>,
    overall: Option<Column>,
}

/// One question answered with a number: its statuses, and its figures per node.
struct NumberColumn {
    status: Column,
    cells: Vec<NumberCell>,
}

/// The statuses of one measure, per node in the frame's order.
pub(super) type Column = Vec<Status>;

/// What is worked on.
pub(super) struct Work<'a, 't> {
    pub(super) table: &'a Table<'t>,
    pub(super) rule: &'a Rule,
    pub(super) frame: Frame,
    pub(super) items: Vec<Item<'t>>,
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

    /// The questions that are answered with a number, in screen order.
    fn numbers(&self) -> Vec<NumberColumn> {
        let column = |(place, number, _)| {
            let orgs = self.table.orgs();
            let cells: Vec<NumberCell> = orgs
                .filter_map(|facts| {
                    let counts = self.table.counts(&facts.node.code, place)?;
                    Some(NumberCell::new(number, counts, facts.invited))
                })
                .collect();
            let groups = self.table.orgs().zip(&cells).map(|(facts, cell)| Group {
                answers: cell.answers.clone(),
                invited: facts.invited,
                groups: facts.groups,
            });
            let question = Question::new(self.rule, &self.frame, groups.collect());
            let status = question.map_or_else(
                || vec![Status::Hidden; self.frame.len()],
                |question| suppress(&self.frame, &question.without_scores()),
            );
            NumberColumn { status, cells }
        };
        super::number::columns(self.table.survey()).into_iter().map(column).collect()
    }

    fn org(&self, at: usize, facts: &OrgFacts, columns: &Columns) -> SafeOrg {
        let code = &facts.node.code;
        let status = |column: &Column| column.get(at).copied().unwrap_or(Status::Hidden);
        let tell = self.rule.may_tell(facts.responded);
        SafeOrg {
            node: facts.node.clone(),
            invited: facts.invited,
            responded: tell.then_some(facts.responded),
            groups: tell.then_some(facts.groups),
            items: columns
                .items
                .iter()
                .enumerate()
                .map(|(item, column)| {
                    Protected::of(status(column), || {
                        self.item_figures(self.table.cell(code, item)?)
                    })
                })
                .collect(),
            numbers: columns
                .numbers
                .iter()
                .map(|column| {
                    Protected::of(status(&column.status), || {
                        Some(column.cells.get(at)?.figures(self.table.confidence()))
                    })
                })
                .collect(),
            indexes: columns
                .indexes
                .iter()
                .enumerate()
                .map(|(index, column)| {
                    Protected::of(status(&column.status), || {
                        self.index_figures(facts, index, column.parts.get(at)?)
                    })
                })
                .collect(),
            overall: columns.overall.as_ref().map(|column| {
                Protected::of(status(column), || self.overall_figures(at, facts, &columns.indexes))
            }),
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
            answers: cell.answers.clone(),
        })
    }
}
