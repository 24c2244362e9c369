//! Two releases of one wave, read side by side: a correction and what it
//! corrects, or the same ballots in another partition of the tree.
//!
//! The people of a leaf fall into parts that the two releases treat alike: kept,
//! added, removed, changed, moved. Every published total is a sum of such parts.
//!
//! Source: methods.md 9.6 and 9.8, points 3 and 4.

use std::collections::{BTreeMap, BTreeSet};

use super::answers::Answers;
use super::ballots::{self, Given, is_question};
use super::cells::Question;
use super::elimination::{Atom, Puzzle, Total};
use super::log::{Check, Log, Report};
use super::{Case, Files, bounds, read};
use crate::release::{Measure, Release};

/// What one person gave to each measure, and where.
type Person = (usize, Vec<Given>);

/// One of the two releases.
struct Side<'a> {
    case: Case<'a>,
    people: BTreeMap<String, Person>,
}

/// The same people, treated alike by both releases: where they count in each,
/// and whether they gave the same answer there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    places: [Option<usize>; 2],
    is_kept: bool,
}

/// Audits a release against an earlier one of the same wave; both need their
/// ballots, and a response must have the same name in both files. Each is also
/// to be audited alone.
#[must_use]
pub fn audit_together(mut earlier: Files<'_>, mut later: Files<'_>) -> Report {
    let mut log = Log::default();
    let releases = (read(earlier.release, &mut log), read(later.release, &mut log));
    let (Some(old), Some(new)) = releases else { return log.report("") };
    let one_wave = old.about().wave == new.about().wave;
    log.test(Check::Files, one_wave, ("", ""), || {
        "the releases are of different waves: they need no joint audit".to_owned()
    });
    let sides = [Side::read(&old, &mut earlier, &mut log), Side::read(&new, &mut later, &mut log)];
    for (place, measure) in new.measures().iter().enumerate() {
        let before = old.measures().iter().position(|other| other.code == measure.code);
        if let (true, Some(before)) = (is_question(measure), before) {
            test(&sides, [before, place], measure, &mut log);
        }
    }
    log.report(new.digest())
}

impl<'a> Side<'a> {
    fn read(release: &'a Release, files: &mut Files<'_>, log: &mut Log) -> Self {
        let case = Case::new(release, log);
        let mut people = BTreeMap::new();
        match files.ballots.take() {
            Some(from) => ballots::each(from, release, &case.family, log, |name, leaf, given| {
                people.insert(name.to_owned(), (leaf, given.to_vec()));
            }),
            None => log.fault("a joint audit needs the ballots of both releases"),
        }
        Self { case, people }
    }

    fn given(&self, name: &str, place: usize) -> Option<(usize, usize)> {
        let (leaf, given) = self.people.get(name)?;
        match given.get(place) {
            Some(Given::Option(option)) => Some((*leaf, usize::from(*option))),
            _ => None,
        }
    }
}

/// The parts of one question with the answers of their people in each release.
fn parts(
    sides: &[Side<'_>; 2],
    places: [usize; 2],
    measure: &Measure,
) -> BTreeMap<Part, [Answers; 2]> {
    let [old, new] = sides;
    let [before, after] = places;
    let mut parts: BTreeMap<Part, [Vec<u64>; 2]> = BTreeMap::new();
    let names: BTreeSet<&String> = old.people.keys().chain(new.people.keys()).collect();
    // Trees may differ: leaves are known by their codes.
    let here = |leaf: usize| {
        let code = old.case.family.get(leaf).map_or("", |spot| spot.code.as_str());
        new.case.family.place(code)
    };
    for name in names {
        let was = old.given(name, before);
        let is = new.given(name, after);
        let is_kept = match (was, is) {
            (Some((leaf, option)), Some((there, other))) => {
                here(leaf) == Some(there) && option == other
            }
            _ => false,
        };
        let part = Part { places: [was.map(|at| at.0), is.map(|at| at.0)], is_kept };
        if was.is_none() && is.is_none() {
            continue;
        }
        let width = measure.options.len();
        let counts = parts.entry(part).or_insert_with(|| [vec![0; width], vec![0; width]]);
        for (counts, given) in counts.iter_mut().zip([was, is]) {
            if let Some(count) = given.and_then(|(_, option)| counts.get_mut(option)) {
                *count += 1;
            }
        }
    }
    let of = |counts: Vec<u64>| Answers::of(measure, counts);
    parts.into_iter().map(|(part, counts)| (part, counts.map(of))).collect()
}

fn test(sides: &[Side<'_>; 2], places: [usize; 2], measure: &Measure, log: &mut Log) {
    let parts = parts(sides, places, measure);
    let mut atoms = Vec::new();
    // Per side, the atoms with the leaf where they count.
    let mut own: [Vec<(usize, usize)>; 2] = [Vec::new(), Vec::new()];
    for (who, (part, answers)) in parts.iter().enumerate() {
        for (side, (leaf, answers)) in part.places.iter().zip(answers).enumerate() {
            let Some(leaf) = leaf else { continue };
            let atom = if part.is_kept && side == 1 { atoms.len() - 1 } else { atoms.len() };
            if atom == atoms.len() {
                // Who is in a part that differs is known to have answered.
                let all = sides.get(side).and_then(|side| side.case.family.get(*leaf));
                let n = u64::try_from(answers.n()).unwrap_or(0);
                let invited = all.filter(|_| part.is_kept).map_or(n, |spot| spot.invited);
                atoms.push(Atom { who, answers: Some(answers.clone()), invited, groups: None });
            }
            if let Some(list) = own.get_mut(side) {
                list.push((*leaf, atom));
            }
        }
    }
    let mut puzzle = Puzzle { atoms, totals: Vec::new() };
    let mut hidden = Vec::new();
    for ((side, own), place) in sides.iter().zip(&own).zip(places) {
        let Some(measure) = side.case.release.measures().get(place) else { continue };
        let question = Question::new(&side.case, place, measure, None);
        let of = |leaves: &[usize]| -> BTreeSet<usize> {
            own.iter().filter(|(leaf, _)| leaves.contains(leaf)).map(|(_, atom)| *atom).collect()
        };
        for ((_, spot), answers) in side.case.family.spots().zip(question.totals()) {
            if let Some(answers) = answers {
                puzzle.totals.push(Total { atoms: of(&spot.leaves), answers: answers.clone() });
            }
        }
        let truth: Vec<Answers> = (0..side.case.family.len())
            .map(|leaf| {
                let atoms = of(&[leaf]);
                Answers::sum(atoms.iter().filter_map(|at| puzzle.atoms.get(*at)?.answers.as_ref()))
            })
            .collect();
        let leaves: Vec<usize> = (0..side.case.family.len())
            .filter(|leaf| question.shown.get(*leaf) == Some(&false))
            .filter(|leaf| side.case.family.is_leaf(*leaf))
            .collect();
        for leaf in question.unsafe_among(&leaves, &truth) {
            let code = side.case.family.get(leaf).map_or("", |spot| spot.code.as_str());
            hidden.push((code, of(&[leaf]), side.case.limits));
        }
    }
    let [_, new] = sides;
    puzzle.test(new.case.limits, log, &measure.code);
    for (org, target, limits) in hidden {
        let room = bounds::leaves_room(&puzzle, &target, limits.width());
        log.test(Check::Room, room == Some(true), (org, &measure.code), || match room {
            Some(_) => "two releases tell the mean of a hidden unit too closely".to_owned(),
            None => "how closely a hidden unit can be told was not solved".to_owned(),
        });
    }
}
