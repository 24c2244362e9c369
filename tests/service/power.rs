//! The power fails, or the disk is full: nothing acknowledged is lost, the database
//! is whole, and the service goes on by itself when there is room again.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use diesel::connection::{LoadConnection, SimpleConnection};
use diesel::prelude::*;
use diesel::query_builder::SqlQuery;
use diesel::query_dsl::LoadQuery;
use diesel::sql_types::Text;
use soundings::chance::Chance;
use tempfile::TempDir;

use crate::kills::{Node, Stubborn};
use crate::support::cluster::{self, Cluster};
use crate::support::recorder::{Recorder, Recording, Refused, Unsynced};
use crate::support::visitor::Visitor;
use crate::support::{many, region};

const LEADS: usize = 24;

/// A rehearsal wave that is open, and its links.
fn node_with_links() -> (Node, Vec<String>) {
    let outbox = tempfile::tempdir().expect("a folder").keep();
    let node = Node::with_open_wave(format!("folder:{}", outbox.display()), &["--test"]);
    let links = node.links();
    (node, links)
}

/// The same over a server, which runs from then on.
fn node_over(server: &mut Cluster) -> (Node, Vec<String>) {
    let outbox = tempfile::tempdir().expect("a folder").keep();
    server.start();
    let settings = vec![("SOUNDINGS_DATABASE_URL", server.create(DATABASE))];
    let mail = format!("folder:{}", outbox.display());
    let register = region::folder().join("register");
    let node = Node::with_register(mail, &register, &["--test"], settings);
    let links = node.links();
    (node, links)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("copied");
        }
    }
}

/// Closes the wave of a data folder; the words that were counted.
fn counted(folder: &Path) -> Vec<String> {
    close(folder, None);
    let file = folder.join("soundings.db").display().to_string();
    let mut database = SqliteConnection::establish(&file).expect("the database");
    check_whole(&mut database);
    words(&mut database)
}

/// The same over a server.
fn counted_on(server: &Cluster, folder: &Path) -> Vec<String> {
    let url = server.url(DATABASE);
    close(folder, Some(&url));
    words(&mut PgConnection::establish(&url).expect("the database"))
}

/// The name of the database on a server.
const DATABASE: &str = "soundings";

fn close(folder: &Path, database: Option<&str>) {
    let closed = Command::new(env!("CARGO_BIN_EXE_soundings"))
        .args(["wave", "close", "W1", "--early", "--json"])
        .env("SOUNDINGS_DATA", folder)
        .env("SOUNDINGS_LOG", "error")
        .envs(database.map(|url| ("SOUNDINGS_DATABASE_URL", url)))
        .output()
        .expect("the program starts");
    assert!(closed.status.success(), "{}", String::from_utf8_lossy(&closed.stderr));
    let said: serde_json::Value = serde_json::from_slice(&closed.stdout).expect("JSON");
    assert_eq!(said["spoiled"], 0, "an envelope is broken");
}

#[derive(QueryableByName)]
pub struct Said {
    #[diesel(sql_type = Text)]
    words: String,
}

#[expect(clippy::disallowed_methods, reason = "a test looks at what is really stored")]
fn check_whole(database: &mut SqliteConnection) {
    let whole = diesel::sql_query("SELECT integrity_check AS words FROM pragma_integrity_check")
        .load::<Said>(database)
        .expect("a check");
    assert_eq!(whole.iter().map(|line| line.words.as_str()).collect::<Vec<_>>(), ["ok"]);
}

/// The words of all comments.
#[expect(clippy::disallowed_methods, reason = "a test looks at what is really stored")]
pub fn words<C: LoadConnection>(database: &mut C) -> Vec<String>
where
    SqlQuery: LoadQuery<'static, C, Said>,
{
    let said = diesel::sql_query("SELECT words FROM comments").load::<Said>(database);
    said.expect("comments").into_iter().map(|said| said.words).collect()
}

/// Everybody answers; for each acknowledged reply how long the record was when it was
/// acknowledged.
fn acknowledged(node: &Node, links: &[String], recorder: &Recorder) -> BTreeMap<String, u64> {
    let failures = Default::default();
    let acknowledged = Mutex::new(BTreeMap::new());
    let base = node.base();
    std::thread::scope(|scope| {
        for part in 0..4 {
            let (base, failures, acknowledged) = (&base, &failures, &acknowledged);
            scope.spawn(move || {
                for lead in (part..LEADS).step_by(4) {
                    let words = format!("Lead {lead:03} has said so.");
                    let browser = Visitor::new(base);
                    Stubborn { browser, link: &links[lead], failures }.answer(&words);
                    acknowledged.lock().expect("no panic").insert(words, recorder.length());
                }
            });
        }
    });
    let acknowledged = acknowledged.into_inner().expect("no panic");
    assert_eq!(acknowledged.len(), LEADS);
    acknowledged
}

/// Cuts the power so many times; `counted` says what is counted on the disk that is left.
fn cut(
    times: usize,
    recording: &Recording,
    before: &Path,
    acknowledged: &BTreeMap<String, u64>,
    counted: impl Fn(TempDir) -> Vec<String>,
) {
    let syncs = recording.syncs();
    assert!(syncs.len() > LEADS / 4, "too few syncs were recorded");
    let chance = Chance::seeded(11);
    let (mut lost, mut kept) = (0, 0);
    for number in 0..times {
        // Half of the cuts come right after a sync, the others anywhere.
        let at = if number % 2 == 0 {
            syncs[chance.below(syncs.len())]
        } else {
            chance.below(recording.events() + 1)
        };
        let unsynced = [Unsynced::Lost, Unsynced::Torn, Unsynced::Kept][number % 3];
        let after = tempfile::tempdir().expect("a folder");
        recording.cut(at, unsynced, before, after.path(), &chance);
        let counted = counted(after);
        let length = recording.length_after(at);
        for (words, when) in acknowledged {
            let times = counted.iter().filter(|said| *said == words).count();
            assert!(times <= 1, "{words} is doubled after event {at}");
            assert!(
                times == 1 || *when > length,
                "{words} is lost after event {at} ({unsynced:?})"
            );
            kept += times;
            lost += usize::from(times == 0);
        }
    }
    assert!(kept > 0 && lost > 0, "the cuts came all too early or all too late");
}

/// Makes the database's log so long that what comes next is written over its start, as in
/// a service that has run for a while. As long as the connection is there, so is the log.
fn with_a_long_log(node: &Node) -> SqliteConnection {
    let file = node.data.path().join("soundings.db").display().to_string();
    let mut database = SqliteConnection::establish(&file).expect("the database");
    let long = "PRAGMA wal_autocheckpoint = 0; CREATE TABLE filling (bytes BLOB); \
        INSERT INTO filling VALUES (randomblob(6000000)); DROP TABLE filling; \
        PRAGMA wal_checkpoint(PASSIVE)";
    database.batch_execute(long).expect("a long log");
    let log = fs::metadata(format!("{file}-wal")).expect("a log");
    assert!(log.len() > 6_000_000);
    database
}

#[test]
fn what_was_acknowledged_outlives_a_power_cut_at_any_moment() {
    let (mut node, links) = node_with_links();
    let database = with_a_long_log(&node);
    let before = tempfile::tempdir().expect("a folder");
    copy(node.data.path(), before.path());
    let recorder = Recorder::new(node.data.path());
    node.serve_with(&["--no-worker"], |program| recorder.watch(program));
    drop(database);
    let acknowledged = acknowledged(&node, &links, &recorder);
    node.kill();
    let recording = recorder.recording();
    cut(many(36, 300), &recording, before.path(), &acknowledged, |after| counted(after.path()));
}

#[test]
fn what_was_acknowledged_outlives_a_power_cut_of_the_server_too() {
    let mut server = Cluster::new();
    let (mut node, links) = node_over(&mut server);
    // What is there before the recording is on the disk.
    server.stop();
    let before = tempfile::tempdir().expect("a folder");
    copy(server.folder(), before.path());
    let recorder = Recorder::new(server.folder());
    cluster::give(recorder.place());
    server.start_with(|program| recorder.watch(program));
    node.serve(&["--no-worker"]);
    let acknowledged = acknowledged(&node, &links, &recorder);
    node.kill();
    server.stop_at_once();
    let recording = recorder.recording();
    cut(many(12, 300), &recording, before.path(), &acknowledged, |after| {
        let mut server = Cluster::on(after);
        server.start();
        // The keys are another disk's; closing destroys them.
        let data = tempfile::tempdir().expect("a folder");
        copy(node.data.path(), data.path());
        counted_on(&server, data.path())
    });
}

#[test]
fn a_full_disk_loses_nothing_and_when_there_is_room_again_everything_goes_on() {
    let (mut node, links) = node_with_links();
    let recorder = Recorder::new(node.data.path());
    node.serve_with(&["--no-worker"], |program| recorder.watch(program));
    fill_disk(&node, &links, &recorder, Refused::Everything);
    node.kill();
    went_on(counted(node.data.path()));
}

#[test]
fn a_full_disk_of_the_server_loses_nothing_either() {
    let mut server = Cluster::with_log_pieces_of(16);
    let (mut node, links) = node_over(&mut server);
    server.stop();
    let recorder = Recorder::new(server.folder());
    cluster::give(recorder.place());
    server.start_with(|program| recorder.watch(program));
    node.serve(&["--no-worker"]);
    fill_disk(&node, &links, &recorder, Refused::Growth);
    node.kill();
    went_on(counted_on(&server, node.data.path()));
}

/// What leads say who meet a full disk.
const SAID: [&str; 3] = [
    "Said before the disk was full.",
    "Said by somebody else afterwards.",
    "Said when there was room again.",
];

fn went_on(mut counted: Vec<String>) {
    counted.sort();
    assert_eq!(counted, SAID);
}

/// One lead answers, the disk is full, another is told so, there is room again.
fn fill_disk(node: &Node, links: &[String], recorder: &Recorder, refused: Refused) {
    let base = node.base();
    let failures = Default::default();
    let lead = |number: usize| Stubborn {
        browser: Visitor::new(&base),
        link: &links[number],
        failures: &failures,
    };
    lead(0).answer(SAID[0]);
    recorder.fill_disk(refused);
    let save = |lead: &Stubborn| {
        lead.browser.get("/answer/A");
        lead.browser.post("/answer/A", &pairs(&[("ROLE", "1"), ("VIEW", "1")]))
    };
    // Where only growth is refused, there is room for the drafts of a few more.
    let mut begun = (1..links.len()).map(|number| {
        let lead = lead(number);
        lead.begin();
        let saved = save(&lead);
        (number, lead, saved)
    });
    let full = begun.find(|(_, _, saved)| saved.status != 303);
    let (number, second, refused) = full.expect("a full disk");
    for refused in [refused, save(&second), save(&second)] {
        assert_eq!(refused.status, 503, "{}", refused.text);
        assert!(refused.says("If you just sent something, it was not saved."), "{}", refused.text);
        // Who only reads is not disturbed.
        assert_eq!(second.browser.get("/answer/A").status, 200);
        assert_eq!(second.browser.get("/promise").status, 200);
    }
    recorder.make_room();
    second.answer_on(SAID[2]);
    lead(number + 1).answer(SAID[1]);
}

fn pairs(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}
