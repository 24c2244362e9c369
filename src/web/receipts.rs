//! The list of receipts that is published when a wave closes. Anybody may look; what is
//! looked for goes into no address and no log.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_DISPOSITION, ContentType};
use actix_web::{HttpResponse, web};

use crate::ballot_box::{Receipt, ReceiptError, TypedReceipt};
use crate::flow::{self, House};
use crate::id::WaveCode;
use crate::pages::{FieldView, Found, ReceiptList, ReceiptsPage, form_title};
use crate::wave::Wave;

use super::deputy::sent as field;
use super::error::WebError;
use super::frame::frame;
use super::sent::Fields;
use super::session::{TheHouse, Visitor, ok, page_response};

/// A field for more than a receipt is no field of ours.
const MOST_TYPED: usize = 400;

async fn published(house: &House, code: &str) -> Result<(Wave, Option<Vec<Receipt>>), WebError> {
    let code: WaveCode = code.parse().map_err(|_| WebError::NotFound)?;
    let (wave, list) = house.reading(move |house| flow::receipts(house, &code)).await?;
    // Nobody was asked yet, so there is nothing to say.
    if wave.asks_leads() { Ok((wave, list)) } else { Err(WebError::NotFound) }
}

fn page(
    house: &House,
    wave: &Wave,
    list: Option<&[Receipt]>,
    typed: (&str, Option<ReceiptError>),
    found: Option<Found>,
) -> ReceiptsPage {
    let said = typed.1.map(|fault| match fault {
        ReceiptError::Empty => "Enter your receipt".to_owned(),
        other => format!("Your receipt {other}"),
    });
    let receipt = FieldView::text("receipt", "Your receipt")
        .hint("Its first four groups are enough, for example ba78 16bf 8f01 cfea")
        .sent(typed.0, said);
    let errors: Vec<_> = receipt.problem().into_iter().collect();
    ReceiptsPage {
        layout: frame(house, &Visitor::nobody())
            .page(form_title("Was my envelope counted?", &errors))
            .notice(wave.purpose.notice()),
        wave: wave.title.clone(),
        closes: wave.closes.in_words_with_time(),
        list: list.map(|list| ReceiptList {
            receipts: list.len(),
            file: format!("/receipts/{}/list.txt", wave.code),
            digest: hex::encode(Receipt::digest_of(list)),
            action: format!("/receipts/{}", wave.code),
        }),
        receipt,
        errors,
        found,
    }
}

pub(super) async fn show(
    path: web::Path<String>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let (wave, list) = published(&house, &path).await?;
    ok(&house, &page(&house, &wave, list.as_deref(), ("", None), None))
}

/// Says whether a receipt is in the list.
pub(super) async fn look_for(
    path: web::Path<String>,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let (wave, list) = published(&house, &path).await?;
    let typed = field(&fields, "receipt");
    let typed = typed.get(..MOST_TYPED).unwrap_or(typed);
    let list = list.ok_or(WebError::NotFound)?;
    match typed.parse::<TypedReceipt>() {
        Err(fault) => {
            let page = page(&house, &wave, Some(&list), (typed, Some(fault)), None);
            Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &page)?)
        }
        Ok(receipt) => {
            let listed = list.iter().any(|one| receipt.is(one));
            let found = Some(Found { listed, receipt: receipt.to_string() });
            ok(&house, &page(&house, &wave, Some(&list), ("", None), found))
        }
    }
}

/// All receipts, one in a line, in the order of their digits.
pub(super) async fn file(
    path: web::Path<String>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let (wave, list) = published(&house, &path).await?;
    let list = list.ok_or(WebError::NotFound)?;
    let text: String = list.iter().map(|receipt| receipt.digits() + "\n").collect();
    let name = format!("attachment; filename=\"receipts-{}.txt\"", wave.code);
    Ok(HttpResponse::Ok()
        .content_type(ContentType::plaintext())
        .insert_header((CONTENT_DISPOSITION, name))
        .body(text))
}
