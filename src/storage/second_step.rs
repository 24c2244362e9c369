//! The second step of a sign-in, and the account at an identity provider that opens
//! an account here. The secret comes sealed and of codes there are only hashes.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::register::EmailAddress;
use crate::time::Moment;

use super::error::read;
use super::schema::{provider_pins, recovery_codes, second_steps};
use super::{StorageError, Tx};

/// The second step of an account.
#[derive(Clone, PartialEq, Eq)]
pub struct SecondStep {
    /// The secret, sealed.
    pub sealed: Vec<u8>,
    /// Whether a code has shown that the app has it; only then it is asked for.
    pub confirmed: bool,
    /// The last time step of which a code was used.
    pub last_step: i64,
    /// When the last wrong codes came, the oldest first.
    pub wrong: Vec<Moment>,
}

/// The account at an identity provider that opens an account here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// The provider.
    pub issuer: String,
    /// What it calls the person, for ever.
    pub subject: String,
    /// The last day on which another one with the same address was refused.
    pub refused_on: Option<NaiveDate>,
}

fn as_text(wrong: &[Moment]) -> String {
    wrong.iter().map(|at| at.rfc3339()).collect::<Vec<_>>().join(" ")
}

impl Tx<'_> {
    /// The second step of an account, confirmed or not.
    ///
    /// # Errors
    /// If the database refuses or the row cannot be read.
    pub fn second_step(
        &mut self,
        email: &EmailAddress,
    ) -> Result<Option<SecondStep>, StorageError> {
        let row: Option<(Vec<u8>, bool, i64, String)> = second_steps::table
            .find(email.key())
            .select((
                second_steps::sealed,
                second_steps::confirmed,
                second_steps::last_step,
                second_steps::wrong_at,
            ))
            .get_result(self.conn)
            .optional()?;
        let Some((sealed, confirmed, last_step, wrong_at)) = row else { return Ok(None) };
        let wrong = wrong_at.split_whitespace().map(|at| read("the time of a wrong code", at));
        let wrong = wrong.collect::<Result<_, _>>()?;
        Ok(Some(SecondStep { sealed, confirmed, last_step, wrong }))
    }

    /// The keys of the addresses of all accounts that have a second step.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn second_steps(&mut self) -> Result<HashSet<String>, StorageError> {
        let of: Vec<String> = second_steps::table
            .filter(second_steps::confirmed.eq(true))
            .select(second_steps::email)
            .load(self.conn)?;
        Ok(of.into_iter().collect())
    }

    /// Keeps a new second step that is not confirmed, in the place of any before.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if another was begun at this moment.
    pub fn begin_second_step(
        &mut self,
        email: &EmailAddress,
        sealed: &[u8],
    ) -> Result<(), StorageError> {
        self.remove_second_step(email)?;
        self.attempt(|conn| {
            diesel::insert_into(second_steps::table)
                .values((
                    second_steps::email.eq(email.key()),
                    second_steps::sealed.eq(sealed),
                    second_steps::confirmed.eq(false),
                    second_steps::last_step.eq(0),
                    second_steps::wrong_at.eq(""),
                ))
                .execute(conn)
        })?;
        Ok(())
    }

    /// Changes a second step from what it was; `false` if it is not that any more.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn move_second_step(
        &mut self,
        email: &EmailAddress,
        from: &SecondStep,
        to: &SecondStep,
    ) -> Result<bool, StorageError> {
        let unchanged = second_steps::table
            .filter(second_steps::email.eq(email.key()))
            .filter(second_steps::sealed.eq(&from.sealed))
            .filter(second_steps::last_step.eq(from.last_step))
            .filter(second_steps::wrong_at.eq(as_text(&from.wrong)));
        let moved = diesel::update(unchanged)
            .set((
                second_steps::confirmed.eq(to.confirmed),
                second_steps::last_step.eq(to.last_step),
                second_steps::wrong_at.eq(as_text(&to.wrong)),
            ))
            .execute(self.conn)?;
        Ok(moved == 1)
    }

    /// Removes a second step with its recovery codes; `false` if there was none.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn remove_second_step(&mut self, email: &EmailAddress) -> Result<bool, StorageError> {
        let key = email.key();
        diesel::delete(recovery_codes::table.filter(recovery_codes::email.eq(&key)))
            .execute(self.conn)?;
        Ok(diesel::delete(second_steps::table.find(&key)).execute(self.conn)? == 1)
    }

    /// Keeps the hashes of recovery codes.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn put_recovery_codes(
        &mut self,
        email: &EmailAddress,
        hashes: &[[u8; 32]],
    ) -> Result<(), StorageError> {
        for hash in hashes {
            diesel::insert_into(recovery_codes::table)
                .values((
                    recovery_codes::email.eq(email.key()),
                    recovery_codes::hash.eq(hash.as_slice()),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// Uses a recovery code up; `false` if there is none of this hash.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn use_recovery_code(
        &mut self,
        email: &EmailAddress,
        hash: &[u8; 32],
    ) -> Result<bool, StorageError> {
        let code = recovery_codes::table.find((email.key(), hash.as_slice()));
        Ok(diesel::delete(code).execute(self.conn)? == 1)
    }

    /// How many recovery codes an account has left.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn recovery_codes_left(&mut self, email: &EmailAddress) -> Result<usize, StorageError> {
        let of = recovery_codes::table.filter(recovery_codes::email.eq(email.key()));
        let left: i64 = of.count().get_result(self.conn)?;
        Ok(usize::try_from(left).unwrap_or(0))
    }

    /// Which account at an identity provider opens this one.
    ///
    /// # Errors
    /// If the database refuses or the row cannot be read.
    pub fn pin(&mut self, email: &EmailAddress) -> Result<Option<Pin>, StorageError> {
        let row: Option<PinRow> =
            provider_pins::table.find(email.key()).get_result(self.conn).optional()?;
        row.map(|row| Ok(pin(row)?.1)).transpose()
    }

    /// All of them, by the key of the address.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn pins(&mut self) -> Result<HashMap<String, Pin>, StorageError> {
        let rows: Vec<PinRow> = provider_pins::table.load(self.conn)?;
        rows.into_iter().map(pin).collect()
    }

    /// Keeps which account at an identity provider opens this one.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if one does already.
    pub fn put_pin(
        &mut self,
        email: &EmailAddress,
        issuer: &str,
        subject: &str,
    ) -> Result<(), StorageError> {
        self.attempt(|conn| {
            diesel::insert_into(provider_pins::table)
                .values((
                    provider_pins::email.eq(email.key()),
                    provider_pins::issuer.eq(issuer),
                    provider_pins::subject.eq(subject),
                ))
                .execute(conn)
        })?;
        Ok(())
    }

    /// Keeps the day on which another account at the provider was refused.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn note_refused_pin(
        &mut self,
        email: &EmailAddress,
        day: NaiveDate,
    ) -> Result<(), StorageError> {
        diesel::update(provider_pins::table.find(email.key()))
            .set(provider_pins::refused_on.eq(day.to_string()))
            .execute(self.conn)?;
        Ok(())
    }

    /// Forgets which account at an identity provider opens this one; `false` if none
    /// did.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn unpin(&mut self, email: &EmailAddress) -> Result<bool, StorageError> {
        Ok(diesel::delete(provider_pins::table.find(email.key())).execute(self.conn)? == 1)
    }
}

type PinRow = (String, String, String, Option<String>);

fn pin((email, issuer, subject, refused): PinRow) -> Result<(String, Pin), StorageError> {
    let refused_on = refused.map(|day| read("the day of a refusal", &day)).transpose()?;
    Ok((email, Pin { issuer, subject, refused_on }))
}
