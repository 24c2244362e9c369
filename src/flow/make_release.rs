//! Makes a wave's release from its ballots, and publishes it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::sync::Arc;

use crate::ballot_box::Ballot;
use crate::definition::{Survey, Tokens, fill};
use crate::disclosure::{Past, Rule, RuleSettings, SafeTable};
use crate::id::{OrgCode, UnitSlug, WaveCode};
use crate::register::Tree;
use crate::release::{
    About, Contents, Ingredients, MakeError, Measure, MeasureKind, Release, protected,
};
use crate::statistics::{Confidence, Thresholds};
use crate::storage::{StorageError, Turnout, Tx};
use crate::tabulation::{Batch, Tally, TallyError};
use crate::trail::Act;
use crate::wave::Wave;

use super::audit_release::audit_release;
use super::mail_rounds::announce_results;
use super::second::with_second;
use super::{FlowError, House, move_wave, the_wave};

/// Ballots that one thread takes at a time.
const BATCH: usize = 65_536;

/// Makes the release of a closed wave and keeps it for the office to look at.
/// Made again from the same ballots it has the same bytes.
///
/// # Errors
/// If the wave is not closed, its release was published, or the auditor finds
/// that its files would tell too much.
pub fn build_release(house: &House, code: &WaveCode) -> Result<Release, FlowError> {
    let (counted, before, past) = house.store.read(|tx| {
        let wave = the_wave(tx, code)?;
        wave.check_counted()?;
        let before = wave_before(house, tx, &wave)?;
        Ok::<_, FlowError>((Counted::read(house, tx, wave)?, before, published_before(tx)?))
    })?;
    let before = before.map(|(earlier, release)| earlier.as_published(&release)).transpose()?;
    let safe = counted.safe(&past)?;
    let about = about(&counted.wave, &counted.survey);
    let (before, thresholds) = (before.flatten(), Thresholds::default());
    let contents =
        Contents::new(&safe, before.as_ref(), thresholds, about).map_err(MakeError::Build)?;
    let release = Release::new(&contents);
    let record = audit_release(&release, Some((&counted.survey, &counted.ballots)))?;
    let release = release.audited(record);
    house.store.write(|tx| {
        the_wave(tx, code)?.check_counted()?;
        tx.put_release(code, &release)?;
        let detail = format!("digest {}", release.digest());
        Ok::<_, FlowError>(house.note(tx, Act::RELEASE_BUILT, code.as_str(), &detail)?)
    })?;
    Ok(release)
}

/// Everything of a wave that its release is counted from.
struct Counted {
    wave: Wave,
    survey: Arc<Survey>,
    tree: Tree,
    ballots: Vec<Ballot>,
    turnout: Vec<Turnout>,
    spoiled: BTreeMap<UnitSlug, u32>,
}

impl Counted {
    fn read(house: &House, tx: &mut Tx<'_>, wave: Wave) -> Result<Self, FlowError> {
        let survey = house.survey(tx, &wave)?;
        let ballots = tx.ballots(&wave.code, &survey)?;
        let (turnout, spoiled) = (tx.turnout(&wave.code)?, tx.spoiled(&wave.code)?);
        let tree = tx.frozen_tree(&wave.code)?;
        Ok(Self { wave, survey, tree, ballots, turnout, spoiled })
    }

    /// What may be shown of it.
    fn safe(&self, past: &[Past]) -> Result<SafeTable, FlowError> {
        // The promise that its leads were given, whatever is set today.
        let rule = Rule::new(RuleSettings {
            k: self.wave.smallest,
            min_groups: self.wave.smallest_groups,
            ..RuleSettings::default()
        })
        .map_err(FlowError::Rule)?;
        let tally = tallied(&self.survey, &self.tree, &self.ballots, &rule)?;
        let ingredients = Ingredients {
            survey: &self.survey,
            tree: &self.tree,
            tally: &tally,
            invited: &invited(&self.turnout),
            groups: &groups(&self.turnout, &self.spoiled, &tally),
            rule: &rule,
            confidence: Confidence::default(),
            past,
        };
        Ok(protected(&ingredients, &self.wave.code)?)
    }

    /// What may be shown of it, if its release shows just that: what was hidden
    /// when it was published stays hidden.
    fn as_published(&self, release: &Release) -> Result<Option<SafeTable>, FlowError> {
        let safe = self.safe(&[])?;
        let shown = release.as_past().shown;
        let none = BTreeSet::new();
        let is_same = |measure: &Measure| {
            safe.shown(&measure.code) == *shown.get(&measure.code).unwrap_or(&none)
        };
        let mut measures = release.measures().iter().filter(|m| m.kind != MeasureKind::Rate);
        Ok(measures.all(is_same).then_some(safe))
    }
}

/// The last wave of the same survey that was published before this one closed,
/// with its release.
fn wave_before(
    house: &House,
    tx: &mut Tx<'_>,
    wave: &Wave,
) -> Result<Option<(Counted, Release)>, FlowError> {
    let survey = house.survey(tx, wave)?.code.clone();
    let mut waves = tx.waves()?;
    waves.retain(|other| other.was_released_before(wave));
    waves.sort_by_key(|other| Reverse(other.closes));
    for before in waves {
        if let Some((release, Some(_))) = tx.release(&before.code)?
            && release.about().survey == survey
        {
            return Ok(Some((Counted::read(house, tx, before)?, release)));
        }
    }
    Ok(None)
}

/// Counts ballots on all cores.
fn tallied(
    survey: &Survey,
    tree: &Tree,
    ballots: &[Ballot],
    rule: &Rule,
) -> Result<Tally, FlowError> {
    let leaves = tree.leaves().map(|leaf| leaf.code.clone());
    let mut tally = Tally::with_min_weight(survey, leaves, rule.min_weight());
    let mut places = BTreeMap::new();
    for ballot in ballots {
        if !places.contains_key(&ballot.unit) {
            let leaf = OrgCode::from(&ballot.unit);
            let place = tally.place(&leaf).ok_or(TallyError::UnknownLeaf(leaf))?;
            places.insert(ballot.unit.clone(), place);
        }
    }
    let batches: Vec<Batch> = ballots
        .chunks(BATCH)
        .map(|part| {
            let mut batch = Batch::default();
            for ballot in part {
                if let Some(place) = places.get(&ballot.unit) {
                    batch.push(*place, ballot.marks.as_bytes());
                }
            }
            batch
        })
        .collect();
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    tally.count_all(batches, threads)?;
    Ok(tally)
}

/// Publishes a wave's release: from now on everybody who may see results sees it.
///
/// # Errors
/// If there is no release to publish, or its files would tell too much.
pub fn publish_release(house: &House, code: &WaveCode) -> Result<Wave, FlowError> {
    let now = house.now();
    // As it is stored: whatever befell it since it was made.
    if let Some((release, None)) = house.store.read(|tx| tx.release(code))? {
        audit_release(&release, None)?;
    }
    house.store.write(|tx| {
        let wave = the_wave(tx, code)?;
        let from = wave.state;
        let released = wave.release(now)?;
        let digest = tx.release(code)?.map(|(release, _)| release.digest().to_owned());
        let digest = digest.ok_or_else(|| FlowError::NoRelease(code.clone()))?;
        let asked = with_second(house, tx, Act::RELEASE_PUBLISHED, code.as_str(), &digest)?;
        if !tx.publish_release(code, now)? {
            return Err(FlowError::NoRelease(code.clone()));
        }
        move_wave(tx, from, &released)?;
        announce_results(house, tx, code, now)?;
        house.note(tx, Act::RELEASE_PUBLISHED, code.as_str(), asked.trim())?;
        Ok(released)
    })
}

fn about(wave: &Wave, survey: &Survey) -> About {
    About {
        wave: wave.code.clone(),
        wave_title: wave.title.clone(),
        survey: survey.code.clone(),
        survey_title: fill(
            &survey.title,
            &Tokens::for_everybody(&wave.fin_year, wave.smallest, wave.smallest_groups),
        ),
        survey_version: survey.version.clone(),
        fingerprint: survey.fingerprint.to_string(),
        purpose: wave.purpose,
        imported: wave.imported,
        fin_year: wave.fin_year.clone(),
        opened: wave.opens.in_words(),
        closed: wave.closes.in_words(),
    }
}

fn by_unit(turnout: &[Turnout], of: impl Fn(&Turnout) -> u32) -> BTreeMap<OrgCode, u32> {
    let mut units = BTreeMap::new();
    for row in turnout {
        *units.entry(OrgCode::from(&row.unit)).or_default() += of(row);
    }
    units
}

/// Leads invited, by unit.
fn invited(turnout: &[Turnout]) -> BTreeMap<OrgCode, u32> {
    by_unit(turnout, |row| row.invited)
}

/// PBC groups that respondents surely come from, by unit. A reply that gave no
/// valid answer may have been any group's only one, so each takes one group away.
fn groups(
    turnout: &[Turnout],
    spoiled: &BTreeMap<UnitSlug, u32>,
    tally: &Tally,
) -> BTreeMap<OrgCode, u32> {
    let mut groups = by_unit(turnout, |row| row.groups);
    let mut lessen = |unit: &OrgCode, by: u32| {
        if let Some(number) = groups.get_mut(unit) {
            *number = number.saturating_sub(by);
        }
    };
    for (unit, number) in spoiled {
        lessen(&OrgCode::from(unit), *number);
    }
    for (unit, counts) in tally.leaves() {
        lessen(unit, u32::try_from(counts.empty()).unwrap_or(u32::MAX));
    }
    groups
}

/// What every published release has shown already.
fn published_before(tx: &mut Tx<'_>) -> Result<Vec<Past>, StorageError> {
    let mut past = Vec::new();
    for wave in tx.waves()? {
        if let Some((release, Some(_))) = tx.release(&wave.code)? {
            past.push(release.as_past());
        }
    }
    Ok(past)
}
