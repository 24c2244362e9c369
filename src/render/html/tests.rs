//! A release becomes pages: what is shown is printed as released, what is
//! hidden is not there in any form.

use super::*;
use crate::id::OrgCode;
use crate::pages::{Frame, OverviewPage, Pages, PctPage, StocktakeColumn, UnitStocktake};
use crate::release::{Cell, MeasureKind, Release, print, sample::release};

fn code(text: &str) -> OrgCode {
    text.parse().expect("a code")
}

fn stocktake() -> StocktakeColumn {
    let mut column = StocktakeColumn::sample();
    let unit: UnitStocktake = column.units["luton"].clone();
    column.units.insert("a".to_owned(), unit);
    column
}

fn overview_of(release: &Release) -> OverviewPage {
    overview(release, &Frame::sample(), Some(&stocktake()), &["figures.csv"]).expect("a page")
}

fn pct_of(release: &Release, unit: &str) -> PctPage {
    pct(release, &code(unit), &Frame::sample(), Some(&stocktake())).expect("a page")
}

#[test]
fn the_overview_prints_shown_indexes_and_marks_hidden_ones() {
    let release = release();
    let page = overview_of(&release);
    let row = |name: &str| page.rows.iter().find(|row| row.name == name).expect("a row");
    let shown = super::words::figures(release.cell(&code("a"), "IDX_TWO"));
    let printed = print::one(shown.expect("a is shown").mean);
    assert_eq!(row("-Unit a").cells[0].mean.as_deref(), Some(printed.as_str()));
    assert_eq!(row("-Unit c").cells[0].mean, None);
    assert_eq!(row("-Unit c").cells[0].mark, "[c]");
    assert_eq!((row("-Unit c").responded.as_str(), row("-Unit c").invited), ("fewer than 5", 5));
    assert_eq!(row("-Unit a").light.as_ref().map(|light| light.word.as_str()), Some("Amber"));
    assert_eq!(row("-Unit b").light, None);
    assert_eq!(page.downloads[0].href, "/results/2007-Q4/download/figures.csv");
}

#[test]
fn a_hidden_pct_has_a_page_without_any_figure() {
    let release = release();
    let page = pct_of(&release, "c");
    assert!(page.indexes.iter().all(|row| row.score.is_none() && row.strip.is_none()));
    let items = page.groups.iter().flat_map(|group| &group.items).chain(&page.barriers);
    for item in items {
        assert!(item.score.is_none() && item.bars.is_empty() && item.counts.is_empty());
        assert_eq!(item.mark, "[c]");
    }
    assert_eq!(page.hidden, "6 of the 6 figures for this PCT are not shown, to protect anonymity.");
}

#[test]
fn a_shown_pct_stands_beside_its_region() {
    let release = release();
    let page = pct_of(&release, "a");
    let first = &page.indexes[0];
    assert_eq!(first.used, "2 of 2");
    let root = super::words::figures(release.cell(&code("eoe"), "IDX_TWO"));
    let root = root.expect("the region is shown").mean;
    assert_eq!(first.region, print::one(root));
    let line = format!("{:.1}%", root.value());
    assert_eq!(first.strip.as_ref().and_then(|strip| strip.line.as_deref()), Some(line.as_str()));
    let item = &page.groups[0].items[0];
    let widths: f64 = item
        .bars
        .iter()
        .map(|b| b.width.trim_end_matches('%').parse::<f64>().expect("a width"))
        .sum();
    assert!((widths - 100.0).abs() < 0.3, "{widths}");
    assert_eq!(item.counts, "point 1 4 · point 2 2 · point 3 2 · point 4 2 · point 5 2");
    assert_eq!(page.claims.len(), 5);
    assert_eq!(page.claims[0].experienced, "Not asked in this survey");
    assert_eq!(page.facts[0].value, "12 of 20 leads (60%)");
    assert!(
        page.caution.as_ref().is_some_and(|said| said.starts_with("Some leads did not answer"))
    );
}

#[test]
fn a_measure_lists_shown_pcts_by_score_and_hidden_ones_last() {
    let release = release();
    let page = measure(&release, "Q1", &Frame::sample()).expect("a page");
    let names: Vec<&str> = page.units.iter().map(|unit| unit.name.as_str()).collect();
    assert_eq!(names, ["-Unit a", "-Unit b", "-Unit c"]);
    assert!(page.units[0].score.is_some() && page.units[2].score.is_none());
    assert!(page.total.strip.as_ref().is_some_and(|strip| strip.root));
    assert_eq!(page.options.len(), 7);
    assert_eq!((page.options[6].score.as_str(), page.options[6].count), ("not scored", None));
    assert_eq!(page.options.iter().filter(|option| option.counted).count(), 2);
    let counted: u64 = page.options.iter().filter_map(|option| option.count).sum();
    assert_eq!(Some(counted), page.total.score.as_ref().map(|score| score.n));
}

#[test]
fn an_index_lists_its_questions_and_a_barrier_says_which_end_is_bad() {
    let release = release();
    let index = measure(&release, "IDX_ALL", &Frame::sample()).expect("a page");
    assert_eq!((index.members.len(), index.options.len()), (3, 0));
    assert_eq!(index.kind, "Index of 3 questions");
    let barrier = measure(&release, "B1", &Frame::sample()).expect("a page");
    assert!(barrier.direction.contains("most severe"));
    assert_eq!(barrier.share_head, "Major");
}

#[test]
fn the_caution_follows_the_rate_and_the_number() {
    let mut org = release().node(&code("a")).expect("a node").clone();
    let mut said = |responded, invited| {
        (org.responded, org.invited) = (responded, invited);
        super::words::caution(&org).unwrap_or_default()
    };
    assert_eq!(said(Some(14), 20), "");
    assert!(said(Some(13), 20).starts_with("Some leads did not answer"));
    assert!(said(Some(10), 20).starts_with("Some leads did not answer"));
    assert!(said(Some(10), 21).starts_with("Treat with caution"));
    assert_eq!(said(Some(9), 9), "Small number of answers.");
    assert_eq!(said(Some(0), 9), "", "nothing is shown, so nothing needs a caution");
    assert_eq!(said(None, 9), "");
}

#[test]
fn an_interval_of_no_width_says_that_all_have_answered() {
    let release = release();
    let cell = release.cell(&code("a"), "Q1");
    let mut cell = cell.expect("a cell").clone();
    let said = |cell: &Cell| {
        super::words::score(super::words::figures(Some(cell)).expect("a is shown")).range
    };
    assert!(said(&cell).contains(" to "), "{}", said(&cell));
    let figures = cell.figures.as_mut().expect("a is shown");
    figures.n_q = figures.n;
    let score = figures.score.as_mut().expect("a score");
    (score.reply.lo, score.reply.hi) = (score.mean, score.mean);
    assert_eq!(said(&cell), "all answered");
}

#[test]
fn what_is_not_in_the_release_has_no_page() {
    let release = release();
    assert!(measure(&release, "Q9", &Frame::sample()).is_none());
    assert!(pct(&release, &code("nowhere"), &Frame::sample(), None).is_none());
    assert!(pct(&release, &code("eoe"), &Frame::sample(), None).is_none(), "the region is no PCT");
}

#[test]
fn every_page_of_a_release_is_rendered_and_says_that_its_data_is_synthetic() {
    let release = release();
    let pages = Pages::new().expect("templates");
    let mut out = vec![pages.html(&overview_of(&release)).expect("the overview")];
    out.extend(["a", "b", "c"].map(|unit| pages.html(&pct_of(&release, unit)).expect(unit)));
    for of in release.measures().iter().filter(|of| of.kind != MeasureKind::Rate) {
        let page = measure(&release, &of.code, &Frame::sample()).expect("a page");
        out.push(pages.html(&page).expect(&of.code));
    }
    assert!(out.iter().all(|html| html.contains("Synthetic data:")));
    assert!(out.iter().all(|html| !html.contains("NaN") && !html.contains("{group}")));
}
