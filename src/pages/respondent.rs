//! The pages that a lead sees, from the link in the mail to the receipt.

use serde::Serialize;

use super::layout::{Fact, Hidden, Layout};

/// Name and value of the button "Leave blank and continue". No item code begins with a dash.
pub const LEAVE_BLANK: (&str, &str) = ("-leave-blank", "yes");

/// The page behind the link in the mail. Opening it changes nothing.
#[derive(Serialize)]
pub struct WelcomePage {
    /// What is around it.
    pub layout: Layout,
    /// The survey's title.
    pub heading: String,
    /// The group that the lead answers for.
    pub group: String,
    /// The author's welcome text, tokens filled in.
    pub welcome: Vec<String>,
    /// How long the form takes, in minutes.
    pub minutes: u32,
    /// For example `5pm on Friday 14 December 2007`.
    pub closes: String,
    /// The lead in whose place the reader was asked to answer, if so.
    pub in_place_of: Option<String>,
    /// Answers were sent already.
    pub answered: bool,
    /// The lead has said that they do not want to answer.
    pub declined: bool,
    /// Where the form is sent.
    pub action: String,
    /// Fields that go with it.
    pub hidden: Vec<Hidden>,
    /// Where a form is sent that leads to asking a colleague; none for a colleague.
    pub deputy: Option<String>,
    /// The fingerprint of the key to which answers are sealed; none in a preview.
    pub fingerprint: Option<String>,
}

/// One option of a question.
#[derive(Clone, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "a template asks each of them by itself")]
pub struct OptionView {
    /// Its HTML id.
    pub id: String,
    /// Its value in the form.
    pub value: String,
    /// Its label.
    pub label: String,
    /// Whether it is chosen.
    pub checked: bool,
    /// Whether it is the first way out, set apart from the scale by "or".
    pub divided: bool,
    /// Whether it stands outside the scale.
    pub way_out: bool,
    /// Whether it goes with no other option.
    pub exclusive: bool,
    /// The words beside it, if it has room for some.
    pub other: Option<OtherView>,
}

/// Words beside an option ("please say").
#[derive(Clone, Serialize)]
pub struct OtherView {
    /// The field's name.
    pub name: String,
    /// Its HTML id.
    pub id: String,
    /// What is written so far.
    pub value: String,
    /// Most characters accepted.
    pub max_chars: usize,
}

/// A question answered by one of several options.
#[derive(Clone, Serialize)]
pub struct RadiosView {
    /// The options in screen order.
    pub options: Vec<OptionView>,
}

/// A question answered by several options.
#[derive(Clone, Serialize)]
pub struct TicksView {
    /// The options in screen order.
    pub options: Vec<OptionView>,
    /// Most that may be chosen; 0 for any number.
    pub most: usize,
    /// Whether any number may be chosen.
    pub all: bool,
}

/// A question answered with a number.
#[derive(Clone, Serialize)]
pub struct NumberView {
    /// What is written so far.
    pub value: String,
    /// What is counted; may be empty.
    pub unit: String,
    /// Whether it may have decimal places.
    pub decimal: bool,
    /// How many characters wide the field is.
    pub width: usize,
    /// The name of the field of its ways out.
    pub out_name: String,
    /// The ways out.
    pub ways_out: Vec<OptionView>,
    /// The box that confirms an unusual number.
    pub confirm: Option<ConfirmView>,
}

/// A box that confirms an unusual number.
#[derive(Clone, Serialize)]
pub struct ConfirmView {
    /// The field's name.
    pub name: String,
    /// Its HTML id.
    pub id: String,
    /// The number.
    pub value: String,
    /// What it says.
    pub label: String,
}

/// A row of a grid: a question of its own on the grid's scale.
#[derive(Clone, Serialize)]
pub struct GridRow {
    /// Its item code: the field's name.
    pub name: String,
    /// The id of its first option, where links of the error summary land.
    pub id: String,
    /// Its label.
    pub label: String,
    /// On-screen help; may be empty.
    pub help: String,
    /// What is wrong with the answer given, if anything.
    pub error: Option<String>,
    /// The options in screen order.
    pub options: Vec<OptionView>,
}

/// A question of several rows that share a scale.
#[derive(Clone, Serialize)]
pub struct GridView {
    /// The rows in this respondent's order.
    pub rows: Vec<GridRow>,
    /// The labels of the scale, as column heads on a wide screen.
    pub heads: Vec<String>,
    /// A class that gives the number of columns, for example `grid-7`.
    pub columns: String,
}

/// A question answered in words.
#[derive(Clone, Serialize)]
pub struct TextView {
    /// What is written so far.
    pub value: String,
    /// Most characters accepted.
    pub max_chars: usize,
    /// Lines shown.
    pub lines: usize,
}

/// One question. Exactly one of `radios`, `ticks`, `number`, `grid` and `text` is there.
#[derive(Clone, Serialize)]
pub struct QuestionView {
    /// Its code: the field's name, unless it is a grid.
    pub name: String,
    /// The id of its first field, where links of the error summary land.
    pub id: String,
    /// The wording, tokens filled in.
    pub wording: String,
    /// On-screen help; may be empty.
    pub help: String,
    /// What is wrong with the answer given, if anything.
    pub error: Option<String>,
    /// The values offered, where earlier answers decide which; else empty.
    pub offers: String,
    /// One of several options.
    pub radios: Option<RadiosView>,
    /// Several options.
    pub ticks: Option<TicksView>,
    /// A number.
    pub number: Option<NumberView>,
    /// Rows that share a scale.
    pub grid: Option<GridView>,
    /// Words.
    pub text: Option<TextView>,
}

/// A question named in a list, with a link to its field.
#[derive(Clone, Serialize)]
pub struct Prompt {
    /// Link within the page, for example `#MS_INC`.
    pub href: String,
    /// What it says.
    pub text: String,
}

/// One section of the questionnaire.
#[derive(Serialize)]
pub struct SectionPage {
    /// What is around it, the way back included.
    pub layout: Layout,
    /// Its place, from 1.
    pub step: String,
    /// How many there are.
    pub steps: String,
    /// The section's title.
    pub heading: String,
    /// The text under it.
    pub intro: Vec<String>,
    /// The questions in screen order.
    pub questions: Vec<QuestionView>,
    /// What is wrong with the answers just given.
    pub errors: Vec<Prompt>,
    /// Questions just left blank: asks once, never insists.
    pub blanks: Vec<Prompt>,
    /// Questions that the answers just given brought up.
    pub more: Vec<Prompt>,
    /// How long there is to answer, for example `12 days left`.
    pub left: String,
    /// Whether this page brings back answers saved earlier.
    pub resumed: bool,
    /// The group that the lead answers for.
    pub group: String,
    /// Where the form is sent.
    pub action: String,
    /// Fields that go with it.
    pub hidden: Vec<Hidden>,
    /// Name of the button that leaves blanks as they are: [`LEAVE_BLANK`].
    pub leave_blank: String,
    /// Where somebody goes who does not want to answer.
    pub decline: String,
    /// Where somebody goes who leaves a shared computer; empty if nowhere.
    pub leave: String,
}

/// One answer on the page for checking.
#[derive(Clone, Serialize)]
pub struct CheckRow {
    /// The question's wording.
    pub question: String,
    /// The answer in words, a line for each option, or "Not answered".
    pub answer: Vec<String>,
    /// Whether it was not answered.
    pub blank: bool,
    /// Where it can be changed.
    pub change: String,
}

/// The answers of one section.
#[derive(Clone, Serialize)]
pub struct CheckSection {
    /// The section's title.
    pub title: String,
    /// Its answers in screen order.
    pub rows: Vec<CheckRow>,
}

/// All answers, before they are sent.
#[derive(Serialize)]
pub struct CheckPage {
    /// What is around it, the way back included.
    pub layout: Layout,
    /// The group that the lead answers for.
    pub group: String,
    /// The answers by section.
    pub sections: Vec<CheckSection>,
    /// Answers that do not fit together and must be looked at before sending.
    pub errors: Vec<Prompt>,
    /// Questions whose earlier answers will not be sent, because later answers
    /// lead past them.
    pub dropped: Vec<String>,
    /// How many questions have no answer.
    pub blanks: usize,
    /// Whether no question has an answer, so that there is nothing to send.
    pub empty: bool,
    /// Whether sending replaces answers sent before.
    pub replaces: bool,
    /// For example `5pm on Friday 14 December 2007`.
    pub closes: String,
    /// Where the form is sent.
    pub action: String,
    /// Fields that go with it.
    pub hidden: Vec<Hidden>,
    /// Where somebody goes who does not want to answer.
    pub decline: String,
}

/// After sending, with the receipt. It shows no answer.
#[derive(Serialize)]
pub struct DonePage {
    /// What is around it.
    pub layout: Layout,
    /// The group that the lead answered for.
    pub group: String,
    /// The author's thanks, tokens filled in.
    pub thanks: Vec<String>,
    /// Until when answers can be replaced, for example `5pm on Friday 14 December 2007`.
    pub closes: String,
    /// When results come out, for example `Monday 7 January 2008`.
    pub publishes: String,
    /// Which survey, and its days.
    pub facts: Vec<Fact>,
    /// The receipt of the sealed envelope, in groups of four digits; none in a preview.
    pub receipt: Option<String>,
    /// Where the list of receipts is published when the survey closes.
    pub receipts: String,
    /// Where the form can be filled in again.
    pub again: String,
    /// Where something can be shared with the network, if it can now.
    pub network: Option<String>,
    /// Where a form is sent that makes this browser forget the link.
    pub leave: Option<String>,
}

/// Asks whether the lead really does not want to answer.
#[derive(Serialize)]
pub struct DeclinePage {
    /// What is around it, the way back included.
    pub layout: Layout,
    /// The group that the lead would answer for.
    pub group: String,
    /// The lead in whose place the reader was asked to answer, if so.
    pub in_place_of: Option<String>,
    /// Whether answers were sent already; declining withdraws them.
    pub answered: bool,
    /// For example `5pm on Friday 14 December 2007`.
    pub closes: String,
    /// Where the form is sent.
    pub action: String,
    /// Fields that go with it.
    pub hidden: Vec<Hidden>,
}

/// After declining.
#[derive(Serialize)]
pub struct DeclinedPage {
    /// What is around it.
    pub layout: Layout,
    /// Until when the lead can still change their mind.
    pub closes: String,
    /// Where to start after all.
    pub again: String,
}

mod samples;
