//! A form becomes a survey file: reading, writing, and mending what the check of
//! the file does not take.

use super::carrier::Carrier;
use super::columns::{CHOICES, Columns, OPTIONS_FROM, SETTINGS, SURVEY};
use super::draft::{Draft, DraftIndex};
use super::lists::Lists;
use super::loss::Loss;
use super::mend::mend;
use super::sections::Sections;
use super::tree::{self, Teller};
use super::words::{code_from, plain};
use super::workbook::{Sheet, SheetRow, Workbook};
use crate::fault::{Fault, Faults};

/// What became of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// The survey file, sound and laid out for its author.
    pub toml: String,
    /// What did not carry over as it was, in order of place.
    pub losses: Vec<Loss>,
}

/// What is said on the first screen of a survey whose form has no such note.
const WELCOME: &str = "Thank you for taking part.";

/// Makes a survey file of an XLSForm in an .xlsx, .xls or .ods file. Of several
/// languages it takes the one named, else the form's default, else the first.
///
/// # Errors
/// Why no sound survey came out, by sheet and row of the form.
pub fn import(bytes: &[u8], file: &str, language: Option<&str>) -> Result<Imported, Faults> {
    from_book(&Workbook::read(bytes, file)?, file, language)
}

/// Makes a survey file of a workbook that is read already.
pub(super) fn from_book(
    book: &Workbook,
    file: &str,
    language: Option<&str>,
) -> Result<Imported, Faults> {
    let of_file = |what: &str, hint: &str| Faults::new(vec![Fault::of_file(file, what).hint(hint)]);
    let Some(sheet) = book.sheet("survey") else {
        let names: Vec<&str> = book.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        return Err(of_file(
            "there is no sheet called survey",
            &format!("the sheets of the file are {}", names.join(", ")),
        ));
    };
    let teller = Teller { file };
    let nothing = Sheet::default();
    let survey_keys: Vec<&'static str> = SURVEY.into_iter().chain([OPTIONS_FROM]).collect();
    let survey = Columns::of(sheet, &survey_keys);
    let choices = Columns::of(book.sheet("choices").unwrap_or(&nothing), &CHOICES);
    let settings = Columns::of(book.sheet("settings").unwrap_or(&nothing), &SETTINGS);
    if !survey.has("type") {
        return Err(of_file(
            "the sheet survey has no column type",
            "its first row has the headings",
        ));
    }
    let first = settings.sheet.rows.first();
    let setting = |key: &str| first.and_then(|row| settings.get(row, key));
    let taken = choose(&[&survey, &choices], language, setting("default_language"))
        .map_err(|known| of_file("the form has no such language", &known))?;
    let language = taken.as_deref();
    let mut losses = Vec::new();
    let lists = Lists::read(&choices, language, &mut losses);
    let nodes = tree::read(&survey, &teller, &mut losses)?;
    let title = setting("form_title").unwrap_or_else(|| stem(file));
    let title = Some(plain(title).0).filter(|title| !title.is_empty()).unwrap_or("Survey".into());
    let mut carrier = Carrier::new(&survey, &lists, language, &teller);
    let sections = Sections::read(&mut carrier, &nodes, &title);
    let mut draft = Draft {
        code: code_from(setting("form_id").unwrap_or_else(|| stem(file)), "survey"),
        title,
        version: setting("version").unwrap_or("1").replace('\n', " "),
        mode: setting("mode").map(str::to_owned),
        welcome: or_else(sections.welcome.join("\n\n"), WELCOME),
        thanks: sections.thanks.join("\n\n"),
        sections: sections.list,
        ..Draft::default()
    };
    extras(book, &carrier, setting("consent_item").zip(setting("consent_value")), &mut draft);
    losses.append(&mut carrier.losses);
    losses.extend(left_out(book, &[&survey, &choices, &settings], language));
    losses.extend(plain_lists(&carrier, &choices));
    losses.extend(settings.sheet.rows.iter().skip(1).map(|row| {
        settings.loss(row, "", "the row is left out", "a form has one row of settings")
    }));
    if draft.sections.is_empty() && carrier.faults.is_empty() {
        carrier.faults = nothing_asked(&losses, &survey, &teller);
    }
    if !carrier.faults.is_empty() {
        return Err(Faults::new(carrier.faults));
    }
    let toml = mend(&mut draft, file, &survey, &teller, &mut losses)?;
    losses.sort();
    losses.dedup();
    Ok(Imported { toml, losses })
}

/// Why a form without a single question is none for this program: row by row.
fn nothing_asked(losses: &[Loss], survey: &Columns<'_>, teller: &Teller<'_>) -> Vec<Fault> {
    let name = &survey.sheet.name;
    let hint = "a survey asks for options, numbers and words";
    let whole = teller.fault(name, 0, "no question of the form has a counterpart", hint);
    let rows = losses.iter().filter(|loss| loss.sheet == *name && loss.row > 0);
    let rows = rows.filter(|loss| loss.heading.eq_ignore_ascii_case("type"));
    let told = rows.map(|loss| teller.fault(name, loss.row, &loss.what, &loss.why));
    std::iter::once(whole).chain(told).collect()
}

fn or_else(text: String, otherwise: &str) -> String {
    if text.is_empty() { otherwise.to_owned() } else { text }
}

/// The file's name without its folder and its ending.
fn stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.split_once('.').map_or(name, |(stem, _)| stem)
}

/// The language to take; the languages that there are if it is not among them.
fn choose(
    sheets: &[&Columns<'_>],
    wanted: Option<&str>,
    default: Option<&str>,
) -> Result<Option<String>, String> {
    let mut known: Vec<Option<String>> = Vec::new();
    for sheet in sheets {
        for language in sheet.languages("label") {
            if !known.contains(&language) {
                known.push(language);
            }
        }
    }
    let named: Vec<&String> = known.iter().flatten().collect();
    let find = |wanted: &str| {
        named.iter().find(|name| is_language(name, wanted)).map(|name| (*name).clone())
    };
    if let Some(wanted) = wanted {
        let languages: Vec<&str> = named.iter().map(|name| name.as_str()).collect();
        let hint = match languages.as_slice() {
            [] => format!("{wanted} was asked for, and the form names no language at all"),
            all => format!("{wanted} was asked for; the form has {}", all.join(", ")),
        };
        return find(wanted).map(Some).ok_or(hint);
    }
    if let Some(language) = default.and_then(find) {
        return Ok(Some(language));
    }
    Ok(if known.contains(&None) { None } else { named.first().map(|name| (*name).clone()) })
}

/// Whether a wish names a language such as `English (en)`, in whole or in part.
fn is_language(name: &str, wanted: &str) -> bool {
    let parts = name.split(['(', ')']).map(str::trim).filter(|part| !part.is_empty());
    std::iter::once(name.trim()).chain(parts).any(|part| part.eq_ignore_ascii_case(wanted.trim()))
}

/// Modules, indexes and consent, as this program's own export writes them.
fn extras(
    book: &Workbook,
    carrier: &Carrier<'_, '_>,
    consent: Option<(&str, &str)>,
    draft: &mut Draft,
) {
    let asked: Vec<String> =
        draft.sections.iter().filter_map(|section| section.module.clone()).collect();
    if let Some(sheet) = own_sheet(book, "modules") {
        let columns = Columns::of(sheet, &["code", "title"]);
        for row in &sheet.rows {
            let code = columns.get(row, "code").map(|code| code_from(code, "MODULE"));
            if let (Some(code), Some(title)) = (code, columns.get(row, "title"))
                && asked.contains(&code)
            {
                draft.modules.push((code, plain(title).0));
            }
        }
    }
    for module in asked {
        if draft.modules.iter().all(|(code, _)| *code != module) {
            draft.modules.push((module.clone(), module));
        }
    }
    if let Some(sheet) = own_sheet(book, "indexes") {
        let columns = Columns::of(sheet, &["code", "label", "about", "item", "weight"]);
        for row in &sheet.rows {
            take_index(carrier, &columns, row, draft);
        }
    }
    draft.consent = consent.and_then(|(item, value)| {
        let (code, _) = carrier.known.find(item).ok()?;
        Some((code.to_owned(), value.parse().ok()?))
    });
}

fn take_index(carrier: &Carrier<'_, '_>, columns: &Columns<'_>, row: &SheetRow, draft: &mut Draft) {
    let (Some(code), Some(item)) = (columns.get(row, "code"), columns.get(row, "item")) else {
        return;
    };
    let Ok((item, _)) = carrier.known.find(item) else { return };
    let weight = columns.get(row, "weight").and_then(|weight| weight.parse().ok()).unwrap_or(1);
    let code = code_from(code, "INDEX");
    if let Some(index) = draft.indexes.iter_mut().find(|index| index.code == code) {
        index.items.push((item.to_owned(), weight));
        return;
    }
    let text = |key: &str| columns.get(row, key).map(|text| plain(text).0).unwrap_or_default();
    let label = or_else(text("label"), &code);
    let items = vec![(item.to_owned(), weight)];
    draft.indexes.push(DraftIndex { label, about: text("about"), items, code });
}

/// A sheet of this program's own, told from another's of that name by its headings.
fn own_sheet<'b>(book: &'b Workbook, name: &str) -> Option<&'b Sheet> {
    book.sheet(name).filter(|sheet| sheet.headings.values().any(|heading| heading == "code"))
}

/// Sheets, columns, languages and settings that have no counterpart.
fn left_out(book: &Workbook, read: &[&Columns<'_>], language: Option<&str>) -> Vec<Loss> {
    let mut losses: Vec<Loss> =
        read.iter().flat_map(|columns| columns.left_out(language)).collect();
    for sheet in &book.sheets {
        let known = read.iter().any(|columns| std::ptr::eq(columns.sheet, sheet))
            || ["modules", "indexes"]
                .iter()
                .any(|name| own_sheet(book, name).is_some_and(|own| std::ptr::eq(own, sheet)));
        if !known && !sheet.headings.is_empty() {
            losses.push(Loss {
                sheet: sheet.name.clone(),
                row: 0,
                column: 0,
                heading: String::new(),
                what: "the sheet is left out".to_owned(),
                why: "it has no counterpart in a survey file".to_owned(),
            });
        }
    }
    losses
}

/// Scores are never guessed: the author adds them where a scale is meant.
fn plain_lists(carrier: &Carrier<'_, '_>, choices: &Columns<'_>) -> Option<Loss> {
    if carrier.plain_lists.is_empty() {
        return None;
    }
    let names: Vec<&str> = carrier.plain_lists.iter().map(String::as_str).collect();
    Some(Loss {
        sheet: choices.sheet.name.clone(),
        row: 0,
        column: 0,
        heading: String::new(),
        what: format!("without scores: {}", names.join(", ")),
        why: "scores are never guessed, so their questions are choices; for a rating add a scale \
              with scores, and say which answers are ways out (counts = \"dont-know\")"
            .to_owned(),
    })
}
