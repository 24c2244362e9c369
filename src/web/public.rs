//! Pages for everybody: the front page, and signing in and out.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::flow::{self, SessionSecret};
use crate::pages::{HomePage, SignInNeededPage, SignInPage};

use super::error::WebError;
use super::frame::{frame, who};
use super::session::{Jar, TheHouse, Visitor, ok, see_other, staff_session};

pub(super) async fn home(request: HttpRequest, house: TheHouse) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let settings = &house.settings;
    let page = HomePage {
        layout: frame(&house, &visitor).page("How practice-based commissioning is really going"),
        region: settings.region.name.clone(),
        smallest: settings.k.to_string(),
        smallest_groups: settings.min_groups.to_string(),
        results: visitor.account().map(|_| "/results".to_owned()),
    };
    ok(&house, &page)
}

pub(super) async fn sign_in_needed(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    if visitor.account().is_some() {
        return Ok(see_other("/results"));
    }
    let layout = frame(&house, &visitor).page("Sign in");
    ok(&house, &SignInNeededPage { layout })
}

fn secret(text: &str) -> Result<SessionSecret, WebError> {
    text.parse().map_err(|_| flow::FlowError::DeadSignIn.into())
}

/// Shows whose link it is. Looking uses nothing up: mail scanners look too.
pub(super) async fn sign_in(
    path: web::Path<String>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let link = secret(&path)?;
    let person = house.blocking(move |house| flow::person_of_link(house, &link)).await?;
    let page = SignInPage {
        layout: frame(&house, &Visitor::nobody()).page("Sign in"),
        who: who(&person),
        action: format!("/sign-in/{path}"),
        hidden: Vec::new(),
    };
    ok(&house, &page)
}

pub(super) async fn begin(
    path: web::Path<String>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let link = secret(&path)?;
    let (session, account) = house.blocking(move |house| flow::begin_session(house, &link)).await?;
    let to = if account.role.sees_office() { "/office" } else { "/results" };
    let mut response = see_other(to);
    let cookie = Jar::Staff.cookie(&house, session.expose());
    // A cookie of our own making always has a form that can be sent.
    drop(response.add_cookie(&cookie));
    Ok(response)
}

pub(super) async fn sign_out(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    if let Some(session) = staff_session(&request, &house) {
        house.blocking(move |house| flow::end_session(house, &session)).await?;
    }
    let mut response = see_other("/");
    drop(response.add_cookie(&Jar::Staff.empty(&house)));
    Ok(response)
}
