//! When results come out: at a minute that is set, or at once, with a second person
//! where the house wants that.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::flow::{self, FlowError, House, ReleaseDesk, Second};
use crate::id::WaveCode;
use crate::pages::{PlanPage, PublishPage, SecondStep, form_title};
use crate::release::Release;
use crate::time::Moment;
use crate::trail::Act;

use super::super::deputy::sent;
use super::super::error::WebError;
use super::super::look_as::release_base;
use super::super::sent::Fields;
use super::super::session::{TheHouse, Visitor, ok, page_response};
use super::when::{When, WhenFaults};
use super::{Said, back, code, desk, layout, page, view};

/// Where a release stands that can still be published; else where to go instead.
async fn unpublished(
    house: &TheHouse,
    code: &WaveCode,
) -> Result<Result<(ReleaseDesk, std::sync::Arc<Release>), HttpResponse>, WebError> {
    let desk = desk(house, code).await?;
    Ok(match (&desk.release, desk.published) {
        (Some(release), None) => {
            let release = release.clone();
            Ok((desk, release))
        }
        (Some(_), Some(_)) => Err(back(code, "published")),
        (None, _) => Err(back(code, "unbuilt")),
    })
}

async fn second(
    house: &TheHouse,
    act: Act,
    code: &WaveCode,
    form: &str,
) -> Result<Second, WebError> {
    let (about, form) = (code.to_string(), form.to_owned());
    Ok(house.blocking(move |house| flow::second(house, act, &about, &form)).await?)
}

async fn ask(
    house: &TheHouse,
    act: Act,
    code: &WaveCode,
    form: String,
) -> Result<HttpResponse, WebError> {
    let about = code.to_string();
    house.blocking(move |house| flow::ask_second(house, act, &about, &form)).await?;
    Ok(back(code, "asked"))
}

fn plan_page(
    house: &TheHouse,
    visitor: &Visitor,
    desk: &ReleaseDesk,
    digest: &str,
    (when, faults): (When, &WhenFaults),
) -> PlanPage {
    let errors = faults.prompts();
    let two = house.settings.two_people;
    let told = match desk.planned {
        Some(at) => format!("It is set for {}.", at.in_words_with_time()),
        None => "Nothing is published before a minute is set.".to_owned(),
    };
    let title = form_title("When are the results published?", &errors);
    PlanPage {
        layout: layout(house, visitor, &desk.wave, &title),
        wave: desk.wave.title.clone(),
        errors,
        told,
        when: when.view(faults),
        happens: view::happens(desk),
        second: SecondStep {
            told: two.then(|| {
                "Two people decide this: you ask, and a colleague sets the minute within 7 days."
                    .to_owned()
            }),
            button: Some(if two { "Ask a colleague to set it" } else { "Set the minute" }.into()),
        },
        action: format!("{}/plan", release_base(&desk.wave.code)),
        digest: digest.to_owned(),
    }
}

/// The form that sets the minute.
pub(in crate::web) async fn plan_form(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let code = code(&path)?;
    let (desk, release) = match unpublished(&house, &code).await? {
        Ok(found) => found,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let now = house.now();
    let announced = Some(desk.wave.publishes).filter(|at| *at > now);
    let tomorrow = || Moment::in_london(now.plus_days(1).london_date(), 9);
    let when = When::of_moment(desk.planned.or(announced).unwrap_or_else(tomorrow));
    let faults = WhenFaults::default();
    ok(&house, &plan_page(&house, &visitor, &desk, release.digest(), (when, &faults)))
}

/// Sets the minute, or asks a colleague to.
pub(in crate::web) async fn plan(
    path: web::Path<String>,
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let code = code(&path)?;
    let (desk, release) = match unpublished(&house, &code).await? {
        Ok(found) => found,
        Err(elsewhere) => return Ok(elsewhere),
    };
    if sent(&fields, "digest") != release.digest() {
        return Ok(back(&code, "rebuilt"));
    }
    // What a colleague asked for comes back as it was written down.
    let asked = sent(&fields, "at");
    let at = if asked.is_empty() {
        let typed = When::of_fields(&fields);
        let found = typed.moment();
        match found.and_then(|at| if at > house.now() { Ok(at) } else { Err(WhenFaults::passed()) })
        {
            Ok(at) => at,
            Err(faults) => {
                let form = (typed, &faults);
                let page = plan_page(&house, &visitor, &desk, release.digest(), form);
                return Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &page)?);
            }
        }
    } else {
        asked.parse().map_err(|_| WebError::BadForm)?
    };
    set(&house, &code, &desk, (release.digest(), at), !asked.is_empty()).await
}

/// Sets a minute that can be set, if whoever looks may.
async fn set(
    house: &TheHouse,
    code: &WaveCode,
    desk: &ReleaseDesk,
    (digest, at): (&str, Moment),
    was_asked: bool,
) -> Result<HttpResponse, WebError> {
    // A second press of the button.
    if desk.planned == Some(at) {
        return Ok(back(code, "planned"));
    }
    let form = format!("{digest} {at}");
    match second(house, Act::RELEASE_PLANNED, code, &form).await? {
        Second::ToAsk if was_asked => return Ok(back(code, "second")),
        Second::ToAsk => return ask(house, Act::RELEASE_PLANNED, code, form).await,
        Second::Waits(_) => return Ok(back(code, "asked")),
        Second::NotNeeded | Second::MayDo(_) => {}
    }
    let wave = code.clone();
    let set = move |house: &House| flow::plan_release(house, &wave, Some(at));
    match house.blocking(set).await {
        Ok(_) => Ok(back(code, "planned")),
        Err(FlowError::PlanPassed(_)) => Ok(back(code, "passed")),
        Err(FlowError::SecondNeeded) => Ok(back(code, "second")),
        Err(error) => Err(error.into()),
    }
}

/// Takes the minute back.
pub(in crate::web) async fn unplan(
    path: web::Path<String>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let code = code(&path)?;
    let desk = match unpublished(&house, &code).await? {
        Ok((desk, _)) => desk,
        Err(elsewhere) => return Ok(elsewhere),
    };
    if desk.planned.is_some() {
        let wave = code.clone();
        house.blocking(move |house| flow::unplan_release(house, &wave)).await?;
    }
    Ok(back(&code, "unplanned"))
}

/// Takes a request to a colleague back.
pub(in crate::web) async fn take_back(
    path: web::Path<String>,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let code = code(&path)?;
    let acts = [Act::RELEASE_PLANNED, Act::RELEASE_PUBLISHED];
    let act = acts.into_iter().find(|act| act.word() == sent(&fields, "act"));
    let act = act.ok_or(WebError::BadForm)?;
    let about = code.to_string();
    house.blocking(move |house| flow::take_back_second(house, act, &about)).await?;
    Ok(back(&code, "taken-back"))
}

fn of_second(second: &Second) -> SecondStep {
    let (told, button) = match second {
        Second::NotNeeded => (None, Some("Publish now")),
        Second::ToAsk => (
            Some(
                "Two people decide this: you ask, and a colleague publishes within 7 days."
                    .to_owned(),
            ),
            Some("Ask a colleague to publish"),
        ),
        Second::Waits(asked) => (
            Some(format!(
                "You asked for this at {}. A colleague must do it: they find your request on the page about the release.",
                asked.at.in_words_with_time()
            )),
            None,
        ),
        Second::MayDo(asked) => (
            Some(format!(
                "{} asked for this at {}. You are the second person.",
                asked.by.expose(),
                asked.at.in_words_with_time()
            )),
            Some("Publish now"),
        ),
    };
    SecondStep { told, button: button.map(str::to_owned) }
}

/// Asks whether to publish at once.
pub(in crate::web) async fn publish_form(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let code = code(&path)?;
    let (desk, release) = match unpublished(&house, &code).await? {
        Ok(found) => found,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let second = second(&house, Act::RELEASE_PUBLISHED, &code, release.digest()).await?;
    let base = release_base(&code);
    let page = PublishPage {
        layout: layout(&house, &visitor, &desk.wave, "Publish the results now?"),
        wave: desk.wave.title.clone(),
        happens: view::happens(&desk),
        warnings: view::warnings(&desk),
        second: of_second(&second),
        action: format!("{base}/publish"),
        digest: release.digest().to_owned(),
        back: base,
    };
    ok(&house, &page)
}

/// Publishes, or asks a colleague to.
pub(in crate::web) async fn publish(
    path: web::Path<String>,
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let code = code(&path)?;
    let (desk, release) = match unpublished(&house, &code).await? {
        Ok(found) => found,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let digest = release.digest().to_owned();
    if sent(&fields, "digest") != digest {
        return Ok(back(&code, "rebuilt"));
    }
    match second(&house, Act::RELEASE_PUBLISHED, &code, &digest).await? {
        Second::ToAsk => return ask(&house, Act::RELEASE_PUBLISHED, &code, digest).await,
        Second::Waits(_) => return Ok(back(&code, "asked")),
        Second::NotNeeded | Second::MayDo(_) => {}
    }
    let wave = code.clone();
    match house.blocking(move |house| flow::publish_release(house, &wave)).await {
        // Somebody was faster, or the button was pressed twice.
        Ok(_) | Err(FlowError::Wave(_)) => Ok(back(&code, "published")),
        Err(FlowError::SecondNeeded) => Ok(back(&code, "second")),
        Err(FlowError::Audit(findings)) => {
            let page = page(&house, &visitor, &desk, &Said::default(), &findings);
            Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &page)?)
        }
        Err(error) => Err(error.into()),
    }
}
