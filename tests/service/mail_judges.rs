//! Judges that are not ours look at each mail: SpamAssassin, and the Nu HTML checker.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use mail_parser::MessageParser;

use crate::scanners::mails;
use crate::support::smtp::SmtpServer;
use crate::support::{Backend, house::TestHouse};

/// What a mail may score at most; 5 is called spam.
const MOST: f64 = 1.0;

/// The score that SpamAssassin gives by what stands in a mail, without asking the network.
fn spam_score(mail: &[u8]) -> (f64, String) {
    let mut judge = Command::new("spamassassin")
        .args(["--local", "--test-mode"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("SpamAssassin: run scripts/setup tests");
    let mut input = judge.stdin.take().expect("an input");
    input.write_all(mail).expect("written");
    drop(input);
    let said = judge.wait_with_output().expect("an answer").stdout;
    let said = String::from_utf8_lossy(&said).into_owned();
    let from = said.find("X-Spam-Status:").expect("a verdict");
    let verdict: String = said[from..].split("autolearn").next().unwrap_or_default().to_owned();
    let score = verdict.split("score=").nth(1).and_then(|rest| rest.split_whitespace().next());
    (score.expect("a score").parse().expect("a number"), verdict)
}

/// What the Nu HTML checker finds wrong with a page.
pub fn html_errors(html: &str) -> Vec<String> {
    let jar = "node_modules/vnu-jar/build/dist/vnu.jar";
    let jar = Path::new(env!("CARGO_MANIFEST_DIR")).join(jar);
    let mut checker = Command::new("java")
        .arg("-jar")
        .arg(jar)
        .args(["--errors-only", "--format", "gnu", "-"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Java: run scripts/setup tests");
    let mut input = checker.stdin.take().expect("an input");
    input.write_all(html.as_bytes()).expect("written");
    drop(input);
    let said = checker.wait_with_output().expect("an answer");
    let errors = String::from_utf8_lossy(&said.stderr).lines().map(str::to_owned).collect();
    assert!(said.status.code().is_some_and(|code| code <= 1), "the checker failed: {errors:?}");
    errors
}

#[test]
fn no_mail_looks_like_spam_and_every_html_part_is_sound() {
    let house = TestHouse::start(Backend::Sqlite);
    let server = SmtpServer::start();
    let mails = mails(&house, &server);
    let mut subjects = std::collections::BTreeSet::new();
    for mail in &mails {
        let parsed = MessageParser::new().parse(mail).expect("a mail");
        let subject = parsed.subject().unwrap_or_default().to_owned();
        // One of each kind is enough.
        if !subjects.insert(subject.clone()) {
            continue;
        }
        let (score, verdict) = spam_score(mail);
        assert!(score <= MOST, "{subject}: {verdict}");
        let html = parsed.body_html(0).expect("an HTML part");
        assert_eq!(html_errors(&html), [""; 0], "{subject}");
    }
    assert!(subjects.len() >= 4, "{subjects:?}");
    // The judges do see what is wrong.
    assert!(spam_score(b"Subject: FREE VIAGRA!!! CLICK HERE NOW\n\nFREE MONEY\n").0 > MOST);
    assert!(!html_errors("<!DOCTYPE html><title>x</title><p></b><img>").is_empty());
}
