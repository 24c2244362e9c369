//! What leads said, in plain English: the region's strongest and weakest answers, what
//! stands in the way, and what has changed. No figure that the release does not have.

use super::overview::is_clear;
use super::{Around, Eyes, headline, words};
use crate::pages::{Link, OwnPct, SaidRow, SummaryPage};
use crate::release::{Measure, MeasureKind, Org, Release, print};
use crate::render::chart::change_words;
use crate::render::seen::{Seen, seen};

/// So many questions are named at either end, and so many barriers.
const MOST: usize = 5;

/// The summary of a release; for leads of a PCT with what it says of that. Links lead on
/// only for readers who may follow them.
#[must_use]
pub fn summary(release: &Release, around: &Around<'_>) -> Option<SummaryPage> {
    let root = release.root()?;
    let about = release.about();
    let may_open = around.eyes == Eyes::Lead;
    let own = around.own.filter(|_| may_open).and_then(|own| release.node(own));
    let mut items = shares(release, root, MeasureKind::Item);
    let barriers = shares(release, root, MeasureKind::Barrier);
    // What fewer than half say is not going well, and what more than half say needs less work.
    let most_say = |own: &Seen<'_>| own.share.is_some_and(|(percent, _)| percent.value() >= 50.0);
    let half = items.partition_point(|(_, own)| most_say(own));
    let slow: Vec<_> = items.split_off(half).into_iter().rev().take(MOST).collect();
    items.truncate(MOST);
    let well = items;
    let row = |(measure, own): &(&Measure, Seen<'_>)| said(release, root, measure, own, may_open);
    let rows = |of: &[(&Measure, Seen<'_>)]| of.iter().filter_map(row).collect::<Vec<_>>();
    let title = format!("What leads said: {}", about.wave_title);
    Some(SummaryPage {
        layout: around.frame.page(title).notice(about.purpose.notice()).themed(),
        wave: about.wave_title.clone(),
        region: root.name.clone(),
        facts: words::facts(release, root),
        caution: caution(root),
        own: own.map(|org| OwnPct {
            name: org.name.clone(),
            headline: headline::of_pct(release, org, &root.name),
            href: words::pct_href(release, org),
        }),
        well: rows(&well),
        slow: rows(&slow),
        barriers: rows(barriers.get(..MOST.min(barriers.len())).unwrap_or_default()),
        major: words::major(release),
        since: words::since(release),
        changes: changes(release, root, may_open),
        results: may_open
            .then(|| Link::new("All results of the region", words::wave_href(release))),
        words: around.words.to_vec(),
        smallest: release.settings().k.to_string(),
    })
}

/// What to keep in mind about the response.
///
/// Source: methods.md 10.
fn caution(root: &Org) -> Option<String> {
    let few = root.responded.is_none_or(|answered| 2 * answered < root.invited);
    few.then(|| "Treat with caution: fewer than half of the leads answered.".to_owned())
}

/// The questions of a kind with their shares, the highest first.
fn shares<'r>(release: &'r Release, root: &Org, kind: MeasureKind) -> Vec<(&'r Measure, Seen<'r>)> {
    let of_kind = release.items().filter(|item| item.kind == kind);
    let mut all: Vec<(&Measure, Seen<'_>)> = of_kind
        .filter_map(|item| Some((item, seen(release.cell(&root.code, &item.code))?)))
        .filter(|(_, own)| own.share.is_some())
        .collect();
    let share = |own: &Seen<'_>| own.share.map(|(percent, _)| percent);
    all.sort_by(|(a, of_a), (b, of_b)| share(of_b).cmp(&share(of_a)).then(a.code.cmp(&b.code)));
    all
}

fn said(
    release: &Release,
    root: &Org,
    measure: &Measure,
    own: &Seen<'_>,
    may_open: bool,
) -> Option<SaidRow> {
    let printed = words::score(root, measure, own);
    let good = measure.options.iter().filter(|option| option.counted);
    let good: Vec<String> = good.map(|option| format!("\"{}\"", option.label)).collect();
    Some(SaidRow {
        label: match measure.stem.as_str() {
            "" => measure.label.clone(),
            _ if measure.kind == MeasureKind::Barrier => measure.label.clone(),
            stem => format!("{stem} {}", measure.label),
        },
        href: may_open.then(|| words::measure_href(release, &measure.code)),
        figure: printed.share?,
        range: printed.share_range,
        unit: "%".to_owned(),
        more: match measure.kind {
            MeasureKind::Barrier => String::new(),
            _ => format!("say {}", good.join(" or ")),
        },
    })
}

/// The clear changes of the region's indexes.
fn changes(release: &Release, root: &Org, may_open: bool) -> Vec<SaidRow> {
    let row = |index: &Measure| {
        let own = seen(release.cell(&root.code, &index.code)).filter(is_clear)?;
        let change = own.figures.change.as_ref()?;
        Some(SaidRow {
            label: index.label.clone(),
            href: may_open.then(|| words::measure_href(release, &index.code)),
            figure: words::figure(root, &index.code, "change", print::one(change.difference)),
            range: None,
            unit: " points".to_owned(),
            more: change_words(&own),
        })
    };
    release.indexes().filter_map(row).collect()
}
