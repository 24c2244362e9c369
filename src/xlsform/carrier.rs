//! What is known while a form's rows become questions, and the losses so far.

use std::collections::BTreeSet;

use super::columns::Columns;
use super::condition::{Condition, all};
use super::lists::Lists;
use super::loss::Loss;
use super::relevant::Known;
use super::tree::Teller;
use super::words::{Codes, code_from, flag, plain};
use super::workbook::SheetRow;
use super::xpath::{self, Xpath};
use crate::fault::{Fault, nearest};

/// The rows of a form on their way to sections.
pub(super) struct Carrier<'a, 's> {
    pub(super) survey: &'a Columns<'s>,
    pub(super) lists: &'a Lists,
    pub(super) language: Option<&'a str>,
    pub(super) teller: &'a Teller<'a>,
    pub(super) losses: Vec<Loss>,
    pub(super) faults: Vec<Fault>,
    pub(super) known: Known,
    pub(super) codes: Codes,
    /// The codes that the names of all rows would like to have.
    pub(super) wanted: BTreeSet<String>,
    /// Lists that a question took for a choice though a scale might be meant.
    pub(super) plain_lists: BTreeSet<String>,
    pub(super) used_lists: BTreeSet<String>,
    /// Rows that ask for the words beside an "other" answer, by name.
    pub(super) others: BTreeSet<String>,
}

/// Columns that lose their content wherever it stands, and why.
const IDLE: [(&str, &str); 12] = [
    ("required", "no question is ever required"),
    ("required_message", "no question is ever required"),
    ("constraint_message", "the program itself says which answers it takes"),
    ("appearance", "a kind of question has one look"),
    ("default", "no answer is given before the respondent gives it"),
    ("calculation", "a survey file has no computed values"),
    ("choice_filter", "all choices are offered"),
    ("parameters", "a kind of question has no settings of this sort"),
    ("read_only", "every question can be answered"),
    ("trigger", "a survey file has no computed values"),
    ("repeat_count", "questions are asked once"),
    ("guidance_hint", "a question has one help text"),
];

/// Columns of pictures and sounds.
const MEDIA: [&str; 3] = ["image", "audio", "video"];

impl<'a, 's> Carrier<'a, 's> {
    pub(super) fn new(
        survey: &'a Columns<'s>,
        lists: &'a Lists,
        language: Option<&'a str>,
        teller: &'a Teller<'a>,
    ) -> Self {
        let names = survey.sheet.rows.iter().filter_map(|row| survey.get(row, "name"));
        let wanted = names.map(|name| code_from(name, "Q")).collect();
        Self {
            survey,
            lists,
            language,
            teller,
            losses: Vec::new(),
            faults: Vec::new(),
            known: Known::default(),
            codes: Codes::default(),
            wanted,
            plain_lists: BTreeSet::new(),
            used_lists: BTreeSet::new(),
            others: BTreeSet::new(),
        }
    }

    pub(super) fn lose(
        &mut self,
        row: &SheetRow,
        key: &str,
        what: impl Into<String>,
        why: impl Into<String>,
    ) {
        self.losses.push(self.survey.loss(row, key, what, why));
    }

    pub(super) fn fault(
        &mut self,
        row: &SheetRow,
        what: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let name = &self.survey.sheet.name;
        self.faults.push(self.teller.fault(name, row.number, what, hint));
    }

    pub(super) fn get(&self, row: &'s SheetRow, key: &str) -> Option<&'s str> {
        self.survey.get(row, key)
    }

    /// The name of a row, which XLSForm wants of every question.
    pub(super) fn name(&mut self, row: &'s SheetRow) -> &'s str {
        if let Some(name) = self.get(row, "name") {
            return name;
        }
        let what = "this row has no name";
        self.fault(row, what, "give it one in the column name: letters, digits and _");
        ""
    }

    /// A text of a row in the language taken; empty if there is none.
    pub(super) fn words(&mut self, row: &'s SheetRow, key: &str) -> String {
        let Some(text) = self.survey.text(row, key, self.language) else { return String::new() };
        let (text, changes) = plain(text);
        for change in changes {
            self.lose(row, key, change.what, change.why);
        }
        text
    }

    /// The label of a row, or its name where it has none.
    pub(super) fn label(&mut self, row: &'s SheetRow, name: &str) -> String {
        let label = self.words(row, "label");
        if !label.is_empty() {
            return label;
        }
        let label = name.replace(['{', '}'], "_");
        self.lose(row, "name", format!("{name} takes its name for its text"), "it has no label");
        if label.trim().is_empty() { "?".to_owned() } else { label }
    }

    /// The code of a row, told if it is not its name.
    pub(super) fn code(&mut self, row: &SheetRow, name: &str, columns: &[u16]) -> String {
        let code = self.codes.claim(&code_from(name, "Q"), columns, &self.wanted);
        if code != name {
            let why = "codes have letters, digits and _ - . in them, no two are the same, and \
                       none is a word of conditions";
            self.lose(row, "name", format!("{name} is called {code}"), why);
        }
        code
    }

    /// Tells what stands idle in a row, all but the columns that were used.
    pub(super) fn idle(&mut self, row: &'s SheetRow, used: &[&str]) {
        for (key, why) in IDLE {
            let translated =
                matches!(key, "required_message" | "constraint_message" | "guidance_hint");
            let text = if translated {
                self.survey.text(row, key, self.language)
            } else {
                self.get(row, key)
            };
            let Some(text) = text.filter(|_| !used.contains(&key)) else { continue };
            let means_nothing =
                matches!(key, "required" | "read_only") && flag(text) == Some(false);
            if !means_nothing {
                self.lose(row, key, format!("{:?} is left out", short(text)), why);
            }
        }
        for key in MEDIA {
            if let Some(text) = self.survey.text(row, key, self.language) {
                let what = format!("{:?} is left out", short(text));
                self.lose(row, key, what, "a question is words alone");
            }
        }
    }

    /// The condition of a row, as far as it carries over.
    pub(super) fn relevant(&mut self, row: &'s SheetRow, whom: &str) -> Option<Condition> {
        let text = self.get(row, "relevant")?;
        let expression = match xpath::read(text) {
            // What always holds is no condition.
            Ok(Xpath::Call(name, _)) if name == "true" => return None,
            Ok(expression) => expression,
            Err(why) => {
                let what = format!("the condition {:?} is left out", short(text));
                self.lose(row, "relevant", what, format!("{why}; {whom} asked of everybody"));
                return None;
            }
        };
        let (condition, lost) = self.known.carry(&expression);
        for why in lost {
            let (what, rest) = if condition.is_some() {
                ("a part of the condition", "the rest of it is kept")
            } else {
                ("the condition", whom)
            };
            let what = format!("{what} {:?} is left out", short(text));
            let rest = if condition.is_some() {
                rest.to_owned()
            } else {
                format!("{rest} asked of everybody")
            };
            self.lose(row, "relevant", what, format!("{why}; {rest}"));
        }
        condition
    }

    /// The condition of a row together with those around it that are its own.
    pub(super) fn asked_if(
        &mut self,
        row: &'s SheetRow,
        around: &[Condition],
    ) -> Option<Condition> {
        let own = self.relevant(row, "the question is");
        all(around.iter().cloned().chain(own).collect())
    }

    /// Tells that a whole row is left out.
    pub(super) fn leave_out(&mut self, row: &'s SheetRow, why: &str) {
        let name = self.get(row, "name").unwrap_or_default();
        let of_type = self.get(row, "type").unwrap_or_default();
        let what = if name.is_empty() {
            format!("a row of type {of_type} is left out")
        } else {
            format!("{name}, of type {of_type}, is left out")
        };
        self.known.lose(name);
        self.lose(row, "type", what, why);
    }

    /// A list that a row names, or a fault.
    pub(super) fn list(&mut self, row: &'s SheetRow, list: &str) -> Option<&'a super::lists::List> {
        let lists = self.lists;
        if let Some(found) = lists.get(list) {
            self.used_lists.insert(list.to_owned());
            return Some(found);
        }
        let hint = match nearest(list, lists.names()) {
            Some(near) => format!("did you mean {near}?"),
            None => "add its choices to the sheet choices".to_owned(),
        };
        self.fault(row, format!("there is no list {list:?} of choices"), hint);
        None
    }
}

/// A text that fits on a line.
pub(super) fn short(text: &str) -> String {
    let line = text.replace('\n', " ");
    if line.chars().count() <= 80 {
        return line;
    }
    line.chars().take(77).chain("...".chars()).collect()
}
