//! Who sees results before they are published, by name of their office and with a reason.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::account::Account;
use crate::flow::{self, FlowError, ReleaseDesk};
use crate::pages::{Choice, EarlyForm, EarlyPage, EarlyRow, FieldView, Prompt, form_title};
use crate::register::EmailAddress;
use crate::storage::EarlyAccess;

use super::super::deputy::sent;
use super::super::error::WebError;
use super::super::look_as::release_base;
use super::super::sent::Fields;
use super::super::session::{TheHouse, Visitor, ok, page_response, see_other};
use super::{code, desk, layout};

/// What was sent, with what is wrong with it.
#[derive(Default)]
struct Typed<'f> {
    account: &'f str,
    reason: &'f str,
    account_error: Option<&'static str>,
    reason_error: Option<String>,
}

/// What was just done.
#[derive(Default, serde::Deserialize)]
pub(in crate::web) struct Said {
    #[serde(default)]
    done: String,
}

impl Said {
    fn words(&self) -> Option<&'static str> {
        match self.done.as_str() {
            "granted" => Some("They may see the results now, when they sign in."),
            "withdrawn" => Some("They wait like everybody else."),
            _ => None,
        }
    }
}

fn row(one: &EarlyAccess, published: bool) -> EarlyRow {
    let told = [
        Some(format!("Given at {}.", one.granted.in_words_with_time())),
        Some(match one.seen {
            Some(at) => format!("First looked at {}.", at.in_words_with_time()),
            None => "Has not looked before publication.".to_owned(),
        }),
        one.withdrawn.map(|at| format!("Ended at {}.", at.in_words_with_time())),
    ];
    EarlyRow {
        email: one.email.expose().to_owned(),
        who: one.who.clone(),
        reason: one.reason.clone(),
        told: told.into_iter().flatten().collect(),
        ends: one.withdrawn.is_none() && !published,
    }
}

/// The accounts that can be let: those of the office see results anyway, and nobody is
/// let twice.
fn choices(desk: &ReleaseDesk) -> impl Iterator<Item = &Account> {
    let was_let = |account: &Account| desk.early.iter().any(|one| one.email == account.email);
    desk.accounts.iter().filter(move |account| !account.role.is_of_office() && !was_let(account))
}

fn early_form(desk: &ReleaseDesk, base: &str, typed: &Typed<'_>) -> EarlyForm {
    let choice = |account: &Account| {
        let email = account.email.expose();
        let unit = account.unit.as_ref().map(|unit| format!(" {unit}")).unwrap_or_default();
        Choice {
            value: email.to_owned(),
            label: format!("{email} ({}{unit})", account.role),
            chosen: email == typed.account,
        }
    };
    EarlyForm {
        accounts: choices(desk).map(choice).collect(),
        account_error: typed.account_error.map(str::to_owned),
        reason: FieldView::text("reason", "Reason")
            .hint("A few words without names. It is published with the results.")
            .sent(typed.reason, typed.reason_error.clone()),
        action: format!("{base}/early"),
    }
}

fn early_page(
    house: &TheHouse,
    visitor: &Visitor,
    desk: &ReleaseDesk,
    done: Option<&str>,
    typed: &Typed<'_>,
) -> EarlyPage {
    let base = release_base(&desk.wave.code);
    let published = desk.published.is_some();
    let closed = if published {
        Some("The results are published: everybody who may see results sees them.")
    } else if choices(desk).next().is_none() {
        Some("There is no other account that could be let see them.")
    } else {
        None
    };
    let form = closed.is_none().then(|| early_form(desk, &base, typed));
    let of_account = typed
        .account_error
        .map(|text| Prompt { href: "#account".to_owned(), text: text.to_owned() });
    let of_reason = form.as_ref().and_then(|form| form.reason.problem());
    let errors: Vec<Prompt> = of_account.into_iter().chain(of_reason).collect();
    EarlyPage {
        layout: layout(
            house,
            visitor,
            &desk.wave,
            &form_title("Who sees the results early", &errors),
        ),
        wave: desk.wave.title.clone(),
        done: done.map(str::to_owned),
        errors,
        rows: desk.early.iter().map(|one| row(one, published)).collect(),
        form,
        closed: closed.map(str::to_owned),
        withdraw: format!("{base}/early/withdraw"),
    }
}

/// Who was let, and the form that lets somebody.
pub(in crate::web) async fn index(
    path: web::Path<String>,
    said: web::Query<Said>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let desk = desk(&house, &code(&path)?).await?;
    ok(&house, &early_page(&house, &visitor, &desk, said.words(), &Typed::default()))
}

/// Lets somebody see the results.
pub(in crate::web) async fn grant(
    path: web::Path<String>,
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let code = code(&path)?;
    let there = format!("{}/early?done=granted", release_base(&code));
    let mut typed = Typed {
        account: sent(&fields, "account"),
        reason: sent(&fields, "reason"),
        ..Typed::default()
    };
    let email = typed.account.parse::<EmailAddress>().ok();
    if email.is_none() {
        typed.account_error = Some("Choose an account");
    }
    let length = typed.reason.split_whitespace().collect::<Vec<_>>().join(" ").chars().count();
    typed.reason_error = match length {
        0 => Some("Write the reason in a few words".to_owned()),
        long if long > flow::MOST_REASON => {
            Some(format!("Shorten the reason to {} characters; it has {long}", flow::MOST_REASON))
        }
        _ => None,
    };
    if let (Some(email), None) = (email, &typed.reason_error) {
        let (wave, reason) = (code.clone(), typed.reason.to_owned());
        let granted =
            house.blocking(move |house| flow::grant_early(house, &wave, &email, &reason)).await;
        match granted {
            // The button was pressed twice.
            Ok(()) | Err(FlowError::GrantedAlready(_)) => return Ok(see_other(&there)),
            Err(FlowError::NoAccount) => {
                typed.account_error = Some("Choose an account: this one is not there any more");
            }
            Err(error) => return Err(error.into()),
        }
    }
    let desk = desk(&house, &code).await?;
    let page = early_page(&house, &visitor, &desk, None, &typed);
    Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &page)?)
}

/// Ends it.
pub(in crate::web) async fn withdraw(
    path: web::Path<String>,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let code = code(&path)?;
    let email: EmailAddress = sent(&fields, "email").parse().map_err(|_| WebError::BadForm)?;
    let there = format!("{}/early?done=withdrawn", release_base(&code));
    match house.blocking(move |house| flow::withdraw_early(house, &code, &email)).await {
        Ok(()) | Err(FlowError::NotGranted(_)) => Ok(see_other(&there)),
        Err(error) => Err(error.into()),
    }
}
