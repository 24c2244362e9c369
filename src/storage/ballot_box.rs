//! Envelopes, ballots and comments: the answers' side of the border. No row
//! here has a time, and ballots and comments have no way back to a person.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::answer::Marks;
use crate::ballot_box::{
    Admission, Ballot, ClosingRecord, Comment, Counted, Envelope, LooseNumber, Place, PublicKey,
    Receipt,
};
use crate::definition::Survey;
use crate::id::{BallotId, UnitSlug, WaveCode};

use super::backend::{Bind, Kept};
use super::error::{count_of, read, stored_count};
use super::invitation::Turnout;
use super::schema::{
    ballots, closing_records, comments, envelopes, invitations, numbers, receipts, releases,
    spoiled, turnout, waves,
};
use super::{StorageError, Tx, backend};

/// Envelopes are large: so many are in memory at once.
const A_FEW: i64 = 256;
/// Ballots that are held at once; each is some fifty bytes.
const A_FEW_BALLOTS: i64 = 4096;

/// Id, unit and marks.
type BallotRow = (String, String, Vec<u8>);

/// A ballot to put in.
#[derive(Clone, Copy)]
pub struct Loose<'b> {
    /// Its random id.
    pub id: &'b BallotId,
    /// The unit it counts for.
    pub unit: &'b UnitSlug,
    /// The options chosen.
    pub marks: &'b [u8],
}

impl<'b> From<&'b Ballot> for Loose<'b> {
    fn from(Ballot { id, unit, marks }: &'b Ballot) -> Self {
        Self { id, unit, marks: marks.as_bytes() }
    }
}

fn ballot((id, unit, marks): BallotRow, survey: &Survey) -> Result<Ballot, StorageError> {
    Ok(Ballot {
        id: read("a ballot's id", &id)?,
        unit: read("a unit's slug", &unit)?,
        marks: Marks::from_bytes(marks, survey)
            .map_err(|why| StorageError::Corrupt { what: "a ballot", why: why.to_string() })?,
    })
}

/// Names the statement of putting an envelope into the box.
struct PutEnvelope;

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
        let found = waves::table.find(wave.as_str()).select(waves::public_key);
        backend::directly!(self.conn, conn => found.get_result::<Option<Vec<u8>>>(conn))?
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
        admission: &Admission,
        envelope: &Envelope,
    ) -> Result<(), StorageError> {
        let slot = admission.place().slot();
        let put = Kept::<PutEnvelope, 2>::new(
            &[
                "INSERT INTO envelopes (slot, version, sealed) VALUES (",
                ", 1, ",
                ") ON CONFLICT (slot) \
                 DO UPDATE SET version = envelopes.version + 1, sealed = excluded.sealed",
            ],
            [Bind::Number(slot), Bind::Bytes(envelope.as_bytes())],
        );
        backend::directly!(self.conn, conn => put.execute(conn))?;
        Ok(())
    }

    /// The envelope in a place, if there is one.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn envelope(&mut self, place: &Place) -> Result<Option<Envelope>, StorageError> {
        let found = envelopes::table.find(place.slot()).select(envelopes::sealed);
        let sealed = backend::directly!(self.conn, conn => found.get_result::<Vec<u8>>(conn));
        Ok(sealed.optional()?.map(Envelope::from_bytes))
    }

    /// Takes an envelope out again: the reply is withdrawn.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn delete_envelope(&mut self, place: &Place) -> Result<(), StorageError> {
        diesel::delete(envelopes::table.find(place.slot())).execute(self.conn)?;
        Ok(())
    }

    /// Shows each sealed envelope of a wave with the unit it counts for, in the order
    /// of the places, a few at a time in memory.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn each_envelope(
        &mut self,
        wave: &WaveCode,
        mut see: impl FnMut(Place, UnitSlug, Envelope),
    ) -> Result<(), StorageError> {
        let mut last = -1;
        loop {
            let rows: Vec<(i64, Vec<u8>)> = envelopes::table
                .filter(envelopes::slot.gt(last))
                .order(envelopes::slot)
                .limit(A_FEW)
                .select((envelopes::slot, envelopes::sealed))
                .load(self.conn)?;
            let Some((newest, _)) = rows.last() else { return Ok(()) };
            last = *newest;
            // By itself: joined, the whole roster would be sorted for each few.
            let slots: Vec<i64> = rows.iter().map(|(slot, _)| *slot).collect();
            let of_wave: Vec<(i64, (String, String))> = invitations::table
                .filter(invitations::slot.eq_any(slots))
                .filter(invitations::wave_code.eq(wave.as_str()))
                .select((invitations::slot, (invitations::id, invitations::unit_slug)))
                .load(self.conn)?;
            let mut of_wave: BTreeMap<_, _> = of_wave.into_iter().collect();
            for (slot, sealed) in rows {
                let Some((place, unit)) = of_wave.remove(&slot) else { continue };
                let place = read("a place in the box", &place)?;
                see(place, read("a unit's slug", &unit)?, Envelope::from_bytes(sealed));
            }
        }
    }

    /// How many envelopes of a wave there are by unit.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn envelope_counts(
        &mut self,
        wave: &WaveCode,
    ) -> Result<BTreeMap<UnitSlug, u32>, StorageError> {
        let units: Vec<String> = envelopes::table
            .inner_join(invitations::table.on(invitations::slot.eq(envelopes::slot)))
            .filter(invitations::wave_code.eq(wave.as_str()))
            .select(invitations::unit_slug)
            .load(self.conn)?;
        let mut counts = BTreeMap::new();
        for unit in units {
            *counts.entry(read("a unit's slug", &unit)?).or_default() += 1;
        }
        Ok(counts)
    }

    /// Deletes the envelopes of a wave.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn delete_envelopes(&mut self, wave: &WaveCode) -> Result<(), StorageError> {
        let of_wave = invitations::table
            .filter(invitations::wave_code.eq(wave.as_str()))
            .select(invitations::slot);
        diesel::delete(envelopes::table.filter(envelopes::slot.eq_any(of_wave)))
            .execute(self.conn)?;
        Ok(())
    }

    /// Publishes the receipts of a wave, in the order of their digits.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn insert_receipts(
        &mut self,
        wave: &WaveCode,
        list: &[Receipt],
    ) -> Result<(), StorageError> {
        let mut sorted = list.to_vec();
        sorted.sort_unstable();
        for receipt in sorted {
            diesel::insert_into(receipts::table)
                .values((
                    receipts::wave_code.eq(wave.as_str()),
                    receipts::receipt.eq(receipt.as_bytes().as_slice()),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// The receipts that were published when a wave closed, sorted.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn receipts(&mut self, wave: &WaveCode) -> Result<Vec<Receipt>, StorageError> {
        let rows: Vec<Vec<u8>> = receipts::table
            .filter(receipts::wave_code.eq(wave.as_str()))
            .select(receipts::receipt)
            .load(self.conn)?;
        let mut list = rows
            .into_iter()
            .map(|bytes| {
                <[u8; 32]>::try_from(bytes).map(Receipt::from_bytes).map_err(|_| {
                    StorageError::Corrupt { what: "a receipt", why: "its size is wrong".to_owned() }
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        list.sort_unstable();
        Ok(list)
    }

    /// Keeps how a wave was closed, in the place of what was known before.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn put_closing_record(&mut self, record: &ClosingRecord) -> Result<(), StorageError> {
        let text = serde_json::to_string(record).map_err(|error| StorageError::Corrupt {
            what: "a closing record",
            why: error.to_string(),
        })?;
        let wave = record.wave.as_str();
        let changed = diesel::update(closing_records::table.find(wave))
            .set(closing_records::record.eq(&text))
            .execute(self.conn)?;
        if changed == 0 {
            diesel::insert_into(closing_records::table)
                .values((closing_records::wave_code.eq(wave), closing_records::record.eq(&text)))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// How a wave was closed; none before it was counted.
    ///
    /// # Errors
    /// If the database refuses or the record cannot be read.
    pub fn closing_record(
        &mut self,
        wave: &WaveCode,
    ) -> Result<Option<ClosingRecord>, StorageError> {
        let text: Option<String> = closing_records::table
            .find(wave.as_str())
            .select(closing_records::record)
            .get_result(self.conn)
            .optional()?;
        text.map(|text| {
            serde_json::from_str(&text).map_err(|error| StorageError::Corrupt {
                what: "a closing record",
                why: error.to_string(),
            })
        })
        .transpose()
    }

    /// Puts in ballots, in the order they come in.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn insert_ballots<'b>(
        &mut self,
        wave: &WaveCode,
        ballots: impl Iterator<Item = Loose<'b>>,
    ) -> Result<(), StorageError> {
        for Loose { id, unit, marks } in ballots {
            diesel::insert_into(ballots::table)
                .values((
                    ballots::id.eq(id.to_string()),
                    ballots::wave_code.eq(wave.as_str()),
                    ballots::unit_slug.eq(unit.as_str()),
                    ballots::marks.eq(marks),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// Deletes what an import of answers brought, for another: ballots, turnout and a
    /// release that was not published.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn forget_ballots(&mut self, wave: &WaveCode) -> Result<(), StorageError> {
        diesel::delete(ballots::table.filter(ballots::wave_code.eq(wave.as_str())))
            .execute(self.conn)?;
        diesel::delete(turnout::table.filter(turnout::wave_code.eq(wave.as_str())))
            .execute(self.conn)?;
        let unpublished = releases::table
            .filter(releases::wave_code.eq(wave.as_str()))
            .filter(releases::published_at.is_null());
        diesel::delete(unpublished).execute(self.conn)?;
        Ok(())
    }

    /// Shows each ballot of a wave, in the order of their random ids, a few at a time in
    /// memory.
    ///
    /// # Errors
    /// If the database refuses, a ballot does not fit the definition, or `see` does.
    pub fn each_ballot<E: From<StorageError>>(
        &mut self,
        wave: &WaveCode,
        survey: &Survey,
        mut see: impl FnMut(Ballot) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut last = String::new();
        loop {
            let rows: Vec<BallotRow> = ballots::table
                .filter(ballots::wave_code.eq(wave.as_str()))
                .filter(ballots::id.gt(&last))
                .select((ballots::id, ballots::unit_slug, ballots::marks))
                .order(ballots::id)
                .limit(A_FEW_BALLOTS)
                .load(self.conn)
                .map_err(StorageError::from)?;
            let Some((newest, ..)) = rows.last() else { return Ok(()) };
            last.clone_from(newest);
            rows.into_iter().try_for_each(|row| see(ballot(row, survey)?))?;
        }
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
        self.insert_ballots(wave, counted.ballots.iter().map(Loose::from))?;
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
        let rows: Vec<BallotRow> = ballots::table
            .filter(ballots::wave_code.eq(wave.as_str()))
            .select((ballots::id, ballots::unit_slug, ballots::marks))
            .order(ballots::id)
            .load(self.conn)?;
        rows.into_iter().map(|row| ballot(row, survey)).collect()
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
