//! The office edits what a mail says: each save is a version, nothing is lost, and
//! what has gone cannot be changed any more.

use std::fmt;

use crate::id::WaveCode;
use crate::ledger::{Round, RoundState};
use crate::letter::{Letter, LetterFault, MailKind, Written};
use crate::plain_text;
use crate::register::EmailAddress;
use crate::storage::{LetterVersion, StorageError, Tx};
use crate::time::Moment;
use crate::trail::Act;
use crate::wave::{State, Wave};

use super::{FlowError, House, the_wave};

/// Whether a letter can still be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterStage {
    /// Nothing of it has gone.
    ToCome,
    /// Some may have gone, the last round at this time; what is saved counts for
    /// the next.
    GoesOn(Option<Moment>),
    /// It has gone, the last round at this time, and does not go again.
    Gone(Option<Moment>),
}

/// A letter as the office holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldLetter {
    /// The wave it belongs to, if it does.
    pub wave: Option<Wave>,
    /// Which one.
    pub kind: MailKind,
    /// What it says now.
    pub written: Written,
    /// What the office wrote, the newest first; before that stands the usual text.
    pub versions: Vec<LetterVersion>,
    /// Whether it can still be changed.
    pub stage: LetterStage,
}

impl HeldLetter {
    /// The version that counts; 0 is the usual text.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.versions.first().map_or(0, |newest| newest.version)
    }

    /// The text of a version; 0 is the usual text.
    fn text_of(&self, version: u32) -> Option<Written> {
        if version == 0 {
            return Some(self.kind.usual());
        }
        let found = self.versions.iter().find(|one| one.version == version);
        found.map(|one| one.written.clone())
    }
}

/// Why a letter is not saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LetterRefusal {
    /// It has faults.
    Faults(Vec<LetterFault>),
    /// Somebody saved another version since it was opened.
    Changed(Box<LetterVersion>),
    /// It has gone.
    Gone,
}

impl fmt::Display for LetterRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Faults(faults) => write!(f, "the letter has {} faults", faults.len()),
            Self::Changed(newest) => write!(f, "version {} was saved meanwhile", newest.version),
            Self::Gone => f.write_str("the letter has gone"),
        }
    }
}

impl std::error::Error for LetterRefusal {}

/// The letters of a wave, or those that belong to none.
///
/// # Errors
/// If there is no such wave.
pub fn held_letters(house: &House, wave: Option<&WaveCode>) -> Result<Vec<HeldLetter>, FlowError> {
    house.store.read(|tx| {
        let kinds = MailKind::ALL.into_iter().filter(|kind| kind.is_of_wave() == wave.is_some());
        kinds.map(|kind| held(house, tx, wave, kind)).collect()
    })
}

/// One letter.
///
/// # Errors
/// If there is no such wave, or mails of this kind belong to none, or to one.
pub fn held_letter(
    house: &House,
    wave: Option<&WaveCode>,
    kind: MailKind,
) -> Result<HeldLetter, FlowError> {
    house.store.read(|tx| held(house, tx, wave, kind))
}

fn held(
    house: &House,
    tx: &mut Tx<'_>,
    code: Option<&WaveCode>,
    kind: MailKind,
) -> Result<HeldLetter, FlowError> {
    if kind.is_of_wave() != code.is_some() {
        return Err(FlowError::NoLetter);
    }
    let wave = code.map(|code| the_wave(tx, code)).transpose()?;
    let stage = match &wave {
        Some(wave) => stage(wave, kind, &tx.rounds(&wave.code)?, house.now()),
        None => LetterStage::GoesOn(None),
    };
    let versions = tx.letter_versions(code, kind)?;
    let written = versions.first().map_or_else(|| kind.usual(), |one| one.written.clone());
    Ok(HeldLetter { wave, kind, written, versions, stage })
}

fn stage(wave: &Wave, kind: MailKind, rounds: &[Round], now: Moment) -> LetterStage {
    let of_kind = || rounds.iter().filter(|round| round.kind == kind);
    let begun = of_kind().filter(|round| round.state == RoundState::Decided && round.gone > 0);
    let last = begun.map(|round| round.due).max();
    let more = of_kind().any(|round| round.state == RoundState::Planned);
    if wave.state == State::Draft {
        return LetterStage::ToCome;
    }
    if kind == MailKind::Results {
        return match wave.state {
            State::Released => LetterStage::Gone(last),
            _ => LetterStage::ToCome,
        };
    }
    if wave.check_asks(now).is_err() {
        return LetterStage::Gone(last);
    }
    match (kind, last) {
        (MailKind::Thanks | MailKind::LostLink | MailKind::Deputy, _) => LetterStage::GoesOn(None),
        (_, None) => LetterStage::ToCome,
        // One more may be sent at any time.
        (MailKind::Reminder, Some(_)) => LetterStage::GoesOn(last),
        (_, Some(_)) if more => LetterStage::GoesOn(last),
        (_, Some(_)) => LetterStage::Gone(last),
    }
}

/// Saves a letter as a new version, unless it is the one that counts already.
/// `seen` is the version that its writer saw.
///
/// # Errors
/// [`FlowError::LetterRefused`] with all its faults, with what somebody saved
/// meanwhile, or if it has gone; nothing is changed then.
pub fn save_letter(
    house: &House,
    (wave, kind): (Option<&WaveCode>, MailKind),
    written: &Written,
    seen: u32,
    by: &EmailAddress,
) -> Result<(), FlowError> {
    Letter::parse(kind, written).map_err(LetterRefusal::Faults)?;
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let written = Written {
        subject: one_line(&plain_text::normal(&written.subject)),
        body: plain_text::normal(&written.body),
    };
    let saved = house.now();
    let outcome = house.store.write(|tx| {
        let held = held(house, tx, wave, kind)?;
        if matches!(held.stage, LetterStage::Gone(_)) {
            return Err(LetterRefusal::Gone.into());
        }
        if held.written == written {
            return Ok(());
        }
        if let Some(newest) = held.versions.first()
            && newest.version != seen
        {
            return Err(LetterRefusal::Changed(Box::new(newest.clone())).into());
        }
        let version = held.version() + 1;
        let new = LetterVersion { version, written, saved_by: by.clone(), saved };
        tx.insert_letter(wave, kind, &new)?;
        let about = wave.map_or("", WaveCode::as_str);
        let detail = format!("{} version {version}", kind.word());
        Ok(house.note(tx, Act::LETTER_SAVED, about, &detail)?)
    });
    match outcome {
        // Somebody saved at the same moment.
        Err(FlowError::Storage(StorageError::Conflict { .. })) => {
            match held_letter(house, wave, kind)?.versions.into_iter().next() {
                Some(newest) => Err(LetterRefusal::Changed(Box::new(newest)).into()),
                None => Err(StorageError::Busy.into()),
            }
        }
        other => other,
    }
}

/// Saves the text of an earlier version as a new one; version 0 is the usual text.
///
/// # Errors
/// As for [`save_letter`], or if there is no such version.
pub fn bring_back_letter(
    house: &House,
    (wave, kind): (Option<&WaveCode>, MailKind),
    version: u32,
    seen: u32,
    by: &EmailAddress,
) -> Result<(), FlowError> {
    let earlier = held_letter(house, wave, kind)?.text_of(version).ok_or(FlowError::NoLetter)?;
    save_letter(house, (wave, kind), &earlier, seen, by)
}
