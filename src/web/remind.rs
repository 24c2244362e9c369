//! `/office/waves/{wave}/mail/remind`: one more reminder, now, to as many as the
//! page says.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::flow::{self, NextReminder};
use crate::pages::{Hidden, RemindPage};

use super::deputy::sent;
use super::error::WebError;
use super::schedule::{base, code, layout, leads};
use super::sent::Fields;
use super::session::{TheHouse, Visitor, ok, see_other};

/// The field with the round that a button was shown for.
const ROUND: &str = "-round";

/// Says who gets a reminder, before it goes.
pub(super) async fn ask(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let code = code(&path)?;
    let next = house.blocking(move |house| flow::next_reminder(house, &code)).await?;
    let NextReminder { wave, number, would_get, waiting } = next;
    let not_now = match (waiting, would_get) {
        (0, 0) => Some("Nobody would get a reminder at this moment.".to_owned()),
        (0, _) => None,
        (1, _) => Some("1 mail of this wave has not gone yet.".to_owned()),
        (waiting, _) => Some(format!("{waiting} mails of this wave have not gone yet.")),
    };
    let page = RemindPage {
        layout: layout(&house, &visitor, &wave, "Send a reminder now?"),
        caption: wave.title.clone(),
        number: leads(would_get),
        not_now,
        letter: format!("/office/waves/{}/letters/reminder", wave.code),
        action: format!("{}/remind", base(&wave.code)),
        hidden: vec![Hidden { name: ROUND.to_owned(), value: number.to_string() }],
    };
    ok(&house, &page)
}

/// Sends the reminders; a second press finds them sent already.
pub(super) async fn remind(
    path: web::Path<String>,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let code = code(&path)?;
    let number = sent(&fields, ROUND).parse().map_err(|_| WebError::BadForm)?;
    let to = format!("{}?done=reminded", base(&code));
    house.blocking(move |house| flow::remind_once(house, &code, number)).await?;
    Ok(see_other(&to))
}
