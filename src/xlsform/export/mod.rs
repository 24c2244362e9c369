//! A survey becomes a form.

mod book;
mod expression;
mod lists;
mod names;

use book::{Line, Page};
use expression::{limits, range, relevant};
use lists::Lists;
use names::{Names, name};

use super::loss::Loss;
use crate::definition::{
    AnswerOption, Condition, Direction, Grid, Kind, Mode, Number, Question, RowAnswers, Section,
    Survey, TOKEN_NAMES,
};

/// The form cannot be written as a workbook.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ExportError(#[from] rust_xlsxwriter::XlsxError);

/// The headings of the survey sheet; the first seven are always there.
const HEADINGS: [&str; 17] = [
    "type",
    "name",
    "label",
    "hint",
    "relevant",
    "constraint",
    "appearance",
    "choice_filter",
    "module",
    "options_from",
    "also",
    "unit",
    "decimals",
    "usual_min",
    "usual_max",
    "bands",
    "shuffle",
];
const SETTINGS: [&str; 6] =
    ["form_title", "form_id", "version", "mode", "consent_item", "consent_value"];

const IN_NO_FORM: &str = "XLSForm has no such thing; an import into this program reads it back";

/// Makes an XLSForm of a survey, as the bytes of an .xlsx file, and tells what
/// other programs will not make use of.
///
/// # Errors
/// The workbook cannot be written, for example because a text is too long for a cell.
pub fn export(survey: &Survey) -> Result<(Vec<u8>, Vec<Loss>), ExportError> {
    let mut exporter = Exporter {
        survey,
        names: Names::of(survey),
        lists: Lists::default(),
        rows: Page::new("survey", &HEADINGS, 7),
        choices: Page::new("choices", &lists::HEADINGS, 3),
    };
    exporter.note("welcome", &survey.texts.welcome);
    for section in &survey.sections {
        exporter.section(section);
    }
    exporter.note("thanks", &survey.texts.thanks);
    exporter.tell_of_choices();
    let settings = settings(survey);
    let modules = modules(survey);
    let indexes = indexes(survey);
    let mut pages = vec![&exporter.rows, &exporter.choices, &settings];
    pages.extend([&modules, &indexes].into_iter().filter(|page| !page.is_empty()));
    let losses = pages.iter().flat_map(|page| page.losses()).collect();
    Ok((book::bytes(&pages)?, losses))
}

struct Exporter<'s> {
    survey: &'s Survey,
    names: Names,
    lists: Lists,
    rows: Page,
    choices: Page,
}

impl Exporter<'_> {
    fn note(&mut self, called: &str, text: &str) {
        if !text.is_empty() {
            let called = self.names.claim(called);
            let mut line = self.rows.line();
            line.set("type", "note").set("name", called);
            words(&mut line, "label", text);
        }
    }

    /// A row with its name, texts and condition.
    fn line(
        &mut self,
        of_type: &str,
        called: &str,
        (label, hint): (&str, &str),
        show_if: Option<&Condition>,
    ) -> Line<'_> {
        let relevant = show_if.map(|condition| relevant(condition, self.survey, &self.names));
        let mut line = self.rows.line();
        line.set("type", of_type).set("name", called);
        words(&mut line, "label", label);
        words(&mut line, "hint", hint);
        line.set("relevant", relevant.unwrap_or_default());
        line
    }

    fn section(&mut self, section: &Section) {
        let code = section.code.as_str();
        let called = self.names.claim(code);
        let mut line =
            self.line("begin_group", &called, (&section.title, ""), section.show_if.as_ref());
        if called.trim_start_matches('_') != code {
            line.lose(
                "name",
                format!("the section {code} is called {called}"),
                "a question has its code",
            );
        }
        let module = section.module.as_ref().map(ToString::to_string).unwrap_or_default();
        line.own("module", module, "they ask every section, whatever the wave");
        self.note(&format!("{called}_intro"), &section.intro);
        for question in &section.questions {
            self.question(question);
        }
        self.rows.line().set("type", "end_group");
    }

    fn question(&mut self, question: &Question) {
        let called = name(&question.code);
        let texts = (question.wording.as_str(), question.help.as_str());
        let show_if = question.show_if.as_ref();
        match &question.kind {
            Kind::Rating(scale) => {
                let list = self.list(&scale.options, scale.direction, &called);
                self.line(&format!("select_one {list}"), &called, texts, show_if);
            }
            Kind::Choice(options) => {
                let list = self.list(options, Direction::Progress, &called);
                let (filter, from) = self.derived(options);
                let mut line = self.line(&format!("select_one {list}"), &called, texts, show_if);
                line.set("choice_filter", filter).set("options_from", from);
                self.other(&called, options);
            }
            Kind::Choices(choices) => {
                let list = self.list(&choices.options, Direction::Progress, &called);
                let (filter, from) = self.derived(&choices.options);
                let mut line =
                    self.line(&format!("select_multiple {list}"), &called, texts, show_if);
                line.set("constraint", limits(choices));
                line.set("choice_filter", filter).set("options_from", from);
                self.other(&called, &choices.options);
            }
            Kind::Number(number) => self.number(number, &called, texts, show_if),
            Kind::Text { max_chars } => {
                self.line("text", &called, texts, show_if)
                    .set("constraint", format!("string-length(.) <= {max_chars}"));
            }
            Kind::Grid(grid) => self.grid(grid, &called, texts, show_if),
        }
    }

    fn list(&mut self, options: &[AnswerOption], direction: Direction, wished: &str) -> String {
        self.lists.name(options, direction, wished, &mut self.choices)
    }

    fn number(
        &mut self,
        number: &Number,
        called: &str,
        texts: (&str, &str),
        show_if: Option<&Condition>,
    ) {
        let ways_out: Vec<AnswerOption> = number.ways_out().cloned().collect();
        let also = if ways_out.is_empty() {
            String::new()
        } else {
            self.list(&ways_out, Direction::Progress, &format!("{called}_also"))
        };
        let constraint = range(number, &self.names);
        let of_type = if number.decimals == 0 { "integer" } else { "decimal" };
        let mut line = self.line(of_type, called, texts, show_if);
        line.set("constraint", constraint);
        line.own("also", also, "a number has no answers such as \"Don't know\" beside it");
        line.own("unit", number.unit.as_str(), "a number has no unit there");
        if number.decimals > 0 {
            let why = "they take any number of decimal places";
            line.own("decimals", number.decimals.to_string(), why);
        }
        let usual =
            |limit: Option<i64>| limit.map(|limit| number.figures(limit)).unwrap_or_default();
        let why = "they ask nobody to confirm an unusual number";
        line.own("usual_min", usual(number.usual_min), why);
        line.own("usual_max", usual(number.usual_max), why);
        line.own("bands", bands(number), "XLSForm collects answers and does not count them");
    }

    fn grid(
        &mut self,
        grid: &Grid,
        called: &str,
        texts: (&str, &str),
        show_if: Option<&Condition>,
    ) {
        let list = match &grid.answers {
            RowAnswers::Scored(scale) => self.list(&scale.options, scale.direction, called),
            RowAnswers::Plain(options) => self.list(options, Direction::Progress, called),
        };
        let mut line = self.line("begin_group", called, texts, show_if);
        line.set("appearance", "table-list");
        if !texts.1.is_empty() {
            line.lose("hint", "other programs do not show it", "a group has no hint there");
        }
        if grid.shuffled {
            line.own("shuffle", "yes", "they shuffle choices, never the rows of a table");
        }
        for row in &grid.rows {
            let of_type = format!("select_one {list}");
            self.line(&of_type, &name(&row.code), (&row.label, &row.help), row.show_if.as_ref());
        }
        self.rows.line().set("type", "end_group");
    }

    /// The words beside an option are a question of their own in a form.
    fn other(&mut self, called: &str, options: &[AnswerOption]) {
        let Some((option, most)) = options.iter().find_map(|option| Some((option, option.other?)))
        else {
            return;
        };
        let asked = self.names.claim(&format!("{called}_other"));
        let mut line = self.rows.line();
        line.set("type", "text").set("name", asked);
        words(&mut line, "label", &option.label);
        line.set("relevant", format!("selected(${{{called}}}, '{}')", option.value));
        line.set("constraint", format!("string-length(.) <= {most}"));
    }

    /// The filter by which options that come from earlier answers are offered,
    /// and the note by which an import knows them.
    fn derived(&self, options: &[AnswerOption]) -> (String, String) {
        let first = options.iter().find_map(|option| option.show_if.as_ref());
        let Some(Condition::Chosen { items, values }) = first else {
            return (String::new(), String::new());
        };
        let offered = options.iter().map(|option| match &option.show_if {
            Some(condition) => {
                let when = relevant(condition, self.survey, &self.names);
                format!("(name = '{}' and ({when}))", option.value)
            }
            None => format!("name = '{}'", option.value),
        });
        let filter = offered.collect::<Vec<_>>().join(" or ");
        let questions = self.survey.sections.iter().flat_map(|section| &section.questions);
        let grid = items.first().and_then(|item| {
            questions.into_iter().find(|question| match &question.kind {
                Kind::Grid(grid) => grid.rows.iter().any(|row| row.code == *item),
                _ => false,
            })
        });
        let from = match (grid, items.first()) {
            (Some(grid), _) => {
                let values = values.iter().map(|value| format!(" {value}"));
                format!("{}{}", grid.code, values.collect::<String>())
            }
            (None, item) => item.map(ToString::to_string).unwrap_or_default(),
        };
        (filter, from)
    }

    fn tell_of_choices(&mut self) {
        for key in ["score", "counts", "favourable", "unfavourable", "direction"] {
            if self.choices.uses(key) {
                self.choices.lose(key, "other programs pass over this column", IN_NO_FORM);
            }
        }
    }
}

/// Fills in a text; its tokens stay, and nobody else fills them in.
fn words(line: &mut Line<'_>, key: &'static str, text: &str) {
    line.set(key, text);
    let tokens: Vec<String> = TOKEN_NAMES
        .iter()
        .map(|name| format!("{{{name}}}"))
        .filter(|token| text.contains(token.as_str()))
        .collect();
    if !tokens.is_empty() {
        let what = format!("{} stays as it is written", tokens.join(", "));
        line.lose(key, what, "other programs do not fill in names");
    }
}

/// The bands as a list in TOML, as a survey file writes it.
fn bands(number: &Number) -> String {
    if number.ends.is_empty() {
        return String::new();
    }
    let options = number.options.iter().filter(|option| option.counts.is_valid());
    let bands = options.enumerate().map(|(at, option)| {
        let mut keys = Vec::new();
        keys.extend(number.ends.get(at).map(|end| format!("up_to = {}", number.figures(*end))));
        keys.push(format!("label = {}", toml::Value::String(option.label.clone())));
        if matches!(option.counts, crate::definition::Counts::Band { favourable: true }) {
            keys.push("favourable = true".to_owned());
        }
        format!("{{ {} }}", keys.join(", "))
    });
    format!("[{}]", bands.collect::<Vec<_>>().join(", "))
}

fn settings(survey: &Survey) -> Page {
    let mut page = Page::new("settings", &SETTINGS, 3);
    let mut line = page.line();
    words(&mut line, "form_title", &survey.title);
    line.set("form_id", survey.code.as_str()).set("version", survey.version.as_str());
    if survey.mode != Mode::Web {
        line.own("mode", survey.mode.word(), IN_NO_FORM);
    }
    if let Some(consent) = &survey.consent {
        line.own("consent_item", consent.item.as_str(), IN_NO_FORM);
        line.own("consent_value", consent.value.to_string(), IN_NO_FORM);
    }
    page
}

fn modules(survey: &Survey) -> Page {
    let mut page = Page::new("modules", &["code", "title"], 2);
    for module in &survey.modules {
        page.line().set("code", module.code.as_str()).set("title", module.title.as_str());
    }
    page.lose(
        "",
        "other programs pass over this sheet",
        "they ask every section, whatever the wave",
    );
    page
}

fn indexes(survey: &Survey) -> Page {
    let mut page = Page::new("indexes", &["code", "label", "about", "item", "weight"], 5);
    for index in &survey.indexes {
        for (item, weight) in &index.items {
            let mut line = page.line();
            line.set("code", index.code.as_str()).set("label", index.label.as_str());
            line.set("about", index.about.as_str()).set("item", name(item));
            line.set("weight", weight.to_string());
        }
    }
    page.lose("", "other programs pass over this sheet", IN_NO_FORM);
    page
}
