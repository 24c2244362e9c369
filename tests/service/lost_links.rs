//! Somebody has lost a link, or leaves a computer that holds one.

use mail_parser::MessageParser;
use soundings::custody::HeldKey;
use soundings::flow;

use crate::support::house::{TestHouse, code};
use crate::support::smtp::SmtpServer;
use crate::support::visitor::Page;
use crate::support::{WAVE, on_both};

fn ask(house: &TestHouse, address: &str) -> Page {
    house.visitor().post("/lost-link", &[("email".to_owned(), address.to_owned())])
}

fn later(house: &TestHouse, seconds: i64) {
    let now = house.house.clock.now();
    house.house.clock.set(now.plus_seconds(seconds));
}

fn receivers(mails: &[Vec<u8>]) -> Vec<String> {
    let read = |bytes: &Vec<u8>| {
        let mail = MessageParser::new().parse(bytes.as_slice()).expect("a mail");
        let to = mail.to().and_then(|to| to.first()).and_then(|to| to.address());
        to.expect("an address").to_owned()
    };
    mails.iter().map(read).collect()
}

/// The same answer whoever asks.
fn told(page: &Page) -> (u16, Option<String>, bool, String) {
    (page.status, page.to.clone(), page.sets_cookie, page.text.clone())
}

on_both!(a_lost_link_is_sent_to_its_holder_and_nobody_learns_who_holds_one, |house| {
    let server = SmtpServer::start();
    let invited = house.invite_few(&server, 6);
    let all = invited.len();
    let lead = &invited[3];
    let links = invited.iter().filter(|one| one.lead.email == lead.lead.email).count();
    let stranger = ask(house, "nobody@elsewhere.example.org");
    let holder = ask(house, &lead.lead.email.to_uppercase());
    assert_eq!(told(&stranger), told(&holder));
    assert_eq!((holder.status, holder.to.as_deref()), (303, Some("/lost-link/sent")));
    assert!(house.visitor().get("/lost-link/sent").says("We say this whatever address was typed"));
    assert_eq!(house.send_mails(&server), links);
    let mails = &server.wait_for(all + links)[all..];
    assert_eq!(receivers(mails), vec![lead.lead.email.clone(); links]);
    assert!(
        mails
            .iter()
            .any(|mail| house.links(std::slice::from_ref(mail))[&lead.lead.email] == lead.link)
    );

    // Once in ten minutes, whoever asks and however often.
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(told(&ask(house, &lead.lead.email)), told(&stranger)));
        }
    });
    later(house, 599);
    ask(house, &lead.lead.email);
    assert_eq!(house.send_mails(&server), 0);
    later(house, 1);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| assert_eq!(told(&ask(house, &lead.lead.email)), told(&stranger)));
        }
    });
    assert_eq!(house.send_mails(&server), links);

    // Who has answered may want to change that; who declined, too.
    let person = house.respondent(&lead.link);
    person.open().decline();
    later(house, 600);
    ask(house, &lead.lead.email);
    assert_eq!(house.send_mails(&server), links);
});

on_both!(lead_and_deputy_each_get_their_own_link, |house| {
    let server = SmtpServer::start();
    let invited = house.invite_few(&server, 6);
    let all = invited.len();
    let once = |address: &String| invited.iter().filter(|it| it.lead.email == *address).count();
    let one = invited.iter().find(|one| once(&one.lead.email) == 1).expect("a lead of one group");
    let lead = house.respondent(&one.link);
    lead.open();
    lead.browser.get("/answer/deputy");
    let address = "colleague@practice.example.org";
    let named = [("name", "Ms Colleague"), ("email", address)];
    let named = named.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(lead.browser.post("/answer/deputy/ask", &named).status, 303);
    assert_eq!(house.send_mails(&server), 1);
    let link = house.links(&server.wait_for(all + 1)[all..])[address].clone();
    ask(house, &one.lead.email);
    ask(house, "Colleague@Practice.example.org");
    assert_eq!(house.send_mails(&server), 2);
    let mails = house.links(&server.wait_for(all + 3)[all + 1..]);
    assert_eq!((&mails[&one.lead.email], &mails[address]), (&one.link, &link));

    // Taken back while the mail waits: a dead link is not sent.
    later(house, 600);
    ask(house, address);
    lead.browser.get("/answer/deputy");
    assert_eq!(lead.browser.post("/answer/deputy/take-back", &[]).status, 303);
    assert_eq!(house.send_wanted_mails(&server), (0, 1));
    ask(house, address);
    assert_eq!(house.send_mails(&server), 0);
});

on_both!(no_link_is_sent_of_a_wave_that_is_not_open, |house| {
    let server = SmtpServer::start();
    let invited = house.invite_few(&server, 6);
    let address = &invited[0].lead.email;
    house.pass_closing_time();
    ask(house, address);
    assert_eq!(house.send_wanted_mails(&server), (0, 0));
    flow::close_wave(&house.house, &code(WAVE), false, &HeldKey::OnServer, |_| {}).expect("closed");
    let stranger = ask(house, "nobody@elsewhere.example.org");
    assert_eq!(told(&ask(house, address)), told(&stranger));
    assert_eq!(house.send_wanted_mails(&server), (0, 0));
    for (typed, said) in [
        ("", "Enter your e-mail address"),
        ("nobody", "Enter an e-mail address in the form name@example.org"),
        ("no body@example.org", "An e-mail address has no spaces"),
        ("a@example.org\r\nBcc: b@example.org", "Write the e-mail address in one line"),
    ] {
        let page = ask(house, typed);
        assert_eq!((page.status, page.texts(".nhsuk-error-summary li")), (422, vec![said.into()]));
    }
});

on_both!(a_browser_forgets_the_link_when_its_reader_leaves, |house| {
    let lead = house.respondent(&house.invite_some(1)[0].link);
    lead.open();
    let answers = [("ROLE".to_owned(), "1".to_owned()), ("MS_INC".to_owned(), "2".to_owned())];
    lead.answers(&answers.into_iter().collect());
    let done = lead.send();
    assert!(done.says("Results come out on") && done.says("Autumn 2007"));
    assert!(lead.browser.get("/leave").button("Leave this computer").is_some());
    let left = lead.browser.post(&done.form_action("Leave this computer"), &[]);
    assert_eq!((left.status, left.to.as_deref()), (303, Some("/leave")));
    assert_eq!(lead.browser.get("/leave").heading(), "This browser opens no answers");
    for page in ["/answer", "/answer/A", "/answer/done", "/answer/deputy"] {
        assert_eq!(lead.browser.get(page).status, 401, "{page}");
    }
    assert!(lead.browser.get("/answer").text.contains("href=\"/lost-link\""));
    // Leaving twice is no fault, and the link still works.
    assert_eq!(lead.browser.post("/leave", &[]).status, 303);
    assert!(lead.browser.get(&lead.link).says("We have your answers already."));
});
