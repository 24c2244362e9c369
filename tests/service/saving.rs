//! What is saved when, and what is sealed in the end: two windows, answers that
//! lead past others, saving while typing, and what a page weighs.

use crate::support::browser::Browser;
use crate::support::house::{TestHouse, code};
use crate::support::respondent::{Answers, Respondent};
use crate::support::{Backend, WAVE, on_both};

fn a_lead(house: &TestHouse) -> Respondent {
    let lead = house.respondent(&house.invite_some(1)[0].link);
    lead.open();
    lead
}

fn some(pairs: &[(&str, &str)]) -> Answers {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The marks of the only ballot, by the code of their column.
fn marks(house: &TestHouse) -> std::collections::BTreeMap<String, u8> {
    let house = &house.house;
    let found = house.store.read(|tx| {
        let wave = tx.wave(&code(WAVE))?.expect("the wave");
        let survey = house.survey(tx, &wave)?;
        let ballots = tx.ballots(&wave.code, &survey)?;
        let columns: Vec<String> = survey.columns().map(|column| column.code.to_string()).collect();
        Ok::<_, soundings::storage::StorageError>((columns, ballots))
    });
    let (columns, ballots) = found.expect("the ballots");
    assert_eq!(ballots.len(), 1);
    columns.into_iter().zip(ballots[0].marks.as_bytes().iter().copied()).collect()
}

on_both!(two_windows_are_told_of_each_other, |house| {
    let lead = a_lead(house);
    let other = house.respondent(&lead.link);
    other.open();
    let (first, second) = (lead.browser.get("/answer/B"), other.browser.get("/answer/B"));
    let all = [("MS_INC", "1"), ("MS_INF", "1"), ("MS_GOV", "1"), ("MS_BUD", "1"), ("MS_PLN", "1")];
    assert_eq!(lead.fill(&first, &some(&all)).status, 303);
    // The other window still shows the page without answers.
    let refused = other.fill(&second, &some(&[("MS_INC", "3")]));
    assert_eq!(refused.status, 422);
    assert!(refused.says("You changed this in another window"), "{}", refused.text);
    assert!(refused.says("\"Agreed, and working in practice\" is saved"), "{}", refused.text);
    // What the first window saved is still there, and the second's own answer is on its page.
    let shown = refused.filled();
    assert!(shown.contains(&("MS_INC".to_owned(), "3".to_owned())), "{shown:?}");
    assert!(shown.contains(&("MS_INF".to_owned(), "1".to_owned())), "{shown:?}");
    assert!(
        lead.browser.get("/answer/B").filled().contains(&("MS_INC".to_owned(), "1".to_owned()))
    );
    // Going on says that the second window means it.
    assert_eq!(other.fill(&refused, &some(&[])).status, 303);
    assert!(
        lead.browser.get("/answer/B").filled().contains(&("MS_INC".to_owned(), "3".to_owned()))
    );
});

on_both!(what_later_answers_lead_past_is_shown_and_not_sealed, |house| {
    let lead = a_lead(house);
    let detailed =
        [("INF_ACC", "1"), ("INF_TIME", "2"), ("BC_DEC", "2"), ("BC_APP", "2"), ("BC_FEED", "1")];
    lead.answers(&some(&detailed));
    let check = lead.browser.get("/answer/check");
    assert!(check.says("2 cases"));
    assert!(!check.says("later answers lead past it"));
    // No data at all, and one decision only.
    let page = lead.browser.get("/answer/C");
    lead.fill(&page, &some(&[("INF_ACC", "97")]));
    let page = lead.browser.get("/answer/D");
    let refused = lead.fill(&page, &some(&[("BC_DEC", "1")]));
    assert_eq!(refused.status, 422, "two approvals of one decision");
    assert!(refused.says("This cannot be more than 1 case"));
    // Without script a lead may still go to the check page: it tells what to do.
    let check = lead.browser.get("/answer/check");
    assert!(check.says("later answers lead past it"));
    assert_eq!(check.texts("#dropped li").len(), 1, "{}", check.text);
    assert!(check.texts("#dropped li")[0].contains("speed"));
    assert!(check.says("There is a problem") && check.button("Seal and send").is_none());
    // Whoever presses anyway is brought back, and nothing is sealed.
    let forced = lead.browser.post("/answer/send", &[]);
    assert_eq!((forced.status, forced.to.as_deref()), (303, Some("/answer/check")));
    let page = lead.browser.get("/answer/D");
    let mended = lead.fill(&page, &some(&[("BC_APP", "1")]));
    assert!(!mended.says("There is a problem"));
    lead.send();
    house.close();
    let marks = marks(house);
    // Not asked is told from blank: there are no data whose speed could be rated.
    assert_eq!((marks["INF_ACC"], marks["INF_TIME"], marks["INF_USE"]), (6, 255, 255));
    assert_eq!((marks["BC_DEC"], marks["BC_APP"], marks["BC_DAYS"]), (2, 2, 0));
});

#[test]
fn what_is_typed_is_saved_before_anybody_goes_on() {
    let house = TestHouse::start(Backend::Sqlite);
    let link = house.invite_some(1)[0].link.clone();
    let browser = Browser::start();
    browser.resize(390, 844);
    browser.goto(&link);
    browser.follow("main form button");
    browser.goto(&format!("{}/answer/D", house.base()));
    browser.fill("#BC_DEC", "2");
    // The answer leads to more questions, which appear where they belong.
    browser.appear("#q-BC_APP");
    let order = "return [...document.querySelectorAll('#questions > *')].map(one => one.id).join()";
    assert_eq!(
        browser.script(order),
        "q-BC_SUB,q-BC_DEC,q-BC_APP,q-BC_DAYS,q-BC_WAIT,q-BC_CLEAR,q-BC_SPEED,q-BC_FEED"
    );
    browser.fill("#BC_APP", "2");
    browser.click("label[for='BC_SPEED']");
    browser.appear("#section[data-state=saved]");
    drop(browser);
    // Another device, later, with the same link.
    let elsewhere = house.respondent(&link);
    elsewhere.open();
    let filled = elsewhere.browser.get("/answer/D").filled();
    for (field, value) in [("BC_DEC", "2"), ("BC_APP", "2"), ("BC_SPEED", "1")] {
        assert!(filled.contains(&(field.to_owned(), value.to_owned())), "{field}: {filled:?}");
    }
}

#[test]
fn a_section_weighs_little() {
    let house = TestHouse::start(Backend::Sqlite);
    let lead = a_lead(&house);
    let weigh = |path: &str| lead.browser.weight(path);
    let page = lead.browser.get("/answer/G");
    let files: Vec<String> = ["link[rel=stylesheet]", "script[src]", "link[rel=icon]"]
        .into_iter()
        .flat_map(|css| page.addresses(css))
        .collect();
    assert_eq!(files.len(), 3, "{files:?}");
    let files: usize = files.iter().map(|file| weigh(file)).sum();
    for section in ["A", "B", "C", "D", "E", "F", "R1", "G", "H", "I"] {
        let whole = files + weigh(&format!("/answer/{section}"));
        assert!(whole < 60_000, "section {section} takes {whole} bytes");
    }
}
