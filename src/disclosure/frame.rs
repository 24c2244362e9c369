//! The tree as suppression walks it: nodes by number, in order of code.

use super::Status;
use crate::id::OrgCode;
use crate::register::{Level, Tree};

/// The tree's nodes by number.
pub(super) struct Frame {
    nodes: Vec<Spot>,
}

/// One node.
pub(super) struct Spot {
    pub(super) level: Level,
    /// Every node above, nearest first.
    pub(super) above: Vec<usize>,
}

/// A released node and the leaves of which only it tells.
///
/// Source: methods.md 9.3: every linear combination of released totals is made
/// of these.
pub(super) struct Residual {
    pub(super) node: usize,
    pub(super) leaves: Vec<usize>,
}

impl Frame {
    pub(super) fn new(tree: &Tree) -> Self {
        let codes: Vec<&OrgCode> = tree.nodes().map(|node| &node.code).collect();
        let place = |code: &OrgCode| codes.binary_search(&code).ok();
        let nodes = tree
            .nodes()
            .map(|node| {
                let mut above = Vec::new();
                let mut parent = node.parent.as_ref();
                while let Some(code) = parent {
                    above.extend(place(code));
                    parent = tree.get(code).and_then(|node| node.parent.as_ref());
                }
                Spot { level: node.level, above }
            })
            .collect();
        Self { nodes }
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn nodes(&self) -> impl Iterator<Item = (usize, &Spot)> {
        self.nodes.iter().enumerate()
    }

    pub(super) fn leaves(&self) -> impl Iterator<Item = (usize, &Spot)> {
        self.nodes().filter(|(_, spot)| spot.level == Level::Pct)
    }

    /// The leaves under a node.
    pub(super) fn leaves_under(&self, node: usize) -> impl Iterator<Item = usize> {
        self.leaves().filter(move |(_, spot)| spot.above.contains(&node)).map(|(leaf, _)| leaf)
    }

    /// What suppressing a node costs a reader.
    ///
    /// Source: methods.md 9.4: a PCT's page is worth more than a cluster's total.
    pub(super) fn cost(&self, node: usize) -> u64 {
        self.nodes.get(node).map_or(0, |spot| match spot.level {
            Level::Pct => 2,
            Level::Cluster => 1,
            Level::Region => 100,
            Level::Nation => 1000,
        })
    }

    /// The residuals of the released non-leaves, deepest node first, then by code.
    pub(super) fn residuals(&self, status: &[Status]) -> Vec<Residual> {
        let shown = |node: usize| status.get(node) == Some(&Status::Shown);
        let mut leaves_at: Vec<Vec<usize>> = vec![Vec::new(); self.len()];
        for (leaf, spot) in self.leaves() {
            if status.get(leaf) != Some(&Status::Hidden) {
                continue;
            }
            let nearest = spot.above.iter().find(|node| shown(**node));
            if let Some(leaves) = nearest.and_then(|node| leaves_at.get_mut(*node)) {
                leaves.push(leaf);
            }
        }
        let mut residuals: Vec<Residual> = leaves_at
            .into_iter()
            .enumerate()
            .filter(|(_, leaves)| !leaves.is_empty())
            .map(|(node, leaves)| Residual { node, leaves })
            .collect();
        residuals
            .sort_by_key(|residual| (std::cmp::Reverse(self.depth(residual.node)), residual.node));
        residuals
    }

    /// Everything that must be hidden so that `leaf` joins the residual of
    /// `node`: the leaf and each released node between the two.
    pub(super) fn between(&self, leaf: usize, node: usize, status: &[Status]) -> Vec<usize> {
        let above = self.nodes.get(leaf).map_or(&[][..], |spot| &spot.above);
        std::iter::once(leaf)
            .chain(above.iter().copied().take_while(|at| *at != node))
            .filter(|at| status.get(*at) == Some(&Status::Shown))
            .collect()
    }

    fn depth(&self, node: usize) -> usize {
        self.nodes.get(node).map_or(0, |spot| spot.above.len())
    }
}
