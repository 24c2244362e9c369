//! Samples of the overview: with all that it may have, and with the least.

use super::super::super::layout::{Fact, Link};
use super::super::super::stocktake::LightView;
use super::super::super::template::Page;
use super::super::overview::Choice;
use super::super::{
    BarrierRow, CellView, ChangeRow, Choices, ChosenTable, ClaimCell, ClaimsRow, HeadView,
    OverviewPage, OverviewRow, ProposalView,
};
use super::{
    HIDDEN, band, chart, figure, flag, groups, layout, legend, number, range, score, shades, trend,
};
use crate::pages::layout::Layout;

fn head(label: &str, sort: &str, sorted: bool) -> HeadView {
    HeadView {
        label: label.to_owned(),
        href: Some(format!("/results/2007-Q4/measure/{sort}")),
        sort: format!("/results/2007-Q4?sort={sort}"),
        sorted: if sorted { "ascending" } else { "" }.to_owned(),
    }
}

fn change() -> ChangeRow {
    ChangeRow {
        name: "Luton".to_owned(),
        href: "/results/2007-Q4/pct/luton".to_owned(),
        index: "Information".to_owned(),
        words: "↑ improved".to_owned(),
        difference: figure("8.1"),
        lo: figure("2.0"),
        hi: figure("14.2"),
    }
}

fn proposal(id: &str, decided: &str) -> ProposalView {
    ProposalView {
        id: id.to_owned(),
        flag: flag(),
        unit: "luton".to_owned(),
        rule: "claim-gap".to_owned(),
        measure: "MS_BUD".to_owned(),
        decided: decided.to_owned(),
    }
}

fn claims() -> ClaimsRow {
    let cell = |symbol: &str, words: &str, class: &str, share: Option<&str>| ClaimCell {
        symbol: symbol.to_owned(),
        words: words.to_owned(),
        class: class.to_owned(),
        claim: "Yes".to_owned(),
        share: share.map(figure),
    };
    ClaimsRow {
        name: "Luton".to_owned(),
        href: "/results/2007-Q4/pct/luton".to_owned(),
        cells: vec![
            cell("▲", "reported, not experienced", "gap-more", Some("31")),
            cell("[c]", "not shown, to protect anonymity", "", None),
        ],
    }
}

fn barrier(associated: bool) -> BarrierRow {
    BarrierRow {
        place: 1,
        label: "Problems with data".to_owned(),
        href: "/results/2007-Q4/measure/BAR_DATA".to_owned(),
        score: score(true),
        of_all: associated.then(|| figure("12")),
        running: associated.then(|| figure("24")),
        priority: associated.then(|| figure("25.2")),
        priority_range: associated.then(|| range("16.6", "32.7")),
        supported: if associated { "goes with slow progress" } else { "" }.to_owned(),
    }
}

fn shown() -> CellView {
    CellView {
        mean: Some(figure("68.8")),
        class: "heat-4".to_owned(),
        mark: String::new(),
        said: String::new(),
        band: Some(band()),
        change: "↑ improved".to_owned(),
    }
}

fn hidden() -> CellView {
    CellView {
        mean: None,
        class: "heat-none".to_owned(),
        mark: "[c]".to_owned(),
        said: HIDDEN.to_owned(),
        band: None,
        change: String::new(),
    }
}

fn row(
    name: &str,
    href: Option<&str>,
    light: Option<LightView>,
    responded: &str,
    cells: Vec<CellView>,
) -> OverviewRow {
    OverviewRow {
        name: name.to_owned(),
        href: href.map(str::to_owned),
        light,
        responded: figure(responded),
        invited: figure("24"),
        cells,
    }
}

impl Page for OverviewPage {
    const TEMPLATE: &'static str = "results/overview";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
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
            headline: vec![
                "No PCT differs clearly.".to_owned(),
                "118 of 162 leads answered.".to_owned(),
            ],
            name_head: head("PCT", "name", true),
            light_head: stocktake.as_ref().map(|_| head("Stocktake", "light", false)),
            answered_head: head("Answered", "answered", false),
            heads: vec![
                head("Milestones experienced", "IDX_MIL", false),
                head("Information", "IDX_INF", false),
            ],
            choices: stocktake.as_ref().map(|_| Choices {
                clusters: vec![Choice {
                    label: "All PCTs".to_owned(),
                    href: "/results/2007-Q4".to_owned(),
                    current: true,
                }],
            }),
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
            since: stocktake.as_ref().map(|_| "2007-Q3".to_owned()),
            changes: if caution.is_none() { vec![change()] } else { Vec::new() },
            no_change: "Nothing has clearly changed since 2007-Q3.".to_owned(),
            chosen: vec![ChosenTable::sample(true), ChosenTable::sample(false)],
            flags: if caution.is_none() { vec![flag()] } else { Vec::new() },
            proposals: if caution.is_none() {
                vec![proposal("look-1", ""), proposal("look-2", "Confirmed by office@example.org")]
            } else {
                Vec::new()
            },
            decide: stocktake.as_ref().map(|_| "/results/2007-Q4/look-first".to_owned()),
            claim_heads: if stocktake.is_some() {
                vec![
                    Link::new("Budget signed off", "/results/2007-Q4/measure/MS_BUD"),
                    Link::new("Plans", ""),
                ]
            } else {
                Vec::new()
            },
            claims: if stocktake.is_some() { vec![claims()] } else { Vec::new() },
            barrier_chart: stocktake.as_ref().map(|_| chart("barriers")),
            numbers: if stocktake.is_some() {
                vec![number(true), number(false)]
            } else {
                Vec::new()
            },
            trends: if stocktake.is_some() { vec![trend("trend")] } else { Vec::new() },
            stocktake,
            hidden: "3 of 4 figures in this table are not shown, to protect anonymity.".to_owned(),
            heat: legend("heat", ["0 to 19", "20 to 39", "40 to 59", "60 to 79", "80 to 100"]),
            legend: shades(),
            groups: groups(),
            barriers: vec![barrier(true), barrier(false)],
            major: "serious or very serious".to_owned(),
            words: vec![Link::new("In their own words", "/results/2007-Q4/comments")],
            downloads: vec![Link::new("figures.csv", "/results/2007-Q4/download/figures.csv")],
        };
        vec![
            page(Some(Link::new("15 June 2007", "/stocktake/2007-06-15")), None),
            page(None, Some("Treat with caution: fewer than half of the leads answered.")),
        ]
    }
}
