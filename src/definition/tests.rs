mod conditions;
mod difference;
mod faults;

use super::*;

const EAST: &str = include_str!("../../survey_definitions/east-of-england/survey.toml");

const SOUND: &str = r#"format = 1
code = "small"
title = "A small survey"
version = "1"
[texts]
welcome = "Hello {group}"
[answers.DK]
value = 98
label = "Don't know"
counts = "dont-know"
[scales.GOOD]
options = [
  { value = 1, label = "Good", score = 100 },
  { value = 2, label = "Fair", score = 50 },
  { value = 3, label = "Poor", score = 0 },
]
[[sections]]
code = "A"
title = "First"
[[sections.questions]]
code = "Q1"
ask = "How is {pct}?"
kind = "rating"
scale = "GOOD"
also = ["DK"]
[[sections.questions]]
code = "G"
ask = "And these?"
kind = "grid"
scale = "GOOD"
rows = [
  { code = "G1", label = "This" },
  { code = "G2", label = "That" },
]
[[sections.questions]]
code = "C1"
ask = "Which?"
kind = "choice"
options = [
  { value = 1, label = "One" },
  { value = 2, label = "Two" },
]
[[sections.questions]]
code = "T1"
ask = "Anything else?"
kind = "text"
max_chars = 200
[[indexes]]
code = "IDX"
label = "All of it"
items = ["Q1", { item = "G1", weight = 2 }]
"#;

fn sound() -> Survey {
    parse("small.toml", SOUND).expect("the sound survey is sound")
}

fn east() -> Survey {
    parse("survey.toml", EAST).unwrap_or_else(|faults| panic!("{}", explain(EAST, &faults, false)))
}

#[test]
fn a_sound_file_becomes_what_it_says() {
    let survey = sound();
    assert_eq!(
        survey.summary(),
        format!("small 1: 1 section, 5 items, 1 index; fingerprint {}", survey.fingerprint.short())
    );
    let weights: Vec<u32> = survey.indexes[0].items.iter().map(|(_, weight)| *weight).collect();
    assert_eq!(weights, [1, 2]);
    let codes: Vec<_> = survey.items().map(|item| item.code.as_str().to_owned()).collect();
    assert_eq!(codes, ["Q1", "G1", "G2", "C1", "T1"]);
}

/// Labels of the favourable and of the unfavourable options of an item.
fn ends<'s>(survey: &'s Survey, code: &str) -> (Vec<&'s str>, Vec<&'s str>) {
    let item = survey.item(&code.parse().expect("a code")).expect("an item");
    let pick = |wanted: fn(Counts) -> bool| {
        let options = item.options().expect("options").iter();
        options.filter(|option| wanted(option.counts)).map(|option| option.label.as_str()).collect()
    };
    (
        pick(|counts| matches!(counts, Counts::Scored { favourable: true, .. })),
        pick(|counts| matches!(counts, Counts::Scored { unfavourable: true, .. })),
    )
}

#[test]
fn good_and_bad_answers_follow_from_scale_and_direction() {
    let east = east();
    assert_eq!(
        ends(&east, "INF_ACC"),
        (vec!["Very good", "Fairly good"], vec!["Fairly poor", "Very poor", "We receive none"])
    );
    assert_eq!(ends(&east, "ROL_DUP"), (vec!["Never", "Rarely"], vec!["Often", "Very often"]));
    let severe = vec!["A serious barrier", "A very serious barrier"];
    assert_eq!(ends(&east, "BAR_RISK"), (severe.clone(), severe));
    assert_eq!(
        ends(&east, "MS_PLN"),
        (
            vec!["Agreed, and working in practice", "Agreed, but not yet working in practice"],
            vec!["Being discussed, not yet agreed", "Not agreed, and not being discussed"],
        )
    );
    assert_eq!(ends(&sound(), "Q1"), (vec!["Good"], vec!["Poor"]));
}

#[test]
fn an_author_may_say_which_answers_are_good() {
    let source =
        SOUND.replacen("score = 50", "score = 50, favourable = true, unfavourable = true", 1);
    let survey = parse("small.toml", &source).expect("sound");
    assert_eq!(ends(&survey, "Q1"), (vec!["Good", "Fair"], vec!["Fair", "Poor"]));
}

#[test]
fn the_survey_of_the_region_is_sound_and_whole() {
    let survey = east();
    assert!(
        survey.summary().starts_with(
            "pbc-east-of-england draft-1: 13 sections, 71 items, 4 modules, 6 indexes;"
        ),
        "{}",
        survey.summary()
    );
    let sizes: Vec<(&str, usize)> =
        survey.indexes.iter().map(|index| (index.code.as_str(), index.items.len())).collect();
    assert_eq!(
        sizes,
        [
            ("IDX_MIL", 5),
            ("IDX_INF", 3),
            ("IDX_SUP", 3),
            ("IDX_DEC", 3),
            ("IDX_ROL", 5),
            ("IDX_PRG", 3)
        ]
    );
    for section in &survey.sections {
        for question in &section.questions {
            if let Kind::Grid(grid) = &question.kind {
                let shape = (question.code.as_str(), grid.rows.len(), grid.shuffled);
                assert!([("BAR", 12, true), ("LEAD", 6, false)].contains(&shape), "{shape:?}");
            }
        }
    }
    for item in survey.items().filter(|item| item.scale().is_some()) {
        let dont_know = |option: &&AnswerOption| option.counts == Counts::DontKnow;
        let options = item.options().unwrap_or_default();
        assert!(options.iter().any(|option| dont_know(&option)), "{} has no way out", item.code);
    }
}

#[test]
fn a_fingerprint_sees_meaning_and_not_layout() {
    let print = |source: &str| parse("x", source).expect("sound").fingerprint;
    let plain = print(SOUND);
    let airy = SOUND.replace(" = ", "   =  ").replace('\n', "  # a remark\n\n");
    assert_eq!(print(&airy), plain);
    assert_eq!(print(&EAST.replace('\n', "\r\n")), print(EAST));
    for (from, to) in [
        ("How is", "How was"),
        ("score = 50", "score = 51"),
        ("weight = 2", "weight = 3"),
        ("max_chars = 200", "max_chars = 201"),
        ("also = [\"DK\"]", "also = []"),
        ("version = \"1\"", "version = \"2\""),
        ("Hello", "Welcome"),
        ("title = \"First\"", "title = \"First\"\nintro = \"Words\""),
        ("kind = \"grid\"", "kind = \"grid\"\nshuffle = true"),
    ] {
        assert_ne!(print(&SOUND.replacen(from, to, 1)), plain, "{from} -> {to}");
    }
}

#[test]
fn an_items_fingerprint_changes_with_that_item_alone() {
    let of = |source: &str, code: &str| {
        let survey = parse("x", source).expect("sound");
        let item = survey.item(&code.parse().expect("a code")).expect("an item");
        Fingerprint::of_item(&item, survey.mode)
    };
    let reworded = SOUND.replacen("How is", "How was", 1);
    assert_ne!(of(SOUND, "Q1"), of(&reworded, "Q1"));
    assert_eq!(of(SOUND, "G1"), of(&reworded, "G1"));
    let regraded = SOUND.replacen("score = 50", "score = 40", 1);
    assert_ne!(of(SOUND, "G1"), of(&regraded, "G1"));
    assert_eq!(of(SOUND, "C1"), of(&regraded, "C1"));
    let restemmed = SOUND.replacen("And these?", "And those?", 1);
    assert_ne!(of(SOUND, "G1"), of(&restemmed, "G1"));
    assert_ne!(of(SOUND, "G1"), of(SOUND, "G2"));
}
