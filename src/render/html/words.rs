//! What the kinds of page say alike: addresses, figures, cells, cautions.

use super::{Around, Eyes};
use crate::pages::{
    BandView, ChartView, Fact, FigureView, Frame, ItemGroup, ItemRow, Layout, Link, NumberRow,
    RangeView, ScoreView,
};
use crate::release::{
    Band, Cell, Figure, Measure, MeasureKind, Org, Range, Release, Status, print,
};
use crate::render::chart::{self, Svg};
use crate::render::seen::{Seen, seen};

/// The sentence of a cell that is hidden. Why it is hidden is never said.
const HIDDEN: &str = "Not shown, to protect anonymity";
const EMPTY: &str = "No answers";

/// The layout of a page of this release: wide, under "Results", with its notice.
pub(super) fn layout(release: &Release, frame: &Frame, title: &str) -> Layout {
    let about = release.about();
    frame.clone().at("/results").page(title).notice(about.purpose.notice()).wide().themed()
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

/// A published figure: its text, and where it stands in `figures.csv`.
pub(super) fn figure(
    org: &Org,
    measure: &str,
    column: &str,
    text: impl Into<String>,
) -> FigureView {
    FigureView { text: text.into(), at: format!("{}/{measure}/{column}", org.code) }
}

/// An interval, unless nobody is left whose answer could move the figure.
///
/// Source: methods.md 3.
fn interval(
    (org, measure): (&Org, &str),
    own: &Seen<'_>,
    range: Range,
    (lo, hi): (&str, &str),
    print: fn(Figure) -> String,
) -> Option<RangeView> {
    let nobody_is_left = own.figures.n == own.figures.n_q && range.lo == range.hi;
    (!nobody_is_left).then(|| RangeView {
        lo: figure(org, measure, lo, print(range.lo)),
        hi: figure(org, measure, hi, print(range.hi)),
    })
}

/// A score as it is printed.
pub(super) fn score(org: &Org, measure: &Measure, own: &Seen<'_>) -> ScoreView {
    let code = measure.code.as_str();
    let at = (org, code);
    let share = if measure.kind == MeasureKind::Barrier { "pct_major" } else { "pct_fav" };
    ScoreView {
        mean: figure(org, code, "mean", print::one(own.mean)),
        range: interval(at, own, own.reply, ("ci_lo", "ci_hi"), print::one),
        n: figure(org, code, "n", own.figures.n.to_string()),
        n_q: figure(org, code, "N_q", own.figures.n_q.to_string()),
        share: own.share.map(|(percent, _)| figure(org, code, share, print::whole(percent))),
        share_range: own
            .share
            .and_then(|(_, range)| interval(at, own, range, ("pct_lo", "pct_hi"), print::whole)),
    }
}

/// Where a PCT stands, as a shape and words; none for a node that is not compared.
pub(super) fn band(measure: &Measure, own: Option<&Seen<'_>>) -> Option<BandView> {
    let band = own?.band()?;
    let (symbol, class) = match band {
        Band::Above => ("▲", "band-up"),
        Band::Below => ("▼", "band-down"),
        Band::InLine | Band::NotEnoughResponses => ("●", "band-line"),
    };
    let words = band.words(measure.direction());
    let words = match band {
        Band::Above | Band::Below if !measure.severity => format!("{words} the rest"),
        _ => words.to_owned(),
    };
    Some(BandView { symbol: symbol.to_owned(), words, class: class.to_owned() })
}

/// A chart with its title.
pub(super) fn chart_view(svg: &Svg) -> ChartView {
    ChartView { title: svg.title().to_owned(), svg: svg.inline() }
}

/// The wave before, by its code, if this release tells what changed since.
pub(super) fn since(release: &Release) -> Option<String> {
    let change = |cell: &Cell| Some(cell.figures.as_ref()?.change.as_ref()?.from.to_string());
    release.cells().find_map(change)
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
    facts.extend(about.source().map(|source| Fact::new("Answers", source)));
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
    let shown = seen(cell);
    let (mark, said) = mark(cell);
    let counts = shown.map_or(&[][..], |own| &own.figures.counts);
    let chosen = measure.options.iter().zip(counts);
    let in_words = chosen
        .filter(|(option, count)| option.score.is_some() && **count > 0)
        .map(|(option, count)| format!("{} {count}", option.label));
    ItemRow {
        wording: measure.label.clone(),
        href: measure_href(release, &measure.code),
        score: shown.as_ref().map(|own| score(org, measure, own)),
        mark,
        said,
        band: band(measure, shown.as_ref()),
        bars: chart::distribution(release, org, measure).map(|svg| svg.inline()),
        counts: in_words.collect::<Vec<_>>().join(" · "),
    }
}

/// The questions of a node that are answered with a number: the share of
/// answers in the good bands.
pub(super) fn numbers(release: &Release, org: &Org) -> Vec<NumberRow> {
    let numbers = release.measures().iter().filter(|of| of.kind == MeasureKind::Number);
    numbers.filter_map(|of| number_row(release, org, of)).collect()
}

pub(super) fn number_row(release: &Release, org: &Org, of: &Measure) -> Option<NumberRow> {
    let code = of.code.as_str();
    let cell = release.cell(&org.code, code);
    let figures = |cell: Option<&Cell>| {
        let figures = cell.filter(|cell| cell.status == Status::Shown)?.figures.clone()?;
        Some((figures.share?, figures))
    };
    let good: Vec<&str> =
        of.options.iter().filter(|one| one.counted).map(|one| one.label.as_str()).collect();
    if good.is_empty() {
        return None;
    }
    let shown = figures(cell);
    let (mark, said) = mark(cell);
    let root = release.root()?;
    let region = release.cell(&root.code, code);
    let of_region = figures(region)
        .map_or_else(|| self::mark(region).0, |(share, _)| print::whole(share.percent));
    let range = shown.as_ref().and_then(|(share, _)| Some(share.unsure?.reply));
    let print = |figure_: Figure, column: &str| figure(org, code, column, print::whole(figure_));
    Some(NumberRow {
        wording: of.label.clone(),
        href: measure_href(release, code),
        counted: good.join(" or "),
        n: shown.as_ref().map(|(_, own)| figure(org, code, "n", own.n.to_string())),
        n_q: shown.as_ref().map(|(_, own)| figure(org, code, "N_q", own.n_q.to_string())),
        share: shown.as_ref().map(|(share, _)| print(share.percent, "pct_fav")),
        range: range.filter(|range| range.lo != range.hi).map(|range| RangeView {
            lo: print(range.lo, "pct_lo"),
            hi: print(range.hi, "pct_hi"),
        }),
        region: figure(root, code, "pct_fav", of_region),
        mark,
        said,
    })
}

/// The questions of a node by index; those of no index at the end, barriers apart.
pub(super) fn groups(release: &Release, org: &Org) -> Vec<ItemGroup> {
    let row = |measure| item_row(release, org, measure);
    let compared = release.root().is_some_and(|root| root.code != org.code);
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
            compared,
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
            compared,
        });
    }
    groups
}

/// The barriers of a node: the most severe first, those not shown last.
pub(super) fn barriers(release: &Release, org: &Org) -> Vec<ItemRow> {
    let mut measures: Vec<&Measure> =
        release.items().filter(|item| item.kind == MeasureKind::Barrier).collect();
    let key = |measure: &Measure| seen(release.cell(&org.code, &measure.code)).map(|f| f.mean);
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
pub(super) fn trail(release: &Release, around: &Around<'_>) -> Vec<Link> {
    let mut trail = all_results(around);
    trail.push(Link::new(&release.about().wave_title, wave_href(release)));
    trail
}

/// The way to the results of all waves. A lead's link opens one wave.
pub(super) fn all_results(around: &Around<'_>) -> Vec<Link> {
    let lead = around.eyes == Eyes::Lead;
    if lead { Vec::new() } else { vec![Link::new("Results", "/results")] }
}
