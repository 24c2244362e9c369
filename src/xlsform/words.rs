//! Texts, codes and little words of a form in the manner of a survey file.

use std::collections::BTreeSet;

use crate::definition::TOKEN_NAMES;

/// A change that a text suffered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) what: String,
    pub(super) why: &'static str,
}

/// The text without what a survey file has no counterpart for: references to
/// answers, marks of HTML and braces that are no token.
pub(super) fn plain(text: &str) -> (String, Vec<Change>) {
    let mut changes = Vec::new();
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['$', '{', '}', '<', '&']) {
        let (before, here) = rest.split_at(at);
        out.push_str(before);
        let length = replaced(here, &mut out, &mut changes);
        rest = here.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    (out.trim().to_owned(), changes)
}

/// Writes what stands for the beginning of a text; how much of it was taken, in bytes.
fn replaced(here: &str, out: &mut String, changes: &mut Vec<Change>) -> usize {
    let inner = |open: &str, close: char| {
        let after = here.strip_prefix(open)?;
        let (name, _) = after.split_once(close)?;
        (!name.is_empty() && !name.contains(['{', '<', '\n'])).then_some(name)
    };
    if let Some(name) = inner("${", '}') {
        let words = format!("[the answer to {}]", name.trim());
        let what = format!("${{{name}}} becomes {words:?}");
        changes.push(Change { what, why: "a text cannot repeat an answer" });
        out.push_str(&words);
        return name.len() + 3;
    }
    if let Some(name) = inner("{", '}')
        && TOKEN_NAMES.contains(&name)
    {
        out.push_str(here.get(..name.len() + 2).unwrap_or_default());
        return name.len() + 2;
    }
    let tag = inner("<", '>').filter(|tag| {
        tag.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') && !tag.contains(['{', '}'])
    });
    if let Some(tag) = tag {
        if tag.to_ascii_lowercase().starts_with("br") {
            out.push('\n');
        }
        let what = format!("the mark <{tag}> is taken out");
        changes.push(Change { what, why: "texts have no marks of HTML" });
        return tag.len() + 2;
    }
    for (mark, meant) in [("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"), ("&nbsp;", " ")] {
        if here.starts_with(mark) {
            out.push_str(meant);
            return mark.len();
        }
    }
    let first = here.chars().next().unwrap_or_default();
    match first {
        '{' | '}' => {
            out.push(if first == '{' { '(' } else { ')' });
            let what = format!("{first:?} becomes a round bracket");
            changes.push(Change { what, why: "braces are for tokens alone" });
        }
        other => out.push(other),
    }
    first.len_utf8()
}

/// Yes or no, as forms write it.
pub(super) fn flag(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "yes" | "true" | "true()" | "1" | "y" => Some(true),
        "no" | "false" | "false()" | "0" | "n" => Some(false),
        _ => None,
    }
}

/// The longest code.
const LONGEST: usize = 64;

/// Words of conditions, which no code may be.
const RESERVED: [&str; 7] = ["and", "or", "not", "any", "row", "in", "empty"];

/// A code made from a name: what is not allowed in one becomes `_`.
pub(super) fn code_from(name: &str, otherwise: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let code: String = name.chars().map(|c| if allowed(c) { c } else { '_' }).collect();
    let code = code.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    let code = code.get(..code.len().min(LONGEST)).unwrap_or_default();
    match code {
        "" => otherwise.to_owned(),
        word if RESERVED.contains(&word) => format!("{word}_"),
        code => code.to_owned(),
    }
}

/// The first of a code, the code with `_2`, `_3` and so on, that fits.
pub(super) fn first_free(code: &str, fits: impl Fn(&str) -> bool) -> String {
    if fits(code) {
        return code.to_owned();
    }
    let mut place = 2_u32;
    loop {
        let end = format!("_{place}");
        let start = code.get(..code.len().min(LONGEST - end.len())).unwrap_or_default();
        let candidate = format!("{start}{end}");
        if fits(&candidate) {
            return candidate;
        }
        place += 1;
    }
}

/// The codes of a survey, of which no two are the same, and neither are the
/// columns that count the options of a question with several answers.
#[derive(Debug, Default)]
pub(super) struct Codes {
    taken: BTreeSet<String>,
}

impl Codes {
    /// A code like this one that is free, with a free column for each value.
    /// `wanted` are the codes that other rows would like to keep.
    pub(super) fn claim(
        &mut self,
        code: &str,
        columns: &[u16],
        wanted: &BTreeSet<String>,
    ) -> String {
        let column = |code: &str, value: &u16| format!("{code}_{value}");
        let fits = |candidate: &str| {
            !self.taken.contains(candidate)
                && (candidate == code || !wanted.contains(candidate))
                && columns.iter().all(|value| {
                    let column = column(candidate, value);
                    column.len() <= LONGEST
                        && !self.taken.contains(&column)
                        && !wanted.contains(&column)
                })
        };
        let room = if columns.is_empty() { LONGEST } else { LONGEST - 6 };
        let short = code.get(..code.len().min(room)).unwrap_or_default();
        let claimed = first_free(short, fits);
        self.taken.extend(columns.iter().map(|value| column(&claimed, value)));
        self.taken.insert(claimed.clone());
        claimed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_lose_what_a_survey_file_has_no_counterpart_for() {
        let pairs = [
            ("Hello ${name}, how old?", "Hello [the answer to name], how old?", 1),
            ("<b>Bold</b><br/>next", "Bold\nnext", 3),
            ("{group} and {x}", "{group} and (x)", 2),
            ("3 < 4 & 5 > 4", "3 < 4 & 5 > 4", 0),
            ("a &lt; b", "a < b", 0),
            ("$5 or ${", "$5 or $(", 1),
            ("${}", "$()", 2),
            ("<{group}>", "<{group}>", 0),
        ];
        for (form, file, changes) in pairs {
            let (text, told) = plain(form);
            assert_eq!((text.as_str(), told.len()), (file, changes), "{form}");
        }
    }

    #[test]
    fn codes_are_made_legal_and_unique() {
        assert_eq!(code_from("household size", "Q"), "household_size");
        assert_eq!(code_from("_id", "Q"), "id");
        assert_eq!(code_from("é", "Q"), "Q");
        assert_eq!(code_from("or", "Q"), "or_");
        assert_eq!(code_from(&"x".repeat(80), "Q").len(), 64);
        let mut codes = Codes::default();
        let wanted: BTreeSet<String> = ["q1", "q1_1", "q1_2"].map(str::to_owned).into();
        assert_eq!(codes.claim("q1", &[1, 7], &wanted), "q1_3");
        assert_eq!(codes.claim("q1_1", &[], &wanted), "q1_1");
        assert_eq!(codes.claim("q1_1", &[], &wanted), "q1_1_2");
    }
}
