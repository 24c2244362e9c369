//! What the figures come to, in plain sentences: never more than the bands and
//! labels of the release say.

use super::words;
use crate::release::{Band, ChangeLabel, Measure, Org, Release};
use crate::render::seen::{Seen, seen};

/// Names as a list: `a`, `a and b`, `a, b and c`.
pub(super) fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// A name inside a sentence: without its capital, unless that is of an abbreviation.
pub(super) fn inside(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if first.is_uppercase() && !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => name.to_owned(),
    }
}

fn names<'r>(rows: impl Iterator<Item = &'r Measure>) -> Vec<String> {
    rows.map(|measure| inside(&measure.label)).collect()
}

/// The headline of a PCT.
pub(in crate::render) fn of_pct(release: &Release, org: &Org, region: &str) -> Vec<String> {
    let rows: Vec<(&Measure, Option<Seen<'_>>)> = release
        .indexes()
        .filter(|index| !index.severity)
        .map(|index| (index, seen(release.cell(&org.code, &index.code))))
        .collect();
    let shown: Vec<(&Measure, &Seen<'_>)> =
        rows.iter().filter_map(|(index, own)| Some((*index, own.as_ref()?))).collect();
    let mut said = Vec::new();
    if !shown.is_empty() {
        said.push(standing(&shown, region));
    }
    said.extend(changes(release, &shown));
    let hidden: Vec<&Measure> =
        rows.iter().filter(|(_, own)| own.is_none()).map(|(index, _)| *index).collect();
    if !hidden.is_empty() && !shown.is_empty() {
        let hidden = list(&names(hidden.into_iter()));
        said.push(format!("No score is shown for {hidden}."));
    }
    said.push(answered(release, org));
    said
}

fn standing(shown: &[(&Measure, &Seen<'_>)], region: &str) -> String {
    let with = |band: Band| {
        let of = shown.iter().filter(|(_, own)| own.band() == Some(band));
        list(&names(of.map(|(index, _)| *index)))
    };
    let (below, above) = (with(Band::Below), with(Band::Above));
    let compared = shown.iter().filter(|(_, own)| own.band().is_some()).count();
    let apart = shown
        .iter()
        .filter(|(_, own)| matches!(own.band(), Some(Band::Above | Band::Below)))
        .count();
    let elsewhere = if apart < compared { "; no clear difference elsewhere" } else { "" };
    match (below.as_str(), above.as_str()) {
        ("", "") => format!("No clear difference from the rest of the {region} on any index."),
        ("", above) => format!("Above the rest of the {region} on {above}{elsewhere}."),
        (below, "") => format!("Below the rest of the {region} on {below}{elsewhere}."),
        (below, above) => {
            format!("Below the rest of the {region} on {below}, above it on {above}{elsewhere}.")
        }
    }
}

/// What clearly changed since the wave before; nothing where nothing is compared.
pub(super) fn changes(release: &Release, shown: &[(&Measure, &Seen<'_>)]) -> Option<String> {
    let since = words::since(release)?;
    let with = |label: ChangeLabel| {
        let is = |own: &Seen<'_>| {
            own.figures.change.as_ref().and_then(|change| change.label) == Some(label)
        };
        list(&names(shown.iter().filter(|(_, own)| is(own)).map(|(index, _)| *index)))
    };
    let compared = shown.iter().any(|(_, own)| own.figures.change.is_some());
    let (better, worse) = (with(ChangeLabel::Improved), with(ChangeLabel::Worsened));
    Some(match (worse.as_str(), better.as_str()) {
        _ if !compared => return None,
        ("", "") => format!("No clear change since {since}."),
        ("", better) => format!("Improved since {since} on {better}."),
        (worse, "") => format!("Worsened since {since} on {worse}."),
        (worse, better) => format!("Worsened since {since} on {worse}; improved on {better}."),
    })
}

/// For example `14 of 20 leads answered, from 8 PBC groups.`
pub(super) fn answered(release: &Release, org: &Org) -> String {
    // A survey without groups has none to count.
    let groups = match org.groups.filter(|groups| *groups > 0) {
        Some(1) => ", from 1 PBC group".to_owned(),
        Some(groups) => format!(", from {groups} PBC groups"),
        None => String::new(),
    };
    let responded = words::responded(release, org);
    let start: String = responded.chars().take(1).flat_map(char::to_uppercase).collect();
    let rest: String = responded.chars().skip(1).collect();
    format!("{start}{rest} of {} leads answered{groups}.", org.invited)
}

/// The headline of the region.
pub(in crate::render) fn of_region(release: &Release, root: &Org) -> Vec<String> {
    let mut apart: Vec<&str> = Vec::new();
    let mut shown_pcts = 0;
    let progress: Vec<&Measure> = release.indexes().filter(|index| !index.severity).collect();
    for org in release.leaves() {
        let own: Vec<Seen<'_>> = progress
            .iter()
            .filter_map(|index| seen(release.cell(&org.code, &index.code)))
            .collect();
        shown_pcts += usize::from(!own.is_empty());
        if own.iter().any(|own| matches!(own.band(), Some(Band::Above | Band::Below))) {
            apart.push(&org.name);
        }
    }
    let mut said = vec![match apart.as_slice() {
        _ if shown_pcts == 0 => "No PCT's scores are shown for this wave.".to_owned(),
        [] => format!(
            "None of the {shown_pcts} PCTs shown differs clearly from the rest on any index."
        ),
        [one] => format!(
            "{one} differs clearly from the rest on at least one index; no clear difference elsewhere."
        ),
        several => {
            let names: Vec<String> = several.iter().map(|name| (*name).to_owned()).collect();
            format!(
                "{} of {shown_pcts} PCTs shown differ clearly from the rest on at least one index: {}.",
                several.len(),
                list(&names)
            )
        }
    }];
    let own: Vec<(&Measure, Seen<'_>)> = progress
        .iter()
        .filter_map(|index| Some((*index, seen(release.cell(&root.code, &index.code))?)))
        .collect();
    let own: Vec<(&Measure, &Seen<'_>)> = own.iter().map(|(index, own)| (*index, own)).collect();
    said.extend(changes(release, &own).map(|change| format!("{}: {}", root.name, inside(&change))));
    said.push(answered(release, root));
    said
}
