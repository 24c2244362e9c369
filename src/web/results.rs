//! Published results: everything here is rendered from a release, and the
//! office alone sees one before it is published.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::account::Role;
use crate::flow::{self, FlowError, House};
use crate::id::{OrgCode, WaveCode};
use crate::pages::{Frame, Link, OpenWave, ReleasedWave, ResultsIndexPage, StocktakeColumn};
use crate::release::{Decided, Org, Release};
use crate::render::files::File;
use crate::render::html::{self, Around, Eyes, Order};
use crate::render::measure_file;
use crate::storage::StorageError;
use crate::wave::{State, Wave};

use super::error::WebError;
use super::frame::frame;
use super::session::{TheHouse, Visitor, ok};
use super::stocktake::nearest_to;

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
        layout: frame(&house, &visitor).at("/results").page("Results").themed(),
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

/// A release as this visitor may see it, and what lies beside it.
pub(super) struct Shown {
    pub(super) visitor: Visitor,
    pub(super) release: Release,
    stocktake: Option<StocktakeColumn>,
    past: Vec<Release>,
    decided: Vec<Decided>,
}

impl Shown {
    pub(super) fn around<'a>(&'a self, frame: &'a Frame) -> Around<'a> {
        let eyes = match self.visitor.account().map(|account| account.role) {
            Some(Role::Office) => Eyes::Office,
            Some(Role::Sha) => Eyes::Sha,
            Some(Role::Pct | Role::Lmc) | None => Eyes::Everybody,
        };
        Around {
            frame,
            stocktake: self.stocktake.as_ref(),
            past: &self.past,
            decided: &self.decided,
            eyes,
        }
    }
}

pub(super) async fn shown(
    request: &HttpRequest,
    house: &House,
    wave: &str,
) -> Result<Shown, WebError> {
    let visitor = Visitor::may(request, house, Role::sees_results).await?;
    let role = visitor.account().map(|account| account.role);
    let office = role.is_some_and(Role::sees_office);
    let code: WaveCode = wave.parse().map_err(|_| WebError::NotFound)?;
    let (release, stocktake, (past, decided)) = house
        .blocking(move |house| {
            let release = flow::release_of(house, &code, office)?;
            let beside = flow::beside_release(house, &code, &release)?;
            let stocktake = house.store.read(|tx| {
                let wave = tx.wave(&code)?.ok_or_else(|| FlowError::NoWave(code.clone()))?;
                Ok::<_, FlowError>(nearest_to(tx, &wave)?)
            })?;
            Ok((release, stocktake, beside))
        })
        .await?;
    let stocktake = stocktake.filter(|_| role.is_some_and(Role::sees_stocktake));
    Ok(Shown { visitor, release, stocktake, past, decided })
}

/// What an address asks for of the overview.
#[derive(serde::Deserialize)]
pub(super) struct Asked {
    sort: Option<String>,
    cluster: Option<String>,
}

pub(super) async fn overview(
    path: web::Path<String>,
    asked: web::Query<Asked>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let shown = shown(&request, &house, &path).await?;
    let frame = frame(&house, &shown.visitor).at("/results");
    let order = Order::asked(&shown.release, asked.sort.as_deref(), asked.cluster.as_deref());
    let files = File::ALL.map(File::name);
    let page = html::overview(&shown.release, &shown.around(&frame), &order, &files)
        .ok_or(WebError::NotFound)?;
    ok(&house, &page)
}

pub(super) async fn pct(
    path: web::Path<(String, String)>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let (wave, unit) = path.into_inner();
    let shown = shown(&request, &house, &wave).await?;
    let unit: OrgCode = unit.parse().map_err(|_| WebError::NotFound)?;
    let frame = frame(&house, &shown.visitor).at("/results");
    let page = html::pct(&shown.release, &unit, &shown.around(&frame)).ok_or(WebError::NotFound)?;
    ok(&house, &page)
}

pub(super) async fn measure(
    path: web::Path<(String, String)>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let (wave, code) = path.into_inner();
    let shown = shown(&request, &house, &wave).await?;
    let frame = frame(&house, &shown.visitor).at("/results");
    let page =
        html::measure(&shown.release, &code, &shown.around(&frame)).ok_or(WebError::NotFound)?;
    ok(&house, &page)
}

/// The rows of one measure, as its page shows them.
pub(super) async fn measure_figures(
    path: web::Path<(String, String)>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let (wave, code) = path.into_inner();
    let Shown { release, .. } = shown(&request, &house, &wave).await?;
    let file = measure_file::figures_of(&release, &code).ok_or(WebError::NotFound)?;
    let name = format!("attachment; filename=\"{}-{code}.csv\"", release.about().wave);
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .content_type(File::Figures.media_type())
        .body(file))
}

pub(super) async fn download(
    path: web::Path<(String, String)>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let (wave, file) = path.into_inner();
    let Shown { release, .. } = shown(&request, &house, &wave).await?;
    let found = File::named(&file).ok_or(WebError::NotFound)?;
    let name = format!("attachment; filename=\"{}-{file}\"", release.about().wave);
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .content_type(found.media_type())
        .body(found.bytes(&release)))
}
