//! A survey file's tables, one after the other, into a [`Survey`].

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fingerprint::Fingerprint;
use super::options::Shelf;
use super::reading::{NOT_YET, Reader};
use super::survey::{Consent, Index, ItemAnswer, Kind, Question, Row, Section, Survey, Texts};
use super::table::{Keys, Names, Table, Word};
use crate::fault::{Faults, nearest};
use crate::id::{IndexCode, ItemCode};

const ROOT: Keys = Keys {
    known: &[
        "format", "code", "title", "version", "texts", "answers", "scales", "sections", "indexes",
        "consent",
    ],
    later: &["modules"],
};
const TEXTS: Keys = Keys { known: &["welcome", "thanks"], later: &[] };
const CONSENT: Keys = Keys { known: &["item", "value"], later: &[] };
const SECTION: Keys =
    Keys { known: &["code", "title", "intro", "questions"], later: &["module", "show_if"] };
const QUESTION: Keys = Keys {
    known: &[
        "code",
        "ask",
        "help",
        "kind",
        "scale",
        "also",
        "options",
        "rows",
        "shuffle",
        "max_chars",
    ],
    later: &["show_if", "options_from", "most", "min", "max", "decimals", "unit", "bands"],
};
const ROW: Keys = Keys { known: &["code", "label", "help"], later: &["show_if"] };
const INDEX: Keys = Keys { known: &["code", "label", "about", "items"], later: &[] };
const WEIGHTED: Keys = Keys { known: &["item", "weight"], later: &[] };

/// Keys that belong to some kinds of question only.
const OWNERS: [(&str, &[KindName]); 6] = [
    ("scale", &[KindName::Rating, KindName::Grid]),
    ("also", &[KindName::Rating, KindName::Grid, KindName::Choice]),
    ("options", &[KindName::Choice]),
    ("rows", &[KindName::Grid]),
    ("shuffle", &[KindName::Grid]),
    ("max_chars", &[KindName::Text]),
];

/// Parts of `/answer/…` that are pages of their own, so no section can have them.
const TAKEN: [&str; 6] = ["check", "send", "done", "decline", "declined", "deputy"];

/// The size of a sealed answer in the worst case, in bytes: longer ones would
/// need a bigger envelope, and its size would tell that somebody wrote a lot.
const ENVELOPE_ROOM: usize = 15_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum KindName {
    Rating,
    Grid,
    Choice,
    Text,
    Choices,
    Number,
}

const KINDS: [(&str, KindName); 6] = [
    ("rating", KindName::Rating),
    ("grid", KindName::Grid),
    ("choice", KindName::Choice),
    ("text", KindName::Text),
    ("choices", KindName::Choices),
    ("number", KindName::Number),
];

/// What the indexes need to know of the questions.
#[derive(Default)]
struct Register {
    codes: Names,
    unscored: Names,
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
    let texts = read_texts(reader, &root);
    let shelf = Shelf::read(reader, &root);
    let mut register = Register::default();
    let mut section_codes = Names::default();
    let list = reader.full_list(&root, "sections", "[[sections]]");
    let sections: Vec<Section> = list
        .iter()
        .filter_map(|value| read_section(reader, value, &shelf, &mut register, &mut section_codes))
        .collect();
    let indexes: Vec<Index> = reader
        .list(&root, "indexes")
        .iter()
        .filter_map(|value| read_index(reader, value, &mut register))
        .collect();
    let consent = read_consent(reader, &root, &sections);
    check_room(reader, &sections);
    let (code, title, version) = (code?, title?, version?);
    let fingerprint = Fingerprint::of_survey(
        (&code, &title, &version),
        &texts,
        &sections,
        &indexes,
        consent.as_ref(),
    );
    Some(Survey { code, title, version, texts, sections, indexes, consent, fingerprint })
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
    register: &mut Register,
    codes: &mut Names,
) -> Option<Section> {
    let table = reader.table(value, "a section", &SECTION)?;
    let code = reader.code::<ItemCode>(&table, "code").map(|(code, word)| {
        reader.claim(codes, "the section", &word);
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
    let list = reader.full_list(&table, "questions", "[[sections.questions]]");
    let questions =
        list.iter().filter_map(|value| read_question(reader, value, shelf, register)).collect();
    Some(Section { code: code?, title: title?, intro, questions })
}

fn read_question(
    reader: &mut Reader<'_>,
    value: &Spanned<DeValue<'_>>,
    shelf: &Shelf,
    register: &mut Register,
) -> Option<Question> {
    let table = reader.table(value, "a question", &QUESTION)?;
    let code = reader.code::<ItemCode>(&table, "code").map(|(code, word)| {
        reader.claim(&mut register.codes, "the code", &word);
        (code, word)
    });
    let wording = reader.text(&table, "ask");
    let help = reader.optional_text(&table, "help").unwrap_or_default();
    reader.is_missing(&table, "kind", "\"rating\", \"grid\", \"choice\" or \"text\"");
    let kind = reader.one_of(&table, "kind", &KINDS)?;
    check_owners(reader, &table, kind);
    if let Some((_, word)) = &code
        && kind != KindName::Rating
    {
        register.unscored.keep(word);
    }
    let kind = match kind {
        KindName::Rating => shelf.scale(reader, &table).map(Kind::Rating),
        KindName::Grid => read_grid(reader, &table, shelf, register),
        KindName::Choice => shelf.choice(reader, &table).map(Kind::Choice),
        KindName::Text => read_text(reader, &table),
        KindName::Choices | KindName::Number => {
            let at = table.get("kind").map_or(table.at, |value| value.span().start);
            let name = KINDS.iter().find(|(_, k)| *k == kind).map_or("", |(name, _)| name);
            reader.fault(
                at,
                format!("a question of kind {name:?} is {NOT_YET}"),
                "for now: rating, grid, choice, text",
            );
            None
        }
    };
    Some(Question { code: code?.0, wording: wording?, help, kind: kind? })
}

fn check_owners(reader: &mut Reader<'_>, table: &Table<'_>, kind: KindName) {
    if matches!(kind, KindName::Choices | KindName::Number) {
        return;
    }
    let name_of = |kind: KindName| KINDS.iter().find(|(_, k)| *k == kind).map_or("", |(n, _)| *n);
    for (key, owners) in OWNERS {
        if let Some(place) = table.place_of(key)
            && !owners.contains(&kind)
        {
            let of: Vec<&str> = owners.iter().map(|owner| name_of(*owner)).collect();
            reader.fault(
                place,
                format!("`{key}` does not belong to a question of kind {:?}", name_of(kind)),
                format!("it belongs to kind {}", of.join(" or ")),
            );
        }
    }
}

fn read_grid(
    reader: &mut Reader<'_>,
    table: &Table<'_>,
    shelf: &Shelf,
    register: &mut Register,
) -> Option<Kind> {
    let scale = shelf.scale(reader, table);
    let shuffled = reader.flag(table, "shuffle").unwrap_or(false);
    let list = reader.full_list(table, "rows", "rows");
    let rows = list
        .iter()
        .filter_map(|value| {
            let row = reader.table(value, "a row", &ROW)?;
            let code = reader.code::<ItemCode>(&row, "code").map(|(code, word)| {
                reader.claim(&mut register.codes, "the code", &word);
                code
            });
            let label = reader.text(&row, "label");
            let help = reader.optional_text(&row, "help").unwrap_or_default();
            Some(Row { code: code?, label: label?, help })
        })
        .collect();
    Some(Kind::Grid { scale: scale?, rows, shuffled })
}

fn read_text(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<Kind> {
    reader.is_missing(table, "max_chars", "the most characters that are taken, for example 600");
    let max_chars = reader.number(table, "max_chars", 1..=3_000)?;
    Some(Kind::Text { max_chars: usize::try_from(max_chars).ok()? })
}

fn read_index(
    reader: &mut Reader<'_>,
    value: &Spanned<DeValue<'_>>,
    register: &mut Register,
) -> Option<Index> {
    let table = reader.table(value, "an index", &INDEX)?;
    // An index and an item stand in the same column of the results.
    let code = reader.code::<IndexCode>(&table, "code").map(|(code, word)| {
        reader.claim(&mut register.codes, "the code", &word);
        register.unscored.keep(&word);
        code
    });
    let label = reader.text(&table, "label");
    let about = reader.optional_text(&table, "about").unwrap_or_default();
    let mut members = Names::default();
    let list = reader.full_list(&table, "items", "items");
    let items = list
        .iter()
        .filter_map(|value| read_member(reader, value, register, &mut members))
        .collect();
    Some(Index { code: code?, label: label?, about, items })
}

fn read_member(
    reader: &mut Reader<'_>,
    value: &Spanned<DeValue<'_>>,
    register: &Register,
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
    if !register.codes.contains(&word.text) {
        let hint = match nearest(&word.text, register.codes.iter()) {
            Some(near) => format!("did you mean \"{near}\"?"),
            None => "an index is made of questions or rows of this file, by code".to_owned(),
        };
        reader.fault(word.at, format!("there is no item {:?}", word.text), hint);
        return None;
    }
    if register.unscored.contains(&word.text) {
        reader.fault(
            word.at,
            format!("{:?} has no score", word.text),
            "an index is a mean of scores: name ratings or rows of a grid",
        );
        return None;
    }
    let fresh = reader.claim(members, "the item", &word);
    Some((word.text.parse().ok()?, weight?)).filter(|_| fresh)
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
    let worst: usize = sections
        .iter()
        .flat_map(|section| section.questions.iter().flat_map(|question| question.items(section)))
        .map(|item| {
            // As JSON: quotes, colon, comma, and a value of five digits or four bytes a character.
            let answer = match item.answer {
                ItemAnswer::Text(max_chars) => 4 * max_chars,
                _ => 5,
            };
            item.code.as_str().len() + 6 + answer
        })
        .sum();
    if worst > ENVELOPE_ROOM {
        reader.fault(
            0,
            format!("the longest possible reply takes {worst} bytes"),
            format!("sealed answers have room for {ENVELOPE_ROOM}: lower `max_chars` or ask less"),
        );
    }
}
