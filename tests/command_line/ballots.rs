//! Answers on paper and from an older system become a wave like any other.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::place::Place;

fn set(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(file)
}

/// The reference survey, and its second set of answers by wave.
fn place() -> Place {
    let place = Place::new().set("SOUNDINGS_MIN_GROUPS", "0");
    fs::copy(set("survey.toml"), place.path("reference.toml")).expect("copied");
    fs::copy(set("set2/orgs.csv"), place.path("orgs.csv")).expect("copied");
    fs::copy(set("set2/responses.csv"), place.path("both.csv")).expect("copied");
    for wave in ["W1", "W2"] {
        place.write(&format!("{wave}.csv"), &of_wave(&place.read("both.csv"), wave));
    }
    place
}

/// The header and the lines of a wave.
fn of_wave(text: &str, wave: &str) -> String {
    let start = format!("{wave},");
    let lines = text.lines().enumerate();
    let own = lines.filter(|(at, line)| *at == 0 || line.starts_with(&start));
    own.map(|(_, line)| format!("{line}\n")).collect()
}

fn create(place: &Place, wave: &str, quarter: usize) {
    place.done(&format!(
        "wave create --import --survey reference.toml --code {wave} \
         --opens 2007-0{quarter}-01T09:00 --closes 2007-0{quarter}-20T17:00"
    ));
}

#[test]
fn imported_answers_give_the_figures_that_evaluate_gives_and_come_back_as_they_were() {
    let place = place();
    for (wave, quarter) in [("W1", 3), ("W2", 6)] {
        create(&place, wave, quarter);
        place.done(&format!("ballots import --wave {wave} {wave}.csv --orgs orgs.csv"));
        place.done(&format!("release build {wave}"));
        place.done(&format!("release publish {wave}"));
        place.done(&format!("release export {wave} --out {wave}"));
        place.done(&format!("ballots export --wave {wave} --out {wave}-again.csv"));
        place.done(&format!("audit {wave} --ballots {wave}-again.csv"));
        assert!(place.read(&format!("{wave}/release.json")).contains("\"imported\":true"));
    }
    let again = place.read("W1-again.csv") + &body(&place.read("W2-again.csv"));
    place.write("again.csv", &again);
    for (name, responses) in [("direct", "both.csv"), ("back", "again.csv")] {
        place.done(&format!(
            "evaluate --survey reference.toml --orgs orgs.csv --responses {responses} \
             --out {name} --set min_groups=0"
        ));
    }
    for file in ["figures.csv", "distribution.csv", "region.csv"] {
        let direct = place.read(&format!("direct/{file}"));
        assert_eq!(direct, place.read(&format!("back/{file}")), "{file} of what came back");
        for wave in ["W1", "W2"] {
            let own = place.read(&format!("{wave}/{file}"));
            assert_eq!(of_wave(&direct, wave), own, "{file} of {wave}");
            assert!(own.lines().count() > 10, "{file} of {wave} is empty");
        }
    }
    // The names and the order of the file are gone.
    let (given, back) = (place.read("W2.csv"), place.read("W2-again.csv"));
    assert!(!back.contains(",r1,"), "the name of a response is kept");
    assert_ne!(answers(&given), answers(&back), "the order of the file is kept");
    let sorted = |text: &str| {
        let mut rows = answers(text);
        rows.sort();
        rows
    };
    assert_eq!(sorted(&given).len(), sorted(&back).len());
}

fn body(text: &str) -> String {
    text.lines().skip(1).map(|line| format!("{line}\n")).collect()
}

/// Per line its unit and answers, without the response's name.
fn answers(text: &str) -> Vec<(String, String)> {
    let cells = |line: &str| {
        let mut cells = line.splitn(4, ',').skip(1);
        let unit = cells.next().expect("a unit").to_owned();
        (unit, cells.nth(1).expect("answers").to_owned())
    };
    text.lines().skip(1).map(cells).collect()
}

#[test]
fn an_import_tells_every_fault_and_changes_nothing() {
    let place = place();
    create(&place, "W1", 3);
    let good = place.read("W1.csv");
    let mut lines: Vec<String> = good.lines().map(str::to_owned).collect();
    lines.push(lines[1].clone());
    lines.push(lines[2].replacen(",b,", ",nowhere,", 1).replacen(",a,", ",nowhere,", 1));
    lines[3] = lines[3].rsplit_once(',').expect("cells").0.to_owned() + ",77";
    place.write("bad.csv", &(lines.join("\n") + "\n"));
    let line = "ballots import --wave W1 bad.csv --orgs orgs.csv";
    let told = place.refused(line);
    for wanted in ["bad.csv:4:", "stands on line 2 already", "write "] {
        assert!(told.contains(wanted), "{wanted:?} is missing in {told}");
    }
    assert!(told.lines().filter(|line| line.contains("bad.csv:")).count() >= 3, "{told}");
    place.edit("orgs.csv", "W1,a,Unit a,pct,R,7", "W1,a,Unit a,pct,R,1");
    let told = place.refused("ballots import --wave W1 W1.csv --orgs orgs.csv");
    assert!(told.contains("wave W1, a:") && told.contains("from 1 invited people"), "{told}");
    place.edit("orgs.csv", "W1,a,Unit a,pct,R,1", "W1,a,Unit a,pct,R,7");
    let told = place.refused("ballots import --wave W1 W2.csv --orgs orgs.csv");
    assert!(told.contains("W2.csv:2:"), "{told}");
    let status = place.json("wave status W1");
    assert_eq!((&status["state"], &status["answered"]), (&json!("draft"), &json!(0)));
    // Looking changes nothing either.
    let looked = place.json("ballots import --wave W1 W1.csv --orgs orgs.csv --dry-run");
    assert_eq!((&looked["changed"], &looked["invited"]), (&json!(false), &json!(37)));
    assert_eq!(place.json("wave status W1")["state"], "draft");
}

#[test]
fn answers_are_exchanged_until_they_are_published_and_only_where_nobody_is_asked() {
    let place = place();
    create(&place, "W1", 3);
    place.done("register import register");
    assert!(place.refused("wave open W1").contains("ballots import"));
    place.done("ballots import --wave W1 W1.csv --orgs orgs.csv");
    place.done("release build W1");
    let line = "ballots import --wave W1 less.csv --orgs orgs.csv";
    let all = place.read("W1.csv");
    let last = all.lines().count() - 1;
    let less: Vec<&str> = all.lines().take(last).collect();
    place.write("less.csv", &(less.join("\n") + "\n"));
    assert!(place.refused(line).contains("--replace"));
    let replaced = place.json(&format!("{line} --replace"));
    assert_eq!(replaced["ballots"], json!(last - 1));
    // What was made of the answers before is gone.
    assert!(place.refused("release publish W1").contains("build it first"));
    place.done("release build W1");
    place.done("release publish W1");
    assert!(place.refused(&format!("{line} --replace")).contains("published"));

    // A wave that asks people takes no files, and gives none of their answers.
    place.done(crate::place::CREATE_W1.replace("W1", "ASKS").as_str());
    assert!(place.refused("ballots import --wave ASKS W1.csv").contains("--import"));
    assert!(place.refused("ballots export --wave ASKS --out asks.csv").contains("figures only"));
    assert!(!place.path("asks.csv").exists() && !place.path("asks.csv.part").exists());
    place.done(
        "wave create --import --survey reference.toml --code LATER \
         --opens 2097-03-01T09:00 --closes 2097-04-01T09:00",
    );
    let told = place.refused("ballots import --wave LATER W1.csv --orgs orgs.csv");
    assert!(told.contains("closing time"), "{told}");
}

#[test]
fn without_a_file_of_organisations_the_register_says_who_was_asked() {
    // Three groups are wanted behind a figure, as for everybody.
    let place = Place::with_register();
    place.done(
        "wave create --import --survey survey.toml --code PAPER \
         --opens 2007-03-01T09:00 --closes 2007-04-01T09:00",
    );
    let told = place.refused("ballots import --wave PAPER register/leads.csv");
    assert!(told.contains("the column wave is missing"), "{told}");
    // The header tells which columns there are: one fault for each that is missing.
    place.write("head.csv", "wave,org,resp\n");
    let told = place.run("ballots import --wave PAPER head.csv").err;
    let items: Vec<&str> = told
        .lines()
        .filter_map(|line| line.split("the column ").nth(1)?.split(" is missing").next())
        .collect();
    assert!(items.len() > 40, "{told}");
    let mut text = format!("wave,org,resp,{}\n", items.join(","));
    let blank = ",".repeat(items.len() - 1);
    for (unit, many) in [("herts", 5), ("norfolk", 8)] {
        for number in 0..many {
            text += &format!("PAPER,{unit},p{number},{}{blank}\n", 1 + number % 3);
        }
    }
    place.write("paper.csv", &text);
    let imported = place.json("ballots import --wave PAPER paper.csv");
    assert_eq!(
        imported,
        json!({ "wave": "PAPER", "ballots": 13, "units": 2, "invited": 162, "changed": true })
    );
    let status = place.done("wave status PAPER");
    assert!(status.contains("162 leads invited, 13 answered"), "{status}");
    assert!(status.contains("came from a file"), "{status}");
    place.done("release build PAPER");
}
