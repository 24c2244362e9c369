//! Answers that come as a file, from paper or an older system, into a wave that was
//! created for it. Nobody is asked and nothing is sealed: whoever brings the file has
//! read it. From there on they are ballots as any others.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::num::NonZero;

use crate::ballot_box::Ballot;
use crate::fault::{Fault, Faults};
use crate::id::{BallotId, OrgCode, UnitSlug, WaveCode};
use crate::register::{NamedText, Register, Tree};
use crate::responses::{Asked, Cells, WaveOrgs, check_people, read_orgs, take};
use crate::storage::{Loose, Turnout};
use crate::tabulation::{Batch, MinWeight};
use crate::trail::Act;
use crate::wave::Wave;

use super::open_wave::tree;
use super::{FlowError, House, held_wave, move_wave, the_wave};

/// What an import brought in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The wave, closed now.
    pub wave: Wave,
    /// Ballots.
    pub ballots: usize,
    /// Reporting units that some of them count for.
    pub units: usize,
    /// People whom the wave asked.
    pub invited: u32,
}

/// Whom the wave asked.
#[derive(Debug, Clone, Copy)]
pub enum AskedPeople<'a> {
    /// The leads of the register, as it stands now.
    Register,
    /// Those of a file `wave,org,name,level,parent,invited[,groups]`.
    Orgs(NamedText<'a>),
}

/// Reads answers into a wave and closes it: all of them or none. A dry run only looks.
///
/// # Errors
/// If the wave is not one for imports or has its answers (unless `replace`), or the
/// files have faults: all of them, each with its place.
pub fn import_ballots(
    house: &House,
    code: &WaveCode,
    file: &str,
    from: impl Read + Send,
    people: AskedPeople<'_>,
    replace: bool,
    dry_run: bool,
) -> Result<Imported, FlowError> {
    let now = house.now();
    let (survey, wave, register) = house.store.read(|tx| {
        let wave = the_wave(tx, code)?.import(now, replace)?;
        Ok::<_, FlowError>((house.survey(tx, &wave)?, wave, tx.register()?))
    })?;
    let (asked, named) = match people {
        AskedPeople::Register => (of_register(house, code, &register)?, "the register"),
        AskedPeople::Orgs(text) => (of_file(&wave, text)?, text.name),
    };
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let waves = std::slice::from_ref(&asked);
    let counting = Asked { survey: &survey, waves, min_weight: MinWeight::default(), threads };
    let (tallies, batches) = take(file, from, &counting)?;
    check_people(named, waves, &tallies, wave.smallest_groups > 0)?;
    let units = units(named, &asked.tree)?;
    let turnout: Vec<Turnout> = tallies
        .iter()
        .flat_map(|tally| {
            tally.leaves().zip(&units).map(|((org, counts), unit)| {
                // A row without an answer is nobody who answered.
                let answered = number(counts.responded());
                let groups = match &asked.groups {
                    Some(groups) => groups.get(org).copied().unwrap_or(0).min(answered),
                    None => fewest_groups(&register, unit, answered),
                };
                let invited = asked.invited.get(org).copied().unwrap_or(0);
                Turnout { unit: unit.clone(), invited, answered, groups }
            })
        })
        .collect();
    let columns = survey.columns().count();
    let ballots = shuffled(house, &batches, columns);
    let of_unit = ballots
        .iter()
        .filter_map(|(id, place, marks)| Some(Loose { id, unit: units.get(*place)?, marks }));
    let imported = |wave| Imported {
        wave,
        ballots: ballots.len(),
        units: turnout.iter().filter(|unit| unit.answered > 0).count(),
        invited: turnout.iter().map(|unit| unit.invited).sum(),
    };
    if dry_run {
        return Ok(imported(wave));
    }
    let wave = house.store.write(|tx| {
        let wave = held_wave(tx, code)?;
        let from = wave.state;
        let wave = wave.import(now, replace)?;
        move_wave(tx, from, &wave)?;
        tx.forget_ballots(code)?;
        tx.freeze_tree(code, &asked.tree)?;
        tx.insert_ballots(code, of_unit)?;
        tx.insert_turnout(code, &turnout)?;
        let detail = if replace { "in the place of those before" } else { "" };
        house.note(tx, Act::BALLOTS_IMPORTED, code.as_str(), detail)?;
        Ok::<_, FlowError>(wave)
    })?;
    Ok(imported(wave))
}

/// Writes the ballots of an imported wave as `wave,org,resp,ITEM…`, in the order of
/// their random ids. Says how many.
///
/// # Errors
/// If leads were asked in the wave: their ballots leave the house as figures only.
pub fn export_ballots(house: &House, code: &WaveCode, out: impl Write) -> Result<usize, FlowError> {
    let written = house.store.read(|tx| {
        let wave = the_wave(tx, code)?;
        if !wave.imported {
            return Err(FlowError::BallotsStay(code.clone()));
        }
        let survey = house.survey(tx, &wave)?;
        let failed = |error: csv::Error| FlowError::Output(error.to_string());
        let mut cells = Cells::new(code, &survey, out).map_err(failed)?;
        let mut written = 0;
        tx.each_ballot(code, &survey, |Ballot { id, unit, marks }| {
            written += 1;
            cells.write(unit.as_str(), &id.to_string(), &marks).map_err(failed)
        })?;
        cells.end().map_err(|error| FlowError::Output(error.to_string()))?;
        Ok::<_, FlowError>(written)
    })?;
    house
        .store
        .write(|tx| house.note(tx, Act::BALLOTS_EXPORTED, code.as_str(), &written.to_string()))?;
    Ok(written)
}

fn of_register(house: &House, code: &WaveCode, register: &Register) -> Result<WaveOrgs, FlowError> {
    let tree = tree(house, register)?;
    let mut invited: BTreeMap<OrgCode, u32> =
        tree.leaves().map(|leaf| (leaf.code.clone(), 0)).collect();
    for lead in &register.leads {
        let unit = register.unit_of_group(&lead.group).map(|unit| OrgCode::from(&unit.slug));
        if let Some(number) = unit.and_then(|unit| invited.get_mut(&unit)) {
            *number += 1;
        }
    }
    Ok(WaveOrgs { wave: code.clone(), tree, invited, groups: None })
}

fn of_file(wave: &Wave, text: NamedText<'_>) -> Result<WaveOrgs, FlowError> {
    let all = read_orgs(text)?;
    let has: Vec<String> = all.iter().map(|one| one.wave.to_string()).collect();
    let fault = |what: String, hint: &str| {
        FlowError::from(Faults::new(vec![Fault::of_file(text.name, what).hint(hint)]))
    };
    let own = all.into_iter().find(|one| one.wave == wave.code).ok_or_else(|| {
        let what = format!("names no organisation of wave {}", wave.code);
        fault(what, &format!("it names: {}", has.join(", ")))
    })?;
    if own.groups.is_none() && wave.smallest_groups > 0 {
        let what = format!(
            "has no column groups, and wave {} shows nothing of fewer than {} PBC groups",
            wave.code, wave.smallest_groups
        );
        return Err(fault(what, "add the number of PBC groups among the respondents of each pct"));
    }
    Ok(own)
}

/// The reporting units of a tree, in the order of a tally.
fn units(file: &str, tree: &Tree) -> Result<Vec<UnitSlug>, Faults> {
    let mut faults = Vec::new();
    let mut codes: Vec<&OrgCode> = tree.leaves().map(|leaf| &leaf.code).collect();
    codes.sort();
    let units = codes.into_iter().filter_map(|code| {
        let unit = code.as_str().parse::<UnitSlug>();
        unit.map_err(|why| faults.push(Fault::of_file(file, format!("the pct {code}: {why}")))).ok()
    });
    let units = units.collect();
    if faults.is_empty() { Ok(units) } else { Err(Faults::new(faults)) }
}

/// So few PBC groups may have given so many answers, if every lead of the register
/// answered at most once: those with the most leads.
fn fewest_groups(register: &Register, unit: &UnitSlug, answered: u32) -> u32 {
    let mut leads: BTreeMap<&str, u32> = BTreeMap::new();
    for lead in &register.leads {
        if register.unit_of_group(&lead.group).is_some_and(|of| of.slug == *unit) {
            *leads.entry(lead.group.as_str()).or_default() += 1;
        }
    }
    let mut sizes: Vec<u32> = leads.into_values().collect();
    sizes.sort_unstable_by(|one, other| other.cmp(one));
    let mut left = answered;
    let needed = sizes.into_iter().take_while(|size| {
        let more = left > 0;
        left = left.saturating_sub(*size);
        more
    });
    u32::try_from(needed.count()).unwrap_or(u32::MAX)
}

/// Every ballot with a random id, in the order of these ids: nothing is left of the
/// order of the file.
fn shuffled<'b>(
    house: &House,
    batches: &'b [Batch],
    columns: usize,
) -> Vec<(BallotId, usize, &'b [u8])> {
    let all = batches.iter().flat_map(|batch| batch.ballots(columns));
    let mut ballots: Vec<_> =
        all.map(|(place, marks)| (BallotId::random(&house.chance), place, marks)).collect();
    ballots.sort_unstable_by_key(|(id, ..)| *id);
    ballots
}

fn number(many: u64) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}
