//! For operations: is the process alive, and can it do its work.

use actix_web::HttpResponse;

use super::session::TheHouse;

pub(super) async fn live() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain").body("live\n")
}

pub(super) async fn ready(house: TheHouse) -> HttpResponse {
    match house.blocking(|house| Ok(house.store.check_version()?)).await {
        Ok(()) => HttpResponse::Ok().content_type("text/plain").body("ready\n"),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            HttpResponse::ServiceUnavailable().content_type("text/plain").body("not ready\n")
        }
    }
}
