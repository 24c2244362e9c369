//! Groups of a form as sections and grids, notes as the texts around questions.

use std::collections::BTreeSet;

use super::carrier::Carrier;
use super::condition::{Condition, all};
use super::draft::{DraftQuestion, DraftSection};
use super::row_type::{Bracket, RowType};
use super::tree::{Group, Node};
use super::words::{code_from, first_free, flag};
use super::workbook::SheetRow;

/// Parts of `/answer/…` that are pages of their own, so no section can have them.
const TAKEN: [&str; 8] =
    ["check", "send", "done", "decline", "declined", "deputy", "leave", "passed-on"];

/// The sections so far, and the texts that stand outside of them.
#[derive(Debug, Default)]
pub(super) struct Sections {
    pub(super) list: Vec<DraftSection>,
    pub(super) welcome: Vec<String>,
    pub(super) thanks: Vec<String>,
    codes: BTreeSet<String>,
}

/// A group while its rows are read.
struct Frame<'s> {
    row: Option<&'s SheetRow>,
    name: String,
    title: String,
    module: Option<String>,
    conditions: Vec<Condition>,
    /// The place of its section, once it has a question.
    section: Option<usize>,
    /// Notes that wait for the next question, and the row of the last.
    notes: Vec<(&'s SheetRow, String)>,
}

impl Sections {
    /// Reads all the groups and rows of a form, in order.
    pub(super) fn read<'s>(carrier: &mut Carrier<'_, 's>, nodes: &[Node<'s>], title: &str) -> Self {
        let mut sections = Self::default();
        let is_note = |node: &Node<'_>| matches!(node, Node::Row { is: RowType::Note, .. });
        let asks = |node: &Node<'_>| match node {
            Node::Group(_) => true,
            Node::Row { is, .. } => !matches!(is, RowType::Note | RowType::Foreign(_)),
        };
        let first = nodes.iter().position(asks).unwrap_or(nodes.len());
        let last = nodes.iter().rposition(asks).map_or(0, |last| last + 1).max(first);
        for (at, node) in nodes.iter().enumerate() {
            if let Node::Row { row, .. } = node
                && is_note(node)
                && (at < first || at >= last)
            {
                let text = carrier.note(row);
                let page = if at < first { &mut sections.welcome } else { &mut sections.thanks };
                page.extend(text);
            }
        }
        let inner: Vec<Node<'s>> = nodes
            .iter()
            .enumerate()
            .filter(|(at, node)| !is_note(node) || (*at >= first && *at < last))
            .map(|(_, node)| node.clone())
            .collect();
        let mut frame = Frame::of(None, "MAIN", title, None, Vec::new());
        sections.walk(carrier, &inner, &mut frame, &[]);
        carrier.leave(&mut frame);
        sections
    }

    fn walk<'s>(
        &mut self,
        carrier: &mut Carrier<'_, 's>,
        nodes: &[Node<'s>],
        frame: &mut Frame<'s>,
        around: &[Condition],
    ) {
        for node in nodes {
            match node {
                Node::Row { row, .. } if carrier.is_disabled(row) => {}
                Node::Row { row, is: RowType::Note } => {
                    let text = carrier.note(row);
                    frame.notes.extend(text.map(|text| (*row, text)));
                }
                Node::Row { row, is: RowType::Acknowledge } => {
                    let why = "a question with one choice asks nothing; its text stays as a note";
                    carrier.leave_out(row, why);
                    let text = carrier.words(row, "label");
                    frame.notes.extend((!text.is_empty()).then_some((*row, text)));
                }
                Node::Row { row, is: RowType::Text } if carrier.is_other(row) => {}
                Node::Row { row, is } => {
                    if let Some(question) = carrier.question(row, is, around) {
                        self.place(carrier, frame, row, question);
                    }
                }
                Node::Group(group) => self.group(carrier, group, frame, around),
            }
        }
    }

    fn group<'s>(
        &mut self,
        carrier: &mut Carrier<'_, 's>,
        group: &Group<'s>,
        frame: &mut Frame<'s>,
        around: &[Condition],
    ) {
        let row = group.row;
        if group.bracket == Bracket::Repeat {
            carrier.lose(
                row,
                "type",
                "the repeat is asked once",
                "questions are asked once, not for each of many things",
            );
        }
        if let Some(grid) = carrier.grid(group, frame.row.is_none(), around) {
            self.place_grid(carrier, frame, row, grid);
            return;
        }
        carrier.idle(row, &[]);
        for key in ["hint", "constraint"] {
            if carrier.survey.text(row, key, carrier.language).is_some() {
                carrier.lose(row, key, "it is left out", "a group has no place for it");
            }
        }
        let title = carrier.words(row, "label");
        let condition = carrier.relevant(row, "the group is");
        if title.is_empty() && frame.row.is_some() {
            let around: Vec<Condition> = around.iter().cloned().chain(condition).collect();
            self.walk(carrier, &group.nodes, frame, &around);
            return;
        }
        let name = carrier.get(row, "name").unwrap_or("SECTION").to_owned();
        let title = if title.is_empty() { carrier.heading(group, &name) } else { title };
        if frame.row.is_some() {
            let what = format!("{title:?} is a section of its own");
            carrier.lose(row, "type", what, "sections do not stand within each other");
        }
        let conditions: Vec<Condition> =
            frame.conditions.iter().chain(around).cloned().chain(condition).collect();
        let module = carrier.module(row).or_else(|| frame.module.clone());
        let mut inner = Frame::of(Some(row), &name, &title, module, conditions);
        inner.notes.append(&mut frame.notes);
        self.walk(carrier, &group.nodes, &mut inner, &[]);
        carrier.leave(&mut inner);
    }

    /// Puts a grid into the section around it, or into one of its own.
    fn place_grid<'s>(
        &mut self,
        carrier: &mut Carrier<'_, 's>,
        frame: &mut Frame<'s>,
        row: &'s SheetRow,
        grid: DraftQuestion,
    ) {
        let title = carrier.survey.text(row, "label", carrier.language);
        let title = title.map(|title| super::words::plain(title).0).filter(|t| !t.is_empty());
        match title.filter(|_| frame.row.is_none()) {
            Some(title) => {
                let name = carrier.get(row, "name").unwrap_or("SECTION");
                let module = carrier.module(row);
                let mut own = Frame::of(Some(row), name, &title, module, Vec::new());
                own.notes.append(&mut frame.notes);
                self.place(carrier, &mut own, row, grid);
            }
            None => self.place(carrier, frame, row, grid),
        }
    }

    /// Puts a question into the section of its group, which begins with it or
    /// goes on after another group.
    fn place<'s>(
        &mut self,
        carrier: &mut Carrier<'_, 's>,
        frame: &mut Frame<'s>,
        row: &'s SheetRow,
        mut question: DraftQuestion,
    ) {
        let notes: Vec<String> = frame.notes.drain(..).map(|(_, text)| text).collect();
        let notes = notes.join("\n\n");
        let last = self.list.len().checked_sub(1);
        if frame.section.is_none() || frame.section != last {
            let goes_on = frame.section.is_some();
            let title =
                if goes_on { format!("{} (continued)", frame.title) } else { frame.title.clone() };
            let fits = |code: &str| !self.codes.contains(code) && !TAKEN.contains(&code);
            let code = first_free(&code_from(&frame.name, "SECTION"), fits);
            self.codes.insert(code.clone());
            if let Some(row) = frame.row.filter(|_| code != frame.name && !goes_on) {
                let why = "a section's code is part of an address, and no two are the same";
                carrier.lose(row, "name", format!("{} is called {code}", frame.name), why);
            }
            frame.section = Some(self.list.len());
            self.list.push(DraftSection {
                row: frame.row.unwrap_or(row).number,
                code,
                title,
                intro: notes,
                module: frame.module.clone(),
                show_if: all(frame.conditions.clone()),
                questions: vec![question],
            });
            return;
        }
        if !notes.is_empty() {
            question.help = if question.help.is_empty() {
                notes
            } else {
                format!("{notes}\n\n{}", question.help)
            };
        }
        if let Some(section) = self.list.last_mut() {
            section.questions.push(question);
        }
    }
}

impl<'s> Frame<'s> {
    fn of(
        row: Option<&'s SheetRow>,
        name: &str,
        title: &str,
        module: Option<String>,
        conditions: Vec<Condition>,
    ) -> Self {
        let (name, title) = (name.to_owned(), title.to_owned());
        Self { row, name, title, module, conditions, section: None, notes: Vec::new() }
    }
}

impl<'s> Carrier<'_, 's> {
    fn module(&self, row: &'s SheetRow) -> Option<String> {
        self.get(row, "module").map(|module| code_from(module, "MODULE"))
    }

    /// The heading of a group that has no label.
    fn heading(&mut self, group: &Group<'s>, name: &str) -> String {
        if group.nodes.iter().any(|node| matches!(node, Node::Row { .. })) {
            let what = format!("{name} takes its name for its heading");
            self.lose(group.row, "name", what, "it has no label");
        }
        let title = name.replace('_', " ").replace(['{', '}'], "").trim().to_owned();
        if title.is_empty() { "Questions".to_owned() } else { title }
    }

    /// Tells the notes of a group that no question follows.
    fn leave(&mut self, frame: &mut Frame<'s>) {
        for (row, _) in frame.notes.drain(..) {
            let why = "no question of its group follows it";
            self.lose(row, "label", "the note is left out", why);
        }
    }

    fn is_disabled(&mut self, row: &'s SheetRow) -> bool {
        let disabled = self.get(row, "disabled").is_some_and(|text| flag(text) == Some(true));
        if disabled {
            self.leave_out(row, "it is disabled");
        }
        disabled
    }

    /// Whether a row asks for the words beside an "other" answer, as this
    /// program's own export writes them: the answer itself has room for them.
    fn is_other(&self, row: &'s SheetRow) -> bool {
        self.get(row, "name").is_some_and(|name| {
            let base = name.strip_suffix("_other").unwrap_or(name);
            let asks = self
                .get(row, "relevant")
                .is_some_and(|text| text.starts_with(&format!("selected(${{{base}}}, '")));
            asks && self.others.contains(name)
        })
    }

    /// The text of a note, whatever else it says being told.
    pub(super) fn note(&mut self, row: &'s SheetRow) -> Option<String> {
        self.idle(row, &["read_only", "required", "required_message"]);
        let name = self.get(row, "name").unwrap_or_default();
        self.known.lose(name);
        if let Some(text) = self.get(row, "relevant") {
            let what =
                format!("the condition {:?} of a note is left out", super::carrier::short(text));
            self.lose(
                row,
                "relevant",
                what,
                "the note is shown to everybody who sees the question after it",
            );
        }
        let texts = [self.words(row, "label"), self.words(row, "hint")];
        let texts: Vec<String> = texts.into_iter().filter(|text| !text.is_empty()).collect();
        (!texts.is_empty()).then(|| texts.join("\n\n"))
    }
}
