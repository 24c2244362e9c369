//! A survey file's tables, one after the other, into a [`Survey`].

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::catalogue::{Announced, Asker, Catalogue};
use super::fingerprint::Fingerprint;
use super::item::ItemAnswer;
use super::kind::Kind;
use super::questions::{Around, read_condition, read_question};
use super::reading::Reader;
use super::shelf::Shelf;
use super::survey::{Consent, Index, Mode, Module, Section, Survey, Texts};
use super::table::{Keys, Names, Table, Word};
use crate::fault::{Faults, nearest};
use crate::id::{IndexCode, ItemCode, ModuleCode};

pub(super) const ROOT: Keys = Keys {
    known: &[
        "format", "code", "title", "version", "mode", "texts", "modules", "answers", "scales",
        "sections", "indexes", "consent",
    ],
};
pub(super) const TEXTS: Keys = Keys { known: &["welcome", "thanks"] };
pub(super) const MODULE: Keys = Keys { known: &["code", "title"] };
pub(super) const CONSENT: Keys = Keys { known: &["item", "value"] };
pub(super) const SECTION: Keys =
    Keys { known: &["code", "title", "intro", "module", "show_if", "questions"] };
pub(super) const INDEX: Keys = Keys { known: &["code", "label", "about", "items"] };
pub(super) const WEIGHTED: Keys = Keys { known: &["item", "weight"] };

pub(super) const MODES: [(&str, Mode); 3] =
    [("web", Mode::Web), ("paper", Mode::Paper), ("interview", Mode::Interview)];

/// Parts of `/answer/…` that are pages of their own, so no section can have them.
const TAKEN: [&str; 6] = ["check", "send", "done", "decline", "declined", "deputy"];

/// The size of a sealed answer in the worst case, in bytes: longer ones would
/// need a bigger envelope, and its size would tell that somebody wrote a lot.
const ENVELOPE_ROOM: usize = 15_000;

/// What is known of the file while it is read.
#[derive(Default)]
struct Known {
    codes: Names,
    unscored: Names,
    section_codes: Names,
    modules: Vec<Module>,
    catalogue: Catalogue,
}

/// Reads a survey definition.
///
/// # Errors
/// Every fault with line, column and a hint; a fault of the TOML itself alone,
/// because nothing after it can be trusted.
pub fn parse(file: &str, source: &str) -> Result<Survey, Faults> {
    let mut reader = Reader::new(file, source);
    let document = match DeTable::parse(source) {
        Ok(document) => document,
        Err(error) => {
            let at = error.span().map_or(0, |span| span.start);
            let message = error.message().trim().replace('\n', "; ");
            reader.fault(at, message, hint_for_toml(&error.message().to_lowercase()));
            return Err(reader.into_faults());
        }
    };
    let survey = read_survey(&mut reader, document.get_ref());
    match survey {
        Some(survey) if reader.is_content() => Ok(survey),
        _ => Err(reader.into_faults()),
    }
}

fn hint_for_toml(message: &str) -> &'static str {
    if message.contains("duplicate") {
        "a key stands once in a table; [[sections]] and [[sections.questions]] begin a new one"
    } else if message.contains("string") || message.contains("quote") {
        "text stands in quotes, \"…\" on one line or \"\"\"…\"\"\" over several"
    } else {
        "one `key = value` on a line, text in quotes, lists in [ ], a table's name in [ ] on its own line"
    }
}

fn read_survey(reader: &mut Reader<'_>, document: &DeTable<'_>) -> Option<Survey> {
    let root = reader.document(document, &ROOT);
    check_format(reader, &root);
    let code = reader.code(&root, "code").map(|(code, _)| code);
    let title = reader.text(&root, "title");
    let version = reader.word(&root, "version").map(|word| word.text);
    let mode = reader.one_of(&root, "mode", &MODES).unwrap_or_default();
    let texts = read_texts(reader, &root);
    let shelf = Shelf::read(reader, &root);
    let mut known = Known { modules: read_modules(reader, &root), ..Known::default() };
    let list = reader.full_list(&root, "sections", "[[sections]]");
    announce(list, &mut known.catalogue);
    let sections: Vec<Section> =
        list.iter().filter_map(|value| read_section(reader, value, &shelf, &mut known)).collect();
    let indexes: Vec<Index> = reader
        .list(&root, "indexes")
        .iter()
        .filter_map(|value| read_index(reader, value, &mut known))
        .collect();
    let consent = read_consent(reader, &root, &sections);
    check_modules(reader, &root, &known.modules, &sections);
    check_room(reader, &sections);
    let mut survey = Survey {
        code: code?,
        title: title?,
        version: version?,
        mode,
        texts,
        modules: known.modules,
        sections,
        indexes,
        consent,
        fingerprint: Fingerprint::of_nothing(),
    };
    survey.fingerprint = Fingerprint::of_survey(&survey);
    Some(survey)
}

/// Tells the catalogue every code of the file, so that a condition on a later
/// question is told from one on none.
fn announce(sections: &[Spanned<DeValue<'_>>], catalogue: &mut Catalogue) {
    let text = |table: &DeTable<'_>, key: &str| {
        table.get(key).and_then(|value| value.get_ref().as_str()).map(str::to_owned)
    };
    for question in sections.iter().flat_map(|section| tables(section, "questions")) {
        let show_if = text(question, "show_if").unwrap_or_default();
        let rows = question.get("rows").and_then(|rows| rows.get_ref().as_array());
        let rows = rows.into_iter().flatten().filter_map(|row| row.get_ref().as_table());
        for code in std::iter::once(question).chain(rows).filter_map(|table| text(table, "code")) {
            catalogue.announce(code, Announced { show_if: show_if.clone() });
        }
    }
}

/// The tables in a list of a table; none where the file has something else.
fn tables<'t>(table: &'t Spanned<DeValue<'t>>, key: &str) -> impl Iterator<Item = &'t DeTable<'t>> {
    let list = table.get_ref().as_table().and_then(|table| table.get(key));
    let list = list.and_then(|list| list.get_ref().as_array());
    list.into_iter().flatten().filter_map(|entry| entry.get_ref().as_table())
}

fn read_modules(reader: &mut Reader<'_>, root: &Table<'_>) -> Vec<Module> {
    let mut codes = Names::default();
    let mut modules = Vec::new();
    for value in reader.list(root, "modules") {
        let Some(table) = reader.table(value, "a module", &MODULE) else { continue };
        let code = reader.code::<ModuleCode>(&table, "code").map(|(code, word)| {
            reader.claim(&mut codes, "the module", &word);
            code
        });
        let title = reader.text(&table, "title");
        if let (Some(code), Some(title)) = (code, title) {
            modules.push(Module { code, title });
        }
    }
    modules
}

/// A module that no section belongs to would be an empty promise.
fn check_modules(
    reader: &mut Reader<'_>,
    root: &Table<'_>,
    modules: &[Module],
    sections: &[Section],
) {
    for module in modules {
        if sections.iter().all(|section| section.module.as_ref() != Some(&module.code)) {
            reader.fault(
                root.get("modules").map_or(0, |value| value.span().start),
                format!("no section belongs to the module {}", module.code),
                format!("give a section `module = \"{}\"`", module.code),
            );
        }
    }
}

fn check_format(reader: &mut Reader<'_>, root: &Table<'_>) {
    reader.is_missing(root, "format", "`format = 1` as the file's first line");
    let Some(value) = root.get("format") else { return };
    if let Some(format) = reader.number(root, "format", 0..=u32::MAX)
        && format != 1
    {
        reader.fault(
            value.span().start,
            format!("format {format} cannot be read"),
            "this version of the program reads format 1",
        );
    }
}

fn read_texts(reader: &mut Reader<'_>, root: &Table<'_>) -> Texts {
    reader.is_missing(root, "texts", "a table [texts] with `welcome`, what respondents read first");
    let Some(value) = root.get("texts") else { return Texts::default() };
    let Some(table) = reader.table(value, "`texts`", &TEXTS) else { return Texts::default() };
    Texts {
        welcome: reader.text(&table, "welcome").unwrap_or_default(),
        thanks: reader.optional_text(&table, "thanks").unwrap_or_default(),
    }
}

fn read_section(
    reader: &mut Reader<'_>,
    value: &Spanned<DeValue<'_>>,
    shelf: &Shelf,
    known: &mut Known,
) -> Option<Section> {
    let table = reader.table(value, "a section", &SECTION)?;
    let code = reader.code::<ItemCode>(&table, "code").map(|(code, word)| {
        reader.claim(&mut known.section_codes, "the section", &word);
        if TAKEN.contains(&word.text.as_str()) {
            reader.fault(
                word.at,
                format!("the section code {:?} is the name of a page", word.text),
                format!("any other will do; taken are {}", TAKEN.join(", ")),
            );
        }
        code
    });
    let title = reader.text(&table, "title");
    let intro = reader.optional_text(&table, "intro").unwrap_or_default();
    let module = read_module_of(reader, &table, &known.modules);
    let asker = Asker { code: "", module: module.as_ref() };
    let show_if = read_condition(reader, &table, &known.catalogue, &asker, None);
    let (code, title) = (code?, title?);
    let mut section =
        Section { code, title, intro, module, show_if: show_if.ok()?, questions: Vec::new() };
    let list = reader.full_list(&table, "questions", "[[sections.questions]]");
    let mut around = Around {
        shelf,
        codes: &mut known.codes,
        unscored: &mut known.unscored,
        catalogue: &mut known.catalogue,
    };
    for value in list {
        let question = read_question(reader, value, &mut around, &section);
        section.questions.extend(question);
    }
    Some(section)
}

fn read_module_of(
    reader: &mut Reader<'_>,
    section: &Table<'_>,
    modules: &[Module],
) -> Option<ModuleCode> {
    section.get("module")?;
    let word = reader.word(section, "module")?;
    let found = modules.iter().find(|module| module.code.as_str() == word.text);
    if found.is_none() {
        let names = modules.iter().map(|module| module.code.as_str());
        let hint = match nearest(&word.text, names.clone()) {
            Some(near) => format!("did you mean {near:?}?"),
            None => format!("add [[modules]] with code = {:?} to the file", word.text),
        };
        reader.fault(word.at, format!("there is no module {:?}", word.text), hint);
    }
    found.map(|module| module.code.clone())
}

fn read_index(
    reader: &mut Reader<'_>,
    value: &Spanned<DeValue<'_>>,
    known: &mut Known,
) -> Option<Index> {
    let table = reader.table(value, "an index", &INDEX)?;
    // An index and an item stand in the same column of the results.
    let code = reader.code::<IndexCode>(&table, "code").map(|(code, word)| {
        reader.claim(&mut known.codes, "the code", &word);
        known.unscored.keep(&word);
        code
    });
    let label = reader.text(&table, "label");
    let about = reader.optional_text(&table, "about").unwrap_or_default();
    let mut members = Names::default();
    let list = reader.full_list(&table, "items", "items");
    let items =
        list.iter().filter_map(|value| read_member(reader, value, known, &mut members)).collect();
    Some(Index { code: code?, label: label?, about, items })
}

fn read_member(
    reader: &mut Reader<'_>,
    value: &Spanned<DeValue<'_>>,
    known: &Known,
    members: &mut Names,
) -> Option<(ItemCode, u32)> {
    let (word, weight) = if value.get_ref().is_table() {
        let table = reader.table(value, "an entry of `items`", &WEIGHTED)?;
        let weight = if table.get("weight").is_none() {
            Some(1)
        } else {
            reader.number(&table, "weight", 1..=1_000)
        };
        (reader.word(&table, "item")?, weight)
    } else {
        let text = reader.string(value, "items")?.to_owned();
        (Word { text, at: value.span().start }, Some(1))
    };
    if !known.codes.contains(&word.text) {
        let hint = match nearest(&word.text, known.codes.iter()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => "an index is made of questions or rows of this file, by code".to_owned(),
        };
        reader.fault(word.at, format!("there is no item {:?}", word.text), hint);
        return None;
    }
    if known.unscored.contains(&word.text) {
        reader.fault(
            word.at,
            format!("{:?} has no score", word.text),
            "an index is a mean of scores: name ratings or rows of a grid",
        );
        return None;
    }
    let code: ItemCode = word.text.parse().ok()?;
    if let Some(module) = known.catalogue.entry(&code).and_then(|entry| entry.module.as_ref()) {
        reader.fault(
            word.at,
            format!("{code} is asked in waves with the module {module} only"),
            "an index is made of items that every wave asks",
        );
        return None;
    }
    let fresh = reader.claim(members, "the item", &word);
    Some((code, weight?)).filter(|_| fresh)
}

/// `[consent]`: a choice of this file, and which of its options agrees.
fn read_consent(
    reader: &mut Reader<'_>,
    root: &Table<'_>,
    sections: &[Section],
) -> Option<Consent> {
    let value = root.get("consent")?;
    let table = reader.table(value, "`consent`", &CONSENT)?;
    let word = reader.word(&table, "item")?;
    reader.is_missing(&table, "value", "the value of the option that agrees");
    let yes = reader.number(&table, "value", 0..=u32::from(u16::MAX))?;
    let questions = sections.iter().flat_map(|section| &section.questions);
    let choice = questions.filter(|question| question.code.as_str() == word.text).find_map(|q| {
        match &q.kind {
            Kind::Choice(options) => Some((&q.code, options)),
            _ => None,
        }
    });
    let Some((item, options)) = choice else {
        reader.fault(
            word.at,
            format!("there is no choice {:?} to consent with", word.text),
            "name a question of the kind \"choice\" of this file",
        );
        return None;
    };
    let option = options.iter().find(|option| u32::from(option.value) == yes);
    let Some(option) = option else {
        reader.fault(
            table.get("value").map_or(word.at, |value| value.span().start),
            format!("{item} has no option with the value {yes}"),
            "name the option by which a respondent agrees to be quoted",
        );
        return None;
    };
    Some(Consent { item: item.clone(), value: option.value })
}

fn check_room(reader: &mut Reader<'_>, sections: &[Section]) {
    let other = |options: &[super::AnswerOption]| {
        4 * options.iter().filter_map(|option| option.other).max().unwrap_or(0)
    };
    // As JSON: quotes, colon, comma, and a value of five digits or four bytes a character.
    let size = |item: super::Item<'_>| {
        let answer = match item.answer {
            ItemAnswer::Scored(_) => 5,
            ItemAnswer::Choice(options) => 5 + other(options),
            ItemAnswer::Several(choices) => 6 * choices.options.len() + other(&choices.options),
            ItemAnswer::Number(_) => 30,
            ItemAnswer::Text(max_chars) => 4 * max_chars,
        };
        2 * (item.code.as_str().len() + 6) + answer
    };
    let worst: usize = sections.iter().flat_map(Section::items).map(size).sum();
    if worst > ENVELOPE_ROOM {
        reader.fault(
            0,
            format!("the longest possible reply takes {worst} bytes"),
            format!("sealed answers have room for {ENVELOPE_ROOM}: lower `max_chars` or ask less"),
        );
    }
}
