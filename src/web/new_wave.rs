//! Making a wave in the browser, by steps: which survey, what of it and when, and a look
//! at the calendar before anything is made.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::{Datelike, Days, NaiveDate, Weekday};

use crate::definition::{self, Fingerprint, Survey};
use crate::fault::Faults;
use crate::flow::{self, AskedBy, FlowError, HeldSurvey, NewWave, SHIPPED};
use crate::id::{ModuleCode, WaveCode};
use crate::ledger::schedule;
use crate::pages::{
    ActField, ActPage, ChoiceView, ChoicesView, DayView, Fact, FieldView, FileView, Hidden, Layout,
    Link, MonthView, PlainList,
};
use crate::time::Moment;
use crate::wave::{Purpose, Wave, WaveRefusal};

use super::error::WebError;
use super::frame::frame;
use super::open_wave::help;
use super::sent::Files;
use super::session::{TheHouse, Visitor, ok, page_response, see_other};
use super::wave_acts::{time_field, typed_time};

const NEW: &str = "/office/waves/new";

fn layout(house: &TheHouse, visitor: &Visitor, title: &str) -> Layout {
    let trail = vec![Link::new("Survey office", "/office")];
    frame(house, visitor).at("/office").page(title).trail(trail)
}

/// A survey that comes with the program and is not held yet.
fn shipped(held: &[HeldSurvey]) -> impl Iterator<Item = (usize, Survey)> + '_ {
    SHIPPED.iter().enumerate().filter_map(|(place, (name, text))| {
        let survey = definition::parse(name, text).ok()?;
        let known = held.iter().any(|one| one.survey.fingerprint == survey.fingerprint);
        (!known).then_some((place, survey))
    })
}

fn choice(value: &str, survey: &Survey, told: &str, checked: bool) -> ChoiceView {
    ChoiceView {
        id: format!("survey-{value}"),
        value: value.to_owned(),
        label: format!("{} ({}, version {})", survey.title, survey.code, survey.version),
        hint: Some(told.to_owned()),
        checked,
    }
}

fn choose_page(
    house: &TheHouse,
    visitor: &Visitor,
    held: &[HeldSurvey],
    faults: (Option<&str>, Option<&Faults>),
) -> ActPage {
    let heading = "New wave: which survey?";
    let mut page = ActPage::new(layout(house, visitor, heading), "Step 1 of 3", heading);
    let mut options: Vec<ChoiceView> = held
        .iter()
        .enumerate()
        .map(|(place, one)| {
            let waves: Vec<&str> =
                one.waves.iter().map(|wave| wave.title.as_str()).take(3).collect();
            let told = if waves.is_empty() {
                "No wave has asked it yet.".to_owned()
            } else {
                format!("Asked in: {}.", waves.join("; "))
            };
            choice(one.survey.fingerprint.as_str(), &one.survey, &told, place == 0)
        })
        .collect();
    options.extend(shipped(held).map(|(place, survey)| {
        choice(
            &format!("shipped-{place}"),
            &survey,
            "Comes with the program.",
            held.is_empty() && place == 0,
        )
    }));
    if let Some(faults) = faults.1 {
        page.lists = vec![PlainList {
            heading: "What is wrong with the file".to_owned(),
            items: faults.iter().map(ToString::to_string).collect(),
        }];
    }
    page.links = vec![Link::new("Look at the surveys first", "/office/surveys"), help("waves")];
    let said = faults.1.map(|_| {
        "The file is not a sound survey definition; every fault is listed above".to_owned()
    });
    page.asking(vec![
        ChoicesView {
            id: "survey".to_owned(),
            legend: "Which survey does it ask?".to_owned(),
            hint: Some("To compare waves, ask the same survey again.".to_owned()),
            kind: "radio".to_owned(),
            is_radio: true,
            options,
            error: faults.0.map(str::to_owned),
        }
        .into(),
        FileView {
            id: "file".to_owned(),
            label: "Or a survey definition of your own".to_owned(),
            hint: Some(
                "A file as survey_definitions/README.md describes it; it is checked first."
                    .to_owned(),
            ),
            several: false,
            error: said,
        }
        .into(),
    ])
    .button("Continue", NEW)
}

pub(super) async fn choose(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let held = house.blocking(flow::held_surveys).await?;
    ok(&house, &choose_page(&house, &visitor, &held, (None, None)))
}

pub(super) async fn chosen(
    request: HttpRequest,
    files: Files,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let picked = files.field("survey").unwrap_or_default().to_owned();
    let sent = match files.get("file") {
        Some(file) => Some((file.name.clone(), String::from_utf8_lossy(&file.bytes).into_owned())),
        None => picked
            .strip_prefix("shipped-")
            .and_then(|place| SHIPPED.get(place.parse::<usize>().ok()?))
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned())),
    };
    let id = match sent {
        Some((name, text)) => {
            house.blocking(move |house| flow::keep_survey(house, &name, &text)).await
        }
        None => picked.parse::<Fingerprint>().map_err(|_| FlowError::NoSurvey),
    };
    let held = house.blocking(flow::held_surveys).await?;
    let refused = match id {
        Ok(id) if held.iter().any(|one| one.survey.fingerprint == id) => {
            return Ok(see_other(&format!("{NEW}/{id}")));
        }
        Err(FlowError::Faults(faults)) => {
            choose_page(&house, &visitor, &held, (None, Some(&faults)))
        }
        Ok(_) | Err(FlowError::NoSurvey) => {
            choose_page(&house, &visitor, &held, (Some("Choose a survey, or a file"), None))
        }
        Err(other) => return Err(other.into()),
    };
    Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &refused)?)
}

/// What is typed on the second step.
#[derive(Clone, Default)]
struct Typed {
    code: String,
    title: String,
    modules: Vec<String>,
    test: bool,
    times: [String; 3],
}

/// What is wrong with it, by field: code, title, and the three times.
#[derive(Default)]
struct Wrong {
    code: Option<String>,
    title: Option<String>,
    times: [Option<String>; 3],
}

const TIMES: [(&str, &str); 3] = [
    ("opens", "When do answers begin?"),
    ("closes", "Until when can leads answer?"),
    ("publishes", "When are results to come out?"),
];

/// The first day of this name, at least so many days later.
fn next(day: NaiveDate, least: u64, weekday: Weekday) -> NaiveDate {
    let first = day.checked_add_days(Days::new(least)).unwrap_or(day);
    let more = (7 + weekday.num_days_from_monday() - first.weekday().num_days_from_monday()) % 7;
    first.checked_add_days(Days::new(more.into())).unwrap_or(first)
}

impl Typed {
    /// What suits most waves: four weeks from a Monday on, results two weeks after.
    fn usual(house: &TheHouse, held: &HeldSurvey) -> Self {
        let opens = next(house.now().london_date(), 7, Weekday::Mon);
        let closes = next(opens, 21, Weekday::Fri);
        let publishes = next(closes, 14, Weekday::Mon);
        let quarter = (opens.month() - 1) / 3;
        let months =
            ["January to March", "April to June", "July to September", "October to December"];
        let months = months.get(quarter as usize).copied().unwrap_or_default();
        let at = |day, hour| Moment::in_london(day, hour).for_a_field();
        let modules = held.waves.first().map(|wave| &wave.modules);
        Self {
            code: format!("{}-Q{}", opens.year(), quarter + 1),
            title: format!("{months} {}", opens.year()),
            modules: modules.into_iter().flatten().map(ToString::to_string).collect(),
            test: false,
            times: [at(opens, 9), at(closes, 17), at(publishes, 9)],
        }
    }

    fn of(files: &Files) -> Self {
        let field = |name: &str| files.field(name).unwrap_or_default().trim().to_owned();
        let modules = files.fields().iter().filter(|(name, _)| name == "module");
        Self {
            code: field("code"),
            title: field("title"),
            modules: modules.map(|(_, value)| value.clone()).collect(),
            test: field("purpose") == "test",
            times: TIMES.map(|(name, _)| field(name)),
        }
    }

    /// The wave that this describes, or everything that is wrong with it.
    fn read(&self, (survey_file, survey_source): (String, String)) -> Result<NewWave, Wrong> {
        let mut wrong = Wrong::default();
        let code: Result<WaveCode, _> = self.code.parse();
        if let Err(why) = &code {
            wrong.code = Some(format!("Enter a short code, for example 2007-Q4: it {why}"));
        }
        if self.code == "new" {
            wrong.code = Some("Choose another code".to_owned());
        }
        let length = self.title.chars().count();
        if length == 0 || length > 100 {
            wrong.title = Some("Enter a title of at most 100 characters".to_owned());
        }
        let times = self.times.each_ref().map(|text| typed_time(text));
        for (said, time) in wrong.times.iter_mut().zip(&times) {
            *said = time.as_ref().err().cloned();
        }
        let modules: Result<Vec<ModuleCode>, _> =
            self.modules.iter().map(|module| module.parse()).collect();
        let fine = wrong.code.is_none() && wrong.title.is_none();
        match (code, times, modules) {
            (Ok(code), [Ok(opens), Ok(closes), Ok(publishes)], Ok(modules)) if fine => {
                Ok(NewWave {
                    code,
                    title: Some(self.title.clone()),
                    modules,
                    survey_file,
                    survey_source,
                    opens,
                    closes,
                    publishes: Some(publishes),
                    purpose: if self.test { Purpose::Test } else { Purpose::Survey },
                    imported: false,
                })
            }
            _ => Err(wrong),
        }
    }

    fn hidden(&self) -> Vec<Hidden> {
        let one =
            |name: &str, value: &str| Hidden { name: name.to_owned(), value: value.to_owned() };
        let mut all = vec![
            one("code", &self.code),
            one("title", &self.title),
            one("purpose", if self.test { "test" } else { "survey" }),
        ];
        all.extend(self.modules.iter().map(|module| one("module", module)));
        all.extend(TIMES.iter().zip(&self.times).map(|((name, _), value)| one(name, value)));
        all
    }
}

fn fields(survey: &Survey, typed: &Typed, wrong: Wrong) -> Vec<ActField> {
    let mut fields: Vec<ActField> = vec![
        FieldView::text("code", "Code")
            .hint("Stands in addresses and files, for example 2007-Q4. It cannot be changed later.")
            .sent(&typed.code, wrong.code)
            .into(),
        FieldView::text("title", "Title")
            .hint("As leads read it, for example October to December 2007.")
            .sent(&typed.title, wrong.title)
            .into(),
    ];
    if !survey.modules.is_empty() {
        let options = survey.modules.iter().map(|module| ChoiceView {
            id: format!("module-{}", module.code),
            value: module.code.to_string(),
            label: format!("{}: {}", module.code, module.title),
            hint: None,
            checked: typed.modules.iter().any(|one| *one == module.code.as_str()),
        });
        fields.push(
            ChoicesView {
                id: "module".to_owned(),
                legend: "Which modules, besides the core?".to_owned(),
                hint: None,
                kind: "checkbox".to_owned(),
                is_radio: false,
                options: options.collect(),
                error: None,
            }
            .into(),
        );
    }
    let purpose = |value: &str, label: &str, hint: &str, checked| ChoiceView {
        id: format!("purpose-{value}"),
        value: value.to_owned(),
        label: label.to_owned(),
        hint: Some(hint.to_owned()),
        checked,
    };
    fields.push(
        ChoicesView {
            id: "purpose".to_owned(),
            legend: "What is it for?".to_owned(),
            hint: None,
            kind: "radio".to_owned(),
            is_radio: true,
            options: vec![
                purpose("survey", "The survey", "Leads are asked for their answers.", !typed.test),
                purpose(
                    "test",
                    "A rehearsal",
                    "Every page and mail says TEST. It is compared with no wave.",
                    typed.test,
                ),
            ],
            error: None,
        }
        .into(),
    );
    let times = TIMES.iter().zip(typed.times.iter().zip(wrong.times));
    fields.extend(times.map(|((id, label), (value, error))| {
        ActField::from(time_field(id, label).hint("London time.").sent(value, error))
    }));
    fields
}

async fn held(house: &TheHouse, id: &str) -> Result<HeldSurvey, WebError> {
    let id: Fingerprint = id.parse().map_err(|_| WebError::NotFound)?;
    let held = house.blocking(flow::held_surveys).await?;
    held.into_iter().find(|one| one.survey.fingerprint == id).ok_or(WebError::NotFound)
}

fn plan_page(
    house: &TheHouse,
    visitor: &Visitor,
    held: &HeldSurvey,
    typed: &Typed,
    wrong: Wrong,
) -> ActPage {
    let heading = "New wave: what and when?";
    let mut page = ActPage::new(layout(house, visitor, heading), "Step 2 of 3", heading);
    page.told = vec![format!("It asks: {} (version {}).", held.survey.title, held.survey.version)];
    page.links = vec![Link::new("Another survey", NEW), help("waves")];
    page.asking(fields(&held.survey, typed, wrong))
        .button("Continue", &format!("{NEW}/{}", held.survey.fingerprint))
}

pub(super) async fn plan(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let held = held(&house, &path).await?;
    let typed = Typed::usual(&house, &held);
    ok(&house, &plan_page(&house, &visitor, &held, &typed, Wrong::default()))
}

/// The calendar of a wave: each month that it touches.
pub(super) fn months(wave: &Wave) -> Vec<MonthView> {
    let mut marks: Vec<(NaiveDate, String)> = vec![(wave.opens.london_date(), "Opens".to_owned())];
    for (kind, due) in schedule(wave) {
        marks.push((due.london_date(), kind.to_string()));
    }
    marks.push((wave.closes.london_date(), "Closes".to_owned()));
    marks.push((wave.publishes.london_date(), "Results".to_owned()));
    let (first, last) = (wave.opens.london_date(), wave.publishes.london_date());
    let mut months = Vec::new();
    let mut month = first.with_day(1).unwrap_or(first);
    // A year is more than anybody wants to see.
    while month <= last && months.len() < 12 {
        let next = month.checked_add_months(chrono::Months::new(1)).unwrap_or(last);
        let lead = month.weekday().num_days_from_monday() as usize;
        let blank =
            || DayView { number: String::new(), marks: Vec::new(), open: false, weekend: false };
        let mut days: Vec<DayView> = (0..lead).map(|_| blank()).collect();
        days.extend(month.iter_days().take_while(|day| *day < next).map(|day| DayView {
            number: day.day().to_string(),
            marks:
                marks.iter().filter(|(at, _)| *at == day).map(|(_, said)| said.clone()).collect(),
            open: day >= first && day <= wave.closes.london_date(),
            weekend: matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
        }));
        while !days.len().is_multiple_of(7) {
            days.push(blank());
        }
        months.push(MonthView {
            id: format!("month-{}", month.format("%Y-%m")),
            name: month.format("%B %Y").to_string(),
            weeks: days.chunks(7).map(<[DayView]>::to_vec).collect(),
        });
        month = next;
    }
    months
}

fn check_page(
    house: &TheHouse,
    visitor: &Visitor,
    held: &HeldSurvey,
    typed: &Typed,
    wave: &Wave,
) -> ActPage {
    let heading = "New wave: is this right?";
    let mut page = ActPage::new(layout(house, visitor, heading), "Step 3 of 3", heading);
    let modules = if typed.modules.is_empty() {
        "the core alone".to_owned()
    } else {
        typed.modules.join(", ")
    };
    page.told = vec!["Nobody is asked yet: the wave becomes a draft, and you open it when you have looked through it.".to_owned()];
    page.facts = vec![
        Fact::new("Code", &typed.code),
        Fact::new("Title", &typed.title),
        Fact::new("Survey", format!("{} (version {})", held.survey.title, held.survey.version)),
        Fact::new("Modules", modules),
        Fact::new("For", if typed.test { "a rehearsal" } else { "the survey" }),
        Fact::new("Opens", wave.opens.in_words_with_time()),
        Fact::new("Closes", wave.closes.in_words_with_time()),
        Fact::new("Results", wave.publishes.in_words_with_time()),
    ];
    page.months = months(wave);
    page.hidden = typed.hidden();
    page.hidden.push(Hidden { name: "step".to_owned(), value: "create".to_owned() });
    page.links =
        vec![Link::new("Begin again", format!("{NEW}/{}", held.survey.fingerprint)), help("waves")];
    page.button("Make the wave", &format!("{NEW}/{}", held.survey.fingerprint))
}

pub(super) async fn create(
    path: web::Path<String>,
    request: HttpRequest,
    files: Files,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let held = held(&house, &path).await?;
    let typed = Typed::of(&files);
    let id = held.survey.fingerprint.clone();
    let source = house.blocking(move |house| flow::survey_source(house, &id)).await?;
    let refuse = |wrong: Wrong| {
        let page = plan_page(&house, &visitor, &held, &typed, wrong);
        Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &page)?)
    };
    let new = match typed.read(source) {
        Ok(new) => new,
        Err(wrong) => return refuse(wrong),
    };
    // What asks it is looked at as the act would, whichever step it is.
    let by = AskedBy::Modules(new.modules.clone());
    let id = held.survey.fingerprint.clone();
    house.blocking(move |house| flow::asked_survey(house, &id, &by)).await?;
    let creates = files.field("step") == Some("create");
    let code = new.code.clone();
    let done = house
        .blocking(move |house| {
            if creates { flow::create_wave(house, &new) } else { flow::draft_of(house, &new) }
        })
        .await;
    match done {
        Ok(wave) if creates => Ok(see_other(&format!("/office/waves/{}?done=created", wave.code))),
        Ok(wave) => ok(&house, &check_page(&house, &visitor, &held, &typed, &wave)),
        Err(FlowError::WaveExists(_)) => refuse(Wrong {
            code: Some(format!("There is a wave {code} already")),
            ..Wrong::default()
        }),
        Err(FlowError::Wave(refusal @ WaveRefusal::Times { .. })) => {
            refuse(Wrong { times: [None, Some(format!("{refusal}")), None], ..Wrong::default() })
        }
        Err(other) => Err(other.into()),
    }
}
