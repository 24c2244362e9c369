//! `soundings doctor` against a mail server with TLS and sign-in and a name server with
//! records, as a survey office meets them.

use std::net::UdpSocket;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

use soundings::mail::DkimSigner;

use crate::support::faulty_smtp::{At, Fault, FaultySmtp, Manners, certificate};

/// A name server that knows some TXT records.
struct Names {
    address: String,
    records: Arc<Mutex<Vec<(String, String)>>>,
}

impl Names {
    fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
        let address = socket.local_addr().expect("an address").to_string();
        let records: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
        let known = records.clone();
        thread::spawn(move || {
            let mut query = [0; 1500];
            while let Ok((length, asker)) = socket.recv_from(&mut query) {
                let answer = answer(&query[..length], &known.lock().expect("no panic"));
                let _ = socket.send_to(&answer, asker);
            }
        });
        Self { address, records }
    }

    fn set(&self, name: &str, text: &str) {
        let mut records = self.records.lock().expect("no panic");
        records.retain(|(known, _)| known != name);
        records.push((name.to_owned(), text.to_owned()));
    }
}

/// Source: RFC 1035, section 4.1.
fn answer(query: &[u8], records: &[(String, String)]) -> Vec<u8> {
    let mut at = 12;
    let mut labels = Vec::new();
    while query[at] != 0 {
        let length = usize::from(query[at]);
        labels.push(String::from_utf8_lossy(&query[at + 1..=at + length]).to_lowercase());
        at += length + 1;
    }
    let question = &query[12..at + 5];
    let name = labels.join(".");
    let is_text = question[question.len() - 4..question.len() - 2] == [0, 16];
    let found: Vec<_> = records
        .iter()
        .filter(|(known, _)| is_text && *known == name)
        .map(|(_, text)| text)
        .collect();
    let mut out = query[..2].to_vec();
    out.extend([0x84, 0, 0, 1, 0, u8::try_from(found.len()).expect("a few"), 0, 0, 0, 0]);
    out.extend(question);
    for text in found {
        // A TXT record has pieces of up to 255 bytes.
        let pieces: Vec<u8> = text
            .as_bytes()
            .chunks(255)
            .flat_map(|piece| [&[u8::try_from(piece.len()).expect("short")][..], piece].concat())
            .collect();
        out.extend([0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 60]);
        out.extend(u16::try_from(pieces.len()).expect("short").to_be_bytes());
        out.extend(pieces);
    }
    out
}

/// Runs the doctor; whether all is well, and what was found as `health about: said`.
fn doctor(settings: &[(&str, String)]) -> (bool, Vec<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |arguments: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_soundings"));
        program.args(arguments).env("SOUNDINGS_DATA", folder.path());
        program.envs(settings.iter().map(|(name, value)| (name, value)));
        program.output().expect("the program starts")
    };
    assert!(run(&["migrate"]).status.success());
    let output = run(&["doctor", "--json"]);
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert!(!String::from_utf8_lossy(&output.stdout).contains("hush"), "a password is shown");
    let findings = said["findings"].as_array().expect("findings");
    let line = |one: &serde_json::Value| {
        let text = |name: &str| one[name].as_str().expect("text").to_owned();
        format!("{} {}: {}", text("health"), text("about"), text("said"))
    };
    (output.status.success(), findings.iter().map(line).collect())
}

#[test]
fn the_doctor_says_what_is_well_and_what_to_do_about_the_rest() {
    let folder = tempfile::tempdir().expect("a folder");
    let ca = folder.path().join("ca.pem");
    let login = Some(("PLAIN", "office", "hush"));
    let server =
        FaultySmtp::with(Manners { tls: Some(certificate(&ca)), login, ..Manners::default() });
    let key = folder.path().join("dkim.pem");
    let made = Command::new("openssl")
        .args(["genpkey", "-algorithm", "ed25519", "-out"])
        .arg(&key)
        .output();
    assert!(made.expect("openssl").status.success());
    let names = Names::start();
    let port = server.port();
    let mail = |user: &str| {
        format!("smtp://{user}:hush@127.0.0.1:{port}?tls=required&ca={}", ca.display())
    };
    let settings = |user: &str| {
        vec![
            ("SOUNDINGS_MAIL_URL", mail(user)),
            ("SOUNDINGS_MAIL_FROM", "Survey office <survey@office.example.org>".to_owned()),
            ("SOUNDINGS_MAIL_DKIM_KEY_FILES", format!("s1:{}", key.display())),
            ("SOUNDINGS_DNS", names.address.clone()),
        ]
    };
    let has = |found: &[String], start: &str| {
        assert!(found.iter().any(|line| line.starts_with(start)), "{start}: {found:#?}");
    };

    // Nothing is in the DNS yet.
    let (well, found) = doctor(&settings("office"));
    assert!(!well);
    for line in [
        "good mail: the line is secret (TLS",
        "good mail: the server takes the name and password",
        "good mail: the server takes mails from our sender",
        "bad SPF: office.example.org has no record",
        "bad DKIM: s1._domainkey.office.example.org has no record; add the TXT record v=DKIM1",
        "look DMARC: _dmarc.office.example.org has no record",
    ] {
        has(&found, line);
    }

    let record = DkimSigner::read("s1", &key).expect("a key").dns_record().expect("a record");
    names.set("office.example.org", "v=spf1 mx -all");
    names.set("s1._domainkey.office.example.org", &record);
    names.set("_dmarc.office.example.org", "v=DMARC1; p=none");
    let (well, found) = doctor(&settings("office"));
    assert!(well, "{found:#?}");
    for line in [
        "good SPF: v=spf1 mx -all",
        "good DKIM: s1._domainkey.office.example.org holds our key",
        "good DMARC: v=DMARC1; p=none",
    ] {
        has(&found, line);
    }

    // Another key in the DNS, a wrong user, a sender who is not welcome.
    names.set("s1._domainkey.office.example.org", "v=DKIM1; k=ed25519; p=AAAA");
    let (well, found) = doctor(&settings("somebody"));
    assert!(!well);
    has(&found, "bad DKIM: s1._domainkey.office.example.org holds another key");
    has(&found, "bad mail: AUTH");
    server.once(At::MailFrom, Fault::Say("550 5.7.1 not from here"));
    let (_, found) = doctor(&settings("office"));
    has(&found, "bad mail: MAIL FROM: 550 5.7.1 not from here");
    // No mail was sent.
    assert!(server.seen().messages.is_empty());
}
