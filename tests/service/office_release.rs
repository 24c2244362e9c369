//! The office builds results in the browser, looks at them as everybody will see them,
//! decides with a second person when they come out, and says which figures are to be
//! looked at first.

use std::collections::BTreeMap;

use soundings::account::{Account, Role};
use soundings::flow;
use soundings::wave::State;

use crate::accessibility::Inspector;
use crate::result_pages::{AT, LATER, SUMMARY, counted, for_leads};
use crate::results::closed;
use crate::support::house::{TestHouse, code, moment};
use crate::support::visitor::{Page, Visitor};
use crate::support::{Backend, on_both};

const DESK: &str = "/office/waves/2007-Q4/release";
const FLAGS: &str = "/office/waves/2007-Q4/flags";
/// Some days after the closing, and before the minute of publication.
const NOW: &str = "2007-12-17T10:00";
const MINUTE: &str = "2008-01-07T09:30";

fn at(rest: &str) -> String {
    format!("{DESK}/{rest}")
}

fn post(who: &Visitor, path: &str, fields: &[(&str, &str)]) -> Page {
    let fields: Vec<(String, String)> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    who.post(path, &fields)
}

/// Where a form leads when it was taken, by the word that the page after it says.
fn taken(page: &Page, word: &str) {
    let to = page.to.as_deref().unwrap_or_default();
    assert_eq!((page.status, to), (303, format!("{DESK}?done={word}").as_str()), "{}", page.text);
}

/// A closed wave of a few replies, and the office that built its release.
fn built(house: &TestHouse) -> Visitor {
    closed(house);
    house.house.clock.set(moment(NOW));
    let office = house.sign_in(Role::Office);
    taken(&post(&office, &at("build"), &[]), "built");
    office
}

fn digest(house: &TestHouse) -> String {
    let found = house.house.store.read(|tx| tx.release(&code(LATER))).expect("the database");
    found.expect("a release").0.digest().to_owned()
}

fn is_published(house: &TestHouse) -> bool {
    let wave = house.house.store.read(|tx| tx.wave(&code(LATER))).expect("the database");
    wave.expect("the wave").state == State::Released
}

/// Somebody else of the office.
fn colleague(house: &TestHouse, email: &str, role: Role) -> Visitor {
    let account = Account { email: email.parse().expect("an address"), role, unit: None };
    house.house.store.write(|tx| tx.put_account(&account)).expect("an account");
    let visitor = house.visitor();
    let link = flow::issue_sign_in_link(&house.house, &account.email, false).expect("a link");
    let done = visitor.post(&visitor.get(&link).form_action("Sign in"), &[]);
    assert_eq!(done.status, 303, "{}", done.text);
    visitor
}

/// What lies between the frame of a page, with the addresses of everybody.
fn matter(page: &Page, eyes: &str) -> String {
    let (_, rest) = page.text.split_once("<main").unwrap_or(("", &page.text));
    let (matter, _) = rest.split_once("</main>").unwrap_or((rest, ""));
    ["2007-Q3", LATER].into_iter().fold(matter.to_owned(), |matter, wave| {
        let looked = format!("/office/waves/{wave}/release/as/{eyes}");
        matter.replace(&looked, &format!("/results/{wave}"))
    })
}

/// What a reader may try to open of the results.
const PAGES: [&str; 12] = [
    "",
    "?sort=answered",
    "/pct/luton",
    "/pct/norfolk",
    "/pct/nobody",
    "/measure/IDX_MIL",
    "/measure/MS_INC",
    "/measure/BC_WAIT",
    "/measure/MS_INC/figures.csv",
    "/download/figures.csv",
    "/download/release.json",
    "/download/norfolk.xlsx",
];

type Seen = BTreeMap<(&'static str, &'static str), (u16, String)>;

/// Everything that the office sees with these eyes.
fn looked(office: &Visitor, eyes: &'static str, in_words: &str) -> Seen {
    let mut seen = Seen::new();
    for path in PAGES {
        let page = office.get(&at(&format!("as/{eyes}{path}")));
        if page.status == 200 && page.text.contains("<main") {
            let bar = format!("You are looking as {in_words}. Nothing is published.");
            assert!(page.says(&bar), "{eyes} {path}: {}", page.text);
            let out = page.addresses("main a[href^='/results/']");
            assert_eq!(out, [""; 0], "{eyes} {path} leads out");
            assert!(page.addresses(".so-preview a").contains(&DESK.to_owned()));
        }
        seen.insert((eyes, path), (page.status, matter(&page, eyes)));
    }
    seen
}

on_both!(what_the_office_sees_as_somebody_else_is_what_they_see_later, |house| {
    counted(house);
    let office = house.sign_in(Role::Office);
    let desk = office.get(DESK);
    assert!(desk.says("to be built") && !desk.says("Publish now"), "{}", desk.text);
    taken(&post(&office, &desk.form_action("Build the release"), &[]), "built");
    let desk = office.get(DESK);
    assert!(desk.says(&digest(house)) && desk.says("found nothing that gives anybody away"));
    assert!(desk.says("at least 5 people from 3 PBC groups"), "{}", desk.text);
    let of_norfolk = desk.texts("tbody tr").into_iter().find(|row| row.starts_with("Norfolk"));
    assert!(of_norfolk.is_some_and(|row| row.contains(" of ")), "{}", desk.text);
    // What differs most between readers: letters, a flag, the summary.
    let shown = [("peers", "coded"), ("summary", "on")];
    taken(&post(&office, &at("showing"), &shown), "showing");
    confirm_the_first(&office);

    let readers = [("sha", "the SHA"), ("lmc", "the LMC")];
    let of_luton = [("pct-luton", "the PCT Luton"), ("lead-luton", "a lead in Luton")];
    let mut before = Seen::new();
    for (eyes, in_words) in readers.into_iter().chain(of_luton) {
        before.extend(looked(&office, eyes, in_words));
    }
    let summary = |eyes: &str| {
        let page = office.get(&at(&format!("as/{eyes}/summary")));
        assert_eq!(page.status, 200, "{eyes}");
        matter(&page, eyes)
    };
    let (of_lead, of_all) = (summary("lead-luton"), summary("everybody"));
    assert_ne!(of_lead, of_all, "the lead's summary tells of Luton");
    for shut in ["as/everybody", "as/sha/summary", "as/office", "as/pct-nowhere", "as/clerk"] {
        assert_eq!(office.get(&at(shut)).status, 404, "{shut}");
    }
    assert!(!is_published(house), "looking does nothing");

    taken(&post(&office, &at("publish"), &[("digest", &digest(house))]), "published");
    let lead = house.visitor();
    assert_eq!(matter(&lead.go(&for_leads(house, "luton")), "lead-luton"), of_lead);
    assert_eq!(matter(&house.visitor().get(SUMMARY), "everybody"), of_all);
    let readers: [(&str, Visitor); 4] = [
        ("sha", house.sign_in(Role::Sha)),
        ("lmc", house.sign_in(Role::Lmc)),
        ("pct-luton", house.sign_in(Role::Pct)),
        ("lead-luton", lead),
    ];
    let mut statuses = Vec::new();
    for (eyes, reader) in readers {
        for path in PAGES {
            let page = reader.get(&format!("{AT}{path}"));
            let (status, was) = &before[&(eyes, path)];
            assert_eq!(page.status, *status, "{eyes} {path}");
            statuses.push(page.status);
            if page.status == 200 {
                assert!(matter(&page, eyes) == *was, "{eyes} {path} is another page");
            }
        }
    }
    // The comparison means something: some were open and some shut.
    let of = |wanted: u16| statuses.iter().filter(|status| **status == wanted).count();
    assert!(of(200) > 30 && of(403) > 4 && of(404) > 4, "{statuses:?}");
});

/// Confirms the first proposal of the list.
fn confirm_the_first(office: &Visitor) {
    let sent = first_proposal(&office.get(&format!("{FLAGS}?show=open")));
    let mut fields: Vec<(&str, &str)> =
        sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend([("note", "For the review meeting"), ("decision", "confirmed")]);
    assert_eq!(post(office, FLAGS, &fields).status, 303);
}

/// What the first form of the list sends unseen.
fn first_proposal(page: &Page) -> Vec<(String, String)> {
    let (_, rest) = page.text.split_once("so-proposal__form").expect("a proposal");
    let (form, _) = rest.split_once("</form>").expect("a form");
    ["unit", "rule", "measure"]
        .into_iter()
        .map(|name| {
            let start = format!("name=\"{name}\" value=\"");
            let (_, value) = form.split_once(&start).expect("a field");
            (name.to_owned(), value.split('"').next().unwrap_or_default().to_owned())
        })
        .collect()
}

on_both!(results_of_a_wave_that_is_open_wait_and_nobody_else_comes_near, |house| {
    house.import_region();
    house.open_wave(LATER);
    let office = house.sign_in(Role::Office);
    let desk = office.get(DESK);
    assert!(desk.says("The wave closes at 5pm on Friday 14 December 2007"), "{}", desk.text);
    assert!(office.get(FLAGS).says("Close the wave and build its release first"));
    let refused = post(&office, &at("build"), &[]);
    assert_eq!(refused.status, 409, "{}", refused.text);
    for path in ["plan", "publish"] {
        taken(&office.get(&at(path)), "unbuilt");
    }
    for role in [Role::Sha, Role::Pct, Role::Lmc] {
        let reader = house.sign_in(role);
        for path in [DESK, FLAGS, &at("as"), &at("as/sha"), &at("as/sha/download/figures.csv")] {
            assert_eq!(reader.get(path).status, 403, "{role} {path}");
        }
        for path in ["build", "publish", "plan", "early", "note", "showing"] {
            assert_eq!(post(&reader, &at(path), &[]).status, 403, "{role} {path}");
        }
    }
});

on_both!(a_clerk_builds_and_looks_and_does_not_publish, |house| {
    closed(house);
    let clerk = house.sign_in(Role::Clerk);
    taken(&post(&clerk, &at("build"), &[]), "built");
    let desk = clerk.get(DESK);
    assert!(desk.says("An administrator of the office decides it"), "{}", desk.text);
    assert!(!desk.says("Publish now") && !desk.says("Set the minute"), "{}", desk.text);
    assert_eq!(clerk.get(&at("as/pct-luton")).status, 200);
    let digest = digest(house);
    for act in ["publish", "plan", "unplan", "showing", "early", "early/withdraw", "take-back"] {
        let fields = [("digest", digest.as_str()), ("at", "2008-01-07T09:00:00Z")];
        assert_eq!(post(&clerk, &at(act), &fields).status, 403, "{act}");
    }
    assert!(!is_published(house));
});

on_both!(a_minute_is_set_as_people_write_it_and_taken_back, |house| {
    let office = built(house);
    let form = office.get(&at("plan"));
    assert!(form.says("When are the results published?") && form.says("A mail goes to"));
    let digest = digest(house);
    let plan = |day: &str, month: &str, time: &str| {
        let typed = [("day", day), ("month", month), ("year", "2008"), ("time", time)];
        post(&office, &at("plan"), &[&typed[..], &[("digest", &digest)]].concat())
    };
    let refused = plan("32", "1", "late");
    assert_eq!(refused.status, 422);
    assert_eq!(refused.texts(".nhsuk-error-summary li").len(), 2, "{}", refused.text);
    assert!(refused.filled().contains(&("time".to_owned(), "late".to_owned())));
    let passed = post(
        &office,
        &at("plan"),
        &[("day", "1"), ("month", "12"), ("year", "2007"), ("time", "9am"), ("digest", &digest)],
    );
    assert_eq!((passed.status, passed.says("That minute has passed")), (422, true));

    for _ in 0..2 {
        taken(&plan("7", "January", "9:30am"), "planned");
    }
    let planned = || flow::release_plan(&house.house, &code(LATER)).expect("a plan");
    assert_eq!(planned(), Some(moment(MINUTE)));
    assert!(office.get(DESK).says("9:30am on Monday 7 January 2008"));
    assert!(office.get(&at("plan")).filled().contains(&("time".to_owned(), "9:30am".to_owned())));
    for _ in 0..2 {
        taken(&post(&office, &at("unplan"), &[]), "unplanned");
    }
    assert_eq!(planned(), None);
    house.house.clock.set(moment(MINUTE));
    assert!(flow::publish_due(&house.house).expect("looked").is_empty(), "taken back");
    house.house.clock.set(moment(NOW));

    // Somebody builds again what another page still shows.
    taken(&plan("8", "Jan", "midday"), "planned");
    assert!(office.get(DESK).says("is dropped"), "{}", office.get(DESK).text);
    taken(&post(&office, &at("build"), &[]), "built");
    assert_eq!(planned(), None, "nobody looked at that one");
    let stale = [("digest", "of another release")];
    taken(&post(&office, &at("publish"), &stale), "rebuilt");
    assert!(office.get(&format!("{DESK}?done=rebuilt")).says("Nothing was changed"));
    assert!(!is_published(house));
});

fn two_people_publish(backend: Backend) {
    let on = [("SOUNDINGS_TWO_PEOPLE", "on".to_owned())];
    let house = &TestHouse::start_with(backend, on);
    let ann = built(house);
    let bo = colleague(house, "bo@office.example.org", Role::Office);
    let clerk = colleague(house, "cy@office.example.org", Role::Clerk);
    let digest = digest(house);
    let of_release = [("digest", digest.as_str())];
    let typed = [("day", "7"), ("month", "1"), ("year", "2008"), ("time", "09:30")];
    let typed = [&typed[..], &of_release].concat();

    // The minute: one asks, the other sets it.
    assert!(ann.get(&at("plan")).says("Two people decide this"));
    taken(&post(&ann, &at("plan"), &typed), "asked");
    taken(&post(&ann, &at("plan"), &typed), "asked");
    let planned = || flow::release_plan(&house.house, &code(LATER)).expect("a plan");
    assert_eq!(planned(), None);
    assert!(!ann.get(DESK).says("Set the minute as asked"), "nobody is two people");
    assert!(!clerk.get(DESK).says("asked to publish"), "{}", clerk.get(DESK).text);
    let asked = bo.get(DESK);
    assert!(asked.says("asked to publish these results at 9:30am on Monday 7 January 2008"));
    let as_asked = [("at", "2008-01-07T09:30:00Z"), ("digest", &digest)];
    assert_eq!(asked.form_action("Set the minute as asked"), at("plan"));
    taken(&post(&bo, &at("plan"), &as_asked), "planned");
    taken(&post(&bo, &at("plan"), &as_asked), "planned");
    assert_eq!(planned(), Some(moment(MINUTE)));

    // Publishing: a request that was taken back is none, and another release needs another.
    let ask = |who: &Visitor| post(who, &at("publish"), &of_release);
    taken(&ask(&ann), "asked");
    assert!(ann.get(&at("publish")).says("You asked for this"));
    assert!(ann.get(&at("publish")).button("Publish now").is_none());
    let act = [("act", "release.published")];
    taken(&post(&bo, &at("take-back"), &act), "taken-back");
    taken(&ask(&bo), "asked");
    taken(&ask(&bo), "asked");
    assert!(!is_published(house));
    assert!(ann.get(&at("publish")).says("bo@office.example.org asked for this"));
    taken(&ask(&ann), "published");
    taken(&ask(&ann), "published");
    assert!(is_published(house));
    let trail = ann.get("/office/trail");
    assert!(trail.says("(asked for by bo@office.example.org)"), "{}", trail.text);
    assert_eq!(trail.texts("tbody").concat().matches("Release published").count(), 1);
}

#[test]
fn two_people_publish_on_sqlite() {
    two_people_publish(Backend::Sqlite);
}

#[test]
fn two_people_publish_on_postgres() {
    two_people_publish(Backend::Postgres);
}

on_both!(somebody_is_let_see_results_early_with_a_reason_and_waits_again, |house| {
    let office = built(house);
    let pct = house.sign_in(Role::Pct);
    assert_eq!(pct.get(AT).status, 404);
    let early = at("early");
    assert!(office.get(&early).says("Nobody was let see these results"));
    let refused = post(&office, &early, &[("account", ""), ("reason", " ")]);
    assert_eq!(refused.status, 422);
    assert_eq!(refused.texts(".nhsuk-error-summary li").len(), 2, "{}", refused.text);
    let long = "word ".repeat(60);
    let refused = post(&office, &early, &[("account", "pct@sha.example.org"), ("reason", &long)]);
    assert!(refused.status == 422 && refused.says("Shorten the reason to 200 characters"));
    let grant = [("account", "pct@sha.example.org"), ("reason", "Answers to the press")];
    for _ in 0..2 {
        let page = post(&office, &early, &grant);
        assert_eq!(page.to.as_deref(), Some(format!("{early}?done=granted").as_str()));
    }
    assert_eq!(pct.get(AT).status, 200);
    let list = office.get(&early);
    assert!(list.says("PCT luton: Answers to the press") && list.says("First looked at"));
    assert!(!list.addresses("option").contains(&"pct@sha.example.org".to_owned()));
    assert!(office.get(DESK).says("1 account may see it now, of 1 ever let"));
    let withdraw = list.form_action("End it");
    for _ in 0..2 {
        assert_eq!(post(&office, &withdraw, &[("email", "pct@sha.example.org")]).status, 303);
    }
    assert_eq!(pct.get(AT).status, 404);
    taken(&post(&office, &at("publish"), &[("digest", &digest(house))]), "published");
    assert!(office.get(&early).says("everybody who may see results sees them"));
    assert!(pct.get(AT).says("Before publication, access was given to: PCT luton"));
    let trail = office.get("/office/trail");
    assert!(trail.says("Early access given") && trail.says("Early access withdrawn"));
});

on_both!(a_note_is_shown_as_it_will_stand_and_stands_once, |house| {
    let office = built(house);
    let note = at("note");
    taken(&office.get(&note), "unpublished");
    taken(&post(&office, &at("publish"), &[("digest", &digest(house))]), "published");
    assert_eq!(post(&office, &note, &[("words", "  ")]).status, 422);
    let long = "word ".repeat(300);
    let refused = post(&office, &note, &[("words", &long)]);
    assert!(refused.status == 422 && refused.filled()[0].1.len() > 1000, "nothing typed is lost");
    let words = "One <b>group</b>  was counted twice.";
    let page = post(&office, &note, &[("words", words)]);
    assert!(page.says("Put this note above the results?"), "{}", page.text);
    assert!(page.says("One <b>group</b> was counted twice."), "{}", page.text);
    let again = post(&office, &note, &[("words", words), ("sure", "no")]);
    assert_eq!(again.filled()[0].1, "One <b>group</b> was counted twice.");
    assert!(!house.sign_in(Role::Sha).get(AT).says("counted twice"), "not yet");
    for _ in 0..2 {
        taken(&post(&office, &note, &[("words", words), ("sure", "yes")]), "noted");
    }
    let above = house.sign_in(Role::Sha).get(AT).texts(".so-notice p");
    let notes = above.iter().filter(|note| note.contains("counted twice")).count();
    assert_eq!(notes, 1, "{above:?}");
    assert!(office.get(DESK).says("counted twice"));
});

on_both!(all_flags_are_decided_in_one_list_and_decided_again, |house| {
    counted(house);
    let office = house.sign_in(Role::Office);
    taken(&post(&office, &at("build"), &[]), "built");
    let number = |page: &Page| page.texts(".so-proposal").len();
    let all = office.get(FLAGS);
    let proposed = number(&all);
    assert!(proposed > 2, "{}", all.text);
    assert!(all.says(&format!("0 of {proposed} proposals decided.")), "{}", all.text);
    assert!(all.says("The score is") || all.says("of leads"), "the evidence in words");
    let names = all.texts("main h2");
    assert!(names.is_sorted(), "{names:?}");

    let first = first_proposal(&all);
    let decide = |decision: &str, note: &str, show: &str| {
        let unseen = first.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let more = [("note", note), ("decision", decision), ("show", show)];
        post(&office, FLAGS, &unseen.chain(more).collect::<Vec<_>>())
    };
    let long = "n".repeat(301);
    let refused = decide("confirmed", &long, "open");
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains(&long) && refused.says("Shorten the note to 300 characters"));
    assert!(office.get(FLAGS).says(&format!("0 of {proposed}")));

    let kept = decide("confirmed", "Ask <at> the review", "open");
    let to = kept.to.as_deref().unwrap_or_default();
    assert!(to.starts_with(&format!("{FLAGS}?show=open&done=confirmed#at-look-")), "{to}");
    let confirmed = office.get(&format!("{FLAGS}?show=confirmed"));
    assert_eq!(number(&confirmed), 1);
    assert!(confirmed.says("Confirmed by office@sha.example.org"), "{}", confirmed.text);
    assert!(confirmed.says(&format!("1 of {proposed} proposals decided.")));
    assert_eq!(number(&office.get(&format!("{FLAGS}?show=open"))), proposed - 1);
    let shown = || office.get(&at("as/sha")).says("Ask <at> the review");
    assert!(shown(), "the SHA will see it");
    assert!(office.get(DESK).says(&format!("1 of {proposed} proposals decided")));

    assert_eq!(decide("dismissed", "", "confirmed").status, 303);
    assert!(!shown(), "decided again");
    assert!(office.get(&format!("{FLAGS}?show=confirmed")).says("There is none of these"));
    assert_eq!(number(&office.get(&format!("{FLAGS}?show=dismissed"))), 1);
    let nothing =
        [("unit", "luton"), ("rule", "fall"), ("measure", "X"), ("decision", "confirmed")];
    assert_eq!(post(&office, FLAGS, &nothing).status, 400, "nobody proposed that");
});

#[test]
fn axe_finds_nothing_wrong_with_the_pages_about_a_release() {
    let house = TestHouse::start(Backend::Sqlite);
    counted(&house);
    house.house.clock.set(moment(NOW));
    let mut eye = Inspector::new();
    let to = |path: &str| format!("{}{path}", house.base());
    let desk = to(DESK);
    eye.browser.goto(&house.sign_in_link(Role::Office));
    eye.browser.follow("main form button");
    eye.open("release-to-build", &desk, "Release");
    eye.browser.follow("main form button");
    eye.look("release-built", "Release");
    eye.open("flags", &to(FLAGS), "Look here first");
    eye.browser.fill(".so-proposal input[name=note]", "For the review meeting");
    eye.browser.follow(".so-proposal button");
    eye.look("flags-decided", "Look here first");
    eye.open("look-as", &to(&at("as")), "Look as somebody else");
    eye.open("look-as-sha", &to(&at("as/sha")), "The wave 2007-Q4");
    eye.open("look-as-lead", &to(&at("as/lead-luton/summary")), "What leads said");
    eye.open("release-showing", &to(&at("showing")), "How the results are shown");
    house.sign_in(Role::Pct);
    eye.open("release-early", &to(&at("early")), "Who sees the results early");
    eye.browser.follow("main form button");
    eye.look("release-early-error", "Who sees the results early");
    eye.browser.script("document.querySelector('#account').value = 'pct@sha.example.org'");
    eye.browser.fill("#reason", "Answers to the press");
    eye.browser.follow("main form button");
    eye.look("release-early-given", "Who sees the results early");
    eye.open("release-plan", &to(&at("plan")), "When are the results published?");
    eye.browser.fill("#day", "32");
    eye.browser.follow("main form button");
    eye.look("release-plan-error", "When are the results published?");
    eye.open("release-publish", &to(&at("publish")), "Publish the results now?");
    eye.browser.follow("main form button");
    eye.look("release-published", "Release");
    eye.open("release-note", &to(&at("note")), "Say something beside the results");
    eye.browser.fill("#words", "One group was counted twice.");
    eye.browser.follow("main form button");
    eye.look("release-note-confirm", "Put this note above the results?");
    assert!(eye.wrong.is_empty(), "{:#?}", eye.wrong);
    assert_eq!(eye.seen, 17);
}
