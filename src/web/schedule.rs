//! `/office/waves/{wave}/mail`: when the mails of a wave go and how many get them;
//! the office moves a round, skips it, cancels the rest of it, or reminds now.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::flow::{self, FlowError, House, RoundStatus};
use crate::id::WaveCode;
use crate::ledger::{Pause, PauseScope, Round, RoundState, schedule};
use crate::letter::MailKind;
use crate::pages::{Layout, Link, RoundView, SchedulePage};
use crate::time::Moment;
use crate::wave::{State, Wave};

use super::error::WebError;
use super::frame::frame;
use super::see_to_mails::{count_row, pause_view, several};
use super::session::{TheHouse, Visitor, ok, page_response, see_other};

pub(super) fn base(code: &WaveCode) -> String {
    format!("/office/waves/{code}/mail")
}

pub(super) fn code(text: &str) -> Result<WaveCode, WebError> {
    text.parse().map_err(|_| WebError::NotFound)
}

pub(super) fn name(round: &Round) -> String {
    match round.number {
        1 => round.kind.to_string(),
        number => format!("{} {number}", round.kind),
    }
}

/// What is around a page about one round of a wave's mails.
pub(super) fn layout(house: &House, visitor: &Visitor, wave: &Wave, title: &str) -> Layout {
    frame(house, visitor).at("/office").page(title).notice(wave.purpose.notice()).trail(vec![
        Link::new("Survey office", "/office"),
        Link::new(wave.title.clone(), format!("/office/waves/{}", wave.code)),
        Link::new("Mails", base(&wave.code)),
    ])
}

pub(super) fn leads(number: u32) -> String {
    several(usize::try_from(number).unwrap_or(usize::MAX), "lead")
}

fn view(wave: &Wave, status: &RoundStatus, now: Moment) -> RoundView {
    let RoundStatus { round, counts, would_get } = status;
    let at =
        |rest: &str| format!("{}/{}/{}{rest}", base(&wave.code), round.kind.word(), round.number);
    let asks = wave.check_asks(now).is_ok();
    let planned = round.state == RoundState::Planned;
    let skipped = round.state == RoundState::Skipped;
    let change = |label: &str| Link::new(label, at(""));
    RoundView {
        name: name(round),
        due: round.due.in_words_with_time(),
        state: match round.state {
            RoundState::Planned => "planned",
            RoundState::Skipped => "skipped",
            RoundState::Decided if counts.waiting > 0 => "going out",
            RoundState::Decided => "done",
        }
        .to_owned(),
        open: planned,
        told: match round.state {
            RoundState::Planned => {
                format!("If it went now, {} would get it.", leads(*would_get))
            }
            RoundState::Skipped => "It does not go.".to_owned(),
            RoundState::Decided if round.kind == MailKind::Results => {
                format!("{} were to get it.", several(count(round.planned), "reader"))
            }
            RoundState::Decided => format!("{} were to get it.", leads(round.planned)),
        },
        counts: (round.state == RoundState::Decided).then(|| count_row(name(round), *counts)),
        change: match round.state {
            RoundState::Planned if asks => Some(change("Change the time")),
            RoundState::Skipped if asks => Some(change("Plan it for another time")),
            _ => None,
        },
        skip: (planned && asks).then(|| at("/skip")),
        again: (skipped && asks && round.due > now).then(|| at("/again")),
        cancel: (round.state == RoundState::Decided && counts.waiting + counts.held > 0)
            .then(|| at("/cancel")),
    }
}

fn count(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// What is to be planned when a draft opens.
fn to_be_planned(wave: &Wave) -> Vec<RoundView> {
    let view = |(kind, due): (MailKind, Moment)| RoundView {
        name: kind.to_string(),
        due: due.in_words_with_time(),
        state: "when the wave is opened".to_owned(),
        open: false,
        told: "Who gets it is decided when it goes.".to_owned(),
        counts: None,
        change: None,
        skip: None,
        again: None,
        cancel: None,
    };
    schedule(wave).into_iter().map(view).collect()
}

/// Where the mails of a wave stand.
struct Stand {
    wave: Wave,
    rounds: Vec<RoundStatus>,
    pauses: Vec<Pause>,
}

async fn stand(house: &TheHouse, code: WaveCode) -> Result<Stand, WebError> {
    let read = move |house: &House| {
        let rounds = flow::round_statuses(house, &code)?;
        let status = flow::wave_status(house, &code)?;
        let pauses = house.store.read(|tx| tx.pauses())?;
        Ok(Stand { wave: status.wave, rounds, pauses })
    };
    Ok(house.blocking(read).await?)
}

fn page(house: &TheHouse, visitor: &Visitor, stand: &Stand) -> SchedulePage {
    let Stand { wave, rounds, pauses } = stand;
    let now = house.now();
    let scope = PauseScope::Wave(wave.code.clone());
    let own = pauses.iter().find(|pause| pause.scope == scope);
    let all_wait = pauses.iter().any(|pause| pause.scope == PauseScope::Everything);
    let announced = rounds.iter().any(|status| status.round.kind == MailKind::Results);
    let asks = wave.check_asks(now).is_ok();
    SchedulePage {
        layout: frame(house, visitor)
            .at("/office")
            .page("Mails")
            .notice(wave.purpose.notice())
            .trail(vec![
                Link::new("Survey office", "/office"),
                Link::new(wave.title.clone(), format!("/office/waves/{}", wave.code)),
            ])
            .wide(),
        caption: wave.title.clone(),
        done: None,
        failed: None,
        all_wait: all_wait.then(|| "All mails wait.".to_owned()),
        pause: own.map(|pause| pause_view(pause, "The mails of this wave wait")),
        scope: (own.is_none() && wave.state == State::Open).then(|| scope.key()),
        rounds: match wave.state {
            State::Draft => to_be_planned(wave),
            _ => rounds.iter().map(|status| view(wave, status, now)).collect(),
        },
        results: (!announced).then(|| {
            format!(
                "The mail about the results goes to leads, PCTs and the SHA when they are published, on {} or later.",
                wave.publishes.in_words()
            )
        }),
        remind: asks.then(|| format!("{}/remind", base(&wave.code))),
        letters: format!("/office/waves/{}/letters", wave.code),
    }
}

/// The query of the page's address.
#[derive(serde::Deserialize)]
pub(super) struct Query {
    done: Option<String>,
}

const DONE: [(&str, &str); 5] = [
    ("changed", "The round goes at its new time."),
    ("skipped", "The round is skipped."),
    ("again", "The round is planned again."),
    ("cancelled", "Whatever had not gone is cancelled."),
    ("reminded", "The reminders go out now."),
];

pub(super) async fn index(
    path: web::Path<String>,
    request: HttpRequest,
    query: web::Query<Query>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let stand = stand(&house, code(&path)?).await?;
    let mut page = page(&house, &visitor, &stand);
    let word = query.done.as_deref().unwrap_or_default();
    page.done = DONE.iter().find(|(known, _)| *known == word).map(|(_, said)| (*said).to_owned());
    ok(&house, &page)
}

/// A round as an address names it.
pub(super) type Named = (WaveCode, MailKind, u16);

pub(super) fn named(path: &web::Path<(String, String, u16)>) -> Result<Named, WebError> {
    let (wave, kind, number) = path.as_ref();
    Ok((code(wave)?, kind.parse().map_err(|_| WebError::NotFound)?, *number))
}

/// Does something with a round. What cannot be done any more is told on the page.
async fn change(
    path: web::Path<(String, String, u16)>,
    request: HttpRequest,
    house: TheHouse,
    done: &str,
    act: impl FnOnce(&House, &Named) -> Result<(), FlowError> + Send + 'static,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let round = named(&path)?;
    let wave = round.0.clone();
    let changed = house.blocking(move |house| act(house, &round)).await;
    let failed = match changed {
        Ok(()) => return Ok(see_other(&format!("{}?done={done}", base(&wave)))),
        Err(FlowError::RoundIsOut) => "That round is out, or there is no such round.",
        Err(FlowError::RoundTime) => "Its time has passed. Choose another one.",
        Err(other) => return Err(other.into()),
    };
    let stand = stand(&house, wave).await?;
    let mut page = page(&house, &visitor, &stand);
    page.failed = Some(failed.to_owned());
    Ok(page_response(&house, StatusCode::CONFLICT, &page)?)
}

pub(super) async fn skip(
    path: web::Path<(String, String, u16)>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let act = |house: &House, (wave, kind, number): &Named| {
        flow::change_round(house, (wave, *kind, *number), None)
    };
    change(path, request, house, "skipped", act).await
}

pub(super) async fn again(
    path: web::Path<(String, String, u16)>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let act = |house: &House, named: &Named| {
        let due = the_round(house, named)?.1.due;
        let (wave, kind, number) = named;
        flow::change_round(house, (wave, *kind, *number), Some(due))
    };
    change(path, request, house, "again", act).await
}

pub(super) async fn cancel(
    path: web::Path<(String, String, u16)>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let act = |house: &House, named: &Named| {
        the_round(house, named)?;
        let (wave, kind, number) = named;
        flow::cancel_round(house, (wave, *kind, *number)).map(|_| ())
    };
    change(path, request, house, "cancelled", act).await
}

/// A round and its wave.
pub(super) fn the_round(
    house: &House,
    (code, kind, number): &Named,
) -> Result<(Wave, Round), FlowError> {
    let wave = flow::wave_status(house, code)?.wave;
    let rounds = flow::round_statuses(house, code)?.into_iter().map(|status| status.round);
    let mut rounds = rounds.filter(|round| (round.kind, round.number) == (*kind, *number));
    Ok((wave, rounds.next().ok_or(FlowError::RoundIsOut)?))
}
