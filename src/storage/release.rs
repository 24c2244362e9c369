//! Releases: canonical bytes, kept for ever, read back with their digest checked.

use diesel::prelude::*;

use crate::id::WaveCode;
use crate::release::Release;
use crate::time::Moment;

use super::schema::{release_notes, releases};
use super::{StorageError, Tx};

/// What the survey office said about a published release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseNote {
    /// When.
    pub at: Moment,
    /// What, in one paragraph.
    pub words: String,
}

impl Tx<'_> {
    /// Keeps a wave's release, in the place of one that was not published.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if the wave's release was published.
    pub fn put_release(&mut self, wave: &WaveCode, release: &Release) -> Result<(), StorageError> {
        diesel::delete(
            releases::table
                .filter(releases::wave_code.eq(wave.as_str()))
                .filter(releases::published_at.is_null()),
        )
        .execute(self.conn)?;
        self.attempt(|conn| {
            diesel::insert_into(releases::table)
                .values((
                    releases::wave_code.eq(wave.as_str()),
                    releases::digest.eq(release.digest()),
                    releases::canonical.eq(release.to_bytes()),
                ))
                .execute(conn)
        })?;
        Ok(())
    }

    /// Marks a wave's release as published; `false` if there is none to publish.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn publish_release(&mut self, wave: &WaveCode, now: Moment) -> Result<bool, StorageError> {
        let marked = diesel::update(
            releases::table
                .filter(releases::wave_code.eq(wave.as_str()))
                .filter(releases::published_at.is_null()),
        )
        .set(releases::published_at.eq(now.to_utc()))
        .execute(self.conn)?;
        Ok(marked == 1)
    }

    /// A wave's release, and when it was published.
    ///
    /// # Errors
    /// If the database refuses or the bytes no longer give their digest.
    pub fn release(
        &mut self,
        wave: &WaveCode,
    ) -> Result<Option<(Release, Option<Moment>)>, StorageError> {
        let row: Option<(Vec<u8>, Option<chrono::NaiveDateTime>)> = releases::table
            .find(wave.as_str())
            .select((releases::canonical, releases::published_at))
            .get_result(self.conn)
            .optional()?;
        let Some((bytes, published)) = row else { return Ok(None) };
        let release = Release::from_bytes(&bytes)
            .map_err(|why| StorageError::Corrupt { what: "a release", why: why.to_string() })?;
        Ok(Some((release, published.map(Moment::from_utc))))
    }

    /// Keeps one more note about a published release.
    ///
    /// # Errors
    /// If the database refuses; [`StorageError::Conflict`] if another note came at the
    /// same moment.
    pub fn add_release_note(
        &mut self,
        wave: &WaveCode,
        now: Moment,
        words: &str,
    ) -> Result<(), StorageError> {
        let of_wave = release_notes::table.filter(release_notes::wave_code.eq(wave.as_str()));
        let last: Option<i32> =
            of_wave.select(diesel::dsl::max(release_notes::number)).get_result(self.conn)?;
        self.attempt(|conn| {
            diesel::insert_into(release_notes::table)
                .values((
                    release_notes::wave_code.eq(wave.as_str()),
                    release_notes::number.eq(last.unwrap_or(0) + 1),
                    release_notes::noted_at.eq(now.to_utc()),
                    release_notes::words.eq(words),
                ))
                .execute(conn)
        })?;
        Ok(())
    }

    /// The notes about a published release, the first one first.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn release_notes(&mut self, wave: &WaveCode) -> Result<Vec<ReleaseNote>, StorageError> {
        let rows: Vec<(chrono::NaiveDateTime, String)> = release_notes::table
            .filter(release_notes::wave_code.eq(wave.as_str()))
            .order(release_notes::number)
            .select((release_notes::noted_at, release_notes::words))
            .load(self.conn)?;
        let note = |(at, words)| ReleaseNote { at: Moment::from_utc(at), words };
        Ok(rows.into_iter().map(note).collect())
    }
}
