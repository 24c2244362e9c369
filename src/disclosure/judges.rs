//! What may be shown of a question, and what of an index.

use super::frame::Frame;
use super::rule::{Group, Part, Rule};
use super::suppress::Judge;

/// One question: every group is judged by its answers (S0 to S3), every total
/// that can be worked out by R1 and R2.
pub(super) struct Question<'a> {
    rule: &'a Rule,
    /// Per node, in the frame's order.
    groups: Vec<Group>,
    /// Whether answers have scores; without them R2 has no meaning.
    scored: bool,
}

/// One index: judged by the number of people with an index of their own (S0, S1).
///
/// Source: methods.md 9.5. Without it the rank sums behind comparisons would
/// subtract to those of a hidden unit.
pub(super) struct IndexPeople<'a> {
    pub(super) rule: &'a Rule,
    /// Per node, in the frame's order.
    pub(super) nodes: Vec<IndexNode>,
}

/// One node of an index.
#[derive(Debug, Clone, Copy)]
pub(super) struct IndexNode {
    /// People with an index of their own.
    pub(super) people: u64,
    /// PBC groups among the respondents.
    pub(super) groups: u64,
    /// Whether enough of its items are shown.
    pub(super) available: bool,
}

impl<'a> Question<'a> {
    /// The scored question of these groups, one per node in the frame's order;
    /// none if there is not one for each node.
    pub(super) fn new(rule: &'a Rule, frame: &Frame, groups: Vec<Group>) -> Option<Self> {
        (groups.len() == frame.len()).then_some(Self { rule, groups, scored: true })
    }

    /// The same question without scores: numbers in bands.
    ///
    /// Source: methods.md 15.
    pub(super) fn without_scores(self) -> Self {
        Self { scored: false, ..self }
    }

    fn leaves_room(&self, total: &Group, leaves: &[usize]) -> bool {
        let unsafe_leaves = leaves.iter().filter(|leaf| !self.is_safe(**leaf));
        let mut people = unsafe_leaves.map(|leaf| self.people(*leaf));
        !self.scored || people.all(|hidden| self.rule.leaves_room(&total.answers, hidden))
    }

    fn sum(&self, leaves: &[usize]) -> Option<Group> {
        leaves.iter().filter_map(|leaf| self.groups.get(*leaf)).cloned().reduce(|sum, more| Group {
            answers: sum.answers.plus(&more.answers),
            invited: sum.invited + more.invited,
            groups: sum.groups + more.groups,
        })
    }
}

impl Judge for Question<'_> {
    fn people(&self, node: usize) -> u64 {
        self.groups.get(node).map_or(0, |group| group.answers.n())
    }

    fn is_safe(&self, node: usize) -> bool {
        self.groups.get(node).is_some_and(|group| self.rule.is_safe(group))
    }

    fn is_safe_total(&self, leaves: &[usize]) -> bool {
        self.sum(leaves).is_some_and(|total| {
            (self.rule.is_safe(&total) || !self.rule.has(Part::Rest))
                && self.leaves_room(&total, leaves)
        })
    }

    fn has(&self, part: Part) -> bool {
        self.rule.has(part)
    }
}

impl Judge for IndexPeople<'_> {
    fn people(&self, node: usize) -> u64 {
        self.nodes.get(node).map_or(0, |at| at.people)
    }

    fn is_safe(&self, node: usize) -> bool {
        self.nodes.get(node).is_some_and(|at| at.available && self.is_large(at.people, at.groups))
    }

    fn is_safe_total(&self, leaves: &[usize]) -> bool {
        let nodes = || leaves.iter().filter_map(|leaf| self.nodes.get(*leaf));
        let people = nodes().map(|at| at.people).sum();
        let groups = nodes().map(|at| at.groups).sum();
        self.is_large(people, groups)
    }

    fn has(&self, part: Part) -> bool {
        self.rule.has(part)
    }
}

impl IndexPeople<'_> {
    fn is_large(&self, people: u64, groups: u64) -> bool {
        self.rule.is_large(people, groups) || !self.rule.has(Part::Index)
    }
}
