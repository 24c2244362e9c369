//! The office's pages about the queue of mails: what waits, what went, what needs
//! somebody, and the correction of an address.

use serde::Serialize;

use super::fields::FieldView;
use super::layout::{Fact, Frame, Layout, Link};
use super::respondent::Prompt;
use super::template::Page;

/// How many mails of one kind and round are how far.
#[derive(Clone, Serialize)]
pub struct MailCountRow {
    /// The kind and round, for example `Reminder 2`.
    pub name: String,
    /// Not sent yet.
    pub waiting: u32,
    /// Taken by the receiving server.
    pub sent: u32,
    /// Refused for good.
    pub refused: u32,
    /// Nobody knows whether they went.
    pub in_doubt: u32,
    /// Their time has passed.
    pub held: u32,
    /// Of those sent, came back for good.
    pub came_back: u32,
    /// No longer wanted.
    pub cancelled: u32,
}

/// Mails that wait.
#[derive(Clone, Serialize)]
pub struct PauseView {
    /// What waits, in a sentence.
    pub heading: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: String,
    /// Whether the brake did it: then somebody must have looked into it.
    pub braked: bool,
    /// What the form names as waiting.
    pub scope: String,
    /// Whether somebody wanted to go on without having looked into it.
    pub error: Option<String>,
}

/// The mails of one wave.
#[derive(Clone, Serialize)]
pub struct MailWaveView {
    /// Its title.
    pub title: String,
    /// The id of its table.
    pub id: String,
    /// Its own page about mails.
    pub href: Option<String>,
    /// Counts by kind and round.
    pub counts: Vec<MailCountRow>,
    /// That its mails wait, if they do.
    pub pause: Option<PauseView>,
    /// What a form names to let them wait; none if they do or none are left.
    pub scope: Option<String>,
}

/// A mail that needs somebody.
#[derive(Clone, Serialize)]
pub struct TroubleView {
    /// Whose it is.
    pub who: String,
    /// The PBC group.
    pub group: Option<String>,
    /// The address.
    pub address: Option<String>,
    /// The kind and the wave.
    pub about: String,
    /// Its state in a word.
    pub state: String,
    /// Why, in a sentence.
    pub reason: String,
    /// What else the office should know, if anything.
    pub note: Option<String>,
    /// Where a form is sent that sends it again.
    pub send: Option<String>,
    /// Where a form is sent that says that it did arrive.
    pub arrived: Option<String>,
    /// Where a form is sent that leaves it as it is.
    pub leave: String,
    /// The page on which the address is corrected.
    pub correct: Option<String>,
}

/// An address to which no mails go.
#[derive(Clone, Serialize)]
pub struct StoppedView {
    /// The address.
    pub address: String,
    /// Why, in words.
    pub cause: String,
    /// The reason, in a sentence.
    pub reason: String,
    /// Since which day.
    pub day: String,
}

/// `/office/mail`: the queue at a glance.
#[derive(Serialize)]
pub struct OfficeMailPage {
    /// What is around it.
    pub layout: Layout,
    /// What was just done, if anything.
    pub done: Option<String>,
    /// What could not be done, if anything.
    pub failed: Option<String>,
    /// What is wrong with the form that was sent.
    pub errors: Vec<Prompt>,
    /// That all mails wait, if they do.
    pub pause: Option<PauseView>,
    /// How many mails went in the last hour, if that is counted.
    pub last_hour: Option<String>,
    /// The mails of each wave, and of none.
    pub waves: Vec<MailWaveView>,
    /// The mails that need somebody.
    pub troubled: Vec<TroubleView>,
    /// Whether there are more of them.
    pub more: bool,
    /// How many are held, in words, if any are.
    pub held: Option<String>,
    /// The addresses to which no mails go.
    pub stopped: Vec<StoppedView>,
}

/// `/office/mail/{id}/address`: another address for a lead.
#[derive(Serialize)]
pub struct AddressPage {
    /// What is around it.
    pub layout: Layout,
    /// Whose address and what became of the mail.
    pub facts: Vec<Fact>,
    /// The new address.
    pub email: FieldView,
    /// What is wrong with it.
    pub errors: Vec<Prompt>,
    /// Where the form is sent.
    pub action: String,
}

fn sample_counts(name: &str) -> MailCountRow {
    MailCountRow {
        name: name.to_owned(),
        waiting: 3,
        sent: 155,
        refused: 2,
        in_doubt: 1,
        held: 0,
        came_back: 1,
        cancelled: 1,
    }
}

fn sample_pause(braked: bool, error: Option<&str>) -> PauseView {
    PauseView {
        heading: "All mails wait".to_owned(),
        reason: if braked {
            "166 mails of the round Reminder 1 of wave 2007-Q4 have gone and 162 were planned."
        } else {
            "Somebody paused them in the office."
        }
        .to_owned(),
        since: "9am on Monday 19 November 2007".to_owned(),
        braked,
        scope: "all".to_owned(),
        error: error.map(str::to_owned),
    }
}

fn sample_trouble(state: &str, doubt: bool) -> TroubleView {
    TroubleView {
        who: "Dr Sample <another>".to_owned(),
        group: Some("Lea & Valley <PBC> Group".to_owned()),
        address: Some(
            "a.very.long.mailbox.name@a-very-long-domain.practice.example.org".to_owned(),
        ),
        about: "Invitation of October to December 2007".to_owned(),
        state: state.to_owned(),
        reason: "The mail server said: 550 5.1.1 no such mailbox".to_owned(),
        note: doubt.then(|| "It may have gone twice.".to_owned()),
        send: (!doubt).then(|| "/office/mail/1/send".to_owned()),
        arrived: doubt.then(|| "/office/mail/1/arrived".to_owned()),
        leave: "/office/mail/1/leave".to_owned(),
        correct: (!doubt).then(|| "/office/mail/1/address".to_owned()),
    }
}

impl Page for OfficeMailPage {
    const TEMPLATE: &'static str = "office/mail";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let quiet = || Self {
            layout: Frame::sample()
                .at("/office")
                .page("Mails")
                .trail(vec![Link::new("Survey office", "/office")])
                .wide(),
            done: None,
            failed: None,
            errors: Vec::new(),
            pause: None,
            last_hour: Some("No mail went in the last hour.".to_owned()),
            waves: Vec::new(),
            troubled: Vec::new(),
            more: false,
            held: None,
            stopped: Vec::new(),
        };
        let wave = |pause: Option<PauseView>| MailWaveView {
            title: "October to December 2007".to_owned(),
            id: "wave-0".to_owned(),
            href: Some("/office/waves/2007-Q4/mail".to_owned()),
            counts: vec![sample_counts("Invitation"), sample_counts("Thank you")],
            scope: pause.is_none().then(|| "wave:2007-Q4".to_owned()),
            pause,
        };
        let apart = MailWaveView {
            title: "Mails of no wave".to_owned(),
            id: "wave-1".to_owned(),
            href: None,
            counts: vec![sample_counts("Sign-in")],
            pause: None,
            scope: None,
        };
        let said = "Tick the box when you have looked into it";
        let own = PauseView { heading: "These mails wait".to_owned(), ..sample_pause(false, None) };
        vec![
            quiet(),
            Self {
                done: Some("The mail goes again.".to_owned()),
                waves: vec![wave(None), apart],
                troubled: vec![sample_trouble("refused", false), sample_trouble("in doubt", true)],
                more: true,
                held: Some("3 mails are held".to_owned()),
                stopped: vec![StoppedView {
                    address: "ann@practice.example.org".to_owned(),
                    cause: "A mail came back".to_owned(),
                    reason: "The mailbox does not exist (550 5.1.1)".to_owned(),
                    day: "19 November 2007".to_owned(),
                }],
                ..quiet()
            },
            Self {
                failed: Some("That mail has moved on meanwhile.".to_owned()),
                errors: vec![Prompt { href: "#looked".to_owned(), text: said.to_owned() }],
                pause: Some(sample_pause(true, Some(said))),
                waves: vec![wave(Some(PauseView { scope: "wave:2007-Q4".to_owned(), ..own }))],
                last_hour: None,
                ..quiet()
            },
        ]
    }
}

impl Page for AddressPage {
    const TEMPLATE: &'static str = "office/address";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |email: FieldView| Self {
            layout: Frame::sample().at("/office").page("Correct the address"),
            facts: vec![
                Fact::new("Lead", "Dr Sample <another>"),
                Fact::new("Address now", "ann@practice.example.org"),
            ],
            errors: email.problem().into_iter().collect(),
            email,
            action: "/office/mail/1/address".to_owned(),
        };
        let email = || FieldView::email("email", "The right e-mail address");
        vec![
            page(email()),
            page(email().sent("<another>", Some("Enter an e-mail address".to_owned()))),
        ]
    }
}
