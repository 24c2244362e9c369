//! Settings, keys and databases that cannot be used.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::place::Place;

/// Stands for a password; it must never be seen again.
const PASSWORD: &str = "correct-horse";

#[test]
fn every_wrong_setting_is_told_at_once() {
    let place = Place::new()
        .set("SOUNDINGS_BIND", "here")
        .set("SOUNDINGS_BASE_URL", "survey.example.org/path")
        .set("SOUNDINGS_K", "2")
        .set("SOUNDINGS_MIN_GROUPS", "few")
        .set("SOUNDINGS_OFFICE_COLOUR", "red")
        .set("SOUNDINGS_REGION_CODE", "East of England")
        .set("SOUNDINGS_DATABSE_URL", format!("postgres://survey:{PASSWORD}@db.example.org/s"));
    let why = place.refused("serve");
    for part in
        ["BIND", "BASE_URL", "_K", "MIN_GROUPS", "OFFICE_COLOUR", "REGION_CODE", "DATABSE_URL"]
    {
        assert!(why.contains(&format!("SOUNDINGS_{}", part.trim_start_matches('_'))), "{why}");
    }
    assert!(!why.contains(PASSWORD), "{why}");
    assert!(!place.path("data").exists(), "nothing is made with wrong settings");
}

#[test]
fn a_fault_in_the_settings_file_is_told_with_its_name_and_line() {
    let place = Place::new();
    place.write("data/soundings.toml", "k = 5\nmail_ulr = \"folder:outbox\"\n");
    let why = place.refused("serve");
    assert!(why.contains("data/soundings.toml:2: "), "{why}");
    assert!(why.contains("mail_ulr") && why.contains("mail_url"), "{why}");
    place.write("data/soundings.toml", "k = 5\n");
    place.done("migrate");
}

#[test]
fn no_message_about_settings_repeats_a_password() {
    let database = format!("postgres://survey:{PASSWORD}@db.example.org/survey");
    for text in [
        format!("database_url = \"{database}\nk = 5\n"),
        format!("database_url = [\"{database}\"]\n"),
        format!("databse_url = \"{database}\"\n"),
    ] {
        let place = Place::new();
        place.write("data/soundings.toml", &text);
        let why = place.refused("migrate");
        assert!(why.contains("data/soundings.toml:1: "), "{why}");
        assert!(!why.contains(PASSWORD), "{why}");
    }
    for (name, value) in [
        ("SOUNDINGS_BASE_URL", format!("https://survey:{PASSWORD}@survey.example.org")),
        ("SOUNDINGS_DATABASE_URL", format!("survey:{PASSWORD}@db.example.org/survey")),
        ("SOUNDINGS_DATABASE_URL", format!("postgres://survey:{PASSWORD} x@127.0.0.1:1/s")),
        ("SOUNDINGS_DATABASE_URL", format!("postgres://survey:{PASSWORD}%zz@127.0.0.1:1/s")),
        ("SOUNDINGS_DATABASE_URL", format!("postgres://survey:{PASSWORD}@127.0.0.1:port/s")),
    ] {
        let why = Place::new().set(name, value).refused("migrate");
        assert!(!why.contains(PASSWORD), "{name}: {why}");
    }
}

#[test]
fn mail_settings_that_cannot_be_used_are_told_before_anything_is_served() {
    for (name, value, part) in [
        (
            "SOUNDINGS_MAIL_URL",
            format!("smpt://survey:{PASSWORD}@mail.example.org"),
            "smtp://host:port",
        ),
        (
            "SOUNDINGS_MAIL_URL",
            format!("smtps://survey:{PASSWORD}@mail.example.org:p"),
            "smtp://host:port",
        ),
        ("SOUNDINGS_MAIL_URL", "folder:".to_owned(), "folder:DIR"),
        ("SOUNDINGS_MAIL_FROM", "the office".to_owned(), "Name <address@example.org>"),
    ] {
        let place = Place::new().set("SOUNDINGS_BIND", "127.0.0.1:0").set(name, value);
        for command in ["serve", "worker"] {
            let why = place.refused(command);
            assert!(why.contains(name) && why.contains(part), "{command}: {why}");
            assert!(!why.contains(PASSWORD), "{command}: {why}");
        }
    }
}

#[test]
fn both_faults_of_mail_are_told_at_once() {
    let place = Place::new()
        .set("SOUNDINGS_MAIL_URL", "mailto:office@example.org")
        .set("SOUNDINGS_MAIL_FROM", "the office");
    let why = place.refused("serve");
    assert!(why.contains("SOUNDINGS_MAIL_URL") && why.contains("SOUNDINGS_MAIL_FROM"), "{why}");
}

#[test]
fn a_database_that_cannot_be_reached_is_told_without_its_password() {
    let place = Place::new()
        .set("SOUNDINGS_DATABASE_URL", format!("postgres://survey:{PASSWORD}@127.0.0.1:1/x"));
    for command in ["migrate", "serve", "worker", "wave status W1", "register import register"] {
        let why = place.refused(command);
        assert!(why.contains("the database cannot be used"), "{command}: {why}");
        assert!(why.contains("127.0.0.1"), "{command}: {why}");
        assert!(!why.contains(PASSWORD), "{command}: {why}");
    }
}

#[test]
fn an_address_that_names_no_database_is_answered_with_the_right_shape() {
    for url in [
        format!("postgers://survey:{PASSWORD}@db.example.org/survey"),
        format!("mysql://survey:{PASSWORD}@db.example.org/survey"),
        "sqlite:".to_owned(),
        "sqlite::memory:".to_owned(),
        "survey.db".to_owned(),
    ] {
        let place = Place::new().set("SOUNDINGS_DATABASE_URL", url.clone());
        let why = place.refused("migrate");
        assert!(why.contains("write sqlite:FILE or postgres://"), "{url}: {why}");
        assert!(!why.contains(PASSWORD), "{url}: {why}");
        assert!(!place.path("survey.db").exists(), "no database comes from a typing error");
    }
}

#[test]
fn a_data_folder_that_cannot_be_used_is_named() {
    let place = Place::new();
    place.write("data", "a file where the folder should be");
    let why = place.refused("wave status W1");
    assert!(why.contains("data"), "{why}");
    fs::remove_file(place.path("data")).expect("removed");
    place.done("migrate");

    let place = Place::new().set("SOUNDINGS_DATA", "/dev/null/data");
    let why = place.refused("migrate");
    assert!(why.contains("/dev/null/data"), "{why}");
}

#[test]
fn a_file_that_is_no_database_is_refused_and_stays_as_it_is() {
    let place = Place::new();
    let text = "minutes of the meeting of the PBC groups, not a database at all\n".repeat(20);
    place.write("data/soundings.db", &text);
    let why = place.refused("wave status W1");
    assert!(why.contains("data/soundings.db: file is not a database"), "{why}");
    assert_eq!(place.read("data/soundings.db"), text);
}

#[test]
fn a_master_key_that_others_may_read_is_refused_until_it_is_private() {
    let place = Place::with_open_wave();
    let key = place.path("data/keys/master.key");
    let mode = |mode| fs::set_permissions(&key, fs::Permissions::from_mode(mode)).expect("set");
    mode(0o644);
    let why = place.refused("wave links W1 --out links.txt");
    assert!(why.contains("data/keys/master.key") && why.contains("0600"), "{why}");
    mode(0o600);
    place.done("wave links W1 --out links.txt");
}

#[test]
fn a_damaged_or_foreign_master_key_opens_nothing_and_the_right_one_still_does() {
    let place = Place::with_open_wave();
    let right = place.read("data/keys/master.key");
    place.write("data/keys/master.key", "no key");
    let why = place.refused("wave links W1 --out links.txt");
    assert!(why.contains("master.key does not hold 64 hexadecimal digits"), "{why}");
    place.write("data/keys/master.key", &"ab".repeat(32));
    assert!(place.refused("wave links W1 --out links.txt").contains("master key"));
    assert!(!place.path("links.txt").exists());
    place.write("data/keys/master.key", &right);
    place.done("wave links W1 --out links.txt");
}
