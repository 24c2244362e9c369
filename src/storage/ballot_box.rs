//! Envelopes, ballots and comments: the answers' side of the border. No row
//! here has a time, and ballots and comments have no way back to a person.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::answer::Marks;
use crate::ballot_box::{Ballot, Comment, Counted, Envelope, LooseNumber, PublicKey};
use crate::definition::Survey;
use crate::id::{InvitationId, UnitSlug, WaveCode};

use super::error::{count_of, read, stored_count};
use super::invitation::Turnout;
use super::schema::{ballots, comments, envelopes, invitations, numbers, spoiled, turnout, waves};
use super::{StorageError, Tx};

impl Tx<'_> {
    /// Keeps the public half of a wave's key.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn set_public_key(&mut self, wave: &WaveCode, key: &PublicKey) -> Result<(), StorageError> {
        diesel::update(waves::table.find(wave.as_str()))
            .set(waves::public_key.eq(key.as_bytes().as_slice()))
            .execute(self.conn)?;
        Ok(())
    }

    /// The public half of a wave's key.
    ///
    /// # Errors
    /// If the wave has none.
    pub fn public_key(&mut self, wave: &WaveCode) -> Result<PublicKey, StorageError> {
        let bytes: Option<Vec<u8>> =
            waves::table.find(wave.as_str()).select(waves::public_key).get_result(self.conn)?;
        bytes
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
            .map(PublicKey::from_bytes)
            .ok_or_else(|| StorageError::Corrupt {
                what: "a wave's public key",
                why: "it is missing or has a wrong size".to_owned(),
            })
    }

    /// Puts an envelope into the box in the place of the one before.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn put_envelope(
        &mut self,
        invitation: &InvitationId,
        envelope: &Envelope,
    ) -> Result<(), StorageError> {
        let id = invitation.to_string();
        let changed = diesel::update(envelopes::table.find(&id))
            .set((
                envelopes::version.eq(envelopes::version + 1),
                envelopes::sealed.eq(envelope.as_bytes()),
            ))
            .execute(self.conn)?;
        if changed == 0 {
            self.attempt(|conn| {
                diesel::insert_into(envelopes::table)
                    .values((
                        envelopes::slot.eq(invitation.slot()),
                        envelopes::invitation_id.eq(id),
                        envelopes::version.eq(1),
                        envelopes::sealed.eq(envelope.as_bytes()),
                    ))
                    .execute(conn)
            })?;
        }
        Ok(())
    }

    /// Takes an envelope out again: the reply is withdrawn.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn delete_envelope(&mut self, invitation: &InvitationId) -> Result<(), StorageError> {
        diesel::delete(envelopes::table.find(invitation.to_string())).execute(self.conn)?;
        Ok(())
    }

    /// The sealed envelopes of a wave with the unit each counts for.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn envelopes(
        &mut self,
        wave: &WaveCode,
    ) -> Result<Vec<(InvitationId, UnitSlug, Envelope)>, StorageError> {
        let rows: Vec<(String, String, Vec<u8>)> = envelopes::table
            .inner_join(invitations::table.on(invitations::id.eq(envelopes::invitation_id)))
            .filter(invitations::wave_code.eq(wave.as_str()))
            .select((envelopes::invitation_id, invitations::unit_slug, envelopes::sealed))
            .load(self.conn)?;
        rows.into_iter()
            .map(|(id, unit, sealed)| {
                Ok((
                    read("an invitation's id", &id)?,
                    read("a unit's slug", &unit)?,
                    Envelope::from_bytes(sealed),
                ))
            })
            .collect()
    }

    /// Deletes the envelopes of a wave; says how many there were by unit.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn delete_envelopes(
        &mut self,
        wave: &WaveCode,
    ) -> Result<BTreeMap<UnitSlug, u32>, StorageError> {
        let units: Vec<String> = envelopes::table
            .inner_join(invitations::table.on(invitations::id.eq(envelopes::invitation_id)))
            .filter(invitations::wave_code.eq(wave.as_str()))
            .select(invitations::unit_slug)
            .load(self.conn)?;
        let of_wave = invitations::table
            .filter(invitations::wave_code.eq(wave.as_str()))
            .select(invitations::id);
        diesel::delete(envelopes::table.filter(envelopes::invitation_id.eq_any(of_wave)))
            .execute(self.conn)?;
        let mut counts = BTreeMap::new();
        for unit in units {
            *counts.entry(read("a unit's slug", &unit)?).or_default() += 1;
        }
        Ok(counts)
    }

    /// Puts in what a count gave, in the shuffled order it comes in.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn insert_counted(
        &mut self,
        wave: &WaveCode,
        counted: &Counted,
    ) -> Result<(), StorageError> {
        for Ballot { id, unit, marks } in &counted.ballots {
            diesel::insert_into(ballots::table)
                .values((
                    ballots::id.eq(id.to_string()),
                    ballots::wave_code.eq(wave.as_str()),
                    ballots::unit_slug.eq(unit.as_str()),
                    ballots::marks.eq(marks.as_bytes()),
                ))
                .execute(self.conn)?;
        }
        for Comment { id, item, words, quotable } in &counted.comments {
            diesel::insert_into(comments::table)
                .values((
                    comments::id.eq(id.to_string()),
                    comments::wave_code.eq(wave.as_str()),
                    comments::item_code.eq(item.as_str()),
                    comments::words.eq(words),
                    comments::quotable.eq(quotable),
                ))
                .execute(self.conn)?;
        }
        for LooseNumber { id, item, amount } in &counted.numbers {
            diesel::insert_into(numbers::table)
                .values((
                    numbers::id.eq(id.to_string()),
                    numbers::wave_code.eq(wave.as_str()),
                    numbers::item_code.eq(item.as_str()),
                    numbers::amount.eq(amount),
                ))
                .execute(self.conn)?;
        }
        for (unit, number) in &counted.spoiled {
            diesel::insert_into(spoiled::table)
                .values((
                    spoiled::wave_code.eq(wave.as_str()),
                    spoiled::unit_slug.eq(unit.as_str()),
                    spoiled::envelopes.eq(stored_count(*number)),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// The ballots of a wave, by their random ids.
    ///
    /// # Errors
    /// If the database refuses or a ballot does not fit the definition.
    pub fn ballots(
        &mut self,
        wave: &WaveCode,
        survey: &Survey,
    ) -> Result<Vec<Ballot>, StorageError> {
        let rows: Vec<(String, String, Vec<u8>)> = ballots::table
            .filter(ballots::wave_code.eq(wave.as_str()))
            .select((ballots::id, ballots::unit_slug, ballots::marks))
            .order(ballots::id)
            .load(self.conn)?;
        rows.into_iter()
            .map(|(id, unit, marks)| {
                Ok(Ballot {
                    id: read("a ballot's id", &id)?,
                    unit: read("a unit's slug", &unit)?,
                    marks: Marks::from_bytes(marks, survey).map_err(|why| {
                        StorageError::Corrupt { what: "a ballot", why: why.to_string() }
                    })?,
                })
            })
            .collect()
    }

    /// Keeps how many answered by unit.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn insert_turnout(
        &mut self,
        wave: &WaveCode,
        rows: &[Turnout],
    ) -> Result<(), StorageError> {
        for row in rows {
            diesel::insert_into(turnout::table)
                .values((
                    turnout::wave_code.eq(wave.as_str()),
                    turnout::unit_slug.eq(row.unit.as_str()),
                    turnout::invited.eq(stored_count(row.invited)),
                    turnout::answered.eq(stored_count(row.answered)),
                    turnout::groups_answering.eq(stored_count(row.groups)),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// Envelopes of a counted wave that gave no valid reply, by unit.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn spoiled(&mut self, wave: &WaveCode) -> Result<BTreeMap<UnitSlug, u32>, StorageError> {
        let rows: Vec<(String, i32)> = spoiled::table
            .filter(spoiled::wave_code.eq(wave.as_str()))
            .select((spoiled::unit_slug, spoiled::envelopes))
            .load(self.conn)?;
        rows.into_iter()
            .map(|(unit, number)| {
                Ok((read("a unit's slug", &unit)?, count_of("a number of envelopes", number)?))
            })
            .collect()
    }

    /// How many answered by unit in a counted wave.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn turnout(&mut self, wave: &WaveCode) -> Result<Vec<Turnout>, StorageError> {
        let rows: Vec<(String, i32, i32, i32)> = turnout::table
            .filter(turnout::wave_code.eq(wave.as_str()))
            .select((
                turnout::unit_slug,
                turnout::invited,
                turnout::answered,
                turnout::groups_answering,
            ))
            .load(self.conn)?;
        let mut all = rows
            .into_iter()
            .map(|(unit, invited, answered, groups)| {
                Ok(Turnout {
                    unit: read("a unit's slug", &unit)?,
                    invited: count_of("a turnout", invited)?,
                    answered: count_of("a turnout", answered)?,
                    groups: count_of("a turnout", groups)?,
                })
            })
            .collect::<Result<Vec<_>, StorageError>>()?;
        all.sort();
        Ok(all)
    }
}
