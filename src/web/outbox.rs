//! The mails that would have gone out, shown only where nobody else can look:
//! with the folder transport and a loopback address.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::flow::{FlowError, House};
use crate::id::MailId;
use crate::mail::{KeptMail, kept_mail, kept_mails};
use crate::pages::{OutboxMailPage, OutboxPage, OutboxRow, pieces};
use crate::time::Moment;

use super::error::WebError;
use super::frame::frame;
use super::guard::was_passed_on;
use super::session::{TheHouse, Visitor, ok};

const MOST_SHOWN: usize = 200;

fn folder(request: &HttpRequest, house: &House) -> Result<std::path::PathBuf, WebError> {
    // Behind a proxy others may be looking.
    if was_passed_on(request) {
        return Err(WebError::NotFound);
    }
    house.settings.shown_outbox().ok_or(WebError::NotFound)
}

fn unreadable(path: &std::path::Path, why: &std::io::Error) -> FlowError {
    FlowError::File { path: path.to_owned(), why: why.to_string() }
}

fn at(mail: &KeptMail) -> String {
    mail.date.parse::<Moment>().map_or_else(|_| mail.date.clone(), Moment::in_words_with_time)
}

pub(super) async fn index(request: HttpRequest, house: TheHouse) -> Result<HttpResponse, WebError> {
    let path = folder(&request, &house)?;
    let visitor = Visitor::of(&request, &house).await?;
    let (mails, total) = house
        .blocking(move |_| kept_mails(&path, MOST_SHOWN).map_err(|why| unreadable(&path, &why)))
        .await?;
    let page = OutboxPage {
        layout: frame(&house, &visitor).page("Outbox").wide(),
        not_shown: total - mails.len(),
        mails: mails
            .iter()
            .map(|mail| OutboxRow {
                href: format!("/outbox/{}", mail.id),
                to: mail.to.clone(),
                subject: mail.subject.clone(),
                at: at(mail),
            })
            .collect(),
        total,
    };
    ok(&house, &page)
}

async fn one(
    path: web::Path<String>,
    request: &HttpRequest,
    house: &House,
) -> Result<KeptMail, WebError> {
    let folder = folder(request, house)?;
    let id: MailId = path.parse().map_err(|_| WebError::NotFound)?;
    house
        .blocking(move |_| kept_mail(&folder, &id).map_err(|why| unreadable(&folder, &why)))
        .await?
        .ok_or(WebError::NotFound)
}

pub(super) async fn mail(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let mail = one(path, &request, &house).await?;
    let visitor = Visitor::of(&request, &house).await?;
    let page = OutboxMailPage {
        layout: frame(&house, &visitor).page(mail.subject.clone()).back("All mails", "/outbox"),
        at: at(&mail),
        text: pieces(&mail.text),
        html_src: mail.html.as_ref().map(|_| format!("/outbox/{}/html", mail.id)),
        from: mail.from,
        to: mail.to,
        subject: mail.subject,
    };
    ok(&house, &page)
}

/// The HTML part by itself, for a frame that allows it nothing but to be seen.
pub(super) async fn html(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let html = one(path, &request, &house).await?.html.ok_or(WebError::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox",
        ))
        .content_type("text/html; charset=utf-8")
        .body(html))
}
