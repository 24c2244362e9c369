//! What stays of a closing: numbers, fingerprints, and what became of the keys.
//! Kept with the wave, for whoever asks later how it was closed. Names nobody
//! who answered.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::id::{UnitSlug, WaveCode};

use super::{Ballot, Counted};

/// How a wave was closed. Filled step by step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosingRecord {
    /// The wave.
    pub wave: WaveCode,
    /// The day on which it was counted, in London.
    pub day: NaiveDate,
    /// The version of the program.
    pub program: String,
    /// The fingerprint of the survey's definition.
    pub definition: String,
    /// The fingerprint of the key that sealed the envelopes.
    pub key: String,
    /// How many leads were invited.
    pub invited: u32,
    /// How many envelopes were in the box.
    pub envelopes: u32,
    /// SHA-256 of the published list of receipts.
    pub receipts: String,
    /// Ballots and spoiled envelopes by unit.
    pub units: BTreeMap<UnitSlug, UnitCount>,
    /// Written answers, apart from the ballots.
    pub comments: u32,
    /// Numbers, apart from the ballots.
    pub numbers: u32,
    /// SHA-256 of the ballots in the order of their random ids.
    pub ballots: String,
    /// What was found when the database had been cleaned; none before that.
    pub cleaned: Option<Cleaned>,
    /// What became of each key; empty before that.
    pub keys: Vec<KeyEnd>,
}

/// What the count found for one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct UnitCount {
    /// Envelopes.
    pub envelopes: u32,
    /// Envelopes that became ballots.
    pub ballots: u32,
    /// Envelopes that gave no valid reply.
    pub spoiled: u32,
}

/// What was found after cleaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cleaned {
    /// The kind of database.
    pub database: String,
    /// Envelopes, drafts and other rows that had to go and are still there: none.
    pub rows_left: u64,
    /// Bytes outside the database proper that may hold older contents: none.
    pub bytes_left: u64,
}

/// What became of a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyEnd {
    /// Which key, for people.
    pub key: String,
    /// Whether this house destroyed it; otherwise its holders have to.
    pub destroyed: bool,
    /// Who holds it, if it was not kept here.
    pub holders: Vec<String>,
}

impl ClosingRecord {
    /// Ballots and spoiled envelopes must be the envelopes of the box, unit by unit.
    #[must_use]
    pub fn uneven(&self) -> Option<(&UnitSlug, UnitCount)> {
        let even = |count: &UnitCount| count.ballots + count.spoiled == count.envelopes;
        self.units.iter().find(|(_, count)| !even(count)).map(|(unit, count)| (unit, *count))
    }

    /// All units together.
    #[must_use]
    pub fn total(&self) -> UnitCount {
        self.units.values().fold(UnitCount::default(), |sum, unit| UnitCount {
            envelopes: sum.envelopes + unit.envelopes,
            ballots: sum.ballots + unit.ballots,
            spoiled: sum.spoiled + unit.spoiled,
        })
    }
}

impl Cleaned {
    /// Whether nothing is left of what had to go.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.rows_left == 0 && self.bytes_left == 0
    }
}

/// How many envelopes became what, unit by unit.
#[must_use]
pub fn by_unit(
    envelopes: &BTreeMap<UnitSlug, u32>,
    counted: &Counted,
) -> BTreeMap<UnitSlug, UnitCount> {
    let mut units: BTreeMap<UnitSlug, UnitCount> = BTreeMap::new();
    for (unit, number) in envelopes {
        units.entry(unit.clone()).or_default().envelopes = *number;
    }
    for (unit, number) in &counted.spoiled {
        units.entry(unit.clone()).or_default().spoiled = *number;
    }
    for ballot in &counted.ballots {
        units.entry(ballot.unit.clone()).or_default().ballots += 1;
    }
    units
}

/// SHA-256 of ballots in the order of their ids, as hexadecimal digits: for each the
/// 16 bytes of its id, its unit, a zero byte, the number of its marks as 8 bytes
/// (highest first) and its marks.
#[must_use]
pub fn digest_of_ballots(ballots: &[Ballot]) -> String {
    let mut sorted: Vec<&Ballot> = ballots.iter().collect();
    sorted.sort_unstable_by_key(|ballot| ballot.id);
    let mut digest = Sha256::new();
    for Ballot { id, unit, marks } in sorted {
        let marks = marks.as_bytes();
        digest.update(id.as_bytes());
        digest.update(unit.as_str());
        digest.update([0]);
        digest.update(u64::try_from(marks.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(marks);
    }
    hex::encode(digest.finalize())
}
