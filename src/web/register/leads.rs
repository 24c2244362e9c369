//! Leads are added, changed and taken out by hand.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::flow::FlowError;
use crate::id::GroupSlug;
use crate::pages::{FieldView, RegisterConfirmPage, RegisterFormPage, form_title};
use crate::register::{
    Edit, EditRefusal, FieldFault, FieldWhy, Lead, PbcGroup, Register, TypedLead,
};

use super::super::deputy::sent;
use super::super::error::WebError;
use super::super::sent::Fields;
use super::super::session::{TheHouse, Visitor, ok, page_response};
use super::edit::{SEEN, Shown, held, make, seen};
use super::fields::{lead_fields, of_lead, typed_lead};
use super::group::{named, slug};
use super::{REGISTER, back, below, group_href};

const OPEN_WAVE: &str = "A wave that is open keeps the leads that it was opened with. The address of one of them is corrected with the mail that came back.";

fn lead_form(
    house: &TheHouse,
    visitor: &Visitor,
    group: &PbcGroup,
    lead: Option<&str>,
    shown: &Shown<'_>,
) -> Result<HttpResponse, WebError> {
    let fields = lead_fields(shown.typed, shown.faults);
    let errors: Vec<_> = fields.iter().filter_map(FieldView::problem).collect();
    let does = if lead.is_some() { "Change" } else { "Add" };
    let heading = format!("{does} a lead of {}", group.name);
    let at = group_href(group);
    let page = RegisterFormPage {
        layout: below(house, visitor, &form_title(&heading, &errors)),
        heading,
        notes: vec![OPEN_WAVE.to_owned()],
        fields,
        select: None,
        rest: Vec::new(),
        errors,
        action: format!("{at}/leads/{}", lead.unwrap_or("new")),
        hidden: seen(shown.seen.clone()),
        button: if lead.is_some() { "Save" } else { "Add the lead" }.to_owned(),
        cancel: at,
    };
    Ok(page_response(house, shown.status(), &page)?)
}

/// The lead of a mark; a person whose address was changed has another one.
fn marked(register: &Register, group: &GroupSlug, mark: &str) -> Result<Lead, WebError> {
    let lead = register.marked(group, mark).cloned();
    lead.ok_or_else(|| FlowError::from(EditRefusal::NoLead).into())
}

/// The word in place of a mark where a lead is to be added.
const NEW: &str = "new";

pub(in crate::web) async fn form(
    path: web::Path<(String, String)>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let register = held(&house).await?;
    let group = named(&register, &slug(&path.0)?)?;
    let seen = register.seen(&group.slug);
    if path.1 == NEW {
        let shown = Shown { typed: &[], faults: &[], seen };
        return lead_form(&house, &visitor, &group, None, &shown);
    }
    let lead = marked(&register, &group.slug, &path.1)?;
    let shown = Shown { typed: &of_lead(&lead), faults: &[], seen };
    lead_form(&house, &visitor, &group, Some(&path.1), &shown)
}

fn read_lead(
    house: &TheHouse,
    group: &PbcGroup,
    typed: TypedLead<'_>,
    before: Option<&Lead>,
) -> Result<Lead, Vec<FieldFault>> {
    let mut lead = typed.read(&group.slug, before)?;
    lead.synthetic |= before.is_none() && house.synthetic;
    Ok(lead)
}

pub(in crate::web) async fn put(
    path: web::Path<(String, String)>,
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let register = held(&house).await?;
    let group = named(&register, &slug(&path.0)?)?;
    let mark = (path.1 != NEW).then_some(path.1.as_str());
    let before = mark.and_then(|mark| register.marked(&group.slug, mark));
    let faults = match read_lead(&house, &group, typed_lead(&fields), before) {
        Err(faults) => faults,
        Ok(lead) => {
            let (edit, done) = match mark {
                Some(mark) => (Edit::ChangeLead(mark.to_owned(), lead), "saved"),
                None => (Edit::AddLead(lead), "lead"),
            };
            match make(&house, edit, sent(&fields, SEEN)).await {
                Err(FlowError::Edit(EditRefusal::AddressTaken)) => {
                    vec![FieldFault { field: "email", why: FieldWhy::Taken }]
                }
                made => {
                    return made.map(|()| back(&group_href(&group), done)).map_err(WebError::from);
                }
            }
        }
    };
    let seen = sent(&fields, SEEN).to_owned();
    let shown = Shown { typed: &fields, faults: &faults, seen };
    lead_form(&house, &visitor, &group, mark, &shown)
}

pub(in crate::web) async fn ask_to_remove(
    path: web::Path<(String, String)>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let register = held(&house).await?;
    let group = named(&register, &slug(&path.0)?)?;
    let lead = marked(&register, &group.slug, &path.1)?;
    let heading = format!("Take out {}?", lead.name.expose());
    let page = RegisterConfirmPage {
        layout: below(&house, &visitor, "Take out a lead?"),
        heading,
        says: vec![
            format!("They are no lead of {} any more, and not invited to the next wave.", group.name),
            "If a wave is open, they can still answer it, and what they answered stays sealed in it.".to_owned(),
            "Their name and role stay in the history; their address is deleted with the next change, or after a week.".to_owned(),
        ],
        nouns: Vec::new(),
        action: format!("{}/leads/{}/remove", group_href(&group), path.1),
        hidden: seen(register.seen(&group.slug)),
        button: "Take them out".to_owned(),
        cancel: group_href(&group),
    };
    ok(&house, &page)
}

pub(in crate::web) async fn remove(
    path: web::Path<(String, String)>,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let slug = slug(&path.0)?;
    let to = format!("{REGISTER}/groups/{slug}");
    make(&house, Edit::RemoveLead(slug, path.1.clone()), sent(&fields, SEEN)).await?;
    Ok(back(&to, "removed"))
}
