//! Made-up leads for demonstrations and rehearsals: a seeded model with real
//! differences between PCTs, groups and people, not noise. Their replies go
//! through the same doors as anybody's.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures_executor::block_on;

use crate::answer::{Answer, Reply, Route, WAY_OUT};
use crate::chance::Chance;
use crate::definition::{AnswerOption, Counts, Direction, Item, ItemAnswer, Limit, Number, Survey};
use crate::id::{GroupSlug, UnitSlug, WaveCode};
use crate::invitation::{LinkSecret, Token};
use crate::keyring::Secret;

use super::{FlowError, House, cast_ballot, save_section, the_wave};

/// What is true of a made-up region, the same in each of its waves: how things
/// go in each unit, on each theme, and where they are heading.
pub struct Region {
    seed: u64,
    units: BTreeMap<UnitSlug, UnitTruth>,
}

/// Standard deviations on the scale of a standard normal.
struct UnitTruth {
    general: f64,
    drift: f64,
    willing: f64,
    themes: BTreeMap<String, f64>,
}

/// A draw that is the same for the same name.
fn named(seed: u64, name: &str) -> Chance {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ seed;
    for byte in name.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    Chance::seeded(hash)
}

/// A standard normal draw.
///
/// Source: Box and Muller 1958.
fn normal(chance: &Chance) -> f64 {
    let radius = (-2.0 * (1.0 - chance.fraction()).ln()).sqrt();
    radius * (std::f64::consts::TAU * chance.fraction()).cos()
}

impl Region {
    /// A region with a truth for each unit.
    pub fn new(seed: u64, units: impl IntoIterator<Item = UnitSlug>) -> Self {
        let truth = |unit: &UnitSlug| {
            let chance = named(seed, unit.as_str());
            UnitTruth {
                general: 0.55 * normal(&chance),
                drift: 0.12 * normal(&chance) + 0.05,
                willing: (0.74 + 0.08 * normal(&chance)).clamp(0.4, 0.92),
                themes: BTreeMap::new(),
            }
        };
        let units = units.into_iter().map(|unit| (unit.clone(), truth(&unit))).collect();
        Self { seed, units }
    }

    /// Says how a theme (a section of the survey) truly stands in a unit.
    pub fn set_theme(&mut self, unit: &UnitSlug, section: &str, level: f64) {
        if let Some(truth) = self.units.get_mut(unit) {
            truth.themes.insert(section.to_owned(), level);
        }
    }

    /// The level of an item in a unit: higher is better.
    fn level(&self, unit: &UnitSlug, item: &Item<'_>, wave: f64) -> f64 {
        let section = item.section.code.as_str();
        let easy = 0.45 * normal(&named(self.seed, item.code.as_str()));
        let Some(truth) = self.units.get(unit) else { return easy };
        let theme = truth
            .themes
            .get(section)
            .copied()
            .unwrap_or_else(|| 0.35 * normal(&named(self.seed, &format!("{unit}/{section}"))));
        easy + truth.general + theme + truth.drift * wave
    }
}

/// Lets made-up leads answer an open wave, each through the form's own doors.
/// `wave` counts the waves from 0, `share` scales everybody's willingness.
/// Returns how many answered.
///
/// # Errors
/// If the wave is not open or a door refuses.
pub fn simulate_replies(
    house: &House,
    region: &Region,
    code: &WaveCode,
    wave: u32,
    share: f64,
) -> Result<usize, FlowError> {
    let secret = LinkSecret::from_bytes(&*house.keyring.get(code, Secret::Links)?);
    let (survey, roster) = house.store.read(|tx| {
        let wave = the_wave(tx, code)?;
        Ok::<_, FlowError>((house.survey(tx, &wave)?, tx.invitations(code)?))
    })?;
    // Ids are random even in a demonstration; people are the same in each wave.
    let mut answered = 0;
    for invitation in &roster {
        let person = named(region.seed, invitation.email.expose());
        let day = named(region.seed, &format!("{code}/{}", invitation.email.expose()));
        let willing = region.units.get(&invitation.unit).map_or(0.7, |truth| truth.willing);
        let mood = 0.5 * normal(&named(region.seed, &group_key(&invitation.group)))
            + 0.55 * normal(&person);
        if day.fraction() > willing * share {
            continue;
        }
        let token = secret.token(&invitation.id, invitation.answering().generation);
        let level = |item: &Item<'_>| region.level(&invitation.unit, item, f64::from(wave)) + mood;
        answer_all(house, &token, &survey, &day, level)?;
        answered += 1;
    }
    Ok(answered)
}

fn group_key(group: &GroupSlug) -> String {
    format!("group/{group}")
}

fn answer_all(
    house: &House,
    token: &Token,
    survey: &Survey,
    day: &Chance,
    level: impl Fn(&Item<'_>) -> f64,
) -> Result<(), FlowError> {
    let mut draft = Reply::default();
    for section in &survey.sections {
        let mut fields = Vec::new();
        let mut met = BTreeSet::new();
        // Answers can bring up more questions of the same section.
        loop {
            let route = Route::of(survey, &draft);
            let fresh = |item: &Item<'_>| route.asks(item.code) && !met.contains(item.code);
            let asked: Vec<Item<'_>> = section.items().filter(fresh).collect();
            if asked.is_empty() {
                break;
            }
            for item in asked {
                met.insert(item.code.clone());
                fields.extend(answer(&item, level(&item), day, &route));
            }
            let code = section.code.as_str();
            let (section, fields) = (code.to_owned(), Arc::new(fields.clone()));
            draft = block_on(save_section(house, token.clone(), section, fields))?.visit.draft;
        }
    }
    block_on(cast_ballot(house, token.clone()))?;
    Ok(())
}

/// One made-up answer as form fields; none for a blank.
fn answer(item: &Item<'_>, level: f64, day: &Chance, route: &Route<'_>) -> Vec<(String, String)> {
    if day.fraction() < 0.02 {
        return Vec::new();
    }
    let field = |value: String| (item.code.to_string(), value);
    let offered = |options: &'_ [AnswerOption]| -> Vec<u16> {
        let offered = options.iter().filter(|option| route.offers(option));
        offered.map(|option| option.value).collect()
    };
    match item.answer {
        ItemAnswer::Scored(scale) => {
            let felt = match scale.direction {
                Direction::Progress => level,
                Direction::Barrier => -level,
            };
            let value = scored(&scale.options, felt + 0.8 * normal(day), day);
            value.map(|value| field(value.to_string())).into_iter().collect()
        }
        ItemAnswer::Choice(options) => {
            let values = offered(options);
            let value = values.get(day.below(values.len().max(1)));
            value.map(|value| field(value.to_string())).into_iter().collect()
        }
        ItemAnswer::Several(choices) => {
            let mut values = offered(&choices.options);
            let alone = choices.exclusive();
            values.retain(|value| !alone.contains(value));
            day.shuffle(&mut values);
            let many = 1 + day.below(choices.most.unwrap_or(4).min(values.len()).max(1));
            values.into_iter().take(many).map(|value| field(value.to_string())).collect()
        }
        ItemAnswer::Number(number) => number_of(item, number, day, route).into_iter().collect(),
        ItemAnswer::Text(_) => remark(day).map(field).into_iter().collect(),
    }
}

/// A made-up number: small ones are the most common.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "made-up figures")]
fn number_of(
    item: &Item<'_>,
    number: &Number,
    day: &Chance,
    route: &Route<'_>,
) -> Option<(String, String)> {
    if day.fraction() < 0.05 {
        let way_out = number.ways_out().next()?;
        return Some((format!("{WAY_OUT}{}", item.code), way_out.value.to_string()));
    }
    let end = |limit: &Limit| match limit {
        Limit::Fixed(amount) => Some(*amount),
        Limit::Answer(code) => match route.answer(code) {
            Some(Answer::Amount(amount)) => Some(*amount),
            _ => None,
        },
    };
    let least = number.usual_min.or(end(&number.min)).unwrap_or(0);
    let most = end(&number.max).unwrap_or(100).min(number.usual_max.unwrap_or(i64::MAX));
    // A third of the way up on average, and never the very end by chance alone.
    let drawn = -(1.0 - day.fraction()).ln() * (most - least) as f64 / 9.0;
    let amount = (least + drawn.round() as i64).clamp(least, most.max(least));
    Some((item.code.to_string(), number.figures(amount)))
}

/// The option whose score lies nearest to the felt score, or now and then a way out.
fn scored(options: &[AnswerOption], felt: f64, day: &Chance) -> Option<u16> {
    let ways_out: Vec<&AnswerOption> = options
        .iter()
        .filter(|option| matches!(option.counts, Counts::DontKnow | Counts::NotApplicable))
        .collect();
    if day.fraction() < 0.05
        && let Some(way_out) = ways_out.get(day.below(ways_out.len()))
    {
        return Some(way_out.value);
    }
    let wanted = 100.0 / (1.0 + (-1.1 * felt).exp());
    let far = |option: &AnswerOption| match option.counts {
        Counts::Scored { score, .. } => (f64::from(score) - wanted).abs(),
        _ => f64::INFINITY,
    };
    options.iter().min_by(|a, b| far(a).total_cmp(&far(b))).map(|option| option.value)
}

fn remark(day: &Chance) -> Option<String> {
    const REMARKS: [&str; 6] = [
        "Regular meetings with named contacts would help more than another strategy paper.",
        "The monthly activity figures arrive too late to act on.",
        "Practices share a validation clerk and it has paid for itself.",
        "Decisions on small schemes should not need three committees.",
        "Our community nurses now join the fortnightly planning meeting.",
        "A single template for business cases has saved everybody time.",
    ];
    if day.fraction() < 0.7 {
        return None;
    }
    REMARKS.get(day.below(REMARKS.len())).map(|remark| (*remark).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_draws_the_same_and_draws_are_spread_like_a_normal() {
        assert_eq!(named(1, "x").bytes::<8>(), named(1, "x").bytes::<8>());
        assert_ne!(named(1, "x").bytes::<8>(), named(2, "x").bytes::<8>());
        let chance = Chance::seeded(9);
        let draws: Vec<f64> = (0..4000).map(|_| normal(&chance)).collect();
        let mean = draws.iter().sum::<f64>() / 4000.0;
        let variance = draws.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / 4000.0;
        assert!(mean.abs() < 0.08 && (variance - 1.0).abs() < 0.1, "{mean} {variance}");
    }
}
