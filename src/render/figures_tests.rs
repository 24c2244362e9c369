//! The download: its columns, its rounding, and nothing where nothing may be.

use super::{COLUMNS, figures_csv, quoted, safe};
use crate::release::sample::release;

#[test]
fn the_table_has_its_columns_and_a_row_for_every_node_and_measure() {
    let release = release();
    let text = figures_csv(&release);
    let mut table = csv::Reader::from_reader(text.as_bytes());
    assert!(table.headers().expect("a header").iter().eq(COLUMNS));
    let rows: Vec<csv::StringRecord> = table.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), 4 * 6);
    let field = |org: &str, measure: &str, column: &str| {
        let at = COLUMNS.iter().position(|name| *name == column).expect("a column");
        let row = rows.iter().find(|row| row.get(2) == Some(org) && row.get(4) == Some(measure));
        row.and_then(|row| row.get(at)).expect("a field").to_owned()
    };
    // Unit a, item Q1: points 1 to 5 and a second 1, each twice: mean 1000/24 of 12 answers.
    assert_eq!(field("a", "Q1", "mean"), "41.7");
    assert_eq!((field("a", "Q1", "n"), field("a", "Q1", "N_q")), ("12".into(), "20".into()));
    assert_eq!(field("a", "Q1", "pct_fav"), "33");
    assert_eq!(field("a", "Q1", "pct_major"), "");
    assert_eq!(
        (field("a", "B1", "kind"), field("a", "B1", "pct_fav")),
        ("barrier".into(), String::new())
    );
    assert_eq!(field("a", "IDX_TWO", "items_used"), "2");
    assert_eq!(field("a", "IDX_TWO", "n_star"), "12");
    assert_eq!(field("a", "Q1", "name"), "'-Unit a");
    assert_eq!(field("a", "B1", "label"), "'=Wording of B1, with a comma");
    assert_eq!(field("c", "Q1", "status"), "c");
}

#[test]
fn a_row_that_is_not_ok_has_no_figure() {
    let release = release();
    let table = figures_csv(&release);
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    for row in rows.records() {
        let row = row.expect("a row");
        let figures = row.iter().skip(8).filter(|field| !field.is_empty()).count();
        assert_eq!(row.get(7) == Some("ok"), figures > 0, "{row:?}");
    }
}

#[test]
fn no_text_is_taken_for_a_formula() {
    for text in ["=1+1", "+44", "-x", "@cmd", "\tx", "\rx"] {
        assert_eq!(safe(text), format!("'{text}"));
    }
    assert_eq!(safe("a=b"), "a=b");
}

#[test]
fn a_comma_or_a_quote_does_not_break_a_row() {
    assert_eq!(quoted("a,b"), "\"a,b\"");
    assert_eq!(quoted("say \"so\""), "\"say \"\"so\"\"\"");
    assert_eq!(quoted("plain"), "plain");
}

#[test]
fn the_files_read_as_they_did() {
    let release = release();
    insta::assert_snapshot!("figures_csv", figures_csv(&release));
    let json = String::from_utf8(crate::render::json::release_json(&release)).expect("text");
    insta::assert_snapshot!("release_json", json);
}
