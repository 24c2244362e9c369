//! Samples of the pages of results: a PCT that is shown, one that is hidden,
//! and one that nobody answered for.

use super::super::layout::{Fact, Frame, Layout, Link};
use super::super::stocktake::LightView;
use super::super::template::Page;
use super::{
    BarSegment, CellView, ClaimRow, IndexRow, ItemGroup, ItemRow, LegendEntry, MeasurePage,
    MeasureUnitRow, NOTICE, OptionRow, OverviewPage, OverviewRow, PctPage, ScoreView, Strip,
};

const HIDDEN: &str = "Not shown, to protect anonymity";

fn score(share: bool) -> ScoreView {
    ScoreView {
        mean: "68.8".to_owned(),
        range: "63.1 to 74.4".to_owned(),
        n: 16,
        n_q: 23,
        share: share.then(|| "69%".to_owned()),
        share_range: share.then(|| "55% to 78%".to_owned()),
    }
}

fn strip() -> Strip {
    Strip {
        lo: "63.1%".to_owned(),
        hi: "74.4%".to_owned(),
        dot: "68.8%".to_owned(),
        line: Some("55.0%".to_owned()),
        root: false,
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

fn item(shown: bool) -> ItemRow {
    let bar = |x: &str, width: &str, class: &str, said: &str| BarSegment {
        x: x.to_owned(),
        width: width.to_owned(),
        class: class.to_owned(),
        said: said.to_owned(),
    };
    ItemRow {
        wording:
            "How would you rate the accuracy of the activity data your group receives from <PCT>?"
                .to_owned(),
        href: "/results/2007-Q4/measure/INF_ACC".to_owned(),
        score: shown.then(|| score(true)),
        mark: if shown { "" } else { "[c]" }.to_owned(),
        said: if shown { "" } else { HIDDEN }.to_owned(),
        bars: if shown {
            vec![
                bar("0%", "37.5%", "dist-1", "Very poor: 6"),
                bar("37.5%", "62.5%", "dist-5", "Very good: 10"),
            ]
        } else {
            Vec::new()
        },
        counts: if shown { "Very good 10, Very poor 6" } else { "" }.to_owned(),
    }
}

fn groups() -> Vec<ItemGroup> {
    vec![
        ItemGroup {
            title: "Information".to_owned(),
            about: "The data that groups receive.".to_owned(),
            items: vec![item(true), item(false)],
        },
        ItemGroup {
            title: "Other questions".to_owned(),
            about: String::new(),
            items: vec![item(true)],
        },
    ]
}

fn layout(title: &str) -> Layout {
    Frame::sample().at("/results").page(title).notice(Some(NOTICE)).wide()
}

impl Page for OverviewPage {
    const TEMPLATE: &'static str = "results/overview";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let shown = || CellView {
            mean: Some("68.8".to_owned()),
            class: "heat-4".to_owned(),
            mark: String::new(),
            said: String::new(),
        };
        let hidden = || CellView {
            mean: None,
            class: "heat-none".to_owned(),
            mark: "[c]".to_owned(),
            said: HIDDEN.to_owned(),
        };
        let row = |name: &str, href: Option<&str>, light, responded: &str, cells| OverviewRow {
            name: name.to_owned(),
            href: href.map(str::to_owned),
            light,
            responded: responded.to_owned(),
            invited: 24,
            cells,
        };
        let page = |stocktake: Option<Link>, caution: Option<&str>| Self {
            layout: layout("October to December 2007")
                .trail(vec![Link::new("Results", "/results")]),
            heading: "October to December 2007".to_owned(),
            region: "East of England".to_owned(),
            facts: vec![
                Fact::new("Answered", "118 of 162 leads (73%)"),
                Fact::new("Closed", "14 December 2007"),
            ],
            caution: caution.map(str::to_owned),
            heads: vec![
                Link::new("Milestones experienced", "/results/2007-Q4/measure/IDX_MIL"),
                Link::new("Information", "/results/2007-Q4/measure/IDX_INF"),
            ],
            rows: vec![
                row(
                    "Bedfordshire",
                    Some("/results/2007-Q4/pct/bedfordshire"),
                    stocktake.as_ref().map(|_| LightView::green()),
                    "16",
                    vec![shown(), hidden()],
                ),
                row(
                    "Luton",
                    Some("/results/2007-Q4/pct/luton"),
                    None,
                    "fewer than 5",
                    vec![hidden(), hidden()],
                ),
            ],
            total: row("East of England", None, None, "118", vec![shown(), shown()]),
            stocktake,
            hidden: "3 of 4 figures in this table are not shown, to protect anonymity.".to_owned(),
            heat: legend("heat", ["0 to 19", "20 to 39", "40 to 59", "60 to 79", "80 to 100"]),
            legend: shades(),
            groups: groups(),
            barriers: vec![item(true), item(false)],
            major: "serious or very serious".to_owned(),
            downloads: vec![Link::new("figures.csv", "/results/2007-Q4/download/figures.csv")],
        };
        vec![
            page(Some(Link::new("15 June 2007", "/stocktake/2007-06-15")), None),
            page(None, Some("Treat with caution: fewer than half of the leads answered.")),
        ]
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
            region: "55.0".to_owned(),
            strip: shown.then(strip),
        };
        let claim = |class: &str, shown: bool| ClaimRow {
            label: "Budget signed off".to_owned(),
            href: shown.then(|| "/results/2007-Q4/measure/MS_BUD".to_owned()),
            claim: "Yes".to_owned(),
            class: class.to_owned(),
            experienced: if shown { "69%" } else { "[c]" }.to_owned(),
            range: shown.then(|| "55% to 78%".to_owned()),
            strip: shown.then(strip),
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
            facts: vec![Fact::new("Answered", "16 of 24 leads (67%)")],
            caution: caution.map(str::to_owned),
            light: (!claims.is_empty()).then(LightView::amber),
            indexes: vec![index(true), index(false)],
            legend: shades(),
            groups: groups(),
            barriers: vec![item(true), item(false)],
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
            href: "/results/2007-Q4/pct/luton".to_owned(),
            score: shown.then(|| score(share)),
            mark: if shown { "" } else { "[c]" }.to_owned(),
            said: if shown { "" } else { HIDDEN }.to_owned(),
            strip: shown.then(strip),
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
                strip: Some(Strip { root: true, line: None, ..strip() }),
                ..unit("East of England", true, item)
            },
            hidden: "1 of 2 PCTs is not shown, to protect anonymity.".to_owned(),
        };
        vec![page(true), page(false)]
    }
}
