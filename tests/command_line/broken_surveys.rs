//! More than a hundred survey files with one slip each, as `soundings check` sees them.
//! Each file says in its first two lines which fault must be told, and where:
//!
//! ```text
//! #! LINE:COLUMN what is wrong
//! #! hint: what to do
//! ```
//!
//! and in a third, `#! an editor sees it too`, that the JSON Schema refuses it.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::place::Place;

/// The broken files, in order of name.
pub fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken_surveys");
    let entries = fs::read_dir(folder).expect("the folder of broken files");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    files
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).expect("a name")
}

/// The place, the words and the hint that a file expects.
fn expected(path: &Path) -> (String, String, String) {
    let text = fs::read_to_string(path).expect("a text");
    let mut lines = text.lines();
    let mut line = |start: &str| {
        let line = lines.next().and_then(|line| line.strip_prefix(start));
        line.unwrap_or_else(|| panic!("{} does not say {start:?}", name(path))).to_owned()
    };
    let fault = line("#! ");
    let (place, what) = fault.split_once(' ').expect("a place and words");
    (place.to_owned(), what.to_owned(), line("#! hint: "))
}

#[test]
fn each_slip_is_told_alone_at_its_place_with_advice() {
    let place = Place::new();
    let files = files();
    assert!(files.len() >= 100, "{}", files.len());
    let mut command = place.command(["check", "--json"]);
    let ran = command.args(&files).output().expect("it starts");
    assert_eq!(ran.status.code(), Some(1));
    let told: Value = serde_json::from_slice(&ran.stdout).expect("JSON");
    for (path, told) in files.iter().zip(told.as_array().expect("a list")) {
        let (place, what, hint) = expected(path);
        let faults = told["faults"].as_array().expect("faults");
        let said: Vec<(String, &str, &str)> = faults
            .iter()
            .map(|fault| {
                let place = format!("{}:{}", fault["line"], fault["column"]);
                let text = |key: &str| fault[key].as_str().unwrap_or("nothing");
                (place, text("what"), text("hint"))
            })
            .collect();
        assert_eq!(said, [(place, what.as_str(), hint.as_str())], "{}", name(path));
    }
}

#[test]
fn people_see_the_line_of_each_slip_underlined() {
    let place = Place::new();
    for path in files() {
        let (at, what, hint) = expected(&path);
        place.write(name(&path), &fs::read_to_string(&path).expect("a text"));
        let said = place.refused(&format!("check {}", name(&path)));
        let arrow = format!("--> {}:{at}\n", name(&path));
        for part in [format!("error: {what}"), arrow, "^".into(), format!("help: {hint}")] {
            assert!(said.contains(&part), "no {part:?} in {said}");
        }
        assert!(said.ends_with("\n1 fault\nsoundings: one file is not sound\n"), "{said}");
    }
}
