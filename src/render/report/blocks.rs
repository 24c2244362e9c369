//! The tables and charts of a report.

use report_pdf::{Align, Below, Block, Chart, Column, Row, Table};

use super::words;
use crate::pages::{ActRow, ClaimView, StocktakeColumn};
use crate::release::{Figure, Measure, MeasureKind, Org, Release, print};
use crate::render::chart::{self, Svg};

/// A column of words that takes so many shares of the width.
pub(super) fn wide(head: impl Into<String>, share: u8) -> Column {
    Column { head: head.into(), align: Align::Left, share }
}

/// A column of numbers, as wide as they are.
pub(super) fn number(head: impl Into<String>) -> Column {
    Column { head: head.into(), align: Align::Right, share: 0 }
}

/// A column of a few words, as wide as they are.
pub(super) fn short(head: impl Into<String>) -> Column {
    Column { head: head.into(), align: Align::Left, share: 0 }
}

/// Rows of a table that is short enough to be kept on one page.
const SHORT: usize = 14;
/// The same where something is drawn below each.
const SHORT_WITH_PICTURES: usize = 6;

/// A table, unless it would be empty.
pub(super) fn table<R: Into<Row>>(
    caption: &str,
    columns: Vec<Column>,
    rows: impl IntoIterator<Item = R>,
) -> Option<Block> {
    let caption = caption.to_owned();
    let rows: Vec<Row> = rows.into_iter().map(Into::into).collect();
    let drawn = |row: &Row| row.below.as_ref().is_some_and(|below| below.picture.is_some());
    let short = if rows.iter().any(drawn) { SHORT_WITH_PICTURES } else { SHORT };
    let together = rows.len() <= short;
    let table = Table { caption, columns, rows, totals: 0, together };
    (!table.rows.is_empty()).then_some(Block::Table(table))
}

/// A chart with what is said of it, so many hundredths of the page wide.
pub(super) fn chart(svg: &Svg, width: u8) -> Block {
    Block::Chart(Chart {
        caption: svg.title().to_owned(),
        svg: svg.standalone().into_bytes(),
        said: svg.desc().to_owned(),
        width,
    })
}

/// Where a PCT may act first, and how sure that is.
pub(super) fn act(rows: Vec<ActRow>) -> Option<Block> {
    let columns = vec![wide("What", 4), wide("Which", 7), wide("Why", 8), wide("How sure", 8)];
    let row = |row: ActRow| vec![row.kind, row.label, row.why, row.sure];
    table("", columns, rows.into_iter().map(row))
}

fn n_of(figures: &crate::release::Figures) -> String {
    format!("{} of {}", figures.n, figures.n_q)
}

/// The indexes of a node beside the whole; without that for the whole itself.
pub(super) fn indexes(release: &Release, org: &Org, root: Option<&Org>) -> Option<Block> {
    let mut columns = vec![wide("Index", 1), number("Score"), number("Interval"), number("n of N")];
    if let Some(root) = root {
        columns.push(number(&root.name));
        columns.push(short("Beside the rest"));
    }
    let measures = || release.measures().iter().filter(|measure| measure.kind.is_index());
    let changed = |index: &Measure| {
        words::figures(release.cell(&org.code, &index.code)).is_some_and(|it| it.change.is_some())
    };
    let compared = measures().any(changed);
    if compared {
        columns.push(short("Since the wave before"));
    }
    let rows = measures().map(|index| {
        let cell = release.cell(&org.code, &index.code);
        let mut row = vec![index.label.clone(), words::score(cell)];
        let shown = words::figures(cell);
        row.push(shown.map(words::points).unwrap_or_default());
        row.push(shown.map(n_of).unwrap_or_default());
        if let Some(root) = root {
            row.push(words::score(release.cell(&root.code, &index.code)));
            row.push(shown.map(|figures| words::band(index, figures)).unwrap_or_default());
        }
        if compared {
            row.push(shown.map(words::change).unwrap_or_default());
        }
        row
    });
    table("", columns, rows)
}

/// How many gave each answer, the first option first; drawn as well for a
/// question, while barriers have a chart of their own.
fn answers(release: &Release, org: &Org, measure: &Measure, counts: &[u64]) -> Option<Below> {
    let given = measure.options.iter().zip(counts).filter(|(option, _)| option.score.is_some());
    let given: Vec<String> =
        given.map(|(option, count)| format!("{} {count}", option.label)).collect();
    let drawn = (measure.kind == MeasureKind::Item)
        .then(|| chart::distribution(release, org, measure))
        .flatten();
    let picture = drawn.map(|svg| svg.standalone().into_bytes());
    (!given.is_empty()).then(|| Below { text: given.join(" · "), picture })
}

/// Questions at a node, with their distributions.
pub(super) fn questions(
    release: &Release,
    org: &Org,
    root: Option<&Org>,
    measures: &[&Measure],
    share: &str,
) -> Option<Block> {
    let mut columns = vec![
        wide("Question and answers", 9),
        number("Score"),
        number("Interval"),
        number(share),
        number("n of N"),
    ];
    if root.is_some() {
        columns.push(number("Region"));
        columns.push(wide("Beside\nthe rest", 2));
    }
    let row = |measure: &&Measure| {
        let cell = release.cell(&org.code, &measure.code);
        let shown = words::figures(cell);
        let counts = shown.map(|figures| figures.counts.as_slice()).unwrap_or_default();
        let percent =
            shown.and_then(|figures| figures.share).map(|share| print::whole(share.percent));
        let mut cells = vec![
            measure.label.clone(),
            words::score(cell),
            shown.map(words::points).unwrap_or_default(),
            percent.unwrap_or_default(),
            shown.map(n_of).unwrap_or_default(),
        ];
        if let Some(root) = root {
            cells.push(words::score(release.cell(&root.code, &measure.code)));
            cells.push(shown.map(|figures| words::band(measure, figures)).unwrap_or_default());
        }
        Row { cells, below: answers(release, org, measure, counts) }
    };
    table("", columns, measures.iter().map(row))
}

/// The questions on progress: title and members of each index, then those of none.
pub(super) fn by_index(release: &Release) -> Vec<(&str, Vec<&Measure>)> {
    let progress: Vec<&Measure> = release.indexes().filter(|index| !index.severity).collect();
    let member = |index: &Measure, item: &Measure| {
        index.members.iter().any(|member| member.item.as_str() == item.code)
    };
    let items = || release.items().filter(|item| item.kind == MeasureKind::Item);
    let mut groups: Vec<(&str, Vec<&Measure>)> = progress
        .iter()
        .map(|index| (index.label.as_str(), items().filter(|item| member(index, item)).collect()))
        .collect();
    let others = items().filter(|item| !release.indexes().any(|index| member(index, item)));
    groups.push(("Other questions", others.collect()));
    groups.retain(|(_, items)| !items.is_empty());
    groups
}

/// The barriers in the order of their chart, those not shown last.
pub(super) fn barriers<'r>(release: &'r Release, org: &Org) -> Vec<&'r Measure> {
    let mut found: Vec<&Measure> =
        chart::by_severity(release, org).into_iter().map(|(barrier, _)| barrier).collect();
    let all = release.items().filter(|item| item.kind == MeasureKind::Barrier);
    let not_shown: Vec<&Measure> =
        all.filter(|barrier| found.iter().all(|it| it.code != barrier.code)).collect();
    found.extend(not_shown);
    found
}

/// What a PCT reported beside what its leads experience.
pub(super) fn claims(release: &Release, org: &Org, stocktake: &StocktakeColumn) -> Option<Block> {
    let unit = stocktake.units.get(org.code.as_str())?;
    let columns = vec![
        wide("Milestone", 2),
        short("Reported"),
        number("Experienced, %"),
        number("Interval"),
        number("Gap, points"),
        wide("In words", 2),
    ];
    let row = |claim: &ClaimView| {
        let asked = release.measure(&claim.item).is_some();
        let cell = release.cell(&org.code, &claim.item);
        let shown = words::figures(cell);
        let percent =
            shown.and_then(|figures| figures.share).map(|share| print::whole(share.percent));
        let not_shown =
            || if asked { words::mark(cell).to_owned() } else { "not asked".to_owned() };
        let claimed = release.claimed(&org.code, &claim.item, claim.percent);
        let gap = claimed.gap.map(|gap| {
            let [gap, lo, hi] = [gap.gap, gap.interval.lo, gap.interval.hi]
                .map(|points| print::one(Figure::nearest(points)));
            format!("{gap} ({lo} to {hi})")
        });
        vec![
            claim.label.clone(),
            claim.claim.clone(),
            percent.unwrap_or_else(not_shown),
            shown.map(words::percents).unwrap_or_default(),
            gap.unwrap_or_default(),
            if asked { claimed.flag.words().to_owned() } else { String::new() },
        ]
    };
    let caption = format!("Stocktake of {}", stocktake.date);
    table(&caption, columns, unit.claims.iter().map(row))
}
