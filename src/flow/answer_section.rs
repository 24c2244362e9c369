//! Saves one section of the form into the lead's encrypted draft.

use crate::answer::{AnswerFault, Reply};
use crate::id::ItemCode;
use crate::invitation::Token;

use super::visit::read_draft;
use super::{FlowError, House, the_wave};

/// What saving a section found.
#[derive(Debug, Clone, PartialEq)]
pub struct SectionSaved {
    /// Answers that were not taken, and why; the others are saved.
    pub faults: Vec<AnswerFault>,
    /// Items of the section without an answer.
    pub blanks: Vec<ItemCode>,
}

/// Saves the fields of one section. Good answers are kept even if others have faults.
///
/// # Errors
/// If the link is dead, the section unknown, or the wave takes no answers now.
pub fn save_section(
    house: &House,
    token: &Token,
    section: &str,
    fields: &[(String, String)],
) -> Result<SectionSaved, FlowError> {
    let now = house.now();
    house.store.write(|tx| {
        let invitation = tx.invitation_of_link(&token.hash())?.ok_or(FlowError::DeadLink)?;
        let wave = match tx.held_wave(&invitation.wave)? {
            Some(wave) => wave,
            None => the_wave(tx, &invitation.wave)?,
        };
        if !wave.takes_answers(now) {
            return Err(FlowError::NotTaking(Box::new(wave)));
        }
        let survey = house.survey(tx, &wave.definition)?;
        let (_, section) = survey.section(section).ok_or(FlowError::NoSection)?;
        let mut reply = match tx.draft(&invitation.id)? {
            Some(sealed) => read_draft(token, &sealed)?,
            None => Reply::default(),
        };
        let faults = reply.take_section(&survey, section, fields).err().unwrap_or_default();
        let sealed = token.draft_key().seal(&reply.to_bytes(), &house.chance);
        tx.put_draft(&invitation.id, &sealed)?;
        Ok(SectionSaved { faults, blanks: reply.blanks(&survey, section) })
    })
}
