//! A release as `figures.csv`: one row per node and measure, with figures as
//! people print them: scores with one place, percentages without.
//!
//! A row that is not `ok` says which cell it is and nothing more.

use std::borrow::Cow;

use crate::release::{
    Cell, Figure, Figures, Level, Measure, MeasureKind, Org, Range, Release, Share, print,
};

/// The columns, in order. Those that no method fills yet are empty.
pub const COLUMNS: [&str; 47] = [
    "wave",
    "level",
    "org",
    "name",
    "measure",
    "kind",
    "label",
    "status",
    "n",
    "N_q",
    "mean",
    "sd",
    "ci_lo",
    "ci_hi",
    "proc_lo",
    "proc_hi",
    "nr_lo",
    "nr_hi",
    "pct_fav",
    "pct_major",
    "pct_lo",
    "pct_hi",
    "pct_proc_lo",
    "pct_proc_hi",
    "items_used",
    "n_star",
    "delta",
    "delta_lo",
    "delta_hi",
    "p",
    "q",
    "band",
    "rank",
    "rank_lo",
    "rank_hi",
    "sim_rank_lo",
    "sim_rank_hi",
    "eb",
    "eb_se",
    "change",
    "change_lo",
    "change_hi",
    "change_p",
    "change_q",
    "change_label",
    "responded",
    "invited",
];

/// One row: column and text; what is not named stays empty.
type Row<'a> = Vec<(&'static str, Cow<'a, str>)>;

/// The release as a table in CSV: nodes by code, measures in the release's order.
#[must_use]
pub fn figures_csv(release: &Release) -> String {
    let mut text = COLUMNS.join(",");
    text.push('\n');
    for org in release.nodes() {
        for measure in release.measures() {
            if let Some(cell) = release.cell(&org.code, &measure.code) {
                let row = row(release, org, measure, cell);
                let fields: Vec<Cow<'_, str>> = COLUMNS
                    .iter()
                    .map(|column| {
                        let found = row.iter().find(|(name, _)| name == column);
                        found.map_or(Cow::Borrowed(""), |(_, text)| quoted(text))
                    })
                    .collect();
                text.push_str(&fields.join(","));
                text.push('\n');
            }
        }
    }
    text
}

fn row<'a>(release: &'a Release, org: &'a Org, measure: &'a Measure, cell: &Cell) -> Row<'a> {
    let mut row: Row<'a> = vec![
        ("wave", safe(release.about().wave.as_str())),
        ("level", level(org.level).into()),
        ("org", safe(org.code.as_str())),
        ("name", safe(&org.name)),
        ("measure", safe(&measure.code)),
        ("kind", measure.kind.code().into()),
        ("label", safe(&measure.label)),
        ("status", cell.status.code().into()),
    ];
    if let Some(figures) = &cell.figures {
        of_figures(&mut row, figures);
        if let Some(share) = &figures.share {
            of_share(&mut row, measure.kind, share);
        }
        if measure.kind == MeasureKind::Index {
            row.push(("items_used", figures.used.len().to_string().into()));
            row.push(("n_star", figures.n.to_string().into()));
        }
        if let Some(responded) = org.responded {
            row.push(("responded", responded.to_string().into()));
        }
        row.push(("invited", org.invited.to_string().into()));
    }
    row
}

fn of_figures(row: &mut Row<'_>, figures: &Figures) {
    row.push(("n", figures.n.to_string().into()));
    row.push(("N_q", figures.n_q.to_string().into()));
    row.push(("mean", print::one(figures.mean).into()));
    if let Some(sd) = figures.sd {
        row.push(("sd", print::one(sd).into()));
    }
    ends(row, ["ci_lo", "ci_hi"], figures.reply, print::one);
    if let Some(process) = figures.process {
        ends(row, ["proc_lo", "proc_hi"], process, print::one);
    }
    ends(row, ["nr_lo", "nr_hi"], figures.bounds, print::one);
}

fn of_share(row: &mut Row<'_>, kind: MeasureKind, share: &Share) {
    let column = if kind == MeasureKind::Barrier { "pct_major" } else { "pct_fav" };
    row.push((column, print::whole(share.percent).into()));
    ends(row, ["pct_lo", "pct_hi"], share.reply, print::whole);
    ends(row, ["pct_proc_lo", "pct_proc_hi"], share.process, print::whole);
}

fn ends(
    row: &mut Row<'_>,
    [lo, hi]: [&'static str; 2],
    range: Range,
    print: impl Fn(Figure) -> String,
) {
    row.push((lo, print(range.lo).into()));
    row.push((hi, print(range.hi).into()));
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Nation => "nation",
        Level::Region => "region",
        Level::Cluster => "cluster",
        Level::Pct => "pct",
    }
}

/// A text that no spreadsheet takes for a formula.
fn safe(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// A field as CSV wants it (RFC 4180).
fn quoted(text: &str) -> Cow<'_, str> {
    if text.contains(['"', ',', '\n', '\r']) {
        Cow::Owned(format!("\"{}\"", text.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
#[path = "figures_tests.rs"]
mod tests;
