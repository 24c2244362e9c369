//! What is wrong with a file is found, at its place, with a hint.

use proptest::prelude::*;

use super::{EAST, SOUND};
use crate::definition::{explain, parse};
use crate::fault::Faults;

/// The faults of the sound survey after one replacement, which must apply.
fn broken(from: &str, to: &str) -> (String, Faults) {
    assert!(SOUND.contains(from), "nothing to replace: {from}");
    let source = SOUND.replacen(from, to, 1);
    let faults = parse("small.toml", &source).expect_err("the fault is found");
    (source, faults)
}

fn in_short(faults: &Faults) -> Vec<String> {
    faults.iter().map(|f| format!("{}:{} {}", f.line, f.column, f.what)).collect()
}

/// What is replaced, by what, and the one fault that must come of it.
const BROKEN: &[(&str, &str, &str)] = &[
    ("title = \"A small", "titel = \"A small", "3:1 the file has no key `titel`"),
    ("title = \"A small survey\"", "title = 5", "3:9 `title` must be a text, not a whole number"),
    ("title = \"A small survey\"", "title = \"  \"", "3:9 `title` is empty"),
    ("format = 1\n", "", "1:1 the file has no `format`"),
    ("format = 1\n", "format = 2\n", "1:10 format 2 cannot be read"),
    (
        "\"small\"",
        "\"sm all\"",
        "2:8 the code \"sm all\" contains ' '; letters, digits, '-', '_' and '.' are allowed, a letter or digit first",
    ),
    ("welcome = \"Hello {group}\"", "welcome = \"Hello {grop}\"", "6:18 {grop} is no token"),
    ("How is {pct}?", "How is {pct?", "22:15 { is no token"),
    ("welcome = \"Hello {group}\"\n", "", "5:1 `texts` has no `welcome`"),
    ("counts = \"dont-know\"", "counts = \"dontknow\"", "10:10 `counts` cannot be \"dontknow\""),
    (
        "counts = \"dont-know\"",
        "score = 0\ncounts = \"dont-know\"",
        "11:1 an option has both `score` and `counts`",
    ),
    ("counts = \"dont-know\"\n", "", "7:1 \"Don't know\" neither scores nor is a way out"),
    ("score = 100", "score = 101", "13:40 `score` is 101, outside 0 to 100"),
    ("score = 100", "score = -1", "13:40 `score` is -1, outside 0 to 100"),
    ("score = 100", "score = \"100\"", "13:40 `score` must be a whole number, not a text"),
    ("label = \"Fair\", score = 50", "label = \"Fair\"", "14:3 \"Fair\" has no score"),
    ("score = 50", "score = 100", "14:3 the score 100 of \"Fair\" is out of order"),
    (
        "value = 2, label = \"Fair\"",
        "value = 1, label = \"Fair\"",
        "14:3 the value 1 is used twice; first at line 13, column 3",
    ),
    ("label = \"Fair\"", "label = \"Good\"", "14:3 the label \"Good\" is used twice"),
    ("value = 98", "value = 1", "7:1 the value 1 is used twice; first at line 13, column 3"),
    ("value = 98", "value = 70000", "8:9 `value` is 70000, outside 0 to 65535"),
    ("value = 98\n", "", "7:1 an option has no `value`"),
    (
        "counts = \"dont-know\"",
        "counts = \"dont-know\"\nfavourable = true",
        "11:1 an option has `favourable` but no `score`",
    ),
    (
        "[scales.GOOD]\n",
        "[scales.GOOD]\ndirection = \"barier\"\n",
        "12:13 `direction` cannot be \"barier\"",
    ),
    ("scale = \"GOOD\"\nalso", "scale = \"GOD\"\nalso", "24:9 there is no scale \"GOD\""),
    ("scale = \"GOOD\"\nalso", "also", "20:1 the question Q1 of kind \"rating\" has no `scale`"),
    ("also = [\"DK\"]", "also = [\"NA\"]", "25:9 there is no answer \"NA\""),
    ("also = [\"DK\"]", "also = \"DK\"", "25:8 `also` must be a list, not a text"),
    ("also = [\"DK\"]", "also = [7]", "25:9 an option must be a table, not a whole number"),
    ("kind = \"rating\"", "kind = \"ratings\"", "23:8 `kind` cannot be \"ratings\""),
    ("kind = \"rating\"\n", "", "20:1 the question Q1 has no `kind`"),
    ("kind = \"rating\"", "kind = \"rating\"\nshow_if = \"C1 = 1\"", "24:12 C1 comes later"),
    (
        "kind = \"text\"",
        "kind = \"number\"",
        "47:1 `max_chars` does not belong to a question of kind \"number\"",
    ),
    (
        "kind = \"text\"",
        "kind = \"choices\"",
        "43:1 the question T1 of kind \"choices\" has neither `options` nor `options_from`|47:1 `max_chars` does not belong to a question of kind \"choices\"",
    ),
    ("max_chars = 200", "max_chars = 0", "47:13 `max_chars` is 0, outside 1 to 3000"),
    ("max_chars = 200\n", "", "43:1 the question T1 of kind \"text\" has no `max_chars`"),
    (
        "max_chars = 200",
        "max_chars = 200\nshuffle = true",
        "48:1 `shuffle` does not belong to a question of kind \"text\"",
    ),
    (
        "kind = \"grid\"",
        "kind = \"grid\"\nshuffle = \"yes\"",
        "30:11 `shuffle` must be true or false, not a text",
    ),
    (
        "code = \"G2\"",
        "code = \"Q1\"",
        "33:12 the code \"Q1\" is used twice; first at line 21, column 8",
    ),
    (
        "code = \"IDX\"",
        "code = \"Q1\"",
        "49:8 the code \"Q1\" is used twice; first at line 21, column 8",
    ),
    ("code = \"A\"", "code = \"check\"", "18:8 the section code \"check\" is the name of a page"),
    (
        "{ value = 1, label = \"One\" }",
        "{ value = 1, label = \"One\", score = 3 }",
        "40:3 \"One\" has a score, but a choice has no order",
    ),
    ("  { value = 2, label = \"Two\" },\n", "", "40:3 a choice needs two options at least"),
    ("items = [\"Q1\"", "items = [\"Q7\"", "51:10 there is no item \"Q7\""),
    ("items = [\"Q1\"", "items = [\"C1\"", "51:10 \"C1\" has no score"),
    ("items = [\"Q1\"", "items = [\"G\"", "51:10 \"G\" has no score"),
    (
        "items = [\"Q1\"",
        "items = [\"Q1\", \"Q1\"",
        "51:16 the item \"Q1\" is used twice; first at line 51, column 10",
    ),
    ("weight = 2", "weight = 0", "51:40 `weight` is 0, outside 1 to 1000"),
    ("items = [\"Q1\", { item = \"G1\", weight = 2 }]", "items = []", "51:9 `items` is empty"),
    ("label = \"This\"", "label = \"\"", "32:26 `label` is empty"),
    (
        "label = \"Poor\", score = 0 }",
        "label = \"Poor\", score = 0, exclusive = true }",
        "15:3 \"Poor\" has `exclusive`, which has no meaning for a scale",
    ),
    ("version = \"1\"", "version = 1", "4:11 `version` must be a text, not a whole number"),
    ("title = \"First\"", "title = \"First", "19:15 this text has no end on its line"),
    (
        "version = \"1\"",
        "version = \"1\"\nversion = \"2\"",
        "5:1 `version` stands twice in its table",
    ),
];

#[test]
fn every_kind_of_fault_is_found_at_its_place() {
    for (from, to, expected) in BROKEN {
        let (source, faults) = broken(from, to);
        let explained = explain(&source, &faults, false);
        let mut expected: Vec<&str> = expected.split('|').collect();
        expected.sort_unstable();
        let mut found = in_short(&faults);
        found.sort_unstable();
        assert_eq!(found, expected, "replacing {from:?} by {to:?}");
        assert!(faults.iter().all(|fault| fault.hint.is_some()), "no hint for {to:?}");
        for fault in faults.iter() {
            let place = format!("small.toml:{}:{}", fault.line, fault.column);
            assert!(explained.contains(&place), "{place} is not in:\n{explained}");
        }
    }
}

#[test]
fn all_the_faults_of_a_file_come_at_once() {
    let source = SOUND
        .replacen("welcome = \"Hello", "wellcome = \"Hello", 1)
        .replacen("score = 50", "score = 500", 1)
        .replacen("kind = \"text\"", "kind = \"txt\"", 1)
        .replacen("{pct}", "{pcts}", 1);
    let faults = parse("small.toml", &source).expect_err("four slips");
    assert_eq!(
        in_short(&faults),
        [
            "6:1 `texts` has no key `wellcome`",
            "14:40 `score` is 500, outside 0 to 100",
            "22:15 {pcts} is no token",
            "46:8 `kind` cannot be \"txt\"",
        ]
    );
}

#[test]
fn a_near_miss_is_met_with_a_suggestion() {
    for (from, to, hint) in [
        ("scale = \"GOOD\"\nalso", "scale = \"GOD\"\nalso", "did you mean \"GOOD\"?"),
        ("help", "hlep", "did you mean `help`?"),
        ("{group}", "{grp}", "did you mean {group}?"),
        ("items = [\"Q1\"", "items = [\"Q_1\"", "did you mean \"Q1\"?"),
        ("max_chars", "maxchars", "did you mean `max_chars`?"),
    ] {
        let source = SOUND.replacen("ask = \"Which?\"", "ask = \"Which?\"\nhelp = \"One\"", 1);
        let source = source.replacen(from, to, 1);
        let faults = parse("small.toml", &source).expect_err("a slip");
        let hints: Vec<_> = faults.iter().filter_map(|fault| fault.hint.as_deref()).collect();
        assert!(hints.contains(&hint), "{hints:?}");
    }
}

#[test]
fn an_explained_fault_underlines_its_place() {
    let (source, faults) = broken("scale = \"GOOD\"\nalso", "scale = \"GOD\"\nalso");
    let text = explain(&source, &faults, false);
    for part in [
        "small.toml:24:9",
        "24 | scale = \"GOD\"",
        "^^^^^",
        "there is no scale",
        "did you mean",
        "1 fault",
    ] {
        assert!(text.contains(part), "no {part:?} in:\n{text}");
    }
    assert!(!text.contains('\u{1b}'));
    assert!(explain(&source, &faults, true).contains('\u{1b}'));
}

#[test]
fn a_column_counts_characters_not_bytes() {
    let (_, faults) = broken("Hello {group}", "Grüße für {grop}");
    assert_eq!(in_short(&faults), ["6:22 {grop} is no token"]);
}

#[test]
fn a_reply_that_would_need_a_bigger_envelope_is_refused() {
    let more = "[[sections.questions]]\ncode = \"T2\"\nask = \"More?\"\nkind = \"text\"\nmax_chars = 3000\n";
    let more = format!("{more}{}[[indexes]]", more.replace("T2", "T3"));
    let (_, faults) = broken("[[indexes]]", &more);
    assert!(in_short(&faults)[0].contains("the longest possible reply takes"), "{faults}");
}

/// Reads and explains; the property is that neither panics and that every fault has a place.
fn read(source: &str) {
    if let Err(faults) = parse("any.toml", source) {
        assert!(!faults.is_empty());
        let lines = source.matches('\n').count() + 1;
        assert!(faults.iter().all(|f| (1..=lines).contains(&f.line) && f.column > 0));
        assert!(!explain(source, &faults, false).is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn no_text_at_all_makes_reading_panic(source in "\\PC*|(?s).{0,200}") {
        read(&source);
    }

    #[test]
    fn no_slip_in_a_sound_file_makes_reading_panic(
        at in 0..SOUND.len(), cut in 0_usize..40, put in "[\\[\\]{}\"'=\n\r\t a-c0-9é#.,]{0,6}",
    ) {
        let start = SOUND.floor_char_boundary(at);
        let end = SOUND.floor_char_boundary((at + cut).min(SOUND.len()));
        read(&format!("{}{put}{}", &SOUND[..start], &SOUND[end..]));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn no_lost_or_doubled_line_of_the_regions_survey_makes_reading_panic(
        at in 0_usize..400, lost in 0_usize..4, doubled: bool,
    ) {
        let mut lines: Vec<&str> = EAST.lines().collect();
        let at = at.min(lines.len());
        let end = (at + lost).min(lines.len());
        let taken: Vec<&str> = lines.drain(at..end).collect();
        if doubled {
            lines.splice(at..at, taken.iter().chain(&taken).copied());
        }
        read(&lines.join("\n"));
    }
}

#[test]
fn consent_must_name_a_choice_and_one_of_its_options() {
    let consent = |item: &str, value: u16| {
        let table = format!("\n[consent]\nitem = \"{item}\"\nvalue = {value}\n");
        parse("small.toml", &EAST.replacen("\n[consent]\nitem = \"QUOTE\"\nvalue = 1\n", &table, 1))
    };
    assert!(consent("QUOTE", 1).is_ok_and(|survey| survey.consent.is_some()));
    for (item, value, what) in [
        ("QUOTES", 1, "\"QUOTES\" is no question to consent with"),
        ("MS_INC", 1, "\"MS_INC\" is no question to consent with"),
        ("QUOTE", 7, "QUOTE has no option 7"),
    ] {
        let faults = consent(item, value).expect_err("the fault is found");
        assert!(in_short(&faults).iter().any(|fault| fault.contains(what)), "{faults}");
    }
}
