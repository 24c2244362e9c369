//! A section becomes a form, and a reply fills it.

use super::*;
use crate::answer::{AnswerFault, Form};
use crate::definition::{Survey, parse};
use crate::pages::{sentence, summary};

const EAST: &str = include_str!("../../../survey_definitions/east-of-england/survey.toml");
const SEED: [u8; 32] = [3; 32];

fn survey() -> Survey {
    parse("survey.toml", EAST).expect("sound")
}

fn fill(text: &str) -> String {
    text.replace("{group}", "Lea Valley").replace("{pct}", "Luton")
}

/// The questions of a section after these fields were sent.
fn after(section: &str, earlier: &[(&str, &str)], sent: &[(&str, &str)]) -> Vec<QuestionView> {
    let survey = survey();
    let owned = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let mut reply = Reply::default();
    for section in &survey.sections {
        let form = owned(earlier);
        Form::new(&form, &SEED).take(&mut reply, &survey, section).expect("good fields");
    }
    let (_, section) = survey.section(section).expect("a section");
    let sent = owned(sent);
    let found = if sent.is_empty() {
        Vec::new()
    } else {
        Form::new(&sent, &SEED).take(&mut reply, &survey, section).err().unwrap_or_default()
    };
    let words = |fault: &AnswerFault| sentence(&survey, &reply, fault, &fill);
    let faults = found.iter().map(|fault| (fault.item.clone(), words(fault))).collect();
    let route = Route::of(&survey, &reply);
    let row_order = |rows: usize| (0..rows).rev().collect();
    questions(
        section,
        &Filled {
            reply: &reply,
            route: &route,
            faults: &faults,
            sent: &sent,
            fill: &fill,
            row_order: &row_order,
        },
    )
}

fn checked(options: &[OptionView]) -> Vec<&str> {
    options.iter().filter(|option| option.checked).map(|option| option.value.as_str()).collect()
}

fn names(views: &[QuestionView]) -> Vec<&str> {
    views.iter().map(|view| view.name.as_str()).collect()
}

#[test]
fn answers_and_tokens_and_words_beside_options_reach_the_form() {
    let views = after("A", &[("ROLE", "6"), ("-other-ROLE", "Locality lead")], &[]);
    let role = &views[0];
    assert_eq!(role.wording, "What is your main role in Lea Valley?");
    let options = &role.radios.as_ref().expect("radios").options;
    assert_eq!(checked(options), ["6"]);
    assert_eq!(options[0].id, "ROLE", "the first field has the id that links go to");
    let other = options[5].other.as_ref().expect("a text beside it");
    assert_eq!((other.name.as_str(), other.value.as_str()), ("-other-ROLE", "Locality lead"));
}

#[test]
fn only_questions_that_are_asked_are_on_the_form() {
    assert_eq!(names(&after("C", &[("INF_ACC", "97")], &[])), ["INF_ACC", "SUP_PCT", "SUP_TIME"]);
    let all = after("C", &[("INF_ACC", "1"), ("MS_BUD", "1")], &[]);
    assert_eq!(names(&all), ["INF_ACC", "INF_TIME", "INF_USE", "BUD_CLEAR", "SUP_PCT", "SUP_TIME"]);
}

#[test]
fn a_grid_has_its_rows_in_the_respondents_order_and_options_follow_from_them() {
    let views = after("G", &[("BAR_DATA", "4"), ("BAR_LETGO", "98"), ("BAR_TOP", "4")], &[]);
    let grid = views[0].grid.as_ref().expect("a grid");
    assert_eq!((grid.rows.len(), grid.rows[0].name.as_str()), (12, "BAR_LETGO"));
    assert_eq!(views[0].id, "BAR_LETGO", "a link to the grid lands on its first row");
    assert_eq!(checked(&grid.rows[0].options), ["98"]);
    let top = &views[1].radios.as_ref().expect("radios").options;
    let labels: Vec<&str> = top.iter().map(|option| option.label.as_str()).collect();
    assert_eq!(labels, ["Problems with data", "Something else (please say)", "Don't know"]);
    assert_eq!(checked(top), ["4"]);
    assert_eq!(top.iter().map(|o| o.divided).collect::<Vec<_>>(), [false, false, true]);
}

#[test]
fn what_could_not_be_taken_is_shown_as_it_was_typed() {
    let sent = [("BC_SUB", "three"), ("BC_DEC", "75"), ("BC_WAIT", "2"), ("-out-BC_WAIT", "98")];
    let views = after("D", &[("BC_SUB", "1")], &sent);
    let number = |at: usize| views[at].number.as_ref().expect("a number");
    assert_eq!(number(0).value, "three");
    assert!(views[0].error.as_ref().is_some_and(|error| error.contains("in figures")));
    let confirm = number(1).confirm.as_ref().expect("a box to confirm");
    assert_eq!(
        (confirm.name.as_str(), confirm.value.as_str(), confirm.label.as_str()),
        ("-sure-BC_DEC", "75", "Yes, 75 cases is right")
    );
    let both = views.iter().find(|view| view.name == "BC_WAIT").expect("the question");
    let both = both.number.as_ref().expect("a number");
    assert_eq!((both.value.as_str(), checked(&both.ways_out)), ("2", vec!["98"]));
}

#[test]
fn each_fault_says_what_to_do() {
    let said = |section: &str, sent: &[(&str, &str)]| {
        let views = after(section, &[], sent);
        views.into_iter().find_map(|view| view.error).unwrap_or_default()
    };
    assert_eq!(
        said("D", &[("BC_DEC", "2"), ("BC_APP", "3")]),
        "This cannot be more than 2 cases, your answer to \"How many of your group's business \
         cases received a final decision in the last three months?\""
    );
    assert_eq!(said("D", &[("BC_SUB", "-1")]), "This cannot be less than 0 cases");
    assert_eq!(said("D", &[("BC_SUB", "1.5")]), "Write a whole number");
    assert_eq!(
        said("H", &[("NEED", "1"), ("NEED", "11")]),
        "\"None needed\" stands alone: take it or the other answers away"
    );
    let four = [("NEED", "1"), ("NEED", "2"), ("NEED", "3"), ("NEED", "4")];
    assert_eq!(said("H", &four), "Choose up to 3 answers; you chose 4");
    assert_eq!(said("B", &[("MS_INC", "9")]), "Choose one of the answers shown");
}

#[test]
fn the_page_for_checking_shows_what_will_be_sealed_in_words() {
    let survey = survey();
    let form: Vec<(String, String)> = [
        ("INF_ACC", "97"),
        ("BC_SUB", "3"),
        ("NEED", "12"),
        ("NEED", "2"),
        ("-other-NEED", "Estates"),
        ("WELL", "so"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    let mut reply = Reply::default();
    for section in &survey.sections {
        Form::new(&form, &SEED).take(&mut reply, &survey, section).expect("good fields");
    }
    let sections = summary(&survey, &reply, &fill, &|s| format!("/answer/{}", s.code));
    let row = |wording: &str| {
        let rows = sections.iter().flat_map(|section| &section.rows);
        rows.into_iter().find(|row| row.question.starts_with(wording))
    };
    let answer = |wording: &str| row(wording).map(|row| row.answer.join(" | "));
    assert_eq!(answer("How would you rate the accuracy").as_deref(), Some("We receive none"));
    assert!(row("How would you rate the speed").is_none(), "not asked, not shown");
    assert_eq!(answer("How many business cases did").as_deref(), Some("3 cases"));
    assert_eq!(
        answer("Which kinds of support").as_deref(),
        Some("Finance | Other (please say): Estates")
    );
    assert_eq!(answer("What is one thing").as_deref(), Some("so"));
    let blank = row("What is your main role").expect("asked");
    assert!(blank.blank && blank.change == "/answer/A#ROLE");
}
