//! The audit trail, for the administrator of the survey office.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::flow::{self, FlowError};
use crate::pages::{Link, TrailPage, TrailRow};
use crate::trail::{self, Act, Entry};

use super::error::WebError;
use super::frame::{capital, frame};
use super::session::{TheHouse, Visitor, ok};

/// So many entries stand on a page.
const ON_A_PAGE: i64 = 100;

/// Which page.
#[derive(serde::Deserialize)]
pub(super) struct Asked {
    before: Option<i64>,
}

fn row(entry: &Entry) -> TrailRow {
    TrailRow {
        number: entry.number,
        at: entry.at.in_words_with_time(),
        who: entry.who.clone(),
        what: Act::of(&entry.act)
            .map_or_else(|| entry.act.clone(), |act| act.sentence().to_owned()),
        about: entry.about.clone(),
        detail: entry.detail.clone(),
    }
}

pub(super) async fn index(
    asked: web::Query<Asked>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let before = asked.before;
    let (entries, checked) = house
        .blocking(move |house| {
            let checked = match flow::check_trail(house) {
                Ok(entries) => Ok(entries),
                Err(FlowError::Trail(broken)) => Err(broken),
                Err(other) => return Err(other),
            };
            Ok((flow::trail_page(house, before, ON_A_PAGE)?, checked))
        })
        .await?;
    let last = entries.last().map_or(1, |entry| entry.number);
    let page = TrailPage {
        layout: frame(&house, &visitor)
            .at("/office")
            .page("Audit trail")
            .trail(vec![Link::new("Survey office", "/office")])
            .wide(),
        whole: checked
            .as_ref()
            .ok()
            .map(|entries| format!("The chain is whole: {entries} entries.")),
        broken: checked.err().map(|broken| sentence(&broken.to_string())),
        older: (last > 1)
            .then(|| Link::new("Older entries", format!("/office/trail?before={last}"))),
        newest: before.map(|_| Link::new("Newest entries", "/office/trail")),
        rows: entries.iter().map(row).collect(),
        file: "/office/trail/trail.csv".to_owned(),
    };
    ok(&house, &page)
}

fn sentence(said: &str) -> String {
    format!("{}.", capital(said))
}

/// The whole trail as a file.
pub(super) async fn file(house: TheHouse) -> Result<HttpResponse, WebError> {
    let bytes = house
        .blocking(|house| {
            trail::csv(&flow::whole_trail(house)?).map_err(|why| FlowError::Output(why.to_string()))
        })
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"audit-trail.csv\""))
        .content_type("text/csv; charset=utf-8")
        .body(bytes))
}
