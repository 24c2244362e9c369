//! What `responses.csv` may not hold.

use super::*;

/// Each fault on one line, with its hint, from any number of threads.
fn faults(text: &[u8]) -> Vec<String> {
    let found = counted(text, 1, 1 << 20).expect_err("refused");
    for (threads, size) in [(1, 8), (2, 50), (5, 100)] {
        assert_eq!(counted(text, threads, size).expect_err("refused"), found, "{threads} {size}");
    }
    found.iter().map(|fault| fault.to_string().replace("\n    hint:", " |")).collect()
}

fn with(rows: &str) -> Vec<String> {
    faults(format!("{HEADER}{rows}").as_bytes())
}

const POINTS: &str = "write 1, 2, 3, 4, 5, 8, 9, NA, DK or nothing";

#[test]
fn every_fault_of_the_header_is_named() {
    assert_eq!(
        faults(b"wave,org,Q1,q2,Q3,Q1,B1,C1,AGE\nw1,a,1,,,,,,\nw1,a,7,,,,,,\n"),
        [
            "r.csv:1: the column Q2 is missing | every item has a column; leave the cells of one not asked empty".to_owned(),
            "r.csv:1: the column resp is missing | the first columns are wave,org,resp".to_owned(),
            "r.csv:1:13: the column \"q2\" is not known to the survey | did you mean \"Q2\"?".to_owned(),
            "r.csv:1:19: the column Q1 stands here a second time | leave one of them out".to_owned(),
            "r.csv:1:28: the column \"AGE\" is not known to the survey | leave the column out, or evaluate with the survey that has it".to_owned(),
            format!("r.csv:3:6: \"7\" is no answer to Q1 | {POINTS}"),
        ]
    );
    assert_eq!(
        faults(b""),
        ["r.csv: is empty | the first line is wave,org,resp and the items' codes"]
    );
}

#[test]
fn a_question_with_several_answers_has_a_column_for_each() {
    let survey = east();
    let several = survey
        .items()
        .find(|item| item.columns().iter().any(|column| column.tick.is_some()))
        .expect("a question with several answers");
    let asked =
        Asked { survey: &survey, waves: &waves(), min_weight: MinWeight::default(), threads: 1 };
    let text = format!("wave,org,resp,{}\n", several.code);
    let refused = count("r.csv", text.as_bytes(), &asked).expect_err("refused");
    let columns: Vec<&str> = several.columns().iter().map(|column| column.code.as_str()).collect();
    let hint = format!("it has several answers, each with a column: {}", columns.join(", "));
    assert!(refused.iter().any(|fault| fault.hint.as_ref() == Some(&hint)), "{refused}");
    assert_eq!(refused.len(), survey.columns().count() + 1);
}

#[test]
fn every_fault_of_a_row_is_named_at_its_place() {
    assert_eq!(
        with(
            "w1,a,1,1,,,,,\nw3,a,2,1,,,,,\nw1,aa,,1,,,,3,\nw1,top,3,6,x,,,,\nw1,,4,1,,,,,\n,a,5,1,,,,,\n"
        ),
        [
            "r.csv:3:1: the wave \"w3\" is not among the organisations | did you mean \"w1\"?"
                .to_owned(),
            "r.csv:4:4: \"aa\" is no organisation of wave w1 | did you mean \"a\"?".to_owned(),
            "r.csv:4:7: resp is empty | give each response a name or number of its own".to_owned(),
            "r.csv:4:13: \"3\" is no answer to C1 | write 1, 2, NA, DK or nothing".to_owned(),
            "r.csv:5:4: top is no pct in wave w1 | answers are counted at pcts, the lowest level"
                .to_owned(),
            format!("r.csv:5:10: \"6\" is no answer to Q1 | {POINTS}"),
            format!("r.csv:5:12: \"x\" is no answer to Q2 | {POINTS}"),
            "r.csv:6:4: org is empty | list it among the organisations, or correct it here"
                .to_owned(),
            "r.csv:7:1: wave is empty | the waves there are: w1, w2".to_owned(),
        ]
    );
    assert_eq!(
        with("w2,b,1,1,,,,,\n"),
        ["r.csv:2:4: \"b\" is no organisation of wave w2 | did you mean \"a\"?"]
    );
}

#[test]
fn rows_of_the_wrong_length_are_named() {
    let comma = "put a cell that contains a comma in quotation marks";
    assert_eq!(
        with("w1,a,1,1,,,,\nw1,a,2,1,,,,,,\n"),
        [
            format!("r.csv:2: has 8 cells; the header has 9 | {comma}"),
            format!("r.csv:3: has 10 cells; the header has 9 | {comma}"),
        ]
    );
}

#[test]
fn a_second_response_of_a_name_is_seen_wherever_it_stands() {
    let again = "wave, org and resp together name one response";
    assert_eq!(
        with(
            "w1,a,1,1,,,,,\nw1,b,1,1,,,,,\nw2,a,1,1,,,,,\nw1,a,1,2,,,,,\nw1,a, 1,7,,,,,\nw1,a,01,1,,,,,\n"
        ),
        [
            format!("r.csv:5: this response stands on line 2 already | {again}"),
            format!("r.csv:6: this response stands on line 2 already | {again}"),
            format!("r.csv:6:9: \"7\" is no answer to Q1 | {POINTS}"),
        ]
    );
}

#[test]
fn places_are_right_behind_quoted_cells_and_line_ends_in_them() {
    for end in ["\n", "\r\n"] {
        let rows = "w1,a,\"1\",1,,,,,\"é,\n\nü\"\nw1,a,2,\"é,\n\",7,,,,\n\nw1,a,3,1,,,,,\"\"\"\"\n\"w1\",\"a\",\"3\",1,,,,,\n";
        assert_eq!(
            faults(format!("{HEADER}{rows}").replace('\n', end).as_bytes()),
            [
                format!("r.csv:5:8: \"é,{}\" is no answer to Q1 | {POINTS}", end.escape_debug()),
                format!("r.csv:6:3: \"7\" is no answer to Q2 | {POINTS}"),
                "r.csv:9: this response stands on line 8 already | wave, org and resp together name one response".to_owned(),
            ]
        );
    }
}

#[test]
fn a_quotation_mark_without_its_partner_is_shown_where_it_opens() {
    assert_eq!(
        with("w1,a,1,1,,,,,\nw1,a,2,1,,,,,\"é\nw1,a,3,1,,,,,\n"),
        [
            "r.csv:3:14: a quotation mark is opened and never closed | write \" inside a quoted cell as \"\""
        ]
    );
}

#[test]
fn bytes_that_are_not_utf_8_are_shown_in_each_row_that_has_them() {
    let text =
        [HEADER.as_bytes(), b"w1,a,1,1,,,,,\xc3\xa9\xe9\nw1,a,2,1,,,,,\nw1,a,\xff,9,,7,,,\n"];
    assert_eq!(
        faults(&text.concat()),
        [
            "r.csv:2:15: the row is not UTF-8 text from here on | save the file as \"CSV UTF-8\"",
            "r.csv:4:6: the row is not UTF-8 text from here on | save the file as \"CSV UTF-8\"",
        ]
    );
}

#[test]
fn a_row_without_an_end_is_not_read_into_memory_for_ever() {
    struct Endless(usize);
    impl Read for Endless {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            self.0 += into.len();
            assert!(self.0 < 1 << 26, "reading goes on");
            into.fill(b'1');
            Ok(into.len())
        }
    }
    let (survey, waves) = (survey(), waves());
    let asked =
        Asked { survey: &survey, waves: &waves, min_weight: MinWeight::default(), threads: 1 };
    let faults = count("r.csv", HEADER.as_bytes().chain(Endless(0)), &asked).expect_err("refused");
    assert!(faults.to_string().starts_with("r.csv:2: the row has no end"), "{faults}");
}

#[test]
fn a_long_cell_is_not_repeated_and_of_very_many_faults_a_hundred_are_told() {
    let rows: Vec<String> =
        (0..300).map(|at| format!("w1,a,{at},{},,,,,", "n".repeat(at + 20))).collect();
    let rows = rows.join("\n");
    let text = format!("{HEADER}{rows}\nw1,a,1,1,,,,,\n");
    for threads in [1, 2, 5] {
        let found = counted(text.as_bytes(), threads, 999).expect_err("refused");
        assert_eq!((found.iter().count(), found.len()), (100, 301));
        let last = found.iter().last().expect("a fault").to_string();
        let words = "\"nnnnnnnnnnnnnnnnnnnn\" and so on is no answer to Q1";
        assert_eq!(last, format!("r.csv:101:9: {words}\n    hint: {POINTS}"));
    }
}
