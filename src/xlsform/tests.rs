//! Forms made here, carried over and back.

mod random;

use super::import::from_book;
use super::workbook::{Sheet, SheetRow, Workbook};
use super::{Imported, export, import};
use crate::definition::{self, Kind, Survey};

const EAST: &str = include_str!("../../survey_definitions/east-of-england/survey.toml");

/// A sheet from lines with `|` between their cells, the headings first.
fn sheet(name: &str, lines: &str) -> Sheet {
    let cells = |line: &str| {
        let cells = line.split('|').map(str::trim).zip(1..);
        cells.filter(|(text, _)| !text.is_empty()).map(|(text, at)| (at, text.to_owned())).collect()
    };
    let mut lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let headings = cells(lines.next().unwrap_or_default());
    let rows = lines.zip(2..).map(|(line, number)| SheetRow { number, cells: cells(line) });
    Sheet { name: name.to_owned(), headings, rows: rows.collect() }
}

fn book(survey: &str, choices: &str) -> Workbook {
    Workbook { sheets: vec![sheet("survey", survey), sheet("choices", choices)] }
}

fn imported(survey: &str, choices: &str) -> (Survey, Imported) {
    let imported = from_book(&book(survey, choices), "form.xlsx", None)
        .unwrap_or_else(|faults| panic!("{faults}"));
    let survey = definition::parse("form.toml", &imported.toml)
        .unwrap_or_else(|faults| panic!("{}\n{faults}", imported.toml));
    (survey, imported)
}

/// The only question of a form, and its losses but for those of every form.
fn question(survey: &str, choices: &str) -> (Kind, Vec<String>) {
    let (survey, imported) = imported(survey, choices);
    let question = survey.sections[0].questions[0].clone();
    let usual = ["without scores", "become numbers"];
    let losses = imported.losses.iter().map(ToString::to_string);
    let losses = losses.filter(|loss| usual.iter().all(|usual| !loss.contains(usual)));
    (question.kind, losses.collect())
}

const YES_NO: &str = "list_name | name | label\n yn | yes | Yes\n yn | no | No";

#[test]
fn each_kind_of_row_becomes_a_kind_of_question() {
    let rows = [
        ("select_one yn | Q | Well?", "choice"),
        ("select_multiple yn | Q | Well?", "choices"),
        ("integer | Q | How many?", "number"),
        ("decimal | Q | How many?", "number"),
        ("range | Q | How many?", "number"),
        ("text | Q | What?", "text"),
    ];
    for (row, kind) in rows {
        let (_, imported) = imported(&format!("type | name | label\n{row}"), YES_NO);
        assert!(imported.toml.contains(&format!("kind = {kind:?}")), "{row}: {}", imported.toml);
    }
}

#[test]
fn names_of_choices_become_numbers_and_stay_as_remarks() {
    let choices =
        "list_name | name | label\n l | 7 | Seven\n l | x | Ex\n l | 1 | One\n l | 07 | Also seven";
    let (_, imported) = imported("type | name | label\n select_one l | Q | Well?", choices);
    let lines = [
        "{ value = 7, label = \"Seven\" },\n",
        "{ value = 2, label = \"Ex\" }, # x\n",
        "{ value = 1, label = \"One\" },\n",
        "{ value = 3, label = \"Also seven\" }, # 07\n",
    ];
    for line in lines {
        assert!(imported.toml.contains(line), "{line}{}", imported.toml);
    }
}

#[test]
fn a_constraint_is_a_range_as_far_as_it_goes() {
    let head = "type | name | label | constraint | constraint_message\n";
    let (kind, losses) =
        question(&format!("{head} decimal | Q | ? | . > 0 and . <= 2.25 | No!"), "");
    let Kind::Number(number) = kind else { panic!("a number") };
    assert_eq!((number.figures(1), number.decimals), ("0.01".to_owned(), 2));
    assert_eq!(number.max, definition::Limit::Fixed(225));
    assert_eq!(number.min, definition::Limit::Fixed(1));
    assert_eq!(
        losses,
        ["survey!E2 (constraint_message): \"No!\" is left out; \
          the program itself says which answers it takes"]
    );
    let (kind, losses) = question(&format!("{head} text | Q | ? | regex(., '[a-b]') |"), "");
    assert_eq!(kind, Kind::Text { max_chars: 600 });
    assert_eq!(losses.len(), 1, "{losses:?}");
}

#[test]
fn scores_make_a_rating_and_are_never_guessed() {
    let scored = "list_name | name | label | score | counts\n\
        s | 1 | Good | 100 |\n s | 2 | Fair | 50 |\n s | 3 | Poor | 0 |\n s | 9 | Don't know | | dont-know";
    let (kind, losses) = question("type | name | label\n select_one s | Q | Well?", scored);
    let Kind::Rating(scale) = kind else { panic!("a rating: {kind:?}") };
    assert_eq!(scale.options.len(), 4);
    assert_eq!(losses, Vec::<String>::new());
    let muddled = scored.replace("| 50 |", "| 100 |").replace("| 100 |\n s | 2", "| |\n s | 2");
    let (kind, losses) = question("type | name | label\n select_one s | Q | Well?", &muddled);
    assert!(matches!(kind, Kind::Choice(_)), "{kind:?}");
    assert!(
        losses.iter().any(|loss| loss.contains("the scores of the list s are left out")),
        "{losses:?}"
    );
}

#[test]
fn groups_are_sections_and_tables_of_one_list_are_grids() {
    let survey = "type | name | label | appearance | relevant\n\
        note | hello | Welcome, all. | |\n\
        begin_group | one | Part one | |\n\
        note | n1 | Think of today. | |\n\
        integer | n | How many? | |\n\
        begin_group | g | How well? | table-list | ${n} > 2\n\
        select_one yn | r1 | Speed | |\n\
        select_one yn | r2 | Care | | ${n} > 3\n\
        end_group\n\
        begin_group | two | Part two | | ${n} != ''\n\
        text | t | Why? | | selected(${r1}, 'no') or selected(${r2}, 'no')\n\
        end_group\n\
        text | u | And then? | |\n\
        end_group\n\
        note | bye | Thank you. | |";
    let (survey, imported) = imported(survey, YES_NO);
    assert_eq!(
        (survey.texts.welcome.as_str(), survey.texts.thanks.as_str()),
        ("Welcome, all.", "Thank you.")
    );
    let titles: Vec<&str> = survey.sections.iter().map(|section| section.title.as_str()).collect();
    assert_eq!(titles, ["Part one", "Part two", "Part one (continued)"]);
    assert_eq!(survey.sections[0].intro, "Think of today.");
    let Kind::Grid(grid) = &survey.sections[0].questions[1].kind else { panic!("a grid") };
    assert_eq!(grid.rows.len(), 2);
    for line in [
        "show_if = \"n > 2\"",
        "show_if = \"n > 3\"",
        "show_if = \"n not empty\"",
        "show_if = \"any g row = 2\"",
    ] {
        assert!(imported.toml.contains(line), "{line}: {}", imported.toml);
    }
    let moved = imported.losses.iter().find(|loss| loss.row == 10).expect("a loss");
    assert_eq!(
        moved.to_string(),
        "survey!A10 (type): \"Part two\" is a section of its own; sections do not stand within each other"
    );
}

#[test]
fn questions_that_wait_for_each_other_are_no_grid() {
    let survey = "type | name | label | appearance | relevant\n\
        begin_group | g | Part | field-list |\n\
        select_one yn | a | Any? | |\n\
        select_one yn | b | More? | | ${a} = 'yes'\n\
        end_group";
    let (survey, imported) = imported(survey, YES_NO);
    assert_eq!(survey.sections[0].questions.len(), 2);
    assert!(imported.toml.contains("show_if = \"a = 1\""), "{}", imported.toml);
}

#[test]
fn nothing_is_dropped_in_silence() {
    let survey = "type | name | label::English (en) | label::French | relevant | required | appearance | default | colour\n\
        start | s | | | | | | |\n\
        geopoint | place | Where? | Où ? | | | | |\n\
        select_one_from_file towns.csv | town | Which? | | | | | |\n\
        begin_repeat | r | Each child | | | | | |\n\
        text | a | Hello <b>${town}</b> | Bonjour | ${place} = 'x' | yes | multiline | me | blue\n\
        end_repeat\n\
        acknowledge | ok | I agree | | | | | |\n\
        text | a b | Why? | | today() > 1 | | | |";
    let (survey, imported) = imported(survey, "");
    assert_eq!(survey.items().map(|item| item.code.to_string()).collect::<Vec<_>>(), ["a", "a_b"]);
    assert_eq!(survey.sections[0].questions[0].wording, "Hello [the answer to town]");
    let told = imported.losses.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let expected = [
        "survey!D (label::French): 2 filled cells in French left out",
        "survey!I (colour): a column with one filled cell is left out",
        "survey!A2 (type): s, of type start, is left out",
        "survey!A3 (type): place, of type geopoint, is left out",
        "survey!A4 (type): town, of type select_one_from_file towns.csv, is left out",
        "survey!A5 (type): the repeat is asked once",
        "survey!C6 (label::English (en)): the mark <b> is taken out",
        "survey!C6 (label::English (en)): ${town} becomes",
        "survey!E6 (relevant): the condition \"${place} = 'x'\" is left out; it depends on place, which did not carry over",
        "survey!F6 (required): \"yes\" is left out; no question is ever required",
        "survey!G6 (appearance): \"multiline\" is left out",
        "survey!H6 (default): \"me\" is left out",
        "survey!A8 (type): ok, of type acknowledge, is left out",
        "survey!B9 (name): a b is called a_b",
        "survey!E9 (relevant): the condition \"today() > 1\" is left out",
    ];
    for loss in expected {
        assert!(told.contains(loss), "{loss}\n--\n{told}");
    }
    // The note that the acknowledgement became stands before the last question.
    assert!(imported.toml.contains("I agree"), "{}", imported.toml);
}

#[test]
fn what_the_check_refuses_is_taken_out_with_its_reason() {
    let survey = "type | name | label | relevant | constraint\n\
        select_one yn | q | Well? | |\n\
        text | never | Why? | ${q} = 'yes' and ${q} = 'no' |\n\
        integer | n | How many? | | . > 5 and . < 3";
    let (survey, imported) = imported(survey, YES_NO);
    assert!(survey.sections[0].questions.iter().all(|question| question.show_if.is_none()));
    let told: Vec<String> = imported.losses.iter().map(ToString::to_string).collect();
    for loss in [
        "survey!D3 (relevant): the condition `q = 1 and q = 2` is left out; this condition can never hold",
        "survey!E4 (constraint): `max` is left out; `min` (6) is not below `max` (2)",
    ] {
        assert!(told.iter().any(|told| told == loss), "{loss}: {told:?}");
    }
}

#[test]
fn texts_are_cut_until_a_reply_has_room() {
    let rows: Vec<String> = (0..40).map(|at| format!("text | t{at} | What? |")).collect();
    let rows = rows.join("\n");
    let told = "text | long | What? | string-length(.) <= 500";
    let (survey, imported) =
        imported(&format!("type | name | label | constraint\n{told}\n{rows}"), "");
    let lengths: Vec<usize> = survey
        .items()
        .filter_map(|item| match item.answer {
            definition::ItemAnswer::Text(most) => Some(most),
            _ => None,
        })
        .collect();
    assert_eq!(lengths.len(), 41);
    assert_eq!(lengths[0], 500, "what the form says is kept while there is room");
    assert_eq!(
        imported.losses.iter().filter(|loss| loss.what.contains("is cut at 60")).count(),
        40
    );
}

#[test]
fn faults_are_told_in_terms_of_the_sheet() {
    let survey = "type | name | label\n\
        select_one nowhere | q | Well?\n\
        begin_group | g | Part\n\
        text | | What?\n\
        end_group\n\
        texxt | x | What?";
    let faults = from_book(&book(survey, YES_NO), "form.xlsx", None).expect_err("faults");
    assert!(
        faults.to_string().contains(
            "form.xlsx:survey:6: there is no type \"texxt\"\n    hint: did you mean text?"
        ),
        "{faults}"
    );
    let survey = survey.replace("texxt", "text");
    let faults = from_book(&book(&survey, YES_NO), "form.xlsx", None).expect_err("faults");
    let told = faults.to_string();
    assert!(told.contains("form.xlsx:survey:2: there is no list \"nowhere\" of choices"), "{told}");
    assert!(told.contains("form.xlsx:survey:4: this row has no name"), "{told}");
}

#[test]
fn the_survey_of_the_east_of_england_comes_back_as_it_went() {
    let survey = definition::parse("survey.toml", EAST).expect("sound");
    let (bytes, losses) = export(&survey).expect("a workbook");
    assert!(losses.iter().all(|loss| !loss.why.is_empty()));
    let back = import(&bytes, "form.xlsx", None).unwrap_or_else(|faults| panic!("{faults}"));
    let back = definition::parse("back.toml", &back.toml).expect("sound");
    assert_eq!(back.sections, survey.sections);
    assert_eq!(back, survey);
    let again = export(&back).expect("a workbook").0;
    assert_eq!(again, export(&survey).expect("a workbook").0, "the same survey, the same bytes");
}

#[test]
fn a_broken_file_is_refused_wherever_it_breaks_off() {
    let survey = definition::parse("survey.toml", EAST).expect("sound");
    let (bytes, _) = export(&survey).expect("a workbook");
    for end in (0..bytes.len()).step_by(97) {
        assert!(import(&bytes[..end], "form.xlsx", None).is_err(), "cut at {end}");
    }
    for text in ["", "type,name,label", "\u{0}", "PK\u{3}\u{4}"] {
        assert!(import(text.as_bytes(), "form.xlsx", None).is_err(), "{text:?}");
    }
}
