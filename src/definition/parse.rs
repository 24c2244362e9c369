//! A survey file's tables, one after the other, into a [`Survey`].

use std::collections::BTreeSet;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::catalogue::{Announced, Asker, Catalogue};
use super::fingerprint::Fingerprint;
use super::format::{CONSENT, INDEX, MODES, MODULE, SECTION, TAKEN, TEXTS, WEIGHTED};
use super::kind::Kind;
use super::questions::{Around, codes, read_condition, read_question};
use super::reading::{ANOTHER, Reader};
use super::shelf::Shelf;
use super::survey::{Consent, Index, Module, Section, Survey, Texts, longest_reply};
use super::syntax;
use super::table::{Names, Table, Word};
use crate::fault::{Faults, nearest};
use crate::id::{IndexCode, ItemCode, ModuleCode};

/// The size of a sealed answer in the worst case, in bytes: longer ones would
/// need a bigger envelope, and its size would tell that somebody wrote a lot.
const ENVELOPE_ROOM: usize = 15_000;

/// What is known of the file while it is read.
#[derive(Default)]
struct Known {
    codes: Names,
    unscored: Names,
    section_codes: Names,
    modules: Modules,
    catalogue: Catalogue,
}

/// The modules of the file and what its sections make of them.
#[derive(Default)]
struct Modules {
    all: Vec<(Module, usize)>,
    /// Those that a section names.
    named: BTreeSet<String>,
    /// Whether one of them, or of their names, has a fault of its own.
    mistaken: bool,
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
            let (what, hint) = syntax::in_words(&error, source);
            reader.fault(at, what, hint);
            return Err(reader.into_faults());
        }
    };
    let survey = read_survey(&mut reader, document.get_ref());
    match survey {
        Some(survey) if reader.is_content() => Ok(survey),
        _ => Err(reader.into_faults()),
    }
}

fn read_survey(reader: &mut Reader<'_>, document: &DeTable<'_>) -> Option<Survey> {
    let root = reader.document(document);
    reader.number(&root, "format");
    let code = reader.code(&root, "code").map(|(code, _)| code);
    let title = reader.text(&root, "title");
    let version = reader.word(&root, "version").map(|word| word.text);
    let mode = reader.one_of(&root, "mode", &MODES).unwrap_or_default();
    let texts = read_texts(reader, &root);
    let shelf = Shelf::read(reader, &root);
    let mut known = Known { modules: read_modules(reader, &root), ..Known::default() };
    let list = reader.list(&root, "sections");
    announce(list, &mut known.catalogue);
    let sections: Vec<Section> =
        list.iter().filter_map(|value| read_section(reader, value, &shelf, &mut known)).collect();
    let indexes: Vec<Index> = reader
        .list(&root, "indexes")
        .iter()
        .filter_map(|value| read_index(reader, value, &mut known))
        .collect();
    let consent = read_consent(reader, &root, &sections, &known.catalogue);
    check_modules(reader, &known.modules);
    check_room(reader, root.at, &sections);
    let mut survey = Survey {
        code: code?,
        title: title?,
        version: version?,
        mode,
        texts,
        modules: known.modules.all.into_iter().map(|(module, _)| module).collect(),
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
    for question in sections.iter().flat_map(|section| tables(section, "questions")) {
        let text = |key: &str| question.get(key).and_then(|value| value.get_ref().as_str());
        let show_if = text("show_if").unwrap_or_default().to_owned();
        let of = Announced { question: text("code").unwrap_or_default().to_owned(), show_if };
        for code in codes(question) {
            catalogue.announce(code, of.clone());
        }
    }
}

/// The tables in a list of a table; none where the file has something else.
fn tables<'t>(table: &'t Spanned<DeValue<'t>>, key: &str) -> impl Iterator<Item = &'t DeTable<'t>> {
    let list = table.get_ref().as_table().and_then(|table| table.get(key));
    let list = list.and_then(|list| list.get_ref().as_array());
    list.into_iter().flatten().filter_map(|entry| entry.get_ref().as_table())
}

fn read_modules(reader: &mut Reader<'_>, root: &Table<'_>) -> Modules {
    let mut codes = Names::default();
    let mut modules = Modules::default();
    for value in reader.list(root, "modules") {
        let Some(table) = reader.table(value, &MODULE) else { continue };
        let code = reader.code::<ModuleCode>(&table, "code");
        if let Some((_, word)) = &code {
            reader.claim(&mut codes, "the module", word, ANOTHER);
        }
        let title = reader.text(&table, "title");
        match code {
            Some((code, word)) => {
                let title = title.unwrap_or_default();
                modules.all.push((Module { code, title }, word.at));
            }
            None => modules.mistaken = true,
        }
    }
    modules
}

/// A module that no section belongs to would be an empty promise.
fn check_modules(reader: &mut Reader<'_>, modules: &Modules) {
    for (module, at) in &modules.all {
        if !modules.mistaken && !modules.named.contains(module.code.as_str()) {
            reader.fault(
                *at,
                format!("no section belongs to the module {}", module.code),
                format!("give a section `module = \"{}\"`", module.code),
            );
        }
    }
}

fn read_texts(reader: &mut Reader<'_>, root: &Table<'_>) -> Texts {
    let Some(value) = root.get("texts") else { return Texts::default() };
    let Some(table) = reader.table(value, &TEXTS) else { return Texts::default() };
    Texts {
        welcome: reader.text(&table, "welcome").unwrap_or_default(),
        thanks: reader.text(&table, "thanks").unwrap_or_default(),
    }
}

fn read_section(
    reader: &mut Reader<'_>,
    value: &Spanned<DeValue<'_>>,
    shelf: &Shelf,
    known: &mut Known,
) -> Option<Section> {
    let table = reader.table(value, &SECTION)?;
    let code = reader.code::<ItemCode>(&table, "code").map(|(code, word)| {
        reader.claim(&mut known.section_codes, "the section", &word, ANOTHER);
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
    let intro = reader.text(&table, "intro").unwrap_or_default();
    let module = read_module_of(reader, &table, &mut known.modules);
    let asker = Asker { code: "", module: module.as_ref() };
    let show_if = read_condition(reader, &table, &known.catalogue, &asker, None);
    // Its questions are read even if its own keys have faults.
    let is_sound = code.is_some() && title.is_some() && show_if.is_ok();
    let mut section = Section {
        code: code.or_else(|| "faulty".parse().ok())?,
        title: title.unwrap_or_default(),
        intro,
        module,
        show_if: show_if.ok().flatten(),
        questions: Vec::new(),
    };
    let list = reader.list(&table, "questions");
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
    Some(section).filter(|_| is_sound)
}

fn read_module_of(
    reader: &mut Reader<'_>,
    section: &Table<'_>,
    modules: &mut Modules,
) -> Option<ModuleCode> {
    let Some(word) = reader.word(section, "module") else {
        modules.mistaken |= section.has("module") || section.meant.contains(&"module");
        return None;
    };
    modules.named.insert(word.text.clone());
    let found = modules.all.iter().find(|(module, _)| module.code.as_str() == word.text);
    if found.is_none() {
        modules.mistaken = true;
        let names = modules.all.iter().map(|(module, _)| module.code.as_str());
        let hint = match nearest(&word.text, names.clone()) {
            Some(near) => format!("did you mean {near:?}?"),
            None => format!("add [[modules]] with code = {:?} to the file", word.text),
        };
        reader.fault(word.at, format!("there is no module {:?}", word.text), hint);
    }
    found.map(|(module, _)| module.code.clone())
}

fn read_index(
    reader: &mut Reader<'_>,
    value: &Spanned<DeValue<'_>>,
    known: &mut Known,
) -> Option<Index> {
    let table = reader.table(value, &INDEX)?;
    // An index and an item stand in the same column of the results.
    let code = reader.code::<IndexCode>(&table, "code").map(|(code, word)| {
        if reader.claim(&mut known.codes, "the code", &word, ANOTHER) {
            known.unscored.keep(&word);
        }
        code
    });
    let label = reader.text(&table, "label");
    let about = reader.text(&table, "about").unwrap_or_default();
    let mut members = Names::default();
    let list = reader.list(&table, "items");
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
        let table = reader.table(value, &WEIGHTED)?;
        let weight =
            if table.get("weight").is_none() { Some(1) } else { reader.number(&table, "weight") };
        (reader.word(&table, "item")?, weight)
    } else {
        let text = reader.string(value, "items")?.to_owned();
        (Word { text, at: value.span().start }, Some(1))
    };
    if known.catalogue.is_faulty(&word.text) {
        return None;
    }
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
    let fresh =
        reader.claim(members, "the item", &word, "name it once, with the `weight` that it has");
    Some((code, weight?)).filter(|_| fresh)
}

/// `[consent]`: a choice of this file, and which of its options agrees.
fn read_consent(
    reader: &mut Reader<'_>,
    root: &Table<'_>,
    sections: &[Section],
    catalogue: &Catalogue,
) -> Option<Consent> {
    let value = root.get("consent")?;
    let table = reader.table(value, &CONSENT)?;
    let word = reader.word(&table, "item")?;
    let yes = reader.number(&table, "value")?;
    let questions = sections.iter().flat_map(|section| &section.questions);
    let choice = questions.filter(|question| question.code.as_str() == word.text).find_map(|q| {
        match &q.kind {
            Kind::Choice(options) => Some((&q.code, options)),
            _ => None,
        }
    });
    if choice.is_none() && catalogue.is_faulty(&word.text) {
        return None;
    }
    let Some((item, options)) = choice else {
        reader.fault(
            word.at,
            format!("{:?} is no question to consent with", word.text),
            "name a question of this file of kind \"choice\", by its code",
        );
        return None;
    };
    let option = options.iter().find(|option| u32::from(option.value) == yes);
    let Some(option) = option else {
        let values: Vec<String> = options.iter().map(|option| option.value.to_string()).collect();
        reader.fault(
            table.get("value").map_or(word.at, |value| value.span().start),
            format!("{item} has no option {yes}"),
            format!("the values of its options are {}", values.join(", ")),
        );
        return None;
    };
    Some(Consent { item: item.clone(), value: option.value })
}

fn check_room(reader: &mut Reader<'_>, at: usize, sections: &[Section]) {
    let worst = longest_reply(sections.iter().flat_map(Section::items));
    if worst > ENVELOPE_ROOM {
        reader.fault(
            at,
            format!("the longest possible reply takes {worst} bytes"),
            format!("sealed answers have room for {ENVELOPE_ROOM}: lower `max_chars` or ask less"),
        );
    }
}
