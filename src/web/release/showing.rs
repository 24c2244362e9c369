//! How results are shown, and what the office says beside them.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::flow::{self, ReleaseDesk};
use crate::pages::{AreaView, Choice, NotePage, ShowingPage, form_title};
use crate::wave::Peers;

use super::super::deputy::sent;
use super::super::error::WebError;
use super::super::look_as::release_base;
use super::super::sent::Fields;
use super::super::session::{TheHouse, Visitor, ok, page_response};
use super::{back, code, desk, layout};

fn showing_page(house: &TheHouse, visitor: &Visitor, desk: &ReleaseDesk) -> ShowingPage {
    let base = release_base(&desk.wave.code);
    let choice = |value: &str, label: &str, chosen: bool| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        chosen,
    };
    let (peers, public) = (desk.showing.peers, desk.showing.public_summary);
    let published = desk.published.is_some();
    let stays = match peers {
        Peers::Named => "They see names.",
        Peers::Coded => "They see letters.",
    };
    let address = format!("{}/summary/{}", house.settings.base_url, desk.wave.code);
    let from = if published { "From now on" } else { "From publication on" };
    ShowingPage {
        layout: layout(house, visitor, &desk.wave, "How the results are shown"),
        wave: desk.wave.title.clone(),
        peers: vec![
            choice("named", "By name", peers == Peers::Named),
            choice("coded", "By a letter that is another in each wave", peers == Peers::Coded),
        ],
        stays: published
            .then(|| format!("{stays} The results are published, so that cannot be changed.")),
        summary: vec![choice("off", "No", !public), choice("on", "Yes", public)],
        summary_hint: format!(
            "{from} anybody can read it at {address} without signing in, the press too. It has figures of the region and no PCT. Switched off again it is gone from there, but not from where people copied it."
        ),
        look: desk.release.as_ref().map(|_| format!("{base}/as/everybody/summary")),
        action: format!("{base}/showing"),
    }
}

/// The form about how results are shown.
pub(in crate::web) async fn form(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let desk = desk(&house, &code(&path)?).await?;
    ok(&house, &showing_page(&house, &visitor, &desk))
}

/// Keeps it.
pub(in crate::web) async fn keep(
    path: web::Path<String>,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let code = code(&path)?;
    let peers = match sent(&fields, "peers") {
        "" => None,
        word => Some(word.parse::<Peers>().map_err(|_| WebError::BadForm)?),
    };
    let public = match sent(&fields, "summary") {
        "" => None,
        "on" => Some(true),
        "off" => Some(false),
        _ => return Err(WebError::BadForm),
    };
    let wave = code.clone();
    house.blocking(move |house| flow::set_showing(house, &wave, peers, public)).await?;
    Ok(back(&code, "showing"))
}

/// A page about a note: to write it, or to confirm it.
fn note_page(
    house: &TheHouse,
    visitor: &Visitor,
    desk: &ReleaseDesk,
    words: &str,
    (confirm, error): (bool, Option<String>),
) -> NotePage {
    let words = AreaView {
        id: "words".to_owned(),
        label: "The note, in one paragraph".to_owned(),
        hint: None,
        max_chars: flow::MOST_WORDS,
        value: words.to_owned(),
        error,
    };
    let errors: Vec<_> = words.problem().into_iter().collect();
    let title = if confirm {
        "Put this note above the results?".to_owned()
    } else {
        form_title("Say something beside the results", &errors)
    };
    let action = format!("{}/note", release_base(&desk.wave.code));
    NotePage {
        layout: layout(house, visitor, &desk.wave, &title),
        wave: desk.wave.title.clone(),
        errors,
        words,
        confirm,
        again: action.clone(),
        action,
    }
}

/// The form for a note.
pub(in crate::web) async fn note_form(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let code = code(&path)?;
    let desk = desk(&house, &code).await?;
    if desk.published.is_none() {
        return Ok(back(&code, "unpublished"));
    }
    ok(&house, &note_page(&house, &visitor, &desk, "", (false, None)))
}

/// Shows a note as it will stand, and keeps it when that was confirmed.
pub(in crate::web) async fn note(
    path: web::Path<String>,
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let code = code(&path)?;
    let desk = desk(&house, &code).await?;
    if desk.published.is_none() {
        return Ok(back(&code, "unpublished"));
    }
    let typed = sent(&fields, "words");
    let words = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let fault = match words.chars().count() {
        0 => Some("Write the note".to_owned()),
        long if long > flow::MOST_WORDS => {
            Some(format!("Shorten the note to {} characters; it has {long}", flow::MOST_WORDS))
        }
        _ => None,
    };
    if fault.is_some() {
        let page = note_page(&house, &visitor, &desk, typed, (false, fault));
        return Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &page)?);
    }
    match sent(&fields, "sure") {
        "yes" => {
            let wave = code.clone();
            house.blocking(move |house| flow::note_release(house, &wave, &words)).await?;
            Ok(back(&code, "noted"))
        }
        "no" => ok(&house, &note_page(&house, &visitor, &desk, &words, (false, None))),
        _ => ok(&house, &note_page(&house, &visitor, &desk, &words, (true, None))),
    }
}
