//! The pages by which staff sign in.

use serde::Serialize;

use super::fields::FieldView;
use super::layout::{Frame, Hidden, Layout};
use super::respondent::Prompt;
use super::template::Page;

/// The page behind a sign-in link: one button, so that mail scanners spend nothing.
#[derive(Serialize)]
pub struct SignInPage {
    /// What is around it.
    pub layout: Layout,
    /// As whom the link signs in.
    pub who: String,
    /// Where the form is sent.
    pub action: String,
    /// Fields that go with it.
    pub hidden: Vec<Hidden>,
}

impl Page for SignInPage {
    const TEMPLATE: &'static str = "sign_in";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        vec![Self {
            layout: Frame::sample_outside().page("Sign in"),
            who: "Survey office".to_owned(),
            action: "/sign-in/sample".to_owned(),
            hidden: Vec::new(),
        }]
    }
}

/// `/sign-in`, and what a reader sees who opens a page without being signed in.
#[derive(Serialize)]
pub struct SignInFormPage {
    /// What is around it.
    pub layout: Layout,
    /// The page's heading.
    pub heading: String,
    /// The address of the account.
    pub email: FieldView,
    /// What is wrong with it.
    pub errors: Vec<Prompt>,
    /// How long a link works, in minutes.
    pub minutes: String,
    /// Where the form is sent.
    pub action: String,
}

impl Page for SignInFormPage {
    const TEMPLATE: &'static str = "sign_in_form";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |heading: &str, email: FieldView| Self {
            layout: Frame::sample_outside().page(heading),
            heading: heading.to_owned(),
            errors: email.problem().into_iter().collect(),
            email,
            minutes: "30".to_owned(),
            action: "/sign-in".to_owned(),
        };
        let email = || FieldView::email("email", "Your e-mail address").autocomplete("email");
        vec![
            page("Sign in to see this page", email()),
            page("Sign in", email().sent("<another>", Some("Enter an e-mail address".to_owned()))),
        ]
    }
}

/// After that: the same for every address.
#[derive(Serialize)]
pub struct SignInSentPage {
    /// What is around it.
    pub layout: Layout,
    /// How long a link works, in minutes.
    pub minutes: String,
    /// Where it can be tried again.
    pub again: String,
}

impl Page for SignInSentPage {
    const TEMPLATE: &'static str = "sign_in_sent";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        vec![Self {
            layout: Frame::sample_outside().page("Look at your e-mail"),
            minutes: "30".to_owned(),
            again: "/sign-in".to_owned(),
        }]
    }
}
