//! The ballots behind a release, read from a file of responses: what only the
//! auditor of the house has. They pass by once and only sums are kept.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Read;

use super::answers::{Answers, Limits};
use super::family::Family;
use super::log::Log;
use crate::release::{Measure, MeasureKind, Release};

/// What one person gave to one question.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Given {
    /// Nothing, or that they do not know.
    Nothing,
    /// That it does not apply.
    NotApplicable,
    /// The option at this place of the measure, one with a score.
    Option(u8),
}

/// Sums over the responses of a wave, those without any scored answer left out.
pub(super) struct Ballots {
    /// Per node, per measure.
    questions: Vec<Vec<Counts>>,
    /// Per node, per measure; what is no index stays at nought.
    indexes: Vec<Vec<IndexSums>>,
}

/// Answers of a leaf to one question.
#[derive(Clone, Default)]
struct Counts {
    options: Vec<u64>,
    outside: u64,
}

/// What an index of a node stands on.
#[derive(Clone, Copy, Default)]
pub(super) struct IndexSums {
    /// People with an index of their own.
    pub(super) people: u64,
    /// People with an answer to any of its items.
    pub(super) answered: u64,
    /// People with an answer to any of the items that the release used there.
    pub(super) n_star: u64,
    /// Their squared influences added up: `Σ (Σ_q ω_q (y_q − m_q)/n_q)²`.
    pub(super) squares: f64,
}

/// A member of an index as a release used it at one node.
struct Used {
    /// The measure's place.
    place: usize,
    /// Its share of the weight, by the number of its answers.
    weight: f64,
    mean: f64,
}

impl Ballots {
    /// Reads `wave,org,resp,ITEM…`; rows of other waves are passed over.
    pub(super) fn read(
        from: &mut dyn Read,
        release: &Release,
        family: &Family,
        limits: Limits,
        log: &mut Log,
    ) -> Self {
        let measures = release.measures();
        let nought =
            |measure: &Measure| Counts { options: vec![0; measure.options.len()], outside: 0 };
        let empty: Vec<Counts> = measures.iter().map(nought).collect();
        let mut ballots = Self {
            questions: vec![empty; family.len()],
            indexes: vec![vec![IndexSums::default(); measures.len()]; family.len()],
        };
        let members = members(release);
        let used: Vec<Vec<Vec<Used>>> = (0..family.len())
            .map(|node| measures.iter().map(|index| used(release, family, node, index)).collect())
            .collect();
        each(from, release, family, log, |_, leaf, given| {
            ballots.count(leaf, given);
            for (index, members) in members.iter().enumerate().filter(|(_, list)| !list.is_empty())
            {
                ballots.count_index(leaf, index, members, given, limits);
            }
            for (node, _) in family.spots().filter(|(node, _)| family.is_within(leaf, *node)) {
                let sums = ballots.indexes.get_mut(node).into_iter().flatten();
                for (sums, used) in sums.zip(used.get(node).into_iter().flatten()) {
                    sums.influence(measures, used, given);
                }
            }
        });
        ballots
    }

    fn count(&mut self, leaf: usize, given: &[Given]) {
        for (counts, given) in self.questions.get_mut(leaf).into_iter().flatten().zip(given) {
            match given {
                Given::Option(option) => {
                    if let Some(people) = counts.options.get_mut(usize::from(*option)) {
                        *people += 1;
                    }
                }
                Given::NotApplicable => counts.outside += 1,
                Given::Nothing => {}
            }
        }
    }

    fn count_index(
        &mut self,
        leaf: usize,
        index: usize,
        members: &[(usize, u32)],
        given: &[Given],
        limits: Limits,
    ) {
        let answered = |place: &usize| matches!(given.get(*place), Some(Given::Option(_)));
        let weight = |all: bool| -> u64 {
            let own = members.iter().filter(|(place, _)| all || answered(place));
            own.map(|(_, weight)| u64::from(*weight)).sum()
        };
        if let Some(sums) = self.indexes.get_mut(leaf).and_then(|at| at.get_mut(index)) {
            sums.people += u64::from(limits.is_enough_weight(weight(false), weight(true)));
            sums.answered += u64::from(weight(false) > 0);
        }
    }

    /// The answers of each node's own people to a measure: of leaves alone.
    pub(super) fn answers(&self, place: usize, measure: &Measure) -> Vec<Answers> {
        let of = |counts: &Vec<Counts>| {
            counts.get(place).map(|counts| Answers::of(measure, counts.options.iter().copied()))
        };
        self.questions.iter().map(|counts| of(counts).unwrap_or_default()).collect()
    }

    /// How many people of some leaves a measure does not concern.
    pub(super) fn outside(&self, leaves: &[usize], place: usize) -> u64 {
        let own = leaves.iter().filter_map(|leaf| self.questions.get(*leaf)?.get(place));
        own.map(|counts| counts.outside).sum()
    }

    /// What an index of a node stands on; the first two sums of leaves alone.
    pub(super) fn index(&self, node: usize, place: usize) -> IndexSums {
        self.indexes.get(node).and_then(|at| at.get(place)).copied().unwrap_or_default()
    }
}

impl IndexSums {
    /// Source: methods.md 2, linearised variance.
    fn influence(&mut self, measures: &[Measure], used: &[Used], given: &[Given]) {
        let mut sum = 0.0;
        let mut any = false;
        for part in used {
            let Some(Given::Option(option)) = given.get(part.place) else { continue };
            let score = measures
                .get(part.place)
                .and_then(|measure| measure.options.get(usize::from(*option))?.score);
            sum += part.weight * (f64::from(score.unwrap_or(0)) - part.mean);
            any = true;
        }
        if any {
            self.n_star += 1;
            self.squares += sum * sum;
        }
    }
}

/// Per measure: the places and weights of an index's members; nothing of others.
pub(super) fn members(release: &Release) -> Vec<Vec<(usize, u32)>> {
    let place = |code: &str| release.measures().iter().position(|measure| measure.code == code);
    let of = |measure: &Measure| {
        let list = measure.members.iter();
        list.filter_map(|member| Some((place(member.item.as_str())?, member.weight))).collect()
    };
    release.measures().iter().map(of).collect()
}

fn used(release: &Release, family: &Family, node: usize, index: &Measure) -> Vec<Used> {
    let Some(org) = family.get(node).map(|spot| &spot.code) else { return Vec::new() };
    let Some(figures) = release.cell(org, &index.code).and_then(|cell| cell.figures.as_ref())
    else {
        return Vec::new();
    };
    let parts: Vec<(usize, u32, Answers)> = index
        .members
        .iter()
        .filter(|member| figures.used.contains(&member.item))
        .filter_map(|member| {
            let place = release.measures().iter().position(|m| m.code == member.item.as_str())?;
            let item = release.measures().get(place)?;
            let cell = release.cell(org, &item.code)?.figures.as_ref()?;
            Some((place, member.weight, Answers::of(item, cell.counts.iter().copied())))
        })
        .collect();
    let total: f64 = parts.iter().map(|(_, weight, _)| f64::from(*weight)).sum();
    parts
        .into_iter()
        .map(|(place, weight, answers)| {
            let n = real(answers.n());
            let sum = answers.by_score().iter().map(|(score, people)| i64::from(*score) * people);
            let mean = real(sum.sum()) / n;
            Used { place, weight: f64::from(weight) / total / n, mean }
        })
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts of people and their scores")]
pub(super) fn real(count: i64) -> f64 {
    count as f64
}

/// Whether a measure is a question with scores.
pub(super) fn is_question(measure: &Measure) -> bool {
    matches!(measure.kind, MeasureKind::Item | MeasureKind::Barrier)
}

/// Calls `with` for every response: its name, its leaf, and per measure what
/// was given (nothing for an index).
pub(super) fn each(
    from: &mut dyn Read,
    release: &Release,
    family: &Family,
    log: &mut Log,
    mut with: impl FnMut(&str, usize, &[Given]),
) {
    let mut reader = csv::Reader::from_reader(from);
    let header: Vec<String> = match reader.headers() {
        Ok(header) => header.iter().map(str::to_owned).collect(),
        Err(error) => return log.fault(format!("the ballots cannot be read: {error}")),
    };
    let place = |name: &str| header.iter().position(|column| column == name);
    let (Some(wave), Some(org), Some(resp)) = (place("wave"), place("org"), place("resp")) else {
        return log.fault("the ballots have no columns wave, org and resp");
    };
    let measures = release.measures();
    let column = |measure: &Measure| place(&measure.code).filter(|_| is_question(measure));
    let columns: Vec<Option<usize>> = measures.iter().map(column).collect();
    for (measure, column) in measures.iter().zip(&columns) {
        if is_question(measure) && column.is_none() {
            log.fault(format!("the ballots have no column {}", measure.code));
        }
    }
    let mut names = HashSet::new();
    let mut line = 1;
    let mut record = csv::StringRecord::new();
    let mut all = Vec::with_capacity(measures.len());
    loop {
        line += 1;
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => return log.fault(format!("the ballots cannot be read: {error}")),
        }
        let field = |at: usize| record.get(at).unwrap_or_default();
        if field(wave) != release.about().wave.as_str() {
            continue;
        }
        let Some(leaf) = family.place(field(org)).filter(|at| family.is_leaf(*at)) else {
            log.fault(format!("line {line} of the ballots: {} is no unit", field(org)));
            continue;
        };
        // A hash of the name is enough to see that it came before.
        let mut hasher = DefaultHasher::new();
        field(resp).hash(&mut hasher);
        if !names.insert(hasher.finish()) {
            log.fault(format!("line {line} of the ballots: a second response of that name"));
        }
        all.clear();
        for (measure, column) in measures.iter().zip(&columns) {
            all.push(given(measure, column.map_or("", field)).unwrap_or_else(|| {
                log.fault(format!("line {line} of the ballots: no answer to {}", measure.code));
                Given::Nothing
            }));
        }
        if all.iter().any(|given| matches!(given, Given::Option(_))) {
            with(field(resp), leaf, &all);
        }
    }
}

fn given(measure: &Measure, text: &str) -> Option<Given> {
    match text {
        "" | "DK" => return Some(Given::Nothing),
        "NA" => return Some(Given::NotApplicable),
        _ => {}
    }
    let value: u16 = text.parse().ok()?;
    let place = measure.options.iter().position(|option| option.value == value)?;
    let option = measure.options.get(place)?;
    let place = u8::try_from(place).ok()?;
    Some(match option.score {
        Some(_) => Given::Option(place),
        None if option.outside => Given::NotApplicable,
        None => Given::Nothing,
    })
}
