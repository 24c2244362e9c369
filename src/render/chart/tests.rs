//! Charts of a release show what is shown and nothing else, and say it in words.

use scraper::{Html, Selector};

use super::*;
use crate::release::sample::waves;
use crate::release::{Measure, Org, Release};

fn org<'r>(release: &'r Release, code: &str) -> &'r Org {
    release.node(&code.parse().expect("a code")).expect("a node")
}

fn of<'r>(release: &'r Release, code: &str) -> &'r Measure {
    release.measure(code).expect("a measure")
}

/// Every kind of chart of the later wave.
fn all() -> Vec<Svg> {
    let [before, after] = waves();
    let (a, root) = (org(&after, "a"), org(&after, "eoe"));
    let charts = [
        strip(&after, a, of(&after, "IDX_TWO")),
        strip(&after, root, of(&after, "IDX_TWO")),
        share_strip(&after, a, of(&after, "Q1")),
        strips(&after, a),
        caterpillar(&after, of(&after, "Q1")),
        caterpillar(&after, of(&after, "B1")),
        distribution(&after, a, of(&after, "Q1")),
        distributions(&after, of(&after, "B1")),
        funnel(&after, of(&after, "IDX_TWO")),
        trend(&[&before, &after], org(&after, "c"), of(&after, "IDX_ALL")),
        trend(&[&before, &after], root, of(&after, "IDX_ALL")),
        barriers(&after, a),
        barriers(&after, root),
    ];
    charts.into_iter().map(|chart| chart.expect("a chart")).collect()
}

#[test]
fn the_charts_read_as_they_did() {
    let said: Vec<String> = all().iter().map(|svg| svg.inline().replace("><", ">\n<")).collect();
    insta::assert_snapshot!(said.join("\n\n"));
}

#[test]
fn every_chart_has_words_a_name_of_its_own_and_stays_on_its_paper() {
    let mut names = Vec::new();
    let number = |text: &str| text.parse::<f64>().expect("a number");
    for svg in all() {
        let page = Html::parse_fragment(&svg.inline());
        assert!(!svg.title().is_empty() && svg.desc().len() > 20, "{}", svg.name());
        let (width, height) = svg.size();
        for (css, x, y) in
            [("text", "x", "y"), ("rect", "x", "y"), ("circle", "cx", "cy"), ("line", "x2", "y2")]
        {
            for mark in page.select(&Selector::parse(css).expect("a selector")) {
                let [x, y] = [x, y].map(|at| number(mark.attr(at).expect("a place")));
                assert!((-1.0..=width + 1.0).contains(&x), "{}: {css} at x {x}", svg.name());
                assert!((-1.0..=height + 1.0).contains(&y), "{}: {css} at y {y}", svg.name());
            }
        }
        assert!(!svg.inline().contains("style=") && !svg.inline().contains("NaN"));
        names.push(svg.name().to_owned());
    }
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn what_is_hidden_is_in_no_chart() {
    let [before, after] = waves();
    let h = org(&after, "h");
    assert!(strip(&after, h, of(&after, "IDX_TWO")).is_none());
    assert!(distribution(&after, h, of(&after, "Q1")).is_none());
    assert!(barriers(&after, h).is_none() && strips(&after, h).is_none());
    assert!(trend(&[&before, &after], h, of(&after, "Q1")).is_none());
    let all = caterpillar(&after, of(&after, "Q1")).expect("a chart").inline();
    assert!(all.contains("Not shown, to protect anonymity, or without answers: Unit E, Unit H."));
    assert!(!all.contains("Unit H:"), "{all}");
}

#[test]
fn a_shape_says_what_a_band_says() {
    let [_, after] = waves();
    let shapes = |unit: &str| {
        let chart = strip(&after, org(&after, unit), of(&after, "IDX_TWO")).expect("a chart");
        (chart.inline().matches("c-apart").count(), chart.inline().matches("<circle").count())
    };
    assert_eq!((shapes("a"), shapes("b"), shapes("d")), ((1, 0), (1, 0), (0, 1)));
    let said = caterpillar(&after, of(&after, "IDX_TWO")).expect("a chart");
    assert!(said.desc().contains("Unit B: above the rest."), "{}", said.desc());
    assert!(said.desc().contains("below the rest."), "{}", said.desc());
}

#[test]
fn a_lone_chart_has_a_rule_for_every_class_that_it_uses() {
    for svg in all() {
        let text = svg.standalone();
        let page = Html::parse_fragment(&text);
        let style = text.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next());
        let style = style.expect("a style");
        for marked in page.select(&Selector::parse("[class]").expect("a selector")) {
            for class in marked.attr("class").unwrap_or_default().split(' ') {
                // These only name what a mark is, for readers and scripts.
                let bare = ["c-one", "c-label", "so-svg"].contains(&class);
                assert!(bare || style.contains(&format!(".{class}")), "{}: {class}", svg.name());
            }
        }
    }
}
