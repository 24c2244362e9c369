//! How a wave's results are shown, and who may see them before the others.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::id::WaveCode;
use crate::register::EmailAddress;
use crate::time::Moment;
use crate::wave::Showing;

use super::error::read;
use super::schema::{early_access, releases, showings};
use super::{StorageError, Tx};

/// Somebody who was let see results before their publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EarlyAccess {
    /// The account.
    pub email: EmailAddress,
    /// Who that is, as results say it: a role, never a name.
    pub who: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub granted: Moment,
    /// Until when, if that was ended.
    pub withdrawn: Option<Moment>,
    /// When they first looked, if they did.
    pub seen: Option<Moment>,
}

type Row = (String, String, String, NaiveDateTime, Option<NaiveDateTime>, Option<NaiveDateTime>);

impl Tx<'_> {
    /// How a wave's results are shown.
    ///
    /// # Errors
    /// If the database refuses or the row cannot be read.
    pub fn showing(&mut self, wave: &WaveCode) -> Result<Showing, StorageError> {
        let row: Option<(String, bool)> = showings::table
            .find(wave.as_str())
            .select((showings::peers, showings::public_summary))
            .get_result(self.conn)
            .optional()?;
        let Some((peers, public_summary)) = row else { return Ok(Showing::default()) };
        Ok(Showing { peers: read("how peers are shown", &peers)?, public_summary })
    }

    /// Changes how a wave's results are shown.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn put_showing(&mut self, wave: &WaveCode, to: Showing) -> Result<(), StorageError> {
        diesel::delete(showings::table.find(wave.as_str())).execute(self.conn)?;
        diesel::insert_into(showings::table)
            .values((
                showings::wave_code.eq(wave.as_str()),
                showings::peers.eq(to.peers.word()),
                showings::public_summary.eq(to.public_summary),
            ))
            .execute(self.conn)?;
        Ok(())
    }

    /// Decides when a release that is not published is to be, or that this is not decided;
    /// `false` if there is none.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn plan_release(
        &mut self,
        wave: &WaveCode,
        due: Option<Moment>,
    ) -> Result<bool, StorageError> {
        let unpublished = releases::table
            .filter(releases::wave_code.eq(wave.as_str()))
            .filter(releases::published_at.is_null());
        let due = due.map(Moment::to_utc);
        let changed =
            diesel::update(unpublished).set(releases::due_at.eq(due)).execute(self.conn)?;
        Ok(changed == 1)
    }

    /// When a wave's release is to be published, if that is decided and it is not.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn release_plan(&mut self, wave: &WaveCode) -> Result<Option<Moment>, StorageError> {
        let due: Option<Option<NaiveDateTime>> = releases::table
            .find(wave.as_str())
            .filter(releases::published_at.is_null())
            .select(releases::due_at)
            .get_result(self.conn)
            .optional()?;
        Ok(due.flatten().map(Moment::from_utc))
    }

    /// The waves whose releases are due and not published.
    ///
    /// # Errors
    /// If the database refuses or a code cannot be read.
    pub fn releases_due(&mut self, now: Moment) -> Result<Vec<WaveCode>, StorageError> {
        let codes: Vec<String> = releases::table
            .filter(releases::published_at.is_null())
            .filter(releases::due_at.le(now.to_utc()))
            .select(releases::wave_code)
            .order(releases::wave_code)
            .load(self.conn)?;
        codes.iter().map(|code| read("a wave's code", code)).collect()
    }

    /// Lets an account see a wave's results before their publication.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if it may already, or might once.
    pub fn grant_early(&mut self, wave: &WaveCode, to: &EarlyAccess) -> Result<(), StorageError> {
        self.attempt(|conn| {
            diesel::insert_into(early_access::table)
                .values((
                    early_access::wave_code.eq(wave.as_str()),
                    early_access::email.eq(to.email.expose()),
                    early_access::who.eq(&to.who),
                    early_access::reason.eq(&to.reason),
                    early_access::granted_at.eq(to.granted.to_utc()),
                ))
                .execute(conn)
        })?;
        Ok(())
    }

    /// Ends an early access; `false` if there is none to end.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn withdraw_early(
        &mut self,
        wave: &WaveCode,
        email: &EmailAddress,
        now: Moment,
    ) -> Result<bool, StorageError> {
        let granted = early_access::table
            .find((wave.as_str(), email.expose()))
            .filter(early_access::withdrawn_at.is_null());
        let ended = diesel::update(granted)
            .set(early_access::withdrawn_at.eq(now.to_utc()))
            .execute(self.conn)?;
        Ok(ended == 1)
    }

    /// Notes when an account first looked before publication.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn note_early(
        &mut self,
        wave: &WaveCode,
        email: &EmailAddress,
        now: Moment,
    ) -> Result<(), StorageError> {
        let unseen = early_access::table
            .find((wave.as_str(), email.expose()))
            .filter(early_access::seen_at.is_null());
        diesel::update(unseen).set(early_access::seen_at.eq(now.to_utc())).execute(self.conn)?;
        Ok(())
    }

    /// Everybody who was let see a wave's results before their publication.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn early_access(&mut self, wave: &WaveCode) -> Result<Vec<EarlyAccess>, StorageError> {
        let rows: Vec<Row> = early_access::table
            .filter(early_access::wave_code.eq(wave.as_str()))
            .order((early_access::granted_at, early_access::email))
            .select((
                early_access::email,
                early_access::who,
                early_access::reason,
                early_access::granted_at,
                early_access::withdrawn_at,
                early_access::seen_at,
            ))
            .load(self.conn)?;
        let one = |(email, who, reason, granted, withdrawn, seen): Row| {
            Ok(EarlyAccess {
                email: read("an address", &email)?,
                who,
                reason,
                granted: Moment::from_utc(granted),
                withdrawn: withdrawn.map(Moment::from_utc),
                seen: seen.map(Moment::from_utc),
            })
        };
        rows.into_iter().map(one).collect()
    }
}
