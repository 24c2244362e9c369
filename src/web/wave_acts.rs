//! Smaller acts on a wave: other dates, trying its key, giving it up.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::custody::{Custody, HeldKeyFault};
use crate::flow::{self, FlowError, House, WaveStatus};
use crate::id::WaveCode;
use crate::pages::{ActPage, AreaView, Fact, FieldView};
use crate::time::Moment;
use crate::trail::Act;
use crate::wave::{Dates, State, Wave, WaveRefusal};

use super::error::WebError;
use super::open_wave::{code, help, layout};
use super::sent::Files;
use super::session::{TheHouse, Visitor, ok, page_response, see_other};
use super::{given_key, second};

/// A field for a day and a time, with the browser's calendar where it has one.
pub(super) fn time_field(id: &str, label: &str) -> FieldView {
    FieldView { kind: "datetime-local".to_owned(), ..FieldView::text(id, label) }
}

/// The moment that was typed into it, or what is wrong.
pub(super) fn typed_time(text: &str) -> Result<Moment, String> {
    text.trim().parse().map_err(|_| {
        "Enter a day and a time, for example 2007-12-14T17:00 for 5pm on 14 December 2007"
            .to_owned()
    })
}

async fn status(house: &TheHouse, code: &WaveCode) -> Result<WaveStatus, WebError> {
    let of = code.clone();
    Ok(house.blocking(move |house| flow::wave_status(house, &of)).await?)
}

const TIMES: [(&str, &str); 3] = [
    ("opens", "When do answers begin?"),
    ("closes", "Until when can leads answer?"),
    ("publishes", "When are results to come out?"),
];

fn dates_page(
    house: &House,
    visitor: &Visitor,
    wave: &Wave,
    typed: [String; 3],
    errors: [Option<String>; 3],
) -> ActPage {
    let mut page = ActPage::new(
        layout(house, visitor, wave, "Change the dates"),
        &wave.title,
        "Change the dates",
    );
    let open = wave.state == State::Open;
    page.told = vec![if open {
        "The wave is open: it can close later than its leads were told, never sooner. Reminders that are planned stay as they are; look at the times of the mails afterwards.".to_owned()
    } else {
        "Nobody was asked yet, so all dates can be changed.".to_owned()
    }];
    page.links = vec![help("waves")];
    let fields = TIMES.iter().zip(typed.into_iter().zip(errors));
    let fields = fields.filter(|((id, _), _)| !(open && *id == "opens"));
    let fields = fields
        .map(|((id, label), (value, error))| {
            time_field(id, label).hint("London time.").sent(&value, error).into()
        })
        .collect();
    page.asking(fields).button("Change the dates", &format!("/office/waves/{}/dates", wave.code))
}

pub(super) async fn dates_form(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let wave = status(&house, &code(&path)?).await?.wave;
    let held = [wave.opens, wave.closes, wave.publishes].map(Moment::for_a_field);
    ok(&house, &dates_page(&house, &visitor, &wave, held, [None, None, None]))
}

pub(super) async fn change_dates(
    path: web::Path<String>,
    request: HttpRequest,
    files: Files,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let wave = status(&house, &code(&path)?).await?.wave;
    let typed = TIMES.map(|(id, _)| files.field(id).unwrap_or_default().to_owned());
    let opens = if wave.state == State::Open { Ok(wave.opens) } else { typed_time(&typed[0]) };
    let read = [opens, typed_time(&typed[1]), typed_time(&typed[2])];
    if let [Ok(opens), Ok(closes), Ok(publishes)] = read {
        let dates = Dates { opens, closes, publishes };
        let of = wave.code.clone();
        let moved = house.blocking(move |house| flow::move_dates(house, &of, dates)).await;
        return match moved {
            Ok(_) => Ok(see_other(&format!("/office/waves/{}?done=dates", wave.code))),
            Err(FlowError::Wave(
                refusal @ (WaveRefusal::Times { .. } | WaveRefusal::TooLate { .. }),
            )) => {
                let said = format!("{refusal}.");
                let page = dates_page(&house, &visitor, &wave, typed, [None, Some(said), None]);
                Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &page)?)
            }
            Err(other) => Err(other.into()),
        };
    }
    let errors = read.map(Result::err);
    let page = dates_page(&house, &visitor, &wave, typed, errors);
    Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &page)?)
}

async fn cancel_page(
    request: &HttpRequest,
    house: &TheHouse,
    code: &WaveCode,
    typed: (&str, Option<&str>),
) -> Result<ActPage, WebError> {
    let visitor = Visitor::of(request, house).await?;
    let WaveStatus { wave, total, .. } = status(house, code).await?;
    wave.clone().cancel().map_err(FlowError::from)?;
    let here = format!("/office/waves/{code}/cancel");
    let open = wave.state == State::Open;
    let (second, may) = if open {
        second::view(house, Act::WAVE_CANCELLED, code, "", &here).await?
    } else {
        (None, true)
    };
    let mut page = ActPage::new(
        layout(house, &visitor, &wave, "Cancel the wave"),
        &wave.title,
        "Cancel the wave",
    );
    page.told = if open {
        vec![
            format!(
                "{} of {} leads have answered. Their answers are deleted unread, saved answers too, the keys are destroyed, and mails that have not gone are taken back.",
                total.answered, total.invited
            ),
            "Whoever follows a link from then on reads that the survey was cancelled. No mail tells them; write to the leads yourself.".to_owned(),
        ]
    } else {
        vec!["Nobody was asked yet. The wave stays in the list as cancelled, and its code stays taken.".to_owned()]
    };
    page.warning = Some("This cannot be undone.".to_owned());
    page.second = second;
    page.grave = true;
    page.links = vec![help("waves")];
    let area = AreaView {
        id: "reason".to_owned(),
        label: "Why is it cancelled?".to_owned(),
        hint: Some("It stands in the audit trail and on the page of the wave.".to_owned()),
        max_chars: flow::MOST_REASON,
        value: typed.0.to_owned(),
        error: typed.1.map(str::to_owned),
    };
    Ok(if may { page.asking(vec![area.into()]).button("Cancel the wave", &here) } else { page })
}

pub(super) async fn cancel_form(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    ok(&house, &cancel_page(&request, &house, &code(&path)?, ("", None)).await?)
}

pub(super) async fn cancel(
    path: web::Path<String>,
    request: HttpRequest,
    files: Files,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let code = code(&path)?;
    let reason = files.field("reason").unwrap_or_default().to_owned();
    let (of, why) = (code.clone(), reason.clone());
    match house.blocking(move |house| flow::cancel_wave(house, &of, &why)).await {
        Ok(_) => Ok(see_other(&format!("/office/waves/{code}?done=cancelled"))),
        Err(FlowError::ReasonLength) => {
            let said = format!("Say why, in {} characters or fewer", flow::MOST_REASON);
            let page = cancel_page(&request, &house, &code, (&reason, Some(&said))).await?;
            Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &page)?)
        }
        Err(other) => Err(other.into()),
    }
}

async fn rehearse_page(
    request: &HttpRequest,
    house: &TheHouse,
    code: &WaveCode,
    fault: Option<&HeldKeyFault>,
) -> Result<(ActPage, Custody), WebError> {
    let visitor = Visitor::of(request, house).await?;
    let WaveStatus { wave, key, .. } = status(house, code).await?;
    let key = key.filter(|key| key.sealed).ok_or(WebError::NotFound)?;
    let mut page = ActPage::new(
        layout(house, &visitor, &wave, "Rehearse the key"),
        &wave.title,
        "Rehearse the key",
    );
    page.told = vec![
        "The key opens a dummy envelope. No answer is touched, and the key is forgotten at once."
            .to_owned(),
    ];
    page.facts = vec![
        Fact::new("The key is", key.custody.with_holders()),
        Fact::new("Fingerprint", key.fingerprint.to_string()),
        Fact::new(
            "Last opened a dummy",
            key.rehearsed_on
                .map_or_else(|| "–".to_owned(), |day| day.format("%-d %B %Y").to_string()),
        ),
    ];
    page.links = vec![help("opening")];
    let page = page
        .asking(given_key::fields(&key.custody, fault))
        .button("Rehearse", &format!("/office/waves/{code}/rehearse"));
    Ok((page, key.custody))
}

pub(super) async fn rehearse_form(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    ok(&house, &rehearse_page(&request, &house, &code(&path)?, None).await?.0)
}

pub(super) async fn rehearse(
    path: web::Path<String>,
    request: HttpRequest,
    files: Files,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let code = code(&path)?;
    let (_, custody) = rehearse_page(&request, &house, &code, None).await?;
    let of = code.clone();
    let done = match given_key::read(&custody, &files) {
        Ok(held) => house.blocking(move |house| flow::rehearse_key(house, &of, &held)).await,
        Err(fault) => Err(fault.into()),
    };
    match done {
        Ok(_) => Ok(see_other(&format!("/office/waves/{code}?done=rehearsed"))),
        Err(FlowError::HeldKey(fault)) => {
            let (page, _) = rehearse_page(&request, &house, &code, Some(&fault)).await?;
            Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &page)?)
        }
        Err(other) => Err(other.into()),
    }
}
