//! Suppression against a second, plain reading of methods.md 9.4: sets of codes
//! and lists of scores, slow and word for word.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use proptest::prelude::*;

use super::Status;
use super::frame::Frame;
use super::judges::Question;
use super::rule::{Group, Rule};
use super::suppress::suppress;
use crate::definition::Direction;
use crate::id::OrgCode;
use crate::register::{Level, Node, Tree};
use crate::statistics::Histogram;
use crate::tabulation::sample::{code, scale};

/// Answers per option and silent people of each unit.
type Units = BTreeMap<OrgCode, ([u64; 5], u64)>;

struct Plain<'a> {
    tree: &'a Tree,
    units: &'a Units,
    rule: Rule,
    status: BTreeMap<OrgCode, Status>,
}

impl Plain<'_> {
    fn sum(&self, of: &[OrgCode]) -> Group {
        let (mut people, mut invited) = ([0; 5], 0);
        for (answers, silent) in of.iter().filter_map(|unit| self.units.get(unit)) {
            for (sum, more) in people.iter_mut().zip(answers) {
                *sum += more;
            }
            invited += answers.iter().sum::<u64>() + silent;
        }
        Group { answers: Histogram::of(&scale(Direction::Progress), &people), invited, groups: 3 }
    }

    fn under(&self, node: &OrgCode) -> Vec<OrgCode> {
        self.units.keys().filter(|unit| self.tree.is_within(unit, node)).cloned().collect()
    }

    fn n(&self, node: &OrgCode) -> u64 {
        self.sum(&self.under(node)).answers.n()
    }

    fn is(&self, node: &OrgCode, status: Status) -> bool {
        self.status.get(node) == Some(&status)
    }

    fn released(&self) -> Vec<OrgCode> {
        self.status.keys().filter(|node| self.is(node, Status::Shown)).cloned().collect()
    }

    fn cost(&self, node: &OrgCode) -> u64 {
        match self.tree.get(node).map(|node| node.level) {
            Some(Level::Pct) => 2,
            Some(Level::Cluster) => 1,
            Some(Level::Region) => 100,
            _ => 1000,
        }
    }

    fn depth(&self, node: &OrgCode) -> usize {
        self.status.keys().filter(|above| self.tree.is_within(node, above)).count()
    }

    fn fails(&self, node: &OrgCode) -> bool {
        let covered = |unit: &OrgCode| {
            self.released().iter().any(|lower| {
                lower != node
                    && self.tree.is_within(lower, node)
                    && self.tree.is_within(unit, lower)
            })
        };
        let rest: Vec<OrgCode> = self
            .under(node)
            .into_iter()
            .filter(|unit| self.n(unit) > 0 && !covered(unit))
            .collect();
        let total = self.sum(&rest);
        let exposed = rest
            .iter()
            .filter(|unit| !self.rule.is_safe(&self.sum(std::slice::from_ref(*unit))))
            .any(|unit| !self.rule.leaves_room(&total.answers, self.n(unit)));
        !rest.is_empty() && (!self.rule.is_safe(&total) || exposed)
    }

    fn failing(&self) -> Option<OrgCode> {
        self.released()
            .into_iter()
            .filter(|node| !self.units.contains_key(node) && self.fails(node))
            .min_by_key(|node| (Reverse(self.depth(node)), node.clone()))
    }

    fn run(&mut self) {
        for node in self.tree.nodes().map(|node| node.code.clone()) {
            let group = self.sum(&self.under(&node));
            let status = match group.answers.n() {
                0 => Status::Empty,
                _ if self.rule.is_safe(&group) => Status::Shown,
                _ => Status::Hidden,
            };
            self.status.insert(node, status);
        }
        let mut secondary = Vec::new();
        while let Some(node) = self.failing() {
            let mut actions =
                vec![(self.cost(&node), self.n(&node), node.clone(), vec![node.clone()])];
            for unit in self.under(&node).into_iter().filter(|unit| self.is(unit, Status::Shown)) {
                let between: Vec<OrgCode> = self
                    .released()
                    .into_iter()
                    .filter(|at| {
                        *at != node
                            && self.tree.is_within(at, &node)
                            && self.tree.is_within(&unit, at)
                    })
                    .collect();
                let cost = between.iter().map(|at| self.cost(at)).sum();
                actions.push((cost, self.n(&unit), unit, between));
            }
            let (.., hide) = actions.into_iter().min().expect("at least itself");
            for at in hide {
                self.status.insert(at.clone(), Status::Hidden);
                secondary.push(at);
            }
        }
        secondary.sort_by_key(|at| (Reverse(self.cost(at)), Reverse(self.n(at)), at.clone()));
        for at in secondary {
            self.status.insert(at.clone(), Status::Shown);
            if self.failing().is_some() {
                self.status.insert(at, Status::Hidden);
            }
        }
    }
}

/// A nation of two regions, each with two clusters, and units anywhere below.
fn tree(parents: &[usize]) -> Tree {
    let node = |of: &str, level, parent: Option<&str>| Node {
        code: code(of),
        name: of.to_owned(),
        level,
        parent: parent.map(code),
    };
    let above = ["north", "south", "n1", "n2", "s1", "s2"];
    let mut nodes = vec![
        node("all", Level::Nation, None),
        node("north", Level::Region, Some("all")),
        node("south", Level::Region, Some("all")),
    ];
    for cluster in ["n1", "n2", "s1", "s2"] {
        let region = if cluster.starts_with('n') { "north" } else { "south" };
        nodes.push(node(cluster, Level::Cluster, Some(region)));
    }
    for (at, parent) in parents.iter().enumerate() {
        nodes.push(node(&format!("u{at}"), Level::Pct, Some(above[*parent])));
    }
    Tree::new(nodes).expect("a tree")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn suppression_does_what_the_document_says_word_for_word(
        units in prop::collection::vec((0_usize..6, prop::array::uniform5(0_u64..3), 0_u64..3), 1..16),
    ) {
        let parents: Vec<usize> = units.iter().map(|unit| unit.0).collect();
        let tree = tree(&parents);
        let answers: Units = units
            .iter()
            .enumerate()
            .map(|(at, (_, people, silent))| (code(&format!("u{at}")), (*people, *silent)))
            .collect();
        let (rule, status) = (Rule::default(), BTreeMap::new());
        let mut plain = Plain { tree: &tree, units: &answers, rule, status };
        plain.run();
        let frame = Frame::new(&tree);
        let groups = tree.nodes().map(|node| plain.sum(&plain.under(&node.code))).collect();
        // Three groups everywhere, so that only answers decide here.
        let question = Question::new(&rule, &frame, groups).expect("one for each node");
        let found: Vec<Status> = suppress(&frame, &question);
        let wanted: Vec<Status> = plain.status.values().copied().collect();
        prop_assert_eq!(&found, &wanted);
        // Nothing is hidden in vain: shown alone, whatever else is hidden would
        // tell too much.
        let codes: Vec<OrgCode> = plain.status.keys().cloned().collect();
        for (code, status) in codes.into_iter().zip(found) {
            let own = plain.sum(&plain.under(&code));
            if status == Status::Hidden && rule.is_safe(&own) {
                plain.status.insert(code.clone(), Status::Shown);
                prop_assert!(plain.failing().is_some(), "{} could be shown", code);
                plain.status.insert(code, Status::Hidden);
            }
        }
    }
}
