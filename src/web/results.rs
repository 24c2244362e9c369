//! Published results: everything here is rendered from a release, and the
//! office alone sees one before it is published.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::flow::{self, Early, House, ReadRelease};
use crate::id::{OrgCode, WaveCode};
use crate::pages::{
    Frame, Link, OpenWave, Page, PageError, ReleasedWave, ResultsIndexPage, StocktakeColumn,
};
use crate::release::{MeasureKind, Org, Release};
use crate::render::files::{File, FileError, PctFile};
use crate::render::html::{self, Around, Order};
use crate::render::measure_file;
use crate::storage::{EarlyAccess, StorageError};
use crate::wave::Wave;

use super::error::WebError;
use super::frame::frame;
use super::kept::{Kept, Key, Made};
use super::look_as::{self, LookAs};
use super::network::IDEAS;
use super::reader::Reader;
use super::session::{TheHouse, Visitor, html_response, ok};

fn released(wave: &Wave, release: &Release) -> ReleasedWave {
    let answered = release.root().map_or_else(String::new, |root: &Org| {
        let responded = root.responded.map_or_else(|| "few".to_owned(), |n| n.to_string());
        format!("{responded} of {}", root.invited)
    });
    ReleasedWave {
        title: wave.title.clone(),
        href: format!("/results/{}", wave.code),
        closed: wave.closes.in_words(),
        published: wave.publishes.in_words(),
        answered,
    }
}

pub(super) async fn index(request: HttpRequest, house: TheHouse) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let stocktake = visitor.account().is_some_and(|account| account.role.sees_stocktake());
    let (released_waves, waves, days) = house
        .blocking(|house| {
            let released = flow::published_releases(house)?;
            let (waves, days) = house
                .store
                .read(|tx| Ok::<_, StorageError>((tx.waves()?, tx.stocktake_days()?)))?;
            Ok((released, waves, days))
        })
        .await?;
    let open = waves.iter().find(|wave| wave.takes_answers(house.now()));
    let page = ResultsIndexPage {
        layout: frame(&house, &visitor).at("/results").page("Results").themed(),
        waves: released_waves.iter().map(|one| released(&one.wave, &one.release)).collect(),
        open: open.map(|wave| OpenWave {
            title: wave.title.clone(),
            closes: wave.closes.in_words_with_time(),
        }),
        stocktakes: days
            .iter()
            .filter(|_| stocktake)
            .map(|day| Link::new(day.format("%-d %B %Y").to_string(), format!("/stocktake/{day}")))
            .collect(),
    };
    ok(&house, &page)
}

/// A release as this visitor may see it, and what lies beside it.
pub(super) struct Shown {
    pub(super) visitor: Visitor,
    reader: Reader,
    read: ReadRelease,
    /// If the office looks as somebody else.
    looking: Option<LookAs>,
}

impl Shown {
    /// What a reader found who may see it.
    pub(super) fn new(visitor: Visitor, reader: Reader, mut read: ReadRelease) -> Self {
        read.stocktake = read.stocktake.filter(|_| reader.sees_stocktake());
        Self { visitor, reader, read, looking: None }
    }

    /// The same for the office, which looks as somebody else.
    pub(super) fn looked_at(visitor: Visitor, looking: &LookAs, read: ReadRelease) -> Self {
        Self { looking: Some(looking.clone()), ..Self::new(visitor, looking.reader(), read) }
    }

    pub(super) fn release(&self) -> &Release {
        &self.read.release
    }

    pub(super) fn stocktake(&self) -> Option<&StocktakeColumn> {
        self.read.stocktake.as_deref()
    }

    /// What is there under the names that the reader sees.
    fn view(&self) -> ReadRelease {
        let read = self.read.clone();
        if self.reader.sees_letters(read.showing) {
            read.with_coded_peers(self.reader.own())
        } else {
            read
        }
    }

    /// The files that the reader may have.
    fn files(&self) -> impl Iterator<Item = File> {
        self.reader.files(self.read.showing)
    }

    /// Whether everybody may see it who may see results.
    pub(super) fn is_published(&self) -> bool {
        self.read.published
    }

    /// The way to the results of all waves, for those who may go there.
    pub(super) fn all_results(&self) -> Vec<Link> {
        if self.reader.is_lead() { Vec::new() } else { vec![Link::new("Results", "/results")] }
    }

    /// What leads wrote, beside the figures.
    fn words(&self) -> Vec<Link> {
        let comments = self.read.published && self.read.comments && !self.reader.is_anybody();
        let own = comments.then(|| {
            Link::new(
                "In their own words",
                format!("/results/{}/comments", self.release().about().wave),
            )
        });
        let ideas = self.read.ideas.then(|| Link::new("What works elsewhere", IDEAS));
        own.into_iter().chain(ideas).collect()
    }

    /// What is around a page, with what the office has to say.
    pub(super) fn frame(&self, house: &House) -> Frame {
        let early = early(&self.read.early);
        let notes = self.read.notes.iter();
        let notes = notes.map(|note| format!("Note of {}: {}", note.at.in_words(), note.words));
        Frame {
            notes: notes.chain(early).collect(),
            preview: self.looking.as_ref().map(|looking| looking.bar(&self.read)),
            ..frame(house, &self.visitor).at("/results")
        }
    }

    /// Everything that an answer to this visitor is made of.
    fn key(&self, request: &HttpRequest, frame: Option<&Frame>) -> Key {
        Key {
            address: request.uri().to_string(),
            releases: std::iter::once(&self.read.release)
                .chain(&self.read.past)
                .map(|release| release.digest().to_owned())
                .collect(),
            reader: self.reader.clone(),
            frame: frame.cloned(),
            stocktake: self.read.stocktake.clone(),
            decided: self.read.decided.clone(),
            words: self.words(),
        }
    }

    /// A page, from memory if it was made before.
    pub(super) fn page<P: Page>(
        &self,
        request: &HttpRequest,
        house: &House,
        fill: impl FnOnce(&Release, &Around<'_>) -> Option<P>,
    ) -> Result<HttpResponse, WebError> {
        let frame = self.frame(house);
        let words = self.words();
        let fill = || {
            let view = self.view();
            let around = Around {
                frame: &frame,
                stocktake: view.stocktake.as_deref(),
                past: &view.past,
                decided: &view.decided,
                eyes: self.reader.eyes(),
                own: self.reader.own(),
                words: &words,
            };
            fill(&view.release, &around).ok_or(WebError::NotFound)
        };
        // What is not published may be made again and be another.
        let Some(kept) = Kept::of(request).filter(|_| self.read.published) else {
            return Ok(html_response(StatusCode::OK, self.html(house, &fill()?)?));
        };
        let key = self.key(request, Some(&frame));
        if let Some(made) = kept.get(&key) {
            return Ok(made.response(request));
        }
        let page = fill()?;
        let html = self.html(house, &page)?;
        let made = Arc::new(Made::new("text/html; charset=utf-8", html.into_bytes()));
        kept.put(key, &made);
        Ok(made.response(request))
    }

    /// The text of a page, whose links stay where the reader is.
    fn html<P: Page>(&self, house: &House, page: &P) -> Result<String, PageError> {
        let html = house.pages.html(page)?;
        Ok(match &self.looking {
            Some(looking) => looking.within(&html),
            None => html,
        })
    }
}

pub(super) async fn shown(
    request: &HttpRequest,
    house: &House,
    wave: &str,
) -> Result<Shown, WebError> {
    if let Some(looking) = LookAs::of(request)? {
        return look_as::shown(request, house, looking).await;
    }
    let visitor = Visitor::of(request, house).await?;
    let code: WaveCode = wave.parse().map_err(|_| WebError::NotFound)?;
    let reader = Reader::of(request, house, &visitor, &code)?;
    let account = visitor.account().cloned();
    let read = house
        .reading(move |house| {
            let early = match &account {
                None => Early::Nobody,
                Some(account) if account.role.is_of_office() => Early::Office,
                Some(account) => Early::Account(&account.email),
            };
            flow::read_release(house, &code, early)
        })
        .await?;
    Ok(Shown::new(visitor, reader, read))
}

/// Who saw results before the others, in a sentence.
fn early(seen: &[EarlyAccess]) -> Option<String> {
    let all: Vec<String> = seen.iter().map(|one| format!("{} ({})", one.who, one.reason)).collect();
    let all = all.join("; ");
    (!all.is_empty()).then(|| format!("Before publication, access was given to: {all}."))
}

/// What an address names: the same below `/results` as where the office looks as
/// somebody else.
#[derive(serde::Deserialize)]
pub(super) struct Place {
    wave: String,
    /// The PCT or the measure.
    #[serde(default)]
    code: String,
    #[serde(default)]
    file: String,
}

/// What an address asks for of the overview.
#[derive(serde::Deserialize)]
pub(super) struct Asked {
    sort: Option<String>,
    cluster: Option<String>,
}

pub(super) async fn overview(
    place: web::Path<Place>,
    asked: web::Query<Asked>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let shown = shown(&request, &house, &place.wave).await?;
    shown.page(&request, &house, |release, around| {
        let order = Order::asked(release, asked.sort.as_deref(), asked.cluster.as_deref());
        let files: Vec<&str> = shown.files().map(File::name).collect();
        html::overview(release, around, &order, &files)
    })
}

pub(super) async fn pct(
    place: web::Path<Place>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let Place { wave, code: unit, .. } = place.into_inner();
    let shown = shown(&request, &house, &wave).await?;
    let unit: OrgCode = unit.parse().map_err(|_| WebError::NotFound)?;
    if !shown.reader.may_open(&unit) {
        return Err(WebError::NotForYou);
    }
    shown.page(&request, &house, |release, around| html::pct(release, &unit, around))
}

pub(super) async fn measure(
    place: web::Path<Place>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let Place { wave, code, .. } = place.into_inner();
    let shown = shown(&request, &house, &wave).await?;
    let of = shown.release().measure(&code);
    if of.is_some_and(|of| of.kind == MeasureKind::Number) {
        return shown
            .page(&request, &house, |release, around| html::number(release, &code, around));
    }
    shown.page(&request, &house, |release, around| html::measure(release, &code, around))
}

/// The rows of one measure, as its page shows them.
pub(super) async fn measure_figures(
    place: web::Path<Place>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let Place { wave, code, .. } = place.into_inner();
    let shown = shown(&request, &house, &wave).await?;
    let view = shown.view();
    let file = measure_file::figures_of(&view.release, &code).ok_or(WebError::NotFound)?;
    let name = format!("{}-{code}.csv", shown.release().about().wave);
    let made = Made::new(File::Figures.media_type(), file).saved_as(name);
    Ok(made.response(&request))
}

pub(super) async fn download(
    place: web::Path<Place>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let Place { wave, file, .. } = place.into_inner();
    let mut shown = shown(&request, &house, &wave).await?;
    let (found, media_type) = match (File::named(&file), PctFile::named(&file)) {
        (Some(found), _) => (Found::Whole(found), found.media_type()),
        (None, Some((found, code))) => (Found::Pct(found, code.to_owned()), found.media_type()),
        (None, None) => return Err(WebError::NotFound),
    };
    if let Found::Pct(_, code) = &found
        && !code.parse().is_ok_and(|code| shown.reader.may_open(&code))
    {
        return Err(WebError::NotForYou);
    }
    if let Found::Whole(found) = found {
        if !shown.files().any(|file| file == found) {
            return Err(WebError::NotForYou);
        }
        if !found.shows_stocktake() {
            shown.read.stocktake = None;
        }
    }
    let key = shown.key(&request, None);
    let kept = Kept::of(&request).filter(|_| shown.read.published);
    if let Some(made) = kept.and_then(|kept| kept.get(&key)) {
        return Ok(made.response(&request));
    }
    let read = shown.view();
    // A report or a workbook is work; other requests go on meanwhile.
    let bytes = house.blocking(move |_| Ok(found.bytes(&read))).await??;
    let name = format!("{}-{file}", shown.release().about().wave);
    let made = Arc::new(Made::new(media_type, bytes).saved_as(name));
    if let Some(kept) = kept {
        kept.put(key, &made);
    }
    Ok(made.response(&request))
}

/// What is downloaded: of the whole, or of one PCT.
enum Found {
    Whole(File),
    Pct(PctFile, String),
}

impl Found {
    fn bytes(&self, read: &ReadRelease) -> Result<Vec<u8>, FileError> {
        let stocktake = read.stocktake.as_deref();
        match self {
            Self::Whole(file) => file.bytes(&read.release, stocktake),
            Self::Pct(file, code) => file.bytes(&read.release, code, stocktake),
        }
    }
}
