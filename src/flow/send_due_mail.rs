//! Sends one mail that is due: claim it, ask again whether it is still wanted,
//! make its text, hand it on, write down what became of it. No transaction is
//! open while a mail server is spoken to, and no link or text is at rest.

use std::time::Duration;

use crate::invitation::{Addressee, Invitation, LinkSecret, MailKind, Opener};
use crate::keyring::Secret;
use crate::mail::{Delivery, Outgoing, Sender, Transport};
use crate::pages::{DeputyMail, InvitationMail, LostLinkMail, MailText, PageError, ReminderMail};
use crate::storage::{Claimed, MailState, StorageError, Tx};
use crate::wave::Wave;

use super::{FlowError, House, the_wave};

/// How long a mail server is waited for in all.
const PATIENCE: Duration = Duration::from_secs(45);
/// How long a claim lasts: longer than the wait, so that no two workers send one
/// mail, even if their clocks differ by half a minute.
const LEASE_SECONDS: i64 = 90;
/// After so many tries in vain a mail is given up.
const MOST_ATTEMPTS: i32 = 12;

/// What one call did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendOutcome {
    /// No mail was due.
    NothingDue,
    /// One was handed on.
    Sent,
    /// One was no longer wanted.
    Cancelled,
    /// One was refused for good.
    Refused,
    /// One could not be handed on now and will be tried again.
    Postponed,
}

/// Sends at most one mail.
///
/// # Errors
/// If the database or a key fails; the claim then ends by itself.
pub async fn send_one(
    house: &House,
    sender: &Sender,
    transport: &Transport,
) -> Result<SendOutcome, FlowError> {
    let Some((claim, prepared)) = house.blocking(claim_and_load).await? else {
        return Ok(SendOutcome::NothingDue);
    };
    let Some((invitation, wave, secret)) = prepared else {
        house.blocking(move |house| end(house, &claim, MailState::Cancelled, None)).await?;
        return Ok(SendOutcome::Cancelled);
    };
    let mail = match compose(house, sender, &claim, (&invitation, &wave, &secret)) {
        Ok(mail) => mail,
        Err(why @ (FlowError::Page(_) | FlowError::Mail(_))) => {
            // This one cannot be written; the others still go.
            let (state, why) = (MailState::Refused, why.to_string());
            house.blocking(move |house| end(house, &claim, state, Some(&why))).await?;
            return Ok(SendOutcome::Refused);
        }
        Err(other) => return Err(other),
    };
    let sent = tokio::time::timeout(PATIENCE, transport.send(&mail)).await;
    let (state, outcome, reason) = match sent.unwrap_or(Delivery::Unknown) {
        // Nobody knows whether it went: the claim runs out, and the mail is
        // tried once more under the same Message-ID.
        Delivery::Unknown => return Ok(SendOutcome::Postponed),
        Delivery::Taken => (MailState::Sent, SendOutcome::Sent, None),
        Delivery::Refused(why) => (MailState::Refused, SendOutcome::Refused, Some(why)),
        Delivery::Later(why) if claim.attempts + 1 >= MOST_ATTEMPTS => {
            (MailState::Refused, SendOutcome::Refused, Some(why))
        }
        Delivery::Later(why) => {
            house.blocking(move |house| postpone(house, &claim, &why)).await?;
            return Ok(SendOutcome::Postponed);
        }
    };
    house.blocking(move |house| end(house, &claim, state, reason.as_deref())).await?;
    Ok(outcome)
}

type Prepared = (Claimed, Option<(Invitation, Wave, LinkSecret)>);

/// Claims a mail and loads what it needs; no invitation if it is no longer due.
fn claim_and_load(house: &House) -> Result<Option<Prepared>, FlowError> {
    let now = house.now();
    house.store.write(|tx: &mut Tx<'_>| {
        tx.end_expired_leases(now)?;
        let claimed = match tx.claim_mail(now, now.plus_seconds(LEASE_SECONDS)) {
            // Another worker was faster: the next call finds the next mail.
            Err(StorageError::Busy) => None,
            other => other?,
        };
        let Some(claim) = claimed else { return Ok(None) };
        let Some(invitation) = tx.invitation(&claim.invitation)? else {
            return Ok(Some((claim, None)));
        };
        let wave = the_wave(tx, &invitation.wave)?;
        let wanted = invitation.addressee(claim.kind, claim.generation).is_some();
        if !wanted || wave.check_asks(now).is_err() {
            return Ok(Some((claim, None)));
        }
        // A node without the keys fails here, and its claim is undone with the rest.
        let secret = LinkSecret::from_bytes(*house.keyring.get(&wave.code, Secret::Links)?);
        Ok(Some((claim, Some((invitation, wave, secret)))))
    })
}

fn end(
    house: &House,
    claim: &Claimed,
    state: MailState,
    reason: Option<&str>,
) -> Result<bool, FlowError> {
    Ok(house.store.write(|tx| tx.end_claim(claim, state, reason))?)
}

/// Twice as long after each try, up to an hour, with some chance in it so that
/// a thousand mails do not come back in one second.
fn postpone(house: &House, claim: &Claimed, why: &str) -> Result<bool, FlowError> {
    let longest = 30 * (1_i64 << claim.attempts.clamp(0, 7));
    let spread = i64::try_from(house.chance.below(30)).unwrap_or(0);
    let due = house.now().plus_seconds(longest.min(3600) + spread);
    Ok(house.store.write(|tx| tx.postpone_mail(claim, due, why))?)
}

fn compose(
    house: &House,
    sender: &Sender,
    claim: &Claimed,
    (invitation, wave, secret): (&Invitation, &Wave, &LinkSecret),
) -> Result<Outgoing, FlowError> {
    // Asked when it was loaded, and nothing of it has changed since.
    let to = invitation.addressee(claim.kind, claim.generation).ok_or(FlowError::DeadLink)?;
    let token = secret.token(&invitation.id, to.generation);
    let link = format!("{}/s/{}", house.settings.base_url, token.expose());
    let text = text(house, claim.kind, (invitation, to), wave, link)?;
    Ok(sender.compose(claim.id, to.name, to.email, text, house.now())?)
}

fn text(
    house: &House,
    kind: MailKind,
    (invitation, to): (&Invitation, Addressee<'_>),
    wave: &Wave,
    link: String,
) -> Result<MailText, PageError> {
    let settings = &house.settings;
    let name = to.name.expose().to_owned();
    let lead = invitation.name.expose();
    let group = invitation.group_name.clone();
    let (close_date, close_time) = (wave.closes.in_words(), wave.closes.clock_in_words());
    let contact = settings.office.contact.clone();
    let team = settings.office.name.clone();
    let notice = wave.purpose.notice().map(str::to_owned);
    match kind {
        MailKind::Invitation => house.pages.mail(&InvitationMail {
            name,
            group,
            region: settings.region.name.clone(),
            link,
            close_date,
            close_time,
            publish_date: wave.publishes.in_words(),
            smallest: wave.smallest.to_string(),
            smallest_groups: wave.smallest_groups.to_string(),
            contact,
            team,
            notice,
        }),
        MailKind::Reminder => house.pages.mail(&ReminderMail {
            name,
            group,
            pct: invitation.pct_name.clone(),
            in_place_of: (to.opener == Opener::Deputy).then(|| lead.to_owned()),
            link,
            close_date,
            close_time,
            contact,
            team,
            notice,
        }),
        MailKind::Deputy => house.pages.mail(&DeputyMail {
            name,
            lead: lead.to_owned(),
            group,
            region: settings.region.name.clone(),
            link,
            close_date,
            close_time,
            smallest: wave.smallest.to_string(),
            smallest_groups: wave.smallest_groups.to_string(),
            contact,
            team,
            notice,
        }),
        MailKind::LostLink => house.pages.mail(&LostLinkMail {
            name,
            group,
            link,
            close_date,
            close_time,
            contact,
            team,
            notice,
        }),
    }
}
