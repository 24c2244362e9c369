//! Sharing something with the PBC leads network, apart from the survey. These
//! handlers never look at the cookie of a personal link.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use crate::flow;
use crate::id::IdeaId;
use crate::network::{Idea, IdeaFault, MOST_WORDS, TextFault};
use crate::pages::{
    AreaView, FieldView, Hidden, IdeaView, NetworkPage, NetworkThanksPage, OfficeNetworkPage,
    form_title,
};
use crate::wave::Purpose;

use super::contact;
use super::deputy::sent;
use super::error::WebError;
use super::frame::frame;
use super::respondent::Fields;
use super::session::{TheHouse, Visitor, ok, page_response, see_other};

/// The field with the id of the idea, so that a second press is not a second idea.
const ONCE: &str = "-once";

fn text(fault: TextFault, empty: &str) -> String {
    match fault {
        TextFault::Empty => empty.to_owned(),
        TextFault::TooLong { max, got } => format!("Use {max} characters or fewer; this has {got}"),
    }
}

/// What is wrong, in sentences: the idea, the group, the name, the address.
fn sentences(faults: &[IdeaFault]) -> [Option<String>; 4] {
    let mut said = [const { None }; 4];
    let [of_words, of_group, of_name, of_email] = &mut said;
    for fault in faults {
        let (of, sentence) = match fault {
            IdeaFault::Words(fault) => {
                (&mut *of_words, text(*fault, "Write what works in your group"))
            }
            IdeaFault::Group(fault) => {
                (&mut *of_group, text(*fault, "Enter the name of your PBC group"))
            }
            IdeaFault::Name(fault) => (&mut *of_name, contact::name(*fault, "Enter your name")),
            IdeaFault::Email(fault) => {
                (&mut *of_email, contact::email(*fault, "Enter your e-mail address"))
            }
        };
        *of = Some(sentence);
    }
    said
}

fn page(
    house: &TheHouse,
    purpose: Purpose,
    id: IdeaId,
    fields: &[(String, String)],
    faults: &[IdeaFault],
) -> NetworkPage {
    let [of_words, of_group, of_name, of_email] = sentences(faults);
    let words = AreaView {
        id: "words".to_owned(),
        label: "What works in your group, and how?".to_owned(),
        hint: Some("Please do not name patients or individual members of staff.".to_owned()),
        max_chars: MOST_WORDS,
        value: sent(fields, "words").to_owned(),
        error: of_words,
    };
    let group = FieldView::text("group", "Your PBC group").sent(sent(fields, "group"), of_group);
    let name = FieldView::text("name", "Your name")
        .autocomplete("name")
        .sent(sent(fields, "name"), of_name);
    let email = FieldView::email("email", "Your e-mail address")
        .autocomplete("email")
        .sent(sent(fields, "email"), of_email);
    let errors: Vec<_> = [words.problem(), group.problem(), name.problem(), email.problem()]
        .into_iter()
        .flatten()
        .collect();
    let title = form_title("Share something that works with the PBC leads network", &errors);
    NetworkPage {
        layout: frame(house, &Visitor::nobody()).page(title).notice(purpose.notice()),
        words,
        group,
        name,
        email,
        errors,
        action: "/network".to_owned(),
        hidden: vec![Hidden { name: ONCE.to_owned(), value: id.to_string() }],
    }
}

pub(super) async fn form(house: TheHouse) -> Result<HttpResponse, WebError> {
    let purpose = house.blocking(flow::sharing).await?;
    ok(&house, &page(&house, purpose, IdeaId::random(&house.chance), &[], &[]))
}

pub(super) async fn share(fields: Fields, house: TheHouse) -> Result<HttpResponse, WebError> {
    let purpose = house.blocking(flow::sharing).await?;
    let id = sent(&fields, ONCE).parse().unwrap_or_else(|_| IdeaId::random(&house.chance));
    let [words, group, name, email] =
        ["words", "group", "name", "email"].map(|name| sent(&fields, name));
    match Idea::typed(words, group, name, email) {
        Ok(idea) => {
            house.blocking(move |house| flow::share_idea(house, id, &idea)).await?;
            Ok(see_other("/network/thanks"))
        }
        Err(faults) => {
            let page = page(&house, purpose, id, &fields, &faults);
            Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &page)?)
        }
    }
}

pub(super) async fn thanks(house: TheHouse) -> Result<HttpResponse, WebError> {
    let purpose = house.blocking(flow::sharing).await?;
    let page = NetworkThanksPage {
        layout: frame(&house, &Visitor::nobody())
            .page("Thank you for sharing")
            .notice(purpose.notice()),
        again: "/network".to_owned(),
    };
    ok(&house, &page)
}

/// The survey office's list.
pub(super) async fn list(request: HttpRequest, house: TheHouse) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let ideas = house.blocking(|house| Ok(house.store.read(|tx| tx.network_ideas())?)).await?;
    let page = OfficeNetworkPage {
        layout: frame(&house, &visitor)
            .at("/office")
            .page("Ideas for the network")
            .back("Survey office", "/office"),
        ideas: ideas
            .iter()
            .map(|kept| IdeaView {
                group: kept.idea.group().to_owned(),
                words: kept.idea.words().to_owned(),
                name: kept.idea.name().expose().to_owned(),
                email: kept.idea.email().expose().to_owned(),
                id: kept.id.to_string(),
                notice: kept.purpose.notice().map(str::to_owned),
            })
            .collect(),
        delete: "/office/network/delete".to_owned(),
    };
    ok(&house, &page)
}

/// Deletes an idea whose writer asks for that.
pub(super) async fn delete(fields: Fields, house: TheHouse) -> Result<HttpResponse, WebError> {
    let id: IdeaId = sent(&fields, "id").parse().map_err(|_| WebError::BadForm)?;
    house.blocking(move |house| Ok(house.store.write(|tx| tx.delete_network_idea(&id))?)).await?;
    Ok(see_other("/office/network"))
}
