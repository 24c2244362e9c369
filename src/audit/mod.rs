//! The auditor: reads the finished files of a release and says whether they may
//! be published.
//!
//! It stands apart from the code that makes releases. It has its own reading of
//! the rule, of what can be subtracted and of which cells must be hidden, and
//! takes from the rest of the house only how a release is read and how figures
//! are computed from counts. With the files alone it judges what anybody could
//! work out from them; with the ballots it also judges what nobody should.
//!
//! It must never know how cells were hidden, and its findings name places and
//! rules, never an answer.
//!
//! Source: methods.md 9.8.

mod answers;
mod ballots;
mod beside;
mod bounds;
mod cells;
mod elimination;
mod family;
mod log;
mod published;
mod recompute;
mod replay;
mod together;

pub use log::{Check, Finding, Report};
pub use together::audit_together;

use std::io::Read;

use answers::Limits;
use ballots::{Ballots, is_question};
use cells::Question;
use family::Family;
use log::Log;

use crate::release::{Level, Measure, MeasureKind, ReadError, Release, Status};
use crate::statistics::{Confidence, Thresholds};

/// The files of one release.
pub struct Files<'a> {
    /// release.json, byte for byte.
    pub release: &'a [u8],
    /// figures.csv.
    pub figures: &'a str,
    /// distribution.csv, where there is one.
    pub distribution: Option<&'a str>,
    /// region.csv, where there is one.
    pub region: Option<&'a str>,
    /// The responses behind it, in the form of responses.csv, where they are at hand.
    pub ballots: Option<&'a mut dyn Read>,
}

/// One release with its tree and its rule.
struct Case<'a> {
    release: &'a Release,
    family: Family,
    limits: Limits,
    confidence: Confidence,
    thresholds: Thresholds,
}

/// Audits the files of one release.
#[must_use]
pub fn audit(mut files: Files<'_>) -> Report {
    let mut log = Log::default();
    let Some(release) = read(files.release, &mut log) else { return log.report("") };
    let case = Case::new(&release, &mut log);
    let ballots = files
        .ballots
        .take()
        .map(|from| Ballots::read(from, &release, &case.family, case.limits, &mut log));
    let wanted = recompute::all(&case, ballots.as_ref());
    published::test(&case, &files, &wanted, &mut log);
    published::test_release(&case, &wanted, &mut log);
    published::test_root(&case, &mut log);
    case.test_record(&mut log);
    for (place, measure) in release.measures().iter().enumerate() {
        if is_question(measure) {
            Question::new(&case, place, measure, ballots.as_ref()).test(ballots.as_ref(), &mut log);
        } else if measure.kind == MeasureKind::Index {
            case.test_index(place, ballots.as_ref(), &mut log);
        } else if matches!(measure.kind, MeasureKind::Overall | MeasureKind::Number) {
            case.test_others(measure, &mut log);
        }
    }
    log.report(release.unaudited().digest())
}

fn read(bytes: &[u8], log: &mut Log) -> Option<Release> {
    match Release::from_bytes(bytes) {
        Ok(release) => {
            release.about().wave.as_str().clone_into(&mut log.wave);
            Some(release)
        }
        Err(ReadError::Cell { org, measure }) => {
            log.test(Check::Hidden, false, (org.as_str(), &measure), || {
                "release.json has figures of a cell that is not shown, or none of one that is"
                    .to_owned()
            });
            None
        }
        Err(error) => {
            log.fault(format!("release.json: {error}"));
            None
        }
    }
}

impl<'a> Case<'a> {
    fn new(release: &'a Release, log: &mut Log) -> Self {
        let settings = release.settings();
        let least = settings.k >= 3 && settings.coalition <= 2 && settings.width <= 50;
        log.test(Check::Safe, least, ("", ""), || {
            "the settings of the release protect less than the methods allow".to_owned()
        });
        let confidence = Confidence::new(settings.confidence.value());
        log.test(Check::Files, confidence.is_ok(), ("", ""), || {
            "the confidence lies outside what the methods allow".to_owned()
        });
        let thresholds = settings.thresholds();
        log.test(Check::Files, thresholds.is_ok(), ("", ""), || {
            "the thresholds lie outside what the methods allow".to_owned()
        });
        let case = Self {
            release,
            family: Family::of(release),
            limits: Limits::of(settings),
            confidence: confidence.unwrap_or_default(),
            thresholds: thresholds.unwrap_or_default(),
        };
        case.test_participation(log);
        case
    }

    /// The status of each node's cell of a measure.
    fn statuses(&self, measure: &str) -> Vec<Status> {
        let of = |code| self.release.cell(code, measure).map_or(Status::Hidden, |cell| cell.status);
        self.family.spots().map(|(_, spot)| of(&spot.code)).collect()
    }

    /// The record of an audit in a release is of that release.
    fn test_record(&self, log: &mut Log) {
        if let Some(record) = self.release.audit() {
            let own = record.passed && record.release == self.release.unaudited().digest();
            log.test(Check::Files, own, ("", ""), || {
                "the record of the audit is of another release".to_owned()
            });
        }
    }

    /// The overall index is shown only where every progress index is, and is
    /// their mean; neither it nor a number stands on too few people.
    ///
    /// Source: methods.md 2, 9.5 and 15.
    fn test_others(&self, measure: &Measure, log: &mut Log) {
        for (_, spot) in self.family.spots() {
            let figures = |code: &str| self.release.cell(&spot.code, code)?.figures.as_ref();
            let Some(own) = figures(&measure.code) else { continue };
            let at = (spot.code.as_str(), measure.code.as_str());
            let few = i64::try_from(own.n).is_ok_and(|n| self.limits.is_few(n));
            let few = few || self.limits.has_few_groups(spot.groups);
            log.test(Check::Safe, !few, at, || "a figure stands on too few people".to_owned());
            if measure.kind != MeasureKind::Overall {
                continue;
            }
            let progress = self.release.indexes().filter(|index| !index.severity);
            let parts: Option<Vec<f64>> =
                progress.map(|index| Some(figures(&index.code)?.score?.mean.value())).collect();
            log.test(Check::Index, parts.is_some(), at, || {
                "the overall index is shown though one of the indexes is not".to_owned()
            });
            let (Some(parts), Some(score)) = (parts, own.score) else { continue };
            #[expect(clippy::cast_precision_loss, reason = "a number of indexes")]
            let mean = parts.iter().sum::<f64>() / parts.len() as f64;
            log.test(Check::Figures, (mean - score.mean.value()).abs() <= 3e-6, at, || {
                "the overall index is not the mean of the indexes".to_owned()
            });
        }
    }

    /// Fewer than k responses are not told exactly.
    fn test_participation(&self, log: &mut Log) {
        for org in self.release.nodes() {
            let told = org.responded.and_then(|responded| i64::try_from(responded).ok());
            let few = told.is_some_and(|responded| self.limits.is_few(responded));
            log.test(Check::Safe, !few, (org.code.as_str(), ""), || {
                "fewer than k responses are told exactly".to_owned()
            });
            let lowest = org.level == Level::Pct;
            let leaves = self
                .family
                .place(org.code.as_str())
                .map_or(0, |at| self.family.leaves_of(at).len());
            log.test(Check::Files, !lowest || leaves == 1, (org.code.as_str(), ""), || {
                "a unit has something below it".to_owned()
            });
        }
    }

    /// An index uses shown items of enough weight, and its people and those of
    /// what remains under it are enough.
    ///
    /// Source: methods.md 2 and 9.5.
    fn test_index(&self, place: usize, ballots: Option<&Ballots>, log: &mut Log) {
        let Some(index) = self.release.measures().get(place) else { return };
        let whole: u64 = index.members.iter().map(|member| u64::from(member.weight)).sum();
        for (_, spot) in self.family.spots() {
            let cell = self.release.cell(&spot.code, &index.code);
            let Some(figures) = cell.and_then(|cell| cell.figures.as_ref()) else { continue };
            let at = (spot.code.as_str(), index.code.as_str());
            let is_shown = |item: &str| {
                let cell = self.release.cell(&spot.code, item);
                cell.is_some_and(|cell| cell.status == Status::Shown)
            };
            let shown = index.members.iter().filter(|member| is_shown(member.item.as_str()));
            let used: Vec<_> = shown.clone().map(|member| &member.item).collect();
            log.test(Check::Index, used.iter().copied().eq(&figures.used), at, || {
                "an index does not use the items that are shown, and those alone".to_owned()
            });
            let weight = shown.map(|member| u64::from(member.weight)).sum();
            log.test(Check::Index, self.limits.is_enough_weight(weight, whole), at, || {
                "an index is shown though too few of its items are".to_owned()
            });
            let few = i64::try_from(figures.n).is_ok_and(|n| self.limits.is_few(n));
            let few = few || self.limits.has_few_groups(spot.groups);
            log.test(Check::Index, !few, at, || "an index stands on too few people".to_owned());
        }
        if let Some(ballots) = ballots {
            self.test_index_people(place, &index.code, ballots, log);
            let wanted = |untold| replay::of_index(self, place, ballots, untold);
            replay::compare(self, &index.code, wanted, log);
        }
    }

    fn test_index_people(&self, place: usize, code: &str, ballots: &Ballots, log: &mut Log) {
        let people = |leaves: &[usize]| -> i64 {
            let all: u64 = leaves.iter().map(|leaf| ballots.index(*leaf, place).people).sum();
            i64::try_from(all).unwrap_or(i64::MAX)
        };
        let shown: Vec<bool> =
            self.statuses(code).iter().map(|status| *status == Status::Shown).collect();
        let answered: Vec<bool> = (0..self.family.len()).map(|node| people(&[node]) > 0).collect();
        let cells = self.family.spots().filter(|(node, _)| shown.get(*node) == Some(&true));
        let cells = cells.map(|(node, spot)| (node, spot.leaves.clone()));
        for (node, leaves) in cells.chain(self.family.rests(&shown, &answered)) {
            let org = self.family.get(node).map_or("", |spot| spot.code.as_str());
            let n = people(&leaves);
            let few =
                n < self.limits.k() || self.limits.has_few_groups(self.family.groups(&leaves));
            log.test(Check::Index, !few, (org, code), || {
                "the people behind an index, or behind what remains of it, are too few".to_owned()
            });
        }
    }
}

#[cfg(test)]
mod tests;
