//! How many messages came back that say nothing of any mail. No message is kept.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::schema::came_back;
use super::{StorageError, Tx};

impl Tx<'_> {
    /// Counts one more message of a kind that left no other trace.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn count_came_back(&mut self, news: &str) -> Result<(), StorageError> {
        diesel::update(came_back::table.find(news))
            .set(came_back::messages.eq(came_back::messages + 1))
            .execute(self.conn)?;
        Ok(())
    }

    /// How many messages of each kind came back and left no other trace.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn came_back(&mut self) -> Result<BTreeMap<String, u64>, StorageError> {
        let rows: Vec<(String, i64)> = came_back::table.load(self.conn)?;
        Ok(rows
            .into_iter()
            .map(|(news, count)| (news, u64::try_from(count).unwrap_or(0)))
            .collect())
    }
}
