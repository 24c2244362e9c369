//! The office's view of the ledger, and what it decides there: mails that were
//! refused, are in doubt, are held or came back, and addresses to which none go.

use std::collections::BTreeMap;

use crate::id::MailId;
use crate::invitation::Invitation;
use crate::ledger::{Bounce, MailState, Pause, Recipient};
use crate::letter::MailKind;
use crate::register::{EmailAddress, PersonName};
use crate::storage::{MailRow, OutboxCounts, StoppedAddress, StorageError, Tx};
use crate::trail::Act;
use crate::wave::Wave;

use super::{FlowError, House};

/// How many mails of a kind and round are how far.
pub type CountsByRound = BTreeMap<(MailKind, u16), OutboxCounts>;

/// Where all mails stand.
pub struct MailOverview {
    /// What waits, and why.
    pub pauses: Vec<Pause>,
    /// Waves that have mails, the newest first.
    pub waves: Vec<(Wave, CountsByRound)>,
    /// Mails that belong to no wave.
    pub apart: CountsByRound,
    /// Mails that need somebody, the latest first; never thanks, which would show
    /// who has answered.
    pub troubled: Vec<TroubledMail>,
    /// Whether there are more of these than are shown.
    pub more: bool,
    /// How many are held, thanks included.
    pub held: usize,
    /// Addresses to which no mails go.
    pub stopped: Vec<StoppedAddress>,
    /// How many went in the last hour, if that is counted.
    pub last_hour: Option<u32>,
}

/// A mail that needs somebody, and whose it is.
pub struct TroubledMail {
    /// The mail.
    pub row: MailRow,
    /// Its wave.
    pub wave: Option<Wave>,
    /// The PBC group, if it went to somebody of one.
    pub group: Option<String>,
    /// Whose it is.
    pub name: Option<PersonName>,
    /// Where it was to go, as far as that is still known.
    pub address: Option<EmailAddress>,
    /// Whether no mails go there any more.
    pub stopped: bool,
    /// Whether the address can be corrected.
    pub can_correct: bool,
}

impl TroubledMail {
    /// Whether it can be sent again as it is.
    #[must_use]
    pub fn can_send(&self) -> bool {
        self.row.state != MailState::Sent && !self.stopped
    }
}

/// So many mails are shown at once.
const MOST_SHOWN: usize = 100;

/// Where all mails stand.
///
/// # Errors
/// If the database fails.
pub fn mail_overview(house: &House) -> Result<MailOverview, FlowError> {
    let now = house.now();
    house.store.read(|tx| {
        let mut waves = Vec::new();
        for wave in tx.waves()? {
            let counts = tx.outbox_by_round(Some(&wave.code))?;
            if !counts.is_empty() {
                waves.push((wave, counts));
            }
        }
        let stopped = tx.stopped_addresses()?;
        let most = u32::try_from(MOST_SHOWN + 1).unwrap_or(u32::MAX);
        let rows = tx.troubled_mails(most)?;
        let more = rows.len() > MOST_SHOWN;
        let mut troubled = Vec::new();
        for row in rows.into_iter().take(MOST_SHOWN) {
            troubled.push(of_row(house, tx, row, &stopped)?);
        }
        let hour = now.unix().div_euclid(60) - 60;
        let is_counted = house.settings.mail_per_minute > 0;
        let last_hour = is_counted.then(|| tx.mails_after_minute(hour)).transpose()?;
        Ok(MailOverview {
            pauses: tx.pauses()?,
            waves,
            apart: tx.outbox_by_round(None)?,
            troubled,
            more,
            held: tx.held_mails()?.len(),
            stopped,
            last_hour,
        })
    })
}

/// One mail that needs somebody.
///
/// # Errors
/// [`FlowError::NoMail`] if there is no such mail, or it is one of thanks.
pub fn troubled_mail(house: &House, id: &MailId) -> Result<TroubledMail, FlowError> {
    house.store.read(|tx| {
        let row = tx.mail_row(id)?.filter(|row| row.kind != MailKind::Thanks);
        let stopped = tx.stopped_addresses()?;
        of_row(house, tx, row.ok_or(FlowError::NoMail)?, &stopped)
    })
}

fn of_row(
    house: &House,
    tx: &mut Tx<'_>,
    row: MailRow,
    stopped: &[StoppedAddress],
) -> Result<TroubledMail, FlowError> {
    let wave = match &row.wave {
        Some(code) => tx.wave(code)?,
        None => None,
    };
    let (mut group, mut name, mut address, mut can_correct) = (None, None, None, false);
    match &row.recipient {
        Recipient::Invitation(id) => {
            if let Some(invitation) = tx.invitation(id)? {
                let is_leads = is_leads(&invitation, row.kind);
                let asks = wave.as_ref().is_some_and(|wave| wave.check_asks(house.now()).is_ok());
                can_correct = is_leads && asks && row.state != MailState::Held;
                let holder = invitation.answering();
                let (whose, to) = if is_leads {
                    (&invitation.name, &invitation.email)
                } else {
                    (holder.name, holder.email)
                };
                (name, address) = (Some(whose.clone()), Some(to.clone()));
                group = Some(invitation.group_name);
            }
        }
        Recipient::Account(email) => address = Some(email.clone()),
        Recipient::Idea(id) => {
            if let Some(kept) = tx.network_idea(id)? {
                name = Some(kept.idea.name().clone());
                address = Some(kept.idea.email().clone());
                group = Some(kept.idea.group().to_owned());
            }
        }
    }
    let key = address.as_ref().map(EmailAddress::key);
    let stopped = stopped.iter().any(|one| Some(one.address.key()) == key);
    Ok(TroubledMail { row, wave, group, name, address, stopped, can_correct })
}

/// Whether a mail went to the lead of an invitation, not to a colleague.
pub(super) fn is_leads(invitation: &Invitation, kind: MailKind) -> bool {
    match (&invitation.deputy, kind) {
        (_, MailKind::Deputy) => false,
        (None, _) | (Some(_), MailKind::Invitation) => true,
        (Some(_), _) => false,
    }
}

/// Sends a mail after all that was refused, is in doubt or is held; `false` if it
/// is none of these any more.
///
/// # Errors
/// If the database fails.
pub fn send_again(house: &House, id: &MailId) -> Result<bool, FlowError> {
    let now = house.now();
    house.store.write(|tx| match tx.mail_row(id)? {
        Some(row) => {
            let sent = tx.send_after_all(id, row.kind, now)?;
            decided(house, tx, "sent again", usize::from(sent))?;
            Ok(sent)
        }
        None => Ok(false),
    })
}

/// Sends every mail that is held; says how many.
///
/// # Errors
/// If the database fails.
pub fn send_held(house: &House) -> Result<usize, FlowError> {
    let now = house.now();
    house.store.write(|tx| {
        let mut sent = 0;
        for (id, kind) in tx.held_mails()? {
            sent += usize::from(tx.send_after_all(&id, kind, now)?);
        }
        decided(house, tx, "held mails sent", sent)?;
        Ok(sent)
    })
}

/// A mail that was in doubt did arrive; `false` if it is not in doubt any more.
///
/// # Errors
/// If the database fails.
pub fn mail_arrived(house: &House, id: &MailId) -> Result<bool, FlowError> {
    Ok(house.store.write(|tx| {
        let settled = tx.settle_mail(id, MailState::Sent)?;
        decided(house, tx, "said to have arrived", usize::from(settled))?;
        Ok::<_, StorageError>(settled)
    })?)
}

/// Leaves a mail as it is; `false` if there is no such mail.
///
/// # Errors
/// If the database fails.
pub fn leave_mail(house: &House, id: &MailId) -> Result<bool, FlowError> {
    Ok(house.store.write(|tx| {
        let left = tx.leave_mail(id)?;
        decided(house, tx, "left", usize::from(left))?;
        Ok::<_, StorageError>(left)
    })?)
}

/// Lets mails go to an address again; `false` if they did already.
///
/// # Errors
/// If the database fails.
pub fn write_again(house: &House, address: &EmailAddress) -> Result<bool, FlowError> {
    Ok(house.store.write(|tx| {
        let started = tx.start_address(address)?;
        decided(house, tx, "address written to again", usize::from(started))?;
        Ok::<_, StorageError>(started)
    })?)
}

/// Writes down what was decided of so many mails; nothing of none.
fn decided(house: &House, tx: &mut Tx<'_>, what: &str, mails: usize) -> Result<(), StorageError> {
    if mails == 0 {
        return Ok(());
    }
    house.note(tx, Act::MAIL_DECIDED, "", &format!("{what}: {mails}"))
}

/// Whether a mail still stands as trouble that a new address can end.
pub(super) fn is_trouble(row: &MailRow) -> bool {
    row.state == MailState::Refused || matches!(row.bounce, Some((Bounce::Hard, _)))
}
