//! The survey office decides what is to be looked at first.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::flow;
use crate::id::WaveCode;
use crate::release::Decided;
use crate::render::html;

use super::deputy::sent;
use super::error::WebError;
use super::results::shown;
use super::sent::Fields;
use super::session::{TheHouse, Visitor, see_other};

/// The note that was sent, in one line.
fn note(fields: &Fields) -> String {
    sent(fields, "note").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What to do about a note that is too long.
pub(super) fn note_is_too_long(fields: &Fields) -> Option<String> {
    let long = note(fields).chars().count();
    let most = flow::MOST_NOTE;
    (long > most).then(|| format!("Shorten the note to {most} characters; it has {long}"))
}

/// The decision that was sent.
///
/// # Errors
/// If it is none.
pub(super) fn decided(visitor: &Visitor, fields: &Fields) -> Result<Decided, WebError> {
    let account = visitor.account().ok_or(WebError::SignInNeeded)?;
    if note_is_too_long(fields).is_some() {
        return Err(WebError::BadForm);
    }
    Ok(Decided {
        unit: sent(fields, "unit").parse().map_err(|_| WebError::BadForm)?,
        rule: sent(fields, "rule").parse().map_err(|_| WebError::BadForm)?,
        measure: sent(fields, "measure").to_owned(),
        decision: sent(fields, "decision").parse().map_err(|_| WebError::BadForm)?,
        note: note(fields),
        who: account.email.expose().to_owned(),
    })
}

/// Keeps a decision; the same again is no fault.
pub(super) async fn decide(
    path: web::Path<String>,
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let code: WaveCode = path.parse().map_err(|_| WebError::NotFound)?;
    let shown = shown(&request, &house, &path).await?;
    let decided = decided(&shown.visitor, &fields)?;
    let proposals = shown.release().look_first(&html::reported(shown.stocktake()));
    let to = format!("/results/{code}#look-first");
    let known = house
        .blocking(move |house| flow::decide_look_first(house, &code, &proposals, &decided))
        .await?;
    if known { Ok(see_other(&to)) } else { Err(WebError::BadForm) }
}
