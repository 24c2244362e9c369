//! Somebody comes back from an identity provider, which says who they are. Their
//! account must be here already, and stays with the first account at the provider
//! that came with its address.

use crate::identity::Verified;
use crate::register::EmailAddress;
use crate::trail::{Act, Actor};

use super::session::{Begun, enter};
use super::{FlowError, House};

/// Why a sign-in by an identity provider opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProviderRefusal {
    /// Nobody of that address has an account here.
    #[error("nobody of the address that the identity provider names has an account")]
    NoAccount,
    /// Another account at the provider came with that address before.
    #[error("another account at the identity provider is bound to that address")]
    OtherSubject,
}

/// Begins a session for whom the provider names, which waits for a code if the account
/// has a second step.
///
/// # Errors
/// If they have no account, or came with another account at the provider before.
pub fn enter_by_provider(house: &House, who: &Verified) -> Result<Begun, FlowError> {
    let entered = house.store.write(|tx| {
        let Some(account) = tx.account(&who.email)? else {
            return Ok(Err(ProviderRefusal::NoAccount));
        };
        match tx.pin(&account.email)? {
            Some(pin) if pin.issuer != who.issuer || pin.subject != who.subject => {
                tx.note_refused_pin(&account.email, house.now().london_date())?;
                house.note(tx, Act::PROVIDER_REFUSED, account.email.expose(), "")?;
                return Ok(Err(ProviderRefusal::OtherSubject));
            }
            Some(_) => {}
            None => {
                tx.put_pin(&account.email, &who.issuer, &who.subject)?;
                let themselves = house.acting(Actor::Account(account.email.clone()));
                let about = account.email.expose();
                themselves.note(tx, Act::PROVIDER_BOUND, about, &who.issuer)?;
            }
        }
        Ok::<_, FlowError>(Ok(enter(house, tx, account)?))
    })?;
    Ok(entered?)
}

/// Forgets which account at the provider opens an account; the next one is bound.
///
/// # Errors
/// If there is no such account.
pub fn unbind_provider(house: &House, email: &EmailAddress) -> Result<(), FlowError> {
    house.store.write(|tx| {
        tx.account(email)?.ok_or(FlowError::NoAccount)?;
        if tx.unpin(email)? {
            house.note(tx, Act::PROVIDER_UNBOUND, email.expose(), "")?;
        }
        Ok(())
    })
}
