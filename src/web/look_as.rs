//! The office looks at results as somebody else will see them: the same handlers and
//! pages for that reader, at addresses of their own below the release of a wave. The
//! table of doors says who may come here; nobody's session or cookie changes.

use std::fmt;
use std::str::FromStr;

use actix_web::{HttpRequest, HttpResponse, web};

use crate::account::Role;
use crate::flow::{self, Early, FlowError, House, ReadRelease};
use crate::id::{OrgCode, WaveCode};
use crate::pages::{Link, LookAsPage, LookAsUnit, PreviewBar};
use crate::release::Release;
use crate::render::html;

use super::error::WebError;
use super::frame::frame;
use super::reader::Reader;
use super::results::Shown;
use super::session::{TheHouse, Visitor, ok, see_other};

/// As whom the office looks.
#[derive(Debug, Clone, PartialEq, Eq)]
enum As {
    Sha,
    Lmc,
    /// Whoever reads the public summary.
    Everybody,
    /// Who has an account of this PCT.
    Pct(OrgCode),
    /// A lead of this PCT, by the link in the mail.
    Lead(OrgCode),
}

impl fmt::Display for As {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sha => f.write_str("sha"),
            Self::Lmc => f.write_str("lmc"),
            Self::Everybody => f.write_str("everybody"),
            Self::Pct(unit) => write!(f, "pct-{unit}"),
            Self::Lead(unit) => write!(f, "lead-{unit}"),
        }
    }
}

impl FromStr for As {
    type Err = WebError;

    fn from_str(word: &str) -> Result<Self, WebError> {
        let unit = |slug: &str| slug.parse().map_err(|_| WebError::NotFound);
        match (word, word.split_once('-')) {
            ("sha", _) => Ok(Self::Sha),
            ("lmc", _) => Ok(Self::Lmc),
            ("everybody", _) => Ok(Self::Everybody),
            (_, Some(("pct", slug))) => Ok(Self::Pct(unit(slug)?)),
            (_, Some(("lead", slug))) => Ok(Self::Lead(unit(slug)?)),
            _ => Err(WebError::NotFound),
        }
    }
}

/// A look as somebody else at the results of a wave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LookAs {
    who: As,
    wave: WaveCode,
}

/// The release of a wave in the office.
pub(super) fn release_base(wave: &WaveCode) -> String {
    format!("/office/waves/{wave}/release")
}

impl LookAs {
    /// The look that an address asks for; none below `/results`.
    ///
    /// # Errors
    /// If it names nobody whom results are for.
    pub(super) fn of(request: &HttpRequest) -> Result<Option<Self>, WebError> {
        let Some(who) = request.match_info().get("reader") else { return Ok(None) };
        let wave = request.match_info().query("wave").parse().map_err(|_| WebError::NotFound)?;
        Ok(Some(Self { who: who.parse()?, wave }))
    }

    /// Whose eyes these are.
    pub(super) fn reader(&self) -> Reader {
        match &self.who {
            As::Sha => Reader::of_role(Role::Sha, None),
            As::Lmc => Reader::of_role(Role::Lmc, None),
            As::Everybody => Reader::anybody(),
            As::Pct(unit) => Reader::of_role(Role::Pct, Some(unit.clone())),
            As::Lead(unit) => Reader::leads(unit.clone()),
        }
    }

    fn in_words(&self, release: &Release) -> String {
        let name = |unit: &OrgCode| {
            release.node(unit).map_or_else(|| unit.to_string(), |org| org.name.clone())
        };
        match &self.who {
            As::Sha => "the SHA".to_owned(),
            As::Lmc => "the LMC".to_owned(),
            As::Everybody => "everybody: the public summary".to_owned(),
            As::Pct(unit) => format!("the PCT {}", name(unit)),
            As::Lead(unit) => format!("a lead in {}", name(unit)),
        }
    }

    /// The bar on each of its pages.
    pub(super) fn bar(&self, read: &ReadRelease) -> PreviewBar {
        let as_whom = self.in_words(&read.release);
        let published =
            if read.published { "These results are published." } else { "Nothing is published." };
        let is_shut = self.who == As::Everybody && !read.showing.public_summary;
        let shut = "The public summary is off: while it is, nobody but the office sees this page.";
        let base = release_base(&self.wave);
        PreviewBar {
            says: format!("You are looking as {as_whom}. {published}"),
            notes: Some(shut.to_owned()).filter(|_| is_shut).into_iter().collect(),
            links: vec![
                Link::new("Look as somebody else", format!("{base}/as")),
                Link::new("Stop looking", base),
            ],
        }
    }

    /// A page whose links to results lead to the same eyes. What somebody wrote stands in
    /// a page without quotation marks of its own, so nothing but links is meant.
    pub(super) fn within(&self, page: &str) -> String {
        const RESULTS: &str = "href=\"/results/";
        let mut within = String::with_capacity(page.len() + page.len() / 8);
        let mut rest = page;
        while let Some((before, after)) = rest.split_once(RESULTS) {
            let end = after.find(['/', '"', '?', '#']).unwrap_or(after.len());
            let (wave, after) = after.split_at(end);
            within.push_str(before);
            let there = format!("href=\"/office/waves/{wave}/release/as/{}", self.who);
            within.push_str(&there);
            rest = after;
        }
        within.push_str(rest);
        within
    }
}

/// The release of a wave, if it is built.
async fn read(house: &House, wave: WaveCode) -> Result<Option<ReadRelease>, WebError> {
    match house.reading(move |house| flow::read_release(house, &wave, Early::Office)).await {
        Ok(read) => Ok(Some(read)),
        Err(FlowError::NoRelease(_)) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

async fn looked_at(
    request: &HttpRequest,
    house: &House,
    looking: LookAs,
) -> Result<Shown, WebError> {
    let visitor = Visitor::of(request, house).await?;
    let wave = looking.wave.clone();
    let read = read(house, wave).await?.ok_or(WebError::NotFound)?;
    if let As::Pct(unit) | As::Lead(unit) = &looking.who
        && !read.release.leaves().any(|leaf| leaf.code == *unit)
    {
        return Err(WebError::NotFound);
    }
    Ok(Shown::looked_at(visitor, &looking, read))
}

/// The results as these eyes see them.
///
/// # Errors
/// If there is no release, or nothing of it but the summary is for them.
pub(super) async fn shown(
    request: &HttpRequest,
    house: &House,
    looking: LookAs,
) -> Result<Shown, WebError> {
    if looking.who == As::Everybody {
        return Err(WebError::NotFound);
    }
    looked_at(request, house, looking).await
}

/// The summary, for those who are led to it: leads, and everybody.
pub(super) async fn summary(
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let looking = LookAs::of(&request)?.ok_or(WebError::NotFound)?;
    if !matches!(looking.who, As::Everybody | As::Lead(_)) {
        return Err(WebError::NotFound);
    }
    looked_at(&request, &house, looking).await?.page(&request, &house, html::summary)
}

/// The choice of eyes.
pub(super) async fn choose(
    path: web::Path<String>,
    request: HttpRequest,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let visitor = Visitor::of(&request, &house).await?;
    let code: WaveCode = path.parse().map_err(|_| WebError::NotFound)?;
    let base = release_base(&code);
    // Before it is built there is nothing to look at, and that page says what to do.
    let Some(read) = read(&house, code.clone()).await? else { return Ok(see_other(&base)) };
    let about = read.release.about();
    let at = |who: As| format!("{base}/as/{who}");
    let mut units: Vec<_> = read.release.leaves().collect();
    units.sort_by(|a, b| a.name.cmp(&b.name));
    let page = LookAsPage {
        layout: frame(&house, &visitor)
            .at("/office")
            .page("Look as somebody else")
            .notice(about.purpose.notice())
            .trail(vec![
                Link::new("Survey office", "/office"),
                Link::new(&about.wave_title, format!("/office/waves/{code}")),
                Link::new("Release", &base),
            ]),
        wave: about.wave_title.clone(),
        published: read.published,
        everybody: vec![
            Link::new("The SHA", at(As::Sha)),
            Link::new("The LMC", at(As::Lmc)),
            Link::new("Everybody: the public summary", at(As::Everybody) + "/summary"),
        ],
        units: units
            .into_iter()
            .map(|org| LookAsUnit {
                name: org.name.clone(),
                pct: at(As::Pct(org.code.clone())),
                lead: at(As::Lead(org.code.clone())) + "/summary",
            })
            .collect(),
    };
    ok(&house, &page)
}

#[cfg(test)]
mod tests {
    use super::{As, LookAs};

    #[test]
    fn links_to_results_stay_with_the_same_eyes_and_nothing_else_changes() {
        let looking = LookAs {
            who: As::Pct("luton".parse().expect("a unit")),
            wave: "2007-Q4".parse().expect("a wave"),
        };
        let page = "<a href=\"/results/2007-Q4\">1</a> <a href=\"/results/2007-Q3/pct/x#a\">2</a> \
                    <a href=\"/results\">3</a> href=&quot;/results/2007-Q4";
        let wanted = "<a href=\"/office/waves/2007-Q4/release/as/pct-luton\">1</a> \
                      <a href=\"/office/waves/2007-Q3/release/as/pct-luton/pct/x#a\">2</a> \
                      <a href=\"/results\">3</a> href=&quot;/results/2007-Q4";
        assert_eq!(looking.within(page), wanted);
    }

    #[test]
    fn a_word_names_one_reader_and_is_written_as_it_is_read() {
        for word in ["sha", "lmc", "everybody", "pct-ne-essex", "lead-ne-essex"] {
            let who: As = word.parse().expect(word);
            assert_eq!(who.to_string(), word);
        }
        for word in ["office", "clerk", "pct", "pct-", "lead-../x", "", "anybody"] {
            assert!(word.parse::<As>().is_err(), "{word}");
        }
    }
}
