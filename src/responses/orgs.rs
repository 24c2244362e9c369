//! The rows of `orgs.csv` become one tree for each wave.

use std::collections::BTreeMap;

use super::family::check_family;
use super::{MOST_TOLD, WaveOrgs};
use crate::fault::{Fault, Faults};
use crate::id::{OrgCode, WaveCode};
use crate::register::sheet::{Columns, Row, Sheet, note};
use crate::register::{Level, NamedText, Node, Tree};

const COLUMNS: Columns = Columns {
    needed: &["wave", "org", "name", "level", "parent", "invited"],
    optional: &["groups"],
};

/// A row that can be read by itself.
struct Member {
    wave: WaveCode,
    node: Node,
    invited: Option<u32>,
    groups: Option<u32>,
}

/// Reads `wave,org,name,level,parent,invited[,groups]`: the waves in the order of
/// their codes.
///
/// # Errors
/// Every fault of the file, or the first hundred with the number of all.
pub fn read_orgs(file: NamedText<'_>) -> Result<Vec<WaveOrgs>, Faults> {
    let mut faults = Vec::new();
    let sheet = Sheet::read(file.name, file.text, COLUMNS, &mut faults);
    // A parent may stand in a row that could not be read, and must not be missed then.
    let is_whole = faults.is_empty();
    let mut waves: BTreeMap<WaveCode, Vec<Member>> = BTreeMap::new();
    if let Some(sheet) = &sheet {
        if is_whole && sheet.rows().next().is_none() {
            faults.push(
                Fault::of_file(file.name, "names no organisation")
                    .hint("one line for each organisation of each wave follows the first line"),
            );
        }
        for row in sheet.rows() {
            if let Some(member) = member(row, sheet.has("groups"), &mut faults) {
                waves.entry(member.wave.clone()).or_default().push(member);
            }
        }
        check_family(file.name, sheet, is_whole, &mut faults);
    }
    if !faults.is_empty() {
        return Err(Faults::first(faults, MOST_TOLD, 0));
    }
    let has_groups = sheet.is_some_and(|sheet| sheet.has("groups"));
    let made = waves.into_iter().map(|(wave, members)| made(wave, members, has_groups));
    made.collect::<Result<_, _>>()
        .map_err(|what| Faults::new(vec![Fault::of_file(file.name, what)]))
}

fn made(wave: WaveCode, members: Vec<Member>, has_groups: bool) -> Result<WaveOrgs, String> {
    let of = |number: fn(&Member) -> Option<u32>| -> BTreeMap<OrgCode, u32> {
        let given = members.iter().filter_map(|one| Some((one.node.code.clone(), number(one)?)));
        given.collect()
    };
    let invited = of(|member| member.invited);
    let groups = has_groups.then(|| of(|member| member.groups));
    let tree = Tree::new(members.into_iter().map(|member| member.node)).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        format!("wave {wave}: {}", errors.join("; "))
    })?;
    Ok(WaveOrgs { wave, tree, invited, groups })
}

fn member(row: Row<'_>, has_groups: bool, faults: &mut Vec<Fault>) -> Option<Member> {
    let wave = note(faults, row.parsed("wave"));
    let code = note(faults, row.parsed("org"));
    let name = note(faults, row.filled("name"));
    let level = note(faults, level_of(row));
    let parent = match row.text("parent") {
        "" => Some(None),
        _ => note(faults, row.parsed("parent")).map(Some),
    };
    let is_leaf = level == Some(Level::Pct);
    let mut number = |column| {
        if is_leaf { note(faults, people(row, column)).map(Some) } else { Some(None) }
    };
    let invited = number("invited");
    let groups = if has_groups { number("groups") } else { Some(None) };
    let node = Node { code: code?, name: name?.to_owned(), level: level?, parent: parent? };
    Some(Member { wave: wave?, node, invited: invited?, groups: groups? })
}

fn level_of(row: Row<'_>) -> Result<Level, Fault> {
    level(row.text("level")).ok_or_else(|| {
        row.fault("level", format!("{:?} is no level", row.text("level")))
            .hint("write nation, region, cluster or pct")
    })
}

/// The level of this name.
pub(super) fn level(text: &str) -> Option<Level> {
    match text.to_ascii_lowercase().as_str() {
        "nation" => Some(Level::Nation),
        "region" => Some(Level::Region),
        "cluster" => Some(Level::Cluster),
        "pct" => Some(Level::Pct),
        _ => None,
    }
}

fn people(row: Row<'_>, column: &str) -> Result<u32, Fault> {
    row.whole_number(column)?.ok_or_else(|| {
        row.fault(column, format!("{column} is empty, but every pct has a number of its own"))
            .hint("a whole number, 0 if there were none")
    })
}
