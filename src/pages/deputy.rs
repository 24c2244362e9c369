//! The pages on which a lead asks a colleague to answer instead, and takes it back.

use serde::Serialize;

use super::fields::FieldView;
use super::layout::{Frame, Hidden, Layout};
use super::respondent::Prompt;
use super::template::Page;

/// Asks for the colleague's name and address.
#[derive(Serialize)]
pub struct DeputyPage {
    /// What is around it, the way back included.
    pub layout: Layout,
    /// The group that is answered for.
    pub group: String,
    /// The colleague's name.
    pub name: FieldView,
    /// The colleague's address.
    pub email: FieldView,
    /// What is wrong with them.
    pub errors: Vec<Prompt>,
    /// Whether the lead has sent answers already.
    pub answered: bool,
    /// For example `5pm on Friday 14 December 2007`.
    pub closes: String,
    /// Where the form is sent.
    pub action: String,
    /// Fields that go with it.
    pub hidden: Vec<Hidden>,
}

/// Shows what was typed before anything happens.
#[derive(Serialize)]
pub struct DeputyCheckPage {
    /// What is around it, the way back included.
    pub layout: Layout,
    /// The group that is answered for.
    pub group: String,
    /// The colleague's name.
    pub name: String,
    /// The colleague's address.
    pub email: String,
    /// Whether the lead has sent answers already.
    pub answered: bool,
    /// For example `5pm on Friday 14 December 2007`.
    pub closes: String,
    /// Where the form is sent to ask the colleague.
    pub action: String,
    /// Where the form is sent to change what was typed.
    pub change: String,
    /// Fields that go with either.
    pub hidden: Vec<Hidden>,
}

/// What a lead's link shows while a colleague answers.
#[derive(Serialize)]
pub struct HandedOverPage {
    /// What is around it.
    pub layout: Layout,
    /// The group that is answered for.
    pub group: String,
    /// The colleague's name.
    pub deputy: String,
    /// For example `5pm on Friday 14 December 2007`.
    pub closes: String,
    /// Whether the button takes it back; if not, it leads to the page where it does.
    pub takes_back: bool,
    /// Where the form is sent.
    pub action: String,
    /// Fields that go with it.
    pub hidden: Vec<Hidden>,
    /// Where a form is sent that makes this browser forget the link, if it holds it.
    pub leave: Option<String>,
}

const GROUP: &str = "Lea & Valley <PBC> Group";
const CLOSES: &str = "5pm on Friday 14 December 2007";
const TITLE: &str = "Ask a colleague to answer in your place";

fn hidden() -> Vec<Hidden> {
    vec![Hidden { name: "-link".to_owned(), value: "sample".to_owned() }]
}

impl Page for DeputyPage {
    const TEMPLATE: &'static str = "respondent/deputy";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |answered, name: FieldView, email: FieldView| Self {
            layout: Frame::sample_outside().page(TITLE).back("Back to the questions", "/answer"),
            group: GROUP.to_owned(),
            errors: name.problem().into_iter().chain(email.problem()).collect(),
            name,
            email,
            answered,
            closes: CLOSES.to_owned(),
            action: "/answer/deputy".to_owned(),
            hidden: hidden(),
        };
        let name = || FieldView::text("name", "Your colleague's name");
        let email = || FieldView::email("email", "Your colleague's e-mail address").hint("Help");
        vec![
            page(false, name(), email()),
            page(
                true,
                name().sent("", Some("Enter your colleague's name".to_owned())),
                email().sent("<another>", Some("Enter an e-mail address".to_owned())),
            ),
        ]
    }
}

impl Page for DeputyCheckPage {
    const TEMPLATE: &'static str = "respondent/deputy_check";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |answered| Self {
            layout: Frame::sample_outside()
                .page("Check before we write to them")
                .back("Back to the questions", "/answer"),
            group: GROUP.to_owned(),
            name: "Ms <another>".to_owned(),
            email: "colleague@example.org".to_owned(),
            answered,
            closes: CLOSES.to_owned(),
            action: "/answer/deputy/ask".to_owned(),
            change: "/answer/deputy/change".to_owned(),
            hidden: hidden(),
        };
        vec![page(false), page(true)]
    }
}

impl Page for HandedOverPage {
    const TEMPLATE: &'static str = "respondent/handed_over";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |takes_back, action: &str, leave: Option<&str>| Self {
            layout: Frame::sample_outside().page("You asked somebody to answer in your place"),
            group: GROUP.to_owned(),
            deputy: "Ms <another>".to_owned(),
            closes: CLOSES.to_owned(),
            takes_back,
            action: action.to_owned(),
            hidden: if takes_back { hidden() } else { Vec::new() },
            leave: leave.map(str::to_owned),
        };
        vec![page(false, "/s/sample", None), page(true, "/answer/deputy/take-back", Some("/leave"))]
    }
}
