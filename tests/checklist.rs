//! The security checklist in `docs/asvs.md` is whole, and what it points at is there.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The requirements of levels 1 and 2 of OWASP ASVS 5.0.0, by section.
const WANTED: &[(&str, &[u8])] = &[
    ("1.1", &[1, 2]),
    ("1.2", &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ("1.3", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    ("1.4", &[1, 2, 3]),
    ("1.5", &[1, 2]),
    ("2.1", &[1, 2, 3]),
    ("2.2", &[1, 2, 3]),
    ("2.3", &[1, 2, 3, 4]),
    ("2.4", &[1]),
    ("3.2", &[1, 2]),
    ("3.3", &[1, 2, 3, 4]),
    ("3.4", &[1, 2, 3, 4, 5, 6]),
    ("3.5", &[1, 2, 3, 4, 5]),
    ("3.7", &[1, 2]),
    ("4.1", &[1, 2, 3]),
    ("4.2", &[1]),
    ("4.3", &[1, 2]),
    ("4.4", &[1, 2, 3, 4]),
    ("5.1", &[1]),
    ("5.2", &[1, 2, 3]),
    ("5.3", &[1, 2]),
    ("5.4", &[1, 2, 3]),
    ("6.1", &[1, 2, 3]),
    ("6.2", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    ("6.3", &[1, 2, 3, 4]),
    ("6.4", &[1, 2, 3, 4]),
    ("6.5", &[1, 2, 3, 4, 5]),
    ("6.6", &[1, 2, 3]),
    ("6.8", &[1, 2, 3, 4]),
    ("7.1", &[1, 2, 3]),
    ("7.2", &[1, 2, 3, 4]),
    ("7.3", &[1, 2]),
    ("7.4", &[1, 2, 3, 4, 5]),
    ("7.5", &[1, 2]),
    ("7.6", &[1, 2]),
    ("8.1", &[1, 2]),
    ("8.2", &[1, 2, 3]),
    ("8.3", &[1]),
    ("8.4", &[1]),
    ("9.1", &[1, 2, 3]),
    ("9.2", &[1, 2, 3, 4]),
    ("10.1", &[1, 2]),
    ("10.2", &[1, 2]),
    ("10.3", &[1, 2, 3, 4]),
    ("10.4", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    ("10.5", &[1, 2, 3, 4, 5]),
    ("10.6", &[1, 2]),
    ("10.7", &[1, 2, 3]),
    ("11.1", &[1, 2]),
    ("11.2", &[1, 2, 3]),
    ("11.3", &[1, 2, 3]),
    ("11.4", &[1, 2, 3, 4]),
    ("11.5", &[1]),
    ("11.6", &[1]),
    ("12.1", &[1, 2, 3]),
    ("12.2", &[1, 2]),
    ("12.3", &[1, 2, 3, 4]),
    ("13.1", &[1]),
    ("13.2", &[1, 2, 3, 4, 5]),
    ("13.3", &[1, 2]),
    ("13.4", &[1, 2, 3, 4, 5]),
    ("14.1", &[1, 2]),
    ("14.2", &[1, 2, 3, 4]),
    ("14.3", &[1, 2, 3]),
    ("15.1", &[1, 2, 3]),
    ("15.2", &[1, 2, 3]),
    ("15.3", &[1, 2, 3, 4, 5, 6, 7]),
    ("16.1", &[1]),
    ("16.2", &[1, 2, 3, 4, 5]),
    ("16.3", &[1, 2, 3, 4]),
    ("16.4", &[1, 2, 3]),
    ("16.5", &[1, 2, 3]),
    ("17.1", &[1]),
    ("17.2", &[1, 2, 3, 4]),
    ("17.3", &[1, 2]),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// The rows of the tables, by number.
fn rows(text: &str) -> BTreeMap<String, Vec<String>> {
    let mut rows: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, number, _, how, _] = cells.as_slice() else { continue };
        if number.starts_with(|c: char| c.is_ascii_digit()) {
            rows.entry((*number).to_owned()).or_default().push((*how).to_owned());
        }
    }
    rows
}

#[test]
fn every_requirement_of_levels_1_and_2_has_one_row_with_an_answer() {
    let rows = rows(&read(&root().join("docs/asvs.md")));
    let wanted: BTreeSet<String> = WANTED
        .iter()
        .flat_map(|(section, numbers)| numbers.iter().map(move |n| format!("{section}.{n}")))
        .collect();
    let found: BTreeSet<String> = rows.keys().cloned().collect();
    assert_eq!(wanted.difference(&found).collect::<Vec<_>>(), Vec::<&String>::new(), "missing");
    assert_eq!(found.difference(&wanted).collect::<Vec<_>>(), Vec::<&String>::new(), "unknown");
    for (number, answers) in rows {
        let [answer] = answers.as_slice() else { panic!("{number} has {} rows", answers.len()) };
        let begins = ["Met", "Partly", "Not met", "– ", "Up to whoever"];
        assert!(begins.iter().any(|word| answer.starts_with(word)), "{number}: {answer}");
    }
}

#[test]
fn every_test_and_file_that_the_checklist_names_is_there() {
    let text = read(&root().join("docs/asvs.md"));
    let mut tests = 0;
    for (at, named) in text.split('`').enumerate().filter(|(at, _)| at % 2 == 1) {
        if let Some((file, test)) = named.split_once(".rs: ") {
            let places = [
                format!("tests/service/{file}.rs"),
                format!("tests/command_line/{file}.rs"),
                format!("{file}.rs"),
            ];
            let path = places.iter().map(|place| root().join(place)).find(|path| path.is_file());
            let source = read(&path.unwrap_or_else(|| panic!("{named}: there is no such file")));
            // `on_both!(name,` makes two tests, `fn name()` is one; some macros take a name, too.
            let there = [format!("({test},"), format!("fn {test}("), format!("    {test},")];
            assert!(there.iter().any(|form| source.contains(form)), "{named} (part {at})");
            tests += 1;
        } else if ["src/", "tests/", "deploy/"].iter().any(|start| named.starts_with(start)) {
            assert!(root().join(named).exists(), "{named} is not there");
        }
    }
    assert!(tests > 80, "only {tests} tests are named");
}
