//! A text as it is searched: blanks, quotes and dashes of one kind, marks that cannot be
//! seen left out, letters without accents if wanted in lower case; with the way back from
//! each byte to the text as it was written.

use std::ops::Range;

/// A text to be searched, with the way back.
pub(super) struct Folded {
    /// The text.
    pub(super) text: String,
    /// For each byte of it, where the character that it comes from begins and ends.
    from: Vec<(usize, usize)>,
}

impl Folded {
    /// The text in its own letters.
    pub(super) fn as_written(words: &str) -> Self {
        Self::of(words, |c, out| out.push(c))
    }

    /// The text in lower case without accents.
    pub(super) fn lower(words: &str) -> Self {
        Self::of(words, |c, out| {
            out.extend(c.to_lowercase().map(plain_letter).filter(|c| !is_combining(*c)));
        })
    }

    fn of(words: &str, put: impl Fn(char, &mut String)) -> Self {
        let mut folded = Self { text: String::new(), from: Vec::new() };
        for (at, c) in words.char_indices().filter(|(_, c)| !is_unseen(*c)) {
            let before = folded.text.len();
            match c {
                blank if blank.is_whitespace() => {
                    if folded.text.ends_with(' ') {
                        // The run is one blank, which ends where the run ends.
                        if let Some((_, end)) = folded.from.last_mut() {
                            *end = at + c.len_utf8();
                        }
                        continue;
                    }
                    folded.text.push(' ');
                }
                '\u{2018}' | '\u{2019}' | '\u{02bc}' | '`' | '\u{b4}' => folded.text.push('\''),
                '\u{2010}'..='\u{2015}' | '\u{2212}' => folded.text.push('-'),
                other => put(other, &mut folded.text),
            }
            let bytes = folded.text.len() - before;
            folded.from.extend(std::iter::repeat_n((at, at + c.len_utf8()), bytes));
        }
        folded
    }

    /// Where a part of this text stands in the text as it was written.
    pub(super) fn origin(&self, part: Range<usize>) -> Option<Range<usize>> {
        let (start, _) = self.from.get(part.start)?;
        let (_, end) = self.from.get(part.end.checked_sub(1)?)?;
        (start < end).then_some(*start..*end)
    }

    /// Whether a part is no piece of a longer word or number.
    pub(super) fn is_whole(&self, part: &Range<usize>) -> bool {
        let before = self.text.get(..part.start).and_then(|text| text.chars().next_back());
        let after = self.text.get(part.end..).and_then(|text| text.chars().next());
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    }
}

/// Marks without width: between letters they would hide a name.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

fn plain_letter(c: char) -> char {
    match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ē' | 'ę' | 'ě' => 'e',
        'ì'..='ï' | 'ī' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ś' | 'š' | 'ş' => 's',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        other => other,
    }
}
