//! Questions of a file, kind by kind.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Condition;
use super::catalogue::{Asker, Catalogue, Takes};
use super::expression::{self, Placed};
use super::format::{FROM, KINDS, KindName, NEEDS, Need, OWNERS, QUESTION, ROW};
use super::kind::{AnswerOption, Choices, Counts, Grid, Kind, Row, RowAnswers, Tick};
use super::numbers::read_number;
use super::possible::{is_certain, is_possible};
use super::reading::{ANOTHER, Reader, Told};
use super::shelf::{ListFor, Shelf};
use super::survey::{Question, Section};
use super::table::{Names, Table, Word};
use crate::id::ItemCode;

/// What reading a question needs to know of the file around it, and adds to.
pub(super) struct Around<'a> {
    pub(super) shelf: &'a Shelf,
    pub(super) codes: &'a mut Names,
    pub(super) unscored: &'a mut Names,
    pub(super) catalogue: &'a mut Catalogue,
}

/// Reads one question of a section whose own keys are read already. What is
/// asked about a question with faults is not told again.
pub(super) fn read_question(
    reader: &mut Reader<'_>,
    value: &Spanned<DeValue<'_>>,
    around: &mut Around<'_>,
    section: &Section,
) -> Option<Question> {
    let question = read_keys(reader, value, around, section);
    let items = question.iter().flat_map(|question| question.items(section));
    let sound: Vec<String> = items.map(|item| item.code.to_string()).collect();
    let written = value.get_ref().as_table().map(codes).unwrap_or_default();
    let lost = written.into_iter().filter(|code| !sound.contains(code));
    match &question {
        // A grid's own code is no item, but known.
        Some(question) => around.catalogue.give_up(lost.filter(|c| *c != question.code.as_str())),
        None => around.catalogue.give_up(lost),
    }
    question
}

/// The codes that a question's table holds, its rows' among them.
pub(super) fn codes(question: &DeTable<'_>) -> Vec<String> {
    let code = |table: &DeTable<'_>| {
        table.get("code").and_then(|value| value.get_ref().as_str()).map(str::to_owned)
    };
    let rows = question.get("rows").and_then(|rows| rows.get_ref().as_array());
    let rows = rows.into_iter().flatten().filter_map(|row| row.get_ref().as_table());
    std::iter::once(question).chain(rows).filter_map(code).collect()
}

fn read_keys(
    reader: &mut Reader<'_>,
    value: &Spanned<DeValue<'_>>,
    around: &mut Around<'_>,
    section: &Section,
) -> Option<Question> {
    let mut table = reader.table(value, &QUESTION)?;
    let mut is_fresh = false;
    let code = reader.code::<ItemCode>(&table, "code").map(|(code, word)| {
        is_fresh = reader.claim(around.codes, "the code", &word, ANOTHER);
        (code, word)
    });
    let name = code.as_ref().map_or("", |(_, word)| word.text.as_str()).to_owned();
    let asker = Asker { code: &name, module: section.module.as_ref() };
    let wording = reader.text(&table, "ask");
    let help = reader.text(&table, "help").unwrap_or_default();
    let show_if =
        read_condition(reader, &table, around.catalogue, &asker, section.show_if.as_ref());
    let kind_name = reader.one_of(&table, "kind", &KINDS)?;
    check_kind(reader, &mut table, kind_name);
    if let Some((_, word)) = &code
        && kind_name != KindName::Rating
        && is_fresh
    {
        around.unscored.keep(word);
    }
    let mut ordered = 0;
    let kind = match kind_name {
        KindName::Rating => around.shelf.scale(reader, &table).map(|(scale, own)| {
            ordered = own;
            Kind::Rating(scale)
        }),
        KindName::Grid => {
            let outer: Vec<&Condition> =
                section.show_if.iter().chain(show_if.iter().flatten()).collect();
            read_grid(reader, &table, around, &asker, &outer).map(|(grid, own)| {
                ordered = own;
                Kind::Grid(grid)
            })
        }
        KindName::Choice => {
            let derived = read_options_from(reader, &table, around.catalogue, &asker);
            let options = around.shelf.list(reader, &table, ListFor::One, derived);
            options.map(Kind::Choice)
        }
        KindName::Choices => read_choices(reader, &table, around, &asker).map(Kind::Choices),
        KindName::Number => {
            let number = read_number(reader, &table, around.shelf, around.catalogue, &asker);
            number.map(Kind::Number)
        }
        KindName::Text => read_text(reader, &table),
    };
    if let Some(Kind::Choice(options) | Kind::Choices(Choices { options, .. })) = &kind {
        check_others(reader, &table, options);
    }
    let code = code?.0;
    let question = Question { code, wording: wording?, help, show_if: show_if.ok()?, kind: kind? };
    around.catalogue.add(&question.code, &question.items(section), ordered);
    Some(question)
}

/// Keys of other kinds are out of place, and each kind has keys that it needs.
fn check_kind(reader: &mut Reader<'_>, table: &mut Table<'_>, kind: KindName) {
    let name_of = |kind: KindName| KINDS.iter().find(|(_, k)| *k == kind).map_or("", |(n, _)| *n);
    let a_question = format!("a question of kind {:?}", name_of(kind));
    table.what = format!("{} of kind {:?}", table.what, name_of(kind));
    for (key, owners) in OWNERS {
        if let Some(place) = table.place_of(key)
            && !owners.contains(&kind)
        {
            let of: Vec<String> =
                owners.iter().map(|owner| format!("{:?}", name_of(*owner))).collect();
            reader.fault(
                place,
                format!("`{key}` does not belong to {a_question}"),
                format!("it belongs to kind {}", of.join(" or ")),
            );
        }
    }
    let needs = NEEDS.iter().filter(|(name, _)| *name == kind).flat_map(|(_, needs)| *needs);
    for need in needs {
        let (one, other) = match need {
            Need::This(key) => {
                reader.is_missing(table, key);
                continue;
            }
            Need::Either(one, other) | Need::Any(one, other) => (*one, *other),
        };
        let there = |key: &str| table.has(key) || table.meant.contains(&key);
        if !there(one) && !there(other) {
            let what = format!("{} has neither `{one}` nor `{other}`", table.what);
            let about = |key: &str| QUESTION.key(key).map_or("", |key| key.about);
            let hint = format!("add `{one}`: {}; or `{other}`: {}", about(one), about(other));
            reader.fault(table.at, what, hint);
        } else if table.has(one) && table.has(other) && matches!(need, Need::Either(..)) {
            let what = format!("{} has both `{one}` and `{other}`", table.what);
            let hint = format!("keep `{one}` for answers with scores, or `{other}` without");
            reader.fault(table.place_of(other).unwrap_or(table.at), what, hint);
        }
    }
}

/// The condition under `show_if`, if there is one. It must be possible together
/// with the one around it.
pub(super) fn read_condition(
    reader: &mut Reader<'_>,
    table: &Table<'_>,
    catalogue: &Catalogue,
    asker: &Asker<'_>,
    outer: Option<&Condition>,
) -> Result<Option<Condition>, Told> {
    let Some(value) = table.get("show_if") else { return Ok(None) };
    let text = reader.string(value, "show_if").ok_or(Told)?;
    let start = reader.written(value.span(), text);
    let place = |at: usize| start.map_or(value.span().start, |start| start + at);
    let expression = match expression::read(text) {
        Ok(expression) => expression,
        Err(misread) => {
            reader.fault(place(misread.at), misread.what, misread.hint);
            return Err(Told);
        }
    };
    let condition = match catalogue.resolve(&expression, asker) {
        Ok(condition) => condition,
        Err(slips) => {
            for (at, what, hint) in slips {
                reader.fault(place(at), what, hint);
            }
            return Err(Told);
        }
    };
    let together: Vec<&Condition> = outer.into_iter().chain([&condition]).collect();
    if !is_possible(&together, catalogue) {
        let hint = if is_possible(&[&condition], catalogue) {
            "it contradicts the condition of the section or question that it stands in"
        } else {
            "no answers to the earlier questions fit it, or nobody who is asked them can give those"
        };
        reader.fault(place(0), "this condition can never hold", hint);
        return Err(Told);
    }
    if is_certain(&condition, catalogue) {
        reader.fault(
            place(0),
            "this condition always holds",
            "leave `show_if` out, or look at its values",
        );
        return Err(Told);
    }
    Ok(Some(condition))
}

fn read_grid(
    reader: &mut Reader<'_>,
    table: &Table<'_>,
    around: &mut Around<'_>,
    asker: &Asker<'_>,
    outer: &[&Condition],
) -> Option<(Grid, usize)> {
    let plain = table.has("options");
    let answers = if plain {
        let options = around.shelf.list(reader, table, ListFor::Rows, None);
        options.map(|options| (RowAnswers::Plain(options), 0))
    } else {
        let scale = around.shelf.scale(reader, table);
        scale.map(|(scale, own)| (RowAnswers::Scored(scale), own))
    };
    let shuffled = reader.flag(table, "shuffle").unwrap_or(false);
    let list = reader.list(table, "rows");
    let mut rows = Vec::new();
    for value in list {
        let Some(row) = reader.table(value, &ROW) else { continue };
        let code = reader.code::<ItemCode>(&row, "code").map(|(code, word)| {
            if reader.claim(around.codes, "the code", &word, ANOTHER) && plain {
                around.unscored.keep(&word);
            }
            code
        });
        let label = reader.text(&row, "label");
        let help = reader.text(&row, "help").unwrap_or_default();
        let outer = match outer {
            [] => None,
            parts => Some(Condition::All(parts.iter().copied().cloned().collect())),
        };
        let show_if = read_condition(reader, &row, around.catalogue, asker, outer.as_ref());
        if let (Some(code), Some(label), Ok(show_if)) = (code, label, show_if) {
            rows.push(Row { code, label, help, show_if });
        }
    }
    let (answers, own) = answers?;
    Some((Grid { answers, rows, shuffled }, own))
}

fn read_choices(
    reader: &mut Reader<'_>,
    table: &Table<'_>,
    around: &mut Around<'_>,
    asker: &Asker<'_>,
) -> Option<Choices> {
    let derived = read_options_from(reader, table, around.catalogue, asker);
    let options = around.shelf.list(reader, table, ListFor::Several, derived);
    let most = reader.number(table, "most");
    let options = options?;
    let valid: Vec<&AnswerOption> = options.iter().filter(|o| o.counts.is_valid()).collect();
    if let Some(most) = most
        && usize::try_from(most).is_ok_and(|most| most >= valid.len())
    {
        let at = table.get("most").map_or(table.at, |value| value.span().start);
        reader.fault(
            at,
            format!("`most` is {most}, but there are {} options", valid.len()),
            "leave `most` out if all may be chosen",
        );
    }
    let mut ticks = Vec::new();
    for option in &valid {
        // Its column stands beside all items in the results.
        let column = format!("{}_{}", asker.code, option.value);
        let word = Word { text: column.clone(), at: table.at };
        let hint = format!(
            "option {} of {} is counted in a column of this name: give the other another code",
            option.value, asker.code
        );
        reader.claim(around.codes, "the code", &word, &hint);
        around.unscored.keep(&word);
        if let Ok(code) = column.parse() {
            ticks.push(Tick { code, value: option.value });
        }
    }
    let ways_out = options.iter().filter(|option| !option.counts.is_valid());
    let mut tick_options = vec![
        AnswerOption::new(1, "Chosen", Counts::Plain),
        AnswerOption::new(0, "Not chosen", Counts::Plain),
    ];
    tick_options.extend(ways_out.map(|o| AnswerOption::new(o.value, o.label.clone(), o.counts)));
    let most = most.and_then(|most| usize::try_from(most).ok());
    Some(Choices { options, most, ticks, tick_options })
}

/// One text beside the options is enough, and there is room for one only.
fn check_others(reader: &mut Reader<'_>, table: &Table<'_>, options: &[AnswerOption]) {
    if options.iter().filter(|option| option.other.is_some()).count() > 1 {
        let at = table.place_of("options").unwrap_or(table.at);
        reader.fault(
            at,
            "two options have a text beside them",
            "keep `other` on one option of a question",
        );
    }
}

/// Options that come from earlier answers: rows of a grid answered in a certain
/// way, or the options chosen before.
fn read_options_from(
    reader: &mut Reader<'_>,
    table: &Table<'_>,
    catalogue: &Catalogue,
    asker: &Asker<'_>,
) -> Option<Vec<AnswerOption>> {
    let value = table.get("options_from")?;
    // Faults have been told; the list itself must not be called missing.
    let broken = Some(Vec::new());
    let Some(from) = reader.table(value, &FROM) else { return broken };
    let Some(source) = reader.word(&from, "question") else { return broken };
    let answers: Vec<(usize, Option<u16>)> = reader
        .list(&from, "answers")
        .iter()
        .map(|value| {
            let number = value.get_ref().as_integer();
            let number = number.and_then(|n| i64::from_str_radix(n.as_str(), n.radix()).ok());
            (value.span().start, number.and_then(|number| u16::try_from(number).ok()))
        })
        .collect();
    if let Some(rows) = catalogue.rows(&source.text) {
        reader.is_missing(&from, "answers");
        return Some(from_rows(reader, catalogue, (&source, rows), &answers));
    }
    let placed = Placed { what: source.text.clone(), at: source.at };
    match catalogue.one(&placed, asker).map(|entry| &entry.takes) {
        Ok(Takes::Several { values, labels, .. }) => {
            let option = |(value, label): (&u16, &String)| AnswerOption {
                show_if: source
                    .text
                    .parse()
                    .ok()
                    .map(|item| Condition::Chosen { items: vec![item], values: [*value].into() }),
                ..AnswerOption::new(*value, label.clone(), Counts::Plain)
            };
            Some(values.iter().zip(labels).map(option).collect())
        }
        Ok(_) => {
            reader.fault(
                source.at,
                format!("{:?} has no rows and takes one answer", source.text),
                "options come from a grid, or from a question of kind \"choices\"",
            );
            broken
        }
        Err(refusal) => {
            if let Some((at, what, hint)) = refusal {
                reader.fault(at, what, hint);
            }
            broken
        }
    }
}

fn from_rows(
    reader: &mut Reader<'_>,
    catalogue: &Catalogue,
    (source, rows): (&Word, &[ItemCode]),
    answers: &[(usize, Option<u16>)],
) -> Vec<AnswerOption> {
    let known: Vec<u16> = match rows.first().and_then(|row| catalogue.entry(row)) {
        Some(super::catalogue::Entry { takes: Takes::One { values, .. }, .. }) => values.clone(),
        _ => Vec::new(),
    };
    let mut values = std::collections::BTreeSet::new();
    for (at, answer) in answers {
        let written = answer.map_or("of this value".to_owned(), |answer| answer.to_string());
        if let Some(answer) = answer.filter(|answer| known.contains(answer)) {
            values.insert(answer);
        } else {
            let names: Vec<String> = known.iter().map(ToString::to_string).collect();
            reader.fault(
                *at,
                format!("the rows of {} have no option {written}", source.text),
                format!("the values of their options are {}", names.join(", ")),
            );
        }
    }
    let option = |(place, row): (usize, &ItemCode)| {
        let entry = catalogue.entry(row)?;
        let value = u16::try_from(place + 1).ok()?;
        let show_if = Condition::Chosen { items: vec![row.clone()], values: values.clone() };
        Some(AnswerOption {
            show_if: Some(show_if),
            ..AnswerOption::new(value, entry.label.clone(), Counts::Plain)
        })
    };
    rows.iter().enumerate().filter_map(option).collect()
}

fn read_text(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<Kind> {
    let max_chars = reader.number(table, "max_chars")?;
    Some(Kind::Text { max_chars: usize::try_from(max_chars).ok()? })
}
