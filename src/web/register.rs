//! `/office/register`: the register as the survey office keeps it. Names and addresses
//! of leads are shown to the office alone, and never stand in an address of a page.

pub(super) mod edit;
mod fields;
pub(super) mod group;
pub(super) mod history;
pub(super) mod import;
pub(super) mod leads;
mod meaning;
pub(super) mod merge;
pub(super) mod undo;

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::flow::{self, FlowError, RegisterOverview};
use crate::pages::{
    Fact, LastChange, Layout, Link, Mend, RegisterGroup, RegisterLead, RegisterPage, RegisterUnit,
    SelectView,
};
use crate::register::{self, Lead, PbcGroup, Register, ReportingUnit, TableKind};
use crate::storage::RegisterChange;

use super::error::WebError;
use super::frame::frame;
use super::see_to_mails::several;
use super::session::{TheHouse, Visitor, ok, see_other};

const REGISTER: &str = "/office/register";
/// The workbook among the files of the register.
const BOOK: &str = "register.xlsx";

/// The query of the register's addresses.
#[derive(serde::Deserialize)]
pub(super) struct Query {
    q: Option<String>,
    unit: Option<String>,
    done: Option<String>,
}

/// Back to the register, or another page of it, with a word for what was done.
fn back(to: &str, done: &str) -> HttpResponse {
    see_other(&format!("{to}?done={done}"))
}

/// What was just done, and what could not be, in sentences.
fn said(word: Option<&str>) -> (Option<String>, Option<String>) {
    let done = match word {
        Some("imported") => "The register is imported. You can undo it below.",
        Some("dropped") => "Nothing was imported, and the files are deleted.",
        Some("undone") => "It is undone.",
        Some("added") => "Added. Give the group its leads now.",
        Some("saved") => "Saved.",
        Some("lead") => "The lead is added. They are invited from the next wave that opens.",
        Some("removed") => "The lead is taken out. You can undo that on the page of the register.",
        Some("left") => "The PBC group is taken out with its leads. You can undo that below.",
        Some("merged") => {
            "The groups are merged. Look whether practices and patients are still right."
        }
        Some("gone") => {
            let failed = "Nothing was waiting to be confirmed: it was imported already, or an hour has passed. Look at the register, and send the files again if need be.";
            return (None, Some(failed.to_owned()));
        }
        _ => return (None, None),
    };
    (Some(done.to_owned()), None)
}

fn layout(house: &TheHouse, visitor: &Visitor, title: &str) -> Layout {
    frame(house, visitor).at("/office").page(title)
}

/// A page below the register.
fn below(house: &TheHouse, visitor: &Visitor, title: &str) -> Layout {
    layout(house, visitor, title)
        .trail(vec![Link::new("Survey office", "/office"), Link::new("Register", REGISTER)])
}

fn group_href(group: &PbcGroup) -> String {
    format!("{REGISTER}/groups/{}", group.slug)
}

/// A number as people read it, or a dash.
fn number(number: Option<u32>) -> String {
    let Some(number) = number else { return "–".to_owned() };
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn by(change: &RegisterChange) -> String {
    format!("{}, {}", change.actor, change.at.london_date().format("%-d %B %Y"))
}

/// The leads of a group by name, each with why mails do not reach them.
fn leads(
    register: &Register,
    group: &PbcGroup,
    unreached: &BTreeMap<String, String>,
) -> Vec<RegisterLead> {
    let at = group_href(group);
    let of_group = register.leads.iter().filter(|lead| lead.group == group.slug);
    let view = |lead: &Lead| RegisterLead {
        name: lead.name.expose().to_owned(),
        role: lead.role.clone(),
        email: lead.email.expose().to_owned(),
        trouble: unreached.get(&lead.email.key()).cloned(),
        change: format!("{at}/leads/{}", lead.mark()),
        remove: format!("{at}/leads/{}/remove", lead.mark()),
    };
    let mut leads: Vec<RegisterLead> = of_group.map(view).collect();
    leads.sort_by(|a, b| a.name.cmp(&b.name));
    leads
}

/// What somebody looks for in the register.
struct Search {
    words: String,
    unit: String,
}

impl Search {
    fn of(query: &Query) -> Self {
        let short = |text: &Option<String>| {
            text.as_deref().unwrap_or_default().trim().chars().take(100).collect()
        };
        Self { words: short(&query.q), unit: short(&query.unit) }
    }

    fn is_all(&self) -> bool {
        self.words.is_empty() && self.unit.is_empty()
    }

    fn finds(&self, register: &Register, unit: &ReportingUnit, group: &PbcGroup) -> bool {
        if !self.unit.is_empty() && unit.slug.as_str() != self.unit {
            return false;
        }
        let words = self.words.to_lowercase();
        let has = |text: &str| text.to_lowercase().contains(&words);
        let pct = register.pct(&group.pct);
        let of_lead =
            |lead: &Lead| has(lead.name.expose()) || has(&lead.role) || has(lead.email.expose());
        has(group.slug.as_str())
            || has(&group.name)
            || has(&group.legal_form)
            || has(group.pct.as_str())
            || has(&unit.label)
            || pct.is_some_and(|pct| has(&pct.name))
            || register.leads.iter().any(|lead| lead.group == group.slug && of_lead(lead))
    }
}

/// The units to choose from, all of them first.
fn units(register: &Register, chosen: &str) -> SelectView {
    let mut all = vec![(String::new(), "All".to_owned())];
    let mut units: Vec<(String, String)> =
        register.units.iter().map(|one| (one.slug.to_string(), one.label.clone())).collect();
    units.sort_by(|a, b| a.1.cmp(&b.1));
    all.extend(units);
    SelectView::new("unit", "Reporting unit", all, chosen)
}

fn unit_view(overview: &RegisterOverview, search: &Search, unit: &ReportingUnit) -> RegisterUnit {
    let register = &overview.register;
    let of_unit = |group: &&PbcGroup| unit.pcts.contains(&group.pct);
    let found = register.groups.iter().filter(of_unit);
    let found = found.filter(|group| search.finds(register, unit, group));
    let mut groups: Vec<RegisterGroup> = found
        .map(|group| RegisterGroup {
            name: group.name.clone(),
            slug: group.slug.to_string(),
            href: group_href(group),
            practices: number(group.practices),
            population: number(group.population),
            leads: leads(register, group, &overview.unreached),
        })
        .collect();
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    let pcts: Vec<String> = unit
        .pcts
        .iter()
        .filter_map(|code| Some(format!("{code} {}", register.pct(code)?.name)))
        .collect();
    RegisterUnit {
        id: format!("unit-{}", unit.slug),
        name: unit.label.clone(),
        about: pcts.join(", "),
        groups,
    }
}

/// What somebody has to mend before the next wave.
fn mend(overview: &RegisterOverview) -> Vec<Mend> {
    let register = &overview.register;
    let led: BTreeSet<_> = register.leads.iter().map(|lead| &lead.group).collect();
    let alone: Vec<&PbcGroup> =
        register.groups.iter().filter(|group| !led.contains(&group.slug)).collect();
    let unreached = |lead: &&Lead| overview.unreached.contains_key(&lead.email.key());
    let unreached = register.leads.iter().filter(unreached).count();
    let mut all: Vec<Mend> = alone
        .into_iter()
        .map(|group| Mend {
            what: format!("{} has no lead, so that nobody of it is invited.", group.name),
            link: Link::new(
                format!("Add a lead of {}", group.name),
                format!("{}/leads/new", group_href(group)),
            ),
        })
        .collect();
    if unreached > 0 {
        let does = if unreached == 1 { "is" } else { "are" };
        all.push(Mend {
            what: format!(
                "{} {does} not reached by mails: they are marked below.",
                several(unreached, "lead")
            ),
            link: Link::new("See to mails", "/office/mail"),
        });
    }
    all
}

fn facts(register: &Register) -> Vec<Fact> {
    let counts = register.counts();
    let fact = |label: &str, count: usize| Fact::new(label, count.to_string());
    let clusters = (counts.clusters > 0).then(|| fact("Clusters", counts.clusters));
    let rest = [
        fact("Reporting units", counts.units),
        fact("PCTs", counts.pcts),
        fact("PBC groups", counts.groups),
        fact("Leads", counts.leads),
    ];
    clusters.into_iter().chain(rest).collect()
}

/// The files of the register, the workbook first.
fn files(register: &Register) -> Vec<Link> {
    let has = |kind: &TableKind| *kind != TableKind::Clusters || !register.clusters.is_empty();
    let files = TableKind::ALL.into_iter().filter(has).map(TableKind::file);
    std::iter::once(BOOK.to_owned())
        .chain(files)
        .map(|file| Link::new(file.clone(), format!("{REGISTER}/export/{file}")))
        .collect()
}

pub(super) async fn index(
    request: HttpRequest,
    query: web::Query<Query>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let overview = house.blocking(flow::register_overview).await?;
    let (register, search) = (&overview.register, Search::of(&query));
    let all = register.units.iter().map(|unit| unit_view(&overview, &search, unit));
    let mut found: Vec<RegisterUnit> =
        all.filter(|unit| search.is_all() || !unit.groups.is_empty()).collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    let shown: usize = found.iter().map(|unit| unit.groups.len()).sum();
    let (done, failed) = said(query.done.as_deref());
    let page = RegisterPage {
        layout: layout(&house, &visitor, "Register").back("Survey office", "/office").wide(),
        done,
        failed,
        empty: register.units.is_empty(),
        facts: facts(register),
        mend: mend(&overview),
        last: overview.last.as_ref().map(|(change, can_undo)| LastChange {
            about: change.about.clone(),
            by: by(change),
            undo: can_undo.then(|| format!("{REGISTER}/undo")),
        }),
        unit: units(register, &search.unit),
        found: (!search.is_all())
            .then(|| format!("{shown} of {}", several(register.groups.len(), "PBC group"))),
        q: search.words,
        units: found,
        files: files(register),
    };
    ok(&house, &page)
}

/// A file of the register, named with the day.
pub(super) async fn export(
    path: web::Path<String>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let file = path.into_inner();
    let kind = TableKind::ALL.into_iter().find(|kind| kind.file() == file);
    if kind.is_none() && file != BOOK {
        return Err(WebError::NotFound);
    }
    let day = house.now().london_date();
    let bytes = house
        .blocking(move |house| {
            let register = house.store.read(|tx| tx.register())?;
            match kind {
                // Without the mark at its beginning Excel reads letters with accents wrongly.
                Some(kind) => {
                    Ok(format!("\u{feff}{}", register::csv(&register, kind)).into_bytes())
                }
                None => register::book(&register, day)
                    .map_err(|error| FlowError::Output(error.to_string())),
            }
        })
        .await?;
    let (name, ending) = file.rsplit_once('.').unwrap_or_default();
    let media_type = match kind {
        Some(_) => "text/csv; charset=utf-8",
        None => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    };
    let disposition = format!("attachment; filename=\"{name}-{day}.{ending}\"");
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .content_type(media_type)
        .body(bytes))
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn large_numbers_are_written_as_people_read_them() {
        assert_eq!(
            [None, Some(5), Some(1_000), Some(1_234_567)].map(number),
            ["–", "5", "1,000", "1,234,567"]
        );
    }
}
