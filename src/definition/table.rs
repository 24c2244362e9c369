//! The tables of a file while it is read, and the names that must differ in it.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{Keys, Shape};

/// A table of the file, with the name that its faults call it by.
#[derive(Clone)]
pub(super) struct Table<'t> {
    pub(super) entries: &'t DeTable<'t>,
    /// Where it starts, in bytes.
    pub(super) at: usize,
    /// What its faults call it.
    pub(super) what: String,
    /// Its keys; none if the author chooses them.
    pub(super) keys: Option<&'static Keys>,
    /// Keys that are not there, but were meant by one that is misspelt.
    pub(super) meant: Vec<&'static str>,
}

/// Names that must differ, with the place of the first use.
#[derive(Default)]
pub(super) struct Names(BTreeMap<String, usize>);

/// A text of the file and where it stands, in bytes.
#[derive(Clone)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) at: usize,
}

impl<'t> Table<'t> {
    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.entries.get(key)
    }

    /// Whether there is a key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// What a key takes, as the format says.
    pub(super) fn shape(&self, key: &str) -> Option<&'static Shape> {
        self.keys.and_then(|keys| keys.key(key)).map(|key| &key.takes)
    }

    /// Where a key stands, in bytes.
    pub(super) fn place_of(&self, key: &str) -> Option<usize> {
        self.entries.get_key_value(key).map(|(key, _)| key.span().start)
    }

    /// The keys with their places, and the values.
    pub(super) fn entries(&self) -> impl Iterator<Item = (Word, &'t Spanned<DeValue<'t>>)> {
        self.entries.iter().map(|(key, value)| {
            (Word { text: key.get_ref().clone().into_owned(), at: key.span().start }, value)
        })
    }
}

impl Names {
    /// The names, for hints.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Keeps a name, whether or not it was there before.
    pub(super) fn keep(&mut self, word: &Word) {
        self.0.insert(word.text.clone(), word.at);
    }

    /// Whether this name is taken.
    pub(super) fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Where this name was taken, in bytes.
    pub(super) fn first_use(&self, name: &str) -> Option<usize> {
        self.0.get(name).copied()
    }
}
