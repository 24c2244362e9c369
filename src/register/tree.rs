//! The tree of organisations that results are made for: nation, region,
//! cluster, reporting unit. Nothing below a reporting unit is ever a node.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::OrgCode;

/// How high a node stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// All regions.
    Nation,
    /// One SHA.
    Region,
    /// Some units of a region.
    Cluster,
    /// A reporting unit: the leaf.
    Pct,
}

/// One organisation in the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Its code; for a leaf the unit's slug.
    pub code: OrgCode,
    /// Its name for tables.
    pub name: String,
    /// How high it stands.
    pub level: Level,
    /// The node above, none for the root.
    pub parent: Option<OrgCode>,
}

/// A sound tree: one root, every parent present and higher, no cycles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    nodes: BTreeMap<OrgCode, Node>,
    root: OrgCode,
}

/// Why some nodes are not a tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// The same code twice.
    #[error("organisation {0} is listed twice")]
    Twice(OrgCode),
    /// No node without a parent, or more than one.
    #[error("a tree has one organisation without a parent; found {0:?}")]
    Roots(Vec<OrgCode>),
    /// The parent is not listed.
    #[error("organisation {child} names the parent {parent}, which is not listed")]
    NoParent {
        /// Who names it.
        child: OrgCode,
        /// What is missing.
        parent: OrgCode,
    },
    /// The parent does not stand higher.
    #[error("organisation {child} stands no lower than its parent {parent}")]
    Level {
        /// The lower one by the file.
        child: OrgCode,
        /// The higher one by the file.
        parent: OrgCode,
    },
}

impl Tree {
    /// A tree from its nodes in any order.
    ///
    /// # Errors
    /// Every way in which they are not a tree.
    pub fn new(list: impl IntoIterator<Item = Node>) -> Result<Self, Vec<TreeError>> {
        let mut nodes = BTreeMap::new();
        let mut errors = Vec::new();
        for node in list {
            let code = node.code.clone();
            if nodes.insert(code.clone(), node).is_some() {
                errors.push(TreeError::Twice(code));
            }
        }
        let roots: Vec<OrgCode> =
            nodes.values().filter(|n| n.parent.is_none()).map(|n| n.code.clone()).collect();
        for node in nodes.values() {
            let Some(parent) = &node.parent else { continue };
            let (child, parent_code) = (node.code.clone(), parent.clone());
            match nodes.get(parent) {
                None => errors.push(TreeError::NoParent { child, parent: parent_code }),
                Some(above) if above.level >= node.level => {
                    errors.push(TreeError::Level { child, parent: parent_code });
                }
                Some(_) => {}
            }
        }
        let root = if let [only] = roots.as_slice() {
            only.clone()
        } else {
            errors.push(TreeError::Roots(roots));
            return Err(errors);
        };
        if errors.is_empty() { Ok(Self { nodes, root }) } else { Err(errors) }
    }

    /// The top.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "`new` keeps the root among the nodes")]
    pub fn root(&self) -> &Node {
        &self.nodes[&self.root]
    }

    /// The node of this code.
    #[must_use]
    pub fn get(&self, code: &OrgCode) -> Option<&Node> {
        self.nodes.get(code)
    }

    /// Every node, by code.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.nodes.values()
    }

    /// The leaves, by code.
    pub fn leaves(&self) -> impl Iterator<Item = &Node> {
        self.nodes().filter(|n| n.level == Level::Pct)
    }

    /// Whether `code` is `above` itself or stands somewhere under it.
    #[must_use]
    pub fn is_within(&self, code: &OrgCode, above: &OrgCode) -> bool {
        let mut at = Some(code);
        while let Some(here) = at {
            if here == above {
                return true;
            }
            at = self.nodes.get(here).and_then(|n| n.parent.as_ref());
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(code: &str, level: Level, parent: Option<&str>) -> Node {
        Node {
            code: code.parse().expect("a code"),
            name: code.to_owned(),
            level,
            parent: parent.map(|p| p.parse().expect("a code")),
        }
    }

    #[test]
    fn a_tree_knows_its_leaves_and_who_stands_under_whom() {
        let tree = Tree::new([
            node("b", Level::Pct, Some("north")),
            node("eoe", Level::Region, None),
            node("north", Level::Cluster, Some("eoe")),
            node("a", Level::Pct, Some("eoe")),
        ])
        .expect("a tree");
        let code = |s: &str| s.parse::<OrgCode>().expect("a code");
        assert_eq!(tree.root().code, code("eoe"));
        assert_eq!(tree.leaves().map(|n| n.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert!(tree.is_within(&code("b"), &code("eoe")));
        assert!(!tree.is_within(&code("a"), &code("north")));
    }

    #[test]
    fn every_way_of_not_being_a_tree_is_named() {
        let errors = Tree::new([
            node("a", Level::Pct, Some("nowhere")),
            node("x", Level::Region, None),
            node("y", Level::Region, None),
            node("y", Level::Region, None),
        ])
        .expect_err("not a tree");
        assert_eq!(errors.len(), 3);
    }
}
