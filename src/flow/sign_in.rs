//! Staff sign in with a link and no password: the link is printed by the
//! command line, or mailed to the address of an account and then good for one
//! browser only. It is used up by a deliberate press.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::account::Account;
use crate::id::MailId;
use crate::keyring::Derived;
use crate::ledger::{NewMail, Recipient};
use crate::letter::MailKind;
use crate::register::EmailAddress;
use crate::storage::Tx;
use crate::time::Moment;

use super::session::{Begun, Person, enter, person};
use super::{FlowError, House};

/// The secret of a sign-in link or of a session; only its hash is stored.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SessionSecret([u8; 32]);

/// A text that is no such secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a sign-in secret")]
pub struct NotASecret;

impl SessionSecret {
    /// A new one.
    pub(super) fn random(house: &House) -> Self {
        Self(house.chance.bytes())
    }

    /// The text for the link or the cookie alone.
    #[must_use]
    pub fn expose(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// What is kept of it.
    pub(super) fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0).into()
    }

    /// What every form of this session carries: only the session's own pages know it.
    #[must_use]
    pub fn form_token(&self) -> String {
        let made = Sha256::new_with_prefix(b"soundings form 1").chain_update(self.0).finalize();
        URL_SAFE_NO_PAD.encode(made)
    }

    /// Whether a form that carries this token was made for this session.
    #[must_use]
    pub fn made(&self, token: &str) -> bool {
        let ours = self.form_token();
        // In the same time wherever they differ.
        ours.len() == token.len()
            && ours.bytes().zip(token.bytes()).fold(0, |all, (a, b)| all | (a ^ b)) == 0
    }
}

impl FromStr for SessionSecret {
    type Err = NotASecret;
    fn from_str(text: &str) -> Result<Self, NotASecret> {
        let mut bytes = [0; 32];
        match URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) {
            Ok(32) => Ok(Self(bytes)),
            _ => Err(NotASecret),
        }
    }
}

impl fmt::Debug for SessionSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionSecret(…)")
    }
}

/// Makes a sign-in link for an account; it works for a day, and once unless
/// it is for a demonstration.
///
/// # Errors
/// If there is no such account.
pub fn issue_sign_in_link(
    house: &House,
    email: &EmailAddress,
    reusable: bool,
) -> Result<String, FlowError> {
    let secret = SessionSecret::random(house);
    let expires = house.now().plus_days(1);
    house.store.write(|tx| {
        tx.account(email)?.ok_or(FlowError::NoAccount)?;
        Ok::<_, FlowError>(tx.insert_sign_in_link(
            &secret.hash(),
            email,
            expires,
            reusable,
            None,
        )?)
    })?;
    Ok(format!("{}/sign-in/{}", house.settings.base_url, secret.expose()))
}

/// How long a link that was mailed works, in minutes.
pub const SIGN_IN_MINUTES: i64 = 10;
/// One address gets at most one such mail in so many seconds, whoever asks.
const SIGN_IN_PAUSE: i64 = 120;

/// The secret of the sign-in link in a mail: made from the mail's id, so that it
/// is nowhere at rest.
pub(super) fn mailed_secret(house: &House, mail: &MailId) -> SessionSecret {
    let key = house.keyring.derived(Derived::SignInLinks);
    let made = Sha256::new()
        .chain_update(b"soundings sign-in 1")
        .chain_update(*key)
        .chain_update(mail.as_bytes())
        .finalize();
    SessionSecret(made.into())
}

/// A new secret for a browser that asks for a sign-in link. One that asked before
/// keeps the one it has, so that the link on its way still works in it.
#[must_use]
pub fn browser_secret(house: &House) -> SessionSecret {
    SessionSecret::random(house)
}

/// Sends a sign-in link to an address if it has an account, and tells nobody
/// whether it has. The link works only in the browser that holds this secret.
///
/// # Errors
/// If the database fails.
pub fn ask_to_sign_in(
    house: &House,
    email: &EmailAddress,
    browser: &SessionSecret,
) -> Result<(), FlowError> {
    let now = house.now();
    house.store.write(|tx| {
        let recipient = Recipient::Account(email.clone());
        let (round, due) = tx.newest_mail(&recipient, MailKind::SignIn, None)?;
        let known = tx.account(email)?.is_some();
        if !known || due.is_some_and(|due| due.plus_seconds(SIGN_IN_PAUSE) > now) {
            return Ok::<_, FlowError>(());
        }
        let id = MailId::random(&house.chance);
        let link = mailed_secret(house, &id);
        let expires = now.plus_seconds(SIGN_IN_MINUTES * 60);
        tx.insert_sign_in_link(&link.hash(), email, expires, false, Some(&browser.hash()))?;
        let kind = MailKind::SignIn;
        let round = round.saturating_add(1);
        Ok(tx.insert_mail(&NewMail {
            id,
            recipient,
            wave: None,
            kind,
            round,
            generation: None,
            due: now,
        })?)
    })
}

/// Whose link this is; looking does not use it up. `browser` is what the browser
/// that asks has kept, if anything.
///
/// # Errors
/// If it does not work any more, or not in this browser.
pub fn person_of_link(
    house: &House,
    link: &SessionSecret,
    browser: Option<&SessionSecret>,
) -> Result<Person, FlowError> {
    let now = house.now();
    house.store.read(|tx| {
        let account = account_of_link(tx, link, browser, now)?;
        Ok(person(house, tx, account)?)
    })
}

fn account_of_link(
    tx: &mut Tx<'_>,
    link: &SessionSecret,
    browser: Option<&SessionSecret>,
    now: Moment,
) -> Result<Account, FlowError> {
    let (account, wanted) = tx.account_of_link(&link.hash(), now)?.ok_or(FlowError::DeadSignIn)?;
    match wanted {
        Some(wanted) if browser.is_none_or(|one| one.hash().as_slice() != wanted) => {
            Err(FlowError::OtherBrowser)
        }
        _ => Ok(account),
    }
}

/// Uses a link up and begins a session, which waits for a code if the account has a
/// second step.
///
/// # Errors
/// If the link does not work any more, or not in this browser.
pub fn begin_session(
    house: &House,
    link: &SessionSecret,
    browser: Option<&SessionSecret>,
) -> Result<Begun, FlowError> {
    let now = house.now();
    house.store.write(|tx| {
        let account = account_of_link(tx, link, browser, now)?;
        if !tx.use_sign_in_link(&link.hash())? {
            return Err(FlowError::DeadSignIn);
        }
        Ok(enter(house, tx, account)?)
    })
}
