//! What the office should look at before a wave is opened, because nobody can call its
//! invitations back.

use crate::disclosure::{Forecast, Rule, RuleSettings};
use crate::id::WaveCode;
use crate::storage::StoppedAddress;
use crate::wave::Wave;

use super::make_key::PreparedKey;
use super::open_wave::roster;
use super::{FlowError, House, prepared_key, the_wave};

/// The response rates at which it is told who could be shown, in percent.
pub const RATES: [u32; 3] = [60, 73, 85];

/// What is to be expected of a reporting unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitForecast {
    /// Its name.
    pub name: String,
    /// Its PBC groups with a lead.
    pub groups: usize,
    /// Its leads.
    pub leads: u32,
    /// What is to be expected at each of the [`RATES`].
    pub at: [Forecast; 3],
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningChecks {
    /// The wave.
    pub wave: Wave,
    /// How many leads would be asked.
    pub leads: usize,
    /// PBC groups that have no lead in the register.
    pub without_lead: Vec<String>,
    /// Leads to whose address no mail goes any more, by group.
    pub stopped: Vec<String>,
    /// By unit, in the order of their names.
    pub units: Vec<UnitForecast>,
    /// The key that was handed out, if one was.
    pub key: Option<PreparedKey>,
}

/// Looks at what a wave would be opened with.
///
/// # Errors
/// If there is no such wave.
pub fn opening_checks(house: &House, code: &WaveCode) -> Result<OpeningChecks, FlowError> {
    let (wave, register, stopped) = house.store.read(|tx| {
        Ok::<_, FlowError>((the_wave(tx, code)?, tx.register()?, tx.stopped_addresses()?))
    })?;
    let rule = Rule::new(RuleSettings {
        k: wave.smallest,
        min_groups: wave.smallest_groups,
        ..RuleSettings::default()
    })
    .map_err(FlowError::Rule)?;
    let roster = roster(house, &wave, &register);
    let leads_of = |slug: &crate::id::GroupSlug| {
        u32::try_from(roster.iter().filter(|one| one.group == *slug).count()).unwrap_or(u32::MAX)
    };
    let mut units: Vec<UnitForecast> = register
        .units
        .iter()
        .map(|unit| {
            let groups = register.groups.iter().filter(|group| {
                register.unit_of_group(&group.slug).is_some_and(|of| of.slug == unit.slug)
            });
            let leads: Vec<u32> =
                groups.map(|group| leads_of(&group.slug)).filter(|leads| *leads > 0).collect();
            UnitForecast {
                name: unit.label.clone(),
                groups: leads.len(),
                leads: leads.iter().sum(),
                at: RATES.map(|percent| Forecast::of(&leads, percent, &rule)),
            }
        })
        .collect();
    units.sort_by(|one, other| one.name.cmp(&other.name));
    let without = register.groups.iter().filter(|group| leads_of(&group.slug) == 0);
    let is_stopped = |email: &crate::register::EmailAddress| {
        stopped.iter().any(|one: &StoppedAddress| one.address.key() == email.key())
    };
    let mut unreached: Vec<String> = roster
        .iter()
        .filter(|one| is_stopped(&one.email))
        .map(|one| one.group_name.clone())
        .collect();
    unreached.sort();
    Ok(OpeningChecks {
        leads: roster.len(),
        without_lead: without.map(|group| group.name.clone()).collect(),
        stopped: unreached,
        units,
        key: prepared_key(house, code)?,
        wave,
    })
}
