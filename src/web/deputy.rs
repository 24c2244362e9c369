//! A lead asks a colleague to answer instead: a form, a page to check it, one
//! button, and the way back. The address is shown to the lead who typed it, and
//! to nobody after that.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use crate::flow::{self, DeputyRefusal, Entry, House};
use crate::invitation::{Deputy, DeputyFault, Opener, Standing, Token};
use crate::pages::{
    DeputyCheckPage, DeputyPage, FieldView, HandedOverPage, Hidden, Layout, form_title,
};
use crate::register::{EmailAddress, PersonName};

use super::contact;
use super::error::WebError;
use super::frame::frame;
use super::respondent::{link_of_form, mark_of};
use super::sent::Fields;
use super::session::{TheHouse, Visitor, link, ok, page_response, see_other};

/// The field that says which deputy a page showed.
const GENERATION: &str = "-deputy";

fn layout(house: &House, entry: &Entry, title: &str) -> Layout {
    frame(house, &Visitor::nobody()).page(title).notice(entry.wave.purpose.notice())
}

async fn entered(house: &House, token: Token) -> Result<Entry, WebError> {
    Ok(house.blocking(move |house| flow::entry(house, &token)).await?)
}

/// A field of a form as it was sent.
pub(super) fn sent<'f>(fields: &'f [(String, String)], name: &str) -> &'f str {
    let field = fields.iter().find(|(sent, _)| sent == name);
    field.map_or("", |(_, value)| value.as_str())
}

/// What a lead's link shows while a deputy answers. The button only leads on to
/// where it can be taken back: scanners press buttons, too.
pub(super) async fn behind_the_link(house: &House, token: Token) -> Result<HttpResponse, WebError> {
    let action = format!("/s/{}", token.expose());
    let entry = entered(house, token).await?;
    match &entry.invitation.deputy {
        Some(deputy) => ok(house, &handed_over(house, &entry, deputy, action, None)),
        // It was taken back at this moment: the link works as before.
        None => Ok(see_other(&action)),
    }
}

fn handed_over(
    house: &House,
    entry: &Entry,
    deputy: &Deputy,
    action: String,
    leave: Option<&str>,
) -> HandedOverPage {
    let takes_back = leave.is_some();
    let generation = Hidden { name: GENERATION.to_owned(), value: deputy.generation.to_string() };
    HandedOverPage {
        layout: layout(house, entry, "You asked a colleague to answer in your place"),
        group: entry.invitation.group_name.clone(),
        deputy: deputy.name.expose().to_owned(),
        closes: entry.wave.closes.in_words_with_time(),
        takes_back,
        action,
        hidden: if takes_back { vec![mark_of(&entry.token), generation] } else { Vec::new() },
        leave: leave.map(str::to_owned),
    }
}

/// Refuses a deputy, who cannot pass the invitation on.
fn check_lead(entry: &Entry) -> Result<(), DeputyRefusal> {
    if entry.opener == Opener::Lead { Ok(()) } else { Err(DeputyRefusal::OnlyTheLead) }
}

fn form_page(
    house: &House,
    entry: &Entry,
    (name, email): (&str, &str),
    faults: &[DeputyFault],
) -> DeputyPage {
    let said = |of_name: bool| {
        faults.iter().find_map(|fault| match fault {
            DeputyFault::Name(fault) if of_name => {
                Some(contact::name(*fault, "Enter your colleague's name"))
            }
            DeputyFault::Email(fault) if !of_name => {
                Some(contact::email(*fault, "Enter your colleague's e-mail address"))
            }
            DeputyFault::OwnAddress if !of_name => {
                Some("This is your own address; enter your colleague's".to_owned())
            }
            _ => None,
        })
    };
    let name = FieldView::text("name", "Your colleague's name").sent(name, said(true));
    let email = FieldView::email("email", "Your colleague's e-mail address")
        .hint(
            "We use it to send the link and, if needed, a reminder, and delete it when the survey closes.",
        )
        .sent(email, said(false));
    let errors: Vec<_> = name.problem().into_iter().chain(email.problem()).collect();
    let title = form_title("Ask a colleague to answer in your place", &errors);
    DeputyPage {
        layout: layout(house, entry, &title).back("Back to the questions", "/answer"),
        group: entry.invitation.group_name.clone(),
        name,
        email,
        errors,
        answered: entry.invitation.standing == Standing::Answered,
        closes: entry.wave.closes.in_words_with_time(),
        action: "/answer/deputy".to_owned(),
        hidden: vec![mark_of(&entry.token)],
    }
}

/// The form, or whom the lead asked already.
pub(super) async fn form(request: HttpRequest, house: TheHouse) -> Result<HttpResponse, WebError> {
    let entry = entered(&house, link(&request, &house)?).await?;
    check_lead(&entry)?;
    if let Some(deputy) = &entry.invitation.deputy {
        let action = "/answer/deputy/take-back".to_owned();
        return ok(&house, &handed_over(&house, &entry, deputy, action, Some("/leave")));
    }
    ok(&house, &form_page(&house, &entry, ("", ""), &[]))
}

/// What a form was made with: the link, the invitation as it is now, and either
/// the colleague or all that is wrong with them.
struct Asked {
    entry: Entry,
    colleague: Result<(PersonName, EmailAddress), Vec<DeputyFault>>,
}

async fn asked(
    request: &HttpRequest,
    house: &House,
    fields: &[(String, String)],
) -> Result<Asked, WebError> {
    let entry = entered(house, link_of_form(request, house, fields)?).await?;
    check_lead(&entry)?;
    let (name, email) = (sent(fields, "name"), sent(fields, "email"));
    let colleague = Deputy::named(name, email, &entry.invitation.email);
    Ok(Asked { entry, colleague })
}

fn refused(
    house: &House,
    entry: &Entry,
    fields: &[(String, String)],
    faults: &[DeputyFault],
) -> Result<HttpResponse, WebError> {
    let page = form_page(house, entry, (sent(fields, "name"), sent(fields, "email")), faults);
    Ok(page_response(house, StatusCode::UNPROCESSABLE_ENTITY, &page)?)
}

/// Shows what was typed; nothing happens yet and nothing is kept.
pub(super) async fn check(
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let Asked { entry, colleague } = asked(&request, &house, &fields).await?;
    if entry.is_handed_over() {
        return Ok(see_other("/answer/deputy"));
    }
    let (name, email) = match colleague {
        Ok(colleague) => colleague,
        Err(faults) => return refused(&house, &entry, &fields, &faults),
    };
    let field = |name: &str, value: &str| Hidden { name: name.to_owned(), value: value.to_owned() };
    let page = DeputyCheckPage {
        layout: layout(&house, &entry, "Check before we write to them")
            .back("Back to the questions", "/answer"),
        group: entry.invitation.group_name.clone(),
        name: name.expose().to_owned(),
        email: email.expose().to_owned(),
        answered: entry.invitation.standing == Standing::Answered,
        closes: entry.wave.closes.in_words_with_time(),
        action: "/answer/deputy/ask".to_owned(),
        change: "/answer/deputy/change".to_owned(),
        hidden: vec![
            mark_of(&entry.token),
            field("name", name.expose()),
            field("email", email.expose()),
        ],
    };
    ok(&house, &page)
}

/// The form again, filled in.
pub(super) async fn change(
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let Asked { entry, .. } = asked(&request, &house, &fields).await?;
    if entry.is_handed_over() {
        return Ok(see_other("/answer/deputy"));
    }
    let typed = (sent(&fields, "name"), sent(&fields, "email"));
    ok(&house, &form_page(&house, &entry, typed, &[]))
}

/// Asks the colleague. A second press finds them asked already.
pub(super) async fn ask(
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let Asked { entry, colleague } = asked(&request, &house, &fields).await?;
    let (name, email) = match colleague {
        Ok(colleague) => colleague,
        Err(faults) => return refused(&house, &entry, &fields, &faults),
    };
    let token = entry.token;
    house.blocking(move |house| flow::name_deputy(house, &token, &name, &email)).await?;
    Ok(see_other("/answer/deputy"))
}

/// Takes the invitation back. A second press finds it taken back already.
pub(super) async fn take_back(
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let token = link_of_form(&request, &house, &fields)?;
    let generation = sent(&fields, GENERATION).parse().map_err(|_| WebError::BadForm)?;
    house.blocking(move |house| flow::take_back(house, &token, generation)).await?;
    Ok(see_other("/answer"))
}
