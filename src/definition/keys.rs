//! What can be said of the keys of a survey file: what each takes, whether it
//! must be there, and what it means. The keys themselves stand in `format.rs`.

/// A table of the format and its keys.
pub(super) struct Keys {
    /// What faults and the schema call one of them.
    pub(super) what: &'static str,
    /// What it is for.
    pub(super) about: &'static str,
    /// Every key it may have.
    pub(super) known: &'static [Key],
    /// Pairs of keys that cannot stand together, and what to do about it.
    pub(super) apart: &'static [(&'static str, &'static str, &'static str)],
    /// Keys that have a meaning only beside another, and what to do about it.
    pub(super) leaning: &'static [(&'static str, &'static str, &'static str)],
}

/// A key of a table.
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) takes: Shape,
    /// Whether the table cannot be without it.
    pub(super) required: bool,
    /// What it means; also the advice where it is missing.
    pub(super) about: &'static str,
}

/// What a key takes.
pub(super) enum Shape {
    /// Words.
    Text,
    /// A code, but none of these.
    Code { taken: &'static [&'static str] },
    /// One of some words.
    OneOf(fn() -> Vec<&'static str>),
    /// A whole number, both ends included.
    Whole(u32, u32),
    /// True or false.
    Flag,
    /// A number.
    Amount,
    /// A number, or the code of a question answered with one.
    AmountOrCode,
    /// A table.
    Table(&'static Keys),
    /// A table of tables, under names that the author chooses.
    Named(&'static Keys),
    /// A list of so many tables.
    Tables { of: &'static Keys, least: usize, most: usize },
    /// A list of texts that name something of the file, or of tables.
    NamesOr { of: &'static Keys, least: usize },
    /// A list of whole numbers, both ends included.
    Wholes(u32, u32),
}

/// A key that must be there.
pub(super) const fn must(name: &'static str, takes: Shape, about: &'static str) -> Key {
    Key { name, takes, required: true, about }
}

/// A key that may be left out.
pub(super) const fn may(name: &'static str, takes: Shape, about: &'static str) -> Key {
    Key { name, takes, required: false, about }
}

/// A table whose keys do not depend on each other.
pub(super) const fn table(what: &'static str, about: &'static str, known: &'static [Key]) -> Keys {
    Keys { what, about, known, apart: &[], leaning: &[] }
}

impl Keys {
    /// The key of a name.
    pub(super) fn key(&self, name: &str) -> Option<&'static Key> {
        self.known.iter().find(|key| key.name == name)
    }

    /// What one is called, without article.
    pub(super) fn noun(&self) -> &'static str {
        let what = self.what;
        what.strip_prefix("a ").or_else(|| what.strip_prefix("an ")).unwrap_or(what)
    }

    /// The names of all its keys.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.known.iter().map(|key| key.name)
    }
}
