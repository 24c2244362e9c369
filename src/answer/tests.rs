use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::definition::{Section, Survey, parse};
use crate::id::ItemCode;
use crate::padding::pad;

mod numbers;
mod routing;

const EAST: &str = include_str!("../../survey_definitions/east-of-england/survey.toml");

fn survey() -> Survey {
    parse("survey.toml", EAST).expect("the survey is sound")
}

fn section<'s>(survey: &'s Survey, code: &str) -> &'s Section {
    survey.section(code).expect("a section").1
}

fn code(text: &str) -> ItemCode {
    text.parse().expect("a code")
}

fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

const SEED: [u8; 32] = [7; 32];

fn take(
    reply: &mut Reply,
    survey: &Survey,
    from: &str,
    pairs: &[(&str, &str)],
) -> Result<(), Vec<AnswerFault>> {
    Form::new(&fields(pairs), &SEED).take(reply, survey, section(survey, from))
}

fn taken(survey: &Survey, from: &str, pairs: &[(&str, &str)]) -> Reply {
    let mut reply = Reply::default();
    take(&mut reply, survey, from, pairs).expect("good fields");
    reply
}

fn one(reply: &Reply, item: &str) -> Option<u16> {
    match reply.answer(&code(item)) {
        Some(Answer::One(value)) => Some(*value),
        _ => None,
    }
}

fn words<'r>(reply: &'r Reply, item: &str) -> Option<&'r str> {
    match reply.answer(&code(item)) {
        Some(Answer::Words(words)) => Some(words),
        _ => None,
    }
}

fn fault(item: &str, what: Wrong) -> AnswerFault {
    AnswerFault { item: code(item), what }
}

#[test]
fn a_section_is_taken_and_taking_it_again_replaces_it() {
    let survey = survey();
    let mut reply = taken(&survey, "B", &[("MS_INC", "2"), ("MS_INF", " 98 "), ("MS_GOV", "")]);
    assert_eq!(one(&reply, "MS_INC"), Some(2));
    assert_eq!(one(&reply, "MS_INF"), Some(98));
    assert_eq!(
        reply.blanks(&survey, section(&survey, "B")),
        [code("MS_GOV"), code("MS_BUD"), code("MS_PLN")]
    );
    take(&mut reply, &survey, "B", &[("MS_INC", ""), ("MS_BUD", "1")]).expect("good fields");
    assert_eq!(one(&reply, "MS_INC"), None);
    assert_eq!(one(&reply, "MS_INF"), None);
    assert_eq!(one(&reply, "MS_BUD"), Some(1));
}

#[test]
fn one_section_never_touches_another() {
    let survey = survey();
    let mut reply = taken(&survey, "B", &[("MS_INC", "2")]);
    let other = [("INF_ACC", "97"), ("MS_INC", "4"), ("nonsense", "1")];
    take(&mut reply, &survey, "C", &other).expect("good fields");
    assert_eq!(one(&reply, "MS_INC"), Some(2));
    assert_eq!(one(&reply, "INF_ACC"), Some(97));
    assert_eq!(one(&reply, "nonsense"), None);
}

#[test]
fn good_answers_are_kept_beside_bad_ones_and_nothing_is_lost() {
    let survey = survey();
    let mut reply = taken(&survey, "I", &[("WELL", "before"), ("QUOTE", "1")]);
    let long = "x".repeat(601);
    let sent = [("WELL", long.as_str()), ("OPEN", "kept"), ("QUOTE", "9")];
    let faults = take(&mut reply, &survey, "I", &sent).expect_err("two bad answers");
    assert_eq!(
        faults,
        [
            fault("WELL", Wrong::TooLong { max: 600, got: 601 }),
            fault("QUOTE", Wrong::UnknownOption),
        ]
    );
    assert_eq!(words(&reply, "OPEN"), Some("kept"));
    assert_eq!(words(&reply, "WELL"), Some("before"));
    assert_eq!(one(&reply, "QUOTE"), Some(1));
}

#[test]
fn words_are_made_plain_before_they_are_counted() {
    let survey = survey();
    let exactly = "é\r\n".repeat(300);
    let reply = taken(&survey, "I", &[("WELL", &exactly)]);
    assert_eq!(words(&reply, "WELL").map(|words| words.chars().count()), Some(599));
    assert!(taken(&survey, "I", &[("WELL", " \r\n\u{0} ")]).is_empty());
}

#[test]
fn a_reply_survives_its_bytes_and_has_one_form() {
    let survey = survey();
    let mut reply = taken(&survey, "I", &[("WELL", "a \"quote\"\nand é"), ("QUOTE", "2")]);
    take(&mut reply, &survey, "D", &[("BC_SUB", "3"), ("-out-BC_WAIT", "98")]).expect("good");
    let needs = [("NEED", "12"), ("NEED", "2"), ("-other-NEED", "Estates")];
    take(&mut reply, &survey, "H", &needs).expect("good");
    let bytes = reply.to_bytes();
    assert_eq!(
        String::from_utf8_lossy(&bytes),
        concat!(
            r#"{"version":2,"answers":{"BC_SUB":{"amount":3},"BC_WAIT":98,"NEED":[2,12],"#,
            r#""QUOTE":2,"WELL":"a \"quote\"\nand é"},"others":{"NEED":"Estates"}}"#
        )
    );
    assert_eq!(Reply::from_bytes(&bytes), Ok(reply));
    assert_eq!(Reply::from_bytes(b"{\"version\":3,\"new\":[]}"), Err(ReplyError::Version(3)));
    let first = br#"{"version":1,"choices":{"QUOTE":2},"texts":{"WELL":"so"}}"#;
    let old = Reply::from_bytes(first).expect("a reply of the first version");
    assert_eq!(old, taken(&survey, "I", &[("WELL", "so"), ("QUOTE", "2")]));
    for wrong in [
        &b""[..],
        b"[]",
        b"{\"version\":2}",
        b"{\"version\":2,\"answers\":{\"a b\":1},\"others\":{}}",
        b"{\"version\":2,\"answers\":{\"A\":{\"sum\":1}},\"others\":{}}",
    ] {
        assert_eq!(Reply::from_bytes(wrong), Err(ReplyError::Shape));
    }
}

#[test]
fn a_reply_that_does_not_fit_the_survey_is_found_out() {
    let survey = survey();
    let check = |answers: &str, others: &str| {
        let json = format!(r#"{{"version":2,"answers":{{{answers}}},"others":{{{others}}}}}"#);
        Reply::from_bytes(json.as_bytes()).expect("a reply").check_against(&survey)
    };
    assert_eq!(check(r#""ROLE":6,"WELL":"x""#, r#""ROLE":"Chair""#), Ok(()));
    assert_eq!(
        check(
            r#""NEW":1,"OPEN":1,"ROLE":77,"BC_SUB":3,"BC_DEC":{"amount":-1},"NEED":[1,11],"BC_APP":1"#,
            r#""ROLE":"x","Z":"x""#
        ),
        Err(vec![
            fault("BC_APP", Wrong::NotAsked),
            fault("BC_DEC", Wrong::TooLow { least: 0, by: None }),
            fault("BC_SUB", Wrong::UnknownOption),
            fault("NEED", Wrong::Exclusive { value: 11 }),
            fault("NEW", Wrong::NotAsked),
            fault("OPEN", Wrong::WrongKind),
            fault("ROLE", Wrong::UnknownOption),
            fault("ROLE", Wrong::WrongKind),
            fault("Z", Wrong::WrongKind),
        ])
    );
    let long = format!(r#""WELL":"{}""#, "x".repeat(601));
    assert_eq!(check(&long, ""), Err(vec![fault("WELL", Wrong::TooLong { max: 600, got: 601 })]));
}

#[test]
fn marks_stand_in_the_order_of_the_items_and_count_options_from_one() {
    let survey = survey();
    let mut reply = taken(&survey, "C", &[("INF_ACC", "97"), ("SUP_PCT", "98")]);
    let numbers = [("BC_SUB", "3"), ("BC_DEC", "0"), ("-out-BC_WAIT", "98")];
    take(&mut reply, &survey, "D", &numbers).expect("good");
    take(&mut reply, &survey, "H", &[("NEED", "2"), ("NEED", "12")]).expect("good");
    let marks = Marks::of(&reply, &survey);
    let place = |wanted: &str| {
        survey.columns().position(|column| column.code.as_str() == wanted).expect("a column")
    };
    let mark = |wanted: &str| marks.as_bytes()[place(wanted)];
    assert_eq!(marks.get(place("INF_ACC")), Some(5));
    assert_eq!(marks.get(place("SUP_PCT")), Some(5));
    assert_eq!(marks.get(place("ROLE")), None);
    assert_eq!(marks.get(10_000), None);
    // Bands: 0, 1 to 2, 3 to 5, more; then "Don't know".
    assert_eq!((marks.get(place("BC_SUB")), marks.get(place("BC_DEC"))), (Some(2), Some(0)));
    assert_eq!(marks.get(place("BC_WAIT")), Some(3));
    // Each option of several is a column: chosen, not chosen, the ways out.
    assert_eq!([mark("NEED_2"), mark("NEED_12"), mark("NEED_1")], [1, 1, 2]);
    // Who says that there are no data, and no decision, is certainly not asked.
    assert_eq!([mark("INF_TIME"), mark("BC_APP")], [Marks::NOT_ASKED; 2]);
    // Whether a decision was quick is open, because it is not known what waits.
    assert_eq!(mark("BC_SPEED"), 0);
    assert_eq!(marks.get(place("INF_TIME")), None);
}

#[test]
fn marks_that_do_not_fit_are_refused() {
    let survey = survey();
    let wanted = survey.columns().count();
    assert_eq!(
        Marks::from_bytes(vec![0; wanted + 1], &survey),
        Err(MarksError::Length { wanted, got: wanted + 1 })
    );
    let mut bytes = vec![0; wanted];
    bytes[0] = 7;
    assert_eq!(
        Marks::from_bytes(bytes, &survey),
        Err(MarksError::UnknownOption { item: code("ROLE") })
    );
}

#[test]
fn nothing_prints_an_answer() {
    let survey = survey();
    let reply = taken(&survey, "I", &[("WELL", "secret"), ("QUOTE", "2")]);
    let marks = Marks::of(&reply, &survey);
    let fault = fault("WELL", Wrong::TooLong { max: 6, got: 7 });
    let printed =
        format!("{reply:?} {:?} {marks:?} {fault:?} {fault}", reply.answer(&code("WELL")));
    assert!(!printed.contains("secret") && !printed.contains("QUOTE"), "{printed}");
}

#[test]
fn comments_are_the_answers_in_words() {
    let survey = survey();
    let reply = taken(&survey, "I", &[("WELL", "one"), ("OPEN", "two"), ("QUOTE", "1")]);
    let mut reply = reply;
    take(&mut reply, &survey, "A", &[("-other-ROLE", "Locality lead")]).expect("good");
    let comments: Vec<_> = reply.comments().map(|(item, words)| (item.as_str(), words)).collect();
    assert_eq!(comments, [("OPEN", "two"), ("WELL", "one"), ("ROLE", "Locality lead")]);
}

#[test]
fn rows_keep_their_order_for_one_seed_and_change_with_another() {
    let order = row_order(12, &[7; 32]);
    assert_eq!(order, row_order(12, &[7; 32]));
    assert_ne!(order, row_order(12, &[8; 32]));
    assert_eq!(row_order(0, &[0; 32]), Vec::<usize>::new());
    assert_eq!(row_order(1, &[0; 32]), [0]);
}

#[test]
fn every_order_of_the_rows_is_equally_likely() {
    let mut orders = std::collections::BTreeMap::<Vec<usize>, u32>::new();
    for number in 0..6_000_u32 {
        let mut seed = [0; 32];
        seed[..4].copy_from_slice(&number.to_be_bytes());
        *orders.entry(row_order(3, &seed)).or_default() += 1;
    }
    // Six orders, 1000 expected each, standard deviation 29: five of them are 145.
    assert_eq!(orders.len(), 6);
    assert!(orders.values().all(|count| (855..=1145).contains(count)), "{orders:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn no_form_at_all_makes_taking_panic_or_leaves_a_reply_that_cannot_be_sealed(
        values in proptest::collection::vec(".{0,12}|[0-9]{1,3}|-?[0-9]{1,14}(\\.[0-9]{1,4})?|(?s).{590,620}", 90),
        prefixes in proptest::collection::vec(0_usize..5, 90),
    ) {
        let survey = survey();
        let prefix = |at: usize| ["", "", OTHER, WAY_OUT, CONFIRM][at];
        let form: Vec<(String, String)> = survey
            .items()
            .zip(prefixes)
            .map(|(item, at)| format!("{}{}", prefix(at), item.code))
            .zip(values)
            .collect();
        let mut reply = Reply::default();
        for section in &survey.sections {
            let _faults = Form::new(&form, &SEED).take(&mut reply, &survey, section);
        }
        let (kept, dropped) = Route::of(&survey, &reply).kept();
        let _count = dropped.len();
        // A limit set by an answer that was changed afterwards is the one thing
        // that the page for checking has to tell.
        let only_limits = match kept.check_against(&survey) {
            Ok(()) => true,
            Err(faults) => faults.iter().all(|fault| {
                matches!(fault.what, Wrong::TooHigh { by: Some(_), .. } | Wrong::TooLow { by: Some(_), .. })
            }),
        };
        prop_assert!(only_limits);
        prop_assert_eq!(Reply::from_bytes(&reply.to_bytes()), Ok(reply));
    }
}

/// A survey of thirty ratings, and a text of so many characters.
fn thirty(max_chars: usize) -> Survey {
    let mut text = "format = 1\ncode = \"thirty\"\ntitle = \"Thirty\"\nversion = \"1\"\n\n\
        [texts]\nwelcome = \"Welcome.\"\nthanks = \"Thank you.\"\n\n\
        [scales.YES]\noptions = [{ value = 10000, label = \"Yes\", score = 100 }, \
        { value = 10001, label = \"No\", score = 0 }]\n\n\
        [[sections]]\ncode = \"all\"\ntitle = \"All\"\n"
        .to_owned();
    for question in 1..=30 {
        let _ = write!(
            text,
            "[[sections.questions]]\ncode = \"Q{question}\"\nask = \"Is {question} so?\"\n\
             kind = \"rating\"\nscale = \"YES\"\n"
        );
    }
    let _ = write!(
        text,
        "[[sections.questions]]\ncode = \"MORE\"\nask = \"What else?\"\nkind = \"text\"\n\
         max_chars = {max_chars}\n"
    );
    parse("thirty.toml", &text).expect("the survey is sound")
}

#[test]
fn whoever_writes_most_seals_as_many_bytes_as_whoever_writes_least() {
    for (max_chars, wanted) in [(20, 1024), (1000, 8192), (3000, 16_384)] {
        let survey = thirty(max_chars);
        let names: Vec<String> = (1..=30).map(|question| format!("Q{question}")).collect();
        let words = "\u{1f600}".repeat(max_chars);
        let mut pairs: Vec<_> = names.iter().map(|name| (name.as_str(), "10001")).collect();
        pairs.push(("MORE", &words));
        let (most, least) = (taken(&survey, "all", &pairs), Reply::default());
        for reply in [&most, &least] {
            assert_eq!(pad(&reply.to_bytes(), survey.sealed_size()).len(), wanted);
        }
    }
}
