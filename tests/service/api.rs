//! `/api/v1` from outside: what is published, by token, as its own document
//! says; another program (schemathesis) tries to prove it wrong.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use soundings::account::Role;
use soundings::flow;

use crate::results::closed;
use crate::support::house::{TestHouse, code};
use crate::support::visitor::{Reply, Visitor};
use crate::support::{WAVE, on_both};

fn token(house: &TestHouse, role: Role) -> String {
    house.sign_in_link(role);
    let email = format!("{}@sha.example.org", role.word()).parse().expect("an address");
    let token = flow::issue_api_token(&house.house, &email).expect("a token");
    format!("Bearer {token}")
}

fn read(browser: &Visitor, token: &str, path: &str) -> Reply {
    browser.ask(&format!("/api/v1{path}"), &[("authorization", token)])
}

fn json_of(reply: &Reply) -> Value {
    serde_json::from_slice(&reply.bytes).expect("JSON")
}

/// An error is a problem document that says its status.
fn is_problem(reply: &Reply, status: u16) {
    assert_eq!(reply.status, status);
    assert_eq!(reply.header("content-type"), Some("application/problem+json"));
    let said = json_of(reply);
    assert_eq!((&said["status"], &said["type"]), (&json!(status), &json!("about:blank")));
    assert!(said["title"].is_string() && said["detail"].is_string(), "{said}");
}

fn published(house: &TestHouse) {
    closed(house);
    flow::build_release(&house.house, &code(WAVE)).expect("a release");
    flow::publish_release(&house.house, &code(WAVE)).expect("published");
}

on_both!(programs_read_with_a_token_what_is_published_and_nothing_else, |house| {
    closed(house);
    let browser = house.visitor();
    let sha = token(house, Role::Sha);
    let office = token(house, Role::Office);
    let one = format!("/releases/{WAVE}");
    assert_eq!(json_of(&read(&browser, &sha, "/releases")), json!({ "releases": [] }));
    flow::build_release(&house.house, &code(WAVE)).expect("a release");
    // Not even the office reads here what is not published.
    for token in [&sha, &office] {
        is_problem(&read(&browser, token, &one), 404);
        assert_eq!(json_of(&read(&browser, token, "/releases")), json!({ "releases": [] }));
    }
    flow::publish_release(&house.house, &code(WAVE)).expect("published");
    let about = json_of(&read(&browser, &sha, &one));
    let list = json_of(&read(&browser, &sha, "/releases"));
    assert_eq!(list["releases"], json!([about]));
    // The figures are those of the file.
    let file = house.sign_in(Role::Lmc).ask(&format!("/results/{WAVE}/download/figures.csv"), &[]);
    let mut reader = csv::Reader::from_reader(file.bytes.as_slice());
    let heads = reader.headers().expect("heads").clone();
    let answer = json_of(&read(&browser, &sha, &format!("{one}/figures")));
    assert_eq!(answer["digest"], about["digest"]);
    let rows = answer["figures"].as_array().expect("rows");
    let mut shown = 0;
    for (row, record) in rows.iter().zip(reader.records().map(|row| row.expect("a row"))) {
        for (head, text) in heads.iter().zip(&record) {
            let same = match &row[head] {
                Value::Null => text.is_empty(),
                Value::Number(number) => text.parse().ok() == number.as_f64(),
                other => other == text,
            };
            assert!(same, "{head}: {} is not {text}", row[head]);
            shown += usize::from(head == "mean" && !text.is_empty());
        }
    }
    assert!(shown > 0, "the wave shows no figure");
    let luton = json_of(&read(&browser, &sha, &format!("{one}/figures?org=luton&measure=MS_INC")));
    assert_eq!(luton["figures"].as_array().map(Vec::len), Some(1));
    // The same bytes need not be sent again.
    let whole = read(&browser, &sha, &format!("{one}/figures"));
    let tag = whole.header("etag").expect("a tag");
    let asked = [("authorization", sha.as_str()), ("if-none-match", tag)];
    assert_eq!(browser.ask(&format!("/api/v1{one}/figures"), &asked).status, 304);
});

on_both!(a_program_without_a_token_or_with_a_wrong_question_is_told_in_a_problem, |house| {
    published(house);
    let browser = house.visitor();
    let sha = token(house, Role::Sha);
    let figures = format!("/releases/{WAVE}/figures");
    for wrong in ["", "Bearer", "Bearer x", "Basic c2hhOng=", &format!("{sha}x")] {
        let refused = read(&browser, wrong, &figures);
        is_problem(&refused, 401);
        assert_eq!(refused.header("www-authenticate"), Some("Bearer"));
    }
    // A session of a browser opens nothing here.
    is_problem(&house.sign_in(Role::Office).ask("/api/v1/releases", &[]), 401);
    for (path, status) in [
        ("/releases/1999-Q1", 404),
        ("/releases/%20", 404),
        ("/nothing", 404),
        ("/releases?org=luton", 400),
        (&format!("{figures}?org=none"), 404),
        (&format!("{figures}?org=luton&org=norfolk"), 400),
        (&format!("{figures}?org="), 400),
        (&format!("{figures}?measure=%22"), 400),
        (&format!("{figures}?level=pct"), 400),
    ] {
        is_problem(&read(&browser, &sha, path), status);
    }
    let changed = browser.post("/api/v1/releases", &[]);
    assert_eq!(changed.status, 405);
    // A token goes with its account, and when it is taken back.
    assert_eq!(read(&browser, &sha, &figures).status, 200);
    house.command(&["user", "token", "sha@sha.example.org", "--remove"]);
    is_problem(&read(&browser, &sha, &figures), 401);
    let lmc = token(house, Role::Lmc);
    assert_eq!(read(&browser, &lmc, &figures).status, 200);
    house.command(&["user", "remove", "lmc@sha.example.org"]);
    is_problem(&read(&browser, &lmc, &figures), 401);
    // Nothing at rest holds it.
    let secret = sha.rsplit('_').next().expect("a secret").as_bytes();
    let kept = house.at_rest();
    assert!(!kept.windows(secret.len()).any(|part| part == secret), "a token is at rest");
});

/// A program of the tests' own Python.
fn python(program: &str) -> Command {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(".venv/bin").join(program);
    assert!(path.exists(), "{program} is missing: scripts/setup tests installs it");
    Command::new(path)
}

#[test]
fn schemathesis_finds_no_answer_that_the_document_does_not_allow() {
    let house = TestHouse::start(crate::support::Backend::Sqlite);
    published(&house);
    let token = token(&house, Role::Sha);
    let most = crate::support::many(25, 400).to_string();
    let done = python("schemathesis")
        .args(["run", &format!("{}/api/v1/openapi.json", house.base())])
        .args(["--header", &format!("Authorization: {token}")])
        .args(["--checks", "all", "--max-examples", &most, "--seed", "2007"])
        // A machine that is busy with other tests may keep it waiting.
        .args(["--request-timeout", "60", "--generation-deterministic", "--no-color"])
        .current_dir(house.data())
        .output()
        .expect("schemathesis starts");
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(done.status.success(), "{said}\n{}", String::from_utf8_lossy(&done.stderr));
    assert!(said.contains("examples") || said.contains("generated"), "it tried nothing:\n{said}");
}

#[test]
fn frictionless_finds_the_tables_as_their_description_says() {
    let house = TestHouse::start(crate::support::Backend::Sqlite);
    published(&house);
    let sha = house.sign_in(Role::Sha);
    let folder = house.place("tables");
    std::fs::create_dir(&folder).expect("a folder");
    for file in ["figures.csv", "distribution.csv", "region.csv", "datapackage.json"] {
        let bytes = sha.ask(&format!("/results/{WAVE}/download/{file}"), &[]).bytes;
        std::fs::write(folder.join(file), bytes).expect("a file");
    }
    let judge = |folder: &Path| {
        let done = python("frictionless")
            .args(["validate", "--json", "datapackage.json"])
            .current_dir(folder)
            .output()
            .expect("frictionless starts");
        let said: Value = serde_json::from_slice(&done.stdout).expect("JSON");
        (said["valid"] == true, said["stats"]["tasks"].clone(), said)
    };
    let (valid, tasks, said) = judge(&folder);
    assert!(valid && tasks == 3, "{said}");
    // It would have seen a wrong one.
    let figures = std::fs::read_to_string(folder.join("figures.csv")).expect("a file");
    let wrong = figures.replacen(",ok,", ",ok,many", 1);
    std::fs::write(folder.join("figures.csv"), wrong).expect("a file");
    assert!(!judge(&folder).0);
}
