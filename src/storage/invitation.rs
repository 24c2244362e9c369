//! Invitations and their drafts: the people's side of the border.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use crate::id::{InvitationId, UnitSlug, WaveCode};
use crate::invitation::{Deputy, Invitation, Opener, Standing, TokenHash};
use crate::register::{EmailAddress, PersonName};
use crate::wave::Wave;

use super::backend::{Bind, Kept};
use super::error::{count_of, read, stored_count};
use super::schema::{deputies, drafts, invitations, morning_turnout, waves};
use super::{StorageError, Tx, backend, wave};

type Row = (Lead, Option<(i32, String, String)>);
type Lead = (String, String, String, String, String, String, String, String, i32, i32, String);

const LEAD: (
    invitations::id,
    invitations::wave_code,
    invitations::unit_slug,
    invitations::pct_name,
    invitations::group_slug,
    invitations::group_name,
    invitations::lead_name,
    invitations::lead_email,
    invitations::generation,
    invitations::last_generation,
    invitations::standing,
) = (
    invitations::id,
    invitations::wave_code,
    invitations::unit_slug,
    invitations::pct_name,
    invitations::group_slug,
    invitations::group_name,
    invitations::lead_name,
    invitations::lead_email,
    invitations::generation,
    invitations::last_generation,
    invitations::standing,
);

const DEPUTY: (deputies::generation, deputies::name, deputies::email) =
    (deputies::generation, deputies::name, deputies::email);

/// Invitations, each with its deputy if it has one: for [`invitation`].
macro_rules! invitations {
    () => {
        invitations::table
            .left_join(deputies::table.on(deputies::invitation_id.eq(invitations::id)))
            .select((LEAD, DEPUTY.nullable()))
    };
}

/// How many stand where, in one unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StandingCounts {
    /// Invited in all.
    pub invited: u32,
    /// Of these, answered so far.
    pub answered: u32,
    /// Of these, declined.
    pub declined: u32,
}

/// What a link opens.
pub struct OpenedByLink {
    /// The invitation.
    pub invitation: Invitation,
    /// Whose link it is.
    pub opener: Opener,
    /// The invitation's wave.
    pub wave: Wave,
    /// The sealed draft, if there is one.
    pub draft: Option<Vec<u8>>,
}

/// How many stand where, by unit.
pub type CountsByUnit = BTreeMap<UnitSlug, StandingCounts>;

/// What is kept of who answered in one unit after a count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turnout {
    /// The reporting unit.
    pub unit: UnitSlug,
    /// Leads invited.
    pub invited: u32,
    /// Leads whose reply was in the box.
    pub answered: u32,
    /// PBC groups that these come from.
    pub groups: u32,
}

fn invitation((lead, deputy): Row) -> Result<Invitation, StorageError> {
    let (id, wave, unit, pct_name, group, group_name, name, email, generation, last, standing) =
        lead;
    let deputy = deputy.map(|(generation, name, email)| {
        Ok::<_, StorageError>(Deputy {
            name: read("a deputy's name", &name)?,
            email: read("a deputy's address", &email)?,
            generation: generation_of(generation)?,
        })
    });
    Ok(Invitation {
        id: read("an invitation's id", &id)?,
        wave: read("a wave's code", &wave)?,
        unit: read("a unit's slug", &unit)?,
        pct_name,
        group: read("a group's slug", &group)?,
        group_name,
        name: read::<PersonName>("a lead's name", &name)?,
        email: read::<EmailAddress>("a lead's address", &email)?,
        generation: generation_of(generation)?,
        last_generation: generation_of(last)?,
        standing: read("an invitation's standing", &standing)?,
        deputy: deputy.transpose()?,
    })
}

/// Reads the stored generation of a link.
pub(super) fn generation_of(stored: i32) -> Result<u16, StorageError> {
    u16::try_from(stored)
        .map_err(|why| StorageError::Corrupt { what: "a link's generation", why: why.to_string() })
}

/// Names the statement of keeping a draft.
struct PutDraft;

impl Tx<'_> {
    /// Keeps a new invitation and the hash of its link.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn insert_invitation(
        &mut self,
        new: &Invitation,
        hash: &TokenHash,
    ) -> Result<(), StorageError> {
        diesel::insert_into(invitations::table)
            .values((
                invitations::id.eq(new.id.to_string()),
                invitations::slot.eq(new.id.slot()),
                invitations::wave_code.eq(new.wave.as_str()),
                invitations::unit_slug.eq(new.unit.as_str()),
                invitations::pct_name.eq(&new.pct_name),
                invitations::group_slug.eq(new.group.as_str()),
                invitations::group_name.eq(&new.group_name),
                invitations::lead_name.eq(new.name.expose()),
                invitations::lead_email.eq(new.email.expose()),
                invitations::generation.eq(i32::from(new.generation)),
                invitations::token_hash.eq(hash.as_bytes().as_slice()),
                invitations::standing.eq(new.standing.word()),
                invitations::last_generation.eq(i32::from(new.last_generation)),
                invitations::email_key.eq(new.email.key()),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// What a link opens, in one statement because every page of the form asks;
    /// a deputy's link takes a second one.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn opened_by_link(
        &mut self,
        hash: &TokenHash,
    ) -> Result<Option<OpenedByLink>, StorageError> {
        type Opened = (Row, wave::Row, Option<Vec<u8>>);
        let hash = hash.as_bytes().as_slice();
        let all = || {
            invitations::table
                .inner_join(waves::table.on(waves::code.eq(invitations::wave_code)))
                .left_join(deputies::table.on(deputies::invitation_id.eq(invitations::id)))
                .left_join(drafts::table.on(drafts::slot.eq(invitations::slot)))
                .select(((LEAD, DEPUTY.nullable()), wave::COLUMNS, drafts::sealed.nullable()))
        };
        let lead = all().filter(invitations::token_hash.eq(hash));
        let found = backend::directly!(self.conn, conn => lead.get_result::<Opened>(conn));
        let found = if let Some(found) = found.optional()? {
            Some((found, Opener::Lead))
        } else {
            let deputy = all().filter(deputies::token_hash.eq(hash));
            backend::directly!(self.conn, conn => deputy.get_result::<Opened>(conn))
                .optional()?
                .map(|found| (found, Opener::Deputy))
        };
        let opened = found.map(|((person, of_wave, draft), opener)| {
            let (invitation, wave) = (invitation(person)?, wave::wave(of_wave)?);
            Ok(OpenedByLink { invitation, opener, wave, draft })
        });
        opened.transpose()
    }

    /// What a link opens, for a transaction that writes: the wave's state, the
    /// invitation and its deputy cannot change until it ends. The wave is held
    /// before the invitation: the count does so too.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn hold_opened_by_link(
        &mut self,
        hash: &TokenHash,
    ) -> Result<Option<OpenedByLink>, StorageError> {
        // What is read from here on stays. A link never opens another invitation than the
        // one that it was made for.
        if backend::hold_by_link(self.conn, hash.as_bytes())? {
            self.opened_by_link(hash)
        } else {
            Ok(None)
        }
    }

    /// The invitation of this id.
    ///
    /// # Errors
    /// If the database refuses or the row cannot be read.
    pub fn invitation(&mut self, id: &InvitationId) -> Result<Option<Invitation>, StorageError> {
        invitations!()
            .filter(invitations::id.eq(id.to_string()))
            .get_result::<Row>(self.conn)
            .optional()?
            .map(invitation)
            .transpose()
    }

    /// The invitations of these ids that there are.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn invitations_among(
        &mut self,
        ids: &[InvitationId],
    ) -> Result<Vec<Invitation>, StorageError> {
        let ids: Vec<String> = ids.iter().map(InvitationId::to_string).collect();
        let rows = invitations!().filter(invitations::id.eq_any(ids)).load::<Row>(self.conn)?;
        rows.into_iter().map(invitation).collect()
    }

    /// Holds a wave and one of its invitations with its deputy still until this
    /// transaction ends.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn hold_wave_and_invitation(
        &mut self,
        wave: &WaveCode,
        id: &InvitationId,
    ) -> Result<(), StorageError> {
        if backend::holds_all(self.conn) {
            return Ok(());
        }
        backend::hold_wave(self.conn, wave.as_str())?;
        backend::hold_invitation(self.conn, &id.to_string())
    }

    /// Holds an invitation and its deputy still until this transaction ends. Hold
    /// its wave first: the count does so too.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn hold_invitation(&mut self, id: &InvitationId) -> Result<(), StorageError> {
        backend::hold_invitation(self.conn, &id.to_string())
    }

    /// The roster of a wave, by id: an order without meaning.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn invitations(&mut self, wave: &WaveCode) -> Result<Vec<Invitation>, StorageError> {
        let rows = invitations!()
            .filter(invitations::wave_code.eq(wave.as_str()))
            .load::<Row>(self.conn)?;
        let mut all = rows.into_iter().map(invitation).collect::<Result<Vec<_>, _>>()?;
        all.sort_by_key(|invitation| invitation.id);
        Ok(all)
    }

    /// Sets where an invitation stands.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn set_standing(
        &mut self,
        id: &InvitationId,
        standing: Standing,
    ) -> Result<(), StorageError> {
        let changed = diesel::update(invitations::table.find(id.to_string()))
            .set(invitations::standing.eq(standing.word()));
        backend::directly!(self.conn, conn => changed.execute(conn))?;
        Ok(())
    }

    /// Forgets where everybody of a wave stands, who is to be thanked, and how many
    /// links they had.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn forget_standing(&mut self, wave: &WaveCode) -> Result<(), StorageError> {
        diesel::update(invitations::table.filter(invitations::wave_code.eq(wave.as_str())))
            .set((
                invitations::standing.eq(Standing::Closed.word()),
                invitations::last_generation.eq(invitations::generation),
                invitations::thanks_due.eq(None::<NaiveDateTime>),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// How many stand where, by unit.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn standing_counts(&mut self, wave: &WaveCode) -> Result<CountsByUnit, StorageError> {
        let rows: Vec<(String, String)> = invitations::table
            .filter(invitations::wave_code.eq(wave.as_str()))
            .select((invitations::unit_slug, invitations::standing))
            .load(self.conn)?;
        let mut counts = CountsByUnit::new();
        for (unit, standing) in rows {
            let entry = counts.entry(read("a unit's slug", &unit)?).or_default();
            entry.invited += 1;
            match read("an invitation's standing", &standing)? {
                Standing::Answered => entry.answered += 1,
                Standing::Declined => entry.declined += 1,
                Standing::Asked | Standing::Closed => {}
            }
        }
        Ok(counts)
    }

    /// The sealed draft of an invitation.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn draft(&mut self, id: &InvitationId) -> Result<Option<Vec<u8>>, StorageError> {
        Ok(drafts::table.find(id.slot()).select(drafts::sealed).get_result(self.conn).optional()?)
    }

    /// Puts a sealed draft in the place of the one before. If nobody goes on with it,
    /// it is kept until the end of that day.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn put_draft(
        &mut self,
        id: &InvitationId,
        sealed: &[u8],
        good_until: NaiveDate,
    ) -> Result<(), StorageError> {
        let good_until = good_until.to_string();
        let put = Kept::<PutDraft, 3>::new(
            &[
                "INSERT INTO drafts (slot, sealed, good_until) VALUES (",
                ", ",
                ", ",
                ") ON CONFLICT (slot) \
                 DO UPDATE SET sealed = excluded.sealed, good_until = excluded.good_until",
            ],
            [Bind::Number(id.slot()), Bind::Bytes(sealed), Bind::Text(&good_until)],
        );
        backend::directly!(self.conn, conn => put.execute(conn))?;
        Ok(())
    }

    /// Deletes the drafts that nobody went on with for too long; says how many.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn delete_idle_drafts(&mut self, today: NaiveDate) -> Result<usize, StorageError> {
        let idle = drafts::table.filter(drafts::good_until.lt(today.to_string()));
        Ok(diesel::delete(idle).execute(self.conn)?)
    }

    /// Deletes a draft that is still just this one; false if it is not.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn take_draft(&mut self, id: &InvitationId, sealed: &[u8]) -> Result<bool, StorageError> {
        let draft = drafts::table.find(id.slot()).filter(drafts::sealed.eq(sealed));
        let gone = diesel::delete(draft);
        Ok(backend::directly!(self.conn, conn => gone.execute(conn))? == 1)
    }

    /// Deletes a draft; none is no fault.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn delete_draft(&mut self, id: &InvitationId) -> Result<(), StorageError> {
        let draft = diesel::delete(drafts::table.find(id.slot()));
        backend::directly!(self.conn, conn => draft.execute(conn))?;
        Ok(())
    }

    /// Deletes all drafts of a wave.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn delete_drafts(&mut self, wave: &WaveCode) -> Result<(), StorageError> {
        let of_wave = invitations::table
            .filter(invitations::wave_code.eq(wave.as_str()))
            .select(invitations::slot);
        diesel::delete(drafts::table.filter(drafts::slot.eq_any(of_wave))).execute(self.conn)?;
        Ok(())
    }

    /// The day of the last morning count, and the counts; none before the first.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn morning_turnout(
        &mut self,
        wave: &WaveCode,
    ) -> Result<Option<(NaiveDate, CountsByUnit)>, StorageError> {
        let rows: Vec<(String, String, i32, i32)> = morning_turnout::table
            .filter(morning_turnout::wave_code.eq(wave.as_str()))
            .select((
                morning_turnout::as_of,
                morning_turnout::unit_slug,
                morning_turnout::invited,
                morning_turnout::answered,
            ))
            .load(self.conn)?;
        let mut day = None;
        let mut counts = BTreeMap::new();
        for (as_of, unit, invited, answered) in rows {
            day = Some(read("a day", &as_of)?);
            let (invited, answered) =
                (count_of("a turnout", invited)?, count_of("a turnout", answered)?);
            let counted = StandingCounts { invited, answered, declined: 0 };
            counts.insert(read("a unit's slug", &unit)?, counted);
        }
        Ok(day.map(|day| (day, counts)))
    }

    /// Puts a morning's counts in the place of the day before.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn put_morning_turnout(
        &mut self,
        wave: &WaveCode,
        day: NaiveDate,
        counts: &CountsByUnit,
    ) -> Result<(), StorageError> {
        self.delete_morning_turnout(wave)?;
        for (unit, counted) in counts {
            diesel::insert_into(morning_turnout::table)
                .values((
                    morning_turnout::wave_code.eq(wave.as_str()),
                    morning_turnout::unit_slug.eq(unit.as_str()),
                    morning_turnout::as_of.eq(day.to_string()),
                    morning_turnout::invited.eq(stored_count(counted.invited)),
                    morning_turnout::answered.eq(stored_count(counted.answered)),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// Forgets a wave's morning counts.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn delete_morning_turnout(&mut self, wave: &WaveCode) -> Result<(), StorageError> {
        let of_wave = morning_turnout::table.filter(morning_turnout::wave_code.eq(wave.as_str()));
        diesel::delete(of_wave).execute(self.conn)?;
        Ok(())
    }
}
