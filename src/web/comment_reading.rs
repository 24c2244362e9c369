//! One comment before a reader: what had better be taken out is marked, and what is to
//! happen with it is decided.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use crate::flow::{self, CommentDesk, CommentRefusal, FlowError, reading_mark};
use crate::id::CommentId;
use crate::moderation::{
    Decided, Decision, HeldComment, MOST_REASON, MOST_TEXT, Reading, ReadingFault, ReadingRefusal,
    ThemeCode,
};
use crate::pages::{
    AreaView, Choice, CommentPage, FieldView, Hidden, PieceView, Prompt, form_title,
};

use super::comments::{Reader, progress, trail};
use super::deputy::sent;
use super::error::WebError;
use super::frame::frame;
use super::sent::Fields;
use super::session::{TheHouse, ok, page_response, see_other};

/// The field that says what was decided when the page was made.
const SEEN: &str = "-seen";
/// What agreeing with somebody else means.
const AGREE: &str = "Leave the text as it is to agree with it: then it can go out. If you change it, somebody else must agree with your text.";

fn comment_id(request: &HttpRequest) -> Result<CommentId, WebError> {
    let id = request.match_info().get("comment").unwrap_or_default();
    id.parse().map_err(|_| WebError::NotFound)
}

/// What the form holds: as it was kept, or as it was sent.
#[derive(Default)]
struct Desk {
    text: String,
    reason: String,
    chosen: String,
    themes: Vec<ThemeCode>,
    fault: Option<ReadingFault>,
    /// What still looks like a name, if that was not confirmed.
    left: Option<String>,
    failed: Option<String>,
}

impl Desk {
    fn kept(desk: &CommentDesk, comment: &HeldComment) -> Self {
        let themes = comment.themes.clone();
        let proposed = || desk.finder.redacted(&comment.words);
        match &comment.decided {
            None => Self { text: proposed(), themes, ..Self::default() },
            Some(Decided { decision, .. }) => Self {
                text: match decision {
                    Decision::Publish(words) => words.clone(),
                    Decision::Withhold(_) | Decision::Unquoted => proposed(),
                },
                reason: match decision {
                    Decision::Withhold(reason) => reason.clone(),
                    Decision::Publish(_) | Decision::Unquoted => String::new(),
                },
                chosen: decision.word().to_owned(),
                themes,
                ..Self::default()
            },
        }
    }

    fn sent(fields: &Fields) -> Self {
        let of = |name: &str| sent(fields, name).to_owned();
        let themes = fields.iter().filter(|(name, _)| name == "theme");
        Self {
            text: of("text").replace("\r\n", "\n"),
            reason: of("reason"),
            chosen: of("decision"),
            themes: themes.filter_map(|(_, code)| code.parse().ok()).collect(),
            ..Self::default()
        }
    }
}

/// What was decided so far, in a sentence.
fn before(comment: &HeldComment, desk: &CommentDesk, reader: &Reader) -> Option<String> {
    let published = desk.published.is_some();
    let who = |decided: &Decided| {
        let name = |who: &crate::register::EmailAddress| {
            if who.key() == reader.who.key() { "you".to_owned() } else { who.expose().to_owned() }
        };
        let second = decided.second.as_ref().map(|second| format!(" and {}", name(second)));
        format!("{}{}", name(&decided.first), second.unwrap_or_default())
    };
    match comment.reading(desk.readers) {
        Reading::Unread => None,
        Reading::Waits(decided) if decided.is_by(&reader.who) => {
            Some("You want to publish this text. Somebody else must agree with it.".to_owned())
        }
        Reading::Waits(decided) => {
            Some(format!("Decided by {}: publish the text below. Do you agree?", who(decided)))
        }
        Reading::Settled(decided) => Some(format!(
            "Decided by {}: {}.",
            who(decided),
            match &decided.decision {
                Decision::Publish(_) if published => "the text below is published".to_owned(),
                Decision::Publish(_) => "the text below is ready to go out".to_owned(),
                Decision::Withhold(reason) => format!("it is kept back ({reason})"),
                Decision::Unquoted => "read, and not to be quoted".to_owned(),
            }
        )),
    }
}

fn fault_words(fault: ReadingFault) -> String {
    match fault {
        ReadingFault::NoChoice => "Choose what is to happen with it".to_owned(),
        ReadingFault::NoText => {
            "Write the text that is to be published, or keep it back".to_owned()
        }
        ReadingFault::LongText(got) => {
            format!("Use {MOST_TEXT} characters or fewer; the text has {got}")
        }
        ReadingFault::NoReason => "Say in a few words why it is kept back".to_owned(),
        ReadingFault::LongReason(got) => {
            format!("Use {MOST_REASON} characters or fewer; the reason has {got}")
        }
        ReadingFault::NotQuotable => "Its writer did not agree to be quoted".to_owned(),
    }
}

fn pieces(desk: &CommentDesk, comment: &HeldComment) -> Vec<PieceView> {
    let pieces = desk.finder.pieces(&comment.words).into_iter();
    pieces
        .map(|piece| PieceView {
            words: piece.words.to_owned(),
            kind: piece.kind.map(|kind| kind.words().to_owned()),
        })
        .collect()
}

fn choices(chosen: &str) -> Vec<Choice> {
    [("publish", "Publish the text"), ("withhold", "Keep it back")]
        .map(|(value, label)| Choice {
            value: value.to_owned(),
            label: label.to_owned(),
            chosen: value == chosen,
        })
        .into()
}

/// The fields of the form, each with what is wrong with it.
struct FormView {
    text: AreaView,
    reason: FieldView,
    choice_error: Option<String>,
    errors: Vec<Prompt>,
}

fn form_view(form: &Desk) -> FormView {
    let said = |here: &[ReadingFault]| {
        let of = |fault: ReadingFault| {
            here.iter().any(|one| std::mem::discriminant(one) == std::mem::discriminant(&fault))
        };
        form.fault.filter(|fault| of(*fault)).map(fault_words)
    };
    let left = form.left.as_ref().map(|_| "Look once more at what is left in the text".to_owned());
    let text = AreaView {
        id: "text".to_owned(),
        label: "Text to be published".to_owned(),
        hint: Some("Take out whatever tells who wrote it. Square brackets show that something is left out.".to_owned()),
        max_chars: MOST_TEXT,
        value: form.text.clone(),
        error: said(&[ReadingFault::NoText, ReadingFault::LongText(0)]).or(left),
    };
    let reason = FieldView::text("reason", "If it is kept back, why?")
        .hint("For the office only, for example: tells which group it is")
        .sent(&form.reason, said(&[ReadingFault::NoReason, ReadingFault::LongReason(0)]));
    let choice_error = said(&[ReadingFault::NoChoice, ReadingFault::NotQuotable]);
    let choice_problem = choice_error
        .as_ref()
        .map(|text| Prompt { href: "#publish".to_owned(), text: text.clone() });
    let errors: Vec<Prompt> =
        [text.problem(), choice_problem, reason.problem()].into_iter().flatten().collect();
    FormView { text, reason, choice_error, errors }
}

fn page(
    house: &TheHouse,
    reader: &Reader,
    desk: &CommentDesk,
    comment: &HeldComment,
    form: Desk,
) -> CommentPage {
    let base = reader.base();
    let at = |id: &CommentId| format!("{base}/read/{id}");
    let FormView { text, reason, choice_error, errors } = form_view(&form);
    let question = desk.questions.iter().find(|one| one.item == comment.item);
    let question =
        question.map_or_else(|| comment.item.to_string(), |question| question.wording.clone());
    let pieces = pieces(desk, comment);
    let reading = comment.reading(desk.readers);
    let locked = desk.published.is_some();
    let agrees = matches!(reading, Reading::Waits(decided) if !decided.is_by(&reader.who));
    CommentPage {
        layout: frame(house, &reader.visitor)
            .at("/office")
            .page(form_title("Comment", &errors))
            .notice(desk.wave.purpose.notice())
            .trail(trail(desk, &base)),
        caption: desk.wave.title.clone(),
        question,
        progress: progress(desk),
        failed: form.failed,
        errors,
        suggested: pieces.iter().any(|piece| piece.kind.is_some()),
        pieces,
        quotable: comment.quotable,
        before: before(comment, desk, reader),
        agree: agrees.then(|| AGREE.to_owned()),
        locked,
        text,
        choices: choices(&form.chosen),
        choice_error,
        reason,
        left: form.left,
        themes: desk
            .themes
            .iter()
            .map(|theme| Choice {
                value: theme.code.to_string(),
                label: format!("{}: {}", theme.code, theme.words),
                chosen: form.themes.contains(&theme.code),
            })
            .collect(),
        action: at(&comment.id),
        hidden: vec![Hidden { name: SEEN.to_owned(), value: reading_mark(comment) }],
        again: (comment.decided.is_some() && !locked).then(|| format!("{}/again", at(&comment.id))),
        next: desk.next(&reader.who, Some(&comment.id)).filter(|_| !locked).map(|one| at(&one.id)),
    }
}

/// One comment.
pub(super) async fn read(request: HttpRequest, house: TheHouse) -> Result<HttpResponse, WebError> {
    let reader = Reader::of(&request, &house).await?;
    let id = comment_id(&request)?;
    let desk = reader.desk(&house).await?;
    let comment = desk.comment(&id).ok_or(WebError::NotFound)?;
    ok(&house, &page(&house, &reader, &desk, comment, Desk::kept(&desk, comment)))
}

/// What still looks like a name or a number in a text.
fn left_in(desk: &CommentDesk, text: &str) -> Option<String> {
    let found: Vec<String> = desk
        .finder
        .pieces(text)
        .iter()
        .filter_map(|piece| Some(format!("“{}” ({})", piece.words, piece.kind?.words())))
        .collect();
    (!found.is_empty()).then(|| found.join(", "))
}

/// Decides about a comment, and goes on.
pub(super) async fn decide(
    request: HttpRequest,
    fields: Fields,
    house: TheHouse,
) -> Result<HttpResponse, WebError> {
    let reader = Reader::of(&request, &house).await?;
    let id = comment_id(&request)?;
    let desk = reader.desk(&house).await?;
    let comment = desk.comment(&id).ok_or(WebError::NotFound)?;
    let mut form = Desk::sent(&fields);
    let again = |form: Desk, status: StatusCode| -> Result<HttpResponse, WebError> {
        Ok(page_response(&house, status, &page(&house, &reader, &desk, comment, form))?)
    };
    let typed = Decision::typed(&form.chosen, &form.text, &form.reason, comment.quotable);
    let decision = match typed {
        Ok(decision) => decision,
        Err(fault) => {
            form.fault = Some(fault);
            return again(form, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    if let Decision::Publish(text) = &decision {
        form.left = left_in(&desk, text).filter(|_| sent(&fields, "leave") != "yes");
        if form.left.is_some() {
            return again(form, StatusCode::UNPROCESSABLE_ENTITY);
        }
    }
    let (code, who, themes) = (reader.code.clone(), reader.who.clone(), form.themes.clone());
    let seen = sent(&fields, SEEN).to_owned();
    let done = house
        .blocking(move |house| {
            flow::decide_comment(house, (&code, &id), &decision, &themes, &seen, &who)
        })
        .await;
    match done {
        Err(FlowError::Comment(CommentRefusal::Reading(ReadingRefusal::Changed))) => {
            form.failed = Some("Somebody else has decided about this comment meanwhile: see above. Your text is still here and not saved. Save again to put it in the place of theirs.".to_owned());
            again(form, StatusCode::CONFLICT)
        }
        other => {
            other?;
            onwards(&house, &reader, &id, sent(&fields, "then")).await
        }
    }
}

/// To the next comment, or to the list.
async fn onwards(
    house: &TheHouse,
    reader: &Reader,
    id: &CommentId,
    then: &str,
) -> Result<HttpResponse, WebError> {
    let base = reader.base();
    if then == "list" {
        return Ok(see_other(&format!("{base}?done=saved")));
    }
    let desk = reader.desk(house).await?;
    Ok(match desk.next(&reader.who, Some(id)) {
        Some(next) => see_other(&format!("{base}/read/{}", next.id)),
        None => see_other(&format!("{base}?done=all-read")),
    })
}

/// Puts a comment back among those that nobody has read.
pub(super) async fn again(request: HttpRequest, house: TheHouse) -> Result<HttpResponse, WebError> {
    let reader = Reader::of(&request, &house).await?;
    let id = comment_id(&request)?;
    let code = reader.code.clone();
    house.blocking(move |house| flow::reopen_comment(house, &code, &id)).await?;
    Ok(see_other(&format!("{}?done=unread", reader.base())))
}
