//! The survey office sees to the ideas for the network: mends their words, shows them to
//! everybody and takes them down again. What was written stays as it was.

use crate::id::IdeaId;
use crate::network::{KeptIdea, PublicIdea};
use crate::trail::Act;

use super::{FlowError, House};

/// What the office does with an idea.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdeaAct {
    /// Its words are to be read like this.
    Mend(String),
    /// Everybody may read it.
    Publish,
    /// Nobody but the office reads it any more.
    TakeDown,
}

/// The idea of this id.
///
/// # Errors
/// [`FlowError::NoIdea`] if there is none.
pub fn network_idea(house: &House, id: &IdeaId) -> Result<KeptIdea, FlowError> {
    house.store.read(|tx| tx.network_idea(id))?.ok_or(FlowError::NoIdea)
}

/// Sees to an idea. The same once more does no harm.
///
/// # Errors
/// If there is no such idea, or it came in a rehearsal and is to be published.
pub fn see_to_idea(house: &House, id: &IdeaId, act: &IdeaAct) -> Result<(), FlowError> {
    house.store.write(|tx| {
        let mut kept = tx.network_idea(id)?.ok_or(FlowError::NoIdea)?;
        let before = kept.clone();
        match act {
            IdeaAct::Mend(words) => {
                // Brought back to what was written, nothing is mended.
                kept.edited = (words != kept.idea.words()).then(|| words.clone());
            }
            IdeaAct::Publish if !kept.may_be_published() => return Err(FlowError::IdeaOfRehearsal),
            IdeaAct::Publish => kept.published = true,
            IdeaAct::TakeDown => kept.published = false,
        }
        if kept == before {
            return Ok(());
        }
        tx.see_to_network_idea(id, kept.edited.as_deref(), kept.published)?;
        let what = match act {
            IdeaAct::Mend(_) => Act::IDEA_EDITED,
            IdeaAct::Publish => Act::IDEA_PUBLISHED,
            IdeaAct::TakeDown => Act::IDEA_TAKEN_DOWN,
        };
        Ok(house.note(tx, what, &id.to_string(), "")?)
    })
}

/// Deletes an idea; none is no fault.
///
/// # Errors
/// If the database refuses.
pub fn delete_idea(house: &House, id: &IdeaId) -> Result<(), FlowError> {
    house.store.write(|tx| {
        if tx.network_idea(id)?.is_none() {
            return Ok(());
        }
        tx.delete_network_idea(id)?;
        Ok(house.note(tx, Act::IDEA_DELETED, &id.to_string(), "")?)
    })
}

/// The ideas that everybody may read, in the order of their words.
///
/// # Errors
/// If the database refuses.
pub fn public_ideas(house: &House) -> Result<Vec<PublicIdea>, FlowError> {
    let kept = house.store.read(|tx| tx.network_ideas())?;
    let mut shown: Vec<PublicIdea> = kept.iter().filter_map(KeptIdea::shown).collect();
    shown.sort();
    Ok(shown)
}
