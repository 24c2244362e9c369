//! `/account`: who somebody is here, where they are signed in, and the second step of
//! their sign-in.

use actix_web::{HttpRequest, HttpResponse};
use zeroize::Zeroizing;

use crate::account::{Account, Role};
use crate::config::SecondStepRule;
use crate::flow::{
    self, Enrolment, FlowError, House, SESSION_HOURS, SecondStepRefusal, SecondStepState, Tried,
};
use crate::pages::{
    AccountPage, EnrolmentView, Fact, FieldView, RecoveryCodesPage, RemoveSecondStepPage,
    SecondStepPage, SecondStepView, SessionRow, form_title,
};

use super::deputy::sent as field;
use super::error::WebError;
use super::frame::{frame, who};
use super::qr;
use super::sent::Fields;
use super::session::{TheHouse, Visitor, ok, page_response, see_other, signed_out};
use super::sign_in::wrong_code;

const HERE: &str = "/account";
const STEP: &str = "/account/second-step";

/// Whoever is signed in, even if they may see nothing else yet.
async fn myself(request: &HttpRequest, house: &House) -> Result<(Visitor, Account), WebError> {
    let visitor = Visitor::of(request, house).await?;
    let account = visitor.account().cloned().ok_or(WebError::SignInNeeded)?;
    Ok((visitor, account))
}

fn required(house: &House, account: &Account) -> bool {
    house.settings.second_step == SecondStepRule::Required && account.role.is_of_office()
}

fn done(request: &HttpRequest) -> Option<String> {
    let said = match request.query_string() {
        "done=removed" => "The second step is taken away.",
        _ => return None,
    };
    Some(said.to_owned())
}

/// The page about oneself.
pub(super) async fn show(request: HttpRequest, house: TheHouse) -> Result<HttpResponse, WebError> {
    let (visitor, account) = myself(&request, &house).await?;
    let email = account.email.clone();
    let (state, sessions) = house
        .blocking(move |house| {
            Ok((flow::second_step_state(house, &email)?, flow::sessions_of(house, &email)?))
        })
        .await?;
    let (on, codes) = match state {
        SecondStepState::Off => (false, 0),
        SecondStepState::On { codes_left } => (true, codes_left),
    };
    let view = SecondStepView {
        on,
        required: required(&house, &account),
        codes: match codes {
            1 => "1 recovery code is left".to_owned(),
            codes => format!("{codes} recovery codes are left"),
        },
    };
    let role = visitor.person().map(who).unwrap_or_default();
    let idle = house.settings.session_idle_minutes;
    let page = AccountPage {
        layout: frame(&house, &visitor).at(HERE).page("Your account"),
        facts: vec![
            Fact::new("Signed in as", role),
            Fact::new("E-mail address", account.email.expose()),
        ],
        done: done(&request),
        failed: None,
        second_step: (on || account.role.is_of_office()).then_some(view),
        sessions: sessions
            .into_iter()
            .map(|one| SessionRow {
                begun: one.begun.in_words_with_time(),
                seen: one.seen.in_words_with_time(),
            })
            .collect(),
        ends: format!("{idle} minutes without use, and {SESSION_HOURS} hours after it began"),
    };
    ok(&house, &page)
}

/// Ends every session of whoever asks, this one among them.
pub(super) async fn sign_out_everywhere(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let (_, account) = myself(&request, &house).await?;
    house.blocking(move |house| flow::sign_out_everywhere(house, &account.email)).await?;
    Ok(signed_out(&house, "/sign-in"))
}

fn step_page(
    house: &House,
    visitor: &Visitor,
    required: bool,
    enrolment: Option<Enrolment>,
    error: Option<String>,
) -> SecondStepPage {
    let code = FieldView::text("code", "The six digits that the app shows now")
        .autocomplete("one-time-code")
        .sent("", error);
    let errors: Vec<_> = code.problem().into_iter().collect();
    let title = form_title("Set up a second step", &errors);
    SecondStepPage {
        layout: frame(house, visitor).at(HERE).page(title).back("Your account", HERE),
        required,
        enrolment: enrolment.map(|made| EnrolmentView {
            picture: qr::svg(&made.address).map(|picture| picture.to_string()),
            secret: made.secret.to_string(),
            code,
        }),
        errors,
    }
}

async fn begun(house: &House, account: &Account) -> Result<Option<Enrolment>, WebError> {
    let email = account.email.clone();
    match house.blocking(move |house| flow::enrolment(house, &email)).await {
        Ok(made) => Ok(Some(made)),
        Err(FlowError::SecondStep(SecondStepRefusal::None)) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

/// What a second step is, or what the app has to learn. Looking begins nothing.
pub(super) async fn step(request: HttpRequest, house: TheHouse) -> Result<HttpResponse, WebError> {
    let (visitor, account) = myself(&request, &house).await?;
    match begun(&house, &account).await {
        Ok(made) => {
            let required = required(&house, &account);
            ok(&house, &step_page(&house, &visitor, required, made, None))
        }
        Err(WebError::Flow(FlowError::SecondStep(SecondStepRefusal::OnAlready))) => {
            Ok(see_other(HERE))
        }
        Err(other) => Err(other),
    }
}

/// Makes a key for the app.
pub(super) async fn begin(request: HttpRequest, house: TheHouse) -> Result<HttpResponse, WebError> {
    let (_, account) = myself(&request, &house).await?;
    house.blocking(move |house| flow::begin_second_step(house, &account)).await?;
    Ok(see_other(STEP))
}

/// Switches the second step on, and shows the recovery codes this once.
pub(super) async fn confirm(
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let (visitor, account) = myself(&request, &house).await?;
    let typed = Zeroizing::new(field(&fields, "code").to_owned());
    let email = account.email.clone();
    let confirm = move |house: &House| flow::confirm_second_step(house, &email, &typed);
    match house.blocking(confirm).await? {
        Tried::Right(codes) => {
            let page = RecoveryCodesPage {
                layout: frame(&house, &visitor).at(HERE).page("Your recovery codes"),
                account: account.email.expose().to_owned(),
                codes: codes.iter().map(|code| code.to_string()).collect(),
                onward: if account.role == Role::Office { "/office" } else { HERE }.to_owned(),
            };
            ok(&house, &page)
        }
        other => {
            let (status, said) = wrong_code(&other);
            let (required, made) = (required(&house, &account), begun(&house, &account).await?);
            let page = step_page(&house, &visitor, required, made, Some(said));
            Ok(page_response(&house, status, &page)?)
        }
    }
}

fn remove_page(
    house: &House,
    visitor: &Visitor,
    required: bool,
    error: Option<String>,
) -> RemoveSecondStepPage {
    let code = FieldView::text("code", "The six digits that your app shows")
        .hint("Or one of your recovery codes.")
        .autocomplete("one-time-code")
        .sent("", error);
    let errors: Vec<_> = code.problem().into_iter().collect();
    let title = form_title("Take the second step away", &errors);
    RemoveSecondStepPage {
        layout: frame(house, visitor).at(HERE).page(title).back("Your account", HERE),
        required,
        code,
        errors,
    }
}

/// Asks for a code before the second step goes.
pub(super) async fn remove_form(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let (visitor, account) = myself(&request, &house).await?;
    ok(&house, &remove_page(&house, &visitor, required(&house, &account), None))
}

/// Takes the second step away.
pub(super) async fn remove(
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let (visitor, account) = myself(&request, &house).await?;
    let typed = Zeroizing::new(field(&fields, "code").to_owned());
    let (email, required) = (account.email.clone(), required(&house, &account));
    let remove = move |house: &House| flow::remove_second_step(house, &email, &typed);
    match house.blocking(remove).await? {
        Tried::Right(()) => Ok(see_other(if required { STEP } else { "/account?done=removed" })),
        other => {
            let (status, said) = wrong_code(&other);
            let page = remove_page(&house, &visitor, required, Some(said));
            Ok(page_response(&house, status, &page)?)
        }
    }
}
