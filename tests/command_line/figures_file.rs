//! The tables of a release as a reader of the files sees them.

use std::collections::HashMap;

use serde_json::Value;

use crate::place::Place;

/// A row of `figures.csv`.
pub struct Row(HashMap<String, String>);

impl Row {
    pub fn get(&self, column: &str) -> &str {
        &self.0[column]
    }

    pub fn shown(&self) -> bool {
        self.get("status") == "ok"
    }

    pub fn is(&self, kind: &str) -> bool {
        self.get("kind") == kind
    }

    pub fn number(&self, column: &str) -> f64 {
        self.get(column).parse().unwrap_or(-1.0)
    }

    /// The score, or the mark of a cell that is not shown.
    pub fn score(&self) -> String {
        if self.shown() { self.get("mean").to_owned() } else { format!("[{}]", self.get("status")) }
    }

    /// The ends of an interval as reports print them.
    pub fn range(&self, [lo, hi]: [&str; 2]) -> String {
        let (lo, hi) = (self.get(lo), self.get(hi));
        if self.get("n") == self.get("N_q") && lo == hi {
            return "all answered".to_owned();
        }
        format!("{lo} to {hi}")
    }

    /// Score, interval, the percentage if `share` names one, and `n of N`.
    pub fn figures(&self, share: Option<&str>) -> String {
        if !self.shown() {
            return self.score();
        }
        let share = share.map(|column| format!("{} ", self.get(column))).unwrap_or_default();
        let interval = self.range(["ci_lo", "ci_hi"]);
        format!("{} {interval} {share}{} of {}", self.score(), self.get("n"), self.get("N_q"))
    }

    pub fn change(&self) -> String {
        let change = self.get("change");
        let sign = if change.is_empty() || change.starts_with('-') { "" } else { "+" };
        format!("{sign}{change} {}", self.get("change_label")).trim().to_owned()
    }
}

pub struct Table {
    rows: Vec<Row>,
    /// Answers to each question in words, by PCT and question.
    pub answers: HashMap<(String, String), Vec<String>>,
    /// Figures of the region as a whole, by question and name.
    pub whole: HashMap<(String, String), String>,
}

fn rows(place: &Place, name: &str) -> Vec<Row> {
    let text = place.read(name);
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .map(|row| Row(row.expect("a row")))
        .collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Table {
    pub fn read(place: &Place) -> Self {
        let release: Value =
            serde_json::from_str(&place.read("out/release.json")).expect("a release");
        let list = |value: &'_ Value| value.as_array().cloned().unwrap_or_default();
        let mut labels = HashMap::new();
        for measure in list(&release["measures"]) {
            for option in list(&measure["options"]) {
                let key = (text(&measure["code"]), option["value"].to_string());
                labels.insert(key, text(&option["label"]));
            }
        }
        let mut answers: HashMap<_, Vec<String>> = HashMap::new();
        for row in rows(place, "out/distribution.csv") {
            if row.get("score").is_empty() {
                continue;
            }
            let option = (row.get("measure").to_owned(), row.get("option").to_owned());
            let said = format!("{} {}", labels[&option], row.get("count"));
            let key = (row.get("org").to_owned(), row.get("measure").to_owned());
            answers.entry(key).or_default().push(said);
        }
        let whole = rows(place, "out/region.csv").into_iter().map(|row| {
            let key = (row.get("measure").to_owned(), row.get("stat").to_owned());
            (key, row.get("value").to_owned())
        });
        Self { rows: rows(place, "out/figures.csv"), answers, whole: whole.collect() }
    }

    pub fn of(&self, column: &'static str, value: &str) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.get(column) == value)
    }

    pub fn cell(&self, org: &str, measure: &str) -> &Row {
        self.of("org", org).find(|row| row.get("measure") == measure).expect("a cell")
    }
}
