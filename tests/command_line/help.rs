//! What the program says about itself.

use crate::place::Place;

const COMMANDS: [&str; 44] = [
    "",
    "demo",
    "serve",
    "worker",
    "migrate",
    "check",
    "register",
    "register import",
    "stocktake",
    "stocktake import",
    "wave",
    "wave create",
    "wave open",
    "wave remind",
    "wave rehearse",
    "wave close",
    "wave set",
    "wave status",
    "wave links",
    "ballots",
    "ballots import",
    "ballots export",
    "release",
    "release build",
    "release publish",
    "release note",
    "release grant",
    "release withdraw",
    "release access",
    "release export",
    "audit",
    "evaluate",
    "backup",
    "restore",
    "bounce",
    "doctor",
    "trail",
    "user",
    "user add",
    "user link",
    "user token",
    "user list",
    "user reset-second-step",
    "user remove",
];

#[test]
fn every_command_explains_itself() {
    let place = Place::new();
    let mut said = String::new();
    for command in COMMANDS {
        let help = place.done(&format!("{command} --help"));
        said.push_str(&format!("=== {}\n{help}\n", format!("soundings {command}").trim_end()));
    }
    insta::assert_snapshot!(said);
    assert!(!place.path("data").exists(), "asking for help makes nothing");
}

#[test]
fn wrong_words_are_wrong_usage_and_point_to_help() {
    let place = Place::new();
    for line in [
        "",
        "nonsense",
        "check",
        "wave",
        "wave open",
        "wave open W1 W2",
        "wave open a/b",
        "wave open W1 --key",
        "wave open W1 --key paper",
        "wave open W1 --key file",
        "wave open W1 --key shares --shares 2of3 --out shares",
        "wave open W1 --key shares --shares 1of3 --holders a,b,c --out shares",
        "wave open W1 --key shares --shares 2of11 --holders a,b,c --out shares",
        "wave rehearse",
        "wave close W1 --passphrase-file p.txt",
        "wave close W1 --key-file k.age --share s.txt",
        "wave status ../secret",
        "wave create --code W1",
        "wave create --survey survey.toml --code W1 --opens 2007-11-32 --closes 2007-12-14",
        "register import",
        "stocktake import stocktake.csv",
        "stocktake import stocktake.csv --as-at 2007-06-31",
        "release export W1",
        "release export W1 --out results --format docx",
        "user add office@example.org",
        "user add office@example.org --role director",
        "user add nobody --role office",
        "serve --port 80",
        "demo --port 65536",
    ] {
        let why = place.misused(line);
        assert!(why.contains("--help") || why.contains("Usage: "), "{line}: {why}");
    }
    assert!(!place.path("data").exists(), "wrong words make nothing");
}

#[test]
fn a_wrong_value_is_answered_with_what_would_be_right() {
    let place = Place::new();
    let role = place.misused("user add office@example.org --role director");
    assert!(role.contains("choose office, clerk, sha, pct or lmc"), "{role}");
    let day = place.misused("stocktake import stocktake.csv --as-at 15.6.2007");
    assert!(day.contains("like 2007-06-15"), "{day}");
    let time = place
        .misused("wave create --survey survey.toml --code W1 --opens tomorrow --closes 2007-12-14");
    assert!(time.contains("write 2007-12-14T17:00 (London time)"), "{time}");
    let code = place.misused("wave status ../secret");
    assert!(code.contains("letters, digits"), "{code}");
}
