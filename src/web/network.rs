//! Sharing something with the PBC leads network, apart from the survey. These
//! handlers never look at the cookie of a personal link.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use crate::flow::{self, FlowError, House};
use crate::id::IdeaId;
use crate::network::{Idea, IdeaFault, MOST_WORDS, PublicIdea, TextFault};
use crate::pages::{
    AreaView, FieldView, Hidden, NetworkIdeasPage, NetworkPage, NetworkThanksPage, PublicIdeaView,
    form_title,
};
use crate::wave::Purpose;

use super::contact;
use super::deputy::sent;
use super::error::WebError;
use super::frame::frame;
use super::sent::Fields;
use super::session::{TheHouse, Visitor, ok, page_response, see_other};

/// The field with the id of the idea, so that a second press is not a second idea.
const ONCE: &str = "-once";
/// Where everybody reads what is published.
pub(super) const IDEAS: &str = "/network/ideas";

pub(super) fn text(fault: TextFault, empty: &str) -> String {
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
    (purpose, ideas): (Purpose, bool),
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
    let named = sent(fields, "named") == "yes";
    let title = form_title("Share something that works with the PBC leads network", &errors);
    NetworkPage {
        layout: frame(house, &Visitor::nobody()).page(title).notice(purpose.notice()),
        words,
        group,
        name,
        email,
        named,
        ideas: ideas.then(|| IDEAS.to_owned()),
        errors,
        action: "/network".to_owned(),
        hidden: vec![Hidden { name: ONCE.to_owned(), value: id.to_string() }],
    }
}

pub(super) async fn form(house: TheHouse) -> Result<HttpResponse, WebError> {
    let now = house.blocking(under_way).await?;
    ok(&house, &page(&house, now, IdeaId::random(&house.chance), &[], &[]))
}

pub(super) async fn share(fields: Fields, house: TheHouse) -> Result<HttpResponse, WebError> {
    let now = house.blocking(under_way).await?;
    let id = sent(&fields, ONCE).parse().unwrap_or_else(|_| IdeaId::random(&house.chance));
    let [words, group, name, email] =
        ["words", "group", "name", "email"].map(|name| sent(&fields, name));
    match Idea::typed(words, group, name, email) {
        Ok(idea) => {
            let named = sent(&fields, "named") == "yes";
            house.blocking(move |house| flow::share_idea(house, id, &idea, named)).await?;
            Ok(see_other("/network/thanks"))
        }
        Err(faults) => {
            let page = page(&house, now, id, &fields, &faults);
            Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &page)?)
        }
    }
}

pub(super) async fn thanks(house: TheHouse) -> Result<HttpResponse, WebError> {
    let (purpose, ideas) = house.blocking(under_way).await?;
    let page = NetworkThanksPage {
        layout: frame(&house, &Visitor::nobody())
            .page("Thank you for sharing")
            .notice(purpose.notice()),
        again: "/network".to_owned(),
        ideas: ideas.then(|| IDEAS.to_owned()),
    };
    ok(&house, &page)
}

/// What the wave under way is for, and whether there are ideas to read.
fn under_way(house: &House) -> Result<(Purpose, bool), FlowError> {
    let purpose = flow::sharing(house)?;
    Ok((purpose, !flow::public_ideas(house)?.is_empty()))
}

pub(super) fn public(idea: &PublicIdea) -> PublicIdeaView {
    let by = idea.by.as_ref().map(|(name, group)| format!("{name}, {group}"));
    PublicIdeaView { words: idea.words.clone(), by }
}

/// What everybody may read.
pub(super) async fn ideas(house: TheHouse) -> Result<HttpResponse, WebError> {
    let (ideas, share) = house
        .blocking(|house| Ok((flow::public_ideas(house)?, flow::sharing(house).is_ok())))
        .await?;
    let page = NetworkIdeasPage {
        layout: frame(&house, &Visitor::nobody()).page("What works elsewhere"),
        ideas: ideas.iter().map(public).collect(),
        share: share.then(|| "/network".to_owned()),
    };
    ok(&house, &page)
}
