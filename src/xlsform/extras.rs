//! Modules, indexes and consent: what this program's own export adds to a form.

use super::columns::Columns;
use super::draft::{Draft, DraftIndex};
use super::loss::Loss;
use super::relevant::Known;
use super::words::{code_from, plain};
use super::workbook::{Sheet, SheetRow, Workbook};

/// Adds what the form has of these to the draft.
pub(super) fn extras(
    book: &Workbook,
    known: &Known,
    settings: &Columns<'_>,
    draft: &mut Draft,
    losses: &mut Vec<Loss>,
) {
    modules(book, draft, losses);
    if let Some(sheet) = own_sheet(book, "indexes") {
        let columns = Columns::of(sheet, &["code", "label", "about", "item", "weight"]);
        losses.extend(columns.left_out(None));
        for row in &sheet.rows {
            if let Err(why) = index(known, &columns, row, draft) {
                losses.push(columns.loss(row, "item", "an item of an index is left out", why));
            }
        }
    }
    let Some(row) = settings.sheet.rows.first() else { return };
    let Some(item) = settings.get(row, "consent_item") else { return };
    let value = settings.get(row, "consent_value").and_then(|value| value.parse().ok());
    match (known.find(item), value) {
        (Ok((code, _)), Some(value)) => draft.consent = Some((code.to_owned(), value)),
        (Err(why), _) => {
            losses.push(settings.loss(row, "consent_item", "the consent is left out", why));
        }
        (_, None) => {
            let why = "it needs the value of the option that agrees";
            losses.push(settings.loss(row, "consent_value", "the consent is left out", why));
        }
    }
}

fn modules(book: &Workbook, draft: &mut Draft, losses: &mut Vec<Loss>) {
    let asked: Vec<String> =
        draft.sections.iter().filter_map(|section| section.module.clone()).collect();
    if let Some(sheet) = own_sheet(book, "modules") {
        let columns = Columns::of(sheet, &["code", "title"]);
        losses.extend(columns.left_out(None));
        for row in &sheet.rows {
            let code = columns.get(row, "code").map(|code| code_from(code, "MODULE"));
            let known = |code: &str| draft.modules.iter().any(|(known, _)| known == code);
            match (code, columns.get(row, "title")) {
                (Some(code), Some(title)) if asked.contains(&code) && !known(&code) => {
                    draft.modules.push((code, plain(title).0));
                }
                _ => {
                    let why = "it has no title, no section of its own, or another's code";
                    losses.push(columns.loss(row, "code", "the module is left out", why));
                }
            }
        }
    }
    for module in asked {
        if draft.modules.iter().all(|(code, _)| *code != module) {
            draft.modules.push((module.clone(), module));
        }
    }
}

fn index(
    known: &Known,
    columns: &Columns<'_>,
    row: &SheetRow,
    draft: &mut Draft,
) -> Result<(), String> {
    let (Some(code), Some(item)) = (columns.get(row, "code"), columns.get(row, "item")) else {
        return Err("the row lacks a code or an item".to_owned());
    };
    let (item, _) = known.find(item)?;
    let weight = columns.get(row, "weight").map_or(Ok(1), str::parse);
    let weight = weight.map_err(|_| "its weight is no whole number".to_owned())?;
    let code = code_from(code, "INDEX");
    if let Some(index) = draft.indexes.iter_mut().find(|index| index.code == code) {
        index.items.push((item.to_owned(), weight));
        return Ok(());
    }
    let text = |key: &str| columns.get(row, key).map(|text| plain(text).0).unwrap_or_default();
    let label = Some(text("label")).filter(|label| !label.is_empty());
    let label = label.unwrap_or_else(|| code.clone());
    let items = vec![(item.to_owned(), weight)];
    draft.indexes.push(DraftIndex { label, about: text("about"), items, code });
    Ok(())
}

/// A sheet of this program's own, told from another's of that name by its headings.
pub(super) fn own_sheet<'b>(book: &'b Workbook, name: &str) -> Option<&'b Sheet> {
    book.sheet(name).filter(|sheet| sheet.headings.values().any(|heading| heading == "code"))
}
