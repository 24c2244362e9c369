//! Two PBC groups become one: into which, what that will do, and the doing.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::id::GroupSlug;
use crate::pages::{Hidden, MergePage, RegisterConfirmPage, SelectView};
use crate::register::{Edit, Lead, PbcGroup, Register};

use super::super::deputy::sent;
use super::super::error::WebError;
use super::super::see_to_mails::several;
use super::super::sent::Fields;
use super::super::session::{TheHouse, Visitor, ok};
use super::edit::{SEEN, held, make, seen};
use super::group::{named, slug};
use super::{REGISTER, back, below, group_href};

/// The query of the page for merging.
#[derive(serde::Deserialize)]
pub(in crate::web) struct Into {
    into: Option<String>,
}

pub(in crate::web) async fn ask(
    path: web::Path<String>,
    query: web::Query<Into>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let register = held(&house).await?;
    let group = named(&register, &slug(&path)?)?;
    let into = query.into.as_deref().and_then(|text| text.parse().ok());
    let into: Option<PbcGroup> = into.and_then(|slug| register.group(&slug).cloned());
    match into.filter(|into| into.slug != group.slug) {
        Some(into) => ok(&house, &merge_page(&house, &visitor, &register, &group, &into)),
        None => ok(&house, &into_page(&house, &visitor, &register, &group)),
    }
}

/// Asks into which group one goes: those of its own PCT first.
fn into_page(
    house: &TheHouse,
    visitor: &Visitor,
    register: &Register,
    group: &PbcGroup,
) -> MergePage {
    let mut others: Vec<&PbcGroup> =
        register.groups.iter().filter(|other| other.slug != group.slug).collect();
    others.sort_by_key(|other| (other.pct != group.pct, other.name.clone()));
    let label = |other: &PbcGroup| {
        let pct = register.pct(&other.pct).map_or("", |pct| pct.short_name.as_str());
        format!("{} ({pct})", other.name)
    };
    let options = others.into_iter().map(|other| (other.slug.to_string(), label(other))).collect();
    MergePage {
        layout: below(house, visitor, &format!("Merge {}", group.name)),
        name: group.name.clone(),
        into: SelectView::new("into", "Into which PBC group does it go?", options, ""),
        action: format!("{}/merge", group_href(group)),
        cancel: group_href(group),
    }
}

/// What merging will do.
fn merge_page(
    house: &TheHouse,
    visitor: &Visitor,
    register: &Register,
    group: &PbcGroup,
    into: &PbcGroup,
) -> RegisterConfirmPage {
    let leads = register.leads.iter().filter(|lead| lead.group == group.slug);
    let (stand, move_on): (Vec<&Lead>, Vec<&Lead>) =
        leads.partition(|lead| register.lead(&into.slug, &lead.email.key()).is_some());
    let mut says = vec![format!("{} leaves the register.", group.name)];
    match move_on.len() {
        0 => {}
        1 => says.push(format!("1 lead goes on as a lead of {}.", into.name)),
        number => says.push(format!("{number} leads go on as leads of {}.", into.name)),
    }
    if !stand.is_empty() {
        let are = if stand.len() == 1 { "is one" } else { "are leads" };
        says.push(format!("{} {are} of {} already.", several(stand.len(), "lead"), into.name));
    }
    let unit = |slug| register.unit_of_group(slug).map(|unit| unit.label.clone());
    if unit(&group.slug) != unit(&into.slug) {
        let now = unit(&into.slug).unwrap_or_default();
        says.push(format!("From the next wave on they answer for {now}."));
    }
    says.push(format!(
        "Practices and patients of {} stay as they are; change them afterwards.",
        into.name
    ));
    says.push("A wave that is open keeps its groups and leads.".to_owned());
    let mut hidden = seen(register.seen(&group.slug));
    hidden.push(Hidden { name: "into".to_owned(), value: into.slug.to_string() });
    RegisterConfirmPage {
        layout: below(house, visitor, "Merge two PBC groups?"),
        heading: format!("Merge {} into {}?", group.name, into.name),
        says,
        nouns: Vec::new(),
        action: format!("{}/merge", group_href(group)),
        hidden,
        button: "Merge them".to_owned(),
        cancel: group_href(group),
    }
}

pub(in crate::web) async fn merge(
    path: web::Path<String>,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let from = slug(&path)?;
    let into: GroupSlug = sent(&fields, "into").parse().map_err(|_| WebError::BadForm)?;
    let to = format!("{REGISTER}/groups/{into}");
    make(&house, Edit::Merge(from, into), sent(&fields, SEEN)).await?;
    Ok(back(&to, "merged"))
}
