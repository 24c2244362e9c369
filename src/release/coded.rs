//! A release as a PCT or a lead may see it where PCTs do not see each other by name:
//! the other PCTs have a letter each, in an order that tells nothing and is another in
//! each wave. Figures stay as they are.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{Cell, Org, Release};
use crate::id::OrgCode;

impl Release {
    /// The same release in which the PCTs have letters, except for `own`.
    ///
    /// Who knows how many leads each PCT has may still tell some of them apart by the
    /// number invited.
    #[must_use]
    pub fn with_coded_peers(&self, own: Option<&OrgCode>) -> Self {
        let root = self.root().map(|root| root.code.clone());
        let mut peers: Vec<&Org> = self.leaves().filter(|org| Some(&org.code) != own).collect();
        peers.sort_by_key(|org| drawn(&self.digest, &org.code));
        let letters: BTreeMap<OrgCode, (OrgCode, String)> = peers
            .into_iter()
            .enumerate()
            .filter_map(|(place, org)| {
                let letter = letter(place);
                let code = format!("pct-{}-{}", letter.to_ascii_lowercase(), self.about().wave)
                    .parse()
                    .ok()?;
                Some((org.code.clone(), (code, format!("PCT {letter}"))))
            })
            .collect();
        let coded = |code: &OrgCode| letters.get(code).map_or(code, |(coded, _)| coded).clone();
        let mut contents = self.contents.clone();
        for node in &mut contents.nodes {
            if let Some((code, name)) = letters.get(&node.code) {
                node.code.clone_from(code);
                node.name.clone_from(name);
                // In a cluster of three a letter would be no cover.
                node.parent.clone_from(&root);
            }
        }
        contents.nodes.sort_by(|one, other| one.code.cmp(&other.code));
        contents.cells = std::mem::take(&mut contents.cells)
            .into_values()
            .map(|cell| {
                let org = coded(&cell.org);
                ((org.clone(), cell.measure.clone()), Cell { org, ..cell })
            })
            .collect();
        Self { contents, audit: self.audit.clone(), digest: self.digest.clone() }
    }
}

/// Where an organisation comes in the order of a release that tells nothing of its name.
fn drawn(digest: &str, code: &OrgCode) -> [u8; 32] {
    Sha256::new()
        .chain_update(digest)
        .chain_update([0])
        .chain_update(code.as_str())
        .finalize()
        .into()
}

/// A to Z, then AA and so on.
fn letter(place: usize) -> String {
    let last = char::from(b'A' + u8::try_from(place % 26).unwrap_or(0));
    match place / 26 {
        0 => last.to_string(),
        before => format!("{}{last}", letter(before - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_on_after_z() {
        assert_eq!(
            [0, 25, 26, 51, 52, 701, 702].map(letter),
            ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
        );
    }
}
