//! `/office/mail/{mail}/address`: a mail to a lead was refused or came back, and
//! the office knows the right address.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::flow::{self, AddressRefusal, FlowError, TroubledMail};
use crate::id::MailId;
use crate::ledger::StopCause;
use crate::pages::{AddressPage, Fact, FieldView, Link, Prompt, form_title};
use crate::register::{EmailAddress, EmailError, PersonName};

use super::contact;
use super::deputy::sent;
use super::error::WebError;
use super::frame::frame;
use super::see_to_mails::{back, state_of};
use super::sent::Fields;
use super::session::{TheHouse, Visitor, ok, page_response};

/// What is wrong with a new address.
enum Fault {
    Typed(EmailError),
    Refused(AddressRefusal),
}

fn address_page(
    house: &TheHouse,
    visitor: &Visitor,
    mail: &TroubledMail,
    typed: &str,
    fault: Option<Fault>,
) -> AddressPage {
    let said = fault.map(|fault| match fault {
        Fault::Typed(fault) => contact::email(fault, "Enter the right e-mail address"),
        Fault::Refused(AddressRefusal::Same) => "This is the address that there is".to_owned(),
        Fault::Refused(AddressRefusal::Stopped(StopCause::Asked)) => {
            "The owner of this address wants no mails from us".to_owned()
        }
        Fault::Refused(AddressRefusal::Stopped(StopCause::Bounced)) => {
            "Mails to this address came back, too".to_owned()
        }
        Fault::Refused(AddressRefusal::OfAnother) => {
            "Another lead of this group has this address".to_owned()
        }
        Fault::Refused(AddressRefusal::NotNow) => {
            "The address cannot be corrected any more".to_owned()
        }
    });
    let email = FieldView::email("email", "The right e-mail address").sent(typed, said);
    let errors: Vec<Prompt> = email.problem().into_iter().collect();
    let (state, reason) = state_of(mail);
    let name = mail.name.as_ref().map_or("", PersonName::expose);
    let address = mail.address.as_ref().map_or("", EmailAddress::expose);
    AddressPage {
        layout: frame(house, visitor)
            .at("/office")
            .page(form_title("Correct the address", &errors))
            .trail(vec![Link::new("Survey office", "/office"), Link::new("Mails", "/office/mail")]),
        facts: vec![
            Fact::new("Lead", name),
            Fact::new("PBC group", mail.group.clone().unwrap_or_default()),
            Fact::new("Address now", address),
            Fact::new(format!("{}: {state}", mail.row.kind), reason),
        ],
        email,
        errors,
        action: format!("/office/mail/{}/address", mail.row.id),
    }
}

async fn the_mail(house: &TheHouse, id: MailId) -> Result<TroubledMail, WebError> {
    let mail = house.blocking(move |house| flow::troubled_mail(house, &id)).await?;
    if mail.can_correct { Ok(mail) } else { Err(FlowError::Address(AddressRefusal::NotNow).into()) }
}

pub(super) async fn form(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let id: MailId = path.parse().map_err(|_| WebError::NotFound)?;
    let mail = the_mail(&house, id).await?;
    ok(&house, &address_page(&house, &visitor, &mail, "", None))
}

pub(super) async fn correct(
    path: web::Path<String>,
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let id: MailId = path.parse().map_err(|_| WebError::NotFound)?;
    let mail = the_mail(&house, id).await?;
    let typed = sent(&fields, "email");
    let fault = match typed.parse::<EmailAddress>() {
        Err(fault) => Fault::Typed(fault),
        Ok(new) => {
            let corrected =
                house.blocking(move |house| flow::correct_address(house, &id, &new)).await;
            match corrected {
                Err(FlowError::Address(refusal)) => Fault::Refused(refusal),
                other => {
                    let done = other?;
                    return Ok(back(match (done.invited_again, done.draft_deleted) {
                        (true, true) => "draft",
                        (true, false) => "invited",
                        (false, _) => "corrected",
                    }));
                }
            }
        }
    };
    let page = address_page(&house, &visitor, &mail, typed, Some(fault));
    Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &page)?)
}
