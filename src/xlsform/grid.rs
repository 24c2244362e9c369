//! Groups whose rows share a list, as grids.

use super::carrier::Carrier;
use super::condition::{Condition, all};
use super::draft::{DraftKind, DraftQuestion, DraftRow};
use super::relevant::Takes;
use super::row_type::{Bracket, RowType};
use super::tree::{Group, Node};
use super::words::{code_from, flag};
use super::workbook::SheetRow;

impl<'s> Carrier<'_, 's> {
    /// The group as a grid, if its rows share a list and are shown as a table.
    pub(super) fn grid(
        &mut self,
        group: &Group<'s>,
        on_top: bool,
        around: &[Condition],
    ) -> Option<DraftQuestion> {
        let shape = Shape::of(self, group)?;
        let row = group.row;
        let list = self.lists.get(&shape.list)?;
        if list.options.len() < 2 || list.options.len() > 100 {
            return None;
        }
        self.used_lists.insert(shape.list.clone());
        let mut answers = list.answers(&shape.list, false);
        if !answers.scored {
            self.plain_lists.insert(shape.list.clone());
        }
        for option in &mut answers.options {
            if option.other.take().is_some() {
                self.lose(
                    row,
                    "type",
                    format!("{:?} has no room for words", option.label),
                    "a row of a grid is too narrow",
                );
            }
        }
        self.idle(row, &["appearance"]);
        let name = self.get(row, "name").unwrap_or("GRID");
        let show_if = {
            let own = self.relevant(row, "the grid is");
            all(around.iter().cloned().chain(own).collect())
        };
        let (ask, help) = self.texts_of(row, name, &shape);
        // A group on top lends its name to the section.
        let wanted = if on_top { format!("{name}_grid") } else { name.to_owned() };
        let code = self.codes.claim(&code_from(&wanted, "GRID"), &[], &self.wanted);
        let values: Vec<(String, u16)> =
            answers.options.iter().map(|option| (option.name.clone(), option.value)).collect();
        let rows: Vec<DraftRow> =
            shape.rows.iter().map(|row| self.grid_row(row, &values)).collect();
        self.known.ask_grid(&code, rows.iter().map(|row| row.code.clone()).collect());
        let shuffle = self.get(row, "shuffle").and_then(flag) == Some(true);
        let kind = DraftKind::Grid { answers, rows, shuffle };
        Some(DraftQuestion {
            row: row.number,
            name: name.to_owned(),
            code,
            ask,
            help,
            show_if,
            kind,
        })
    }

    /// The wording of a grid and its help: the group's own, its header's, its notes'.
    fn texts_of(&mut self, row: &'s SheetRow, name: &str, shape: &Shape<'s>) -> (String, String) {
        let texts: Vec<String> = shape.notes.iter().filter_map(|note| self.note(note)).collect();
        let header = shape.header.map(|header| self.words(header, "label"));
        let mut own = vec![self.words(row, "label")];
        own.extend(header);
        own.extend(texts);
        own.push(self.words(row, "hint"));
        own.retain(|text| !text.is_empty());
        let mut own = own.into_iter();
        let ask = own.next().unwrap_or_else(|| self.label(row, name));
        (ask, own.collect::<Vec<_>>().join("\n\n"))
    }

    fn grid_row(&mut self, row: &'s SheetRow, values: &[(String, u16)]) -> DraftRow {
        let name = self.name(row);
        let show_if = self.relevant(row, "the row is");
        let constraint = self.constraint(row);
        self.only(row, &constraint, &[]);
        self.idle(row, &["appearance"]);
        let code = self.code(row, name, &[]);
        self.known.ask(name, &code, Takes::One(values.to_vec()));
        let (label, help) = (self.label(row, name), self.words(row, "hint"));
        DraftRow { row: row.number, code, label, help, show_if }
    }
}

/// What makes a group a grid.
struct Shape<'s> {
    list: String,
    rows: Vec<&'s SheetRow>,
    notes: Vec<&'s SheetRow>,
    /// A row that shows the answers alone, above the rows that are asked.
    header: Option<&'s SheetRow>,
}

impl<'s> Shape<'s> {
    fn of(carrier: &Carrier<'_, 's>, group: &Group<'s>) -> Option<Self> {
        let appearance = carrier.get(group.row, "appearance")?.to_lowercase();
        let table = appearance.contains("table-list");
        if group.bracket == Bracket::Repeat || !(table || appearance.contains("field-list")) {
            return None;
        }
        let mut shape =
            Self { list: String::new(), rows: Vec::new(), notes: Vec::new(), header: None };
        for node in &group.nodes {
            match node {
                Node::Row { row, is: RowType::Note } if shape.rows.is_empty() => {
                    shape.notes.push(*row);
                }
                Node::Row { row, is: RowType::Select { list, several: false, other: false } }
                    if shape.list.is_empty() || shape.list == *list =>
                {
                    shape.list.clone_from(list);
                    let disabled = carrier.get(row, "disabled").and_then(flag) == Some(true);
                    let is_header = shape.rows.is_empty()
                        && carrier
                            .get(row, "appearance")
                            .is_some_and(|text| text.trim() == "label");
                    if disabled {
                        return None;
                    } else if is_header {
                        shape.header = Some(*row);
                    } else {
                        shape.rows.push(*row);
                    }
                }
                _ => return None,
            }
        }
        let enough = if table { 1 } else { 2 };
        // Rows are shown at once: none can wait for another.
        let waits = shape.rows.iter().filter_map(|row| carrier.get(row, "relevant")).any(|text| {
            let names = shape.rows.iter().filter_map(|row| carrier.get(row, "name"));
            names.into_iter().any(|name| text.contains(&format!("${{{name}}}")))
        });
        (shape.rows.len() >= enough && !waits).then_some(shape)
    }
}
