//! Words as people type them, made fit to be kept: the same rule everywhere.

/// One kind of line end, no control characters or marks that turn the reading
/// direction round, no blank ends.
#[must_use]
pub fn normal(given: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let clean: String = given
        .replace("\r\n", "\n")
        .chars()
        .map(|c| match c {
            '\r' => '\n',
            '\t' => ' ',
            other => other,
        })
        .filter(|c| *c == '\n' || !(c.is_control() || turns(*c)))
        .collect();
    clean.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn line_ends_become_one_kind_and_what_cannot_be_seen_goes() {
        assert_eq!(normal("  a\r\nb\rc\td\u{0}\u{7}\u{202e}e \n"), "a\nb\nc de");
    }
}
