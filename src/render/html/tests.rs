//! A release becomes pages: what is shown is printed as released, what is
//! hidden is not there in any form.

use std::sync::Arc;

use super::*;
use crate::id::OrgCode;
use crate::pages::{
    FigureView, Frame, OverviewPage, Pages, PctPage, StocktakeColumn, UnitStocktake,
};
use crate::release::sample::{release, waves};
use crate::release::{Band, Cell, Decided, Decision, LookRule, MeasureKind, Release, print};
use crate::render::seen::seen;

fn code(text: &str) -> OrgCode {
    text.parse().expect("a code")
}

fn stocktake() -> StocktakeColumn {
    let mut column = StocktakeColumn::sample();
    let unit: UnitStocktake = column.units["luton"].clone();
    column.units.insert("a".to_owned(), unit);
    column
}

/// Calls with what lies around a release for these eyes.
fn with<T>(
    eyes: Eyes,
    past: &[Arc<Release>],
    decided: &[Decided],
    of: impl Fn(&Around<'_>) -> T,
) -> T {
    let (frame, stocktake) = (Frame::sample(), stocktake());
    of(&Around {
        frame: &frame,
        stocktake: Some(&stocktake),
        past,
        decided,
        eyes,
        own: None,
        words: &[],
    })
}

fn overview_of(release: &Release) -> OverviewPage {
    let order = Order::default();
    with(Eyes::Everybody, &[], &[], |around| {
        overview(release, around, &order, &["figures.csv"]).expect("a page")
    })
}

fn pct_of(release: &Release, unit: &str) -> PctPage {
    with(Eyes::Everybody, &[], &[], |around| pct(release, &code(unit), around).expect("a page"))
}

fn measure_of(release: &Release, of: &str) -> Option<crate::pages::MeasurePage> {
    with(Eyes::Everybody, &[], &[], |around| measure(release, of, around))
}

fn text(figure: Option<&FigureView>) -> Option<&str> {
    figure.map(|figure| figure.text.as_str())
}

#[test]
fn the_overview_prints_shown_indexes_and_marks_hidden_ones() {
    let release = release();
    let page = overview_of(&release);
    let row = |name: &str| page.rows.iter().find(|row| row.name == name).expect("a row");
    let shown = seen(release.cell(&code("a"), "IDX_TWO"));
    let printed = print::one(shown.expect("a is shown").mean);
    assert_eq!(text(row("-Unit a").cells[0].mean.as_ref()), Some(printed.as_str()));
    assert_eq!(row("-Unit c").cells[0].mean, None);
    assert_eq!(row("-Unit c").cells[0].mark, "[c]");
    let answered = row("-Unit c");
    assert_eq!(
        (answered.responded.text.as_str(), answered.invited.text.as_str()),
        ("fewer than 5", "5")
    );
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
        assert!(item.score.is_none() && item.bars.is_none() && item.counts.is_empty());
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
    let root = seen(release.cell(&code("eoe"), "IDX_TWO"));
    let root = root.expect("the region is shown").mean;
    assert_eq!(first.region.text, print::one(root));
    let strip = first.strip.as_ref().expect("a strip");
    assert!(strip.contains(&format!("-Unit eoe {}", print::one(root))), "{strip}");
    let item = &page.groups[0].items[0];
    assert!(item.bars.as_ref().is_some_and(|bars| bars.contains("point 5: 2")));
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
    let page = measure_of(&release, "Q1").expect("a page");
    let names: Vec<&str> = page.units.iter().map(|unit| unit.name.as_str()).collect();
    assert_eq!(names, ["-Unit a", "-Unit b", "-Unit c"]);
    assert!(page.units[0].score.is_some() && page.units[2].score.is_none());
    assert!(page.total.band.is_none() && page.units[0].band.is_some());
    assert_eq!(page.options.len(), 7);
    assert_eq!((page.options[6].score.as_str(), page.options[6].count), ("not scored", None));
    assert_eq!(page.options.iter().filter(|option| option.counted).count(), 2);
    let counted: u64 = page.options.iter().filter_map(|option| option.count).sum();
    let n = page.total.score.as_ref().map(|score| score.n.text.clone());
    assert_eq!(Some(counted.to_string()), n);
}

#[test]
fn an_index_lists_its_questions_and_a_barrier_says_which_end_is_bad() {
    let release = release();
    let index = measure_of(&release, "IDX_ALL").expect("a page");
    assert_eq!((index.members.len(), index.options.len()), (3, 0));
    assert_eq!(index.kind, "Index of 3 questions");
    let barrier = measure_of(&release, "B1").expect("a page");
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
    let org = release.node(&code("a")).expect("a node");
    let measure = release.measure("Q1").expect("a measure");
    let mut cell = release.cell(&code("a"), "Q1").expect("a cell").clone();
    let range =
        |cell: &Cell| super::words::score(org, measure, &seen(Some(cell)).expect("shown")).range;
    assert!(range(&cell).is_some());
    let figures = cell.figures.as_mut().expect("a is shown");
    figures.n_q = figures.n;
    let score = figures.score.as_mut().expect("a score");
    (score.reply.lo, score.reply.hi) = (score.mean, score.mean);
    assert!(range(&cell).is_none());
}

#[test]
fn what_is_not_in_the_release_has_no_page() {
    let release = release();
    assert!(measure_of(&release, "Q9").is_none());
    for unit in ["nowhere", "eoe"] {
        let page = with(Eyes::Office, &[], &[], |around| pct(&release, &code(unit), around));
        assert!(page.is_none(), "{unit} is no PCT");
    }
}

#[test]
fn every_page_of_a_release_is_rendered_and_says_that_its_data_is_synthetic() {
    let release = release();
    let pages = Pages::new().expect("templates");
    let mut out = vec![pages.html(&overview_of(&release)).expect("the overview")];
    out.extend(["a", "b", "c"].map(|unit| pages.html(&pct_of(&release, unit)).expect(unit)));
    for of in release.measures().iter().filter(|of| of.kind != MeasureKind::Rate) {
        out.push(pages.html(&measure_of(&release, &of.code).expect("a page")).expect(&of.code));
    }
    assert!(out.iter().all(|html| html.contains("Synthetic data:")));
    assert!(out.iter().all(|html| !html.contains("NaN") && !html.contains("{group}")));
}

#[test]
fn the_headline_says_what_the_bands_say_and_no_more() {
    let [before, after] = waves();
    let headline = |unit: &str| pct_of(&after, unit).headline;
    let a = headline("a");
    assert!(a[0].starts_with("Below the rest of the Unit EOE on IDX_TWO"), "{a:?}");
    assert!(
        headline("b")[0].starts_with("Above the rest of the Unit EOE on"),
        "{:?}",
        headline("b")
    );
    let d = headline("d");
    assert_eq!(d[0], "No clear difference from the rest of the Unit EOE on any index.");
    assert_eq!(d[1], "No clear change since 2007-Q3.");
    assert_eq!(d.last().expect("a sentence"), "12 of 20 leads answered.");
    assert!(headline("c").iter().any(|said| said.starts_with("Worsened since 2007-Q3 on IDX_TWO")));
    assert_eq!(headline("h"), ["Fewer than 5 of 20 leads answered."]);
    // The first wave has none before it.
    assert!(pct_of(&before, "c").headline.iter().all(|said| !said.contains("since")));
}

#[test]
fn where_to_act_first_never_says_more_than_its_band() {
    let [_, after] = waves();
    for unit in ["a", "b", "c", "d", "e", "f", "g"] {
        for row in pct_of(&after, unit).act {
            let code = row.href.rsplit('/').next().expect("a measure").to_owned();
            let own = seen(after.cell(&super::tests::code(unit), &code)).expect("shown");
            let bad = match row.kind.as_str() {
                "Barrier" => own.band() == Some(Band::Above),
                "Question" => own.band() == Some(Band::Below),
                _ => true,
            };
            assert_eq!(row.clear, bad, "{unit}: {row:?}");
            let alike = own.band() == Some(Band::InLine);
            let said = row.sure.contains("no clear difference") || row.sure.contains("chance");
            assert_eq!(said, alike && !row.clear, "{unit}: {row:?}");
        }
    }
    let low = pct_of(&after, "a").act;
    assert!(low.iter().any(|row| row.kind == "Question" && row.clear), "{low:?}");
    assert!(pct_of(&after, "h").act.is_empty());
}

#[test]
fn only_the_office_sees_proposals_and_everybody_what_was_confirmed() {
    let [_, after] = waves();
    let order = Order::default();
    let page = |eyes, decided: &[Decided]| {
        with(eyes, &[], decided, |around| overview(&after, around, &order, &[]).expect("a page"))
    };
    let proposed = page(Eyes::Office, &[]);
    assert!(proposed.decide.is_some() && proposed.flags.is_empty());
    let fall = |view: &&crate::pages::ProposalView| view.unit == "c" && view.rule == "fall";
    let found = proposed.proposals.iter().find(fall).expect("c fell");
    assert!(
        found.flag.why.starts_with("The score fell by 50.0 points since 2007-Q3"),
        "{:?}",
        found.flag
    );
    for eyes in [Eyes::Everybody, Eyes::Sha] {
        let seen = page(eyes, &[]);
        assert!(seen.proposals.is_empty() && seen.decide.is_none() && seen.flags.is_empty());
    }
    let decided = |decision| Decided {
        unit: code("c"),
        rule: LookRule::Fall,
        measure: found.measure.clone(),
        decision,
        note: "Ask about the minutes".to_owned(),
        who: "office@example.org".to_owned(),
    };
    let confirmed = page(Eyes::Everybody, &[decided(Decision::Confirmed)]);
    assert_eq!(confirmed.flags.len(), 1);
    assert_eq!(confirmed.flags[0].note, "Ask about the minutes");
    assert!(page(Eyes::Everybody, &[decided(Decision::Dismissed)]).flags.is_empty());
    let on = |unit: &str| {
        let all = [decided(Decision::Confirmed)];
        with(Eyes::Everybody, &[], &all, |around| pct(&after, &code(unit), around).expect("a page"))
    };
    assert_eq!((on("c").flags.len(), on("d").flags.len()), (1, 0));
}

#[test]
fn the_overview_is_sorted_and_limited_as_its_address_says() {
    let [_, after] = waves();
    let names = |sort: Option<&str>, cluster: Option<&str>| {
        let order = Order::asked(&after, sort, cluster);
        let page = with(Eyes::Everybody, &[], &[], |around| {
            overview(&after, around, &order, &[]).expect("a page")
        });
        page.rows.iter().map(|row| row.name.replace("Unit ", "")).collect::<String>()
    };
    assert_eq!(names(None, None), "ABCDEFGH");
    assert_eq!(names(Some("IDX_TWO"), None), "ACDFGBEH", "hidden ones last");
    assert_eq!(names(Some("answered"), None), "HABCDEFG", "fewer than 5 first");
    assert_eq!(names(None, Some("south")), "EFGH");
    assert_eq!(names(Some("<script>"), Some("nowhere")), "ABCDEFGH");
    let page = overview_of(&after);
    let choices = page.choices.expect("clusters");
    assert_eq!(choices.clusters[1].href, "/results/2007-Q4?cluster=north");
    assert_eq!(page.heads[0].sort, "/results/2007-Q4?sort=IDX_TWO");
    assert_eq!(page.name_head.sorted, "ascending");
}

#[test]
fn a_trend_is_joined_where_the_release_compares_and_broken_elsewhere() {
    let [before, after] = waves();
    let past = [Arc::new(before)];
    let page = with(Eyes::Everybody, &past, &[], |around| {
        pct(&after, &code("c"), around).expect("a page")
    });
    let trend = page.trends.first().expect("a trend");
    let said: Vec<_> =
        trend.rows.iter().map(|row| (row.wave.as_str(), row.change.as_str())).collect();
    assert_eq!(said, [("2007-Q3", ""), ("2007-Q4", "↓ worsened")]);
    assert!(trend.svg.contains("c-trend") && !trend.svg.contains("c-break"));
    // The same waves without the comparison: as if the question had been changed.
    let [_, other] = waves();
    let twice = [Arc::new(other)];
    let broken = with(Eyes::Everybody, &twice, &[], |around| {
        pct(&twice[0], &code("c"), around).expect("a page")
    });
    let trend = broken.trends.first().expect("a trend");
    assert!(trend.svg.contains("c-break"));
    assert_eq!(trend.rows[1].change, "not compared: asked or made up differently");
    let hidden = with(Eyes::Everybody, &past, &[], |around| {
        pct(&after, &code("h"), around).expect("a page")
    });
    assert!(hidden.trends.is_empty());
}

#[test]
fn the_funnel_is_for_the_sha_and_the_office() {
    let [_, after] = waves();
    let funnel = |eyes| {
        let page = with(eyes, &[], &[], |around| measure(&after, "Q1", around).expect("a page"));
        page.funnel.is_some()
    };
    assert_eq!([Eyes::Everybody, Eyes::Sha, Eyes::Office].map(funnel), [false, true, true]);
}
