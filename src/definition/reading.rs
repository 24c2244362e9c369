//! Walking a TOML file that a person wrote: every look takes a value out or
//! leaves a fault with its place, and the walk goes on, so that one reading
//! finds all the faults. Knows nothing of surveys.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::format::ROOT;
use super::keys::{Keys, Shape};
use super::spelling::{hint_for_key, keys_too_late, list, meant_key};
use super::table::{Names, Table, Word};
use super::tokens::{TOKEN_NAMES, strangers};
use crate::fault::{Fault, Faults, nearest};

/// The fault has been told; there is nothing to go on with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told;

/// What to do about a code that is used twice.
pub(super) const ANOTHER: &str = "give one of the two another code";

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
        keys: &'static Keys,
    ) -> Option<Table<'t>> {
        // One that has a code is called by it.
        let code = value.get_ref().as_table().and_then(|table| table.get("code"));
        let what = match code.and_then(|code| code.get_ref().as_str()) {
            Some(code) => format!("the {} {code}", keys.noun()),
            None => keys.what.to_owned(),
        };
        self.named_table(value, what, keys)
    }

    /// The same for a table that has a name of its own.
    pub(super) fn named_table<'t>(
        &mut self,
        value: &'t Spanned<DeValue<'t>>,
        what: String,
        keys: &'static Keys,
    ) -> Option<Table<'t>> {
        let at = value.span().start;
        let DeValue::Table(entries) = value.get_ref() else {
            let kind = kind_of(value.get_ref());
            self.fault(
                at,
                format!("{what} must be a table, not {kind}"),
                format!("write {{ {} }}; it knows {}", example(keys), list(keys.names())),
            );
            return None;
        };
        Some(self.checked(Table { entries, at, what, keys: Some(keys), meant: Vec::new() }, keys))
    }

    /// The table in a value, whose keys are names that the author chose.
    pub(super) fn any_table<'t>(
        &mut self,
        value: &'t Spanned<DeValue<'t>>,
        key: &str,
    ) -> Option<Table<'t>> {
        let what = format!("`{key}`");
        let at = value.span().start;
        if let DeValue::Table(entries) = value.get_ref() {
            return Some(Table { entries, at, what, keys: None, meant: Vec::new() });
        }
        let kind = kind_of(value.get_ref());
        self.fault(
            at,
            format!("{what} must be a table, not {kind}"),
            format!("write one [{key}.NAME] for each, under a name of your own"),
        );
        None
    }

    /// The whole document as a table, its keys checked.
    pub(super) fn document<'t>(&mut self, entries: &'t DeTable<'t>) -> Table<'t> {
        let what = ROOT.what.to_owned();
        let at = entries.keys().map(|key| key.span().start).min().unwrap_or(0);
        let meant = keys_too_late(entries);
        self.checked(Table { entries, at, what, keys: Some(&ROOT), meant }, &ROOT)
    }

    fn checked<'t>(&mut self, mut table: Table<'t>, keys: &'static Keys) -> Table<'t> {
        let written: Vec<Word> = table.entries().map(|(key, _)| key).collect();
        for key in written {
            if keys.key(&key.text).is_none() {
                let meant = meant_key(&key.text, &table, keys);
                self.fault(
                    key.at,
                    format!("{} has no key `{}`", table.what, key.text),
                    hint_for_key(&key.text, meant, keys),
                );
                table.meant.extend(meant);
            }
        }
        for key in keys.known.iter().filter(|key| key.required) {
            self.is_missing(&table, key.name);
        }
        for (one, other, hint) in keys.apart {
            if table.has(one) && table.has(other) {
                let what = format!("{} has both `{one}` and `{other}`", table.what);
                self.fault(table.place_of(other).unwrap_or(table.at), what, *hint);
            }
        }
        for (key, on, hint) in keys.leaning {
            if table.has(key) && !table.has(on) && !table.meant.contains(on) {
                let what = format!("{} has `{key}` but no `{on}`", table.what);
                self.fault(table.place_of(key).unwrap_or(table.at), what, *hint);
            }
        }
        table
    }

    /// A text; its tokens are checked.
    pub(super) fn text(&mut self, table: &Table<'_>, key: &str) -> Option<String> {
        let value = table.get(key)?;
        let text = self.string(value, key)?.trim().replace("\r\n", "\n");
        self.check_tokens(&text, value.span());
        Some(text)
    }

    /// A short word (a code, a name).
    pub(super) fn word(&mut self, table: &Table<'_>, key: &str) -> Option<Word> {
        let value = table.get(key)?;
        let text = self.string(value, key)?.to_owned();
        Some(Word { text, at: value.span().start })
    }

    /// A code that is well formed.
    pub(super) fn code<C>(&mut self, table: &Table<'_>, key: &str) -> Option<(C, Word)>
    where
        C: std::str::FromStr,
        C::Err: std::fmt::Display,
    {
        let word = self.word(table, key)?;
        match word.text.parse() {
            Ok(code) => Some((code, word)),
            Err(why) => {
                let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
                let plain: String = word.text.chars().map(plain).take(24).collect();
                let plain = plain.trim_matches('-');
                let example = if plain.is_empty() { "CASES" } else { plain };
                let hint = format!("a code is one short word, for example {example:?}");
                self.fault(word.at, format!("the code {:?} {why}", word.text), hint);
                None
            }
        }
    }

    /// A whole number in the range that the format gives it.
    pub(super) fn number(&mut self, table: &Table<'_>, key: &str) -> Option<u32> {
        let value = table.get(key)?;
        let Some(Shape::Whole(low, high)) = table.shape(key) else { return None };
        let hint = if low == high {
            format!("this version of the program reads `{key} = {low}`")
        } else {
            format!("write a whole number from {low} to {high}")
        };
        let DeValue::Integer(integer) = value.get_ref() else {
            let kind = kind_of(value.get_ref());
            self.fault(
                value.span().start,
                format!("`{key}` must be a whole number, not {kind}"),
                hint,
            );
            return None;
        };
        let number = i64::from_str_radix(integer.as_str(), integer.radix()).ok();
        let number = number.and_then(|number| u32::try_from(number).ok());
        let inside = number.filter(|number| (low..=high).contains(&number));
        if inside.is_none() {
            let what = if low == high {
                format!("{key} {integer} cannot be read")
            } else {
                format!("`{key}` is {integer}, outside {low} to {high}")
            };
            self.fault(value.span().start, what, hint);
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

    /// The entries of a list; empty if it is not there or not a list. It must
    /// have as many as the format says.
    pub(super) fn list<'t>(&mut self, table: &Table<'t>, key: &str) -> &'t [Spanned<DeValue<'t>>] {
        let Some(value) = table.get(key) else { return &[] };
        let at = value.span().start;
        let DeValue::Array(list) = value.get_ref() else {
            let kind = kind_of(value.get_ref());
            let hint = match table.shape(key) {
                Some(Shape::Tables { .. }) => {
                    format!("write `{key} = [ {{ … }}, … ]`, or a table in [[ ]] for each entry")
                }
                _ => format!("write `{key} = [ … ]`"),
            };
            self.fault(at, format!("`{key}` must be a list, not {kind}"), hint);
            return &[];
        };
        let (least, most) = match table.shape(key) {
            Some(Shape::Tables { least, most, .. }) => (*least, *most),
            Some(Shape::NamesOr { least, .. }) => (*least, usize::MAX),
            _ => (0, usize::MAX),
        };
        if list.is_empty() && least > 0 {
            let about = table.keys.and_then(|keys| keys.key(key)).map_or("", |key| key.about);
            self.fault(at, format!("`{key}` is empty"), format!("it takes {about}"));
        } else if !(least..=most).contains(&list.len()) {
            let what = format!("`{key}` has {least} to {most} entries, not {}", list.len());
            self.fault(at, what, "leave the key out if there is nothing to tell apart");
        }
        list
    }

    /// Keeps a name, or says where it was used before.
    pub(super) fn claim(&mut self, names: &mut Names, what: &str, word: &Word, hint: &str) -> bool {
        if let Some(first) = names.first_use(&word.text) {
            let (line, column) = self.place(first);
            self.fault(
                word.at,
                format!(
                    "{what} {:?} is used twice; first at line {line}, column {column}",
                    word.text
                ),
                hint,
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

    /// Whether a key that must be there is not, which is a fault unless it is
    /// there under a misspelt name.
    pub(super) fn is_missing(&mut self, table: &Table<'_>, key: &str) -> bool {
        let missing = !table.has(key);
        if missing && !table.meant.contains(&key) {
            let about = table.keys.and_then(|keys| keys.key(key)).map_or("", |key| key.about);
            self.fault(
                table.at,
                format!("{} has no `{key}`", table.what),
                format!("add `{key}`: {about}"),
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

/// The keys that a table cannot be without, as an example.
fn example(keys: &Keys) -> String {
    let required = keys.known.iter().filter(|key| key.required);
    let mut parts: Vec<String> = required.map(|key| format!("{} = …", key.name)).collect();
    if parts.is_empty() {
        parts.extend(keys.names().next().map(|name| format!("{name} = …")));
    }
    parts.join(", ")
}
