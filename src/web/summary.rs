//! What leads said: for leads by the link in the mail that told them of the results, and
//! for everybody where the office wants that.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::flow::{self, Early, FlowError};
use crate::id::{OrgCode, WaveCode};
use crate::render::html;
use crate::wave::State;

use super::error::WebError;
use super::reader::Reader;
use super::results::Shown;
use super::session::{Jar, TheHouse, Visitor};

/// Where a lead sees the results of a wave. The link is the same for all leads of a PCT;
/// it also opens the other pages of these results in this browser.
pub(super) async fn for_leads(
    path: web::Path<(String, String, String)>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let (wave, unit, proof) = path.into_inner();
    let pass = format!("{wave}/{unit}/{proof}");
    let link = flow::results_link(&house, &pass).ok_or(WebError::NotFound)?;
    let code = link.wave.clone();
    let found = house.reading(move |house| {
        let wave = house.store.read(|tx| tx.wave(&code))?;
        match wave {
            Some(wave) if wave.state != State::Released => Err(FlowError::Closed(Box::new(wave))),
            _ => flow::read_release(house, &code, Early::Nobody),
        }
    });
    let reader = Reader::leads(OrgCode::from(&link.unit));
    let shown = Shown::new(Visitor::nobody(), reader, found.await?);
    let mut response = shown.page(&request, &house, html::summary)?;
    // No header of ours can be refused.
    drop(response.add_cookie(&Jar::Results.cookie(&house, pass)));
    Ok(response)
}

/// The summary that anybody may read.
pub(super) async fn public(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let code: WaveCode = path.parse().map_err(|_| WebError::NotFound)?;
    let read = house.reading(move |house| flow::read_release(house, &code, Early::Nobody)).await?;
    if !read.showing.public_summary {
        return Err(WebError::NotFound);
    }
    let shown = Shown::new(Visitor::nobody(), Reader::anybody(), read);
    shown.page(&request, &house, html::summary)
}
