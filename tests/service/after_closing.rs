//! What is left after closing: nothing that joins a person and an answer.

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use soundings::flow;
use soundings::id::WaveCode;

use crate::support::house::{TestHouse, code};
use crate::support::respondent::Answers;
use crate::support::{WAVE, on_both};

fn wave() -> WaveCode {
    code(WAVE)
}

/// Whether the bytes stand somewhere in these, as they are or in hexadecimal.
fn holds(rest: &[u8], bytes: &[u8]) -> bool {
    let hexadecimal = hex::encode(bytes).into_bytes();
    let somewhere = |wanted: &[u8]| {
        let first = wanted.first().expect("something to look for");
        let starts = rest.iter().enumerate().filter(|(_, byte)| *byte == first);
        starts.into_iter().any(|(at, _)| rest[at..].starts_with(wanted))
    };
    somewhere(bytes) || somewhere(&hexadecimal)
}

/// Every sealed draft and envelope as it stands in the database.
fn sealed(house: &TestHouse) -> Vec<Vec<u8>> {
    let found = house.house.store.read(|tx| {
        let mut found = Vec::new();
        for invitation in tx.invitations(&wave())? {
            found.extend(tx.draft(&invitation.id)?);
        }
        tx.each_envelope(&wave(), |_, _, sealed| found.push(sealed.as_bytes().to_vec()))?;
        Ok::<_, soundings::storage::StorageError>(found)
    });
    found.expect("sealed answers")
}

/// Six leads answer in words, the seventh only saves, the eighth answers twice.
fn answered(house: &TestHouse) -> (Vec<String>, Vec<Vec<u8>>) {
    let invited = house.invite_some(8);
    let mut all = Vec::new();
    let answers = |number: usize| {
        let well = format!("Good things of lead number {number}");
        let pairs = [("ROLE", "2"), ("MS_INC", "3"), ("WELL", well.as_str())];
        pairs.map(|(item, value)| (item.to_owned(), value.to_owned())).into_iter().collect()
    };
    for (number, one) in invited.iter().enumerate() {
        let lead = house.respondent(&one.link);
        let answers: Answers = answers(number);
        lead.open().answers(&answers);
        // What was at rest in between must be gone too.
        all.extend(sealed(house));
        if number != 6 {
            lead.send();
        }
        if number == 7 {
            all.extend(sealed(house));
            lead.open().answers(&answers).send();
        }
    }
    all.extend(sealed(house));
    all.sort();
    all.dedup();
    (invited.into_iter().map(|one| one.link).collect(), all)
}

/// The columns of a table as the database itself describes it.
pub fn columns(rest: &[u8], table: &str) -> Vec<String> {
    let text = String::from_utf8_lossy(rest);
    let starts = [format!("CREATE TABLE {table} ("), format!("CREATE TABLE public.{table} (")];
    let start = starts.iter().find_map(|start| Some(text.find(start)? + start.len()));
    let body = &text[start.expect("the table's description")..];
    let body = &body[..body.find("\n)").expect("its end")];
    let lines = body.lines().filter(|line| !line.trim().starts_with("--"));
    let names = lines.filter_map(|line| line.split_whitespace().next());
    names.map(str::to_owned).collect()
}

/// How many bytes PostgreSQL keeps in the tables of what is deleted at closing.
/// A dump shows only rows that live; dead ones would still lie in these files.
fn bytes_kept(url: &str) -> u64 {
    let query = "SELECT sum(pg_relation_size(oid) \
            + coalesce(pg_relation_size(nullif(reltoastrelid, 0)), 0)) \
         FROM pg_class WHERE relname IN ('drafts', 'envelopes', 'deputies', 'outbox')";
    let output = Command::new("psql").args([url, "-Atc", query]).output().expect("psql starts");
    let text = String::from_utf8(output.stdout).expect("text");
    text.trim().parse().expect("a number")
}

/// The ids of a table's rows in the order in which PostgreSQL keeps them.
pub fn kept_order(url: &str, table: &str) -> Vec<String> {
    let query = format!("SELECT id FROM {table} ORDER BY ctid");
    let output = Command::new("psql").args([url, "-Atc", &query]).output().expect("psql starts");
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines().map(str::to_owned).collect()
}

/// Values that PostgreSQL's planner keeps of whose mail, draft or envelope there was.
fn sampled(url: &str) -> String {
    let query = "SELECT count(*) FROM pg_stats WHERE attname = 'invitation_id'";
    let args = [url, "-Atc", "ANALYZE", "-c", query];
    let output = Command::new("psql").args(args).output().expect("psql starts");
    String::from_utf8(output.stdout).expect("text").trim().to_owned()
}

on_both!(nothing_that_is_left_joins_a_person_and_an_answer, |house| {
    let (links, sealed_before) = answered(house);
    let before = house.at_rest();
    // 8 drafts and 8 envelopes, one of which replaced another.
    assert_eq!(sealed_before.len(), 16);
    let present = sealed_before.iter().filter(|bytes| holds(&before, &bytes[..32])).count();
    assert!(present >= 8, "looking for sealed bytes works while they are there");
    assert!(!holds(&before, b"Good things of lead"), "words are readable before closing");

    assert!(house.database_url().is_none_or(|url| bytes_kept(url) > 0));
    assert!(house.database_url().is_none_or(|url| sampled(url) == "ANALYZE\n0"));
    // Somebody elsewhere still sees the rows as they were: they go all the same.
    let mut onlooker = house.database_url().map(|url| {
        let look = "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM house;";
        let args = [url, "-c", look, "-c", "SELECT pg_sleep(600)"];
        let output = (std::process::Stdio::null(), std::process::Stdio::null());
        Command::new("psql").args(args).stdout(output.0).stderr(output.1).spawn().expect("psql")
    });
    if let Some(url) = house.database_url() {
        let query = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(600)%' \
             AND pid <> pg_backend_pid() AND backend_xmin IS NOT NULL";
        while Command::new("psql").args([url, "-Atc", query]).output().expect("psql").stdout
            != b"1\n"
        {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }

    house.close();
    assert_eq!(house.database_url().map_or(0, bytes_kept), 0);
    if let Some(onlooker) = &mut onlooker {
        onlooker.kill().expect("stopped");
        onlooker.wait().expect("ended");
    }
    let mut rest = house.at_rest();
    rest.extend(std::fs::read(house.place("soundings.db-shm")).unwrap_or_default());
    for bytes in &sealed_before {
        assert!(!holds(&rest, &bytes[..32]), "a sealed answer is left");
    }
    for link in &links {
        let secret = link.rsplit('/').next().expect("a secret");
        assert!(!holds(&rest, secret.as_bytes()), "a link is left");
        let raw = URL_SAFE_NO_PAD.decode(secret).expect("base64");
        assert!(!holds(&rest, &raw), "a link's bytes are left");
    }
    assert_eq!(columns(&rest, "ballots"), ["id", "wave_code", "unit_slug", "marks"]);
    assert_eq!(columns(&rest, "comments"), ["id", "wave_code", "item_code", "words", "quotable"]);
    for number in [0, 5, 7] {
        assert!(holds(&rest, format!("Good things of lead number {number}").as_bytes()));
    }
    assert!(!holds(&rest, b"Good things of lead number 6"), "what was only saved is not read");
    let left = house.house.store.read(|tx| {
        let standing = tx.standing_counts(&wave())?;
        let mails = tx.outbox_counts(&wave())?;
        Ok::<_, soundings::storage::StorageError>((standing, mails))
    });
    let (standing, mails) = left.expect("counts");
    assert!(standing.values().all(|unit| unit.answered == 0 && unit.declined == 0));
    assert_eq!((mails.waiting, mails.sent), (0, 0));
    // An update moves a row: the order kept must not tell who answered, or when.
    for table in ["invitations", "ballots", "comments"] {
        let kept = house.database_url().map_or_else(Vec::new, |url| kept_order(url, table));
        assert_eq!(kept.is_empty(), house.database_url().is_none());
        assert!(kept.is_sorted(), "{table} keeps an order of its own");
    }
    let keys = std::fs::read_dir(house.place("keys/house")).expect("the key folder");
    let keys: Vec<String> = keys
        .map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned())
        .collect();
    // What says that a key was destroyed stays; the keys do not.
    let left = keys.iter().filter(|name| !name.ends_with(".destroyed"));
    assert_eq!(left.count(), 0, "{keys:?}");
});

/// Asks a colleague in a lead's place, and takes it back if so wished.
fn ask_colleague(house: &TestHouse, link: &str, number: usize, take_back: bool) {
    let lead = house.respondent(link);
    lead.open();
    lead.browser.get("/answer/deputy");
    let address = format!("colleague{number}@hidden.example.org");
    let named = [("name", format!("Ms Hidden {number}")), ("email", address)];
    let named = named.map(|(name, value)| (name.to_owned(), value));
    assert_eq!(lead.browser.post("/answer/deputy/ask", &named).status, 303);
    if take_back {
        lead.browser.get("/answer/deputy");
        assert_eq!(lead.browser.post("/answer/deputy/take-back", &[]).status, 303);
    }
}

on_both!(nothing_that_is_left_says_who_answered_for_whom, |house| {
    let invited = house.invite_some(3);
    for (number, one) in invited.iter().enumerate() {
        ask_colleague(house, &one.link, number, number == 1);
    }
    let before = house.at_rest();
    for number in [0, 2] {
        assert!(holds(&before, format!("Ms Hidden {number}").as_bytes()), "they stand there now");
    }
    if let Some(url) = house.database_url() {
        let query = "SELECT count(*) FROM pg_stats WHERE tablename = 'deputies' \
             AND attname <> 'generation'";
        let args = [url, "-Atc", "ANALYZE", "-c", query];
        let output = Command::new("psql").args(args).output().expect("psql starts");
        assert_eq!(output.stdout, b"ANALYZE\n0\n", "the planner keeps samples of them");
    }
    house.close();
    assert_eq!(house.database_url().map_or(0, bytes_kept), 0);
    let mut rest = house.at_rest();
    rest.extend(std::fs::read(house.place("soundings.db-shm")).unwrap_or_default());
    for word in ["Ms Hidden", "colleague", "hidden.example.org"] {
        assert!(!holds(&rest, word.as_bytes()), "{word} is left");
    }
    let roster = house.house.store.read(|tx| tx.invitations(&wave())).expect("the roster");
    assert!(roster.iter().all(|one| one.deputy.is_none() && one.last_generation == 0));
    assert_eq!(columns(&rest, "spent_links"), ["token_hash", "wave_code"]);
});

on_both!(the_same_ballots_give_the_same_bytes, |house| {
    answered(house);
    house.close();
    let first = flow::build_release(&house.house, &wave()).expect("a release");
    let second = flow::build_release(&house.house, &wave()).expect("a release");
    assert_eq!(first.to_bytes(), second.to_bytes());
    house.release();
    let kept = flow::published_release(&house.house, &wave()).expect("the release");
    assert_eq!(kept.release.to_bytes(), first.to_bytes());
    // Published, it stands.
    assert!(flow::build_release(&house.house, &wave()).is_err());
});
