//! The survey office's own pages: how far each wave is. Counts only, never a
//! lead's answer, and nobody's name.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web};

use crate::account::Role;
use crate::flow::FlowError;
use crate::id::{UnitSlug, WaveCode};
use crate::pages::{
    Fact, Link, MailCounts, OfficePage, OfficeWavePage, OfficeWaveRow, UnitTurnout,
};
use crate::release::print;
use crate::storage::{OutboxCounts, StandingCounts, StorageError, Tx};
use crate::wave::{State, Wave};

use super::error::WebError;
use super::frame::frame;
use super::session::{TheHouse, Visitor, ok};

fn mail(counts: OutboxCounts) -> MailCounts {
    MailCounts {
        waiting: counts.waiting.into(),
        sent: counts.sent.into(),
        failed: (counts.refused + counts.parked).into(),
    }
}

fn percent(answered: u32, invited: u32) -> String {
    print::percent(answered.into(), invited.into())
        .map_or_else(|| "–".to_owned(), |p| format!("{p}%"))
}

fn shown(wave: &Wave) -> Option<String> {
    matches!(wave.state, State::Closed | State::Released).then(|| format!("/results/{}", wave.code))
}

/// Invited and answered by unit: from the roster while open, from the turnout after.
fn turnout(
    tx: &mut Tx<'_>,
    wave: &Wave,
) -> Result<BTreeMap<UnitSlug, StandingCounts>, StorageError> {
    let kept = tx.turnout(&wave.code)?;
    if kept.is_empty() {
        return tx.standing_counts(&wave.code);
    }
    let mut units: BTreeMap<UnitSlug, StandingCounts> = BTreeMap::new();
    for row in kept {
        let counts = units.entry(row.unit).or_default();
        counts.invited += row.invited;
        counts.answered += row.answered;
    }
    Ok(units)
}

fn total(units: &BTreeMap<UnitSlug, StandingCounts>) -> StandingCounts {
    units.values().fold(StandingCounts::default(), |sum, counts| StandingCounts {
        invited: sum.invited + counts.invited,
        answered: sum.answered + counts.answered,
        declined: sum.declined + counts.declined,
    })
}

pub(super) async fn dashboard(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::may(&request, &house, Role::sees_office).await?;
    let (waves, queue, register, days) = house
        .blocking(|house| {
            Ok(house.store.read(|tx| {
                let mut rows = Vec::new();
                let mut queue = OutboxCounts::default();
                for wave in tx.waves()? {
                    let counts = total(&turnout(tx, &wave)?);
                    let mails = tx.outbox_counts(&wave.code)?;
                    queue.waiting += mails.waiting;
                    queue.sent += mails.sent;
                    queue.refused += mails.refused;
                    queue.parked += mails.parked;
                    rows.push((wave, counts));
                }
                Ok::<_, StorageError>((rows, queue, tx.register()?.counts(), tx.stocktake_days()?))
            })?)
        })
        .await?;
    let fact = |label: &str, number: usize| Fact::new(label, number.to_string());
    let page = OfficePage {
        layout: frame(&house, &visitor).at("/office").page("Survey office"),
        waves: waves
            .iter()
            .map(|(wave, counts)| OfficeWaveRow {
                code: wave.code.to_string(),
                title: wave.title.clone(),
                state: wave.state.to_string(),
                open: wave.takes_answers(house.now()),
                opens: wave.opens.in_words(),
                closes: wave.closes.in_words_with_time(),
                invited: counts.invited.into(),
                answered: counts.answered.into(),
                percent: percent(counts.answered, counts.invited),
                href: format!("/office/waves/{}", wave.code),
                results: shown(wave),
            })
            .collect(),
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

pub(super) async fn wave(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::may(&request, &house, Role::sees_office).await?;
    let code: WaveCode = path.parse().map_err(|_| WebError::NotFound)?;
    let (wave, units, mails, register) = house
        .blocking(move |house| {
            house.store.read(|tx| {
                let wave = tx.wave(&code)?.ok_or(FlowError::NoWave(code))?;
                let units = turnout(tx, &wave)?;
                let mails = tx.outbox_counts(&wave.code)?;
                Ok((wave, units, mails, tx.register()?))
            })
        })
        .await?;
    let row = |name: String, counts: StandingCounts| UnitTurnout {
        name,
        invited: counts.invited.into(),
        answered: counts.answered.into(),
        percent: percent(counts.answered, counts.invited),
    };
    let label = |slug: &UnitSlug| {
        let unit = register.units.iter().find(|unit| unit.slug == *slug);
        unit.map_or_else(|| slug.to_string(), |unit| unit.label.clone())
    };
    let mut rows: Vec<UnitTurnout> =
        units.iter().map(|(unit, counts)| row(label(unit), *counts)).collect();
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    let page = OfficeWavePage {
        layout: frame(&house, &visitor)
            .at("/office")
            .page(wave.title.clone())
            .notice(wave.notice())
            .back("Survey office", "/office"),
        heading: wave.title.clone(),
        code: wave.code.to_string(),
        state: wave.state.to_string(),
        open: wave.takes_answers(house.now()),
        facts: vec![
            Fact::new("Opens", wave.opens.in_words_with_time()),
            Fact::new("Closes", wave.closes.in_words_with_time()),
            Fact::new("Results", wave.publishes.in_words()),
            Fact::new("Survey definition", wave.definition.short()),
        ],
        total: row("All".to_owned(), total(&units)),
        units: rows,
        mail: mail(mails),
        results: shown(&wave),
    };
    ok(&house, &page)
}
