//! Walking a TOML file that a person wrote: every look takes a value out or
//! leaves a fault with its place, and the walk goes on, so that one reading
//! finds all the faults. Knows nothing of surveys.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::table::{Keys, Names, Table, Word};
use super::tokens::{TOKEN_NAMES, strangers};
use crate::fault::{Fault, Faults, nearest};

/// The fault has been told; there is nothing to go on with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told;

/// The file being read and the faults found so far.
pub(super) struct Reader<'s> {
    file: &'s str,
    source: &'s str,
    faults: Vec<Fault>,
}

impl<'s> Reader<'s> {
    pub(super) fn new(file: &'s str, source: &'s str) -> Self {
        Self { file, source, faults: Vec::new() }
    }

    /// Notes a fault at a place in bytes.
    pub(super) fn fault(&mut self, at: usize, what: impl Into<String>, hint: impl Into<String>) {
        let (line, column) = self.place(at);
        self.faults.push(Fault::at(self.file, line, column, what).hint(hint));
    }

    /// Line and column, both from 1, of a place in bytes.
    pub(super) fn place(&self, at: usize) -> (usize, usize) {
        let before = self.source.get(..self.source.floor_char_boundary(at)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |text| text.chars().count()) + 1;
        (line, column)
    }

    /// Where the words of a text begin, in bytes, if the file has them as they are.
    pub(super) fn written(&self, span: Range<usize>, text: &str) -> Option<usize> {
        let offset = self.source.get(span.clone())?.find(text)?;
        Some(span.start + offset)
    }

    /// Whether nothing was wrong so far.
    pub(super) fn is_content(&self) -> bool {
        self.faults.is_empty()
    }

    /// All the faults, each once.
    pub(super) fn into_faults(mut self) -> Faults {
        self.faults.sort();
        self.faults.dedup();
        Faults::new(self.faults)
    }

    /// The table in a value, its keys checked.
    pub(super) fn table<'t>(
        &mut self,
        value: &'t Spanned<DeValue<'t>>,
        what: impl Into<String>,
        keys: &Keys,
    ) -> Option<Table<'t>> {
        let what = what.into();
        let at = value.span().start;
        let DeValue::Table(entries) = value.get_ref() else {
            let kind = kind_of(value.get_ref());
            self.fault(
                at,
                format!("{what} must be a table, not {kind}"),
                format!("write {{ key = value, … }} with {}", list(keys.known)),
            );
            return None;
        };
        let table = Table { entries, at, what };
        self.check_keys(&table, keys);
        Some(table)
    }

    /// The table in a value, whose keys are names that the author chose.
    pub(super) fn any_table<'t>(
        &mut self,
        value: &'t Spanned<DeValue<'t>>,
        what: impl Into<String>,
    ) -> Option<Table<'t>> {
        let what = what.into();
        let at = value.span().start;
        if let DeValue::Table(entries) = value.get_ref() {
            return Some(Table { entries, at, what });
        }
        let kind = kind_of(value.get_ref());
        self.fault(
            at,
            format!("{what} must be a table, not {kind}"),
            "write one [table.NAME] for each",
        );
        None
    }

    /// The whole document as a table, its keys checked.
    pub(super) fn document<'t>(&mut self, entries: &'t DeTable<'t>, keys: &Keys) -> Table<'t> {
        let table = Table { entries, at: 0, what: "the file".into() };
        self.check_keys(&table, keys);
        table
    }

    fn check_keys(&mut self, table: &Table<'_>, keys: &Keys) {
        for key in table.entries.keys() {
            let (name, at) = (key.get_ref().as_ref(), key.span().start);
            if !keys.known.contains(&name) {
                let hint = match nearest(name, keys.known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("known keys here: {}", list(keys.known)),
                };
                self.fault(at, format!("{} has no key `{name}`", table.what), hint);
            }
        }
    }

    /// A text that must be there; its tokens are checked.
    pub(super) fn text(&mut self, table: &Table<'_>, key: &str) -> Option<String> {
        if self.is_missing(table, key, "a text in quotes") {
            None
        } else {
            self.optional_text(table, key)
        }
    }

    /// A text that may be left out; its tokens are checked.
    pub(super) fn optional_text(&mut self, table: &Table<'_>, key: &str) -> Option<String> {
        let value = table.get(key)?;
        let text = self.string(value, key)?.trim().replace("\r\n", "\n");
        self.check_tokens(&text, value.span());
        Some(text)
    }

    /// A short word (a code, a name) that must be there.
    pub(super) fn word(&mut self, table: &Table<'_>, key: &str) -> Option<Word> {
        if self.is_missing(table, key, "a text in quotes") {
            return None;
        }
        let value = table.get(key)?;
        let text = self.string(value, key)?.to_owned();
        Some(Word { text, at: value.span().start })
    }

    /// A code that must be there and be well formed.
    pub(super) fn code<C>(&mut self, table: &Table<'_>, key: &str) -> Option<(C, Word)>
    where
        C: std::str::FromStr,
        C::Err: std::fmt::Display,
    {
        let word = self.word(table, key)?;
        match word.text.parse() {
            Ok(code) => Some((code, word)),
            Err(why) => {
                self.fault(
                    word.at,
                    format!("the code {:?} {why}", word.text),
                    "a code is short and never changes, for example \"MS_INC\"",
                );
                None
            }
        }
    }

    /// A whole number in a range, or `None` with or without a fault.
    pub(super) fn number(
        &mut self,
        table: &Table<'_>,
        key: &str,
        range: std::ops::RangeInclusive<u32>,
    ) -> Option<u32> {
        let value = table.get(key)?;
        let (low, high) = (range.start(), range.end());
        let hint = format!("write a whole number from {low} to {high}");
        let DeValue::Integer(integer) = value.get_ref() else {
            let kind = kind_of(value.get_ref());
            self.fault(value.span().start, format!("`{key}` must be a number, not {kind}"), hint);
            return None;
        };
        let number = i64::from_str_radix(integer.as_str(), integer.radix()).ok();
        let inside = number.and_then(|n| u32::try_from(n).ok()).filter(|n| range.contains(n));
        if inside.is_none() {
            self.fault(
                value.span().start,
                format!("`{key}` is {integer}, outside {low} to {high}"),
                hint,
            );
        }
        inside
    }

    /// A yes or no that may be left out.
    pub(super) fn flag(&mut self, table: &Table<'_>, key: &str) -> Option<bool> {
        let value = table.get(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            let kind = kind_of(value.get_ref());
            self.fault(
                value.span().start,
                format!("`{key}` must be true or false, not {kind}"),
                "write true or false, without quotes",
            );
        }
        flag
    }

    /// One of some words, which may be left out.
    pub(super) fn one_of<T: Copy>(
        &mut self,
        table: &Table<'_>,
        key: &str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        let value = table.get(key)?;
        let word = self.string(value, key)?.to_owned();
        let names = choices.iter().map(|(name, _)| *name);
        if let Some((_, meant)) = choices.iter().find(|(name, _)| *name == word) {
            return Some(*meant);
        }
        let hint = match nearest(&word, names.clone()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => format!("one of: {}", names.collect::<Vec<_>>().join(", ")),
        };
        self.fault(value.span().start, format!("`{key}` cannot be {word:?}"), hint);
        None
    }

    /// The entries of a list; empty if it is not there or not a list.
    pub(super) fn list<'t>(&mut self, table: &Table<'t>, key: &str) -> &'t [Spanned<DeValue<'t>>] {
        let Some(value) = table.get(key) else { return &[] };
        if let DeValue::Array(array) = value.get_ref() {
            return array;
        }
        let kind = kind_of(value.get_ref());
        self.fault(
            value.span().start,
            format!("`{key}` must be a list, not {kind}"),
            "write [ … ], or a [[table]] for each entry",
        );
        &[]
    }

    /// A list that must be there with at least one entry.
    pub(super) fn full_list<'t>(
        &mut self,
        table: &Table<'t>,
        key: &str,
        of: &str,
    ) -> &'t [Spanned<DeValue<'t>>] {
        if self.is_missing(table, key, &format!("a list of {of}")) {
            return &[];
        }
        let list = self.list(table, key);
        if list.is_empty()
            && let Some(value) = table.get(key)
            && value.get_ref().is_array()
        {
            self.fault(
                value.span().start,
                format!("`{key}` is empty"),
                format!("give at least one of its {of}"),
            );
        }
        list
    }

    /// Keeps a name, or says where it was used before.
    pub(super) fn claim(&mut self, names: &mut Names, what: &str, word: &Word) -> bool {
        if let Some(first) = names.first_use(&word.text) {
            let (line, column) = self.place(first);
            self.fault(
                word.at,
                format!(
                    "{what} {:?} is used twice; first at line {line}, column {column}",
                    word.text
                ),
                "give one of them another code",
            );
            return false;
        }
        names.keep(word);
        true
    }

    /// The text in a value; neither another type nor nothing at all.
    pub(super) fn string<'t>(
        &mut self,
        value: &'t Spanned<DeValue<'t>>,
        key: &str,
    ) -> Option<&'t str> {
        let at = value.span().start;
        match value.get_ref() {
            DeValue::String(text) if text.trim().is_empty() => {
                self.fault(
                    at,
                    format!("`{key}` is empty"),
                    "write some words, or leave the key out if it may be missing",
                );
                None
            }
            DeValue::String(text) => Some(text),
            other => {
                let kind = kind_of(other);
                self.fault(
                    at,
                    format!("`{key}` must be a text, not {kind}"),
                    "put it in quotes: \"…\"",
                );
                None
            }
        }
    }

    /// Whether a key that must be there is not, which is a fault.
    pub(super) fn is_missing(&mut self, table: &Table<'_>, key: &str, wanted: &str) -> bool {
        let missing = table.get(key).is_none();
        if missing {
            self.fault(
                table.at,
                format!("{} has no `{key}`", table.what),
                format!("add `{key}`: {wanted}"),
            );
        }
        missing
    }

    fn check_tokens(&mut self, text: &str, span: Range<usize>) {
        let mut from = span.start;
        for stranger in strangers(text) {
            // Where an escape hides the token from view, the start of the text must do.
            let written = self.source.get(from..span.end).and_then(|rest| rest.find(stranger));
            let at = written.map_or(span.start, |offset| from + offset);
            from = written.map_or(from, |offset| from + offset + stranger.len());
            let name = stranger.trim_matches(['{', '}']);
            let hint = match nearest(name, TOKEN_NAMES) {
                Some(near) => format!("did you mean {{{near}}}?"),
                None => format!(
                    "the tokens are {{{}}}; braces have no other use",
                    TOKEN_NAMES.join("}, {")
                ),
            };
            self.fault(at, format!("{stranger} is no token"), hint);
        }
    }
}

fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with decimals",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

fn list(keys: &[&str]) -> String {
    keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
}
