//! The survey office sees to the ideas for the network: mends, publishes, takes down, deletes.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::flow::{self, IdeaAct};
use crate::id::IdeaId;
use crate::network::{KeptIdea, MOST_WORDS, PublicIdea, mended};
use crate::pages::{AreaView, IdeaPage, IdeaView, Link, OfficeNetworkPage, form_title};

use super::deputy::sent;
use super::error::WebError;
use super::frame::frame;
use super::network::{IDEAS, public, text};
use super::sent::Fields;
use super::session::{TheHouse, Visitor, ok, page_response, see_other};

const DELETE: &str = "/office/network/delete";

fn href(id: &IdeaId) -> String {
    format!("/office/network/{id}")
}

fn view(kept: &KeptIdea) -> IdeaView {
    let names = if kept.named {
        "Name and group stand with the words."
    } else {
        "Only the words are shown: its writer did not ask to be named."
    };
    IdeaView {
        group: kept.idea.group().to_owned(),
        words: kept.words().to_owned(),
        original: kept.edited.as_ref().map(|_| kept.idea.words().to_owned()),
        state: if kept.published { "published" } else { "not published" }.to_owned(),
        open: kept.published,
        names: names.to_owned(),
        href: href(&kept.id),
        name: kept.idea.name().expose().to_owned(),
        email: kept.idea.email().expose().to_owned(),
        id: kept.id.to_string(),
        notice: kept.purpose.notice().map(str::to_owned),
    }
}

/// The list.
pub(super) async fn list(request: HttpRequest, house: TheHouse) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let ideas = house.blocking(|house| Ok(house.store.read(|tx| tx.network_ideas())?)).await?;
    let page = OfficeNetworkPage {
        layout: frame(&house, &visitor)
            .at("/office")
            .page("Ideas for the network")
            .back("Survey office", "/office"),
        ideas: ideas.iter().map(view).collect(),
        delete: DELETE.to_owned(),
        public: IDEAS.to_owned(),
    };
    ok(&house, &page)
}

/// Deletes an idea whose writer asks for that.
pub(super) async fn delete(fields: Fields, house: TheHouse) -> Result<HttpResponse, WebError> {
    let id: IdeaId = sent(&fields, "id").parse().map_err(|_| WebError::BadForm)?;
    house.blocking(move |house| flow::delete_idea(house, &id)).await?;
    Ok(see_other("/office/network"))
}

async fn kept(house: &TheHouse, path: &str) -> Result<KeptIdea, WebError> {
    let id: IdeaId = path.parse().map_err(|_| WebError::NotFound)?;
    Ok(house.blocking(move |house| flow::network_idea(house, &id)).await?)
}

fn page(
    house: &TheHouse,
    visitor: &Visitor,
    kept: &KeptIdea,
    typed: Option<(&str, String)>,
    done: Option<String>,
) -> IdeaPage {
    let (value, error) = typed.map_or((kept.words(), None), |(typed, error)| (typed, Some(error)));
    let words = AreaView {
        id: "words".to_owned(),
        label: "The words as they are to be read".to_owned(),
        hint: None,
        max_chars: MOST_WORDS,
        value: value.to_owned(),
        error,
    };
    let errors: Vec<_> = words.problem().into_iter().collect();
    let by = || (kept.idea.name().expose().to_owned(), kept.idea.group().to_owned());
    let read = PublicIdea { words: kept.words().to_owned(), by: kept.named.then(by) };
    let at = |act: &str| format!("{}/{act}", href(&kept.id));
    IdeaPage {
        layout: frame(house, visitor)
            .at("/office")
            .page(form_title("Idea for the network", &errors))
            .trail(vec![
                Link::new("Survey office", "/office"),
                Link::new("Ideas for the network", "/office/network"),
            ]),
        done,
        idea: view(kept),
        read: public(&read),
        words,
        errors,
        action: href(&kept.id),
        publish: (!kept.published && kept.may_be_published()).then(|| at("publish")),
        take_down: kept.published.then(|| at("take-down")),
        delete: DELETE.to_owned(),
    }
}

/// What the address says was done.
#[derive(serde::Deserialize)]
pub(super) struct Query {
    done: Option<String>,
}

/// One idea.
pub(super) async fn idea(
    path: web::Path<String>,
    query: web::Query<Query>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let kept = kept(&house, &path).await?;
    let done = match query.done.as_deref() {
        Some("saved") => Some("Saved.".to_owned()),
        Some("published") => Some("Published. Everybody can read it now.".to_owned()),
        Some("taken-down") => Some("Taken down. Nobody but the office reads it now.".to_owned()),
        _ => None,
    };
    ok(&house, &page(&house, &visitor, &kept, None, done))
}

/// Saves the words as they are to be read.
pub(super) async fn mend(
    path: web::Path<String>,
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let kept = kept(&house, &path).await?;
    let typed = sent(&fields, "words");
    match mended(typed) {
        Ok(words) => act(&house, kept.id, IdeaAct::Mend(words), "saved").await,
        Err(fault) => {
            let error = text(fault, "Write the words, or delete the idea");
            let page = page(&house, &visitor, &kept, Some((typed, error)), None);
            Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &page)?)
        }
    }
}

async fn act(
    house: &TheHouse,
    id: IdeaId,
    act: IdeaAct,
    done: &str,
) -> Result<HttpResponse, WebError> {
    house.blocking(move |house| flow::see_to_idea(house, &id, &act)).await?;
    Ok(see_other(&format!("{}?done={done}", href(&id))))
}

/// Shows an idea to everybody.
pub(super) async fn publish(
    path: web::Path<String>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let kept = kept(&house, &path).await?;
    act(&house, kept.id, IdeaAct::Publish, "published").await
}

/// Takes an idea down.
pub(super) async fn take_down(
    path: web::Path<String>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let kept = kept(&house, &path).await?;
    act(&house, kept.id, IdeaAct::TakeDown, "taken-down").await
}
