//! `/sign-in/with` and `/sign-in/back`: to an identity provider and back. The browser
//! goes by pages of our own, so that no form of ours need be allowed to lead elsewhere.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use crate::flow::{self, FlowError, House};
use crate::identity::{Answer, Errand, IdentityError, Provider, Verified};
use crate::pages::{Link, OnwardPage};

use super::asking::Wishes;
use super::error::WebError;
use super::frame::frame;
use super::session::{Jar, TheHouse, Visitor, onward};
use super::sign_in::{let_in, way_in};

/// The provider that is set, if one is, and how often it was asked.
pub(super) struct Door {
    provider: Option<Provider>,
    wishes: Wishes,
}

impl Door {
    pub(super) fn new(house: &House) -> Self {
        Self { provider: Provider::of(&house.settings), wishes: Wishes::new(&house.chance) }
    }

    /// The provider, if it was not asked too often already.
    fn provider(&self, request: &HttpRequest, house: &House) -> Result<Provider, WebError> {
        let provider = self.provider.clone().ok_or(WebError::NotFound)?;
        let among: Vec<_> = self.wishes.of_network(request).into_iter().collect();
        if self.wishes.hears(house.now(), &among) { Ok(provider) } else { Err(WebError::TooMany) }
    }
}

/// Work that waits for a provider.
async fn ask<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, IdentityError> + Send + 'static,
) -> Result<T, WebError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(FlowError::BrokenOff.into()),
    }
}

/// Sends a browser to the provider.
pub(super) async fn go(
    request: HttpRequest,
    door: web::Data<Door>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let provider = door.provider(&request, &house)?;
    let name = house.settings.oidc.as_ref().map_or("", |oidc| oidc.name.as_str());
    let errand = Errand::random(&house.chance);
    let kept = errand.expose();
    let to = ask(move || provider.begin(&errand)).await?;
    let page = OnwardPage {
        layout: frame(&house, &Visitor::nobody()).page("Sign in elsewhere"),
        heading: "Sign in elsewhere".to_owned(),
        words: format!("You are taken to {name}, which tells us your e-mail address."),
        link: Link::new("Go on", to.as_str()),
    };
    let mut response = onward(&house, &page, to.as_str())?;
    drop(response.add_cookie(&Jar::Errand.cookie(&house, kept)));
    Ok(response)
}

/// What stands behind the question mark when a browser comes back.
#[derive(Deserialize)]
pub(super) struct Query {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
    error: Option<String>,
}

impl From<Query> for Answer {
    fn from(Query { code, state, iss, error }: Query) -> Self {
        Self { code, state, issuer: iss, error }
    }
}

/// Takes a browser back that was at the provider, and begins a session.
pub(super) async fn back(
    request: HttpRequest,
    door: web::Data<Door>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let errand = Jar::Errand.value(&request, &house).and_then(|kept| kept.parse::<Errand>().ok());
    let errand = errand.ok_or(IdentityError::OtherBrowser)?;
    let provider = door.provider(&request, &house)?;
    let query = web::Query::<Query>::from_query(request.query_string());
    let query = query.map_err(|_| WebError::BadForm)?.into_inner();
    let (answer, now) = (Answer::from(query), house.now());
    let who: Verified = ask(move || provider.finish(&answer, &errand, now)).await?;
    let begun = house.blocking(move |house| flow::enter_by_provider(house, &who)).await?;
    let to = way_in(&house, &begun).await?;
    let page = OnwardPage {
        layout: frame(&house, &Visitor::nobody()).page("You are known"),
        heading: "You are known".to_owned(),
        words: "Your e-mail address has an account here.".to_owned(),
        link: Link::new("Go on", to),
    };
    let mut response = onward(&house, &page, to)?;
    let_in(&mut response, &house, &begun);
    drop(response.add_cookie(&Jar::Errand.empty(&house)));
    Ok(response)
}
