//! The JSON Schema by which editors complete survey files, against the parser.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use crate::broken_surveys;
use crate::place::Place;

const KEPT: &str = include_str!("../../survey_definitions/survey.schema.json");

fn validator() -> Validator {
    let schema: Value = serde_json::from_str(KEPT).expect("JSON");
    jsonschema::validator_for(&schema).expect("a schema of its own draft")
}

/// The JSON of a TOML file; none if it is no TOML.
fn as_json(text: &str) -> Option<Value> {
    toml::from_str::<toml::Value>(text).ok().map(|value| json!(value))
}

fn surveys() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("survey_definitions");
    let entries = fs::read_dir(folder).expect("the folder of surveys");
    let paths = entries.map(|entry| entry.expect("an entry").path().join("survey.toml"));
    let found = paths.filter(|path| path.is_file());
    found
        .map(|path| (path.display().to_string(), fs::read_to_string(&path).expect("a text")))
        .collect()
}

#[test]
fn the_schema_that_is_kept_is_the_one_that_the_program_prints() {
    let printed = Place::new().done("check --schema");
    assert_eq!(
        printed, KEPT,
        "make it anew: soundings check --schema > survey_definitions/survey.schema.json"
    );
    assert!(Place::new().misused("check --schema survey.toml").contains("--schema"));
}

#[test]
fn every_survey_of_the_project_is_valid_and_names_the_schema() {
    let (validator, surveys) = (validator(), surveys());
    assert!(surveys.len() >= 2);
    for (name, text) in surveys {
        assert!(text.starts_with("#:schema ../survey.schema.json\n"), "{name}");
        let value = as_json(&text).expect("TOML");
        let faults: Vec<String> = validator.iter_errors(&value).map(|e| e.to_string()).collect();
        assert!(faults.is_empty(), "{name}: {faults:?}");
    }
}

#[test]
fn slips_of_structure_are_refused_by_the_schema_and_no_others() {
    let validator = validator();
    let mut wrong = Vec::new();
    for path in broken_surveys::files() {
        let text = fs::read_to_string(&path).expect("a text");
        let is_refused = as_json(&text).is_some_and(|value| !validator.is_valid(&value));
        if is_refused != text.contains("\n#! an editor sees it too\n") {
            wrong.push((path, is_refused));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_page_for_authors_teaches_each_key_by_an_example_that_is_sound() {
    let page = include_str!("../../survey_definitions/README.md");
    let (_, rest) = page.split_once("```toml\n").expect("an example");
    let (example, _) = rest.split_once("```").expect("its end");
    let place = Place::new();
    place.write("example.toml", example);
    place.done("check example.toml");
    for (table, keys) in keys_of_the_schema() {
        for key in keys {
            let ways =
                [format!("`{key}"), format!("\n{key} ="), format!("{key} = "), format!(" {key},")];
            let headers = [format!("[{key}"), format!("[[{key}")];
            let is_taught = ways.iter().chain(&headers).any(|way| page.contains(way));
            assert!(is_taught, "{key} of {table} is not taught");
        }
    }
    assert!(page.lines().count() < 170);
}

/// A sound survey with every table of the format; `KEY` marks where a key can be
/// added to each.
const WHOLE: &str = r#"format = 1
code = "corner-shop"
title = "Our shop"
version = "1"
#the-file
[texts]
welcome = "Tell us how we do."
#texts
[consent]
item = "CARD"
value = 1
#consent
[answers.DK]
value = 98
label = "Don't know"
#option
[scales.GOOD]
options = [{ value = 1, label = "Good", score = 100 }, { value = 2, label = "Poor", score = 0 }]
#scale
[[modules]]
code = "M1"
title = "Bread"
#module
[[sections]]
code = "A"
title = "The shop"
#section
[[sections.questions]]
code = "CARD"
ask = "Do you have our card?"
kind = "choice"
options = [{ value = 1, label = "Yes" }, { value = 2, label = "No" }]
#question
[sections.questions.options_from]
question = "WISH"
#options_from
[[sections.questions]]
code = "SHELF"
ask = "How are our shelves?"
kind = "grid"
scale = "GOOD"
[[sections.questions.rows]]
code = "SHELF_BREAD"
label = "Bread"
#row
[[sections.questions]]
code = "VISITS"
ask = "How often did you come?"
kind = "number"
[[sections.questions.bands]]
up_to = 3
[[sections.questions.bands]]
label = "More"
#band
[[indexes]]
code = "IDX"
label = "All"
#index
[[indexes.items]]
item = "SHELF_BREAD"
#entry-of-items
"#;

/// The keys of each table by the mark of its place in [`WHOLE`].
fn keys_of_the_schema() -> Vec<(String, BTreeSet<String>)> {
    let schema: Value = serde_json::from_str(KEPT).expect("JSON");
    let keys = |table: &Value| {
        let properties: &Map<String, Value> = table["properties"].as_object().expect("keys");
        for (key, of) in properties {
            assert!(of["description"].as_str().is_some_and(|d| d.ends_with('.')), "{key}");
        }
        properties.keys().cloned().collect()
    };
    let mut all = vec![("the-file".to_owned(), keys(&schema))];
    let tables = schema["$defs"].as_object().expect("tables");
    all.extend(tables.iter().map(|(name, table)| (name.clone(), keys(table))));
    all
}

#[test]
fn the_parser_knows_each_key_of_the_schema_and_no_other() {
    let place = Place::new();
    let tables = keys_of_the_schema();
    assert_eq!(tables.len(), WHOLE.matches("\n#").count());
    let every: BTreeSet<&str> =
        tables.iter().flat_map(|(_, keys)| keys).map(String::as_str).chain(["colour"]).collect();
    let mut cases = Vec::new();
    for (mark, keys) in &tables {
        let mark_line = format!("#{mark}\n");
        assert_eq!(WHOLE.matches(&mark_line).count(), 1, "{mark}");
        for key in &every {
            let file = format!("{mark}.{key}.toml");
            place.write(&file, &WHOLE.replacen(&mark_line, &format!("{key} = 1\n"), 1));
            cases.push((file, *key, keys.contains(*key)));
        }
    }
    let files = cases.iter().map(|(file, ..)| file.as_str());
    let ran = place.command(["check", "--json"].into_iter().chain(files)).output();
    let told: Value = serde_json::from_slice(&ran.expect("it starts").stdout).expect("JSON");
    for ((file, key, is_known), told) in cases.iter().zip(told.as_array().expect("a list")) {
        let is_unknown = told.to_string().contains(&format!("has no key `{key}`"));
        assert_ne!(*is_known, is_unknown, "{file}: {told}");
    }
}
