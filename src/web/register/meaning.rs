//! What a change of the register means, in sentences, and one by one.

use std::collections::BTreeSet;

use crate::id::GroupSlug;
use crate::pages::{ChangeView, ChangedNoun, CountsRow};
use crate::register::{
    Changed, ChangedField, Changes, Cluster, Difference, Lead, PbcGroup, Pct, Register,
    ReportingUnit,
};

/// So many of one kind are told one by one.
const MOST: usize = 200;
/// A longer text is cut where only its change is told.
const LONGEST: usize = 120;

fn short(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let start: String = text.chars().take(LONGEST).collect();
    format!("{start}…")
}

fn becomes(name: &str, old: &str, new: &str) -> String {
    match (old, new) {
        ("", new) => format!("{name}: {}", short(new)),
        (old, "") => format!("{name}: no longer {}", short(old)),
        (old, new) => format!("{name}: {} becomes {}", short(old), short(new)),
    }
}

fn field(field: &ChangedField) -> String {
    match &field.texts {
        Some((old, new)) => becomes(field.name, old, new),
        None => format!("{} changes", field.name),
    }
}

/// The same of a lead, whose name and address the office may read.
fn lead_field(change: &Changed<Lead>, changed: &ChangedField) -> String {
    match (changed.name, &changed.texts) {
        ("name", None) => becomes("name", change.old.name.expose(), change.new.name.expose()),
        (name, None) => becomes(name, change.old.email.expose(), change.new.email.expose()),
        _ => field(changed),
    }
}

/// How a kind of thing is told.
struct Telling<'t, T> {
    heading: &'t str,
    name: &'t dyn Fn(&T) -> String,
    note: &'t dyn Fn(&T) -> String,
    field: &'t dyn Fn(&Changed<T>, &ChangedField) -> String,
}

impl<T> Telling<'_, T> {
    fn noun(&self, changes: &Changes<T>) -> Option<ChangedNoun> {
        if changes.is_empty() {
            return None;
        }
        let view = |how: &str, thing: &T, details: Vec<String>| ChangeView {
            how: how.to_owned(),
            name: (self.name)(thing),
            note: (self.note)(thing),
            details,
        };
        let gone = changes.gone.iter().map(|old| view("Gone", old, Vec::new()));
        let other = changes.changed.iter().map(|change| {
            let details = change.fields.iter().map(|field| (self.field)(change, field)).collect();
            view("Changed", &change.new, details)
        });
        let added = changes.added.iter().map(|new| view("New", new, Vec::new()));
        // What is lost stands first.
        let mut all: Vec<ChangeView> = gone.chain(other).chain(added).collect();
        let more = all.len().saturating_sub(MOST);
        all.truncate(MOST);
        Some(ChangedNoun {
            heading: self.heading.to_owned(),
            changes: all,
            more: (more > 0).then(|| format!("{more} more are not shown.")),
        })
    }
}

/// What would be different, kind by kind; `held` is the register before.
pub(super) fn nouns(held: &Register, difference: &Difference) -> Vec<ChangedNoun> {
    let group = |slug: &GroupSlug| {
        let added = difference.groups.added.iter().find(|group| group.slug == *slug);
        let group = held.group(slug).or(added);
        group.map_or_else(|| slug.to_string(), |group| group.name.clone())
    };
    let leads = Telling::<Lead> {
        heading: "Leads",
        name: &|lead| format!("{}, {}", lead.name.expose(), lead.role),
        note: &|lead| format!("{}, {}", group(&lead.group), lead.email.expose()),
        field: &lead_field,
    };
    macro_rules! told {
        ($of:ty, $heading:literal, $code:ident, $name:ident) => {
            Telling::<$of> {
                heading: $heading,
                name: &|one| one.$name.clone(),
                note: &|one| one.$code.to_string(),
                field: &|_, changed| field(changed),
            }
        };
    }
    let Difference { clusters, pcts, units, groups, leads: of_leads } = difference;
    [
        leads.noun(of_leads),
        told!(PbcGroup, "PBC groups", slug, name).noun(groups),
        told!(Pct, "PCTs", code, name).noun(pcts),
        told!(ReportingUnit, "Reporting units", slug, label).noun(units),
        told!(Cluster, "Clusters", slug, name).noun(clusters),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// How much of each kind is new, changed, gone and the same.
pub(super) fn counts(difference: &Difference) -> Vec<CountsRow> {
    fn row<T>(name: &str, of: &Changes<T>) -> CountsRow {
        CountsRow {
            name: name.to_owned(),
            added: of.added.len(),
            changed: of.changed.len(),
            gone: of.gone.len(),
            same: of.same,
        }
    }
    let all = [
        row("Leads", &difference.leads),
        row("PBC groups", &difference.groups),
        row("PCTs", &difference.pcts),
        row("Reporting units", &difference.units),
        row("Clusters", &difference.clusters),
    ];
    all.into_iter().filter(|row| row.added + row.changed + row.gone + row.same > 0).collect()
}

/// A sentence for one or for several; none for none.
fn sentence(number: usize, one: &str, several: &str) -> Option<String> {
    match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        number => Some(format!("{number} {several}")),
    }
}

/// What a change means for the next wave and for results, in sentences.
pub(super) fn means(held: &Register, difference: &Difference) -> Vec<String> {
    let new: BTreeSet<String> =
        difference.leads.added.iter().map(|lead| lead.email.key()).collect();
    let gone: BTreeSet<String> =
        difference.leads.gone.iter().map(|lead| lead.email.key()).collect();
    let still = |key: &&String| {
        let of_key = |lead: &&Lead| lead.email.key() == **key;
        let gone = difference.leads.gone.iter().filter(of_key).count();
        held.leads.iter().filter(of_key).count() > gone || new.contains(*key)
    };
    let moved = gone.intersection(&new).count();
    let lost = gone.iter().filter(|key| !still(key)).count();
    let came = new.iter().filter(|key| !held.leads.iter().any(|lead| lead.email.key() == **key));
    let (groups, places) = (&difference.groups, &difference.pcts);
    let other_pct = groups.changed.iter().filter(|change| change.old.pct != change.new.pct).count();
    let places_change =
        !places.is_empty() || !difference.units.is_empty() || !difference.clusters.is_empty();
    [
        sentence(lost, "lead will no longer be invited.", "leads will no longer be invited."),
        sentence(
            came.count(),
            "lead is new, and invited from the next wave that opens.",
            "leads are new, and invited from the next wave that opens.",
        ),
        sentence(
            moved,
            "lead goes to another PBC group.",
            "leads go to other PBC groups.",
        ),
        sentence(
            groups.gone.len(),
            "PBC group leaves. What it answered in earlier waves stays in their results.",
            "PBC groups leave. What they answered in earlier waves stays in their results.",
        ),
        sentence(groups.added.len(), "PBC group joins.", "PBC groups join."),
        sentence(
            other_pct,
            "PBC group answers for another PCT from the next wave on.",
            "PBC groups answer for another PCT from the next wave on.",
        ),
        places_change.then(|| {
            "PCTs, reporting units or clusters change: the next wave is counted by them, and waves before it stay as they are.".to_owned()
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}
