//! The stocktake: what PCTs report, the light that was published and the light
//! that the rule gives.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;

use crate::flow::{stocktake_day, stocktake_href};
use crate::pages::{Link, StocktakePage, StocktakeRow};
use crate::stocktake::Return;
use crate::storage::StorageError;
use crate::wave::{State, Wave, nearest};

use super::error::WebError;
use super::frame::frame;
use super::session::{TheHouse, Visitor, ok, see_other};

pub(super) async fn newest(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let days = house.blocking(|house| Ok(house.store.read(|tx| tx.stocktake_days())?)).await?;
    if let Some(day) = days.first() {
        return Ok(see_other(&stocktake_href(*day)));
    }
    let layout = frame(&house, &visitor).at("/stocktake").page("Stocktake");
    ok(&house, &StocktakePage::none(layout))
}

pub(super) async fn of_day(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let day: NaiveDate = path.parse().map_err(|_| WebError::NotFound)?;
    let (returns, days, register, waves) = house
        .blocking(move |house| {
            Ok(house.store.read(|tx| {
                let (returns, days) = (tx.stocktake(day)?, tx.stocktake_days()?);
                Ok::<_, StorageError>((returns, days, tx.register()?, tx.waves()?))
            })?)
        })
        .await?;
    if returns.is_empty() {
        return Err(WebError::NotFound);
    }
    let released: Vec<Wave> = waves.into_iter().filter(|w| w.state == State::Released).collect();
    let experienced = nearest(day, &released);
    let row = |of: &Return| {
        let slug = &of.unit;
        let unit = register.units.iter().find(|unit| unit.slug == *slug);
        let name = unit.map_or_else(|| slug.to_string(), |unit| unit.label.clone());
        let results = experienced.map(|wave| format!("/results/{}/pct/{slug}", wave.code));
        StocktakeRow::of(of, &name, results)
    };
    let mut rows: Vec<StocktakeRow> = returns.iter().map(row).collect();
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    let others = days
        .into_iter()
        .filter(|other| *other != day)
        .map(|other| Link::new(stocktake_day(other), stocktake_href(other)))
        .collect();
    let layout = frame(&house, &visitor).at("/stocktake").page("Stocktake").wide();
    ok(&house, &StocktakePage::of(layout, &stocktake_day(day), rows, others))
}
