//! The pages about accounts and signing in, in a real browser on a telephone and on a
//! desk.

use soundings::account::{Account, Role};
use soundings::flow;
use totp_rs::{Builder, Secret};

use crate::support::Backend;
use crate::support::house::TestHouse;
use crate::support::oidc;

use super::accessibility::{Inspector, send_empty};

/// The code that an app shows which learned the key on the page.
fn code(eye: &Inspector, house: &TestHouse) -> String {
    let key = eye.browser.text(".so-secret").replace(' ', "");
    let secret = Secret::try_from_base32(key).expect("a key");
    let app = Builder::new().with_secret(secret).with_account_name("x").build().expect("an app");
    app.generate(u64::try_from(house.house.now().unix()).expect("after 1970")).to_string()
}

/// Sets a second step up, looks at the codes, and at the question when signing in.
fn second_step(eye: &mut Inspector, house: &TestHouse) {
    let at = |path: &str| format!("{}{path}", house.base());
    eye.open("account", &at("/account"), "Your account");
    eye.open("second-step", &at("/account/second-step"), "Set up a second step");
    eye.browser.follow("main form button");
    send_empty(eye, "second-step-key", "Set up a second step");
    eye.browser.fill("#code", &code(eye, house));
    eye.browser.follow("main form button");
    eye.look("recovery-codes", "Your recovery codes");
    let recovery = eye.browser.text(".so-codes li");
    eye.open("account-secured", &at("/account"), "Your account");
    let remove = at("/account/second-step/remove");
    eye.browser.goto(&remove);
    send_empty(eye, "second-step-remove", "Take the second step away");
    eye.browser.goto(&house.sign_in_link(Role::Office));
    eye.browser.follow("main form button");
    send_empty(eye, "sign-in-code", "Enter a code");
    eye.browser.fill("#code", &recovery);
    eye.browser.follow("main form button");
    eye.look("office-again", "Survey office");
}

/// The list of accounts, the form for a new one, and what is done to one.
fn accounts(eye: &mut Inspector, house: &TestHouse) {
    let at = |path: &str| format!("{}{path}", house.base());
    eye.open("accounts-few", &at("/office/accounts"), "Accounts");
    let long = "a.very.long.mailbox.name@a-very-long-domain.practice.example.org";
    let account = Account {
        email: long.parse().expect("an address"),
        role: Role::Pct,
        unit: Some("yarmouth-waveney".parse().expect("a unit")),
    };
    house.house.store.write(|tx| tx.put_account(&account)).expect("an account");
    flow::issue_api_token(&house.house, &account.email).expect("a token");
    house.sign_in_link(Role::Sha);
    eye.open("accounts", &at("/office/accounts"), "Accounts");
    eye.browser.goto(&at("/office/accounts/new"));
    send_empty(eye, "account-new", "Add an account");
    eye.browser.fill("#email", "dee@lmc.example.org");
    eye.browser.click("label[for='role-lmc']");
    eye.browser.follow("main form button");
    eye.look("account-added", "dee@lmc.example.org");
    eye.browser.goto(&at("/office/accounts"));
    eye.browser.follow("main tbody a[href^='/office/accounts/']");
    eye.look("account-one", long);
    let base = eye.browser.url();
    eye.open("account-remove", &format!("{base}/remove"), "Remove this account?");
    eye.open("account-end-tokens", &format!("{base}/end-tokens"), "End the tokens?");
    eye.browser.goto(&base);
    eye.browser.follow("form[action$='/token'] button");
    eye.look("account-token", "A token for a program");
}

#[test]
fn axe_finds_nothing_wrong_with_the_pages_about_accounts() {
    let (house, _oidc) = oidc::start(Backend::Sqlite);
    house.import_region();
    let mut eye = Inspector::new();
    eye.open("sign-in-provider", &format!("{}/sign-in", house.base()), "Sign in");
    eye.browser.goto(&house.sign_in_link(Role::Office));
    eye.browser.follow("main form button");
    second_step(&mut eye, &house);
    accounts(&mut eye, &house);
    let wrong = format!("{}/sign-in/back?state=x", house.base());
    eye.open("sign-in-other", &wrong, "This did not begin in this browser");
    assert!(eye.wrong.is_empty(), "{:#?}", eye.wrong);
    assert_eq!(eye.seen, 22);
}
