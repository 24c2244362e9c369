//! What comments are about, in the office's own words: a short list for each wave.

use std::fmt;
use std::str::FromStr;

use crate::plain_text;

/// Most themes of a wave: more is no list to choose from.
pub const MOST_THEMES: usize = 40;
/// Most characters of a theme's words.
const MOST_WORDS: usize = 80;

/// The short code of a theme, as readers write it on the margin: `DATA`, `HV2`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ThemeCode(String);

/// A theme of a wave.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Theme {
    /// Its code.
    pub code: ThemeCode,
    /// What it stands for.
    pub words: String,
}

/// What is wrong with a theme as somebody typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ThemeFault {
    /// Not one to eight letters or digits.
    #[error("a code has 1 to 8 letters or digits, such as DATA")]
    Code,
    /// No words.
    #[error("say in a few words what the theme is")]
    NoWords,
    /// Too many words; how many characters they have.
    #[error("use {MOST_WORDS} characters or fewer; this has {0}")]
    LongWords(usize),
}

impl ThemeCode {
    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ThemeCode {
    type Err = ThemeFault;

    fn from_str(text: &str) -> Result<Self, ThemeFault> {
        let text = text.trim();
        let fits = (1..=8).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric());
        if fits { Ok(Self(text.to_ascii_uppercase())) } else { Err(ThemeFault::Code) }
    }
}

impl fmt::Display for ThemeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Theme {
    /// A theme as somebody typed it.
    ///
    /// # Errors
    /// Every fault at once.
    pub fn typed(code: &str, words: &str) -> Result<Self, Vec<ThemeFault>> {
        let words = plain_text::normal(words).split_whitespace().collect::<Vec<_>>().join(" ");
        let of_words = match words.chars().count() {
            0 => Some(ThemeFault::NoWords),
            long if long > MOST_WORDS => Some(ThemeFault::LongWords(long)),
            _ => None,
        };
        match (code.parse(), of_words) {
            (Ok(code), None) => Ok(Self { code, words }),
            (code, of_words) => Err(code.err().into_iter().chain(of_words).collect()),
        }
    }

    /// Those of these codes that are in the list, in its order.
    #[must_use]
    pub fn chosen(list: &[Self], asked: &[ThemeCode]) -> Vec<ThemeCode> {
        list.iter().map(|theme| &theme.code).filter(|code| asked.contains(code)).cloned().collect()
    }
}
