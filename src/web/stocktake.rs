//! The stocktake: what PCTs report, the light that was published and the light
//! that the rule gives.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;

use crate::account::Role;
use crate::flow::House;
use crate::pages::{
    ClaimView, LightView, Link, StocktakeColumn, StocktakePage, StocktakeRow, UnitStocktake,
};
use crate::stocktake::{Claim, Colour, Return, light};
use crate::storage::{StorageError, Tx};
use crate::wave::{State, Wave};

use super::error::WebError;
use super::frame::frame;
use super::session::{TheHouse, Visitor, ok, see_other};

/// Label, item, and where a return says it.
type Milestone = (&'static str, &'static str, fn(&Return) -> Claim);

/// The milestones in the table's order, with the item by which leads experience each.
const MILESTONES: [Milestone; 5] = [
    ("Incentive scheme agreed", "MS_INC", |row| row.incentive),
    ("Information agreed", "MS_INF", |row| row.information),
    ("Governance agreed", "MS_GOV", |row| row.governance),
    ("Budget signed off", "MS_BUD", |row| row.budget),
    ("Plans signed off", "MS_PLN", |row| row.plans),
];

fn claims(row: &Return) -> Vec<ClaimView> {
    MILESTONES
        .iter()
        .map(|(label, item, claim)| match claim(row) {
            Claim::Yes => ClaimView::yes(label, item),
            Claim::No => ClaimView::no(label, item),
            Claim::Part(percent) => ClaimView::part(label, item, &format!("{}%", percent.get())),
            Claim::Blank => ClaimView::not_stated(label, item),
        })
        .collect()
}

fn colour(colour: Colour) -> LightView {
    match colour {
        Colour::Green => LightView::green(),
        Colour::Amber => LightView::amber(),
        Colour::Red => LightView::red(),
        Colour::NoReturn => LightView::no_return(),
    }
}

/// The light shown for a return: as published, else as the rule gives it.
fn shown(row: &Return) -> LightView {
    colour(row.published.map_or_else(|| light(row).light, Colour::from))
}

fn in_words(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// The stocktake nearest to a wave, at most a quarter away, for the result pages.
pub(super) fn nearest_to(
    tx: &mut Tx<'_>,
    wave: &Wave,
) -> Result<Option<StocktakeColumn>, StorageError> {
    let (first, last) = (wave.opens.london_date(), wave.closes.london_date());
    let far = |day: &NaiveDate| (*day - (*day).clamp(first, last)).num_days().abs();
    let nearest = tx.stocktake_days()?.into_iter().min_by_key(far).filter(|d| far(d) <= 92);
    let Some(as_at) = nearest else { return Ok(None) };
    let returns = tx.stocktake(as_at)?;
    let one = |row: &Return| UnitStocktake { light: shown(row), claims: claims(row) };
    let units = returns.iter().map(|row| (row.unit.to_string(), one(row))).collect();
    Ok(Some(StocktakeColumn { date: in_words(as_at), href: format!("/stocktake/{as_at}"), units }))
}

pub(super) async fn newest(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::may(&request, &house, Role::sees_stocktake).await?;
    let days = house.blocking(|house| Ok(house.store.read(|tx| tx.stocktake_days())?)).await?;
    match days.first() {
        Some(day) => Ok(see_other(&format!("/stocktake/{day}"))),
        None => ok(&house, &page(&house, &visitor, None, Vec::new(), &[])),
    }
}

pub(super) async fn of_day(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::may(&request, &house, Role::sees_stocktake).await?;
    let day: NaiveDate = path.parse().map_err(|_| WebError::NotFound)?;
    let (rows, days) = house
        .blocking(move |house| {
            Ok(house.store.read(|tx| {
                let returns = tx.stocktake(day)?;
                let register = tx.register()?;
                let newest = tx.waves()?.into_iter().find(|wave| wave.state == State::Released);
                let rows = returns.iter().map(|row| {
                    let unit = register.units.iter().find(|unit| unit.slug == row.unit);
                    let name = unit.map_or_else(|| row.unit.to_string(), |u| u.label.clone());
                    let code = newest.as_ref().map(|wave| &wave.code);
                    let href = code.map(|wave| format!("/results/{wave}/pct/{}", row.unit));
                    self::row(row, name, href)
                });
                let mut rows: Vec<StocktakeRow> = rows.collect();
                rows.sort_by(|a, b| a.name.cmp(&b.name));
                Ok::<_, StorageError>((rows, tx.stocktake_days()?))
            })?)
        })
        .await?;
    if rows.is_empty() {
        return Err(WebError::NotFound);
    }
    ok(&house, &page(&house, &visitor, Some(day), rows, &days))
}

fn row(row: &Return, name: String, href: Option<String>) -> StocktakeRow {
    let computed = light(row);
    let published = row.published.map(Colour::from);
    StocktakeRow {
        name,
        href,
        claims: claims(row),
        published: published.map(colour),
        computed: colour(computed.light),
        differs: published.is_some_and(|published| published != computed.light),
        basis: computed.basis.words().to_owned(),
        incomplete: computed.incomplete,
    }
}

fn page(
    house: &House,
    visitor: &Visitor,
    day: Option<NaiveDate>,
    rows: Vec<StocktakeRow>,
    days: &[NaiveDate],
) -> StocktakePage {
    let published = rows.iter().filter(|row| row.published.is_some()).count();
    let same = rows.iter().filter(|row| row.published.is_some() && !row.differs).count();
    let agreement = match published {
        0 => "No light was published with this stocktake.".to_owned(),
        all if all == same => format!("The published rule gives all {all} published lights."),
        all => format!("The published rule gives {same} of the {all} published lights."),
    };
    StocktakePage {
        layout: frame(house, visitor).at("/stocktake").page("Stocktake").wide(),
        date: day.map(in_words),
        heads: MILESTONES.iter().map(|(label, ..)| (*label).to_owned()).collect(),
        rows,
        agreement,
        others: days
            .iter()
            .filter(|other| Some(**other) != day)
            .map(|other| Link::new(in_words(*other), format!("/stocktake/{other}")))
            .collect(),
    }
}
