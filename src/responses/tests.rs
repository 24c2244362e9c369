//! Every fault is seen where it stands, and what has none is counted once.

use std::io::{self, Read};

use super::count::count_pieces;
use super::*;
use crate::definition::{Survey, parse};
use crate::fault::Faults;
use crate::register::NamedText;
use crate::tabulation::sample::{leaf, marks, survey};
use crate::tabulation::{MinWeight, Tally};

mod orgs;
mod random;
mod refused;

const ORGS: &str = "wave,org,name,level,parent,invited\n\
    w1,top,Top,region,,\nw1,a,A,pct,top,10\nw1,b,B,pct,top,20\n\
    w2,top,Top,region,,\nw2,a,A,pct,top,10\n";
const HEADER: &str = "wave,org,resp,Q1,Q2,Q3,B1,C1,T1\n";

fn waves() -> Vec<WaveOrgs> {
    orgs(ORGS).expect("sound organisations")
}

fn orgs(text: &str) -> Result<Vec<WaveOrgs>, Faults> {
    read_orgs(NamedText { name: "orgs.csv", text: text.as_bytes() })
}

/// Counts a text on so many threads, in pieces of so many bytes.
fn counted(text: &[u8], threads: usize, size: usize) -> Result<Vec<Tally>, Faults> {
    let (survey, waves) = (survey(), waves());
    let asked = Asked { survey: &survey, waves: &waves, min_weight: MinWeight::default(), threads };
    Ok(count_pieces("r.csv", text, &asked, size, false)?.0)
}

/// The same tallies, ballot by ballot; `w1`, `a` and `15d.2` for each.
fn direct(ballots: &[(&str, &str, &str)]) -> Vec<Tally> {
    let survey = survey();
    let of = |wave: &WaveOrgs| {
        let mut tally = Tally::new(&survey, wave.tree.leaves().map(|node| node.code.clone()));
        for (_, org, letters) in ballots.iter().filter(|(code, ..)| *code == wave.wave.as_str()) {
            tally.add(&leaf(org), &marks(letters)).expect("a ballot");
        }
        tally
    };
    waves().iter().map(of).collect()
}

const ROWS: &str = "w1,a,1,1,5,DK,2,1,\nw2,a,1,3,NA,9,,2,\nw1,b,1, 4 ,8,,1,,some words\n";

fn of_rows() -> Vec<Tally> {
    direct(&[("w1", "a", "15d21"), ("w2", "a", "3nn.2"), ("w1", "b", "4d.1.")])
}

#[test]
fn each_cell_becomes_the_mark_that_it_stands_for() {
    let text = format!("{HEADER}{ROWS}");
    assert_eq!(counted(text.as_bytes(), 1, 1 << 20), Ok(of_rows()));
}

#[test]
fn not_asked_stands_where_the_item_has_no_such_option_and_dont_know_is_blank() {
    let found = counted(format!("{HEADER}w1,a,1,1,,,,NA,\nw1,a,2,1,,,,DK,\n").as_bytes(), 1, 64)
        .expect("counted");
    let a = found[0].sum([&leaf("a")]);
    assert_eq!((a.items()[4].not_asked, a.items()[4].blank), (1, 1));
}

#[test]
fn any_line_end_a_byte_order_mark_blank_lines_and_no_last_line_end_are_taken() {
    let text = format!("{HEADER}{ROWS}");
    for text in [
        text.replace('\n', "\r\n"),
        format!("\u{feff}{text}"),
        text.trim_end().to_owned(),
        text.replace('\n', "\n\n"),
        text.replace('\n', "\r\n\r\n"),
    ] {
        for size in [8, 40, 1000] {
            assert_eq!(counted(text.as_bytes(), 2, size), Ok(of_rows()), "{size}: {text:?}");
        }
    }
}

#[test]
fn quoted_cells_hold_commas_line_ends_and_quotation_marks() {
    let words = "\"one, two\nthree \"\"four\"\"\r\n,,,\"";
    let quoted = |text: &str| {
        let cells = text.split(',').map(|cell| format!("\"{cell}\""));
        cells.collect::<Vec<_>>().join(",")
    };
    let rows = ROWS.replace("some words", words);
    let all: Vec<String> = format!("{HEADER}{ROWS}").lines().map(quoted).collect();
    for text in [format!("{HEADER}{rows}"), all.join("\n"), all.join("\r\n") + "\r\n"] {
        for size in [8, 30, 90, 1000] {
            for threads in [1, 3] {
                assert_eq!(
                    counted(text.as_bytes(), threads, size),
                    Ok(of_rows()),
                    "{size}: {text}"
                );
            }
        }
    }
}

#[test]
fn columns_may_stand_in_any_order_and_words_may_be_left_out() {
    let text =
        "C1,resp,B1,Q3,org,Q2,Q1,wave\n1,1,2,DK,a,5,1,w1\n2,1,,NA,a,9,3,w2\n,1,1,,b,DK,4,w1\n";
    assert_eq!(counted(text.as_bytes(), 1, 1000), Ok(of_rows()));
}

#[test]
fn a_source_that_fails_is_a_fault_and_nothing_is_counted() {
    struct Torn(bool);
    impl Read for Torn {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            if std::mem::replace(&mut self.0, true) {
                return Err(io::Error::other("the cable is out"));
            }
            let text = format!("{HEADER}w1,a,1,1,,,,,\n");
            into[..text.len()].copy_from_slice(text.as_bytes());
            Ok(text.len())
        }
    }
    let (survey, waves) = (survey(), waves());
    let asked =
        Asked { survey: &survey, waves: &waves, min_weight: MinWeight::default(), threads: 2 };
    let faults = count("r.csv", Torn(false), &asked).expect_err("refused").to_string();
    assert!(faults.contains("the cable is out"), "{faults}");
}

/// The survey of the East of England: scales, choices, several choices, numbers.
fn east() -> Survey {
    let text = include_str!("../../survey_definitions/east-of-england/survey.toml");
    parse("survey.toml", text).expect("the survey is sound")
}
