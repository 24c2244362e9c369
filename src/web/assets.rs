//! The embedded files, in the form the browser takes, to be kept for a year:
//! their names change with their content.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};

use crate::assets;

use super::error::WebError;

pub(super) async fn file(request: HttpRequest) -> Result<HttpResponse, WebError> {
    let asset = assets::find(request.path()).ok_or(WebError::NotFound)?;
    let accepted = request
        .headers()
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let takes = |coding: &str| accepted.split(',').any(|part| part.trim().starts_with(coding));
    let (coding, bytes) = if takes("br") {
        ("br", asset.br)
    } else if takes("gzip") {
        ("gzip", asset.gz)
    } else {
        ("identity", asset.plain)
    };
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_ENCODING, coding))
        .insert_header((header::CONTENT_TYPE, asset.content_type))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::ETAG, asset.etag))
        .insert_header((header::VARY, "accept-encoding"))
        .body(bytes))
}
