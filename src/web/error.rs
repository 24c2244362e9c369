//! What a reader is told when something cannot be done: one place that maps
//! every failure to a status, a page and a log level.

mod of_sign_in;
mod office;
mod people;

use std::fmt;

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, ResponseError, web};

use crate::flow::{DeputyRefusal, FlowError, House};
use crate::identity::IdentityError;
use crate::pages::{Link, MessagePage, PageError};
use crate::render::files::FileError;
use crate::storage::StorageError;
use crate::wave::State;

use super::api;
use super::frame::frame;
use super::session::{Visitor, page_response};
use super::sign_in;

/// Why a request was not answered with what it asked for.
#[derive(Debug)]
pub(super) enum WebError {
    /// An act was refused or failed.
    Flow(FlowError),
    /// A template failed.
    Page(PageError),
    /// A file could not be made.
    File(FileError),
    /// No such page.
    NotFound,
    /// The page needs a sign-in.
    SignInNeeded,
    /// The page is not for this role.
    NotForYou,
    /// The respondent's link was not opened in this browser.
    NoLink,
    /// The form was made under another link than the one opened last.
    OtherLink,
    /// The form could not be read.
    BadForm,
    /// A program showed no token, or one that is nobody's.
    NoToken,
    /// What a program asked behind the question mark is not understood.
    BadQuery(String),
    /// The address can be read only.
    OnlyReading,
    /// The request came from another site or to another host.
    Stranger,
    /// More came than is read.
    TooMuch {
        /// The most that is, in bytes.
        most: usize,
    },
    /// It took longer than is waited.
    TooSlow,
    /// An identity provider did not say who somebody is.
    Identity(IdentityError),
    /// The account has to have a second step before anything opens.
    SecondStepNeeded,
    /// An identity provider was asked too often.
    TooMany,
}

impl From<IdentityError> for WebError {
    fn from(error: IdentityError) -> Self {
        Self::Identity(error)
    }
}

impl From<FlowError> for WebError {
    fn from(error: FlowError) -> Self {
        Self::Flow(error)
    }
}

impl From<DeputyRefusal> for WebError {
    fn from(refusal: DeputyRefusal) -> Self {
        Self::Flow(refusal.into())
    }
}

impl From<StorageError> for WebError {
    fn from(error: StorageError) -> Self {
        Self::Flow(error.into())
    }
}

impl From<FileError> for WebError {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

impl From<PageError> for WebError {
    fn from(error: PageError) -> Self {
        Self::Page(error)
    }
}

impl fmt::Display for WebError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flow(error) => error.fmt(f),
            Self::Page(error) => error.fmt(f),
            Self::File(error) => error.fmt(f),
            Self::NotFound => f.write_str("no such page"),
            Self::SignInNeeded => f.write_str("not signed in"),
            Self::NotForYou => f.write_str("not for this role"),
            Self::NoLink => f.write_str("no personal link"),
            Self::OtherLink => f.write_str("another personal link was opened since"),
            Self::BadForm => f.write_str("the form could not be read"),
            Self::NoToken => f.write_str("no token of an account"),
            Self::BadQuery(why) => write!(f, "the query is not understood: {why}"),
            Self::OnlyReading => f.write_str("nothing can be changed there"),
            Self::Stranger => f.write_str("the request came from another site"),
            Self::TooMuch { most } => write!(f, "more than {most} bytes came"),
            Self::TooSlow => f.write_str("it took too long"),
            Self::Identity(error) => error.fmt(f),
            Self::SecondStepNeeded => f.write_str("no second step"),
            Self::TooMany => f.write_str("an identity provider was asked too often"),
        }
    }
}

impl std::error::Error for WebError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Flow(error) => std::error::Error::source(error),
            Self::Page(error) => std::error::Error::source(error),
            Self::File(error) => std::error::Error::source(error),
            _ => None,
        }
    }
}

impl ResponseError for WebError {
    fn status_code(&self) -> StatusCode {
        told(self).status
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        // Only if the middleware below did not run: a plain sentence.
        HttpResponse::build(self.status_code()).body(told(self).heading)
    }
}

/// What a reader is told.
struct Told {
    status: StatusCode,
    heading: &'static str,
    paragraphs: Vec<String>,
    link: Option<Link>,
    /// A fault of ours: logged with its whole chain under a reference.
    ours: bool,
}

impl Told {
    fn with(self, link: Link) -> Self {
        Self { link: Some(link), ..self }
    }
}

fn plain(status: StatusCode, heading: &'static str, paragraphs: &[&str]) -> Told {
    Told {
        status,
        heading,
        paragraphs: paragraphs.iter().map(|p| (*p).to_owned()).collect(),
        link: None,
        ours: false,
    }
}

fn told(error: &WebError) -> Told {
    match error {
        WebError::Flow(error) => told_of_flow(error),
        WebError::File(FileError::NoPdf) => plain(
            StatusCode::NOT_IMPLEMENTED,
            "This service makes no PDF",
            &[
                "It was built without the part that makes reports as PDF. The workbook and the tables hold the same figures, and every page of results can be printed.",
                "Whoever runs the service gets reports by building it as the README says.",
            ],
        ),
        WebError::File(FileError::NoOrg) => told(&WebError::NotFound),
        WebError::Page(_) | WebError::File(_) => failed(),
        WebError::NotFound => Told {
            link: Some(Link::new("Go to the front page", "/")),
            ..plain(
                StatusCode::NOT_FOUND,
                "Page not found",
                &[
                    "If you typed the address, check that it is right. If you followed a link, it may be old.",
                ],
            )
        },
        WebError::SignInNeeded => plain(StatusCode::UNAUTHORIZED, "Sign in to see this page", &[]),
        WebError::NotForYou => plain(
            StatusCode::FORBIDDEN,
            "This page is not open to you",
            &[
                "The role that you signed in with, or the link that you came by, does not include this page.",
            ],
        ),
        WebError::NoLink => Told {
            link: Some(lost_link()),
            ..plain(
                StatusCode::UNAUTHORIZED,
                "Open the link in your e-mail first",
                &[
                    "To keep your answers safe, this page opens only after you have followed your personal link in this browser.",
                    "Nothing you have saved is lost: the link brings you back to it.",
                ],
            )
        },
        WebError::OtherLink => plain(
            StatusCode::CONFLICT,
            "Another link was opened in this browser",
            &[
                "This page belongs to a personal link, and a different one was opened here afterwards. So that nobody's answers get mixed up, nothing was changed.",
                "Open the link in your own e-mail again. What you saved before is still there.",
            ],
        ),
        WebError::BadForm => plain(
            StatusCode::BAD_REQUEST,
            "We could not read what was sent",
            &[
                "The form did not arrive whole. Go back and try again; what you saved before is still there.",
            ],
        ),
        WebError::NoToken => plain(
            StatusCode::UNAUTHORIZED,
            "A token is needed",
            &["Send the header Authorization: Bearer with a token from soundings user token."],
        ),
        WebError::BadQuery(why) => {
            plain(StatusCode::BAD_REQUEST, "We could not read what was asked", &[why])
        }
        WebError::OnlyReading => plain(
            StatusCode::METHOD_NOT_ALLOWED,
            "This can only be read",
            &["Only GET and HEAD are answered here."],
        ),
        WebError::TooMuch { most } => office::too_much(*most),
        WebError::TooSlow => plain(
            StatusCode::REQUEST_TIMEOUT,
            "This took too long",
            &["What was sent did not arrive in time, and nothing was changed. Please try again."],
        ),
        WebError::Identity(error) => of_sign_in::of_identity(error),
        WebError::SecondStepNeeded => of_sign_in::second_step_needed(),
        WebError::TooMany => of_sign_in::too_many(),
        WebError::Stranger => plain(
            StatusCode::FORBIDDEN,
            "This request was refused",
            &[
                "It came from another website, from a page of an earlier sign-in, or to another address of this server, so nothing was changed.",
                "If you pressed a button on one of our pages, go back, load the page again and press it once more.",
            ],
        ),
    }
}

fn lost_link() -> Link {
    Link::new("I have lost my link", "/lost-link")
}

fn other_browser() -> Told {
    plain(
        StatusCode::FORBIDDEN,
        "Open this link in the browser in which you asked for it",
        &[
            "So that nobody else can use it, a sign-in link from an e-mail works only in the browser that asked for it. Copy the link there, or ask for a new one in this browser.",
        ],
    )
    .with(Link::new("Ask for a link in this browser", "/sign-in"))
}

fn dead_sign_in() -> Told {
    plain(
        StatusCode::NOT_FOUND,
        "This sign-in link does not work any more",
        &["A link works once and for a limited time. Ask for a new one."],
    )
    .with(Link::new("Sign in", "/sign-in"))
}

fn dead_link() -> Told {
    plain(
        StatusCode::NOT_FOUND,
        "This link does not work",
        &[
            "It may have been cut off by your mail program, or replaced by a newer one. Please use the whole link in the latest e-mail from us.",
            "If that does not help, we can send you the link again.",
        ],
    )
    .with(lost_link())
}

fn told_of_flow(error: &FlowError) -> Told {
    match error {
        FlowError::DeadLink | FlowError::Draft(_) => dead_link(),
        FlowError::Deputy(refusal) => people::of_deputy(*refusal),
        FlowError::Network(refusal) => people::of_network(*refusal),
        FlowError::Comment(refusal) => office::of_comments(*refusal),
        FlowError::IdeaOfRehearsal => office::of_rehearsal(),
        FlowError::NotYetOpen(wave) => not_yet_open(wave),
        FlowError::Closed(wave) => closed(wave),
        FlowError::NothingToSend => Told {
            link: Some(Link::new("Back to the questions", "/answer")),
            ..plain(
                StatusCode::CONFLICT,
                "There is nothing to send yet",
                &["You have not answered any question. Answer at least one, then send."],
            )
        },
        FlowError::DeadStopLink
        | FlowError::NoLetter
        | FlowError::NoMail
        | FlowError::NoSection
        | FlowError::NoSurvey
        | FlowError::NoComment
        | FlowError::NoIdea
        | FlowError::NoWave(_)
        | FlowError::NoRelease(_)
        | FlowError::NoModule { .. }
        | FlowError::NoRecord(_) => told(&WebError::NotFound),
        FlowError::Wave(refusal) => office::of_wave(refusal),
        FlowError::SecondNeeded
        | FlowError::NoPreparedKey(_)
        | FlowError::Faults(_)
        | FlowError::WaveExists(_)
        | FlowError::NoLeads
        | FlowError::NotATestWave(_)
        | FlowError::BallotsStay(_)
        | FlowError::PlanPassed(_)
        | FlowError::PeersStay(_)
        | FlowError::ReasonLength
        | FlowError::PublishedAlready(_)
        | FlowError::GrantedAlready(_)
        | FlowError::NotGranted(_)
        | FlowError::WrongKey(_)
        | FlowError::HeldKey(_)
        | FlowError::NoAccount
        | FlowError::StocktakeExists(_)
        | FlowError::Tree(_)
        | FlowError::Audit(_)
        | FlowError::NotPublished(_)
        | FlowError::NoteLength => office::refused(error),
        FlowError::Address(_) => office::address(),
        FlowError::LetterRefused(_) => office::letter(),
        FlowError::MailsWaiting(_) => office::mails_waiting(),
        FlowError::Edit(refusal) => office::of_edit(*refusal),
        FlowError::RoundIsOut => office::round_is_out(),
        FlowError::RoundTime => office::round_time(),
        FlowError::DeadSignIn => dead_sign_in(),
        FlowError::Account(refusal) => of_sign_in::of_account(refusal),
        FlowError::SecondStep(refusal) => of_sign_in::of_second_step(*refusal),
        FlowError::Provider(refusal) => of_sign_in::of_provider(*refusal),
        FlowError::OtherBrowser => other_browser(),
        FlowError::Storage(StorageError::Busy | StorageError::Unavailable(_)) => Told {
            status: StatusCode::SERVICE_UNAVAILABLE,
            heading: "The service is not available for the moment",
            paragraphs: vec![
                "If you just sent something, it was not saved. Everything saved before is safe."
                    .to_owned(),
                "Please wait a minute, go back and try again.".to_owned(),
            ],
            link: None,
            ours: true,
        },
        FlowError::Storage(
            StorageError::Conflict { .. }
            | StorageError::Corrupt { .. }
            | StorageError::Url(_)
            | StorageError::Password
            | StorageError::Setting { .. }
            | StorageError::Migration(_)
            | StorageError::Outdated { .. }
            | StorageError::Statement(_),
        )
        | FlowError::Key(_)
        | FlowError::File { .. }
        | FlowError::Output(_)
        | FlowError::Seal
        | FlowError::Rehearsal
        | FlowError::Count { .. }
        | FlowError::Tally(_)
        | FlowError::Rule(_)
        | FlowError::Release(_)
        | FlowError::Page(_)
        | FlowError::Mail(_)
        | FlowError::BounceAddress(_)
        | FlowError::Letter(_)
        | FlowError::MailUrl(_)
        | FlowError::Region(_)
        | FlowError::Trail(_)
        | FlowError::BrokenOff => failed(),
    }
}

fn not_yet_open(wave: &crate::wave::Wave) -> Told {
    let mut told = plain(StatusCode::FORBIDDEN, "This survey is not open yet", &[]);
    told.paragraphs = vec![
        format!("{} takes answers from {}.", wave.title, wave.opens.in_words_with_time()),
        "Your link will work from then on. There is nothing to do until then.".to_owned(),
    ];
    told
}

fn closed(wave: &crate::wave::Wave) -> Told {
    if wave.state == State::Cancelled {
        let mut told = plain(StatusCode::GONE, "This survey was cancelled", &[]);
        told.paragraphs = vec![
            format!("{} was given up by the survey office.", wave.title),
            "Answers that were sent or saved were deleted unread. There is nothing to do."
                .to_owned(),
        ];
        return told;
    }
    let mut told = plain(StatusCode::GONE, "This survey is closed", &[]);
    told.paragraphs = vec![
        format!("{} took answers until {}.", wave.title, wave.closes.in_words_with_time()),
        "Answers that were sent before then count. Answers that were only saved were deleted unread."
            .to_owned(),
        format!("Results come out on {}.", wave.publishes.in_words()),
    ];
    told
}

fn failed() -> Told {
    Told {
        status: StatusCode::INTERNAL_SERVER_ERROR,
        heading: "Something went wrong",
        paragraphs: vec![
            "The fault is ours. Everything you saved before this page is safe.".to_owned(),
            "Please try again. If it happens again, write to us and quote the reference."
                .to_owned(),
        ],
        link: None,
        ours: true,
    }
}

/// The answer to any address that is not in the list of routes.
pub(super) async fn not_found() -> Result<HttpResponse, WebError> {
    Err(WebError::NotFound)
}

/// Turns failures into pages, and logs those that are ours, once.
pub(super) async fn show_failures(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, Error> {
    let response = match next.call(request).await {
        Ok(response) => response.map_into_left_body(),
        Err(error) => return Err(error),
    };
    let Some(failure) = response.response().error().and_then(|e| e.as_error::<WebError>()) else {
        return Ok(response);
    };
    let told = told(failure);
    let house = response.request().app_data::<web::Data<House>>().cloned();
    let Some(house) = house else { return Ok(response) };
    let reference = told.ours.then(|| {
        let reference = hex::encode(house.chance.bytes::<4>());
        let mut chain = failure.to_string();
        let mut source = std::error::Error::source(failure);
        while let Some(cause) = source {
            chain = format!("{chain}: {cause}");
            source = cause.source();
        }
        tracing::error!(reference, failure = chain, "a request failed");
        reference
    });
    if response.request().path().starts_with(api::BASE) {
        let said = told.paragraphs.first().map_or(told.heading, String::as_str);
        let problem = api::problem(told.status, said, reference.as_deref());
        return Ok(response.into_response(problem).map_into_right_body());
    }
    // Whoever is signed in keeps the ways on; not if the database may be the trouble.
    let visitor = match failure {
        WebError::NotFound | WebError::NotForYou | WebError::SecondStepNeeded => {
            Visitor::of(response.request(), &house).await.unwrap_or_else(|_| Visitor::nobody())
        }
        _ => Visitor::nobody(),
    };
    let page = if matches!(failure, WebError::SignInNeeded) {
        page_response(&house, told.status, &sign_in::form_page(&house, true, ("", None)))
    } else {
        let page = MessagePage {
            layout: frame(&house, &visitor).page(told.heading),
            heading: told.heading.to_owned(),
            paragraphs: told.paragraphs,
            reference,
            link: told.link,
        };
        page_response(&house, told.status, &page)
    };
    let page = page.unwrap_or_else(|_| HttpResponse::build(told.status).body(told.heading));
    Ok(response.into_response(page).map_into_right_body())
}
