//! The office's letters: what each kind of mail says. Whoever edits one sees it as
//! a lead of a group of their choice gets it, without any link that works.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::flow::{self, FlowError, HeldLetter, House, LetterPreview, LetterRefusal, LetterStage};
use crate::id::{GroupSlug, WaveCode};
use crate::letter::{LetterFault, MOST_BODY, MailKind, Written};
use crate::mail::Delivery;
use crate::pages::{
    Choice, Fact, Hidden, LetterField, LetterPage, LetterRow, LettersPage, Link, Meanwhile,
    PreviewView, Prompt, VersionRow, form_title,
};
use crate::register::EmailAddress;
use crate::storage::LetterVersion;

use super::deputy::sent;
use super::error::WebError;
use super::frame::frame;
use super::sent::Fields;
use super::session::{TheHouse, Visitor, ok, page_response, see_other};

/// The field that says which version the writer saw.
const SEEN: &str = "-seen";

/// The wave that an address names, if it names one.
fn wave_of(request: &HttpRequest) -> Result<Option<WaveCode>, WebError> {
    let wave = request.match_info().get("wave");
    wave.map(|code| code.parse().map_err(|_| WebError::NotFound)).transpose()
}

fn letters_of(wave: Option<&WaveCode>) -> String {
    wave.map_or_else(
        || "/office/letters".to_owned(),
        |code| format!("/office/waves/{code}/letters"),
    )
}

/// Which letter an address names, and who is asking.
struct Asked {
    visitor: Visitor,
    wave: Option<WaveCode>,
    kind: MailKind,
}

impl Asked {
    async fn of(request: &HttpRequest, house: &House) -> Result<Self, WebError> {
        let visitor = Visitor::of(request, house).await?;
        let kind = request.match_info().get("kind").unwrap_or_default();
        let kind = kind.parse().map_err(|_| WebError::NotFound)?;
        Ok(Self { visitor, wave: wave_of(request)?, kind })
    }

    fn about(&self) -> (Option<WaveCode>, MailKind) {
        (self.wave.clone(), self.kind)
    }

    fn href(&self) -> String {
        format!("{}/{}", letters_of(self.wave.as_ref()), self.kind.word())
    }

    fn address(&self) -> Result<EmailAddress, WebError> {
        self.visitor.account().map(|one| one.email.clone()).ok_or(WebError::SignInNeeded)
    }
}

fn saved(version: &LetterVersion) -> String {
    format!("{}, {}", version.saved_by.expose(), version.saved.in_words_with_time())
}

/// Whether a letter can be changed, in a sentence.
fn stage(held: &HeldLetter) -> String {
    match held.stage {
        LetterStage::ToCome => "Nothing of it has gone yet.".to_owned(),
        LetterStage::GoesOn(Some(last)) => format!(
            "It went at {}. What you save now counts for the next round.",
            last.in_words_with_time()
        ),
        LetterStage::GoesOn(None) => {
            "It goes to one reader at a time; what you save counts from then on.".to_owned()
        }
        LetterStage::Gone(Some(last)) => {
            format!("It went at {}, so it cannot be changed any more.", last.in_words_with_time())
        }
        LetterStage::Gone(None) => "It does not go any more, so it cannot be changed.".to_owned(),
    }
}

/// The letters of a wave, or those without one.
pub(super) async fn index(request: HttpRequest, house: TheHouse) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let wave = wave_of(&request)?;
    let code = wave.clone();
    let letters = house.blocking(move |house| flow::held_letters(house, code.as_ref())).await?;
    let of_wave = letters.iter().find_map(|held| held.wave.as_ref());
    let heading =
        of_wave.map_or_else(|| "Letters".to_owned(), |wave| format!("Letters of {}", wave.title));
    let mut trail = vec![Link::new("Survey office", "/office")];
    if let Some(wave) = of_wave {
        trail.push(Link::new(wave.title.clone(), format!("/office/waves/{}", wave.code)));
    }
    let base = letters_of(wave.as_ref());
    let row = |held: &HeldLetter| LetterRow {
        name: held.kind.to_string(),
        href: format!("{base}/{}", held.kind.word()),
        subject: held.written.subject.clone(),
        changed: held.versions.first().map(saved),
        stage: stage(held),
    };
    let notice = of_wave.and_then(|wave| wave.purpose.notice());
    let page = LettersPage {
        layout: frame(&house, &visitor)
            .at("/office")
            .page(heading.clone())
            .notice(notice)
            .trail(trail)
            .wide(),
        heading,
        of_wave: of_wave.is_some(),
        letters: letters.iter().map(row).collect(),
        others: match of_wave {
            Some(_) => Link::new("Letters that belong to no wave", "/office/letters"),
            None => Link::new("Survey office", "/office"),
        },
    };
    ok(&house, &page)
}

/// What the editor holds besides what is saved.
#[derive(Default)]
struct Desk {
    /// What is written and not saved.
    written: Option<Written>,
    faults: Vec<LetterFault>,
    meanwhile: Option<LetterVersion>,
    preview: Option<LetterPreview>,
    done: Option<String>,
    failed: Option<String>,
}

fn field(value: &str, faults: &[LetterFault], of_subject: bool) -> LetterField {
    let of = faults.iter().filter(|fault| fault.is_of_subject() == of_subject);
    LetterField { value: value.to_owned(), errors: of.map(ToString::to_string).collect() }
}

fn versions(held: &HeldLetter) -> Vec<VersionRow> {
    let usual = held.kind.usual();
    let first = VersionRow {
        name: "The usual text".to_owned(),
        saved: "It comes with the program.".to_owned(),
        subject: usual.subject,
        body: usual.body,
        counts: held.versions.is_empty(),
        number: "0".to_owned(),
    };
    let row = |one: &LetterVersion| VersionRow {
        name: format!("Version {}", one.version),
        saved: format!("Saved by {}", saved(one)),
        subject: one.written.subject.clone(),
        body: one.written.body.clone(),
        counts: one.version == held.version(),
        number: one.version.to_string(),
    };
    held.versions.iter().map(row).chain([first]).collect()
}

fn editor(house: &House, asked: &Asked, held: &HeldLetter, desk: Desk) -> LetterPage {
    let written = desk.written.unwrap_or_else(|| held.written.clone());
    let base = asked.href();
    let summary = |fault: &LetterFault| Prompt {
        href: if fault.is_of_subject() { "#subject" } else { "#body" }.to_owned(),
        text: fault.to_string(),
    };
    let errors: Vec<Prompt> = desk.faults.iter().map(summary).collect();
    let braces = |token: &str| format!("{{{{{token}}}}}");
    let needs: Vec<String> = held.kind.needs().iter().map(|token| braces(token.name())).collect();
    let title = held.kind.to_string();
    let mut trail = vec![Link::new("Survey office", "/office")];
    if let Some(wave) = &held.wave {
        trail.push(Link::new(wave.title.clone(), format!("/office/waves/{}", wave.code)));
    }
    trail.push(Link::new("Letters", letters_of(asked.wave.as_ref())));
    let chosen = desk.preview.as_ref().and_then(|preview| preview.group.clone());
    let groups = desk.preview.iter().flat_map(|preview| &preview.groups);
    let seen = desk.meanwhile.as_ref().map_or_else(|| held.version(), |newest| newest.version);
    LetterPage {
        layout: frame(house, &asked.visitor)
            .at("/office")
            .page(form_title(&title, &errors))
            .notice(held.wave.as_ref().and_then(|wave| wave.purpose.notice()))
            .trail(trail),
        caption: held.wave.as_ref().map_or_else(|| "Letter".to_owned(), |wave| wave.title.clone()),
        heading: title,
        done: desk.done,
        failed: desk.failed,
        meanwhile: desk.meanwhile.map(|newest| Meanwhile {
            saved: saved(&newest),
            subject: newest.written.subject,
            body: newest.written.body,
        }),
        errors,
        stage: stage(held),
        open: !matches!(held.stage, LetterStage::Gone(_)),
        subject: field(&written.subject, &desk.faults, true),
        body: field(&written.body, &desk.faults, false),
        most: MOST_BODY,
        tokens: held
            .kind
            .tokens()
            .iter()
            .map(|token| Fact::new(braces(token.name()), token.means()))
            .collect(),
        needs: if needs.is_empty() { "no token".to_owned() } else { needs.join(" and ") },
        groups: groups
            .map(|(slug, name)| Choice {
                value: slug.to_string(),
                label: name.clone(),
                chosen: Some(slug) == chosen.as_ref(),
            })
            .collect(),
        preview: desk.preview.map(|preview| PreviewView::of(&preview.filled, preview.notice)),
        look: format!("{base}/preview"),
        test: format!("{base}/test"),
        test_to: asked
            .visitor
            .account()
            .map_or_else(String::new, |account| account.email.expose().to_owned()),
        hidden: vec![Hidden { name: SEEN.to_owned(), value: seen.to_string() }],
        versions: versions(held),
        bring_back: format!("{base}/bring-back"),
        action: base,
    }
}

/// The editor with a preview of what it holds, as far as that has no faults.
async fn show_desk(
    house: &TheHouse,
    asked: &Asked,
    group: Option<GroupSlug>,
    status: StatusCode,
    mut desk: Desk,
) -> Result<HttpResponse, WebError> {
    let (wave, kind) = asked.about();
    let written = desk.written.clone();
    let (held, preview) = house
        .blocking(move |house| {
            let held = flow::held_letter(house, wave.as_ref(), kind)?;
            let written = written.unwrap_or_else(|| held.written.clone());
            let about = (wave.as_ref(), kind);
            match flow::preview_letter(house, about, &written, group.as_ref()) {
                Err(FlowError::LetterRefused(_)) => Ok((held, None)),
                other => Ok((held, Some(other?))),
            }
        })
        .await?;
    desk.preview = preview;
    Ok(page_response(house, status, &editor(house, asked, &held, desk))?)
}

/// The query of an editor's address.
#[derive(serde::Deserialize)]
pub(super) struct Query {
    done: Option<String>,
}

pub(super) async fn letter(
    request: HttpRequest,
    query: web::Query<Query>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let asked = Asked::of(&request, &house).await?;
    let done = match query.done.as_deref() {
        Some("saved") => Some("Saved. It counts from now on.".to_owned()),
        Some("back") => Some("Brought back as a new version.".to_owned()),
        _ => None,
    };
    show_desk(&house, &asked, None, StatusCode::OK, Desk { done, ..Desk::default() }).await
}

/// What a form of the editor says.
struct Form {
    written: Written,
    group: Option<GroupSlug>,
    seen: u32,
}

fn form(fields: &Fields) -> Form {
    let of = |name: &str| sent(fields, name).to_owned();
    Form {
        // The browser sends line ends of its own kind.
        written: Written { subject: of("subject"), body: of("body").replace("\r\n", "\n") },
        group: of("group").parse().ok(),
        seen: of(SEEN).parse().unwrap_or(0),
    }
}

/// The editor after a refusal: nothing of what was written is lost.
async fn refused(
    house: &TheHouse,
    asked: &Asked,
    form: Form,
    refusal: LetterRefusal,
) -> Result<HttpResponse, WebError> {
    let mut desk = Desk { written: Some(form.written), ..Desk::default() };
    let status = match refusal {
        LetterRefusal::Faults(faults) => {
            desk.faults = faults;
            StatusCode::UNPROCESSABLE_ENTITY
        }
        LetterRefusal::Changed(newest) => {
            desk.meanwhile = Some(*newest);
            StatusCode::CONFLICT
        }
        LetterRefusal::Gone => {
            desk.failed = Some("It has gone meanwhile, so nothing was saved.".to_owned());
            StatusCode::CONFLICT
        }
    };
    show_desk(house, asked, form.group, status, desk).await
}

pub(super) async fn save(
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let asked = Asked::of(&request, &house).await?;
    let (form, by, (wave, kind)) = (form(&fields), asked.address()?, asked.about());
    let (written, seen) = (form.written.clone(), form.seen);
    let saved = house
        .blocking(move |house| flow::save_letter(house, (wave.as_ref(), kind), &written, seen, &by))
        .await;
    match saved {
        Err(FlowError::LetterRefused(refusal)) => refused(&house, &asked, form, refusal).await,
        other => {
            other?;
            Ok(see_other(&format!("{}?done=saved", asked.href())))
        }
    }
}

/// Shows what is written without saving it.
pub(super) async fn preview(
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let asked = Asked::of(&request, &house).await?;
    let form = form(&fields);
    if let Err(faults) = crate::letter::Letter::parse(asked.kind, &form.written) {
        return refused(&house, &asked, form, LetterRefusal::Faults(faults)).await;
    }
    let done = Some("This preview is not saved.".to_owned());
    let desk = Desk { written: Some(form.written), done, ..Desk::default() };
    show_desk(&house, &asked, form.group, StatusCode::OK, desk).await
}

/// Sends what is written to whoever is signed in, without saving it.
pub(super) async fn test(
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let asked = Asked::of(&request, &house).await?;
    let (form, to) = (form(&fields), asked.address()?);
    let (written, group) = (form.written.clone(), form.group.clone());
    let delivery = flow::send_test_letter(&house, asked.about(), written, group, to.clone()).await;
    let mut desk = Desk { written: Some(form.written.clone()), ..Desk::default() };
    match delivery {
        Err(FlowError::LetterRefused(refusal)) => {
            return refused(&house, &asked, form, refusal).await;
        }
        other => match other? {
            Delivery::Taken => {
                desk.done = Some(format!("A test is on its way to {}.", to.expose()));
            }
            Delivery::Refused(why) | Delivery::Later { said: why, .. } => {
                desk.failed = Some(format!("The test did not go. The mail server said: {why}"));
            }
            Delivery::Unknown => {
                desk.failed =
                    Some("The line to the mail server broke; the test may have gone.".to_owned());
            }
        },
    }
    show_desk(&house, &asked, form.group, StatusCode::OK, desk).await
}

/// Makes an earlier version the newest.
pub(super) async fn bring_back(
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let asked = Asked::of(&request, &house).await?;
    let version: u32 = sent(&fields, "version").parse().map_err(|_| WebError::BadForm)?;
    let seen = sent(&fields, SEEN).parse().unwrap_or(0);
    let (by, (wave, kind)) = (asked.address()?, asked.about());
    let done = house
        .blocking(move |house| {
            flow::bring_back_letter(house, (wave.as_ref(), kind), version, seen, &by)
        })
        .await;
    match done {
        Err(FlowError::LetterRefused(refusal)) => {
            let failed = match refusal {
                LetterRefusal::Gone => "It has gone, so it was not changed.",
                LetterRefusal::Changed(_) => "Somebody else saved a version meanwhile. Look again.",
                LetterRefusal::Faults(_) => "That version has faults by today's rules.",
            };
            let desk = Desk { failed: Some(failed.to_owned()), ..Desk::default() };
            show_desk(&house, &asked, None, StatusCode::CONFLICT, desk).await
        }
        other => {
            other?;
            Ok(see_other(&format!("{}?done=back", asked.href())))
        }
    }
}
