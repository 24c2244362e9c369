//! The pages on which the office decides when results come out and how they are shown.

use serde::Serialize;

use super::fields::FieldView;
use super::layout::Layout;
use super::letters::Choice;
use super::release_desk::sample_layout;
use super::respondent::Prompt;
use super::template::Page;

/// How far it is with two people.
#[derive(Clone, Serialize)]
pub struct SecondStep {
    /// What there is to know, in a sentence; none if one person is enough.
    pub told: Option<String>,
    /// What the button says; none if a colleague must press it.
    pub button: Option<String>,
}

/// A day and a time of day in fields.
#[derive(Clone, Serialize)]
pub struct WhenView {
    /// The day of the month.
    pub day: String,
    /// The month.
    pub month: String,
    /// The year.
    pub year: String,
    /// The time of day.
    pub time: String,
    /// What is wrong with the day.
    pub day_error: Option<String>,
    /// What is wrong with the time of day.
    pub time_error: Option<String>,
}

/// `/office/waves/{wave}/release/plan`: at which minute results come out.
#[derive(Serialize)]
pub struct PlanPage {
    /// What is around it.
    pub layout: Layout,
    /// The wave's title.
    pub wave: String,
    /// What is wrong, if anything.
    pub errors: Vec<Prompt>,
    /// What is planned now, in a sentence.
    pub told: String,
    /// The fields.
    pub when: WhenView,
    /// What happens at that minute.
    pub happens: Vec<String>,
    /// How far it is with two people.
    pub second: SecondStep,
    /// Where the form goes.
    pub action: String,
    /// Which release is looked at.
    pub digest: String,
}

/// `/office/waves/{wave}/release/publish`: whether to publish at once.
#[derive(Serialize)]
pub struct PublishPage {
    /// What is around it.
    pub layout: Layout,
    /// The wave's title.
    pub wave: String,
    /// What happens.
    pub happens: Vec<String>,
    /// What somebody might have forgotten.
    pub warnings: Vec<String>,
    /// How far it is with two people.
    pub second: SecondStep,
    /// Where the form goes.
    pub action: String,
    /// Which release is looked at.
    pub digest: String,
    /// The way back.
    pub back: String,
}

/// `/office/waves/{wave}/release/showing`: how results are shown.
#[derive(Serialize)]
pub struct ShowingPage {
    /// What is around it.
    pub layout: Layout,
    /// The wave's title.
    pub wave: String,
    /// How PCTs see each other.
    pub peers: Vec<Choice>,
    /// Why that stays, if it does.
    pub stays: Option<String>,
    /// Whether anybody may read the summary.
    pub summary: Vec<Choice>,
    /// What that does now, in a sentence.
    pub summary_hint: String,
    /// Where the summary can be looked at.
    pub look: Option<String>,
    /// Where the form goes.
    pub action: String,
}

/// `/office/waves/{wave}/release/note`: something said beside published results.
#[derive(Serialize)]
pub struct NotePage {
    /// What is around it.
    pub layout: Layout,
    /// The wave's title.
    pub wave: String,
    /// What is wrong, if anything.
    pub errors: Vec<Prompt>,
    /// The field.
    pub words: super::fields::AreaView,
    /// Whether it only waits to be confirmed.
    pub confirm: bool,
    /// Where the form goes.
    pub action: String,
    /// The way back to the field.
    pub again: String,
}

const WAVE: &str = "October to December 2007";
const BASE: &str = "/office/waves/2007-Q4/release";

fn choice(value: &str, label: &str, chosen: bool) -> Choice {
    Choice { value: value.to_owned(), label: label.to_owned(), chosen }
}

impl Page for PlanPage {
    const TEMPLATE: &'static str = "office/release_plan";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |error: Option<&str>, second: SecondStep| Self {
            layout: sample_layout("When are the results published?"),
            wave: WAVE.to_owned(),
            errors: error
                .map(|text| Prompt { href: "#day".to_owned(), text: text.to_owned() })
                .into_iter()
                .collect(),
            told: "Nothing is planned yet.".to_owned(),
            when: WhenView {
                day: "7".to_owned(),
                month: "1".to_owned(),
                year: "2008".to_owned(),
                time: "<9am>".to_owned(),
                day_error: error.map(str::to_owned),
                time_error: error.map(str::to_owned),
            },
            happens: vec!["162 leads get a mail.".to_owned()],
            second,
            action: format!("{BASE}/plan"),
            digest: "ab12".repeat(16),
        };
        let button = |told: Option<&str>, button: &str| SecondStep {
            told: told.map(str::to_owned),
            button: Some(button.to_owned()),
        };
        vec![
            page(None, button(None, "Set the minute")),
            page(Some("Enter a real day"), button(Some("Two people decide."), "Ask a colleague")),
        ]
    }
}

impl Page for PublishPage {
    const TEMPLATE: &'static str = "office/release_publish";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |told: Option<&str>, button: Option<&str>| Self {
            layout: sample_layout("Publish the results now?"),
            wave: WAVE.to_owned(),
            happens: vec!["162 leads get a mail.".to_owned()],
            warnings: told.map(str::to_owned).into_iter().collect(),
            second: SecondStep { told: told.map(str::to_owned), button: button.map(str::to_owned) },
            action: format!("{BASE}/publish"),
            digest: "ab12".repeat(16),
            back: BASE.to_owned(),
        };
        vec![page(None, Some("Publish now")), page(Some("You asked."), None)]
    }
}

impl Page for ShowingPage {
    const TEMPLATE: &'static str = "office/release_showing";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |stays: Option<&str>| Self {
            layout: sample_layout("How the results are shown"),
            wave: WAVE.to_owned(),
            peers: vec![choice("named", "By name", true), choice("coded", "By a letter", false)],
            stays: stays.map(str::to_owned),
            summary: vec![choice("off", "No", true), choice("on", "Yes", false)],
            summary_hint: "From publication on.".to_owned(),
            look: Some(format!("{BASE}/as/everybody/summary")),
            action: format!("{BASE}/showing"),
        };
        vec![page(None), page(Some("They are published: that stays."))]
    }
}

impl Page for NotePage {
    const TEMPLATE: &'static str = "office/release_note";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str, error: Option<&str>, confirm: bool| {
            let words = super::fields::AreaView {
                id: "words".to_owned(),
                label: "The note".to_owned(),
                hint: None,
                max_chars: 1000,
                value: words.to_owned(),
                error: error.map(str::to_owned),
            };
            Self {
                layout: sample_layout("Say something beside the results"),
                wave: WAVE.to_owned(),
                errors: words.problem().into_iter().collect(),
                words,
                confirm,
                action: format!("{BASE}/note"),
                again: format!("{BASE}/note"),
            }
        };
        vec![
            page("", None, false),
            page("", Some("Write a note"), false),
            page("One <group> was counted twice.", None, true),
        ]
    }
}

/// Somebody who was let see results early.
#[derive(Clone, Serialize)]
pub struct EarlyRow {
    /// The account.
    pub email: String,
    /// Who that is, as it is published.
    pub who: String,
    /// Why.
    pub reason: String,
    /// Since when, and what came of it.
    pub told: Vec<String>,
    /// Whether it can be ended.
    pub ends: bool,
}

/// The form that lets somebody see results early.
#[derive(Clone, Serialize)]
pub struct EarlyForm {
    /// The accounts.
    pub accounts: Vec<Choice>,
    /// What is wrong with the choice.
    pub account_error: Option<String>,
    /// Why.
    pub reason: FieldView,
    /// Where it goes.
    pub action: String,
}

/// `/office/waves/{wave}/release/early`: who sees results before the others.
#[derive(Serialize)]
pub struct EarlyPage {
    /// What is around it.
    pub layout: Layout,
    /// The wave's title.
    pub wave: String,
    /// What was just done, if anything.
    pub done: Option<String>,
    /// What is wrong, if anything.
    pub errors: Vec<Prompt>,
    /// Who was let.
    pub rows: Vec<EarlyRow>,
    /// The form, while that is possible.
    pub form: Option<EarlyForm>,
    /// Why there is no form.
    pub closed: Option<String>,
    /// Where it is ended.
    pub withdraw: String,
}

impl Page for EarlyPage {
    const TEMPLATE: &'static str = "office/release_early";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |error: Option<&str>, rows: Vec<EarlyRow>, closed: Option<&str>| {
            let reason = FieldView::text("reason", "Reason").sent("<", error.map(str::to_owned));
            Self {
                layout: sample_layout("Who sees the results early"),
                wave: WAVE.to_owned(),
                done: closed.map(str::to_owned),
                errors: reason.problem().into_iter().collect(),
                rows,
                form: closed.is_none().then(|| EarlyForm {
                    accounts: vec![choice("bo@pct.example.org", "bo@pct.example.org (PCT)", true)],
                    account_error: error.map(str::to_owned),
                    reason,
                    action: format!("{BASE}/early"),
                }),
                closed: closed.map(str::to_owned),
                withdraw: format!("{BASE}/early/withdraw"),
            }
        };
        let row = |ends| EarlyRow {
            email: "a-very-long-address-indeed-of-somebody@strategic-health.example.org".to_owned(),
            who: "SHA".to_owned(),
            reason: "Answers to the press".to_owned(),
            told: vec!["Given at 9am on Monday 17 December 2007.".to_owned()],
            ends,
        };
        vec![
            page(None, Vec::new(), None),
            page(Some("Write why"), vec![row(true), row(false)], None),
            page(None, vec![row(false)], Some("The results are published.")),
        ]
    }
}

/// Whose eyes of one PCT there are.
#[derive(Clone, Serialize)]
pub struct LookAsUnit {
    /// The PCT.
    pub name: String,
    /// As its staff see results.
    pub pct: String,
    /// As its leads see them.
    pub lead: String,
}

/// `/office/waves/{wave}/release/as`: the choice of eyes.
#[derive(Serialize)]
pub struct LookAsPage {
    /// What is around it.
    pub layout: Layout,
    /// The wave's title.
    pub wave: String,
    /// Whether the results are out.
    pub published: bool,
    /// Readers who have no PCT.
    pub everybody: Vec<super::layout::Link>,
    /// The PCTs by name.
    pub units: Vec<LookAsUnit>,
}

impl Page for LookAsPage {
    const TEMPLATE: &'static str = "office/look_as";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |published| Self {
            layout: sample_layout("Look as somebody else"),
            wave: WAVE.to_owned(),
            published,
            everybody: vec![super::layout::Link::new("The SHA", format!("{BASE}/as/sha"))],
            units: vec![LookAsUnit {
                name: "Luton".to_owned(),
                pct: format!("{BASE}/as/pct-luton"),
                lead: format!("{BASE}/as/lead-luton/summary"),
            }],
        };
        vec![page(false), page(true)]
    }
}
