//! What a form brings: its fields and files, read once by the guard and in memory only.
//! Nothing of it is ever logged.

use std::future::{Ready, ready};
use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use actix_multipart::Multipart;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::header;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::StreamExt;

use super::MOST_FORM_BYTES;
use super::error::WebError;

/// More fields and files than this no form of ours has.
const MOST_PARTS: usize = 200;

/// A file that came with a form.
#[derive(Clone)]
pub(super) struct SentFile {
    /// The field that it came in.
    field: String,
    /// Its name, as the sender gave it: for messages alone.
    pub(super) name: String,
    /// What it holds.
    pub(super) bytes: Vec<u8>,
}

/// The text fields of a form in their order, as handlers get them.
#[derive(Clone, Default)]
pub(super) struct Fields(Arc<Vec<(String, String)>>);

impl Fields {
    /// The same for an act that outlives the request.
    pub(super) fn shared(&self) -> Arc<Vec<(String, String)>> {
        Arc::clone(&self.0)
    }
}

impl Deref for Fields {
    type Target = [(String, String)];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

/// What came.
#[derive(Default)]
struct Sent {
    fields: Fields,
    files: Vec<SentFile>,
}

/// The fields and files of a form, as handlers get them.
#[derive(Clone, Default)]
pub(super) struct Files(Rc<Sent>);

impl Files {
    /// The text fields, in their order.
    pub(super) fn fields(&self) -> &[(String, String)] {
        &self.0.fields
    }

    /// The text of a field.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let found = self.0.fields.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The first file of a field that was chosen.
    pub(super) fn get(&self, field: &str) -> Option<&SentFile> {
        self.all(field).next()
    }

    /// The files of a field that were chosen.
    pub(super) fn all(&self, field: &str) -> impl Iterator<Item = &SentFile> {
        self.0.files.iter().filter(move |file| file.field == field)
    }
}

impl FromRequest for Files {
    type Error = WebError;
    type Future = Ready<Result<Self, WebError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(request.extensions().get::<Self>().cloned().ok_or(WebError::BadForm))
    }
}

impl FromRequest for Fields {
    type Error = WebError;
    type Future = Ready<Result<Self, WebError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let sent = request.extensions().get::<Files>().map(|sent| sent.0.fields.clone());
        ready(sent.ok_or(WebError::BadForm))
    }
}

/// Reads what a request brings.
pub(super) async fn read(request: &mut ServiceRequest, most: usize) -> Result<Files, WebError> {
    // What no file comes with is never long.
    let files = request.content_type() == "multipart/form-data";
    let most = if files { most } else { most.min(MOST_FORM_BYTES) };
    let mut payload = request.take_payload();
    let mut bytes = BytesMut::new();
    while let Some(piece) = payload.next().await {
        let piece = piece.map_err(|_| WebError::BadForm)?;
        if bytes.len() + piece.len() > most {
            return Err(WebError::TooMuch { most });
        }
        bytes.extend_from_slice(&piece);
    }
    let bytes = bytes.freeze();
    let sent = match request.content_type() {
        "multipart/form-data" => parts(request, bytes).await?,
        "application/x-www-form-urlencoded" => Sent {
            fields: Fields(Arc::new(url::form_urlencoded::parse(&bytes).into_owned().collect())),
            files: Vec::new(),
        },
        // A form without a field may come without a type.
        _ if bytes.is_empty() => Sent::default(),
        _ => return Err(WebError::BadForm),
    };
    Ok(Files(Rc::new(sent)))
}

async fn parts(request: &ServiceRequest, bytes: Bytes) -> Result<Sent, WebError> {
    let whole = futures_util::stream::once(ready(Ok(bytes)));
    let mut parts = Multipart::new(request.headers(), whole);
    let (mut fields, mut files) = (Vec::new(), Vec::new());
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(|_| WebError::BadForm)?;
        if fields.len() + files.len() == MOST_PARTS {
            return Err(WebError::BadForm);
        }
        let field = part.name().unwrap_or_default().to_owned();
        let said = part.headers().contains_key(header::CONTENT_DISPOSITION);
        let name = part.content_disposition().and_then(|said| said.get_filename());
        let name = name.map(str::to_owned).filter(|_| said);
        let mut bytes = Vec::new();
        while let Some(piece) = part.next().await {
            bytes.extend_from_slice(&piece.map_err(|_| WebError::BadForm)?);
        }
        match name {
            // Nothing was chosen.
            Some(name) if name.is_empty() && bytes.is_empty() => {}
            Some(name) => files.push(SentFile { field, name, bytes }),
            None => {
                let text = String::from_utf8(bytes).map_err(|_| WebError::BadForm)?;
                fields.push((field, text));
            }
        }
    }
    Ok(Sent { fields: Fields(Arc::new(fields)), files })
}
