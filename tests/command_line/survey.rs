//! Survey definitions and stocktake tables with faults.

use crate::place::{CREATE_W1, Place};

const TWO_FAULTS: &str = r#"[survey]
slug = "two-faults"
version = "1"
"#;

#[test]
fn a_sound_survey_is_summed_up_in_a_line() {
    let place = Place::new();
    let said = place.done("check survey.toml");
    assert!(said.starts_with("survey.toml: pbc-east-of-england"), "{said}");
    assert_eq!(said.lines().count(), 1);
    assert!(!place.path("data").exists(), "checking needs no house");
}

#[test]
fn every_fault_of_a_survey_is_told_with_its_place_and_a_hint() {
    let place = Place::new();
    place.write("bad.toml", &place.read("survey.toml").replacen("scale = ", "scael = ", 2));
    let ran = place.run("check bad.toml survey.toml nowhere.toml");
    assert_eq!(ran.code, 1);
    assert!(ran.out.starts_with("survey.toml: "), "the sound one is told all the same");
    let places: Vec<&str> =
        ran.err.lines().filter(|line| line.trim_start().starts_with("--> bad.toml:")).collect();
    assert!(places.len() >= 2, "{}", ran.err);
    for place in places {
        let (_, at) = place.split_once("bad.toml:").expect("a place");
        assert!(at.split(':').all(|number| number.parse::<u32>().is_ok()), "{place}");
    }
    assert!(ran.err.contains("= help: "), "{}", ran.err);
    assert!(ran.err.contains("nowhere.toml cannot be read"), "{}", ran.err);
    assert!(ran.err.ends_with("soundings: 2 files are not sound\n"), "{}", ran.err);
}

#[test]
fn programs_get_each_fault_with_its_place() {
    let place = Place::new();
    place.write("bad.toml", &place.read("survey.toml").replacen("scale = ", "scael = ", 1));
    let ran = place.run("check survey.toml bad.toml --json");
    assert_eq!(ran.code, 1);
    let told: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(
        (&told[0]["sound"], &told[0]["survey"]),
        (&true.into(), &"pbc-east-of-england".into())
    );
    let faults = told[1]["faults"].as_array().expect("a list");
    assert!(faults.iter().any(|fault| fault["what"].to_string().contains("scael")), "{told}");
    for fault in faults {
        assert!(fault["line"].as_u64() > Some(1) && fault["column"].as_u64() > Some(0), "{fault}");
        assert!(fault["hint"].is_string(), "{fault}");
    }
    assert!(place.json("migrate")["steps"].as_u64() > Some(0));
    assert_eq!(place.json("migrate")["steps"], 0);
}

#[test]
fn programs_get_what_a_sound_survey_holds() {
    let told = Place::new().json("check survey.toml");
    let kinds = serde_json::json!({
        "choice": 6, "choices": 2, "grid": 2, "number": 9, "rating": 33, "text": 3,
    });
    assert_eq!(told[0]["kinds"], kinds);
    assert_eq!(told[0]["modules"], serde_json::json!(["R1", "R2", "R3", "R4"]));
    assert_eq!(told[0]["indexes"].as_array().map(Vec::len), Some(6));
    assert_eq!((&told[0]["mode"], &told[0]["items"]), (&"web".into(), &71.into()));
    assert!(told[0]["minutes"].as_u64().is_some_and(|minutes| (8..=16).contains(&minutes)));
}

#[test]
fn a_change_of_a_survey_is_told_by_what_it_does_to_each_trend() {
    let place = Place::new();
    let text = place.read("survey.toml");
    place.write("new.toml", &text.replacen("\"Strongly support\"", "\"Fully support\"", 1));
    let said = place.done("diff survey.toml new.toml");
    assert_eq!(
        said,
        "broken  ENT_SUP\n          \"Strongly support\" is now \"Fully support\"\n\
         76 trends go on, 1 break, 0 begin, 0 end.\n"
    );
    let told = place.json("diff survey.toml new.toml");
    let broken = told.as_array().expect("a list").iter().find(|one| one["trend"] == "broken");
    assert_eq!(broken.expect("a broken trend")["code"], "ENT_SUP");
    place.write("bad.toml", TWO_FAULTS);
    let why = place.refused("diff survey.toml bad.toml");
    assert!(why.contains("--> bad.toml:") && why.contains("only sound files"), "{why}");
}

#[test]
fn a_wave_is_not_made_from_a_survey_with_faults_and_is_once_they_are_mended() {
    let place = Place::with_register();
    let good = place.read("survey.toml");
    place.write("survey.toml", TWO_FAULTS);
    let why = place.refused(CREATE_W1);
    assert!(why.contains("--> survey.toml:"), "{why}");
    assert!(why.ends_with("soundings: the survey definition is not sound; no wave was created\n"));
    assert!(place.refused("wave status W1").contains("there is no wave W1"));
    place.write("survey.toml", &good);
    place.done(CREATE_W1);
}

#[test]
fn a_survey_that_is_missing_or_no_text_is_named() {
    let place = Place::with_register();
    let line = CREATE_W1.replace("survey.toml", "nowhere.toml");
    assert!(place.refused(&line).contains("nowhere.toml cannot be read"));
    std::fs::write(place.path("binary.toml"), [0xff, 0xfe, 0x00]).expect("written");
    let line = CREATE_W1.replace("survey.toml", "binary.toml");
    assert!(place.refused(&line).contains("binary.toml cannot be read: it is not UTF-8 text"));
}

#[test]
fn a_stocktake_is_kept_once_for_a_day() {
    let place = Place::with_register();
    let said = place.done("stocktake import stocktake.csv --as-at 2007-06-15");
    assert_eq!(said, "13 returns of 2007-06-15 are kept.\n");
    let why = place.refused("stocktake import stocktake.csv --as-at 2007-06-15");
    assert!(why.contains("there is a stocktake of 2007-06-15 already"), "{why}");
    let other = place.json("stocktake import stocktake.csv --as-at 2007-09-15");
    assert_eq!(other, serde_json::json!({ "as_at": "2007-09-15", "returns": 13 }));
}

#[test]
fn a_stocktake_with_faults_is_not_kept() {
    let place = Place::with_register();
    let good = place.read("stocktake.csv");
    place.edit("stocktake.csv", "A,Herts,yes,yes", "A,Hurts,yes,perhaps");
    let why = place.refused("stocktake import stocktake.csv --as-at 2007-06-15");
    assert!(why.contains("stocktake.csv:3:"), "{why}");
    assert!(why.contains("Hurts") && why.contains("perhaps"), "{why}");
    assert!(why.ends_with("soundings: nothing was changed\n"), "{why}");
    place.write("stocktake.csv", &good);
    place.done("stocktake import stocktake.csv --as-at 2007-06-15");
}
