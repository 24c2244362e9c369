//! Staff accounts, sign-in links and sessions; of the secrets only hashes.

use diesel::prelude::*;

use crate::account::Account;
use crate::id::UnitSlug;
use crate::register::EmailAddress;
use crate::time::Moment;

use super::error::read;
use super::schema::{accounts, api_tokens, sessions, sign_in_links};
use super::{StorageError, Tx};

type Row = (String, String, Option<String>);

fn account((email, role, unit): Row) -> Result<Account, StorageError> {
    Ok(Account {
        email: read("an account's address", &email)?,
        role: read("an account's role", &role)?,
        unit: unit.map(|unit| read("an account's unit", &unit)).transpose()?,
    })
}

/// Whose a sign-in link is, and the hash of the browser in which alone it works.
pub type AccountOfLink = (Account, Option<Vec<u8>>);

impl Tx<'_> {
    /// Adds an account, or changes the role of one that exists. A change ends
    /// its sessions, links and tokens.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn put_account(&mut self, new: &Account) -> Result<(), StorageError> {
        self.remove_account(&new.email)?;
        diesel::insert_into(accounts::table)
            .values((
                accounts::email.eq(new.email.key()),
                accounts::role.eq(new.role.word()),
                accounts::unit_slug.eq(new.unit.as_ref().map(UnitSlug::as_str)),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Removes an account with its sessions, links and tokens; `false` if there was none.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn remove_account(&mut self, email: &EmailAddress) -> Result<bool, StorageError> {
        let key = email.key();
        diesel::delete(sessions::table.filter(sessions::email.eq(&key))).execute(self.conn)?;
        diesel::delete(sign_in_links::table.filter(sign_in_links::email.eq(&key)))
            .execute(self.conn)?;
        self.remove_api_tokens(email)?;
        Ok(diesel::delete(accounts::table.find(&key)).execute(self.conn)? == 1)
    }

    /// Every account, by address.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn accounts(&mut self) -> Result<Vec<Account>, StorageError> {
        let mut rows: Vec<Row> = accounts::table.load(self.conn)?;
        rows.sort();
        rows.into_iter().map(account).collect()
    }

    /// The account of this address.
    ///
    /// # Errors
    /// If the database refuses or the row cannot be read.
    pub fn account(&mut self, email: &EmailAddress) -> Result<Option<Account>, StorageError> {
        accounts::table
            .find(email.key())
            .get_result::<Row>(self.conn)
            .optional()?
            .map(account)
            .transpose()
    }

    /// Keeps the hash of a sign-in link, with that of the browser in which alone it
    /// works, if it does.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn insert_sign_in_link(
        &mut self,
        hash: &[u8; 32],
        email: &EmailAddress,
        expires: Moment,
        reusable: bool,
        browser: Option<&[u8; 32]>,
    ) -> Result<(), StorageError> {
        diesel::insert_into(sign_in_links::table)
            .values((
                sign_in_links::hash.eq(hash.as_slice()),
                sign_in_links::email.eq(email.key()),
                sign_in_links::expires_at.eq(expires.to_utc()),
                sign_in_links::reusable.eq(reusable),
                sign_in_links::browser.eq(browser.map(<[u8; 32]>::as_slice)),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Whose sign-in link this is, if it still works, and the hash of the browser
    /// in which alone it does, if there is one. Looking does not use it up.
    ///
    /// # Errors
    /// If the database refuses or the row cannot be read.
    pub fn account_of_link(
        &mut self,
        hash: &[u8; 32],
        now: Moment,
    ) -> Result<Option<AccountOfLink>, StorageError> {
        let columns = (accounts::email, accounts::role, accounts::unit_slug);
        sign_in_links::table
            .inner_join(accounts::table.on(accounts::email.eq(sign_in_links::email)))
            .filter(sign_in_links::hash.eq(hash.as_slice()))
            .filter(sign_in_links::expires_at.gt(now.to_utc()))
            .select((columns, sign_in_links::browser))
            .get_result::<(Row, Option<Vec<u8>>)>(self.conn)
            .optional()?
            .map(|(row, browser)| Ok((account(row)?, browser)))
            .transpose()
    }

    /// Uses a link up, unless it is one of a demonstration; `false` if somebody
    /// was faster.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn use_sign_in_link(&mut self, hash: &[u8; 32]) -> Result<bool, StorageError> {
        let link = || sign_in_links::table.filter(sign_in_links::hash.eq(hash.as_slice()));
        let used_up =
            diesel::delete(link().filter(sign_in_links::reusable.eq(false))).execute(self.conn)?;
        let left: i64 = link().count().get_result(self.conn)?;
        Ok(used_up == 1 || left == 1)
    }

    /// Keeps the hash of a session; sessions that ended are cleared away.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn insert_session(
        &mut self,
        hash: &[u8; 32],
        email: &EmailAddress,
        now: Moment,
        expires: Moment,
    ) -> Result<(), StorageError> {
        diesel::delete(sessions::table.filter(sessions::expires_at.le(now.to_utc())))
            .execute(self.conn)?;
        diesel::insert_into(sessions::table)
            .values((
                sessions::hash.eq(hash.as_slice()),
                sessions::email.eq(email.key()),
                sessions::expires_at.eq(expires.to_utc()),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Whose session this is, if it has not ended.
    ///
    /// # Errors
    /// If the database refuses or the row cannot be read.
    pub fn account_of_session(
        &mut self,
        hash: &[u8; 32],
        now: Moment,
    ) -> Result<Option<Account>, StorageError> {
        sessions::table
            .inner_join(accounts::table.on(accounts::email.eq(sessions::email)))
            .filter(sessions::hash.eq(hash.as_slice()))
            .filter(sessions::expires_at.gt(now.to_utc()))
            .select((accounts::email, accounts::role, accounts::unit_slug))
            .get_result::<Row>(self.conn)
            .optional()?
            .map(account)
            .transpose()
    }

    /// Ends a session.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn delete_session(&mut self, hash: &[u8; 32]) -> Result<(), StorageError> {
        diesel::delete(sessions::table.find(hash.as_slice())).execute(self.conn)?;
        Ok(())
    }

    /// Keeps the hash of a token by which programs read as this account.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn insert_api_token(
        &mut self,
        hash: &[u8; 32],
        email: &EmailAddress,
    ) -> Result<(), StorageError> {
        diesel::insert_into(api_tokens::table)
            .values((api_tokens::hash.eq(hash.as_slice()), api_tokens::email.eq(email.key())))
            .execute(self.conn)?;
        Ok(())
    }

    /// Removes the tokens of an account; says how many there were.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn remove_api_tokens(&mut self, email: &EmailAddress) -> Result<usize, StorageError> {
        let of = api_tokens::table.filter(api_tokens::email.eq(email.key()));
        Ok(diesel::delete(of).execute(self.conn)?)
    }

    /// Whose token this is, if anybody's.
    ///
    /// # Errors
    /// If the database refuses or the row cannot be read.
    pub fn account_of_api_token(
        &mut self,
        hash: &[u8; 32],
    ) -> Result<Option<Account>, StorageError> {
        api_tokens::table
            .inner_join(accounts::table.on(accounts::email.eq(api_tokens::email)))
            .filter(api_tokens::hash.eq(hash.as_slice()))
            .select((accounts::email, accounts::role, accounts::unit_slug))
            .get_result::<Row>(self.conn)
            .optional()?
            .map(account)
            .transpose()
    }
}
