//! The surveys that the house holds, and each on paper. For the office alone.

use std::fmt::Write as _;

use actix_web::{HttpRequest, HttpResponse, web};

use crate::definition::{Fingerprint, Module, Survey};
use crate::flow::{self, AskedBy, AskedSurvey, HeldSurvey};
use crate::id::ModuleCode;
use crate::pages::{Fact, Link, ModuleBox, PaperPage, SurveyRow, SurveysPage};
use crate::wave::Wave;

use super::error::WebError;
use super::frame::frame;
use super::session::{TheHouse, Visitor, ok};

/// Where the list stands.
pub(super) const SURVEYS: &str = "/office/surveys";

/// The fields of an address.
pub(super) type Query = web::Query<Vec<(String, String)>>;

/// Which survey is looked at, and how much of it: what its addresses say.
#[derive(Clone)]
pub(super) struct Looked {
    pub(super) id: Fingerprint,
    pub(super) by: AskedBy,
}

impl Looked {
    /// Reads an address.
    pub(super) fn read(id: &str, query: &[(String, String)]) -> Result<Self, WebError> {
        let id = id.parse().map_err(|_| WebError::NotFound)?;
        let named = |wanted: &'static str| {
            query.iter().filter(move |(name, _)| name == wanted).map(|(_, value)| value)
        };
        let by = if let Some(wave) = named("wave").next() {
            AskedBy::Wave(wave.parse().map_err(|_| WebError::NotFound)?)
        } else {
            let modules = named("module").map(|module| module.parse());
            let mut modules: Vec<ModuleCode> =
                modules.collect::<Result<_, _>>().map_err(|_| WebError::NotFound)?;
            modules.sort();
            modules.dedup();
            AskedBy::Modules(modules)
        };
        Ok(Self { id, by })
    }

    /// As a wave asks it.
    pub(super) fn of_wave(wave: &Wave) -> Self {
        Self { id: wave.definition.clone(), by: AskedBy::Wave(wave.code.clone()) }
    }

    /// The folder of its preview's addresses.
    pub(super) fn folder(&self) -> String {
        format!("{SURVEYS}/{}/preview", self.id)
    }

    /// The beginning of its preview.
    pub(super) fn preview(&self) -> String {
        format!("{}{}", self.folder(), self.query())
    }

    /// Its paper version.
    pub(super) fn paper(&self) -> String {
        format!("{SURVEYS}/{}/paper{}", self.id, self.query())
    }

    /// What follows the path. Codes need no escaping.
    pub(super) fn query(&self) -> String {
        match &self.by {
            AskedBy::Wave(wave) => format!("?wave={wave}"),
            AskedBy::Modules(modules) => {
                let mut query = String::new();
                for (place, module) in modules.iter().enumerate() {
                    let sign = if place == 0 { '?' } else { '&' };
                    // Writing into a text cannot fail.
                    let _ = write!(query, "{sign}module={module}");
                }
                query
            }
        }
    }
}

/// `5 items`.
fn items(count: usize) -> String {
    format!("{count} {}", if count == 1 { "item" } else { "items" })
}

fn module_box(held: &HeldSurvey, module: &Module) -> ModuleBox {
    let of_module = |code: &Option<ModuleCode>| code.as_ref() == Some(&module.code);
    let sections = held.survey.sections.iter().filter(|section| of_module(&section.module));
    let count = sections.map(|section| section.items().count()).sum();
    let whole = held.survey.with_modules(std::slice::from_ref(&module.code));
    let minutes = whole.map_or(0, |survey| survey.minutes());
    ModuleBox {
        id: format!("{}-{}", held.survey.fingerprint.short(), module.code),
        code: module.code.to_string(),
        title: module.title.clone(),
        adds: format!("{}, about {minutes} minutes in all", items(count)),
        checked: held.waves.first().is_some_and(|wave| wave.modules.contains(&module.code)),
    }
}

fn row(held: &HeldSurvey) -> SurveyRow {
    let survey = &held.survey;
    let core = survey.with_modules(&[]);
    let core = core.as_ref().unwrap_or(survey);
    let has_modules = !survey.modules.is_empty();
    let in_core = |words: String| if has_modules { format!("{words} in the core") } else { words };
    let looked = Looked { id: survey.fingerprint.clone(), by: AskedBy::Modules(Vec::new()) };
    SurveyRow {
        title: survey.title.clone(),
        facts: vec![
            Fact::new("Code", survey.code.to_string()),
            Fact::new("Version", survey.version.clone()),
            Fact::new("Fingerprint", survey.fingerprint.short()),
            Fact::new("Questions and rows", in_core(items(core.items().count()))),
            Fact::new("Time", in_core(format!("about {} minutes", core.minutes()))),
        ],
        waves: held
            .waves
            .iter()
            .map(|wave| {
                let Wave { title, code, .. } = wave;
                Link::new(format!("{title} ({code})"), format!("/office/waves/{code}"))
            })
            .collect(),
        modules: survey.modules.iter().map(|module| module_box(held, module)).collect(),
        preview: looked.preview(),
        paper: looked.paper(),
    }
}

pub(super) async fn index(request: HttpRequest, house: TheHouse) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let held = house.blocking(flow::held_surveys).await?;
    let page = SurveysPage {
        layout: frame(&house, &visitor)
            .at("/office")
            .page("Surveys")
            .back("Survey office", "/office"),
        surveys: held.iter().map(row).collect(),
    };
    ok(&house, &page)
}

/// What a paper version or a preview is for, in words.
fn about(survey: &Survey, wave: Option<&Wave>) -> String {
    if let Some(wave) = wave {
        return wave.title.clone();
    }
    let titles: Vec<&str> = survey.modules.iter().map(|module| module.title.as_str()).collect();
    titles.join(", ")
}

pub(super) async fn paper(
    request: HttpRequest,
    path: web::Path<String>,
    query: Query,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let Looked { id, by } = Looked::read(&path, &query)?;
    let asked = house.blocking(move |house| flow::asked_survey(house, &id, &by)).await?;
    let AskedSurvey { survey, wave, tokens } = asked;
    let layout = frame(&house, &visitor)
        .at("/office")
        .page("Paper version")
        .notice(wave.as_ref().and_then(|wave| wave.purpose.notice()))
        .back("Surveys", SURVEYS);
    let back_by = wave.as_ref().map(|wave| wave.closes.in_words_with_time());
    ok(&house, &PaperPage::of(layout, &survey, &tokens, about(&survey, wave.as_ref()), back_by))
}
