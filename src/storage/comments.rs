//! Comments of counted waves, what readers decided about them, and what is published of
//! them. The answers' side of the border: nothing here has a unit, a group or a time.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::id::{CommentId, WaveCode};
use crate::moderation::{Decided, Decision, HeldComment, PublishedComments, Theme, ThemeCode};

use super::error::read;
use super::schema::{
    comment_readings, comment_theme_marks, comment_themes, comments, published_comments,
};
use super::{StorageError, Tx};

type CommentRow = (String, String, String, bool);
type ReadingRow = (String, String, String, String, Option<String>);

fn decided(
    (id, decision, words, first, second): ReadingRow,
) -> Result<(String, Decided), StorageError> {
    let decision = Decision::kept(&decision, &words).map_err(|why| StorageError::Corrupt {
        what: "a decision about a comment",
        why: why.to_string(),
    })?;
    let second = second.map(|who| read("a reader's address", &who)).transpose()?;
    Ok((id, Decided { decision, first: read("a reader's address", &first)?, second }))
}

fn theme_code(text: &str) -> Result<ThemeCode, StorageError> {
    read("a theme's code", text)
}

impl Tx<'_> {
    /// Every comment of a wave with what was done about it, by random id: an order that has
    /// nothing to do with when they came.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn comments(&mut self, wave: &WaveCode) -> Result<Vec<HeldComment>, StorageError> {
        let rows: Vec<CommentRow> = comments::table
            .filter(comments::wave_code.eq(wave.as_str()))
            .select((comments::id, comments::item_code, comments::words, comments::quotable))
            .load(self.conn)?;
        let readings: Vec<ReadingRow> = comment_readings::table
            .filter(comment_readings::wave_code.eq(wave.as_str()))
            .select((
                comment_readings::comment_id,
                comment_readings::decision,
                comment_readings::words,
                comment_readings::first_reader,
                comment_readings::second_reader,
            ))
            .load(self.conn)?;
        let mut readings =
            readings.into_iter().map(decided).collect::<Result<BTreeMap<_, _>, _>>()?;
        let marks: Vec<(String, String)> = comment_theme_marks::table
            .filter(comment_theme_marks::wave_code.eq(wave.as_str()))
            .select((comment_theme_marks::comment_id, comment_theme_marks::theme_code))
            .load(self.conn)?;
        let mut themes: BTreeMap<String, Vec<ThemeCode>> = BTreeMap::new();
        for (comment, code) in marks {
            themes.entry(comment).or_default().push(theme_code(&code)?);
        }
        let mut all = Vec::with_capacity(rows.len());
        for (id, item, words, quotable) in rows {
            let mut themes = themes.remove(&id).unwrap_or_default();
            themes.sort();
            all.push(HeldComment {
                id: read("a comment's id", &id)?,
                item: read("a comment's question", &item)?,
                words,
                quotable,
                decided: readings.remove(&id),
                themes,
            });
        }
        all.sort_by_key(|comment| comment.id);
        Ok(all)
    }

    /// Keeps what was decided about a comment and what it is about, in the place of what
    /// was there.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn put_comment_reading(
        &mut self,
        wave: &WaveCode,
        comment: &CommentId,
        decided: &Decided,
        themes: &[ThemeCode],
    ) -> Result<(), StorageError> {
        self.remove_comment_reading(comment)?;
        diesel::insert_into(comment_readings::table)
            .values((
                comment_readings::comment_id.eq(comment.to_string()),
                comment_readings::wave_code.eq(wave.as_str()),
                comment_readings::decision.eq(decided.decision.word()),
                comment_readings::words.eq(decided.decision.words()),
                comment_readings::first_reader.eq(decided.first.expose()),
                comment_readings::second_reader.eq(decided.second.as_ref().map(|who| who.expose())),
            ))
            .execute(self.conn)?;
        for code in themes {
            diesel::insert_into(comment_theme_marks::table)
                .values((
                    comment_theme_marks::comment_id.eq(comment.to_string()),
                    comment_theme_marks::wave_code.eq(wave.as_str()),
                    comment_theme_marks::theme_code.eq(code.as_str()),
                ))
                .execute(self.conn)?;
        }
        Ok(())
    }

    /// Forgets what was decided about a comment, and what it is about.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn remove_comment_reading(&mut self, comment: &CommentId) -> Result<(), StorageError> {
        let id = comment.to_string();
        diesel::delete(comment_readings::table.find(&id)).execute(self.conn)?;
        let marks = comment_theme_marks::table.filter(comment_theme_marks::comment_id.eq(&id));
        diesel::delete(marks).execute(self.conn)?;
        Ok(())
    }

    /// The themes of a wave's comments, by code.
    ///
    /// # Errors
    /// If the database refuses or a row cannot be read.
    pub fn comment_themes(&mut self, wave: &WaveCode) -> Result<Vec<Theme>, StorageError> {
        let rows: Vec<(String, String)> = comment_themes::table
            .filter(comment_themes::wave_code.eq(wave.as_str()))
            .select((comment_themes::code, comment_themes::words))
            .load(self.conn)?;
        let theme = |(code, words): (String, String)| Ok(Theme { code: theme_code(&code)?, words });
        let mut all = rows.into_iter().map(theme).collect::<Result<Vec<_>, StorageError>>()?;
        all.sort();
        Ok(all)
    }

    /// Adds a theme to a wave's list.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if the list has its code.
    pub fn insert_comment_theme(
        &mut self,
        wave: &WaveCode,
        theme: &Theme,
    ) -> Result<(), StorageError> {
        self.attempt(|conn| {
            diesel::insert_into(comment_themes::table)
                .values((
                    comment_themes::wave_code.eq(wave.as_str()),
                    comment_themes::code.eq(theme.code.as_str()),
                    comment_themes::words.eq(&theme.words),
                ))
                .execute(conn)
        })?;
        Ok(())
    }

    /// Takes a theme out of a wave's list, and from every comment that has it.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn remove_comment_theme(
        &mut self,
        wave: &WaveCode,
        code: &ThemeCode,
    ) -> Result<(), StorageError> {
        diesel::delete(
            comment_theme_marks::table
                .filter(comment_theme_marks::wave_code.eq(wave.as_str()))
                .filter(comment_theme_marks::theme_code.eq(code.as_str())),
        )
        .execute(self.conn)?;
        diesel::delete(comment_themes::table.find((wave.as_str(), code.as_str())))
            .execute(self.conn)?;
        Ok(())
    }

    /// What is published of a wave's comments; none if nothing is.
    ///
    /// # Errors
    /// If the database refuses or what is there cannot be read.
    pub fn published_comments(
        &mut self,
        wave: &WaveCode,
    ) -> Result<Option<PublishedComments>, StorageError> {
        let text: Option<String> = published_comments::table
            .find(wave.as_str())
            .select(published_comments::published)
            .get_result(self.conn)
            .optional()?;
        let read = |text: String| {
            serde_json::from_str(&text).map_err(|why| StorageError::Corrupt {
                what: "the published comments of a wave",
                why: why.to_string(),
            })
        };
        text.map(read).transpose()
    }

    /// Whether comments of a wave are published.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn has_published_comments(&mut self, wave: &WaveCode) -> Result<bool, StorageError> {
        let there = published_comments::table.find(wave.as_str());
        Ok(diesel::select(diesel::dsl::exists(there)).get_result(self.conn)?)
    }

    /// Publishes comments of a wave.
    ///
    /// # Errors
    /// [`StorageError::Conflict`] if some are published already.
    pub fn put_published_comments(
        &mut self,
        wave: &WaveCode,
        new: &PublishedComments,
    ) -> Result<(), StorageError> {
        let text = serde_json::to_string(new).map_err(|why| StorageError::Corrupt {
            what: "comments to be published",
            why: why.to_string(),
        })?;
        self.attempt(|conn| {
            diesel::insert_into(published_comments::table)
                .values((
                    published_comments::wave_code.eq(wave.as_str()),
                    published_comments::published.eq(&text),
                ))
                .execute(conn)
        })?;
        Ok(())
    }

    /// Takes down what is published of a wave's comments; `false` if nothing was.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn remove_published_comments(&mut self, wave: &WaveCode) -> Result<bool, StorageError> {
        Ok(diesel::delete(published_comments::table.find(wave.as_str())).execute(self.conn)? == 1)
    }
}
