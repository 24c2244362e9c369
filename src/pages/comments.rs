//! The comments of a wave: the office reads them one by one, publishes what may go out and
//! takes it down; and the page on which they are then read.

mod samples;

use serde::Serialize;

use super::fields::{AreaView, FieldView};
use super::layout::{Hidden, Layout, Link};
use super::letters::Choice;
use super::respondent::Prompt;

/// A choice of what the list shows.
#[derive(Clone, Serialize)]
pub struct Tab {
    /// What it says.
    pub label: String,
    /// Where it goes.
    pub href: String,
    /// Whether it is what is shown.
    pub current: bool,
}

/// The comments on one question in the office's table.
#[derive(Clone, Serialize)]
pub struct CommentQuestionRow {
    /// The question's wording.
    pub wording: String,
    /// The list of its comments.
    pub href: String,
    /// How many were given.
    pub given: usize,
    /// How many nobody has read.
    pub unread: usize,
    /// How many wait for a second reader.
    pub waiting: usize,
    /// How many are ready to go out.
    pub ready: usize,
    /// How many stay back.
    pub kept_back: usize,
    /// Whether fewer were given than any may go out of.
    pub few: bool,
}

/// One comment in the office's list.
#[derive(Clone, Serialize)]
pub struct CommentRow {
    /// Its page.
    pub href: String,
    /// How it begins.
    pub extract: String,
    /// How far its reading is.
    pub state: String,
    /// Whether somebody has still to read it.
    pub open: bool,
}

/// A theme in the list of a wave.
#[derive(Clone, Serialize)]
pub struct ThemeRow {
    /// Its code.
    pub code: String,
    /// What it is.
    pub words: String,
    /// How many comments have it.
    pub count: usize,
}

/// `/office/waves/{wave}/comments`: how far the reading is, and the list.
#[derive(Serialize)]
pub struct CommentsPage {
    /// What is around it.
    pub layout: Layout,
    /// The wave's title.
    pub caption: String,
    /// What was done, if anything.
    pub done: Option<String>,
    /// Whether the wave is counted, so that there is anything to read.
    pub counted: bool,
    /// For example `34 of 81 read`.
    pub progress: String,
    /// The next comment to read, if there is one for this reader.
    pub next: Option<Link>,
    /// Whether two people must agree.
    pub two: bool,
    /// The open questions.
    pub questions: Vec<CommentQuestionRow>,
    /// What the list can show.
    pub tabs: Vec<Tab>,
    /// What the list shows, in a sentence.
    pub showing: String,
    /// The comments.
    pub rows: Vec<CommentRow>,
    /// The pages of the list before and after this one.
    pub pager: Vec<Link>,
    /// The themes.
    pub themes: Vec<ThemeRow>,
    /// A new theme.
    pub code: FieldView,
    /// Its words.
    pub words: FieldView,
    /// What is wrong with them.
    pub errors: Vec<Prompt>,
    /// Where a new theme is sent; none while comments are published.
    pub add: Option<String>,
    /// Where the removal of a theme is sent.
    pub remove: String,
    /// Where the comments are published, for whoever may do that.
    pub publish: Option<String>,
    /// Where they are taken down, if they are published.
    pub take_down: Option<String>,
    /// The page on which everybody reads them, if they are published.
    pub published: Option<String>,
}

/// A piece of a comment.
#[derive(Clone, Serialize)]
pub struct PieceView {
    /// The words.
    pub words: String,
    /// What they seem to be, if they had better be taken out.
    pub kind: Option<String>,
}

/// `/office/waves/{wave}/comments/read/{comment}`: one comment.
#[derive(Serialize)]
pub struct CommentPage {
    /// What is around it.
    pub layout: Layout,
    /// The wave's title.
    pub caption: String,
    /// The question.
    pub question: String,
    /// For example `34 of 81 read`.
    pub progress: String,
    /// What was not done, if something could not be.
    pub failed: Option<String>,
    /// What is wrong with the form.
    pub errors: Vec<Prompt>,
    /// The comment in pieces.
    pub pieces: Vec<PieceView>,
    /// Whether something in it had better be taken out.
    pub suggested: bool,
    /// Whether its writer agreed to be quoted.
    pub quotable: bool,
    /// What was decided so far, in a sentence.
    pub before: Option<String>,
    /// What agreeing with somebody else means, if this reader is asked to.
    pub agree: Option<String>,
    /// Whether nothing can be changed, because the comments are published.
    pub locked: bool,
    /// What is to be published.
    pub text: AreaView,
    /// Publish or keep back.
    pub choices: Vec<Choice>,
    /// What is wrong with the choice.
    pub choice_error: Option<String>,
    /// Why it is kept back.
    pub reason: FieldView,
    /// What still looks like a name or a number in the text, if that was not confirmed.
    pub left: Option<String>,
    /// The themes.
    pub themes: Vec<Choice>,
    /// Where the form is sent.
    pub action: String,
    /// Fields that go with it.
    pub hidden: Vec<Hidden>,
    /// Where it is put back among the unread, if it was read.
    pub again: Option<String>,
    /// The next one to read.
    pub next: Option<String>,
}

/// What happens to the comments on one question.
#[derive(Clone, Serialize)]
pub struct GoingView {
    /// The question.
    pub wording: String,
    /// What goes out and what stays back, in sentences.
    pub told: Vec<String>,
    /// The comments that go out.
    pub comments: Vec<String>,
    /// What is told of themes.
    pub themes: Vec<String>,
}

/// `/office/waves/{wave}/comments/publish`: what goes out, before it does.
#[derive(Serialize)]
pub struct PublishCommentsPage {
    /// What is around it.
    pub layout: Layout,
    /// The wave's title.
    pub caption: String,
    /// The questions.
    pub questions: Vec<GoingView>,
    /// How many go out, in words.
    pub number: String,
    /// Why nothing can go out now, if so.
    pub not_now: Option<String>,
    /// Where the form is sent.
    pub action: String,
    /// Fields that go with it.
    pub hidden: Vec<Hidden>,
}

/// `/office/waves/{wave}/comments/take-down`: asks before comments are taken down.
#[derive(Serialize)]
pub struct TakeDownCommentsPage {
    /// What is around it.
    pub layout: Layout,
    /// The wave's title.
    pub caption: String,
    /// How many are published, in words; none if nothing is.
    pub number: Option<String>,
    /// Where the form is sent.
    pub action: String,
}

/// The published comments on one question.
#[derive(Clone, Serialize)]
pub struct SaidOnQuestion {
    /// The question.
    pub wording: String,
    /// How many commented and how many are shown, in a sentence.
    pub told: String,
    /// The comments, in the order of their words.
    pub comments: Vec<String>,
    /// How many spoke of each theme that may be told, in words.
    pub themes: Vec<String>,
}

/// `/results/{wave}/comments`: in their own words.
#[derive(Serialize)]
pub struct OwnWordsPage {
    /// What is around it.
    pub layout: Layout,
    /// The wave's title.
    pub wave: String,
    /// The region's name.
    pub region: String,
    /// The questions.
    pub questions: Vec<SaidOnQuestion>,
}
