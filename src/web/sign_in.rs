//! Signing in and out. Whoever has an account asks for a link by mail, which works
//! in the browser that asked; nobody learns who has one.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::flow::{self, House, SIGN_IN_MINUTES, SessionSecret};
use crate::pages::{FieldView, SignInFormPage, SignInPage, SignInSentPage, form_title};
use crate::register::{EmailAddress, EmailError};

use super::asking::{self, Wishes};
use super::contact;
use super::deputy::sent as field;
use super::error::WebError;
use super::frame::{frame, who};
use super::respondent::Fields;
use super::sent::Files;
use super::session::{Jar, TheHouse, Visitor, ok, page_response, see_other, staff_session};

/// The form that asks for a link; `needed` where another page wants a sign-in.
pub(super) fn form_page(
    house: &House,
    needed: bool,
    (typed, fault): (&str, Option<EmailError>),
) -> SignInFormPage {
    let said = fault.map(|fault| contact::email(fault, "Enter your e-mail address"));
    let email = FieldView::email("email", "Your e-mail address")
        .hint("The one that the survey office knows.")
        .autocomplete("email")
        .sent(typed, said);
    let errors: Vec<_> = email.problem().into_iter().collect();
    let heading = if needed { "Sign in to see this page" } else { "Sign in" };
    SignInFormPage {
        layout: frame(house, &Visitor::nobody()).page(form_title(heading, &errors)),
        heading: heading.to_owned(),
        email,
        errors,
        minutes: SIGN_IN_MINUTES.to_string(),
        action: "/sign-in".to_owned(),
    }
}

pub(super) async fn form(request: HttpRequest, house: TheHouse) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    if visitor.account().is_some() {
        return Ok(see_other("/results"));
    }
    ok(&house, &form_page(&house, false, ("", None)))
}

/// What this browser got when it asked for a link.
fn browser(request: &HttpRequest, house: &House) -> Option<SessionSecret> {
    Jar::Asked.value(request, house)?.parse().ok()
}

/// Sends a link if the address has an account; tells nobody whether it has.
pub(super) async fn send(
    request: HttpRequest,
    fields: Fields,
    wishes: web::Data<Wishes>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let typed = field(&fields, "email");
    let address: EmailAddress = match typed.parse() {
        Ok(address) => address,
        Err(fault) => {
            let page = form_page(&house, false, (typed, Some(fault)));
            return Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &page)?);
        }
    };
    let kept = browser(&request, &house).unwrap_or_else(|| flow::browser_secret(&house));
    let secret = kept.clone();
    let ask = move |house: &House| flow::ask_to_sign_in(house, &address, &secret);
    asking::hear(&wishes, &house, ask).await?;
    let mut response = see_other("/sign-in/sent");
    drop(response.add_cookie(&Jar::Asked.cookie(&house, kept.expose())));
    Ok(response)
}

pub(super) async fn sent(house: TheHouse) -> Result<HttpResponse, WebError> {
    let page = SignInSentPage {
        layout: frame(&house, &Visitor::nobody()).page("Look at your e-mail"),
        minutes: SIGN_IN_MINUTES.to_string(),
        again: "/sign-in".to_owned(),
    };
    ok(&house, &page)
}

fn secret(text: &str) -> Result<SessionSecret, WebError> {
    text.parse().map_err(|_| flow::FlowError::DeadSignIn.into())
}

/// Shows whose link it is. Looking uses nothing up: mail scanners look too.
pub(super) async fn link(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let link = secret(&path)?;
    let browser = browser(&request, &house);
    let found = move |house: &House| flow::person_of_link(house, &link, browser.as_ref());
    let person = house.blocking(found).await?;
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
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let link = secret(&path)?;
    let browser = browser(&request, &house);
    let asked = browser.is_some();
    let begun = move |house: &House| flow::begin_session(house, &link, browser.as_ref());
    let (session, account) = house.blocking(begun).await?;
    let to = if account.role.is_of_office() { "/office" } else { "/results" };
    let mut response = see_other(to);
    let cookie = Jar::Staff.cookie(&house, session.expose());
    // A cookie of our own making always has a form that can be sent.
    drop(response.add_cookie(&cookie));
    if asked {
        drop(response.add_cookie(&Jar::Asked.empty(&house)));
    }
    Ok(response)
}

pub(super) async fn sign_out(
    request: HttpRequest,
    files: Files,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    if let Some(session) = staff_session(&request, &house) {
        if !files.field("-form").is_some_and(|token| session.made(token)) {
            return Err(WebError::Stranger);
        }
        house.blocking(move |house| flow::end_session(house, &session)).await?;
    }
    let mut response = see_other("/");
    drop(response.add_cookie(&Jar::Staff.empty(&house)));
    Ok(response)
}
