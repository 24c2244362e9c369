//! "Look here first" in words: what rules propose, and what a person confirmed.
//!
//! Source: instrument.md 4, rule 7. The wording is never "failing".

use super::{Around, Eyes, words};
use crate::pages::{FlagView, ProposalView, StocktakeColumn};
use crate::release::{Decided, Decision, LookFirst, LookReason, Release, ReportedBy, print};

/// What the PCTs report in a stocktake, as the rules take it.
#[must_use]
pub fn reported(stocktake: Option<&StocktakeColumn>) -> ReportedBy {
    let units = stocktake.map(|column| &column.units).into_iter().flatten();
    units
        .filter_map(|(slug, unit)| {
            let claims = unit.claims.iter().map(|claim| (claim.item.clone(), claim.percent));
            Some((slug.parse().ok()?, claims.collect()))
        })
        .collect()
}

/// The confirmed ones, as every reader sees them.
pub(super) fn confirmed(release: &Release, around: &Around<'_>) -> Vec<FlagView> {
    let proposals = release.look_first(&reported(around.stocktake));
    proposals
        .iter()
        .filter_map(|proposal| {
            let decided = around.decided.iter().find(|decided| decided.is_about(proposal))?;
            if decided.decision != Decision::Confirmed {
                return None;
            }
            let mut flag = view(release, proposal, &decided.note);
            let led = release.node(&proposal.unit).and_then(|org| around.href(release, org));
            flag.unit_href = led.unwrap_or_else(|| words::wave_href(release));
            Some(flag)
        })
        .collect()
}

/// All of them with what was decided: for the survey office alone.
pub(super) fn proposals(release: &Release, around: &Around<'_>) -> Vec<ProposalView> {
    if around.eyes != Eyes::Office {
        return Vec::new();
    }
    let all = every_proposal(release, around.stocktake, around.decided);
    all.into_iter().map(|(view, _)| view).collect()
}

/// Everything that the rules propose, with what was decided of it: for the survey office.
#[must_use]
pub fn every_proposal(
    release: &Release,
    stocktake: Option<&StocktakeColumn>,
    decided: &[Decided],
) -> Vec<(ProposalView, Option<Decision>)> {
    let all = release.look_first(&reported(stocktake));
    let one = |(number, proposal): (usize, &LookFirst)| {
        let decided = decided.iter().find(|decided| decided.is_about(proposal));
        let view = ProposalView {
            id: format!("look-{}", number + 1),
            flag: view(release, proposal, decided.map(|d| d.note.as_str()).unwrap_or_default()),
            unit: proposal.unit.to_string(),
            rule: proposal.rule().word().to_owned(),
            measure: proposal.measure.clone(),
            decided: decided
                .map(|decided| {
                    let word = match decided.decision {
                        Decision::Confirmed => "Confirmed",
                        Decision::Dismissed => "Dismissed",
                    };
                    format!("{word} by {}", decided.who)
                })
                .unwrap_or_default(),
        };
        (view, decided.map(|decided| decided.decision))
    };
    all.iter().enumerate().map(one).collect()
}

fn view(release: &Release, of: &LookFirst, note: &str) -> FlagView {
    let org = release.node(&of.unit);
    let measure = release.measure(&of.measure);
    FlagView {
        unit: org.map_or_else(|| of.unit.to_string(), |org| org.name.clone()),
        unit_href: org.map(|org| words::pct_href(release, org)).unwrap_or_default(),
        label: measure.map_or_else(|| of.measure.clone(), |measure| measure.label.clone()),
        href: words::measure_href(release, &of.measure),
        why: why(&of.reason),
        note: note.to_owned(),
    }
}

fn why(reason: &LookReason) -> String {
    match reason {
        LookReason::LowIndex { score, rest } => {
            let [score, rest] = [*score, *rest].map(print::one);
            format!("The score is {score}; the rest of the region has {rest}.")
        }
        LookReason::Fall { difference, from } => {
            let fall = print::one(*difference);
            format!("The score fell by {} points since {from}.", fall.trim_start_matches('-'))
        }
        LookReason::ClaimGap { claim, experienced } => {
            let claim =
                if *claim == 100 { "agreed".to_owned() } else { format!("{claim}% agreed") };
            let experienced = print::whole(*experienced);
            format!("The PCT reports {claim}; {experienced}% of leads say so.")
        }
        LookReason::Waiting { none } => {
            let none = print::whole(*none);
            format!(
                "{none}% of leads have no case that has waited over the agreed time; the others have one or more."
            )
        }
    }
}
