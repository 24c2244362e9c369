//! Makes a wave's release from its ballots, and publishes it.

use std::collections::BTreeMap;

use crate::disclosure::{Rule, RuleSettings};
use crate::id::{OrgCode, WaveCode};
use crate::release::{About, Ingredients, Release, make};
use crate::statistics::Confidence;
use crate::storage::Turnout;
use crate::tabulation::Tally;
use crate::wave::{Purpose, Wave};

use super::{FlowError, House, move_wave, the_wave};

/// Makes the release of a closed wave and keeps it for the office to look at.
/// Made again from the same ballots it has the same bytes.
///
/// # Errors
/// If the wave is not closed, or its release was published.
pub fn build_release(house: &House, code: &WaveCode) -> Result<Release, FlowError> {
    let (wave, survey, tree, ballots, turnout) = house.store.read(|tx| {
        let wave = the_wave(tx, code)?;
        wave.check_counted()?;
        let survey = house.survey(tx, &wave.definition)?;
        let ballots = tx.ballots(code, &survey)?;
        Ok::<_, FlowError>((wave, survey, tx.frozen_tree(code)?, ballots, tx.turnout(code)?))
    })?;
    let failed = |why: &dyn std::fmt::Display| FlowError::Release(why.to_string());
    let mut tally = Tally::new(&survey, tree.leaves().map(|leaf| leaf.code.clone()));
    for ballot in &ballots {
        let unit = OrgCode::from(&ballot.unit);
        tally.add(&unit, ballot.marks.as_bytes()).map_err(|why| failed(&why))?;
    }
    let rule = Rule::new(RuleSettings {
        k: house.settings.k,
        min_groups: house.settings.min_groups,
        ..RuleSettings::default()
    })
    .map_err(|all| failed(&all.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))?;
    let release = make(
        &Ingredients {
            survey: &survey,
            tree: &tree,
            tally: &tally,
            invited: &invited(&turnout),
            groups: &groups(&turnout),
            rule: &rule,
            confidence: Confidence::default(),
            past: &[],
        },
        about(&wave, &survey),
    )
    .map_err(|why| failed(&why))?;
    house.store.write(|tx| {
        the_wave(tx, code)?.check_counted()?;
        Ok::<_, FlowError>(tx.put_release(code, &release)?)
    })?;
    Ok(release)
}

/// Publishes a wave's release: from now on everybody who may see results sees it.
///
/// # Errors
/// If there is no release to publish.
pub fn publish_release(house: &House, code: &WaveCode) -> Result<Wave, FlowError> {
    let now = house.now();
    house.store.write(|tx| {
        let wave = the_wave(tx, code)?;
        let from = wave.state;
        let released = wave.release()?;
        if !tx.publish_release(code, now)? {
            return Err(FlowError::NoRelease(code.clone()));
        }
        move_wave(tx, from, &released)?;
        Ok(released)
    })
}

/// A wave's release: published, or still for the office alone.
///
/// # Errors
/// If there is none.
pub fn release_of(
    house: &House,
    code: &WaveCode,
    before_publication: bool,
) -> Result<Release, FlowError> {
    let found = house.store.read(|tx| {
        the_wave(tx, code)?;
        Ok::<_, FlowError>(tx.release(code)?)
    })?;
    match found {
        Some((release, Some(_))) => Ok(release),
        Some((release, None)) if before_publication => Ok(release),
        _ => Err(FlowError::NoRelease(code.clone())),
    }
}

fn about(wave: &Wave, survey: &crate::definition::Survey) -> About {
    About {
        wave: wave.code.clone(),
        wave_title: wave.title.clone(),
        survey: survey.code.clone(),
        survey_title: survey.title.clone(),
        survey_version: survey.version.clone(),
        fingerprint: survey.fingerprint.to_string(),
        synthetic: wave.purpose == Purpose::Synthetic,
        test: wave.purpose == Purpose::Test,
        opened: wave.opens.in_words(),
        closed: wave.closes.in_words(),
        published: wave.publishes.in_words(),
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

/// PBC groups with a lead who answered, by unit.
fn groups(turnout: &[Turnout]) -> BTreeMap<OrgCode, u32> {
    by_unit(turnout, |row| u32::from(row.answered > 0))
}
