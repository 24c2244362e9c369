//! `/results/{wave}/pct/{code}`: one PCT beside its region.

use super::words;
use crate::id::OrgCode;
use crate::pages::{ClaimRow, ClaimView, Frame, IndexRow, Link, PctPage, StocktakeColumn};
use crate::release::{Figure, GapFlag, Level, Measure, Org, Release, Status, print};
use crate::render::chart;

/// The page of a PCT; none if the release has no PCT of this code.
#[must_use]
pub fn pct(
    release: &Release,
    code: &OrgCode,
    frame: &Frame,
    stocktake: Option<&StocktakeColumn>,
) -> Option<PctPage> {
    let org = release.node(code).filter(|org| org.level == Level::Pct)?;
    let root = release.root()?;
    let unit = stocktake.and_then(|column| column.units.get(code.as_str()));
    let measures = || release.items().chain(release.indexes());
    let cells = || measures().filter_map(|m| release.cell(code, &m.code));
    let something_shown = cells().any(|cell| cell.status == Status::Shown);
    let nothing =
        || format!("No result of {} is shown for this wave, to protect anonymity.", org.name);
    Some(PctPage {
        layout: words::layout(release, frame, &org.name).trail(words::trail(release)),
        heading: org.name.clone(),
        wave: release.about().wave_title.clone(),
        region: root.name.clone(),
        facts: words::facts(release, org),
        caution: if something_shown { words::caution(org) } else { Some(nothing()) },
        light: unit.map(|unit| unit.light.clone()),
        indexes: release.indexes().map(|index| index_row(release, org, root, index)).collect(),
        legend: chart::shade_legend(),
        // A page of rows that all say the same would say nothing.
        groups: if something_shown { words::groups(release, org) } else { Vec::new() },
        barriers: if something_shown { words::barriers(release, org) } else { Vec::new() },
        major: words::major(release),
        claims: unit
            .map(|unit| &unit.claims)
            .into_iter()
            .flatten()
            .map(|claim| claim_row(release, org, root, claim))
            .collect(),
        stocktake: unit.and(stocktake).map(|column| Link::new(&column.date, &column.href)),
        hidden: words::hidden(cells(), "figures for this PCT"),
    })
}

fn index_row(release: &Release, org: &Org, root: &Org, index: &Measure) -> IndexRow {
    let cell = release.cell(&org.code, &index.code);
    let shown = words::figures(cell);
    let region = release.cell(&root.code, &index.code);
    let of_region = words::figures(region).map(|figures| figures.mean);
    let (mark, said) = words::mark(cell);
    IndexRow {
        label: index.label.clone(),
        href: words::measure_href(release, &index.code),
        score: shown.map(words::score),
        mark,
        said,
        used: shown
            .map(|f| format!("{} of {}", f.used.len(), index.members.len()))
            .unwrap_or_default(),
        region: of_region.map_or_else(|| words::mark(region).0, print::one),
        strip: shown.map(|f| chart::strip(f.mean, f.reply, of_region)),
    }
}

/// A milestone as claimed, beside the share of leads who experience it so.
fn claim_row(release: &Release, org: &Org, root: &Org, claim: &ClaimView) -> ClaimRow {
    let asked = release.measure(&claim.item);
    let claimed = release.claimed(&org.code, &claim.item, claim.percent);
    let cell = asked.and_then(|measure| release.cell(&org.code, &measure.code));
    let shown = words::figures(cell).and_then(|seen| Some((seen, seen.share?)));
    let share = shown.map(|(_, share)| share);
    let region = asked.and_then(|measure| release.cell(&root.code, &measure.code));
    let of_region = words::figures(region).and_then(|f| f.share).map(|(percent, _)| percent);
    let not_shown = || match asked {
        Some(_) => {
            let (mark, said) = words::mark(cell);
            format!("{mark} {said}")
        }
        None => "Not asked in this survey".to_owned(),
    };
    ClaimRow {
        label: claim.label.clone(),
        href: asked.map(|measure| words::measure_href(release, &measure.code)),
        claim: claim.claim.clone(),
        class: claim.class.clone(),
        experienced: share
            .map_or_else(not_shown, |(percent, _)| format!("{}%", print::whole(percent))),
        range: shown.map(|(seen, (_, reply))| words::percent_range(&seen, reply)),
        strip: share.map(|(percent, reply)| chart::strip(percent, reply, of_region)),
        flag: if asked.is_some() { claimed.flag.words().to_owned() } else { String::new() },
        flag_class: match claimed.flag {
            GapFlag::ClaimedNotExperienced => "gap-more",
            GapFlag::ExperiencedNotClaimed => "gap-less",
            GapFlag::Consistent => "gap-none",
            GapFlag::NotEnoughResponses | GapFlag::NoReturn => "",
        }
        .to_owned(),
        gap: claimed.gap.map(|gap| {
            let [gap, lo, hi] = [gap.gap, gap.interval.lo, gap.interval.hi]
                .map(|points| print::one(Figure::nearest(points)));
            format!("{gap} points, {lo} to {hi}")
        }),
    }
}
