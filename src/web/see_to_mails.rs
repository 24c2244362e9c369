//! `/office/mail`: where all mails stand, and what the office decides about those
//! that need somebody. Thanks are never shown by name: who gets them has answered.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::flow::{self, CountsByRound, FlowError, MailOverview, TroubledMail};
use crate::id::MailId;
use crate::ledger::{Bounce, MailState, Pause, PauseCause, PauseScope, StopCause};
use crate::letter::MailKind;
use crate::pages::{
    Link, MailCountRow, MailWaveView, OfficeMailPage, PauseView, Prompt, StoppedView, TroubleView,
    form_title,
};
use crate::register::EmailAddress;
use crate::storage::OutboxCounts;

use super::deputy::sent;
use super::error::WebError;
use super::frame::frame;
use super::sent::Fields;
use super::session::{TheHouse, Visitor, ok, page_response, see_other};

/// A number with what it counts: `1 mail`, `3 mails`.
pub(super) fn several(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// The counts of one kind and round.
pub(super) fn count_row(name: String, counts: OutboxCounts) -> MailCountRow {
    MailCountRow {
        name,
        waiting: counts.waiting,
        // What came back was sent before: each mail stands in one column.
        sent: counts.sent.saturating_sub(counts.bounced),
        refused: counts.refused,
        in_doubt: counts.parked,
        held: counts.held,
        came_back: counts.bounced,
        cancelled: counts.cancelled,
    }
}

fn plus(a: OutboxCounts, b: OutboxCounts) -> OutboxCounts {
    OutboxCounts {
        waiting: a.waiting + b.waiting,
        sent: a.sent + b.sent,
        refused: a.refused + b.refused,
        parked: a.parked + b.parked,
        held: a.held + b.held,
        cancelled: a.cancelled + b.cancelled,
        bounced: a.bounced + b.bounced,
    }
}

/// The counts by name: rounds one by one, other kinds together.
fn count_rows(counts: &CountsByRound) -> Vec<MailCountRow> {
    let name = |kind: MailKind, round: u16| match (kind, round) {
        (MailKind::Invitation, 2..) => "Invitation to a corrected address".to_owned(),
        (kind, 2..) if kind.is_round() => format!("{kind} {round}"),
        (kind, _) => kind.to_string(),
    };
    let mut rows: Vec<(String, OutboxCounts)> = Vec::new();
    for ((kind, round), counts) in counts {
        let name = name(*kind, *round);
        match rows.last_mut() {
            Some((last, sum)) if *last == name => *sum = plus(*sum, *counts),
            _ => rows.push((name, *counts)),
        }
    }
    rows.into_iter().map(|(name, counts)| count_row(name, counts)).collect()
}

/// That mails wait, and why.
pub(super) fn pause_view(pause: &Pause, heading: &str) -> PauseView {
    PauseView {
        heading: heading.to_owned(),
        reason: match pause.cause {
            PauseCause::Office => "Somebody paused them in the office.".to_owned(),
            PauseCause::Brake => {
                format!(
                    "The program stopped them, because more went than were planned: {}.",
                    pause.reason
                )
            }
        },
        since: pause.since.in_words_with_time(),
        braked: pause.cause == PauseCause::Brake,
        scope: pause.scope.key(),
        error: None,
    }
}

fn waves(overview: &MailOverview) -> Vec<MailWaveView> {
    let of_wave = overview.waves.iter().enumerate().map(|(at, (wave, counts))| {
        let scope = PauseScope::Wave(wave.code.clone());
        let pause = overview.pauses.iter().find(|pause| pause.scope == scope);
        let waiting = counts.values().any(|counts| counts.waiting > 0);
        let goes_on = pause.is_none() && (waiting || wave.state == crate::wave::State::Open);
        MailWaveView {
            title: wave.title.clone(),
            id: format!("wave-{at}"),
            href: Some(format!("/office/waves/{}/mail", wave.code)),
            counts: count_rows(counts),
            pause: pause.map(|pause| pause_view(pause, "The mails of this wave wait")),
            scope: goes_on.then(|| scope.key()),
        }
    });
    let mut all: Vec<MailWaveView> = of_wave.collect();
    if !overview.apart.is_empty() {
        all.push(MailWaveView {
            title: "Mails of no wave".to_owned(),
            id: "wave-none".to_owned(),
            href: None,
            counts: count_rows(&overview.apart),
            pause: None,
            scope: None,
        });
    }
    all
}

/// What became of a mail: a word, and why in a sentence.
pub(super) fn state_of(mail: &TroubledMail) -> (&'static str, String) {
    let said = mail.row.reason.clone();
    match (mail.row.state, &mail.row.bounce) {
        (MailState::Sent, Some((Bounce::Hard, why))) => ("came back", why.clone()),
        (MailState::Sent, Some((Bounce::Soft, why))) => {
            ("came back, perhaps for now", why.clone())
        }
        (MailState::Sent, Some((Bounce::Policy, why))) => ("not wanted there", why.clone()),
        (MailState::Parked, _) => (
            "in doubt",
            "The line to the mail server broke twice at the end, so nobody knows whether it arrived."
                .to_owned(),
        ),
        (MailState::Held, _) => (
            "held",
            format!(
                "It was due at {}, and its time passed before it could go.",
                mail.row.due.in_words_with_time()
            ),
        ),
        (MailState::Refused, _) => (
            "refused",
            said.map_or_else(
                || "The mail server gave no reason.".to_owned(),
                |said| format!("The mail server said: {said}"),
            ),
        ),
        _ => ("seen to", said.unwrap_or_default()),
    }
}

fn trouble(mail: &TroubledMail) -> TroubleView {
    let (state, reason) = state_of(mail);
    let at = |act: &str| format!("/office/mail/{}/{act}", mail.row.id);
    let kind = mail.row.kind;
    let is_ours = mail.group.is_some() && mail.wave.is_some();
    let note = if mail.stopped && mail.row.bounce.is_none() {
        Some("No mails go to this address any more: see the list below.")
    } else if is_ours && kind == MailKind::Deputy {
        Some("Only the lead can name another colleague, with their own link.")
    } else {
        None
    };
    TroubleView {
        who: match (&mail.name, &mail.address) {
            (Some(name), _) => name.expose().to_owned(),
            (None, Some(address)) => address.expose().to_owned(),
            (None, None) => "Somebody who is not known any more".to_owned(),
        },
        group: mail.group.clone(),
        address: mail.name.as_ref().and(mail.address.as_ref()).map(|one| one.expose().to_owned()),
        about: mail
            .wave
            .as_ref()
            .map_or_else(|| kind.to_string(), |wave| format!("{kind}, {}", wave.title)),
        state: state.to_owned(),
        reason,
        note: note.map(str::to_owned),
        send: mail.can_send().then(|| at("send")),
        arrived: (mail.row.state == MailState::Parked).then(|| at("arrived")),
        leave: at("leave"),
        correct: mail.can_correct.then(|| at("address")),
    }
}

fn page(house: &TheHouse, visitor: &Visitor, overview: &MailOverview) -> OfficeMailPage {
    let all = overview.pauses.iter().find(|pause| pause.scope == PauseScope::Everything);
    OfficeMailPage {
        layout: frame(house, visitor)
            .at("/office")
            .page("Mails")
            .trail(vec![Link::new("Survey office", "/office")])
            .wide(),
        done: None,
        failed: None,
        errors: Vec::new(),
        pause: all.map(|pause| pause_view(pause, "All mails wait")),
        last_hour: overview.last_hour.map(|went| match went {
            0 => "No mail went in the last hour.".to_owned(),
            1 => "1 mail went in the last hour.".to_owned(),
            went => format!("{went} mails went in the last hour."),
        }),
        waves: waves(overview),
        troubled: overview.troubled.iter().map(trouble).collect(),
        more: overview.more,
        held: match overview.held {
            0 => None,
            1 => Some("1 mail is held".to_owned()),
            held => Some(format!("{held} mails are held")),
        },
        stopped: overview
            .stopped
            .iter()
            .map(|one| StoppedView {
                address: one.address.expose().to_owned(),
                cause: match one.cause {
                    StopCause::Asked => "Its owner wants none",
                    StopCause::Bounced => "A mail came back",
                }
                .to_owned(),
                reason: one.reason.clone(),
                day: one.day.format("%-d %B %Y").to_string(),
            })
            .collect(),
    }
}

/// The query of the page's address.
#[derive(serde::Deserialize)]
pub(super) struct Query {
    done: Option<String>,
}

/// What an act has come to, as the page says it.
const DONE: [(&str, &str); 11] = [
    ("sent", "The mail goes again."),
    ("held", "The held mails go now."),
    ("arrived", "It counts as sent."),
    ("left", "It is left as it is, and not shown here any more."),
    ("again", "Mails go to that address again."),
    ("paused", "They wait until somebody resumes them."),
    ("resumed", "They go on."),
    ("corrected", "The address is corrected."),
    ("invited", "The address is corrected, and the invitation goes there now."),
    (
        "draft",
        "The address is corrected, and the invitation goes there now. Answers that were saved with the old link and not sent are deleted.",
    ),
    ("moved", "Nothing was changed: it had moved on meanwhile."),
];

pub(super) async fn index(
    request: HttpRequest,
    query: web::Query<Query>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let overview = house.blocking(flow::mail_overview).await?;
    let mut page = page(&house, &visitor, &overview);
    let word = query.done.as_deref().unwrap_or_default();
    let said = DONE.iter().find(|(known, _)| *known == word).map(|(_, said)| (*said).to_owned());
    if word == "moved" {
        page.failed = said;
    } else {
        page.done = said;
    }
    ok(&house, &page)
}

/// Back to the list, with what was done.
pub(super) fn back(done: &str) -> HttpResponse {
    see_other(&format!("/office/mail?done={done}"))
}

fn scope(fields: &Fields) -> Result<PauseScope, WebError> {
    sent(fields, "scope").parse().map_err(|_| WebError::BadForm)
}

/// A wave's own page is where its pause was pressed, or near enough.
pub(super) async fn pause(fields: Fields, house: TheHouse) -> Result<HttpResponse, WebError> {
    let scope = scope(&fields)?;
    house.blocking(move |house| flow::pause_mails(house, scope)).await?;
    Ok(back("paused"))
}

/// Lets mails go on; after the brake only for somebody who has looked into it.
pub(super) async fn resume(
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let scope = scope(&fields)?;
    let overview = house.blocking(flow::mail_overview).await?;
    let braked = overview
        .pauses
        .iter()
        .any(|pause| pause.scope == scope && pause.cause == PauseCause::Brake);
    if braked && sent(&fields, "looked") != "yes" {
        let said = "Tick the box when you have looked into it";
        let mut page = page(&house, &visitor, &overview);
        page.errors = vec![Prompt { href: "#looked".to_owned(), text: said.to_owned() }];
        page.layout.title = form_title("Mails", &page.errors);
        if let Some(pause) = &mut page.pause {
            pause.error = Some(said.to_owned());
        }
        return Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &page)?);
    }
    let resumed = house.blocking(move |house| flow::resume_mails(house, &scope)).await?;
    Ok(back(if resumed { "resumed" } else { "moved" }))
}

/// Decides on one mail.
async fn decide(
    path: web::Path<String>,
    house: TheHouse,
    done: &str,
    act: impl FnOnce(&flow::House, &MailId) -> Result<bool, FlowError> + Send + 'static,
) -> Result<HttpResponse, WebError> {
    let id: MailId = path.parse().map_err(|_| WebError::NotFound)?;
    let decided = house.blocking(move |house| act(house, &id)).await?;
    Ok(back(if decided { done } else { "moved" }))
}

pub(super) async fn send(
    path: web::Path<String>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    decide(path, house, "sent", flow::send_again).await
}

pub(super) async fn arrived(
    path: web::Path<String>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    decide(path, house, "arrived", flow::mail_arrived).await
}

pub(super) async fn leave(
    path: web::Path<String>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    decide(path, house, "left", flow::leave_mail).await
}

pub(super) async fn send_held(house: TheHouse) -> Result<HttpResponse, WebError> {
    let sent = house.blocking(flow::send_held).await?;
    Ok(back(if sent > 0 { "held" } else { "moved" }))
}

pub(super) async fn write_again(fields: Fields, house: TheHouse) -> Result<HttpResponse, WebError> {
    let address: EmailAddress = sent(&fields, "address").parse().map_err(|_| WebError::BadForm)?;
    let again = house.blocking(move |house| flow::write_again(house, &address)).await?;
    Ok(back(if again { "again" } else { "moved" }))
}
