//! Samples of the pages of results: a PCT that is shown, one that is hidden,
//! and one that nobody answered for.

mod overview;

use super::super::layout::{Fact, Frame, Layout, Link};
use super::super::stocktake::LightView;
use super::super::template::Page;
use super::{
    ActRow, BandView, ChartView, ClaimRow, FigureView, FlagView, IndexRow, ItemGroup, ItemRow,
    LegendEntry, MeasurePage, MeasureUnitRow, NOTICE, NumberRow, OptionRow, PctPage, RangeView,
    ScoreView, SpreadRow, TrendRow, TrendView,
};

const HIDDEN: &str = "Not shown, to protect anonymity";

fn figure(text: &str) -> FigureView {
    FigureView { text: text.to_owned(), at: "luton/IDX_MIL/mean".to_owned() }
}

fn range(lo: &str, hi: &str) -> RangeView {
    RangeView { lo: figure(lo), hi: figure(hi) }
}

fn score(share: bool) -> ScoreView {
    ScoreView {
        mean: figure("68.8"),
        range: Some(range("63.1", "74.4")),
        n: figure("16"),
        n_q: figure("23"),
        share: share.then(|| figure("69")),
        share_range: share.then(|| range("55", "78")),
    }
}

fn band() -> BandView {
    BandView {
        symbol: "▼".to_owned(),
        words: "below the rest".to_owned(),
        class: "band-down".to_owned(),
    }
}

/// A drawing, with a name of its own.
fn drawing(name: &str) -> String {
    format!(
        "<svg class=\"so-svg\" viewBox=\"0 0 320 36\" role=\"img\" aria-labelledby=\"{name}-title\"><title id=\"{name}-title\">Sample</title></svg>"
    )
}

fn chart(name: &str) -> ChartView {
    ChartView { title: "Of PBC groups".to_owned(), svg: drawing(name) }
}

fn trend(name: &str) -> TrendView {
    let row = |wave: &str, mean: Option<&str>, change: &str| TrendRow {
        wave: wave.to_owned(),
        href: format!("/results/{wave}"),
        mean: mean.map(str::to_owned),
        range: "63.1 to 74.4".to_owned(),
        n: "16 of 23".to_owned(),
        change: change.to_owned(),
        mark: if mean.is_some() { "" } else { "[c]" }.to_owned(),
    };
    TrendView {
        label: "Information".to_owned(),
        href: "/results/2007-Q4/measure/IDX_INF".to_owned(),
        svg: drawing(name),
        rows: vec![
            row("2007-Q2", None, ""),
            row("2007-Q3", Some("61.0"), ""),
            row("2007-Q4", Some("68.8"), "↑ improved"),
        ],
    }
}

fn number(shown: bool) -> NumberRow {
    NumberRow {
        wording: "How many cases have been waiting?".to_owned(),
        href: "/results/2007-Q4/measure/BC_WAIT".to_owned(),
        counted: "No case waiting".to_owned(),
        n: shown.then(|| figure("16")),
        n_q: shown.then(|| figure("23")),
        share: shown.then(|| figure("44")),
        range: shown.then(|| range("31", "60")),
        region: figure("51"),
        mark: if shown { "" } else { "[c]" }.to_owned(),
        said: if shown { "" } else { HIDDEN }.to_owned(),
    }
}

fn flag() -> FlagView {
    FlagView {
        unit: "Luton".to_owned(),
        unit_href: "/results/2007-Q4/pct/luton".to_owned(),
        label: "Budget <PCT>".to_owned(),
        href: "/results/2007-Q4/measure/MS_BUD".to_owned(),
        why: "The PCT reports agreed; 31% of leads say so.".to_owned(),
        note: "Asked for the <PCT> minutes.".to_owned(),
    }
}

fn legend(prefix: &str, labels: [&str; 5]) -> Vec<LegendEntry> {
    let entry = |(place, label): (usize, &str)| LegendEntry {
        class: format!("{prefix}-{}", place + 1),
        label: label.to_owned(),
    };
    labels.into_iter().enumerate().map(entry).collect()
}

fn shades() -> Vec<LegendEntry> {
    legend("dist", ["Worst answer", "Second worst", "Middle", "Second best", "Best answer"])
}

fn item(shown: bool, name: &str) -> ItemRow {
    ItemRow {
        wording:
            "How would you rate the accuracy of the activity data your group receives from <PCT>?"
                .to_owned(),
        href: "/results/2007-Q4/measure/INF_ACC".to_owned(),
        score: shown.then(|| score(true)),
        mark: if shown { "" } else { "[c]" }.to_owned(),
        said: if shown { "" } else { HIDDEN }.to_owned(),
        band: shown.then(band),
        bars: shown.then(|| drawing(name)),
        counts: if shown { "Very good 10, Very poor 6" } else { "" }.to_owned(),
    }
}

fn groups() -> Vec<ItemGroup> {
    vec![
        ItemGroup {
            title: "Information".to_owned(),
            about: "The data that groups receive.".to_owned(),
            items: vec![item(true, "one"), item(false, "")],
            compared: true,
        },
        ItemGroup {
            title: "Other questions".to_owned(),
            about: String::new(),
            items: vec![item(true, "two")],
            compared: false,
        },
    ]
}

fn layout(title: &str) -> Layout {
    Frame::sample().at("/results").page(title).notice(Some(NOTICE)).wide().themed()
}

fn act(clear: bool) -> ActRow {
    ActRow {
        kind: "Barrier".to_owned(),
        label: "Problems with data".to_owned(),
        href: "/results/2007-Q4/measure/BAR_DATA".to_owned(),
        why: "Severity 62.5.".to_owned(),
        sure: "More severe than in the rest of the region.".to_owned(),
        clear,
    }
}

impl Page for PctPage {
    const TEMPLATE: &'static str = "results/pct";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let index = |shown: bool| IndexRow {
            label: "Information".to_owned(),
            href: "/results/2007-Q4/measure/IDX_INF".to_owned(),
            score: shown.then(|| score(false)),
            mark: if shown { "" } else { "[c]" }.to_owned(),
            said: if shown { "" } else { HIDDEN }.to_owned(),
            used: if shown { "3 of 3" } else { "" }.to_owned(),
            region: figure("55.0"),
            band: shown.then(band),
            change: if shown { "no clear change" } else { "" }.to_owned(),
            strip: shown.then(|| drawing("strip")),
        };
        let claim = |class: &str, shown: bool| ClaimRow {
            label: "Budget signed off".to_owned(),
            href: shown.then(|| "/results/2007-Q4/measure/MS_BUD".to_owned()),
            claim: "Yes".to_owned(),
            class: class.to_owned(),
            experienced: if shown { "" } else { "[c]" }.to_owned(),
            share: shown.then(|| score(true)),
            strip: shown.then(|| drawing("share")),
            flag: if shown { "claimed, not experienced" } else { "not enough responses" }
                .to_owned(),
            flag_class: if shown { "gap-more" } else { "" }.to_owned(),
            gap: shown.then(|| "31.3 points, 21.7 to 45.0".to_owned()),
        };
        let page = |claims: Vec<ClaimRow>, caution: Option<&str>| Self {
            layout: layout("Bedfordshire").trail(vec![
                Link::new("Results", "/results"),
                Link::new("October to December 2007", "/results/2007-Q4"),
            ]),
            heading: "Bedfordshire".to_owned(),
            wave: "October to December 2007".to_owned(),
            region: "East of England".to_owned(),
            headline: vec!["Below the rest on <PCT> decisions.".to_owned()],
            flags: if caution.is_none() { vec![flag()] } else { Vec::new() },
            act: if caution.is_none() { vec![act(true), act(false)] } else { Vec::new() },
            since: caution.is_none().then(|| "2007-Q3".to_owned()),
            numbers: if caution.is_none() { vec![number(true), number(false)] } else { Vec::new() },
            barrier_chart: caution.is_none().then(|| chart("barriers")),
            trends: if caution.is_none() { vec![trend("trend")] } else { Vec::new() },
            facts: vec![Fact::new("Answered", "16 of 24 leads (67%)")],
            caution: caution.map(str::to_owned),
            light: (!claims.is_empty()).then(LightView::amber),
            indexes: vec![index(true), index(false)],
            legend: shades(),
            groups: groups(),
            barriers: vec![item(true, "three"), item(false, "")],
            major: "serious or very serious".to_owned(),
            stocktake: (!claims.is_empty())
                .then(|| Link::new("15 June 2007", "/stocktake/2007-06-15")),
            claims,
            hidden: "2 of 40 figures for this PCT are not shown, to protect anonymity.".to_owned(),
        };
        vec![
            page(vec![claim("claim-yes", true), claim("claim-no", false)], None),
            page(Vec::new(), Some("Some leads did not answer.")),
        ]
    }
}

impl Page for MeasurePage {
    const TEMPLATE: &'static str = "results/measure";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let unit = |name: &str, shown: bool, share: bool| MeasureUnitRow {
            name: name.to_owned(),
            href: Some("/results/2007-Q4/pct/luton".to_owned()),
            score: shown.then(|| score(share)),
            mark: if shown { "" } else { "[c]" }.to_owned(),
            said: if shown { "" } else { HIDDEN }.to_owned(),
            band: shown.then(band),
            delta: shown.then(|| figure("-0.31")),
            rank: shown.then(|| figure("3")),
            rank_lo: shown.then(|| figure("1")),
            rank_hi: shown.then(|| figure("9")),
            eb: shown.then(|| figure("66.0")),
            change: if shown { "no clear change" } else { "" }.to_owned(),
        };
        let option = |label: &str, score: &str, count| OptionRow {
            label: label.to_owned(),
            score: score.to_owned(),
            counted: score == "100",
            count,
            percent: count.map(|_| "38%".to_owned()),
            class: if count.is_some() { "dist-5" } else { "" }.to_owned(),
            width: count.map(|_| "37.5%".to_owned()),
        };
        let page = |item: bool| Self {
            layout: layout("Problems with data").trail(vec![Link::new("Results", "/results")]),
            heading: if item { "Problems with data" } else { "Information" }.to_owned(),
            stem: if item { "How serious is each of these as a barrier?" } else { "" }.to_owned(),
            code: "BAR_DATA".to_owned(),
            kind: "Question in the section \"Barriers\"".to_owned(),
            direction: "Scores run from 0 to 100.".to_owned(),
            wave: "October to December 2007".to_owned(),
            options: if item {
                vec![
                    option("A very serious barrier", "100", Some(6)),
                    option("Don't know", "not scored", None),
                ]
            } else {
                Vec::new()
            },
            share_head: if item { "Major" } else { "" }.to_owned(),
            members: if item {
                Vec::new()
            } else {
                vec![Link::new("Accuracy", "/results/2007-Q4/measure/INF_ACC")]
            },
            units: vec![unit("Bedfordshire", true, item), unit("Luton", false, item)],
            total: MeasureUnitRow {
                band: None,
                delta: None,
                rank: None,
                eb: None,
                change: String::new(),
                ..unit("East of England", true, item)
            },
            hidden: "1 of 2 PCTs is not shown, to protect anonymity.".to_owned(),
            since: item.then(|| "2007-Q3".to_owned()),
            caterpillar: item.then(|| chart("caterpillar")),
            ranked: item,
            columns: if item { 8 } else { 4 },
            funnel: item.then(|| chart("funnel")),
            spread: item.then(|| chart("spread")),
            spread_heads: vec!["Very good".to_owned()],
            spread_rows: vec![SpreadRow { name: "Luton".to_owned(), counts: vec![6], n: 16 }],
            trend: item.then(|| trend("trend")),
            download: Link::new("BAR_DATA.csv", "/results/2007-Q4/measure/BAR_DATA/figures.csv"),
        };
        vec![page(true), page(false)]
    }
}
