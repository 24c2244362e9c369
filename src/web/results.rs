//! Published results: everything here is rendered from a release, and the
//! office alone sees one before it is published.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::account::Role;
use crate::flow::{self, FlowError, House};
use crate::id::{OrgCode, WaveCode};
use crate::pages::{Link, OpenWave, ReleasedWave, ResultsIndexPage, StocktakeColumn};
use crate::release::{Org, Release};
use crate::render::files::File;
use crate::render::html;
use crate::storage::StorageError;
use crate::wave::{State, Wave};

use super::error::WebError;
use super::frame::frame;
use super::session::{TheHouse, Visitor, ok};

fn released(wave: &Wave, release: &Release) -> ReleasedWave {
    let answered = release.root().map_or_else(String::new, |root: &Org| {
        let responded = root.responded.map_or_else(|| "few".to_owned(), |n| n.to_string());
        format!("{responded} of {}", root.invited)
    });
    ReleasedWave {
        title: wave.title.clone(),
        href: format!("/results/{}", wave.code),
        closed: wave.closes.in_words(),
        published: wave.publishes.in_words(),
        answered,
    }
}

pub(super) async fn index(request: HttpRequest, house: TheHouse) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::may(&request, &house, Role::sees_results).await?;
    let stocktake = visitor.account().is_some_and(|account| account.role.sees_stocktake());
    let (waves, days) = house
        .blocking(|house| {
            Ok(house.store.read(|tx| {
                let mut waves = Vec::new();
                for wave in tx.waves()? {
                    let release = match wave.state {
                        State::Released => tx.release(&wave.code)?.map(|(release, _)| release),
                        _ => None,
                    };
                    waves.push((wave, release));
                }
                Ok::<_, StorageError>((waves, tx.stocktake_days()?))
            })?)
        })
        .await?;
    let open = waves.iter().map(|(wave, _)| wave).find(|wave| wave.takes_answers(house.now()));
    let page = ResultsIndexPage {
        layout: frame(&house, &visitor).at("/results").page("Results"),
        waves: waves
            .iter()
            .filter_map(|(wave, release)| Some(released(wave, release.as_ref()?)))
            .collect(),
        open: open.map(|wave| OpenWave {
            title: wave.title.clone(),
            closes: wave.closes.in_words_with_time(),
        }),
        stocktakes: days
            .iter()
            .filter(|_| stocktake)
            .map(|day| Link::new(day.format("%-d %B %Y").to_string(), format!("/stocktake/{day}")))
            .collect(),
    };
    ok(&house, &page)
}

/// A release as this visitor may see it, and the stocktake nearest to it.
struct Shown {
    visitor: Visitor,
    release: Release,
    stocktake: Option<StocktakeColumn>,
}

async fn shown(request: &HttpRequest, house: &House, wave: &str) -> Result<Shown, WebError> {
    let visitor = Visitor::may(request, house, Role::sees_results).await?;
    let role = visitor.account().map(|account| account.role);
    let office = role.is_some_and(Role::sees_office);
    let code: WaveCode = wave.parse().map_err(|_| WebError::NotFound)?;
    let (release, stocktake) = house
        .blocking(move |house| {
            let release = flow::release_of(house, &code, office)?;
            let stocktake = house.store.read(|tx| {
                let wave = tx.wave(&code)?.ok_or_else(|| FlowError::NoWave(code.clone()))?;
                Ok::<_, FlowError>(flow::stocktake_beside(tx, &wave)?)
            })?;
            Ok((release, stocktake))
        })
        .await?;
    let stocktake = stocktake.filter(|_| role.is_some_and(Role::sees_stocktake));
    Ok(Shown { visitor, release, stocktake })
}

pub(super) async fn overview(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let Shown { visitor, release, stocktake } = shown(&request, &house, &path).await?;
    let frame = frame(&house, &visitor).at("/results");
    let page = html::overview(&release, &frame, stocktake.as_ref(), &File::ALL.map(File::name))
        .ok_or(WebError::NotFound)?;
    ok(&house, &page)
}

pub(super) async fn pct(
    path: web::Path<(String, String)>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let (wave, unit) = path.into_inner();
    let Shown { visitor, release, stocktake } = shown(&request, &house, &wave).await?;
    let unit: OrgCode = unit.parse().map_err(|_| WebError::NotFound)?;
    let frame = frame(&house, &visitor).at("/results");
    let page = html::pct(&release, &unit, &frame, stocktake.as_ref()).ok_or(WebError::NotFound)?;
    ok(&house, &page)
}

pub(super) async fn measure(
    path: web::Path<(String, String)>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let (wave, code) = path.into_inner();
    let Shown { visitor, release, .. } = shown(&request, &house, &wave).await?;
    let frame = frame(&house, &visitor).at("/results");
    let page = html::measure(&release, &code, &frame).ok_or(WebError::NotFound)?;
    ok(&house, &page)
}

pub(super) async fn download(
    path: web::Path<(String, String)>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let (wave, file) = path.into_inner();
    let Shown { release, stocktake, .. } = shown(&request, &house, &wave).await?;
    let found = File::named(&file).ok_or(WebError::NotFound)?;
    let bytes = found.bytes(&release, stocktake.as_ref())?;
    let name = format!("attachment; filename=\"{}-{file}\"", release.about().wave);
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .content_type(found.media_type())
        .body(bytes))
}
