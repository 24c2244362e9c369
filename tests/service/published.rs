//! A release held against the answers that it was made of: each figure shown is
//! right, what must be hidden is hidden, and the rest of the region does not
//! give it away.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::independent::{Cell, Row, Wave, end_of_scale};
use crate::support::region::{Item, Questionnaire, units};

/// What a published cell has at most; a hidden one has none of them.
const FIGURES: [&str; 39] = [
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
/// The root of all results.
pub const REGION: &str = "east-of-england";

/// The rows of figures.csv by organisation and measure, each by column.
pub type Table = BTreeMap<(String, String), BTreeMap<String, String>>;

/// The columns among them that compare a node with others: from delta to eb_se.
const COMPARED: std::ops::Range<usize> = 18..31;

/// Reads figures.csv.
pub fn table(path: &Path) -> Table {
    let mut reader = csv::Reader::from_path(path).expect("figures.csv");
    let rows = reader.deserialize().map(|row| {
        let row: BTreeMap<String, String> = row.expect("a row");
        ((row["org"].clone(), row["measure"].clone()), row)
    });
    rows.collect()
}

/// Whether figures about these answers may stand alone. Source: methods.md 9.2 and 15.
fn is_safe(item: &Item, cell: &Cell, invited: i128, groups: i128) -> bool {
    let n = cell.n();
    let worst = cell.among(&end_of_scale(item, item.barrier));
    n >= 5 && groups >= 3 && cell.largest() <= n - 2 && !(n == invited && worst == n)
}

/// The people of several units together.
fn together(wave: &Wave<'_>, item: &Item, units: &[&String]) -> Cell {
    let mut sum = Cell::default();
    for unit in units {
        let cell = wave.cell(Some(unit), item);
        sum.scores.extend(cell.scores);
        sum.not_applicable += cell.not_applicable;
    }
    sum
}

/// A release beside the answers that it was made of.
pub struct Check<'a> {
    /// The answers.
    pub wave: Wave<'a>,
    /// The rows of figures.csv.
    pub table: &'a Table,
    /// What was asked.
    pub asked: &'a Questionnaire,
}

impl Check<'_> {
    fn row(&self, unit: Option<&str>, measure: &str) -> &BTreeMap<String, String> {
        let org = unit.unwrap_or(REGION).to_owned();
        &self.table[&(org, measure.to_owned())]
    }

    /// Whether a cell is shown: `ok`, `c` or `x`.
    pub fn status(&self, unit: Option<&str>, measure: &str) -> &str {
        &self.row(unit, measure)["status"]
    }

    /// A row has these figures and no others.
    fn figures(&self, unit: Option<&str>, measure: &str, expected: &Row) {
        let row = self.row(unit, measure);
        // Beside other PCTs: checked on files, where whole regions are made up.
        assert_eq!((FIGURES[COMPARED.start], FIGURES[COMPARED.end - 1]), ("delta", "eb_se"));
        let checked = |at: &usize| expected.is_empty() || !COMPARED.contains(at);
        for column in (0..FIGURES.len()).filter(checked).map(|at| FIGURES[at]) {
            let expected = expected.get(column).map_or("", String::as_str);
            assert_eq!(row[column], expected, "{column} of {measure} in {unit:?}");
        }
    }

    /// Every cell of an item, and that the hidden ones cannot be subtracted out.
    pub fn item(&self, item: &Item) -> (usize, usize) {
        let (mut shown, mut hidden_though_safe, mut hidden) = (0, 0, Vec::new());
        let units = units();
        for unit in &units {
            let (cell, groups) = (self.wave.cell(Some(unit), item), self.wave.groups(Some(unit)));
            let safe = is_safe(item, &cell, self.wave.invited(Some(unit)), groups);
            match self.status(Some(unit), &item.code) {
                "ok" => {
                    assert!(safe, "{} of {unit} must not be shown", item.code);
                    self.figures(Some(unit), &item.code, &self.wave.item_row(Some(unit), item));
                    shown += 1;
                }
                "c" => {
                    assert!(cell.n() > 0, "{} of {unit} has no answers", item.code);
                    self.figures(Some(unit), &item.code, &Row::new());
                    hidden_though_safe += usize::from(safe);
                    hidden.push(unit);
                }
                "x" => {
                    assert_eq!(cell.n(), 0, "{} of {unit} has answers", item.code);
                    self.figures(Some(unit), &item.code, &Row::new());
                }
                other => panic!("{other}"),
            }
        }
        // The region is the sum of its units, the hidden ones included.
        self.figures(None, &item.code, &self.wave.item_row(None, item));
        let sum: i128 = units.iter().map(|unit| self.wave.cell(Some(unit), item).n()).sum();
        assert_eq!(self.row(None, &item.code)["n"], sum.to_string());
        // What the region tells of the hidden units together must be safe too,
        // and leave room for each of them.
        let rest = together(&self.wave, item, &hidden);
        let of = |count: &dyn Fn(&String) -> i128| hidden.iter().map(|unit| count(unit)).sum();
        let invited = of(&|unit| self.wave.invited(Some(unit)));
        let groups = of(&|unit| self.wave.groups(Some(unit)));
        assert!(is_safe(item, &rest, invited, groups), "the rest of {} is exposed", item.code);
        let sorted = rest.sorted();
        for unit in hidden {
            let cell = self.wave.cell(Some(unit), item);
            let people = cell.scores.len();
            if !is_safe(item, &cell, self.wave.invited(Some(unit)), self.wave.groups(Some(unit))) {
                let lowest: i64 = sorted.iter().take(people).sum();
                let highest: i64 = sorted.iter().rev().take(people).sum();
                let room = i64::try_from(25 * people).expect("a few");
                assert!(highest - lowest >= room, "{} of {unit}", item.code);
            }
        }
        (shown, hidden_though_safe)
    }

    /// Every cell of an index; says how many are shown.
    pub fn index(&self, index: &str, items: &[String]) -> usize {
        let mut shown = 0;
        let units = units();
        for unit in units.iter().map(|unit| Some(unit.as_str())).chain([None]) {
            let used: Vec<String> =
                items.iter().filter(|item| self.status(unit, item) == "ok").cloned().collect();
            let people = self.wave.people_with_half(unit, items);
            let large = people >= 5 && self.wave.groups(unit) >= 3;
            match self.status(unit, index) {
                "ok" => {
                    assert!(large && 2 * used.len() >= items.len(), "{index} of {unit:?}");
                    self.figures(unit, index, &self.wave.index_row(unit, &used));
                    shown += 1;
                }
                "c" | "x" => self.figures(unit, index, &Row::new()),
                other => panic!("{other}"),
            }
        }
        shown
    }
}

/// The same cells stand in release.json, and hidden ones without figures.
pub fn check_json(path: &Path, table: &Table) {
    let text = std::fs::read_to_string(path).expect("release.json");
    let release: Value = serde_json::from_str(&text).expect("JSON");
    let cells = release["cells"].as_array().expect("cells");
    assert_eq!(cells.len(), table.len());
    for cell in cells {
        let text = |name: &str| cell[name].as_str().expect("a text").to_owned();
        let row = &table[&(text("org"), text("measure"))];
        assert_eq!(text("status"), row["status"]);
        match row["status"].as_str() {
            "ok" => assert_eq!(cell["figures"]["n"].to_string(), row["n"]),
            _ => assert!(cell["figures"].is_null(), "{cell}"),
        }
    }
}
