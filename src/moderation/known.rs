//! Names that the register knows: leads, groups, PCTs, units, clusters. Whoever is named in
//! a comment can be worked out more easily than whoever is not, and so can the writer.

use std::collections::BTreeMap;

use super::folded::Folded;
use super::suggest::{Kind, Suggestion};
use crate::register::Register;

/// Titles and letters that are no part of a name.
const TITLES: [&str; 24] = [
    "cbe",
    "dame",
    "doctor",
    "dr",
    "frcgp",
    "jp",
    "lady",
    "lord",
    "mbe",
    "miss",
    "mr",
    "mrcgp",
    "mrs",
    "ms",
    "mx",
    "obe",
    "phd",
    "prof",
    "professor",
    "rev",
    "reverend",
    "rgn",
    "sir",
    "sister",
];

/// Words that many organisations have in their name.
const GENERIC: [&str; 35] = [
    "alliance",
    "and",
    "care",
    "cic",
    "cluster",
    "collaborative",
    "commissioners",
    "commissioning",
    "company",
    "consortia",
    "consortium",
    "federation",
    "for",
    "gp",
    "gps",
    "group",
    "health",
    "in",
    "limited",
    "llp",
    "local",
    "locality",
    "ltd",
    "network",
    "nhs",
    "of",
    "partnership",
    "pbc",
    "pct",
    "practice-based",
    "practices",
    "primary",
    "teaching",
    "the",
    "trust",
];

/// Words that say on which side of a place something lies.
const SIDES: [&str; 22] = [
    "&",
    "and",
    "central",
    "e",
    "east",
    "greater",
    "mid",
    "n",
    "ne",
    "north",
    "north-east",
    "north-west",
    "nw",
    "s",
    "se",
    "south",
    "south-east",
    "south-west",
    "sw",
    "w",
    "west",
    "wider",
];

/// Words of everyday English that are names as well: names only with a capital letter.
const ORDINARY: &str = " ash baker bank banks barber barn bay bell berry best bird bishop black bloom \
bond book booth bridge bridges bright brook brooks brown bull bush carpenter carter case castle \
chambers chance chapel child church close cook cooper cross curry dale day dean drew driver duke early \
east fair faith farmer field fields fine fisher flint flood flowers ford forest foster fox frank \
free french frost gale garden gates gold golden good grace grant gray green grey ground grove guy hall hand \
hands hardy head heath hill hills holder hope house hunt hunter ivy jack joy judge keen key king kind \
knight lake lamb land lane law lee light lily little lock long love low major march mark marsh \
may meadow mill miller mills moon moor new noble north nurse oak old olive page pain park \
parker parish parsons patience patient peace penny pike pool pope porter post pound power price \
prior quick rain read reader reed reeves rich robin rock root rose rush sale salt sands savage \
school sellers sharp shepherd short silver skinner small smart south speed spring star stone street \
strong summer summers swan sweet swift taylor temple thatcher tower town trust turner vale viola wall walker \
ward waters way weaver welcome well wells west wheeler white will winter winters wise wood woods work \
workman worth wren wright young ";

/// What a known name is, and whether it is one only with a capital letter.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Meaning {
    kind: Kind,
    capital: bool,
}

/// The names of a register, ready to be looked for.
#[derive(Clone, Default)]
pub struct KnownNames(BTreeMap<String, Meaning>);

impl KnownNames {
    /// Every name in a register, whole and in the parts by which people are called.
    #[must_use]
    pub fn of(register: &Register) -> Self {
        let mut known = Self::default();
        for lead in &register.leads {
            known.person(lead.name.expose());
        }
        for group in &register.groups {
            known.organisation(&group.name, Kind::Group);
        }
        for pct in &register.pcts {
            known.place(&pct.name);
            known.place(&pct.short_name);
        }
        for unit in &register.units {
            known.place(&unit.label);
        }
        for cluster in &register.clusters {
            known.place(&cluster.name);
        }
        known
    }

    fn put(&mut self, name: &str, meaning: Meaning) {
        let name = name.trim();
        if name.chars().filter(|c| c.is_alphanumeric()).count() < 3 {
            return;
        }
        // A name that needs no capital letter in one place needs none in another.
        let held = self.0.entry(name.to_owned()).or_insert(meaning);
        if held.capital && !meaning.capital {
            *held = meaning;
        }
    }

    fn person(&mut self, name: &str) {
        let lower = Folded::lower(name).text;
        let of_name = |word: &&str| {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            !TITLES.contains(&bare) && bare.chars().count() > 1
        };
        let words: Vec<&str> =
            lower.split(' ').filter(of_name).map(|word| word.trim_matches([',', '.'])).collect();
        let Some((surname, given)) = words.split_last() else { return };
        let kind = Kind::Name;
        if let Some(first) = given.first() {
            self.put(&words.join(" "), Meaning { kind, capital: false });
            self.put(&format!("{first} {surname}"), Meaning { kind, capital: false });
        }
        self.put(surname, Meaning { kind, capital: is_ordinary(surname) });
        for part in given {
            self.put(part, Meaning { kind, capital: true });
        }
    }

    /// A name whole, and without the words that many have.
    fn organisation(&mut self, name: &str, kind: Kind) -> String {
        let lower = Folded::lower(name).text;
        self.put(&lower, Meaning { kind, capital: is_ordinary(&lower) });
        let mut words: Vec<&str> = lower.split(' ').collect();
        while words.last().is_some_and(|word| GENERIC.contains(word)) {
            words.pop();
        }
        let first = words.iter().position(|word| !GENERIC.contains(word)).unwrap_or(words.len());
        let own = words.get(first..).unwrap_or_default().join(" ");
        self.put(&own, Meaning { kind, capital: is_ordinary(&own) });
        own
    }

    /// A place whole, and without the side on which it lies: of `Mid Essex`, `Essex` too.
    fn place(&mut self, name: &str) {
        let own = self.organisation(name, Kind::Place);
        let words: Vec<&str> = own.split(' ').collect();
        let first = words.iter().position(|word| !SIDES.contains(word)).unwrap_or(words.len());
        let rest = words.get(first..).unwrap_or_default().join(" ");
        self.put(&rest, Meaning { kind: Kind::Place, capital: is_ordinary(&rest) });
    }

    /// Where these names stand in a text.
    pub(super) fn found_in(&self, words: &str) -> Vec<Suggestion> {
        let lower = Folded::lower(words);
        let mut found = Vec::new();
        for (name, meaning) in &self.0 {
            for (at, _) in lower.text.match_indices(name.as_str()) {
                let part = at..at + name.len();
                let Some(origin) = Some(&part)
                    .filter(|part| lower.is_whole(part))
                    .and_then(|part| lower.origin(part.clone()))
                else {
                    continue;
                };
                let first = words.get(origin.clone()).and_then(|text| text.chars().next());
                if !meaning.capital || first.is_some_and(char::is_uppercase) {
                    found.push(Suggestion { range: origin, kind: meaning.kind });
                }
            }
        }
        found
    }

    /// How many names are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn is_ordinary(name: &str) -> bool {
    !name.contains(' ') && ORDINARY.contains(&format!(" {name} "))
}

impl std::fmt::Debug for KnownNames {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KnownNames({})", self.len())
    }
}
