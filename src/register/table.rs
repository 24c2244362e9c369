//! The tables of a register: their names, and how each is recognised by the name of a
//! file or a sheet.

use super::sheet::Columns;
use super::{cluster, group, lead, pct, unit};

/// One of the five tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TableKind {
    /// Clusters, where the region has them.
    Clusters,
    /// Statutory PCTs.
    Pcts,
    /// Reporting units.
    Units,
    /// PBC groups.
    Groups,
    /// Leads.
    Leads,
}

impl TableKind {
    /// All of them, in the order of a workbook's sheets.
    pub const ALL: [Self; 5] = [Self::Clusters, Self::Pcts, Self::Units, Self::Groups, Self::Leads];

    /// The name of its sheet, and of its file without the ending.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Clusters => "clusters",
            Self::Pcts => "pcts",
            Self::Units => "reporting-units",
            Self::Groups => "consortia",
            Self::Leads => "leads",
        }
    }

    /// The name of its file.
    #[must_use]
    pub fn file(self) -> String {
        format!("{}.csv", self.word())
    }

    /// The table that a file or a sheet of this name holds: letter case, days and the
    /// numbers of copies in the name aside, such as `Leads (2)` or `leads-2007-11-20`.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        let words: Vec<&str> =
            name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let mut named = Self::ALL.into_iter().filter(|kind| {
            let wanted: Vec<&str> = kind.word().split('-').collect();
            words.windows(wanted.len()).any(|some| some == wanted)
        });
        match (named.next(), named.next()) {
            (Some(kind), None) => Some(kind),
            _ => None,
        }
    }

    /// Its columns, in the order in which they are written.
    #[must_use]
    pub fn columns(self) -> Vec<&'static str> {
        self.own_columns().all().collect()
    }

    /// Those of its columns that may be left out.
    #[must_use]
    pub fn optional_columns(self) -> &'static [&'static str] {
        self.own_columns().optional
    }

    fn own_columns(self) -> Columns {
        match self {
            Self::Clusters => cluster::COLUMNS,
            Self::Pcts => pct::COLUMNS,
            Self::Units => unit::COLUMNS,
            Self::Groups => group::COLUMNS,
            Self::Leads => lead::COLUMNS,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_recognised_however_its_file_was_called() {
        for (name, kind) in [
            ("leads.csv", Some(TableKind::Leads)),
            ("Leads (2).CSV", Some(TableKind::Leads)),
            ("reporting-units-2007-11-20.csv", Some(TableKind::Units)),
            ("Reporting units", Some(TableKind::Units)),
            ("register_PCTS", Some(TableKind::Pcts)),
            ("misleads", None),
            ("leads and consortia", None),
            ("Sheet1", None),
        ] {
            assert_eq!(TableKind::of_name(name), kind, "{name}");
        }
    }
}
