//! Programs read published results with a token that belongs to an account:
//! it opens what the account may read, and goes when the account goes or its
//! role changes.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::account::Account;
use crate::register::EmailAddress;
use crate::trail::Act;

use super::{FlowError, House};

/// What a token begins with, so that one that got into the wrong place is known for
/// what it is.
const PREFIX: &str = "soundings_";

/// The secret of a program; only its hash is stored.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct ApiToken([u8; 32]);

/// A text that is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a token")]
pub struct NotAToken;

impl ApiToken {
    fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    fn expose(&self) -> String {
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl FromStr for ApiToken {
    type Err = NotAToken;
    fn from_str(text: &str) -> Result<Self, NotAToken> {
        let secret = text.strip_prefix(PREFIX).ok_or(NotAToken)?;
        let mut bytes = [0; 32];
        match URL_SAFE_NO_PAD.decode_slice(secret, &mut bytes) {
            Ok(32) => Ok(Self(bytes)),
            _ => Err(NotAToken),
        }
    }
}

impl fmt::Debug for ApiToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiToken(…)")
    }
}

/// Makes a token for an account; it is told once and stored nowhere.
///
/// # Errors
/// If there is no such account.
pub fn issue_api_token(house: &House, email: &EmailAddress) -> Result<String, FlowError> {
    let token = ApiToken(house.chance.bytes());
    house.store.write(|tx| {
        tx.account(email)?.ok_or(FlowError::NoAccount)?;
        tx.insert_api_token(&token.hash(), email)?;
        Ok::<_, FlowError>(house.note(tx, Act::API_TOKEN_MADE, email.expose(), "")?)
    })?;
    Ok(token.expose())
}

/// Ends every token of an account; says how many there were.
///
/// # Errors
/// If there is no such account.
pub fn revoke_api_tokens(house: &House, email: &EmailAddress) -> Result<usize, FlowError> {
    house.store.write(|tx| {
        tx.account(email)?.ok_or(FlowError::NoAccount)?;
        let ended = tx.remove_api_tokens(email)?;
        house.note(tx, Act::API_TOKENS_REVOKED, email.expose(), &ended.to_string())?;
        Ok(ended)
    })
}

/// The account that a program reads as, if the token is anybody's.
///
/// # Errors
/// If the database fails.
pub fn account_of_token(house: &House, token: &ApiToken) -> Result<Option<Account>, FlowError> {
    Ok(house.store.look(|tx| tx.account_of_api_token(&token.hash()))?)
}
