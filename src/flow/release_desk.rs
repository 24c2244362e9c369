//! Everything that the office must know of a wave's release before it decides anything:
//! how far it is, what was planned and by whom it was asked for, and who would be told.

use std::sync::Arc;

use crate::account::Account;
use crate::id::WaveCode;
use crate::release::{Decided, LookFirst, Release};
use crate::render::html::reported;
use crate::storage::{AskedSecond, EarlyAccess, ReleaseNote};
use crate::time::Moment;
use crate::trail::Act;
use crate::wave::{Showing, Wave};

use super::mail_rounds::results_readers;
use super::{Early, FlowError, House, Second, read_release, second, the_wave};

/// Who gets the mail about results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Readers {
    /// Leads, and deputies in their place.
    pub leads: usize,
    /// Accounts of PCTs and the SHA.
    pub accounts: usize,
}

/// A request to publish the release as it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedPublication {
    /// At which minute; none for at once.
    pub at: Option<Moment>,
    /// Who asked when.
    pub asked: AskedSecond,
    /// Whether whoever looks may do it.
    pub may_do: bool,
}

/// Where a wave's release stands.
#[derive(Debug, Clone)]
pub struct ReleaseDesk {
    /// The wave.
    pub wave: Wave,
    /// Its release, once it is built.
    pub release: Option<Arc<Release>>,
    /// When that was built, as far as the trail knows.
    pub built: Option<Moment>,
    /// When it was published.
    pub published: Option<Moment>,
    /// When it is to be published.
    pub planned: Option<Moment>,
    /// How it is shown.
    pub showing: Showing,
    /// What the office said beside it.
    pub notes: Vec<ReleaseNote>,
    /// Who was let see it early.
    pub early: Vec<EarlyAccess>,
    /// What a colleague asked for.
    pub asked: Vec<AskedPublication>,
    /// Who would be told of its publication.
    pub readers: Readers,
    /// What the rules propose to look at first.
    pub proposals: Vec<LookFirst>,
    /// What was decided of that.
    pub decided: Vec<Decided>,
    /// Whoever may sign in.
    pub accounts: Vec<Account>,
}

/// Where the release of a wave stands.
///
/// # Errors
/// If there is no such wave.
pub fn release_desk(house: &House, code: &WaveCode) -> Result<ReleaseDesk, FlowError> {
    let mut desk = house.store.read(|tx| {
        let wave = the_wave(tx, code)?;
        let published = tx.release(code)?.and_then(|(_, published)| published);
        let built = tx.last_of(Act::RELEASE_BUILT, code.as_str())?.map(|entry| entry.at);
        let (leads, accounts) = results_readers(tx, code)?;
        Ok::<_, FlowError>(ReleaseDesk {
            wave,
            release: None,
            built,
            published,
            planned: tx.release_plan(code)?,
            showing: tx.showing(code)?,
            notes: tx.release_notes(code)?,
            early: tx.early_access(code)?,
            asked: Vec::new(),
            readers: Readers { leads, accounts },
            proposals: Vec::new(),
            decided: Vec::new(),
            accounts: tx.accounts()?,
        })
    })?;
    let read = match read_release(house, code, Early::Office) {
        Err(FlowError::NoRelease(_)) => return Ok(desk),
        read => read?,
    };
    desk.proposals = read.release.look_first(&reported(read.stocktake.as_deref()));
    desk.decided = read.decided;
    if !read.published {
        desk.asked = asked(house, code, read.release.digest())?;
    }
    desk.release = Some(read.release);
    Ok(desk)
}

/// What a colleague asked for, of the release with this digest.
fn asked(house: &House, code: &WaveCode, digest: &str) -> Result<Vec<AskedPublication>, FlowError> {
    let mut all = Vec::new();
    for act in [Act::RELEASE_PLANNED, Act::RELEASE_PUBLISHED] {
        let found = house.store.read(|tx| tx.second(act, code.as_str()))?;
        let Some(found) = found else { continue };
        let (of, at) = found.form.split_once(' ').unwrap_or((&found.form, ""));
        if of != digest {
            continue;
        }
        let at = at.parse().ok();
        let (asked, may_do) = match second(house, act, code.as_str(), &found.form)? {
            Second::NotNeeded | Second::ToAsk => continue,
            Second::Waits(asked) => (asked, false),
            Second::MayDo(asked) => (asked, true),
        };
        all.push(AskedPublication { at, asked, may_do });
    }
    Ok(all)
}
