//! The survey office's own pages: how far each wave is. Counts only, never a
//! lead's answer, and nobody's name.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::custody::Custody;
use crate::flow::{self, House, KeyStatus, WaveStatus};
use crate::id::{UnitSlug, WaveCode};
use crate::pages::{
    Fact, KeyView, Link, MailCounts, OfficePage, OfficeWavePage, OfficeWaveRow, UnitTurnout,
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

pub(super) async fn dashboard(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let (statuses, register, days) = house
        .blocking(|house| {
            let statuses = flow::wave_statuses(house)?;
            let (register, days) = house.store.read(|tx| {
                Ok::<_, StorageError>((tx.register()?.counts(), tx.stocktake_days()?))
            })?;
            Ok((statuses, register, days))
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
        network: "/office/network".to_owned(),
    };
    ok(&house, &page)
}

fn about_key(wave: &Wave, key: &KeyStatus) -> KeyView {
    let command = |act: &str| match &key.custody {
        Custody::Server => format!("soundings wave {act} {}", wave.code),
        Custody::File { .. } => format!("soundings wave {act} {} --key-file FILE", wave.code),
        Custody::Shares(split) => {
            let shares = " --share FILE".repeat(split.needed().into());
            format!("soundings wave {act} {}{shares}", wave.code)
        }
    };
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
        rehearse: command("rehearse"),
        close: command("close"),
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
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let code: WaveCode = path.parse().map_err(|_| WebError::NotFound)?;
    let (status, register) = house
        .blocking(move |house| {
            let status = flow::wave_status(house, &code)?;
            Ok((status, house.store.read(|tx| tx.register())?))
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
