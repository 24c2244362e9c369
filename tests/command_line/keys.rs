//! Where a wave's key is, by commands: files, shares and words that are typed.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::place::{CREATE_W1, Place, Ran};

const PASSPHRASE: &str = "otter violin harbour nine\n";

fn prepared() -> Place {
    let place = Place::with_register();
    place.done(CREATE_W1);
    place.write("phrase.txt", PASSPHRASE);
    place
}

/// Runs the program with words of which some have blanks, and with this typed.
fn typed(place: &Place, words: &[&str], typed: &str) -> Ran {
    let mut command = place.command(words);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let mut input = child.stdin.take().expect("an input");
    // It may have refused before it read anything.
    drop(input.write_all(typed.as_bytes()));
    drop(input);
    Ran::of(&words.join(" "), child.wait_with_output().expect("it ends"))
}

fn open_in_shares(place: &Place) {
    let words = [
        "wave",
        "open",
        "W1",
        "--key",
        "shares",
        "--shares",
        "2of3",
        "--holders",
        "Chair of the LMC, Clerk,Trust",
        "--out",
        "stick",
    ];
    let ran = typed(place, &words, "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    for part in [
        "any 2 together open the box; held by: Chair of the LMC; Clerk; Trust",
        "stick/W1-share-2-of-3.txt",
        "Hand each to its holder on paper or on a stick",
        "nobody can ever count this wave",
        "soundings wave rehearse W1 --share FILE --share FILE",
    ] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
}

/// The six lines of words on a share's page.
fn words(page: &str) -> Vec<String> {
    let line = |number: usize| {
        let start = format!("  {number}: ");
        let line = page.lines().find_map(|line| line.strip_prefix(&start));
        line.expect("a line of words").to_owned()
    };
    (1..=6).map(line).collect()
}

#[test]
fn a_key_file_leaves_the_server_and_comes_back_to_close() {
    let place = prepared();
    let open = "wave open W1 --key file --key-file stick/w1.age --passphrase-file phrase.txt";
    let opened = place.json(open);
    assert_eq!(
        (&opened["key"]["kept"], &opened["files"][0]),
        (&"file".into(), &"stick/w1.age".into())
    );
    assert!(place.read("stick/w1.age").starts_with("-----BEGIN AGE ENCRYPTED FILE-----"));
    assert!(place.refused("wave close W1").contains("--early"), "nobody is asked in vain");
    let why = place.refused("wave close W1 --early");
    assert!(why.contains("in the file w1.age, which a passphrase opens"), "{why}");
    assert!(why.contains("--key-file FILE"), "{why}");
    let why = place.refused("wave rehearse W1 --key-file stick/w1.age");
    assert!(why.contains("--passphrase-file"), "without a terminal: {why}");
    place.write("wrong.txt", "otter violin harbour six\n");
    let with = |command: &str, phrase: &str| {
        format!("{command} --key-file stick/w1.age --passphrase-file {phrase}")
    };
    let why = place.refused(&with("wave close W1 --early", "wrong.txt"));
    assert!(why.contains("the passphrase does not open this key file"), "{why}");
    assert!(
        place
            .refused("wave close W1 --early --key-file none.age --passphrase-file phrase.txt")
            .contains("none.age")
    );
    let why =
        place.refused("wave close W1 --early --key-file survey.toml --passphrase-file phrase.txt");
    assert!(why.contains("not a key file"), "{why}");
    assert_eq!(place.json("wave status W1")["state"], "open");

    let rehearsed = place.json(&with("wave rehearse W1", "phrase.txt"));
    assert_eq!(rehearsed["key"]["fingerprint"], opened["key"]["fingerprint"]);
    let piped = ["wave", "rehearse", "W1", "--key-file", "stick/w1.age", "--passphrase-file", "-"];
    assert_eq!(typed(&place, &piped, PASSPHRASE).code, 0);
    let said = place.done(&with("wave close W1 --early", "phrase.txt"));
    assert!(said.contains("The keys are destroyed"), "{said}");
    assert!(said.contains("To be destroyed now by those who hold it, every copy:\n  the key file w1.age and its passphrase\n"), "{said}");
    assert!(place.done("wave status W1").contains("Its key was in the file w1.age"));
}

#[test]
fn a_key_that_cannot_be_kept_so_opens_no_wave() {
    let place = prepared();
    place.write("weak.txt", "too short\n");
    place.write("taken.age", "of another wave");
    let file = "wave open W1 --key file --passphrase-file phrase.txt --key-file";
    for (line, part) in [
        (
            "wave open W1 --key file --key-file w1.age --passphrase-file weak.txt",
            "at least 15 characters, 8 of them different",
        ),
        ("wave open W1 --key file --key-file w1.age", "--passphrase-file"),
        (&format!("{file} data/w1.age"), "in the data folder"),
        (&format!("{file} data/deeper/w1.age"), "in the data folder"),
        (&format!("{file} taken.age"), "not written over"),
        ("wave open W1 --key-file w1.age --passphrase-file phrase.txt", "--key file"),
        ("wave open W1 --shares 2of3 --holders a,b,c --out stick", "--key shares"),
        (
            "wave open W1 --key shares --shares 2of3 --holders a,b --out stick",
            "3 holders; 2 are named",
        ),
        ("wave open W1 --key shares --shares 2of2 --holders a,a --out stick", "label of their own"),
        (
            "wave open W1 --key shares --shares 2of2 --holders a,b --out data/keys",
            "in the data folder",
        ),
    ] {
        let why = place.refused(line);
        assert!(why.contains(part), "{line}: {why}");
    }
    assert_eq!(place.json("wave status W1")["state"], "draft");
    assert_eq!(place.read("taken.age"), "of another wave");
    assert!(!place.path("w1.age").exists() && !place.path("stick").exists());
    assert!(!place.path("data/deeper").exists());
}

#[test]
fn shares_open_together_and_a_mistyped_word_is_named_and_typed_again() {
    let place = prepared();
    open_in_shares(&place);
    let (first, third) = ("stick/W1-share-1-of-3.txt", "stick/W1-share-3-of-3.txt");
    let page = place.read(third);
    assert!(page.contains("Holder       Trust") && page.contains("Share        3 of 3"), "{page}");

    let one = place.refused(&format!("wave close W1 --early --share {first}"));
    assert!(one.contains("1 of the 2 shares that are needed were given"), "{one}");
    let none = place.refused("wave close W1 --early");
    assert!(none.contains("held by: Chair of the LMC; Clerk; Trust"), "{none}");
    let good = words(&page);
    let mut lines: Vec<&str> = good[1].split(' ').collect();
    lines[2] = "soundings";
    place.write("slip.txt", &page.replace(&good[1], &lines.join(" ")));
    let why = place.refused(&format!("wave close W1 --early --share {first} --share slip.txt"));
    assert!(why.contains("slip.txt") && why.contains("line 2, word 3"), "{why}");
    let swapped = if lines[0] == "zoo" { "zone" } else { "zoo" };
    let mut other: Vec<&str> = good[4].split(' ').collect();
    other[1] = swapped;
    place.write("slip.txt", &page.replace(&good[4], &other.join(" ")));
    let why = place.refused(&format!("wave rehearse W1 --share {first} --share slip.txt"));
    assert!(why.contains("line 5: one of its words is not the one that was printed"), "{why}");
    for line in &good {
        assert!(!why.contains(line.as_str()), "an error tells no words");
    }

    // Typed: in capitals, by four letters, with a slip in the second line.
    let short = |line: &String| {
        let words = line.split(' ').map(|word| word.chars().take(4).collect::<String>());
        words.collect::<Vec<_>>().join("  ").to_uppercase()
    };
    let mut keys: Vec<String> = good.iter().map(short).collect();
    keys.insert(1, lines.join(" "));
    let close = ["wave", "close", "W1", "--early", "--share", first, "--share", "-"];
    let all_but_one = typed(&place, &close, &keys[..6].join("\n"));
    assert_eq!(all_but_one.code, 1);
    assert!(all_but_one.err.contains("ended before the share was complete"), "{}", all_but_one.err);
    assert_eq!(place.json("wave status W1")["state"], "open");
    let ran = typed(&place, &close, &keys.join("\n"));
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("line 2, word 3"), "{}", ran.err);
    assert!(ran.err.contains("Type line 2 again"), "{}", ran.err);
    for part in ["share 1 of 3: Chair of the LMC", "share 2 of 3: Clerk", "share 3 of 3: Trust"] {
        assert!(ran.out.contains(part), "{}", ran.out);
    }
    assert_eq!(place.json("wave status W1")["state"], "closed");
}

/// Runs a command at a terminal of its own, with this typed; whether it was done,
/// and what it showed.
fn at_a_terminal(place: &Place, line: &str, typed: &str) -> (bool, String) {
    let mut command = Command::new("script");
    command.args(["-qec", line, "/dev/null"]).current_dir(place.path("."));
    command.env("SOUNDINGS_DATA", "data").env("SHELL", "/bin/sh");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("script starts");
    let mut input = child.stdin.take().expect("an input");
    input.write_all(typed.as_bytes()).expect("typed");
    let output = child.wait_with_output().expect("it ends");
    drop(input);
    (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn the_public_tool_opens_a_key_file_without_us() {
    let place = prepared();
    let open = "wave open W1 --key file --key-file w1.age --passphrase-file phrase.txt";
    let print = place.json(open)["key"]["fingerprint"].clone();
    let (done, said) = at_a_terminal(&place, "age -d w1.age", PASSPHRASE);
    assert!(done, "{said}");
    assert!(said.contains("wave W1"), "{said}");
    assert!(said.contains(&format!("fingerprint {}", print.as_str().expect("text"))), "{said}");
    let key = said.lines().find_map(|line| line.trim().strip_prefix("key "));
    assert_eq!(key.map(str::len), Some(64), "{said}");
}

#[test]
fn a_passphrase_is_asked_for_twice_at_a_terminal() {
    let place = prepared();
    let program = env!("CARGO_BIN_EXE_soundings");
    let line = format!("{program} wave open W1 --key file --key-file w1.age");
    let terminal = |typed: &str| at_a_terminal(&place, &line, typed);
    let (done, said) = terminal("otter violin harbour nine\notter violin harbour six\n");
    assert!(!done && said.contains("the two passphrases differ"), "{said}");
    assert!(!place.path("w1.age").exists());
    let (done, said) = terminal("otter violin harbour nine\notter violin harbour nine\n");
    assert!(done, "{said}");
    assert!(said.contains("at least 15 characters") && said.contains("The same again"), "{said}");
    place.done("wave rehearse W1 --key-file w1.age --passphrase-file phrase.txt");
}

#[test]
fn words_are_asked_for_where_somebody_sits_at_a_terminal() {
    let place = prepared();
    open_in_shares(&place);
    let shares =
        [2, 1].map(|number| words(&place.read(&format!("stick/W1-share-{number}-of-3.txt"))));
    let program = env!("CARGO_BIN_EXE_soundings");
    let typed = format!("{}\n", shares.concat().join("\n"));
    let (done, said) = at_a_terminal(&place, &format!("{program} wave rehearse W1"), &typed);
    assert!(done && said.contains("2 shares are needed"), "{said}");
    assert!(said.contains("A dummy envelope of wave W1 opens"), "{said}");
}
