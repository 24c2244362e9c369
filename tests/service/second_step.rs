//! The second step of a sign-in: set up, asked for, replayed, guessed at, lost, required.

use soundings::account::{Account, Role};
use soundings::flow;
use soundings::register::EmailAddress;
use soundings::trail::Actor;
use totp_rs::{Builder, Secret, Totp};

use crate::support::house::{Backend, TestHouse};
use crate::support::on_both;
use crate::support::visitor::{Page, Visitor};

fn email() -> EmailAddress {
    "office@sha.example.org".parse().expect("an address")
}

fn later(house: &TestHouse, seconds: i64) {
    let now = house.house.clock.now();
    house.house.clock.set(now.plus_seconds(seconds));
}

/// The app on a telephone.
struct App(Totp);

impl App {
    /// Learns the key that stands on the page.
    fn of(page: &Page) -> Self {
        let key = page.texts(".so-secret").concat().replace(' ', "");
        let secret = Secret::try_from_base32(key).expect("a key");
        Self(Builder::new().with_secret(secret).with_account_name("x").build().expect("an app"))
    }

    fn code(&self, house: &TestHouse) -> String {
        let now = u64::try_from(house.house.clock.now().unix()).expect("after 1970");
        self.0.generate(now).to_string()
    }
}

fn send(visitor: &Visitor, path: &str, code: &str) -> Page {
    visitor.post(path, &[("code".to_owned(), code.to_owned())])
}

/// Sets a second step up; the app and the recovery codes.
fn enrol(house: &TestHouse, visitor: &Visitor) -> (App, Vec<String>) {
    let page = visitor.get("/account/second-step");
    assert_eq!(visitor.post(&page.form_action("Begin"), &[]).status, 303);
    let page = visitor.get("/account/second-step");
    let app = App::of(&page);
    let done = send(visitor, &page.form_action("Switch it on"), &app.code(house));
    assert_eq!(done.status, 200, "{}", done.text);
    let codes = done.texts(".so-codes li");
    assert_eq!(codes.len(), 10);
    (app, codes)
}

/// A browser that followed a new link and is asked for a code.
fn half_in(house: &TestHouse) -> Visitor {
    let link = flow::issue_sign_in_link(&house.house, &email(), false).expect("a link");
    let visitor = house.visitor();
    let done = visitor.post(&link, &[]);
    assert_eq!((done.status, done.to.as_deref()), (303, Some("/sign-in/code")));
    visitor
}

fn pass(visitor: &Visitor, code: &str) -> Page {
    send(visitor, "/sign-in/code", code)
}

on_both!(a_code_is_asked_for_and_without_it_nothing_opens, |house| {
    let office = house.sign_in(Role::Office);
    let (app, _) = enrol(house, &office);
    assert!(office.get("/account").says("10 recovery codes are left"));
    let visitor = half_in(house);
    assert_eq!(visitor.get("/sign-in/code").heading(), "Enter a code");
    for path in ["/office", "/account", "/account/second-step", "/results", "/office/accounts"] {
        assert_eq!(visitor.get(path).status, 401, "{path}");
    }
    let own = "/account/second-step/remove";
    assert_eq!(send(&visitor, own, &app.code(house)).status, 401);
    // The code that switched it on was used.
    assert_eq!(pass(&visitor, &app.code(house)).status, 422);
    later(house, 30);
    let done = pass(&visitor, &format!(" {} ", app.code(house)));
    assert_eq!((done.status, done.to.as_deref()), (303, Some("/office")));
    assert_eq!(visitor.get("/office").status, 200);
    // The session that waited is gone, with its secret.
    assert_eq!(visitor.get("/sign-in/code").to.as_deref(), Some("/sign-in"));
});

on_both!(a_code_works_once_and_not_after_its_time, |house| {
    let (app, _) = enrol(house, &house.sign_in(Role::Office));
    later(house, 60);
    let (one, two) = (half_in(house), half_in(house));
    let code = app.code(house);
    assert_eq!(pass(&one, &code).status, 303);
    assert_eq!(pass(&two, &code).status, 422, "somebody looked over the shoulder");
    later(house, 90);
    let old = app.code(house);
    later(house, 60);
    assert_eq!(pass(&two, &old).status, 422);
    assert_eq!(pass(&two, &app.code(house)).status, 303);
});

on_both!(after_five_wrong_codes_none_is_looked_at_for_a_quarter_of_an_hour, |house| {
    let (app, codes) = enrol(house, &house.sign_in(Role::Office));
    later(house, 60);
    // Whoever guesses may come by several browsers.
    for number in 0..5 {
        later(house, 30);
        let wrong = if app.code(house) == "000000" { "111111" } else { "000000" };
        let told = pass(&half_in(house), wrong);
        assert_eq!((told.status, number), (422, number));
    }
    let right = half_in(house);
    let told = pass(&right, &app.code(house));
    assert_eq!(told.status, 429);
    assert!(told.says("wait 15 minutes"));
    assert_eq!(pass(&right, &codes[0]).status, 429, "a recovery code is no way round");
    later(house, 15 * 60 - 120);
    let right = half_in(house);
    assert_eq!(pass(&right, &app.code(house)).status, 303, "the first wrong one is forgotten");
    let trail = flow::trail_page(&house.house, None, 10).expect("the trail");
    assert_eq!(trail.iter().filter(|one| one.act == "account.second-step-locked").count(), 1);
});

on_both!(a_recovery_code_stands_in_once_however_it_is_typed, |house| {
    let (_, codes) = enrol(house, &house.sign_in(Role::Office));
    let visitor = half_in(house);
    let typed = codes[3].to_lowercase().replace('-', " ");
    assert_eq!(pass(&visitor, &typed).status, 303);
    assert!(visitor.get("/account").says("9 recovery codes are left"));
    assert_eq!(pass(&half_in(house), &codes[3]).status, 422);
    // Nothing of them is at rest.
    let rest = house.at_rest();
    for code in codes {
        let plain = code.replace('-', "");
        for text in [code.as_bytes(), plain.as_bytes()] {
            assert!(!rest.windows(text.len()).any(|part| part == text));
        }
    }
});

on_both!(it_is_taken_away_with_a_code_by_its_owner_and_by_command, |house| {
    let office = house.sign_in(Role::Office);
    let (app, codes) = enrol(house, &office);
    let page = office.get("/account/second-step/remove");
    let action = page.form_action("Take it away");
    assert_eq!(send(&office, &action, &app.code(house)).status, 422, "it was used");
    assert_eq!(send(&office, &action, "").status, 422);
    assert!(office.get("/account").says("It is on"));
    assert_eq!(send(&office, &action, &codes[0]).status, 303);
    assert!(office.get("/account?done=removed").says("The second step is taken away"));
    let (again, old) = (enrol(house, &office), codes);
    assert_eq!(pass(&half_in(house), &old[1]).status, 422, "the codes from before ended");
    house.command(&["user", "reset-second-step", "office@sha.example.org"]);
    assert_eq!(office.get("/office").status, 401, "signed out");
    let link = flow::issue_sign_in_link(&house.house, &email(), false).expect("a link");
    assert_eq!(house.visitor().post(&link, &[]).to.as_deref(), Some("/office"));
    drop(again);
});

on_both!(a_session_that_waits_ends_after_ten_minutes_and_by_a_reset, |house| {
    let (app, _) = enrol(house, &house.sign_in(Role::Office));
    let visitor = half_in(house);
    later(house, 600);
    assert_eq!(pass(&visitor, &app.code(house)).status, 404);
    let visitor = half_in(house);
    flow::reset_second_step(&house.house, &email()).expect("reset");
    assert_eq!(pass(&visitor, &app.code(house)).status, 404);
});

on_both!(only_the_office_has_a_second_step_and_it_stays_with_a_change_of_role, |house| {
    let sha = house.sign_in(Role::Sha);
    assert_eq!(sha.get("/account/second-step").status, 403);
    assert_eq!(sha.post("/account/second-step/begin", &[]).status, 403);
    let office = house.sign_in(Role::Office);
    let (app, _) = enrol(house, &office);
    let of = |role| Account { email: email(), role, unit: None };
    let server = house.house.acting(Actor::CommandLine);
    flow::put_account(&server, &of(Role::Clerk)).expect("changed");
    assert_eq!(office.get("/office").status, 401);
    later(house, 30);
    let visitor = half_in(house);
    assert_eq!(pass(&visitor, &app.code(house)).to.as_deref(), Some("/office"));
});

fn required(house: &TestHouse) {
    let sha = house.sign_in(Role::Sha);
    assert_eq!(sha.get("/results").status, 200);
    let link = house.sign_in_link(Role::Clerk);
    let clerk = house.visitor();
    assert_eq!(clerk.post(&link, &[]).to.as_deref(), Some("/account/second-step"));
    for path in ["/office", "/results", "/office/mail", "/stocktake"] {
        let page = clerk.get(path);
        assert_eq!(page.status, 403, "{path}");
        assert_eq!(page.heading(), "Set up a second step first");
    }
    let pause = [("scope".to_owned(), "all".to_owned())];
    assert_eq!(clerk.post("/office/mail/pause", &pause).status, 403);
    assert!(clerk.get("/account").says("The survey office asks for it"));
    let (app, _) = enrol(house, &clerk);
    assert_eq!(clerk.get("/office").status, 200);
    later(house, 30);
    let action = "/account/second-step/remove";
    let done = send(&clerk, action, &app.code(house));
    assert_eq!(done.to.as_deref(), Some("/account/second-step"));
    assert_eq!(clerk.get("/office").status, 403);
}

fn requiring(backend: Backend) -> TestHouse {
    TestHouse::start_with(backend, [("SOUNDINGS_SECOND_STEP", "required".to_owned())])
}

#[test]
fn where_it_is_required_nothing_else_opens_on_sqlite() {
    required(&requiring(Backend::Sqlite));
}

#[test]
fn where_it_is_required_nothing_else_opens_on_postgres() {
    required(&requiring(Backend::Postgres));
}
