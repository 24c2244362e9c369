//! Mails under fire: the mail server fails in every way it can and the program is
//! killed (-9) again and again, yet everybody gets the invitation, and next to
//! nobody twice.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use soundings::time::Clock;
use tempfile::TempDir;

use crate::kills::{Node, until};
use crate::support::faulty_smtp::{At, Fault, FaultySmtp, Manners, Seen};
use crate::support::house::{TestHouse, code};
use crate::support::region::folder;
use crate::support::{Backend, WAVE};

const LEADS: usize = 2_000;
const KILLS: usize = 10;
/// Every so-and-so-many-th lead's address is refused for good.
const REFUSED: usize = 100;

fn address(lead: usize) -> String {
    format!("lead{lead}@group{}.example.org", lead % 97)
}

/// The region's register with as many leads as one wants.
fn register(leads: usize) -> TempDir {
    let made = tempfile::tempdir().expect("a folder");
    let from = folder().join("register");
    for file in ["pcts.csv", "reporting-units.csv", "consortia.csv"] {
        fs::copy(from.join(file), made.path().join(file)).expect("copied");
    }
    let groups = fs::read_to_string(from.join("consortia.csv")).expect("groups");
    let groups: Vec<&str> =
        groups.lines().skip(1).filter_map(|line| line.split(',').next()).collect();
    let mut csv = "consortium_slug,name,role,email,synthetic\n".to_owned();
    for lead in 0..leads {
        let group = groups[lead % groups.len()];
        writeln!(csv, "{group},Dr Number {lead},GP chair,{},yes", address(lead)).expect("a line");
    }
    fs::write(made.path().join("leads.csv"), csv).expect("written");
    made
}

#[derive(QueryableByName)]
struct State {
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = BigInt)]
    mails: i64,
}

/// How many mails are how far.
#[expect(clippy::disallowed_methods, reason = "a test looks at what is really stored")]
fn states(data: &Path) -> BTreeMap<String, i64> {
    let file = data.join("soundings.db").display().to_string();
    let mut database = SqliteConnection::establish(&file).expect("the database");
    database.batch_execute("PRAGMA busy_timeout = 10000").expect("set");
    diesel::sql_query("SELECT state, count(*) AS mails FROM outbox GROUP BY state")
        .load::<State>(&mut database)
        .expect("states")
        .into_iter()
        .map(|row| (row.state, row.mails))
        .collect()
}

/// Every fault once, and those that cost no waiting several times.
fn befall(server: &FaultySmtp) {
    let slow = || Fault::Slow(Duration::from_millis(300));
    for _ in 0..4 {
        server
            .once(At::RcptTo, Fault::Say("450 4.2.1 try later"))
            .once(At::Data, Fault::Say("451 4.3.0 not now"))
            .once(At::Dot, Fault::Say("452 4.3.1 no room now"))
            .once(At::RcptTo, Fault::HangUp)
            .once(At::MidMessage, Fault::HangUp)
            .once(At::Dot, Fault::HangUp)
            .once(At::Dot, Fault::HangUpAfterwards)
            .once(At::Dot, slow())
            .once(At::MailFrom, slow());
    }
    server
        .once(At::Greeting, Fault::HangUp)
        .once(At::Ehlo, Fault::Say("421 4.3.2 going down"))
        .once(At::MailFrom, Fault::Say("451 4.7.1 greylisted"))
        .once(At::Data, Fault::SayAndHangUp("421 4.3.2 going down"));
    for lead in (0..LEADS).step_by(REFUSED) {
        server.always_for(&address(lead), At::RcptTo, Fault::Say("550 5.1.1 no such mailbox"));
    }
}

/// Sends all invitations over so many lines while everything goes wrong; gives
/// back what the server saw and how often the program was killed.
fn sent_under_fire(lines: usize) -> (Seen, BTreeMap<String, i64>) {
    let pipelining = lines > 1;
    let server = FaultySmtp::with(Manners { pipelining, ..Manners::default() });
    befall(&server);
    let register = register(LEADS);
    let settings = vec![
        ("SOUNDINGS_MAIL_PER_MINUTE", "0".to_owned()),
        ("SOUNDINGS_MAIL_PER_DOMAIN", "0".to_owned()),
        ("SOUNDINGS_MAIL_CONNECTIONS", lines.to_string()),
    ];
    let mut node = Node::with_register(server.url(), register.path(), &[], settings);
    let arrived = || server.seen().copies.len();
    for kill in 1..=KILLS {
        node.serve(&[]);
        until("more mails", || arrived() > kill * (LEADS / (KILLS + 2)));
        node.kill();
    }
    assert!(arrived() < LEADS - LEADS / REFUSED, "everything was sent before the last kill");
    node.serve(&[]);
    let open = |states: &BTreeMap<String, i64>| {
        states.get("queued").unwrap_or(&0) + states.get("claimed").unwrap_or(&0)
    };
    for _ in 0..60 {
        if open(&states(node.data.path())) == 0 {
            break;
        }
        // What waits for a later try need not wait here.
        node.change(
            "UPDATE outbox SET due_at = datetime(due_at, '-1 hour') WHERE state = 'queued'",
        );
        std::thread::sleep(Duration::from_secs(2));
    }
    let states = states(node.data.path());
    node.kill();
    assert_eq!(open(&states), 0, "{states:?}");
    (server.seen(), states)
}

fn check(seen: &Seen, states: &BTreeMap<String, i64>, kills: usize) {
    let refused = LEADS / REFUSED;
    for lead in 0..LEADS {
        let copies = seen.copies.get(&address(lead)).copied().unwrap_or(0);
        if lead % REFUSED == 0 {
            assert_eq!(copies, 0, "refused addresses get nothing");
        } else {
            assert!((1..=2).contains(&copies), "lead {lead} has {copies} copies");
        }
    }
    let copies: usize = seen.copies.values().sum();
    let twice = copies - (LEADS - refused);
    let allowed = seen.lost_answers + kills;
    assert!(twice <= allowed, "{twice} duplicates with {} lost answers", seen.lost_answers);
    assert!(seen.lost_answers > 0, "no answer was lost: the test tests nothing");
    assert_eq!(states.get("refused").copied(), Some(refused as i64), "{states:?}");
    let parked = states.get("parked").copied().unwrap_or(0);
    let sent = states.get("sent").copied().unwrap_or(0);
    assert_eq!(sent + parked, (LEADS - refused) as i64, "{states:?}");
}

/// Two nodes share the queue over PostgreSQL. One is frozen for longer than its
/// claims last, the other takes over, and the first wakes up again.
#[test]
fn a_node_that_was_frozen_repeats_nothing() {
    const MAILS: usize = 162;
    let server = FaultySmtp::start();
    let house = TestHouse::start(Backend::Postgres);
    house.import_region();
    assert_eq!(house.open_wave(WAVE), MAILS);
    let leads = house.house.store.read(|tx| tx.invitations(&code(WAVE))).expect("leads");
    for lead in &leads {
        // Most of a mail's time passes before it is begun.
        let slow = Fault::Slow(Duration::from_millis(150));
        server.always_for(lead.email.expose(), At::RcptTo, slow);
    }
    // The house's clock stands in 2007: mails are good for longer than until now.
    let now = Clock::system().now();
    let url = house.database_url().expect("a server");
    let mut database = PgConnection::establish(url).expect("the database");
    let times = format!(
        "UPDATE waves SET closes_at = '{0}', publishes_at = '{0}'; \
         UPDATE outbox SET good_until = '{0}'",
        now.plus_days(20).to_utc()
    );
    database.batch_execute(&times).expect("changed");
    let start = || {
        let mut node = house.program(&["worker"]);
        node.env("SOUNDINGS_MAIL_URL", server.url()).env("SOUNDINGS_MAIL_PER_DOMAIN", "0");
        node.stdout(Stdio::null()).spawn().expect("the program starts")
    };
    let (mut first, mut second) = (start(), start());
    let arrived = || server.seen().copies.len();
    until("some mails", || arrived() > 20);
    signal("STOP", &first);
    // Longer than a claim lasts.
    std::thread::sleep(Duration::from_secs(130));
    signal("CONT", &first);
    until("all mails", || arrived() == MAILS);
    std::thread::sleep(Duration::from_secs(5));
    for node in [&mut first, &mut second] {
        node.kill().expect("killed");
        node.wait().expect("gone");
    }
    let seen = server.seen();
    let twice = seen.copies.values().filter(|copies| **copies > 1).count();
    assert_eq!((seen.copies.len(), twice), (MAILS, 0));
}

fn signal(name: &str, process: &Child) {
    let sent = Command::new("kill").arg(format!("-{name}")).arg(process.id().to_string()).status();
    assert!(sent.expect("kill starts").success());
}

#[test]
fn one_line_forgets_nobody_and_repeats_no_more_than_it_must() {
    let (seen, states) = sent_under_fire(1);
    check(&seen, &states, KILLS);
}

#[test]
fn four_lines_forget_nobody_either() {
    let (seen, states) = sent_under_fire(4);
    // Each kill can leave one mail of each line in doubt.
    check(&seen, &states, 4 * KILLS);
}
