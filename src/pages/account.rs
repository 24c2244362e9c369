//! Somebody's own account: who they are here, where they are signed in, and the second
//! step of their sign-in.

use serde::Serialize;

use super::fields::FieldView;
use super::layout::{Fact, Frame, Layout};
use super::respondent::Prompt;
use super::template::Page;

/// A session in a list.
#[derive(Clone, Serialize)]
pub struct SessionRow {
    /// When it began.
    pub begun: String,
    /// When it was used last.
    pub seen: String,
}

/// How it stands with the second step.
#[derive(Clone, Serialize)]
pub struct SecondStepView {
    /// Whether it is asked for.
    pub on: bool,
    /// Whether nothing else opens without it.
    pub required: bool,
    /// How many recovery codes are left: `7 recovery codes are left`.
    pub codes: String,
}

/// `/account`.
#[derive(Serialize)]
pub struct AccountPage {
    /// What is around it.
    pub layout: Layout,
    /// Who somebody is here.
    pub facts: Vec<Fact>,
    /// What was just done.
    pub done: Option<String>,
    /// What was not.
    pub failed: Option<String>,
    /// The second step, for those who can have one.
    pub second_step: Option<SecondStepView>,
    /// Where they are signed in.
    pub sessions: Vec<SessionRow>,
    /// When sessions end by themselves.
    pub ends: String,
}

impl Page for AccountPage {
    const TEMPLATE: &'static str = "account/index";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page =
            |second_step: Option<SecondStepView>, done: Option<&str>, sessions: usize| Self {
                layout: Frame::sample().page("Your account"),
                facts: vec![
                    Fact::new("Signed in as", "Survey office"),
                    Fact::new("E-mail address", "ann@office.example.org"),
                ],
                done: done.map(str::to_owned),
                failed: None,
                second_step,
                sessions: vec![
                    SessionRow {
                        begun: "9am on Tuesday 20 November 2007".to_owned(),
                        seen: "9:40am on Tuesday 20 November 2007".to_owned(),
                    };
                    sessions
                ],
                ends: "30 minutes without use, and 12 hours after it began".to_owned(),
            };
        let step = |on, required| SecondStepView {
            on,
            required,
            codes: "7 recovery codes are left".to_owned(),
        };
        vec![
            page(None, None, 1),
            page(Some(step(false, false)), None, 2),
            page(Some(step(true, true)), Some("The second step is on."), 1),
            page(Some(step(false, true)), None, 1),
        ]
    }
}

/// `/account/second-step`: what it is, or the secret and the form for the first code.
#[derive(Serialize)]
pub struct SecondStepPage {
    /// What is around it.
    pub layout: Layout,
    /// Whether nothing else opens without it.
    pub required: bool,
    /// What the app has to learn, if it was begun.
    pub enrolment: Option<EnrolmentView>,
    /// What is wrong with the code.
    pub errors: Vec<Prompt>,
}

/// What the app has to learn.
#[derive(Serialize)]
pub struct EnrolmentView {
    /// The picture as SVG, if it could be drawn.
    pub picture: Option<String>,
    /// The same in letters and digits.
    pub secret: String,
    /// The first code.
    pub code: FieldView,
}

impl Page for SecondStepPage {
    const TEMPLATE: &'static str = "account/second_step";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let code = FieldView::text("code", "The six digits that the app shows now")
            .autocomplete("one-time-code")
            .sent("", Some("This code is wrong".to_owned()));
        let picture = "<svg class=\"so-qr\" viewBox=\"0 0 9 9\" role=\"img\" \
                       aria-label=\"The secret as a picture for the app\"></svg>";
        vec![
            Self {
                layout: Frame::sample().page("Second step"),
                required: true,
                enrolment: None,
                errors: Vec::new(),
            },
            Self {
                layout: Frame::sample().page("Second step"),
                required: false,
                errors: code.problem().into_iter().collect(),
                enrolment: Some(EnrolmentView {
                    picture: Some(picture.to_owned()),
                    secret: "ABCD EFGH IJKL MNOP QRST UVWX YZ23 4567".to_owned(),
                    code,
                }),
            },
        ]
    }
}

/// The recovery codes, shown once.
#[derive(Serialize)]
pub struct RecoveryCodesPage {
    /// What is around it.
    pub layout: Layout,
    /// For whose account they are.
    pub account: String,
    /// The codes.
    pub codes: Vec<String>,
    /// Where the way goes on.
    pub onward: String,
}

impl Page for RecoveryCodesPage {
    const TEMPLATE: &'static str = "account/recovery_codes";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        vec![Self {
            layout: Frame::sample().page("Your recovery codes"),
            account: "ann@office.example.org".to_owned(),
            codes: (0..10).map(|n| format!("ABCD{n}-EFGH{n}")).collect(),
            onward: "/account".to_owned(),
        }]
    }
}

/// `/account/second-step/remove`.
#[derive(Serialize)]
pub struct RemoveSecondStepPage {
    /// What is around it.
    pub layout: Layout,
    /// Whether another one has to be set up at once.
    pub required: bool,
    /// The code.
    pub code: FieldView,
    /// What is wrong with it.
    pub errors: Vec<Prompt>,
}

impl Page for RemoveSecondStepPage {
    const TEMPLATE: &'static str = "account/remove_second_step";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |required, error: Option<&str>| {
            let code = FieldView::text("code", "The six digits that your app shows")
                .hint("Or one of your recovery codes.")
                .sent("", error.map(str::to_owned));
            Self {
                layout: Frame::sample().page("Take the second step away"),
                required,
                errors: code.problem().into_iter().collect(),
                code,
            }
        };
        vec![page(false, None), page(true, Some("This code is wrong"))]
    }
}
