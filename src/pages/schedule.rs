//! The office's pages about when a wave's mails go.

use serde::Serialize;

use super::layout::{Frame, Hidden, Layout, Link};
use super::letters::Choice;
use super::office_mail::{MailCountRow, PauseView};
use super::respondent::Prompt;
use super::template::Page;

/// One round of mails.
#[derive(Clone, Serialize)]
pub struct RoundView {
    /// What goes, for example `Reminder`.
    pub name: String,
    /// When, in London.
    pub due: String,
    /// How far it is, in a word.
    pub state: String,
    /// Whether it is still to come: marks the state's tag.
    pub open: bool,
    /// How many get it, in a sentence.
    pub told: String,
    /// Its counts, once it is decided on.
    pub counts: Option<MailCountRow>,
    /// The page on which its time is changed.
    pub change: Option<Link>,
    /// Where a form is sent that skips it.
    pub skip: Option<String>,
    /// Where a form is sent that plans it again at the same time.
    pub again: Option<String>,
    /// Where a form is sent that takes back what has not gone.
    pub cancel: Option<String>,
}

/// `/office/waves/{code}/mail`: when the mails of a wave go.
#[derive(Serialize)]
pub struct SchedulePage {
    /// What is around it.
    pub layout: Layout,
    /// The wave's title.
    pub caption: String,
    /// What was just done, if anything.
    pub done: Option<String>,
    /// What could not be done, if anything.
    pub failed: Option<String>,
    /// That all mails wait, if they do: a sentence.
    pub all_wait: Option<String>,
    /// That this wave's mails wait, if they do.
    pub pause: Option<PauseView>,
    /// What a form names to let them wait.
    pub scope: Option<String>,
    /// The rounds by time.
    pub rounds: Vec<RoundView>,
    /// When the mail about the results goes, in a sentence.
    pub results: Option<String>,
    /// The page that sends a reminder now.
    pub remind: Option<String>,
    /// Where the letters are.
    pub letters: String,
}

/// A day and an hour in fields.
#[derive(Clone, Serialize)]
pub struct TimeView {
    /// The day of the month.
    pub day: String,
    /// The month.
    pub month: String,
    /// The year.
    pub year: String,
    /// The hours.
    pub hours: Vec<Choice>,
    /// What is wrong with them.
    pub error: Option<String>,
}

/// `/office/waves/{code}/mail/{kind}/{number}`: another time for a round.
#[derive(Serialize)]
pub struct RoundPage {
    /// What is around it.
    pub layout: Layout,
    /// The wave's title.
    pub caption: String,
    /// What goes.
    pub heading: String,
    /// When it was to go, in a sentence.
    pub told: String,
    /// The new time.
    pub time: TimeView,
    /// What is wrong with it.
    pub errors: Vec<Prompt>,
    /// Between which times it can go.
    pub between: String,
    /// Where the form is sent.
    pub action: String,
}

/// `/office/waves/{code}/mail/remind`: says who gets a reminder, before it goes.
#[derive(Serialize)]
pub struct RemindPage {
    /// What is around it.
    pub layout: Layout,
    /// The wave's title.
    pub caption: String,
    /// How many get it, in words, for example `61 leads`.
    pub number: String,
    /// Why it cannot go now, if it cannot.
    pub not_now: Option<String>,
    /// Where the letter is.
    pub letter: String,
    /// Where the form is sent.
    pub action: String,
    /// Fields that go with it.
    pub hidden: Vec<Hidden>,
}

fn sample_layout(title: &str) -> Layout {
    Frame::sample().at("/office").page(title).trail(vec![
        Link::new("Survey office", "/office"),
        Link::new("October to December 2007", "/office/waves/2007-Q4"),
    ])
}

const CAPTION: &str = "October to December 2007";

impl Page for SchedulePage {
    const TEMPLATE: &'static str = "office/wave_mail";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let at = |rest: &str| format!("/office/waves/2007-Q4/mail/reminder/1{rest}");
        let round = |name: &str, state: &str, told: &str| RoundView {
            name: name.to_owned(),
            due: "9am on Monday 26 November 2007".to_owned(),
            state: state.to_owned(),
            open: false,
            told: told.to_owned(),
            counts: None,
            change: None,
            skip: None,
            again: None,
            cancel: None,
        };
        let out = RoundView {
            counts: Some(MailCountRow {
                name: "Invitation".to_owned(),
                waiting: 3,
                sent: 157,
                refused: 2,
                in_doubt: 0,
                held: 0,
                came_back: 1,
                cancelled: 0,
            }),
            cancel: Some(at("/cancel")),
            ..round("Invitation", "going out", "162 leads were to get it.")
        };
        let planned = RoundView {
            open: true,
            change: Some(Link::new("Change the time", at(""))),
            skip: Some(at("/skip")),
            ..round("Reminder", "planned", "If it went now, 61 leads would get it.")
        };
        let skipped = RoundView {
            change: Some(Link::new("Plan it for another time", at(""))),
            again: Some(at("/again")),
            ..round("Last call", "skipped", "It does not go.")
        };
        let page = || Self {
            layout: sample_layout("Mails").wide(),
            caption: CAPTION.to_owned(),
            done: None,
            failed: None,
            all_wait: None,
            pause: None,
            scope: Some("wave:2007-Q4".to_owned()),
            rounds: vec![out.clone(), planned.clone(), skipped.clone()],
            results: Some("The mail about the results goes when they are published.".to_owned()),
            remind: Some("/office/waves/2007-Q4/mail/remind".to_owned()),
            letters: "/office/waves/2007-Q4/letters".to_owned(),
        };
        vec![
            page(),
            Self {
                done: Some("The round is skipped.".to_owned()),
                failed: Some("That cannot be changed any more.".to_owned()),
                all_wait: Some("All mails wait.".to_owned()),
                pause: Some(PauseView {
                    heading: "The mails of this wave wait".to_owned(),
                    reason: "Somebody paused them in the office.".to_owned(),
                    since: "9am on Monday 19 November 2007".to_owned(),
                    braked: false,
                    scope: "wave:2007-Q4".to_owned(),
                    error: None,
                }),
                scope: None,
                rounds: Vec::new(),
                results: None,
                remind: None,
                ..page()
            },
        ]
    }
}

impl Page for RoundPage {
    const TEMPLATE: &'static str = "office/round";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |day: &str, error: Option<&str>| Self {
            layout: sample_layout("When does it go?"),
            caption: CAPTION.to_owned(),
            heading: "When does the reminder go?".to_owned(),
            told: "It is planned for 9am on Monday 26 November 2007.".to_owned(),
            time: TimeView {
                day: day.to_owned(),
                month: "11".to_owned(),
                year: "2007".to_owned(),
                hours: vec![Choice {
                    value: "9".to_owned(),
                    label: "9am".to_owned(),
                    chosen: true,
                }],
                error: error.map(str::to_owned),
            },
            errors: error
                .map(|error| Prompt { href: "#day".to_owned(), text: error.to_owned() })
                .into_iter()
                .collect(),
            between: "Any hour until 5pm on Friday 14 December 2007, London time.".to_owned(),
            action: "/office/waves/2007-Q4/mail/reminder/1".to_owned(),
        };
        vec![page("26", None), page("<another>", Some("Enter a real day"))]
    }
}

impl Page for RemindPage {
    const TEMPLATE: &'static str = "office/remind";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |not_now: Option<&str>| Self {
            layout: sample_layout("Send a reminder now?"),
            caption: CAPTION.to_owned(),
            number: "61 leads".to_owned(),
            not_now: not_now.map(str::to_owned),
            letter: "/office/waves/2007-Q4/letters/reminder".to_owned(),
            action: "/office/waves/2007-Q4/mail/remind".to_owned(),
            hidden: vec![Hidden { name: "-round".to_owned(), value: "2".to_owned() }],
        };
        vec![page(None), page(Some("3 mails of this wave have not gone yet."))]
    }
}
