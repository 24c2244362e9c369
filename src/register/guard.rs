//! Texts that are not what they seem: what a spreadsheet would calculate, and what nobody
//! sees.

use std::borrow::Cow;

/// Whether nobody sees this character, or it turns the reading direction round.
pub(crate) fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{feff}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What a spreadsheet would calculate if a text began with it.
const BEGINS_A_FORMULA: [char; 4] = ['=', '+', '-', '@'];

/// A text that no spreadsheet takes for a formula: an apostrophe goes before what
/// would begin one, and before apostrophes before that, so that reading takes off
/// exactly what writing put there.
pub(crate) fn guarded(text: &str) -> Cow<'_, str> {
    if text.trim_start_matches('\'').starts_with(BEGINS_A_FORMULA) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The same cells without what [`guarded`] put before them.
pub(super) fn unguarded(cells: &csv::StringRecord) -> csv::StringRecord {
    let plain = |cell: &'_ str| -> String {
        let rest = cell.strip_prefix('\'');
        rest.filter(|rest| matches!(guarded(rest), Cow::Owned(_))).unwrap_or(cell).to_owned()
    };
    let guards = cells.iter().any(|cell| cell.starts_with('\''));
    if !guards {
        return cells.clone();
    }
    cells.iter().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn reading_takes_off_exactly_what_writing_put_there(text in "['=+@a-]{0,6}") {
            let written = guarded(&text).into_owned();
            prop_assert!(!written.starts_with(BEGINS_A_FORMULA), "{}", written);
            let read = unguarded(&csv::StringRecord::from(vec![written]));
            prop_assert_eq!(read.get(0), Some(text.as_str()));
        }
    }
}
