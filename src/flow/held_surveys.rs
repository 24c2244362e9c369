//! Looks at the surveys that the house holds, as the office does before anybody
//! is asked. Changes nothing; the few who look need no cache.

use crate::definition::{Fingerprint, Survey, Tokens};
use crate::id::{ModuleCode, WaveCode};
use crate::storage::Tx;
use crate::wave::Wave;

use super::create_wave::financial_year;
use super::{FlowError, House, the_wave};

/// A survey with all its modules, and the waves that ask it.
pub struct HeldSurvey {
    /// The survey.
    pub survey: Survey,
    /// The waves, the newest first.
    pub waves: Vec<Wave>,
}

/// How much of a survey is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskedBy {
    /// The core and these modules.
    Modules(Vec<ModuleCode>),
    /// What this wave asks.
    Wave(WaveCode),
}

/// A survey as a wave asks it, or could ask it.
pub struct AskedSurvey {
    /// The core with the modules chosen.
    pub survey: Survey,
    /// The wave, if one was named.
    pub wave: Option<Wave>,
    /// Words for the tokens that suit every lead.
    pub tokens: Tokens,
}

/// Every survey that the house holds: those of the newest waves first, those
/// that no wave asks last.
///
/// # Errors
/// If the database fails or a definition cannot be read.
pub fn held_surveys(house: &House) -> Result<Vec<HeldSurvey>, FlowError> {
    house.store.read(|tx| {
        let waves = tx.waves()?;
        let mut held = Vec::new();
        for id in tx.definitions()? {
            let asks = |wave: &&Wave| wave.definition == id;
            let waves = waves.iter().filter(asks).cloned().collect();
            held.push(HeldSurvey { survey: tx.definition(&id)?, waves });
        }
        let newest = |one: &HeldSurvey| one.waves.first().map(|wave| wave.opens);
        held.sort_by_key(|one| std::cmp::Reverse(newest(one)));
        Ok(held)
    })
}

/// As much of a survey as a wave asks, or as these modules make.
///
/// # Errors
/// [`FlowError::NoSurvey`], [`FlowError::NoWave`] or [`FlowError::NoModule`].
pub fn asked_survey(
    house: &House,
    id: &Fingerprint,
    by: &AskedBy,
) -> Result<AskedSurvey, FlowError> {
    house.store.read(|tx| {
        let whole = held(tx, id)?;
        let (modules, wave) = match by {
            AskedBy::Modules(modules) => (modules.clone(), None),
            AskedBy::Wave(code) => {
                let wave = the_wave(tx, code)?;
                if wave.definition != *id {
                    return Err(FlowError::NoWave(code.clone()));
                }
                (wave.modules.clone(), Some(wave))
            }
        };
        let survey = whole.with_modules(&modules).map_err(|unknown| FlowError::NoModule {
            unknown,
            has: whole.modules.iter().map(|module| module.code.to_string()).collect(),
        })?;
        let tokens = match &wave {
            Some(Wave { fin_year, smallest, smallest_groups, .. }) => {
                Tokens::for_everybody(fin_year, *smallest, *smallest_groups)
            }
            None => Tokens::for_everybody(
                &financial_year(house.now()),
                house.settings.k,
                house.settings.min_groups,
            ),
        };
        Ok(AskedSurvey { survey, wave, tokens })
    })
}

fn held(tx: &mut Tx<'_>, id: &Fingerprint) -> Result<Survey, FlowError> {
    if tx.definitions()?.contains(id) { Ok(tx.definition(id)?) } else { Err(FlowError::NoSurvey) }
}
