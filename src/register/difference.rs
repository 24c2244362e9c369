//! What an import would change: added, changed and gone, noun by noun. Shown to
//! people without the names and addresses of leads.

use std::collections::BTreeMap;
use std::fmt;

use super::{Cluster, Lead, PbcGroup, Pct, Register, ReportingUnit};

/// What tells things of one kind apart and what can change about them.
pub(super) trait Noun: Clone {
    /// The kind, for one.
    const ONE: &'static str;
    /// The kind, for several.
    const MANY: &'static str;
    /// What makes it the same thing in both registers.
    fn key(&self) -> String;
    /// How a list of changes names it: nothing personal.
    fn label(&self) -> String;
    /// What may differ, always in the same order.
    fn values(&self) -> Vec<Value>;
}

/// One value of a thing.
pub(super) struct Value {
    name: &'static str,
    text: String,
    personal: bool,
}

impl Value {
    pub(super) fn open(name: &'static str, text: &str) -> Self {
        Self { name, text: text.to_owned(), personal: false }
    }

    pub(super) fn personal(name: &'static str, text: &str) -> Self {
        Self { name, text: text.to_owned(), personal: true }
    }

    pub(super) fn number(name: &'static str, number: Option<u32>) -> Self {
        Self::open(name, &number.map(|n| n.to_string()).unwrap_or_default())
    }

    pub(super) fn yes(name: &'static str, yes: bool) -> Self {
        Self::open(name, if yes { "yes" } else { "no" })
    }
}

/// One value that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedField {
    /// Its name.
    pub name: &'static str,
    /// Old and new text; none if they are personal.
    pub texts: Option<(String, String)>,
}

/// One thing that stays and differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed<T> {
    /// As it is held.
    pub old: T,
    /// As the files have it.
    pub new: T,
    /// In what they differ; never empty.
    pub fields: Vec<ChangedField>,
}

/// The changes of one kind of thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes<T> {
    /// Only in the files.
    pub added: Vec<T>,
    /// In both, and different.
    pub changed: Vec<Changed<T>>,
    /// Only held.
    pub gone: Vec<T>,
    /// How many are in both and equal.
    pub same: usize,
}

impl<T> Changes<T> {
    /// Whether nothing of this kind changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.gone.is_empty()
    }
}

/// All that an import would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Clusters.
    pub clusters: Changes<Cluster>,
    /// PCTs.
    pub pcts: Changes<Pct>,
    /// Reporting units.
    pub units: Changes<ReportingUnit>,
    /// PBC groups.
    pub groups: Changes<PbcGroup>,
    /// Leads.
    pub leads: Changes<Lead>,
}

impl Difference {
    /// How many of what changes, without a name.
    #[must_use]
    pub fn counts(&self) -> String {
        fn of<T>(what: &str, changes: &Changes<T>) -> Option<String> {
            let (new, other, gone) =
                (changes.added.len(), changes.changed.len(), changes.gone.len());
            let any = new + other + gone > 0;
            any.then(|| format!("{what}: {new} new, {other} changed, {gone} gone"))
        }
        let all = [
            of("clusters", &self.clusters),
            of("PCTs", &self.pcts),
            of("reporting units", &self.units),
            of("PBC groups", &self.groups),
            of("leads", &self.leads),
        ];
        all.into_iter().flatten().collect::<Vec<_>>().join("; ")
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.clusters.is_empty()
            && self.pcts.is_empty()
            && self.units.is_empty()
            && self.groups.is_empty()
            && self.leads.is_empty()
    }
}

/// What replacing one register by another changes.
#[must_use]
pub fn difference(held: &Register, new: &Register) -> Difference {
    Difference {
        clusters: changes(&held.clusters, &new.clusters),
        pcts: changes(&held.pcts, &new.pcts),
        units: changes(&held.units, &new.units),
        groups: changes(&held.groups, &new.groups),
        leads: changes(&held.leads, &new.leads),
    }
}

fn changes<T: Noun>(held: &[T], new: &[T]) -> Changes<T> {
    let mut before: BTreeMap<String, &T> = held.iter().map(|thing| (thing.key(), thing)).collect();
    let after: BTreeMap<String, &T> = new.iter().map(|thing| (thing.key(), thing)).collect();
    let mut found = Changes { added: Vec::new(), changed: Vec::new(), gone: Vec::new(), same: 0 };
    for (key, new) in after {
        let Some(old) = before.remove(&key) else {
            found.added.push(new.clone());
            continue;
        };
        let fields = differing(old, new);
        if fields.is_empty() {
            found.same += 1;
        } else {
            found.changed.push(Changed { old: old.clone(), new: new.clone(), fields });
        }
    }
    found.gone = before.into_values().cloned().collect();
    found
}

fn differing<T: Noun>(old: &T, new: &T) -> Vec<ChangedField> {
    old.values()
        .into_iter()
        .zip(new.values())
        .filter(|(old, new)| old.text != new.text)
        .map(|(old, new)| ChangedField {
            name: old.name,
            texts: (!old.personal).then_some((old.text, new.text)),
        })
        .collect()
}

impl fmt::Display for Difference {
    /// Counts first, then a line for each change: `+` new, `~` changed, `-` gone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_count(f, &self.clusters)?;
        write_count(f, &self.pcts)?;
        write_count(f, &self.units)?;
        write_count(f, &self.groups)?;
        write_count(f, &self.leads)?;
        if self.is_empty() {
            return f.write_str("Nothing changes.");
        }
        write_list(f, &self.clusters)?;
        write_list(f, &self.pcts)?;
        write_list(f, &self.units)?;
        write_list(f, &self.groups)?;
        write_list(f, &self.leads)
    }
}

fn write_count<T: Noun>(f: &mut fmt::Formatter<'_>, of: &Changes<T>) -> fmt::Result {
    let (added, changed, gone) = (of.added.len(), of.changed.len(), of.gone.len());
    if added + changed + gone + of.same == 0 {
        return Ok(());
    }
    writeln!(f, "{}: {added} new, {changed} changed, {gone} gone, {} the same", T::MANY, of.same)
}

fn write_list<T: Noun>(f: &mut fmt::Formatter<'_>, of: &Changes<T>) -> fmt::Result {
    for thing in &of.added {
        writeln!(f, "+ {} {}", T::ONE, thing.label())?;
    }
    for change in &of.changed {
        let fields: Vec<String> = change.fields.iter().map(ToString::to_string).collect();
        writeln!(f, "~ {} {}: {}", T::ONE, change.new.label(), fields.join(", "))?;
    }
    for thing in &of.gone {
        writeln!(f, "- {} {}", T::ONE, thing.label())?;
    }
    Ok(())
}

impl fmt::Display for ChangedField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.texts {
            Some((old, new)) => write!(f, "{} {old:?} becomes {new:?}", self.name),
            None => write!(f, "{} changes", self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::sample;

    #[test]
    fn the_same_register_twice_makes_no_difference() {
        let held = sample();
        let none = difference(&held, &held);
        assert!(none.is_empty());
        assert_eq!(none.leads.same, 2);
        assert!(
            none.to_string()
                .ends_with("leads: 0 new, 0 changed, 0 gone, 2 the same\nNothing changes.")
        );
    }

    #[test]
    fn a_difference_names_what_is_new_changed_and_gone() {
        let held = sample();
        let mut new = held.clone();
        new.groups[0].name = "Avocet and Knot".into();
        new.groups[0].practices = None;
        new.leads[0].role = "chief officer".into();
        new.leads[0].name = "Other Person".parse().expect("a name");
        let gone = new.leads.pop().expect("a lead");
        let mut added = gone.clone();
        added.email = "new@example.net".parse().expect("an address");
        new.leads.push(added);
        let found = difference(&held, &new);
        assert_eq!(found.leads.gone, [gone]);
        assert!(!found.is_empty());
        assert_eq!(
            found.to_string(),
            "PCTs: 0 new, 0 changed, 0 gone, 3 the same\n\
             reporting units: 0 new, 0 changed, 0 gone, 2 the same\n\
             PBC groups: 0 new, 1 changed, 0 gone, 0 the same\n\
             leads: 1 new, 1 changed, 1 gone, 0 the same\n\
             ~ PBC group avocet Avocet and Knot: name \"Avocet Group\" becomes \"Avocet and Knot\", practices \"5\" becomes \"\"\n\
             + lead practice manager of avocet (n…@example.net)\n\
             ~ lead chief officer of avocet (d…@example.org): name changes, role \"GP chair\" becomes \"chief officer\"\n\
             - lead practice manager of avocet (t…@example.org)\n"
        );
    }

    #[test]
    fn a_mailbox_in_other_letter_case_is_the_same_lead() {
        let held = sample();
        let mut new = held.clone();
        new.leads[0].email = "Dora@example.org".parse().expect("an address");
        let found = difference(&held, &new);
        assert_eq!((found.leads.added.len(), found.leads.gone.len()), (0, 0));
        assert_eq!(found.leads.changed[0].fields[0].to_string(), "e-mail address changes");
    }
}
