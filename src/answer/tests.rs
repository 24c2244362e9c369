use proptest::prelude::*;

use super::*;
use crate::definition::{Section, Survey, parse};
use crate::id::ItemCode;

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

fn taken(survey: &Survey, from: &str, pairs: &[(&str, &str)]) -> Reply {
    let mut reply = Reply::default();
    reply.take_section(survey, section(survey, from), &fields(pairs)).expect("good fields");
    reply
}

#[test]
fn a_section_is_taken_and_taking_it_again_replaces_it() {
    let survey = survey();
    let mut reply = taken(&survey, "B", &[("MS_INC", "2"), ("MS_INF", " 98 "), ("MS_GOV", "")]);
    assert_eq!(reply.choice(&code("MS_INC")), Some(2));
    assert_eq!(reply.choice(&code("MS_INF")), Some(98));
    assert_eq!(
        reply.blanks(&survey, section(&survey, "B")),
        [code("MS_GOV"), code("MS_BUD"), code("MS_PLN")]
    );
    let b = section(&survey, "B");
    reply
        .take_section(&survey, b, &fields(&[("MS_INC", ""), ("MS_BUD", "1")]))
        .expect("good fields");
    assert_eq!(reply.choice(&code("MS_INC")), None);
    assert_eq!(reply.choice(&code("MS_INF")), None);
    assert_eq!(reply.choice(&code("MS_BUD")), Some(1));
}

#[test]
fn one_section_never_touches_another() {
    let survey = survey();
    let mut reply = taken(&survey, "B", &[("MS_INC", "2")]);
    let c = section(&survey, "C");
    reply
        .take_section(&survey, c, &fields(&[("INF_ACC", "97"), ("MS_INC", "4"), ("nonsense", "1")]))
        .expect("good fields");
    assert_eq!(reply.choice(&code("MS_INC")), Some(2));
    assert_eq!(reply.choice(&code("INF_ACC")), Some(97));
    assert_eq!(reply.choice(&code("nonsense")), None);
}

#[test]
fn good_answers_are_kept_beside_bad_ones_and_nothing_is_lost() {
    let survey = survey();
    let mut reply = taken(&survey, "I", &[("WELL", "before"), ("QUOTE", "1")]);
    let i = section(&survey, "I");
    let long = "x".repeat(601);
    let faults = reply
        .take_section(&survey, i, &fields(&[("WELL", &long), ("OPEN", "kept"), ("QUOTE", "9")]))
        .expect_err("two bad answers");
    assert_eq!(
        faults,
        [
            AnswerFault::TooLong { item: code("WELL"), max: 600, got: 601 },
            AnswerFault::UnknownOption { item: code("QUOTE") },
        ]
    );
    assert_eq!(faults[0].item(), &code("WELL"));
    assert_eq!(reply.text(&code("OPEN")), Some("kept"));
    assert_eq!(reply.text(&code("WELL")), Some("before"));
    assert_eq!(reply.choice(&code("QUOTE")), Some(1));
}

#[test]
fn words_are_made_plain_before_they_are_counted() {
    assert_eq!(normal_text("  a\r\nb\rc\td\u{0}\u{7}\u{202e}e \n"), "a\nb\nc de");
    let survey = survey();
    let exactly = "é\r\n".repeat(300);
    let reply = taken(&survey, "I", &[("WELL", &exactly)]);
    assert_eq!(reply.text(&code("WELL")).map(|words| words.chars().count()), Some(599));
    assert!(taken(&survey, "I", &[("WELL", " \r\n\u{0} ")]).is_empty());
}

#[test]
fn a_reply_survives_its_bytes_and_has_one_form() {
    let survey = survey();
    let reply = taken(&survey, "I", &[("WELL", "a \"quote\"\nand é"), ("QUOTE", "2")]);
    let bytes = reply.to_bytes();
    assert_eq!(
        String::from_utf8_lossy(&bytes),
        "{\"version\":1,\"choices\":{\"QUOTE\":2},\"texts\":{\"WELL\":\"a \\\"quote\\\"\\nand é\"}}"
    );
    assert_eq!(Reply::from_bytes(&bytes), Ok(reply));
    assert_eq!(Reply::from_bytes(b"{\"version\":2,\"new\":[]}"), Err(ReplyError::Version(2)));
    for wrong in [
        &b""[..],
        b"[]",
        b"{\"version\":1}",
        b"{\"version\":1,\"choices\":{\"a b\":1},\"texts\":{}}",
    ] {
        assert_eq!(Reply::from_bytes(wrong), Err(ReplyError::Shape));
    }
}

#[test]
fn a_reply_that_does_not_fit_the_survey_is_found_out() {
    let survey = survey();
    let check =
        |json: &str| Reply::from_bytes(json.as_bytes()).expect("a reply").check_against(&survey);
    assert_eq!(check(r#"{"version":1,"choices":{"ROLE":1},"texts":{"WELL":"x"}}"#), Ok(()));
    assert_eq!(
        check(
            r#"{"version":1,"choices":{"NEW":1,"OPEN":1,"ROLE":77},"texts":{"ROLE":"x","Z":"x"}}"#
        ),
        Err(vec![
            AnswerFault::UnknownItem { item: code("NEW") },
            AnswerFault::WrongKind { item: code("OPEN") },
            AnswerFault::UnknownOption { item: code("ROLE") },
            AnswerFault::WrongKind { item: code("ROLE") },
            AnswerFault::UnknownItem { item: code("Z") },
        ])
    );
    let long =
        format!(r#"{{"version":1,"choices":{{}},"texts":{{"WELL":"{}"}}}}"#, "x".repeat(601));
    assert!(matches!(
        check(&long).expect_err("too long")[..],
        [AnswerFault::TooLong { got: 601, .. }]
    ));
}

#[test]
fn marks_stand_in_the_order_of_the_items_and_count_options_from_one() {
    let survey = survey();
    let marks = Marks::of(&taken(&survey, "C", &[("INF_ACC", "97"), ("INF_TIME", "98")]), &survey);
    let place = |wanted: &str| {
        survey.countable_items().position(|item| item.code.as_str() == wanted).expect("an item")
    };
    assert_eq!(marks.get(place("INF_ACC")), Some(5));
    assert_eq!(marks.get(place("INF_TIME")), Some(5));
    assert_eq!(marks.get(place("ROLE")), None);
    assert_eq!(marks.get(10_000), None);
    assert_eq!(marks.as_bytes().iter().filter(|byte| **byte > 0).count(), 2);
}

#[test]
fn marks_that_do_not_fit_are_refused() {
    let survey = survey();
    let wanted = survey.countable_items().count();
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
    let fault = AnswerFault::TooLong { item: code("WELL"), max: 6, got: 7 };
    let printed = format!("{reply:?} {marks:?} {fault:?} {fault}");
    assert!(!printed.contains("secret") && !printed.contains("QUOTE"), "{printed}");
}

#[test]
fn comments_are_the_answers_in_words() {
    let survey = survey();
    let reply = taken(&survey, "I", &[("WELL", "one"), ("OPEN", "two"), ("QUOTE", "1")]);
    let comments: Vec<_> = reply.comments().map(|(item, words)| (item.as_str(), words)).collect();
    assert_eq!(comments, [("OPEN", "two"), ("WELL", "one")]);
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
    fn any_reply_survives_the_way_to_its_marks(picks in proptest::collection::vec(0_usize..9, 41)) {
        let survey = survey();
        let mut reply = Reply::default();
        let chosen: Vec<(String, Option<(usize, u16)>)> = survey
            .countable_items()
            .zip(&picks)
            .map(|(item, pick)| {
                let option = item.options().unwrap_or_default().get(*pick);
                (item.code.to_string(), option.map(|option| (*pick, option.value)))
            })
            .collect();
        let form: Vec<(String, String)> = chosen
            .iter()
            .filter_map(|(name, option)| Some((name.clone(), option.as_ref()?.1.to_string())))
            .collect();
        for section in &survey.sections {
            prop_assert_eq!(reply.take_section(&survey, section, &form), Ok(()));
        }
        prop_assert_eq!(reply.check_against(&survey), Ok(()));
        let marks = Marks::of(&reply, &survey);
        for (place, (_, option)) in chosen.iter().enumerate() {
            prop_assert_eq!(marks.get(place), option.as_ref().map(|(pick, _)| *pick));
        }
        prop_assert_eq!(Marks::from_bytes(marks.as_bytes().to_vec(), &survey), Ok(marks));
        prop_assert_eq!(Reply::from_bytes(&reply.to_bytes()), Ok(reply));
    }

    #[test]
    fn no_form_at_all_makes_taking_panic_or_leaves_a_reply_that_does_not_fit(
        values in proptest::collection::vec(".{0,12}|[0-9]{1,3}|(?s).{590,620}", 50),
    ) {
        let survey = survey();
        let form: Vec<(String, String)> =
            survey.items().map(|item| item.code.to_string()).zip(values).collect();
        let mut reply = Reply::default();
        for section in &survey.sections {
            let _faults = reply.take_section(&survey, section, &form);
        }
        prop_assert_eq!(reply.check_against(&survey), Ok(()));
        prop_assert_eq!(Reply::from_bytes(&reply.to_bytes()), Ok(reply));
    }
}
