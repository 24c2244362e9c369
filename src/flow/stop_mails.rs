//! Somebody wants no more mails from us, by the link in each of them, or wants
//! them again. Works after closing, too: the link is proved by a key of the house.

use crate::invitation::StopToken;
use crate::keyring::Derived;
use crate::ledger::StopCause;
use crate::register::EmailAddress;
use crate::storage::{StoppedAddress, Tx};

use super::{FlowError, House};

/// Whose mails a link ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StopLink {
    /// The address; none if no mail goes there any more, because somebody else
    /// answers or the address was corrected.
    pub address: Option<EmailAddress>,
}

/// Whose mails this link ends. Looking changes nothing.
///
/// # Errors
/// [`FlowError::DeadStopLink`] if it is none of ours.
pub fn stop_link(house: &House, token: &str) -> Result<StopLink, FlowError> {
    house.store.read(|tx| read(house, tx, token))
}

/// Lets no mail about any survey go to the address of this link any more. Twice
/// is no fault.
///
/// # Errors
/// [`FlowError::DeadStopLink`] if it is none of ours.
pub fn stop_mails(house: &House, token: &str) -> Result<StopLink, FlowError> {
    let day = house.now().london_date();
    house.store.write(|tx| {
        let link = read(house, tx, token)?;
        if let Some(address) = &link.address {
            tx.stop_address(&StoppedAddress {
                address: address.clone(),
                cause: StopCause::Asked,
                reason: "asked for no more mails".to_owned(),
                day,
            })?;
        }
        Ok(link)
    })
}

/// Takes that back. An address from which mails came back stays as it is.
///
/// # Errors
/// [`FlowError::DeadStopLink`] if the link is none of ours.
pub fn start_mails(house: &House, token: &str) -> Result<StopLink, FlowError> {
    house.store.write(|tx| {
        let link = read(house, tx, token)?;
        if let Some(address) = &link.address
            && tx.stopped(address)?.is_some_and(|stopped| stopped.cause == StopCause::Asked)
        {
            tx.start_address(address)?;
        }
        Ok(link)
    })
}

fn read(house: &House, tx: &mut Tx<'_>, token: &str) -> Result<StopLink, FlowError> {
    let secret = house.keyring.derived(Derived::StopLinks);
    let (id, generation) = StopToken::read(token, &secret).map_err(|_| FlowError::DeadStopLink)?;
    let invitation = tx.invitation(&id)?.ok_or(FlowError::DeadStopLink)?;
    let deputy = invitation.deputy.filter(|deputy| deputy.generation == generation);
    let address = match deputy {
        Some(deputy) => Some(deputy.email),
        None => (invitation.generation == generation).then_some(invitation.email),
    };
    Ok(StopLink { address })
}
