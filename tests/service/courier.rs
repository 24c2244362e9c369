//! How a mail leaves the house, against a server with every fault there is and
//! against real ones.

use std::cell::Cell;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use soundings::chance::Chance;
use soundings::id::MailId;
use soundings::mail::{
    BounceAddress, Delivery, DkimSigner, Line, Outgoing, Posting, Sender, SenderSettings, Step,
    Transport, Trouble,
};
use soundings::pages::MailText;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::support::faulty_smtp::{At, Fault, FaultySmtp, Manners, certificate};
use crate::support::smtp::{SmtpServer, free_port};

const ANN: &str = "ann.lead@group.example.org";

/// Longer than a step takes on a busy machine.
const LONG_ENOUGH: Duration = Duration::from_secs(10);
/// Longer than anybody waits.
const TOO_LONG: Duration = Duration::from_secs(60);

fn sender(dkim: Vec<DkimSigner>) -> Sender {
    Sender::new(SenderSettings {
        from: "Survey office <survey@office.example.org>".to_owned(),
        contact: Some("help@office.example.org".to_owned()),
        bounce: BounceAddress::parse("b+{}@bounce.example.org", [3; 32]).ok(),
        dkim,
    })
    .expect("a sender")
}

fn mail_from(sender: &Sender, to: &str) -> Outgoing {
    let text = ".\r\n.. a line that begins with a dot\r\nand Grüße".to_owned();
    let posting = Posting {
        id: MailId::random(&Chance::operating_system()),
        name: Some(&"Ann Lead".parse().expect("a name")),
        address: &to.parse().expect("an address"),
        text: MailText { subject: "How is it?".into(), html: format!("<p>{text}</p>"), text },
        date: "2007-11-26T09:00".parse().expect("a moment"),
        stop: Some("https://survey.example.org/stop/abc"),
    };
    sender.compose(&posting).expect("a mail")
}

fn mail(to: &str) -> Outgoing {
    mail_from(&sender(Vec::new()), to)
}

/// A line and a runtime for it.
struct Office {
    runtime: Runtime,
    line: Line,
}

impl Office {
    fn new(transport: &Transport) -> Self {
        Self { runtime: Runtime::new().expect("a runtime"), line: transport.line() }
    }

    fn at(url: &str) -> Self {
        Self::new(&Transport::open(url).expect("a transport").with_patience(LONG_ENOUGH))
    }

    /// Sends a mail and says what became of it and whether its message was begun.
    fn send(&mut self, to: &str) -> (Delivery, bool) {
        let begun = Cell::new(false);
        let mail = mail(to);
        let sending = self.line.send(&mail, || begun.set(true));
        let delivery = self.runtime.block_on(sending);
        (delivery, begun.get())
    }
}

/// What a test hopes for.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Hope {
    Taken,
    Refused,
    LaterServer,
    LaterMail,
    Unknown,
}

fn kind(delivery: &Delivery) -> Hope {
    match delivery {
        Delivery::Taken => Hope::Taken,
        Delivery::Refused(_) => Hope::Refused,
        Delivery::Later { trouble: Trouble::Server, .. } => Hope::LaterServer,
        Delivery::Later { trouble: Trouble::Mail, .. } => Hope::LaterMail,
        Delivery::Unknown => Hope::Unknown,
    }
}

fn step(delivery: &Delivery) -> Option<Step> {
    match delivery {
        Delivery::Refused(said) | Delivery::Later { said, .. } => Some(said.step),
        Delivery::Taken | Delivery::Unknown => None,
    }
}

#[test]
fn each_fault_has_its_outcome_and_the_next_mail_goes() {
    let table = [
        (At::Greeting, Fault::SayAndHangUp("421 busy"), Hope::LaterServer),
        (At::Greeting, Fault::Say("554 not you"), Hope::LaterServer),
        (At::Greeting, Fault::HangUp, Hope::LaterServer),
        (At::Ehlo, Fault::Say("451 later"), Hope::LaterServer),
        (At::Ehlo, Fault::Say("550 who?"), Hope::LaterServer),
        (At::Ehlo, Fault::HangUp, Hope::LaterServer),
        (At::Ehlo, Fault::Say("this is not SMTP"), Hope::LaterServer),
        (At::MailFrom, Fault::Say("451 later"), Hope::LaterServer),
        (At::MailFrom, Fault::Say("550 no such sender"), Hope::LaterServer),
        (At::MailFrom, Fault::HangUp, Hope::LaterServer),
        (At::RcptTo, Fault::Say("450 4.2.1 busy"), Hope::LaterMail),
        (At::RcptTo, Fault::SayAndHangUp("421 too many"), Hope::LaterServer),
        (At::RcptTo, Fault::Say("550 5.1.1 unknown"), Hope::Refused),
        (At::RcptTo, Fault::HangUp, Hope::LaterServer),
        (At::RcptTo, Fault::HangUpAfterwards, Hope::LaterServer),
        (At::Data, Fault::Say("451 later"), Hope::LaterMail),
        (At::Data, Fault::Say("554 no"), Hope::Refused),
        (At::Data, Fault::Say("250 what?"), Hope::LaterServer),
        (At::Data, Fault::HangUp, Hope::LaterServer),
        (At::MidMessage, Fault::HangUp, Hope::Unknown),
        (At::Dot, Fault::Say("451 4.7.1 greylisted"), Hope::LaterMail),
        (At::Dot, Fault::SayAndHangUp("421 closing"), Hope::LaterServer),
        (At::Dot, Fault::Say("550 5.7.1 spam"), Hope::Refused),
        (At::Dot, Fault::HangUp, Hope::Unknown),
        (At::Dot, Fault::HangUpAfterwards, Hope::Taken),
    ];
    for pipelining in [false, true] {
        meets(&FaultySmtp::with(Manners { pipelining, ..Manners::default() }), &table);
    }
}

fn meets(server: &FaultySmtp, table: &[(At, Fault, Hope)]) {
    for (at, fault, hope) in table {
        // On a connection that was just made: nothing is tried twice.
        let mut office = Office::at(&server.url());
        let copies = || server.seen().copies.values().sum::<usize>();
        let (before, lost) = (copies(), server.seen().lost_answers);
        server.once(*at, fault.clone());
        let (delivery, begun) = office.send(ANN);
        assert_eq!(kind(&delivery), *hope, "{at:?} {fault:?}: {delivery:?}");
        assert_eq!(begun, matches!(at, At::MidMessage | At::Dot), "{at:?} {fault:?}");
        let kept = usize::from(*hope == Hope::Taken);
        let lost = server.seen().lost_answers - lost;
        assert_eq!(copies() - before, kept + lost, "{at:?} {fault:?}");
        assert_eq!(office.send(ANN), (Delivery::Taken, true), "after {at:?} {fault:?}");
    }
    assert_eq!(server.seen().lost_answers, 1);
}

#[test]
fn a_server_that_says_nothing_is_not_waited_for_for_ever() {
    for (at, hope) in [
        (At::Greeting, Hope::LaterServer),
        (At::MailFrom, Hope::LaterServer),
        (At::RcptTo, Hope::LaterServer),
        (At::Dot, Hope::Unknown),
    ] {
        let server = FaultySmtp::with(Manners { pipelining: true, ..Manners::default() });
        let patience = Duration::from_millis(700);
        let transport =
            Transport::open(&server.url()).expect("a transport").with_patience(patience);
        let mut office = Office::new(&transport);
        server.once(at, Fault::Slow(TOO_LONG));
        let (delivery, _) = office.send(ANN);
        assert_eq!(kind(&delivery), hope, "{at:?}: {delivery:?}");
    }
}

#[test]
fn a_slow_answer_within_the_time_is_an_answer() {
    let server = FaultySmtp::start();
    server.once(At::Dot, Fault::Slow(Duration::from_millis(300)));
    assert_eq!(Office::at(&server.url()).send(ANN), (Delivery::Taken, true));
}

#[test]
fn many_mails_go_over_one_connection_and_each_comes_once() {
    let server = FaultySmtp::start();
    let mut office = Office::at(&server.url());
    for n in 0..501 {
        assert_eq!(office.send(&format!("lead{n}@group.example.org")).0, Delivery::Taken);
    }
    let seen = server.seen();
    assert_eq!(seen.connections, 2, "a connection takes 500 mails");
    assert_eq!(seen.copies.len(), 501);
    assert!(seen.copies.values().all(|copies| *copies == 1));
}

#[test]
fn a_kept_connection_that_has_ended_costs_no_mail() {
    for (at, fault, pipelining) in [
        (At::MailFrom, Fault::HangUp),
        (At::MailFrom, Fault::SayAndHangUp("421 idle for too long")),
        (At::RcptTo, Fault::HangUp),
        (At::Data, Fault::SayAndHangUp("421 closing")),
        (At::Dot, Fault::HangUpAfterwards),
    ]
    .into_iter()
    .flat_map(|(at, fault)| [false, true].map(|pipelining| (at, fault.clone(), pipelining)))
    {
        let server = FaultySmtp::with(Manners { pipelining, ..Manners::default() });
        let mut office = Office::at(&server.url());
        if at == At::Dot {
            server.once(at, fault.clone());
            assert_eq!(office.send(ANN), (Delivery::Taken, true));
        } else {
            assert_eq!(office.send(ANN), (Delivery::Taken, true));
            server.once(at, fault.clone());
        }
        assert_eq!(office.send("b@example.org"), (Delivery::Taken, true), "{at:?} {fault:?}");
        let seen = server.seen();
        assert_eq!((seen.connections, seen.copies[ANN], seen.copies["b@example.org"]), (2, 1, 1));
    }
}

#[test]
fn a_refused_receiver_costs_the_next_one_nothing() {
    for pipelining in [false, true] {
        let server = FaultySmtp::with(Manners { pipelining, ..Manners::default() });
        next_one_goes(&server);
        assert_eq!(server.seen().connections, 1);
    }
}

/// It would take whatever comes next for the message.
#[test]
fn a_server_that_wants_the_message_of_a_refused_mail_is_left() {
    let careless = Manners { pipelining: true, careless: true, ..Manners::default() };
    let server = FaultySmtp::with(careless);
    next_one_goes(&server);
    let seen = server.seen();
    assert_eq!((seen.connections, seen.copies.contains_key(ANN)), (3, false));
}

fn next_one_goes(server: &FaultySmtp) {
    let words = Fault::Say("550 5.1.1 <ann.lead@group.example.org>: unknown");
    server.always_for(ANN, At::RcptTo, words);
    let mut office = Office::at(&server.url());
    for _ in 0..2 {
        let (Delivery::Refused(said), false) = office.send(ANN) else { panic!("not refused") };
        assert_eq!(said.to_string(), "RCPT TO: 550 5.1.1 <…>: unknown");
        assert_eq!(office.send("b@example.org"), (Delivery::Taken, true));
    }
}

#[test]
fn a_server_that_is_not_there_is_the_server_s_trouble() {
    let (delivery, begun) = Office::at(&format!("smtp://127.0.0.1:{}", free_port())).send(ANN);
    let found = (kind(&delivery), step(&delivery), begun);
    assert_eq!(found, (Hope::LaterServer, Some(Step::Connect), false));
}

#[test]
fn the_message_arrives_as_it_was_and_the_envelope_tells_nothing_of_the_receiver() {
    let server = FaultySmtp::start();
    let mut office = Office::at(&server.url());
    let mail = mail(ANN);
    assert_eq!(office.runtime.block_on(office.line.send(&mail, || ())), Delivery::Taken);
    let seen = server.seen();
    assert_eq!(String::from_utf8_lossy(&seen.messages[0]), String::from_utf8_lossy(&mail.bytes));
    assert_eq!(seen.hellos, ["bounce.example.org"]);
    let bounce = BounceAddress::parse("b+{}@bounce.example.org", [3; 32]).expect("a pattern");
    assert_eq!(bounce.mail_of(&seen.senders[0]), Some(mail.id));
}

/// A server that can be secret, the folder of its certificate, its port and the
/// certificate's file.
fn secret(manners: Manners) -> (FaultySmtp, TempDir, u16, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("certificate.pem");
    let server = FaultySmtp::with(Manners { tls: Some(certificate(&file)), ..manners });
    let port = server.port();
    (server, folder, port, file.display().to_string())
}

#[test]
fn a_line_can_be_secret_from_the_start_or_become_so() {
    let (server, _folder, port, ca) = secret(Manners::default());
    let url = format!("smtp://127.0.0.1:{port}?tls=required&ca={ca}");
    assert_eq!(Office::at(&url).send(ANN), (Delivery::Taken, true));
    let url = format!("smtp://127.0.0.1:{port}?tls=opportunistic&ca={ca}");
    assert_eq!(Office::at(&url).send(ANN), (Delivery::Taken, true));
    assert_eq!(server.seen().secret, 2);
    assert_eq!(server.seen().hellos.len(), 4, "what was offered in the clear is asked again");

    let start = Manners { secret_from_the_start: true, ..Manners::default() };
    let (server, _folder, port, ca) = secret(start);
    let mut office = Office::at(&format!("smtps://127.0.0.1:{port}?ca={ca}"));
    assert_eq!(office.send(ANN), (Delivery::Taken, true));
    assert_eq!(office.send(ANN), (Delivery::Taken, true));
    assert_eq!((server.seen().secret, server.seen().connections), (1, 1));

    let plain = FaultySmtp::start();
    let url = format!("{}?tls=opportunistic", plain.url());
    assert_eq!(Office::at(&url).send(ANN), (Delivery::Taken, true));
}

#[test]
fn no_mail_goes_over_a_line_that_is_less_secret_than_asked_for() {
    let (server, _folder, port, ca) = secret(Manners::default());
    let plain = FaultySmtp::start();
    server.once(At::StartTls, Fault::NoHandshake);
    let rows = [
        ("garbled", format!("smtp://127.0.0.1:{port}?tls=required&ca={ca}")),
        ("from an unknown hand", format!("smtp://127.0.0.1:{port}?tls=required")),
        ("of another name", format!("smtp://localhost:{port}?tls=opportunistic&ca={ca}")),
        ("not on offer", format!("{}?tls=required", plain.url())),
        ("not spoken", format!("smtps://127.0.0.1:{}?ca={ca}", plain.port())),
        ("not to be checked", format!("smtp://127.0.0.1:{port}?tls=required&ca={ca}.missing")),
    ];
    for (how, url) in rows {
        let (delivery, begun) = Office::at(&url).send(ANN);
        assert_eq!((kind(&delivery), begun), (Hope::LaterServer, false), "TLS {how}");
        assert_eq!(step(&delivery), Some(Step::Tls), "TLS {how}: {delivery:?}");
    }
    // Words that somebody put in before the line became secret.
    server.once(At::StartTls, Fault::Say("220 go on\r\n250 and take this"));
    let url = format!("smtp://127.0.0.1:{port}?tls=required&ca={ca}");
    let (delivery, _) = Office::at(&url).send(ANN);
    assert_eq!(step(&delivery), Some(Step::Tls), "{delivery:?}");
    assert!(server.seen().messages.is_empty() && plain.seen().messages.is_empty());
}

#[test]
fn name_and_password_are_shown_as_the_server_asks() {
    for ways in ["PLAIN LOGIN", "LOGIN", "CRAM-MD5 PLAIN"] {
        let login = Some((ways, "office@example.org", "p:/ä"));
        let (server, _folder, port, ca) = secret(Manners { login, ..Manners::default() });
        let at = format!("@127.0.0.1:{port}?tls=required&ca={ca}");
        let right = format!("smtp://office%40example.org:p%3A%2F%C3%A4{at}");
        assert_eq!(Office::at(&right).send(ANN), (Delivery::Taken, true), "{ways}");
        let (delivery, _) = Office::at(&format!("smtp://office:hush{at}")).send(ANN);
        assert_eq!((kind(&delivery), step(&delivery)), (Hope::LaterServer, Some(Step::Auth)));
        assert!(!format!("{delivery:?}").contains("hush"));
        assert_eq!(server.seen().messages.len(), 1);
    }
    let server = FaultySmtp::start();
    let (delivery, _) = Office::at(&format!("smtp://u:p@127.0.0.1:{}", server.port())).send(ANN);
    assert_eq!((kind(&delivery), step(&delivery)), (Hope::LaterServer, Some(Step::Auth)));
}

#[test]
fn a_probe_tells_what_a_mail_would_meet_and_sends_none() {
    let runtime = Runtime::new().expect("a runtime");
    let probe = |url: &str| {
        let transport = Transport::open(url).expect("a transport").with_patience(LONG_ENOUGH);
        runtime.block_on(transport.probe("survey@example.org"))
    };
    let login = Some(("PLAIN", "u", "p"));
    let (server, _folder, port, ca) = secret(Manners { login, ..Manners::default() });
    let at = format!("127.0.0.1:{port}?tls=required&ca={ca}");
    let good = probe(&format!("smtp://u:p@{at}"));
    assert_eq!(good.tls.as_deref(), Some("TLS 1.3"));
    assert_eq!((good.signed_in, good.sender_accepted, good.fault), (Some(true), true, None));
    let wrong = probe(&format!("smtp://u:wrong@{at}"));
    assert_eq!((wrong.signed_in, wrong.sender_accepted), (Some(false), false));
    assert_eq!(wrong.fault.map(|said| (said.step, said.code)), Some((Step::Auth, Some(535))));
    server.once(At::MailFrom, Fault::Say("550 5.7.1 not this sender"));
    let refused = probe(&format!("smtp://u:p@{at}"));
    let said = refused.fault.map(|said| said.to_string());
    assert_eq!(said.as_deref(), Some("MAIL FROM: 550 5.7.1 not this sender"));
    let open = probe(&FaultySmtp::start().url());
    assert_eq!((open.tls, open.signed_in, open.sender_accepted), (None, None, true));
    let gone = probe(&format!("smtp://127.0.0.1:{}", free_port()));
    assert_eq!(gone.fault.map(|said| said.step), Some(Step::Connect));
    let seen = server.seen();
    assert!(seen.messages.is_empty() && !seen.commands.contains(&"RCPT".to_owned()));
    assert!(seen.commands.contains(&"QUIT".to_owned()), "{:?}", seen.commands);
}

#[test]
fn folder_and_memory_are_lines_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut office = Office::at(&format!("folder:{}", folder.path().display()));
    assert_eq!(office.send(ANN), (Delivery::Taken, true));
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    let blocked = folder.path().join("file");
    fs::write(&blocked, "").expect("a file");
    let (delivery, _) = Office::at(&format!("folder:{}", blocked.display())).send(ANN);
    assert_eq!(kind(&delivery), Hope::LaterServer);

    let memory = Transport::memory();
    assert_eq!(Office::new(&memory).send(ANN), (Delivery::Taken, true));
    let Transport::Memory(kept) = memory else { panic!("another transport") };
    assert_eq!(kept.lock().expect("mails").len(), 1);
}

/// A key as `openssl genpkey` makes it.
fn key(folder: &Path, kind: &[&str]) -> DkimSigner {
    let file = folder.join(format!("{}.pem", kind[0]));
    let made = Command::new("openssl")
        .args(["genpkey", "-algorithm"])
        .args(kind)
        .arg("-out")
        .arg(&file)
        .stderr(Stdio::null())
        .status();
    assert!(made.expect("openssl runs").success());
    DkimSigner::read(&format!("{}.2007", kind[0].to_lowercase()), &file).expect("a key")
}

/// What dkimpy says of each signature.
fn verify(message: &[u8], signers: &[DkimSigner]) -> String {
    let records = signers.iter().map(|signer| {
        let record = signer.dns_record().expect("a record");
        format!("{}={record}", signer.dns_name("office.example.org"))
    });
    let mut verifier = Command::new("/usr/bin/python3")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/verify_dkim.py"))
        .args(records)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 starts");
    verifier.stdin.take().expect("its input").write_all(message).expect("the mail goes");
    let output = verifier.wait_with_output().expect("its answer");
    assert!(output.status.success(), "run scripts/setup tests");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn an_independent_verifier_accepts_both_signatures_and_no_changed_mail() {
    let folder = tempfile::tempdir().expect("a folder");
    let signers = [
        key(folder.path(), &["RSA", "-pkeyopt", "rsa_keygen_bits:2048"]),
        key(folder.path(), &["ED25519"]),
    ];
    let server = SmtpServer::start();
    let mut office = Office::at(&server.url());
    let mail = mail_from(&sender(signers.to_vec()), ANN);
    assert_eq!(office.runtime.block_on(office.line.send(&mail, || ())), Delivery::Taken);
    let received = String::from_utf8(server.wait_for(1).remove(0)).expect("text");
    assert!(received.contains("X-RcptTo: ann.lead@group.example.org"), "{received}");
    let yes = "rsa-sha256 yes\ned25519-sha256 yes\n";
    let no = "rsa-sha256 no\ned25519-sha256 no\n";
    assert_eq!(verify(received.as_bytes(), &signers), yes);
    for (part, other) in [
        ("begins with a dot", "begins with a dog"),
        ("Subject: How is it?", "Subject: How is he?"),
        ("Survey office <", "Survey offise <"),
        ("/stop/abc", "/stop/abd"),
        ("One-Click", "One-Clack"),
        ("help@office", "hulp@office"),
    ] {
        assert!(received.contains(part), "{part}");
        assert_eq!(verify(received.replace(part, other).as_bytes(), &signers), no, "{other}");
    }
    let second = format!("From: somebody@office.example.org\n{received}");
    assert_eq!(verify(second.as_bytes(), &signers), no, "a second sender");
}
