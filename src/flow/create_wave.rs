//! Prepares a wave: nobody is asked yet.

use chrono::Datelike;

use crate::definition::{self, Survey};
use crate::id::{ModuleCode, WaveCode};
use crate::storage::StorageError;
use crate::time::Moment;
use crate::trail::Act;
use crate::wave::{Purpose, State, Wave};

use super::{FlowError, House};

/// What a new wave is made from.
#[derive(Debug, Clone)]
pub struct NewWave {
    /// Its code.
    pub code: WaveCode,
    /// Its title; the code if not given.
    pub title: Option<String>,
    /// The survey's modules that it asks, besides the core.
    pub modules: Vec<ModuleCode>,
    /// The survey file's name, for messages.
    pub survey_file: String,
    /// The survey file's text.
    pub survey_source: String,
    /// From when answers are taken.
    pub opens: Moment,
    /// Until when.
    pub closes: Moment,
    /// When results come; two weeks after closing if not given.
    pub publishes: Option<Moment>,
    /// What it is for.
    pub purpose: Purpose,
    /// Whether its answers are to be imported from a file.
    pub imported: bool,
}

/// The draft that a new wave would be; nothing is kept.
///
/// # Errors
/// As for [`create_wave`].
pub fn draft_of(house: &House, new: &NewWave) -> Result<Wave, FlowError> {
    let (_, wave) = described(house, new)?;
    match house.store.read(|tx| tx.wave(&wave.code))? {
        Some(_) => Err(FlowError::WaveExists(wave.code)),
        None => Ok(wave),
    }
}

/// Keeps a new wave as a draft and pins its definition.
///
/// # Errors
/// If the definition has faults or lacks a module, the times are not in order,
/// or the code is taken.
pub fn create_wave(house: &House, new: &NewWave) -> Result<Wave, FlowError> {
    let (survey, wave) = described(house, new)?;
    house.store.write(|tx| {
        tx.keep_definition(&survey, &new.survey_file, &new.survey_source)?;
        tx.insert_wave(&wave).map_err(|error| match error {
            StorageError::Conflict { .. } => FlowError::WaveExists(wave.code.clone()),
            other => FlowError::from(other),
        })?;
        let detail = format!(
            "{}: opens {}, closes {}; definition {}",
            wave.title,
            wave.opens,
            wave.closes,
            wave.definition.short()
        );
        Ok::<_, FlowError>(house.note(tx, Act::WAVE_CREATED, wave.code.as_str(), &detail)?)
    })?;
    Ok(wave)
}

fn described(house: &House, new: &NewWave) -> Result<(Survey, Wave), FlowError> {
    let survey = definition::parse(&new.survey_file, &new.survey_source)?;
    survey.with_modules(&new.modules).map_err(|unknown| FlowError::NoModule {
        unknown,
        has: survey.modules.iter().map(|module| module.code.to_string()).collect(),
    })?;
    let mut modules = new.modules.clone();
    modules.sort();
    modules.dedup();
    let wave = Wave {
        code: new.code.clone(),
        title: new.title.clone().unwrap_or_else(|| new.code.to_string()),
        definition: survey.fingerprint.clone(),
        modules,
        fin_year: financial_year(new.opens),
        opens: new.opens,
        closes: new.closes,
        publishes: new.publishes.unwrap_or_else(|| new.closes.plus_days(14)),
        purpose: new.purpose,
        imported: new.imported,
        smallest: house.settings.k,
        smallest_groups: house.settings.min_groups,
        state: State::Draft,
    }
    .checked()?;
    Ok((survey, wave))
}

/// The NHS financial year of a day: April to March, for example `2007/08`.
pub(super) fn financial_year(at: Moment) -> String {
    let day = at.london_date();
    let first = if day.month() >= 4 { day.year() } else { day.year() - 1 };
    format!("{first}/{:02}", (first + 1).rem_euclid(100))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_financial_year_runs_from_april_to_march() {
        let year = |day: &str| financial_year(day.parse().expect("a day"));
        assert_eq!(year("2008-03-31"), "2007/08");
        assert_eq!(year("2008-04-01"), "2008/09");
        assert_eq!(year("1999-12-01"), "1999/00");
    }
}
