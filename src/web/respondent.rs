//! What a lead meets: the link, the form section by section, the check, the
//! receipt, and saying no. Works without script; nothing is spent by opening.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::answer::{AnswerFault, Reply, row_order};
use crate::definition::{Section, fill};
use crate::flow::{self, Cast, FlowError, House, SectionSaved, Visit};
use crate::id::ItemCode;
use crate::invitation::{Standing, Token};
use crate::pages::{
    CheckPage, DeclinePage, DeclinedPage, DonePage, Filled, Hidden, LEAVE_BLANK, Layout, Prompt,
    QuestionView, SectionPage, WelcomePage, paragraphs, questions, summary,
};

use super::error::WebError;
use super::frame::frame;
use super::session::{Jar, TheHouse, Visitor, link, ok, page_response, see_other};

type Fields = web::Form<Vec<(String, String)>>;

fn layout(house: &House, visit: &Visit, title: &str) -> Layout {
    frame(house, &Visitor::nobody()).page(title).notice(visit.wave.purpose.notice())
}

async fn visiting(house: &House, token: Token) -> Result<Visit, WebError> {
    Ok(house.blocking(move |house| flow::visit(house, &token)).await?)
}

/// Whoever holds the cookie, while the wave takes answers.
async fn answering(request: &HttpRequest, house: &House) -> Result<Visit, WebError> {
    let visit = visiting(house, link(request, house)?).await?;
    visit.check_open(house)?;
    Ok(visit)
}

fn token(text: &str) -> Result<Token, WebError> {
    text.parse().map_err(|_| FlowError::DeadLink.into())
}

/// The page behind the link in the mail. Changes nothing: scanners come here too.
pub(super) async fn welcome(
    path: web::Path<String>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visit = visiting(&house, token(&path)?).await?;
    visit.check_open(&house)?;
    let tokens = visit.tokens();
    let page = WelcomePage {
        layout: layout(&house, &visit, &visit.survey.title),
        heading: fill(&visit.survey.title, &tokens),
        group: visit.invitation.group_name.clone(),
        welcome: paragraphs(&fill(&visit.survey.texts.welcome, &tokens)),
        closes: visit.wave.closes.in_words_with_time(),
        answered: visit.has_answered(),
        declined: visit.invitation.standing == Standing::Declined,
        action: format!("/s/{path}"),
        hidden: Vec::new(),
    };
    ok(&house, &page)
}

/// Changes the link's secret for a cookie, and goes on to an address without it.
pub(super) async fn enter(
    path: web::Path<String>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visit = visiting(&house, token(&path)?).await?;
    visit.check_open(&house)?;
    let mut response = see_other("/answer");
    drop(response.add_cookie(&Jar::Link.cookie(&house, visit.token.expose())));
    Ok(response)
}

/// The field that says under which link a form was made.
const MARK: &str = "-link";

fn mark(visit: &Visit) -> Vec<Hidden> {
    vec![Hidden { name: MARK.to_owned(), value: visit.token.form_mark() }]
}

/// The link of the cookie, if the form was made under it: another may have
/// been opened in the same browser since.
fn link_of_form(
    request: &HttpRequest,
    house: &House,
    fields: &[(String, String)],
) -> Result<Token, WebError> {
    let token = link(request, house)?;
    let marked = fields.iter().find(|(name, _)| name == MARK).map(|(_, value)| value.as_str());
    if marked == Some(token.form_mark().as_str()) { Ok(token) } else { Err(WebError::OtherLink) }
}

fn href(section: &Section) -> String {
    format!("/answer/{}", section.code)
}

/// Whether any question of a section has an answer.
fn is_begun(visit: &Visit, section: &Section) -> bool {
    section.questions.iter().flat_map(|question| question.items(section)).any(|item| {
        visit.draft.choice(item.code).is_some() || visit.draft.text(item.code).is_some()
    })
}

/// On to the first section that has a question without an answer.
pub(super) async fn resume(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visit = answering(&request, &house).await?;
    let sections = &visit.survey.sections;
    let last_begun = sections.iter().rposition(|section| is_begun(&visit, section));
    let next = match last_begun {
        None => 0,
        Some(at) => {
            let whole = sections
                .get(at)
                .is_some_and(|section| visit.draft.blanks(&visit.survey, section).is_empty());
            if whole { at + 1 } else { at }
        }
    };
    Ok(see_other(&sections.get(next).map_or_else(|| "/answer/check".to_owned(), href)))
}

/// What is wrong with an answer, in a sentence.
fn sentence(fault: &AnswerFault) -> String {
    match fault {
        AnswerFault::UnknownOption { .. } | AnswerFault::WrongKind { .. } => {
            "Choose one of the answers shown".to_owned()
        }
        AnswerFault::TooLong { max, got, .. } => {
            format!("Use {max} characters or fewer; this has {got}")
        }
        AnswerFault::UnknownItem { .. } => "This question is not part of the survey".to_owned(),
    }
}

/// What fills a page of the form.
struct Filling<'v> {
    visit: &'v Visit,
    reply: &'v Reply,
    /// Texts as they were just typed, where they could not be taken.
    typed: BTreeMap<ItemCode, String>,
    faults: BTreeMap<ItemCode, String>,
}

impl<'v> Filling<'v> {
    fn of(visit: &'v Visit) -> Self {
        Self { visit, reply: &visit.draft, typed: BTreeMap::new(), faults: BTreeMap::new() }
    }

    fn with<T>(&self, make: impl FnOnce(&Filled<'_>) -> T) -> T {
        let tokens = self.visit.tokens();
        let seed = self.visit.token.order_seed();
        let written = |item: &ItemCode| {
            let typed = self.typed.get(item).map(String::as_str);
            typed.or_else(|| self.reply.text(item)).map(str::to_owned)
        };
        make(&Filled {
            chosen: &|item| self.reply.choice(item),
            written: &written,
            faults: &self.faults,
            fill: &|text| fill(text, &tokens),
            row_order: &|_, rows| row_order(rows, &seed),
        })
    }
}

fn prompts(views: &[QuestionView], items: &[ItemCode]) -> Vec<Prompt> {
    let wanted = |name: &str| items.iter().any(|item| item.as_str() == name);
    let mut prompts = Vec::new();
    for view in views {
        let rows = view.grid.iter().flat_map(|grid| &grid.rows);
        let named = rows.map(|row| (&row.name, &row.id, &row.label));
        for (name, id, text) in named.chain(std::iter::once((&view.name, &view.id, &view.wording)))
        {
            if wanted(name) {
                prompts.push(Prompt { href: format!("#{id}"), text: text.clone() });
            }
        }
    }
    prompts
}

fn section_page(
    house: &House,
    filling: &Filling<'_>,
    code: &str,
    blanks: &[ItemCode],
) -> Result<SectionPage, WebError> {
    let visit = filling.visit;
    let (at, section) = visit.survey.section(code).ok_or(WebError::NotFound)?;
    let before = at.checked_sub(1).and_then(|before| visit.survey.sections.get(before));
    let tokens = visit.tokens();
    let views = filling.with(|filled| questions(section, filled));
    let faulty: Vec<ItemCode> = filling.faults.keys().cloned().collect();
    let errors = prompts(&views, &faulty)
        .into_iter()
        .map(|prompt| {
            let item = filling.faults.iter().find(|(item, _)| prompt.href == format!("#{item}"));
            let said = item.map_or("", |(_, said)| said.as_str());
            Prompt { text: format!("{} – {said}", prompt.text), href: prompt.href }
        })
        .collect();
    let title = if filling.faults.is_empty() {
        fill(&section.title, &tokens)
    } else {
        format!("Error: {}", fill(&section.title, &tokens))
    };
    let mut layout = layout(house, visit, &title);
    if let Some(before) = before {
        layout = layout.back("Back", href(before));
    }
    Ok(SectionPage {
        layout,
        step: at + 1,
        steps: visit.survey.sections.len(),
        heading: fill(&section.title, &tokens),
        intro: paragraphs(&fill(&section.intro, &tokens)),
        blanks: prompts(&views, blanks),
        questions: views,
        errors,
        resumed: is_begun(visit, section),
        group: visit.invitation.group_name.clone(),
        action: href(section),
        hidden: mark(visit),
        leave_blank: LEAVE_BLANK.0.to_owned(),
        decline: "/answer/decline".to_owned(),
    })
}

pub(super) async fn section(
    request: HttpRequest,
    path: web::Path<String>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visit = answering(&request, &house).await?;
    let page = section_page(&house, &Filling::of(&visit), &path, &[])?;
    ok(&house, &page)
}

/// Saves a section and goes on; stays for faults, and once for blanks.
pub(super) async fn save(
    request: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let code = path.into_inner();
    let fields = fields.into_inner();
    let token = link_of_form(&request, &house, &fields)?;
    let leave_blank =
        fields.iter().any(|(name, value)| (name.as_str(), value.as_str()) == LEAVE_BLANK);
    let (section, sent, secret) = (code.clone(), fields.clone(), token.clone());
    let SectionSaved { faults, blanks } =
        house.blocking(move |house| flow::save_section(house, &secret, &section, &sent)).await?;
    let visit = visiting(&house, token).await?;
    if !faults.is_empty() || (!blanks.is_empty() && !leave_blank) {
        let mut filling = Filling::of(&visit);
        for fault in &faults {
            filling.faults.insert(fault.item().clone(), sentence(fault));
            let typed = fields.iter().find(|(name, _)| name == fault.item().as_str());
            if let (AnswerFault::TooLong { .. }, Some((_, text))) = (fault, typed) {
                filling.typed.insert(fault.item().clone(), text.clone());
            }
        }
        let asked: &[ItemCode] = if faults.is_empty() { &blanks } else { &[] };
        let page = section_page(&house, &filling, &code, asked)?;
        let status =
            if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return Ok(page_response(&house, status, &page)?);
    }
    let next = visit.survey.section(&code).and_then(|(at, _)| visit.survey.sections.get(at + 1));
    Ok(see_other(&next.map_or_else(|| "/answer/check".to_owned(), href)))
}

pub(super) async fn check(request: HttpRequest, house: TheHouse) -> Result<HttpResponse, WebError> {
    let visit = answering(&request, &house).await?;
    let sections = Filling::of(&visit).with(|filled| summary(&visit.survey, filled, &href));
    let blanks = sections.iter().flat_map(|section| &section.rows).filter(|row| row.blank).count();
    let back = visit.survey.sections.last().map_or_else(|| "/answer".to_owned(), href);
    let page = CheckPage {
        layout: layout(&house, &visit, "Check your answers").back("Back", back),
        group: visit.invitation.group_name.clone(),
        sections,
        blanks,
        empty: visit.draft.is_empty(),
        replaces: visit.has_answered(),
        closes: visit.wave.closes.in_words_with_time(),
        action: "/answer/send".to_owned(),
        hidden: mark(&visit),
        decline: "/answer/decline".to_owned(),
    };
    ok(&house, &page)
}

/// Seals the answers. A second press of the button finds them sealed already.
pub(super) async fn send(
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let token = link_of_form(&request, &house, &fields)?;
    match house.blocking(move |house| flow::cast_ballot(house, &token)).await? {
        Cast::Sealed(_) | Cast::Before(_) => Ok(see_other("/answer/done")),
    }
}

pub(super) async fn done(request: HttpRequest, house: TheHouse) -> Result<HttpResponse, WebError> {
    let visit = answering(&request, &house).await?;
    if !visit.has_answered() {
        return Ok(see_other("/answer"));
    }
    let page = DonePage {
        layout: layout(&house, &visit, "Thank you"),
        group: visit.invitation.group_name.clone(),
        thanks: paragraphs(&fill(&visit.survey.texts.thanks, &visit.tokens())),
        closes: visit.wave.closes.in_words_with_time(),
        publishes: visit.wave.publishes.in_words(),
        again: "/answer".to_owned(),
    };
    ok(&house, &page)
}

pub(super) async fn ask_to_decline(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visit = answering(&request, &house).await?;
    let page = DeclinePage {
        layout: layout(&house, &visit, "You do not want to answer?")
            .back("Back to the questions", "/answer"),
        group: visit.invitation.group_name.clone(),
        answered: visit.has_answered(),
        closes: visit.wave.closes.in_words_with_time(),
        action: "/answer/decline".to_owned(),
        hidden: mark(&visit),
    };
    ok(&house, &page)
}

pub(super) async fn decline(
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let token = link_of_form(&request, &house, &fields)?;
    house.blocking(move |house| flow::decline(house, &token)).await?;
    Ok(see_other("/answer/declined"))
}

pub(super) async fn declined(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visit = answering(&request, &house).await?;
    if visit.invitation.standing != Standing::Declined {
        return Ok(see_other("/answer"));
    }
    let page = DeclinedPage {
        layout: layout(&house, &visit, "We will not write to you again"),
        closes: visit.wave.closes.in_words_with_time(),
        again: "/answer".to_owned(),
    };
    ok(&house, &page)
}
