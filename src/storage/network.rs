//! Ideas for the PBC leads network: beside both sides of the border, and joined
//! to neither.

use diesel::prelude::*;

use crate::id::IdeaId;
use crate::network::{Idea, KeptIdea};

use super::error::read;
use super::schema::network_ideas;
use super::{StorageError, Tx};

type Row = (String, String, String, String, String, String, Option<String>, bool, bool);

fn kept(
    (id, words, group, name, email, purpose, edited, named, published): Row,
) -> Result<KeptIdea, StorageError> {
    let idea = Idea::typed(&words, &group, &name, &email).map_err(|_| StorageError::Corrupt {
        what: "an idea for the network",
        why: "it could not have been typed like that".to_owned(),
    })?;
    Ok(KeptIdea {
        id: read("an idea's id", &id)?,
        idea,
        named,
        edited,
        published,
        purpose: read("an idea's purpose", &purpose)?,
    })
}

impl Tx<'_> {
    /// Keeps an idea.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if there is one of this id.
    pub fn insert_network_idea(&mut self, new: &KeptIdea) -> Result<(), StorageError> {
        self.attempt(|conn| {
            diesel::insert_into(network_ideas::table)
                .values((
                    network_ideas::id.eq(new.id.to_string()),
                    network_ideas::words.eq(new.idea.words()),
                    network_ideas::group_name.eq(new.idea.group()),
                    network_ideas::name.eq(new.idea.name().expose()),
                    network_ideas::email.eq(new.idea.email().expose()),
                    network_ideas::purpose.eq(new.purpose.word()),
                    network_ideas::edited.eq(new.edited.as_deref()),
                    network_ideas::named.eq(new.named),
                    network_ideas::published.eq(new.published),
                ))
                .execute(conn)
        })?;
        Ok(())
    }

    /// The idea of this id.
    ///
    /// # Errors
    /// If the database refuses or the row cannot be read.
    pub fn network_idea(&mut self, id: &IdeaId) -> Result<Option<KeptIdea>, StorageError> {
        network_ideas::table
            .find(id.to_string())
            .first::<Row>(self.conn)
            .optional()?
            .map(kept)
            .transpose()
    }

    /// Every idea, by group and words: an order that tells nothing.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn network_ideas(&mut self) -> Result<Vec<KeptIdea>, StorageError> {
        let rows = network_ideas::table.load::<Row>(self.conn)?;
        let mut all = rows.into_iter().map(kept).collect::<Result<Vec<_>, _>>()?;
        let key = |one: &KeptIdea| (one.idea.group().to_lowercase(), one.idea.words().to_owned());
        all.sort_by_cached_key(key);
        Ok(all)
    }

    /// Keeps what the office made of an idea, and whether it is published; `false` if the
    /// idea is gone.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn see_to_network_idea(
        &mut self,
        id: &IdeaId,
        edited: Option<&str>,
        published: bool,
    ) -> Result<bool, StorageError> {
        let set = diesel::update(network_ideas::table.find(id.to_string()))
            .set((network_ideas::edited.eq(edited), network_ideas::published.eq(published)))
            .execute(self.conn)?;
        Ok(set == 1)
    }

    /// Whether any idea is published.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn has_published_ideas(&mut self) -> Result<bool, StorageError> {
        let published = network_ideas::table.filter(network_ideas::published);
        Ok(diesel::select(diesel::dsl::exists(published)).get_result(self.conn)?)
    }

    /// Deletes an idea; none is no fault.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn delete_network_idea(&mut self, id: &IdeaId) -> Result<(), StorageError> {
        diesel::delete(network_ideas::table.find(id.to_string())).execute(self.conn)?;
        Ok(())
    }

    /// How many ideas there are.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn count_network_ideas(&mut self) -> Result<u32, StorageError> {
        let count: i64 = network_ideas::table.count().first(self.conn)?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }
}
