//! The rows of the survey sheet as groups within groups.

use super::columns::Columns;
use super::loss::Loss;
use super::row_type::{Bracket, RowType};
use super::workbook::SheetRow;
use crate::fault::{Fault, Faults, nearest};

/// Deeper groups than these nobody draws, and the stack is finite.
const DEEPEST: usize = 40;

/// A row of the survey sheet, or a group of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node<'s> {
    Row { row: &'s SheetRow, is: RowType },
    Group(Group<'s>),
}

/// A group of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group<'s> {
    pub(super) row: &'s SheetRow,
    pub(super) bracket: Bracket,
    pub(super) nodes: Vec<Node<'s>>,
}

/// Where faults of a sheet are told: the file's name, the sheet's after it.
pub(super) struct Teller<'a> {
    pub(super) file: &'a str,
}

impl Teller<'_> {
    pub(super) fn fault(
        &self,
        sheet: &str,
        row: u32,
        what: impl Into<String>,
        hint: impl Into<String>,
    ) -> Fault {
        let line = usize::try_from(row).unwrap_or_default();
        Fault::at(&format!("{}:{sheet}", self.file), line, 0, what).hint(hint)
    }
}

/// Reads the rows into groups. A row without a type is nothing, and told as a loss.
pub(super) fn read<'s>(
    columns: &Columns<'s>,
    teller: &Teller<'_>,
    losses: &mut Vec<Loss>,
) -> Result<Vec<Node<'s>>, Faults> {
    let mut faults = Vec::new();
    let name = columns.sheet.name.as_str();
    let mut open: Vec<Group<'s>> = Vec::new();
    let mut top = Vec::new();
    for row in &columns.sheet.rows {
        let Some(text) = columns.get(row, "type") else {
            losses.push(columns.loss(row, "type", "the row is left out", "it has no type"));
            continue;
        };
        match RowType::read(text) {
            RowType::Begin(bracket) => {
                if open.len() >= DEEPEST {
                    let what = format!("{DEEPEST} groups stand within each other already");
                    faults.push(teller.fault(name, row.number, what, "use fewer levels"));
                    return Err(Faults::new(faults));
                }
                open.push(Group { row, bracket, nodes: Vec::new() });
            }
            RowType::End(bracket) => match open.pop() {
                Some(group) if group.bracket == bracket => {
                    open.last_mut()
                        .map_or(&mut top, |outer| &mut outer.nodes)
                        .push(Node::Group(group));
                }
                Some(group) => {
                    let what = format!(
                        "{text:?} ends what began in row {} as another thing",
                        group.row.number
                    );
                    let hint = "end groups with end_group and repeats with end_repeat";
                    faults.push(teller.fault(name, row.number, what, hint));
                    open.last_mut()
                        .map_or(&mut top, |outer| &mut outer.nodes)
                        .push(Node::Group(group));
                }
                None => {
                    let what = format!("{text:?} ends a group that was never begun");
                    faults.push(teller.fault(
                        name,
                        row.number,
                        what,
                        "add begin_group, or take the row out",
                    ));
                }
            },
            RowType::Unknown => {
                let known = [
                    "text",
                    "integer",
                    "decimal",
                    "note",
                    "select_one",
                    "select_multiple",
                    "date",
                    "range",
                ];
                let first = text.split_whitespace().next().unwrap_or(text);
                let hint = match nearest(first, known) {
                    Some(near) => format!("did you mean {near}?"),
                    None => {
                        "the types are those of XLSForm, for example text, integer, select_one LIST"
                            .into()
                    }
                };
                faults.push(teller.fault(
                    name,
                    row.number,
                    format!("there is no type {text:?}"),
                    hint,
                ));
            }
            is => {
                open.last_mut()
                    .map_or(&mut top, |outer| &mut outer.nodes)
                    .push(Node::Row { row, is });
            }
        }
    }
    for group in &open {
        let what = "this group or repeat never ends";
        faults.push(teller.fault(name, group.row.number, what, "add end_group or end_repeat"));
    }
    if faults.is_empty() { Ok(top) } else { Err(Faults::new(faults)) }
}
