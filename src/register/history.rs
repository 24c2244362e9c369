//! What became of whom in the register: who joined, left, changed and merged. Keeps
//! names and roles of leads, and never their addresses.

use std::fmt;
use std::str::FromStr;

use crate::id::GroupSlug;

use super::difference::Noun;
use super::{Changed, Changes, Difference, Lead, PbcGroup, Register};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// It is new.
    Joined,
    /// It is gone.
    Left,
    /// Something about it is different.
    Changed,
    /// It went into another, or another into it.
    Merged,
}

/// To what it happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NounKind {
    /// A cluster.
    Cluster,
    /// A PCT.
    Pct,
    /// A reporting unit.
    Unit,
    /// A PBC group.
    Group,
    /// A lead.
    Lead,
}

/// A word that names nothing of the history.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a word of the register's history")]
pub struct UnknownWord(String);

macro_rules! words {
    ($name:ident { $($variant:ident $word:literal,)* }) => {
        impl $name {
            /// The stable word.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
        impl FromStr for $name {
            type Err = UnknownWord;
            fn from_str(word: &str) -> Result<Self, UnknownWord> {
                match word {
                    $($word => Ok(Self::$variant),)*
                    _ => Err(UnknownWord(word.to_owned())),
                }
            }
        }
    };
}

words!(Turn { Joined "joined", Left "left", Changed "changed", Merged "merged", });
words!(NounKind {
    Cluster "cluster", Pct "pct", Unit "unit", Group "group", Lead "lead",
});

impl fmt::Display for NounKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cluster => "cluster",
            Self::Pct => "PCT",
            Self::Unit => "reporting unit",
            Self::Group => "PBC group",
            Self::Lead => "lead",
        })
    }
}

/// One thing that happened to one.
#[derive(Clone, PartialEq, Eq)]
pub struct Event {
    /// What.
    pub turn: Turn,
    /// To what.
    pub noun: NounKind,
    /// Its code; of a lead the code of the group.
    pub code: String,
    /// Its name; of a lead with the role. Personal for a lead.
    pub name: String,
    /// More in words, or nothing. May name a lead, never an address.
    pub detail: String,
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Event({} {} {})", self.noun, self.code, self.turn.word())
    }
}

impl Event {
    /// Whether it is of this group or of a lead of it.
    #[must_use]
    pub fn is_of(&self, group: &GroupSlug) -> bool {
        matches!(self.noun, NounKind::Group | NounKind::Lead) && self.code == group.as_str()
    }

    /// That the address of a lead changed.
    #[must_use]
    pub fn of_address(lead: &Lead) -> Self {
        Self {
            detail: "e-mail address changes".to_owned(),
            ..of(Turn::Changed, NounKind::Lead, lead)
        }
    }
}

/// How the history names a thing.
trait Told: Noun {
    fn code(&self) -> String;
    fn told(&self) -> String;
}

macro_rules! told {
    ($name:ident, $code:ident, $told:ident) => {
        impl Told for super::$name {
            fn code(&self) -> String {
                self.$code.to_string()
            }
            fn told(&self) -> String {
                self.$told.clone()
            }
        }
    };
}
told!(Cluster, slug, name);
told!(Pct, code, name);
told!(ReportingUnit, slug, label);
told!(PbcGroup, slug, name);

impl Told for Lead {
    fn code(&self) -> String {
        self.group.to_string()
    }
    fn told(&self) -> String {
        format!("{}, {}", self.name.expose(), self.role)
    }
}

fn of(turn: Turn, noun: NounKind, thing: &impl Told) -> Event {
    Event { turn, noun, code: thing.code(), name: thing.told(), detail: String::new() }
}

fn fields<T: Told>(change: &Changed<T>) -> String {
    let said: Vec<String> = change
        .fields
        .iter()
        .map(|field| match &field.texts {
            None if field.name == "name" => format!("was {}", change.old.told()),
            _ => field.to_string(),
        })
        .collect();
    said.join("; ")
}

fn tell<T: Told>(events: &mut Vec<Event>, noun: NounKind, changes: &Changes<T>) {
    events.extend(changes.added.iter().map(|new| of(Turn::Joined, noun, new)));
    events.extend(
        changes
            .changed
            .iter()
            .map(|change| Event { detail: fields(change), ..of(Turn::Changed, noun, &change.new) }),
    );
    events.extend(changes.gone.iter().map(|old| of(Turn::Left, noun, old)));
}

/// What a difference means for each.
#[must_use]
pub fn events(difference: &Difference) -> Vec<Event> {
    let mut events = Vec::new();
    tell(&mut events, NounKind::Cluster, &difference.clusters);
    tell(&mut events, NounKind::Unit, &difference.units);
    tell(&mut events, NounKind::Pct, &difference.pcts);
    tell(&mut events, NounKind::Group, &difference.groups);
    tell(&mut events, NounKind::Lead, &difference.leads);
    events
}

/// What it means that one group went into another: its leads moved, or stand there
/// already.
#[must_use]
pub fn events_of_merger(held: &Register, from: &PbcGroup, into: &PbcGroup) -> Vec<Event> {
    let group = |group: &PbcGroup, detail: String| Event {
        detail,
        ..of(Turn::Merged, NounKind::Group, group)
    };
    let mut events = vec![
        group(from, format!("into {} ({})", into.name, into.slug)),
        group(into, format!("with {} ({})", from.name, from.slug)),
    ];
    for lead in held.leads.iter().filter(|lead| lead.group == from.slug) {
        let stands = held.lead(&into.slug, &lead.email.key()).is_some();
        let turn = if stands { Turn::Left } else { Turn::Changed };
        let how = if stands { "is a lead of" } else { "went to" };
        let detail = format!("{how} {}", into.name);
        events.push(Event { detail, ..of(turn, NounKind::Lead, lead) });
        if !stands {
            let moved = Lead { group: into.slug.clone(), ..lead.clone() };
            let detail = format!("came from {}", from.name);
            events.push(Event { detail, ..of(Turn::Joined, NounKind::Lead, &moved) });
        }
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::{difference, sample};

    fn told(events: &[Event]) -> Vec<String> {
        let line = |one: &Event| {
            format!("{} {} {} {}: {}", one.noun, one.code, one.turn.word(), one.name, one.detail)
        };
        events.iter().map(line).collect()
    }

    #[test]
    fn a_difference_is_told_for_each_and_names_no_address() {
        let held = sample();
        let mut new = held.clone();
        new.groups[0].practices = Some(6);
        new.leads[0].name = "Ada Weir".parse().expect("a name");
        new.leads[1].email = "other@example.org".parse().expect("an address");
        let events = events(&difference(&held, &new));
        assert_eq!(
            told(&events),
            [
                "PBC group avocet changed Avocet Group: practices \"5\" becomes \"6\"",
                "lead avocet joined Tom Fen, practice manager: ",
                "lead avocet changed Ada Weir, GP chair: was Dora Fen, GP chair",
                "lead avocet left Tom Fen, practice manager: ",
            ]
        );
        assert_eq!(format!("{:?}", events[1]), "Event(lead avocet joined)");
    }

    #[test]
    fn a_merger_is_told_on_both_sides() {
        let mut held = sample();
        let knot = PbcGroup {
            slug: "knot".parse().expect("a slug"),
            name: "Knot".to_owned(),
            ..held.groups[0].clone()
        };
        held.groups.push(knot.clone());
        held.leads.push(Lead { group: knot.slug.clone(), ..held.leads[1].clone() });
        let avocet = held.groups[0].clone();
        assert_eq!(
            told(&events_of_merger(&held, &avocet, &knot)),
            [
                "PBC group avocet merged Avocet Group: into Knot (knot)",
                "PBC group knot merged Knot: with Avocet Group (avocet)",
                "lead avocet changed Dora Fen, GP chair: went to Knot",
                "lead knot joined Dora Fen, GP chair: came from Avocet Group",
                "lead avocet left Tom Fen, practice manager: is a lead of Knot",
            ]
        );
    }
}
