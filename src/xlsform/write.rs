//! A draft as a survey file that an author goes on with, and where in it each
//! part stands.

use std::collections::BTreeMap;

use super::draft::{
    Answers, Draft, DraftKind, DraftNumber, DraftOption, DraftQuestion, DraftSection, End,
};
use super::literals::{listed, name_of, quoted, quoted_on_a_line, remark, told};
use super::words::{code_from, first_free};

/// A part of a draft: a section, a question of it, a row of that, and the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Part {
    pub(super) section: Option<usize>,
    pub(super) question: Option<usize>,
    pub(super) row: Option<usize>,
    pub(super) index: Option<usize>,
    pub(super) key: &'static str,
}

/// The file, and the part that begins on each line from 1.
pub(super) struct Written {
    pub(super) toml: String,
    parts: Vec<(usize, Part)>,
}

impl Written {
    /// The part that a line belongs to.
    pub(super) fn part(&self, line: usize) -> Part {
        let before = self.parts.iter().rev().find(|(first, _)| *first <= line);
        before.map(|(_, part)| *part).unwrap_or_default()
    }
}

/// Writes the draft; `source` is the file it came from.
pub(super) fn write(draft: &Draft, source: &str) -> Written {
    let shelf = Shelf::of(draft);
    let mut writer = Writer { out: String::new(), parts: Vec::new(), shelf: &shelf };
    writer.head(draft, source);
    for (at, section) in draft.sections.iter().enumerate() {
        writer.section(at, section);
    }
    for (at, index) in draft.indexes.iter().enumerate() {
        writer.begin(Part { index: Some(at), key: "indexes", ..Part::default() });
        writer.line("\n[[indexes]]");
        writer.key("code", &index.code);
        writer.key("label", &index.label);
        writer.optional("about", &index.about);
        let items = index.items.iter().map(|(item, weight)| match weight {
            1 => quoted(item),
            weight => format!("{{ item = {}, weight = {weight} }}", quoted(item)),
        });
        let list = listed(&items.collect::<Vec<_>>());
        writer.line(&format!("items = {list}"));
    }
    Written { toml: writer.out, parts: writer.parts }
}

/// What questions share: scales and ways out by name.
struct Shelf {
    scales: Vec<(String, Answers)>,
    ways_out: Vec<(String, DraftOption)>,
}

impl Shelf {
    fn of(draft: &Draft) -> Self {
        let mut shelf = Self { scales: Vec::new(), ways_out: Vec::new() };
        let mut counted: BTreeMap<(u16, String), (DraftOption, usize)> = BTreeMap::new();
        for question in draft.sections.iter().flat_map(|section| &section.questions) {
            if let Some(answers) = answers_of(question).filter(|answers| answers.scored)
                && shelf.scale(answers).is_none()
            {
                let base = code_from(&answers.list, "SCALE").replace('.', "_");
                let taken = |name: &str| shelf.scales.iter().all(|(known, _)| known != name);
                let name = first_free(&base, taken);
                shelf.scales.push((name, answers.clone()));
            }
            for option in extras(question).iter().filter(|option| option.counts.is_some()) {
                let key = (option.value, option.label.clone());
                counted.entry(key).or_insert_with(|| (option.clone(), 0)).1 += 1;
            }
        }
        let shared = counted.into_values().filter(|(_, count)| *count > 1);
        for (option, _) in shared {
            let base = if option.counts == Some("dont-know") { "DK" } else { "NA" };
            let taken = |name: &str| shelf.ways_out.iter().all(|(known, _)| known != name);
            let name = first_free(base, taken);
            shelf.ways_out.push((name, option));
        }
        shelf
    }

    fn scale(&self, answers: &Answers) -> Option<&str> {
        let same = |other: &Answers| {
            other.options.get(..other.own) == answers.options.get(..answers.own)
                && other.barrier == answers.barrier
        };
        self.scales.iter().find(|(_, known)| same(known)).map(|(name, _)| name.as_str())
    }

    fn way_out(&self, option: &DraftOption) -> Option<&str> {
        let found = self.ways_out.iter().find(|(_, known)| {
            (known.value, &known.label, known.counts)
                == (option.value, &option.label, option.counts)
        });
        found.map(|(name, _)| name.as_str())
    }
}

fn answers_of(question: &DraftQuestion) -> Option<&Answers> {
    match &question.kind {
        DraftKind::One(answers)
        | DraftKind::Several { answers, .. }
        | DraftKind::Grid { answers, .. } => Some(answers),
        DraftKind::Number(_) | DraftKind::Text { .. } => None,
    }
}

/// The extra answers of a question.
fn extras(question: &DraftQuestion) -> &[DraftOption] {
    match &question.kind {
        DraftKind::Number(number) => &number.also,
        _ => answers_of(question).and_then(|a| a.options.get(a.own..)).unwrap_or_default(),
    }
}

struct Writer<'d> {
    out: String,
    parts: Vec<(usize, Part)>,
    shelf: &'d Shelf,
}

impl Writer<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    /// Notes that a part begins on the next line.
    fn begin(&mut self, part: Part) {
        let line = self.out.matches('\n').count() + 1;
        self.parts.push((line, part));
    }

    fn key(&mut self, key: &str, text: &str) {
        self.line(&format!("{key} = {}", quoted(text)));
    }

    fn optional(&mut self, key: &str, text: &str) {
        if !text.is_empty() {
            self.key(key, text);
        }
    }

    fn head(&mut self, draft: &Draft, source: &str) {
        self.line(&format!("# Made from the XLSForm {}.", remark(source)));
        self.line("# Remarks name the rows of its sheet survey, and the choices' own names.\n");
        self.line("format = 1");
        self.key("code", &draft.code);
        self.key("title", &draft.title);
        self.key("version", &draft.version);
        if let Some(mode) = &draft.mode {
            self.begin(Part { key: "mode", ..Part::default() });
            self.key("mode", mode);
        }
        self.begin(Part { key: "texts", ..Part::default() });
        self.line("\n[texts]");
        self.key("welcome", &draft.welcome);
        self.optional("thanks", &draft.thanks);
        for (code, title) in &draft.modules {
            self.begin(Part { key: "modules", ..Part::default() });
            self.line("\n[[modules]]");
            self.key("code", code);
            self.key("title", title);
        }
        if let Some((item, value)) = &draft.consent {
            self.begin(Part { key: "consent", ..Part::default() });
            self.line("\n[consent]");
            self.key("item", item);
            self.line(&format!("value = {value}"));
        }
        self.begin(Part { key: "answers", ..Part::default() });
        let shared = self.shelf;
        for (name, option) in &shared.ways_out {
            self.line(&format!("\n[answers.{name}]"));
            self.line(&format!("value = {}", option.value));
            self.key("label", &option.label);
            self.key("counts", option.counts.unwrap_or("dont-know"));
        }
        self.begin(Part { key: "scales", ..Part::default() });
        for (name, answers) in &shared.scales {
            self.line(&format!("\n[scales.{name}]"));
            if answers.barrier {
                self.key("direction", "barrier");
            }
            self.options("options", answers.options.get(..answers.own).unwrap_or_default());
        }
    }

    fn section(&mut self, at: usize, section: &DraftSection) {
        let place = Part { section: Some(at), ..Part::default() };
        self.begin(place);
        self.line(&format!("\n# survey row {}", section.row));
        self.line("[[sections]]");
        self.key("code", &section.code);
        if let Some(module) = &section.module {
            self.key("module", module);
        }
        self.show_if(section.show_if.as_ref(), place);
        self.key("title", &section.title);
        self.optional("intro", &section.intro);
        for (question_at, question) in section.questions.iter().enumerate() {
            let place = Part { question: Some(question_at), ..place };
            self.begin(place);
            let named = if question.name == question.code {
                String::new()
            } else {
                format!(", {}", remark(&question.name))
            };
            self.line(&format!("\n# survey row {}{named}", question.row));
            self.line("[[sections.questions]]");
            self.key("code", &question.code);
            self.show_if(question.show_if.as_ref(), place);
            self.key("ask", &question.ask);
            self.optional("help", &question.help);
            self.kind(question, place);
        }
    }

    fn show_if(&mut self, condition: Option<&super::condition::Condition>, place: Part) {
        if let Some(condition) = condition {
            self.begin(Part { key: "show_if", ..place });
            self.key("show_if", &condition.to_string());
            self.begin(place);
        }
    }

    fn kind(&mut self, question: &DraftQuestion, place: Part) {
        match &question.kind {
            DraftKind::One(answers) => {
                self.key("kind", if answers.scored { "rating" } else { "choice" });
                self.answers(answers, place);
            }
            DraftKind::Several { answers, most } => {
                self.key("kind", "choices");
                if let Some(most) = most {
                    self.begin(Part { key: "most", ..place });
                    self.line(&format!("most = {most}"));
                }
                self.answers(answers, place);
            }
            DraftKind::Grid { answers, rows, shuffle } => {
                self.key("kind", "grid");
                self.answers(answers, place);
                if *shuffle {
                    self.line("shuffle = true");
                }
                self.line("rows = [");
                for (at, row) in rows.iter().enumerate() {
                    let place = Part { row: Some(at), ..place };
                    let label = quoted_on_a_line(&row.label);
                    let mut told = vec![format!("code = {}, label = {label}", quoted(&row.code))];
                    if !row.help.is_empty() {
                        told.push(format!("help = {}", quoted_on_a_line(&row.help)));
                    }
                    let key = if row.show_if.is_some() { "show_if" } else { "rows" };
                    self.begin(Part { key, ..place });
                    told.extend(
                        row.show_if.as_ref().map(|condition| {
                            format!("show_if = {}", quoted(&condition.to_string()))
                        }),
                    );
                    let told = told.join(", ");
                    self.line(&format!("  {{ {told} }},"));
                }
                self.begin(place);
                self.line("]");
            }
            DraftKind::Number(number) => self.number(number, question, place),
            DraftKind::Text { max_chars, .. } => {
                self.key("kind", "text");
                self.line(&format!("max_chars = {max_chars}"));
            }
        }
    }

    fn number(&mut self, number: &DraftNumber, question: &DraftQuestion, place: Part) {
        self.key("kind", "number");
        let end = |end: &End| match end {
            End::Amount(amount) => amount.clone(),
            End::Answer(code) => quoted(code),
        };
        let lines = [
            ("min", number.min.as_ref().map(end)),
            ("max", number.max.as_ref().map(end)),
            ("usual_min", number.usual_min.clone()),
            ("usual_max", number.usual_max.clone()),
            ("decimals", (number.decimals > 0).then(|| number.decimals.to_string())),
            ("unit", (!number.unit.is_empty()).then(|| quoted_on_a_line(&number.unit))),
            ("bands", number.bands.clone()),
        ];
        for (key, value) in lines.into_iter().filter_map(|(key, value)| Some((key, value?))) {
            self.begin(Part { key, ..place });
            self.line(&format!("{key} = {value}"));
        }
        self.begin(place);
        self.also(extras(question), place);
    }

    fn answers(&mut self, answers: &Answers, place: Part) {
        if let Some((question, values)) = &answers.from {
            self.begin(Part { key: "options_from", ..place });
            let values: Vec<String> = values.iter().map(ToString::to_string).collect();
            let values = match values.as_slice() {
                [] => String::new(),
                list => format!(", answers = [{}]", list.join(", ")),
            };
            self.line(&format!("options_from = {{ question = {}{values} }}", quoted(question)));
        }
        self.begin(Part { key: "options", ..place });
        let own = answers.options.get(..answers.own).unwrap_or_default();
        if let Some(scale) = self.shelf.scale(answers).filter(|_| answers.scored) {
            self.key("scale", scale);
        } else if !own.is_empty() || answers.from.is_none() {
            self.options("options", own);
        }
        self.also(answers.options.get(answers.own..).unwrap_or_default(), place);
    }

    fn also(&mut self, extras: &[DraftOption], place: Part) {
        if extras.is_empty() {
            return;
        }
        self.begin(Part { key: "also", ..place });
        let named: Option<Vec<String>> =
            extras.iter().map(|option| self.shelf.way_out(option).map(quoted)).collect();
        if let Some(named) = named {
            self.line(&format!("also = [{}]", named.join(", ")));
        } else {
            self.line("also = [");
            for option in extras {
                let told = self.shelf.way_out(option).map_or_else(|| told(option), quoted);
                self.line(&format!("  {told},{}", name_of(option)));
            }
            self.line("]");
        }
        self.begin(place);
    }

    fn options(&mut self, key: &str, options: &[DraftOption]) {
        self.line(&format!("{key} = ["));
        for option in options {
            self.line(&format!("  {},{}", told(option), name_of(option)));
        }
        self.line("]");
    }
}
