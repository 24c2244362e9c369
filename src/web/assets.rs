//! The embedded files, in the form the browser takes, to be kept for a year:
//! their names change with their content. And the two pieces of the survey
//! office's own look, which come from its settings.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};

use crate::assets;
use crate::flow::FlowError;

use super::error::WebError;
use super::session::TheHouse;

/// The office's logo.
pub(super) const LOGO: &str = "/look/logo";
/// The style sheet that sets the office's colour.
pub(super) const COLOUR: &str = "/look/colour.css";

/// Whether the browser takes answers in this form.
pub(super) fn takes(request: &HttpRequest, coding: &str) -> bool {
    let accepted = request.headers().get(header::ACCEPT_ENCODING);
    let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|part| part.trim().starts_with(coding))
}

pub(super) async fn file(request: HttpRequest) -> Result<HttpResponse, WebError> {
    let asset = assets::find(request.path()).ok_or(WebError::NotFound)?;
    let (coding, bytes) = if takes(&request, "br") {
        ("br", asset.br)
    } else if takes(&request, "gzip") {
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

pub(super) async fn logo(house: TheHouse) -> Result<HttpResponse, WebError> {
    let path = house.settings.office.logo.clone().ok_or(WebError::NotFound)?;
    let kind = if path.extension().is_some_and(|end| end.eq_ignore_ascii_case("svg")) {
        "image/svg+xml"
    } else {
        "image/png"
    };
    let bytes = house
        .blocking(move |_| {
            std::fs::read(&path).map_err(|why| FlowError::File { path, why: why.to_string() })
        })
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .content_type(kind)
        .body(bytes))
}

pub(super) async fn colour(house: TheHouse) -> Result<HttpResponse, WebError> {
    let colour = house.settings.office.colour.as_ref().ok_or(WebError::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .content_type("text/css; charset=utf-8")
        .body(format!(":root {{ --so-brand: {colour}; }}\n")))
}
