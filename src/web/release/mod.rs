//! `/office/waves/{wave}/release`: the office builds the results of a wave, reads what
//! the auditor says, and goes on from here to looking, deciding and publishing.

pub(super) mod early;
pub(super) mod publication;
pub(super) mod showing;
mod view;
mod when;

pub(super) use view::progress;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::audit::Finding;
use crate::flow::{self, FlowError, ReleaseDesk};
use crate::id::WaveCode;
use crate::pages::{Layout, Link, ReleaseDeskPage};
use crate::wave::Wave;

use super::error::WebError;
use super::frame::frame;
use super::look_as::release_base;
use super::session::{TheHouse, Visitor, ok, page_response, see_other};

/// The door behind which results are published.
const PUBLISH: &str = "/office/waves/{wave}/release/publish";

/// What is around the page of a release.
fn desk_layout(house: &TheHouse, visitor: &Visitor, wave: &Wave, title: &str) -> Layout {
    frame(house, visitor).at("/office").page(title).notice(wave.purpose.notice()).trail(vec![
        Link::new("Survey office", "/office"),
        Link::new(wave.title.clone(), format!("/office/waves/{}", wave.code)),
    ])
}

/// What is around a page below that.
fn layout(house: &TheHouse, visitor: &Visitor, wave: &Wave, title: &str) -> Layout {
    let mut layout = desk_layout(house, visitor, wave, title);
    layout.trail.push(Link::new("Release", release_base(&wave.code)));
    layout
}

fn code(path: &str) -> Result<WaveCode, WebError> {
    path.parse().map_err(|_| WebError::NotFound)
}

async fn desk(house: &TheHouse, code: &WaveCode) -> Result<ReleaseDesk, WebError> {
    let code = code.clone();
    Ok(house.blocking(move |house| flow::release_desk(house, &code)).await?)
}

/// What was just done, and what could not be, by the word behind the question mark.
#[derive(Default, serde::Deserialize)]
pub(super) struct Said {
    #[serde(default)]
    done: String,
}

impl Said {
    fn done(&self) -> Option<&'static str> {
        Some(match self.done.as_str() {
            "built" => {
                "The release is built, and the auditor found nothing. Look at it before it is published."
            }
            "planned" => "The minute is set.",
            "unplanned" => {
                "The minute is taken back: nothing is published until somebody decides it."
            }
            "published" => "The results are published.",
            "asked" => "A colleague must do it now. They find your request on this page.",
            "taken-back" => "The request is taken back.",
            "showing" => "That is how the results are shown.",
            "noted" => "The note stands above the results.",
            _ => return None,
        })
    }

    fn failed(&self) -> Option<&'static str> {
        Some(match self.done.as_str() {
            "unbuilt" => "There is no release yet: build it first.",
            "unpublished" => "A note stands beside published results, and these are not published.",
            "rebuilt" => {
                "The release was built again since you opened that page. Nothing was changed: look at it once more."
            }
            "passed" => {
                "That minute has passed. Nothing was changed: choose another, or publish now."
            }
            "second" => {
                "A colleague must ask for that first, or took the request back. Nothing was changed."
            }
            _ => return None,
        })
    }
}

fn back(code: &WaveCode, done: &str) -> HttpResponse {
    see_other(&format!("{}?done={done}", release_base(code)))
}

fn page(
    house: &TheHouse,
    visitor: &Visitor,
    desk: &ReleaseDesk,
    said: &Said,
    findings: &[Finding],
) -> ReleaseDeskPage {
    let base = release_base(&desk.wave.code);
    let publishes = visitor.may_act(PUBLISH);
    let is_out = desk.published.is_some();
    let stage = view::stage(desk, house.now());
    ReleaseDeskPage {
        layout: desk_layout(house, visitor, &desk.wave, "Release"),
        wave: desk.wave.title.clone(),
        done: said.done().map(str::to_owned),
        failed: said.failed().map(str::to_owned),
        findings: findings.iter().map(view::finding).collect(),
        state: stage.state.to_owned(),
        open: stage.open,
        told: stage.told,
        build: stage.builds.then(|| view::build(desk, &base)),
        built: desk.release.as_ref().map(|release| view::built(desk, release, &base)),
        publication: view::publication(desk, &base, publishes),
        showing: view::showing(desk),
        change_showing: publishes.then(|| format!("{base}/showing")),
        early: view::early(desk),
        change_early: publishes.then(|| format!("{base}/early")),
        notes: view::notes(desk),
        note: (is_out && publishes).then(|| format!("{base}/note")),
        help: Link::new("Help with releases", "/office/help/releases"),
    }
}

/// Where the release stands.
pub(super) async fn index(
    path: web::Path<String>,
    said: web::Query<Said>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let desk = desk(&house, &code(&path)?).await?;
    ok(&house, &page(&house, &visitor, &desk, &said, &[]))
}

/// Builds it, and shows what the auditor found if it refuses.
pub(super) async fn build(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let code = code(&path)?;
    let wave = code.clone();
    match house.blocking(move |house| flow::build_release(house, &wave)).await {
        Ok(_) => Ok(back(&code, "built")),
        Err(FlowError::Audit(findings)) => {
            let desk = desk(&house, &code).await?;
            let page = page(&house, &visitor, &desk, &Said::default(), &findings);
            Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &page)?)
        }
        Err(error) => Err(error.into()),
    }
}
