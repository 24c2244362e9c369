//! The program itself is killed (-9) again and again while leads send: nothing
//! acknowledged is lost. For mails see `mail_kills`.

use std::collections::BTreeMap;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use soundings::chance::Chance;
use soundings::time::Clock;
use tempfile::TempDir;

use crate::power::words;
use crate::support::many;
use crate::support::postgres::fresh_database;
use crate::support::region::folder;
use crate::support::smtp::free_port;
use crate::support::visitor::{Page, Visitor};

const LEADS: usize = 60;
const PATIENCE: Duration = Duration::from_mins(3);

/// The program with a data folder of its own, running or not.
pub struct Node {
    pub data: TempDir,
    port: u16,
    mail: String,
    process: Option<Child>,
    /// Further settings.
    pub settings: Vec<(&'static str, String)>,
}

impl Node {
    /// A node whose region is loaded and whose wave is open.
    pub fn with_open_wave(mail: String, purpose: &[&str]) -> Self {
        let register = folder().join("register");
        Self::with_register(mail, &register, purpose, Vec::new())
    }

    /// The same with the register of another folder, and with further settings.
    pub fn with_register(
        mail: String,
        register: &Path,
        purpose: &[&str],
        settings: Vec<(&'static str, String)>,
    ) -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let node = Self { data, port: free_port(), mail, process: None, settings };
        let region = folder();
        let path = |file: &str| region.join(file).display().to_string();
        let now = Clock::system().now();
        let (opens, closes) = (now.plus_seconds(-60).rfc3339(), now.plus_days(30).rfc3339());
        let survey = path("survey.toml");
        let create = ["wave", "create", "--survey", &survey, "--code", "W1", "--opens", &opens];
        node.run(&["register", "import", &register.display().to_string()]);
        node.run(&[&create[..], &["--closes", &closes], purpose].concat());
        node.run(&["wave", "open", "W1"]);
        node
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_soundings"));
        command
            .args(arguments)
            .env("SOUNDINGS_DATA", self.data.path())
            .env("SOUNDINGS_BIND", format!("127.0.0.1:{}", self.port))
            .env("SOUNDINGS_MAIL_URL", &self.mail)
            .env("SOUNDINGS_LOG", "error")
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// The personal links of its wave, which must be a rehearsal.
    pub fn links(&self) -> Vec<String> {
        let file = self.data.path().join("links");
        self.run(&["wave", "links", "W1", "--out", &file.display().to_string()]);
        let text = std::fs::read_to_string(&file).expect("links");
        text.lines().filter_map(|line| line.split('\t').nth(1)).map(str::to_owned).collect()
    }

    pub fn run(&self, arguments: &[&str]) {
        let status = self.command(arguments).status().expect("the program starts");
        assert!(status.success(), "soundings {arguments:?}");
    }

    /// Where it serves.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Starts serving and waits until somebody answers.
    pub fn serve(&mut self, arguments: &[&str]) {
        self.serve_with(arguments, |_| {});
    }

    /// The same with a program that is prepared in some way.
    pub fn serve_with(&mut self, arguments: &[&str], prepare: impl FnOnce(&mut Command)) {
        let mut program = self.command(&[&["serve"], arguments].concat());
        prepare(&mut program);
        self.process = Some(program.spawn().expect("the program starts"));
        until("the program to serve", || TcpStream::connect(("127.0.0.1", self.port)).is_ok());
    }

    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().expect("killed");
            process.wait().expect("gone");
        }
    }

    /// Changes the database of a node that does not run.
    pub fn change(&self, sql: &str) {
        let file = self.data.path().join("soundings.db");
        let mut database =
            SqliteConnection::establish(&file.display().to_string()).expect("the database");
        let patiently = format!("PRAGMA busy_timeout = 10000; {sql}");
        database.batch_execute(&patiently).expect("changed");
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.kill();
    }
}

pub fn until(what: &str, condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
        sleep(Duration::from_millis(5));
    }
}

/// A lead who goes on pressing until the service says that it is done.
pub struct Stubborn<'a> {
    pub browser: Visitor,
    pub link: &'a str,
    /// How often nobody answered.
    pub failures: &'a AtomicUsize,
}

impl Stubborn<'_> {
    /// Presses until the answer sends on to somewhere.
    fn press(&self, path: &str, fields: &[(&str, &str)], to: &str) {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let fields: Vec<(String, String)> = fields.iter().map(own).collect();
        until(to, || match self.browser.try_post(path, &fields) {
            Some(Page { status: 303, to: Some(there), .. }) => {
                assert_eq!(there, to);
                true
            }
            Some(page) => panic!("{path}: {} {}", page.status, page.text),
            None => {
                self.failures.fetch_add(1, Ordering::Relaxed);
                false
            }
        });
    }

    /// Opens a page of the form until it is there: a form says what was on it.
    fn look(&self, path: &str) {
        until(path, || self.browser.try_go(path));
    }

    /// Follows the link as far as the first page.
    pub fn begin(&self) {
        self.press(self.link, &[], "/answer/A");
        self.look("/answer/A");
    }

    /// Answers with these words and sends.
    pub fn answer(&self, words: &str) {
        self.begin();
        self.answer_on(words);
    }

    /// Answers from the first page on and sends.
    pub fn answer_on(&self, words: &str) {
        self.look("/answer/A");
        self.press("/answer/A", &[("ROLE", "1"), ("VIEW", "1")], "/answer/B");
        self.look("/answer/B");
        let milestones = ["MS_INC", "MS_INF", "MS_GOV", "MS_BUD", "MS_PLN"].map(|one| (one, "2"));
        self.press("/answer/B", &milestones, "/answer/C");
        // Whoever writes something is asked whether it may be quoted.
        self.look("/answer/I");
        let written = [("OPEN".to_owned(), words.to_owned())];
        until("the words", || self.browser.try_post("/answer/I", &written).is_some());
        self.look("/answer/I");
        self.press("/answer/I", &[("QUOTE", "1"), ("OPEN", words)], "/answer/check");
        self.press("/answer/send", &[], "/answer/done");
    }
}

/// How often the bytes stand in these.
fn times(rest: &[u8], words: &str) -> usize {
    rest.windows(words.len()).filter(|window| *window == words.as_bytes()).count()
}

#[test]
fn what_was_acknowledged_is_counted_however_often_the_program_is_killed() {
    let outbox = tempfile::tempdir().expect("a folder");
    let mail = format!("folder:{}", outbox.path().display());
    killed_again_and_again(Node::with_open_wave(mail, &["--test"]), |node| {
        std::fs::read(node.data.path().join("soundings.db")).expect("the database")
    });
}

#[test]
fn the_same_over_a_server() {
    let outbox = tempfile::tempdir().expect("a folder");
    let mail = format!("folder:{}", outbox.path().display());
    let database = fresh_database();
    let settings = vec![("SOUNDINGS_DATABASE_URL", database.url.clone())];
    let register = folder().join("register");
    let node = Node::with_register(mail, &register, &["--test"], settings);
    killed_again_and_again(node, |_| {
        let mut database = PgConnection::establish(&database.url).expect("the database");
        words(&mut database).join("\n").into_bytes()
    });
}

/// `rest` is where the words of everybody are after the count.
fn killed_again_and_again(mut node: Node, rest: impl Fn(&Node) -> Vec<u8>) {
    let links = node.links();
    let links = &links[..LEADS];
    let base = node.base();

    let kills = many(8, 50);
    let (over, failures) = (AtomicBool::new(false), AtomicUsize::new(0));
    // Per lead, the words of the last reply that was acknowledged.
    let acknowledged = Mutex::new(BTreeMap::<usize, String>::new());
    std::thread::scope(|scope| {
        for part in 0..4 {
            let (over, failures, acknowledged, base) = (&over, &failures, &acknowledged, &base);
            scope.spawn(move || {
                // Everybody sends once; as long as there are kills, some send again.
                for round in 0.. {
                    for lead in (part..LEADS).step_by(4) {
                        if round > 0 && over.load(Ordering::Relaxed) {
                            return;
                        }
                        let browser = Visitor::new(base);
                        let words = format!("Lead {lead:03} in round {round:03}.");
                        Stubborn { browser, link: &links[lead], failures }.answer(&words);
                        acknowledged.lock().expect("no panic").insert(lead, words);
                    }
                }
            });
        }
        let chance = Chance::seeded(3);
        for _ in 0..kills {
            node.serve(&["--no-worker"]);
            sleep(Duration::from_millis(50 + chance.below(350) as u64));
            node.kill();
        }
        node.serve(&["--no-worker"]);
        over.store(true, Ordering::Relaxed);
    });
    node.kill();
    assert!(failures.load(Ordering::Relaxed) >= kills, "the kills disturbed nobody");
    let acknowledged = acknowledged.into_inner().expect("no panic");
    assert_eq!(acknowledged.len(), LEADS);

    node.run(&["wave", "close", "W1", "--early"]);
    let rest = rest(&node);
    for words in acknowledged.values() {
        assert_eq!(times(&rest, words), 1, "{words}");
    }
    assert_eq!(times(&rest, " in round "), LEADS);
}
