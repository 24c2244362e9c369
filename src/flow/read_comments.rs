//! The survey office reads the comments of a counted wave: decides about each, says what it
//! is about, and publishes what may go out. Knows comments by their random ids and their
//! questions, and must never know more of them.
//!
//! Source: methods.md 9.10.

use sha2::{Digest as _, Sha256};

use crate::definition::{ItemAnswer, Survey, Tokens, fill};
use crate::disclosure::{Rule, RuleSettings};
use crate::id::{CommentId, WaveCode};
use crate::moderation::{
    Decided, Decision, Finder, Going, HeldComment, MOST_THEMES, PublishedComments, Question,
    Readers, ReadingRefusal, Theme, ThemeCode, going,
};
use crate::register::EmailAddress;
use crate::storage::{StorageError, Tx};
use crate::trail::Act;
use crate::wave::{State, Wave};

use super::{FlowError, House, held_wave, the_wave};

/// Everything that a reader of comments has before them.
#[derive(Debug, Clone)]
pub struct CommentDesk {
    /// The wave.
    pub wave: Wave,
    /// Its open questions, in the order of the survey.
    pub questions: Vec<Question>,
    /// The comments, by random id; none before the wave is counted.
    pub comments: Vec<HeldComment>,
    /// The list of themes, by code.
    pub themes: Vec<Theme>,
    /// How many must agree on what is published.
    pub readers: Readers,
    /// What would go out now, by question.
    pub going: Vec<Going>,
    /// What is published.
    pub published: Option<PublishedComments>,
    /// What looks for names and numbers.
    pub finder: Finder,
}

/// Why comments are not published, or a theme is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CommentRefusal {
    /// A decision is refused.
    #[error(transparent)]
    Reading(#[from] ReadingRefusal),
    /// The results of the wave are not published.
    #[error("comments go out after the results, never before")]
    ResultsFirst,
    /// What would go out is not what was confirmed.
    #[error("what would go out has changed since the page was opened")]
    Other,
    /// Nothing would go out.
    #[error("no comment is ready to go out")]
    Nothing,
    /// The list of themes has the code.
    #[error("the list has that code already")]
    ThemeExists,
    /// The list of themes is full.
    #[error("a wave has at most {MOST_THEMES} themes")]
    TooManyThemes,
}

/// The desk of a reader. Before the wave is counted there is nothing on it.
///
/// # Errors
/// If there is no such wave or the database refuses.
pub fn comment_desk(house: &House, code: &WaveCode) -> Result<CommentDesk, FlowError> {
    house.store.read(|tx| {
        let wave = the_wave(tx, code)?;
        desk(house, tx, wave)
    })
}

fn desk(house: &House, tx: &mut Tx<'_>, wave: Wave) -> Result<CommentDesk, FlowError> {
    let survey = house.survey(tx, &wave)?;
    let comments = if wave.is_counted() { tx.comments(&wave.code)? } else { Vec::new() };
    let themes = tx.comment_themes(&wave.code)?;
    let published = tx.published_comments(&wave.code)?;
    let finder = Finder::of(&tx.register()?);
    let questions = questions(&survey, &wave, &comments);
    let readers = house.settings.comment_readers;
    let going = going(&questions, &comments, &themes, readers, &promised(&wave)?);
    Ok(CommentDesk { wave, questions, comments, themes, readers, going, published, finder })
}

/// The promise that the wave's leads were given.
fn promised(wave: &Wave) -> Result<Rule, FlowError> {
    Rule::new(RuleSettings {
        k: wave.smallest,
        min_groups: wave.smallest_groups,
        ..RuleSettings::default()
    })
    .map_err(FlowError::Rule)
}

/// The questions answered in words, and those with words beside an option.
fn questions(survey: &Survey, wave: &Wave, comments: &[HeldComment]) -> Vec<Question> {
    let tokens = Tokens::for_everybody(&wave.fin_year, wave.smallest, wave.smallest_groups);
    survey
        .items()
        .filter(|item| {
            let in_words = matches!(item.answer, ItemAnswer::Text(_));
            in_words || comments.iter().any(|comment| comment.item == *item.code)
        })
        .map(|item| {
            let wording = fill(item.wording, &tokens);
            let wording = match item.stem {
                Some(stem) => format!("{} {wording}", fill(stem, &tokens)),
                None => wording,
            };
            Question { item: item.code.clone(), wording }
        })
        .collect()
}

impl CommentDesk {
    /// The comment of this id.
    #[must_use]
    pub fn comment(&self, id: &CommentId) -> Option<&HeldComment> {
        self.comments.iter().find(|comment| comment.id == *id)
    }

    /// How many need nobody any more.
    #[must_use]
    pub fn done(&self) -> usize {
        let settled = |one: &&HeldComment| {
            matches!(one.reading(self.readers), crate::moderation::Reading::Settled(_))
        };
        self.comments.iter().filter(settled).count()
    }

    /// The next comment that this person is to read: after this one in the order of the
    /// questions and of the random ids, then from the start.
    #[must_use]
    pub fn next(&self, who: &EmailAddress, after: Option<&CommentId>) -> Option<&HeldComment> {
        let of = |question: &Question| {
            let item = question.item.clone();
            self.comments.iter().filter(move |comment| comment.item == item)
        };
        let all: Vec<&HeldComment> = self.questions.iter().flat_map(of).collect();
        let at = after.and_then(|id| all.iter().position(|one| one.id == *id));
        let (before, rest) = all.split_at(at.map_or(0, |at| at + 1).min(all.len()));
        let open = |one: &&&HeldComment| {
            Some(&one.id) != after && one.reading(self.readers).is_open_to(who)
        };
        rest.iter().chain(before).find(open).copied()
    }

    /// What would go out now.
    #[must_use]
    pub fn ready(&self) -> PublishedComments {
        PublishedComments::of(&self.going)
    }
}

/// A mark of what was decided about a comment so far: nobody decides over somebody else's
/// head.
#[must_use]
pub fn reading_mark(comment: &HeldComment) -> String {
    let mut digest = Sha256::new();
    let mut part = |text: &str| {
        digest.update((text.len() as u64).to_be_bytes());
        digest.update(text);
    };
    part(&comment.id.to_string());
    if let Some(decided) = &comment.decided {
        part(decided.decision.word());
        part(decided.decision.words());
        part(decided.first.expose());
        part(decided.second.as_ref().map_or("", |who| who.expose()));
    }
    comment.themes.iter().for_each(|theme| part(theme.as_str()));
    hex::encode(digest.finalize()).chars().take(16).collect()
}

/// A comment of a counted wave whose comments are not published.
fn open_comment(
    tx: &mut Tx<'_>,
    code: &WaveCode,
    id: &CommentId,
) -> Result<HeldComment, FlowError> {
    // Nothing is published between this look and the end of the transaction.
    let wave = held_wave(tx, code)?;
    if !wave.is_counted() {
        return Err(FlowError::NoComment);
    }
    let comments = tx.comments(code)?;
    let found = comments.into_iter().find(|comment| comment.id == *id);
    let found = found.ok_or(FlowError::NoComment)?;
    if tx.has_published_comments(code)? {
        return Err(CommentRefusal::from(ReadingRefusal::Published).into());
    }
    Ok(found)
}

/// Decides about a comment and says what it is about. `seen` is the mark of what was decided
/// when the reader opened it.
///
/// # Errors
/// If there is no such comment, somebody else decided meanwhile, its writer may not be
/// quoted, or the comments are published.
pub fn decide_comment(
    house: &House,
    (code, id): (&WaveCode, &CommentId),
    decision: &Decision,
    themes: &[ThemeCode],
    seen: &str,
    by: &EmailAddress,
) -> Result<(), FlowError> {
    house.store.write(|tx| {
        let comment = open_comment(tx, code, id)?;
        let themes = Theme::chosen(&tx.comment_themes(code)?, themes);
        let after =
            Decided::after(comment.decided.as_ref(), decision.clone(), by, comment.quotable)
                .map_err(CommentRefusal::from)?;
        if comment.decided.as_ref() == Some(&after) && comment.themes == themes {
            // A second press.
            return Ok(());
        }
        if reading_mark(&comment) != seen {
            return Err(CommentRefusal::from(ReadingRefusal::Changed).into());
        }
        tx.put_comment_reading(code, id, &after, &themes)?;
        // The id is random and leads to nobody; the words stay out of the trail.
        let detail = format!("{id}: {}", decision.word());
        Ok(house.note(tx, Act::COMMENT_READ, code.as_str(), &detail)?)
    })
}

/// Puts a comment back among those that nobody has read.
///
/// # Errors
/// If there is no such comment, or the comments are published.
pub fn reopen_comment(house: &House, code: &WaveCode, id: &CommentId) -> Result<(), FlowError> {
    house.store.write(|tx| {
        if open_comment(tx, code, id)?.decided.is_none() {
            return Ok(());
        }
        tx.remove_comment_reading(id)?;
        Ok(house.note(tx, Act::COMMENT_REOPENED, code.as_str(), &id.to_string())?)
    })
}

/// Adds a theme to a wave's list.
///
/// # Errors
/// If the list has the code or is full, or the comments are published.
pub fn add_comment_theme(house: &House, code: &WaveCode, theme: &Theme) -> Result<(), FlowError> {
    house.store.write(|tx| {
        let held = open_themes(tx, code)?;
        if held.contains(theme) {
            // A second press.
            return Ok(());
        }
        if held.len() >= MOST_THEMES {
            return Err(CommentRefusal::TooManyThemes.into());
        }
        match tx.insert_comment_theme(code, theme) {
            Err(StorageError::Conflict { .. }) => return Err(CommentRefusal::ThemeExists.into()),
            other => other?,
        }
        let act = Act::COMMENT_THEME_ADDED;
        Ok(house.note(tx, act, code.as_str(), theme.code.as_str())?)
    })
}

/// Takes a theme out of a wave's list and from its comments; none is no fault.
///
/// # Errors
/// If the comments are published.
pub fn remove_comment_theme(
    house: &House,
    code: &WaveCode,
    theme: &ThemeCode,
) -> Result<(), FlowError> {
    house.store.write(|tx| {
        if !open_themes(tx, code)?.iter().any(|one| one.code == *theme) {
            return Ok(());
        }
        tx.remove_comment_theme(code, theme)?;
        Ok(house.note(tx, Act::COMMENT_THEME_REMOVED, code.as_str(), theme.as_str())?)
    })
}

fn open_themes(tx: &mut Tx<'_>, code: &WaveCode) -> Result<Vec<Theme>, FlowError> {
    held_wave(tx, code)?;
    if tx.has_published_comments(code)? {
        return Err(CommentRefusal::from(ReadingRefusal::Published).into());
    }
    Ok(tx.comment_themes(code)?)
}

/// Publishes what is ready, if it is exactly what was confirmed.
///
/// # Errors
/// If the results are not published, something else would go out, or nothing.
pub fn publish_comments(house: &House, code: &WaveCode, confirmed: &str) -> Result<(), FlowError> {
    house.store.write(|tx| {
        let wave = held_wave(tx, code)?;
        if wave.state != State::Released {
            return Err(CommentRefusal::ResultsFirst.into());
        }
        let desk = desk(house, tx, wave)?;
        if desk.published.is_some_and(|published| published.mark() == confirmed) {
            // A second press.
            return Ok(());
        }
        let ready = PublishedComments::of(&desk.going);
        if ready.is_empty() {
            return Err(CommentRefusal::Nothing.into());
        }
        if ready.mark() != confirmed {
            return Err(CommentRefusal::Other.into());
        }
        match tx.put_published_comments(code, &ready) {
            Err(StorageError::Conflict { .. }) => {
                return Err(CommentRefusal::from(ReadingRefusal::Published).into());
            }
            other => other?,
        }
        let detail = format!("{} comments, {}", ready.count(), ready.mark());
        Ok(house.note(tx, Act::COMMENTS_PUBLISHED, code.as_str(), &detail)?)
    })
}

/// Takes the comments of a wave down; what was decided about each stays. None published is
/// no fault.
///
/// # Errors
/// If there is no such wave or the database refuses.
pub fn take_down_comments(house: &House, code: &WaveCode) -> Result<(), FlowError> {
    house.store.write(|tx| {
        held_wave(tx, code)?;
        if !tx.remove_published_comments(code)? {
            return Ok(());
        }
        Ok(house.note(tx, Act::COMMENTS_TAKEN_DOWN, code.as_str(), "")?)
    })
}

/// What is published of a wave's comments.
///
/// # Errors
/// [`FlowError::NoComment`] if nothing is, or the results are not.
pub fn published_comments(house: &House, code: &WaveCode) -> Result<PublishedComments, FlowError> {
    house.store.read(|tx| {
        let released = the_wave(tx, code)?.state == State::Released;
        let published = tx.published_comments(code)?;
        published.filter(|_| released).ok_or(FlowError::NoComment)
    })
}
