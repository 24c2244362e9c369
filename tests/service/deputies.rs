//! A lead asks a colleague to answer instead: one invitation, one vote, two links.

use mail_parser::MessageParser;
use soundings::custody::HeldKey;
use soundings::flow;
use soundings::id::WaveCode;
use soundings::invitation::{Invitation, Standing};

use crate::support::house::{Invited, TestHouse, code};
use crate::support::respondent::{Answers, Respondent};
use crate::support::smtp::SmtpServer;
use crate::support::visitor::Page;
use crate::support::{WAVE, on_both};

const NAME: &str = "Ms Colleague";
const ADDRESS: &str = "colleague@practice.example.org";

fn wave() -> WaveCode {
    code(WAVE)
}

fn some(answers: &[(&str, &str)]) -> Answers {
    answers.iter().map(|(item, value)| ((*item).to_owned(), (*value).to_owned())).collect()
}

fn fields(name: &str, email: &str) -> Vec<(String, String)> {
    vec![("name".to_owned(), name.to_owned()), ("email".to_owned(), email.to_owned())]
}

fn envelopes(house: &TestHouse) -> usize {
    house.envelopes(&wave())
}

fn invitation(house: &TestHouse, one: &Invited) -> Invitation {
    let all = house.house.store.read(|tx| tx.invitations(&wave())).expect("the roster");
    let mut theirs = all.into_iter().filter(|invitation| {
        invitation.email.expose() == one.lead.email && invitation.group.as_str() == one.lead.group
    });
    theirs.next().expect("an invitation")
}

fn draft(house: &TestHouse, one: &Invited) -> Option<Vec<u8>> {
    let id = invitation(house, one).id;
    house.house.store.read(|tx| tx.draft(&id)).expect("a draft or none")
}

/// What each ballot says on the first question, counted from 1.
fn first_marks(house: &TestHouse) -> Vec<u8> {
    let house = &house.house;
    let ballots = house.store.read(|tx| {
        let asked = tx.wave(&wave())?.expect("the wave");
        let survey = house.survey(tx, &asked)?;
        tx.ballots(&wave(), &survey)
    });
    ballots.expect("ballots").iter().map(|ballot| ballot.marks.as_bytes()[0]).collect()
}

/// A few are invited; the mails that come from now on are the tests' own.
fn invited(house: &TestHouse) -> (SmtpServer, Vec<Invited>) {
    let server = SmtpServer::start();
    let invited = house.invite_few(&server, 6);
    (server, invited)
}

/// Asks a colleague in the lead's browser, in two steps.
fn hand_over(lead: &Respondent, name: &str, email: &str) -> Page {
    assert_eq!(lead.browser.get("/answer/deputy").status, 200);
    let check = lead.browser.post("/answer/deputy", &fields(name, email));
    assert_eq!(check.status, 200, "{}", check.text);
    let asked = lead.browser.post(&check.form_action("Send them the link"), &[]);
    // What the browser would show next; the hidden fields of the page go along.
    assert_eq!((asked.status, asked.to.as_deref()), (303, Some("/answer/deputy")));
    lead.browser.get("/answer/deputy")
}

/// Takes it back, from the link on.
fn take_back(lead: &Respondent) {
    let behind = lead.browser.get(&lead.link);
    assert!(behind.heading().starts_with("You asked "), "{}", behind.text);
    let entered = lead.browser.post(&behind.form_action("Go on to take it back"), &[]);
    assert_eq!((entered.status, entered.to.as_deref()), (303, Some("/answer/deputy")));
    let page = lead.browser.get("/answer/deputy");
    let taken = lead.browser.post(&page.form_action("Take it back"), &[]);
    assert_eq!((taken.status, taken.to.as_deref()), (303, Some("/answer")));
}

/// The mails beyond the first so many: to whom, and the text.
fn mails_after(server: &SmtpServer, first: usize, more: usize) -> Vec<(String, String, Vec<u8>)> {
    let mails = server.wait_for(first + more);
    let read = |bytes: &Vec<u8>| {
        let mail = MessageParser::new().parse(bytes.as_slice()).expect("a mail");
        let to = mail.to().and_then(|to| to.first()).and_then(|to| to.address());
        let text = mail.body_text(0).expect("a text").into_owned();
        (to.expect("an address").to_owned(), text, bytes.clone())
    };
    mails[first..].iter().map(read).collect()
}

/// The link in the newest mail to an address.
fn link_to(house: &TestHouse, server: &SmtpServer, address: &str) -> String {
    let mails = server.messages();
    let to = |mail: &&Vec<u8>| house.links(std::slice::from_ref(*mail)).contains_key(address);
    let newest = mails.iter().rev().find(to).expect("a mail to that address");
    house.links(std::slice::from_ref(newest))[address].clone()
}

fn says(page: &Page, status: u16, heading: &str) {
    assert_eq!((page.status, page.heading().as_str()), (status, heading), "{}", page.text);
}

on_both!(a_colleague_answers_in_the_place_of_a_lead, |house| {
    let (server, invited) = invited(house);
    let (one, lead) = (&invited[0], house.respondent(&invited[0].link));
    lead.open().fill(&lead.resume(), &some(&[("ROLE", "1"), ("VIEW", "1")]));
    assert!(draft(house, one).is_some());

    // Typing and checking change nothing.
    let before = house.at_rest();
    let page = lead.browser.get("/answer/deputy");
    assert!(page.says("Answers that you saved but did not send are deleted."));
    let refused = lead.browser.post("/answer/deputy", &fields(" ", "nobody at home"));
    says(&refused, 422, "Ask a colleague to answer in your place");
    assert_eq!(
        refused.texts(".nhsuk-error-summary li"),
        ["Enter your colleague's name", "An e-mail address has no spaces"]
    );
    assert!(refused.text.contains("value=\"nobody at home\""), "what was typed stays");
    let own = lead.browser.post("/answer/deputy", &fields(NAME, &one.lead.email.to_uppercase()));
    assert_eq!(own.status, 422);
    assert!(own.says("This is your own address"));
    let check = lead.browser.post("/answer/deputy", &fields(NAME, ADDRESS));
    says(&check, 200, "Check before we write to them");
    assert!(check.says(NAME) && check.says(ADDRESS));
    let change = lead.browser.post("/answer/deputy/change", &[]);
    assert!(change.text.contains(&format!("value=\"{ADDRESS}\"")));
    assert!(before == house.at_rest(), "something happened before the last button");

    let asked = hand_over(&lead, NAME, ADDRESS);
    says(&asked, 200, "You asked Ms Colleague to answer in your place");
    assert!(!asked.says(ADDRESS), "the address is shown where it is checked, and nowhere else");
    assert!(draft(house, one).is_none());
    assert_eq!(house.send_mails(&server), 1);
    let (to, text, _) = mails_after(&server, invited.len(), 1).remove(0);
    assert_eq!(to, ADDRESS);
    let who = invitation(house, one).name.expose().to_owned();
    assert!(text.contains(&format!("{who}, a lead for ")), "{text}");
    assert!(text.contains("5pm on Friday 14 December 2007"));

    // The lead's own link and browser lead to that page alone.
    let behind = house.visitor().get(&lead.link);
    says(&behind, 200, "You asked Ms Colleague to answer in your place");
    assert_eq!(lead.browser.get("/answer").to.as_deref(), Some("/answer/deputy"));
    let closed = "You asked a colleague to answer in your place";
    for page in ["/answer/A", "/answer/check", "/answer/done", "/answer/decline"] {
        says(&lead.browser.get(page), 409, closed);
    }
    for door in ["/answer/A", "/answer/send", "/answer/decline"] {
        says(&lead.browser.post(door, &[("ROLE".to_owned(), "4".to_owned())]), 409, closed);
    }

    let link = link_to(house, &server, ADDRESS);
    assert_ne!(link, lead.link);
    let colleague = house.respondent(&link);
    let welcome = colleague.browser.get(&link);
    assert!(welcome.says(&format!("in place of {who}")));
    assert!(!welcome.says("Ask a colleague"));
    colleague.open();
    assert_eq!(colleague.browser.get("/answer/A").filled(), [], "the lead's draft is not theirs");
    colleague.answers(&some(&[("ROLE", "5"), ("MS_INC", "2")])).send();
    assert_eq!(envelopes(house), 1);
    house.close();
    assert_eq!(first_marks(house), [5]);
});

on_both!(what_was_sent_stays_until_others_are_sent_and_the_lead_can_take_it_back, |house| {
    let (server, invited) = invited(house);
    let (one, lead) = (&invited[0], house.respondent(&invited[0].link));
    lead.open().answers(&some(&[("ROLE", "2"), ("MS_INC", "1")])).send();
    let form = lead.browser.get("/answer/deputy");
    assert!(form.says("The answers that you sent stay sealed and count"));
    hand_over(&lead, NAME, ADDRESS);
    assert_eq!((envelopes(house), house.send_mails(&server)), (1, 1));
    let colleague = house.respondent(&link_to(house, &server, ADDRESS));
    colleague.open().answers(&some(&[("ROLE", "4"), ("MS_INC", "1")]));
    assert!(draft(house, one).is_some());
    let about_the_first = [("-deputy".to_owned(), "1".to_owned())];

    take_back(&lead);
    assert_eq!((envelopes(house), draft(house, one)), (1, None));
    let dead = "This link does not work any more";
    says(&house.visitor().get(&colleague.link), 410, dead);
    says(&house.visitor().post(&colleague.link, &[]), 410, dead);
    for door in ["/answer/A", "/answer/send", "/answer/decline"] {
        says(&colleague.browser.post(door, &[("ROLE".to_owned(), "3".to_owned())]), 410, dead);
    }
    assert_eq!((envelopes(house), draft(house, one)), (1, None));
    // A second press finds it done.
    let again = lead.browser.post("/answer/deputy/take-back", &about_the_first);
    assert_eq!((again.status, again.to.as_deref()), (303, Some("/answer")));
    assert!(lead.browser.get(&lead.link).says("We have your answers already."));
    lead.open();

    // Somebody else has a link of their own, and the first one stays dead.
    hand_over(&lead, "Dr Second", "second@practice.example.org");
    assert_eq!(house.send_mails(&server), 1);
    let second = house.respondent(&link_to(house, &server, "second@practice.example.org"));
    assert!(second.link != colleague.link && second.link != lead.link);
    says(&house.visitor().get(&colleague.link), 410, dead);
    // The button of a page that was left open is about the first colleague.
    assert_eq!(lead.browser.post("/answer/deputy/take-back", &about_the_first).status, 303);
    second.open().answers(&some(&[("ROLE", "6"), ("MS_INC", "1")]));
    assert!(second.browser.get("/answer/check").says("They replace the answers"));
    second.send();
    assert_eq!(envelopes(house), 1);
    house.close();
    assert_eq!(first_marks(house), [6]);
});

on_both!(looking_at_either_link_changes_nothing, |house| {
    let (server, invited) = invited(house);
    let lead = house.respondent(&invited[0].link);
    lead.open();
    hand_over(&lead, NAME, ADDRESS);
    house.send_mails(&server);
    let theirs = link_to(house, &server, ADDRESS);
    let before = house.at_rest();
    let scanner = house.visitor();
    for _ in 0..20 {
        for link in [&lead.link, &theirs] {
            assert_eq!(scanner.get(link).status, 200);
            assert_eq!(scanner.head(link).status, 200);
            // The one button on it, too.
            assert_eq!(scanner.post(link, &[]).status, 303);
        }
        assert_eq!(scanner.get("/answer/deputy").status, 403, "the deputy's cookie is the last");
    }
    assert!(before == house.at_rest(), "a scanner changed something");
});

on_both!(two_presses_ask_once_and_nobody_else_can_be_asked_meanwhile, |house| {
    let (server, invited) = invited(house);
    let lead = house.respondent(&invited[0].link);
    lead.open();
    hand_over(&lead, NAME, ADDRESS);
    let again = lead.browser.post("/answer/deputy/ask", &fields(NAME, ADDRESS));
    assert_eq!((again.status, again.to.as_deref()), (303, Some("/answer/deputy")));
    let other = lead.browser.post("/answer/deputy/ask", &fields("Dr Other", "other@example.org"));
    says(&other, 409, "You asked a colleague to answer in your place");
    assert_eq!(house.send_mails(&server), 1);

    // A deputy cannot pass it on.
    let colleague = house.respondent(&link_to(house, &server, ADDRESS));
    colleague.open();
    says(&colleague.browser.get("/answer/deputy"), 403, "Only the lead can ask somebody else");
    let passed = fields("Dr Other", "other@example.org");
    for door in ["/answer/deputy", "/answer/deputy/change", "/answer/deputy/ask"] {
        assert_eq!(colleague.browser.post(door, &passed).status, 403, "{door}");
    }
    let taken = [("-deputy".to_owned(), "1".to_owned())];
    assert_eq!(colleague.browser.post("/answer/deputy/take-back", &taken).status, 403);

    // Nobody without the link, no other site, and no form of another link.
    let stranger = house.visitor();
    assert_eq!(stranger.get("/answer/deputy").status, 401);
    let doors = ["/answer/deputy", "/answer/deputy/ask", "/answer/deputy/take-back"];
    for door in doors {
        assert_eq!(stranger.post(door, &passed).status, 401, "{door}");
        let elsewhere = [("Origin", "https://elsewhere.example.com")];
        assert_eq!(lead.browser.post_with(door, &passed, &elsewhere).status, 403, "{door}");
        let other = house.respondent(&invited[1].link);
        other.open();
        let foreign = [passed.clone(), vec![("-link".to_owned(), "0".repeat(16))]].concat();
        assert_eq!(other.browser.post(door, &foreign).status, 409, "{door}");
    }

    // Five colleagues, one after the other; then it is enough.
    take_back(&lead);
    for number in 2..=5 {
        hand_over(&lead, NAME, &format!("colleague{number}@practice.example.org"));
        take_back(&lead);
    }
    lead.browser.get("/answer/deputy");
    let enough = lead.browser.post("/answer/deputy/ask", &fields(NAME, ADDRESS));
    says(&enough, 409, "You have asked several colleagues already");
    // Nobody of the last four still holds it: their mails are no longer wanted.
    assert_eq!(house.send_wanted_mails(&server), (0, 4));
});

on_both!(presses_at_the_same_moment_leave_one_vote_and_one_mail, |house| {
    let (server, invited) = invited(house);
    let lead = house.respondent(&invited[0].link);
    lead.open().answers(&some(&[("ROLE", "1"), ("MS_INC", "1")]));
    lead.browser.get("/answer/deputy");
    let at_once = |press: &(dyn Fn(usize) -> u16 + Sync)| -> Vec<u16> {
        std::thread::scope(|scope| {
            let presses: Vec<_> = (0..8).map(|number| scope.spawn(move || press(number))).collect();
            presses.into_iter().map(|one| one.join().expect("an answer")).collect()
        })
    };
    // Half of them ask, the others send the lead's own answers: one comes first.
    let statuses = at_once(&|number| {
        if number % 2 == 0 {
            lead.browser.post("/answer/deputy/ask", &fields(NAME, ADDRESS)).status
        } else {
            lead.browser.post("/answer/send", &[]).status
        }
    });
    assert!(statuses.iter().step_by(2).all(|status| *status == 303), "{statuses:?}");
    assert!(statuses.iter().all(|status| [303, 409].contains(status)), "{statuses:?}");
    assert_eq!(house.send_mails(&server), 1);
    assert_eq!(draft(house, &invited[0]), None);
    let sealed = envelopes(house);
    let standing = invitation(house, &invited[0]).standing;
    assert_eq!(standing == Standing::Answered, sealed == 1);

    // The colleague sends and the lead takes back: whichever comes first holds.
    let colleague = house.respondent(&link_to(house, &server, ADDRESS));
    colleague.open().answers(&some(&[("ROLE", "4"), ("MS_INC", "1")]));
    colleague.browser.get("/answer/check");
    lead.browser.get("/answer/deputy");
    let statuses = at_once(&|number| {
        if number % 2 == 0 {
            lead.browser.post("/answer/deputy/take-back", &[]).status
        } else {
            colleague.browser.post("/answer/send", &[]).status
        }
    });
    assert!(statuses.iter().step_by(2).all(|status| *status == 303), "{statuses:?}");
    assert!(statuses.iter().all(|status| [303, 410].contains(status)), "{statuses:?}");
    assert!((sealed..=1).contains(&envelopes(house)));
    let after = invitation(house, &invited[0]);
    assert_eq!((after.deputy, draft(house, &invited[0])), (None, None));
    assert_eq!(after.standing == Standing::Answered, envelopes(house) == 1);
});

on_both!(reminders_go_to_whoever_holds_the_invitation, |house| {
    let (server, invited) = invited(house);
    let all = invited.len();
    let [first, second] = [0, 1].map(|number| house.respondent(&invited[number].link));
    first.open();
    hand_over(&first, NAME, ADDRESS);
    second.open();
    hand_over(&second, "Dr Second", "second@practice.example.org");
    assert_eq!(house.send_mails(&server), 2);
    let declined = house.respondent(&link_to(house, &server, "second@practice.example.org"));
    declined.open().decline();
    assert_eq!(invitation(house, &invited[1]).standing, Standing::Declined);

    assert_eq!(flow::remind_wave(&house.house, &wave()).expect("reminders"), all - 1);
    assert_eq!(house.send_mails(&server), all - 1);
    let reminders = mails_after(&server, all + 2, all - 1);
    let to = |address: &str| reminders.iter().find(|(to, ..)| to == address);
    let (_, text, bytes) = to(ADDRESS).expect("a reminder for the colleague");
    assert!(text.contains("Dear Ms Colleague") && text.contains("asked you to answer in their"));
    let link = link_to(house, &server, ADDRESS);
    assert_eq!(house.links(std::slice::from_ref(bytes))[ADDRESS], link);
    assert!(to("second@practice.example.org").is_none());
    let (mine, other) = (&invited[0].lead.email, &invited[1].lead.email);
    // A lead of two groups is still reminded of the other.
    let once = |address: &String| invited.iter().filter(|one| one.lead.email == *address).count();
    for address in [mine, other] {
        let reminded = reminders.iter().filter(|(to, ..)| to == address).count();
        assert_eq!(reminded, once(address) - 1);
    }

    // The colleague said no; taken back, the lead is asked again.
    take_back(&second);
    assert_eq!(invitation(house, &invited[1]).standing, Standing::Asked);
    assert_eq!(flow::remind_wave(&house.house, &wave()).expect("round two"), all);
});

on_both!(a_lead_who_said_no_can_still_ask_somebody, |house| {
    let (server, invited) = invited(house);
    let lead = house.respondent(&invited[0].link);
    lead.open().decline();
    hand_over(&lead, NAME, ADDRESS);
    assert_eq!(house.send_mails(&server), 1);
    let colleague = house.respondent(&link_to(house, &server, ADDRESS));
    colleague.open().answers(&some(&[("ROLE", "3"), ("MS_INC", "1")])).send();
    assert_eq!(envelopes(house), 1);
    // What a deputy takes back is what the invitation holds.
    let ask = colleague.browser.get("/answer/decline");
    assert!(ask.says(" or you sent are withdrawn and deleted."));
    colleague.decline();
    assert_eq!(envelopes(house), 0);
});

on_both!(from_closing_time_on_every_door_of_both_is_closed, |house| {
    let (server, invited) = invited(house);
    let lead = house.respondent(&invited[0].link);
    lead.open();
    hand_over(&lead, NAME, ADDRESS);
    let other = house.respondent(&invited[1].link);
    other.open();
    assert_eq!(other.browser.get("/answer/deputy").status, 200);
    assert_eq!(house.send_mails(&server), 1);
    let colleague = house.respondent(&link_to(house, &server, ADDRESS));
    colleague.open();
    house.pass_closing_time();
    for counted in [false, true] {
        if counted {
            flow::close_wave(&house.house, &wave(), false, &HeldKey::OnServer, |_| {})
                .expect("closed");
        }
        let named = fields(NAME, ADDRESS);
        let taken = [("-deputy".to_owned(), "1".to_owned())];
        for page in [
            house.visitor().get(&lead.link),
            house.visitor().get(&colleague.link),
            house.visitor().post(&colleague.link, &[]),
            lead.browser.get("/answer"),
            lead.browser.get("/answer/A"),
            lead.browser.get("/answer/deputy"),
            lead.browser.post("/answer/deputy/take-back", &taken),
            other.browser.post("/answer/deputy", &named),
            other.browser.post("/answer/deputy/ask", &named),
            colleague.browser.get("/answer/A"),
            colleague.browser.post("/answer/A", &[("ROLE".to_owned(), "2".to_owned())]),
            colleague.browser.get("/answer/deputy"),
        ] {
            says(&page, 410, "This survey is closed");
        }
    }
    assert_eq!(invitation(house, &invited[0]).deputy, None);
});
