//! What the three kinds of page say alike: addresses, cells, cautions.

use std::ops::Deref;

use crate::pages::{Fact, Frame, ItemGroup, ItemRow, Layout, Link, ScoreView};
use crate::release::{
    Cell, Figure, Figures, Measure, MeasureKind, Org, Range, Release, Status, print,
};
use crate::render::chart;

/// The sentence of a cell that is hidden. Why it is hidden is never said.
const HIDDEN: &str = "Not shown, to protect anonymity";
/// Instead of an interval: nobody is left whose answer could move the figure.
///
/// Source: methods.md 3.
const ALL_ANSWERED: &str = "all answered";
const EMPTY: &str = "No answers";

/// The layout of a page of this release: wide, under "Results", with its notice.
pub(super) fn layout(release: &Release, frame: &Frame, title: &str) -> Layout {
    let about = release.about();
    frame.clone().at("/results").page(title).notice(about.purpose.notice()).wide()
}

/// The address of the release's overview.
pub(super) fn wave_href(release: &Release) -> String {
    format!("/results/{}", release.about().wave)
}

/// The address of a PCT's page.
pub(super) fn pct_href(release: &Release, org: &Org) -> String {
    format!("{}/pct/{}", wave_href(release), org.code)
}

/// The address of a measure's page.
pub(super) fn measure_href(release: &Release, code: &str) -> String {
    format!("{}/measure/{code}", wave_href(release))
}

/// The symbol of a cell that shows no figure, and what it means.
pub(super) fn mark(cell: Option<&Cell>) -> (String, String) {
    let (mark, said) = match cell.map(|cell| cell.status) {
        Some(Status::Shown) => ("", ""),
        Some(Status::Hidden) => ("[c]", HIDDEN),
        Some(Status::Empty) | None => ("[x]", EMPTY),
    };
    (mark.to_owned(), said.to_owned())
}

/// A shown cell of a question or an index: its score, its share, and the rest.
#[derive(Clone, Copy)]
pub(super) struct Seen<'a> {
    pub(super) mean: Figure,
    pub(super) reply: Range,
    /// The percentage with its interval; none for an index.
    pub(super) share: Option<(Figure, Range)>,
    pub(super) figures: &'a Figures,
}

impl Deref for Seen<'_> {
    type Target = Figures;

    fn deref(&self) -> &Figures {
        self.figures
    }
}

/// The figures of a cell, if it is shown and has a score.
pub(super) fn figures(cell: Option<&Cell>) -> Option<Seen<'_>> {
    let figures = cell.filter(|cell| cell.status == Status::Shown)?.figures.as_ref()?;
    let score = figures.score?;
    let share = figures.share.and_then(|share| Some((share.percent, share.unsure?.reply)));
    Some(Seen { mean: score.mean, reply: score.reply, share, figures })
}

/// `55% to 78%`, or that there is nothing to be unsure of.
pub(super) fn percent_range(figures: &Figures, range: Range) -> String {
    if nobody_is_left(figures, range) {
        return ALL_ANSWERED.to_owned();
    }
    format!("{}% to {}%", print::whole(range.lo), print::whole(range.hi))
}

fn nobody_is_left(figures: &Figures, range: Range) -> bool {
    figures.n == figures.n_q && range.lo == range.hi
}

/// A score as it is printed.
pub(super) fn score(seen: Seen<'_>) -> ScoreView {
    let (figures, reply) = (seen.figures, seen.reply);
    let range = format!("{} to {}", print::one(reply.lo), print::one(reply.hi));
    ScoreView {
        mean: print::one(seen.mean),
        range: if nobody_is_left(figures, reply) { ALL_ANSWERED.to_owned() } else { range },
        n: figures.n,
        n_q: figures.n_q,
        share: seen.share.map(|(percent, _)| format!("{}%", print::whole(percent))),
        share_range: seen.share.map(|(_, reply)| percent_range(figures, reply)),
    }
}

/// `12`, or `fewer than 5`.
pub(super) fn responded(release: &Release, org: &Org) -> String {
    org.responded
        .map_or_else(|| format!("fewer than {}", release.settings().k), |count| count.to_string())
}

/// Response and dates of a node.
pub(super) fn facts(release: &Release, org: &Org) -> Vec<Fact> {
    let about = release.about();
    let rate = org.responded.and_then(|count| print::percent(count, org.invited));
    let rate = rate.map(|percent| format!(" ({percent}%)")).unwrap_or_default();
    let answered = format!("{} of {} leads{rate}", responded(release, org), org.invited);
    let mut facts = vec![Fact::new("Answered", answered)];
    facts.extend(org.groups.map(|groups| Fact::new("PBC groups heard from", groups.to_string())));
    facts.push(Fact::new("Closed", about.closed.as_str()));
    facts
}

/// What to keep in mind about the response.
///
/// Source: methods.md 10.
pub(super) fn caution(org: &Org) -> Option<String> {
    let count = org.responded?;
    let rate = match 100 * count {
        _ if count == 0 => return None,
        scaled if scaled >= 70 * org.invited => "",
        scaled if scaled >= 50 * org.invited => {
            "Some leads did not answer. The file figures.csv says how far their answers could have moved each figure."
        }
        _ => "Treat with caution: fewer than half of the leads answered.",
    };
    let few = if count < 10 { "Small number of answers." } else { "" };
    let said =
        [rate, few].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    Some(said).filter(|said| !said.is_empty())
}

/// For example `2 of the 40 figures for this PCT are not shown, to protect anonymity.`
pub(super) fn hidden<'c>(cells: impl Iterator<Item = &'c Cell>, of_what: &str) -> String {
    let (mut all, mut hidden) = (0_usize, 0_usize);
    for cell in cells {
        all += 1;
        hidden += usize::from(cell.status == Status::Hidden);
    }
    match hidden {
        0 => format!("Nothing is hidden among the {all} {of_what}."),
        1 => format!("1 of the {all} {of_what} is not shown, to protect anonymity."),
        _ => format!("{hidden} of the {all} {of_what} are not shown, to protect anonymity."),
    }
}

/// A question at a node.
pub(super) fn item_row(release: &Release, org: &Org, measure: &Measure) -> ItemRow {
    let cell = release.cell(&org.code, &measure.code);
    let shown = figures(cell);
    let (mark, said) = mark(cell);
    let counts = shown.map_or(&[][..], |seen| &seen.figures.counts);
    let chosen = measure.options.iter().zip(counts);
    let in_words = chosen
        .filter(|(option, count)| option.score.is_some() && **count > 0)
        .map(|(option, count)| format!("{} {count}", option.label));
    ItemRow {
        wording: measure.label.clone(),
        href: measure_href(release, &measure.code),
        score: shown.map(score),
        mark,
        said,
        bars: chart::bars(measure, counts),
        counts: in_words.collect::<Vec<_>>().join(" · "),
    }
}

/// The questions of a node by index; those of no index at the end, barriers apart.
pub(super) fn groups(release: &Release, org: &Org) -> Vec<ItemGroup> {
    let row = |measure| item_row(release, org, measure);
    let mut groups: Vec<ItemGroup> = release
        .indexes()
        .filter(|index| !index.severity)
        .map(|index| ItemGroup {
            title: index.label.clone(),
            about: index.stem.clone(),
            items: index
                .members
                .iter()
                .filter_map(|m| release.measure(m.item.as_str()))
                .map(row)
                .collect(),
        })
        .collect();
    let in_an_index = |item: &Measure| {
        release.indexes().any(|i| i.members.iter().any(|m| m.item.as_str() == item.code))
    };
    let others: Vec<ItemRow> = release
        .items()
        .filter(|item| item.kind == MeasureKind::Item && !in_an_index(item))
        .map(row)
        .collect();
    if !others.is_empty() {
        groups.push(ItemGroup {
            title: "Other questions".to_owned(),
            about: String::new(),
            items: others,
        });
    }
    groups
}

/// The barriers of a node: the most severe first, those not shown last.
pub(super) fn barriers(release: &Release, org: &Org) -> Vec<ItemRow> {
    let mut measures: Vec<&Measure> =
        release.items().filter(|item| item.kind == MeasureKind::Barrier).collect();
    let key = |measure: &Measure| figures(release.cell(&org.code, &measure.code)).map(|f| f.mean);
    measures.sort_by(|a, b| key(b).cmp(&key(a)).then_with(|| a.code.cmp(&b.code)));
    measures.into_iter().map(|measure| item_row(release, org, measure)).collect()
}

/// The answers that count as major, for example `"A serious barrier" or "A very serious barrier"`.
pub(super) fn major(release: &Release) -> String {
    let first = release.items().find(|item| item.kind == MeasureKind::Barrier);
    let labels =
        first.map(|item| &item.options).into_iter().flatten().filter(|option| option.counted);
    labels.map(|option| format!("\"{}\"", option.label)).collect::<Vec<_>>().join(" or ")
}

/// The trail of a page below the release's overview.
pub(super) fn trail(release: &Release) -> Vec<Link> {
    vec![
        Link::new("Results", "/results"),
        Link::new(&release.about().wave_title, wave_href(release)),
    ]
}
