//! Bounces that a real Postfix makes come back in, by a pipe, by a Maildir and
//! by a real IMAP server, and only addresses that do not work are stopped.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use soundings::flow::{self, RegisterFiles};
use soundings::ledger::{Bounce, Ended, MailState, Recipient};
use soundings::mail::{Delivery, Transport};
use soundings::mail_in;

use crate::support::dovecot::Dovecot;
use crate::support::postfix::{FULL, GONE, GOOD, LATE, NOBODY, OURS, Postfix, REFUSED, RULE, SLOW};
use crate::support::region;
use crate::support::{Backend, TestHouse, WAVE};

const PATIENCE: Duration = Duration::from_secs(60);

/// How many leads have their mailbox at which domain: 500 in all.
const LEADS: [(&str, usize); 7] =
    [(REFUSED, 30), (GONE, 40), (LATE, 20), (FULL, 15), (RULE, 10), (SLOW, 5), (GOOD, 380)];

fn pattern() -> String {
    format!("bounce+{{}}@{OURS}")
}

fn settings(more: &[(&'static str, String)]) -> Vec<(&'static str, String)> {
    let mut all = vec![
        ("SOUNDINGS_MAIL_BOUNCE", pattern()),
        ("SOUNDINGS_MAIL_PER_MINUTE", "0".to_owned()),
        ("SOUNDINGS_MAIL_PER_DOMAIN", "0".to_owned()),
    ];
    all.extend_from_slice(more);
    all
}

/// The domain of a lead.
fn domain_of(lead: usize) -> &'static str {
    // Spread, so that a group has leads of several domains.
    let mut place = lead * 7 % 500;
    for (domain, leads) in LEADS {
        if place < leads {
            return domain;
        }
        place -= leads;
    }
    unreachable!("there are 500")
}

/// The region with 500 leads in the place of its own.
fn import_leads(house: &TestHouse) {
    let folder = house.place("register");
    fs::create_dir(&folder).expect("a folder");
    for entry in fs::read_dir(region::folder().join("register")).expect("the register") {
        let path = entry.expect("an entry").path();
        fs::copy(&path, folder.join(path.file_name().expect("a name"))).expect("copied");
    }
    let groups: Vec<String> = region::leads().into_iter().map(|lead| lead.group).collect();
    let mut leads = String::from("consortium_slug,name,role,email,synthetic\n");
    for lead in 0..500 {
        let (group, domain) = (&groups[lead % groups.len()], domain_of(lead));
        leads += &format!("{group},Lead {lead},GP chair,lead{lead}@{domain},yes\n");
    }
    fs::write(folder.join("leads.csv"), leads).expect("leads");
    let files = RegisterFiles::read(&folder).expect("files");
    flow::load_register(&house.house, &files, false).expect("the register is read");
    assert_eq!(house.open_wave(WAVE), 500);
}

/// Sends every mail that is due through Postfix, as a worker does.
fn send_everything(house: &TestHouse, postfix: &Postfix) {
    let house = &house.house;
    let sender = house.sender().expect("a sender");
    let mut line = Transport::open(&postfix.url()).expect("a transport").line();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    loop {
        let found = flow::claim_mails(house, "test", 100).expect("claims");
        if found.mails.is_empty() && !found.more {
            return;
        }
        let outcomes = found.mails.iter().map(|prepared| {
            let mail = flow::write_mail(house, &sender, prepared).expect("a mail");
            prepared.ended(match runtime.block_on(line.send(&mail, || {})) {
                Delivery::Taken => Ended::Sent,
                Delivery::Refused(said) => Ended::Refused(said.to_string()),
                other => panic!("neither taken nor refused: {other:?}"),
            })
        });
        let outcomes: Vec<_> = outcomes.collect();
        flow::record_mails(house, &outcomes).expect("written down");
    }
}

/// What the ledger says in the end, by domain.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    refused: BTreeMap<String, usize>,
    came_back: BTreeMap<(String, &'static str, String), usize>,
    stopped: BTreeMap<String, usize>,
}

fn domain(address: &str) -> String {
    address.split_once('@').expect("an address").1.to_owned()
}

fn found(house: &TestHouse) -> Found {
    let read = |tx: &mut soundings::storage::Tx<'_>| {
        let (mut refused, mut came_back) = (BTreeMap::new(), BTreeMap::new());
        for mail in tx.troubled_mails(1000)? {
            let Recipient::Invitation(id) = mail.recipient else { panic!("not of the wave") };
            let to = domain(tx.invitation(&id)?.expect("an invitation").email.expose());
            if let Some((bounce, reason)) = mail.bounce {
                *came_back.entry((to, bounce.word(), reason)).or_default() += 1;
            } else {
                assert_eq!(mail.state, MailState::Refused);
                *refused.entry(to).or_default() += 1;
            }
        }
        let mut stopped = BTreeMap::new();
        for one in tx.stopped_addresses()? {
            *stopped.entry(domain(one.address.expose())).or_default() += 1;
        }
        Ok::<_, soundings::storage::StorageError>(Found { refused, came_back, stopped })
    };
    house.house.store.read(read).expect("the ledger")
}

fn expected() -> Found {
    let row = |domain: &str, bounce: Bounce, reason: &str, mails| {
        ((domain.to_owned(), bounce.word(), reason.to_owned()), mails)
    };
    Found {
        refused: BTreeMap::from([(REFUSED.to_owned(), 30)]),
        came_back: BTreeMap::from([
            row(GONE, Bounce::Hard, "The mailbox does not exist (5.1.1)", 40),
            row(LATE, Bounce::Hard, "The mailbox does not exist (550 5.1.1)", 20),
            row(FULL, Bounce::Soft, "The mailbox is full (552 5.2.2)", 15),
            row(
                RULE,
                Bounce::Policy,
                "The receiving server takes no mail from our mail server (554 5.7.1)",
                10,
            ),
            row(
                SLOW,
                Bounce::Soft,
                "The mail has not arrived yet; the mail servers go on trying (4.4.1)",
                5,
            ),
        ]),
        stopped: BTreeMap::from([(GONE.to_owned(), 40), (LATE.to_owned(), 20)]),
    }
}

/// How many notifications come back.
const BACK: usize = 40 + 20 + 15 + 10 + 5;

/// Every mail to a good address arrived, once.
fn check_delivered(postfix: &Postfix) {
    let mut to: Vec<String> = postfix
        .delivered()
        .iter()
        .map(|bytes| {
            let mail = mail_parser::MessageParser::new().parse(bytes).expect("a mail");
            let to = mail.to().and_then(|to| to.first()).and_then(|to| to.address());
            to.expect("an address").to_owned()
        })
        .collect();
    assert_eq!(to.len(), 380);
    to.sort();
    to.dedup();
    assert_eq!(to.len(), 380);
}

fn look(house: &TestHouse) -> usize {
    tokio::runtime::Runtime::new().expect("a runtime").block_on(mail_in::look(&house.house))
}

/// A program that Postfix runs for each bounce, as nobody: this one, over the
/// same database.
fn piped(house: &TestHouse, folder: &Path) -> PathBuf {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).expect("a mode");
    // Where it was built nobody may look.
    let program = folder.join("soundings");
    fs::copy(env!("CARGO_BIN_EXE_soundings"), &program).expect("copied");
    let script = folder.join("bounce");
    let text = format!(
        "#!/bin/sh\nexec env SOUNDINGS_DATA='{}' SOUNDINGS_MAIL_BOUNCE='{}' '{}' bounce --to \"$1\"\n",
        house.data().display(),
        pattern(),
        program.display()
    );
    fs::write(&script, text).expect("a script");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).expect("a mode");
    script
}

/// Lets nobody at the folder of the house, with all that is in it.
fn give_to_nobody(folder: &Path) {
    chown(folder, Some(NOBODY), Some(NOBODY)).expect("run as root");
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        if entry.path().is_dir() {
            give_to_nobody(&entry.path());
        } else {
            chown(entry.path(), Some(NOBODY), Some(NOBODY)).expect("run as root");
        }
    }
}

#[test]
fn postfix_pipes_its_bounces_into_the_program() {
    let house = TestHouse::start_with(Backend::Sqlite, settings(&[]));
    let folder = tempfile::tempdir().expect("a folder");
    let postfix = Postfix::with_pipe(&piped(&house, folder.path()));
    import_leads(&house);
    give_to_nobody(house.data());
    send_everything(&house, &postfix);
    postfix.wait_until_only(5);
    let start = Instant::now();
    while found(&house) != expected() && start.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(200));
    }
    assert_eq!(found(&house), expected(), "{}", postfix.log());
    check_delivered(&postfix);
}

#[test]
fn bounces_of_postfix_come_from_its_maildir() {
    let postfix = Postfix::with_maildir();
    let bounces = postfix.bounces().display().to_string();
    let more = [("SOUNDINGS_MAIL_BOUNCE_MAILDIR", bounces)];
    let house = TestHouse::start_with(Backend::Postgres, settings(&more));
    import_leads(&house);
    send_everything(&house, &postfix);
    postfix.wait_until_only(5);
    assert_eq!(look(&house), BACK);
    assert_eq!(found(&house), expected());
    assert_eq!((look(&house), found(&house)), (0, expected()));
    check_delivered(&postfix);
}

/// The mails of the first leads alone, and what Dovecot shows of them.
fn over_imap(url: impl Fn(&Dovecot) -> String) {
    let postfix = Postfix::with_maildir();
    // Dovecot needs it before the first bounce makes it.
    for part in ["", "new", "cur", "tmp"] {
        fs::create_dir_all(postfix.bounces().join(part)).expect("a folder");
    }
    give_to_nobody(&postfix.bounces());
    let dovecot = Dovecot::over(&postfix.bounces());
    let more = [("SOUNDINGS_MAIL_BOUNCE_IMAP", url(&dovecot))];
    let house = TestHouse::start_with(Backend::Sqlite, settings(&more));
    import_leads(&house);
    send_everything(&house, &postfix);
    postfix.wait_until_only(5);
    // Rubbish among them stops nothing.
    for (name, text) in
        [("1.rubbish", &b"\xff\x00\n\n"[..]), ("2.empty", b""), ("3.long", &[b'x'; 3 << 20])]
    {
        let file = postfix.bounces().join("new").join(name);
        fs::write(&file, text).expect("a file");
        chown(&file, Some(NOBODY), Some(NOBODY)).expect("run as root");
    }
    assert_eq!(look(&house), BACK + 3, "{}", dovecot.log());
    assert_eq!(found(&house), expected());
    assert_eq!((look(&house), found(&house)), (0, expected()));
    let seen = fs::read_dir(postfix.bounces().join("cur")).expect("a folder").flatten();
    let seen = seen.filter(|file| file.file_name().to_string_lossy().ends_with('S'));
    assert_eq!(seen.count(), BACK + 3);
}

#[test]
fn bounces_of_postfix_come_over_imap() {
    over_imap(Dovecot::url);
}

#[test]
fn bounces_of_postfix_come_over_imap_with_tls() {
    over_imap(Dovecot::secret_url);
}

#[test]
fn a_mailbox_that_is_not_open_to_us_is_told_without_its_password() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).expect("a mode");
    let dovecot = Dovecot::over(folder.path());
    let opened = |url: &str| {
        let mailbox = soundings::mail::ImapMailbox::parse(url).expect("an address");
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(mailbox.open()).err().map(|fault| fault.to_string())
    };
    let (good, secret) = (dovecot.url(), dovecot.secret_url());
    assert_eq!(opened(&good), None);
    assert_eq!(opened(&secret), None);
    let wrong = opened(&good.replace("bounces:%67", "bounces:%68")).expect("a fault");
    assert!(wrong.contains("does not accept the user and password"), "{wrong}");
    let elsewhere = opened(&good.replace("INBOX", "Nowhere")).expect("a fault");
    assert!(elsewhere.contains("does not open the folder"), "{elsewhere}");
    // A certificate that nobody vouches for.
    let (unknown, _) = secret.split_once('?').expect("an address");
    let unknown = opened(unknown).expect("a fault");
    assert!(unknown.contains("certificate"), "{unknown}");
    for fault in [wrong, elsewhere, unknown] {
        assert!(!fault.contains("geheim"), "{fault}");
    }
}
