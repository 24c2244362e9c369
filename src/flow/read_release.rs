//! Reads releases for those who look at them. A published release never
//! changes, so it is read once and stays in memory; whether somebody may see
//! one that is not published is asked of the database each time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::NaiveDate;

use crate::id::{OrgCode, WaveCode};
use crate::pages::StocktakeColumn;
use crate::register::EmailAddress;
use crate::release::{Decided, Release};
use crate::storage::{EarlyAccess, ReleaseNote, StorageError, Tx};
use crate::wave::{Showing, State, Wave};

use super::plan_release::sees_early;
use super::{FlowError, House, the_wave};

/// So many releases stay in memory; a survey of ten years has forty.
const MOST: usize = 48;

/// What was read and can never change.
#[derive(Default)]
pub(super) struct Shelf(Mutex<Held>);

#[derive(Default)]
struct Held {
    releases: BTreeMap<WaveCode, Arc<Published>>,
    stocktakes: BTreeMap<NaiveDate, Arc<StocktakeColumn>>,
}

/// A published wave with its release.
#[derive(Debug)]
pub struct Published {
    /// The wave, as it was published.
    pub wave: Wave,
    /// Its release.
    pub release: Arc<Release>,
}

/// Who wants to see a release, should it not be published.
#[derive(Debug, Clone, Copy)]
pub enum Early<'a> {
    /// Somebody who waits like everybody.
    Nobody,
    /// The survey office.
    Office,
    /// An account that the office may have let see it.
    Account(&'a EmailAddress),
}

/// A release with what stands beside it.
#[derive(Debug, Clone)]
pub struct ReadRelease {
    /// The release.
    pub release: Arc<Release>,
    /// Whether it is published, so that it can never change.
    pub published: bool,
    /// The stocktake nearest to its wave, whoever may see it.
    pub stocktake: Option<Arc<StocktakeColumn>>,
    /// The published releases of the same survey before it, the earliest first.
    pub past: Vec<Arc<Release>>,
    /// What the office decided of the figures that it proposes to look at first.
    pub decided: Vec<Decided>,
    /// What the office has to say about it, the first note first.
    pub notes: Vec<ReleaseNote>,
    /// How it is shown.
    pub showing: Showing,
    /// Who was let see it before it was published.
    pub early: Vec<EarlyAccess>,
    /// Whether comments of the wave are published. They are no part of the release: what
    /// was published once never changes, and comments can be taken down.
    pub comments: bool,
    /// Whether ideas for the network are published.
    pub ideas: bool,
}

impl Shelf {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self, code: &WaveCode) -> Option<Arc<Published>> {
        self.held().releases.get(code).cloned()
    }

    fn published(
        &self,
        tx: &mut Tx<'_>,
        code: &WaveCode,
    ) -> Result<Option<Arc<Published>>, StorageError> {
        if let Some(published) = self.known(code) {
            return Ok(Some(published));
        }
        let Some(wave) = tx.wave(code)?.filter(|wave| wave.state == State::Released) else {
            return Ok(None);
        };
        let Some((release, Some(_))) = tx.release(code)? else { return Ok(None) };
        let published = Arc::new(Published { wave, release: Arc::new(release) });
        let mut held = self.held();
        if held.releases.len() >= MOST {
            let oldest = held.releases.values().min_by_key(|one| one.wave.closes);
            if let Some(code) = oldest.map(|one| one.wave.code.clone()) {
                held.releases.remove(&code);
            }
        }
        held.releases.insert(code.clone(), Arc::clone(&published));
        Ok(Some(published))
    }

    /// A release with what stands beside it now: all of that can still change.
    fn with_its_neighbours(
        &self,
        tx: &mut Tx<'_>,
        wave: &Wave,
        release: Arc<Release>,
        published: bool,
    ) -> Result<ReadRelease, StorageError> {
        let mut waves = tx.waves()?;
        waves.retain(|other| other.was_released_before(wave));
        waves.sort_by_key(|other| other.closes);
        let mut past = Vec::new();
        for before in waves {
            let before = self.published(tx, &before.code)?.map(|one| Arc::clone(&one.release));
            past.extend(before.filter(|other| other.about().survey == release.about().survey));
        }
        let stocktake = self.stocktake(tx, wave)?;
        let decided = tx.decided(&wave.code)?;
        let notes = tx.release_notes(&wave.code)?;
        let showing = tx.showing(&wave.code)?;
        let early = tx.early_access(&wave.code)?;
        let (comments, ideas) = (tx.has_published_comments(&wave.code)?, tx.has_published_ideas()?);
        Ok(ReadRelease {
            release,
            published,
            stocktake,
            past,
            decided,
            notes,
            showing,
            early,
            comments,
            ideas,
        })
    }

    fn stocktake(
        &self,
        tx: &mut Tx<'_>,
        wave: &Wave,
    ) -> Result<Option<Arc<StocktakeColumn>>, StorageError> {
        // A stocktake of a day is never changed, but another may come that is nearer.
        let Some(day) = nearest_day(&tx.stocktake_days()?, wave) else { return Ok(None) };
        if let Some(column) = self.held().stocktakes.get(&day) {
            return Ok(Some(Arc::clone(column)));
        }
        let returns = tx.stocktake(day)?;
        let column = StocktakeColumn::of(&stocktake_day(day), &stocktake_href(day), &returns);
        let column = Arc::new(column);
        let mut held = self.held();
        if held.stocktakes.len() >= MOST {
            held.stocktakes.pop_first();
        }
        held.stocktakes.insert(day, Arc::clone(&column));
        Ok(Some(column))
    }
}

/// A wave's release with the stocktake beside it: published, or still for the
/// office alone.
///
/// # Errors
/// If there is none, or the database refuses.
pub fn read_release(
    house: &House,
    code: &WaveCode,
    early: Early<'_>,
) -> Result<ReadRelease, FlowError> {
    let shelf = &house.shelf;
    let read = house.store.read(|tx| {
        if let Some(published) = shelf.published(tx, code)? {
            let release = Arc::clone(&published.release);
            return Ok(shelf.with_its_neighbours(tx, &published.wave, release, true)?);
        }
        let wave = the_wave(tx, code)?;
        match tx.release(code)? {
            Some((release, None)) if may_see(tx, code, early)? => {
                Ok(shelf.with_its_neighbours(tx, &wave, Arc::new(release), false)?)
            }
            _ => Err(FlowError::NoRelease(code.clone())),
        }
    })?;
    if let Early::Account(email) = early
        && !read.published
    {
        house.store.write(|tx| tx.note_early(code, email, house.now()))?;
    }
    Ok(read)
}

fn may_see(tx: &mut Tx<'_>, code: &WaveCode, early: Early<'_>) -> Result<bool, StorageError> {
    match early {
        Early::Nobody => Ok(false),
        Early::Office => Ok(true),
        Early::Account(email) => sees_early(tx, code, email),
    }
}

/// A wave that is published, with its release.
///
/// # Errors
/// If it is not published, or the database refuses.
pub fn published_release(house: &House, code: &WaveCode) -> Result<Arc<Published>, FlowError> {
    if let Some(published) = house.shelf.known(code) {
        return Ok(published);
    }
    let found = house.store.read(|tx| house.shelf.published(tx, code))?;
    found.ok_or_else(|| FlowError::NoRelease(code.clone()))
}

/// Every published wave with its release, in the order of the waves.
///
/// # Errors
/// If the database refuses.
pub fn published_releases(house: &House) -> Result<Vec<Arc<Published>>, FlowError> {
    house.store.read(|tx| {
        let mut found = Vec::new();
        for wave in tx.waves()?.iter().filter(|wave| wave.state == State::Released) {
            found.extend(house.shelf.published(tx, &wave.code)?);
        }
        Ok(found)
    })
}

impl ReadRelease {
    /// The same with letters for all PCTs but `own`, and nothing beside it that names them.
    #[must_use]
    pub fn with_coded_peers(mut self, own: Option<&OrgCode>) -> Self {
        let coded = |release: &Release| Arc::new(release.with_coded_peers(own));
        self.release = coded(&self.release);
        self.past = self.past.iter().map(|past| coded(past)).collect();
        self.decided.retain(|decided| Some(&decided.unit) == own);
        self.stocktake = self.stocktake.zip(own).and_then(|(column, own)| {
            let unit = column.units.get(own.as_str())?.clone();
            let units = std::iter::once((own.as_str().to_owned(), unit)).collect();
            Some(Arc::new(StocktakeColumn { units, ..(*column).clone() }))
        });
        self
    }
}

/// The day of a stocktake in words.
#[must_use]
pub fn stocktake_day(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// The page about the stocktake of a day.
#[must_use]
pub fn stocktake_href(day: NaiveDate) -> String {
    format!("/stocktake/{day}")
}

/// The day of the stocktake nearest to a wave, at most a quarter away.
///
/// Source: methods.md 11.
fn nearest_day(days: &[NaiveDate], wave: &Wave) -> Option<NaiveDate> {
    let (first, last) = (wave.opens.london_date(), wave.closes.london_date());
    let far = |day: &NaiveDate| (*day - (*day).clamp(first, last.max(first))).num_days().abs();
    days.iter().copied().min_by_key(far).filter(|day| far(day) <= 92)
}
