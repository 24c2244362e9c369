//! Wrong moves of a wave: refused with the reason, and the wave stays as it was.

use crate::place::{CREATE_W1, Place};

#[test]
fn a_wave_that_is_not_there_is_named_by_every_command() {
    let place = Place::new();
    for command in [
        "wave open W9",
        "wave remind W9",
        "wave close W9",
        "wave close W9 --early",
        "wave status W9",
        "wave links W9 --out links.txt",
        "release build W9",
        "release publish W9",
        "release export W9 --out results",
    ] {
        let why = place.refused(command);
        assert!(why.contains("W9"), "{command}: {why}");
    }
    assert!(!place.path("links.txt").exists() && !place.path("results").exists());
}

#[test]
fn times_out_of_order_make_no_wave() {
    let place = Place::with_register();
    for times in [
        "--opens 2007-12-14T17:00 --closes 2007-11-19T09:00",
        "--opens 2007-11-19T09:00 --closes 2007-11-19T09:00",
        "--opens 2007-11-19T09:00 --closes 2007-12-14T17:00 --publishes 2007-12-01",
    ] {
        let why = place.refused(&format!("wave create --survey survey.toml --code W1 {times}"));
        assert!(why.contains("opens before it closes"), "{why}");
    }
    place.done(CREATE_W1);
}

#[test]
fn a_code_is_taken_once() {
    let place = Place::with_register();
    place.done(CREATE_W1);
    assert_eq!(place.refused(CREATE_W1), "soundings: there is a wave W1 already\n");
    place.done(&CREATE_W1.replace("W1", "W2"));
}

#[test]
fn a_draft_allows_nothing_but_opening() {
    let place = Place::with_register();
    place.done(CREATE_W1);
    let before = place.done("wave status W1");
    for command in [
        "wave close W1",
        "wave close W1 --early",
        "wave remind W1",
        "wave links W1 --out links.txt",
        "release build W1",
        "release publish W1",
        "release export W1 --out results",
    ] {
        let why = place.refused(command);
        assert!(why.contains("a draft") || why.contains("build it first"), "{command}: {why}");
    }
    assert_eq!(place.done("wave status W1"), before);
    assert!(!place.path("results").exists());
    place.done("wave open W1");
}

#[test]
fn an_empty_register_opens_no_wave_and_a_full_one_does() {
    let place = Place::new();
    place.done(CREATE_W1);
    assert!(place.refused("wave open W1").contains("soundings register import DIR"));
    place.done("register import register");
    place.done("wave open W1");
}

#[test]
fn a_wave_whose_time_has_passed_is_not_opened() {
    let place = Place::with_register();
    place.done("wave create --survey survey.toml --code OLD --opens 2007-11-19T09:00 --closes 2007-12-14T17:00");
    assert!(
        place.refused("wave open OLD").contains("5pm on Friday 14 December 2007; that has passed")
    );
    assert_eq!(place.json("wave status OLD")["state"], "draft");
}

#[test]
fn an_open_wave_is_not_opened_again_and_closes_before_its_time_only_on_purpose() {
    let place = Place::with_open_wave();
    let before = place.done("wave status W1");
    assert!(place.refused("wave open W1").contains("only a draft can be opened"));
    assert!(place.refused("wave close W1").contains("--early"));
    assert!(place.refused("release build W1").contains("only after it has closed"));
    assert!(place.refused("release publish W1").contains("soundings: wave W1"));
    assert!(place.refused("wave remind W1").contains("162 mails of this wave have not gone yet"));
    assert_eq!(place.done("wave status W1"), before);
    place.done("wave close W1 --early");
}

#[test]
fn a_closed_wave_takes_nothing_more_and_goes_on_only_to_its_release() {
    let place = Place::with_open_wave();
    place.done("wave close W1 --early");
    for command in ["wave close W1", "wave close W1 --early", "wave open W1", "wave remind W1"] {
        assert!(place.refused(command).contains("wave W1 is closed"), "{command}");
    }
    assert!(place.refused("wave links W1 --out links.txt").contains("only while it is open"));
    for command in ["release publish W1", "release export W1 --out results"] {
        assert!(place.refused(command).contains("soundings release build W1"), "{command}");
    }
    place.done("release build W1");
    assert_eq!(place.done("release build W1"), place.done("release build W1"));
    place.done("release publish W1");
    for command in ["release publish W1", "release build W1", "wave close W1", "wave open W1"] {
        assert!(place.refused(command).contains("wave W1 is published"), "{command}");
    }
}

#[test]
fn links_of_a_real_wave_are_never_written_out() {
    let place = Place::with_register();
    place.done(&CREATE_W1.replace(" --test", ""));
    place.done("wave open W1");
    assert!(place.refused("wave links W1 --out links.txt").contains("only for test waves"));
    assert!(!place.path("links.txt").exists());
}

#[test]
fn links_that_cannot_be_written_are_written_elsewhere_and_for_one_reader_only() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::with_open_wave();
    assert!(place.refused("wave links W1 --out nowhere/links.txt").contains("nowhere/links.txt"));
    assert_eq!(place.done("wave links W1 --out links.txt"), "162 links are in links.txt.\n");
    let file = std::fs::metadata(place.path("links.txt")).expect("a file");
    assert_eq!(file.permissions().mode() & 0o777, 0o600);
    assert_eq!(place.read("links.txt").lines().filter(|line| line.contains("/s/")).count(), 162);
}

#[test]
fn an_outcome_that_cannot_be_printed_is_a_failure_but_a_reader_who_left_is_not() {
    let place = Place::with_open_wave();
    let full = std::fs::File::create("/dev/full").expect("a full disk");
    let output = place.command(["wave", "status", "W1"]).stdout(full).output().expect("starts");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("could not be printed"));

    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let output = place.command(["wave", "status", "W1"]).stdout(writer).output().expect("starts");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
