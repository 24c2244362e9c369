//! A share as words that can be printed and typed: six lines of six, the last
//! word of each a check of its line, so that a slip is named by its line.
//!
//! Source: BIP-39 for the list of words: 2048 English words, each known by its
//! first four letters. The words here are not a BIP-39 mnemonic.

use bip39::Language;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// Lines of a share.
pub const WORD_LINES: usize = 6;

/// Words in a line, the check word included.
pub const WORDS_IN_LINE: usize = 6;

/// Words in a line that carry something.
const CARRYING: usize = WORDS_IN_LINE - 1;

/// Bits of a word.
const BITS: usize = 11;

/// Bytes of a share: its head, the mark of the key, its part of the secret.
pub(super) const BYTES: usize = 1 + 8 + 32;

/// One line of a share, checked.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct WordLine([u16; CARRYING]);

/// What is wrong with the words of a share. Names places and never words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ShareFault {
    /// A word that is not in the list.
    #[error("line {line}, word {word}: no word of the list begins like this")]
    Unknown {
        /// The line, from 1.
        line: usize,
        /// The word in it, from 1.
        word: usize,
    },
    /// A line of another length.
    #[error("line {line} has {found} words; there must be {WORDS_IN_LINE}")]
    Length {
        /// The line, from 1.
        line: usize,
        /// How many words it has.
        found: usize,
    },
    /// Real words, but not those that were printed.
    #[error("line {line}: one of its words is not the one that was printed")]
    Slip {
        /// The line, from 1.
        line: usize,
    },
    /// A line is missing or there twice.
    #[error("line {line} must be there once")]
    Line {
        /// The line, from 1.
        line: usize,
    },
    /// Another number of words in all.
    #[error("a share has {} words; these are {found}", WORD_LINES * WORDS_IN_LINE)]
    Count {
        /// How many there are.
        found: usize,
    },
    /// The lines are sound, but not a share that this program makes.
    #[error("these words are not a share of a key")]
    NoShare,
}

/// The word's place in the list: the whole word in any case, or at least its
/// first four letters.
fn index(typed: &str) -> Option<u16> {
    let list = Language::English.word_list();
    let whole = list.iter().position(|word| word.eq_ignore_ascii_case(typed));
    let begun = |word: &&str| {
        word.get(..typed.len()).is_some_and(|start| start.eq_ignore_ascii_case(typed))
    };
    let found = match whole {
        Some(at) => Some(at),
        None if typed.len() >= 4 => list.iter().position(begun),
        None => None,
    };
    found.and_then(|at| u16::try_from(at).ok())
}

fn word(index: u16) -> &'static str {
    Language::English.word_list().get(usize::from(index)).copied().unwrap_or_default()
}

/// The check word of a line; it knows its line, so that no two can be swapped.
fn check(line: usize, carried: &[u16; CARRYING]) -> u16 {
    let mut digest = Sha256::new();
    digest.update(b"soundings share line");
    digest.update([u8::try_from(line).unwrap_or_default()]);
    for index in carried {
        digest.update(index.to_be_bytes());
    }
    let bytes: [u8; 32] = digest.finalize().into();
    let [first, second, ..] = bytes;
    u16::from_be_bytes([first, second]) >> (16 - BITS)
}

impl WordLine {
    /// Reads a line as it is typed: its number may stand before it.
    ///
    /// # Errors
    /// If its words are not those that were printed.
    pub fn read(line: usize, text: &str) -> Result<Self, ShareFault> {
        let words = numbered(text).map_or(text, |(_, rest)| rest).split_whitespace();
        Self::of_words(line, words)
    }

    fn of_words<'t>(
        line: usize,
        words: impl Iterator<Item = &'t str> + Clone,
    ) -> Result<Self, ShareFault> {
        let found = words.clone().count();
        if found != WORDS_IN_LINE {
            return Err(ShareFault::Length { line, found });
        }
        let mut carried = Self([0; CARRYING]);
        let mut last = 0;
        for (at, typed) in words.enumerate() {
            let known = index(typed).ok_or(ShareFault::Unknown { line, word: at + 1 })?;
            match carried.0.get_mut(at) {
                Some(place) => *place = known,
                None => last = known,
            }
        }
        if check(line, &carried.0) == last { Ok(carried) } else { Err(ShareFault::Slip { line }) }
    }
}

/// A line with its number before it, such as `3: word word …`.
fn numbered(text: &str) -> Option<(usize, &str)> {
    let text = text.trim_start();
    let (number, rest) = text.split_once([':', '.', ')'])?;
    let number = number.parse().ok().filter(|number| (1..=WORD_LINES).contains(number))?;
    Some((number, rest))
}

/// The lines of a share in a text: numbered ones in a page, or nothing but words.
pub(super) fn read_lines(text: &str) -> Result<Vec<WordLine>, ShareFault> {
    let marked: Vec<(usize, &str)> = text.lines().filter_map(numbered).collect();
    if !marked.is_empty() {
        return (1..=WORD_LINES)
            .map(|line| {
                let mut mine = marked.iter().filter(|(number, _)| *number == line);
                match (mine.next(), mine.next()) {
                    (Some((_, words)), None) => WordLine::of_words(line, words.split_whitespace()),
                    _ => Err(ShareFault::Line { line }),
                }
            })
            .collect();
    }
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    if lines.len() == WORD_LINES {
        let read = |(line, text): (usize, &&str)| WordLine::read(line, text);
        return (1..).zip(&lines).map(read).collect();
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() != WORD_LINES * WORDS_IN_LINE {
        return Err(ShareFault::Count { found: words.len() });
    }
    let lines = (1..).zip(words.chunks(WORDS_IN_LINE));
    lines.map(|(line, words)| WordLine::of_words(line, words.iter().copied())).collect()
}

/// The words of a share's bytes, one text for each line.
pub(super) fn write_lines(bytes: &[u8; BYTES]) -> Vec<Zeroizing<String>> {
    let bit = |at: usize| {
        let byte = bytes.get(at / 8).copied().unwrap_or_default();
        u16::from(byte >> (7 - at % 8) & 1)
    };
    let indexes = |line: usize| {
        let mut carried = WordLine([0; CARRYING]);
        for (at, place) in carried.0.iter_mut().enumerate() {
            let from = (line * CARRYING + at) * BITS;
            *place = (from..from + BITS).fold(0, |index, at| index << 1 | bit(at));
        }
        carried
    };
    (0..WORD_LINES)
        .map(|line| {
            let carried = indexes(line);
            // Long enough from the start: a text that grows leaves its beginning behind.
            let mut text = Zeroizing::new(String::with_capacity(WORDS_IN_LINE * 9));
            for index in carried.0.iter().copied().chain([check(line + 1, &carried.0)]) {
                if !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(word(index));
            }
            text
        })
        .collect()
}

/// The bytes that six lines carry.
pub(super) fn bytes_of(lines: &[WordLine]) -> Result<Zeroizing<[u8; BYTES]>, ShareFault> {
    let mut bytes = Zeroizing::new([0; BYTES]);
    let indexes = lines.iter().flat_map(|line| line.0.iter());
    let bits = indexes.flat_map(|index| (0..BITS).rev().map(move |at| index >> at & 1));
    let mut count = 0;
    for (at, bit) in bits.enumerate() {
        count += 1;
        match bytes.get_mut(at / 8) {
            Some(byte) => *byte = *byte << 1 | u8::from(bit == 1),
            // What the last word has room for besides.
            None if bit == 0 => {}
            None => return Err(ShareFault::NoShare),
        }
    }
    if count == WORD_LINES * CARRYING * BITS { Ok(bytes) } else { Err(ShareFault::NoShare) }
}
