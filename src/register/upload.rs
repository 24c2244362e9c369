//! What the office uploads becomes the register it would make: one workbook, or some of
//! the CSV files. A table that is not among them stays as it is held.

use std::collections::BTreeMap;

use crate::fault::{Fault, Faults, nearest};

use super::read::{Files, Given, NamedRows, NamedText, read};
use super::workbook::{BookSheet, sheet_name, sheets};
use super::write::csv;
use super::{Register, TableKind};

/// A file as it was sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Uploaded {
    /// Its name on the computer that it came from.
    pub name: String,
    /// What stands in it.
    pub bytes: Vec<u8>,
}

/// What an upload would make of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadUpload {
    /// The register after it.
    pub register: Register,
    /// The tables that were in it, in order.
    pub brought: Vec<TableKind>,
    /// Sheets that were not read, each in a sentence.
    pub notes: Vec<String>,
}

/// One table of an upload.
enum Table<'a> {
    File(&'a Uploaded),
    Sheet(String, BookSheet),
}

impl Table<'_> {
    fn given(&self) -> Given<'_> {
        match self {
            Self::File(file) => NamedText { name: &file.name, text: &file.bytes }.into(),
            Self::Sheet(name, sheet) => Given::Rows(NamedRows { name, rows: &sheet.rows }),
        }
    }
}

/// Whether a file is a workbook, by its name.
#[must_use]
pub fn is_workbook(name: &str) -> bool {
    name.to_lowercase().ends_with(".xlsx")
}

/// Reads an upload beside the register held.
///
/// # Errors
/// Every fault of every file or sheet, references between them included.
pub fn read_upload(files: &[Uploaded], held: &Register) -> Result<ReadUpload, Faults> {
    let (tables, notes) = sort(files)?;
    let kept: BTreeMap<TableKind, (String, String)> = TableKind::ALL
        .into_iter()
        .filter(|kind| !tables.contains_key(kind))
        .map(|kind| (kind, (format!("{} (as held)", kind.word()), csv(held, kind))))
        .collect();
    if held.units.is_empty() {
        check_nothing_is_missing(&tables)?;
    }
    let given = |kind| match (tables.get(&kind), kept.get(&kind)) {
        (Some(table), _) => table.given(),
        (None, Some((name, text))) => NamedText { name, text: text.as_bytes() }.into(),
        (None, None) => NamedText { name: kind.word(), text: b"" }.into(),
    };
    let has_clusters = tables.contains_key(&TableKind::Clusters) || !held.clusters.is_empty();
    let register = read(&Files {
        clusters: has_clusters.then(|| given(TableKind::Clusters)),
        pcts: given(TableKind::Pcts),
        units: given(TableKind::Units),
        groups: given(TableKind::Groups),
        leads: given(TableKind::Leads),
    })
    .map_err(|faults| of_what_is_held(&faults, &kept))?;
    Ok(ReadUpload { register, brought: tables.keys().copied().collect(), notes })
}

type Sorted<'a> = (BTreeMap<TableKind, Table<'a>>, Vec<String>);

/// Which file or sheet is which table.
fn sort(files: &[Uploaded]) -> Result<Sorted<'_>, Faults> {
    let whole = |file: &str, what: &str, hint: &str| {
        Faults::new(vec![Fault::of_file(file, what).hint(hint)])
    };
    match files {
        [] => Err(whole("the upload", "no file was sent", "choose a workbook or the CSV files")),
        [book] if is_workbook(&book.name) => of_book(book),
        several => {
            if let Some(book) = several.iter().find(|file| is_workbook(&file.name)) {
                let hint = "send one workbook, or the CSV files";
                return Err(whole(&book.name, "is a workbook among other files", hint));
            }
            of_files(several).map(|tables| (tables, Vec::new()))
        }
    }
}

fn of_files(files: &[Uploaded]) -> Result<BTreeMap<TableKind, Table<'_>>, Faults> {
    let mut tables = BTreeMap::new();
    let mut faults = Vec::new();
    for file in files {
        let Some(kind) = TableKind::of_name(&file.name) else {
            let names: Vec<String> = TableKind::ALL.into_iter().map(TableKind::file).collect();
            let what = "is not one of the register's files";
            let hint = format!("call it {}, or send a workbook (.xlsx)", names.join(", "));
            faults.push(Fault::of_file(&file.name, what).hint(hint));
            continue;
        };
        if tables.insert(kind, Table::File(file)).is_some() {
            let what = format!("is a second file of {}", kind.word());
            faults.push(Fault::of_file(&file.name, what).hint("send one of them"));
        }
    }
    if faults.is_empty() { Ok(tables) } else { Err(Faults::new(faults)) }
}

fn of_book(book: &Uploaded) -> Result<Sorted<'_>, Faults> {
    let mut tables = BTreeMap::new();
    let (mut notes, mut faults) = (Vec::new(), Vec::new());
    for sheet in sheets(&book.name, &book.bytes)? {
        let name = sheet_name(&sheet.name);
        let Some(kind) = TableKind::of_name(&sheet.name) else {
            notes.push(not_read(&sheet.name));
            continue;
        };
        if tables.insert(kind, Table::Sheet(name.clone(), sheet)).is_some() {
            let what = format!("is a second sheet of {}", kind.word());
            faults.push(Fault::of_file(&name, what).hint("rename or delete one of them"));
        }
    }
    if tables.is_empty() {
        let names: Vec<&str> = TableKind::ALL.into_iter().map(TableKind::word).collect();
        let what = "has none of the register's sheets";
        let hint = format!("call the sheets {}", names.join(", "));
        faults.push(Fault::of_file(&book.name, what).hint(hint));
    }
    if faults.is_empty() { Ok((tables, notes)) } else { Err(Faults::new(faults)) }
}

fn not_read(name: &str) -> String {
    let meant = nearest(name, TableKind::ALL.into_iter().map(TableKind::word));
    let shown: String = name.chars().take(60).collect();
    let note = format!("The sheet “{shown}” was not read.");
    meant.map_or(note.clone(), |meant| format!("{note} Did you mean {meant}?"))
}

fn check_nothing_is_missing(tables: &BTreeMap<TableKind, Table<'_>>) -> Result<(), Faults> {
    let needed = TableKind::ALL.into_iter().filter(|kind| *kind != TableKind::Clusters);
    let faults: Vec<Fault> = needed
        .filter(|kind| !tables.contains_key(kind))
        .map(|kind| {
            let what = "is missing, and no register is held yet that it could be taken from";
            let hint = format!("send it, too, with the columns {}", kind.columns().join(", "));
            Fault::of_file(kind.word(), what).hint(hint)
        })
        .collect();
    if faults.is_empty() { Ok(()) } else { Err(Faults::new(faults)) }
}

/// Faults of a table that was not sent have no place in what was sent: they name the
/// row by its code instead.
fn of_what_is_held(faults: &Faults, kept: &BTreeMap<TableKind, (String, String)>) -> Faults {
    let placed = |fault: &Fault| {
        let mut fault = fault.clone();
        if let Some((_, text)) = kept.values().find(|(name, _)| *name == fault.file) {
            let row = text.lines().nth(fault.line.saturating_sub(1)).unwrap_or_default();
            let code = row.split(',').next().unwrap_or_default();
            fault.what = format!("{code}: {}", fault.what);
            (fault.line, fault.column) = (0, 0);
            let hint = "send this table, too, or leave in the others what it needs";
            fault.hint.get_or_insert_with(|| hint.to_owned());
        }
        fault
    };
    Faults::new(faults.iter().map(placed).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::{book, difference, sample};

    fn file(name: &str, text: &str) -> Uploaded {
        Uploaded { name: name.to_owned(), bytes: text.as_bytes().to_vec() }
    }

    fn faults(files: &[Uploaded], held: &Register) -> Vec<String> {
        let faults = read_upload(files, held).expect_err("faults");
        faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_exported_makes_no_difference() {
        let held = sample();
        let day = chrono::NaiveDate::from_ymd_opt(2007, 11, 20).expect("a day");
        let book = book(&held, day).expect("a workbook");
        let book = Uploaded { name: "Register.XLSX".to_owned(), bytes: book };
        let read = read_upload(&[book], &Register::default()).expect("a register");
        assert_eq!(read.register, held);
        let files: Vec<Uploaded> = TableKind::ALL
            .into_iter()
            .map(|kind| file(&format!("2007-11-20-{}", kind.file()), &csv(&held, kind)))
            .collect();
        let read = read_upload(&files, &Register::default()).expect("a register");
        assert!(difference(&held, &read.register).is_empty());
    }

    #[test]
    fn a_table_that_is_not_sent_stays_as_it_is_held() {
        let held = sample();
        let leads = "consortium_slug,name,role,email\navocet,Dora Fen,GP chair,dora@example.org\n";
        let read = read_upload(&[file("leads.csv", leads)], &held).expect("a register");
        assert_eq!((read.brought, read.register.leads.len()), (vec![TableKind::Leads], 1));
        assert_eq!((read.register.groups, read.register.pcts), (held.groups, held.pcts));
    }

    #[test]
    fn a_fault_of_what_is_held_names_the_row_by_its_code() {
        let groups = "slug,name,pct_code\nknot,Knot Group,5P4\n";
        let found = faults(&[file("consortia.csv", groups)], &sample());
        assert_eq!(found.len(), 2);
        assert_eq!(
            found[0],
            "leads (as held): avocet: the PBC group \"avocet\" is not in consortia.csv\n    \
             hint: send this table, too, or leave in the others what it needs"
        );
    }

    #[test]
    fn what_cannot_be_sorted_is_said_at_once() {
        let none = Register::default();
        let found =
            faults(&[file("leads.csv", ""), file("Leads (1).csv", ""), file("x.csv", "")], &none);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].starts_with("Leads (1).csv: is a second file of leads"));
        assert!(found[1].starts_with("x.csv: is not one of the register's files"));
        let found = faults(&[file("leads.csv", "")], &none).join("\n");
        assert!(found.contains("pcts: is missing") && !found.contains("clusters: is"), "{found}");
        assert!(faults(&[], &none)[0].contains("no file was sent"));
        assert!(faults(&[file("a.xlsx", ""), file("leads.csv", "")], &none)[0].contains("among"));
        assert_eq!(not_read("leeds"), "The sheet “leeds” was not read. Did you mean leads?");
    }

    #[test]
    fn a_fault_in_a_workbook_has_its_cell() {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.set_name("LEADS").expect("a name");
        for (at, text) in (0..).zip(["consortium_slug", "name", "role", "email"]) {
            sheet.write(0, at, text).expect("a cell");
        }
        for (at, text) in (0..).zip(["avocet", "Dora\r\nFen", "", "nobody"]) {
            sheet.write(4, at, text).expect("a cell");
        }
        for (at, text) in (0..).zip(["avocet", "Dora", "chair", "nobody"]) {
            sheet.write(5, at, text).expect("a cell");
        }
        let bytes = book.save_to_buffer().expect("a workbook");
        let book = Uploaded { name: "r.xlsx".to_owned(), bytes };
        let found = faults(&[book], &sample());
        assert!(found[0].starts_with("sheet LEADS:5:2: the cell contains"), "{found:?}");
        assert!(found[1].starts_with("sheet LEADS:6:4: email has 0 @ signs"), "{found:?}");
    }
}
