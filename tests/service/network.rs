//! Sharing with the PBC leads network: under one's own name, apart from the survey.

use std::process::Command;

use soundings::account::Role;
use soundings::custody::HeldKey;
use soundings::flow;

use crate::after_closing::{columns, kept_order};
use crate::support::house::{TestHouse, code};
use crate::support::visitor::{Page, Visitor};
use crate::support::{WAVE, on_both};

const WORDS: &str = "We meet the PCT's finance team every month, with <figures> on the table.";

fn fields(id: &str, words: &str) -> Vec<(String, String)> {
    [
        ("-once", id),
        ("words", words),
        ("group", "Lea Valley"),
        ("name", "Dr Sharing"),
        ("email", "sharing@practice.example.org"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}

/// The id in the form, without which every press would be an idea of its own.
fn once(page: &Page) -> String {
    let (_, rest) = page.text.split_once("name=\"-once\" value=\"").expect("an id");
    rest.split('"').next().expect("an id").to_owned()
}

fn share(browser: &Visitor, words: &str) -> Page {
    let id = once(&browser.get("/network"));
    browser.post("/network", &fields(&id, words))
}

fn ideas(house: &TestHouse) -> Vec<String> {
    let ideas = house.house.store.read(|tx| tx.network_ideas()).expect("ideas");
    ideas.iter().map(|kept| kept.idea.words().to_owned()).collect()
}

/// What psql answers.
fn asked(url: &str, query: &str) -> String {
    let output = Command::new("psql").args([url, "-Atc", query]).output().expect("psql starts");
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

on_both!(an_idea_is_shared_once_and_the_office_reads_it, |house| {
    house.invite_some(1);
    let browser = house.visitor();
    let form = browser.get("/network");
    assert_eq!((form.status, form.sets_cookie), (200, false));
    assert!(form.says("This part is not anonymous"));
    let id = once(&form);
    let refused = browser.post("/network", &[("email".to_owned(), "nobody".to_owned())]);
    assert_eq!(
        (refused.status, refused.texts(".nhsuk-error-summary li")),
        (
            422,
            [
                "Write what works in your group",
                "Enter the name of your PBC group",
                "Enter your name",
                "Enter an e-mail address in the form name@example.org",
            ]
            .map(str::to_owned)
            .to_vec()
        )
    );
    let long = browser.post("/network", &fields(&id, &"é".repeat(1001)));
    assert!(long.status == 422 && long.says("Use 1000 characters or fewer; this has 1001"));
    assert_eq!(once(&long), id);
    assert_eq!(ideas(house), [""; 0]);

    for _ in 0..3 {
        let shared = browser.post("/network", &fields(&id, WORDS));
        assert_eq!((shared.status, shared.to.as_deref()), (303, Some("/network/thanks")));
        assert!(!shared.sets_cookie);
    }
    assert_eq!(browser.get("/network/thanks").heading(), "Thank you for sharing");
    assert_eq!(ideas(house), [WORDS]);
    // Gone back, changed and sent again: another idea, and nothing is lost.
    browser.post("/network", &fields(&id, "Another \r\n one\u{0}"));
    browser.post("/network", &fields("no id at all", &"é".repeat(1000)));
    assert_eq!(ideas(house).len(), 3);
    assert!(ideas(house).contains(&"Another \n one".to_owned()));

    let list = house.sign_in(Role::Office).get("/office/network");
    assert!(list.says(WORDS) && list.says("Dr Sharing, sharing@practice.example.org"));
    assert_eq!(list.texts(".so-card").len(), 3);

    // Its writer wants it gone.
    let kept = house.house.store.read(|tx| tx.network_ideas()).expect("ideas");
    let meant = kept.iter().find(|kept| kept.idea.words() == WORDS).expect("the idea");
    let delete = [("id".to_owned(), meant.id.to_string())];
    for (role, status) in [(Role::Sha, 403), (Role::Pct, 403), (Role::Lmc, 403)] {
        let refused = house.sign_in(role).post("/office/network/delete", &delete);
        assert_eq!(refused.status, status);
    }
    assert_eq!(house.visitor().post("/office/network/delete", &delete).status, 401);
    assert_eq!(ideas(house).len(), 3);
    let office = house.sign_in(Role::Office);
    for _ in 0..2 {
        assert_eq!(office.post("/office/network/delete", &delete).status, 303);
    }
    assert!(ideas(house).len() == 2 && !ideas(house).contains(&WORDS.to_owned()));
});

on_both!(the_page_is_there_from_opening_to_release, |house| {
    let closed = "Ideas are collected while a survey is under way";
    let at = |status: u16| {
        let page = house.visitor().get("/network");
        assert_eq!(page.status, status, "{}", page.text);
        let shared = house.visitor().post("/network", &fields("", "An idea"));
        assert_eq!(shared.status, if status == 200 { 303 } else { status });
        assert_eq!(house.visitor().get("/network/thanks").status, status);
        if status != 200 {
            assert_eq!((page.heading(), shared.heading()), (closed.into(), closed.into()));
        }
    };
    at(410);
    house.import_region();
    house.open_wave(WAVE);
    at(200);
    house.pass_closing_time();
    at(200);
    flow::close_wave(&house.house, &code(WAVE), false, &HeldKey::OnServer, |_| {}).expect("closed");
    at(200);
    house.release();
    at(410);
    assert_eq!(ideas(house).len(), 3);
});

on_both!(a_rehearsal_says_so_and_what_it_leaves_says_so_too, |house| {
    house.import_region();
    house.open_rehearsal("2007-T1");
    let test = "TEST: this wave is a rehearsal.";
    assert!(house.visitor().get("/network").says(test));
    assert_eq!(share(&house.visitor(), "Tried out").status, 303);
    let office = house.sign_in(Role::Office);
    assert!(office.get("/office/network").says(test));
});

on_both!(nothing_joins_an_idea_and_a_link_or_an_answer, |house| {
    let invited = house.invite_some(6);
    for (number, one) in invited.iter().enumerate() {
        let lead = house.respondent(&one.link);
        let role = ("ROLE".to_owned(), (number % 4 + 1).to_string());
        lead.open().answers(&[role].into_iter().collect());
        let done = lead.send();
        assert!(done.text.contains("href=\"/network\""));
        // The page is the same for a browser that holds a link and one that does not.
        let (own, other) = (lead.browser.get("/network"), house.visitor().get("/network"));
        assert_eq!(own.text.replace(&once(&own), ""), other.text.replace(&once(&other), ""));
        assert_eq!(share(&lead.browser, &format!("Idea number {number}")).status, 303);
    }
    let before = house.at_rest();
    let mut wanted = vec!["id", "words", "group_name", "name", "email", "purpose"];
    if house.database_url().is_some() {
        // SQLite keeps columns that came later on the line of the last one.
        wanted.extend(["edited", "named", "published"]);
    }
    assert_eq!(columns(&before, "network_ideas"), wanted);
    house.close();
    if let Some(url) = house.database_url() {
        // Neither the order nor the transactions of their coming are left.
        assert!(kept_order(url, "network_ideas").is_sorted());
        let query = "SELECT count(*), count(DISTINCT xmin::text) FROM network_ideas";
        assert_eq!(asked(url, query), "6|1");
    } else {
        let text = String::from_utf8_lossy(&before).into_owned();
        let (_, table) = text.split_once("CREATE TABLE network_ideas").expect("the table");
        let (_, end) = table.split_once("\n)").expect("its end");
        assert!(end.starts_with(" WITHOUT ROWID"), "row numbers would tell the order");
    }
    let mut all = ideas(house);
    all.sort();
    assert_eq!(all, (0..6).map(|number| format!("Idea number {number}")).collect::<Vec<_>>());
});
