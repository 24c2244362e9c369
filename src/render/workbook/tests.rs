//! The workbook read back by another program's library.

use std::fmt::Write as _;
use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};

use super::*;
use crate::release::sample::release;
use crate::render::tables::{text, write_figures};

fn read(bytes: &[u8]) -> Xlsx<Cursor<Vec<u8>>> {
    open_workbook_from_rs(Cursor::new(bytes.to_vec())).expect("a workbook")
}

/// Everything in a workbook as text, a line for each row.
fn told(bytes: &[u8]) -> String {
    let mut book = read(bytes);
    let mut all = String::new();
    for name in book.sheet_names() {
        writeln!(all, "# {name}").expect("a text");
        let range = book.worksheet_range(&name).expect("a sheet");
        for row in range.rows() {
            let cells: Vec<String> = row.iter().map(ToString::to_string).collect();
            writeln!(all, "{}", cells.join(" | ").trim_end_matches([' ', '|'])).expect("a text");
        }
    }
    all
}

#[test]
fn the_workbook_reads_as_it_did() {
    let release = release();
    let stocktake = StocktakeColumn::sample();
    insta::assert_snapshot!(told(&workbook(&release, Some(&stocktake)).expect("a workbook")));
}

#[test]
fn the_same_release_gives_the_same_bytes_and_its_own_day() {
    let release = release();
    let bytes = workbook(&release, None).expect("a workbook");
    assert_eq!(bytes, workbook(&release, None).expect("a workbook"));
    assert_eq!(day_of(&release), NaiveDate::from_ymd_opt(2007, 10, 31));
}

#[test]
fn numbers_are_numbers_as_the_table_has_them_and_nothing_is_a_formula() {
    let release = release();
    let mut book = read(&workbook(&release, None).expect("a workbook"));
    let table = text(&*release, write_figures);
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let heads = rows.headers().expect("heads").clone();
    let at = |name: &str| heads.iter().position(|head| head == name).expect("a column");
    let mut expected: Vec<(String, String, String)> = rows
        .records()
        .map(|row| row.expect("a row"))
        .filter(|row| matches!(&row[at("kind")], "item" | "barrier"))
        .map(|row| {
            let mean = match &row[at("status")] {
                "ok" => row[at("mean")].parse::<f64>().expect("a number").to_string(),
                mark => format!("[{mark}]"),
            };
            // Names that begin like a formula are quoted in CSV only.
            (
                row[at("name")].trim_start_matches('\'').to_owned(),
                row[at("measure")].to_owned(),
                mean,
            )
        })
        .collect();
    let mut found = Vec::new();
    for sheet in ["Questions", "Barriers"] {
        let range = book.worksheet_range(sheet).expect("a sheet");
        for row in range.rows().skip(4) {
            let mean = match &row[4] {
                Data::Float(number) => number.to_string(),
                Data::String(mark) if mark.starts_with('[') => mark.clone(),
                // A number's share has no score.
                other => panic!("{other:?}"),
            };
            found.push((row[0].to_string(), row[1].to_string(), mean));
        }
    }
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
    for name in book.sheet_names() {
        let formulas = book.worksheet_formula(&name).expect("a sheet");
        assert_eq!(formulas.used_cells().count(), 0, "{name}");
    }
}

#[test]
fn a_pcts_workbook_holds_it_and_the_whole_alone() {
    let release = release();
    let unit = release.leaves().next().expect("a unit");
    let told = told(&workbook_of(&release, unit, None).expect("a workbook"));
    assert!(told.contains(&unit.name));
    for other in release.leaves().skip(1) {
        assert!(!told.contains(&other.name), "{} is in it", other.name);
    }
    assert!(!told.contains("# Claims"), "claims without a stocktake");
}
