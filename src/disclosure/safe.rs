//! What may be shown of a wave. Nothing else in the house holds a figure that
//! anybody may see, and a figure of a hidden cell has no place here.

use std::collections::{BTreeMap, BTreeSet};

use super::Status;
use super::number::columns as numbers;
use super::root::RootFigures;
use super::rule::Rule;
use crate::definition::Survey;
use crate::id::{IndexCode, ItemCode, OrgCode, WaveCode};
use crate::register::Node;
use crate::statistics::{Confidence, Histogram, IndexEstimate, MeanEstimate, Part, ShareEstimate};
use crate::tabulation::{IndexCounts, IndexValue};

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
    /// The same answers by score: what comparisons are made from, so that none
    /// can be made from a hidden cell.
    pub answers: Histogram,
}

/// The figures of one question that is answered with a number.
///
/// Source: methods.md 15.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberFigures {
    /// Valid answers.
    pub n: u64,
    /// Invited people whom the question concerns.
    pub population: u64,
    /// The share of answers within the favourable bands; none if no band is called so.
    pub share: Option<ShareEstimate>,
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
    /// People by their own index: what comparisons are made from. It is never
    /// shown itself.
    pub values: BTreeMap<IndexValue, u64>,
}

/// What the overall index of one node is made from, where it may be shown: all
/// its progress indexes are, and enough people have an overall index of their
/// own.
///
/// Source: methods.md 2 and 9.5.
#[derive(Debug, Clone, PartialEq)]
pub struct OverallFigures {
    /// Invited people.
    pub invited: u64,
    /// Counts over the items of all progress indexes, in the ballot's order; the
    /// people by their own overall index are never shown themselves.
    pub counts: IndexCounts,
    /// Per progress index, the items that it uses; their places are those in
    /// `counts`.
    pub domains: Vec<(IndexCode, Vec<(Part, ItemCode)>)>,
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
    /// Questions answered with a number, in screen order.
    pub numbers: Vec<Protected<NumberFigures>>,
    /// Indexes in the survey's order.
    pub indexes: Vec<Protected<IndexFigures>>,
    /// The overall index; none if no index of the survey is one of progress.
    pub overall: Option<Protected<OverallFigures>>,
}

/// What may be shown of a wave, and nothing else. Only [`super::protect`] and
/// [`super::protect_correction`] make one.
#[derive(Debug, Clone, PartialEq)]
pub struct SafeTable {
    pub(super) wave: WaveCode,
    pub(super) survey: Survey,
    pub(super) rule: Rule,
    pub(super) confidence: Confidence,
    pub(super) orgs: Vec<SafeOrg>,
    pub(super) root: RootFigures,
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
    pub(super) fn of(status: Status, figures: impl FnOnce() -> Option<T>) -> Self {
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

    /// The nodes whose cell of this measure is shown.
    #[must_use]
    pub fn shown(&self, measure: &str) -> BTreeSet<OrgCode> {
        let shown = self.statuses(measure).filter(|(_, status)| *status == Status::Shown);
        shown.map(|(org, _)| org.clone()).collect()
    }

    /// The status of each node's cell of a measure, by the node's code. The
    /// measure that is no item, number or index is the overall index.
    pub fn statuses(&self, measure: &str) -> impl Iterator<Item = (&OrgCode, Status)> {
        let survey = &self.survey;
        let scored = survey.items().filter(|item| item.scale().is_some());
        let item = scored.map(|item| item.code).position(|code| code.as_str() == measure);
        let number = numbers(survey).iter().position(|(_, _, code)| code.as_str() == measure);
        let index = survey.indexes.iter().position(|index| index.code.as_str() == measure);
        let status = move |org: &SafeOrg| match (item, number, index) {
            (Some(at), ..) => org.items.get(at).map(Protected::status),
            (_, Some(at), _) => org.numbers.get(at).map(Protected::status),
            (.., Some(at)) => org.indexes.get(at).map(Protected::status),
            _ => org.overall.as_ref().map(Protected::status),
        };
        let or_hidden = move |org| status(org).unwrap_or(Status::Hidden);
        self.orgs.iter().map(move |org| (&org.node.code, or_hidden(org)))
    }

    /// What may be shown of the root alone.
    #[must_use]
    pub fn root(&self) -> &RootFigures {
        &self.root
    }
}
