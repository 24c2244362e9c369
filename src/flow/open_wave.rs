//! Opens a wave: freezes the roster, makes the links, and puts every
//! invitation's mail into the outbox in the same transaction.

use std::path::PathBuf;

use crate::id::{InvitationId, MailId, WaveCode};
use crate::invitation::{Addressee, DraftSecret, Invitation, LinkSecret, Standing};
use crate::keyring::Secret;
use crate::ledger::{NewMail, Recipient};
use crate::letter::MailKind;
use crate::register::{Register, Tree};
use crate::storage::StorageError;
use crate::trail::Act;
use crate::wave::{Purpose, State, Wave};

use super::bring_key::key_status_in;
use super::mail_rounds::plan_rounds;
use super::prepare_ballot_box::{KeyPlan, Prepared, prepare_ballot_box};
use super::second::with_second;
use super::{FlowError, House, KeyStatus, move_wave, the_wave};

/// What opening a wave did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The wave, open.
    pub wave: Wave,
    /// How many leads are invited.
    pub invited: usize,
    /// Where its key is.
    pub key: KeyStatus,
    /// The files that were made to be handed out.
    pub files: Vec<PathBuf>,
}

/// Opens a wave for every lead of the register. Its key is where the plan wants
/// it, and has opened a dummy from there, before any mail is put in the outbox.
///
/// # Errors
/// If the wave is not a draft, its time has passed, nobody is in the register,
/// or a key fails its rehearsal. Nothing is sent then, and nothing is left of it.
pub fn open_wave(house: &House, code: &WaveCode, plan: &KeyPlan) -> Result<Opened, FlowError> {
    // What can be refused is refused before a key is made.
    house.store.read(|tx| {
        let wave = the_wave(tx, code)?.open(house.now())?;
        if roster(house, &wave, &tx.register()?).is_empty() {
            return Err(FlowError::NoLeads);
        }
        Ok(())
    })?;
    let prepared = prepare_ballot_box(house, code, plan)?;
    match open_with(house, code, &prepared) {
        Ok(opened) => Ok(Opened { files: prepared.stay(), ..opened }),
        Err(error) => {
            if may_be_open(house, code, &prepared, &error) {
                // The only key of an open wave would be lost.
                drop(prepared.stay());
            }
            Err(error)
        }
    }
}

/// Whether the wave may have been opened with this key though it was not told so.
fn may_be_open(house: &House, code: &WaveCode, prepared: &Prepared, why: &FlowError) -> bool {
    let lost = matches!(why, FlowError::Storage(StorageError::Unavailable(_)));
    let found = house.store.read(|tx| {
        let wave = the_wave(tx, code)?;
        Ok::<_, FlowError>(wave.state != State::Draft && tx.public_key(code)? == prepared.public)
    });
    lost || found.unwrap_or(true)
}

/// Opens a wave with a pair that is made.
fn open_with(house: &House, code: &WaveCode, prepared: &Prepared) -> Result<Opened, FlowError> {
    let now = house.now();
    let secret = LinkSecret::from_bytes(&house.chance.secret());
    let drafts = DraftSecret::from_bytes(&house.chance.secret());
    house.store.write(|tx| {
        let draft = the_wave(tx, code)?;
        let asked = with_second(house, tx, Act::WAVE_OPENED, code.as_str(), "")?;
        let from = draft.state;
        let wave = draft.open(now)?;
        let register = tx.register()?;
        let roster = roster(house, &wave, &register);
        if roster.is_empty() {
            return Err(FlowError::NoLeads);
        }
        // From here on this is the only opening: its keys are the ones that stay.
        move_wave(tx, from, &wave)?;
        prepared.keep(house, code)?;
        tx.set_public_key(code, &prepared.public)?;
        tx.insert_custody(code, &prepared.custody, now.london_date())?;
        tx.delete_prepared_key(code)?;
        tx.freeze_tree(code, &tree(house, &register)?)?;
        let due = now.max(wave.opens);
        for invitation in &roster {
            let hash = secret.token(&invitation.id, invitation.generation).hash();
            tx.insert_invitation(invitation, &hash)?;
            tx.insert_mail(&NewMail {
                id: MailId::random(&house.chance),
                recipient: Recipient::Invitation(invitation.id),
                wave: Some(code.clone()),
                kind: MailKind::Invitation,
                round: 1,
                generation: None,
                due,
            })?;
        }
        plan_rounds(tx, &wave, roster.len(), now)?;
        // Before the commit, so that no invitation exists whose link cannot be made.
        house.keyring.keep(code, Secret::Links, secret.expose())?;
        house.keyring.keep(code, Secret::Drafts, drafts.expose())?;
        let detail =
            format!("{} leads asked; the key is {}", roster.len(), prepared.custody.in_words());
        house.note(tx, Act::WAVE_OPENED, code.as_str(), &format!("{detail}{asked}"))?;
        let key = key_status_in(tx, &wave)?.ok_or_else(|| FlowError::NoWave(code.clone()))?;
        Ok(Opened { invited: roster.len(), wave, key, files: Vec::new() })
    })
}

/// The organisations as they stand now: results are made for these.
pub(super) fn tree(house: &House, register: &Register) -> Result<Tree, FlowError> {
    let region = &house.settings.region;
    register.tree(&region.code.parse()?, &region.name).map_err(FlowError::Tree)
}

/// Whom a wave asks that opens now.
pub(super) fn roster(house: &House, wave: &Wave, register: &Register) -> Vec<Invitation> {
    register
        .leads
        .iter()
        .filter_map(|lead| {
            let group = register.group(&lead.group)?;
            let unit = register.unit_of_group(&lead.group)?;
            let pct = register.pct(&group.pct)?;
            Some(Invitation {
                id: InvitationId::random(&house.chance),
                wave: wave.code.clone(),
                unit: unit.slug.clone(),
                pct_name: pct.name.clone(),
                group: group.slug.clone(),
                group_name: group.name.clone(),
                name: lead.name.clone(),
                email: lead.email.clone(),
                generation: 0,
                last_generation: 0,
                standing: Standing::Asked,
                deputy: None,
            })
        })
        .collect()
}

/// A personal link, outside a mail.
#[derive(Clone)]
pub struct PersonalLink {
    /// The address of the lead, or of the deputy who answers instead.
    pub address: String,
    /// The link.
    pub link: String,
    /// Where the invitation stands.
    pub standing: Standing,
}

/// The personal links of a wave, for rehearsals and demonstrations.
///
/// # Errors
/// If the wave is not a test wave, or its link secret is gone.
pub fn personal_links(house: &House, code: &WaveCode) -> Result<Vec<PersonalLink>, FlowError> {
    let (wave, roster) = house.store.read(|tx| {
        let wave = the_wave(tx, code)?;
        Ok::<_, FlowError>((wave, tx.invitations(code)?))
    })?;
    if wave.purpose == Purpose::Survey {
        return Err(FlowError::NotATestWave(code.clone()));
    }
    let secret = LinkSecret::from_bytes(&*house.keyring.get(code, Secret::Links)?);
    let base = &house.settings.base_url;
    Ok(roster
        .iter()
        .map(|invitation| {
            let Addressee { email, generation, .. } = invitation.answering();
            let token = secret.token(&invitation.id, generation);
            PersonalLink {
                address: email.expose().to_owned(),
                link: format!("{base}/s/{}", token.expose()),
                standing: invitation.standing,
            }
        })
        .collect())
}
