//! Reminders go to those who have not replied, and to nobody else.

use std::collections::BTreeSet;

use mail_parser::MessageParser;
use soundings::flow;

use crate::support::house::code;
use crate::support::smtp::SmtpServer;
use crate::support::{WAVE, on_both};

/// Whom a mail is to.
fn receiver(mail: &[u8]) -> String {
    let mail = MessageParser::new().parse(mail).expect("a mail");
    let to = mail.to().and_then(|to| to.first()).and_then(|to| to.address());
    to.expect("an address").to_owned()
}

on_both!(only_who_has_not_replied_is_reminded_and_with_the_same_link, |house| {
    let server = SmtpServer::start();
    let invited = house.invite_everybody(&server);
    let answers = [("ROLE".to_owned(), "1".to_owned()), ("MS_INC".to_owned(), "2".to_owned())];
    let answers = answers.into_iter().collect();
    let lead = |number: usize| {
        let lead = house.respondent(&invited[number].link);
        lead.open();
        lead
    };
    for number in [0, 1, 2] {
        lead(number).answers(&answers).send();
    }
    lead(3).decline();
    let reminded = flow::remind_wave(&house.house, &code(WAVE)).expect("reminders");
    assert_eq!(reminded, invited.len() - 4);
    // Decided on, but answered before the mail goes: asked again when it is sent.
    lead(4).answers(&answers).send();
    let due = invited.len() - 5;
    assert_eq!(house.send_wanted_mails(&server), (due, 1));

    let mails = server.wait_for(invited.len() + due);
    let (reminders, invitations): (Vec<Vec<u8>>, Vec<Vec<u8>>) = mails.into_iter().partition(|m| {
        let mail = MessageParser::new().parse(m.as_slice()).expect("a mail");
        mail.subject().is_some_and(|subject| subject.starts_with("Reminder"))
    });
    let to: BTreeSet<String> = reminders.iter().map(|mail| receiver(mail)).collect();
    let wanted: BTreeSet<String> =
        invited.iter().skip(5).map(|one| one.lead.email.clone()).collect();
    assert_eq!((reminders.len(), &to), (due, &wanted));
    let (first, again) = (house.links(&invitations), house.links(&reminders));
    assert!(again.iter().all(|(address, link)| first.get(address) == Some(link)));

    // A second round is a round of its own; one in flight refuses another.
    assert_eq!(flow::remind_wave(&house.house, &code(WAVE)).expect("round two"), due);
    assert!(flow::remind_wave(&house.house, &code(WAVE)).is_err());
    house.pass_closing_time();
    // Nor do the thanks to the four whose answers are sealed.
    assert_eq!(house.send_wanted_mails(&server), (0, due + 4), "nothing goes after closing time");
});
