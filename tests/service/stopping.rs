//! No more mails from us: the link in each mail, pressed by a reader or by a mail
//! provider.

use mail_parser::MessageParser;
use soundings::flow;
use soundings::ledger::StopCause;

use crate::support::house::{TestHouse, code};
use crate::support::smtp::SmtpServer;
use crate::support::{WAVE, on_both};

/// The link in a mail that ends all mails.
fn stop_link(house: &TestHouse, mail: &[u8]) -> String {
    let mail = MessageParser::new().parse(mail).expect("a mail");
    let text = mail.body_text(0).expect("a text");
    let start = format!("{}/stop/", house.base());
    let at = text.find(&start).expect("a link");
    text[at..].split_whitespace().next().expect("a link").to_owned()
}

fn mail_to<'m>(mails: &'m [Vec<u8>], address: &str) -> &'m [u8] {
    let to = |mail: &&Vec<u8>| {
        let mail = MessageParser::new().parse(mail.as_slice()).expect("a mail");
        mail.to().and_then(|to| to.first()?.address()) == Some(address)
    };
    mails.iter().find(to).expect("a mail to the address")
}

fn stopped(house: &TestHouse) -> Vec<String> {
    let all = house.house.store.read(|tx| tx.stopped_addresses()).expect("addresses");
    assert!(all.iter().all(|one| one.cause == StopCause::Asked));
    all.into_iter().map(|one| one.address.expose().to_owned()).collect()
}

on_both!(one_press_ends_the_mails_and_another_brings_them_back, |house| {
    let server = SmtpServer::start();
    let invited = house.invite_few(&server, 4);
    let address = invited[1].lead.email.clone();
    let link = stop_link(house, mail_to(&server.wait_for(4), &address));
    let reader = house.visitor();
    let page = reader.get(&link);
    assert!(page.says("no more e-mails from us about any survey"));
    assert!(!page.text.contains(&address), "the address is masked");
    for _ in 0..50 {
        assert_eq!((reader.get(&link).status, reader.head(&link).status), (200, 200));
    }
    assert!(stopped(house).is_empty(), "looking changes nothing");

    let done = reader.post(&page.form_action("Send me no more e-mails"), &[]);
    assert_eq!((done.status, stopped(house)), (200, vec![address.to_lowercase()]));
    assert_eq!(reader.get(&link).text, page.text, "the page is the same as before");
    let again = reader.post(&link, &[]);
    assert_eq!((again.status, &again.text), (200, &done.text));
    let same = invited.iter().filter(|one| one.lead.email == address).count();
    let others = invited.len() - same;
    assert_eq!(flow::remind_wave(&house.house, &code(WAVE)).expect("reminders"), others);
    assert_eq!(house.send_mails(&server), others);

    let back = reader.post(&done.form_action("Write to me again"), &[]);
    assert_eq!((back.status, stopped(house)), (200, Vec::new()));
    let reminded = flow::remind_wave(&house.house, &code(WAVE)).expect("reminders");
    assert_eq!(reminded, invited.len());
});

on_both!(a_mail_provider_ends_mails_by_one_click, |house| {
    let server = SmtpServer::start();
    let invited = house.invite_few(&server, 2);
    let mails = server.wait_for(2);
    let address = &invited[0].lead.email;
    let link = stop_link(house, mail_to(&mails, address));
    // RFC 8058: no cookie, no Origin, a fixed body in either of two forms.
    let body = [("List-Unsubscribe".to_owned(), "One-Click".to_owned())];
    assert_eq!(house.visitor().post(&link, &body).status, 200);
    assert_eq!(stopped(house), [address.to_lowercase()]);
    let link = stop_link(house, mail_to(&mails, &invited[1].lead.email));
    let parts = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\n\
                 One-Click\r\n--x--\r\n";
    let agent = ureq::Agent::config_builder().proxy(None).build().new_agent();
    let sent = agent.post(&link).content_type("multipart/form-data; boundary=x").send(parts);
    assert_eq!(sent.expect("an answer").status(), 200);
    assert_eq!(stopped(house).len(), 2);
    // From another website nothing is changed.
    let other = [("Origin", "https://elsewhere.example.org")];
    let again = format!("{link}/again");
    assert_eq!(house.visitor().post_with(&again, &[], &other).status, 403);
    assert_eq!(stopped(house).len(), 2);
});

on_both!(the_link_works_after_closing_and_a_made_up_one_never, |house| {
    let server = SmtpServer::start();
    let invited = house.invite_few(&server, 3);
    let link = stop_link(house, mail_to(&server.wait_for(3), &invited[0].lead.email));
    house.close();
    assert_eq!(house.visitor().post(&link, &[]).status, 200);
    assert_eq!(stopped(house), [invited[0].lead.email.to_lowercase()]);
    let wrong = format!("{}A", &link[..link.len() - 1]);
    let wrong = if wrong == link { format!("{}Q", &link[..link.len() - 1]) } else { wrong };
    for wrong in [wrong.as_str(), "/stop/none", "/stop/%20"] {
        assert_eq!(house.visitor().get(wrong).status, 404, "{wrong}");
        assert_eq!(house.visitor().post(wrong, &[]).status, 404, "{wrong}");
    }
    assert_eq!(stopped(house).len(), 1);
});

on_both!(a_colleague_ends_their_own_mails_and_a_former_one_is_told_that_none_go, |house| {
    let server = SmtpServer::start();
    let invited = house.invite_few(&server, 1);
    let lead = house.respondent(&invited[0].link);
    lead.open();
    lead.browser.get("/answer/deputy");
    let colleague = "colleague@practice.example.org";
    let named = [("name", "Ms Colleague"), ("email", colleague)];
    let named = named.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(lead.browser.post("/answer/deputy/ask", &named).status, 303);
    assert_eq!(house.send_mails(&server), 1);
    let link = stop_link(house, mail_to(&server.wait_for(2), colleague));
    assert!(house.visitor().get(&link).says("c…@practice.example.org"));
    assert_eq!(house.visitor().post(&link, &[]).status, 200);
    assert_eq!(stopped(house), [colleague]);

    lead.browser.get("/answer/deputy");
    assert_eq!(lead.browser.post("/answer/deputy/take-back", &[]).status, 303);
    let page = house.visitor().get(&link);
    assert!(page.says("any more. You need not do anything."));
    assert!(!page.text.contains("<form method=\"post\" action=\"/stop"));
    assert_eq!(house.visitor().post(&link, &[]).status, 200);
    assert_eq!(stopped(house), [colleague], "the lead's mails still go");
});
