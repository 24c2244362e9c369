//! A thief who copies every byte that the service wrote: database, write-ahead log,
//! backup, temporary files and logs at their most talkative. Before closing none of
//! them holds an answer, a link or a cookie; after closing each answer is there once,
//! in an order that has nothing to do with anybody.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use aho_corasick::AhoCorasick;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use diesel::connection::{LoadConnection, SimpleConnection};
use diesel::prelude::*;
use diesel::query_builder::SqlQuery;
use diesel::query_dsl::LoadQuery;
use diesel::sql_types::{Binary, Text};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use soundings::ballot_box::{BoxKey, Envelope};

use crate::kills::{Node, Stubborn};
use crate::support::cluster::{self, Cluster};
use crate::support::house::code;
use crate::support::region::folder;
use crate::support::visitor::Visitor;

/// The name of the database on a server.
const DATABASE: &str = "soundings";
/// Before the names of the pieces of a server's log, whose order is that of writing.
const WRITTEN: &str = "as written: ";
/// Fewer than the region has leads; nobody answers twice.
const LEADS: usize = 160;
/// So many answer twice: 200 submissions in all.
const REPLACED: usize = 40;
/// Two orders of so many that have nothing to do with each other agree less than
/// this in all but one of ten thousand cases (3.9 / sqrt(LEADS - 1)).
const MOST_AGREEMENT: f64 = 0.31;

/// Words that nobody else would write.
fn words(lead: usize) -> String {
    format!("Quince {:08x} marmalade", (lead as u32).wrapping_mul(2_654_435_761))
}

/// What some leads said first and replaced: never to be seen by anybody.
fn replaced(lead: usize) -> String {
    format!("Rhubarb {:08x} crumble", (lead as u32).wrapping_mul(2_654_435_761))
}

/// A text in every usual encoding.
fn encodings(text: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![
        text.to_vec(),
        hex::encode(text).into_bytes(),
        hex::encode_upper(text).into_bytes(),
        text.iter().flat_map(|byte| [*byte, 0]).collect(),
        text.iter().flat_map(|byte| [0, *byte]).collect(),
    ];
    if let Ok(text) = std::str::from_utf8(text) {
        let percent = utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        all.push(percent.replace("%20", "+").into_bytes());
        all.push(percent.into_bytes());
    }
    // Wherever it stands in a longer text that is encoded as a whole.
    for skipped in 0..3 {
        let inner = text.get(skipped..).unwrap_or_default();
        let whole = &inner[..inner.len() / 3 * 3];
        all.push(STANDARD_NO_PAD.encode(whole).into_bytes());
        all.push(URL_SAFE_NO_PAD.encode(whole).into_bytes());
    }
    all.sort();
    all.dedup();
    all
}

/// Everything below a folder but mails and keys, as one text for each file.
fn bytes_below(place: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(place).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            bytes_below(&path, found);
        } else if path.is_file() {
            let name = path.display().to_string();
            found.push((name, fs::read(&path).expect("a file")));
        }
    }
}

/// Where a table's rows are, in a server's folder.
#[expect(clippy::disallowed_methods, reason = "a test looks at what is really stored")]
fn file_of(table: &str, server: &Cluster) -> String {
    let mut database = PgConnection::establish(&server.url(DATABASE)).expect("the database");
    let sql = format!("SELECT pg_relation_filepath('{table}') AS text");
    let found = diesel::sql_query(sql).get_result::<Shown>(&mut database).expect("a table");
    server.data().join(found.text).display().to_string()
}

/// Every byte that a server keeps (tables, indexes, write-ahead log, statistics), its log,
/// and a dump.
fn bytes_of(server: &Cluster, found: &mut Vec<(String, Vec<u8>)>) {
    // First: a checkpoint gives its old pieces the names of later ones.
    let mut log = Vec::new();
    bytes_below(&server.data().join("pg_wal"), &mut log);
    found.extend(log.into_iter().map(|(name, bytes)| (format!("{WRITTEN}{name}"), bytes)));
    let mut database = PgConnection::establish(&server.url(DATABASE)).expect("the database");
    database.batch_execute("CHECKPOINT").expect("written down");
    bytes_below(server.folder(), found);
    found.push(("the dump".to_owned(), dump(server)));
}

fn dump(server: &Cluster) -> Vec<u8> {
    let dump = cluster::command("pg_dump").arg(server.url(DATABASE)).output();
    let dump = dump.expect("pg_dump starts");
    assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
    dump.stdout
}

/// How much two orders agree: Spearman's rank correlation.
fn agreement(order: &[usize]) -> f64 {
    let n = order.len() as f64;
    let squares: f64 =
        order.iter().enumerate().map(|(at, place)| (at as f64 - *place as f64).powi(2)).sum();
    1.0 - 6.0 * squares / (n * (n * n - 1.0))
}

#[derive(QueryableByName)]
struct Shown {
    #[diesel(sql_type = Text)]
    text: String,
}

#[derive(QueryableByName)]
struct Sealed {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Binary)]
    sealed: Vec<u8>,
}

/// The envelopes of a copy, read without the program.
#[expect(clippy::disallowed_methods, reason = "a thief reads the copy without the program")]
fn envelopes<C: LoadConnection>(copy: &mut C) -> Vec<Sealed>
where
    SqlQuery: LoadQuery<'static, C, Sealed>,
{
    let sql = "SELECT id, sealed FROM envelopes \
         JOIN invitations ON invitations.slot = envelopes.slot";
    diesel::sql_query(sql).load::<Sealed>(copy).expect("envelopes")
}

/// Whoever keeps a copy from before closing and takes all keys that are left after it
/// opens no envelope: neither with what the key ring gives out nor with any 32 bytes
/// of any key file.
fn opens_nothing(envelopes: &[Sealed], node: &Node) {
    assert_eq!(envelopes.len(), LEADS);
    let mut files = Vec::new();
    bytes_below(&node.data.path().join("keys"), &mut files);
    assert!(!files.is_empty(), "not even the master key is left");
    let mut keys: Vec<[u8; 32]> = Vec::new();
    for (_, bytes) in &files {
        let plain = hex::decode(bytes.trim_ascii()).unwrap_or_default();
        for text in [bytes, &plain] {
            keys.extend(text.windows(32).map(|key| <[u8; 32]>::try_from(key).expect("32 bytes")));
        }
    }
    assert!(!keys.is_empty());
    let wave = code("W1");
    for key in &keys {
        let key = BoxKey::from_bytes(key);
        for Sealed { id, sealed } in envelopes.iter().take(3) {
            let place = id.parse().expect("a place");
            let envelope = Envelope::from_bytes(sealed.clone());
            assert!(key.open(&wave, &place, &envelope).is_err(), "an envelope opens");
        }
    }
}

struct Scene {
    node: Node,
    place: tempfile::TempDir,
    links: Vec<String>,
    server: Option<Cluster>,
}

impl Scene {
    fn new(server: Option<Cluster>) -> Self {
        let place = tempfile::tempdir().expect("a folder");
        let outbox = tempfile::tempdir().expect("a folder").keep();
        let mut settings = vec![
            ("SOUNDINGS_LOG", "trace".to_owned()),
            ("RUST_LOG", "trace".to_owned()),
            ("TMPDIR", place.path().display().to_string()),
        ];
        if let Some(server) = &server {
            settings.push(("SOUNDINGS_DATABASE_URL", server.create(DATABASE)));
        }
        let mail = format!("folder:{}", outbox.display());
        let node = Node::with_register(mail, &folder().join("register"), &["--test"], settings);
        let links = node.links();
        fs::remove_file(node.data.path().join("links")).expect("the list of links goes");
        Self { node, place, links, server }
    }

    fn log(&self) -> File {
        let path = self.place.path().join("log");
        File::options().append(true).create(true).open(path).expect("a log")
    }

    /// Every byte that the service wrote, but keys and mails.
    fn everything(&self) -> Vec<(String, Vec<u8>)> {
        let mut found = Vec::new();
        bytes_below(self.node.data.path(), &mut found);
        bytes_below(self.place.path(), &mut found);
        if let Some(server) = &self.server {
            bytes_of(server, &mut found);
        }
        found
    }

    /// A backup as whoever runs the service makes one.
    fn backup(&self) -> Backup {
        if let Some(server) = &self.server {
            return Backup::Dump(dump(server));
        }
        let file = self.place.path().join("backup.db");
        self.node.run(&["backup", &file.display().to_string()]);
        Backup::File(file)
    }

    /// Everybody answers, in an order that is not that of the invitations.
    fn answer(&self) -> Vec<usize> {
        let order: Vec<usize> = (0..LEADS).map(|number| number * 61 % LEADS).collect();
        let failures = Default::default();
        let lead = |lead: usize| {
            let browser = Visitor::new(&self.node.base());
            Stubborn { browser, link: &self.links[lead], failures: &failures }
        };
        for number in &order[..REPLACED] {
            lead(*number).answer(&replaced(*number));
        }
        for number in &order {
            lead(*number).answer(&words(*number));
        }
        order
    }
}

/// A copy of the database that was made while the wave was open.
enum Backup {
    File(PathBuf),
    Dump(Vec<u8>),
}

impl Backup {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::File(file) => fs::read(file).expect("a backup"),
            Self::Dump(sql) => sql.clone(),
        }
    }

    /// The envelopes in it, once it is put back.
    fn envelopes(&self, server: Option<&Cluster>) -> Vec<Sealed> {
        match (self, server) {
            (Self::File(file), _) => {
                let file = file.display().to_string();
                envelopes(&mut SqliteConnection::establish(&file).expect("the copy"))
            }
            (Self::Dump(sql), Some(server)) => {
                let url = server.create("copy");
                let mut psql = cluster::command("psql")
                    .args(["-qX", "-v", "ON_ERROR_STOP=1", &url])
                    .stdin(Stdio::piped())
                    .stdout(Stdio::null())
                    .spawn()
                    .expect("psql starts");
                let mut into = psql.stdin.take().expect("a way in");
                into.write_all(sql).expect("taken");
                drop(into);
                assert!(psql.wait().expect("psql ends").success(), "the dump is put back");
                envelopes(&mut PgConnection::establish(&url).expect("the copy"))
            }
            (Self::Dump(_), None) => panic!("a dump needs its server"),
        }
    }
}

/// What must not be found: each with what it is.
fn secrets(links: &[String]) -> Vec<(String, Vec<u8>)> {
    let mut secrets = Vec::new();
    for (lead, link) in links.iter().enumerate().take(LEADS) {
        let token = link.rsplit('/').next().expect("a token");
        let raw = URL_SAFE_NO_PAD.decode(token).expect("a token's bytes");
        let all = [
            ("words", words(lead).into_bytes()),
            ("replaced words", replaced(lead).into_bytes()),
            ("link", token.as_bytes().to_vec()),
            ("token", raw),
        ];
        for (what, text) in all {
            for encoding in encodings(&text) {
                secrets.push((format!("{what} of lead {lead}"), encoding));
            }
        }
    }
    secrets
}

fn found(everything: &[(String, Vec<u8>)], secrets: &[(String, Vec<u8>)]) -> Vec<String> {
    let search = AhoCorasick::new(secrets.iter().map(|(_, text)| text)).expect("a search");
    let mut found = Vec::new();
    for (file, bytes) in everything {
        for hit in search.find_overlapping_iter(bytes) {
            found.push(format!("{} in {file}", secrets[hit.pattern().as_usize()].0));
        }
    }
    found
}

fn run(server: Option<Cluster>) {
    let mut scene = Scene::new(server);
    let (log, errors) = (scene.log(), scene.log());
    scene.node.serve_with(&[], |program| {
        program.stdout(log).stderr(errors);
    });
    let order = scene.answer();
    scene.node.kill();
    let secrets = secrets(&scene.links);
    let before = scene.everything();
    assert_eq!(found(&before, &secrets), [""; 0], "before closing");
    let backup = scene.backup();
    let copy = [("the backup".to_owned(), backup.bytes())];
    assert_eq!(found(&copy, &secrets), [""; 0], "in the backup");
    let size: usize = before.iter().map(|(_, bytes)| bytes.len()).sum();
    assert!(size > 1_000_000, "there was nothing to look through");

    let closed = scene.node.command(&["wave", "close", "W1", "--early"]);
    let (log, errors) = (scene.log(), scene.log());
    let mut closed = closed;
    assert!(closed.stdout(log).stderr(errors).status().expect("the program").success());
    let after = scene.everything();
    opens_nothing(&backup.envelopes(scene.server.as_ref()), &scene.node);
    let tokens: Vec<_> =
        secrets.iter().filter(|(what, _)| !what.starts_with("words of")).cloned().collect();
    assert_eq!(found(&after, &tokens), [""; 0], "after closing");

    // Each answer is there once, and where it stands tells nothing. A server's own log
    // holds what the count wrote until it is written over: in an order that tells as little.
    let comments = scene.server.as_ref().map(|server| file_of("comments", server));
    let database = |name: &str| name.ends_with("soundings.db") || comments.as_deref() == Some(name);
    let (mut places, mut logged) = (BTreeMap::new(), BTreeMap::new());
    let said: Vec<String> = (0..LEADS).map(words).collect();
    let search = AhoCorasick::new(&said).expect("a search");
    for (file, bytes) in &after {
        for hit in search.find_iter(bytes) {
            let lead = hit.pattern().as_usize();
            if database(file) {
                assert_eq!(places.insert(lead, hit.start()), None, "the words of {lead} twice");
            } else if file.starts_with(WRITTEN) {
                let place = (file.as_str(), hit.start());
                logged.entry(lead).and_modify(|first| *first = place.min(*first)).or_insert(place);
            } else {
                assert!(file == "the dump" || file.contains("/pg_wal/"), "answers are in {file}");
            }
        }
    }
    tells_nothing("the database", &places, &order);
    if scene.server.is_some() {
        tells_nothing("the server's log", &logged, &order);
    }
    check_logs(&scene);
}

/// Everybody's words have a place, and their order is neither that of the invitations
/// nor that in which the replies were sent.
fn tells_nothing<Place: Ord>(where_: &str, places: &BTreeMap<usize, Place>, order: &[usize]) {
    assert_eq!(places.len(), LEADS, "{where_}");
    let mut by_place: Vec<usize> = (0..LEADS).collect();
    by_place.sort_by_key(|lead| &places[lead]);
    let sent: BTreeMap<usize, usize> =
        order.iter().enumerate().map(|(at, lead)| (*lead, at)).collect();
    let by_time: Vec<usize> = by_place.iter().map(|lead| sent[lead]).collect();
    for (what, order) in [("invitation", &by_place), ("submission", &by_time)] {
        let agreement = agreement(order);
        assert!(agreement.abs() < MOST_AGREEMENT, "{where_}, the order of {what}: {agreement}");
    }
}

/// At its most talkative the log names nobody and no machine.
fn check_logs(scene: &Scene) {
    let log = fs::read_to_string(scene.place.path().join("log")).expect("a log");
    assert!(!log.is_empty(), "nothing was logged");
    // An example of an address, said at the start.
    for line in log.lines().filter(|line| !line.contains("you@example.org")) {
        // Where it listens is said once, at the start.
        let client = line.contains("127.0.0.1") && !line.contains(&scene.node.base());
        let listens = line.contains("listening") || line.contains("serving");
        assert!(!client || listens, "an address of a machine: {line}");
        for secret in ["@", "/s/", "Cookie", "cookie"] {
            assert!(!line.contains(secret), "{secret}: {line}");
        }
    }
}

#[test]
fn a_copy_of_every_byte_tells_nothing_on_sqlite() {
    run(None);
}

#[test]
fn a_copy_of_every_byte_tells_nothing_on_postgres() {
    let mut server = Cluster::new();
    server.start();
    run(Some(server));
}
