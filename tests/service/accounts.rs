//! The survey office sees to accounts in the browser.

use soundings::account::{Account, Role};
use soundings::flow;

use crate::support::house::TestHouse;
use crate::support::on_both;
use crate::support::visitor::{Page, Visitor};

fn form(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The page of the account with this address.
fn page_of(office: &Visitor, email: &str) -> String {
    let list = office.get("/office/accounts");
    let texts = list.texts("main tbody th a");
    let at = texts.iter().position(|text| text == email).unwrap_or_else(|| panic!("{texts:?}"));
    list.addresses("main tbody th a")[at].clone()
}

fn add(office: &Visitor, email: &str, role: &str, unit: &str) -> Page {
    let fields = form(&[("email", email), ("role", role), ("unit", unit)]);
    office.post("/office/accounts/new", &fields)
}

fn acts(house: &TestHouse) -> Vec<(String, String, String)> {
    let trail = flow::trail_page(&house.house, None, 50).expect("the trail");
    trail.into_iter().rev().map(|one| (one.who, one.act, one.about)).collect()
}

on_both!(an_administrator_adds_changes_and_removes_accounts, |house| {
    house.import_region();
    let office = house.sign_in(Role::Office);
    let done = add(&office, "Dee@pct.example.org", "pct", "luton");
    assert_eq!(done.status, 303, "{}", done.text);
    assert!(office.get(&done.to.expect("on")).says("The account is added"));
    let dee = page_of(&office, "dee@pct.example.org");
    let link =
        flow::issue_sign_in_link(&house.house, &"dee@pct.example.org".parse().expect("it"), false);
    let visitor = house.visitor();
    assert_eq!(visitor.post(&link.expect("a link"), &[]).status, 303);
    assert!(office.get(&dee).says("Luton"));
    assert_eq!(visitor.get("/results").status, 200);
    // A token is shown once and reads.
    let token = office.post(&format!("{dee}/token"), &[]);
    let said = token.texts("main .so-receipt").concat();
    let bearer = format!("Bearer {said}");
    let api = |status| {
        let reply = house.visitor().ask("/api/v1/releases", &[("Authorization", &bearer)]);
        assert_eq!(reply.status, status);
    };
    api(200);
    assert!(!office.get(&dee).says(&said));
    // A change signs them out and ends the token.
    let changed = office.post(&dee, &form(&[("role", "sha"), ("unit", "")]));
    assert!(office.get(&changed.to.expect("on")).says("They are signed out"));
    assert_eq!(visitor.get("/results").status, 401);
    api(401);
    let same = office.post(&dee, &form(&[("role", "sha"), ("unit", "")]));
    assert!(office.get(&same.to.expect("on")).says("nothing is changed"));
    // Removal has a page that says what will happen; a second press does no harm.
    let ask = office.get(&format!("{dee}/remove"));
    assert_eq!(ask.heading(), "Remove this account?");
    let action = ask.form_action("Remove the account");
    assert_eq!(office.post(&action, &[]).to.as_deref(), Some("/office/accounts?done=removed"));
    assert_eq!(office.post(&action, &[]).to.as_deref(), Some("/office/accounts"));
    assert_eq!(office.get(&dee).status, 404);
    let done: Vec<String> = acts(house)
        .into_iter()
        .filter(|(who, _, about)| {
            who == "office@sha.example.org" && about.eq_ignore_ascii_case("dee@pct.example.org")
        })
        .map(|(_, act, _)| act)
        .collect();
    assert_eq!(done, ["account.put", "account.token-made", "account.put", "account.removed"]);
});

on_both!(every_fault_is_told_at_once_and_nothing_typed_is_lost, |house| {
    house.import_region();
    let office = house.sign_in(Role::Office);
    let told = |page: Page| (page.status, page.texts(".nhsuk-error-summary li"));
    assert_eq!(
        told(add(&office, "dee at pct", "", "")),
        (422, vec!["An e-mail address has no spaces".into(), "Choose what they may see".into()])
    );
    let page = add(&office, "dee@pct.example.org", "pct", "");
    assert_eq!(told(page.clone()).1, ["Choose the reporting unit of the PCT"]);
    assert!(page.text.contains("value=\"dee@pct.example.org\""));
    assert_eq!(page.filled().iter().find(|(name, _)| name == "role").expect("it").1, "pct");
    assert_eq!(told(add(&office, "dee@pct.example.org", "pct", "lutown")).0, 422);
    assert_eq!(told(add(&office, "dee@pct.example.org", "sha", "luton")).0, 422);
    let own = add(&office, "Office@sha.example.org", "sha", "");
    assert_eq!(told(own), (422, vec!["There is an account of this address already".into()]));
    let hostile = "\"><script>alert(1)</script>@x";
    let page = add(&office, hostile, "sha", "");
    assert!(page.status == 422 && !page.text.contains("<script>alert"), "{}", page.text);
});

on_both!(the_last_administrator_stays, |house| {
    let office = house.sign_in(Role::Office);
    let own = page_of(&office, "office@sha.example.org");
    let page = office.post(&own, &form(&[("role", "clerk"), ("unit", "")]));
    let said = "This is the last administrator: add another first";
    assert_eq!((page.status, page.texts(".nhsuk-error-summary li")), (422, vec![said.into()]));
    let page = office.post(&format!("{own}/remove"), &[]);
    assert_eq!(page.status, 409);
    assert!(page.says("Add another administrator first"));
    assert_eq!(office.get("/office").status, 200);
    assert_eq!(add(&office, "eve@office.example.org", "office", "").status, 303);
    assert_eq!(office.post(&format!("{own}/remove"), &[]).status, 303);
    assert_eq!(office.get("/office").status, 401, "gone");
});

on_both!(two_administrators_who_remove_each_other_leave_one, |house| {
    let one = house.sign_in(Role::Office);
    assert_eq!(add(&one, "eve@office.example.org", "office", "").status, 303);
    let eve = flow::issue_sign_in_link(
        &house.house,
        &"eve@office.example.org".parse().expect("an address"),
        false,
    );
    let two = house.visitor();
    assert_eq!(two.post(&eve.expect("a link"), &[]).status, 303);
    let (of_one, of_two) =
        (page_of(&one, "office@sha.example.org"), page_of(&one, "eve@office.example.org"));
    two.get("/account");
    std::thread::scope(|scope| {
        scope.spawn(|| one.post(&format!("{of_two}/remove"), &[]));
        scope.spawn(|| two.post(&format!("{of_one}/remove"), &[]));
    });
    let left = house.house.store.read(|tx| tx.accounts()).expect("accounts");
    assert_eq!(left.len(), 1, "{left:?}");
});

on_both!(an_administrator_signs_others_out_and_takes_their_second_step_away, |house| {
    let office = house.sign_in(Role::Office);
    let clerk = house.sign_in(Role::Clerk);
    let of_clerk = page_of(&office, "clerk@sha.example.org");
    let out = office.get(&format!("{of_clerk}/sign-out")).form_action("Sign them out");
    let done = office.post(&out, &[]).to.expect("on");
    assert!(office.get(&done).says("signed out everywhere"));
    assert_eq!(clerk.get("/office").status, 401);
    // There is nothing to take away.
    assert_eq!(office.get(&format!("{of_clerk}/reset-second-step")).to.as_ref(), Some(&of_clerk));
    let email = "clerk@sha.example.org".parse().expect("an address");
    let account = Account { email, role: Role::Clerk, unit: None };
    flow::begin_second_step(&house.house, &account).expect("begun");
    let key = flow::enrolment(&house.house, &account.email).expect("begun").secret.replace(' ', "");
    let secret = totp_rs::Secret::try_from_base32(key).expect("a key");
    let app = totp_rs::Builder::new().with_secret(secret).with_account_name("x").build();
    let now = u64::try_from(house.house.now().unix()).expect("after 1970");
    let code = app.expect("an app").generate(now).to_string();
    flow::confirm_second_step(&house.house, &account.email, &code).expect("on");
    let page = office.get(&format!("{of_clerk}/reset-second-step"));
    let done = office.post(&page.form_action("Take it away"), &[]).to.expect("on");
    assert!(office.get(&done).says("The second step is taken away"));
    let last = acts(house).pop().expect("an act");
    assert_eq!(last.1, "account.second-step-reset");
    assert_eq!(last.0, "office@sha.example.org");
});

on_both!(nobody_else_sees_accounts, |house| {
    let office = house.sign_in(Role::Office);
    let own = page_of(&office, "office@sha.example.org");
    for role in [Role::Clerk, Role::Sha, Role::Lmc] {
        let other = house.sign_in(role);
        for path in ["/office/accounts", "/office/accounts/new", &own, &format!("{own}/remove")] {
            assert_eq!(other.get(path).status, 403, "{role} {path}");
        }
        assert_eq!(other.post(&format!("{own}/remove"), &[]).status, 403);
        assert_eq!(add(&other, "x@example.org", "office", "").status, 403);
    }
    assert!(!own.contains('@'), "no address in histories");
    assert_eq!(office.get("/office/accounts/0000000000000000").status, 404);
    assert_eq!(office.get(&format!("{own}/explode")).status, 404);
});
