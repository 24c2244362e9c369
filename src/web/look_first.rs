//! The survey office decides what is to be looked at first.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::flow;
use crate::id::WaveCode;
use crate::release::Decided;
use crate::render::html;

use super::deputy::sent;
use super::error::WebError;
use super::respondent::Fields;
use super::results::shown;
use super::session::{TheHouse, see_other};

/// Keeps a decision; the same again is no fault.
pub(super) async fn decide(
    path: web::Path<String>,
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let code: WaveCode = path.parse().map_err(|_| WebError::NotFound)?;
    let shown = shown(&request, &house, &path).await?;
    let account = shown.visitor.account().ok_or(WebError::SignInNeeded)?;
    let note: String = sent(&fields, "note").split_whitespace().collect::<Vec<_>>().join(" ");
    if note.chars().count() > flow::MOST_NOTE {
        return Err(WebError::BadForm);
    }
    let decided = Decided {
        unit: sent(&fields, "unit").parse().map_err(|_| WebError::BadForm)?,
        rule: sent(&fields, "rule").parse().map_err(|_| WebError::BadForm)?,
        measure: sent(&fields, "measure").to_owned(),
        decision: sent(&fields, "decision").parse().map_err(|_| WebError::BadForm)?,
        note,
        who: account.email.expose().to_owned(),
    };
    let proposals = shown.release().look_first(&html::reported(shown.stocktake()));
    let to = format!("/results/{code}#look-first");
    let known = house
        .blocking(move |house| flow::decide_look_first(house, &code, &proposals, &decided))
        .await?;
    if known { Ok(see_other(&to)) } else { Err(WebError::BadForm) }
}
