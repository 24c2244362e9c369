//! Somebody shares an idea with the PBC leads network. Knows no link, no
//! invitation and no answer, and writes down no time and no wave.

use crate::id::{IdeaId, MailId};
use crate::ledger::{NewMail, Recipient};
use crate::letter::MailKind;
use crate::network::{Idea, KeptIdea};
use crate::storage::{StorageError, Tx};
use crate::time::Moment;
use crate::wave::Purpose;

use super::{FlowError, House};

/// More would be no list to read: somebody is filling the disk.
const MOST_IDEAS: u32 = 5_000;

/// Why no idea is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NetworkRefusal {
    /// No wave is under way.
    #[error("no ideas are taken for the network now")]
    Shut,
    /// Nobody reads so many.
    #[error("too many ideas for the network are kept already")]
    Full,
}

/// Whether ideas are taken now, and what the wave under way is for.
///
/// # Errors
/// [`NetworkRefusal::Shut`] between a release and the next wave.
pub fn sharing(house: &House) -> Result<Purpose, FlowError> {
    let now = house.now();
    house.store.read(|tx| purpose(tx, now))
}

/// Keeps an idea, and whether its writer wants to be named with it. The form carries the id, so that a second press of its button
/// finds the idea there already.
///
/// # Errors
/// If no wave is under way or too many ideas are kept.
pub fn share_idea(house: &House, id: IdeaId, idea: &Idea, named: bool) -> Result<(), FlowError> {
    let now = house.now();
    house.store.write(|tx| {
        let purpose = purpose(tx, now)?;
        let id = match tx.network_idea(&id)? {
            Some(kept) if kept.idea == *idea && kept.named == named => return Ok(()),
            // The same form was changed and sent again.
            Some(_) => IdeaId::random(&house.chance),
            None => id,
        };
        if tx.count_network_ideas()? >= MOST_IDEAS {
            return Err(NetworkRefusal::Full.into());
        }
        let (idea, edited) = (idea.clone(), None);
        let new = KeptIdea { id, idea, named, edited, published: false, purpose };
        match tx.insert_network_idea(&new) {
            // Two presses at once.
            Err(StorageError::Conflict { .. }) => return Ok(()),
            other => other?,
        }
        // Hourly, so that the mail's time says less of when somebody was here.
        let due = now.plus_seconds(3600 - now.unix().rem_euclid(3600));
        Ok(tx.insert_mail(&NewMail {
            id: MailId::random(&house.chance),
            recipient: Recipient::Idea(id),
            wave: None,
            kind: MailKind::Network,
            round: 1,
            generation: None,
            due,
        })?)
    })
}

/// What the wave under way is for; of several, the most serious.
fn purpose(tx: &mut Tx<'_>, now: Moment) -> Result<Purpose, FlowError> {
    let waves = tx.waves()?;
    let under_way: Vec<Purpose> =
        waves.iter().filter(|wave| wave.is_under_way(now)).map(|wave| wave.purpose).collect();
    [Purpose::Survey, Purpose::Synthetic, Purpose::Test]
        .into_iter()
        .find(|purpose| under_way.contains(purpose))
        .ok_or_else(|| NetworkRefusal::Shut.into())
}
