//! What happened in the register, the newest first.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::flow;
use crate::id::GroupSlug;
use crate::pages::{EventView, HistoryChange, RegisterHistoryPage, SelectView};
use crate::register::{Event, NounKind, Register, Turn};
use crate::storage::DatedEvent;

use super::super::error::WebError;
use super::super::session::{TheHouse, Visitor, ok};
use super::{REGISTER, below, by};

/// The query of the history's address.
#[derive(serde::Deserialize)]
pub(in crate::web) struct Query {
    group: Option<String>,
    page: Option<String>,
}

fn event(event: &Event, register: Option<&Register>) -> EventView {
    let turn = match event.turn {
        Turn::Joined => "Joined",
        Turn::Left => "Left",
        Turn::Changed => "Changed",
        Turn::Merged => "Merged",
    };
    // On the page of a group each event is of that group.
    let group = register.and_then(|register| {
        let slug: GroupSlug = event.code.parse().ok()?;
        matches!(event.noun, NounKind::Group | NounKind::Lead).then_some(())?;
        Some((register.group(&slug).is_some(), slug))
    });
    EventView {
        turn: turn.to_owned(),
        noun: event.noun.to_string(),
        name: event.name.clone(),
        group: group.as_ref().filter(|_| event.noun == NounKind::Lead).map(|(_, s)| s.to_string()),
        detail: event.detail.clone(),
        href: group.filter(|(held, _)| *held).map(|(_, s)| format!("{REGISTER}/groups/{s}")),
    }
}

/// Events under the change that they were part of; with links if there is a register.
pub(super) fn changes(events: &[DatedEvent], register: Option<&Register>) -> Vec<HistoryChange> {
    let of_change = events.chunk_by(|one, other| one.0.number == other.0.number);
    let view = |some: &[DatedEvent]| {
        let (change, _) = some.first()?;
        Some(HistoryChange {
            about: change.about.clone(),
            by: by(change),
            events: some.iter().map(|(_, one)| event(one, register)).collect(),
        })
    };
    of_change.filter_map(view).collect()
}

pub(in crate::web) async fn show(
    request: HttpRequest,
    query: web::Query<Query>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let group: Option<GroupSlug> = query.group.as_deref().and_then(|text| text.parse().ok());
    let page: u32 = query.page.as_deref().and_then(|text| text.parse().ok()).unwrap_or(0);
    let of = group.clone();
    let (register, (events, more)) = house
        .blocking(move |house| {
            let register = house.store.read(|tx| tx.register())?;
            Ok((register, flow::register_history(house, of.as_ref(), page)?))
        })
        .await?;
    let mut groups: Vec<(String, String)> =
        register.groups.iter().map(|one| (one.slug.to_string(), one.name.clone())).collect();
    let chosen = group.as_ref().map_or("", GroupSlug::as_str);
    // A group that has left has a history, too.
    if group.as_ref().is_some_and(|slug| register.group(slug).is_none()) {
        groups.push((chosen.to_owned(), chosen.to_owned()));
    }
    groups.sort_by(|a, b| a.1.cmp(&b.1));
    groups.insert(0, (String::new(), "The whole register".to_owned()));
    let at = |page: u32| format!("{REGISTER}/history?group={chosen}&page={page}");
    let shown = RegisterHistoryPage {
        layout: below(&house, &visitor, "History of the register"),
        group: SelectView::new("group", "What happened to", groups, chosen),
        changes: changes(&events, Some(&register)),
        newer: page.checked_sub(1).map(at),
        older: more.then(|| at(page.saturating_add(1))),
    };
    ok(&house, &shown)
}
