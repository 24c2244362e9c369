//! Deputies of leads, and links that open nothing any more: the people's side of
//! the border.

use diesel::prelude::*;

use crate::id::{InvitationId, WaveCode};
use crate::invitation::{Deputy, TokenHash};
use crate::register::EmailAddress;

use super::error::read;
use super::invitation::generation_of;
use super::schema::{deputies, invitations, spent_links};
use super::{StorageError, Tx};

impl Tx<'_> {
    /// Keeps the deputy of an invitation and the hash of their link, of which the
    /// generation is used up for good.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if the invitation has a deputy.
    pub fn insert_deputy(
        &mut self,
        id: &InvitationId,
        deputy: &Deputy,
        hash: &TokenHash,
    ) -> Result<(), StorageError> {
        self.attempt(|conn| {
            diesel::insert_into(deputies::table)
                .values((
                    deputies::invitation_id.eq(id.to_string()),
                    deputies::generation.eq(i32::from(deputy.generation)),
                    deputies::token_hash.eq(hash.as_bytes().as_slice()),
                    deputies::name.eq(deputy.name.expose()),
                    deputies::email.eq(deputy.email.expose()),
                    deputies::email_key.eq(deputy.email.key()),
                ))
                .execute(conn)
        })?;
        diesel::update(invitations::table.find(id.to_string()))
            .set(invitations::last_generation.eq(i32::from(deputy.generation)))
            .execute(self.conn)?;
        Ok(())
    }

    /// Forgets the deputy of an invitation; of their link it stays known that it
    /// is spent, and not whose it was.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn delete_deputy(
        &mut self,
        wave: &WaveCode,
        id: &InvitationId,
    ) -> Result<(), StorageError> {
        let theirs = deputies::table.find(id.to_string());
        let hashes = theirs.clone().select(deputies::token_hash).load(self.conn)?;
        self.spend_links(wave, hashes)?;
        diesel::delete(theirs).execute(self.conn)?;
        Ok(())
    }

    /// Forgets every deputy of a wave.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn delete_deputies(&mut self, wave: &WaveCode) -> Result<(), StorageError> {
        let of_wave = invitations::table
            .filter(invitations::wave_code.eq(wave.as_str()))
            .select(invitations::id);
        let theirs = deputies::table.filter(deputies::invitation_id.eq_any(of_wave));
        let hashes = theirs.select(deputies::token_hash).load(self.conn)?;
        self.spend_links(wave, hashes)?;
        diesel::delete(theirs).execute(self.conn)?;
        Ok(())
    }

    /// Keeps the hashes of links that open nothing any more, in their own order.
    /// Gives an invitation another address and its lead another link; the one
    /// before opens nothing any more.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn readdress_invitation(
        &mut self,
        wave: &WaveCode,
        id: &InvitationId,
        email: &EmailAddress,
        (generation, hash): (u16, &TokenHash),
    ) -> Result<(), StorageError> {
        let theirs = invitations::table.find(id.to_string());
        let hashes = theirs.clone().select(invitations::token_hash).load(self.conn)?;
        self.spend_links(wave, hashes)?;
        diesel::update(theirs)
            .set((
                invitations::lead_email.eq(email.expose()),
                invitations::email_key.eq(email.key()),
                invitations::generation.eq(i32::from(generation)),
                invitations::last_generation.eq(i32::from(generation)),
                invitations::token_hash.eq(hash.as_bytes().as_slice()),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    fn spend_links(
        &mut self,
        wave: &WaveCode,
        mut hashes: Vec<Vec<u8>>,
    ) -> Result<(), StorageError> {
        hashes.sort();
        for hash in hashes {
            diesel::insert_into(spent_links::table)
                .values((
                    spent_links::token_hash.eq(hash),
                    spent_links::wave_code.eq(wave.as_str()),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// The wave of a link that opens nothing any more; none if it never was one.
    ///
    /// # Errors
    /// If the database refuses or the row cannot be read.
    pub fn wave_of_spent_link(
        &mut self,
        hash: &TokenHash,
    ) -> Result<Option<WaveCode>, StorageError> {
        let code: Option<String> = spent_links::table
            .find(hash.as_bytes().as_slice())
            .select(spent_links::wave_code)
            .get_result(self.conn)
            .optional()?;
        code.map(|code| read("a wave's code", &code)).transpose()
    }

    /// The links that an address holds in a wave, as its lead or as a deputy, in
    /// the order of the invitations.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn links_of_address(
        &mut self,
        wave: &WaveCode,
        address: &EmailAddress,
    ) -> Result<Vec<(InvitationId, u16)>, StorageError> {
        let key = address.key();
        let mut rows: Vec<(String, i32)> = invitations::table
            .filter(invitations::email_key.eq(&key))
            .filter(invitations::wave_code.eq(wave.as_str()))
            .select((invitations::id, invitations::generation))
            .load(self.conn)?;
        let deputies: Vec<(String, i32)> = deputies::table
            .inner_join(invitations::table.on(invitations::id.eq(deputies::invitation_id)))
            .filter(deputies::email_key.eq(&key))
            .filter(invitations::wave_code.eq(wave.as_str()))
            .select((deputies::invitation_id, deputies::generation))
            .load(self.conn)?;
        rows.extend(deputies);
        rows.sort();
        rows.into_iter()
            .map(|(id, generation)| {
                Ok((read("an invitation's id", &id)?, generation_of(generation)?))
            })
            .collect()
    }
}
