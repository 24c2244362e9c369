//! A form becomes a survey file: reading, writing, and mending what the check of
//! the file does not take.

use super::carrier::Carrier;
use super::columns::{CHOICES, Columns, OPTIONS_FROM, SETTINGS, SURVEY};
use super::draft::Draft;
use super::extras::{extras, own_sheet};
use super::lists::Lists;
use super::loss::Loss;
use super::mend::mend;
use super::sections::Sections;
use super::tree::{self, Teller};
use super::words::{code_from, plain};
use super::workbook::{Sheet, Workbook};
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
    let mut losses = left_out(book, &[&survey, &choices, &settings], language);
    let lists = Lists::read(&choices, language, &mut losses);
    let nodes = tree::read(&survey, &teller, &mut losses)?;
    let mut draft = head(&settings, stem(file), &mut losses);
    let mut carrier = Carrier::new(&survey, &lists, language, &teller);
    let sections = Sections::read(&mut carrier, &nodes, &draft.title);
    draft.welcome = or_else(sections.welcome.join("\n\n"), WELCOME);
    draft.thanks = sections.thanks.join("\n\n");
    draft.sections = sections.list;
    losses.append(&mut carrier.losses);
    extras(book, &carrier.known, &settings, &mut draft, &mut losses);
    losses.extend(of_lists(&carrier, &choices));
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

/// What the settings say, or else the name of the file.
fn head(settings: &Columns<'_>, stem: &str, losses: &mut Vec<Loss>) -> Draft {
    let first = settings.sheet.rows.first();
    let setting = |key: &str| first.and_then(|row| settings.get(row, key));
    let mut lose = |key: &str, what: String, why: &str| {
        losses.extend(first.map(|row| settings.loss(row, key, what, why)));
    };
    let (title, changes) = plain(setting("form_title").unwrap_or(stem));
    for change in changes {
        lose("form_title", change.what, change.why);
    }
    let id = setting("form_id");
    let code = code_from(id.unwrap_or(stem), "survey");
    if let Some(id) = id.filter(|id| *id != code) {
        lose(
            "form_id",
            format!("{id} is called {code}"),
            "codes have letters, digits and _ - . in them",
        );
    }
    for row in settings.sheet.rows.iter().skip(1) {
        losses.push(settings.loss(
            row,
            "",
            "the row is left out",
            "a form has one row of settings",
        ));
    }
    Draft {
        title: or_else(title, &code),
        code,
        version: setting("version").unwrap_or("1").replace('\n', " "),
        mode: setting("mode").map(str::to_owned),
        ..Draft::default()
    }
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

/// Lists without scores, which are never guessed, and lists that no question uses.
fn of_lists(carrier: &Carrier<'_, '_>, choices: &Columns<'_>) -> Vec<Loss> {
    let told = |names: &[&str], what: &str, why: &str| Loss {
        sheet: choices.sheet.name.clone(),
        row: 0,
        column: 0,
        heading: String::new(),
        what: format!("{what}: {}", names.join(", ")),
        why: why.to_owned(),
    };
    let plain: Vec<&str> = carrier.plain_lists.iter().map(String::as_str).collect();
    let used = |name: &str| carrier.used_lists.contains(name);
    let unused: Vec<&str> = carrier.lists.names().filter(|name| !used(name)).collect();
    let scores = "scores are never guessed, so their questions are choices; for a rating add a \
                  scale with scores, and say which answers are ways out (counts = \"dont-know\")";
    let mut losses = Vec::new();
    if !plain.is_empty() {
        losses.push(told(&plain, "without scores", scores));
    }
    if !unused.is_empty() {
        losses.push(told(&unused, "left out", "no question that carried over uses them"));
    }
    losses
}
