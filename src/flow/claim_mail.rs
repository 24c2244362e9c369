//! Claims mails that are due, asks again whether they are still wanted, and
//! writes down what became of them. Speaks to no mail server.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::id::{IdeaId, InvitationId, MailId, WaveCode};
use crate::invitation::{Invitation, LinkSecret};
use crate::keyring::Secret;
use crate::ledger::{Ended, Pause, PauseCause, PauseScope, Recipient, backoff, is_too_many};
use crate::letter::{Letter, MailKind};
use crate::network::KeptIdea;
use crate::register::EmailAddress;
use crate::storage::{Claim, DueMail, StorageError, Tx};
use crate::time::Moment;
use crate::wave::{State, Wave};

use super::thank::decide_thanks;
use super::{FlowError, House};

/// How long a claim lasts: longer than any mail takes, even if the clocks of two
/// machines differ by half a minute.
const LEASE_SECONDS: i64 = 120;

/// How long a mail whose claim ran out waits for word of its holder: another
/// machine, frozen or cut off, that may have sent it. A process that died on this
/// machine is known to be dead and its journal tells what went: no need to wait.
const SILENCE_SECONDS: i64 = 600;

/// A mail that this worker alone may send.
pub struct Prepared {
    /// Proof of that.
    pub claim: Claim,
    /// What the ledger says about it.
    pub mail: DueMail,
    /// Until when.
    pub lease_until: Moment,
    pub(super) letter: Arc<Letter>,
    pub(super) matter: Matter,
}

impl Prepared {
    /// What became of it, for the ledger.
    #[must_use]
    pub fn ended(&self, ended: Ended) -> Outcome {
        let DueMail { wave, kind, round, attempts, .. } = &self.mail;
        let round = (wave.clone(), *kind, *round);
        Outcome { claim: self.claim, round, attempts: *attempts, ended }
    }
}

/// What a mail is about.
pub(super) enum Matter {
    Invitation { invitation: Box<Invitation>, wave: Arc<Wave>, links: Option<Arc<LinkSecret>> },
    SignIn { email: EmailAddress },
    Results { email: EmailAddress, wave: Arc<Wave>, unit: Option<String> },
    Idea(Box<KeptIdea>),
}

impl Matter {
    fn address(&self, mail: &DueMail) -> Option<EmailAddress> {
        match self {
            Self::Invitation { invitation, .. } => {
                Some(invitation.addressee(mail.kind, mail.generation)?.email.clone())
            }
            Self::SignIn { email } | Self::Results { email, .. } => Some(email.clone()),
            Self::Idea(kept) => Some(kept.idea.email().clone()),
        }
    }
}

/// What the mails of one claim share, read once.
struct Shelf<'h> {
    house: &'h House,
    waves: BTreeMap<WaveCode, Arc<Wave>>,
    links: BTreeMap<WaveCode, Arc<LinkSecret>>,
    letters: BTreeMap<(Option<WaveCode>, MailKind), Arc<Letter>>,
    invitations: BTreeMap<InvitationId, Invitation>,
    stopped: Vec<String>,
}

const NOT_WANTED: &str = "no longer wanted when its turn came";
const STOPPED: &str = "no mails go to this address any more";

impl Shelf<'_> {
    fn wave(&mut self, tx: &mut Tx<'_>, code: &WaveCode) -> Result<Arc<Wave>, FlowError> {
        if let Some(wave) = self.waves.get(code) {
            return Ok(Arc::clone(wave));
        }
        let wave = Arc::new(super::the_wave(tx, code)?);
        self.waves.insert(code.clone(), Arc::clone(&wave));
        Ok(wave)
    }

    fn links(&mut self, code: &WaveCode) -> Result<Arc<LinkSecret>, FlowError> {
        if let Some(links) = self.links.get(code) {
            return Ok(Arc::clone(links));
        }
        // A node without the keys fails here, and its claims are undone with the rest.
        let secret = self.house.keyring.get(code, Secret::Links)?;
        let links = Arc::new(LinkSecret::from_bytes(&secret));
        self.links.insert(code.clone(), Arc::clone(&links));
        Ok(links)
    }

    fn letter(
        &mut self,
        tx: &mut Tx<'_>,
        wave: Option<&WaveCode>,
        kind: MailKind,
    ) -> Result<Arc<Letter>, FlowError> {
        let key = (wave.filter(|_| kind.is_of_wave()).cloned(), kind);
        if let Some(letter) = self.letters.get(&key) {
            return Ok(Arc::clone(letter));
        }
        let written = tx.written_letter(key.0.as_ref(), kind)?;
        // It was checked when it was saved; a token may have gone since.
        let letter = Letter::parse(kind, &written).or_else(|_| Letter::parse(kind, &kind.usual()));
        let letter = Arc::new(letter.map_err(|_| FlowError::Letter(kind))?);
        self.letters.insert(key, Arc::clone(&letter));
        Ok(letter)
    }

    /// What a mail is about, or why it does not go.
    fn matter(
        &mut self,
        tx: &mut Tx<'_>,
        mail: &DueMail,
    ) -> Result<Result<Matter, Ended>, FlowError> {
        let now = self.house.now();
        let gone = || Ok(Err(Ended::Cancelled(NOT_WANTED)));
        let matter = match &mail.recipient {
            Recipient::Invitation(id) => {
                let Some(invitation) = self.invitations.get(id).cloned() else { return gone() };
                let wave = self.wave(tx, &invitation.wave)?;
                let wanted = match mail.kind {
                    MailKind::Results => wave.state == State::Released,
                    _ => wave.check_asks(now).is_ok(),
                };
                if !wanted {
                    return gone();
                }
                let links = match mail.kind {
                    MailKind::Results => None,
                    _ => Some(self.links(&invitation.wave)?),
                };
                Matter::Invitation { invitation: Box::new(invitation), wave, links }
            }
            Recipient::Account(email) => {
                let Some(account) = tx.account(email)? else { return gone() };
                match (&mail.wave, mail.kind) {
                    (_, MailKind::SignIn) => Matter::SignIn { email: account.email },
                    (Some(code), MailKind::Results) => {
                        let wave = self.wave(tx, code)?;
                        let unit = account.unit.map(|unit| unit.to_string());
                        Matter::Results { email: account.email, wave, unit }
                    }
                    _ => return gone(),
                }
            }
            Recipient::Idea(id) => match idea(tx, id)? {
                Some(kept) => Matter::Idea(Box::new(kept)),
                None => return gone(),
            },
        };
        let Some(address) = matter.address(mail) else { return gone() };
        let key = address.key();
        if self.stopped.contains(&key) && !mail.kind.was_asked_for() {
            return Ok(Err(Ended::Cancelled(STOPPED)));
        }
        Ok(Ok(matter))
    }
}

fn idea(tx: &mut Tx<'_>, id: &IdeaId) -> Result<Option<KeptIdea>, FlowError> {
    Ok(tx.network_idea(id)?)
}

/// How many mails may still go in a minute, in all and to each domain.
struct Allowance {
    minute: i64,
    all: Option<u32>,
    per_domain: Option<u32>,
    used: BTreeMap<String, (u32, u32)>,
}

const ALL: &str = "*";

impl Allowance {
    fn of(house: &House, tx: &mut Tx<'_>, now: Moment) -> Result<Self, FlowError> {
        // A folder is nobody's mail server.
        let to_a_server = house.settings.outbox_folder().is_none();
        let limit = |limit: u32| (to_a_server && limit > 0).then_some(limit);
        let mut allowance = Self {
            minute: now.unix().div_euclid(60),
            all: limit(house.settings.mail_per_minute),
            per_domain: limit(house.settings.mail_per_domain),
            used: BTreeMap::new(),
        };
        if allowance.all.is_some() {
            allowance.used(tx, ALL)?;
        }
        Ok(allowance)
    }

    fn used(&mut self, tx: &mut Tx<'_>, domain: &str) -> Result<u32, StorageError> {
        if let Some((before, now)) = self.used.get(domain) {
            return Ok(before + now);
        }
        let before = tx.mails_in_minute(self.minute, domain)?;
        self.used.insert(domain.to_owned(), (before, 0));
        Ok(before)
    }

    /// Whether one more mail may go to a domain; if so, it is counted.
    fn takes(&mut self, tx: &mut Tx<'_>, domain: &str) -> Result<bool, StorageError> {
        for (name, limit) in [(ALL, self.all), (domain, self.per_domain)] {
            if let Some(limit) = limit
                && self.used(tx, name)? >= limit
            {
                return Ok(false);
            }
        }
        for (name, limit) in [(ALL, self.all), (domain, self.per_domain)] {
            if limit.is_some()
                && let Some((_, now)) = self.used.get_mut(name)
            {
                *now += 1;
            }
        }
        Ok(true)
    }

    fn next_minute(&self) -> Moment {
        Moment::from(
            chrono::DateTime::from_timestamp((self.minute + 1) * 60, 0).unwrap_or_default(),
        )
    }

    fn keep(&self, tx: &mut Tx<'_>) -> Result<(), StorageError> {
        for (domain, (_, now)) in self.used.iter().filter(|(_, (_, now))| *now > 0) {
            tx.count_in_minute(self.minute, domain, *now)?;
        }
        Ok(())
    }
}

/// What a call for mails found.
#[derive(Default)]
pub struct Found {
    /// Claimed.
    pub mails: Vec<Prepared>,
    /// How many were no longer wanted, too late, or too many for this minute.
    pub ended: usize,
    /// Whether another call may find more at once: another worker may have been
    /// faster with these.
    pub more: bool,
}

/// Claims at most so many mails that are due, and puts where they belong those
/// that are no longer wanted, too late, or too many for this minute.
///
/// # Errors
/// If the database or a key fails; nothing is claimed then.
pub fn claim_mails(house: &House, holder: &str, most: u32) -> Result<Found, FlowError> {
    let now = house.now();
    let lease_until = now.plus_seconds(LEASE_SECONDS);
    decide_thanks(house, now, most)?;
    house.store.write(|tx| {
        tx.end_expired_leases(now, now.plus_seconds(SILENCE_SECONDS))?;
        let paused: Vec<PauseScope> = tx.pauses()?.into_iter().map(|pause| pause.scope).collect();
        let due = tx.due_mails(now, &paused, most)?;
        if due.is_empty() {
            return Ok(Found::default());
        }
        let mut shelf = shelf(house, tx, &due)?;
        let mut allowance = Allowance::of(house, tx, now)?;
        let asked = due.len();
        let mut wanted: BTreeMap<MailId, (DueMail, Arc<Letter>, Matter)> = BTreeMap::new();
        for mail in due {
            match shelf.matter(tx, &mail)? {
                Err(ended) => tx.end_queued(&mail, &ended, now)?,
                Ok(_) if mail.good_until < now => {
                    // Nobody waits for an old link to sign in.
                    let ended = match mail.kind {
                        MailKind::SignIn => Ended::Cancelled("its time has passed"),
                        _ => Ended::Held,
                    };
                    tx.end_queued(&mail, &ended, now)?;
                }
                Ok(matter) => {
                    let address = matter.address(&mail).ok_or(FlowError::DeadLink)?;
                    if allowance.takes(tx, &address.domain().to_ascii_lowercase())? {
                        let letter = shelf.letter(tx, mail.wave.as_ref(), mail.kind)?;
                        wanted.insert(mail.id, (mail, letter, matter));
                    } else {
                        let again = allowance.next_minute();
                        tx.end_queued(&mail, &Ended::Wait(again, None), again)?;
                    }
                }
            }
        }
        let ended = asked - wanted.len();
        let ids: Vec<MailId> = wanted.keys().copied().collect();
        let claims = match ids.as_slice() {
            [] => Vec::new(),
            ids => tx.claim_mails(ids, holder, lease_until)?,
        };
        allowance.keep(tx)?;
        let prepared = claims.into_iter().filter_map(|claim| {
            let (mail, letter, matter) = wanted.remove(&claim.id)?;
            Some(Prepared { claim, mail, lease_until, letter, matter })
        });
        Ok(Found { mails: prepared.collect(), ended, more: true })
    })
}

fn shelf<'h>(house: &'h House, tx: &mut Tx<'_>, due: &[DueMail]) -> Result<Shelf<'h>, FlowError> {
    let ids: Vec<InvitationId> = due
        .iter()
        .filter_map(|mail| match &mail.recipient {
            Recipient::Invitation(id) => Some(*id),
            Recipient::Account(_) | Recipient::Idea(_) => None,
        })
        .collect();
    let invitations = tx.invitations_among(&ids)?;
    Ok(Shelf {
        house,
        waves: BTreeMap::new(),
        links: BTreeMap::new(),
        letters: BTreeMap::new(),
        invitations: invitations.into_iter().map(|one| (one.id, one)).collect(),
        stopped: tx.stopped_addresses()?.into_iter().map(|stopped| stopped.address.key()).collect(),
    })
}

/// What became of a claimed mail, for the ledger.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The claim.
    pub claim: Claim,
    /// The round it is counted in.
    pub round: (Option<WaveCode>, MailKind, u16),
    /// Tries before this one.
    pub attempts: i32,
    /// What became of it.
    pub ended: Ended,
}

/// Writes down what became of claimed mails, all at once. When more mails of a
/// round went than were planned, everything stops.
///
/// # Errors
/// If the database fails; nothing is written down then.
pub fn record_mails(house: &House, outcomes: &[Outcome]) -> Result<(), FlowError> {
    let now = house.now();
    let braked = house.store.write(|tx| {
        let mut gone: BTreeMap<(WaveCode, MailKind, u16), u32> = BTreeMap::new();
        let mut sent = Vec::new();
        for outcome in outcomes {
            let Outcome { claim, ended, attempts, .. } = outcome;
            let chance = i64::try_from(house.chance.below(30)).unwrap_or(0);
            let again = match ended {
                Ended::Wait(again, _) => *again,
                // A mail in doubt rests, too: whatever broke its line may break the next.
                Ended::Later(_) | Ended::Unknown(_) => now.plus_seconds(backoff(*attempts, chance)),
                _ => now,
            };
            match ended {
                Ended::Sent => sent.push(*claim),
                _ => drop(tx.end_claim(claim, ended, again)?),
            }
            // What was handed over counts even if the claim had run out.
            if matches!(ended, Ended::Sent | Ended::Unknown(_))
                && let (Some(wave), kind, number) = &outcome.round
            {
                *gone.entry((wave.clone(), *kind, *number)).or_default() += 1;
            }
        }
        tx.end_sent(&sent)?;
        count(tx, &gone, now)
    })?;
    if let Some(reason) = braked {
        tracing::error!(reason, "all mails are stopped");
    }
    Ok(())
}

/// Counts mails that went; the reason if that was too many.
fn count(
    tx: &mut Tx<'_>,
    gone: &BTreeMap<(WaveCode, MailKind, u16), u32>,
    now: Moment,
) -> Result<Option<String>, FlowError> {
    let mut braked = None;
    for ((wave, kind, number), more) in gone {
        let round = tx.count_gone((wave, *kind, *number), *more)?;
        if let Some(round) = round.filter(|round| is_too_many(round.planned, round.gone)) {
            let reason = format!(
                "{} mails of the round {kind} {number} of wave {wave} have gone and {} were planned",
                round.gone, round.planned
            );
            let (scope, cause) = (PauseScope::Everything, PauseCause::Brake);
            tx.put_pause(&Pause { scope, cause, reason: reason.clone(), since: now })?;
            braked = Some(reason);
        }
    }
    Ok(braked)
}

/// Takes back the claims of a worker that is known to be dead: `fate` says what
/// became of a mail, as far as the worker wrote it down.
///
/// # Errors
/// If the database fails.
pub fn bury_worker(
    house: &House,
    holder: &str,
    fate: &dyn Fn(&Claim) -> Ended,
) -> Result<usize, FlowError> {
    let now = house.now();
    house.store.write(|tx| {
        let ended = tx.end_claims_of(holder, now, fate)?;
        let mut gone: BTreeMap<(WaveCode, MailKind, u16), u32> = BTreeMap::new();
        for (claim, ended) in &ended {
            if matches!(ended, Ended::Sent | Ended::Unknown(_))
                && let Some(row) = tx.mail_row(&claim.id)?
                && let Some(wave) = row.wave
            {
                *gone.entry((wave, row.kind, row.round)).or_default() += 1;
            }
        }
        count(tx, &gone, now)?;
        Ok(ended.len())
    })
}
