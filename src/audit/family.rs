//! The tree of a release by number, nodes in order of their codes.

use std::collections::BTreeMap;

use crate::id::OrgCode;
use crate::release::{Level, Release};

/// The tree.
pub(super) struct Family {
    spots: Vec<Spot>,
}

/// One node.
pub(super) struct Spot {
    pub(super) code: OrgCode,
    pub(super) level: Level,
    pub(super) invited: u64,
    /// PBC groups among the respondents; none where that is not told.
    pub(super) groups: Option<u64>,
    /// The nodes above, nearest first.
    above: Vec<usize>,
    /// The leaves at or under it.
    pub(super) leaves: Vec<usize>,
}

impl Family {
    pub(super) fn of(release: &Release) -> Self {
        let place = |code: &OrgCode| release.nodes().iter().position(|org| &org.code == code);
        let mut spots: Vec<Spot> = Vec::new();
        for org in release.nodes() {
            let mut above = Vec::new();
            let mut parent = org.parent.as_ref();
            while let Some(at) = parent.and_then(place).filter(|at| !above.contains(at)) {
                above.push(at);
                parent = release.nodes().get(at).and_then(|org| org.parent.as_ref());
            }
            spots.push(Spot {
                code: org.code.clone(),
                level: org.level,
                invited: org.invited,
                groups: org.groups.or((org.responded == Some(0)).then_some(0)),
                above,
                leaves: Vec::new(),
            });
        }
        let leaves: Vec<(usize, Vec<usize>)> = spots
            .iter()
            .enumerate()
            .filter(|(_, spot)| spot.level == Level::Pct)
            .map(|(leaf, spot)| (leaf, spot.above.clone()))
            .collect();
        for (leaf, above) in leaves {
            for at in above.into_iter().chain([leaf]) {
                if let Some(spot) = spots.get_mut(at) {
                    spot.leaves.push(leaf);
                }
            }
        }
        Self { spots }
    }

    /// The top node.
    pub(super) fn root(&self) -> usize {
        self.spots.iter().position(|spot| spot.above.is_empty()).unwrap_or(0)
    }

    pub(super) fn len(&self) -> usize {
        self.spots.len()
    }

    pub(super) fn spots(&self) -> impl Iterator<Item = (usize, &Spot)> {
        self.spots.iter().enumerate()
    }

    pub(super) fn get(&self, node: usize) -> Option<&Spot> {
        self.spots.get(node)
    }

    pub(super) fn place(&self, code: &str) -> Option<usize> {
        self.spots.iter().position(|spot| spot.code.as_str() == code)
    }

    pub(super) fn is_leaf(&self, node: usize) -> bool {
        self.get(node).is_some_and(|spot| spot.level == Level::Pct)
    }

    pub(super) fn leaves_of(&self, node: usize) -> &[usize] {
        self.get(node).map_or(&[], |spot| &spot.leaves)
    }

    /// How many nodes stand above.
    pub(super) fn depth(&self, node: usize) -> usize {
        self.get(node).map_or(0, |spot| spot.above.len())
    }

    /// Whether a node stands under another, or is it.
    pub(super) fn is_within(&self, node: usize, top: usize) -> bool {
        node == top || self.get(node).is_some_and(|spot| spot.above.contains(&top))
    }

    /// Everybody invited at some leaves.
    pub(super) fn invited(&self, leaves: &[usize]) -> u64 {
        leaves.iter().filter_map(|leaf| self.get(*leaf)).map(|spot| spot.invited).sum()
    }

    /// The PBC groups of some leaves together; none if one does not tell.
    pub(super) fn groups(&self, leaves: &[usize]) -> Option<u64> {
        leaves.iter().map(|leaf| self.get(*leaf)?.groups).sum()
    }

    /// The PBC groups of some leaves together, none for each that does not tell:
    /// those of replies without a valid answer are taken off.
    pub(super) fn fewest_groups(&self, leaves: &[usize]) -> u64 {
        let own = leaves.iter().filter_map(|leaf| self.get(*leaf));
        own.map(|spot| spot.groups.unwrap_or(0)).sum()
    }

    /// Per shown node that is no leaf: the leaves with answers that stand under
    /// it and under no shown node between, nor are shown themselves.
    ///
    /// Source: methods.md 9.3, R(P).
    pub(super) fn rests(&self, shown: &[bool], answered: &[bool]) -> BTreeMap<usize, Vec<usize>> {
        let is = |flags: &[bool], node: usize| flags.get(node) == Some(&true);
        let mut rests: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (leaf, spot) in self.spots().filter(|(leaf, _)| self.is_leaf(*leaf)) {
            if is(shown, leaf) || !is(answered, leaf) {
                continue;
            }
            if let Some(nearest) = spot.above.iter().find(|node| is(shown, **node)) {
                rests.entry(*nearest).or_default().push(leaf);
            }
        }
        rests
    }

    /// The shown nodes under a node that stand under no other of them.
    pub(super) fn shown_below(&self, node: usize, shown: &[bool]) -> Vec<usize> {
        let is = |at: usize| shown.get(at) == Some(&true);
        self.spots()
            .filter(|(at, spot)| {
                let between = spot.above.iter().take_while(|above| **above != node);
                *at != node
                    && is(*at)
                    && self.is_within(*at, node)
                    && between.filter(|above| is(**above)).count() == 0
            })
            .map(|(at, _)| at)
            .collect()
    }
}
