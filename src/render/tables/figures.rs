//! `figures.csv`: one row per node and measure.
//!
//! A row that is not `ok` says which cell it is and nothing more.

use std::borrow::Cow;
use std::io::{self, Write};

use super::datapackage::FIGURES;
use super::{Printed, level, record};
use crate::release::{
    Beside, Cell, Change, Contents, Figures, Measure, MeasureKind, Org, Range, Score, Share,
    Standing,
};
use crate::spreadsheet::guarded;

/// The columns, in order.
pub fn columns() -> impl Iterator<Item = &'static str> {
    FIGURES.iter().map(|field| field.0)
}

/// One row: column and text; what is not named stays empty.
struct Row<'a>(Vec<(&'static str, Cow<'a, str>)>);

impl<'a> Row<'a> {
    fn put(&mut self, column: &'static str, text: impl Into<Cow<'a, str>>) {
        self.0.push((column, text.into()));
    }

    fn number<N: Printed>(&mut self, column: &'static str, number: Option<N>, places: u32) {
        if let Some(number) = number {
            self.put(column, number.text(places));
        }
    }

    fn chance<N: Printed>(&mut self, column: &'static str, chance: Option<N>) {
        if let Some(chance) = chance {
            self.put(column, chance.chance());
        }
    }

    fn ends<N: Printed>(
        &mut self,
        [lo, hi]: [&'static str; 2],
        range: Option<Range<N>>,
        places: u32,
    ) {
        self.number(lo, range.as_ref().map(|range| range.lo), places);
        self.number(hi, range.map(|range| range.hi), places);
    }
}

/// Writes the rows, nodes by code, measures in order; with the line of names
/// first if `header`.
///
/// # Errors
/// If `out` refuses.
pub fn write_figures<N: Printed>(
    contents: &Contents<N>,
    header: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    if header {
        record(out, columns())?;
    }
    for org in contents.nodes() {
        for measure in contents.measures() {
            if let Some(cell) = contents.cell(&org.code, &measure.code) {
                let row = row(contents, org, measure, cell);
                record(out, columns().map(|column| row.text(column)))?;
            }
        }
    }
    Ok(())
}

impl Row<'_> {
    fn text(&self, column: &str) -> &str {
        self.0.iter().find(|(name, _)| *name == column).map_or("", |(_, text)| text)
    }
}

fn row<'a, N: Printed>(
    contents: &'a Contents<N>,
    org: &'a Org,
    measure: &'a Measure,
    cell: &Cell<N>,
) -> Row<'a> {
    let mut row = Row(Vec::with_capacity(FIGURES.len()));
    row.put("wave", guarded(contents.about().wave.as_str()));
    row.put("level", level(org.level));
    row.put("org", guarded(org.code.as_str()));
    row.put("name", guarded(&org.name));
    row.put("measure", guarded(&measure.code));
    row.put("kind", measure.kind.code());
    row.put("label", guarded(&measure.label));
    row.put("status", cell.status.code());
    if let Some(figures) = &cell.figures {
        of_figures(&mut row, measure, figures);
        if let Some(responded) = org.responded {
            row.put("responded", responded.to_string());
        }
        row.put("invited", org.invited.to_string());
    }
    row
}

fn of_figures<N: Printed>(row: &mut Row<'_>, measure: &Measure, figures: &Figures<N>) {
    row.put("n", figures.n.to_string());
    row.put("N_q", figures.n_q.to_string());
    if let Some(score) = &figures.score {
        of_score(row, score);
    }
    if let Some(share) = &figures.share {
        of_share(row, measure.kind, share);
    }
    if measure.kind.is_index() {
        row.put("items_used", figures.used.len().to_string());
        row.put("n_star", figures.n.to_string());
    }
    if let Some(beside) = &figures.beside {
        of_beside(row, measure, beside);
    }
    if let Some(standing) = &figures.standing {
        of_standing(row, standing);
    }
    if let Some(change) = &figures.change {
        of_change(row, change);
    }
}

fn of_score<N: Printed>(row: &mut Row<'_>, score: &Score<N>) {
    row.number("mean", Some(score.mean), 1);
    row.number("sd", score.sd, 1);
    row.ends(["ci_lo", "ci_hi"], Some(score.reply), 1);
    row.ends(["proc_lo", "proc_hi"], score.process, 1);
    row.ends(["nr_lo", "nr_hi"], Some(score.bounds), 1);
}

fn of_share<N: Printed>(row: &mut Row<'_>, kind: MeasureKind, share: &Share<N>) {
    let column = if kind == MeasureKind::Barrier { "pct_major" } else { "pct_fav" };
    row.number(column, Some(share.percent), 0);
    row.ends(["pct_lo", "pct_hi"], share.unsure.map(|unsure| unsure.reply), 0);
    row.ends(["pct_proc_lo", "pct_proc_hi"], share.unsure.map(|unsure| unsure.process), 0);
    if kind == MeasureKind::Number {
        row.ends(["nr_lo", "nr_hi"], share.unsure.map(|unsure| unsure.bounds), 0);
    }
}

fn of_beside<N: Printed>(row: &mut Row<'_>, measure: &Measure, beside: &Beside<N>) {
    row.number("delta", Some(beside.delta), 2);
    row.ends(["delta_lo", "delta_hi"], beside.interval, 2);
    row.put("p", beside.p.chance());
    row.put("q", beside.q.chance());
    row.put("band", beside.band.words(measure.direction()));
}

fn of_standing<N: Printed>(row: &mut Row<'_>, standing: &Standing<N>) {
    row.put("rank", standing.rank.to_string());
    row.put("rank_lo", standing.rank_lo.to_string());
    row.put("rank_hi", standing.rank_hi.to_string());
    row.put("sim_rank_lo", standing.sim_rank_lo.to_string());
    row.put("sim_rank_hi", standing.sim_rank_hi.to_string());
    row.number("eb", Some(standing.eb), 1);
    row.number("eb_se", Some(standing.eb_se), 1);
}

fn of_change<N: Printed>(row: &mut Row<'_>, change: &Change<N>) {
    row.number("change", Some(change.difference), 1);
    row.ends(["change_lo", "change_hi"], change.interval, 1);
    row.chance("change_p", change.p);
    row.chance("change_q", change.q);
    if let Some(label) = change.label {
        row.put("change_label", label.words());
    }
}
