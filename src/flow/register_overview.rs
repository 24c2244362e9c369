//! The register as the office looks at it: who is there, what has to be mended, and
//! what can be undone.

use std::collections::BTreeMap;

use crate::id::GroupSlug;
use crate::invitation::Invitation;
use crate::ledger::{MailState, Recipient};
use crate::letter::MailKind;
use crate::register::Register;
use crate::storage::{DatedEvent, RegisterChange, StorageError, Tx};

use super::see_to_mails::is_leads;
use super::{FlowError, House};

/// So many mails are looked at for the address of a lead.
const MOST_MAILS: u32 = 200;
/// So many events are shown at once.
pub const MOST_EVENTS: u32 = 100;

/// The register with what belongs beside it.
pub struct RegisterOverview {
    /// Who is there.
    pub register: Register,
    /// Mailboxes that mails do not reach, in lower case, each with the reason.
    pub unreached: BTreeMap<String, String>,
    /// The last change, and whether it can be undone.
    pub last: Option<(RegisterChange, bool)>,
}

/// The register with what belongs beside it.
///
/// # Errors
/// If the database fails.
pub fn register_overview(house: &House) -> Result<RegisterOverview, FlowError> {
    let now = house.now();
    house.store.read(|tx| {
        let register = tx.register()?;
        let last = match tx.last_register_change()? {
            None => None,
            Some(last) => {
                let before = tx.register_before(now)?;
                let undo = before.is_some_and(|before| before.change == last.number);
                Some((last, undo))
            }
        };
        Ok(RegisterOverview { unreached: unreached(tx)?, last, register })
    })
}

fn unreached(tx: &mut Tx<'_>) -> Result<BTreeMap<String, String>, StorageError> {
    let mut found = BTreeMap::new();
    for row in tx.troubled_mails(MOST_MAILS)? {
        let Recipient::Invitation(id) = &row.recipient else { continue };
        // Held and doubtful mails say nothing of the address, and thanks tell who answered.
        let says = row.bounce.is_some() || row.state == MailState::Refused;
        if !says || row.kind == MailKind::Thanks {
            continue;
        }
        let leads = |invitation: &Invitation| is_leads(invitation, row.kind);
        if let Some(invitation) = tx.invitation(id)?.filter(leads) {
            let what = if row.bounce.is_some() { "came back" } else { "was refused" };
            let said = format!("the last {} {what}", row.kind.to_string().to_lowercase());
            found.entry(invitation.email.key()).or_insert(said);
        }
    }
    for stopped in tx.stopped_addresses()? {
        found.insert(stopped.address.key(), format!("no mails go there: {}", stopped.reason));
    }
    Ok(found)
}

/// What happened in the register, the newest first, and whether there is more: of one
/// group, or of all. Pages count from 0.
///
/// # Errors
/// If the database fails.
pub fn register_history(
    house: &House,
    group: Option<&GroupSlug>,
    page: u32,
) -> Result<(Vec<DatedEvent>, bool), FlowError> {
    let skip = page.saturating_mul(MOST_EVENTS);
    let mut events = house.store.read(|tx| tx.register_events(group, skip, MOST_EVENTS + 1))?;
    let more = events.len() > MOST_EVENTS as usize;
    events.truncate(MOST_EVENTS as usize);
    Ok((events, more))
}
