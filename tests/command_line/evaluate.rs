//! Answers from files to figures in files, beside an independent reference; bad
//! input with every fault at once; nothing written that would tell too much.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::place::{Place, Ran};

const REFERENCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference");

type Rows = BTreeMap<Vec<String>, BTreeMap<String, String>>;

/// Reads a table by the columns that name its rows.
fn rows(path: &Path, key: &[&str]) -> Rows {
    let mut reader = csv::Reader::from_path(path).expect("a table");
    let mut rows = Rows::new();
    for row in reader.deserialize() {
        let row: BTreeMap<String, String> = row.expect("a row");
        let key = key.iter().map(|column| row[*column].clone()).collect();
        assert!(rows.insert(key, row).is_none(), "a row twice in {}", path.display());
    }
    rows
}

fn is_same(expected: &str, found: &str) -> bool {
    if expected == found {
        return true;
    }
    match (expected.parse::<f64>(), found.parse::<f64>()) {
        (Ok(one), Ok(other)) => (one - other).abs() <= 1e-9 * one.abs().max(other.abs()).max(1.0),
        _ => false,
    }
}

fn set(name: &str) -> PathBuf {
    Path::new(REFERENCE).join(name)
}

fn evaluate(place: &Place, set: &Path, more: &str) -> Ran {
    let survey = Path::new(REFERENCE).join("survey.toml");
    let (orgs, responses) = (set.join("orgs.csv"), set.join("responses.csv"));
    place.run(&format!(
        "evaluate --survey {} --orgs {} --responses {} {more}",
        survey.display(),
        orgs.display(),
        responses.display()
    ))
}

/// Every field of a table that the reference knows is the same.
fn compare(name: &str, expected: &Path, found: &Path, key: &[&str]) -> usize {
    let (expected, found) = (rows(expected, key), rows(found, key));
    let differ: Vec<_> = expected.keys().filter(|key| !found.contains_key(*key)).collect();
    assert!(differ.is_empty(), "{name}: missing {differ:?}");
    assert_eq!(expected.len(), found.len(), "{name}: more rows than expected");
    let mut filled = 0;
    for (key, row) in &expected {
        for (column, value) in row {
            let other = &found[key][column];
            assert!(is_same(value, other), "{name} {key:?} {column}: {value:?} and {other:?}");
            filled += usize::from(!value.is_empty());
        }
    }
    filled
}

#[test]
fn every_figure_is_that_of_the_independent_reference() {
    let place = Place::new();
    for name in ["set1", "set2", "set3"] {
        let from = set(name);
        let out = place.path(name);
        let more = format!("--out {} --precision full --set min_groups=0", out.display());
        let ran = evaluate(&place, &from, &more);
        assert_eq!(ran.code, 0, "{name}: {}", ran.err);
        let key = ["wave", "org", "measure"];
        let figures =
            compare(name, &from.join("expected_figures.csv"), &out.join("figures.csv"), &key);
        let key = ["wave", "org", "measure", "stat"];
        let stats = compare(name, &from.join("expected_region.csv"), &out.join("region.csv"), &key);
        assert!(figures > 3_000 && stats > 300, "{name}: only {figures} and {stats} fields");
        let responses = from.join("responses.csv");
        place.done(&format!("audit {} --ballots {}", out.display(), responses.display()));
    }
}

#[test]
fn published_precision_passes_the_audit_and_row_order_changes_no_byte() {
    let place = Place::new();
    let from = set("set1");
    for file in ["orgs.csv", "responses.csv"] {
        let text = fs::read_to_string(from.join(file)).expect("a file");
        let mut lines: Vec<&str> = text.lines().collect();
        lines[1..].reverse();
        place.write(&format!("turned/{file}"), &(lines.join("\n") + "\n"));
    }
    for (name, from) in [("one", from.clone()), ("other", place.path("turned"))] {
        let out = place.path(name);
        let ran = evaluate(&place, &from, &format!("--out {} --set min_groups=0", out.display()));
        assert_eq!(ran.code, 0, "{}", ran.err);
        place.done(&format!("audit {name} --ballots {}", from.join("responses.csv").display()));
    }
    for file in [
        "figures.csv",
        "distribution.csv",
        "region.csv",
        "datapackage.json",
        "release-2007-Q3.json",
        "release-2007-Q4.json",
    ] {
        let (one, other) =
            (place.read(&format!("one/{file}")), place.read(&format!("other/{file}")));
        assert!(one == other, "{file} differs with the order of rows");
    }
    assert!(place.read("one/figures.csv").contains(",<0.001,"), "no small chance in the set");
}

#[test]
fn bad_input_is_refused_with_every_fault_and_nothing_is_written() {
    let place = Place::new();
    let from = set("set2");
    let responses = fs::read_to_string(from.join("responses.csv")).expect("a file");
    let orgs = fs::read_to_string(from.join("orgs.csv")).expect("a file");
    let mut lines: Vec<String> = responses.lines().map(str::to_owned).collect();
    let change = |line: &str, at: usize, to: &str| {
        let mut fields: Vec<&str> = line.split(',').collect();
        fields[at] = to;
        fields.join(",")
    };
    lines[1] = change(&lines[1], 1, "nowhere");
    lines[2] = change(&lines[2], 3, "17");
    let twice = lines[3].clone();
    lines.push(twice);
    place.write("bad/orgs.csv", &orgs);
    place.write("bad/responses.csv", &(lines.join("\n") + "\n"));
    let ran = evaluate(&place, &place.path("bad"), "--out out --set min_groups=0");
    assert_eq!(ran.code, 1);
    for part in ["responses.csv:2", "nowhere", "responses.csv:3", "17", "hint", "3 faults"] {
        assert!(ran.err.contains(part), "{part}: {}", ran.err);
    }
    assert!(!place.path("out").exists());

    // More answers than people.
    let few = orgs.lines().map(|line| match line.rsplit_once(',') {
        Some((rest, invited)) if invited.parse::<u32>().is_ok() => format!("{rest},1"),
        _ => line.to_owned(),
    });
    place.write("few/orgs.csv", &(few.collect::<Vec<_>>().join("\n") + "\n"));
    place.write("few/responses.csv", &responses);
    let ran = evaluate(&place, &place.path("few"), "--out out --set min_groups=0");
    assert_eq!(ran.code, 1);
    assert!(ran.err.matches("from 1 invited").count() > 1, "{}", ran.err);
    assert!(!place.path("out").exists());

    let header = responses.lines().next().expect("a header").replace("P2", "P9");
    place.write("column/orgs.csv", &orgs);
    place.write("column/responses.csv", &format!("{header}\n"));
    let ran = evaluate(&place, &place.path("column"), "--out out --set min_groups=0");
    assert!(ran.code == 1 && ran.err.contains("P2") && ran.err.contains("P9"), "{}", ran.err);
}

#[test]
fn settings_are_checked_and_a_weaker_rule_is_refused() {
    let place = Place::new();
    let ran = evaluate(&place, &set("set2"), "--out out --set k=2,coalition=5,widht=1,fdr=0.5");
    assert_eq!(ran.code, 1);
    for part in ["k is 2", "coalition is 5", "did you mean width", "fdr is 0.5"] {
        assert!(ran.err.contains(part), "{part}: {}", ran.err);
    }
    let ran = evaluate(&place, &set("set2"), "--out out --set min_groups=3");
    assert!(ran.code == 1 && ran.err.contains("no column groups"), "{}", ran.err);
    assert!(!place.path("out").exists());
    let ran = evaluate(&place, &set("set2"), "--out strict --set k=7,width=30,confidence=0.9");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let count = |table: &str| table.lines().filter(|line| line.contains(",c,")).count();
    let ran = evaluate(&place, &set("set2"), "--out usual");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(count(&place.read("strict/figures.csv")) > count(&place.read("usual/figures.csv")));
}

#[test]
fn what_does_not_apply_may_be_written_as_its_option_too() {
    let place = Place::new();
    let from = set("set1");
    let responses = fs::read_to_string(from.join("responses.csv")).expect("a file");
    place.write("set/orgs.csv", &fs::read_to_string(from.join("orgs.csv")).expect("a file"));
    place.write("set/responses.csv", &responses.replace(",NA", ",99"));
    let ran = evaluate(&place, &place.path("set"), "--out out --set min_groups=0");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let ran = evaluate(&place, &from, "--out usual --set min_groups=0");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(place.read("out/figures.csv"), place.read("usual/figures.csv"));
}

#[test]
fn responses_from_no_group_are_refused_and_groups_decide_what_is_shown() {
    let place = Place::new();
    let from = set("set3");
    let orgs = fs::read_to_string(from.join("orgs.csv")).expect("a file");
    let with = |groups: &str| {
        let rows = orgs.lines().enumerate().map(|(at, line)| match at {
            0 => format!("{line},groups"),
            _ if line.contains(",pct,") => format!("{line},{groups}"),
            _ => format!("{line},"),
        });
        rows.collect::<Vec<_>>().join("\n") + "\n"
    };
    place
        .write("set/responses.csv", &fs::read_to_string(from.join("responses.csv")).expect("text"));
    place.write("set/orgs.csv", &with("0"));
    let ran = evaluate(&place, &place.path("set"), "--out out");
    assert!(ran.code == 1 && ran.err.contains("from no group"), "{}", ran.err);
    assert!(!place.path("out").exists());
    for (groups, shown) in [("2", false), ("3", true)] {
        place.write("set/orgs.csv", &with(groups));
        let ran = evaluate(&place, &place.path("set"), "--out out");
        assert_eq!(ran.code, 0, "{}", ran.err);
        let figures = place.read("out/figures.csv");
        let is_shown = figures
            .lines()
            .any(|line| line.contains(",pct,") && line.contains(",item,") && line.contains(",ok,"));
        assert_eq!(is_shown, shown, "{groups} groups in each PCT");
    }
}
