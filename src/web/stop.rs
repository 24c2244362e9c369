//! The link at the end of each mail: no more mails from us. Looking changes
//! nothing; one press does it, and another takes it back. Mail providers press,
//! too, for readers who tell their mail program (RFC 8058), so no cookie and no
//! field is asked for.

use actix_web::{HttpResponse, web};

use crate::flow::{self, StopLink};
use crate::pages::{MessagePage, StopPage, StoppedPage};
use crate::register::EmailAddress;

use super::error::WebError;
use super::frame::frame;
use super::session::{TheHouse, Visitor, ok};

fn masked(link: &StopLink) -> Option<String> {
    link.address.as_ref().map(EmailAddress::masked)
}

pub(super) async fn ask(
    path: web::Path<String>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let token = path.into_inner();
    let action = format!("/stop/{token}");
    let link = house.blocking(move |house| flow::stop_link(house, &token)).await?;
    let page = StopPage {
        layout: frame(&house, &Visitor::nobody()).page("No more e-mails from us"),
        address: masked(&link),
        action,
    };
    ok(&house, &page)
}

pub(super) async fn stop(
    path: web::Path<String>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let token = path.into_inner();
    let again = format!("/stop/{token}/again");
    let link = house.blocking(move |house| flow::stop_mails(house, &token)).await?;
    let page = StoppedPage {
        layout: frame(&house, &Visitor::nobody()).page("We will not write to you again"),
        address: masked(&link),
        again,
    };
    ok(&house, &page)
}

pub(super) async fn start(
    path: web::Path<String>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let token = path.into_inner();
    let link = house.blocking(move |house| flow::start_mails(house, &token)).await?;
    let told = masked(&link).map_or_else(
        || "No mails go to this address from this link, so nothing was changed.".to_owned(),
        |address| format!("Mails about our surveys go to {address} as before."),
    );
    let heading = "We write to you again";
    let page = MessagePage {
        layout: frame(&house, &Visitor::nobody()).page(heading),
        heading: heading.to_owned(),
        paragraphs: vec![told, "Each of them has a link with which you can end them.".to_owned()],
        reference: None,
        link: None,
    };
    ok(&house, &page)
}
