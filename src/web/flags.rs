//! `/office/waves/{wave}/flags`: everything that the rules propose to look at first, in
//! one list by PCT; a person of the office confirms or dismisses each.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::flow::{self, Early, FlowError, House, ReadRelease};
use crate::id::WaveCode;
use crate::pages::{
    FlagGroup, FlagRow, FlagsPage, Link, OverviewChoice, Prompt, ProposalView, form_title,
};
use crate::release::Decision;
use crate::render::html;
use crate::wave::Wave;

use super::deputy::sent;
use super::error::WebError;
use super::frame::frame;
use super::look_as::release_base;
use super::look_first::{decided, note_is_too_long};
use super::release::progress;
use super::sent::Fields;
use super::session::{TheHouse, Visitor, ok, page_response, see_other};

/// Which proposals are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Show {
    All,
    Open,
    Confirmed,
    Dismissed,
}

impl Show {
    const EACH: [Self; 4] = [Self::All, Self::Open, Self::Confirmed, Self::Dismissed];

    fn of(word: &str) -> Self {
        Self::EACH.into_iter().find(|show| show.word() == word).unwrap_or(Self::All)
    }

    fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Open => "open",
            Self::Confirmed => "confirmed",
            Self::Dismissed => "dismissed",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Open => "To decide",
            Self::Confirmed => "Confirmed",
            Self::Dismissed => "Dismissed",
        }
    }

    fn takes(self, decision: Option<Decision>) -> bool {
        match self {
            Self::All => true,
            Self::Open => decision.is_none(),
            Self::Confirmed => decision == Some(Decision::Confirmed),
            Self::Dismissed => decision == Some(Decision::Dismissed),
        }
    }
}

/// What an address asks for.
#[derive(Default, serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    show: String,
    #[serde(default)]
    done: String,
}

fn base(code: &WaveCode) -> String {
    format!("/office/waves/{code}/flags")
}

/// A wave with its results, if they are built.
type Held = (Wave, Option<ReadRelease>);

async fn held(house: &TheHouse, code: &WaveCode) -> Result<Held, WebError> {
    let code = code.clone();
    let read = move |house: &House| {
        let wave = house.store.read(|tx| tx.wave(&code))?;
        let wave = wave.ok_or_else(|| FlowError::NoWave(code.clone()))?;
        match flow::read_release(house, &code, Early::Office) {
            Ok(read) => Ok((wave, Some(read))),
            Err(FlowError::NoRelease(_)) => Ok((wave, None)),
            Err(error) => Err(error),
        }
    };
    Ok(house.blocking(read).await?)
}

/// What somebody typed that was not kept.
struct Refused<'f> {
    fields: &'f Fields,
    why: String,
}

impl Refused<'_> {
    fn is_about(&self, proposal: &ProposalView) -> bool {
        let of = |name| sent(self.fields, name);
        (of("unit"), of("rule"), of("measure"))
            == (proposal.unit.as_str(), proposal.rule.as_str(), proposal.measure.as_str())
    }
}

fn row(
    (mut proposal, decision): (ProposalView, Option<Decision>),
    refused: Option<&Refused<'_>>,
) -> FlagRow {
    let refused = refused.filter(|refused| refused.is_about(&proposal));
    if let Some(refused) = refused {
        sent(refused.fields, "note").clone_into(&mut proposal.flag.note);
    }
    let state = match decision {
        None => "to decide",
        Some(Decision::Confirmed) => "confirmed",
        Some(Decision::Dismissed) => "dismissed",
    };
    FlagRow {
        proposal,
        state: state.to_owned(),
        open: decision.is_none(),
        error: refused.map(|refused| refused.why.clone()),
    }
}

/// The rows by PCT, in the order of their names.
fn groups(rows: Vec<FlagRow>) -> Vec<FlagGroup> {
    let mut groups: Vec<FlagGroup> = Vec::new();
    for row in rows {
        let flag = &row.proposal.flag;
        match groups.iter_mut().find(|group| group.href == flag.unit_href) {
            Some(group) => group.rows.push(row),
            None => groups.push(FlagGroup {
                name: flag.unit.clone(),
                href: flag.unit_href.clone(),
                rows: vec![row],
            }),
        }
    }
    groups.sort_by(|a, b| a.name.cmp(&b.name));
    groups
}

fn none(built: bool, all: usize, shown: usize, show: Show) -> Option<String> {
    let said = match (built, all, shown) {
        (false, ..) => {
            "The rules look at figures that may be shown. Close the wave and build its release first."
        }
        (true, 0, _) => "The rules propose nothing for this wave. There is nothing to decide.",
        (true, _, 0) if show == Show::Open => "Everything is decided.",
        (true, _, 0) => "There is none of these.",
        _ => return None,
    };
    Some(said.to_owned())
}

fn page(
    house: &TheHouse,
    visitor: &Visitor,
    (wave, read): &Held,
    (show, done): (Show, Option<&str>),
    refused: Option<&Refused<'_>>,
) -> FlagsPage {
    let all = read
        .as_ref()
        .map(|read| html::every_proposal(&read.release, read.stocktake.as_deref(), &read.decided));
    let built = all.is_some();
    let all = all.unwrap_or_default();
    let count = |show: Show| all.iter().filter(|(_, decision)| show.takes(*decision)).count();
    let at = base(&wave.code);
    let filter = |one: Show| OverviewChoice {
        label: format!("{} ({})", one.label(), count(one)),
        href: format!("{at}?show={}", one.word()),
        current: one == show,
    };
    let filters = if all.is_empty() { Vec::new() } else { Show::EACH.map(filter).into() };
    let told = progress(all.len() - count(Show::Open), all.len());
    let (number, shown) = (all.len(), count(show));
    let shown_rows = all.into_iter().filter(|(_, decision)| show.takes(*decision));
    let rows: Vec<FlagRow> = shown_rows.map(|one| row(one, refused)).collect();
    let errors: Vec<Prompt> = rows
        .iter()
        .filter_map(|row| {
            let href = format!("#{}", row.proposal.id);
            Some(Prompt { href, text: row.error.clone()? })
        })
        .collect();
    FlagsPage {
        layout: frame(house, visitor)
            .at("/office")
            .page(form_title("Look here first", &errors))
            .notice(wave.purpose.notice())
            .trail(vec![
                Link::new("Survey office", "/office"),
                Link::new(wave.title.clone(), format!("/office/waves/{}", wave.code)),
                Link::new("Release", release_base(&wave.code)),
            ]),
        wave: wave.title.clone(),
        done: done.map(str::to_owned),
        errors,
        progress: if number == 0 { String::new() } else { told },
        filters,
        show: show.word().to_owned(),
        groups: groups(rows),
        none: none(built, number, shown, show),
        action: at,
        most: flow::MOST_NOTE,
        help: Link::new("Help with flags", "/office/help/flags"),
    }
}

/// The list.
pub(super) async fn index(
    path: web::Path<String>,
    asked: web::Query<Asked>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let code: WaveCode = path.parse().map_err(|_| WebError::NotFound)?;
    let held = held(&house, &code).await?;
    let done = match asked.done.as_str() {
        "confirmed" => Some("Confirmed: it is shown with your note. You can decide again."),
        "dismissed" => Some("Dismissed: it is not shown. You can decide again."),
        _ => None,
    };
    ok(&house, &page(&house, &visitor, &held, (Show::of(&asked.show), done), None))
}

/// Keeps a decision; the same again is no fault, and another takes its place.
pub(super) async fn decide(
    path: web::Path<String>,
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let code: WaveCode = path.parse().map_err(|_| WebError::NotFound)?;
    let held = held(&house, &code).await?;
    let show = Show::of(sent(&fields, "show"));
    if let Some(why) = note_is_too_long(&fields) {
        let refused = Refused { fields: &fields, why };
        let page = page(&house, &visitor, &held, (show, None), Some(&refused));
        return Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &page)?);
    }
    let read = held.1.ok_or_else(|| FlowError::NoRelease(code.clone()))?;
    let decided = decided(&visitor, &fields)?;
    let proposals = read.release.look_first(&html::reported(read.stocktake.as_deref()));
    // Back to the same place in a long list, if it still stands there.
    let place = proposals.iter().position(|proposal| decided.is_about(proposal));
    let place = place.ok_or(WebError::BadForm)? + 1;
    let (show, word) = (show.word(), decided.decision.word());
    let to = format!("{}?show={show}&done={word}#at-look-{place}", base(&code));
    let known = house
        .blocking(move |house| flow::decide_look_first(house, &code, &proposals, &decided))
        .await?;
    if known { Ok(see_other(&to)) } else { Err(WebError::BadForm) }
}
