//! One sheet per view of the results.

use super::View;
use super::sheet::{Entry, Head, Sheet};
use crate::pages::ClaimView;
use crate::release::{
    Cell, Figure, Figures, Level, Measure, MeasureKind, Org, Range, Status, print,
};
use crate::render::tables::places;

const NODE: u16 = 30;
const WORDING: u16 = 60;
const FIGURE: u16 = 10;

pub(super) fn all(view: &View<'_>) -> Vec<Sheet> {
    let mut sheets = vec![overview(view), indexes(view), questions(view), barriers(view)];
    sheets.push(distribution(view));
    sheets.push(response(view));
    sheets.push(region(view));
    sheets.extend(claims(view));
    sheets
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Nation => "nation",
        Level::Region => "region",
        Level::Cluster => "cluster",
        Level::Pct => "PCT",
    }
}

fn responded(view: &View<'_>, org: &Org) -> Entry {
    let few = || Entry::words(format!("fewer than {}", view.release.settings().k));
    org.responded.map_or_else(few, Entry::count)
}

fn rate(org: &Org) -> Entry {
    let rate = org.responded.and_then(|n| print::percent(n, org.invited)?.parse().ok());
    rate.map_or(Entry::Nothing, |rate: u32| Entry::Number(f64::from(rate), 0))
}

fn figures(cell: Option<&Cell>) -> Option<&Figures> {
    cell.filter(|cell| cell.status == Status::Shown)?.figures.as_ref()
}

fn overview(view: &View<'_>) -> Sheet {
    let mut heads = vec![
        Head::new("Organisation", NODE, ""),
        Head::new("Level", FIGURE, ""),
        Head::new("Responded", FIGURE, "Leads who answered"),
        Head::new("Invited", FIGURE, "Leads who were asked"),
        Head::new("Response, %", FIGURE, ""),
    ];
    if view.stocktake.is_some() {
        heads.push(Head::new("Stocktake", 12, "The traffic light of the stocktake"));
    }
    let measures: Vec<&Measure> =
        view.release.measures().iter().filter(|m| m.kind.is_index()).collect();
    heads.extend(measures.iter().map(|m| Head::new(&m.label, 14, "Index, 0 to 100 points")));
    let row = |org: &&Org| {
        let mut row = vec![
            Entry::words(&org.name),
            Entry::words(level(org.level)),
            responded(view, org),
            Entry::count(org.invited),
            rate(org),
        ];
        if let Some(stocktake) = view.stocktake {
            let unit = stocktake.units.get(org.code.as_str());
            row.push(unit.map_or(Entry::Nothing, |unit| Entry::words(&unit.light.word)));
        }
        row.extend(measures.iter().map(|measure| {
            let cell = view.release.cell(&org.code, &measure.code);
            let score = figures(cell).and_then(|figures| figures.score);
            score.map_or_else(|| Entry::mark(cell), |score| Entry::figure(Some(score.mean), 1))
        }));
        row
    };
    Sheet {
        name: "Overview",
        about: "Every index of every organisation, with who answered.".to_owned(),
        heads,
        fixed: 1,
        rows: view.orgs.iter().map(row).collect(),
    }
}

/// The node and the measure of a row.
fn key_heads(wording: bool) -> Vec<Head> {
    let mut heads = vec![Head::new("Organisation", NODE, ""), Head::new("Measure", 12, "Its code")];
    if wording {
        heads.push(Head::new("Section", 24, ""));
    }
    heads.push(Head::new("Wording", WORDING, ""));
    heads
}

fn key(org: &Org, measure: &Measure, wording: bool) -> Vec<Entry> {
    let mut row = vec![Entry::words(&org.name), Entry::words(&measure.code)];
    if wording {
        row.push(Entry::words(&measure.section));
    }
    row.push(Entry::words(&measure.label));
    row
}

fn base_heads() -> [Head; 2] {
    [
        Head::new("n", FIGURE, "Valid answers"),
        Head::new("N", FIGURE, "Invited people whom it concerns"),
    ]
}

fn score_heads() -> [Head; 3] {
    [
        Head::new("Score", FIGURE, "Mean score, 0 to 100 points"),
        Head::new("From", FIGURE, "Lower end of the interval of the score"),
        Head::new("To", FIGURE, "Upper end of the interval of the score"),
    ]
}

fn compared_heads() -> [Head; 9] {
    [
        Head::new(
            "Beside the rest",
            16,
            "Where the PCT stands beside the rest; in line: no reliable difference was found",
        ),
        Head::new("Delta", FIGURE, "Cliff's delta against the rest, -1 to 1"),
        Head::new(
            "q",
            FIGURE,
            "Chance of such a difference if there were none, adjusted among all PCTs",
        ),
        Head::new("Rank from", FIGURE, "Interval of the rank among PCTs, 1 the highest score"),
        Head::new("Rank to", FIGURE, "Interval of the rank among PCTs"),
        Head::new("Change", FIGURE, "From the wave before, in points"),
        Head::new("Change from", FIGURE, "Lower end of the interval of the change"),
        Head::new("Change to", FIGURE, "Upper end of the interval of the change"),
        Head::new("Change in words", 16, "Improved, worsened or no clear change"),
    ]
}

fn ends(range: Option<Range>, places: u32) -> [Entry; 2] {
    [range.map(|range| range.lo), range.map(|range| range.hi)].map(|end| Entry::figure(end, places))
}

fn base(figures: &Figures) -> [Entry; 2] {
    [Entry::count(figures.n), Entry::count(figures.n_q)]
}

fn score(figures: &Figures) -> [Entry; 3] {
    let [from, to] = ends(figures.score.map(|score| score.reply), 1);
    [Entry::figure(figures.score.map(|score| score.mean), 1), from, to]
}

fn share(figures: &Figures) -> [Entry; 3] {
    let unsure = figures.share.and_then(|share| share.unsure);
    let [from, to] = ends(unsure.map(|unsure| unsure.reply), 0);
    [Entry::figure(figures.share.map(|share| share.percent), 0), from, to]
}

fn compared(measure: &Measure, figures: &Figures) -> Vec<Entry> {
    let (beside, standing, change) = (&figures.beside, &figures.standing, &figures.change);
    let rank = |rank: Option<u32>| rank.map_or(Entry::Nothing, |rank| Entry::count(rank.into()));
    let [from, to] = ends(change.as_ref().and_then(|change| change.interval), 1);
    vec![
        beside.map_or(Entry::Nothing, |it| Entry::words(it.band.words(measure.direction()))),
        Entry::figure(beside.map(|beside| beside.delta), 2),
        Entry::chance(beside.map(|beside| beside.q)),
        rank(standing.map(|standing| standing.sim_rank_lo)),
        rank(standing.map(|standing| standing.sim_rank_hi)),
        Entry::figure(change.as_ref().map(|change| change.difference), 1),
        from,
        to,
        change
            .as_ref()
            .and_then(|change| change.label)
            .map_or(Entry::Nothing, |label| Entry::words(label.words())),
    ]
}

/// Rows of these measures at every node; a cell that is not shown is marked in
/// the first column of figures and empty after it.
fn rows(
    view: &View<'_>,
    measures: &[&Measure],
    wording: bool,
    of: impl Fn(&Measure, &Figures) -> Vec<Entry>,
    columns: usize,
) -> Vec<Vec<Entry>> {
    let mut rows = Vec::new();
    for org in &view.orgs {
        for measure in measures {
            let cell = view.release.cell(&org.code, &measure.code);
            let mut row = key(org, measure, wording);
            if let Some(figures) = figures(cell) {
                row.extend(of(measure, figures));
            } else {
                row.push(Entry::mark(cell));
                row.resize(columns, Entry::Nothing);
            }
            rows.push(row);
        }
    }
    rows
}

fn indexes(view: &View<'_>) -> Sheet {
    let measures: Vec<&Measure> =
        view.release.measures().iter().filter(|m| m.kind.is_index()).collect();
    let mut heads = key_heads(false);
    heads.extend(score_heads());
    heads.extend(base_heads());
    heads.push(Head::new("Questions used", FIGURE, "Questions that the index rests on there"));
    heads.push(Head::new("Questions in all", FIGURE, ""));
    heads.extend(compared_heads());
    let of = |measure: &Measure, figures: &Figures| {
        let mut row: Vec<Entry> = score(figures).into();
        row.extend(base(figures));
        row.push(Entry::count(figures.used.len() as u64));
        // The overall index is made of indexes.
        let all = Some(measure.members.len()).filter(|all| *all > 0);
        row.push(all.map_or(Entry::Nothing, |all| Entry::count(all as u64)));
        row.extend(compared(measure, figures));
        row
    };
    Sheet {
        name: "Indexes",
        about: "Each index with its interval, beside the rest and beside the wave before."
            .to_owned(),
        fixed: 1,
        rows: rows(view, &measures, false, of, heads.len()),
        heads,
    }
}

fn of_questions(
    view: &View<'_>,
    (name, about): (&'static str, &str),
    measures: &[&Measure],
    share_heads: [Head; 3],
) -> Sheet {
    let mut heads = key_heads(true);
    heads.extend(score_heads());
    heads.extend(share_heads);
    heads.extend(base_heads());
    heads.extend(compared_heads());
    let of = |measure: &Measure, figures: &Figures| {
        let mut row: Vec<Entry> = score(figures).into();
        row.extend(share(figures));
        row.extend(base(figures));
        row.extend(compared(measure, figures));
        row
    };
    let rows = rows(view, measures, true, of, heads.len());
    Sheet { name, about: about.to_owned(), heads, fixed: 2, rows }
}

fn questions(view: &View<'_>) -> Sheet {
    let asked = |m: &&Measure| matches!(m.kind, MeasureKind::Item | MeasureKind::Number);
    let measures: Vec<&Measure> = view.release.measures().iter().filter(asked).collect();
    let heads = [
        Head::new(
            "Favourable, %",
            12,
            "Share of valid answers that are favourable; of a number: in favourable bands",
        ),
        Head::new("% from", FIGURE, "Lower end of the interval of the share"),
        Head::new("% to", FIGURE, "Upper end of the interval of the share"),
    ];
    let about = "Each question on progress, 100 the best score. Numbers have a share and no score.";
    of_questions(view, ("Questions", about), &measures, heads)
}

fn barriers(view: &View<'_>) -> Sheet {
    let asked = |m: &&Measure| m.kind == MeasureKind::Barrier;
    let measures: Vec<&Measure> = view.release.measures().iter().filter(asked).collect();
    let heads = [
        Head::new("Major, %", 12, "Share of valid answers that call the barrier major"),
        Head::new("% from", FIGURE, "Lower end of the interval of the share"),
        Head::new("% to", FIGURE, "Upper end of the interval of the share"),
    ];
    let about = "Each barrier, 100 the most severe.";
    of_questions(view, ("Barriers", about), &measures, heads)
}

fn distribution(view: &View<'_>) -> Sheet {
    let mut rows = Vec::new();
    let percent = |part: u64, of: u64| {
        let whole = print::percent(part, of).and_then(|text| text.parse().ok());
        whole.map_or(Entry::Nothing, |whole: u32| Entry::Number(f64::from(whole), 0))
    };
    for org in &view.orgs {
        for measure in view.release.items() {
            let Some(figures) = figures(view.release.cell(&org.code, &measure.code)) else {
                continue;
            };
            for (option, count) in measure.options.iter().zip(&figures.counts) {
                let Some(score) = option.score else { continue };
                let mut row = key(org, measure, true);
                row.push(Entry::words(&option.label));
                row.push(Entry::count(score.into()));
                row.push(Entry::count(*count));
                row.push(percent(*count, figures.n));
                rows.push(row);
            }
        }
    }
    let mut heads = key_heads(true);
    heads.extend([
        Head::new("Answer", 30, ""),
        Head::new("Score", FIGURE, "What the answer scores, 0 to 100"),
        Head::new("People", FIGURE, "How many gave it"),
        Head::new("%", FIGURE, "Of valid answers"),
    ]);
    Sheet {
        name: "Distribution",
        about: "How many gave each answer, for every figure that is shown.".to_owned(),
        heads,
        fixed: 2,
        rows,
    }
}

fn response(view: &View<'_>) -> Sheet {
    let row = |org: &&Org| {
        let groups = org.groups.map_or(Entry::Nothing, Entry::count);
        let parent = org.parent.as_ref().and_then(|code| view.release.node(code));
        vec![
            Entry::words(&org.name),
            Entry::words(org.code.as_str()),
            Entry::words(level(org.level)),
            parent.map_or(Entry::Nothing, |parent| Entry::words(&parent.name)),
            Entry::count(org.invited),
            responded(view, org),
            rate(org),
            groups,
        ]
    };
    Sheet {
        name: "Response",
        about: "Who was asked and who answered.".to_owned(),
        heads: vec![
            Head::new("Organisation", NODE, ""),
            Head::new("Code", 18, ""),
            Head::new("Level", FIGURE, ""),
            Head::new("Part of", NODE, ""),
            Head::new("Invited", FIGURE, "Leads who were asked"),
            Head::new("Responded", 12, "Leads who answered"),
            Head::new("Response, %", 12, ""),
            Head::new("PBC groups", 12, "Groups among those who answered, where that may be said"),
        ],
        fixed: 1,
        rows: view.orgs.iter().map(row).collect(),
    }
}

fn region(view: &View<'_>) -> Sheet {
    let release = view.release;
    let mut rows = Vec::new();
    for measure in release.measures() {
        for (stat, value) in release.root_figures().get(&measure.code).into_iter().flatten() {
            let value = match places(*stat) {
                Some(places) => Entry::figure(Some(*value), places),
                None => Entry::chance(Some(*value)),
            };
            rows.push(vec![
                Entry::words(&measure.code),
                Entry::words(&measure.label),
                Entry::words(stat.code()),
                value,
                Entry::words(stat.meaning()),
            ]);
        }
    }
    Sheet {
        name: "Region figures",
        about: "Figures of the whole: spread between PCTs, reliability, priorities of barriers."
            .to_owned(),
        heads: vec![
            Head::new("Measure", 12, "Its code"),
            Head::new("Wording", WORDING, ""),
            Head::new("Figure", 22, ""),
            Head::new("Value", 12, ""),
            Head::new("What it says", 70, ""),
        ],
        fixed: 1,
        rows,
    }
}

/// Claims and experience; none if the reader sees no stocktake.
fn claims(view: &View<'_>) -> Option<Sheet> {
    let stocktake = view.stocktake?;
    let mut rows = Vec::new();
    for org in &view.orgs {
        let Some(unit) = stocktake.units.get(org.code.as_str()) else { continue };
        for claim in &unit.claims {
            let mut row = vec![Entry::words(&org.name), Entry::words(&unit.light.word)];
            row.extend(claim_row(view, org, claim));
            rows.push(row);
        }
    }
    Some(Sheet {
        name: "Claims",
        about: format!(
            "What PCTs returned in the stocktake of {} beside what their leads experience.",
            stocktake.date
        ),
        heads: vec![
            Head::new("PCT", NODE, ""),
            Head::new("Stocktake", 12, "Its traffic light"),
            Head::new("Milestone", 28, ""),
            Head::new("Claimed", 12, "What the PCT returned"),
            Head::new("Experienced, %", 14, "Share of leads who say so"),
            Head::new("% from", FIGURE, "Lower end of its interval"),
            Head::new("% to", FIGURE, "Upper end of its interval"),
            Head::new("Gap", FIGURE, "Claimed less experienced, in points"),
            Head::new("Gap from", FIGURE, "Lower end of its interval"),
            Head::new("Gap to", FIGURE, "Upper end of its interval"),
            Head::new("In words", 26, "What may be said of the two"),
        ],
        fixed: 1,
        rows,
    })
}

fn claim_row(view: &View<'_>, org: &Org, claim: &ClaimView) -> Vec<Entry> {
    let release = view.release;
    let asked = release.measure(&claim.item).is_some();
    let cell = release.cell(&org.code, &claim.item);
    let claimed = release.claimed(&org.code, &claim.item, claim.percent);
    let mut row = vec![Entry::words(&claim.label), Entry::words(&claim.claim)];
    match figures(cell) {
        Some(figures) => row.extend(share(figures)),
        None if asked => row.extend([Entry::mark(cell), Entry::Nothing, Entry::Nothing]),
        None => row.extend([Entry::words("not asked"), Entry::Nothing, Entry::Nothing]),
    }
    let gap = claimed.gap.map(|gap| [gap.gap, gap.interval.lo, gap.interval.hi]);
    match gap {
        Some(points) => {
            row.extend(points.map(|point| Entry::figure(Some(Figure::nearest(point)), 1)));
        }
        None => row.extend([Entry::Nothing, Entry::Nothing, Entry::Nothing]),
    }
    row.push(if asked { Entry::words(claimed.flag.words()) } else { Entry::Nothing });
    row
}
