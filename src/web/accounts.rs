//! `/office/accounts`: administrators see to who may sign in. What cannot be undone has
//! a page that says what will happen. In addresses of pages an account stands by a
//! fingerprint: they end up in histories.

mod acts;
mod choice;

pub(super) use acts::{ask, carry_out, token};

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use sha2::{Digest, Sha256};

use crate::account::Account;
use crate::flow::{self, AccountEntry, AccountRefusal, FlowError, House};
use crate::pages::{
    AccountRow, AccountsPage, Fact, FieldView, Layout, Link, NewAccountPage, OneAccountPage,
    form_title,
};
use crate::register::EmailAddress;

use super::contact;
use super::deputy::sent as field;
use super::error::WebError;
use super::frame::{capital, frame};
use super::sent::Fields;
use super::session::{TheHouse, Visitor, ok, page_response, see_other};

use choice::{Choice, Chosen};

const HERE: &str = "/office/accounts";

/// By what an account stands in addresses of pages.
fn fingerprint(email: &EmailAddress) -> String {
    let whole = Sha256::new().chain_update(b"soundings account 1 ").chain_update(email.key());
    hex::encode(whole.finalize()).chars().take(16).collect()
}

fn base(email: &EmailAddress) -> String {
    format!("{HERE}/{}", fingerprint(email))
}

fn layout(house: &House, visitor: &Visitor, title: &str) -> Layout {
    frame(house, visitor)
        .at("/office")
        .page(title)
        .trail(vec![Link::new("Survey office", "/office"), Link::new("Accounts", HERE)])
}

/// The account of such a fingerprint.
async fn find(house: &House, print: &str) -> Result<AccountEntry, WebError> {
    let all = house.blocking(flow::accounts).await?;
    let found = all.into_iter().find(|one| fingerprint(&one.account.email) == print);
    found.ok_or(WebError::NotFound)
}

fn role_of(entry: &AccountEntry) -> String {
    let role = capital(&entry.account.role.to_string());
    entry.unit.as_ref().map_or(role.clone(), |unit| format!("{role} {unit}"))
}

fn warning(entry: &AccountEntry) -> Option<String> {
    let day = entry.pin.as_ref()?.refused_on?;
    Some(format!(
        "On {} another account with this address came from the identity provider and was not let in.",
        day.format("%A %-d %B %Y")
    ))
}

fn last_sign_in(entry: &AccountEntry) -> Option<String> {
    entry.last_sign_in.map(|day| day.format("%A %-d %B %Y").to_string())
}

/// Every account.
pub(super) async fn index(request: HttpRequest, house: TheHouse) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let own = visitor.account().map(|account| account.email.key());
    let rows = house.blocking(flow::accounts).await?.into_iter().map(|entry| AccountRow {
        email: entry.account.email.expose().to_owned(),
        href: base(&entry.account.email),
        role: role_of(&entry),
        second_step: entry.second_step,
        last_sign_in: last_sign_in(&entry),
        sessions: entry.sessions,
        tokens: entry.tokens,
        warning: warning(&entry),
        own: own.as_ref() == Some(&entry.account.email.key()),
    });
    let page = AccountsPage {
        layout: frame(&house, &visitor)
            .at("/office")
            .page("Accounts")
            .trail(vec![Link::new("Survey office", "/office")])
            .wide(),
        done: done(&request),
        failed: None,
        accounts: rows.collect(),
        sign_in: format!("{}/sign-in", house.settings.base_url),
    };
    ok(&house, &page)
}

/// What was just done, from the address.
fn done(request: &HttpRequest) -> Option<String> {
    let said = match request.query_string().strip_prefix("done=")? {
        "added" => "The account is added. Tell them where to sign in; nothing was sent to them.",
        "changed" => "The role is changed. They are signed out and have to sign in again.",
        "same" => "It was so already: nothing is changed.",
        "removed" => "The account is removed. Its sessions and tokens are ended.",
        "signed-out" => "They are signed out everywhere.",
        "reset" => "The second step is taken away, and they are signed out.",
        "tokens-ended" => "The tokens are ended.",
        "unbound" => "The next account of the identity provider with this address is let in.",
        _ => return None,
    };
    Some(said.to_owned())
}

/// What was typed for a new account, with all that is wrong with it.
async fn new_page(
    house: &House,
    visitor: &Visitor,
    (typed, fault): (&str, Option<String>),
    choice: &Choice,
) -> Result<NewAccountPage, WebError> {
    let email = FieldView::email("email", "Their e-mail address").sent(typed, fault);
    let choice = choice.fields(house).await?;
    let errors: Vec<_> = email.problem().into_iter().chain(choice.problems()).collect();
    let title = form_title("Add an account", &errors);
    Ok(NewAccountPage { layout: layout(house, visitor, &title), email, choice, errors })
}

pub(super) async fn new(request: HttpRequest, house: TheHouse) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let page = new_page(&house, &visitor, ("", None), &Choice::default()).await?;
    ok(&house, &page)
}

/// Adds an account.
pub(super) async fn add(
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let typed = field(&fields, "email");
    let address = typed.parse::<EmailAddress>();
    let mut said =
        address.as_ref().err().map(|fault| contact::email(*fault, "Enter their e-mail address"));
    let mut choice = Choice::sent(&fields);
    if let (Ok(email), Some(Chosen { role, unit })) = (address, choice.chosen()) {
        let (to, account) = (base(&email), Account { email, role, unit });
        let added = house.blocking(move |house| flow::add_account(house, &account)).await;
        match added {
            Ok(()) => return Ok(see_other(&format!("{to}?done=added"))),
            Err(FlowError::Account(AccountRefusal::Exists)) => {
                said = Some("There is an account of this address already".to_owned());
            }
            Err(FlowError::Account(refusal)) => choice.refused(&refusal),
            Err(other) => return Err(other.into()),
        }
    }
    let page = new_page(&house, &visitor, (typed, said), &choice).await?;
    Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &page)?)
}

async fn one_page(
    request: &HttpRequest,
    house: &House,
    visitor: &Visitor,
    entry: &AccountEntry,
    choice: &Choice,
) -> Result<OneAccountPage, WebError> {
    let email = &entry.account.email;
    let own = visitor.account().is_some_and(|account| account.email.key() == email.key());
    let choice = choice.fields(house).await?;
    let errors = choice.problems();
    let title = form_title(&format!("Account {}", email.expose()), &errors);
    let on = if entry.second_step { "on" } else { "off" };
    let mut facts = vec![
        Fact::new("Role", role_of(entry)),
        Fact::new("Second step", on),
        Fact::new("Last sign-in", last_sign_in(entry).unwrap_or_else(|| "never".to_owned())),
        Fact::new("Open sessions", entry.sessions.to_string()),
        Fact::new("Tokens", entry.tokens.to_string()),
    ];
    if let Some(pin) = &entry.pin {
        facts.push(Fact::new("Signs in by", pin.issuer.clone()));
    }
    Ok(OneAccountPage {
        layout: layout(house, visitor, &title),
        done: done(request),
        failed: None,
        email: email.expose().to_owned(),
        facts,
        warning: warning(entry),
        own,
        choice,
        errors,
        base: base(email),
        ways: acts::ways(entry, own),
    })
}

/// One account.
pub(super) async fn show(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let entry = find(&house, &path).await?;
    let choice = Choice::of(&entry.account);
    ok(&house, &one_page(&request, &house, &visitor, &entry, &choice).await?)
}

/// Changes what somebody may see.
pub(super) async fn change(
    path: web::Path<String>,
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let entry = find(&house, &path).await?;
    let mut choice = Choice::sent(&fields);
    if let Some(Chosen { role, unit }) = choice.chosen() {
        let account = Account { email: entry.account.email.clone(), role, unit };
        let changed = house.blocking(move |house| flow::change_account(house, &account)).await;
        match changed {
            Ok(changed) => {
                let done = if changed { "changed" } else { "same" };
                return Ok(see_other(&format!("{}?done={done}", base(&entry.account.email))));
            }
            Err(FlowError::Account(refusal)) => choice.refused(&refusal),
            Err(other) => return Err(other.into()),
        }
    }
    let page = one_page(&request, &house, &visitor, &entry, &choice).await?;
    Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &page)?)
}
