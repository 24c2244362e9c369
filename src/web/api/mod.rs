//! `/api/v1`: published releases for programs, to read only. Opened by a token
//! that belongs to an account, never by a cookie; shows what the account's role
//! sees on pages and nothing that is not published. Errors are problem
//! documents (RFC 9457).

mod document;

use std::sync::Arc;

use actix_web::http::{StatusCode, header};
use actix_web::web::{ServiceConfig, get, resource, to};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use crate::account::Account;
use crate::flow::{self, ApiToken, House, Published};
use crate::id::WaveCode;
use crate::release::Release;
use crate::render::json::{self as tables, Filter, Table};
use crate::wave::Showing;

use super::error::WebError;
use super::kept::{Kept, Key, Made};
use super::reader::Reader;
use super::session::TheHouse;

/// Where it begins.
pub(super) const BASE: &str = "/api/";

pub(super) fn configure(app: &mut ServiceConfig) {
    let at = |path: &str| resource(format!("/api/v1{path}")).default_service(to(only_reading));
    app.service(at("/openapi.json").route(get().to(openapi)))
        .service(at("/releases").route(get().to(releases)))
        .service(at("/releases/{wave}").route(get().to(release)))
        .service(at("/releases/{wave}/measures").route(get().to(measures)))
        .service(at("/releases/{wave}/orgs").route(get().to(orgs)))
        .service(at("/releases/{wave}/figures").route(get().to(figures)))
        .service(at("/releases/{wave}/distribution").route(get().to(distribution)))
        .service(at("/releases/{wave}/region").route(get().to(region)));
}

/// A problem document.
pub(super) fn problem(status: StatusCode, detail: &str, reference: Option<&str>) -> HttpResponse {
    let mut said = json!({
        "type": "about:blank",
        "title": status.canonical_reason().unwrap_or("Error"),
        "status": status.as_u16(),
        "detail": detail,
    });
    if let Some((said, reference)) = said.as_object_mut().zip(reference) {
        said.insert("reference".to_owned(), Value::from(reference));
    }
    let mut answer = HttpResponse::build(status);
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    if status == StatusCode::UNAUTHORIZED {
        answer.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
    }
    if status == StatusCode::METHOD_NOT_ALLOWED {
        answer.insert_header((header::ALLOW, "GET, HEAD"));
    }
    answer.content_type("application/problem+json").body(said.to_string())
}

async fn only_reading() -> Result<HttpResponse, WebError> {
    Err(WebError::OnlyReading)
}

async fn openapi(request: HttpRequest, house: TheHouse) -> Result<HttpResponse, WebError> {
    asked(&request, &[])?;
    let document = document::openapi(&house.settings.base_url);
    Ok(Made::new("application/json", document.to_string().into_bytes()).response(&request))
}

/// The account whose token this is.
pub(super) async fn caller(request: &HttpRequest, house: &House) -> Result<Account, WebError> {
    let shown = request.headers().get(header::AUTHORIZATION);
    let shown = shown.and_then(|value| value.to_str().ok()).and_then(|value| value.split_once(' '));
    let token = shown.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let token: ApiToken =
        token.and_then(|(_, token)| token.trim().parse().ok()).ok_or(WebError::NoToken)?;
    let account = house.reading(move |house| flow::account_of_token(house, &token)).await?;
    account.ok_or(WebError::NoToken)
}

/// Whom the guard let in, as a reader.
fn reader(request: &HttpRequest) -> Result<Reader, WebError> {
    let caller = request.extensions();
    caller.get::<Account>().map(Reader::staff).ok_or(WebError::NoToken)
}

/// What is asked behind the question mark; anything else than these names, or
/// one of them twice, is a mistake that is better told than passed over.
fn asked(request: &HttpRequest, names: &[&str]) -> Result<Filter, WebError> {
    let pairs = web::Query::<Vec<(String, String)>>::from_query(request.query_string());
    let pairs = pairs.map_err(|_| WebError::BadQuery("The query cannot be read.".to_owned()))?;
    let mut filter = Filter::default();
    for (name, value) in pairs.into_inner() {
        let known = names.contains(&name.as_str());
        let place = match name.as_str() {
            "org" if known => &mut filter.org,
            "measure" if known => &mut filter.measure,
            _ => return Err(WebError::BadQuery(format!("There is no parameter {name:?} here."))),
        };
        let sound = (1..=document::LONGEST_CODE).contains(&value.len())
            && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
        if !sound {
            return Err(WebError::BadQuery(format!("{value:?} is not a code.")));
        }
        if place.replace(value).is_some() {
            return Err(WebError::BadQuery(format!("The parameter {name:?} is given twice.")));
        }
    }
    Ok(filter)
}

/// The answer of this address to a reader, from memory if it was made before.
fn answer(
    request: &HttpRequest,
    reader: Reader,
    of: &[Arc<Published>],
    fill: impl FnOnce() -> Result<Value, WebError>,
) -> Result<HttpResponse, WebError> {
    let key = Key {
        address: request.uri().to_string(),
        releases: of.iter().map(|one| one.release.digest().to_owned()).collect(),
        reader,
        frame: None,
        stocktake: None,
        decided: Vec::new(),
        words: Vec::new(),
    };
    let kept = Kept::of(request);
    if let Some(made) = kept.and_then(|kept| kept.get(&key)) {
        return Ok(made.response(request));
    }
    let made = Arc::new(Made::new("application/json", fill()?.to_string().into_bytes()));
    if let Some(kept) = kept {
        kept.put(key, &made);
    }
    Ok(made.response(request))
}

fn listed(published: &Published) -> Value {
    let mut about = tables::about(&published.release);
    let at = |rest: &str| format!("/api/v1/releases/{}{rest}", published.wave.code);
    if let Some(about) = about.as_object_mut() {
        about.insert("published".to_owned(), Value::from(published.wave.publishes.to_string()));
        about.insert(
            "links".to_owned(),
            json!({
                "self": at(""), "measures": at("/measures"), "orgs": at("/orgs"),
                "figures": at("/figures"), "distribution": at("/distribution"),
                "region": at("/region"),
            }),
        );
    }
    about
}

async fn releases(request: HttpRequest, house: TheHouse) -> Result<HttpResponse, WebError> {
    let reader = reader(&request)?;
    asked(&request, &[])?;
    let published = house.reading(flow::published_releases).await?;
    answer(&request, reader, &published, || {
        let list: Vec<Value> = published.iter().map(|one| listed(one)).collect();
        Ok(json!({ "releases": list }))
    })
}

/// What somebody found who may read it.
struct Found {
    reader: Reader,
    published: Arc<Published>,
    showing: Showing,
}

impl Found {
    /// The release under the names that its reader sees.
    fn release(&self) -> Arc<Release> {
        self.reader.view(&self.published.release, self.showing)
    }

    /// The answer, from memory if it was made before.
    fn answer(
        &self,
        request: &HttpRequest,
        fill: impl FnOnce(&Release) -> Result<Value, WebError>,
    ) -> Result<HttpResponse, WebError> {
        answer(request, self.reader.clone(), &[Arc::clone(&self.published)], || {
            fill(&self.release())
        })
    }
}

/// The release of a wave, if it is published: nobody reads another one here.
async fn published(request: &HttpRequest, house: &House, wave: &str) -> Result<Found, WebError> {
    let reader = reader(request)?;
    let code: WaveCode = wave.parse().map_err(|_| WebError::NotFound)?;
    let (published, showing) = house
        .reading(move |house| {
            Ok::<_, flow::FlowError>((
                flow::published_release(house, &code)?,
                flow::showing(house, &code)?,
            ))
        })
        .await?;
    Ok(Found { reader, published, showing })
}

async fn release(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let found = published(&request, &house, &path).await?;
    asked(&request, &[])?;
    found.answer(&request, |_| Ok(listed(&found.published)))
}

/// A list of a release.
async fn list(
    (wave, name): (&str, &str),
    request: &HttpRequest,
    house: &House,
    of: impl FnOnce(&Release) -> Vec<Value>,
) -> Result<HttpResponse, WebError> {
    let found = published(request, house, wave).await?;
    asked(request, &[])?;
    found.answer(request, |release| Ok(whole(release, name, &of(release))))
}

fn whole(release: &Release, name: &str, rows: &[Value]) -> Value {
    json!({ "wave": release.about().wave, "digest": release.digest(), name: rows })
}

async fn measures(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    list((&path, "measures"), &request, &house, tables::measures).await
}

async fn orgs(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    list((&path, "orgs"), &request, &house, tables::orgs).await
}

/// Rows of a table; a node or measure that the release does not have is not found.
async fn rows(
    table: Table,
    names: &[&str],
    wave: &str,
    request: &HttpRequest,
    house: &House,
) -> Result<HttpResponse, WebError> {
    let found = published(request, house, wave).await?;
    let filter = asked(request, names)?;
    found.answer(request, |release| {
        let org = |code: &String| release.nodes().iter().any(|org| org.code.as_str() == code);
        let choice = |code: &String| release.choices().iter().any(|it| it.item.as_str() == code);
        let measure = |code: &String| release.measure(code).is_some() || choice(code);
        if !filter.org.as_ref().is_none_or(org) || !filter.measure.as_ref().is_none_or(measure) {
            return Err(WebError::NotFound);
        }
        Ok(whole(release, table.name(), &table.rows(release, &filter)))
    })
}

async fn figures(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    rows(Table::Figures, &["org", "measure"], &path, &request, &house).await
}

async fn distribution(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    rows(Table::Distribution, &["org", "measure"], &path, &request, &house).await
}

async fn region(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    rows(Table::Region, &["measure"], &path, &request, &house).await
}
