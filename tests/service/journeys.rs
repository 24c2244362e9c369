//! What leads do with their link, and what must not happen to them.

use soundings::custody::HeldKey;
use soundings::flow;
use soundings::id::WaveCode;

use crate::support::house::{TestHouse, code};
use crate::support::respondent::{Answers, Respondent};
use crate::support::visitor::Page;
use crate::support::{WAVE, on_both};

fn wave() -> WaveCode {
    code(WAVE)
}

fn some(answers: &[(&str, &str)]) -> Answers {
    answers.iter().map(|(item, value)| ((*item).to_owned(), (*value).to_owned())).collect()
}

/// A lead who has followed the link.
fn a_lead(house: &TestHouse) -> Respondent {
    let lead = house.respondent(&house.invite_some(1)[0].link);
    lead.open();
    lead
}

fn envelopes(house: &TestHouse) -> usize {
    house.envelopes(&wave())
}

/// What each ballot says on the first question, counted from 1; nothing for blank.
fn first_marks(house: &TestHouse) -> Vec<u8> {
    let house = &house.house;
    let ballots = house.store.read(|tx| {
        let open = tx.wave(&wave())?.expect("the wave");
        let survey = house.survey(tx, &open)?;
        tx.ballots(&wave(), &survey)
    });
    let ballots = ballots.expect("ballots");
    ballots.iter().map(|ballot| ballot.marks.as_bytes()[0]).collect()
}

fn is_chosen(page: &Page, item: &str, value: &str) -> bool {
    page.filled().contains(&(item.to_owned(), value.to_owned()))
}

on_both!(looking_at_a_link_changes_nothing, |house| {
    let link = &house.invite_some(1)[0].link;
    let before = house.at_rest();
    let scanner = house.visitor();
    for _ in 0..50 {
        let page = scanner.get(link);
        assert_eq!((page.status, page.sets_cookie), (200, false));
        assert_eq!(scanner.head(link).status, 200);
    }
    assert!(before == house.at_rest(), "a scanner changed something");
    house.respondent(link).open();
});

on_both!(answers_are_there_again_after_going_back_and_on_another_device, |house| {
    let lead = a_lead(house);
    let first = lead.resume();
    assert!(!first.says("Your earlier answers are filled in"));
    let answers = some(&[("ROLE", "3"), ("VIEW", "2"), ("MS_INC", "1")]);
    let saved = lead.fill(&first, &answers);
    assert_eq!((saved.status, saved.to.as_deref()), (303, Some("/answer/B")));
    let back = lead.browser.get("/answer/A");
    assert!(is_chosen(&back, "ROLE", "3") && is_chosen(&back, "VIEW", "2"));

    let elsewhere = house.respondent(&lead.link);
    elsewhere.open();
    // The form goes on where it was left.
    assert_eq!(elsewhere.resume().heading(), "What is in place");
    let page = elsewhere.browser.get("/answer/A");
    assert!(is_chosen(&page, "ROLE", "3") && page.says("Your earlier answers are filled in"));
});

on_both!(a_second_press_of_send_is_harmless_and_sending_again_replaces, |house| {
    let lead = a_lead(house);
    lead.answers(&some(&[("ROLE", "1"), ("MS_INC", "4")]));
    lead.send();
    let again = lead.browser.post("/answer/send", &[]);
    assert_eq!((again.status, again.to.as_deref()), (303, Some("/answer/done")));
    assert_eq!(envelopes(house), 1);

    lead.open();
    assert!(lead.browser.get(&lead.link).says("We have your answers already."));
    // What was sent is sealed: the form begins empty.
    assert_eq!(lead.browser.get("/answer/A").filled(), []);
    lead.answers(&some(&[("ROLE", "5"), ("MS_INC", "1")]));
    let check = lead.browser.get("/answer/check");
    assert!(check.says("They replace the answers that were sent before."));
    lead.send();
    assert_eq!(envelopes(house), 1);
    house.close();
    assert_eq!(first_marks(house), [5]);
});

on_both!(too_long_a_text_is_refused_with_its_words_kept_and_the_rest_saved, |house| {
    let lead = a_lead(house);
    let page = lead.browser.get("/answer/I");
    let long = "words ".repeat(101);
    let refused = lead.fill(&page, &some(&[("WELL", &long), ("OPEN", "kept")]));
    assert_eq!(refused.status, 422);
    assert!(refused.says("There is a problem"));
    assert!(refused.says("Use 600 characters or fewer; this has 605"));
    let kept = refused.filled().into_iter().find(|(name, _)| name == "WELL").expect("the words");
    assert_eq!(kept.1.trim(), long.trim());
    let again = lead.browser.get("/answer/I");
    assert!(is_chosen(&again, "OPEN", "kept"));
    let exact = "é".repeat(600);
    let taken = lead.fill(&again, &some(&[("WELL", &exact), ("QUOTE", "2")]));
    assert_eq!((taken.status, taken.to.as_deref()), (303, Some("/answer/check")));
    assert!(is_chosen(&lead.browser.get("/answer/I"), "WELL", &exact));
});

on_both!(blanks_are_asked_about_once_and_may_stay, |house| {
    let lead = a_lead(house);
    let page = lead.browser.get("/answer/B");
    let asked = lead.fill(&page, &some(&[("MS_INC", "2")]));
    assert_eq!(asked.status, 200);
    assert!(asked.says("Did you mean to leave this blank?"));
    assert_eq!(asked.texts(".so-prompt li").len(), 4);
    assert!(is_chosen(&asked, "MS_INC", "2"));
    let mut fields = asked.filled();
    fields.push(asked.button("Leave blank and continue").expect("a way on"));
    let on = lead.browser.post("/answer/B", &fields);
    assert_eq!((on.status, on.to.as_deref()), (303, Some("/answer/C")));
    let check = lead.browser.get("/answer/check");
    assert!(check.says("Agreed, but not yet working in practice"));
});

on_both!(nothing_to_send_is_not_sent, |house| {
    let lead = a_lead(house);
    assert_eq!(lead.browser.get("/answer/check").button("Seal and send"), None);
    let refused = lead.browser.post("/answer/send", &[]);
    assert_eq!((refused.status, refused.heading().as_str()), (409, "There is nothing to send yet"));
    assert_eq!(envelopes(house), 0);
});

on_both!(declining_takes_everything_back_and_can_be_undone, |house| {
    let lead = a_lead(house);
    lead.answers(&some(&[("ROLE", "1"), ("MS_INC", "4")]));
    lead.send();
    assert_eq!(envelopes(house), 1);
    // Asking is not yet saying no.
    assert_eq!(lead.browser.get("/answer/decline").status, 200);
    assert_eq!(envelopes(house), 1);
    assert!(lead.decline().says("Nothing that you entered is kept."));
    assert_eq!(envelopes(house), 0);
    assert!(lead.browser.get(&lead.link).says("You told us that you do not want to answer."));

    lead.open().answers(&some(&[("ROLE", "2"), ("MS_INC", "1")]));
    lead.send();
    assert_eq!(envelopes(house), 1);
    house.close();
    assert_eq!(first_marks(house), [2]);
});

on_both!(after_closing_time_every_door_says_so, |house| {
    let lead = a_lead(house);
    lead.answers(&some(&[("ROLE", "1"), ("MS_INC", "4")]));
    house.pass_closing_time();
    // The clock alone closes the doors; counting may come later.
    for counted in [false, true] {
        if counted {
            flow::close_wave(&house.house, &wave(), false, &HeldKey::OnServer, |_| {})
                .expect("closed");
        }
        let pages = [
            house.visitor().get(&lead.link),
            house.visitor().post(&lead.link, &[]),
            lead.browser.get("/answer"),
            lead.browser.get("/answer/A"),
            lead.browser.post("/answer/A", &[("ROLE".to_owned(), "2".to_owned())]),
            lead.browser.get("/answer/check"),
            lead.browser.post("/answer/send", &[]),
            lead.browser.post("/answer/decline", &[]),
        ];
        for page in pages {
            assert_eq!((page.status, page.heading().as_str()), (410, "This survey is closed"));
            assert!(page.says("5pm on Friday 14 December 2007"), "{}", page.text);
        }
    }
    assert_eq!(first_marks(house), [0_u8; 0]);
});

on_both!(who_has_no_right_gets_nowhere, |house| {
    let lead = a_lead(house);
    let before = house.at_rest();
    let stranger = house.visitor();
    let wrong = format!("/s/{}", "A".repeat(43));
    for link in [wrong.as_str(), "/s/short", "/s/%00"] {
        assert_eq!(stranger.get(link).status, 404, "{link}");
        assert_eq!(stranger.post(link, &[]).status, 404, "{link}");
    }
    for page in ["/answer", "/answer/A", "/answer/check", "/answer/done", "/answer/decline"] {
        assert_eq!(stranger.get(page).status, 401, "{page}");
    }
    for door in ["/answer/A", "/answer/send", "/answer/decline"] {
        assert_eq!(stranger.post(door, &[]).status, 401, "{door}");
        // The lead's own browser, sent here by another site.
        for header in [
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Site", "same-site"),
            ("Origin", "https://elsewhere.example.com"),
            ("Origin", "null"),
        ] {
            let page = lead.browser.post_with(door, &[], &[header]);
            assert_eq!(page.status, 403, "{door} {header:?}");
        }
    }
    for host in ["elsewhere.example.com", "127.0.0.1:1"] {
        assert_eq!(lead.browser.get_as_host("/answer/A", host).status, 403, "{host}");
        assert_eq!(lead.browser.get_as_host("/", host).status, 403, "{host}");
    }
    assert!(before == house.at_rest(), "a stranger changed something");
    let own = [("Sec-Fetch-Site", "same-origin"), ("Origin", house.base())];
    let page = lead.browser.post_with("/answer/A", &[("ROLE".into(), "1".into())], &own);
    assert_eq!(page.status, 200);
});
