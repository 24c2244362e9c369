//! What a lead meets: the link, the form section by section, the check, the
//! receipt, and saying no. Works without script; nothing is spent by opening.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::answer::Route;
use crate::definition::{Section, fill};
use crate::flow::{self, Cast, DeputyRefusal, FlowError, House, Visit};
use crate::invitation::{Invitation, Standing, Token};
use crate::pages::{
    DeclinePage, DeclinedPage, DonePage, Fact, Hidden, Layout, WelcomePage, paragraphs,
};
use crate::wave::State;

use super::ahead::{Ahead, Shape};
use super::check::{check_page, joined};
use super::deputy;
use super::error::WebError;
use super::frame::frame;
use super::sent::Fields;
use super::session::{Jar, TheHouse, Visitor, html_response, link, ok, see_other};
use super::walk::Lead;

pub(super) fn layout(house: &House, visit: &Visit, title: &str) -> Layout {
    frame(house, &Visitor::nobody()).page(title).notice(visit.wave.purpose.notice())
}

async fn visiting(house: &House, token: Token) -> Result<Visit, WebError> {
    Ok(house.reading(move |house| flow::visit(house, &token)).await?)
}

/// Whoever holds the cookie, while the wave takes answers.
pub(super) async fn answering(request: &HttpRequest, house: &House) -> Result<Visit, WebError> {
    let visit = visiting(house, link(request, house)?).await?;
    visit.check_open(house)?;
    Ok(visit)
}

fn token(text: &str) -> Result<Token, WebError> {
    text.parse().map_err(|_| FlowError::DeadLink.into())
}

/// The page behind the link in the mail. Changes nothing: scanners come here too.
pub(super) async fn welcome(
    path: web::Path<String>,
    house: TheHouse,
    ahead: web::Data<Ahead>,
) -> Result<HttpResponse, WebError> {
    let token = token(&path)?;
    let visit = match visiting(&house, token.clone()).await {
        Err(WebError::Flow(FlowError::Deputy(DeputyRefusal::HandedOver))) => {
            return deputy::behind_the_link(&house, token).await;
        }
        other => other?,
    };
    if visit.wave.state == State::Released {
        let Invitation { wave, unit, .. } = &visit.invitation;
        return Ok(see_other(&flow::results_href(&house, wave, unit)));
    }
    visit.check_open(&house)?;
    let shape = Shape::Welcome {
        deputy: visit.in_place_of().is_some(),
        standing: visit.invitation.standing,
    };
    let action = format!("/s/{path}");
    let own = [action.as_str(), visit.in_place_of().unwrap_or("nobody")];
    let joined = ahead.joined(&visit, shape, &own);
    if let Some(html) = joined.as_deref().filter(|_| !cfg!(debug_assertions)) {
        return Ok(html_response(StatusCode::OK, html.to_owned()));
    }
    let code = visit.wave.code.clone();
    let sealed_to = house.reading(move |house| flow::key_fingerprint(house, &code)).await?;
    let page = |visit: &Visit, [action, in_place_of]: [&str; 2]| WelcomePage {
        layout: layout(&house, visit, &visit.survey.title),
        heading: fill(&visit.survey.title, &visit.tokens()),
        group: visit.invitation.group_name.clone(),
        welcome: paragraphs(&fill(&visit.survey.texts.welcome, &visit.tokens())),
        minutes: visit.survey.minutes(),
        closes: visit.wave.closes.in_words_with_time(),
        in_place_of: shape.has_deputy().then(|| in_place_of.to_owned()),
        answered: shape.stands() == Standing::Answered,
        declined: shape.stands() == Standing::Declined,
        action: action.to_owned(),
        hidden: Vec::new(),
        deputy: (!shape.has_deputy()).then(|| format!("{action}/deputy")),
        fingerprint: Some(sealed_to.to_string()),
    };
    ahead.make(&house, &visit, shape, page)?;
    let html = house.pages.html(&page(&visit, own))?;
    debug_assert!(joined.is_none_or(|joined| joined == html), "joined wrongly");
    Ok(html_response(StatusCode::OK, html))
}

/// Where somebody goes who names a colleague, or has done so.
const DEPUTY: &str = "/answer/deputy";

/// Changes the link's secret for a cookie, and goes on where there is something to
/// answer: an address without the secret.
pub(super) async fn enter(
    path: web::Path<String>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let token = token(&path)?;
    let to = way_on(token.clone(), &house).await?;
    Ok(entered(&house, &token, &to))
}

/// The same, on to the page where a lead names a colleague.
pub(super) async fn enter_for_deputy(
    path: web::Path<String>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let token = token(&path)?;
    let entry = house.reading(move |house| flow::entry(house, &token)).await?;
    Ok(entered(&house, &entry.token, DEPUTY))
}

fn entered(house: &House, token: &Token, to: &str) -> HttpResponse {
    let mut response = see_other(to);
    drop(response.add_cookie(&Jar::Link.cookie(house, token.expose())));
    response
}

/// The field that says under which link a form was made.
const MARK: &str = "-link";

/// What a form made under this link carries.
pub(super) fn mark_of(token: &Token) -> Hidden {
    Hidden { name: MARK.to_owned(), value: token.form_mark() }
}

pub(super) fn mark(visit: &Visit) -> Vec<Hidden> {
    vec![mark_of(&visit.token)]
}

/// The link of the cookie, if the form was made under it: another may have
/// been opened in the same browser since.
pub(super) fn link_of_form(
    request: &HttpRequest,
    house: &House,
    fields: &[(String, String)],
) -> Result<Token, WebError> {
    let token = link(request, house)?;
    let marked = fields.iter().find(|(name, _)| name == MARK).map(|(_, value)| value.as_str());
    if marked == Some(token.form_mark().as_str()) { Ok(token) } else { Err(WebError::OtherLink) }
}

fn href(section: &Section) -> String {
    format!("/answer/{}", section.code)
}

/// Back to the form, for whoever holds the cookie.
pub(super) async fn resume(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    Ok(see_other(&way_on(link(&request, &house)?, &house).await?))
}

/// On to the first section that has a question without an answer.
async fn way_on(token: Token, house: &House) -> Result<String, WebError> {
    let visit = match visiting(house, token).await {
        Err(WebError::Flow(FlowError::Deputy(DeputyRefusal::HandedOver))) => {
            return Ok(DEPUTY.to_owned());
        }
        other => other?,
    };
    visit.check_open(house)?;
    let route = Route::of(&visit.survey, &visit.draft);
    let sections: Vec<&Section> =
        visit.survey.sections.iter().filter(|section| route.enters(section)).collect();
    let begun = |section: &&Section| section.items().any(|i| visit.draft.answer(i.code).is_some());
    let next = match sections.iter().rposition(begun) {
        None => 0,
        Some(at) => {
            let whole = sections
                .get(at)
                .is_some_and(|section| visit.draft.blanks(&visit.survey, section).is_empty());
            if whole { at + 1 } else { at }
        }
    };
    Ok(sections.get(next).map_or_else(|| "/answer/check".to_owned(), |section| href(section)))
}

pub(super) async fn check(
    request: HttpRequest,
    house: TheHouse,
    ahead: web::Data<Ahead>,
) -> Result<HttpResponse, WebError> {
    let visit = answering(&request, &house).await?;
    let lead = Lead { house: &house, visit: &visit };
    let rendered = || house.pages.html(&check_page(&lead));
    let html = match joined(&lead, &ahead)? {
        Some(html) => {
            debug_assert!(rendered().is_ok_and(|other| other == html), "joined wrongly");
            html
        }
        None => rendered()?,
    };
    Ok(html_response(StatusCode::OK, html))
}

/// Seals the answers. A second press of the button finds them sealed already.
pub(super) async fn send(
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let token = link_of_form(&request, &house, &fields)?;
    match flow::cast_ballot(&house, token).await? {
        Cast::Sealed(_) | Cast::Before(_) => Ok(see_other("/answer/done")),
        Cast::Unsound => Ok(see_other("/answer/check")),
    }
}

pub(super) async fn done(
    request: HttpRequest,
    house: TheHouse,
    ahead: web::Data<Ahead>,
) -> Result<HttpResponse, WebError> {
    let visit = answering(&request, &house).await?;
    if !visit.has_answered() {
        return Ok(see_other("/answer"));
    }
    let (visit, receipt) = house
        .reading(move |house| {
            let receipt = flow::receipt(house, &visit)?;
            Ok((visit, receipt))
        })
        .await?;
    let receipt = receipt.map(|receipt| receipt.to_string());
    let shape = Shape::Done { receipt: receipt.is_some() };
    let own = [receipt.as_deref().unwrap_or("none")];
    let joined = ahead.joined(&visit, shape, &own);
    if let Some(html) = joined.as_deref().filter(|_| !cfg!(debug_assertions)) {
        return Ok(html_response(StatusCode::OK, html.to_owned()));
    }
    let page = |visit: &Visit, [receipt]: [&str; 1]| DonePage {
        receipt: shape.has_receipt().then(|| receipt.to_owned()),
        receipts: format!("/receipts/{}", visit.wave.code),
        layout: layout(&house, visit, "Thank you"),
        group: visit.invitation.group_name.clone(),
        thanks: paragraphs(&fill(&visit.survey.texts.thanks, &visit.tokens())),
        closes: visit.wave.closes.in_words_with_time(),
        publishes: visit.wave.publishes.in_words(),
        facts: vec![
            Fact::new("Survey", visit.wave.title.clone()),
            Fact::new("You can replace your answers until", visit.wave.closes.in_words_with_time()),
            Fact::new("Results", visit.wave.publishes.in_words()),
        ],
        again: "/answer".to_owned(),
        network: Some("/network".to_owned()),
        leave: Some("/leave".to_owned()),
    };
    ahead.make(&house, &visit, shape, page)?;
    let html = house.pages.html(&page(&visit, own))?;
    debug_assert!(joined.is_none_or(|joined| joined == html), "joined wrongly");
    Ok(html_response(StatusCode::OK, html))
}

pub(super) async fn ask_to_decline(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visit = answering(&request, &house).await?;
    let page = DeclinePage {
        layout: layout(&house, &visit, "You do not want to answer?")
            .back("Back to the questions", "/answer"),
        group: visit.invitation.group_name.clone(),
        in_place_of: visit.in_place_of().map(str::to_owned),
        answered: visit.has_answered(),
        closes: visit.wave.closes.in_words_with_time(),
        action: "/answer/decline".to_owned(),
        hidden: mark(&visit),
    };
    ok(&house, &page)
}

pub(super) async fn decline(
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let token = link_of_form(&request, &house, &fields)?;
    house.blocking(move |house| flow::decline(house, &token)).await?;
    Ok(see_other("/answer/declined"))
}

pub(super) async fn declined(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visit = answering(&request, &house).await?;
    if visit.invitation.standing != Standing::Declined {
        return Ok(see_other("/answer"));
    }
    let page = DeclinedPage {
        layout: layout(&house, &visit, "We will not write to you again"),
        closes: visit.wave.closes.in_words_with_time(),
        again: "/answer".to_owned(),
    };
    ok(&house, &page)
}
