//! Texts in files that spreadsheets open: none of them is calculated.

use std::borrow::Cow;

/// What a spreadsheet would calculate if a text began with it.
const BEGINS_A_FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A text that no spreadsheet takes for a formula: an apostrophe goes before what
/// would begin one, and before apostrophes before that, so that [`unguarded`] takes off
/// exactly what was put there.
#[must_use]
pub fn guarded(text: &str) -> Cow<'_, str> {
    if text.trim_start_matches('\'').starts_with(BEGINS_A_FORMULA) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The same text without what [`guarded`] put before it.
#[must_use]
pub fn unguarded(text: &str) -> &str {
    let rest = text.strip_prefix('\'');
    rest.filter(|rest| matches!(guarded(rest), Cow::Owned(_))).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn reading_takes_off_exactly_what_writing_put_there(text in "['=+@a\t-]{0,6}") {
            let written = guarded(&text).into_owned();
            prop_assert!(!written.starts_with(BEGINS_A_FORMULA), "{}", written);
            prop_assert_eq!(unguarded(&written), text);
        }
    }
}
