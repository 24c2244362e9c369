//! A page made ahead of which nothing but words is a lead's own: rendered once with
//! markers for these words, and cut.

use handlebars::html_escape;
use serde::Serialize;

use super::super::cut::{Cut, MARKERS, Own, marker};
use super::super::template::{Page, PageError, Pages};

/// A page that only wants a lead's own words.
pub struct PreparedPage {
    cut: Cut,
    words: usize,
}

/// What stands for a lead's own words in the page that is cut: first those of
/// [`FOR_GROUP`](super::FOR_GROUP) and [`FOR_PCT`](super::FOR_PCT), then so many more.
#[must_use]
pub fn own_words<const MORE: usize>() -> [String; MORE] {
    std::array::from_fn(|word| marker(2 + word).unwrap_or_default())
}

/// Whether a context has letters in it that could be taken for a marker of ours.
pub(super) fn has_marker(context: &impl Serialize) -> bool {
    serde_json::to_string(context)
        .map_or(true, |text| text.chars().any(|letter| MARKERS.contains(&u32::from(letter))))
}

/// Whether a word changes nothing but its place: texts are parted at line ends, and
/// blank ends are cut off.
pub(super) fn is_plain(word: &str) -> bool {
    !word.is_empty() && word.trim() == word && !word.contains('\n')
}

impl PreparedPage {
    /// Makes a page ahead: from one with nobody's words, and the same with markers
    /// for group, PCT and so many more words in it. None if it cannot be.
    ///
    /// # Errors
    /// If a template fails.
    pub fn new<P: Page>(
        pages: &Pages,
        clean: &P,
        marked: &P,
        more: usize,
    ) -> Result<Option<Self>, PageError> {
        if has_marker(clean) {
            return Ok(None);
        }
        let cut = Cut::new(&pages.html(marked)?, &[]);
        Ok(cut.map(|cut| Self { cut, words: 2 + more }))
    }

    /// The page with these words: group, PCT, then the others. None if it must be
    /// rendered, because a word would change more than its place.
    #[must_use]
    pub fn html(&self, words: &[&str]) -> Option<String> {
        if words.len() != self.words || !words.iter().all(|word| is_plain(word)) {
            return None;
        }
        let words: Vec<String> = words.iter().map(|word| html_escape(word)).collect();
        let mut html = String::with_capacity(8 * 1024);
        self.cut.join(&Own { words: &words, switches: &[] }, &mut html);
        Some(html)
    }
}
