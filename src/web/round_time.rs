//! `/office/waves/{wave}/mail/{kind}/{number}`: another time for a round of mails.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{Datelike, NaiveDate};

use crate::flow::{self, FlowError, House};
use crate::ledger::{Round, RoundState};
use crate::pages::{Choice, Prompt, RoundPage, TimeView, form_title};
use crate::time::Moment;
use crate::wave::Wave;

use super::deputy::sent;
use super::error::WebError;
use super::schedule::{Named, base, layout, name, named, the_round};
use super::sent::Fields;
use super::session::{TheHouse, Visitor, ok, page_response, see_other};

/// What is typed into the fields of a time.
struct Typed {
    day: String,
    month: String,
    year: String,
    hour: u32,
}

impl Typed {
    fn of_moment(due: Moment) -> Self {
        let day = due.london_date();
        Self {
            day: day.day().to_string(),
            month: day.month().to_string(),
            year: day.year().to_string(),
            hour: due.london_hour(),
        }
    }

    fn of_fields(fields: &Fields) -> Self {
        let of = |name: &str| sent(fields, name).trim().to_owned();
        let hour = of("hour").parse().ok().filter(|hour| *hour < 24).unwrap_or(9);
        Self { day: of("day"), month: of("month"), year: of("year"), hour }
    }

    fn moment(&self) -> Option<Moment> {
        let (year, month) = (self.year.parse().ok()?, self.month.parse().ok()?);
        let day = NaiveDate::from_ymd_opt(year, month, self.day.parse().ok()?)?;
        Some(Moment::in_london(day, self.hour))
    }
}

fn hour_name(hour: u32) -> String {
    match hour {
        0 => "midnight".to_owned(),
        1..=11 => format!("{hour}am"),
        12 => "midday".to_owned(),
        _ => format!("{}pm", hour - 12),
    }
}

fn round_page(
    house: &TheHouse,
    visitor: &Visitor,
    (wave, round): (&Wave, &Round),
    typed: Typed,
    error: Option<&str>,
) -> RoundPage {
    let error = error.map(str::to_owned);
    let errors: Vec<Prompt> =
        error.iter().map(|text| Prompt { href: "#day".to_owned(), text: text.clone() }).collect();
    let heading = format!("When does the {} go?", name(round).to_lowercase());
    let due = round.due.in_words_with_time();
    RoundPage {
        layout: layout(house, visitor, wave, &form_title(&heading, &errors)),
        caption: wave.title.clone(),
        heading,
        told: match round.state {
            RoundState::Skipped => format!("It is skipped; it was planned for {due}."),
            RoundState::Planned | RoundState::Decided => format!("It is planned for {due}."),
        },
        time: TimeView {
            day: typed.day,
            month: typed.month,
            year: typed.year,
            hours: (0..24)
                .map(|hour| Choice {
                    value: hour.to_string(),
                    label: hour_name(hour),
                    chosen: hour == typed.hour,
                })
                .collect(),
            error,
        },
        errors,
        between: format!("Any hour before {}, London time.", wave.closes.in_words_with_time()),
        action: format!("{}/{}/{}", base(&wave.code), round.kind.word(), round.number),
    }
}

async fn open_round(house: &TheHouse, named: Named) -> Result<(Wave, Round), WebError> {
    let found = house.blocking(move |house| the_round(house, &named)).await?;
    if found.1.state == RoundState::Decided {
        return Err(FlowError::RoundIsOut.into());
    }
    Ok(found)
}

pub(super) async fn form(
    path: web::Path<(String, String, u16)>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let (wave, round) = open_round(&house, named(&path)?).await?;
    let typed = Typed::of_moment(round.due);
    ok(&house, &round_page(&house, &visitor, (&wave, &round), typed, None))
}

pub(super) async fn change(
    path: web::Path<(String, String, u16)>,
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let (code, kind, number) = named(&path)?;
    let (wave, round) = open_round(&house, (code.clone(), kind, number)).await?;
    let typed = Typed::of_fields(&fields);
    let error = match typed.moment() {
        None => "Enter a real day, for example 26 11 2007",
        Some(due) => {
            let change =
                move |house: &House| flow::change_round(house, (&code, kind, number), Some(due));
            match house.blocking(change).await {
                Err(FlowError::RoundTime) => "Choose a time between now and the closing",
                other => {
                    other?;
                    return Ok(see_other(&format!("{}?done=changed", base(&wave.code))));
                }
            }
        }
    };
    let page = round_page(&house, &visitor, (&wave, &round), typed, Some(error));
    Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &page)?)
}
