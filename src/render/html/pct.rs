//! `/results/{wave}/pct/{code}`: one PCT beside its region.

use super::{Around, act, flags, headline, trends, words};
use crate::id::OrgCode;
use crate::pages::{ClaimRow, ClaimView, IndexRow, Link, PctPage};
use crate::release::{Figure, GapFlag, Level, Measure, Org, Release, Status, print};
use crate::render::chart;
use crate::render::seen::seen;

/// The page of a PCT; none if the release has no PCT of this code.
#[must_use]
pub fn pct(release: &Release, code: &OrgCode, around: &Around<'_>) -> Option<PctPage> {
    let org = release.node(code).filter(|org| org.level == Level::Pct)?;
    let root = release.root()?;
    let stocktake = around.stocktake;
    let unit = stocktake.and_then(|column| column.units.get(code.as_str()));
    let claims = unit.map(|unit| unit.claims.as_slice()).unwrap_or_default();
    let measures = || release.items().chain(release.indexes());
    let cells = || measures().filter_map(|m| release.cell(code, &m.code));
    let shown = cells().any(|cell| cell.status == Status::Shown);
    let nothing =
        || format!("No result of {} is shown for this wave, to protect anonymity.", org.name);
    // A page of rows that all say the same would say nothing.
    Some(PctPage {
        layout: words::layout(release, around.frame, &org.name)
            .trail(words::trail(release, around)),
        heading: org.name.clone(),
        wave: release.about().wave_title.clone(),
        region: root.name.clone(),
        headline: headline::of_pct(release, org, &root.name),
        facts: words::facts(release, org),
        caution: if shown { words::caution(org) } else { Some(nothing()) },
        light: unit.map(|unit| unit.light.clone()),
        flags: flags::confirmed(release, around)
            .into_iter()
            .filter(|flag| flag.unit_href == words::pct_href(release, org))
            .collect(),
        act: act::rows(release, org, claims),
        indexes: release.indexes().map(|index| index_row(release, org, root, index)).collect(),
        since: words::since(release),
        legend: chart::shade_legend(),
        groups: if shown { words::groups(release, org) } else { Vec::new() },
        numbers: if shown { words::numbers(release, org) } else { Vec::new() },
        barriers: if shown { words::barriers(release, org) } else { Vec::new() },
        barrier_chart: chart::barriers(release, org).as_ref().map(words::chart_view),
        major: words::major(release),
        claims: claims.iter().map(|claim| claim_row(release, org, claim)).collect(),
        stocktake: unit.and(stocktake).map(|column| Link::new(&column.date, &column.href)),
        trends: trends::indexes(&around.waves(release), org),
        hidden: words::hidden(cells(), "figures for this PCT"),
    })
}

fn index_row(release: &Release, org: &Org, root: &Org, index: &Measure) -> IndexRow {
    let cell = release.cell(&org.code, &index.code);
    let shown = seen(cell);
    let region = release.cell(&root.code, &index.code);
    let of_region = seen(region).map(|own| own.mean);
    let (mark, said) = words::mark(cell);
    let printed = of_region.map_or_else(|| words::mark(region).0, print::one);
    IndexRow {
        label: index.label.clone(),
        href: words::measure_href(release, &index.code),
        score: shown.as_ref().map(|own| words::score(org, index, own)),
        mark,
        said,
        used: shown
            .map(|own| format!("{} of {}", own.figures.used.len(), index.members.len()))
            .unwrap_or_default(),
        region: words::figure(root, &index.code, "mean", printed),
        band: words::band(index, shown.as_ref()),
        change: shown.as_ref().map(chart::change_words).unwrap_or_default(),
        strip: chart::strip(release, org, index).map(|svg| svg.inline()),
    }
}

/// A milestone as claimed, beside the share of leads who experience it so.
fn claim_row(release: &Release, org: &Org, claim: &ClaimView) -> ClaimRow {
    let asked = release.measure(&claim.item);
    let claimed = release.claimed(&org.code, &claim.item, claim.percent);
    let cell = asked.and_then(|measure| release.cell(&org.code, &measure.code));
    let shown = asked.zip(seen(cell)).filter(|(_, own)| own.share.is_some());
    let instead = match (asked, &shown) {
        (None, _) => "Not asked in this survey".to_owned(),
        (Some(_), Some(_)) => String::new(),
        (Some(_), None) => {
            let (mark, said) = words::mark(cell);
            format!("{mark} {said}")
        }
    };
    ClaimRow {
        label: claim.label.clone(),
        href: asked.map(|measure| words::measure_href(release, &measure.code)),
        claim: claim.claim.clone(),
        class: claim.class.clone(),
        experienced: instead,
        share: shown.as_ref().map(|(measure, own)| words::score(org, measure, own)),
        strip: asked
            .and_then(|measure| chart::share_strip(release, org, measure))
            .map(|svg| svg.inline()),
        flag: if asked.is_some() { claimed.flag.words().to_owned() } else { String::new() },
        flag_class: flag_class(claimed.flag).to_owned(),
        gap: claimed.gap.map(|gap| {
            let [gap, lo, hi] = [gap.gap, gap.interval.lo, gap.interval.hi]
                .map(|points| print::one(Figure::nearest(points)));
            format!("{gap} points, {lo} to {hi}")
        }),
    }
}

/// The class that marks a gap.
pub(super) fn flag_class(flag: GapFlag) -> &'static str {
    match flag {
        GapFlag::ClaimedNotExperienced => "gap-more",
        GapFlag::ExperiencedNotClaimed => "gap-less",
        GapFlag::Consistent => "gap-none",
        GapFlag::NotEnoughResponses | GapFlag::NoReturn => "",
    }
}
