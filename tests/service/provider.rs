//! Signing in by an identity provider, tried with a real one.

use soundings::account::Role;
use soundings::flow;

use crate::support::Backend;
use crate::support::browser::Browser;
use crate::support::house::TestHouse;
use crate::support::oidc::{Oidc, start};
use crate::support::visitor::{Page, Visitor};

/// Each test on both databases.
macro_rules! with_provider {
    ($name:ident, |$house:ident, $oidc:ident| $body:block) => {
        fn $name($house: &TestHouse, $oidc: &Oidc) $body

        mod $name {
            #[test]
            fn on_sqlite() {
                let (house, oidc) = super::start(super::Backend::Sqlite);
                super::$name(&house, &oidc);
            }

            #[test]
            fn on_postgres() {
                let (house, oidc) = super::start(super::Backend::Postgres);
                super::$name(&house, &oidc);
            }
        }
    };
}

/// Begins in a browser; where it is sent.
fn begin(browser: &Visitor) -> String {
    let page = browser.get("/sign-in");
    let page = browser.post(&page.form_action("Sign in with your NHS account"), &[]);
    assert_eq!((page.status, page.sets_cookie), (200, true), "{}", page.text);
    page.addresses("main a").remove(0)
}

fn back(browser: &Visitor, oidc: &Oidc, who: &str) -> Page {
    let to = oidc.sign_in(&begin(browser), who);
    browser.get(&to)
}

fn refused(page: &Page, status: u16, heading: &str) {
    assert_eq!((page.status, page.heading().as_str()), (status, heading), "{}", page.text);
    assert!(!page.sets_cookie);
}

/// One value behind the question mark put in the place of another.
fn with(url: &str, name: &str, value: &str) -> String {
    let mut url = url::Url::parse(url).expect("an address");
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    assert!(pairs.iter().any(|(key, _)| key == name), "{name} in {url}");
    let changed = pairs
        .iter()
        .map(|(key, old)| (key.as_str(), if key == name { value } else { old.as_str() }));
    url.query_pairs_mut().clear().extend_pairs(changed.collect::<Vec<_>>());
    url.to_string()
}

with_provider!(an_account_of_the_provider_opens_an_account_that_is_there, |house, oidc| {
    house.sign_in(Role::Office);
    let browser = house.visitor();
    let page = back(&browser, oidc, "ann-1");
    assert_eq!((page.status, page.heading().as_str()), (200, "You are known"), "{}", page.text);
    assert_eq!(page.addresses("main a"), ["/office"]);
    let list = browser.get("/office/accounts");
    assert_eq!(list.status, 200);
    assert!(browser.get(&list.addresses("main tbody th a")[0]).says(&oidc.base));
    // The same account comes again.
    assert_eq!(back(&house.visitor(), oidc, "ann-1").status, 200);
});

with_provider!(whoever_has_no_account_or_no_confirmed_address_stays_outside, |house, oidc| {
    house.sign_in(Role::Office);
    let browser = house.visitor();
    refused(&back(&browser, oidc, "cy"), 403, "Your e-mail address has no account here");
    for who in ["ben", "dee"] {
        let page = back(&browser, oidc, who);
        refused(&page, 403, "Your e-mail address is not confirmed there");
    }
    let to = oidc.turn_back(&begin(&browser));
    refused(&browser.get(&to), 403, "You were not signed in there");
    assert_eq!(browser.get("/office").status, 401);
});

with_provider!(
    another_account_of_the_same_address_is_refused_and_the_office_told,
    |house, oidc| {
        let office = house.sign_in(Role::Office);
        assert_eq!(back(&house.visitor(), oidc, "ann-1").status, 200);
        let browser = house.visitor();
        let page = back(&browser, oidc, "ann-2");
        refused(&page, 403, "This is not the account that was used before");
        assert_eq!(browser.get("/office").status, 401);
        let list = office.get("/office/accounts");
        assert!(list.says("On Tuesday 20 November 2007 another account with this address"));
        let acts = flow::trail_page(&house.house, None, 20).expect("the trail");
        let refused: Vec<_> =
            acts.iter().filter(|one| one.act == "account.provider-refused").collect();
        assert_eq!((refused.len(), refused[0].about.as_str()), (1, "office@sha.example.org"));
        // The office can let it in, and then the first one stays outside.
        let base = list.addresses("main tbody th a").remove(0);
        let ask = office.get(&format!("{base}/unbind"));
        assert_eq!(office.post(&ask.form_action("Let it in"), &[]).status, 303);
        assert_eq!(back(&house.visitor(), oidc, "ann-2").status, 200);
        assert_eq!(back(&house.visitor(), oidc, "ann-1").status, 403);
    }
);

with_provider!(an_answer_opens_only_the_browser_that_asked_and_only_once, |house, oidc| {
    house.sign_in(Role::Office);
    let browser = house.visitor();
    let to = oidc.sign_in(&begin(&browser), "ann-1");
    let stranger = "This did not begin in this browser";
    // Without an errand, and with another one.
    refused(&house.visitor().get(&to), 403, stranger);
    let other = house.visitor();
    begin(&other);
    refused(&other.get(&to), 403, stranger);
    refused(&browser.get(&with(&to, "state", "another")), 403, stranger);
    refused(&browser.get("/sign-in/back"), 403, stranger);
    let elsewhere = with(&to, "iss", "https://id.example.org");
    refused(&browser.get(&elsewhere), 502, "Signing in there does not work at the moment");
    assert_eq!(browser.get(&to).status, 200);
    refused(&browser.get(&to), 403, stranger);
});

with_provider!(a_code_that_was_used_opens_nothing_even_with_its_errand, |house, oidc| {
    house.sign_in(Role::Office);
    let (first, kept) = house.visitor().post_keeping("/sign-in/with");
    let to = oidc.sign_in(&first.addresses("main a")[0], "ann-1");
    let kept = kept.split(';').next().expect("a cookie");
    let ask = |to: &str| house.visitor().ask(to, &[("Cookie", kept)]).status;
    // A code of somebody else, bound to another errand by its challenge.
    let other = oidc.sign_in(&begin(&house.visitor()), "ann-1");
    let code = |url: &str| {
        let url = url::Url::parse(url).expect("an address");
        let found = url.query_pairs().find(|(key, _)| key == "code");
        found.expect("a code").1.into_owned()
    };
    assert_eq!(ask(&with(&to, "code", &code(&other))), 403);
    assert_eq!(ask(&with(&to, "code", "made-up")), 403);
    assert_eq!(ask(&to), 200);
    assert_eq!(ask(&to), 403);
});

with_provider!(a_token_for_another_question_or_out_of_time_is_not_believed, |house, oidc| {
    house.sign_in(Role::Office);
    let browser = house.visitor();
    let to = oidc.sign_in(&with(&begin(&browser), "nonce", "of-somebody-else"), "ann-1");
    let told = "Signing in there does not work at the moment";
    refused(&browser.get(&to), 502, told);
    let to = oidc.sign_in(&begin(&browser), "ann-1");
    house.house.clock.set("2107-11-20T10:00".parse().expect("a moment"));
    refused(&browser.get(&to), 502, told);
});

with_provider!(the_second_step_is_asked_for_here_too, |house, oidc| {
    house.sign_in(Role::Office);
    let email = "office@sha.example.org".parse().expect("an address");
    let account = house.house.store.read(|tx| tx.account(&email)).expect("it").expect("it");
    flow::begin_second_step(&house.house, &account).expect("begun");
    let key = flow::enrolment(&house.house, &email).expect("begun").secret.replace(' ', "");
    let secret = totp_rs::Secret::try_from_base32(key).expect("a key");
    let app = totp_rs::Builder::new().with_secret(secret).with_account_name("x").build();
    let now = u64::try_from(house.house.now().unix()).expect("after 1970");
    let code = app.expect("an app").generate(now).to_string();
    flow::confirm_second_step(&house.house, &email, &code).expect("on");
    let browser = house.visitor();
    assert_eq!(back(&browser, oidc, "ann-1").addresses("main a"), ["/sign-in/code"]);
    assert_eq!(browser.get("/office").status, 401);
    assert_eq!(browser.get("/sign-in/code").heading(), "Enter a code");
});

#[test]
fn a_provider_that_is_gone_is_told_of_and_links_still_go() {
    let (house, oidc) = start(Backend::Sqlite);
    drop(oidc);
    let page = house.visitor().post("/sign-in/with", &[]);
    refused(&page, 502, "Signing in there does not work at the moment");
    let none = TestHouse::start(Backend::Sqlite);
    assert!(none.visitor().get("/sign-in").button("Sign in with your NHS account").is_none());
    assert_eq!(none.visitor().post("/sign-in/with", &[]).status, 404);
    assert_eq!(none.visitor().get("/sign-in/back?code=1&state=2").status, 403);
}

/// In a real browser: no policy of ours stands in the way, and its cookies come along.
#[test]
fn a_real_browser_goes_there_and_comes_back_signed_in() {
    let (house, oidc) = start(Backend::Sqlite);
    house.sign_in(Role::Office);
    let browser = Browser::start();
    browser.goto(&format!("{}/sign-in", house.base()));
    browser.click("form[action='/sign-in/with'] button");
    browser.appear("input[name=login]");
    assert!(browser.url().starts_with(&oidc.base));
    browser.fill("input[name=login]", "ann-1");
    browser.fill("input[name=password]", "x");
    browser.follow("form button");
    browser.click("form button");
    browser.arrive(&format!("{}/office", house.base()));
    browser.appear(".so-header__sign-out");
}
