//! Rounds of mails: when they go, whom they concern, and who in the office may
//! change that. Who gets a mail is decided when its round is due and asked again
//! when it is sent.

use crate::account::Role;
use crate::id::{MailId, WaveCode};
use crate::invitation::Invitation;
use crate::ledger::{
    NewMail, Pause, PauseCause, PauseScope, Recipient, Round, RoundState, schedule,
};
use crate::letter::MailKind;
use crate::storage::{OutboxCounts, StorageError, Tx};
use crate::time::Moment;
use crate::trail::Act;
use crate::wave::Wave;

use super::{FlowError, House, held_wave, the_wave};

/// A round as the office sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundStatus {
    /// The round.
    pub round: Round,
    /// Its mails, once they are decided on.
    pub counts: OutboxCounts,
    /// How many would get a mail if it went now.
    pub would_get: u32,
}

/// Plans the rounds of a wave that opens; the first one is decided already, with
/// so many mails. What a wave that opens late has missed is left out.
pub(super) fn plan_rounds(
    tx: &mut Tx<'_>,
    wave: &Wave,
    invited: usize,
    now: Moment,
) -> Result<(), FlowError> {
    for (kind, due) in schedule(wave) {
        let (state, planned, due) = match kind {
            MailKind::Invitation => (RoundState::Decided, invited, due.max(now)),
            _ if due <= now => (RoundState::Skipped, 0, due),
            _ => (RoundState::Planned, 0, due),
        };
        let planned = u32::try_from(planned).unwrap_or(u32::MAX);
        tx.put_round(&Round {
            wave: wave.code.clone(),
            kind,
            number: 1,
            due,
            state,
            planned,
            gone: 0,
        })?;
    }
    Ok(())
}

/// Decides on every round whose time has come; says how many mails that makes.
///
/// # Errors
/// If the database fails.
pub fn decide_rounds(house: &House) -> Result<usize, FlowError> {
    let now = house.now();
    let due = house.store.read(|tx| tx.due_rounds(now))?;
    let mut mails = 0;
    for round in due {
        mails += house.store.write(|tx| {
            let wave = held_wave(tx, &round.wave)?;
            // Another worker may have decided on it, or somebody skipped it.
            let still = tx.rounds(&wave.code)?.into_iter().find(|one| {
                (one.kind, one.number) == (round.kind, round.number)
                    && one.state == RoundState::Planned
                    && one.due <= now
            });
            match still {
                Some(round) if wave.check_asks(now).is_ok() => decide(house, tx, round),
                Some(round) => {
                    tx.put_round(&Round { state: RoundState::Skipped, ..round })?;
                    Ok(0)
                }
                None => Ok(0),
            }
        })?;
    }
    Ok(mails)
}

/// Whom the mail about results would go to now: leads, and accounts.
pub(super) fn results_readers(
    tx: &mut Tx<'_>,
    code: &WaveCode,
) -> Result<(usize, usize), FlowError> {
    let all = concerned(tx, code, MailKind::Results)?;
    let leads = all.iter().filter(|one| matches!(one, Recipient::Invitation(_))).count();
    Ok((leads, all.len() - leads))
}

/// Puts the mails of a round into the outbox.
fn decide(house: &House, tx: &mut Tx<'_>, round: Round) -> Result<usize, FlowError> {
    let concerned = concerned(tx, &round.wave, round.kind)?;
    for recipient in &concerned {
        tx.insert_mail(&NewMail {
            id: MailId::random(&house.chance),
            recipient: recipient.clone(),
            wave: Some(round.wave.clone()),
            kind: round.kind,
            round: round.number,
            generation: None,
            due: round.due,
        })?;
    }
    let planned = u32::try_from(concerned.len()).unwrap_or(u32::MAX);
    tx.put_round(&Round { state: RoundState::Decided, planned, ..round })?;
    Ok(concerned.len())
}

/// Whom a mail of this kind would go to now.
fn concerned(
    tx: &mut Tx<'_>,
    wave: &WaveCode,
    kind: MailKind,
) -> Result<Vec<Recipient>, FlowError> {
    let stopped: Vec<String> =
        tx.stopped_addresses()?.into_iter().map(|stopped| stopped.address.key()).collect();
    let wanted = |invitation: &Invitation| {
        let to = invitation.addressee(kind, None)?;
        (!stopped.contains(&to.email.key())).then_some(Recipient::Invitation(invitation.id))
    };
    let mut all: Vec<Recipient> = tx.invitations(wave)?.iter().filter_map(wanted).collect();
    if kind == MailKind::Results {
        let sees = |role: Role| matches!(role, Role::Sha | Role::Pct);
        let accounts = tx.accounts()?.into_iter().filter(|account| sees(account.role));
        let open = accounts.filter(|account| !stopped.contains(&account.email.key()));
        all.extend(open.map(|account| Recipient::Account(account.email)));
    }
    Ok(all)
}

/// Decides on one more round of reminders; says how many mails that makes.
///
/// # Errors
/// If the wave takes no answers now, or mails of it have not gone yet.
pub fn remind_wave(house: &House, code: &WaveCode) -> Result<usize, FlowError> {
    let now = house.now();
    house.store.write(|tx| remind(house, tx, code, now))
}

fn remind(
    house: &House,
    tx: &mut Tx<'_>,
    code: &WaveCode,
    now: Moment,
) -> Result<usize, FlowError> {
    held_wave(tx, code)?.check_asks(now)?;
    let waiting = tx.rounds_waiting(code)?;
    if waiting > 0 {
        return Err(FlowError::MailsWaiting(waiting));
    }
    let mails = decide_now(house, tx, code, MailKind::Reminder, now)?;
    house.note(tx, Act::REMINDED, code.as_str(), &format!("{mails} mails"))?;
    Ok(mails)
}

/// The reminders that would go if somebody said so now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextReminder {
    /// The wave.
    pub wave: Wave,
    /// Which round it would be.
    pub number: u16,
    /// How many would get one.
    pub would_get: u32,
    /// How many mails must go first.
    pub waiting: u32,
}

/// The reminders that would go if somebody said so now.
///
/// # Errors
/// If there is no such wave or it takes no answers now.
pub fn next_reminder(house: &House, code: &WaveCode) -> Result<NextReminder, FlowError> {
    house.store.read(|tx| {
        let wave = the_wave(tx, code)?;
        wave.check_asks(house.now())?;
        let would_get = concerned(tx, code, MailKind::Reminder)?.len();
        Ok(NextReminder {
            wave,
            number: next_number(tx, code, MailKind::Reminder)?,
            would_get: u32::try_from(would_get).unwrap_or(u32::MAX),
            waiting: tx.rounds_waiting(code)?,
        })
    })
}

/// Decides on the reminders of this round; none if that was done already, because
/// a button was pressed twice.
///
/// # Errors
/// As for [`remind_wave`].
pub fn remind_once(
    house: &House,
    code: &WaveCode,
    number: u16,
) -> Result<Option<usize>, FlowError> {
    let now = house.now();
    house.store.write(|tx| {
        held_wave(tx, code)?;
        if next_number(tx, code, MailKind::Reminder)? != number {
            return Ok(None);
        }
        remind(house, tx, code, now).map(Some)
    })
}

fn next_number(tx: &mut Tx<'_>, code: &WaveCode, kind: MailKind) -> Result<u16, FlowError> {
    let rounds = tx.rounds(code)?;
    let last = rounds.iter().filter(|round| round.kind == kind).map(|round| round.number).max();
    Ok(last.unwrap_or(0).saturating_add(1))
}

/// Decides on the mails that tell of the results.
pub(super) fn announce_results(
    house: &House,
    tx: &mut Tx<'_>,
    code: &WaveCode,
    now: Moment,
) -> Result<usize, FlowError> {
    decide_now(house, tx, code, MailKind::Results, now)
}

fn decide_now(
    house: &House,
    tx: &mut Tx<'_>,
    code: &WaveCode,
    kind: MailKind,
    due: Moment,
) -> Result<usize, FlowError> {
    let number = next_number(tx, code, kind)?;
    let state = RoundState::Planned;
    let round = Round { wave: code.clone(), kind, number, due, state, planned: 0, gone: 0 };
    decide(house, tx, round)
}

/// The rounds of a wave with their mails, by time.
///
/// # Errors
/// If there is no such wave.
pub fn round_statuses(house: &House, code: &WaveCode) -> Result<Vec<RoundStatus>, FlowError> {
    house.store.read(|tx| {
        the_wave(tx, code)?;
        let counts = tx.outbox_by_round(Some(code))?;
        let mut all = Vec::new();
        for round in tx.rounds(code)? {
            let would_get = match round.state {
                RoundState::Planned => concerned(tx, code, round.kind)?.len(),
                RoundState::Decided | RoundState::Skipped => 0,
            };
            all.push(RoundStatus {
                counts: counts.get(&(round.kind, round.number)).copied().unwrap_or_default(),
                would_get: u32::try_from(would_get).unwrap_or(u32::MAX),
                round,
            });
        }
        Ok(all)
    })
}

/// Moves a round that is not decided yet to another time, or skips it (`due` is
/// none), or plans a skipped one again.
///
/// # Errors
/// [`FlowError::RoundIsOut`] if its mails are in the outbox already or there is
/// no such round; [`FlowError::RoundTime`] if the time is past or not before
/// closing.
pub fn change_round(
    house: &House,
    (code, kind, number): (&WaveCode, MailKind, u16),
    due: Option<Moment>,
) -> Result<(), FlowError> {
    let now = house.now();
    house.store.write(|tx| {
        let wave = held_wave(tx, code)?;
        let mut rounds = tx.rounds(code)?.into_iter();
        let round = rounds
            .find(|one| (one.kind, one.number) == (kind, number))
            .filter(|one| one.state != RoundState::Decided)
            .ok_or(FlowError::RoundIsOut)?;
        let changed = match due {
            None => Round { state: RoundState::Skipped, ..round },
            Some(due) if due < now || due >= wave.closes => return Err(FlowError::RoundTime),
            Some(due) => Round { state: RoundState::Planned, due, ..round },
        };
        tx.put_round(&changed)?;
        let when = due.map_or_else(|| "skipped".to_owned(), |due| due.to_string());
        let detail = format!("{} {number}: {when}", kind.word());
        Ok(house.note(tx, Act::ROUND_CHANGED, code.as_str(), &detail)?)
    })
}

/// Takes back the mails of a round that have not gone; says how many.
///
/// # Errors
/// If the database fails.
pub fn cancel_round(
    house: &House,
    (code, kind, number): (&WaveCode, MailKind, u16),
) -> Result<usize, FlowError> {
    Ok(house.store.write(|tx| {
        let mails = tx.cancel_round(code, kind, number)?;
        let detail = format!("{} {number}: {mails} mails", kind.word());
        house.note(tx, Act::ROUND_CANCELLED, code.as_str(), &detail)?;
        Ok::<_, StorageError>(mails)
    })?)
}

/// Lets mails wait until somebody resumes them.
///
/// # Errors
/// If the database fails.
pub fn pause_mails(house: &House, scope: PauseScope) -> Result<(), FlowError> {
    let reason = "paused in the office".to_owned();
    let pause = Pause { scope, cause: PauseCause::Office, reason, since: house.now() };
    Ok(house.store.write(|tx| {
        tx.put_pause(&pause)?;
        house.note(tx, Act::MAIL_PAUSED, pause.scope.about(), "")
    })?)
}

/// Lets mails go on; `false` if they did not wait. After the brake the rounds
/// that went too often begin a new count, or it would hold at once again.
///
/// # Errors
/// If the database fails.
pub fn resume_mails(house: &House, scope: &PauseScope) -> Result<bool, FlowError> {
    Ok(house.store.write(|tx| {
        let braked = tx
            .pauses()?
            .into_iter()
            .any(|pause| pause.scope == *scope && pause.cause == PauseCause::Brake);
        if braked {
            for wave in tx.waves()? {
                for round in tx.rounds(&wave.code)? {
                    let gone = round.gone.min(round.planned);
                    tx.put_round(&Round { gone, ..round })?;
                }
            }
        }
        house.note(tx, Act::MAIL_RESUMED, scope.about(), "")?;
        tx.delete_pause(scope)
    })?)
}
