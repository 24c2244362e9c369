//! The help, and the pages about comments and ideas, in a real browser.

use soundings::account::Role;
use soundings::pages::HELP;

use crate::accessibility::Inspector;
use crate::comments::{QUEUE, colleague, counted, publish, read_all};
use crate::support::house::TestHouse;
use crate::support::{Backend, on_both};

on_both!(every_page_of_the_help_is_there_for_the_office_alone, |house| {
    let clerk = house.sign_in(Role::Clerk);
    let list = clerk.get("/office/help");
    let links = list.addresses("main a");
    for task in &HELP {
        assert!(links.contains(&task.href()), "{}", task.name);
        let page = clerk.get(&task.href());
        assert_eq!((page.status, page.heading().as_str()), (200, task.title));
        // What it leads to is there.
        for link in page.addresses("main a") {
            assert_eq!(clerk.get(&link).status, 200, "{} leads to {link}", task.name);
        }
    }
    assert_eq!(clerk.get("/office/help/magic").status, 404);
    assert!(clerk.get("/office").addresses("main a").contains(&"/office/help".to_owned()));
    for role in [Role::Sha, Role::Pct, Role::Lmc] {
        assert_eq!(house.sign_in(role).get("/office/help").status, 403);
    }
    assert_eq!(house.visitor().get("/office/help/closing").status, 401);
});

#[test]
fn axe_finds_nothing_wrong_with_the_help_comments_and_ideas() {
    let house = TestHouse::start(Backend::Sqlite);
    let mut eye = Inspector::new();
    let at = |path: &str| format!("{}{path}", house.base());
    counted(&house, 11, 1);
    eye.browser.goto(&house.sign_in_link(Role::Office));
    eye.browser.follow("main form button");
    let office = colleague(&house, "ann@office.example.org", Role::Office);
    eye.open("comments", &at(QUEUE), "Comments");
    eye.browser.follow("main a.nhsuk-button");
    let heading = eye.browser.text("h1");
    eye.look("comment", &heading);
    eye.browser.follow("main form button");
    if eye.browser.has(".nhsuk-error-summary") {
        eye.look("comment-error", &heading);
    }
    let themes = format!("{QUEUE}/themes");
    let theme = [("code", "MEET"), ("words", "Meetings that work")];
    let theme = theme.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(office.post(&themes, &theme).status, 303);
    read_all(&office);
    eye.open("comments-read", &at(&format!("{QUEUE}?show=all")), "Comments");
    eye.open("comments-early", &at(&format!("{QUEUE}/publish")), "Publish comments?");
    house.release();
    eye.open("comments-publish", &at(&format!("{QUEUE}/publish")), "Publish comments?");
    assert_eq!(publish(&office).status, 303);
    eye.open("own-words", &at("/results/2007-Q4/comments"), "In their own words");
    eye.browser.media(&[("prefers-color-scheme", "dark")], "screen");
    eye.open("own-words-dark", &at("/results/2007-Q4/comments"), "In their own words");
    eye.browser.media(&[], "screen");
    eye.open("comments-take-down", &at(&format!("{QUEUE}/take-down")), "Take the comments down?");
    eye.open("ideas-none", &at("/network/ideas"), "What works elsewhere");
    eye.open("help", &at("/office/help"), "Help");
    for task in &HELP {
        eye.open(&format!("help-{}", task.name), &at(&task.href()), task.title);
    }
    assert!(eye.wrong.is_empty(), "{:#?}", eye.wrong);
    assert!(eye.seen >= 10 + HELP.len());
}

#[test]
fn axe_finds_nothing_wrong_with_ideas_that_are_seen_to() {
    let house = TestHouse::start(Backend::Sqlite);
    house.invite_some(1);
    let long = "Practicebasedcommissioningandcontracting ".repeat(20);
    let fields = [
        ("words", &*long),
        ("group", "Lea Valley"),
        ("name", "Dr Sharing"),
        ("named", "yes"),
        ("email", "sharing@practice.example.org"),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(house.visitor().post("/network", &fields).status, 303);
    let mut eye = Inspector::new();
    let at = |path: &str| format!("{}{path}", house.base());
    eye.browser.goto(&house.sign_in_link(Role::Office));
    eye.browser.follow("main form button");
    eye.open("idea-list", &at("/office/network"), "Ideas for the network");
    eye.browser.follow("main .so-card a.nhsuk-button");
    eye.look("idea", "Idea for the network");
    eye.browser.follow("main form[action$='/publish'] button");
    eye.look("idea-published", "Idea for the network");
    eye.open("ideas", &at("/network/ideas"), "What works elsewhere");
    assert!(eye.wrong.is_empty(), "{:#?}", eye.wrong);
    assert_eq!(eye.seen, 4);
}
