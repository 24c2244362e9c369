//! PBC groups are added, changed and taken out by hand. What cannot be taken back by the
//! same form has a page that says what will happen.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::flow::{self, FlowError};
use crate::pages::{FieldView, Hidden, RegisterConfirmPage, RegisterFormPage, form_title};
use crate::register::{Edit, EditRefusal, FieldFault, FieldWhy, PbcGroup, Register, TypedGroup};

use super::super::deputy::sent;
use super::super::error::WebError;
use super::super::see_to_mails::several;
use super::super::sent::Fields;
use super::super::session::{TheHouse, Visitor, ok, page_response};
use super::fields::{group_fields, of_group, typed_group};
use super::group::{named, slug};
use super::{REGISTER, back, below, group_href};

/// The field that holds what the form showed.
pub(super) const SEEN: &str = "-seen";

pub(super) type Typed = [(String, String)];

pub(super) async fn held(house: &TheHouse) -> Result<Register, WebError> {
    Ok(house.blocking(|house| Ok(house.store.read(|tx| tx.register())?)).await?)
}

pub(super) fn seen(value: String) -> Vec<Hidden> {
    vec![Hidden { name: SEEN.to_owned(), value }]
}

pub(super) async fn make(house: &TheHouse, edit: Edit, seen: &str) -> Result<(), FlowError> {
    let seen = seen.to_owned();
    house.blocking(move |house| flow::edit_register(house, &edit, &seen)).await
}

/// What a form shows: what was typed, what is wrong with it, and what it was made from.
pub(super) struct Shown<'s> {
    pub(super) typed: &'s Typed,
    pub(super) faults: &'s [FieldFault],
    pub(super) seen: String,
}

impl Shown<'_> {
    pub(super) fn status(&self) -> StatusCode {
        if self.faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }
}

fn group_form(
    house: &TheHouse,
    visitor: &Visitor,
    register: &Register,
    group: Option<&PbcGroup>,
    shown: &Shown<'_>,
) -> Result<HttpResponse, WebError> {
    let (fields, select, rest) = group_fields(register, shown.typed, shown.faults, group.is_none());
    let errors = fields.iter().map(FieldView::problem).chain([select.problem()]);
    let errors: Vec<_> = errors.chain(rest.iter().map(FieldView::problem)).flatten().collect();
    let heading = match group {
        Some(group) => format!("Change {}", group.name),
        None => "Add a PBC group".to_owned(),
    };
    let at = group.map_or_else(|| REGISTER.to_owned(), group_href);
    let action = if group.is_some() { format!("{at}/change") } else { format!("{at}/new-group") };
    let page = RegisterFormPage {
        layout: below(house, visitor, &form_title(&heading, &errors)),
        heading,
        notes: Vec::new(),
        fields,
        select: Some(select),
        rest,
        errors,
        action,
        hidden: seen(shown.seen.clone()),
        button: if group.is_some() { "Save" } else { "Add it" }.to_owned(),
        cancel: at,
    };
    Ok(page_response(house, shown.status(), &page)?)
}

pub(in crate::web) async fn new_group(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let shown = Shown { typed: &[], faults: &[], seen: String::new() };
    group_form(&house, &visitor, &held(&house).await?, None, &shown)
}

pub(in crate::web) async fn add_group(
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let register = held(&house).await?;
    let typed = typed_group(&fields);
    let faults = match read_group(&house, &register, typed, None) {
        // Pressed twice: it stands there as it was typed.
        Err(faults) if stands(&house, &register, typed, &faults) => {
            return Ok(back(&format!("{REGISTER}/groups/{}", typed.slug.trim()), "added"));
        }
        Err(faults) => faults,
        Ok(group) => {
            let to = group_href(&group);
            match make(&house, Edit::AddGroup(group), "").await {
                Err(FlowError::Edit(EditRefusal::CodeTaken)) => {
                    vec![FieldFault { field: "slug", why: FieldWhy::Taken }]
                }
                done => return done.map(|()| back(&to, "added")).map_err(WebError::from),
            }
        }
    };
    let shown = Shown { typed: &fields, faults: &faults, seen: String::new() };
    group_form(&house, &visitor, &register, None, &shown)
}

fn read_group(
    house: &TheHouse,
    register: &Register,
    typed: TypedGroup<'_>,
    before: Option<&PbcGroup>,
) -> Result<PbcGroup, Vec<FieldFault>> {
    let mut group = typed.read(register, before, house.now().london_date())?;
    group.synthetic |= before.is_none() && house.synthetic;
    Ok(group)
}

/// Whether the only fault is that the group is there already, exactly as it was typed.
fn stands(
    house: &TheHouse,
    register: &Register,
    typed: TypedGroup<'_>,
    faults: &[FieldFault],
) -> bool {
    let taken = [FieldFault { field: "slug", why: FieldWhy::Taken }];
    let there = register.groups.iter().find(|group| group.slug.as_str() == typed.slug.trim());
    let (Some(there), true) = (there, faults == taken) else { return false };
    read_group(house, register, typed, Some(there)).is_ok_and(|group| group == *there)
}

pub(in crate::web) async fn group(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let register = held(&house).await?;
    let group = named(&register, &slug(&path)?)?;
    let shown = Shown { typed: &of_group(&group), faults: &[], seen: register.seen(&group.slug) };
    group_form(&house, &visitor, &register, Some(&group), &shown)
}

pub(in crate::web) async fn change_group(
    path: web::Path<String>,
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let register = held(&house).await?;
    let group = named(&register, &slug(&path)?)?;
    match read_group(&house, &register, typed_group(&fields), Some(&group)) {
        Ok(new) => {
            make(&house, Edit::ChangeGroup(new), sent(&fields, SEEN)).await?;
            Ok(back(&group_href(&group), "saved"))
        }
        Err(faults) => {
            let seen = sent(&fields, SEEN).to_owned();
            let shown = Shown { typed: &fields, faults: &faults, seen };
            group_form(&house, &visitor, &register, Some(&group), &shown)
        }
    }
}

pub(in crate::web) async fn ask_to_remove(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let register = held(&house).await?;
    let group = named(&register, &slug(&path)?)?;
    let leads = register.leads.iter().filter(|lead| lead.group == group.slug).count();
    let page = RegisterConfirmPage {
        layout: below(&house, &visitor, "Take out a PBC group?"),
        heading: format!("Take out {}?", group.name),
        says: vec![
            format!("The group leaves the register with {}.", several(leads, "lead")),
            "Nobody of it is invited to the next wave. Waves that are open or closed keep what they have.".to_owned(),
            "If it went into another group, merge it instead: then its leads stay.".to_owned(),
        ],
        nouns: Vec::new(),
        action: format!("{}/remove", group_href(&group)),
        hidden: seen(register.seen(&group.slug)),
        button: "Take it out".to_owned(),
        cancel: group_href(&group),
    };
    ok(&house, &page)
}

pub(in crate::web) async fn remove(
    path: web::Path<String>,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    make(&house, Edit::RemoveGroup(slug(&path)?), sent(&fields, SEEN)).await?;
    Ok(back(REGISTER, "left"))
}
