//! Signing in and out. Whoever has an account asks for a link by mail, which works
//! in the browser that asked; nobody learns who has one.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use zeroize::Zeroizing;

use crate::flow::{self, Begun, House, LOCKED_MINUTES, SIGN_IN_MINUTES, SessionSecret, Tried};
use crate::pages::{
    FieldView, SignInCodePage, SignInFormPage, SignInPage, SignInSentPage, form_title,
};
use crate::register::{EmailAddress, EmailError};

use super::asking::{self, Wishes};
use super::contact;
use super::deputy::sent as field;
use super::error::WebError;
use super::frame::{frame, who};
use super::sent::Fields;
use super::sent::Files;
use super::session::{
    Jar, TheHouse, Visitor, ok, page_response, see_other, signed_out, staff_session,
};

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
        provider: house.settings.oidc.as_ref().map(|oidc| oidc.name.clone()),
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
    let mut among = vec![wishes.of_address(&address)];
    among.extend(wishes.of_network(&request));
    let kept = browser(&request, &house).unwrap_or_else(|| flow::browser_secret(&house));
    let secret = kept.clone();
    let ask = move |house: &House| flow::ask_to_sign_in(house, &address, &secret);
    asking::hear(&wishes, &house, &among, ask).await?;
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
    let begun = house.blocking(begun).await?;
    let mut response = see_other(way_in(&house, &begun).await?);
    let_in(&mut response, &house, &begun);
    if asked {
        drop(response.add_cookie(&Jar::Asked.empty(&house)));
    }
    Ok(response)
}

/// Where somebody goes who has just signed in.
pub(super) async fn way_in(house: &House, begun: &Begun) -> Result<&'static str, WebError> {
    if begun.code_wanted {
        return Ok("/sign-in/code");
    }
    let secret = begun.secret.clone();
    let found = house.reading(move |house| flow::signed_in(house, &secret)).await?;
    Ok(match found {
        Some(found) if found.person.must_enrol => "/account/second-step",
        _ if begun.account.role.is_of_office() => "/office",
        _ => "/results",
    })
}

/// Gives a browser the session that was begun.
pub(super) fn let_in(response: &mut HttpResponse, house: &House, begun: &Begun) {
    let cookie = Jar::Staff.cookie(house, begun.secret.expose());
    // A cookie of our own making always has a form that can be sent.
    drop(response.add_cookie(&cookie));
}

fn code_page(house: &House, error: Option<String>) -> SignInCodePage {
    let code = FieldView::text("code", "The six digits that your app shows")
        .hint("Or one of your recovery codes.")
        .autocomplete("one-time-code")
        .sent("", error);
    let errors: Vec<_> = code.problem().into_iter().collect();
    SignInCodePage {
        layout: frame(house, &Visitor::nobody()).page(form_title("Enter a code", &errors)),
        code,
        errors,
        action: "/sign-in/code".to_owned(),
    }
}

/// What is told of a code that opens nothing.
pub(super) fn wrong_code<T>(tried: &Tried<T>) -> (StatusCode, String) {
    match tried {
        Tried::Locked => (
            StatusCode::TOO_MANY_REQUESTS,
            format!("Too many wrong codes: wait {LOCKED_MINUTES} minutes, then try again"),
        ),
        Tried::Wrong | Tried::Right(_) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            "This code is wrong, too old, or was used before: enter the one that the app shows now"
                .to_owned(),
        ),
    }
}

/// Asks for the code of the second step.
pub(super) async fn code_form(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let Some(session) = staff_session(&request, &house) else { return Ok(see_other("/sign-in")) };
    if house.reading(move |house| flow::waits_for_code(house, &session)).await? {
        ok(&house, &code_page(&house, None))
    } else {
        Ok(see_other("/sign-in"))
    }
}

/// Opens a session that waits for a code.
pub(super) async fn code(
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let session = staff_session(&request, &house).ok_or(flow::FlowError::DeadSignIn)?;
    let typed = Zeroizing::new(field(&fields, "code").to_owned());
    let pass = move |house: &House| flow::pass_second_step(house, &session, &typed);
    match house.blocking(pass).await? {
        Tried::Right(begun) => {
            let mut response = see_other(way_in(&house, &begun).await?);
            let_in(&mut response, &house, &begun);
            Ok(response)
        }
        other => {
            let (status, said) = wrong_code(&other);
            Ok(page_response(&house, status, &code_page(&house, Some(said)))?)
        }
    }
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
    Ok(signed_out(&house, "/"))
}
