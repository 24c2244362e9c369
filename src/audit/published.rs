//! The files that people download, row by row, against the release itself.
//!
//! Source: methods.md 9.8, point 1.

use std::collections::BTreeSet;

use super::ballots::is_question;
use super::log::{Check, Log};
use super::recompute::{self, Expected};
use super::{Case, Files, beside};
use crate::release::{ChangeLabel, ChoiceTable, MeasureKind, Stat, Status};

/// Columns that say which cell a row is of, and nothing about it.
const NAMES: [&str; 8] = ["wave", "level", "org", "name", "measure", "kind", "label", "status"];
/// Columns about participation, which is no answer.
const PARTICIPATION: [&str; 2] = ["responded", "invited"];
/// One row of a file.
struct Row<'h> {
    header: &'h csv::StringRecord,
    fields: csv::StringRecord,
}

impl Row<'_> {
    /// Columns and texts.
    fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.header.iter().zip(self.fields.iter())
    }
}

/// The figures that every shown cell should have: per node, per measure.
type Wanted = [Vec<Option<Expected>>];

pub(super) fn test(case: &Case<'_>, files: &Files<'_>, wanted: &Wanted, log: &mut Log) {
    let (header, rows) = rows("figures.csv", files.figures, log);
    let rows = of_wave(&header, rows, case);
    let is_full = is_full(&rows);
    let mut found = BTreeSet::new();
    for row in &rows {
        let (org, code) = (text(row, "org"), text(row, "measure"));
        let place = case.release.measures().iter().position(|measure| measure.code == code);
        let (Some(node), Some(place)) = (case.family.place(org), place) else {
            // Rates and other rows of participation are no measures.
            let is_known = text(row, "kind") == "rate" && case.family.place(org).is_some();
            log.test(Check::Files, is_known, (org, code), || {
                "figures.csv has a row of no cell of the release".to_owned()
            });
            continue;
        };
        log.test(Check::Files, found.insert((node, place)), (org, code), || {
            "figures.csv has two rows of one cell".to_owned()
        });
        test_row(case, (node, place), row, is_full, wanted, log);
    }
    let cells = case.family.len() * case.release.measures().len();
    log.test(Check::Files, found.len() == cells, ("", ""), || {
        format!("figures.csv has {} of the {cells} cells of the release", found.len())
    });
    test_distribution(case, files, log);
    test_region(case, files, is_full, log);
}

fn test_row(
    case: &Case<'_>,
    (node, place): (usize, usize),
    row: &Row<'_>,
    is_full: bool,
    wanted: &Wanted,
    log: &mut Log,
) {
    let (org, code) = (text(row, "org"), text(row, "measure"));
    let statuses = case.statuses(code);
    let status = statuses.get(node).copied().unwrap_or(Status::Hidden);
    log.test(Check::Files, status.code() == text(row, "status"), (org, code), || {
        "figures.csv has another status than the release".to_owned()
    });
    if text(row, "status") != Status::Shown.code() {
        let figure = row.iter().find(|(column, text)| !NAMES.contains(column) && !text.is_empty());
        return log.test(Check::Hidden, figure.is_none(), (org, code), || {
            let column = figure.map_or("", |(column, _)| column);
            format!("a cell that is not shown has something in {column}")
        });
    }
    let (Some(measure), Some(spot)) = (case.release.measures().get(place), case.family.get(node))
    else {
        return;
    };
    let cell = case.release.cell(&spot.code, code).and_then(|cell| cell.figures.as_ref());
    let own = cell.map(|figures| recompute::published(measure, figures)).unwrap_or_default();
    let nothing = Expected::new();
    let wanted = wanted.get(node).and_then(|cells| cells.get(place)?.as_ref()).unwrap_or(&nothing);
    let label = cell.and_then(|cell| cell.change.as_ref()?.label).map_or("", ChangeLabel::words);
    log.test(Check::Figures, text(row, "change_label") == label, (org, code), || {
        "change_label of figures.csv is not the release's".to_owned()
    });
    for (column, text) in row.iter() {
        if column == "change_label" || NAMES.contains(&column) || PARTICIPATION.contains(&column) {
            continue;
        }
        // Recomputed from the published answers; else at least as the release has it.
        let recomputed = wanted.get(column);
        let Some(value) = recomputed.or_else(|| own.get(column)).copied() else {
            if !text.is_empty() {
                log.leave_unchecked(column);
            }
            continue;
        };
        let slack = match recomputed {
            _ if !is_full => half_a_unit(text),
            Some(_) => exact(value),
            None => coarseness(column, measure.kind),
        };
        let fits = match column {
            "band" => beside::number_of_words(text, measure.direction()) == value,
            _ => is_near(text, value, slack),
        };
        log.test(Check::Figures, fits, (org, code), || {
            format!("{column} of figures.csv does not follow from the published answers")
        });
    }
}

/// The figures in the release's own file.
pub(super) fn test_release(case: &Case<'_>, wanted: &Wanted, log: &mut Log) {
    for (place, measure) in case.release.measures().iter().enumerate() {
        for (node, spot) in case.family.spots() {
            let cell = case.release.cell(&spot.code, &measure.code);
            let Some(figures) = cell.and_then(|cell| cell.figures.as_ref()) else { continue };
            let at = (spot.code.as_str(), measure.code.as_str());
            let known = is_question(measure) || measure.kind == MeasureKind::Index;
            match wanted.get(node).and_then(|cells| cells.get(place)?.as_ref()) {
                Some(wanted) => {
                    test_same(
                        wanted,
                        &recompute::published(measure, figures),
                        measure.kind,
                        at,
                        log,
                    );
                }
                None => log.test(Check::Figures, !known, at, || {
                    "the figures cannot be recomputed".to_owned()
                }),
            }
        }
    }
}

fn test_same(
    wanted: &Expected,
    found: &Expected,
    kind: MeasureKind,
    at: (&str, &str),
    log: &mut Log,
) {
    for (column, value) in wanted {
        let Some(published) = found.get(column) else { continue };
        let slack = coarseness(column, kind);
        let fits = match (value, published) {
            (Some(value), Some(published)) => (value - published).abs() <= slack,
            (None, None) => true,
            _ => false,
        };
        log.test(Check::Figures, fits, at, || {
            format!("{column} of release.json does not follow from the published answers")
        });
    }
}

/// Half of the last place that a release keeps of a figure: six places, of
/// which one can be a step away from what only looks like a tie.
///
/// Source: methods.md 9.7.
fn coarseness(column: &str, kind: MeasureKind) -> f64 {
    1.6e-6
        + match column {
            "delta" | "delta_lo" | "delta_hi" => 5e-3,
            // What is smaller than 0.001 stands as nought.
            "p" | "q" | "change_p" | "change_q" => 1e-3,
            "ci_lo" | "ci_hi" | "proc_lo" | "proc_hi" | "eb" | "eb_se" | "change_lo"
            | "change_hi"
                if kind.is_index() =>
            {
                0.05
            }
            _ => 0.0,
        }
}

/// Answers per option: of shown cells alone, and those of the release.
fn test_distribution(case: &Case<'_>, files: &Files<'_>, log: &mut Log) {
    let Some(file) = files.distribution else { return };
    let (header, rows) = rows("distribution.csv", file, log);
    for row in &of_wave(&header, rows, case) {
        let (org, code) = (text(row, "org"), text(row, "measure"));
        if let Some(table) = case.release.choices().iter().find(|t| t.item.as_str() == code) {
            test_choice(case, table, row, log);
            continue;
        }
        let figures = case
            .family
            .place(org)
            .and_then(|node| case.family.get(node))
            .and_then(|spot| case.release.cell(&spot.code, code)?.figures.as_ref());
        log.test(Check::Hidden, figures.is_some(), (org, code), || {
            "distribution.csv has answers of a cell that is not shown".to_owned()
        });
        let (Some(figures), Some(measure)) = (figures, case.release.measure(code)) else {
            continue;
        };
        let option = measure
            .options
            .iter()
            .zip(&figures.counts)
            .find(|(option, _)| option.value.to_string() == text(row, "option"));
        let fits = option.is_some_and(|(_, count)| count.to_string() == text(row, "count"));
        log.test(Check::Figures, fits, (org, code), || {
            "distribution.csv has other answers than the release".to_owned()
        });
    }
}

/// Choices without order: of the root alone, and as the release has them.
fn test_choice(case: &Case<'_>, table: &ChoiceTable, row: &Row<'_>, log: &mut Log) {
    let (org, code) = (text(row, "org"), text(row, "measure"));
    let at_root = case.family.place(org) == Some(case.family.root());
    log.test(Check::Hidden, at_root, (org, code), || {
        "distribution.csv has choices of another node than the root".to_owned()
    });
    let count = match text(row, "option") {
        "other" => table.others,
        value => table
            .options
            .iter()
            .find(|option| option.value.to_string() == value)
            .map(|option| option.people),
    };
    let fits = count.is_some_and(|count| count.to_string() == text(row, "count"));
    log.test(Check::Figures, fits, (org, code), || {
        "distribution.csv has other choices than the release".to_owned()
    });
    let least = u64::from(case.release.settings().k);
    log.test(Check::Safe, count.is_none_or(|count| count >= least), (org, code), || {
        "an option is told that fewer than k people chose".to_owned()
    });
}

/// Figures of the root as a whole: of no other node, and of no question that is
/// hidden there.
fn test_region(case: &Case<'_>, files: &Files<'_>, is_full: bool, log: &mut Log) {
    let Some(file) = files.region else { return };
    let root = case.release.root().map_or("", |org| org.code.as_str());
    let (header, rows) = rows("region.csv", file, log);
    for row in &of_wave(&header, rows, case) {
        let (org, code) = (text(row, "org"), text(row, "measure"));
        log.test(Check::Hidden, org == root, (org, code), || {
            "region.csv has a figure of another node than the root".to_owned()
        });
        let node = case.family.place(root);
        let status = node.and_then(|node| case.statuses(code).get(node).copied());
        let shown = case.release.measure(code).is_none() || status == Some(Status::Shown);
        let value = text(row, "value");
        log.test(Check::Hidden, shown || value.is_empty(), (org, code), || {
            "region.csv has a figure of a question that is not shown".to_owned()
        });
        let stat = Stat::ALL.iter().find(|stat| stat.code() == text(row, "stat"));
        let own = stat.and_then(|stat| case.release.root_figures().get(code)?.get(stat));
        log.test(Check::Figures, own.is_some(), (org, code), || {
            "region.csv has a figure that the release has not".to_owned()
        });
        if let (Some(own), false) = (own, is_full) {
            let fits = is_near(value, Some(own.value()), half_a_unit(value));
            log.test(Check::Figures, fits, (org, code), || {
                "region.csv has another figure than the release".to_owned()
            });
        }
    }
}

/// The figures of the root in the release's own file, where they follow from
/// the published answers.
pub(super) fn test_root(case: &Case<'_>, log: &mut Log) {
    for measure in case.release.measures().iter().filter(|measure| is_question(measure)) {
        let Some(own) = case.release.root_figures().get(&measure.code) else { continue };
        let at = (case.release.root().map_or("", |org| org.code.as_str()), measure.code.as_str());
        for (stat, wanted) in beside::of_root(case, measure) {
            let slack = if stat == Stat::KruskalP { 1e-3 } else { 0.0 };
            let fits = match (wanted, own.get(&stat)) {
                (Some(wanted), Some(own)) => {
                    let size = 1e-9 * wanted.abs();
                    (wanted - own.value()).abs() <= slack + size + 1.6e-6
                }
                (None, None) => true,
                _ => false,
            };
            log.test(Check::Figures, fits, at, || {
                format!("{} of release.json does not follow from the answers", stat.code())
            });
        }
    }
}

/// The rows of the release's wave.
fn of_wave<'h>(
    header: &'h csv::StringRecord,
    rows: Vec<csv::StringRecord>,
    case: &Case<'_>,
) -> Vec<Row<'h>> {
    let rows = rows.into_iter().map(|fields| Row { header, fields });
    rows.filter(|row| text(row, "wave") == case.release.about().wave.as_str()).collect()
}

fn text<'r>(row: &'r Row<'_>, column: &str) -> &'r str {
    let text = row.iter().find(|(name, _)| *name == column).map_or("", |(_, text)| text);
    // A quotation mark before a formula sign is for spreadsheets alone.
    text.strip_prefix('\'').unwrap_or(text)
}

fn rows(name: &str, file: &str, log: &mut Log) -> (csv::StringRecord, Vec<csv::StringRecord>) {
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    let header = reader.headers().cloned();
    let rows: Result<Vec<csv::StringRecord>, csv::Error> = reader.records().collect();
    match header.and_then(|header| Ok((header, rows?))) {
        Ok(table) => table,
        Err(error) => {
            log.fault(format!("{name} cannot be read: {error}"));
            Default::default()
        }
    }
}

/// Whether figures are written with every place they have: some mean or
/// deviation then has more than one.
fn is_full(rows: &[Row<'_>]) -> bool {
    let places = |text: &str| text.split_once('.').map_or(0, |(_, places)| places.len());
    rows.iter().any(|row| places(text(row, "mean")) > 1 || places(text(row, "sd")) > 1)
}

/// Whether a text is a figure, or empty where there is none.
fn is_near(text: &str, value: Option<f64>, slack: f64) -> bool {
    let Some(value) = value else { return text.is_empty() };
    if text == "<0.001" {
        return value < 0.001;
    }
    text.parse::<f64>().is_ok_and(|written| (written - value).abs() <= slack)
}

/// Half of the last place that a figure is written with.
fn half_a_unit(text: &str) -> f64 {
    let places = text.split_once('.').map_or(0, |(_, places)| places.len());
    10_f64.powi(-i32::try_from(places).unwrap_or(i32::MAX)) / 2.0 + 2e-6
}

/// At full precision a figure computed again is the same but for the last bits.
fn exact(value: Option<f64>) -> f64 {
    1e-9 * value.map_or(1.0, f64::abs).max(1.0)
}
