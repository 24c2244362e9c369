//! Whether the organisations of each wave are one family: one top, every parent
//! listed and higher, pcts at the bottom. Looks at texts, so that a row with a
//! wrong number still counts as somebody's parent.

use std::collections::{BTreeMap, BTreeSet};

use super::orgs::level;
use crate::fault::Fault;
use crate::register::Level;
use crate::register::sheet::{Row, Sheet, suggest};

/// The organisations of one wave, by code.
type Family<'s> = BTreeMap<&'s str, Row<'s>>;

/// Adds every fault of kinship. Where rows of the sheet could not be read, what
/// may stand in them is not missed.
pub(super) fn check_family(file: &str, sheet: &Sheet<'_>, is_whole: bool, faults: &mut Vec<Fault>) {
    let mut waves: BTreeMap<&str, Family<'_>> = BTreeMap::new();
    for row in sheet.rows().filter(|row| !row.text("wave").is_empty()) {
        let family = waves.entry(row.text("wave")).or_default();
        let org = row.text("org");
        if let Some(first) = family.get(org).filter(|_| !org.is_empty()) {
            let what = format!("{org} is already on line {} for the same wave", first.line());
            faults.push(row.fault("org", what).hint("one line for each organisation and wave"));
        } else {
            family.insert(org, row);
        }
    }
    let elsewhere = if is_whole { BTreeSet::new() } else { sheet.mentions("org") };
    for (wave, family) in &waves {
        tops(file, wave, family, is_whole, faults);
        parents(family, &elsewhere, faults);
        let rings = rings(family, faults);
        levels(family, &rings, faults);
        if is_whole {
            bottoms(family, faults);
        }
    }
}

fn parent<'s>(row: &Row<'s>) -> Option<&'s str> {
    Some(row.text("parent")).filter(|parent| !parent.is_empty())
}

fn tops(file: &str, wave: &str, family: &Family<'_>, is_whole: bool, faults: &mut Vec<Fault>) {
    let mut tops: Vec<&Row<'_>> = family.values().filter(|row| parent(row).is_none()).collect();
    tops.sort_by_key(|row| row.line());
    match tops.as_slice() {
        [] if is_whole => faults.push(
            Fault::of_file(file, format!("wave {wave} has no organisation at the top"))
                .hint("leave the parent of the highest organisation empty"),
        ),
        [] | [_] => {}
        [first, others @ ..] => faults.extend(others.iter().map(|row| {
            let what = format!(
                "{} has no parent; the top of wave {wave} is {} on line {} already",
                row.text("org"),
                first.text("org"),
                first.line()
            );
            row.fault("parent", what).hint("name the organisation above it")
        })),
    }
}

fn parents(family: &Family<'_>, elsewhere: &BTreeSet<String>, faults: &mut Vec<Fault>) {
    let known = || family.keys().map(|code| (*code).to_owned()).collect();
    for row in family.values() {
        let Some(parent) = parent(row) else { continue };
        if !family.contains_key(parent) && !elsewhere.contains(parent) {
            let what = format!("the parent {parent:?} is not listed for the same wave");
            faults.push(suggest(row.fault("parent", what), parent, &known()));
        }
    }
}

/// The organisations that stand above themselves, each ring told once.
fn rings<'s>(family: &Family<'s>, faults: &mut Vec<Fault>) -> BTreeSet<&'s str> {
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let mut clear: BTreeSet<&str> = BTreeSet::new();
    for code in family.keys() {
        let mut path: Vec<&str> = Vec::new();
        let mut at = Some(*code);
        while let Some(here) = at.filter(|here| !clear.contains(here) && !told.contains(here)) {
            if let Some(begin) = path.iter().position(|step| *step == here) {
                let ring: Vec<&str> = path.drain(begin..).collect();
                let whole = [ring.as_slice(), &[here]].concat().join(" under ");
                if let Some(row) = family.get(here) {
                    let what = format!("{here} stands above itself: {whole}");
                    faults.push(row.fault("parent", what).hint("one of them has another parent"));
                }
                told.extend(ring);
                break;
            }
            path.push(here);
            at = family.get(here).and_then(parent);
        }
        clear.extend(path);
    }
    told
}

fn levels(family: &Family<'_>, rings: &BTreeSet<&str>, faults: &mut Vec<Fault>) {
    for (code, row) in family.iter().filter(|(code, _)| !rings.contains(*code)) {
        let above = parent(row).and_then(|parent| family.get(parent));
        let Some((higher, above)) = above.and_then(|row| Some((level(row.text("level"))?, row)))
        else {
            continue;
        };
        let Some(_) = level(row.text("level")).filter(|lower| *lower <= higher) else { continue };
        let (own, name) = (row.text("level"), above.text("org"));
        let fault = if higher == Level::Pct {
            let what = format!("{code} stands below {name}, a pct; nothing stands below a pct");
            row.fault("parent", what).hint("answers are counted at pcts, the lowest level")
        } else {
            let what =
                format!("{code}, a {own}, cannot stand below {name}, a {}", above.text("level"));
            row.fault("level", what).hint("from the top: nation, region, cluster, pct")
        };
        faults.push(fault);
    }
}

fn bottoms(family: &Family<'_>, faults: &mut Vec<Fault>) {
    let mut borne: BTreeSet<&str> = BTreeSet::new();
    for row in family.values().filter(|row| level(row.text("level")) == Some(Level::Pct)) {
        let mut at = parent(row);
        while let Some(here) = at.filter(|here| borne.insert(here)) {
            at = family.get(here).and_then(parent);
        }
    }
    for (code, row) in family {
        let is_inner = level(row.text("level")).is_some_and(|level| level != Level::Pct);
        if is_inner && !borne.contains(code) {
            let what = format!("no pct stands below {code}, a {}", row.text("level"));
            faults.push(row.fault("org", what).hint("answers are counted at pcts: leave it out"));
        }
    }
}
