//! One PBC group: what is known of it, its leads, its history.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::flow;
use crate::id::GroupSlug;
use crate::pages::{Fact, RegisterGroupPage};
use crate::register::{EditRefusal, PbcGroup, Register};

use super::super::error::WebError;
use super::super::session::{TheHouse, Visitor, ok};
use super::history::changes;
use super::{Query, REGISTER, below, group_href, leads, number, said};

/// The group of an address.
pub(super) fn named(register: &Register, slug: &GroupSlug) -> Result<PbcGroup, WebError> {
    register.group(slug).cloned().ok_or_else(|| flow::FlowError::from(EditRefusal::NoGroup).into())
}

/// The code in an address.
pub(super) fn slug(text: &str) -> Result<GroupSlug, WebError> {
    text.parse().map_err(|_| WebError::NotFound)
}

fn facts(register: &Register, group: &PbcGroup) -> Vec<Fact> {
    let pct = register.pct(&group.pct).map_or("", |pct| pct.name.as_str());
    let unit = register.unit_of_group(&group.slug).map_or("", |unit| unit.label.as_str());
    let mut facts = vec![
        Fact::new("Code", group.slug.as_str()),
        Fact::new("PCT", format!("{} {pct}", group.pct)),
        Fact::new("Reporting unit", unit),
        Fact::new("Practices", number(group.practices)),
        Fact::new("Patients", number(group.population)),
    ];
    for (label, text) in
        [("Legal form", &group.legal_form), ("As at", &group.as_at), ("Source", &group.source)]
    {
        if !text.is_empty() {
            facts.push(Fact::new(label, text.as_str()));
        }
    }
    facts
}

pub(in crate::web) async fn show(
    path: web::Path<String>,
    request: HttpRequest,
    query: web::Query<Query>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let slug = slug(&path)?;
    let of = slug.clone();
    let (overview, (events, more)) = house
        .blocking(move |house| {
            Ok((flow::register_overview(house)?, flow::register_history(house, Some(&of), 0)?))
        })
        .await?;
    let register = &overview.register;
    let group = named(register, &slug)?;
    let (done, failed) = said(query.done.as_deref());
    let page = RegisterGroupPage {
        layout: below(&house, &visitor, &group.name),
        done,
        failed,
        name: group.name.clone(),
        facts: facts(register, &group),
        leads: leads(register, &group, &overview.unreached),
        at: group_href(&group),
        changes: changes(&events, None),
        more: more.then(|| format!("{REGISTER}/history?group={slug}")),
    };
    ok(&house, &page)
}
