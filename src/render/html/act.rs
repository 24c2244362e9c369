//! "Where to act first" on a PCT's page: what its leads call the most severe
//! barriers, what stands furthest below the rest, and what the PCT reports but
//! its leads do not experience. Each row says how sure it is.

use super::words;
use crate::pages::{ActRow, ClaimView};
use crate::release::{Band, GapFlag, Measure, MeasureKind, Org, Release, print};
use crate::render::chart::by_severity;
use crate::render::seen::{Seen, seen};

/// Rows of one kind at most.
const MOST: usize = 3;

/// The rows, the sure ones first; barriers, questions and gaps in this order.
pub(in crate::render) fn rows(release: &Release, org: &Org, claims: &[ClaimView]) -> Vec<ActRow> {
    let mut rows = barriers(release, org);
    rows.extend(items(release, org));
    rows.extend(gaps(release, org, claims));
    rows.sort_by_key(|row| !row.clear);
    rows
}

fn row(
    release: &Release,
    measure: &Measure,
    kind: &str,
    why: String,
    sure: (&str, bool),
) -> ActRow {
    ActRow {
        kind: kind.to_owned(),
        label: measure.label.clone(),
        href: words::measure_href(release, &measure.code),
        why,
        sure: sure.0.to_owned(),
        clear: sure.1,
    }
}

fn with_rest(release: &Release, org: &Org, measure: &Measure) -> String {
    let rest = release.rest(&org.code, measure).map(crate::release::Figure::nearest);
    rest.map(|rest| format!("; the rest of the region has {}", print::one(rest)))
        .unwrap_or_default()
}

/// The barriers that leads here call more severe than the rest do, then the
/// most severe ones.
fn barriers(release: &Release, org: &Org) -> Vec<ActRow> {
    let mut all = by_severity(release, org);
    // Stable: within each half the order of severity stays.
    all.sort_by_key(|(_, own)| own.band() != Some(Band::Above));
    let one = |(barrier, own): (&Measure, Seen<'_>)| {
        let clear = own.band() == Some(Band::Above);
        let why = format!("Severity {}{}.", print::one(own.mean), with_rest(release, org, barrier));
        let sure = match own.band() {
            Some(Band::Above) => "More severe than in the rest of the region.",
            Some(Band::Below) => {
                "Among the most severe here, but less severe than in the rest of the region."
            }
            Some(Band::InLine | Band::NotEnoughResponses) | None => {
                "Among the most severe here; no clear difference from the rest of the region."
            }
        };
        let sure = (sure, clear);
        row(release, barrier, "Barrier", why, sure)
    };
    all.into_iter().take(MOST).map(one).collect()
}

/// The questions whose answers lie furthest below the rest's: those of which it
/// is sure, else the furthest of those that differ more than negligibly.
///
/// Source: methods.md 4: Cliff's delta, and the band.
fn items(release: &Release, org: &Org) -> Vec<ActRow> {
    let material = release.settings().material_delta;
    let mut all: Vec<(&Measure, Seen<'_>)> = release
        .items()
        .filter(|item| item.kind == MeasureKind::Item)
        .filter_map(|item| Some((item, seen(release.cell(&org.code, &item.code))?)))
        .filter(|(_, own)| {
            own.figures.beside.is_some_and(|beside| {
                beside.band == Band::Below || -beside.delta.value() >= material.value()
            })
        })
        .collect();
    all.sort_by_key(|(item, own)| {
        (own.band() != Some(Band::Below), own.figures.beside.map(|b| b.delta), item.code.clone())
    });
    let one = |(item, own): (&Measure, Seen<'_>)| {
        let clear = own.band() == Some(Band::Below);
        let why = format!("Score {}{}.", print::one(own.mean), with_rest(release, org, item));
        let sure = if clear {
            ("Below the rest of the region.", true)
        } else {
            ("Lower here than in the rest, but the difference may be chance.", false)
        };
        row(release, item, "Question", why, sure)
    };
    all.into_iter().take(MOST).map(one).collect()
}

fn gaps(release: &Release, org: &Org, claims: &[ClaimView]) -> Vec<ActRow> {
    let one = |claim: &ClaimView| {
        let found = release.claimed(&org.code, &claim.item, claim.percent);
        let measure = release.measure(&claim.item)?;
        let own = seen(release.cell(&org.code, &claim.item))?;
        let (share, _) = own.share?;
        (found.flag == GapFlag::ClaimedNotExperienced).then(|| {
            let share = print::whole(share);
            let why = format!(
                "\"{}\": the PCT reports {}; {share}% of leads say so.",
                claim.label, claim.claim
            );
            row(
                release,
                measure,
                "Reported, not experienced",
                why,
                (
                    "The gap is larger than its margin, and its 95% interval lies above nought.",
                    true,
                ),
            )
        })
    };
    claims.iter().filter_map(one).collect()
}
