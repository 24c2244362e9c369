//! Who sees what of the results: every address with every role.

use soundings::account::Role;
use soundings::flow;
use soundings::id::WaveCode;

use crate::support::house::{TestHouse, code};
use crate::support::region::questionnaire;
use crate::support::respondent::Answers;
use crate::support::visitor::Visitor;
use crate::support::{WAVE, on_both};

fn wave() -> WaveCode {
    code(WAVE)
}

/// A closed wave with a few replies.
pub fn closed(house: &TestHouse) {
    let asked = questionnaire();
    for (number, one) in house.invite_some(6).iter().enumerate() {
        let answers: Answers = asked
            .scored
            .iter()
            .map(|item| (item.code.clone(), item.options[number % 4].value.clone()))
            .collect();
        let lead = house.respondent(&one.link);
        lead.open().answers(&answers).send();
    }
    house.close();
}

/// Nobody, then the roles, each in a browser of their own.
fn everybody(house: &TestHouse) -> Vec<(&'static str, Visitor)> {
    let roles = [Role::Office, Role::Sha, Role::Pct, Role::Lmc];
    let signed_in = roles.into_iter().map(|role| (role.word(), house.sign_in(role)));
    std::iter::once(("nobody", house.visitor())).chain(signed_in).collect()
}

/// The address of the only survey.
fn survey(house: &TestHouse) -> String {
    let held = house.house.store.read(|tx| tx.definitions()).expect("definitions");
    let [id] = held.as_slice() else { panic!("{} surveys", held.len()) };
    format!("/office/surveys/{id}")
}

/// Tries every address with everybody: statuses in the order nobody, office, SHA, PCT, LMC.
fn expect(who: &[(&'static str, Visitor)], table: &[(&str, [u16; 5])]) {
    let mut wrong = Vec::new();
    for (path, expected) in table {
        for ((role, browser), expected) in who.iter().zip(expected) {
            let got = browser.get(path).status;
            if got != *expected {
                wrong.push(format!("{role} at {path}: {got} instead of {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

on_both!(every_address_is_open_to_whom_it_is_meant_for, |house| {
    closed(house);
    let results = format!("/results/{WAVE}");
    let [pct, hidden, measure, index, rows, csv, json, none, no_pct, no_file, no_rows] = [
        "/pct/luton",
        "/pct/norfolk",
        "/measure/MS_INC",
        "/measure/IDX_MIL",
        "/measure/MS_INC/figures.csv",
        "/download/figures.csv",
        "/download/release.json",
        "/measure/NONE",
        "/pct/none",
        "/download/ballots.csv",
        "/measure/NONE/figures.csv",
    ]
    .map(|rest| format!("{results}{rest}"));
    let office = format!("/office/waves/{WAVE}");
    let pages = ["letters", "letters/reminder", "mail", "mail/reminder/9", "mail/remind"];
    let [letters, letter, mails, no_round, remind] = pages.map(|page| format!("{office}/{page}"));
    let shared = [
        ("/", [200; 5]),
        ("/healthz", [200; 5]),
        ("/readyz", [200; 5]),
        ("/results", [401, 200, 200, 200, 200]),
        ("/results/1999-Q1", [401, 404, 404, 404, 404]),
        ("/office", [401, 200, 403, 403, 403]),
        (office.as_str(), [401, 200, 403, 403, 403]),
        ("/office/waves/1999-Q1", [401, 404, 403, 403, 403]),
        ("/office/network", [401, 200, 403, 403, 403]),
        ("/office/letters", [401, 200, 403, 403, 403]),
        ("/office/letters/sign-in", [401, 200, 403, 403, 403]),
        ("/office/letters/none", [401, 404, 403, 403, 403]),
        ("/office/mail", [401, 200, 403, 403, 403]),
        ("/office/mail/none/address", [401, 404, 403, 403, 403]),
        (mails.as_str(), [401, 200, 403, 403, 403]),
        (no_round.as_str(), [401, 409, 403, 403, 403]),
        (remind.as_str(), [401, 409, 403, 403, 403]),
        (letters.as_str(), [401, 200, 403, 403, 403]),
        (letter.as_str(), [401, 200, 403, 403, 403]),
        ("/lost-link", [200; 5]),
        ("/lost-link/sent", [200; 5]),
        ("/leave", [200; 5]),
        ("/stocktake", [401, 200, 200, 200, 403]),
        ("/stocktake/2007-06-15", [401, 404, 404, 404, 403]),
        ("/sign-in", [200, 303, 303, 303, 303]),
        ("/sign-in/sent", [200; 5]),
        ("/stop/none", [404; 5]),
        ("/answer", [401; 5]),
        ("/answer/deputy", [401; 5]),
        ("/no-such-page", [404; 5]),
    ];
    let who = everybody(house);
    expect(&who, &shared);
    let published = [&results, &pct, &hidden, &measure, &index, &rows, &csv, &json];
    let never = [&none, &no_pct, &no_file, &no_rows];
    let never = never.map(|path| (path.as_str(), [401, 404, 404, 404, 404]));

    // Ideas are taken until the results are out.
    let network = |status| [("/network", [status; 5]), ("/network/thanks", [status; 5])];
    expect(&who, &network(200));

    // Closed, and nothing is built.
    let missing = published.map(|path| (path.as_str(), [401, 404, 404, 404, 404]));
    expect(&who, &missing);
    // Built: the office looks at it first.
    flow::build_release(&house.house, &wave()).expect("a release");
    let for_office = published.map(|path| (path.as_str(), [401, 200, 404, 404, 404]));
    expect(&who, &for_office);
    expect(&who, &never);
    let listed = |browser: &Visitor| browser.get("/results").text.contains(results.as_str());
    assert!(!listed(&who[2].1), "the SHA's list names what is not published");
    // Published: everybody with a role sees the same.
    flow::publish_release(&house.house, &wave()).expect("published");
    let for_all = published.map(|path| (path.as_str(), [401, 200, 200, 200, 200]));
    expect(&who, &for_all);
    expect(&who, &network(410));
    expect(&who, &never);
    expect(&who, &shared);
    assert!(listed(&who[2].1));
    let file = |browser: &Visitor| browser.get(&json).text;
    assert_eq!(file(&who[1].1), file(&who[4].1));
});

on_both!(what_changes_mails_and_letters_is_for_the_office_alone, |house| {
    house.import_region();
    house.open_wave(WAVE);
    let office = format!("/office/waves/{WAVE}");
    let of_wave = [
        "letters/reminder",
        "letters/reminder/preview",
        "letters/reminder/test",
        "letters/reminder/bring-back",
        "mail/remind",
        "mail/reminder/1",
        "mail/reminder/1/skip",
        "mail/reminder/1/again",
        "mail/reminder/1/cancel",
    ]
    .map(|page| format!("{office}/{page}"));
    let of_none = [
        "letters/sign-in",
        "letters/sign-in/preview",
        "letters/sign-in/test",
        "letters/sign-in/bring-back",
        "mail/pause",
        "mail/resume",
        "mail/send-held",
        "mail/write-again",
        "mail/none/send",
        "mail/none/arrived",
        "mail/none/leave",
        "mail/none/address",
    ]
    .map(|page| format!("/office/{page}"));
    let who = everybody(house);
    for path in of_wave.iter().chain(&of_none) {
        for (at, (role, browser)) in who.iter().enumerate() {
            let status = browser.post(path, &[]).status;
            match at {
                0 => assert_eq!(status, 401, "{role} sends to {path}"),
                1 => assert!(![401, 403, 405, 500].contains(&status), "{status} at {path}"),
                _ => assert_eq!(status, 403, "{role} sends to {path}"),
            }
        }
    }
});

on_both!(a_sign_in_link_works_once_and_looking_at_it_uses_nothing_up, |house| {
    house.import_region();
    let link = house.sign_in_link(Role::Pct);
    let scanner = house.visitor();
    for _ in 0..5 {
        let page = scanner.get(&link);
        assert_eq!((page.status, page.sets_cookie), (200, false));
        assert!(page.says("PCT Luton"));
    }
    assert_eq!(scanner.get("/results").status, 401);
    let visitor = house.visitor();
    let button = visitor.get(&link).form_action("Sign in");
    let done = visitor.post(&button, &[]);
    assert_eq!((done.status, done.to.as_deref(), done.sets_cookie), (303, Some("/results"), true));
    assert_eq!(visitor.get("/results").status, 200);

    let late = house.visitor();
    let refused = late.post(&button, &[]);
    assert_eq!((refused.status, refused.sets_cookie), (404, false));
    assert_eq!(late.get(&link).status, 404);
    assert_eq!(late.get("/results").status, 401);

    let out = visitor.post("/sign-out", &[]);
    assert_eq!((out.status, out.to.as_deref()), (303, Some("/")));
    assert_eq!(visitor.get("/results").status, 401);
});

on_both!(a_session_ends_by_itself_and_a_link_too, |house| {
    let late = house.sign_in_link(Role::Sha);
    let visitor = house.sign_in(Role::Office);
    let later = |hours: i64| {
        let now = house.house.clock.now();
        house.house.clock.set(now.plus_seconds(hours * 3600));
    };
    later(1);
    assert_eq!(visitor.get("/office").status, 401, "nobody used it");
    later(24);
    assert_eq!(house.visitor().get(&late).status, 404);
});

on_both!(a_survey_is_shown_to_the_office_alone, |house| {
    house.import_region();
    house.open_wave(WAVE);
    let survey = survey(house);
    let [preview, section, check, done, paper, module] =
        ["preview", "preview/A", "preview/check", "preview/done", "paper", "paper?module=R1"]
            .map(|rest| format!("{survey}/{rest}"));
    let [of_wave, no_section, no_module, no_wave] = [
        format!("preview/A?wave={WAVE}"),
        "preview/none".to_owned(),
        "preview?module=R9".to_owned(),
        "paper?wave=1999-Q1".to_owned(),
    ]
    .map(|rest| format!("{survey}/{rest}"));
    let no_survey = format!("/office/surveys/{}/paper", "0".repeat(64));
    let table = [
        ("/office/surveys", [401, 200, 403, 403, 403]),
        (preview.as_str(), [401, 200, 403, 403, 403]),
        (section.as_str(), [401, 200, 403, 403, 403]),
        (of_wave.as_str(), [401, 200, 403, 403, 403]),
        (check.as_str(), [401, 200, 403, 403, 403]),
        (done.as_str(), [401, 200, 403, 403, 403]),
        (paper.as_str(), [401, 200, 403, 403, 403]),
        (module.as_str(), [401, 200, 403, 403, 403]),
        (no_survey.as_str(), [401, 404, 403, 403, 403]),
        (no_section.as_str(), [401, 404, 403, 403, 403]),
        (no_module.as_str(), [401, 404, 403, 403, 403]),
        (no_wave.as_str(), [401, 404, 403, 403, 403]),
        ("/office/surveys/short/preview", [401, 404, 403, 403, 403]),
    ];
    let who = everybody(house);
    expect(&who, &table);
    let send = format!("{survey}/preview/send");
    for (path, office) in [(&preview, 303), (&section, 200), (&send, 303)] {
        for ((role, browser), expected) in who.iter().zip([401, office, 403, 403, 403]) {
            assert_eq!(browser.post(path, &[]).status, expected, "{role} sends to {path}");
        }
    }
});
