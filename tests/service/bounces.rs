//! What a message that came back changes, by whichever way it comes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use std::process::{Output, Stdio};

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use mail_parser::MessageParser;
use soundings::chance::Chance;
use soundings::flow::{self, Taken};
use soundings::id::MailId;
use soundings::ledger::{Bounce, StopCause};
use soundings::mail_in;

use crate::support::house::code;
use crate::support::{Backend, TestHouse, WAVE, on_both};

const PATTERN: &str = "bounce+{}@survey.example.org";

/// A mail that went out.
#[derive(Clone)]
struct Gone {
    id: MailId,
    to: String,
}

/// A house with some mails out, each by its receiver.
fn with_mails(house: &TestHouse) -> Vec<Gone> {
    house.invite_some(6);
    let mails = std::fs::read_dir(house.data().join("outbox")).expect("the outbox");
    let mails = mails.map(|entry| {
        let path = entry.expect("an entry").path();
        let bytes = std::fs::read(&path).expect("a mail");
        let mail = MessageParser::new().parse(&bytes).expect("a mail");
        let to = mail.to().and_then(|to| to.first()).and_then(|to| to.address());
        let id = path.file_stem().and_then(|stem| stem.to_str()).expect("an id");
        Gone { id: id.parse().expect("an id"), to: to.expect("an address").to_owned() }
    });
    mails.collect()
}

fn start(backend: Backend) -> TestHouse {
    TestHouse::start_with(backend, [("SOUNDINGS_MAIL_BOUNCE", PATTERN.to_owned())])
}

/// One test on both databases, in a house that knows its bounces.
macro_rules! with_bounces {
    ($name:ident, |$house:ident| $body:block) => {
        fn $name($house: &TestHouse) $body

        mod $name {
            use super::*;

            #[test]
            fn on_sqlite() {
                super::$name(&start(Backend::Sqlite));
            }

            #[test]
            fn on_postgres() {
                super::$name(&start(Backend::Postgres));
            }
        }
    };
}

/// A notification about a mail, that went to `written_to`.
fn notification(house: &TestHouse, mail: &MailId, written_to: &str, status: &str) -> String {
    let to = house.house.bounce_addresses().expect("a pattern").expect("is set").of(mail);
    let mut text = format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.net\r\nTo: {to}\r\nSubject: Undelivered\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    );
    write!(
        text,
        "--b\r\n\r\nIt did not work.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
         Reporting-MTA: dns; mx.example.net\r\n\r\nFinal-Recipient: rfc822; {written_to}\r\n\
         Action: failed\r\nStatus: {status}\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n\
         To: {written_to}\r\nSubject: Your invitation\r\n\r\nText.\r\n--b--\r\n"
    )
    .expect("a text");
    text
}

type Noted = BTreeMap<MailId, (Bounce, String)>;

/// Everything about bounces that the database holds.
fn held(house: &TestHouse) -> (Noted, Vec<(String, String)>) {
    house
        .house
        .store
        .read(|tx| {
            let noted = tx.troubled_mails(1000)?.into_iter();
            let noted = noted.filter_map(|mail| mail.bounce.map(|bounce| (mail.id, bounce)));
            let stopped = tx.stopped_addresses()?.into_iter().map(|stopped| {
                assert_eq!(stopped.cause, StopCause::Bounced);
                (stopped.address.expose().to_owned(), stopped.reason)
            });
            Ok::<_, soundings::storage::StorageError>((noted.collect(), stopped.collect()))
        })
        .expect("the ledger")
}

fn counted(house: &TestHouse) -> BTreeMap<String, u64> {
    let mut all = house.house.store.read(|tx| tx.came_back()).expect("counts");
    all.retain(|_, count| *count > 0);
    all
}

fn take(house: &TestHouse, message: &str) -> Taken {
    flow::take_bounce(&house.house, message.as_bytes(), None).expect("the house takes it")
}

with_bounces!(a_hard_bounce_stops_an_address_and_everything_else_does_not, |house| {
    let mails = with_mails(house);
    let [hard, soft, policy, away, ..] = mails.as_slice() else { panic!("too few mails") };
    let about = |mail: &Gone, status: &str| notification(house, &mail.id, &mail.to, status);
    assert_eq!(take(house, &about(hard, "5.1.1")), Taken::Noted(Bounce::Hard));
    assert_eq!(take(house, &about(soft, "5.2.2")), Taken::Noted(Bounce::Soft));
    assert_eq!(take(house, &about(policy, "5.7.1")), Taken::Noted(Bounce::Policy));
    let to = house.house.bounce_addresses().expect("a pattern").expect("is set").of(&away.id);
    let answer = format!("To: {to}\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.\r\n");
    assert_eq!(take(house, &answer), Taken::Nothing);

    let gone = "The mailbox does not exist (5.1.1)";
    let (noted, stopped) = held(house);
    let expected = BTreeMap::from([
        (hard.id, (Bounce::Hard, gone.to_owned())),
        (soft.id, (Bounce::Soft, "The mailbox is full (5.2.2)".to_owned())),
        (
            policy.id,
            (
                Bounce::Policy,
                "A rule of the receiving server turned the mail away (5.7.1)".to_owned(),
            ),
        ),
    ]);
    assert_eq!(noted, expected);
    assert_eq!(stopped, [(hard.to.to_lowercase(), gone.to_owned())]);
    assert_eq!(counted(house), BTreeMap::from([("auto-reply".to_owned(), 1)]));

    // The same again, and a milder one later, change nothing more.
    let before = held(house);
    assert_eq!(take(house, &about(hard, "5.1.1")), Taken::Noted(Bounce::Hard));
    assert_eq!(take(house, &about(hard, "5.2.2")), Taken::Noted(Bounce::Soft));
    assert_eq!(take(house, &about(soft, "5.2.2")), Taken::Noted(Bounce::Soft));
    assert_eq!(held(house), before);

    // The office lets mails go there again: the same message does not undo that.
    let address = hard.to.parse().expect("an address");
    assert!(house.house.store.write(|tx| tx.start_address(&address)).expect("started"));
    take(house, &about(hard, "5.1.1"));
    assert_eq!(held(house).1, []);
    // Mail servers may fail an address for now, and for good later.
    assert_eq!(take(house, &about(soft, "5.1.1")), Taken::Noted(Bounce::Hard));
    assert_eq!(held(house).1, [(soft.to.to_lowercase(), gone.to_owned())]);
});

with_bounces!(what_proves_nothing_or_is_about_nothing_changes_nothing, |house| {
    let mails = with_mails(house);
    let before = held(house);
    let known = notification(house, &mails[0].id, &mails[0].to, "5.1.1");
    let proven =
        house.house.bounce_addresses().expect("a pattern").expect("is set").of(&mails[0].id);
    // Another mail's proof, an address without one, and a Message-ID alone.
    let other =
        house.house.bounce_addresses().expect("a pattern").expect("is set").of(&mails[1].id);
    let (name, domain) = proven.split_once('@').expect("an address");
    let mixed =
        format!("{}{}@{domain}", &name[..name.len() - 16], &other[name.len() - 16..name.len()]);
    for forged in [
        known.replace(&proven, &mixed),
        known.replace(&proven, "bounce@survey.example.org"),
        known.replace(
            &format!("To: {proven}"),
            &format!("References: <{}@soundings.example.org>", mails[0].id),
        ),
        "no mail at all".to_owned(),
        String::new(),
    ] {
        assert_eq!(take(house, &forged), Taken::NotOurs);
    }
    // Well proven, and no longer in the ledger.
    let stray = MailId::random(&Chance::seeded(1));
    let stray = notification(house, &stray, "ann@example.net", "5.1.1");
    assert_eq!(take(house, &stray), Taken::Outdated);
    // About an address that was corrected after the mail had gone there.
    let old = notification(house, &mails[0].id, "ann@old.example.net", "5.1.1");
    assert_eq!(take(house, &old), Taken::Outdated);
    assert_eq!(held(house), before);
    let expected = [("forged".to_owned(), 5), ("outdated".to_owned(), 2)];
    assert_eq!(counted(house), BTreeMap::from(expected));
});

with_bounces!(no_reminder_goes_to_an_address_that_bounced, |house| {
    let mails = with_mails(house);
    house.keep_mails();
    take(house, &notification(house, &mails[0].id, &mails[0].to, "5.1.1"));
    let everybody = crate::support::region::leads().len();
    let reminded = flow::remind_wave(&house.house, &code(WAVE)).expect("reminders");
    assert_eq!(reminded, everybody - 1);
});

/// Runs `soundings bounce` with a message, as a mail server does.
fn pipe(house: &TestHouse, more: &[&str], message: &[u8]) -> Output {
    let arguments = [&["bounce"], more].concat();
    let mut child = house
        .program(&arguments)
        .env("SOUNDINGS_MAIL_BOUNCE", PATTERN)
        .env("SOUNDINGS_LOG", "trace")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("a pipe").write_all(message).expect("it reads to the end");
    child.wait_with_output().expect("it ends")
}

with_bounces!(a_message_comes_through_a_pipe, |house| {
    let mails = with_mails(house);
    let hard = notification(house, &mails[0].id, &mails[0].to, "5.1.1");
    let to = house.house.bounce_addresses().expect("a pattern").expect("is set").of(&mails[1].id);
    let nameless =
        notification(house, &mails[1].id, &mails[1].to, "5.1.1").replace(&to, "x@example.org");
    let long = [hard.as_bytes(), &vec![b'x'; 3 << 20]].concat();
    for (more, message) in [
        (vec![], hard.as_bytes()),
        (vec![], &long),
        (vec!["--to", &to], nameless.as_bytes()),
        (vec![], b"\xff\x00 nothing that can be read"),
        (vec![], b""),
        (vec!["--to", "nobody"], b"Subject: x\n\n"),
    ] {
        let output = pipe(house, &more, message);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert!(output.stdout.is_empty());
        // Whatever the level: no address and nothing of the message.
        for secret in [mails[0].to.as_str(), &mails[1].to, to.as_str(), "example.net"] {
            assert!(!said.contains(secret), "{said}");
        }
    }
    let mut expected = [mails[0].to.to_lowercase(), mails[1].to.to_lowercase()];
    expected.sort();
    assert_eq!(held(house).1.into_iter().map(|(to, _)| to).collect::<Vec<_>>(), expected);
});

#[test]
fn what_is_wrong_on_our_side_is_to_be_tried_again() {
    let house = start(Backend::Sqlite);
    let mails = with_mails(&house);
    let hard = notification(&house, &mails[0].id, &mails[0].to, "5.1.1");
    // The database is busy for longer than anybody waits.
    let file = house.data().join("soundings.db");
    let mut other = SqliteConnection::establish(&file.display().to_string()).expect("a connection");
    other.batch_execute("BEGIN IMMEDIATE").expect("the one writer");
    let busy = pipe(&house, &[], hard.as_bytes());
    assert_eq!(busy.status.code(), Some(75), "{}", String::from_utf8_lossy(&busy.stderr));
    assert!(held(&house).0.is_empty());
    other.batch_execute("ROLLBACK").expect("let go");
    // A setting is wrong.
    let mut wrong = house.program(&["bounce"]);
    let wrong = wrong.env("SOUNDINGS_MAIL_BOUNCE", "bounce@example.org").stdin(Stdio::null());
    let wrong = wrong.output().expect("the program starts");
    assert_eq!(wrong.status.code(), Some(75));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("SOUNDINGS_MAIL_BOUNCE"));
    // The database was never made.
    let empty = tempfile::tempdir().expect("a folder");
    let mut nowhere = house.program(&["bounce"]);
    let nowhere = nowhere.env("SOUNDINGS_DATA", empty.path()).stdin(Stdio::null());
    assert_eq!(nowhere.output().expect("the program starts").status.code(), Some(75));
    assert_eq!(pipe(&house, &[], hard.as_bytes()).status.code(), Some(0));
    assert_eq!(held(&house).0.len(), 1);
}

/// A Maildir with these messages in it.
fn maildir(folder: &std::path::Path, messages: &[String]) {
    for part in ["new", "cur", "tmp"] {
        std::fs::create_dir_all(folder.join(part)).expect("a folder");
    }
    for (number, message) in messages.iter().enumerate() {
        std::fs::write(folder.join(format!("new/17000000{number:02}.x")), message).expect("a file");
    }
}

fn look(house: &TestHouse) -> usize {
    tokio::runtime::Runtime::new().expect("a runtime").block_on(mail_in::look(&house.house))
}

fn from_a_maildir(backend: Backend) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().display().to_string();
    let settings =
        [("SOUNDINGS_MAIL_BOUNCE", PATTERN.to_owned()), ("SOUNDINGS_MAIL_BOUNCE_MAILDIR", path)];
    let house = TestHouse::start_with(backend, settings);
    let mails = with_mails(&house);
    let about = |at: usize| notification(&house, &mails[at].id, &mails[at].to, "5.1.1");
    maildir(folder.path(), &[about(0), "\u{0}\u{1}rubbish".to_owned(), about(1), String::new()]);
    let half = folder.path().join("tmp/1700000099.half");
    std::fs::write(&half, about(2)).expect("a file");
    // A message that cannot be read is left, and stops no other.
    std::os::unix::fs::symlink("/nonexistent", folder.path().join("new/1600000000.odd"))
        .expect("a link");
    assert_eq!(look(&house), 4);
    let stopped = held(&house).1.len();
    assert_eq!((stopped, half.exists()), (2, true));
    let mut taken: Vec<String> = std::fs::read_dir(folder.path().join("cur"))
        .expect("the folder")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .collect();
    taken.sort();
    assert_eq!(taken, (0..4).map(|n| format!("17000000{n:02}.x:2,S")).collect::<Vec<_>>());
    // Killed after it was taken and before it was put away: taken again.
    let before = held(&house);
    std::fs::rename(
        folder.path().join("cur/1700000000.x:2,S"),
        folder.path().join("new/1700000000.x"),
    )
    .expect("moved back");
    assert_eq!(look(&house), 1);
    assert_eq!((held(&house), look(&house)), (before, 0));
}

#[test]
fn messages_come_from_a_maildir_on_sqlite() {
    from_a_maildir(Backend::Sqlite);
}

#[test]
fn messages_come_from_a_maildir_on_postgres() {
    from_a_maildir(Backend::Postgres);
}

on_both!(a_house_without_bounce_addresses_takes_none, |house| {
    assert_eq!(take(house, "To: bounce+x@survey.example.org\r\n\r\n"), Taken::NotOurs);
    assert_eq!(look(house), 0);
});
