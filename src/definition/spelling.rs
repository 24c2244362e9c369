//! What was meant by a key that a table does not know, and what to do about it.

use toml::de::DeTable;

use super::format::{ALL, ELSEWHERE, ROOT};
use super::keys::{Keys, Shape};
use super::table::Table;
use crate::fault::nearest;

/// The key that was probably meant by one that a table does not know.
pub(super) fn meant_key(
    name: &str,
    table: &Table<'_>,
    keys: &'static Keys,
) -> Option<&'static str> {
    let open = |key: &&'static str| !table.has(key);
    let known = ELSEWHERE.iter().filter(|(word, _)| *word == name).map(|(_, key)| *key);
    let mut known = known.filter(|key| keys.key(key).is_some()).filter(open);
    known.next().or_else(|| nearest(name, keys.names().filter(open)))
}

/// Keys of the file that stand below a table's header, and so in that table,
/// which does not know them.
pub(super) fn keys_too_late(entries: &DeTable<'_>) -> Vec<&'static str> {
    let stray = |key: &&str| {
        let tables = entries.iter().filter_map(|(name, value)| {
            let Some(Shape::Table(keys)) = ROOT.key(name.get_ref()).map(|key| &key.takes) else {
                return None;
            };
            Some((keys, value.get_ref().as_table()?))
        });
        tables.into_iter().any(|(keys, table)| table.contains_key(*key) && keys.key(key).is_none())
    };
    ROOT.names().filter(|key| !entries.contains_key(*key)).filter(stray).collect()
}

/// What to do about a key that a table does not know.
pub(super) fn hint_for_key(name: &str, meant: Option<&str>, keys: &'static Keys) -> String {
    if let Some(meant) = meant {
        return format!("did you mean `{meant}`?");
    }
    if name == "required" || name == "mandatory" {
        return "nobody is ever made to answer: leave it out".to_owned();
    }
    let homes = homes(name);
    if homes.contains(&ROOT.what) {
        return format!("`{name}` belongs to the file itself: move it above the first [table]");
    }
    if homes.is_empty() {
        return format!("known keys here: {}", list(keys.names()));
    }
    format!("`{name}` belongs to {}", homes.join(" or "))
}

/// The tables that have a key of this name, as messages call them.
fn homes(name: &str) -> Vec<&'static str> {
    ALL.iter().filter(|keys| keys.key(name).is_some()).map(|keys| keys.what).collect()
}

/// Names of keys as messages write them.
pub(super) fn list<'k>(keys: impl Iterator<Item = &'k str>) -> String {
    keys.map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
}
