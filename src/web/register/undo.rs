//! Undoing the last change of the register.

use actix_web::{HttpRequest, HttpResponse};

use crate::flow::{self, FlowError};
use crate::pages::{Hidden, RegisterConfirmPage};
use crate::register::EditRefusal;

use super::super::deputy::sent;
use super::super::error::WebError;
use super::super::sent::Fields;
use super::super::session::{TheHouse, Visitor, ok};
use super::meaning::{means, nouns};
use super::{REGISTER, back, below, by};

/// The field that says which change the page showed.
const CHANGE: &str = "-change";

pub(in crate::web) async fn ask(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let (undo, held) = house
        .blocking(|house| {
            let held = house.store.read(|tx| tx.register())?;
            Ok((flow::undoable(house)?, held))
        })
        .await?;
    let undo = undo.ok_or(FlowError::from(EditRefusal::NothingToUndo))?;
    let mut says = vec![format!("{}, by {}, is taken back.", undo.change.about, by(&undo.change))];
    says.extend(means(&held, &undo.difference));
    let page = RegisterConfirmPage {
        layout: below(&house, &visitor, "Undo the last change?"),
        heading: "Undo the last change?".to_owned(),
        says,
        nouns: nouns(&held, &undo.difference),
        action: format!("{REGISTER}/undo"),
        hidden: vec![Hidden { name: CHANGE.to_owned(), value: undo.change.number.to_string() }],
        button: "Undo it".to_owned(),
        cancel: REGISTER.to_owned(),
    };
    ok(&house, &page)
}

pub(in crate::web) async fn undo(
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let number: i64 = sent(&fields, CHANGE).parse().map_err(|_| WebError::BadForm)?;
    house.blocking(move |house| flow::undo_register(house, number)).await?;
    Ok(back(REGISTER, "undone"))
}
