//! Tokens in texts: `{group}` and its like, which stand for words that differ
//! from lead to lead. The list is closed; nothing else is ever filled in.

/// The names of the tokens that a text may hold.
pub const TOKEN_NAMES: [&str; 5] = ["group", "pct", "fin_year", "smallest", "smallest_groups"];

/// What the tokens stand for in one lead's questionnaire.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tokens {
    /// For `{group}`: the PBC group's name.
    pub group: String,
    /// For `{pct}`: the PCT's name.
    pub pct: String,
    /// For `{fin_year}`: the financial year, for example `2007/08`.
    pub fin_year: String,
    /// For `{smallest}`: fewest people behind a figure.
    pub smallest: String,
    /// For `{smallest_groups}`: fewest PBC groups behind a figure of a PCT.
    pub smallest_groups: String,
}

impl Tokens {
    /// Words that suit every lead, for tables of what all of them said.
    #[must_use]
    pub fn for_everybody(fin_year: &str, smallest: u32, smallest_groups: u32) -> Self {
        Self {
            group: "your group".to_owned(),
            pct: "your PCT".to_owned(),
            fin_year: fin_year.to_owned(),
            smallest: smallest.to_string(),
            smallest_groups: smallest_groups.to_string(),
        }
    }

    fn get(&self, name: &str) -> Option<&str> {
        match name {
            "group" => Some(&self.group),
            "pct" => Some(&self.pct),
            "fin_year" => Some(&self.fin_year),
            "smallest" => Some(&self.smallest),
            "smallest_groups" => Some(&self.smallest_groups),
            _ => None,
        }
    }
}

/// The text with its tokens filled in, in one pass: a group that is called
/// `{pct}` stays so. What is not a token stays as it is.
#[must_use]
pub fn fill(text: &str, tokens: &Tokens) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let token = after.split_once('}').and_then(|(name, tail)| Some((tokens.get(name)?, tail)));
        if let Some((words, tail)) = token {
            out.push_str(words);
            rest = tail;
        } else {
            out.push('{');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

/// Something in braces, or a brace alone, that is no token: as it stands in the text.
pub(super) fn strangers(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (_, here) = rest.split_at(at);
        let inner = here.strip_prefix('{').and_then(|after| {
            let end = after.find(['{', '}', '\n'])?;
            after.get(end..)?.starts_with('}').then(|| after.get(..end)).flatten()
        });
        let length = inner.map_or(1, |name| name.len() + 2);
        if !inner.is_some_and(|name| TOKEN_NAMES.contains(&name)) {
            found.extend(here.get(..length));
        }
        rest = here.get(length..).unwrap_or_default();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens() -> Tokens {
        Tokens {
            group: "the {pct} group".into(),
            pct: "Mid Essex".into(),
            ..Tokens::for_everybody("2007/08", 5, 3)
        }
    }

    #[test]
    fn a_name_that_looks_like_a_token_is_not_filled_again() {
        assert_eq!(fill("{group} and {pct}", &tokens()), "the {pct} group and Mid Essex");
    }

    #[test]
    fn what_is_no_token_stays() {
        assert_eq!(fill("a { b } {x} {{fin_year} {", &tokens()), "a { b } {x} {2007/08 {");
    }

    #[test]
    fn strangers_are_found_as_they_stand() {
        assert_eq!(strangers("{group}, {grup} and {pct}"), ["{grup}"]);
        assert_eq!(strangers("a } b { c"), ["}", "{"]);
        assert_eq!(strangers("{{pct}}"), ["{", "}"]);
        assert!(strangers("no braces, {fin_year}").is_empty());
    }
}
