//! One section of the form: shown, saved when the lead goes on, and saved while
//! the lead types where there is script.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use crate::answer::{AnswerFault, EDITIONS, Route, Taken, editions, row_order};
use crate::definition::{Question, Section, Survey, fill};
use crate::flow::{self, SectionSaved, Visit};
use crate::id::ItemCode;
use crate::pages::{
    Fault, Filled, Hidden, LEAVE_BLANK, OwnSection, Prompt, QuestionView, SectionPage, offers,
    paragraphs, questions, sentence,
};

use super::ahead::Ahead;
use super::error::WebError;
use super::respondent::{answering, link_of_form};
use super::sent::Fields;
use super::session::{TheHouse, html_response, page_response, see_other};
use super::walk::{Lead, Walk};

/// Name and value of the field by which the script says that it only saves.
const KEEP: (&str, &str) = ("-keep", "yes");

/// Why a section is shown.
pub(super) enum Because<'b> {
    /// Somebody came to it.
    Asked,
    /// Answers just sent could not be taken.
    Faults(&'b [AnswerFault], &'b [(String, String)]),
    /// The answers just sent brought up these items.
    More(&'b [ItemCode]),
    /// These items were just left blank.
    Blanks(&'b [ItemCode]),
}

/// What follows when a section was taken.
pub(super) enum Next<'n> {
    /// The script is told what is kept.
    Kept(Kept),
    /// The section is shown again.
    Stay(StatusCode, Because<'n>),
    /// The form goes on at this address.
    On(String),
}

/// What the script is told after a save.
#[derive(Serialize)]
pub(super) struct Kept {
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

fn views(walk: &dyn Walk, section: &Section, because: &Because<'_>) -> Vec<QuestionView> {
    let (survey, draft) = (walk.survey(), walk.draft());
    let (tokens, seed) = (walk.tokens(), walk.seed());
    let fill = |text: &str| fill(text, &tokens);
    let (faults, sent) = match because {
        Because::Faults(faults, sent) => (*faults, *sent),
        _ => (&[][..], &[][..]),
    };
    let faults: BTreeMap<ItemCode, Fault> = faults
        .iter()
        .map(|fault| (fault.item.clone(), sentence(survey, draft, fault, &fill)))
        .collect();
    let filled = Filled {
        reply: draft,
        route: &Route::of(survey, draft),
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

/// Where a section stands among those that somebody is asked.
struct Place<'p> {
    /// In the survey, from 0.
    at: usize,
    section: &'p Section,
    /// Among those asked, from 1, and how many these are.
    step: usize,
    steps: usize,
    before: Option<&'p Section>,
}

fn place<'p>(survey: &'p Survey, route: &Route<'_>, code: &str) -> Result<Place<'p>, WebError> {
    let (at, section) = survey.section(code).ok_or(WebError::NotFound)?;
    let asked = |(place, section): &(usize, &Section)| *place == at || route.enters(section);
    let all = || survey.sections.iter().enumerate().filter(asked);
    let before = all().take_while(|(place, _)| *place < at).map(|(_, section)| section);
    let step = before.clone().count() + 1;
    Ok(Place { at, section, step, steps: all().count(), before: before.last() })
}

/// The unseen fields of a section's form, with the edition of every answer on it.
fn hidden(walk: &dyn Walk, section: &Section, route: &Route<'_>) -> Vec<Hidden> {
    let asked = section.items().map(|item| item.code).filter(|item| route.asks(item));
    let value = editions(&walk.seed(), walk.draft(), asked);
    let mut hidden = walk.hidden();
    hidden.push(Hidden { name: EDITIONS.to_owned(), value });
    hidden
}

fn resumed(walk: &dyn Walk, section: &Section) -> bool {
    section.items().any(|item| walk.draft().answer(item.code).is_some())
}

/// The page of a section.
pub(super) fn page(
    walk: &dyn Walk,
    code: &str,
    because: &Because<'_>,
) -> Result<SectionPage, WebError> {
    let route = Route::of(walk.survey(), walk.draft());
    let Place { section, step, steps, before, .. } = place(walk.survey(), &route, code)?;
    let tokens = walk.tokens();
    let views = views(walk, section, because);
    let errors = errors(&views);
    let heading = fill(&section.title, &tokens);
    let title = if errors.is_empty() { heading.clone() } else { format!("Error: {heading}") };
    let mut layout = walk.layout(&title);
    layout = match before {
        Some(before) => layout.back("Back", walk.href(before)),
        None => layout,
    };
    let listed = |items: &[ItemCode]| prompts(&views, items);
    let (blanks, more) = match because {
        Because::Blanks(blanks) => (listed(blanks), Vec::new()),
        Because::More(more) => (Vec::new(), listed(more)),
        Because::Asked | Because::Faults(..) => (Vec::new(), Vec::new()),
    };
    Ok(SectionPage {
        layout,
        step: step.to_string(),
        steps: steps.to_string(),
        heading,
        intro: paragraphs(&fill(&section.intro, &tokens)),
        blanks,
        more,
        left: walk.left(),
        questions: views,
        errors,
        resumed: resumed(walk, section),
        group: walk.group(),
        action: walk.href(section),
        hidden: hidden(walk, section, &route),
        leave_blank: LEAVE_BLANK.0.to_owned(),
        decline: walk.decline(),
        leave: walk.leave(),
    })
}

/// The page of a section that a lead comes to, joined from what was made ahead;
/// none if it must be rendered.
fn joined(lead: &Lead<'_>, ahead: &Ahead, code: &str) -> Result<Option<String>, WebError> {
    let Lead { house, visit } = *lead;
    let route = Route::of(&visit.survey, &visit.draft);
    let Place { at, section, step, steps, before } = place(&visit.survey, &route, code)?;
    let anew = |visit: &Visit| page(&Lead { house, visit }, code, &Because::Asked);
    let Some(prepared) = ahead.section(house, visit, at, &anew)? else { return Ok(None) };
    let (tokens, seed) = (visit.tokens(), lead.seed());
    let filled = Filled {
        reply: &visit.draft,
        route: &route,
        faults: &BTreeMap::new(),
        sent: &[],
        fill: &|text| fill(text, &tokens),
        row_order: &|rows| row_order(rows, &seed),
    };
    let back = before.map(|section| lead.href(section));
    let own = OwnSection {
        group: &visit.invitation.group_name,
        pct: &visit.invitation.pct_name,
        step,
        steps,
        back: back.as_deref(),
        left: &lead.left(),
        hidden: &hidden(lead, section, &route),
        resumed: resumed(lead, section),
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
    let lead = Lead { house: &house, visit: &visit };
    let rendered = || -> Result<String, WebError> {
        Ok(house.pages.html(&page(&lead, &path, &Because::Asked)?)?)
    };
    let html = match joined(&lead, &ahead, &path)? {
        Some(html) => {
            debug_assert!(rendered().is_ok_and(|other| other == html), "joined wrongly");
            html
        }
        None => rendered()?,
    };
    Ok(html_response(StatusCode::OK, html))
}

/// Saves a section and goes on, or stays.
pub(super) async fn save(
    request: HttpRequest,
    path: web::Path<String>,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let code = path.into_inner();
    let token = link_of_form(&request, &house, &fields)?;
    let saved = flow::save_section(&house, token, code.clone(), fields.shared()).await?;
    let SectionSaved { visit, taken } = saved;
    let lead = Lead { house: &house, visit: &visit };
    match next(&lead, &code, &taken, &fields) {
        Next::Kept(kept) => Ok(HttpResponse::Ok().json(kept)),
        Next::Stay(status, because) => {
            Ok(page_response(&house, status, &page(&lead, &code, &because)?)?)
        }
        Next::On(to) => Ok(see_other(&to)),
    }
}

/// What follows when a section was taken from these fields: it stays for faults,
/// for questions that the answers brought up, and once for blanks.
pub(super) fn next<'n>(
    walk: &dyn Walk,
    code: &str,
    taken: &'n Taken,
    fields: &'n [(String, String)],
) -> Next<'n> {
    let says = |wanted: (&str, &str)| {
        fields.iter().any(|(name, value)| (name.as_str(), value.as_str()) == wanted)
    };
    let Taken { faults, blanks, more, editions } = taken;
    if says(KEEP) {
        Next::Kept(kept(walk, code, editions.clone()))
    } else if !faults.is_empty() {
        Next::Stay(StatusCode::UNPROCESSABLE_ENTITY, Because::Faults(faults, fields))
    } else if !more.is_empty() {
        Next::Stay(StatusCode::OK, Because::More(more))
    } else if !blanks.is_empty() && !says(LEAVE_BLANK) {
        Next::Stay(StatusCode::OK, Because::Blanks(blanks))
    } else {
        Next::On(walk.after(code))
    }
}

fn kept(walk: &dyn Walk, code: &str, editions: String) -> Kept {
    let route = Route::of(walk.survey(), walk.draft());
    let section = walk.survey().section(code).map(|(_, section)| section);
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
    Kept { editions, questions: questions.unwrap_or_default(), left: walk.left() }
}
