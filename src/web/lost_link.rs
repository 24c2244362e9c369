//! For somebody who has lost a personal link: the same answer whatever the address.
//! And for a browser that others use: it forgets the link.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::flow;
use crate::pages::{FieldView, LeavePage, LostLinkPage, LostLinkSentPage, form_title};
use crate::register::{EmailAddress, EmailError};

use super::asking::{self, Wishes};
use super::contact;
use super::deputy::sent as field;
use super::error::WebError;
use super::frame::frame;
use super::sent::Fields;
use super::session::{Jar, TheHouse, Visitor, link, ok, page_response, see_other};

fn page(house: &TheHouse, typed: &str, fault: Option<EmailError>) -> LostLinkPage {
    let said = fault.map(|fault| contact::email(fault, "Enter your e-mail address"));
    let email =
        FieldView::email("email", "Your e-mail address").autocomplete("email").sent(typed, said);
    let errors: Vec<_> = email.problem().into_iter().collect();
    let title = form_title("I have lost my link", &errors);
    LostLinkPage {
        layout: frame(house, &Visitor::nobody()).page(title),
        email,
        errors,
        action: "/lost-link".to_owned(),
    }
}

pub(super) async fn form(house: TheHouse) -> Result<HttpResponse, WebError> {
    ok(&house, &page(&house, "", None))
}

/// Sends the link if the address holds one; tells nobody whether it does.
pub(super) async fn send(
    fields: Fields,
    wishes: web::Data<Wishes>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let typed = field(&fields, "email");
    let address: EmailAddress = match typed.parse() {
        Ok(address) => address,
        Err(fault) => {
            let page = page(&house, typed, Some(fault));
            return Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &page)?);
        }
    };
    asking::hear(&wishes, &house, &[], move |house| flow::send_lost_link(house, &address)).await?;
    Ok(see_other("/lost-link/sent"))
}

pub(super) async fn sent(house: TheHouse) -> Result<HttpResponse, WebError> {
    let page = LostLinkSentPage {
        layout: frame(&house, &Visitor::nobody()).page("Look at your e-mail"),
        again: "/lost-link".to_owned(),
    };
    ok(&house, &page)
}

/// Makes this browser forget the link.
pub(super) async fn leave(house: TheHouse) -> Result<HttpResponse, WebError> {
    let mut response = see_other("/leave");
    drop(response.add_cookie(&Jar::Link.empty(&house)));
    Ok(response)
}

/// Says whether this browser holds a link.
pub(super) async fn leave_page(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let page = LeavePage {
        layout: frame(&house, &Visitor::nobody()).page("Leave this computer"),
        leave: link(&request, &house).is_ok().then(|| "/leave".to_owned()),
    };
    ok(&house, &page)
}
