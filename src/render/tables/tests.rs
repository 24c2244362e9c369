//! The download: its columns, its rounding, and nothing where nothing may be.

use super::{Printed, columns, record, text, write_distribution, write_figures, write_region};
use crate::release::sample::release;
use crate::release::{Figure, Release};
use crate::render::files::File;
use crate::spreadsheet::guarded;

fn figures_csv(release: &Release) -> String {
    text(release, write_figures)
}

#[test]
fn the_table_has_its_columns_and_a_row_for_every_node_and_measure() {
    let release = release();
    let text = figures_csv(&release);
    let mut table = csv::Reader::from_reader(text.as_bytes());
    assert!(table.headers().expect("a header").iter().eq(columns()));
    let rows: Vec<csv::StringRecord> = table.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), 4 * 8);
    let field = |org: &str, measure: &str, column: &str| {
        let at = columns().position(|name| name == column).expect("a column");
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
        assert_eq!(guarded(text), format!("'{text}"));
    }
    assert_eq!(guarded("a=b"), "a=b");
}

#[test]
fn a_comma_or_a_quote_does_not_break_a_row() {
    let written = |field: &str| {
        let mut out = Vec::new();
        record(&mut out, [field, "x"].into_iter()).expect("written");
        String::from_utf8(out).expect("text")
    };
    assert_eq!(written("a,b"), "\"a,b\",x\n");
    assert_eq!(written("say \"so\""), "\"say \"\"so\"\"\",x\n");
    assert_eq!(written("plain"), "plain,x\n");
}

#[test]
fn a_published_number_has_its_places_and_a_computed_one_all_it_has() {
    let figure = Figure::nearest(-14.55);
    assert_eq!((figure.text(1), figure.text(0)), ("-14.6".into(), "-15".into()));
    assert_eq!(Figure::nearest(0.0504).text(3), "0.050");
    assert_eq!((200.0_f64 / 3.0).text(1), "66.66666666666667");
    assert_eq!((-0.0_f64).text(1), "0");
    assert_eq!(
        (Figure::percent(1, 8), f64::percent(1, 8)),
        (Some("13".into()), Some("12.5".into()))
    );
}

#[test]
fn every_file_reads_as_it_did() {
    let release = release();
    for file in File::ALL {
        assert_eq!(File::named(file.name()), Some(file));
        if file.shows_stocktake() {
            continue;
        }
        let bytes = file.bytes(&release, None).expect("a file");
        let text = String::from_utf8(bytes).expect("text");
        insta::assert_snapshot!(file.name().replace('.', "_"), text);
    }
    assert_eq!(File::named("other.csv"), None);
}

#[test]
fn the_description_names_the_columns_that_are_there() {
    let release = release();
    let package: serde_json::Value =
        serde_json::from_slice(&File::DataPackage.bytes(&release, None).expect("a file"))
            .expect("JSON");
    for (place, table) in
        [figures_csv(&release), text(&*release, write_distribution), text(&*release, write_region)]
            .iter()
            .enumerate()
    {
        let fields = package["resources"][place]["schema"]["fields"].as_array().expect("fields");
        let named: Vec<&str> = fields.iter().filter_map(|field| field["name"].as_str()).collect();
        assert_eq!(table.lines().next(), Some(named.join(",").as_str()));
    }
}
