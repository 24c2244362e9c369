//! One section of the form: shown, saved when the lead goes on, and saved while
//! the lead types where there is script.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use crate::answer::{AnswerFault, EDITIONS, Route, editions, row_order};
use crate::definition::{Question, Section, fill};
use crate::flow::{self, House, SectionSaved, Visit};
use crate::id::ItemCode;
use crate::pages::{
    Fault, Filled, Hidden, LEAVE_BLANK, OwnSection, Prompt, QuestionView, SectionPage, offers,
    paragraphs, questions, sentence,
};

use super::ahead::Ahead;
use super::error::WebError;
use super::respondent::{Fields, answering, href, layout, link_of_form, mark};
use super::session::{TheHouse, html_response, page_response, see_other};

/// Name and value of the field by which the script says that it only saves.
const KEEP: (&str, &str) = ("-keep", "yes");

/// Why a section is shown.
enum Because<'b> {
    /// The lead came to it.
    Asked,
    /// Answers just sent could not be taken.
    Faults(&'b [AnswerFault], &'b [(String, String)]),
    /// The answers just sent brought up these items.
    More(&'b [ItemCode]),
    /// These items were just left blank.
    Blanks(&'b [ItemCode]),
}

/// What the script is told after a save.
#[derive(Serialize)]
struct Kept {
    /// The form's editions from now on.
    editions: String,
    /// The questions that are asked now, in screen order: their codes, with what
    /// they offer where earlier answers decide that.
    questions: Vec<String>,
    /// How long there is to answer.
    left: String,
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

fn views(visit: &Visit, section: &Section, because: &Because<'_>) -> Vec<QuestionView> {
    let (tokens, seed) = (visit.tokens(), visit.token.order_seed());
    let fill = |text: &str| fill(text, &tokens);
    let (faults, sent) = match because {
        Because::Faults(faults, sent) => (*faults, *sent),
        _ => (&[][..], &[][..]),
    };
    let faults: BTreeMap<ItemCode, Fault> = faults
        .iter()
        .map(|fault| (fault.item.clone(), sentence(&visit.survey, &visit.draft, fault, &fill)))
        .collect();
    let filled = Filled {
        reply: &visit.draft,
        route: &Route::of(&visit.survey, &visit.draft),
        faults: &faults,
        sent,
        fill: &fill,
        row_order: &|rows| row_order(rows, &seed),
    };
    questions(section, &filled)
}

/// What is wrong, each with a link to its field.
fn errors(views: &[QuestionView]) -> Vec<Prompt> {
    let of = |id: &str, asked: &str, error: &Option<String>| {
        let said = error.as_ref()?;
        Some(Prompt { href: format!("#{id}"), text: format!("{asked} – {said}") })
    };
    views
        .iter()
        .flat_map(|view| {
            let rows = view.grid.iter().flat_map(|grid| &grid.rows);
            let rows = rows.filter_map(|row| of(&row.id, &row.label, &row.error));
            rows.chain(of(&view.id, &view.wording, &view.error)).collect::<Vec<_>>()
        })
        .collect()
}

/// Where a section stands among those that a lead is asked.
struct Place<'p> {
    /// In the survey, from 0.
    at: usize,
    section: &'p Section,
    /// Among those asked, from 1, and how many these are.
    step: usize,
    steps: usize,
    before: Option<&'p Section>,
}

fn place<'p>(visit: &'p Visit, route: &Route<'_>, code: &str) -> Result<Place<'p>, WebError> {
    let (at, section) = visit.survey.section(code).ok_or(WebError::NotFound)?;
    let asked = |(place, section): &(usize, &Section)| *place == at || route.enters(section);
    let all = || visit.survey.sections.iter().enumerate().filter(asked);
    let before = all().take_while(|(place, _)| *place < at).map(|(_, section)| section);
    let step = before.clone().count() + 1;
    Ok(Place { at, section, step, steps: all().count(), before: before.last() })
}

/// The edition of every answer on the page.
fn editions_of(visit: &Visit, section: &Section, route: &Route<'_>) -> String {
    let asked = section.items().map(|item| item.code).filter(|item| route.asks(item));
    editions(&visit.token.order_seed(), &visit.draft, asked)
}

fn resumed(visit: &Visit, section: &Section) -> bool {
    section.items().any(|item| visit.draft.answer(item.code).is_some())
}

fn page(
    house: &House,
    visit: &Visit,
    code: &str,
    because: &Because<'_>,
) -> Result<SectionPage, WebError> {
    let route = Route::of(&visit.survey, &visit.draft);
    let Place { section, step, steps, before, .. } = place(visit, &route, code)?;
    let tokens = visit.tokens();
    let views = views(visit, section, because);
    let errors = errors(&views);
    let heading = fill(&section.title, &tokens);
    let title = if errors.is_empty() { heading.clone() } else { format!("Error: {heading}") };
    let mut layout = layout(house, visit, &title);
    layout = match before {
        Some(before) => layout.back("Back", href(before)),
        None => layout,
    };
    let listed = |items: &[ItemCode]| prompts(&views, items);
    let (blanks, more) = match because {
        Because::Blanks(blanks) => (listed(blanks), Vec::new()),
        Because::More(more) => (Vec::new(), listed(more)),
        Because::Asked | Because::Faults(..) => (Vec::new(), Vec::new()),
    };
    let mut hidden = mark(visit);
    let value = editions_of(visit, section, &route);
    hidden.push(Hidden { name: EDITIONS.to_owned(), value });
    Ok(SectionPage {
        layout,
        step: step.to_string(),
        steps: steps.to_string(),
        heading,
        intro: paragraphs(&fill(&section.intro, &tokens)),
        blanks,
        more,
        left: house.now().left_until(visit.wave.closes),
        questions: views,
        errors,
        resumed: resumed(visit, section),
        group: visit.invitation.group_name.clone(),
        action: href(section),
        hidden,
        leave_blank: LEAVE_BLANK.0.to_owned(),
        decline: "/answer/decline".to_owned(),
    })
}

/// The page of a section that a lead comes to, joined from what was made ahead;
/// none if it must be rendered.
fn joined(
    house: &House,
    ahead: &Ahead,
    visit: &Visit,
    code: &str,
) -> Result<Option<String>, WebError> {
    let route = Route::of(&visit.survey, &visit.draft);
    let Place { at, section, step, steps, before } = place(visit, &route, code)?;
    let anew = |visit: &Visit| page(house, visit, code, &Because::Asked);
    let Some(prepared) = ahead.section(house, visit, at, &anew)? else { return Ok(None) };
    let (tokens, seed) = (visit.tokens(), visit.token.order_seed());
    let filled = Filled {
        reply: &visit.draft,
        route: &route,
        faults: &BTreeMap::new(),
        sent: &[],
        fill: &|text| fill(text, &tokens),
        row_order: &|rows| row_order(rows, &seed),
    };
    let mut hidden = mark(visit);
    let value = editions_of(visit, section, &route);
    hidden.push(Hidden { name: EDITIONS.to_owned(), value });
    let back = before.map(href);
    let own = OwnSection {
        group: &visit.invitation.group_name,
        pct: &visit.invitation.pct_name,
        step,
        steps,
        back: back.as_deref(),
        left: &house.now().left_until(visit.wave.closes),
        hidden: &hidden,
        resumed: resumed(visit, section),
    };
    Ok(prepared.html(&house.pages, section, &own, &filled)?)
}

pub(super) async fn section(
    request: HttpRequest,
    path: web::Path<String>,
    house: TheHouse,
    ahead: web::Data<Ahead>,
) -> Result<HttpResponse, WebError> {
    let visit = answering(&request, &house).await?;
    let rendered = || -> Result<String, WebError> {
        Ok(house.pages.html(&page(&house, &visit, &path, &Because::Asked)?)?)
    };
    let html = match joined(&house, &ahead, &visit, &path)? {
        Some(html) => {
            debug_assert!(rendered().is_ok_and(|other| other == html), "joined wrongly");
            html
        }
        None => rendered()?,
    };
    Ok(html_response(StatusCode::OK, html))
}

/// Saves a section and goes on; stays for faults, for questions that the answers
/// brought up, and once for blanks.
pub(super) async fn save(
    request: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let code = path.into_inner();
    let fields = fields.into_inner();
    let token = link_of_form(&request, &house, &fields)?;
    let says = |wanted: (&str, &str)| {
        fields.iter().any(|(name, value)| (name.as_str(), value.as_str()) == wanted)
    };
    let (leave_blank, keep) = (says(LEAVE_BLANK), says(KEEP));
    let (section, sent) = (code.clone(), fields.clone());
    let saved =
        house.blocking(move |house| flow::save_section(house, &token, &section, &sent)).await?;
    if keep {
        return Ok(kept(&house, &code, saved));
    }
    let SectionSaved { visit, faults, blanks, more, .. } = saved;
    let (status, because) = if !faults.is_empty() {
        (StatusCode::UNPROCESSABLE_ENTITY, Because::Faults(&faults, &fields))
    } else if !more.is_empty() {
        (StatusCode::OK, Because::More(&more))
    } else if !blanks.is_empty() && !leave_blank {
        (StatusCode::OK, Because::Blanks(&blanks))
    } else {
        return Ok(see_other(&after(&visit, &code)));
    };
    let page = page(&house, &visit, &code, &because)?;
    Ok(page_response(&house, status, &page)?)
}

fn kept(house: &House, code: &str, saved: SectionSaved) -> HttpResponse {
    let SectionSaved { visit, editions, .. } = saved;
    let route = Route::of(&visit.survey, &visit.draft);
    let section = visit.survey.section(code).map(|(_, section)| section);
    let shown = |question: &Question, section: &Section| {
        let items = question.items(section);
        let first = items.iter().find(|item| route.asks(item.code))?;
        let offers = offers(first, &route);
        let mark = if offers.is_empty() { String::new() } else { format!(":{offers}") };
        Some(format!("{}{mark}", question.code))
    };
    let questions = section.map(|section| {
        section.questions.iter().filter_map(|question| shown(question, section)).collect()
    });
    HttpResponse::Ok().json(Kept {
        editions,
        questions: questions.unwrap_or_default(),
        left: house.now().left_until(visit.wave.closes),
    })
}

/// The address after a section: the next one that asks anything, or the check.
fn after(visit: &Visit, code: &str) -> String {
    let route = Route::of(&visit.survey, &visit.draft);
    let at = visit.survey.section(code).map_or(0, |(at, _)| at);
    let next = visit.survey.sections.iter().skip(at + 1).find(|section| route.enters(section));
    next.map_or_else(|| "/answer/check".to_owned(), href)
}
