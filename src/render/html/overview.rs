//! `/results/{wave}`: the region, and its PCTs side by side.

use super::chosen::chosen;
use super::order::Order;
use super::pct::flag_class;
use super::{Around, Eyes, flags, headline, trends, words};
use crate::pages::{
    BarrierRow, CellView, ChangeRow, ClaimCell, ClaimView, ClaimsRow, FigureView, Link,
    OverviewPage, OverviewRow, RangeView,
};
use crate::release::{ChangeLabel, Figure, GapFlag, Measure, Org, Release, Stat, print};
use crate::render::chart::{self, by_severity, change_words};
use crate::render::seen::{Seen, seen};

/// The overview of a release in the order that a reader chose. `downloads` are
/// the names of the files that can be taken away.
///
/// Source of what is said about the response: methods.md 10.
#[must_use]
pub fn overview(
    release: &Release,
    around: &Around<'_>,
    order: &Order,
    downloads: &[&str],
) -> Option<OverviewPage> {
    let root = release.root()?;
    let about = release.about();
    let stocktake = around.stocktake;
    let leaves = order.rows(release, stocktake);
    let indexed = leaves
        .iter()
        .flat_map(|org| release.indexes().filter_map(|index| release.cell(&org.code, &index.code)));
    let changes = changes(release, around, root, &leaves);
    let since = words::since(release);
    let head = |label: &str, sort: &str| order.head(release, label, sort, None);
    let base = words::wave_href(release);
    Some(OverviewPage {
        layout: words::layout(release, around.frame, &about.wave_title)
            .trail(words::all_results(around)),
        heading: about.wave_title.clone(),
        region: root.name.clone(),
        headline: headline::of_region(release, root),
        facts: words::facts(release, root),
        caution: words::caution(root),
        name_head: head("PCT", "name"),
        light_head: stocktake.map(|_| head("Stocktake", "light")),
        answered_head: head("Answered", "answered"),
        heads: release
            .indexes()
            .map(|index| {
                let href = words::measure_href(release, &index.code);
                order.head(release, &index.label, &index.code, Some(href))
            })
            .collect(),
        choices: order.choices(release),
        rows: leaves
            .iter()
            .map(|org| OverviewRow {
                href: around.href(release, org),
                light: stocktake
                    .and_then(|column| column.units.get(org.code.as_str()))
                    .map(|unit| unit.light.clone()),
                ..row(release, org)
            })
            .collect(),
        total: row(release, root),
        stocktake: stocktake.map(|column| Link::new(&column.date, &column.href)),
        hidden: words::hidden(indexed, "index scores of PCTs"),
        heat: chart::heat_legend(),
        no_change: since
            .as_ref()
            .map(|since| format!("Nothing has clearly changed since {since}: what moved may have moved by chance."))
            .unwrap_or_default(),
        since,
        changes,
        flags: flags::confirmed(release, around),
        proposals: flags::proposals(release, around),
        decide: (around.eyes == Eyes::Office).then(|| format!("{base}/look-first")),
        claim_heads: claim_heads(release, around),
        claims: claims(release, around, &leaves),
        barriers: barriers(release, root),
        barrier_chart: chart::barriers(release, root).as_ref().map(words::chart_view),
        major: words::major(release),
        legend: chart::shade_legend(),
        groups: words::groups(release, root),
        numbers: words::numbers(release, root),
        chosen: chosen(release),
        words: around.words.to_vec(),
        trends: trends::indexes(&around.waves(release), root),
        downloads: downloads
            .iter()
            .map(|name| Link::new(*name, format!("{base}/download/{name}")))
            .collect(),
    })
}

fn row(release: &Release, org: &Org) -> OverviewRow {
    let cell = |index: &Measure| {
        let cell = release.cell(&org.code, &index.code);
        let shown = seen(cell);
        let (mark, said) = words::mark(cell);
        let class = shown
            .map_or_else(|| "heat-none".to_owned(), |own| chart::heat(own.mean, index.severity));
        let mean = shown.map(|own| words::figure(org, &index.code, "mean", print::one(own.mean)));
        let change = shown.as_ref().filter(|own| is_clear(own)).map(change_words);
        let band = words::band(index, shown.as_ref());
        CellView { mean, class, mark, said, band, change: change.unwrap_or_default() }
    };
    OverviewRow {
        name: org.name.clone(),
        href: None,
        light: None,
        responded: words::figure(org, "RESPONSE", "responded", words::responded(release, org)),
        invited: words::figure(org, "RESPONSE", "invited", org.invited.to_string()),
        cells: release.indexes().map(cell).collect(),
    }
}

pub(super) fn is_clear(own: &Seen<'_>) -> bool {
    let label = own.figures.change.as_ref().and_then(|change| change.label);
    matches!(label, Some(ChangeLabel::Improved | ChangeLabel::Worsened))
}

/// The clear changes of indexes, the region first.
fn changes(release: &Release, around: &Around<'_>, root: &Org, leaves: &[&Org]) -> Vec<ChangeRow> {
    let mut rows = Vec::new();
    for org in std::iter::once(&root).chain(leaves) {
        for index in release.indexes() {
            let own = seen(release.cell(&org.code, &index.code)).filter(is_clear);
            let Some(own) = own else { continue };
            let Some(change) = &own.figures.change else { continue };
            let Some(range) = change.interval else { continue };
            let print =
                |figure, column: &str| words::figure(org, &index.code, column, print::one(figure));
            rows.push(ChangeRow {
                name: org.name.clone(),
                href: around.href(release, org).unwrap_or_else(|| words::wave_href(release)),
                index: index.label.clone(),
                words: change_words(&own),
                difference: print(change.difference, "change"),
                lo: print(range.lo, "change_lo"),
                hi: print(range.hi, "change_hi"),
            });
        }
    }
    rows
}

/// The milestones that are asked for, of the first PCT with a return.
fn milestones<'a>(around: &Around<'a>) -> &'a [ClaimView] {
    let units = around.stocktake.map(|column| &column.units);
    let first = units.and_then(|units| units.values().next());
    first.map(|unit| unit.claims.as_slice()).unwrap_or_default()
}

fn claim_heads(release: &Release, around: &Around<'_>) -> Vec<Link> {
    let head = |claim: &ClaimView| {
        let href = release.measure(&claim.item).map(|of| words::measure_href(release, &of.code));
        Link::new(&claim.label, href.unwrap_or_default())
    };
    milestones(around).iter().map(head).collect()
}

fn claims(release: &Release, around: &Around<'_>, leaves: &[&Org]) -> Vec<ClaimsRow> {
    let Some(column) = around.stocktake else { return Vec::new() };
    let row = |org: &&Org| {
        let unit = column.units.get(org.code.as_str())?;
        Some(ClaimsRow {
            name: org.name.clone(),
            href: words::pct_href(release, org),
            cells: unit.claims.iter().map(|claim| claim_cell(release, org, claim)).collect(),
        })
    };
    leaves.iter().filter_map(row).collect()
}

fn claim_cell(release: &Release, org: &Org, claim: &ClaimView) -> ClaimCell {
    let cell = release.cell(&org.code, &claim.item);
    let flag = release.claimed(&org.code, &claim.item, claim.percent).flag;
    let symbol = match flag {
        GapFlag::ClaimedNotExperienced => "▲",
        GapFlag::ExperiencedNotClaimed => "▼",
        GapFlag::Consistent => "=",
        GapFlag::NoReturn => "–",
        GapFlag::NotEnoughResponses => "[c]",
    };
    let share = seen(cell).and_then(|own| own.share);
    ClaimCell {
        symbol: symbol.to_owned(),
        words: flag.words().to_owned(),
        class: flag_class(flag).to_owned(),
        claim: claim.claim.clone(),
        share: share
            .map(|(percent, _)| words::figure(org, &claim.item, "pct_fav", print::whole(percent))),
    }
}

fn barriers(release: &Release, root: &Org) -> Vec<BarrierRow> {
    let row = |(number, (barrier, own)): (usize, (&Measure, Seen<'_>))| {
        let of_root = release.root_figures().get(&barrier.code);
        let stat = |stat: Stat| of_root.and_then(|of| of.get(&stat)).copied();
        let print = |of: Stat, print: fn(Figure) -> String| {
            let at = format!("region.csv/{}/{}", barrier.code, of.code());
            stat(of).map(|figure| FigureView { text: print(figure), at })
        };
        BarrierRow {
            place: number + 1,
            label: barrier.label.clone(),
            href: words::measure_href(release, &barrier.code),
            score: words::score(root, barrier, &own),
            of_all: print(Stat::MajorShare, print::whole),
            running: print(Stat::MajorRunning, print::whole),
            priority: print(Stat::Priority, print::one),
            priority_range: print(Stat::PriorityLo, print::one)
                .zip(print(Stat::PriorityHi, print::one))
                .map(|(lo, hi)| RangeView { lo, hi }),
            supported: match stat(Stat::PrioritySupported).map(Figure::whole) {
                Some(1) => "goes with slow progress",
                Some(_) => "may be chance",
                None => "",
            }
            .to_owned(),
        }
    };
    by_severity(release, root).into_iter().enumerate().map(row).collect()
}
