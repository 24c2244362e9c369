//! The form walked through by the office before anybody is asked. The pages are
//! those of a lead; the answers travel in a cookie of the browser, and nothing
//! of them is kept here.

mod pocket;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::answer::{Form, Reply, Route, Taken};
use crate::definition::{Survey, Tokens, fill};
use crate::flow::{self, AskedSurvey, House};
use crate::pages::{Hidden, Layout, Link, Page, PreviewEndPage, WelcomePage, paragraphs};

use super::check::check_page;
use super::error::WebError;
use super::frame::frame;
use super::section::{self, Because, Next};
use super::sent::Fields;
use super::session::{Jar, TheHouse, Visitor, page_response, see_other};
use super::surveys::{Looked, Query, SURVEYS};
use super::walk::Walk;

use pocket::Pocket;

/// Somebody of the office on their way through the form.
struct Preview<'p> {
    house: &'p House,
    looked: Looked,
    asked: AskedSurvey,
    pocket: Pocket,
    form: String,
}

impl<'p> Preview<'p> {
    /// Lets the office in, with what its browser brought along.
    async fn of(
        request: &HttpRequest,
        house: &'p House,
        id: &str,
        query: &[(String, String)],
    ) -> Result<Self, WebError> {
        let form = Visitor::of(request, house).await?.form_token();
        let looked = Looked::read(id, query)?;
        let Looked { id, by } = looked.clone();
        let asked = house.blocking(move |house| flow::asked_survey(house, &id, &by)).await?;
        let pocket = Jar::Preview.value(request, house).map(|text| Pocket::read(&text));
        Ok(Self { house, looked, asked, pocket: pocket.unwrap_or_default(), form })
    }

    /// An answer that brings the pocket back to the browser.
    fn carrying(&self, mut response: HttpResponse) -> HttpResponse {
        let mut cookie = Jar::Preview.cookie(self.house, self.pocket.written());
        cookie.set_path(self.looked.folder());
        // Only an ill-formed cookie is refused; ours is base64.
        drop(response.add_cookie(&cookie));
        response
    }

    fn page<P: Page>(&self, status: StatusCode, page: &P) -> Result<HttpResponse, WebError> {
        Ok(page_response(self.house, status, page)?)
    }

    /// What the pocket had no room for, in sentences.
    fn notes(&self) -> Vec<String> {
        let tokens = self.tokens();
        let mut notes = Vec::new();
        for code in &self.pocket.shortened {
            if let Some(item) = self.survey().item(code) {
                let wording = fill(item.wording, &tokens);
                notes.push(format!(
                    "A preview has little room: only the beginning of your words is kept for \"{wording}\"."
                ));
            }
        }
        if self.pocket.full {
            notes.push(
                "This survey has more answers than a preview has room for: those given last were not kept."
                    .to_owned(),
            );
        }
        notes
    }

    /// Takes a section into the pocket.
    fn take(&mut self, code: &str, fields: &[(String, String)]) -> Result<Taken, WebError> {
        let seed = self.seed();
        let form = Form::new(fields, &seed);
        let survey = &self.asked.survey;
        let (_, section) = survey.section(code).ok_or(WebError::NotFound)?;
        let mut draft = self.pocket.reply.clone();
        let mut taken = form.take_section(&mut draft, survey, section);
        self.pocket.keep(draft);
        // The form goes on from what is kept, which may be less than it said.
        taken.editions = form.next_editions(&self.pocket.reply, section, &taken.faults);
        Ok(taken)
    }
}

impl Walk for Preview<'_> {
    fn survey(&self) -> &Survey {
        &self.asked.survey
    }

    fn draft(&self) -> &Reply {
        &self.pocket.reply
    }

    fn tokens(&self) -> Tokens {
        self.asked.tokens.clone()
    }

    /// Of the definition: every preview of it shows shuffled rows alike.
    fn seed(&self) -> [u8; 32] {
        let mut seed = [0; 32];
        // A fingerprint has as many digits as a seed needs.
        let _ = hex::decode_to_slice(self.looked.id.as_str(), &mut seed);
        seed
    }

    fn group(&self) -> String {
        self.asked.tokens.group.clone()
    }

    fn layout(&self, title: &str) -> Layout {
        let notice = self.asked.wave.as_ref().and_then(|wave| wave.purpose.notice());
        let links = vec![
            Link::new("Start again", self.looked.preview()),
            Link::new("Paper version", self.looked.paper()),
            Link::new("All surveys", SURVEYS),
        ];
        let frame = frame(self.house, &Visitor::nobody());
        frame.page(title).notice(notice).preview(self.notes(), links)
    }

    fn hidden(&self) -> Vec<Hidden> {
        // The lead's pages show nobody signed in, and their forms are the office's here.
        vec![Hidden { name: "-form".to_owned(), value: self.form.clone() }]
    }

    fn left(&self) -> String {
        let now = self.house.now();
        let open = self.asked.wave.as_ref().filter(|wave| wave.takes_answers(now));
        open.map_or_else(String::new, |wave| now.left_until(wave.closes))
    }

    fn closes(&self) -> String {
        let wave = self.asked.wave.as_ref();
        wave.map_or_else(
            || "the wave's closing time".to_owned(),
            |wave| wave.closes.in_words_with_time(),
        )
    }

    fn replaces(&self) -> bool {
        false
    }

    fn way(&self, to: &str) -> String {
        format!("{}/{to}{}", self.looked.folder(), self.looked.query())
    }

    fn decline(&self) -> String {
        String::new()
    }

    fn leave(&self) -> String {
        String::new()
    }
}

/// The first page.
pub(super) async fn welcome(
    request: HttpRequest,
    path: web::Path<String>,
    query: Query,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let preview = Preview::of(&request, &house, &path, &query).await?;
    let (survey, tokens) = (preview.survey(), preview.tokens());
    let page = WelcomePage {
        layout: preview.layout(&survey.title),
        heading: fill(&survey.title, &tokens),
        group: preview.group(),
        in_place_of: None,
        welcome: paragraphs(&fill(&survey.texts.welcome, &tokens)),
        minutes: survey.minutes(),
        closes: preview.closes(),
        answered: false,
        declined: false,
        deputy: None,
        fingerprint: None,
        action: preview.looked.preview(),
        hidden: preview.hidden(),
    };
    preview.page(StatusCode::OK, &page)
}

/// On to the first section, with an empty pocket.
pub(super) async fn start(
    request: HttpRequest,
    path: web::Path<String>,
    query: Query,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let mut preview = Preview::of(&request, &house, &path, &query).await?;
    preview.pocket = Pocket::default();
    let route = Route::of(preview.survey(), preview.draft());
    let first = preview.survey().sections.iter().find(|section| route.enters(section));
    let to = first.map_or_else(|| preview.way("check"), |section| preview.href(section));
    Ok(preview.carrying(see_other(&to)))
}

/// A section of the form.
pub(super) async fn section(
    request: HttpRequest,
    path: web::Path<(String, String)>,
    query: Query,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let (id, code) = path.into_inner();
    let preview = Preview::of(&request, &house, &id, &query).await?;
    preview.page(StatusCode::OK, &section::page(&preview, &code, &Because::Asked)?)
}

/// Takes a section into the pocket and goes on, or stays.
pub(super) async fn save(
    request: HttpRequest,
    path: web::Path<(String, String)>,
    query: Query,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let (id, code) = path.into_inner();
    let mut preview = Preview::of(&request, &house, &id, &query).await?;
    let taken = preview.take(&code, &fields)?;
    let response = match section::next(&preview, &code, &taken, &fields) {
        Next::Kept(kept) => HttpResponse::Ok().json(kept),
        Next::Stay(status, because) => {
            preview.page(status, &section::page(&preview, &code, &because)?)?
        }
        Next::On(to) => see_other(&to),
    };
    Ok(preview.carrying(response))
}

/// All answers, before they would be sent.
pub(super) async fn check(
    request: HttpRequest,
    path: web::Path<String>,
    query: Query,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let preview = Preview::of(&request, &house, &path, &query).await?;
    preview.page(StatusCode::OK, &check_page(&preview))
}

/// Sends nothing: empties the pocket, unless the answers do not fit together.
pub(super) async fn send(
    request: HttpRequest,
    path: web::Path<String>,
    query: Query,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let mut preview = Preview::of(&request, &house, &path, &query).await?;
    let (reply, _) = Route::of(preview.survey(), preview.draft()).kept();
    if reply.is_empty() || reply.check_against(preview.survey()).is_err() {
        return Ok(see_other(&preview.way("check")));
    }
    preview.pocket = Pocket::default();
    Ok(preview.carrying(see_other(&preview.way("done"))))
}

/// Where a lead would be thanked.
pub(super) async fn done(
    request: HttpRequest,
    path: web::Path<String>,
    query: Query,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let preview = Preview::of(&request, &house, &path, &query).await?;
    let page = PreviewEndPage {
        layout: preview.layout("End of the preview"),
        thanks: paragraphs(&fill(&preview.survey().texts.thanks, &preview.tokens())),
        again: preview.looked.preview(),
        surveys: SURVEYS.to_owned(),
    };
    preview.page(StatusCode::OK, &page)
}
