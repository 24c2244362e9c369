//! `soundings demo` without serving.

use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::place::{CREATE_W1, Place};

const DEMO: &str = "demo --no-serve --data there";

#[test]
fn a_demonstration_is_made_once_and_kept() {
    // Whatever is set for the service, a demonstration writes to nobody.
    let mut place = Place::new().set("SOUNDINGS_MAIL_URL", "smtp://127.0.0.1:1");
    let start = Instant::now();
    let first = place.done(DEMO);
    let making = start.elapsed();
    for part in ["All answers are made up", "/s/", "/sign-in/", "PCT norfolk", "survey office"] {
        assert!(first.contains(part), "{part} in {first}");
    }
    assert!(!place.path("data").exists(), "it keeps to its own folder");

    place.change("SOUNDINGS_DATA", "there");
    let state = place.json("wave status 2007-Q4");
    assert_eq!(state["state"], "open");
    assert_eq!(state["mails"]["waiting"], 0);
    assert_eq!(place.json("wave status 2007-Q2")["state"], "released");
    place.done("release export 2007-Q3 --out before");

    let start = Instant::now();
    let second = place.done(DEMO);
    assert!(start.elapsed() < making, "the second start makes nothing");
    assert_eq!(second.lines().count(), first.lines().count());
    assert_eq!(place.json("wave status 2007-Q4"), state);
    place.done("release export 2007-Q3 --out after");
    assert_eq!(place.read("before/release.json"), place.read("after/release.json"));

    // It lives in its own year: reminders are still in time.
    assert!(place.done("wave remind 2007-Q4").contains("reminders are queued"));
    // Somebody tries closing it: the demonstration still starts.
    place.done("wave close 2007-Q4 --early");
    assert!(place.done(DEMO).contains("nobody is asked at present"));
}

#[test]
fn a_demonstration_that_was_broken_off_is_made_anew() {
    let mut place = Place::new();
    let mut making = place
        .command(DEMO.split_whitespace())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    // No command looks before: it would make the database at the same time.
    let opening = || {
        let rings = std::fs::read_dir(place.path("there/keys")).into_iter().flatten().flatten();
        rings.into_iter().any(|ring| ring.path().join("2007-Q2.links.key").exists())
    };
    while !opening() {
        assert!(matches!(making.try_wait(), Ok(None)), "it is still being made");
        sleep(Duration::from_millis(20));
    }
    making.kill().expect("killed");
    making.wait().expect("ended");
    assert!(place.done(DEMO).contains("All answers are made up"));
    place.change("SOUNDINGS_DATA", "there");
    assert_eq!(place.json("wave status 2007-Q4")["state"], "open");
}

#[test]
fn a_folder_with_other_data_is_refused_and_left_alone() {
    let place = Place::new().set("SOUNDINGS_DATA", "there");
    place.done("register import register");
    assert!(place.refused(DEMO).contains("choose another folder with --data"));
    assert!(place.done("register import register").ends_with("Nothing changes.\n"));
    assert_eq!(place.done("user list"), "There are no accounts.\n");

    let place = Place::new().set("SOUNDINGS_DATA", "there");
    place.done(CREATE_W1);
    assert!(place.refused(DEMO).contains("choose another folder with --data"));
    assert_eq!(place.json("wave status W1")["state"], "draft");
}
