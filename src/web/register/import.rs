//! The register from a workbook or CSV files: sent, looked at, confirmed.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use crate::fault::{Fault, Faults};
use crate::flow::{self, ConfirmedImport, FlowError, ImportPreview};
use crate::id::UploadId;
use crate::pages::{
    FaultRow, Hidden, Prompt, RegisterImportPage, RegisterPreviewPage, TableColumns, form_title,
};
use crate::register::{TableKind, Uploaded, cell_name};

use super::super::deputy::sent;
use super::super::error::WebError;
use super::super::see_to_mails::several;
use super::super::sent::Fields;
use super::super::sent::Files;
use super::super::session::{TheHouse, Visitor, ok, page_response};
use super::meaning::{counts, means, nouns};
use super::{REGISTER, back, below};

/// The field of the files.
const FILES: &str = "files";
/// The fields that say what a preview showed.
const UPLOAD: &str = "-upload";
const HELD: &str = "-held";
/// So many faults are shown at once, and so many characters of one.
const MOST_FAULTS: usize = 200;
const LONGEST: usize = 300;

fn about(kind: TableKind) -> &'static str {
    match kind {
        TableKind::Clusters => "Clusters of reporting units, if the region has them",
        TableKind::Pcts => "Statutory PCTs",
        TableKind::Units => "Rows of the stocktake and of the results: one PCT, or several as one",
        TableKind::Groups => "PBC groups and their PCT",
        TableKind::Leads => "Who is invited, for which PBC group",
    }
}

fn short(text: &str) -> String {
    let start: String = text.chars().take(LONGEST).collect();
    if start.len() < text.len() { format!("{start}…") } else { start }
}

/// The columns of a table, those last that may be left out.
fn columns(kind: TableKind) -> String {
    let optional = kind.optional_columns();
    let all = kind.columns();
    let needed: Vec<&str> = all.into_iter().filter(|name| !optional.contains(name)).collect();
    let needed = needed.join(", ");
    if optional.is_empty() {
        return needed;
    }
    format!("{needed}; if known: {}", optional.join(", "))
}

/// What to do about a fault that gives no advice itself.
fn remedy(what: &str) -> &'static str {
    match () {
        () if what.ends_with("is empty") => "fill it in",
        () if what.contains("is already") => "keep one of the two",
        () if what.contains(" is not in ") => "correct it, or add what is missing to that table",
        () => "correct it",
    }
}

fn fault_row(fault: &Fault) -> FaultRow {
    let place = match (fault.line, fault.column) {
        (0, _) => String::new(),
        (row, 0) => format!("row {row}"),
        (row, column) if fault.file.starts_with("sheet ") => cell_name(row, column),
        (row, column) => format!("line {row}, character {column}"),
    };
    FaultRow {
        file: short(&fault.file),
        place,
        what: short(&fault.what),
        remedy: short(fault.hint.as_deref().unwrap_or_else(|| remedy(&fault.what))),
    }
}

fn form_page(
    house: &TheHouse,
    visitor: &Visitor,
    held: bool,
    faults: Option<&Faults>,
) -> RegisterImportPage {
    let rows: Vec<FaultRow> =
        faults.into_iter().flat_map(Faults::iter).take(MOST_FAULTS).map(fault_row).collect();
    let all = faults.map_or(0, Faults::len);
    let errors: Vec<Prompt> = faults
        .map(|_| Prompt {
            href: "#faults".to_owned(),
            text: format!("{} in what was sent, so nothing was imported", several(all, "fault")),
        })
        .into_iter()
        .collect();
    let more = all.saturating_sub(rows.len());
    RegisterImportPage {
        layout: below(house, visitor, &form_title("Import the register", &errors)),
        errors,
        faults: rows,
        more: (more > 0).then(|| format!("{more} more are not shown.")),
        tables: TableKind::ALL
            .into_iter()
            .map(|kind| TableColumns {
                name: kind.word().to_owned(),
                about: about(kind).to_owned(),
                columns: columns(kind),
            })
            .collect(),
        held,
    }
}

fn preview_page(
    house: &TheHouse,
    visitor: &Visitor,
    preview: &ImportPreview,
    moved: bool,
) -> RegisterPreviewPage {
    let ImportPreview { held, read, difference, .. } = preview;
    let brought: Vec<&str> = read.brought.iter().map(|kind| kind.word()).collect();
    let mut notes = vec![format!("Read: {}.", brought.join(", "))];
    let kept: Vec<&str> = TableKind::ALL
        .into_iter()
        .filter(|kind| !read.brought.contains(kind))
        .filter(|kind| *kind != TableKind::Clusters || !held.clusters.is_empty())
        .map(TableKind::word)
        .collect();
    if !kept.is_empty() {
        notes.push(format!("Not sent, so it stays as it is: {}.", kept.join(", ")));
    }
    notes.extend(read.notes.iter().cloned());
    let open = preview.open_waves.iter();
    let mut warnings: Vec<String> = open
        .map(|title| {
            format!(
                "{title} is open. It goes on with the groups and leads that it was opened with; this import counts from the next wave on."
            )
        })
        .collect();
    if difference.leads.gone.len() * 2 > held.leads.len() {
        warnings.push(
            "More than half of all leads would go. Look whether these are the right files."
                .to_owned(),
        );
    }
    let upload = preview.upload.as_ref().map(ToString::to_string).unwrap_or_default();
    RegisterPreviewPage {
        layout: below(house, visitor, "What the import changes"),
        moved,
        nothing: difference.is_empty(),
        notes,
        means: means(held, difference),
        warnings,
        counts: counts(difference),
        nouns: nouns(held, difference),
        hidden: vec![
            Hidden { name: UPLOAD.to_owned(), value: upload },
            Hidden { name: HELD.to_owned(), value: preview.digest.clone() },
        ],
    }
}

async fn is_held(house: &TheHouse) -> Result<bool, WebError> {
    let units = house.blocking(|house| Ok(house.store.read(|tx| tx.register())?.units)).await?;
    Ok(!units.is_empty())
}

pub(in crate::web) async fn form(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    ok(&house, &form_page(&house, &visitor, is_held(&house).await?, None))
}

/// Reads what was sent, and shows what it would change or everything that is wrong.
pub(in crate::web) async fn look(
    request: HttpRequest,
    files: Files,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let sent: Vec<Uploaded> = files
        .all(FILES)
        .map(|file| Uploaded { name: short(&file.name), bytes: file.bytes.clone() })
        .collect();
    match house.blocking(move |house| flow::preview_import(house, &sent)).await {
        Ok(preview) => ok(&house, &preview_page(&house, &visitor, &preview, false)),
        Err(FlowError::Faults(faults)) => faulty(&house, &visitor, &faults).await,
        Err(other) => Err(other.into()),
    }
}

async fn faulty(
    house: &TheHouse,
    visitor: &Visitor,
    faults: &Faults,
) -> Result<HttpResponse, WebError> {
    let page = form_page(house, visitor, is_held(house).await?, Some(faults));
    Ok(page_response(house, StatusCode::UNPROCESSABLE_ENTITY, &page)?)
}

fn upload(fields: &Fields) -> Option<UploadId> {
    sent(fields, UPLOAD).parse().ok()
}

/// Makes the change that was looked at.
pub(in crate::web) async fn confirm(
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let Some(upload) = upload(&fields) else { return Ok(back(REGISTER, "gone")) };
    let digest = sent(&fields, HELD).to_owned();
    match house.blocking(move |house| flow::confirm_import(house, &upload, &digest)).await {
        Ok(ConfirmedImport::Done) => Ok(back(REGISTER, "imported")),
        Ok(ConfirmedImport::Gone) => Ok(back(REGISTER, "gone")),
        Ok(ConfirmedImport::Moved(preview)) => {
            let page = preview_page(&house, &visitor, &preview, true);
            Ok(page_response(&house, StatusCode::CONFLICT, &page)?)
        }
        Err(FlowError::Faults(faults)) => faulty(&house, &visitor, &faults).await,
        Err(other) => Err(other.into()),
    }
}

/// Deletes what was sent.
pub(in crate::web) async fn leave(
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    if let Some(upload) = upload(&fields) {
        house.blocking(move |house| flow::drop_import(house, &upload)).await?;
    }
    Ok(back(REGISTER, "dropped"))
}
