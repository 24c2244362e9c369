//! The pages about mails in a real browser on a telephone and on a desk.

use mail_parser::MessageParser;
use soundings::account::Role;
use soundings::flow;
use soundings::id::MailId;
use soundings::ledger::{Bounce, MailState, Pause, PauseCause, PauseScope, StopCause};
use soundings::letter::MailKind;
use soundings::storage::StoppedAddress;

use crate::support::house::{TestHouse, code};
use crate::support::{Backend, WAVE};

use super::accessibility::{Inspector, send_empty};

/// Signing in by mail, and the link that ends all mails.
fn doors(eye: &mut Inspector, house: &TestHouse) {
    let at = |path: &str| format!("{}{path}", house.base());
    eye.browser.goto(&at("/sign-in"));
    send_empty(eye, "sign-in-form", "Sign in");
    eye.browser.fill("#email", "office@sha.example.org");
    eye.browser.follow("main form button");
    eye.look("sign-in-sent", "Look at your e-mail");
    let mails = house.kept_mails();
    let text = |mail: &Vec<u8>| {
        let mail = MessageParser::new().parse(mail).expect("a mail");
        mail.body_text(0).expect("a text").into_owned()
    };
    let link = |start: &str| {
        let start = at(start);
        let found = mails.iter().map(text).find_map(|text| {
            let from = text.find(&start)?;
            text[from..].split_whitespace().next().map(str::to_owned)
        });
        found.expect("a link in a mail")
    };
    eye.open("stop", &link("/stop/"), "No more e-mails from us");
    eye.browser.follow("main form button");
    eye.look("stopped", "We will not write to you again");
    eye.browser.follow("main form button");
    eye.look("started-again", "We write to you again");
}

/// The letters of a wave, in the states that an editor can be in.
fn letters(eye: &mut Inspector, base: &str) {
    let of_wave = format!("{base}/office/waves/{WAVE}/letters");
    eye.open("office-letters", &of_wave, "Letters of Autumn 2007");
    eye.open("office-letters-none", &format!("{base}/office/letters"), "Letters");
    eye.open("office-letter", &format!("{of_wave}/reminder"), "Reminder");
    assert!(eye.browser.text("#body-words").contains(" words. "), "words are counted");
    eye.browser.click("main form details summary");
    eye.look("office-letter-tokens", "Reminder");
    eye.browser.fill("#subject", "See {{link}}");
    eye.browser.follow("main form button[formaction$=preview]");
    assert!(eye.browser.has(".nhsuk-error-summary"));
    eye.look("office-letter-error", "Reminder");
    eye.browser.fill("#subject", "Reminder for {{group}}");
    eye.browser.follow("main form button[formaction$=test]");
    eye.look("office-letter-tested", "Reminder");
    eye.browser.script("document.querySelector('[name=\"-seen\"]').value = '7'");
    eye.browser.follow("main form .so-buttons button");
    eye.look("office-letter-saved", "Reminder");
    eye.browser.script("document.querySelector('[name=\"-seen\"]').value = '7'");
    eye.browser.fill("#subject", "Another for {{group}}");
    eye.browser.follow("main form .so-buttons button");
    eye.look("office-letter-meanwhile", "Reminder");
    eye.open("office-letter-gone", &format!("{of_wave}/invitation"), "Invitation");
}

/// The queue of mails and the schedule of a wave.
fn queue(eye: &mut Inspector, house: &TestHouse) {
    let at = |path: &str| format!("{}{path}", house.base());
    eye.open("office-mail-quiet", &at("/office/mail"), "Mails");
    let store = &house.house.store;
    let mails = store.read(|tx| tx.invitations(&code(WAVE))).expect("invitations");
    let mails: Vec<MailId> = mails
        .iter()
        .flat_map(|one| store.read(|tx| tx.mails_of_invitation(&one.id)).expect("mails"))
        .filter(|mail| mail.state == MailState::Sent)
        .map(|mail| mail.id)
        .collect();
    let stop = StoppedAddress {
        address: "a.very.long.mailbox.name@a-very-long-domain.practice.example.org"
            .parse()
            .expect("an address"),
        cause: StopCause::Bounced,
        reason: "The mailbox does not exist (550 5.1.1)".to_owned(),
        day: house.house.now().london_date(),
    };
    let brake = Pause {
        scope: PauseScope::Everything,
        cause: PauseCause::Brake,
        reason: "166 mails of a round have gone and 162 were planned".to_owned(),
        since: house.house.now(),
    };
    store
        .write(|tx| {
            for (mail, bounce) in mails.iter().zip([Bounce::Hard, Bounce::Soft, Bounce::Policy]) {
                tx.note_bounce(mail, bounce, "The mailbox does not exist (550 5.1.1)")?;
            }
            tx.stop_address(&stop)?;
            tx.put_pause(&brake)
        })
        .expect("trouble");
    eye.open("office-mail", &at("/office/mail"), "Mails");
    eye.browser.follow("main form[action$=resume] button");
    assert!(eye.browser.has(".nhsuk-error-summary"));
    eye.look("office-mail-error", "Mails");
    eye.browser.goto(&at("/office/mail"));
    eye.browser.follow("main a[href$=address]");
    send_empty(eye, "office-address", "Correct the address");
    let of_wave = at(&format!("/office/waves/{WAVE}/mail"));
    eye.open("office-wave-mail", &of_wave, "Mails");
    eye.browser.click("main details summary");
    eye.look("office-wave-mail-cancel", "Mails");
    let heading = "When does the reminder go?";
    eye.open("office-round", &format!("{of_wave}/reminder/1"), heading);
    eye.browser.fill("#day", "31");
    eye.browser.follow("main form button");
    assert!(eye.browser.has(".nhsuk-error-summary"));
    eye.look("office-round-error", heading);
    eye.open("office-remind-later", &format!("{of_wave}/remind"), "Send a reminder now?");
    flow::cancel_round(&house.house, (&code(WAVE), MailKind::Invitation, 1)).expect("cancelled");
    eye.open("office-remind", &format!("{of_wave}/remind"), "Send a reminder now?");
}

#[test]
fn axe_finds_nothing_wrong_with_the_pages_about_mails() {
    let house = TestHouse::start(Backend::Sqlite);
    house.invite_some(3);
    let mut eye = Inspector::new();
    eye.browser.goto(&house.sign_in_link(Role::Office));
    doors(&mut eye, &house);
    eye.browser.goto(&house.sign_in_link(Role::Office));
    eye.browser.follow("main form button");
    letters(&mut eye, house.base());
    queue(&mut eye, &house);
    assert!(eye.wrong.is_empty(), "{:#?}", eye.wrong);
    assert_eq!(eye.seen, 26);
}
