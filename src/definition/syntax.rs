//! Faults of TOML itself, in words for people who do not know TOML.

use toml::de::Error;

/// What is wrong, and what to do about it.
pub(super) fn in_words(error: &Error, source: &str) -> (String, &'static str) {
    let message = error.message().trim();
    let says = |part: &str| message.contains(part);
    let here = error.span().and_then(|span| source.get(span)).unwrap_or_default();
    if says("duplicate key") {
        let what = match here.lines().next().unwrap_or_default().trim() {
            "" => "a key stands twice in a table".to_owned(),
            key => format!("`{key}` stands twice in its table"),
        };
        (
            what,
            "[[sections]] and [[sections.questions]] begin a new table; else keep one of the two",
        )
    } else if says("invalid basic string") || says("invalid literal string") {
        let what = "this text has no end on its line".to_owned();
        (what, "end it with the quote that it begins with; over several lines write \"\"\"…\"\"\"")
    } else if says("invalid multi-line") {
        ("this text has no end".to_owned(), "end it with the three quotes that it begins with")
    } else if says("string values must be quoted") {
        ("this text is not in quotes".to_owned(), "put it in quotes: \"…\"")
    } else if says("expected `,`") {
        let what = "a comma is missing before this".to_owned();
        (
            what,
            "put a comma between the entries of a list and between the keys in { }, and close both",
        )
    } else if says("expected `=`") {
        ("this key has no `=` after it".to_owned(), "write `key = value`, text in quotes")
    } else if says("unclosed") {
        let hint = "every [ ends with ], every [[ with ]] and every { with }";
        (format!("a bracket is not closed: {message}"), hint)
    } else {
        let hint = "one `key = value` on a line, text in quotes, lists in [ ], a table's name in [ ] on its own line";
        (message.replace('\n', "; "), hint)
    }
}
