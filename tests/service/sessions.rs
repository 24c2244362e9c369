//! Sessions of staff end by the clock, by their owner and by the office; a new sign-in
//! has a new secret.

use soundings::account::{Account, Role};
use soundings::flow;

use crate::support::house::TestHouse;
use crate::support::on_both;
use crate::support::visitor::Visitor;

fn later(house: &TestHouse, seconds: i64) {
    let now = house.house.clock.now();
    house.house.clock.set(now.plus_seconds(seconds));
}

fn is_in(visitor: &Visitor) -> bool {
    match visitor.get("/results").status {
        200 => true,
        401 => false,
        other => panic!("{other}"),
    }
}

/// Another browser of the same account.
fn another(house: &TestHouse, role: Role) -> Visitor {
    let email = format!("{}@sha.example.org", role.word()).parse().expect("an address");
    let link = flow::issue_sign_in_link(&house.house, &email, false).expect("a link");
    let visitor = house.visitor();
    assert_eq!(visitor.post(&link, &[]).status, 303);
    visitor
}

on_both!(a_session_that_nobody_uses_ends_after_half_an_hour, |house| {
    let used = house.sign_in(Role::Sha);
    let left = another(house, Role::Sha);
    for _ in 0..5 {
        later(house, 29 * 60);
        assert!(is_in(&used));
    }
    assert!(!is_in(&left));
    // That it was used is written down once a minute: it may end that much sooner.
    later(house, 59);
    assert!(is_in(&used));
    later(house, 30 * 60 - 59);
    assert!(!is_in(&used));
    assert!(!is_in(&used), "it does not come back");
});

on_both!(a_session_ends_after_twelve_hours_however_much_it_is_used, |house| {
    let used = house.sign_in(Role::Lmc);
    for _ in 0..35 {
        later(house, 20 * 60);
        assert!(is_in(&used));
    }
    later(house, 20 * 60 - 1);
    assert!(is_in(&used));
    later(house, 1);
    assert!(!is_in(&used));
});

on_both!(a_change_of_role_and_removal_end_every_session, |house| {
    let (one, two) = (house.sign_in(Role::Sha), another(house, Role::Sha));
    let email = "sha@sha.example.org".parse().expect("an address");
    let account = |role| Account { email, role, unit: None };
    let same = account(Role::Sha);
    flow::put_account(&house.house, &same).expect("nothing changes");
    assert!(is_in(&one) && is_in(&two));
    flow::put_account(&house.house, &Account { role: Role::Lmc, ..same.clone() }).expect("changed");
    assert!(!is_in(&one) && !is_in(&two));
    let again = another(house, Role::Sha);
    assert!(is_in(&again));
    flow::remove_account(&house.house, &same.email).expect("removed");
    assert!(!is_in(&again));
    assert_eq!(house.sign_in(Role::Lmc).get("/results").status, 200);
});

on_both!(whoever_is_signed_in_signs_out_everywhere_or_here_alone, |house| {
    let (one, two) = (house.sign_in(Role::Sha), another(house, Role::Sha));
    let other = house.sign_in(Role::Lmc);
    let page = one.get("/account");
    assert_eq!((page.status, page.texts(".so-sessions li").len()), (200, 2), "{}", page.text);
    assert!(page.says("sha@sha.example.org") && !page.says("second step"));
    let three = another(house, Role::Sha);
    assert_eq!(three.post("/sign-out", &[]).status, 303);
    assert!(!is_in(&three) && is_in(&one) && is_in(&two));
    let done = one.post(&page.form_action("Sign out everywhere"), &[]);
    assert_eq!((done.status, done.to.as_deref()), (303, Some("/sign-in")));
    assert!(!is_in(&one) && !is_in(&two) && is_in(&other));
    assert_eq!(house.visitor().get("/account").status, 401);
});

on_both!(every_sign_in_has_a_new_secret_and_the_one_before_still_ends, |house| {
    let visitor = house.sign_in(Role::Sha);
    let email = "sha@sha.example.org".parse().expect("an address");
    let link = flow::issue_sign_in_link(&house.house, &email, false).expect("a link");
    assert_eq!(visitor.post(&link, &[]).status, 303);
    // The cookie is another one: two sessions are there, and one signs out.
    assert_eq!(visitor.get("/account").texts(".so-sessions li").len(), 2);
});
