//! Saves one section of the form into the lead's encrypted draft.

use crate::answer::{AnswerFault, Form, Reply, Route};
use crate::id::ItemCode;
use crate::invitation::Token;

use super::visit::{answering, draft_key, read_draft};
use super::{FlowError, House, Visit};

/// What saving a section found.
pub struct SectionSaved {
    /// The lead and the draft as it is now.
    pub visit: Visit,
    /// Answers that were not taken, and why; the others are saved.
    pub faults: Vec<AnswerFault>,
    /// Items of the section that are asked and have no answer.
    pub blanks: Vec<ItemCode>,
    /// Items of the section that the form did not have, but that are asked now.
    pub more: Vec<ItemCode>,
    /// What the same form carries next, if it stays open.
    pub editions: String,
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
    let seed = token.order_seed();
    house.store.write(|tx| {
        let (invitation, wave) = answering(tx, token, now)?;
        let survey = house.survey(tx, &wave)?;
        let (_, section) = survey.section(section).ok_or(FlowError::NoSection)?;
        let key = draft_key(house, &wave, token)?;
        let before = match tx.draft(&invitation.id)? {
            Some(sealed) => read_draft(&key, &sealed).unwrap_or_default(),
            None => Reply::default(),
        };
        let mut draft = before.clone();
        let form = Form::new(fields, &seed);
        let faults = form.take(&mut draft, &survey, section).err().unwrap_or_default();
        if draft != before {
            tx.put_draft(&invitation.id, &key.seal(&draft.to_bytes(), &house.chance))?;
        }
        let route = Route::of(&survey, &draft);
        let more = section.items().map(|item| item.code);
        let more = more.filter(|item| route.asks(item) && !form.had(item)).cloned().collect();
        let blanks = draft.blanks(&survey, section);
        let editions = form.next_editions(&draft, section, &faults);
        let visit = Visit { token: token.clone(), invitation, wave, survey: survey.clone(), draft };
        Ok(SectionSaved { visit, faults, blanks, more, editions })
    })
}
