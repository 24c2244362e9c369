//! The survey office's own pages: how far each wave is. Counts only, never a
//! lead's answer, and nobody's name.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::flow::{self, House, KeyStatus, WaveStatus};
use crate::id::{UnitSlug, WaveCode};
use crate::pages::{
    Fact, KeyView, Link, MailCounts, OfficePage, OfficeWavePage, OfficeWaveRow, ToDoView,
    UnitTurnout,
};
use crate::release::print;
use crate::storage::{OutboxCounts, StandingCounts, StorageError};
use crate::wave::{State, Wave};

use super::error::WebError;
use super::frame::frame;
use super::session::{TheHouse, Visitor, ok};
use super::surveys::Looked;

fn mail(counts: OutboxCounts) -> MailCounts {
    MailCounts {
        waiting: counts.waiting.into(),
        sent: counts.sent.into(),
        failed: (counts.refused + counts.parked).into(),
    }
}

fn percent(counts: StandingCounts) -> String {
    print::percent(counts.answered.into(), counts.invited.into())
        .map_or_else(|| "–".to_owned(), |percent| format!("{percent}%"))
}

fn turnout(name: String, counts: StandingCounts) -> UnitTurnout {
    UnitTurnout {
        name,
        invited: counts.invited.into(),
        answered: counts.answered.into(),
        percent: percent(counts),
    }
}

fn shown(wave: &Wave) -> Option<String> {
    matches!(wave.state, State::Closed | State::Released).then(|| format!("/results/{}", wave.code))
}

fn row(house: &House, status: &WaveStatus) -> OfficeWaveRow {
    let wave = &status.wave;
    OfficeWaveRow {
        code: wave.code.to_string(),
        title: wave.title.clone(),
        state: wave.state.to_string(),
        open: wave.takes_answers(house.now()),
        opens: wave.opens.in_words(),
        closes: wave.closes.in_words_with_time(),
        invited: status.total.invited.into(),
        answered: status.total.answered.into(),
        percent: percent(status.total),
        href: format!("/office/waves/{}", wave.code),
        results: shown(wave),
    }
}

/// The office's other rooms, as far as they are open to the visitor.
fn rooms(visitor: &Visitor) -> Vec<Link> {
    let all = [
        ("Register", "/office/register"),
        ("Mails", "/office/mail"),
        ("Letters", "/office/letters"),
        ("Surveys: preview and paper version", "/office/surveys"),
        ("Ideas for the network", "/office/network"),
        ("Accounts", "/office/accounts"),
        ("Audit trail", "/office/trail"),
        ("Settings", "/office/settings"),
        ("Health", "/office/health"),
        ("Help", "/office/help"),
    ];
    let open = all.into_iter().filter(|(_, href)| visitor.may_look(href));
    open.map(|(label, href)| Link::new(label, href)).collect()
}

/// What was just done, in a sentence.
fn done(word: Option<&str>) -> Option<String> {
    let said = match word? {
        "created" => "The wave is made. It is a draft: nobody is asked yet.",
        "opened" => "The wave is open. Invitations go out at its opening time.",
        "dates" => "The dates are changed.",
        "cancelled" => "The wave is cancelled.",
        "rehearsed" => "The key opened a dummy envelope.",
        _ => return None,
    };
    Some(said.to_owned())
}

/// What the visitor can do with a wave now; the first is the next step.
fn acts(visitor: &Visitor, wave: &Wave, key: Option<&KeyStatus>) -> Vec<Link> {
    let names: &[(&str, &str)] = match wave.state {
        State::Draft if wave.imported => &[],
        State::Draft => &[
            ("Look through and open", "open"),
            ("Change the dates", "dates"),
            ("Cancel the wave", "cancel"),
        ],
        State::Open => &[
            ("Remind now", "mail/remind"),
            ("Close the wave", "close"),
            ("Change the dates", "dates"),
            ("Rehearse the key", "rehearse"),
            ("Cancel the wave", "cancel"),
        ],
        State::Closing(_) => &[("Go on closing", "close"), ("Rehearse the key", "rehearse")],
        State::Closed => &[("Results: build, look, publish", "release"), ("Comments", "comments")],
        State::Released => &[
            ("Results: access and notes", "release"),
            ("Comments", "comments"),
            ("Look here first", "flags"),
        ],
        State::Cancelled => &[],
    };
    let sealed = key.is_some_and(|key| key.sealed);
    names
        .iter()
        .filter(|(_, rest)| *rest != "rehearse" || sealed)
        .filter(|(_, rest)| visitor.may_look(&format!("/office/waves/{{wave}}/{rest}")))
        .map(|(label, rest)| Link::new(*label, format!("/office/waves/{}/{rest}", wave.code)))
        .collect()
}

/// What was just done.
#[derive(serde::Deserialize)]
pub(super) struct Done {
    done: Option<String>,
}

pub(super) async fn dashboard(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let (statuses, register, days, to_do) = house
        .blocking(|house| {
            let statuses = flow::wave_statuses(house)?;
            let to_do = flow::to_do(house)?;
            let (register, days) = house.store.read(|tx| {
                Ok::<_, StorageError>((tx.register()?.counts(), tx.stocktake_days()?))
            })?;
            Ok((statuses, register, days, to_do))
        })
        .await?;
    let mut queue = OutboxCounts::default();
    for WaveStatus { mails, .. } in &statuses {
        queue.waiting += mails.waiting;
        queue.sent += mails.sent;
        queue.refused += mails.refused;
        queue.parked += mails.parked;
    }
    let fact = |label: &str, number: usize| Fact::new(label, number.to_string());
    let page = OfficePage {
        layout: frame(&house, &visitor).at("/office").page("Survey office"),
        to_do: to_do
            .iter()
            .map(|one| {
                let (words, href, why) = one.said();
                ToDoView { words, href, why }
            })
            .collect(),
        rooms: rooms(&visitor),
        waves: statuses.iter().map(|status| row(&house, status)).collect(),
        mail: mail(queue),
        outbox: house.settings.shown_outbox().map(|_| "/outbox".to_owned()),
        register: vec![
            fact("Reporting units", register.units),
            fact("PCTs", register.pcts),
            fact("PBC groups", register.groups),
            fact("Leads", register.leads),
        ],
        stocktakes: days
            .iter()
            .map(|day| Link::new(day.format("%-d %B %Y").to_string(), format!("/stocktake/{day}")))
            .collect(),
    };
    ok(&house, &page)
}

fn about_key(wave: &Wave, key: &KeyStatus) -> KeyView {
    let mut facts = vec![Fact::new("Fingerprint", key.fingerprint.to_string())];
    let rehearsed = key.rehearsed_on.map(|day| day.format("%-d %B %Y").to_string());
    facts.extend(rehearsed.map(|day| Fact::new("Last opened a dummy envelope", day)));
    let is = if key.sealed { "is" } else { "was" };
    let destroyed = if key.sealed { "" } else { " What the server had of it is destroyed." };
    KeyView {
        facts,
        place: format!("The key {is} {}.{destroyed}", key.custody.in_words()),
        holders: key.custody.holders(),
        sealed: key.sealed,
        waits: key.sealed && key.custody.is_elsewhere() && wave.state != State::Open,
    }
}

fn facts(wave: &Wave) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new("Opens", wave.opens.in_words_with_time()),
        Fact::new("Closes", wave.closes.in_words_with_time()),
        Fact::new("Results", wave.publishes.in_words()),
        Fact::new("Survey definition", wave.definition.short()),
    ];
    if wave.imported {
        let how = if wave.is_draft() {
            format!("to come from a file: soundings ballots import --wave {} FILE", wave.code)
        } else {
            "imported, from paper or an older system".to_owned()
        };
        facts.push(Fact::new("Answers", how));
    }
    facts
}

/// Where more is said of a wave.
fn links(wave: &Wave, looked: &Looked) -> Vec<Link> {
    let mut links = vec![
        Link::new("Preview of the survey", looked.preview()),
        Link::new("Paper version", looked.paper()),
    ];
    if wave.has_listed_receipts() {
        links.push(Link::new("Receipts", format!("/receipts/{}", wave.code)));
    }
    if wave.is_counted() && !wave.imported {
        links.push(Link::new("Closing record", format!("/office/waves/{}/record", wave.code)));
    }
    links
}

pub(super) async fn wave(
    path: web::Path<String>,
    just: web::Query<Done>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let code: WaveCode = path.parse().map_err(|_| WebError::NotFound)?;
    let (status, register, cancelled) = house
        .blocking(move |house| {
            let status = flow::wave_status(house, &code)?;
            let cancelled = flow::cancelled(house, &code)?;
            Ok((status, house.store.read(|tx| tx.register())?, cancelled))
        })
        .await?;
    let WaveStatus { wave, total, units, morning, mails, key } = status;
    let looked = Looked::of_wave(&wave);
    let label = |slug: &UnitSlug| {
        let unit = register.units.iter().find(|unit| unit.slug == *slug);
        unit.map_or_else(|| slug.to_string(), |unit| unit.label.clone())
    };
    let mut rows: Vec<UnitTurnout> =
        units.iter().map(|(unit, counts)| turnout(label(unit), *counts)).collect();
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    let page = OfficeWavePage {
        layout: frame(&house, &visitor)
            .at("/office")
            .page(wave.title.clone())
            .notice(wave.purpose.notice())
            .back("Survey office", "/office"),
        done: done(just.done.as_deref()),
        cancelled,
        acts: acts(&visitor, &wave, key.as_ref()),
        heading: wave.title.clone(),
        code: wave.code.to_string(),
        state: wave.state.to_string(),
        open: wave.takes_answers(house.now()),
        facts: facts(&wave),
        total: turnout("All".to_owned(), total),
        units: rows,
        morning: morning.map(|day| day.format("%A %-d %B %Y").to_string()),
        mail: mail(mails),
        results: shown(&wave),
        asks: links(&wave, &looked),
        key: key.map(|key| about_key(&wave, &key)),
    };
    ok(&house, &page)
}
