//! Staff ask for a sign-in link by mail; nobody learns who has an account.

use mail_parser::MessageParser;
use soundings::account::{Account, Role};

use crate::support::house::TestHouse;
use crate::support::on_both;
use crate::support::smtp::SmtpServer;
use crate::support::visitor::{Page, Visitor};

fn account(house: &TestHouse, email: &str) {
    let account =
        Account { email: email.parse().expect("an address"), role: Role::Office, unit: None };
    house.house.store.write(|tx| tx.put_account(&account)).expect("an account");
}

fn ask(browser: &Visitor, address: &str) -> Page {
    browser.post("/sign-in", &[("email".to_owned(), address.to_owned())])
}

/// The sign-in link in a mail.
fn link(house: &TestHouse, mail: &[u8]) -> String {
    let mail = MessageParser::new().parse(mail).expect("a mail");
    let text = mail.body_text(0).expect("a text");
    let start = format!("{}/sign-in/", house.base());
    let at = text.find(&start).expect("a link");
    text[at..].split_whitespace().next().expect("a link").to_owned()
}

fn later(house: &TestHouse, seconds: i64) {
    let now = house.house.clock.now();
    house.house.clock.set(now.plus_seconds(seconds));
}

on_both!(a_mailed_link_signs_in_only_the_browser_that_asked, |house| {
    let server = SmtpServer::start();
    account(house, "ann@office.example.org");
    let browser = house.visitor();
    assert!(browser.get("/sign-in").button("Send me a link").is_some());
    assert!(browser.get("/office").button("Send me a link").is_some());
    assert_eq!(ask(&browser, "Ann@office.example.org").to.as_deref(), Some("/sign-in/sent"));
    assert!(browser.get("/sign-in/sent").says("a link is on its way"));
    // Once more: no second mail so soon, and the first link goes on working.
    ask(&browser, "ann@office.example.org");
    assert_eq!(house.send_mails(&server), 1);
    let link = link(house, &server.wait_for(1)[0]);

    // Whoever else sees the mail: a scanner, a colleague, a browser that asked, too.
    let stranger = house.visitor();
    ask(&stranger, "nobody@elsewhere.example.org");
    for other in [house.visitor(), stranger] {
        for page in [other.get(&link), other.head(&link), other.post(&link, &[])] {
            assert_eq!((page.status, page.sets_cookie), (403, false));
        }
        let told = "Open this link in the browser in which you asked for it";
        assert_eq!(other.get(&link).heading(), told);
        assert_eq!(other.get("/office").status, 401);
    }
    for _ in 0..5 {
        assert!(browser.get(&link).says("Survey office"));
    }
    let done = browser.post(&browser.get(&link).form_action("Sign in"), &[]);
    assert_eq!((done.status, done.to.as_deref()), (303, Some("/office")));
    assert_eq!(browser.get("/office").status, 200);
    assert_eq!(browser.get(&link).status, 404, "it works once");
});

on_both!(nobody_learns_who_has_an_account, |house| {
    let server = SmtpServer::start();
    account(house, "ann@office.example.org");
    let told = |address| {
        let browser = house.visitor();
        let page = ask(&browser, address);
        (page.status, page.to, page.sets_cookie, page.text, browser.get("/sign-in/sent").text)
    };
    assert_eq!(told("ann@office.example.org"), told("nobody@elsewhere.example.org"));
    assert_eq!(house.send_mails(&server), 1);
    let typed = ask(&house.visitor(), "nobody");
    let said = "Enter an e-mail address in the form name@example.org";
    assert_eq!((typed.status, typed.texts(".nhsuk-error-summary li")), (422, vec![said.into()]));
});

on_both!(a_mailed_link_ends_after_ten_minutes_and_one_goes_in_two_minutes, |house| {
    let server = SmtpServer::start();
    account(house, "ann@office.example.org");
    let browser = house.visitor();
    ask(&browser, "ann@office.example.org");
    later(house, 119);
    ask(&browser, "ann@office.example.org");
    assert_eq!(house.send_mails(&server), 1);
    let first = link(house, &server.wait_for(1)[0]);
    later(house, 1);
    ask(&browser, "ann@office.example.org");
    assert_eq!(house.send_mails(&server), 1);
    later(house, 10 * 60 - 121);
    assert_eq!(browser.get(&first).status, 200);
    later(house, 1);
    assert_eq!(browser.get(&first).status, 404);
    assert_eq!(browser.post(&first, &[]).status, 404);
    let mails = server.wait_for(2);
    let links: Vec<String> = mails.iter().map(|mail| link(house, mail)).collect();
    let second = links.iter().find(|link| **link != first).expect("another link");
    assert_eq!(browser.get(second).status, 200);
});

on_both!(more_than_sixty_wishes_a_minute_are_not_heard_and_nobody_is_told, |house| {
    let server = SmtpServer::start();
    account(house, "ann@office.example.org");
    std::thread::scope(|scope| {
        for number in 0..60 {
            let path = if number % 2 == 0 { "/sign-in" } else { "/lost-link" };
            scope.spawn(move || {
                let field = ("email".to_owned(), format!("nobody{number}@elsewhere.example.org"));
                assert_eq!(house.visitor().post(path, &[field]).status, 303);
            });
        }
    });
    assert_eq!(ask(&house.visitor(), "ann@office.example.org").status, 303);
    assert_eq!(house.send_mails(&server), 0);
    later(house, 60);
    assert_eq!(ask(&house.visitor(), "ann@office.example.org").status, 303);
    assert_eq!(house.send_mails(&server), 1);
});

on_both!(a_mailed_link_that_waited_too_long_does_not_go, |house| {
    let server = SmtpServer::start();
    account(house, "ann@office.example.org");
    ask(&house.visitor(), "ann@office.example.org");
    later(house, 10 * 60);
    assert_eq!(house.send_wanted_mails(&server), (0, 1), "its link would be dead");
});

on_both!(an_address_and_a_network_are_heard_so_often_and_nobody_is_told, |house| {
    let server = SmtpServer::start();
    account(house, "ann@office.example.org");
    account(house, "ben@office.example.org");
    let told = |page: Page| (page.status, page.to);
    let heard = told(ask(&house.visitor(), "ann@office.example.org"));
    for _ in 0..7 {
        // Each time after the pause between two mails to one account.
        later(house, 121);
        assert_eq!(told(ask(&house.visitor(), "ann@office.example.org")), heard);
        house.send_mails(&server);
    }
    assert_eq!(server.wait_for(5).len(), 5, "eight asked");
    later(house, 3600);
    // A proxy says that they all come from one network.
    let from = |address: &str, network: &str| {
        let field = ("email".to_owned(), address.to_owned());
        let by = [("X-Forwarded-For", network)];
        told(house.visitor().post_with("/sign-in", &[field], &by))
    };
    std::thread::scope(|scope| {
        for number in 0..50 {
            let from = &from;
            scope.spawn(move || {
                from(&format!("nobody{number}@elsewhere.example.org"), "192.0.2.1");
            });
        }
    });
    later(house, 60);
    assert_eq!(from("ben@office.example.org", "192.0.2.1"), heard);
    assert_eq!(house.send_mails(&server), 0, "too many came from there");
    assert_eq!(from("ben@office.example.org", "192.0.2.2"), heard);
    assert_eq!(house.send_mails(&server), 1);
});
