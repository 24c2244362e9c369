//! A section becomes a form, and a reply fills it.

use std::collections::BTreeMap;

use super::*;
use crate::definition::{Direction, Row, Scale};

fn option(value: u16, label: &str, counts: Counts) -> AnswerOption {
    AnswerOption { value, label: label.to_owned(), counts }
}

fn scale() -> Scale {
    let scored =
        |score| Counts::Scored { score, favourable: score == 100, unfavourable: score == 0 };
    Scale {
        direction: Direction::Progress,
        options: vec![
            option(1, "Good", scored(100)),
            option(5, "Poor", scored(0)),
            option(98, "Don't know", Counts::DontKnow),
            option(99, "Does not apply", Counts::NotApplicable),
        ],
    }
}

fn code(text: &str) -> ItemCode {
    text.parse().expect("a code")
}

fn section() -> Section {
    let question = |name: &str, wording: &str, kind| Question {
        code: code(name),
        wording: wording.to_owned(),
        help: String::new(),
        kind,
    };
    let row = |name: &str| Row { code: code(name), label: name.to_owned(), help: String::new() };
    let grid = Kind::Grid { scale: scale(), rows: vec![row("G1"), row("G2")], shuffled: true };
    Section {
        code: code("B"),
        title: "Section".to_owned(),
        intro: String::new(),
        questions: vec![
            question("RATE", "How is {group}?", Kind::Rating(scale())),
            question("GRID", "And these?", grid),
            question("WORDS", "Say more", Kind::Text { max_chars: 400 }),
        ],
    }
}

fn with_filled<T>(look: impl FnOnce(&Filled<'_>) -> T) -> T {
    let faults = BTreeMap::from([(code("G2"), "Choose one of the answers shown".to_owned())]);
    look(&Filled {
        chosen: &|item| (item.as_str() == "RATE").then_some(5),
        written: &|item| (item.as_str() == "WORDS").then(|| "so".to_owned()),
        faults: &faults,
        fill: &|text| text.replace("{group}", "Lea Valley"),
        row_order: &|_, rows| (0..rows).rev().collect(),
    })
}

#[test]
fn answers_faults_tokens_and_order_of_rows_reach_the_form() {
    let views = with_filled(|filled| questions(&section(), filled));
    let [rate, grid, words] = views.as_slice() else { panic!("three questions") };
    assert_eq!(rate.wording, "How is Lea Valley?");
    let checked = |options: &[OptionView]| {
        options.iter().filter(|option| option.checked).map(|o| o.value.clone()).collect::<Vec<_>>()
    };
    let options = &rate.radios.as_ref().expect("radios").options;
    assert_eq!(checked(options), ["5"]);
    assert_eq!(options[0].id, "RATE", "the first field has the id that links go to");
    let rows = &grid.grid.as_ref().expect("a grid").rows;
    assert_eq!(rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["G2", "G1"]);
    assert!(rows[0].error.is_some() && rows[1].error.is_none());
    assert_eq!(grid.id, "G2", "a link to the grid lands on its first row");
    assert_eq!(words.text.as_ref().expect("words").value, "so");
}

#[test]
fn the_ways_out_are_set_apart_once() {
    let views = with_filled(|filled| questions(&section(), filled));
    let options = &views[0].radios.as_ref().expect("radios").options;
    assert_eq!(options.iter().map(|o| o.divided).collect::<Vec<_>>(), [false, false, true, false]);
    assert_eq!(options.iter().map(|o| o.way_out).collect::<Vec<_>>(), [false, false, true, true]);
}

#[test]
fn the_page_for_checking_shows_labels_and_says_what_is_blank() {
    let survey = Survey {
        code: "test".parse().expect("a code"),
        title: "Test".to_owned(),
        version: "1".to_owned(),
        texts: crate::definition::Texts::default(),
        sections: vec![section()],
        indexes: Vec::new(),
        consent: None,
        fingerprint: "ab".repeat(32).parse().expect("a fingerprint"),
    };
    let sections =
        with_filled(|filled| summary(&survey, filled, &|s| format!("/answer/{}", s.code)));
    let rows = &sections[0].rows;
    let said: Vec<(&str, bool)> = rows.iter().map(|row| (row.answer.as_str(), row.blank)).collect();
    assert_eq!(
        said,
        [("Poor", false), ("Not answered", true), ("Not answered", true), ("so", false)]
    );
    assert_eq!(rows[0].change, "/answer/B#RATE");
}
