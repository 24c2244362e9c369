//! The stocktake: what PCTs report, the light that was published and the light
//! that the rule gives.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;

use crate::account::Role;
use crate::pages::{Link, StocktakeColumn, StocktakePage, StocktakeRow};
use crate::stocktake::Return;
use crate::storage::{StorageError, Tx};
use crate::wave::{State, Wave, nearest};

use super::error::WebError;
use super::frame::frame;
use super::session::{TheHouse, Visitor, ok, see_other};

fn in_words(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

fn href(day: NaiveDate) -> String {
    format!("/stocktake/{day}")
}

/// The stocktake nearest to a wave, at most a quarter away, for the result pages.
pub(super) fn nearest_to(
    tx: &mut Tx<'_>,
    wave: &Wave,
) -> Result<Option<StocktakeColumn>, StorageError> {
    let (first, last) = (wave.opens.london_date(), wave.closes.london_date());
    let far = |day: &NaiveDate| (*day - (*day).clamp(first, last)).num_days().abs();
    let nearest = tx.stocktake_days()?.into_iter().min_by_key(far).filter(|day| far(day) <= 92);
    let Some(day) = nearest else { return Ok(None) };
    Ok(Some(StocktakeColumn::of(&in_words(day), &href(day), &tx.stocktake(day)?)))
}

pub(super) async fn newest(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::may(&request, &house, Role::sees_stocktake).await?;
    let days = house.blocking(|house| Ok(house.store.read(|tx| tx.stocktake_days())?)).await?;
    if let Some(day) = days.first() {
        return Ok(see_other(&href(*day)));
    }
    let layout = frame(&house, &visitor).at("/stocktake").page("Stocktake");
    ok(&house, &StocktakePage::none(layout))
}

pub(super) async fn of_day(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::may(&request, &house, Role::sees_stocktake).await?;
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
        .map(|other| Link::new(in_words(other), href(other)))
        .collect();
    let layout = frame(&house, &visitor).at("/stocktake").page("Stocktake").wide();
    ok(&house, &StocktakePage::of(layout, &in_words(day), rows, others))
}
