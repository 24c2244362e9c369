//! The region and its survey as their files say, read without the program.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

/// One lead of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// Where mail goes.
    pub email: String,
    /// The PBC group's slug.
    pub group: String,
    /// The reporting unit's slug.
    pub unit: String,
}

/// A question that is counted.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its code.
    pub code: String,
    /// Whether 100 is the worst.
    pub barrier: bool,
    /// Its answers in screen order.
    pub options: Vec<Choice>,
}

/// One answer of a question.
#[derive(Debug, Clone)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// Its score, if it has one.
    pub score: Option<i64>,
    /// Whether the question does not concern whoever chooses it.
    pub not_applicable: bool,
}

/// A survey as its file says.
#[derive(Debug, Clone)]
pub struct Questionnaire {
    /// Scored questions and rows of grids.
    pub scored: Vec<Item>,
    /// Questions with a choice that has no score: code and values.
    pub choices: Vec<(String, Vec<String>)>,
    /// Questions with several answers: code, values that go together, and most of them.
    pub several: Vec<(String, Vec<String>, usize)>,
    /// Questions answered with a number.
    pub numbers: Vec<String>,
    /// Questions answered in words: code and most characters.
    pub texts: Vec<(String, usize)>,
    /// Indexes: code and the items they are the mean of.
    pub indexes: Vec<(String, Vec<String>)>,
}

/// The module that the tests' waves ask.
pub const MODULE: &str = "R1";

/// The folder of the East of England's files.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("survey_definitions/east-of-england")
}

fn rows(file: &str) -> Vec<BTreeMap<String, String>> {
    let path = folder().join("register").join(file);
    let mut reader = csv::Reader::from_path(path).expect("a register file");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

/// Every unit's slug.
pub fn units() -> Vec<String> {
    rows("reporting-units.csv").into_iter().map(|row| row["unit_slug"].clone()).collect()
}

/// Every lead with group and unit, in the order of the file.
pub fn leads() -> Vec<Lead> {
    let mut units = BTreeMap::new();
    for row in rows("reporting-units.csv") {
        for pct in row["pct_codes"].split(';') {
            units.insert(pct.to_owned(), row["unit_slug"].clone());
        }
    }
    let groups: BTreeMap<String, String> = rows("consortia.csv")
        .into_iter()
        .map(|row| (row["slug"].clone(), units[&row["pct_code"]].clone()))
        .collect();
    rows("leads.csv")
        .into_iter()
        .map(|row| {
            let group = row["consortium_slug"].clone();
            Lead { email: row["email"].clone(), unit: groups[&group].clone(), group }
        })
        .collect()
}

/// The survey that is asked.
pub fn questionnaire() -> Questionnaire {
    let text = std::fs::read_to_string(folder().join("survey.toml")).expect("the survey's file");
    let file: Table = text.parse().expect("TOML");
    let mut asked = Questionnaire {
        scored: vec![],
        choices: vec![],
        several: vec![],
        numbers: vec![],
        texts: vec![],
        indexes: vec![],
    };
    let is_asked = |section: &&Table| {
        section.get("module").is_none_or(|module| module.as_str() == Some(MODULE))
    };
    for section in tables(&file, "sections").filter(is_asked) {
        for question in tables(section, "questions") {
            let code = string(question, "code");
            match string(question, "kind").as_str() {
                "text" => {
                    let most = question["max_chars"].as_integer().expect("a number");
                    asked.texts.push((code, usize::try_from(most).expect("a length")));
                }
                "choice" => {
                    let values = tables(question, "options").map(value).collect();
                    asked.choices.push((code, values));
                }
                "choices" => {
                    let together = |option: &&Table| option.get("exclusive").is_none();
                    let values: Vec<String> =
                        tables(question, "options").filter(together).map(value).collect();
                    let most = question.get("most").and_then(Value::as_integer);
                    let most =
                        most.map_or(values.len(), |most| usize::try_from(most).expect("few"));
                    asked.several.push((code, values, most));
                }
                "number" => asked.numbers.push(code),
                "grid" if question.get("options").is_some() => {
                    let values: Vec<String> = tables(question, "options").map(value).collect();
                    let rows = tables(question, "rows").map(|row| string(row, "code"));
                    asked.choices.extend(rows.map(|row| (row, values.clone())));
                }
                "rating" => asked.scored.push(scored(&file, question, code)),
                "grid" => asked.scored.extend(
                    tables(question, "rows")
                        .map(|row| scored(&file, question, string(row, "code"))),
                ),
                other => panic!("a kind that this test does not know: {other}"),
            }
        }
    }
    for index in tables(&file, "indexes") {
        let items = index["items"].as_array().expect("items").iter();
        let items = items.map(|item| item.as_str().expect("a code of weight 1").to_owned());
        asked.indexes.push((string(index, "code"), items.collect()));
    }
    asked
}

fn tables<'t>(of: &'t Table, name: &str) -> impl Iterator<Item = &'t Table> {
    let list = of.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    list.iter().map(|one| one.as_table().expect("a table"))
}

fn string(of: &Table, name: &str) -> String {
    of[name].as_str().expect("a text").to_owned()
}

fn value(option: &Table) -> String {
    option["value"].as_integer().expect("a value").to_string()
}

fn scored(file: &Table, question: &Table, code: String) -> Item {
    let scale = file["scales"][&string(question, "scale")].as_table().expect("a scale");
    let also = question.get("also").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let also = also.iter().map(|one| match one {
        Value::String(name) => file["answers"][name].as_table().expect("an answer"),
        other => other.as_table().expect("an answer"),
    });
    let counts = |option: &Table| option.get("counts").and_then(Value::as_str).map(str::to_owned);
    Item {
        code,
        barrier: scale.get("direction").and_then(Value::as_str) == Some("barrier"),
        options: tables(scale, "options")
            .chain(also)
            .map(|option| Choice {
                value: value(option),
                score: option.get("score").and_then(Value::as_integer),
                not_applicable: counts(option).as_deref() == Some("not-applicable"),
            })
            .collect(),
    }
}
