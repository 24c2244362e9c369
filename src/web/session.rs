//! Cookies and who is asking: a lead by the secret of a personal link, staff by
//! a session. Pages go out here, never to be kept by a cache.

use std::future::{Ready, ready};
use std::ops::Deref;
use std::sync::Arc;

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};

use crate::account::Account;
use crate::flow::{self, House, InUse, Person, SessionSecret};
use crate::invitation::Token;
use crate::pages::{Page, PageError};
use crate::trail::Actor;

use super::access;
use super::error::WebError;

/// Which of the cookies.
#[derive(Clone, Copy)]
pub(super) enum Jar {
    /// A lead's personal link.
    Link,
    /// A staff session.
    Staff,
    /// The answers of a preview.
    Preview,
    /// Opens a wave's results to a lead.
    Results,
    /// Proves that this browser asked for a sign-in link.
    Asked,
    /// What this browser keeps while it is at an identity provider.
    Errand,
}

impl Jar {
    /// Under TLS the name makes browsers insist on Secure, and except for a preview
    /// on the whole host and the path `/`.
    fn name(self, house: &House) -> &'static str {
        match (self, house.settings.over_tls()) {
            (Self::Link, true) => "__Host-soundings-link",
            (Self::Link, false) => "soundings-link",
            (Self::Staff, true) => "__Host-soundings-staff",
            (Self::Staff, false) => "soundings-staff",
            (Self::Results, true) => "__Host-soundings-results",
            (Self::Results, false) => "soundings-results",
            (Self::Asked, true) => "__Host-soundings-asked",
            (Self::Asked, false) => "soundings-asked",
            (Self::Errand, true) => "__Host-soundings-errand",
            (Self::Errand, false) => "soundings-errand",
            (Self::Preview, true) => "__Secure-soundings-preview",
            (Self::Preview, false) => "soundings-preview",
        }
    }

    /// What a browser brought in this cookie.
    pub(super) fn value(self, request: &HttpRequest, house: &House) -> Option<String> {
        Some(request.cookie(self.name(house))?.value().to_owned())
    }

    /// A cookie for this browser session.
    pub(super) fn cookie(self, house: &House, value: String) -> Cookie<'static> {
        Cookie::build(self.name(house), value)
            .path("/")
            .http_only(true)
            .same_site(match self {
                // The link is followed from a page of the reader's mail, another site; and
                // the provider that sends the browser back is one, too.
                Self::Asked | Self::Errand => SameSite::Lax,
                Self::Link | Self::Staff | Self::Preview | Self::Results => SameSite::Strict,
            })
            .secure(house.settings.over_tls())
            .finish()
    }

    /// The order to forget the cookie.
    pub(super) fn empty(self, house: &House) -> Cookie<'static> {
        let mut cookie = self.cookie(house, String::new());
        cookie.set_max_age(Duration::ZERO);
        cookie
    }
}

/// Who is asking, as far as staff are concerned.
#[derive(Clone)]
pub(super) struct Visitor(Option<(Person, SessionSecret)>);

impl Visitor {
    /// Not signed in.
    pub(super) fn nobody() -> Self {
        Self(None)
    }

    /// The account, if somebody is signed in.
    pub(super) fn account(&self) -> Option<&Account> {
        self.person().map(|person| &person.account)
    }

    /// The account with its unit's name.
    pub(super) fn person(&self) -> Option<&Person> {
        self.0.as_ref().map(|(person, _)| person)
    }

    /// Whether a second step has to be set up before anything else opens.
    pub(super) fn must_enrol(&self) -> bool {
        self.person().is_some_and(|person| person.must_enrol)
    }

    /// What every form of this session carries; nothing of nobody's.
    pub(super) fn form_token(&self) -> String {
        self.0.as_ref().map(|(_, session)| session.form_token()).unwrap_or_default()
    }

    /// Whether a form that carries this token was made for this session.
    pub(super) fn sent_from_our_form(&self, token: &str) -> bool {
        self.0.as_ref().is_some_and(|(_, session)| session.made(token))
    }

    /// Whether they may act at an address: decides what a page offers.
    pub(super) fn may_act(&self, route: &str) -> bool {
        self.account().is_some_and(|account| access::may_act(account.role, route))
    }

    /// Whether they may look at an address.
    pub(super) fn may_look(&self, route: &str) -> bool {
        self.account().is_some_and(|account| access::may_look(account.role, route))
    }

    /// Whoever sent this request.
    pub(super) async fn of(request: &HttpRequest, house: &House) -> Result<Self, WebError> {
        if let Some(found) = request.extensions().get::<Self>() {
            return Ok(found.clone());
        }
        let Some(session) = staff_session(request, house) else { return Ok(Self::nobody()) };
        let asked = session.clone();
        let found = house.reading(move |house| flow::signed_in(house, &asked)).await?;
        let Some(InUse { person, to_note }) = found else { return Ok(Self::nobody()) };
        if to_note {
            let used = session.clone();
            let noted = house.blocking(move |house| flow::touch_session(house, &used)).await;
            // The page can be shown all the same; the next one tries again.
            noted.unwrap_or_else(|why| tracing::warn!(%why, "that a session is used is not noted"));
        }
        Ok(Self(Some((person, session))))
    }
}

/// On to another page, by a page of our own: a browser that comes from another site
/// brings its cookies only to the page after that.
pub(super) fn onward<P: Page>(house: &House, page: &P, to: &str) -> Result<HttpResponse, WebError> {
    let mut response = ok(house, page)?;
    let value = header::HeaderValue::from_str(&format!("0;url={to}"));
    if let Ok(value) = value {
        response.headers_mut().insert(header::REFRESH, value);
    }
    Ok(response)
}

/// The staff session in the cookie, not yet checked.
pub(super) fn staff_session(request: &HttpRequest, house: &House) -> Option<SessionSecret> {
    request.cookie(Jar::Staff.name(house))?.value().parse().ok()
}

/// The secret of the personal link that was opened in this browser.
pub(super) fn link(request: &HttpRequest, house: &House) -> Result<Token, WebError> {
    request
        .cookie(Jar::Link.name(house))
        .and_then(|cookie| cookie.value().parse().ok())
        .ok_or(WebError::NoLink)
}

/// A page that no cache keeps.
pub(super) fn page_response<P: Page>(
    house: &House,
    status: StatusCode,
    page: &P,
) -> Result<HttpResponse, PageError> {
    Ok(html_response(status, house.pages.html(page)?))
}

/// A page as text, that no cache keeps.
pub(super) fn html_response(status: StatusCode, html: String) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .content_type("text/html; charset=utf-8")
        .body(html)
}

/// A page with status 200.
pub(super) fn ok<P: Page>(house: &House, page: &P) -> Result<HttpResponse, WebError> {
    Ok(page_response(house, StatusCode::OK, page)?)
}

/// On to another page, by GET.
pub(super) fn see_other(to: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, to))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish()
}

/// The end of a session in a browser: its cookie goes, and with it what the browser
/// keeps of pages, so that nobody who comes to it later reads them by going back.
pub(super) fn signed_out(house: &House, to: &str) -> HttpResponse {
    let mut response = see_other(to);
    // A cookie of our own making always has a form that can be sent.
    drop(response.add_cookie(&Jar::Staff.empty(house)));
    let kept = header::HeaderValue::from_static("\"cache\"");
    response.headers_mut().insert(header::HeaderName::from_static("clear-site-data"), kept);
    response
}

/// The house as handlers get it: for staff one that writes down who acts.
#[derive(Clone)]
pub(super) struct TheHouse(Arc<House>);

impl Deref for TheHouse {
    type Target = House;
    fn deref(&self) -> &House {
        &self.0
    }
}

impl FromRequest for TheHouse {
    type Error = WebError;
    type Future = Ready<Result<Self, WebError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(house) = request.app_data::<web::Data<House>>() else {
            return ready(Err(WebError::NotFound));
        };
        if !access::came_by_its_door(request) {
            return ready(Err(WebError::NotFound));
        }
        let house = Arc::clone(house);
        let acts = request.extensions().get::<Visitor>().and_then(Visitor::account).cloned();
        ready(Ok(Self(match acts {
            Some(account) => Arc::new(house.acting(Actor::Account(account.email))),
            None => house,
        })))
    }
}
