//! How far the reading of a wave's comments is: by question, as a list, with the themes.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use crate::disclosure::FEWEST_COMMENTS;
use crate::flow::{self, CommentDesk, CommentRefusal, FlowError};
use crate::id::WaveCode;
use crate::moderation::{Decision, HeldComment, Reading, Theme, ThemeCode, ThemeFault};
use crate::pages::{
    CommentQuestionRow, CommentRow, CommentsPage, FieldView, Link, Tab, ThemeRow, form_title,
};
use crate::register::EmailAddress;

use super::deputy::sent;
use super::error::WebError;
use super::frame::{capital, frame};
use super::sent::Fields;
use super::session::{TheHouse, Visitor, ok, page_response, see_other};

/// So many comments stand on one page of the list.
const ON_A_PAGE: usize = 50;
/// So many characters of a comment stand in the list.
const EXTRACT: usize = 110;

/// What the address asks the list to show.
#[derive(serde::Deserialize, Default)]
pub(super) struct Asked {
    show: Option<String>,
    question: Option<String>,
    page: Option<usize>,
    done: Option<String>,
}

/// What the list can show.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Show {
    ToRead,
    Waiting,
    Ready,
    KeptBack,
    All,
}

impl Show {
    const EACH: [Self; 5] = [Self::ToRead, Self::Waiting, Self::Ready, Self::KeptBack, Self::All];

    fn word(self) -> &'static str {
        match self {
            Self::ToRead => "to-read",
            Self::Waiting => "waiting",
            Self::Ready => "ready",
            Self::KeptBack => "kept-back",
            Self::All => "all",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::ToRead => "To read",
            Self::Waiting => "Waiting for a second reader",
            Self::Ready => "Ready to go out",
            Self::KeptBack => "Kept back",
            Self::All => "All",
        }
    }

    fn has(self, reading: Reading<'_>, who: &EmailAddress) -> bool {
        match self {
            Self::ToRead => reading.is_open_to(who),
            Self::Waiting => matches!(reading, Reading::Waits(_)),
            Self::Ready => reading.to_publish().is_some(),
            Self::KeptBack => {
                matches!(reading, Reading::Settled(_)) && reading.to_publish().is_none()
            }
            Self::All => true,
        }
    }
}

/// Who is asking, for which wave.
pub(super) struct Reader {
    pub(super) visitor: Visitor,
    pub(super) code: WaveCode,
    pub(super) who: EmailAddress,
}

impl Reader {
    pub(super) async fn of(request: &HttpRequest, house: &TheHouse) -> Result<Self, WebError> {
        let visitor = Visitor::of(request, house).await?;
        let code = request.match_info().get("wave").unwrap_or_default();
        let code = code.parse().map_err(|_| WebError::NotFound)?;
        let account = visitor.account().ok_or(WebError::SignInNeeded)?;
        let who = account.email.clone();
        Ok(Self { visitor, code, who })
    }

    pub(super) async fn desk(&self, house: &TheHouse) -> Result<CommentDesk, WebError> {
        let code = self.code.clone();
        Ok(house.blocking(move |house| flow::comment_desk(house, &code)).await?)
    }

    /// The address of these pages.
    pub(super) fn base(&self) -> String {
        format!("/office/waves/{}/comments", self.code)
    }

    /// Whether they may publish and take down.
    pub(super) fn may_publish(&self) -> bool {
        self.visitor.may_act("/office/waves/{wave}/comments/publish")
    }
}

/// The way to a wave's pages about comments.
pub(super) fn trail(desk: &CommentDesk, base: &str) -> Vec<Link> {
    let wave = format!("/office/waves/{}", desk.wave.code);
    let mut trail =
        vec![Link::new("Survey office", "/office"), Link::new(desk.wave.title.clone(), wave)];
    if !base.is_empty() {
        trail.push(Link::new("Comments", base));
    }
    trail
}

pub(super) fn progress(desk: &CommentDesk) -> String {
    format!("{} of {} read", desk.done(), desk.comments.len())
}

/// How far the reading of a comment is, in a few words.
fn state(reading: Reading<'_>, published: bool) -> &'static str {
    match reading {
        Reading::Unread => "not read",
        Reading::Waits(_) => "waits for a second reader",
        Reading::Settled(decided) => match decided.decision {
            Decision::Publish(_) if published => "published",
            Decision::Publish(_) => "ready",
            Decision::Withhold(_) => "kept back",
            Decision::Unquoted => "not to be quoted",
        },
    }
}

fn extract(words: &str) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= EXTRACT {
        return line;
    }
    let start: String = line.chars().take(EXTRACT).collect();
    format!("{}…", start.trim_end())
}

/// A theme that was not taken.
struct NotTaken<'f> {
    fields: &'f [(String, String)],
    code: Option<String>,
    words: Option<String>,
}

fn question_rows(desk: &CommentDesk, base: &str) -> Vec<CommentQuestionRow> {
    let row = |going: &crate::moderation::Going| CommentQuestionRow {
        wording: going.question.wording.clone(),
        href: format!("{base}?show=all&question={}#list", going.question.item),
        given: going.given,
        unread: going.held.unread,
        waiting: going.held.waiting,
        ready: going.ready,
        kept_back: going.held.withheld + going.held.unquoted,
        few: (going.given as u64) < FEWEST_COMMENTS,
    };
    desk.going.iter().map(row).collect()
}

/// The part of the list that was asked for.
struct List {
    tabs: Vec<Tab>,
    showing: String,
    rows: Vec<CommentRow>,
    pager: Vec<Link>,
}

fn list(desk: &CommentDesk, reader: &Reader, asked: &Asked) -> List {
    let base = reader.base();
    let question =
        desk.questions.iter().find(|one| Some(one.item.as_str()) == asked.question.as_deref());
    let of_question: Vec<&HeldComment> = desk
        .comments
        .iter()
        .filter(|comment| question.is_none_or(|question| comment.item == question.item))
        .collect();
    let shown = Show::EACH.into_iter().find(|show| Some(show.word()) == asked.show.as_deref());
    let shown = shown.unwrap_or(Show::ToRead);
    let of = |show: Show| {
        of_question
            .iter()
            .filter(|comment| show.has(comment.reading(desk.readers), &reader.who))
            .copied()
            .collect::<Vec<_>>()
    };
    let at = |show: Show, page: usize| {
        let question = question.map_or_else(String::new, |one| format!("&question={}", one.item));
        let page = if page > 1 { format!("&page={page}") } else { String::new() };
        format!("{base}?show={}{question}{page}#list", show.word())
    };
    let two = desk.readers == crate::moderation::Readers::Two;
    let tab = |show: Show| Tab {
        label: format!("{} ({})", show.label(), of(show).len()),
        href: at(show, 1),
        current: show == shown,
    };
    let found = of(shown);
    let last_page = found.len().div_ceil(ON_A_PAGE).max(1);
    let page = asked.page.unwrap_or(1).clamp(1, last_page);
    let first = (page - 1) * ON_A_PAGE;
    let last = found.len().min(first + ON_A_PAGE);
    let of_what = question.map_or_else(String::new, |one| format!(" on “{}”", one.wording));
    let row = |comment: &&HeldComment| CommentRow {
        href: format!("{base}/read/{}", comment.id),
        extract: extract(&comment.words),
        state: state(comment.reading(desk.readers), desk.published.is_some()).to_owned(),
        open: comment.reading(desk.readers).is_open_to(&reader.who),
    };
    let before = (page > 1).then(|| Link::new("Previous page", at(shown, page - 1)));
    let after = (page < last_page).then(|| Link::new("Next page", at(shown, page + 1)));
    List {
        tabs: Show::EACH
            .into_iter()
            .filter(|show| two || *show != Show::Waiting)
            .map(tab)
            .collect(),
        showing: if found.is_empty() {
            format!("{}: none{of_what}.", shown.label())
        } else {
            format!("{}{of_what}: {} to {last} of {}.", shown.label(), first + 1, found.len())
        },
        rows: found.get(first..last).unwrap_or_default().iter().map(row).collect(),
        pager: before.into_iter().chain(after).collect(),
    }
}

fn theme_rows(desk: &CommentDesk) -> Vec<ThemeRow> {
    let row = |theme: &Theme| ThemeRow {
        code: theme.code.to_string(),
        words: theme.words.clone(),
        count: desk.comments.iter().filter(|one| one.themes.contains(&theme.code)).count(),
    };
    desk.themes.iter().map(row).collect()
}

fn page(
    house: &TheHouse,
    reader: &Reader,
    desk: &CommentDesk,
    asked: &Asked,
    not_taken: Option<NotTaken<'_>>,
) -> CommentsPage {
    let base = reader.base();
    let value = |name| not_taken.as_ref().map_or("", |one| sent(one.fields, name));
    let (for_code, for_words) = (value("code").to_owned(), value("words").to_owned());
    let (of_code, of_words) = not_taken.map_or((None, None), |one| (one.code, one.words));
    let code = FieldView::text("code", "Code")
        .hint("Up to 8 letters or digits, such as DATA")
        .sent(&for_code, of_code);
    let words = FieldView::text("words", "What it stands for").sent(&for_words, of_words);
    let errors: Vec<_> = code.problem().into_iter().chain(words.problem()).collect();
    let List { tabs, showing, rows, pager } = list(desk, reader, asked);
    let published = desk.published.is_some();
    let may_publish = reader.may_publish() && desk.wave.is_counted();
    CommentsPage {
        layout: frame(house, &reader.visitor)
            .at("/office")
            .page(form_title("Comments", &errors))
            .notice(desk.wave.purpose.notice())
            .trail(trail(desk, ""))
            .wide(),
        caption: desk.wave.title.clone(),
        done: done(asked.done.as_deref()),
        counted: desk.wave.is_counted(),
        progress: progress(desk),
        next: desk
            .next(&reader.who, None)
            .filter(|_| !published)
            .map(|one| Link::new("Read the next comment", format!("{base}/read/{}", one.id))),
        two: desk.readers == crate::moderation::Readers::Two,
        questions: question_rows(desk, &base),
        tabs,
        showing,
        rows,
        pager,
        themes: theme_rows(desk),
        code,
        words,
        errors,
        add: (!published).then(|| format!("{base}/themes")),
        remove: format!("{base}/themes/remove"),
        publish: (may_publish && !published).then(|| format!("{base}/publish")),
        take_down: (may_publish && published).then(|| format!("{base}/take-down")),
        published: published.then(|| format!("/results/{}/comments", desk.wave.code)),
    }
}

fn done(word: Option<&str>) -> Option<String> {
    let said = match word? {
        "all-read" => "Saved. You have read every comment.",
        "saved" => "Saved.",
        "unread" => "Put back among those that are not read.",
        "published" => "Published. Everybody who may see the results can read the comments now.",
        "taken-down" => "Taken down. Nobody but the office reads them now.",
        _ => return None,
    };
    Some(said.to_owned())
}

pub(super) async fn index(
    request: HttpRequest,
    asked: web::Query<Asked>,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let reader = Reader::of(&request, &house).await?;
    let desk = reader.desk(&house).await?;
    ok(&house, &page(&house, &reader, &desk, &asked, None))
}

/// Adds a theme to the list.
pub(super) async fn add_theme(
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let reader = Reader::of(&request, &house).await?;
    let code = reader.code.clone();
    let mut not_taken = NotTaken { fields: &fields, code: None, words: None };
    match Theme::typed(sent(&fields, "code"), sent(&fields, "words")) {
        Ok(theme) => {
            let added =
                house.blocking(move |house| flow::add_comment_theme(house, &code, &theme)).await;
            match added {
                Err(FlowError::Comment(
                    why @ (CommentRefusal::ThemeExists | CommentRefusal::TooManyThemes),
                )) => not_taken.code = Some(capital(&why.to_string())),
                other => {
                    other?;
                    return Ok(see_other(&format!("{}#themes", reader.base())));
                }
            }
        }
        Err(faults) => {
            for fault in faults {
                match fault {
                    ThemeFault::Code => not_taken.code = Some(capital(&fault.to_string())),
                    ThemeFault::NoWords | ThemeFault::LongWords(_) => {
                        not_taken.words = Some(capital(&fault.to_string()));
                    }
                }
            }
        }
    }
    let desk = reader.desk(&house).await?;
    let page = page(&house, &reader, &desk, &Asked::default(), Some(not_taken));
    Ok(page_response(&house, StatusCode::UNPROCESSABLE_ENTITY, &page)?)
}

/// Takes a theme out of the list and from every comment.
pub(super) async fn remove_theme(
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let reader = Reader::of(&request, &house).await?;
    let theme: ThemeCode = sent(&fields, "code").parse().map_err(|_| WebError::BadForm)?;
    let code = reader.code.clone();
    house.blocking(move |house| flow::remove_comment_theme(house, &code, &theme)).await?;
    Ok(see_other(&format!("{}#themes", reader.base())))
}
