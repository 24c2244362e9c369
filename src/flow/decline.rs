//! A lead says no, or takes a sealed reply back. Can be undone by answering
//! until the wave closes.

use crate::invitation::{Standing, Token};
use crate::wave::Wave;

use super::admit::place;
use super::visit::{Answering, answering};
use super::{FlowError, House};

/// Declines: draft and envelope are deleted, no more mail comes.
///
/// # Errors
/// If the link is dead or the wave takes no answers now.
pub fn decline(house: &House, token: &Token) -> Result<Wave, FlowError> {
    let now = house.now();
    house.store.write(|tx| {
        let Answering { invitation, wave, .. } = answering(tx, token, now)?;
        tx.delete_draft(&invitation.id)?;
        tx.delete_envelope(&place(&invitation))?;
        tx.set_standing(&invitation.id, Standing::Declined)?;
        Ok(wave)
    })
}
