//! Comments go out, are read beside the results, and are taken down again.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::disclosure::FEWEST_COMMENTS;
use crate::flow::{self, CommentDesk};
use crate::moderation::{Going, HeldBack, PublishedComments, PublishedQuestion, Told};
use crate::pages::{
    GoingView, Hidden, Link, OwnWordsPage, PublishCommentsPage, SaidOnQuestion,
    TakeDownCommentsPage,
};
use crate::wave::State;

use super::comments::{Reader, trail};
use super::deputy::sent;
use super::error::WebError;
use super::frame::frame;
use super::results::shown;
use super::sent::Fields;
use super::session::{TheHouse, ok, see_other};

/// The field that says what the confirming page showed.
const CONFIRMED: &str = "-confirmed";

fn comments(number: usize) -> String {
    if number == 1 { "1 comment".to_owned() } else { format!("{number} comments") }
}

/// What stays back and why, in a sentence; empty if nothing does.
fn stays(held: HeldBack) -> String {
    let parts: Vec<String> = [
        (held.unread, "not read"),
        (held.waiting, "waiting for a second reader"),
        (held.withheld, "kept back by a reader"),
        (held.unquoted, "not to be quoted"),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, why)| format!("{number} {why}"))
    .collect();
    if parts.is_empty() { String::new() } else { format!(" Held back: {}.", parts.join(", ")) }
}

fn going_view(going: &Going) -> GoingView {
    let safe: Vec<String> =
        going.safe.iter().flat_map(|safe| safe.iter().map(str::to_owned)).collect();
    let given = going.given;
    let told = match (given, &going.safe) {
        (0, _) => "Nobody wrote anything here.".to_owned(),
        (_, None) => format!(
            "Nothing goes out: {given} wrote something here, and at least {FEWEST_COMMENTS} are needed for anything to be shown."
        ),
        (_, Some(_)) => format!("{} of {given} go out.{}", safe.len(), stays(going.held)),
    };
    let theme = |(theme, told): &(crate::moderation::Theme, Told)| {
        let told = match told {
            Told::Count(with) => format!("told, {with} of {given}"),
            Told::TooFew => "not told: too few have it, or too few do not".to_owned(),
            Told::NotYet => "not told: not every comment here is read".to_owned(),
        };
        format!("Theme {}: {told}", theme.words)
    };
    let themes =
        if safe.is_empty() { Vec::new() } else { going.themes.iter().map(theme).collect() };
    GoingView { wording: going.question.wording.clone(), told: vec![told], comments: safe, themes }
}

fn not_now(desk: &CommentDesk, ready: &PublishedComments) -> Option<String> {
    if desk.published.is_some() {
        Some(
            "Comments of this wave are published. To publish others, take them down first."
                .to_owned(),
        )
    } else if desk.wave.state != State::Released {
        Some("Comments are shown beside the results, never before them. The results of this wave are not published yet. This is what would go out if they were:".to_owned())
    } else if ready.is_empty() {
        Some("Nothing is ready to go out. Comments go out when they are read, and only on questions on which ten people or more wrote something.".to_owned())
    } else {
        None
    }
}

/// Says what goes out and what stays back, before it does.
pub(super) async fn ask(request: HttpRequest, house: TheHouse) -> Result<HttpResponse, WebError> {
    let reader = Reader::of(&request, &house).await?;
    let desk = reader.desk(&house).await?;
    let ready = desk.ready();
    let page = PublishCommentsPage {
        layout: frame(&house, &reader.visitor)
            .at("/office")
            .page("Publish comments?")
            .notice(desk.wave.purpose.notice())
            .trail(trail(&desk, &reader.base())),
        caption: desk.wave.title.clone(),
        questions: desk.going.iter().map(going_view).collect(),
        number: comments(ready.count()),
        not_now: not_now(&desk, &ready),
        action: format!("{}/publish", reader.base()),
        hidden: vec![Hidden { name: CONFIRMED.to_owned(), value: ready.mark() }],
    };
    ok(&house, &page)
}

/// Publishes exactly what was confirmed.
pub(super) async fn publish(
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let reader = Reader::of(&request, &house).await?;
    let (code, confirmed) = (reader.code.clone(), sent(&fields, CONFIRMED).to_owned());
    house.blocking(move |house| flow::publish_comments(house, &code, &confirmed)).await?;
    Ok(see_other(&format!("{}?done=published", reader.base())))
}

/// Asks before comments are taken down.
pub(super) async fn ask_to_take_down(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let reader = Reader::of(&request, &house).await?;
    let desk = reader.desk(&house).await?;
    let page = TakeDownCommentsPage {
        layout: frame(&house, &reader.visitor)
            .at("/office")
            .page("Take the comments down?")
            .notice(desk.wave.purpose.notice())
            .trail(trail(&desk, &reader.base())),
        caption: desk.wave.title.clone(),
        number: desk.published.as_ref().map(|published| comments(published.count())),
        action: format!("{}/take-down", reader.base()),
    };
    ok(&house, &page)
}

/// Takes comments down.
pub(super) async fn take_down(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let reader = Reader::of(&request, &house).await?;
    let code = reader.code.clone();
    house.blocking(move |house| flow::take_down_comments(house, &code)).await?;
    Ok(see_other(&format!("{}?done=taken-down", reader.base())))
}

fn said(question: &PublishedQuestion) -> SaidOnQuestion {
    let number = question.comments.len();
    let are = if number == 1 { "is" } else { "are" };
    let shown = comments(number);
    SaidOnQuestion {
        wording: question.wording.clone(),
        told: format!("{} people wrote something here; {shown} {are} shown.", question.given),
        comments: question.comments.clone(),
        themes: question
            .themes
            .iter()
            .map(|theme| format!("{}: {} of {}", theme.words, theme.with, question.given))
            .collect(),
    }
}

/// In their own words: for whoever may see the results of the wave, once they are out.
pub(super) async fn own_words(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let shown = shown(&request, &house, &path).await?;
    if !shown.is_published() {
        return Err(WebError::NotFound);
    }
    let about = shown.release().about();
    let code = about.wave.clone();
    let published = house.reading(move |house| flow::published_comments(house, &code)).await?;
    let mut trail = shown.all_results();
    trail.push(Link::new(about.wave_title.clone(), format!("/results/{}", about.wave)));
    let page = OwnWordsPage {
        layout: shown
            .frame(&house)
            .page("In their own words")
            .notice(about.purpose.notice())
            .trail(trail)
            .themed(),
        wave: about.wave_title.clone(),
        region: shown.release().root().map_or_else(String::new, |root| root.name.clone()),
        questions: published.questions.iter().map(said).collect(),
    };
    ok(&house, &page)
}
