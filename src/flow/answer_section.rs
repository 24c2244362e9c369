//! Saves one section of the form into the lead's encrypted draft.

use std::sync::Arc;

use crate::answer::{Form, Reply, Taken};
use crate::invitation::Token;
use crate::storage::Tx;

use super::visit::{Answering, answering, draft_key, read_draft};
use super::{FlowError, House, Visit};

/// A draft that nobody goes on with is kept for so many days.
const IDLE_DAYS: i64 = 14;

/// What saving a section found.
pub struct SectionSaved {
    /// The lead and the draft as it is now.
    pub visit: Visit,
    /// What was not taken, and what the answers lead to.
    pub taken: Taken,
}

/// Saves the fields of one section. Good answers are kept even if others have faults.
///
/// # Errors
/// If the link is dead, the section unknown, or the wave takes no answers now.
pub async fn save_section(
    house: &House,
    token: Token,
    section: String,
    fields: Arc<Vec<(String, String)>>,
) -> Result<SectionSaved, FlowError> {
    house.writing(move |house, tx| saved(house, tx, token, &section, &fields)).await
}

fn saved(
    house: &House,
    tx: &mut Tx<'_>,
    token: Token,
    section: &str,
    fields: &[(String, String)],
) -> Result<SectionSaved, FlowError> {
    let now = house.now();
    let Answering { invitation, wave, draft } = answering(tx, &token, now)?;
    let survey = house.survey(tx, &wave)?;
    let (_, section) = survey.section(section).ok_or(FlowError::NoSection)?;
    let key = draft_key(house, &wave, &token)?;
    let before = match draft {
        Some(sealed) => read_draft(&key, sealed).unwrap_or_default(),
        None => Reply::default(),
    };
    let mut draft = before.clone();
    let seed = token.order_seed();
    let found = Form::new(fields, &seed).take_section(&mut draft, &survey, section);
    if draft != before {
        let sealed = key.seal(&draft.to_bytes(), survey.sealed_size(), &house.chance);
        let good_until = now.plus_days(IDLE_DAYS).london_date();
        tx.put_draft(&invitation.id, &sealed, good_until)?;
    }
    Ok(SectionSaved { visit: Visit { token, invitation, wave, survey, draft }, taken: found })
}

/// Deletes the drafts that nobody went on with for too long; says how many.
///
/// # Errors
/// If the database fails.
pub fn forget_idle_drafts(house: &House) -> Result<usize, FlowError> {
    let today = house.now().london_date();
    Ok(house.store.write(|tx| tx.delete_idle_drafts(today))?)
}
