//! The study as a page of Markdown.

use crate::bands::DELTAS;
use crate::cells::{COVERED, SIZES};
use crate::opinion::SHAPES;
use crate::region::RATES;
use crate::sums::{Place, Share, Sums, Table};
use crate::{SEED, SPREAD};

/// The whole page.
#[must_use]
pub fn page(sums: &Sums, regions: usize) -> String {
    let parts = [
        preface(regions),
        cells(sums),
        shown(sums),
        index(sums),
        false_flags(sums),
        power(sums),
        ranks(sums),
        hidden(sums),
    ];
    parts.join("\n")
}

fn preface(regions: usize) -> String {
    let shapes: Vec<String> = SHAPES
        .iter()
        .map(|shape| {
            let shares = shape.shares.iter().map(|share| format!("{:.0}", 100.0 * share));
            format!("{} ({})", shape.name, shares.collect::<Vec<_>>().join(", "))
        })
        .collect();
    format!(
        "# Simulation study\n\n\
         Made by `cargo run --release --example simulation_study > src/statistics/simulation.md`: \
         seed {SEED}, {regions} regions for the intervals and for what is hidden, and as many for \
         each line about bands and ranks. A region has 13 PCTs in 4 clusters, 6 to 45 invited \
         leads in each, 162 to 300 in all; 50, 60, 70, 80 or 90 % reply, whatever they think; of \
         those, 3 % leave an item blank. Shapes of opinion, percent of leads from the worst \
         answer to the best: {}. Where all PCTs differ, they do so by shifts with a standard \
         deviation of {SPREAD} on the scale on which people vary by 1. Confidence is 95 %, the \
         rule is the default one without PBC groups, which are not simulated.\n\n\
         Figures are percentages if nothing else is said, ± their Monte Carlo standard error \
         over regions. \"–\" means that there is no case.\n",
        shapes.join(", ")
    )
}

fn cells(sums: &Sums) -> String {
    let rows = SHAPES.iter().enumerate().flat_map(|(shape, of)| {
        SIZES.iter().enumerate().map(move |(size, (low, high))| {
            let row = shape * SIZES.len() + size;
            let mut line = vec![of.name.to_owned(), format!("{low}–{high}")];
            line.extend((0..COVERED).map(|column| percent(sums, (Table::Cells, row, column))));
            line.push(cases(sums, (Table::Cells, row, 0)));
            line
        })
    });
    let text = "## Do intervals cover the truth? All PCT cells with an answer\n\n\
        The reply interval is about what all invited leads think, the process interval about the \
        chances from which their opinions were drawn. A cell where all agree has no process \
        interval for the mean, and counts there only for the percentage.\n";
    let heads =
        ["shape", "invited", "reply: mean", "reply: %", "process: mean", "process: %", "cells"];
    table(text, &heads, rows)
}

fn shown(sums: &Sums) -> String {
    let names = SHAPES.iter().map(|shape| shape.name).chain(["all"]);
    let rows = names.enumerate().map(|(row, name)| {
        let mut line = vec![name.to_owned()];
        line.extend((0..COVERED).map(|column| percent(sums, (Table::Shown, row, column))));
        line.push(cases(sums, (Table::Shown, row, 0)));
        line
    });
    let text = "## The same for the cells that readers see\n\n\
        Cells that are hidden because nearly all agree are missing here.\n";
    let heads = ["shape", "reply: mean", "reply: %", "process: mean", "process: %", "cells"];
    table(text, &heads, rows)
}

fn index(sums: &Sums) -> String {
    let kinds = [
        "all",
        "no item left blank",
        "an item left blank, not everybody replied",
        "an item left blank, everybody replied",
    ];
    let sizes =
        SIZES.iter().map(|(low, high)| format!("{low}–{high}")).chain(kinds.map(String::from));
    let rows = sizes.enumerate().map(|(row, size)| {
        let mut line = vec![size];
        line.extend((0..2).map(|column| percent(sums, (Table::Index, row, column))));
        line.push(cases(sums, (Table::Index, row, 0)));
        line
    });
    let text = "## The same for the index of the four items\n\n\
        PCTs whose index is shown; the truth is that of the items which it uses. The reply \
        interval corrects for the share of people who replied; that some of them left an item \
        blank is not in it: there it is too narrow, and a single point if everybody replied.\n";
    table(text, &["invited leads", "reply", "process", "indexes"], rows)
}

fn false_flags(sums: &Sums) -> String {
    let names = SHAPES.iter().map(|shape| shape.name).chain(["all"]);
    let rows = names.enumerate().map(|(row, name)| {
        let mut line = vec![name.to_owned()];
        line.extend((0..2).map(|column| fine(sums, (Table::FalseFlags, row, column))));
        line.push(cases(sums, (Table::FalseFlags, row, 0)));
        line
    });
    let text = "## How often does a band flag a PCT if none differs?\n\n\
        One item in each region; a region counts if any of its PCTs has a band.\n";
    table(text, &["shape", "PCTs flagged", "regions with a flag", "comparisons"], rows)
}

fn power(sums: &Sums) -> String {
    let rows = DELTAS.iter().enumerate().map(|(row, delta)| {
        let mut line = vec![format!("{delta}")];
        line.extend((0..SIZES.len() + 2).map(|at| percent(sums, (Table::Power, row, at))));
        line.push(fine(sums, (Table::Power, row, SIZES.len() + 2)));
        line.push(cases(sums, (Table::Power, row, SIZES.len())));
        line
    });
    let text = "## How often does a band find the one PCT that differs?\n\n\
        It lies lower than the others by this Cliff's delta, and is found if its band is `below`. \
        By its invited leads, of those PCTs whose cell is shown; then how often it is, and how \
        often one of the twelve others is flagged.\n";
    let mut heads = vec!["delta".to_owned()];
    heads.extend(SIZES.iter().map(|(low, high)| format!("found: {low}–{high}")));
    heads.extend(["found: all", "cell shown", "others flagged", "comparisons"].map(String::from));
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    table(text, &heads, rows)
}

fn ranks(sums: &Sums) -> String {
    let rows = ["none differs", "all differ"].into_iter().enumerate().map(|(row, name)| {
        let mut line = vec![name.to_owned()];
        line.extend((0..2).map(|column| percent(sums, (Table::Ranks, row, column))));
        line.extend((2..5).map(|column| plain(sums, (Table::Ranks, row, column))));
        line.push(cases(sums, (Table::Ranks, row, 0)));
        line
    });
    let text = "## Do rank intervals hold the true ranks?\n\n\
        Among the PCTs whose cell is shown, by their true means. Where none differs, all ranks \
        are true of each PCT, and only an interval from first to last holds them; a shorter one \
        tells PCTs apart that are equal. Width is a number of ranks.\n";
    let heads = [
        "PCTs",
        "simulated",
        "pairwise",
        "simulated: width",
        "pairwise: width",
        "ranked PCTs",
        "intervals",
    ];
    table(text, &heads, rows)
}

fn hidden(sums: &Sums) -> String {
    let rates = RATES.iter().map(|rate| format!("{rate} % reply"));
    let names = rates.chain(SHAPES.iter().map(|shape| shape.name.to_owned()));
    let rows = names.chain(["index".to_owned()]).enumerate().map(|(row, name)| {
        let mut line = vec![name];
        line.extend((0..6).map(|column| percent(sums, (Table::Hidden, row, column))));
        line.push(cases(sums, (Table::Hidden, row, 1)));
        line
    });
    let text = "## What is lost by suppression?\n\n\
        Of cells with an answer. *Unsafe* PCT cells must be hidden whatever else is shown; \
        *beyond* are those hidden to protect them, in the tree with clusters and in the one \
        without. An index is lost with its items, too, so that its *beyond* holds all its hidden \
        cells; rates are about items.\n";
    let heads = [
        "",
        "PCT: unsafe",
        "PCT: beyond",
        "PCT: beyond, no clusters",
        "cluster",
        "region",
        "region, no clusters",
        "PCT cells",
    ];
    table(text, &heads, rows)
}

/// A paragraph and a table under it.
fn table(text: &str, heads: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    let rule: Vec<String> = heads.iter().map(|_| "---".to_owned()).collect();
    let mut page = format!("{text}\n{}{}", line(&heads), line(&rule));
    rows.for_each(|row| page += &line(&row));
    page
}

fn percent(sums: &Sums, place: Place) -> String {
    written(sums, place, |share| format!("{:.1} ± {:.1}", 100.0 * share.value, 100.0 * share.error))
}

/// A small percentage.
fn fine(sums: &Sums, place: Place) -> String {
    written(sums, place, |share| format!("{:.2} ± {:.2}", 100.0 * share.value, 100.0 * share.error))
}

fn plain(sums: &Sums, place: Place) -> String {
    written(sums, place, |share| format!("{:.2} ± {:.2}", share.value, share.error))
}

fn cases(sums: &Sums, place: Place) -> String {
    written(sums, place, |share| share.cases.to_string())
}

fn written(sums: &Sums, place: Place, words: impl Fn(Share) -> String) -> String {
    sums.share(place).map_or("–".to_owned(), words)
}
