//! What the web form decides by itself, in the words of the paper version.

use std::fmt::Write as _;

use super::*;
use crate::definition::{Survey, Tokens, parse};
use crate::pages::Frame;

const REGION: &str = include_str!("../../../survey_definitions/east-of-england/survey.toml");

fn paper(survey: &Survey) -> PaperPage {
    let tokens = Tokens::for_everybody("2007/08", 5, 3);
    PaperPage::of(Frame::sample().page("Paper"), survey, &tokens, String::new(), None)
}

fn region(module: &str) -> Survey {
    let whole = parse("survey.toml", REGION).expect("the region's survey");
    whole.with_modules(&[module.parse().expect("a code")]).expect("its module")
}

/// A survey of these questions; each is a TOML table without its header.
fn pulse(questions: &[&str]) -> PaperPage {
    let mut source = String::from(
        "format = 1\ncode = \"pulse\"\ntitle = \"Pulse\"\nversion = \"1\"\n\
         [texts]\nwelcome = \"Hello.\"\n\
         [answers.DK]\nvalue = 98\nlabel = \"Don't know\"\ncounts = \"dont-know\"\n\
         [[sections]]\ncode = \"A\"\ntitle = \"All\"\n",
    );
    for question in questions {
        let _ = write!(source, "[[sections.questions]]\n{question}\n");
    }
    paper(&parse("pulse.toml", &source).unwrap_or_else(|faults| panic!("{faults}")))
}

fn choice(code: &str, show_if: &str) -> String {
    let show_if =
        if show_if.is_empty() { String::new() } else { format!("show_if = {show_if:?}\n") };
    format!(
        "code = {code:?}\nask = \"{code}?\"\nkind = \"choice\"\n{show_if}\
         options = [{{ value = 1, label = \"Yes\" }}, {{ value = 2, label = \"No\" }}, {{ value = 3, label = \"Maybe\" }}]\n"
    )
}

/// The note of the last of these questions: yes-no questions, a number `N`, words
/// `W` and `V`, a grid `G`, and one that is asked on a condition.
fn note(show_if: &str) -> String {
    let number = "code = \"N\"\nask = \"N?\"\nkind = \"number\"\ndecimals = 1\nmin = 0\nusual_max = 50\nbands = [{ up_to = 0 }, {}]\nalso = [\"DK\"]";
    let words = |code: &str| {
        format!("code = {code:?}\nask = \"{code}?\"\nkind = \"text\"\nmax_chars = 200")
    };
    let grid = "code = \"G\"\nask = \"G?\"\nkind = \"grid\"\noptions = [{ value = 1, label = \"Yes\" }, { value = 2, label = \"No\" }]\nrows = [{ code = \"GA\", label = \"a\" }, { code = \"GB\", label = \"b\" }]";
    let several = "code = \"S\"\nask = \"S?\"\nkind = \"choices\"\noptions = [{ value = 1, label = \"Red\" }, { value = 2, label = \"Blue\" }]";
    let page = pulse(&[
        &choice("Q", ""),
        number,
        &words("W"),
        &words("V"),
        grid,
        several,
        &choice("Z", show_if),
    ]);
    page.sections[0].questions.last().expect("questions").note.clone()
}

#[test]
fn conditions_are_said_in_plain_english() {
    let said = [
        ("Q in (1, 3)", "Only if you answered \"Yes\" or \"Maybe\" to question 1."),
        ("Q != 2", "Leave this question out if you answered \"No\" to question 1."),
        ("N > 0", "Only if your number in question 2 is more than 0."),
        ("N >= 2.5", "Only if your number in question 2 is 2.5 or more."),
        ("N <= 3", "Only if your number in question 2 is 3 or less."),
        ("N = 3", "Only if your number in question 2 is 3."),
        (
            "N >= 1 and N <= 3",
            "Only if your number in question 2 is 1 or more and your number in question 2 is 3 or less.",
        ),
        ("W not empty", "Only if you wrote something in question 3."),
        ("W not empty or V not empty", "Only if you wrote something in question 3 or 4."),
        (
            "W not empty and V not empty",
            "Only if you wrote something in question 3 and you wrote something in question 4.",
        ),
        ("W empty", "Leave this question out if you wrote something in question 3."),
        (
            "Q = 1 and W empty",
            "Only if you answered \"Yes\" to question 1 and you left question 3 empty.",
        ),
        (
            "Q = 1 and not (W not empty or V not empty)",
            "Only if you answered \"Yes\" to question 1 and you left questions 3 and 4 empty.",
        ),
        ("Q not empty", "Only if you answered question 1."),
        ("any G row = 1", "Only if you answered \"Yes\" to any part of question 5."),
        ("GB = 1", "Only if you answered \"Yes\" to question 5b."),
        ("S = 2", "Only if you ticked \"Blue\" in question 6."),
        (
            "(Q = 1 or N > 0) and GA = 2",
            "Only if either you answered \"Yes\" to question 1 or your number in question 2 is more than 0, and you answered \"No\" to question 5a.",
        ),
        (
            "Q = 1 and N != 5",
            "Only if you answered \"Yes\" to question 1 and your number in question 2 is not 5.",
        ),
    ];
    for (show_if, expected) in said {
        assert_eq!(note(show_if), expected, "{show_if}");
    }
}

#[test]
fn who_need_not_answer_the_next_questions_is_told_where_to_go_on() {
    let page = pulse(&[
        &choice("Q", ""),
        &choice("Q2", "Q = 1"),
        &choice("Q3", "Q in (1, 2) and Q2 = 1"),
        &choice("Q4", ""),
        &choice("Q5", "Q4 != 2"),
    ]);
    let go_on = |question: usize| {
        let options = page.sections[0].questions[question].options.iter();
        options.map(|option| option.go_on.clone()).collect::<Vec<_>>()
    };
    // The third depends on another answer besides, so nobody is led past it blindly.
    assert_eq!(go_on(0), ["", "question 3", "question 3"]);
    assert_eq!(go_on(1), ["", "", ""]);
    assert_eq!(go_on(3), ["", "the end", ""]);
}

#[test]
fn a_part_of_the_survey_that_some_leave_out_says_where_they_go_on() {
    let source = REGION.replacen(
        "code = \"D\"\ntitle = \"Business cases\"",
        "code = \"D\"\nshow_if = \"ROLE = 1\"\ntitle = \"Business cases\"",
        1,
    );
    let survey = parse("survey.toml", &source).expect("a survey");
    let page = paper(&survey.with_modules(&[]).expect("the core"));
    let said =
        "Only if you answered \"GP chair or GP lead\" to question 1. If not, go on to question 22.";
    assert_eq!(page.sections[3].note, said);
}

#[test]
fn every_question_has_the_next_number_and_a_way_to_answer() {
    for module in ["R1", "R2", "R3", "R4"] {
        let survey = region(module);
        let page = paper(&survey);
        let questions: Vec<&PaperQuestion> =
            page.sections.iter().flat_map(|section| &section.questions).collect();
        for (place, question) in questions.iter().enumerate() {
            assert_eq!(question.number, place + 1);
            let ways = [
                question.figures.is_some(),
                question.figures.is_none() && !question.options.is_empty(),
                question.grid.is_some(),
                !question.lines.is_empty(),
            ];
            assert_eq!(ways.iter().filter(|way| **way).count(), 1, "{}", question.wording);
        }
        let rows: usize =
            questions.iter().map(|q| q.grid.as_ref().map_or(1, |grid| grid.rows.len())).sum();
        assert_eq!(rows, survey.items().count());
    }
}

/// The paper version as somebody would read it out.
fn outline(page: &PaperPage) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        if !text.trim().is_empty() {
            out.push_str(&text);
            out.push('\n');
        }
    };
    line(page.heading.clone());
    for section in &page.sections {
        line(format!("\n## {}", section.title));
        line(section.note.clone());
        line(section.intro.join("\n"));
        for question in &section.questions {
            line(question.note.clone());
            line(format!("{}. {}", question.number, question.wording));
            line(format!("   {}", question.help));
            line(format!("   {}", question.how));
            if let Some(PaperNumber { whole, part, unit, zero }) = &question.figures {
                let boxes = |figures: &[usize]| "_".repeat(figures.len());
                line(format!("   {}.{} {unit}", boxes(whole), boxes(part)));
                if !zero.is_empty() {
                    line(format!("   0: go on to {zero}"));
                }
            }
            for PaperOption { label, note, words, go_on, .. } in &question.options {
                let words = if *words { " ______" } else { "" };
                let go_on = if go_on.is_empty() { String::new() } else { format!(" -> {go_on}") };
                line(format!("   [ ] {label}{words}{note}{go_on}"));
            }
            if let Some(PaperGrid { heads, rows }) = &question.grid {
                line(format!("   {}", heads.join(" | ")));
                for row in rows {
                    line(format!(
                        "   {} {} {}[ ]x{}",
                        row.letter,
                        row.label,
                        row.note,
                        row.boxes.len()
                    ));
                }
            }
            line(format!("   {}", "/".repeat(question.lines.len())));
        }
    }
    out
}

#[test]
fn the_regions_survey_on_paper_reads_as_it_did() {
    insta::assert_snapshot!(outline(&paper(&region("R2"))));
}
