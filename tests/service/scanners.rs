//! Mail scanners follow every link in a mail, many times and with a browser that
//! runs scripts. Nothing may be spent by that.

use std::collections::BTreeSet;

use mail_parser::MessageParser;
use soundings::flow;

use crate::support::browser::Browser;
use crate::support::smtp::SmtpServer;
use crate::support::{Backend, WAVE, house::TestHouse, house::code, many};

/// Every address of our own in the text part, the HTML part or a header of a mail.
fn addresses(mail: &[u8], base: &str) -> BTreeSet<String> {
    let parsed = MessageParser::new().parse(mail).expect("a mail");
    let header = parsed.header_raw("List-Unsubscribe").unwrap_or_default();
    let parts = [
        parsed.body_text(0).expect("a text part").into_owned(),
        parsed.body_html(0).expect("an HTML part").into_owned(),
        header.to_owned(),
    ];
    let mut found = BTreeSet::new();
    for part in parts {
        for (at, _) in part.match_indices(base) {
            let rest = &part[at..];
            let end =
                rest.find(|c: char| c.is_whitespace() || "\"'<>".contains(c)).unwrap_or(rest.len());
            found.insert(rest[..end].trim_end_matches(['.', ',']).to_owned());
        }
    }
    found
}

/// A house with a mail of every kind that goes while a wave is open.
pub fn mails(house: &TestHouse, server: &SmtpServer) -> Vec<Vec<u8>> {
    let invited = house.invite_few(server, 4);
    let answers = [("ROLE".to_owned(), "1".to_owned()), ("MS_INC".to_owned(), "2".to_owned())];
    let lead = house.respondent(&invited[0].link);
    lead.open();
    lead.answers(&answers.into_iter().collect()).send();
    let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let lost = [field("email", &invited[1].lead.email)];
    house.visitor().post("/lost-link", &lost);
    flow::remind_wave(&house.house, &code(WAVE)).expect("reminders");
    let evening = house.house.now().plus_days(1);
    house.house.clock.set(evening);
    house.send_wanted_mails(server);
    server.messages()
}

#[test]
fn following_every_link_of_every_mail_changes_nothing() {
    let browser = Browser::start();
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let house = TestHouse::start(backend);
        let server = SmtpServer::start();
        let mails = mails(&house, &server);
        let base = house.base().to_owned();
        let links: BTreeSet<String> =
            mails.iter().flat_map(|mail| addresses(mail, &base)).collect();
        let of = |path: &str| links.iter().filter(|link| link.contains(path)).count();
        assert!(of("/s/") >= 4 && of("/stop/") >= 4, "{}", links.len());
        let before = house.at_rest();
        for link in &links {
            let path = link.strip_prefix(&base).expect("our own");
            for _ in 0..50 {
                let visitor = house.visitor();
                assert_eq!(visitor.get(path).status, 200);
                assert_eq!(visitor.head(path).status, 200);
            }
        }
        // A browser that runs scripts, as some scanners are.
        for link in &links {
            for _ in 0..many(5, 50) {
                browser.goto(link);
            }
        }
        assert!(house.at_rest() == before, "the database changed on {backend:?}");
    }
}
