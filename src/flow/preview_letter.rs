//! What a letter looks like to one of its readers, on a page and as a test mail.
//! No link in it works: whoever sees a preview is not whom it is written to.

use crate::id::{GroupSlug, MailId, WaveCode};
use crate::invitation::Invitation;
use crate::letter::{Filled, Letter, LetterToken as T, MailKind, Values, Written};
use crate::mail::{Delivery, Outgoing, Posting, Sender, Transport};
use crate::register::EmailAddress;
use crate::storage::Tx;
use crate::wave::Wave;

use super::edit_letter::LetterRefusal;
use super::open_wave::roster;
use super::sign_in::{SIGN_IN_MINUTES, browser_secret};
use super::write_mail::{everybody, of_wave};
use super::{FlowError, House, the_wave};

/// A letter as one reader gets it, but for its links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LetterPreview {
    /// The letter.
    pub filled: Filled,
    /// The sentence that stands before every mail of a rehearsal.
    pub notice: Option<&'static str>,
    /// The group of the lead it was filled in for; none if its reader is made up.
    pub group: Option<GroupSlug>,
    /// The groups whose leads it can be filled in for, by name.
    pub groups: Vec<(GroupSlug, String)>,
}

/// What stands for the secret of a link in a preview.
const HIDDEN: &str = "…";

/// Shows a letter to a lead of a group; of any, if that has none.
///
/// # Errors
/// [`FlowError::LetterRefused`] with all its faults.
pub fn preview_letter(
    house: &House,
    (wave, kind): (Option<&WaveCode>, MailKind),
    written: &Written,
    group: Option<&GroupSlug>,
) -> Result<LetterPreview, FlowError> {
    house.store.read(|tx| preview(house, tx, (wave, kind), written, group, HIDDEN))
}

fn preview(
    house: &House,
    tx: &mut Tx<'_>,
    (wave, kind): (Option<&WaveCode>, MailKind),
    written: &Written,
    group: Option<&GroupSlug>,
    secret: &str,
) -> Result<LetterPreview, FlowError> {
    let letter = Letter::parse(kind, written).map_err(LetterRefusal::Faults)?;
    let wave = wave.map(|code| the_wave(tx, code)).transpose()?;
    let readers = match &wave {
        Some(wave) => readers(house, tx, wave)?,
        None => Vec::new(),
    };
    let mut groups: Vec<(GroupSlug, String)> =
        readers.iter().map(|one| (one.group.clone(), one.group_name.clone())).collect();
    groups.sort_by(|a, b| (&a.1, &a.0).cmp(&(&b.1, &b.0)));
    groups.dedup();
    let reader = readers.iter().find(|one| Some(&one.group) == group);
    let reader = reader.or_else(|| {
        let first = groups.first()?;
        readers.iter().find(|one| one.group == first.0)
    });
    let mut values = sample(house, kind, secret);
    if let Some(wave) = &wave {
        values = of_wave(values, house, wave);
    }
    if let Some(reader) = reader {
        values = values.with(T::Group, &reader.group_name).with(T::Pct, &reader.pct_name);
        values = match kind {
            MailKind::Deputy => values.with(T::Lead, reader.name.expose()),
            _ => values.with(T::Name, reader.name.expose()),
        };
    }
    Ok(LetterPreview {
        filled: letter.fill(&values),
        notice: wave.as_ref().and_then(|wave| wave.purpose.notice()),
        group: reader.map(|reader| reader.group.clone()),
        groups,
    })
}

/// Whom a wave asks, or would ask if it opened now.
fn readers(house: &House, tx: &mut Tx<'_>, wave: &Wave) -> Result<Vec<Invitation>, FlowError> {
    let mut all = tx.invitations(&wave.code)?;
    if all.is_empty() {
        all = roster(house, wave, &tx.register()?);
    }
    all.sort_by(|a, b| (&a.group, &a.name).cmp(&(&b.group, &b.name)));
    Ok(all)
}

/// Made-up values for whatever no real reader gives.
fn sample(house: &House, kind: MailKind, secret: &str) -> Values {
    let base = &house.settings.base_url;
    let link = match kind {
        MailKind::SignIn => format!("{base}/sign-in/{secret}"),
        _ => format!("{base}/s/{secret}"),
    };
    everybody(house)
        .with(T::Name, "Dr Made-Up Sample")
        .with(T::Lead, "Dr Made-Up Lead")
        .with(T::Group, "Made-Up Valley")
        .with(T::Pct, "Made-Up PCT")
        .with(T::Words, "We look at the prescribing figures together once a month.")
        .with(T::Minutes, SIGN_IN_MINUTES.to_string())
        .with(T::Link, link)
        .with(T::OptOutLink, format!("{base}/stop/{secret}"))
}

/// Sends a letter to somebody of the office as it stands, saved or not. Its subject
/// says TEST, its links are made up, and it is counted in no round.
///
/// # Errors
/// [`FlowError::LetterRefused`] with all its faults, or if it cannot be put together.
pub async fn send_test_letter(
    house: &House,
    (wave, kind): (Option<WaveCode>, MailKind),
    written: Written,
    group: Option<GroupSlug>,
    to: EmailAddress,
) -> Result<Delivery, FlowError> {
    let compose = move |house: &House| {
        let about = (wave.as_ref(), kind);
        let secret = browser_secret(house).expose();
        let preview =
            house.store.read(|tx| preview(house, tx, about, &written, group.as_ref(), &secret))?;
        test_mail(house, preview, &to)
    };
    let mail = house.blocking(compose).await?;
    let transport = Transport::open(&house.settings.mail_url)?;
    Ok(transport.send(&mail).await)
}

fn test_mail(
    house: &House,
    preview: LetterPreview,
    to: &EmailAddress,
) -> Result<Outgoing, FlowError> {
    let mut filled = preview.filled;
    filled.subject = format!("TEST: {}", filled.subject);
    // Without a bounce address: no row of the ledger is concerned.
    let sender = Sender::of(&house.settings, None)?;
    Ok(sender.compose(&Posting {
        id: MailId::random(&house.chance),
        name: None,
        address: to,
        text: house.pages.mail(&filled, preview.notice)?,
        date: house.now(),
        stop: None,
    })?)
}
