//! Three ways to keep the key that opens a wave's answers: on the server, in a
//! file, in shares. Each opens what was sealed; nothing else does; and nothing
//! is lost or half-made when something fails between.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use soundings::account::Role;
use soundings::custody::{Custody, HeldKey, HeldKeyFault, Passphrase, Share, Split};
use soundings::flow::{self, FlowError, KeyPlan, Resumed};
use soundings::keyring::{KeyError, Secret};
use soundings::storage::StorageError;
use soundings::wave::{ClosingStep, State};
use tempfile::TempDir;

use crate::support::house::{TestHouse, code};
use crate::support::on_both;
use crate::support::respondent::Answers;

const PASSPHRASE: &str = "otter violin harbour nine";
const HOLDERS: [&str; 3] = ["Chair of the LMC", "Clerk", "Auditor of the trust"];
const REPLIES: usize = 3;

fn file_plan(folder: &Path, wave: &str) -> KeyPlan {
    let passphrase = Passphrase::chosen(PASSPHRASE).expect("a good one");
    KeyPlan::File { path: folder.join(format!("{wave}.age")), passphrase }
}

fn split() -> Split {
    Split::kept(2, &HOLDERS.map(str::to_owned)).expect("a split")
}

fn shares_plan(folder: &Path) -> KeyPlan {
    KeyPlan::Shares { split: split(), folder: folder.to_owned() }
}

fn key_file(folder: &Path, wave: &str, passphrase: &str) -> HeldKey {
    let text = std::fs::read_to_string(folder.join(format!("{wave}.age"))).expect("the key file");
    HeldKey::File { text, passphrase: Passphrase::given(passphrase) }
}

fn share_file(folder: &Path, wave: &str, number: usize) -> PathBuf {
    folder.join(format!("{wave}-share-{number}-of-3.txt"))
}

fn shares(folder: &Path, of: &[(&str, usize)]) -> HeldKey {
    let read = |(wave, number): &(&str, usize)| {
        let page = std::fs::read_to_string(share_file(folder, wave, *number)).expect("a share");
        Share::read(&page).expect("as it was printed")
    };
    HeldKey::Shares(of.iter().map(read).collect())
}

fn answer(house: &TestHouse, links: &[String]) {
    for link in links.iter().take(REPLIES) {
        let pairs = [("ROLE", "2"), ("MS_INC", "3"), ("OPEN", "A word to the office")];
        let answers: Answers =
            pairs.map(|(item, value)| (item.to_owned(), value.to_owned())).into_iter().collect();
        house.respondent(link).open().answers(&answers).send();
    }
}

/// The wave's state, its ballots and its envelopes.
fn found(house: &TestHouse, wave: &str) -> (State, usize, usize) {
    let found = house.house.store.read(|tx| {
        let state = tx.wave(&code(wave))?.expect("the wave");
        let survey = house.house.survey(tx, &state)?;
        let ballots = tx.ballots(&code(wave), &survey)?.len();
        Ok::<_, StorageError>((state.state, ballots))
    });
    let (state, ballots) = found.expect("the wave's facts");
    (state, ballots, house.envelopes(&code(wave)))
}

fn close(house: &TestHouse, wave: &str, held: &HeldKey) -> Result<(), HeldKeyFault> {
    match flow::close_wave(&house.house, &code(wave), true, held, |_| {}) {
        Ok(_) => Ok(()),
        Err(FlowError::HeldKey(fault)) => Err(fault),
        Err(other) => panic!("{other}"),
    }
}

fn has_box_key(house: &TestHouse, wave: &str) -> bool {
    !matches!(house.house.keyring.get(&code(wave), Secret::BallotBox), Err(KeyError::Missing(..)))
}

on_both!(each_way_of_keeping_the_key_opens_what_was_sealed_and_nothing_else_does, |house| {
    house.import_region();
    let stick = TempDir::new().expect("a folder");
    let stick = stick.path();
    for (wave, plan) in [
        ("W1", KeyPlan::Server),
        ("W2", file_plan(stick, "W2")),
        ("W3", shares_plan(stick)),
        ("W4", shares_plan(stick)),
        ("W5", file_plan(stick, "W5")),
    ] {
        let links = house.open_rehearsal_keeping(wave, &plan);
        assert_eq!(has_box_key(house, wave), wave == "W1", "{wave}: a key on the server");
        answer(house, &links);
    }
    let refused = |wave: &str, held: &HeldKey| {
        let fault = close(house, wave, held).expect_err("it closes without its key");
        assert_eq!(found(house, wave), (State::Open, 0, REPLIES), "{wave}: {fault}");
        fault
    };
    let elsewhere = refused("W2", &HeldKey::OnServer);
    assert!(matches!(elsewhere, HeldKeyFault::Waits { custody: Custody::File { .. }, .. }));
    let waits = refused("W3", &HeldKey::OnServer).to_string();
    for part in ["W3", "any 2", "Clerk", "--share FILE --share FILE"] {
        assert!(waits.contains(part), "{waits}");
    }
    let wrong = key_file(stick, "W2", "otter violin harbour six");
    assert_eq!(refused("W2", &wrong), HeldKeyFault::WrongPassphrase);
    let other = key_file(stick, "W5", PASSPHRASE);
    assert_eq!(refused("W2", &other), HeldKeyFault::FileOfOtherWave);
    let one = shares(stick, &[("W3", 2)]);
    assert_eq!(refused("W3", &one), HeldKeyFault::TooFewShares { needed: 2, given: 1 });
    let mixed = shares(stick, &[("W3", 1), ("W4", 2)]);
    assert_eq!(refused("W3", &mixed), HeldKeyFault::ShareOfOtherWave(2));
    let twice = shares(stick, &[("W3", 3), ("W3", 3)]);
    assert_eq!(refused("W3", &twice), HeldKeyFault::ShareTwice(3));
    assert!(matches!(refused("W3", &other), HeldKeyFault::Waits { .. }));
    assert_eq!(refused("W1", &other), HeldKeyFault::OnServer(code("W1")));

    assert_eq!(close(house, "W1", &HeldKey::OnServer), Ok(()));
    assert_eq!(close(house, "W2", &key_file(stick, "W2", PASSPHRASE)), Ok(()));
    assert_eq!(close(house, "W3", &shares(stick, &[("W3", 3), ("W3", 1)])), Ok(()));
    assert_eq!(close(house, "W4", &shares(stick, &[("W4", 1), ("W4", 2), ("W4", 3)])), Ok(()));
    for wave in ["W1", "W2", "W3", "W4"] {
        assert_eq!(found(house, wave), (State::Closed, REPLIES, 0), "{wave}");
        let links = house.house.keyring.get(&code(wave), Secret::Links);
        assert!(links.is_err() && !has_box_key(house, wave), "{wave}: keys are left");
    }
    let status = flow::key_status(&house.house, &code("W3")).expect("it").expect("a key");
    assert_eq!(status.custody.holders()[0], "share 1 of 3: Chair of the LMC");
});

/// Whether a worker that starts now says this in its log.
fn says(house: &TestHouse, words: &str) -> bool {
    let path = house.place("worker.log");
    let log = std::fs::File::create(&path).expect("a log");
    let mut worker = house.program(&["worker"]);
    let mut worker = worker.stdout(Stdio::null()).stderr(log).spawn().expect("it starts");
    let found = || std::fs::read_to_string(&path).expect("the log").contains(words);
    let begun = Instant::now();
    while !found() && begun.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(50));
    }
    worker.kill().expect("killed");
    worker.wait().expect("gone");
    found()
}

on_both!(a_closing_that_was_killed_goes_on_with_the_key_and_after_the_count_without_it, |house| {
    house.import_region();
    let stick = TempDir::new().expect("a folder");
    let stick = stick.path();
    let plans = [("W1", file_plan(stick, "W1")), ("W2", shares_plan(stick))];
    for (wave, plan) in &plans {
        answer(house, &house.open_rehearsal_keeping(wave, plan));
    }
    let key = |wave: &str| match wave {
        "W1" => key_file(stick, "W1", PASSPHRASE),
        _ => shares(stick, &[("W2", 1), ("W2", 3)]),
    };
    let killed_after = |wave: &str, steps: usize| {
        let mut told = 0;
        // The panic stands for the end of the process: nothing after it runs.
        let killed = catch_unwind(AssertUnwindSafe(|| {
            flow::close_wave(&house.house, &code(wave), true, &key(wave), |_| {
                told += 1;
                assert!(told < steps, "killed");
            })
        }));
        assert!(killed.is_err());
    };
    // Stopped, then listed, and not counted yet.
    for (steps, step) in [(1, ClosingStep::Stopped), (2, ClosingStep::Listed)] {
        for (wave, _) in &plans {
            killed_after(wave, steps);
            assert_eq!(found(house, wave), (State::Closing(step), 0, REPLIES));
        }
        let resumed = flow::resume_closings(&house.house).expect("resumed");
        let waits = |wave| Resumed::WaitsForKey(code(wave));
        assert_eq!(resumed, [waits("W2"), waits("W1")], "nothing is done without the keys");
    }
    assert!(says(house, "waits for the key"), "the worker says nothing");
    let said = house.command(&["wave", "status", "W2"]);
    assert!(said.contains("waits for the key") && said.contains("Clerk"), "{said}");
    let office = house.sign_in(Role::Office);
    let page = office.get("/office/waves/W2").text;
    assert!(page.contains("waits for the key") && page.contains("share 2 of 3: Clerk"), "{page}");
    assert!(matches!(close(house, "W1", &HeldKey::OnServer), Err(HeldKeyFault::Waits { .. })));
    // Counted: from here on the key is needed no more.
    for (wave, _) in &plans {
        // Listing is not told again.
        killed_after(wave, 2);
        let counted = State::Closing(ClosingStep::Counted);
        assert_eq!(found(house, wave), (counted, REPLIES, 0), "each reply is counted once");
    }
    assert_eq!(close(house, "W1", &HeldKey::OnServer), Ok(()));
    let resumed = flow::resume_closings(&house.house).expect("resumed");
    assert_eq!(resumed, [Resumed::Done(code("W2"))]);
    for (wave, _) in &plans {
        assert_eq!(found(house, wave), (State::Closed, REPLIES, 0));
    }
    let record = flow::closing_record(&house.house, &code("W2")).expect("a record").record;
    let end = record.keys.iter().find(|end| !end.destroyed).expect("a key that was not here");
    assert_eq!(end.holders, Custody::Shares(split()).holders());
    let page = office.get("/office/waves/W2/record").text;
    assert!(page.contains("share 2 of 3: Clerk"), "{page}");
    let begun = record.key.chars().take(32).collect::<String>();
    let promise = house.visitor().get("/promise").text.replace(' ', "");
    assert!(promise.contains(&begun), "{promise}");
});

/// The files in a folder; none if it is not there.
fn files(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        entry.expect("an entry").file_name().to_string_lossy().into_owned()
    };
    let mut names: Vec<String> = entries.map(name).collect();
    names.sort();
    names
}

on_both!(an_opening_that_fails_leaves_nothing_behind, |house| {
    house.import_region();
    house.draft_wave("W1");
    let stick = TempDir::new().expect("a folder");
    let out = stick.path().join("out");
    let is_draft = |why: &str| {
        let wave = house.house.store.read(|tx| {
            assert_eq!(tx.invitations(&code("W1"))?.len(), 0, "{why}");
            assert_eq!(tx.outbox_counts(&code("W1"))?.waiting, 0, "{why}");
            tx.wave(&code("W1"))
        });
        assert_eq!(wave.expect("read").expect("the wave").state, State::Draft, "{why}");
    };
    let refused = |plan: &KeyPlan| {
        let error = flow::open_wave(&house.house, &code("W1"), plan).expect_err("it opens");
        is_draft(&error.to_string());
        error
    };
    // The last share's file is there already: those before it go again.
    std::fs::create_dir(&out).expect("a folder");
    let taken = share_file(&out, "W1", 3);
    std::fs::write(&taken, "of another wave").expect("a file");
    let error = refused(&shares_plan(&out));
    assert!(matches!(error, FlowError::Key(KeyError::Taken(_))), "{error}");
    assert_eq!(files(&out), ["W1-share-3-of-3.txt"]);
    assert_eq!(std::fs::read_to_string(&taken).expect("read"), "of another wave");
    std::fs::remove_file(&taken).expect("removed");

    let inside = file_plan(&house.data().join("keys"), "W1");
    assert!(matches!(refused(&inside), FlowError::Key(KeyError::InData(_))));

    // The key ring fails in the midst of the transaction, after the key was handed out.
    let keys = house.data().join("keys/house");
    let aside = house.data().join("keys/aside");
    std::fs::rename(&keys, &aside).expect("moved");
    for plan in [shares_plan(&out), file_plan(&out, "W1"), KeyPlan::Server] {
        assert!(matches!(refused(&plan), FlowError::Key(KeyError::File { .. })));
        assert_eq!(files(&out), Vec::<String>::new(), "a key of no use is left");
    }
    std::fs::rename(&aside, &keys).expect("back");

    let opened = flow::open_wave(&house.house, &code("W1"), &shares_plan(&out)).expect("it opens");
    assert_eq!((opened.files.len(), files(&out).len()), (3, 3));
    // A second opening makes nothing.
    let again = flow::open_wave(&house.house, &code("W1"), &file_plan(&out, "W1"));
    assert!(matches!(again, Err(FlowError::Wave(_))));
    assert_eq!(files(&out).len(), 3);
});

fn refusal(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

on_both!(a_key_is_rehearsed_on_demand_and_its_fingerprint_is_the_same_everywhere, |house| {
    house.import_region();
    let stick = TempDir::new().expect("a folder");
    let links = house.open_rehearsal_keeping("W1", &shares_plan(stick.path()));
    answer(house, &links);
    let before = found(house, "W1");
    let pages = [1, 3].map(|number| share_file(stick.path(), "W1", number).display().to_string());
    let [first, third] = &pages;
    let rehearse = ["wave", "rehearse", "W1", "--share", first, "--share"];
    let alone = house.program(&rehearse[..5]).output().expect("it starts");
    assert!(refusal(&alone).contains("1 of the 2 shares"), "{}", refusal(&alone));
    let all: Vec<&str> = rehearse.into_iter().chain([third.as_str()]).collect();
    let said = house.command(&all);
    assert!(said.contains("No answer was touched"), "{said}");
    assert_eq!(found(house, "W1"), before);

    let status = flow::key_status(&house.house, &code("W1")).expect("it").expect("a key");
    // The program's clock is today's, that of this house stands in 2007.
    let day = status.rehearsed_on.expect("a day");
    assert!(day.to_string().as_str() > "2026", "{day}");
    let print = status.fingerprint.to_string();
    let page = std::fs::read_to_string(first).expect("a share");
    let behind_the_link = house.visitor().get(&links[5]).text;
    let office = house.sign_in(Role::Office).get("/office/waves/W1").text;
    let status = house.command(&["wave", "status", "W1"]);
    for (place, text) in [
        ("the share", &page),
        ("the command", &said),
        ("the status", &status),
        ("the page behind the link", &behind_the_link),
        ("the office's page", &office),
    ] {
        assert!(text.contains(&print), "{place}: {text}");
    }
    assert!(office.contains(&day.format("%-d %B %Y").to_string()), "{office}");
    // Neither a word of a share nor the key is in what the service keeps.
    let words = page.lines().filter_map(|line| line.split_once(": "));
    let words: Vec<&str> = words.filter(|(n, _)| n.trim().len() == 1).map(|(_, w)| w).collect();
    assert_eq!(words.len(), 6, "{page}");
    let rest = String::from_utf8_lossy(&house.at_rest()).into_owned();
    for line in &words {
        assert!(!rest.contains(line) && !office.contains(line) && !said.contains(line));
    }
    assert_eq!(close(house, "W1", &shares(stick.path(), &[("W1", 2), ("W1", 3)])), Ok(()));
    let closed = house.program(&all).output().expect("it starts");
    assert!(refusal(&closed).contains("only while answers are sealed"), "{}", refusal(&closed));
});
