//! Conditions: one form for one meaning, and impossible ones are found exactly.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use proptest::prelude::*;

use crate::answer::{Reply, Route};
use crate::definition::catalogue::{Asker, Catalogue};
use crate::definition::possible::{is_certain, is_possible};
use crate::definition::{Condition, Kind, Question, Survey, expression, parse};
use crate::id::ItemCode;

/// Codes that could be mistaken for words of the form, were it careless.
fn code() -> impl Strategy<Value = ItemCode> {
    prop::sample::select(vec!["A", "and", "not", "in", "or", "empty", "from", "1"])
        .prop_map(|code| code.parse().expect("a code"))
}

fn condition() -> impl Strategy<Value = Condition> {
    let items = || prop::collection::vec(code(), 1..3);
    let leaf = prop_oneof![
        (items(), prop::collection::btree_set(0_u16..3, 0..3))
            .prop_map(|(items, values)| Condition::Chosen { items, values }),
        (code(), prop::option::of(-1_i64..2), prop::option::of(-1_i64..2))
            .prop_map(|(item, from, to)| Condition::Within { item, from, to }),
        items().prop_map(|items| Condition::Answered { items }),
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        // A list of one means what it holds, and has its form in brackets.
        let list = || prop::collection::vec(inner.clone(), 2..=2);
        prop_oneof![
            inner.clone().prop_map(|inner| Condition::Not(Box::new(inner))),
            list().prop_map(Condition::All),
            list().prop_map(Condition::Any),
        ]
    })
}

/// One part of a condition replaced: what a careless form would not show.
fn near(condition: &Condition, by: &Condition, at: usize) -> Condition {
    match condition {
        Condition::Not(inner) if !at.is_multiple_of(3) => {
            Condition::Not(Box::new(near(inner, by, at / 3)))
        }
        Condition::All(parts) | Condition::Any(parts) if !at.is_multiple_of(5) => {
            let mut parts = parts.clone();
            if let Some(part) = parts.get_mut(at % 2) {
                *part = near(part, by, at / 5);
            }
            if at % 5 == 1 { Condition::Any(parts) } else { Condition::All(parts) }
        }
        _ => by.clone(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn two_conditions_have_one_form_only_if_they_are_one(
        one in condition(), other in condition(), at in 0_usize..100,
    ) {
        prop_assert_eq!(one == other, one.to_string() == other.to_string());
        let near = near(&one, &other, at);
        prop_assert_eq!(one == near, one.to_string() == near.to_string(), "{} | {}", one, near);
    }
}

/// Takes one decision after another from bytes.
struct Dice<'d>(std::slice::Iter<'d, u8>);

impl Dice<'_> {
    fn below(&mut self, bound: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or_default()) % bound
    }

    fn of<'t>(&mut self, words: &[&'t str]) -> &'t str {
        words[self.below(words.len())]
    }
}

/// A question of the small surveys: its code, the keys after `ask`, its items
/// with every answer that there is (as JSON), and how a condition may ask.
struct Sample {
    code: &'static str,
    keys: &'static str,
    answers: &'static [(&'static str, &'static [&'static str])],
    tests: &'static [&'static str],
}

const SAMPLES: [Sample; 6] = [
    Sample {
        code: "R",
        keys: "kind = \"rating\"\nscale = \"S\"\nalso = [\"DK\"]",
        answers: &[("R", &["1", "2", "3", "98"])],
        tests: &["R < 3", "R >= 2", "R != 98", "R in (1, 98)", "R not in (2, 3)", "R empty"],
    },
    Sample {
        code: "C",
        keys: "kind = \"choice\"\noptions = [{ value = 1, label = \"a\" }, { value = 2, label = \"b\" }]",
        answers: &[("C", &["1", "2"])],
        tests: &["C = 1", "C != 1", "C in (1, 2)", "C not empty"],
    },
    Sample {
        code: "M",
        keys: "kind = \"choices\"\nmost = 2\nalso = [\"DK\"]\noptions = [{ value = 1, label = \"a\" }, { value = 2, label = \"b\" }, { value = 3, label = \"c\" }, { value = 4, label = \"none\", exclusive = true }]",
        answers: &[("M", &["[1]", "[2]", "[3]", "[1,2]", "[1,3]", "[2,3]", "[4]", "[98]"])],
        tests: &[
            "M = 1",
            "M = 2",
            "M = 3",
            "M = 4",
            "M != 2",
            "M in (1, 4)",
            "M not in (1, 2, 3)",
            "M empty",
        ],
    },
    Sample {
        code: "N",
        keys: "kind = \"number\"\nmin = 0\nmax = 3",
        answers: &[(
            "N",
            &["{\"amount\":0}", "{\"amount\":1}", "{\"amount\":2}", "{\"amount\":3}"],
        )],
        tests: &[
            "N = 0",
            "N > 1",
            "N < 2",
            "N >= 3",
            "N != 2",
            "N in (0, 7)",
            "N not empty",
            "N > 3",
        ],
    },
    Sample {
        code: "T",
        keys: "kind = \"text\"\nmax_chars = 5",
        answers: &[("T", &["\"x\""])],
        tests: &["T empty", "T not empty"],
    },
    Sample {
        code: "G",
        keys: "kind = \"grid\"\nscale = \"S\"\nrows = [{ code = \"G1\", label = \"a\" }, { code = \"G2\", label = \"b\" }]",
        answers: &[("G1", &["1", "2", "3"]), ("G2", &["1", "2", "3"])],
        tests: &[
            "any G row >= 2",
            "any G row = 1",
            "any G row != 3",
            "any G row empty",
            "G1 = 2",
            "G2 != 1",
        ],
    },
];
/// Stands after a grid: its options are the rows with certain answers.
const DERIVED: Sample = Sample {
    code: "D",
    keys: "kind = \"choice\"\noptions_from = { question = \"G\", answers = [2, 3] }\noptions = [{ value = 9, label = \"else\" }]",
    answers: &[("D", &["1", "2", "9"])],
    tests: &["D = 1", "D = 2", "D != 9", "D in (1, 2)", "D not empty"],
};
const START: &str = "format = 1\ncode = \"s\"\ntitle = \"s\"\nversion = \"1\"\n[texts]\nwelcome = \"s\"\n[answers.DK]\nvalue = 98\nlabel = \"?\"\ncounts = \"dont-know\"\n[scales.S]\noptions = [{ value = 1, label = \"x\", score = 0 }, { value = 2, label = \"y\", score = 50 }, { value = 3, label = \"z\", score = 100 }]\n[[sections]]\ncode = \"A\"\ntitle = \"s\"\n";

/// A condition over some questions, in the words of a survey file.
fn text(dice: &mut Dice<'_>, of: &[&Sample], depth: usize) -> String {
    match dice.below(if depth == 0 { 1 } else { 5 }) {
        1 => format!("not ({})", text(dice, of, depth - 1)),
        2 => format!("({}) or {}", text(dice, of, depth - 1), text(dice, of, depth - 1)),
        3 | 4 => format!("({}) and ({})", text(dice, of, depth - 1), text(dice, of, depth - 1)),
        _ => {
            let sample = of[dice.below(of.len())];
            dice.of(sample.tests).to_owned()
        }
    }
}

/// A small survey in which some questions hang on others; conditions that the
/// parser refuses are left out.
fn small_survey(dice: &mut Dice<'_>) -> (Survey, Vec<&'static Sample>) {
    static SAMPLE: [Sample; 6] = SAMPLES;
    static LAST: Sample = DERIVED;
    let mut samples: Vec<&'static Sample> = Vec::new();
    for _ in 0..3 {
        let sample = &SAMPLE[dice.below(SAMPLE.len())];
        let with = |code: &str| samples.iter().any(|sample| sample.code == code);
        match (with(sample.code), with("G") && !with("D")) {
            (false, _) => samples.push(sample),
            (true, true) => samples.push(&LAST),
            (true, false) => {}
        }
    }
    let mut source = START.to_owned();
    let mut survey = None;
    for (place, sample) in samples.iter().enumerate() {
        let mut question =
            format!("[[sections.questions]]\ncode = \"{0}\"\nask = \"{0}\"\n", sample.code);
        writeln!(question, "{}", sample.keys).expect("written");
        let plain = format!("{source}{question}");
        if place > 0 && dice.below(2) == 0 {
            let condition = text(dice, &samples[..place], 1);
            writeln!(question, "show_if = \"{condition}\"").expect("written");
        }
        let whole = format!("{source}{question}");
        (survey, source) = match parse("small.toml", &whole) {
            Ok(read) => (Some(read), whole),
            Err(_) => (Some(parse("small.toml", &plain).expect("sound")), plain),
        };
    }
    (survey.expect("a question"), samples)
}

/// Every reply that there is to a small survey.
fn replies(samples: &[&Sample]) -> Vec<Reply> {
    let mut all = vec![String::new()];
    for (item, answers) in samples.iter().flat_map(|sample| sample.answers) {
        let blank = all.clone();
        for answer in *answers {
            all.extend(blank.iter().map(|rest| format!("{rest},\"{item}\":{answer}")));
        }
    }
    let reply = |answers: String| {
        let answers = answers.trim_start_matches(',');
        let bytes = format!("{{\"version\":2,\"answers\":{{{answers}}},\"others\":{{}}}}");
        Reply::from_bytes(bytes.as_bytes()).expect("a reply")
    };
    all.into_iter().map(reply).collect()
}

/// Whether a condition, put on a question at the end, holds for each reply.
fn tried(survey: &Survey, condition: &Condition, replies: &[Reply]) -> BTreeSet<bool> {
    let mut survey = survey.clone();
    let code: ItemCode = "LAST".parse().expect("a code");
    let last = Question {
        code: code.clone(),
        wording: "?".to_owned(),
        help: String::new(),
        show_if: Some(condition.clone()),
        kind: Kind::Text { max_chars: 1 },
    };
    survey.sections[0].questions.push(last);
    replies.iter().map(|reply| Route::of(&survey, reply).asks(&code)).collect()
}

/// The catalogue that reading a survey makes.
fn catalogue(survey: &Survey) -> Catalogue {
    let mut catalogue = Catalogue::default();
    for section in &survey.sections {
        for question in &section.questions {
            catalogue.add(&question.code, &question.items(section), 3);
        }
    }
    catalogue
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn a_condition_is_called_impossible_or_certain_exactly_if_all_answers_say_so(
        bytes in prop::collection::vec(any::<u8>(), 60),
    ) {
        let mut dice = Dice(bytes.iter());
        let (survey, samples) = small_survey(&mut dice);
        let (catalogue, replies) = (catalogue(&survey), replies(&samples));
        let asker = Asker { code: "LAST", module: None };
        for _ in 0..6 {
            let text = text(&mut dice, &samples, 2);
            let read = expression::read(&text).expect("an expression");
            let Ok(condition) = catalogue.resolve(&read, &asker) else { continue };
            let found = tried(&survey, &condition, &replies);
            prop_assert_eq!(is_possible(&[&condition], &catalogue), found.contains(&true), "{}", text);
            prop_assert_eq!(is_certain(&condition, &catalogue), !found.contains(&false), "{}", text);
        }
    }
}

#[test]
fn what_hangs_on_what_is_seen_through() {
    let survey = |first: &str, last: &str| {
        let question = |sample: &Sample, show_if: &str| {
            let show_if = if show_if.is_empty() {
                String::new()
            } else {
                format!("show_if = \"{show_if}\"\n")
            };
            format!(
                "[[sections.questions]]\ncode = \"{0}\"\nask = \"{0}\"\n{1}\n{show_if}",
                sample.code, sample.keys
            )
        };
        let [rating, choice, several, number, text, grid] = &SAMPLES;
        let all = [
            question(rating, ""),
            question(choice, "R = 1"),
            question(several, ""),
            question(number, ""),
            question(grid, ""),
            question(&DERIVED, first),
            question(text, last),
        ];
        parse("small.toml", &format!("{START}{}", all.concat()))
    };
    for (first, last, is_sound) in [
        ("", "C = 1 and R != 2", true),
        ("", "C = 1 and R = 2", false),
        ("", "C not empty and not R = 1", false),
        ("", "M = 1 and M = 2", true),
        ("", "M = 1 and M = 2 and M = 3", false),
        ("", "M = 4 and M = 1", false),
        ("", "M = 4 and M not in (1, 2, 3)", true),
        ("", "N > 2 and N < 3", false),
        ("", "N not empty and N not in (0, 1, 2, 3)", false),
        ("", "D = 1 and G1 = 1", false),
        ("", "D = 1 and G1 = 3", true),
        ("C = 2", "D = 9 and R in (2, 3)", false),
        ("", "R = 1 or R != 1", false),
    ] {
        assert_eq!(survey(first, last).is_ok(), is_sound, "{first:?} {last:?}");
    }
}
