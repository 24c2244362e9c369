//! Saves one section of the form into the lead's encrypted draft.

use crate::answer::{AnswerFault, Reply};
use crate::id::ItemCode;
use crate::invitation::Token;

use super::visit::{answering, draft_key, read_draft};
use super::{FlowError, House};

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
        let (invitation, wave) = answering(tx, token, now)?;
        let survey = house.survey(tx, &wave.definition)?;
        let (_, section) = survey.section(section).ok_or(FlowError::NoSection)?;
        let key = draft_key(house, &wave, token)?;
        let mut reply = match tx.draft(&invitation.id)? {
            Some(sealed) => read_draft(&key, &sealed).unwrap_or_default(),
            None => Reply::default(),
        };
        let faults = reply.take_section(&survey, section, fields).err().unwrap_or_default();
        let sealed = key.seal(&reply.to_bytes(), &house.chance);
        tx.put_draft(&invitation.id, &sealed)?;
        Ok(SectionSaved { faults, blanks: reply.blanks(&survey, section) })
    })
}
