//! Closing a wave from the browser: it goes on by itself once it has begun, and the page
//! says how far it is. Its key is handed to the act and kept nowhere.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::custody::{Custody, HeldKey, HeldKeyFault};
use crate::flow::{self, Closing, FlowError, House, WaveStatus};
use crate::id::WaveCode;
use crate::pages::{ActField, ActPage, ChoiceView, ChoicesView, Fact, Link, PlainList};
use crate::trail::Act;
use crate::wave::{ClosingStep, State};

use super::error::WebError;
use super::given_key;
use super::open_wave::{code, help, layout};
use super::second;
use super::sent::Files;
use super::session::{TheHouse, Visitor, page_response, see_other};

/// What this process is closing, or could not close.
#[derive(Default)]
pub(super) struct Closings(Mutex<HashMap<WaveCode, Progress>>);

/// How far a closing is.
#[derive(Clone)]
enum Progress {
    /// It goes on.
    Running(String),
    /// It stopped: what was given is not the key.
    WrongKey(HeldKeyFault),
    /// It stopped for another reason.
    Stopped(String),
}

impl Closings {
    fn of(&self, code: &WaveCode) -> Option<Progress> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(code).cloned()
    }

    /// Begins, unless it goes on already.
    fn begins(&self, code: &WaveCode) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let free = !matches!(all.get(code), Some(Progress::Running(_)));
        if free {
            all.insert(code.clone(), Progress::Running("The key is being looked at.".to_owned()));
        }
        free
    }

    fn put(&self, code: &WaveCode, progress: Option<Progress>) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match progress {
            Some(progress) => all.insert(code.clone(), progress),
            None => all.remove(code),
        };
    }
}

fn said(step: &Closing) -> String {
    match step {
        Closing::Stopped => "No answer is taken any more.".to_owned(),
        Closing::Listed { envelopes } => {
            format!("The receipts of {envelopes} envelopes are published.")
        }
        Closing::Opening { opened, of } => format!("{opened} of {of} envelopes are opened."),
        Closing::Counted { ballots, .. } => format!("{ballots} ballots are counted."),
        Closing::Cleaned => "The database is rewritten without what was deleted.".to_owned(),
        Closing::KeysDestroyed => "The keys are destroyed.".to_owned(),
    }
}

/// The steps, with how far it is.
fn steps(state: State) -> PlainList {
    let done = match state {
        State::Closing(ClosingStep::Stopped) => 1,
        State::Closing(ClosingStep::Listed) => 2,
        State::Closing(ClosingStep::Counted) => 3,
        State::Closing(ClosingStep::Cleaned) => 4,
        State::Closed | State::Released => 5,
        State::Draft | State::Open | State::Cancelled => 0,
    };
    let steps = [
        "No answer is taken any more",
        "The receipts of all envelopes are published",
        "The envelopes are opened, shuffled and counted",
        "The database is rewritten without envelopes and drafts, and looked through",
        "The keys on the server are destroyed, and the closing record is complete",
    ];
    let items = steps.iter().enumerate().map(|(place, step)| {
        let mark = if place < done { "done" } else { "to come" };
        format!("{step}: {mark}")
    });
    PlainList { heading: "The steps".to_owned(), items: items.collect() }
}

fn early_box() -> ActField {
    ChoicesView {
        id: "early".to_owned(),
        legend: "It is not closing time yet".to_owned(),
        hint: Some("Leads were told that they can answer until then.".to_owned()),
        kind: "checkbox".to_owned(),
        is_radio: false,
        options: vec![ChoiceView {
            id: "early-yes".to_owned(),
            value: "yes".to_owned(),
            label: "Close it now all the same".to_owned(),
            hint: None,
            checked: false,
        }],
        error: None,
    }
    .into()
}

async fn page(
    request: &HttpRequest,
    house: &TheHouse,
    closings: &Closings,
    code: &WaveCode,
) -> Result<ActPage, WebError> {
    let visitor = Visitor::of(request, house).await?;
    let of = code.clone();
    let status = house.blocking(move |house| flow::wave_status(house, &of)).await?;
    let WaveStatus { wave, total, key, .. } = status;
    let here = format!("/office/waves/{code}/close");
    let mut page = ActPage::new(
        layout(house, &visitor, &wave, "Close the wave"),
        &wave.title,
        "Close the wave",
    );
    page.links = vec![help("closing")];
    page.lists = vec![steps(wave.state)];
    let progress = closings.of(code);
    match (&wave.state, &progress) {
        (State::Closed | State::Released, _) => {
            page.told = vec!["The wave is closed: its answers are counted, and nobody can tell any more who gave which.".to_owned()];
            page.links = vec![
                Link::new(
                    "Closing record, to print and file",
                    format!("/office/waves/{code}/record"),
                ),
                Link::new("Make the release", format!("/office/waves/{code}/release")),
            ];
            return Ok(page);
        }
        (State::Draft | State::Cancelled, _) => {
            wave.begin_closing(house.now(), true).map_err(FlowError::from)?;
            return Err(WebError::NotFound);
        }
        (_, Some(Progress::Running(said))) => {
            page.told = vec![said.clone(), "This goes on whether or not you look, and can be broken off at any moment without loss.".to_owned()];
            page.again = true;
            page.links.insert(0, Link::new("See how far it is", here));
            return Ok(page);
        }
        _ => {}
    }
    let fault = match &progress {
        Some(Progress::WrongKey(fault)) => Some(fault.clone()),
        _ => None,
    };
    if let Some(Progress::Stopped(said)) = &progress {
        page.told.push(format!("The closing stopped: {said}. Nothing is lost. Begin it again, and it goes on where it stopped."));
    }
    page.told.push(format!(
        "{} of {} leads have answered. Closing time is {}.",
        total.answered,
        total.invited,
        wave.closes.in_words_with_time()
    ));
    let custody = key.as_ref().map_or(Custody::Server, |key| key.custody.clone());
    if let Some(key) = &key {
        page.facts.push(Fact::new("The key is", custody.with_holders()));
        page.facts.push(Fact::new("Fingerprint", key.fingerprint.to_string()));
    }
    page.warning = Some("This cannot be undone: no answer is taken any more, drafts are deleted unread, and the keys are destroyed.".to_owned());
    let (second, may) = second::view(house, Act::WAVE_CLOSING, code, "", &here).await?;
    let going_on = matches!(wave.state, State::Closing(_));
    page.second = second.filter(|_| !going_on);
    page.grave = true;
    if !may && !going_on {
        return Ok(page);
    }
    let sealed = key.as_ref().is_none_or(|key| key.sealed);
    let mut fields = if sealed { given_key::fields(&custody, fault.as_ref()) } else { Vec::new() };
    if !going_on && house.now() < wave.closes {
        fields.push(early_box());
    }
    let words = if going_on { "Go on closing" } else { "Close the wave" };
    Ok(page.asking(fields).button(words, &here))
}

pub(super) async fn form(
    path: web::Path<String>,
    request: HttpRequest,
    closings: web::Data<Closings>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let page = page(&request, &house, &closings, &code(&path)?).await?;
    let status =
        if page.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page_response(&house, status, &page)?)
}

/// What is refused is refused before it begins.
fn look(house: &House, code: &WaveCode, early: bool) -> Result<Custody, FlowError> {
    let status = flow::wave_status(house, code)?;
    status.wave.begin_closing(house.now(), early)?;
    Ok(status.key.filter(|key| key.sealed).map_or(Custody::Server, |key| key.custody))
}

pub(super) async fn close(
    path: web::Path<String>,
    files: Files,
    closings: web::Data<Closings>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let code = code(&path)?;
    let early = files.field("early") == Some("yes");
    let of = code.clone();
    let custody = house.blocking(move |house| look(house, &of, early)).await?;
    let here = see_other(&format!("/office/waves/{code}/close"));
    match given_key::read(&custody, &files) {
        Err(fault) => closings.put(&code, Some(Progress::WrongKey(fault))),
        Ok(held) if closings.begins(&code) => {
            let house = House::clone(&house);
            // It goes on when the browser has gone away.
            tokio::task::spawn_blocking(move || run(&house, &code, early, &held, &closings));
        }
        Ok(_) => {}
    }
    Ok(here)
}

fn run(house: &House, code: &WaveCode, early: bool, held: &HeldKey, closings: &Closings) {
    let done = flow::close_wave(house, code, early, held, |step| {
        closings.put(code, Some(Progress::Running(said(&step))));
    });
    let progress = match done {
        Ok(_) => None,
        Err(FlowError::HeldKey(fault)) => Some(Progress::WrongKey(fault)),
        Err(error) => {
            tracing::error!(%error, wave = %code, "a closing stopped");
            Some(Progress::Stopped(error.to_string()))
        }
    };
    closings.put(code, progress);
}
