//! Facts about the house as a whole, by name.

use diesel::prelude::*;

use super::schema::house;
use super::{StorageError, Tx};

impl Tx<'_> {
    /// The fact of this name.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn house_fact(&mut self, name: &str) -> Result<Option<String>, StorageError> {
        Ok(house::table.find(name).select(house::value).get_result(self.conn).optional()?)
    }

    /// Sets the fact of this name.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if another process set it for the first time
    /// at the same moment.
    pub fn set_house_fact(&mut self, name: &str, value: &str) -> Result<(), StorageError> {
        let changed = diesel::update(house::table.find(name))
            .set(house::value.eq(value))
            .execute(self.conn)?;
        if changed == 0 {
            self.attempt(|conn| {
                diesel::insert_into(house::table)
                    .values((house::name.eq(name), house::value.eq(value)))
                    .execute(conn)
            })?;
        }
        Ok(())
    }
}
