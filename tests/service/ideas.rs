//! Ideas for the network: mended, published and taken down by the office; read by everybody
//! under the names that their writers wanted shown, and no others.

use soundings::account::Role;

use crate::support::house::TestHouse;
use crate::support::on_both;
use crate::support::visitor::Page;

const PUBLIC: &str = "/network/ideas";

fn share(house: &TestHouse, words: &str, named: bool) -> Page {
    let mut fields = vec![
        ("words", words),
        ("group", "Lea <b>Valley</b>"),
        ("name", "Dr {{x}} Sharing"),
        ("email", "sharing@practice.example.org"),
    ];
    if named {
        fields.push(("named", "yes"));
    }
    let fields: Vec<_> =
        fields.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    house.visitor().post("/network", &fields)
}

/// The page of the idea with these words.
fn page_of(house: &TestHouse, words: &str) -> String {
    let ideas = house.house.store.read(|tx| tx.network_ideas()).expect("ideas");
    let found = ideas.iter().find(|kept| kept.idea.words() == words).expect("the idea");
    format!("/office/network/{}", found.id)
}

on_both!(an_idea_is_mended_published_and_taken_down, |house| {
    house.invite_some(1);
    assert!(house.visitor().get(PUBLIC).says("Nothing is shown here yet"));
    assert_eq!(share(house, "We meet <weekly> {{now}}", false).status, 303);
    assert_eq!(share(house, "A named idea", true).status, 303);
    let anybody = house.visitor();
    assert!(anybody.get(PUBLIC).says("Nothing is shown here yet"), "before the office read them");
    assert_eq!(anybody.get("/").addresses("main a[href='/network/ideas']"), [""; 0]);

    let clerk = house.sign_in(Role::Clerk);
    let (unnamed, named) =
        (page_of(house, "We meet <weekly> {{now}}"), page_of(house, "A named idea"));
    let words = |words: &str| [("words".to_owned(), words.to_owned())];
    // Faults keep what was typed.
    let refused = clerk.post(&unnamed, &words(&"é".repeat(1001)));
    assert!(refused.status == 422 && refused.says("Use 1000 characters or fewer; this has 1001"));
    assert_eq!(refused.filled(), [("words".to_owned(), "é".repeat(1001))]);
    assert_eq!(clerk.post(&unnamed, &words(" \r\n\u{202e}")).status, 422);
    // Mended, the original stays.
    assert_eq!(clerk.post(&unnamed, &words("We meet every week")).status, 303);
    let page = clerk.get(&unnamed);
    assert!(
        page.says("As it was written We meet <weekly> {{now}}")
            || page.says("We meet <weekly> {{now}}")
    );
    assert!(page.says("did not ask to be named"));
    for path in [&unnamed, &named] {
        for _ in 0..2 {
            assert_eq!(clerk.post(&format!("{path}/publish"), &[]).status, 303);
        }
    }
    let public = anybody.get(PUBLIC);
    assert!(public.says("We meet every week") && !public.says("weekly"), "{}", public.text);
    assert!(public.says("Dr {{x}} Sharing, Lea <b>Valley</b>"), "{}", public.text);
    assert_eq!(public.text.matches("Sharing").count(), 1, "the other did not want to be named");
    assert!(!public.text.contains("sharing@practice") && !public.text.contains("<b>"));
    assert_eq!(anybody.get("/").addresses("main a[href='/network/ideas']").len(), 1);
    assert_eq!(anybody.get("/network").addresses("main a[href='/network/ideas']").len(), 1);
    assert_eq!(anybody.get("/network/thanks").addresses("main a[href='/network/ideas']").len(), 1);

    for _ in 0..2 {
        assert_eq!(clerk.post(&format!("{named}/take-down"), &[]).status, 303);
    }
    assert!(!anybody.get(PUBLIC).says("A named idea"));
    // Deleted, it is gone from everywhere.
    let id = unnamed.rsplit('/').next().expect("an id").to_owned();
    assert_eq!(clerk.post("/office/network/delete", &[("id".to_owned(), id)]).status, 303);
    assert!(anybody.get(PUBLIC).says("Nothing is shown here yet"));
    assert_eq!(clerk.get(&unnamed).status, 404);
    assert_eq!(clerk.post(&format!("{unnamed}/publish"), &[]).status, 404);
    // Nobody else sees to them.
    for role in [Role::Sha, Role::Pct, Role::Lmc] {
        let other = house.sign_in(role);
        assert_eq!(other.get(&named).status, 403);
        assert_eq!(other.post(&format!("{named}/publish"), &[]).status, 403);
    }
    assert_eq!(house.visitor().post(&format!("{named}/publish"), &[]).status, 401);
    let trail = house.sign_in(Role::Office).get("/office/trail/trail.csv").text;
    for (act, times) in [
        ("network.edited", 1),
        ("network.published", 2),
        ("network.taken-down", 1),
        ("network.deleted", 1),
    ] {
        assert_eq!(trail.matches(act).count(), times, "{act}");
    }
    assert!(!trail.contains("We meet") && !trail.contains("sharing@"));
});

on_both!(what_came_in_a_rehearsal_is_never_published, |house| {
    house.import_region();
    house.open_rehearsal("2007-T1");
    assert_eq!(share(house, "Tried out", true).status, 303);
    let office = house.sign_in(Role::Office);
    let at = page_of(house, "Tried out");
    assert!(office.get(&at).button("Publish it").is_none());
    assert_eq!(office.post(&format!("{at}/publish"), &[]).status, 409);
    assert!(!house.visitor().get(PUBLIC).says("Tried out"));
});
