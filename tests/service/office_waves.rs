//! The life of a wave from the office's browser: made, opened, moved, closed, given up.

use soundings::account::{Account, Role};
use soundings::flow;
use soundings::wave::State;

use crate::support::house::{Backend, TestHouse, code};
use crate::support::on_both;
use crate::support::visitor::{Page, Visitor};

/// A form's fields.
fn form(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The state of a wave.
fn state(house: &TestHouse, wave: &str) -> State {
    house.house.store.read(|tx| tx.wave(&code(wave))).expect("read").expect("a wave").state
}

/// Chooses the survey that comes with the program; gives back the page of the next step.
fn choose(office: &Visitor) -> String {
    let page = office.get("/office/waves/new");
    let shipped = page.fields().into_iter().find(|field| field.name == "survey").expect("a choice");
    let first = shipped.options.first().expect("a survey").clone();
    let to = office.post("/office/waves/new", &form(&[("survey", &first)])).to;
    to.expect("the next step")
}

const PLAN: [(&str, &str); 6] = [
    ("code", "2008-Q1"),
    ("title", "January to March 2008"),
    ("purpose", "test"),
    ("opens", "2007-11-19T09:00"),
    ("closes", "2007-12-14T17:00"),
    ("publishes", "2008-01-07T09:00"),
];

fn make(office: &Visitor) -> Page {
    let step = choose(office);
    let mut all = PLAN.to_vec();
    all.push(("step", "create"));
    office.post(&step, &form(&all))
}

/// Waits until a closing that was begun has ended.
fn closed(office: &Visitor, wave: &str) -> Page {
    for _ in 0..600 {
        let page = office.get(&format!("/office/waves/{wave}/close"));
        if page.texts("[data-again]").is_empty() {
            return page;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("the closing does not end");
}

on_both!(a_wave_is_made_by_steps_and_every_fault_is_told_at_once, |house| {
    house.import_region();
    let office = house.sign_in(Role::Clerk);
    assert!(office.get("/office").says("Make the next wave"));
    let nothing = office.post("/office/waves/new", &[]);
    assert_eq!((nothing.status, nothing.says("Choose a survey, or a file")), (422, true));
    let step = choose(&office);
    let page = office.get(&step);
    assert_eq!(page.heading(), "New wave: what and when?");
    let wrong = form(&[
        ("code", "Q 1"),
        ("title", ""),
        ("opens", "soon"),
        ("closes", ""),
        ("publishes", "2008-01-07T09:00"),
    ]);
    let told = office.post(&step, &wrong);
    assert_eq!(told.status, 422);
    assert_eq!(told.texts(".nhsuk-error-summary li").len(), 4, "{}", told.text);
    assert!(told.text.contains("value=\"Q 1\""), "what was typed is there");
    let crooked = form(&[
        ("code", "2008-Q1"),
        ("title", "T"),
        ("opens", "2007-12-14T17:00"),
        ("closes", "2007-11-19T09:00"),
        ("publishes", "2008-01-07T09:00"),
    ]);
    assert_eq!(office.post(&step, &crooked).status, 422);

    let check = office.post(&step, &form(&PLAN));
    assert_eq!((check.status, check.heading().as_str()), (200, "New wave: is this right?"));
    assert!(check.says("November 2007") && check.says("Closes"), "{}", check.text);
    assert!(office.get("/office").says("There is no wave yet"), "nothing is made yet");
    let done = make(&office);
    assert_eq!(done.to.as_deref(), Some("/office/waves/2008-Q1?done=created"), "{}", done.text);
    assert_eq!(state(house, "2008-Q1"), State::Draft);
    // A second press.
    let again = make(&office);
    assert_eq!((again.status, again.says("There is a wave 2008-Q1 already")), (422, true));
    // The clerk makes it and does not open it.
    assert_eq!(office.get("/office/waves/2008-Q1/open").status, 403);
    assert!(!office.get("/office/waves/2008-Q1").says("Look through and open"));
    assert_eq!(office.post("/office/waves/2008-Q1/open", &[]).status, 403);
});

on_both!(a_wave_is_looked_through_opened_moved_and_closed, |house| {
    house.import_region();
    let office = house.sign_in(Role::Office);
    make(&office);
    let checks = office.get("/office/waves/2008-Q1/open");
    for said in ["162 leads are asked", "Whose figures could be shown", "85% answer", "Luton"] {
        assert!(checks.says(said), "{said}: {}", checks.text);
    }
    let dates = form(&[
        ("opens", "2007-11-19T09:00"),
        ("closes", "2007-12-07T17:00"),
        ("publishes", "2008-01-07T09:00"),
    ]);
    assert_eq!(office.post("/office/waves/2008-Q1/dates", &dates).status, 303, "a draft moves");
    let opened = office.post("/office/waves/2008-Q1/open", &[]);
    assert_eq!(opened.to.as_deref(), Some("/office/waves/2008-Q1?done=opened"), "{}", opened.text);
    assert_eq!(state(house, "2008-Q1"), State::Open);
    assert_eq!(office.post("/office/waves/2008-Q1/open", &[]).status, 409, "a second press");
    let sooner = form(&[("closes", "2007-12-01T17:00"), ("publishes", "2008-01-07T09:00")]);
    assert_eq!(office.post("/office/waves/2008-Q1/dates", &sooner).status, 409);
    let later = form(&[("closes", "2007-12-21T17:00"), ("publishes", "2008-01-07T09:00")]);
    assert_eq!(office.post("/office/waves/2008-Q1/dates", &later).status, 303);

    assert_eq!(office.post("/office/waves/2008-Q1/rehearse", &[]).status, 303);
    let early = office.post("/office/waves/2008-Q1/close", &[]);
    assert_eq!(early.status, 409, "before its time only if that is said");
    let close = office.post("/office/waves/2008-Q1/close", &form(&[("early", "yes")]));
    assert_eq!(close.status, 303, "{}", close.text);
    let done = closed(&office, "2008-Q1");
    assert!(done.says("The wave is closed"), "{}", done.text);
    assert_eq!(state(house, "2008-Q1"), State::Closed);
    let page = office.get("/office/trail");
    for said in
        ["Wave created", "Wave opened", "Dates of a wave changed", "Key rehearsed", "Wave closed"]
    {
        assert!(page.says(said), "{said}");
    }
    flow::check_trail(&house.house).expect("a whole trail");
});

on_both!(a_wave_that_is_given_up_leaves_nothing_and_says_so_to_leads, |house| {
    house.import_region();
    let link = house.invite_some(1).remove(0).link;
    let lead = house.respondent(&link);
    let answers = [("MS_INC".to_owned(), "2".to_owned())].into_iter().collect();
    lead.open().answers(&answers).send();
    assert_eq!(house.envelopes(&code(crate::support::WAVE)), 1);
    let office = house.sign_in(Role::Office);
    let path = format!("/office/waves/{}/cancel", crate::support::WAVE);
    assert!(office.get(&path).says("1 of 162 leads have answered"));
    let without = office.post(&path, &[]);
    assert_eq!((without.status, state(house, crate::support::WAVE)), (422, State::Open));
    let done = office.post(&path, &form(&[("reason", "The wrong questions were asked")]));
    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(state(house, crate::support::WAVE), State::Cancelled);
    assert_eq!(house.envelopes(&code(crate::support::WAVE)), 0);
    assert!(
        office.get(&format!("/office/waves/{}", crate::support::WAVE)).says("The wrong questions")
    );
    let told = house.visitor().get(&link);
    assert!(told.says("This survey was cancelled"), "{}", told.text);
    assert_eq!(office.post(&path, &form(&[("reason", "Again")])).status, 409);
    // The keys are gone, so nothing that may lie in an old copy can be opened.
    let keys = &house.house.keyring;
    for secret in [soundings::keyring::Secret::BallotBox, soundings::keyring::Secret::Links] {
        assert!(keys.get(&code(crate::support::WAVE), secret).is_err());
    }
});

on_both!(a_key_that_leaves_the_server_comes_back_to_open_and_to_close, |house| {
    house.import_region();
    let office = house.sign_in(Role::Office);
    make(&office);
    let weak = form(&[("how", "file"), ("passphrase", "short"), ("again", "short")]);
    assert_eq!(office.post("/office/waves/2008-Q1/key", &weak).status, 422);
    let wish = form(&[("how", "shares"), ("needed", "2"), ("holders", "Chair\nClerk\nAuditor")]);
    let handed = office.post("/office/waves/2008-Q1/key", &wish);
    assert_eq!(handed.status, 200, "{}", handed.text);
    let shares = handed.texts(".so-handed__text");
    assert_eq!(shares.len(), 3);
    let words: Vec<String> = shares.iter().map(|share| lines(share)).collect();
    assert!(office.get("/office/waves/2008-Q1/open").says("Chair; Clerk; Auditor"));
    let one = form(&[("share-1", &words[0])]);
    let refused = office.post("/office/waves/2008-Q1/open", &one);
    assert_eq!((refused.status, state(house, "2008-Q1")), (422, State::Draft), "{}", refused.text);
    let two = form(&[("share-1", &words[0]), ("share-2", &words[2])]);
    let opened = office.post("/office/waves/2008-Q1/open", &two);
    assert_eq!(opened.status, 303, "{}", opened.text);
    assert!(
        house.house.keyring.get(&code("2008-Q1"), soundings::keyring::Secret::BallotBox).is_err()
    );
    let other = form(&[("share-1", &words[1]), ("share-2", &words[2])]);
    assert_eq!(office.post("/office/waves/2008-Q1/rehearse", &other).status, 303);
    // Closing without the key stops nothing and says so.
    office.post("/office/waves/2008-Q1/close", &form(&[("early", "yes")]));
    let told = closed(&office, "2008-Q1");
    assert_eq!((told.status, state(house, "2008-Q1")), (422, State::Open), "{}", told.text);
    let mut all = other.clone();
    all.push(("early".to_owned(), "yes".to_owned()));
    office.post("/office/waves/2008-Q1/close", &all);
    assert!(closed(&office, "2008-Q1").says("The wave is closed"));
    // No word of a share is anywhere at rest.
    let at_rest = String::from_utf8_lossy(&house.at_rest()).into_owned();
    let word = words[0].split_whitespace().nth(3).expect("a word");
    assert!(
        !at_rest.contains(&format!("{word} {}", words[0].split_whitespace().nth(4).expect("it")))
    );
});

/// The six lines of a share, as somebody types them.
fn lines(page: &str) -> String {
    let words: Vec<&str> = page.split_whitespace().collect();
    let starts: Vec<usize> = (1..=6)
        .map(|line| words.iter().position(|word| *word == format!("{line}:")).expect("a line"))
        .collect();
    let of = |line: usize| {
        let end = starts.get(line + 1).copied().unwrap_or(words.len());
        let all = words[starts[line]..end].join(" ");
        all.split(" Keep this page").next().expect("words").to_owned()
    };
    (0..6).map(of).collect::<Vec<_>>().join("\n")
}

fn colleague(house: &TestHouse) -> Visitor {
    let email = "bea@office.example.org".parse().expect("an address");
    let account = Account { email, role: Role::Office, unit: None };
    house.house.store.write(|tx| tx.put_account(&account)).expect("an account");
    let link = flow::issue_sign_in_link(&house.house, &account.email, false).expect("a link");
    let visitor = house.visitor();
    let page = visitor.get(&link);
    assert_eq!(visitor.post(&page.form_action("Sign in"), &[]).status, 303);
    visitor
}

fn two_people(backend: Backend) {
    let house = TestHouse::start_with(backend, [("SOUNDINGS_TWO_PEOPLE", "on".to_owned())]);
    house.import_region();
    let (ann, bea) = (house.sign_in(Role::Office), colleague(&house));
    make(&ann);
    let open = "/office/waves/2008-Q1/open";
    let page = ann.get(open);
    assert!(page.button("Ask a colleague to do this").is_some(), "{}", page.text);
    assert!(page.button("Open the wave").is_none());
    assert_eq!(ann.post(open, &[]).status, 409, "not alone, whatever the page offers");
    let ask = form(&[("act", "wave.opened"), ("about", "2008-Q1"), ("form", ""), ("to", open)]);
    assert_eq!(ann.post("/office/seconds", &ask).to.as_deref(), Some(open));
    assert_eq!(ann.post(open, &[]).status, 409, "whoever asked is no second person");
    assert!(ann.get(open).button("Take the request back").is_some());
    assert!(!ann.get("/office").says("Second person for 2008-Q1"));
    assert!(bea.get("/office").says("Second person for 2008-Q1"));
    assert!(bea.get(open).button("Open the wave").is_some());
    // Taken back, and asked again.
    assert_eq!(ann.post("/office/seconds/take-back", &ask).status, 303);
    assert_eq!(bea.post(open, &[]).status, 409);
    ann.post("/office/seconds", &ask);
    assert_eq!(bea.post(open, &[]).status, 303);
    assert_eq!(state(&house, "2008-Q1"), State::Open);
    let trail = ann.get("/office/trail");
    assert!(trail.says("asked for by office@sha.example.org"), "{}", trail.text);
    // A request for one thing is none for another.
    let close = form(&[("act", "wave.closing"), ("about", "2008-Q1"), ("form", ""), ("to", open)]);
    ann.post("/office/seconds", &close);
    assert_eq!(bea.post("/office/waves/2008-Q1/cancel", &form(&[("reason", "No")])).status, 409);
    let away =
        form(&[("act", "wave.closing"), ("about", "2008-Q1"), ("to", "https://example.net/")]);
    assert_eq!(ann.post("/office/seconds", &away).status, 400);
}

#[test]
fn two_people_are_needed_where_the_house_wants_that_on_sqlite() {
    two_people(Backend::Sqlite);
}

#[test]
fn two_people_are_needed_where_the_house_wants_that_on_postgres() {
    two_people(Backend::Postgres);
}

on_both!(the_office_sees_settings_and_health, |house| {
    let office = house.sign_in(Role::Office);
    let settings = office.get("/office/settings");
    assert!(settings.says("SOUNDINGS_TWO_PEOPLE") && settings.says("default"), "{}", settings.text);
    let health = office.get("/office/health");
    assert!(health.says("Whole:") && health.says("Mails go nowhere"), "{}", health.text);
});
