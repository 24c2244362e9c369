//! The pages by which staff sign in.

use serde::Serialize;

use super::fields::FieldView;
use super::layout::{Frame, Hidden, Layout, Link};
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
    /// An identity provider by which people can sign in, as they call it.
    pub provider: Option<String>,
}

impl Page for SignInFormPage {
    const TEMPLATE: &'static str = "sign_in_form";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |heading: &str, email: FieldView, provider: Option<&str>| Self {
            layout: Frame::sample_outside().page(heading),
            heading: heading.to_owned(),
            errors: email.problem().into_iter().collect(),
            email,
            minutes: "10".to_owned(),
            action: "/sign-in".to_owned(),
            provider: provider.map(str::to_owned),
        };
        let email = || FieldView::email("email", "Your e-mail address").autocomplete("email");
        vec![
            page("Sign in to see this page", email(), Some("your NHS account")),
            page(
                "Sign in",
                email().sent("<another>", Some("Enter an e-mail address".to_owned())),
                None,
            ),
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
            minutes: "10".to_owned(),
            again: "/sign-in".to_owned(),
        }]
    }
}

/// `/sign-in/code`: the second step.
#[derive(Serialize)]
pub struct SignInCodePage {
    /// What is around it.
    pub layout: Layout,
    /// The code.
    pub code: FieldView,
    /// What is wrong with it.
    pub errors: Vec<Prompt>,
    /// Where the form is sent.
    pub action: String,
}

impl Page for SignInCodePage {
    const TEMPLATE: &'static str = "sign_in_code";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        let page = |error: Option<&str>| {
            let code = FieldView::text("code", "The six digits that your app shows")
                .hint("Or one of your recovery codes.")
                .autocomplete("one-time-code")
                .sent("", error.map(str::to_owned));
            Self {
                layout: Frame::sample_outside().page("Enter a code"),
                errors: code.problem().into_iter().collect(),
                code,
                action: "/sign-in/code".to_owned(),
            }
        };
        vec![page(None), page(Some("This code is wrong"))]
    }
}

/// A page that leads on by itself, and by a link where a browser does not.
#[derive(Serialize)]
pub struct OnwardPage {
    /// What is around it.
    pub layout: Layout,
    /// The page's heading.
    pub heading: String,
    /// What happens.
    pub words: String,
    /// Where it leads.
    pub link: Link,
}

impl Page for OnwardPage {
    const TEMPLATE: &'static str = "onward";

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn samples() -> Vec<Self> {
        vec![Self {
            layout: Frame::sample_outside().page("You are known"),
            heading: "You are known".to_owned(),
            words: "Your e-mail address has an account here.".to_owned(),
            link: Link::new("Go on", "/office"),
        }]
    }
}
