//! A wave whose answers came from a file stands beside the others: its results are read
//! as theirs, and nothing speaks of people who were asked.

use std::fs;
use std::path::Path;

use soundings::account::Role;
use soundings::flow::{self, AskedPeople, NewWave};
use soundings::register::NamedText;
use soundings::wave::Purpose;

use crate::support::house::{TestHouse, code, moment};
use crate::support::on_both;

const PAPER: &str = "W2";

fn reference(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference");
    fs::read_to_string(folder.join(file)).expect("a file")
}

/// The lines of the wave below the header, as `change` writes them.
fn rows(text: &str, change: impl Fn(&str) -> String) -> String {
    let own = text.lines().enumerate().filter(|(at, line)| *at == 0 || line.starts_with(PAPER));
    own.map(|(_, line)| change(line) + "\n").collect()
}

fn create(house: &TestHouse) {
    let new = NewWave {
        code: code(PAPER),
        title: Some("On paper".to_owned()),
        modules: Vec::new(),
        survey_file: "reference.toml".to_owned(),
        survey_source: reference("survey.toml"),
        opens: moment("2006-11-01T09:00"),
        closes: moment("2006-11-20T17:00"),
        publishes: None,
        purpose: Purpose::Survey,
        imported: true,
    };
    flow::create_wave(&house.house, &new).expect("the wave is created");
}

fn import(house: &TestHouse) {
    let orgs = rows(&reference("set2/orgs.csv"), |line| {
        let groups = if line.starts_with("wave") { "groups" } else { "4" };
        let groups = if line.contains(",region,") { "" } else { groups };
        format!("{line},{groups}")
    });
    let responses = rows(&reference("set2/responses.csv"), str::to_owned);
    let people = AskedPeople::Orgs(NamedText { name: "orgs.csv", text: orgs.as_bytes() });
    let wave = code(PAPER);
    flow::import_ballots(
        &house.house,
        &wave,
        "responses.csv",
        responses.as_bytes(),
        people,
        false,
        false,
    )
    .expect("the answers are read");
}

on_both!(an_imported_wave_is_seen_as_what_it_is, |house| {
    create(house);
    let (office, sha, anybody) =
        (house.sign_in(Role::Office), house.sign_in(Role::Sha), house.visitor());
    let own = format!("/office/waves/{PAPER}");
    let results = format!("/results/{PAPER}");
    let first = office.go(&own);
    assert!(first.says("ballots import"), "the page says how answers come: {}", first.text);
    import(house);
    flow::build_release(&house.house, &code(PAPER)).expect("a release");
    let counted = office.go(&own);
    assert!(!counted.says("Closing record") && !counted.says("Receipts"), "{}", counted.text);
    assert_eq!(sha.get(&results).status, 404);
    flow::publish_release(&house.house, &code(PAPER)).expect("it is published");
    for page in [own, results.clone(), format!("{results}/pct/a"), format!("{results}/measure/P1")]
    {
        office.go(&page);
    }
    assert!(sha.go(&format!("{results}/pct/a")).says("from paper or an older system"));
    // Who was asked nothing has no key, no receipt and no promise.
    assert!(!anybody.go("/promise").says("On paper"));
    for page in [format!("/receipts/{PAPER}"), format!("/office/waves/{PAPER}/record")] {
        assert_eq!(office.get(&page).status, 404, "{page}");
    }
    house.import_region();
    house.open_wave("ASKS");
    assert!(anybody.go("/promise").says("Autumn 2007"));
});
