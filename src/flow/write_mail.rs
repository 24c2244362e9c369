//! Writes one mail: the letter with the facts of its reader. The only place
//! where a personal link is made for a mail; it is never stored.

use crate::invitation::{Opener, StopToken};
use crate::keyring::Derived;
use crate::letter::{LetterToken as T, Values};
use crate::mail::{Outgoing, Posting, Sender};
use crate::wave::Wave;

use super::claim_mail::{Matter, Prepared};
use super::sign_in::{SIGN_IN_MINUTES, mailed_secret};
use super::{FlowError, House, results_href};

/// Writes a mail that was claimed.
///
/// # Errors
/// If its text or its address cannot be used in a mail.
pub fn write_mail(
    house: &House,
    sender: &Sender,
    prepared: &Prepared,
) -> Result<Outgoing, FlowError> {
    let Prepared { mail, letter, matter, .. } = prepared;
    let base = &house.settings.base_url;
    let mut values = everybody(house);
    let (mut name, mut stop, mut notice) = (None, None, None);
    let address = match matter {
        Matter::Invitation { invitation, wave, links } => {
            // Asked when it was claimed, and nothing of it has changed since.
            let to = invitation.addressee(mail.kind, mail.generation).ok_or(FlowError::DeadLink)?;
            let lead = invitation.name.expose();
            values = of_wave(values, house, wave)
                .with(T::Name, to.name.expose())
                .with(T::Group, &invitation.group_name)
                .with(T::Pct, &invitation.pct_name)
                .with(T::Lead, lead)
                .with(
                    T::ResultsLink,
                    format!("{base}{}", results_href(house, &wave.code, &invitation.unit)),
                );
            if to.opener == Opener::Deputy {
                let said = format!("{lead} asked you to answer in their place.");
                values = values.with(T::InPlaceOf, said);
            }
            if let Some(links) = links {
                let token = links.token(&invitation.id, to.generation);
                values = values.with(T::Link, format!("{base}/s/{}", token.expose()));
            }
            if mail.kind.offers_to_stop() {
                let secret = house.keyring.derived(Derived::StopLinks);
                let token = StopToken::new(&invitation.id, to.generation, &secret);
                let link = format!("{base}/stop/{}", token.expose());
                values = values.with(T::OptOutLink, &link);
                stop = Some(link);
            }
            notice = wave.purpose.notice();
            name = Some(to.name.clone());
            to.email.clone()
        }
        Matter::SignIn { email } => {
            let link = format!("{base}/sign-in/{}", mailed_secret(house, &mail.id).expose());
            values = values.with(T::Link, link).with(T::Minutes, SIGN_IN_MINUTES.to_string());
            email.clone()
        }
        Matter::Results { email, wave, unit } => {
            values = of_wave(values, house, wave)
                .with(T::Name, "colleague")
                .with(T::Pct, unit.as_deref().unwrap_or("each PCT"));
            values = values.with(T::OptOutLink, &house.settings.office.contact);
            notice = wave.purpose.notice();
            email.clone()
        }
        Matter::Idea(kept) => {
            values = values
                .with(T::Name, kept.idea.name().expose())
                .with(T::Group, kept.idea.group())
                .with(T::Words, kept.idea.words());
            notice = kept.purpose.notice();
            name = Some(kept.idea.name().clone());
            kept.idea.email().clone()
        }
    };
    let text = house.pages.mail(&letter.fill(&values), notice)?;
    Ok(sender.compose(&Posting {
        id: mail.id,
        name: name.as_ref(),
        address: &address,
        text,
        date: house.now(),
        stop: stop.as_deref(),
    })?)
}

/// What every mail may say.
pub(super) fn everybody(house: &House) -> Values {
    let settings = &house.settings;
    Values::default()
        .with(T::Region, &settings.region.name)
        .with(T::ContactEmail, &settings.office.contact)
        .with(T::Team, &settings.office.name)
}

/// What every mail of a wave may say.
pub(super) fn of_wave(values: Values, house: &House, wave: &Wave) -> Values {
    values
        .with(T::Wave, &wave.title)
        .with(T::CloseDate, wave.closes.in_words())
        .with(T::CloseTime, wave.closes.clock_in_words())
        .with(T::PublishDate, wave.publishes.in_words())
        .with(T::Smallest, wave.smallest.to_string())
        .with(T::SmallestGroups, wave.smallest_groups.to_string())
        .with(T::ResultsLink, format!("{}/results/{}", house.settings.base_url, wave.code))
}
