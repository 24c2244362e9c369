//! The register from uploaded files, in two steps: what it would change, and the change.
//! Between them the files wait in the database, for an hour at most.

use crate::id::UploadId;
use crate::register::{self, Difference, ReadUpload, Register, TableKind, Uploaded};
use crate::storage::Tx;
use crate::trail::Act;
use crate::wave::State;

use super::change_register::{Replacement, held_register};
use super::{FlowError, House};

/// So long an upload waits for somebody to confirm it.
const UPLOAD_SECONDS: i64 = 3_600;

/// What an import would do.
pub struct ImportPreview {
    /// The files that wait; none if nothing would change.
    pub upload: Option<UploadId>,
    /// The digest of the register that they were compared with.
    pub digest: String,
    /// As it is held.
    pub held: Register,
    /// What was read.
    pub read: ReadUpload,
    /// What would change.
    pub difference: Difference,
    /// The titles of waves that are open and keep the leads that they have.
    pub open_waves: Vec<String>,
}

/// What became of a confirmed import.
pub enum ConfirmedImport {
    /// It is done.
    Done,
    /// The register changed since the preview: this is what it would do now.
    Moved(Box<ImportPreview>),
    /// The files are not there: used, or too old.
    Gone,
}

/// Reads uploaded files, and keeps them if they would change anything.
///
/// # Errors
/// Every fault of the files, as [`FlowError::Faults`].
pub fn preview_import(house: &House, files: &[Uploaded]) -> Result<ImportPreview, FlowError> {
    let mut preview = house.store.read(|tx| look(tx, None, files))?;
    if !preview.difference.is_empty() {
        let id = UploadId::random(&house.chance);
        let until = house.now().plus_seconds(UPLOAD_SECONDS);
        house.store.write(|tx| tx.keep_upload(&id, files, until))?;
        preview.upload = Some(id);
    }
    Ok(preview)
}

fn look(
    tx: &mut Tx<'_>,
    upload: Option<UploadId>,
    files: &[Uploaded],
) -> Result<ImportPreview, FlowError> {
    let held = tx.register()?;
    let read = register::read_upload(files, &held)?;
    let open = |wave: &crate::wave::Wave| wave.state == State::Open;
    let waves = tx.waves()?.into_iter().filter(open);
    Ok(ImportPreview {
        upload,
        digest: register::digest(&held),
        difference: register::difference(&held, &read.register),
        held,
        read,
        open_waves: waves.map(|wave| wave.title).collect(),
    })
}

/// Makes the change that a preview showed, if the register is still the one that it was
/// compared with.
///
/// # Errors
/// Every fault of the files, if another change made some of them.
pub fn confirm_import(
    house: &House,
    upload: &UploadId,
    digest: &str,
) -> Result<ConfirmedImport, FlowError> {
    let now = house.now();
    house.store.write(|tx| {
        let (number, held) = held_register(tx)?;
        let files = tx.upload(upload, now)?;
        if files.is_empty() {
            return Ok(ConfirmedImport::Gone);
        }
        let preview = look(tx, Some(*upload), &files)?;
        if preview.digest != digest {
            return Ok(ConfirmedImport::Moved(Box::new(preview)));
        }
        tx.delete_upload(upload)?;
        if !preview.difference.is_empty() {
            let about = format!("Import of {}", brought(&preview.read.brought));
            let events = register::events(&preview.difference);
            let (act, new) = (Act::REGISTER_LOADED, &preview.read.register);
            Replacement { number, act, held: &held, new, about, events }.make(house, tx)?;
        }
        Ok(ConfirmedImport::Done)
    })
}

/// Forgets an upload that nobody wants to confirm.
///
/// # Errors
/// If the database fails.
pub fn drop_import(house: &House, upload: &UploadId) -> Result<(), FlowError> {
    Ok(house.store.write(|tx| tx.delete_upload(upload))?)
}

fn brought(tables: &[TableKind]) -> String {
    let words: Vec<&str> = tables.iter().map(|table| table.word()).collect();
    words.join(", ")
}
