//! Staff accounts, sign-in links and tokens of programs; of the secrets only hashes.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::account::{Account, Role};
use crate::id::UnitSlug;
use crate::register::EmailAddress;
use crate::time::Moment;

use super::error::read;
use super::schema::{accounts, api_tokens, sign_in_links};
use super::{StorageError, Tx};

pub(super) type Row = (String, String, Option<String>);
type Columns = (accounts::email, accounts::role, accounts::unit_slug);

pub(super) const COLUMNS: Columns = (accounts::email, accounts::role, accounts::unit_slug);

pub(super) fn account((email, role, unit): Row) -> Result<Account, StorageError> {
    Ok(Account {
        email: read("an account's address", &email)?,
        role: read("an account's role", &role)?,
        unit: unit.map(|unit| read("an account's unit", &unit)).transpose()?,
    })
}

/// How often each stands in a list.
pub(super) fn counted(all: Vec<String>) -> HashMap<String, usize> {
    let mut counts = HashMap::new();
    for one in all {
        *counts.entry(one).or_default() += 1;
    }
    counts
}

/// Whose a sign-in link is, and the hash of the browser in which alone it works.
pub type AccountOfLink = (Account, Option<Vec<u8>>);

impl Tx<'_> {
    /// Adds an account, or changes the role and unit of one that exists. A change
    /// ends its sessions, links and tokens; its second step stays.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn put_account(&mut self, new: &Account) -> Result<(), StorageError> {
        let (key, role) = (new.email.key(), new.role.word());
        let unit = new.unit.as_ref().map(UnitSlug::as_str);
        match self.account(&new.email)? {
            Some(same) if same.role == new.role && same.unit == new.unit => {}
            Some(_) => {
                self.end_ways_in(&new.email)?;
                diesel::update(accounts::table.find(&key))
                    .set((accounts::role.eq(role), accounts::unit_slug.eq(unit)))
                    .execute(self.conn)?;
            }
            None => {
                self.attempt(|conn| {
                    diesel::insert_into(accounts::table)
                        .values((
                            accounts::email.eq(key),
                            accounts::role.eq(role),
                            accounts::unit_slug.eq(unit),
                        ))
                        .execute(conn)
                })?;
            }
        }
        Ok(())
    }

    /// Ends the sessions, links and tokens of an account.
    fn end_ways_in(&mut self, email: &EmailAddress) -> Result<(), StorageError> {
        self.delete_sessions_of(email)?;
        diesel::delete(sign_in_links::table.filter(sign_in_links::email.eq(email.key())))
            .execute(self.conn)?;
        self.remove_api_tokens(email)?;
        Ok(())
    }

    /// Removes an account with its sessions, links and tokens; `false` if there was none.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn remove_account(&mut self, email: &EmailAddress) -> Result<bool, StorageError> {
        let key = email.key();
        self.end_ways_in(email)?;
        self.remove_second_step(email)?;
        self.unpin(email)?;
        Ok(diesel::delete(accounts::table.find(&key)).execute(self.conn)? == 1)
    }

    /// Holds every account of an administrator until the transaction ends, and says
    /// how many there are.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn hold_administrators(&mut self) -> Result<usize, StorageError> {
        let office = accounts::role.eq(Role::Office.word());
        // Writing the same takes the locks that both databases know.
        Ok(diesel::update(accounts::table.filter(office)).set(office).execute(self.conn)?)
    }

    /// Every account, by address.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn accounts(&mut self) -> Result<Vec<Account>, StorageError> {
        let mut rows: Vec<Row> = accounts::table.select(COLUMNS).load(self.conn)?;
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
            .select(COLUMNS)
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
        sign_in_links::table
            .inner_join(accounts::table.on(accounts::email.eq(sign_in_links::email)))
            .filter(sign_in_links::hash.eq(hash.as_slice()))
            .filter(sign_in_links::expires_at.gt(now.to_utc()))
            .select((COLUMNS, sign_in_links::browser))
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

    /// How many tokens each account has, by the key of its address.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn api_tokens(&mut self) -> Result<HashMap<String, usize>, StorageError> {
        let of: Vec<String> = api_tokens::table.select(api_tokens::email).load(self.conn)?;
        Ok(counted(of))
    }

    /// The day of the last sign-in of each account that had one, by the key of its
    /// address.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn last_sign_ins(&mut self) -> Result<HashMap<String, NaiveDate>, StorageError> {
        let rows: Vec<(String, Option<String>)> =
            accounts::table.select((accounts::email, accounts::last_sign_in)).load(self.conn)?;
        let days = rows.into_iter().filter_map(|(email, day)| Some((email, day?)));
        days.map(|(email, day)| Ok((email, read("the day of a sign-in", &day)?))).collect()
    }

    /// Notes the day of a sign-in.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn note_sign_in(
        &mut self,
        email: &EmailAddress,
        day: NaiveDate,
    ) -> Result<(), StorageError> {
        diesel::update(accounts::table.find(email.key()))
            .set(accounts::last_sign_in.eq(day.to_string()))
            .execute(self.conn)?;
        Ok(())
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
            .select(COLUMNS)
            .get_result::<Row>(self.conn)
            .optional()?
            .map(account)
            .transpose()
    }
}
