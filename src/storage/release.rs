//! Releases: canonical bytes, kept for ever, read back with their digest checked.

use diesel::prelude::*;

use crate::id::WaveCode;
use crate::release::Release;
use crate::time::Moment;

use super::schema::releases;
use super::{StorageError, Tx};

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
}
