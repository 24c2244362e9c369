//! Each kind of message that comes back, as mail servers of many makes write
//! them, and what must be made of it.

mod hostile;
mod samples;
mod told;

use super::{News, Returned};
use crate::chance::Chance;
use crate::id::MailId;
use crate::mail::verp::BounceAddress;
use samples::{Sample, all, report};

fn addresses() -> BounceAddress {
    BounceAddress::parse("bounce+{}@survey.example.org", [9; 32]).expect("a pattern")
}

fn a_mail() -> MailId {
    MailId::random(&Chance::seeded(11))
}

/// The sample as it comes to the bounce address of a mail.
fn delivered(sample: &Sample) -> Vec<u8> {
    sample.message.replace("BOUNCE", &addresses().of(&a_mail())).replace('\n', "\r\n").into_bytes()
}

fn sentence(news: &News) -> String {
    match news {
        News::Hard(reason) | News::Soft(reason) | News::Policy(reason) => reason.to_string(),
        _ => String::new(),
    }
}

#[test]
fn every_kind_of_message_is_told_apart() {
    let samples = all();
    assert!(samples.len() >= 60, "{} samples", samples.len());
    let mut wrong = Vec::new();
    for sample in &samples {
        let read = Returned::read(&delivered(sample), None, &addresses());
        let got = (read.mail, read.news.word(), sentence(&read.news));
        let wanted = (Some(a_mail()), sample.word, sample.sentence.to_owned());
        if got != wanted {
            wrong.push(format!(
                "{}: {} {:?}, not {} {:?}",
                sample.name, got.1, got.2, wanted.1, wanted.2
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_same_is_read_with_bare_line_ends() {
    for sample in all() {
        let crlf = delivered(&sample);
        let bare: Vec<u8> = crlf.iter().copied().filter(|byte| *byte != b'\r').collect();
        let read = |bytes: &[u8]| Returned::read(bytes, None, &addresses());
        assert_eq!(read(&bare), read(&crlf), "{}", sample.name);
    }
}

#[test]
fn no_sentence_holds_an_address() {
    for sample in all() {
        let said = sentence(&Returned::read(&delivered(&sample), None, &addresses()).news);
        assert!(!said.contains('@') || said.contains("after the @"), "{said}");
        assert!(!said.contains("example"), "{said}");
    }
}

/// A bounce whose address stands only where `place` puts it.
fn bounce_with(place: &str, returned_path: &str) -> Vec<u8> {
    let report = report("failed", "5.1.1", "smtp; 550 5.1.1 user unknown");
    let report =
        report.replace("To: BOUNCE\n", place).replace("Return-Path: <BOUNCE>\n", returned_path);
    report.replace("BOUNCE", &addresses().of(&a_mail())).into_bytes()
}

#[test]
fn a_mail_is_known_by_the_address_that_the_message_came_to() {
    let to = addresses().of(&a_mail());
    let nowhere = bounce_with("", "");
    assert_eq!(Returned::read(&nowhere, None, &addresses()).news, News::Forged);
    let given = Returned::read(&nowhere, Some(&to), &addresses());
    assert_eq!((given.mail, given.news.word()), (Some(a_mail()), "hard"));
    let upper = to.to_uppercase();
    let framed = format!("<{upper}>");
    assert_eq!(Returned::read(&nowhere, Some(&framed), &addresses()).mail, Some(a_mail()));
    for place in [
        "To: BOUNCE\n",
        "To: Bounces <BOUNCE>\n",
        "To: somebody@example.org,\n BOUNCE\n",
        "Delivered-To: BOUNCE\n",
        "Delivered-To: archive@example.org\nDelivered-To: BOUNCE\n",
        "X-Original-To: BOUNCE\n",
        "Envelope-To: BOUNCE\n",
        "envelope-to: BOUNCE\nTo: undisclosed-recipients:;\n",
    ] {
        let read = Returned::read(&bounce_with(place, ""), None, &addresses());
        assert_eq!(read.mail, Some(a_mail()), "{place}");
    }
    let copy = bounce_with("To: undisclosed-recipients:;\n", "Return-Path: <BOUNCE>\n");
    assert_eq!(Returned::read(&copy, None, &addresses()).mail, Some(a_mail()));
    // Whom it was delivered to counts before what it says of itself.
    let other = MailId::random(&Chance::seeded(12));
    let read = Returned::read(&copy, Some(&addresses().of(&other)), &addresses());
    assert_eq!(read.mail, Some(other));
}

#[test]
fn a_mail_that_is_returned_says_whom_it_was_written_to() {
    let read = |message: &str| {
        let message = message.replace("BOUNCE", &addresses().of(&a_mail()));
        Returned::read(message.as_bytes(), None, &addresses())
    };
    let report = report("failed", "5.1.1", "smtp; 550 5.1.1 user unknown");
    let head_alone =
        report.replace("Content-Type: message/rfc822", "Content-Type: text/rfc822-headers");
    let (ann, other) = ("Ann@Practice.example.net", "ann@new.example.net");
    let address = |text: &str| text.parse().expect("an address");
    for message in [report, head_alone] {
        let read = read(&message);
        assert!(read.may_have_gone_to(&address(ann)));
        assert!(!read.may_have_gone_to(&address(other)));
        assert!(!format!("{read:?}").contains("practice"));
    }
    let without = read("To: BOUNCE\nFrom: MAILER-DAEMON@example.net\n\n550 5.1.1 user unknown\n");
    assert!(without.may_have_gone_to(&address(ann)) && without.may_have_gone_to(&address(other)));
}

#[test]
fn a_message_id_alone_proves_nothing() {
    let report = report("failed", "5.1.1", "smtp; 550 5.1.1 user unknown");
    let id = format!("Message-ID: <{}@survey.example.org>\n", a_mail());
    let message = report
        .replace("To: BOUNCE\n", &format!("In-Reply-To: <{}@survey.example.org>\n", a_mail()))
        .replace("Return-Path: <BOUNCE>\n", &id);
    let read = Returned::read(message.as_bytes(), Some("bounce@survey.example.org"), &addresses());
    assert_eq!(read, Returned::forged());
}

#[test]
fn the_proof_of_another_house_or_another_mail_is_forged() {
    let elsewhere =
        BounceAddress::parse("bounce+{}@survey.example.org", [8; 32]).expect("a pattern");
    for sample in all() {
        let read = Returned::read(&delivered(&sample), None, &elsewhere);
        assert_eq!(read, Returned::forged(), "{}", sample.name);
    }
}
